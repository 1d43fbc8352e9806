/* The first-order step over blocks, fused: half a relaxation, face fluxes, update, half a relaxation, and the speed bound
 * that the next step needs, in one pass over pieces that stay in the first-level cache (sections 4.2 and 4.4). The stages
 * are loops of their own, so short that the processor works on several turns at once:
 *
 *   A  load, relax, speeds of the old cells       B  fluxes at the faces, 8 cells behind
 *   C  update, relax, store; speeds that bound the next step, 8 cells behind
 *   D  wave speeds of the new faces, extremes, 16 cells behind
 *
 * Compiled once per x86-64 level (base/lanes.h). The state is updated in place, behind the loads. Blocks see each other
 * through copies of their outermost cells, read from one array and written to another, so that no block waits. The bound
 * of a block's own faces needs the new state of the cell beyond each end; it is computed twice, by both neighbours, from
 * the same numbers in the same way: the same bits. Lanes beyond these hold copies and are never looked at.
 */
#include "base/isa.h"
#include "base/lanes.h"
#include "solvers/traffic/traffic_lanes.h"
#include "solvers/traffic/traffic_step.h"

#define NOINLINE __attribute__((noinline))

enum { H = TRAFFIC_HALO, NC = TRAFFIC_CLASSES, L = HD_LANES, SUMS = 8, AHEAD = 512 };

/* What a pass does; every combination that occurs is a function of its own. */
enum {
  LINEAR = 1, /* all exponents are 1 */
  STEP = 2,   /* a step; else only the bound of the present state */
  SOURCE = 4, /* with relaxation: the bound holds for speeds met while relaxation moves v towards Ve */
  OTHER = 16, /* perhaps another flux than central-upwind */
  DENSE = 8   /* no class is absent before the step: fewer selects, the same bits */
};

/* HD_LANES cells. */
typedef struct cells {
  hd_lanes rho[NC], y[NC], v[NC], pressure[NC];
  hd_lanes top[NC];   /* largest speed during the next relaxation */
  hd_lanes low, high; /* characteristic speeds */
  hd_lanes gain[NC];  /* change of y by relaxation */
} cells;

/* Of all cells so far. */
typedef struct gathered {
  hd_lanes fastest, rho_min, rho_max, crowd, v_min;
  double gain[NC][SUMS]; /* by cell number, the same places at every level */
} gathered;

/* A block as a pass sees it. */
typedef struct pass {
  const traffic_run *run;
  traffic_lanes_model m;
  hd_lanes decay[NC], ratio;
  int64_t block, first, count, last; /* first cell on the road; cells; turn that holds the last cell */
  double before[2][NC][8];           /* eight cells left of the block, the last two old ones, else copies: rho, y */
  double after[2][NC][4 * 8];        /* the old cells from turn `whole` on, the two beyond, copies: rho, y */
  int64_t whole;                     /* turns before this one have all their cells in the block */
  const traffic_end *left, *right;   /* ends that the block touches and that are no ring */
  bool leftmost, rightmost;
} pass;

/* ---- ends of the road -------------------------------------------------------------------------------------------- */

/* Puts the cell beyond the road in one lane of `ghost`; `inner` holds the last one on it in the same lane. */
HD_FN void put_ghost(int n, const traffic_end *end, hd_lane_mask lane, cells *ghost, const cells *inner) {
  bool copy = end->kind == TRAFFIC_OPEN || end->kind == TRAFFIC_WALL;
#define PUT(member, value)                                                                                             \
  ghost->member = hd_lanes_pick(lane, copy ? inner->member : hd_lanes_all(end->value), ghost->member)
  for (int c = 0; c < n; c++) {
    PUT(rho[c], rho[c]);
    PUT(y[c], y[c]);
    PUT(v[c], v[c]);
    PUT(top[c], v[c]);
    PUT(pressure[c], pressure[c]);
  }
  PUT(low, low);
  PUT(high, high);
#undef PUT
}

/* The lane of turn `at` whose right face is the left (side 0) or right end of the road, or none. */
HD_FN int end_lane(const pass *p, int side, int64_t at) {
  if (side ? p->rightmost && at == p->last : p->leftmost && at == -1) return side ? (int)((p->count - 1) % L) : L - 1;
  return -1;
}

HD_FN void put_ghosts(const pass *p, int n, int64_t at, cells *l, cells *r) {
  if (p->left && at == -1) put_ghost(n, p->left, hd_mask_range(L - 1, L), l, r);
  if (p->right && at == p->last) {
    int lane = end_lane(p, 1, at);
    put_ghost(n, p->right, hd_mask_range(lane, lane + 1), r, l);
  }
}

/* Fluxes through the ends of the road: none through walls; and the books need them. */
HD_FN void end_fluxes(const pass *p, int n, int64_t at, hd_lanes *flux, hd_lanes *marker_flux) {
  traffic_report *report = &p->run->report[p->block];
  for (int side = 0; side < 2; side++) {
    int lane = end_lane(p, side, at);
    if (lane < 0) continue;
    for (int c = 0; c < n; c++) {
      if (p->run->link.end[side].kind == TRAFFIC_WALL) {
        flux[c] = hd_lanes_pick(hd_mask_range(lane, lane + 1), hd_lanes_all(0), flux[c]);
        marker_flux[c] = hd_lanes_pick(hd_mask_range(lane, lane + 1), hd_lanes_all(0), marker_flux[c]);
      }
      report->flux[side][c] = hd_lanes_at(flux[c], lane);
      report->marker_flux[side][c] = hd_lanes_at(marker_flux[c], lane);
    }
  }
}

/* ---- the stages -------------------------------------------------------------------------------------------------- */

HD_FN void load(const pass *p, int n, int64_t at, cells *k) {
  const traffic_run *run = p->run;
  for (int c = 0; c < n; c++) {
    const double *rho = run->rho + c * run->cells + p->first + at * L, *y = run->y + c * run->cells + p->first + at * L;
    if (at < 0) rho = p->before[0][c] + 8 + at * L, y = p->before[1][c] + 8 + at * L;
    else if (at >= p->whole) rho = p->after[0][c] + (at - p->whole) * L, y = p->after[1][c] + (at - p->whole) * L;
    k->rho[c] = hd_lanes_load(rho);
    k->y[c] = hd_lanes_load(y);
    __builtin_prefetch(rho + AHEAD);
    __builtin_prefetch(y + AHEAD);
  }
}

/* Half a relaxation (if `relax`), then the speeds: of v, or with `safe` of those met in the next relaxation. */
HD_FN void relax_and_speeds(const pass *p, int n, int what, bool relax, bool safe, int64_t at, cells *k) {
  const traffic_lanes_model *m = &p->m;
  const double *const *span = p->run->span + p->block * n;
  int64_t along = p->run->span_step[p->block] * (at * L + TRAFFIC_FIRST);
  hd_lanes slope[NC], own[NC], coupling, ve[NC], w[NC], up[NC], down[NC], other;
  hd_lane_mask here[NC];
  traffic_lanes_pressures(m, n, what & LINEAR, k->rho, k->pressure, slope, own, &coupling);
  hd_lanes room = hd_lanes_larger(hd_lanes_all(0), hd_lanes_all(1) - traffic_lanes_occupancy(m, n, k->rho));
  for (int c = 0; c < n; c++) {
    k->gain[c] = hd_lanes_all(0);
    if (!relax && !safe) continue;
    ve[c] = m->creep[c] + hd_lanes_load(span[c] + along) * room;
    if (!relax) continue;
    hd_lanes target = k->rho[c] * (ve[c] + k->pressure[c]), relaxed = target + (k->y[c] - target) * p->decay[c];
    k->gain[c] = relaxed - k->y[c];
    k->y[c] = relaxed;
  }
  for (int c = 0; c < n; c++) here[c] = what & DENSE ? hd_mask_yes() : hd_lanes_above(k->rho[c], m->vacuum);
  traffic_lanes_markers(n, here, k->rho, k->y, w);
  for (int c = 0; c < n; c++) {
    k->top[c] = k->v[c] = hd_lanes_keep(here[c], w[c] - k->pressure[c]);
    if (!safe) continue;
    k->top[c] = up[c] = hd_lanes_keep(here[c], hd_lanes_larger(k->v[c], ve[c]));
    down[c] = hd_lanes_keep(here[c], hd_lanes_smaller(k->v[c], ve[c]));
  }
  if (safe) {
    traffic_lanes_speeds(m, n, here, k->rho, up, slope, own, coupling, &other, &k->high);
    traffic_lanes_speeds(m, n, here, k->rho, down, slope, own, coupling, &k->low, &other);
  } else {
    traffic_lanes_speeds(m, n, here, k->rho, k->v, slope, own, coupling, &k->low, &k->high);
  }
}

/* The rightgoing bound a+ of the face between l and r, with the vacuum rule: where a class has no cell ahead, its front
 * runs at the marker less the pressure met there. */
HD_FN hd_lanes rightgoing(const pass *p, int n, bool dense, const cells *l, const cells *r) {
  hd_lanes right = hd_lanes_larger(hd_lanes_larger(l->high, r->high), hd_lanes_all(0));
  for (int c = 0; c < n && !dense; c++) {
    hd_lanes front = l->top[c] + l->pressure[c] - r->pressure[c];
    hd_lane_mask behind = hd_lanes_above(l->rho[c], p->m.vacuum), ahead = hd_lanes_above(r->rho[c], p->m.vacuum);
    right = hd_lanes_larger(right, hd_lanes_keep(hd_mask_without(behind, ahead), front));
  }
  return right;
}

HD_FN hd_lanes leftgoing(const cells *l, const cells *r) {
  return hd_lanes_smaller(hd_lanes_smaller(l->low, r->low), hd_lanes_all(0));
}

/* Another flux than central-upwind. */
HD_FN void other_fluxes(const pass *p, int n, const cells *l, const cells *r, hd_lanes *flux, hd_lanes *marker_flux) {
  double rho[NC][L + 1], y[NC][L + 1], f[NC][L], g[NC][L];
  for (int c = 0; c < n; c++) {
    hd_lanes_store(rho[c], l->rho[c]);
    hd_lanes_store(y[c], l->y[c]);
    rho[c][L] = hd_lanes_at(r->rho[c], L - 1);
    y[c][L] = hd_lanes_at(r->y[c], L - 1);
  }
  p->run->faces(&p->run->model, rho[0], y[0], f[0], g[0], L);
  for (int c = 0; c < n; c++) {
    flux[c] = hd_lanes_load(f[c]);
    marker_flux[c] = hd_lanes_load(g[c]);
  }
}

HD_FN void fluxes(const pass *p, int n, bool dense, const cells *l, const cells *r, hd_lanes *flux,
                  hd_lanes *marker_flux) {
  hd_lanes right = rightgoing(p, n, dense, l, r), left = leftgoing(l, r), weight = traffic_lanes_weight(right, left);
  hd_lanes right_weight = right * weight, left_weight = left * weight;
  for (int c = 0; c < n; c++) {
    hd_lanes ahead = right_weight * (l->v[c] - left), back = left_weight * (r->v[c] - right);
    flux[c] = ahead * l->rho[c] - back * r->rho[c];
    marker_flux[c] = ahead * l->y[c] - back * r->y[c];
  }
}

/* The state in memory is still the one before the step. */
static NOINLINE void blame(const pass *p, int64_t at, const double (*rho)[L], const double (*y)[L]) {
  const traffic_run *c = p->run;
  traffic_report *report = &c->report[p->block];
  for (int j = 0; j < L && at * L + j < p->count && at >= 0; j++) {
    for (int i = 0; report->bad_cell < 0 && i < c->model.n; i++) {
      if (hd_is_finite(rho[i][j] + y[i][j])) continue;
      int64_t cell = p->first + at * L + j;
      report->bad_cell = cell;
      report->bad_class = i;
      report->bad_rho = c->rho[i * c->cells + cell];
      report->bad_y = c->y[i * c->cells + cell];
    }
  }
}

HD_FN void store(const pass *p, int n, int64_t at, const cells *k) {
  const traffic_run *run = p->run;
  hd_lanes sum = hd_lanes_all(0);
  for (int c = 0; c < n; c++) sum = sum + (k->rho[c] + k->y[c]);
  /* Infinities do not cancel. NOLINTNEXTLINE(misc-redundant-expression) */
  if (!hd_mask_all(hd_lanes_equal(sum - sum, hd_lanes_all(0)))) {
    double rho[NC][L], y[NC][L];
    for (int c = 0; c < n; c++) {
      hd_lanes_store(rho[c], k->rho[c]);
      hd_lanes_store(y[c], k->y[c]);
    }
    blame(p, at, rho, y);
  }
  if (at < 0 || at > p->last) return;
  for (int c = 0; c < n; c++) {
    double *rho = run->rho + c * run->cells + p->first + at * L, *y = run->y + c * run->cells + p->first + at * L;
    if ((at + 1) * L <= p->count) {
      hd_lanes_store(rho, k->rho[c]);
      hd_lanes_store(y, k->y[c]);
      continue;
    }
    double part[2][L];
    hd_lanes_store(part[0], k->rho[c]);
    hd_lanes_store(part[1], k->y[c]);
    for (int j = 0; at * L + j < p->count; j++) rho[j] = part[0][j], y[j] = part[1][j];
  }
}

/* `plus`: a+ of the faces left of the cells, `minus`: a- of those right of them. Of a part, only the lanes `valid`. */
HD_FN void gather(const pass *p, int n, int what, int64_t at, hd_lane_mask valid, hd_lanes plus, hd_lanes minus,
                  const cells *k, gathered *g) {
  hd_lanes none = hd_lanes_all(__builtin_inf()), crowd = hd_lanes_all(0);
  for (int c = 0; c < n; c++) {
    g->rho_min = hd_lanes_smaller(hd_lanes_pick(valid, k->rho[c], none), g->rho_min);
    g->rho_max = hd_lanes_larger(hd_lanes_keep(valid, k->rho[c]), g->rho_max);
    hd_lane_mask here = hd_mask_and(valid, hd_lanes_above(k->rho[c], p->m.vacuum));
    g->v_min = hd_lanes_smaller(hd_lanes_pick(here, k->v[c], none), g->v_min);
    crowd = crowd + k->rho[c];
    if ((what & STEP) && (what & SOURCE)) {
      double *sum = g->gain[c] + at * L % SUMS;
      hd_lanes_store(sum, hd_lanes_load(sum) + hd_lanes_keep(valid, k->gain[c]));
    }
  }
  g->fastest = hd_lanes_larger(hd_lanes_keep(valid, plus - minus), g->fastest);
  g->crowd = hd_lanes_larger(hd_lanes_keep(valid, crowd), g->crowd);
}

/* ---- a block ----------------------------------------------------------------------------------------------------- */

/* Rows [member][class] of a chunk. What a stage leaves begins at place 8; before it stands the end of the last chunk. */
enum { CHUNK = 128, ROW = CHUNK + 16 };
enum { RHO, Y, V, GAIN, PRESSURE, MEMBERS }; /* of the old and the new cells */
enum { LOW, HIGH, SPEEDS };

typedef struct rows {
  double *cell, *top, *speed, *flux; /* cell: MEMBERS n rows; top: n; speed: SPEEDS; flux: 2 n */
} rows;

#define AT(base, member, c) ((base) + ((member)*n + (c)) * ROW)

HD_FN void put_cells(const rows *t, int n, int what, bool new, int i, const cells *k) {
  for (int c = 0; c < n; c++) {
    hd_lanes_store(AT(t->cell, RHO, c) + i, k->rho[c]);
    if (!new) hd_lanes_store(AT(t->cell, Y, c) + i, k->y[c]);
    hd_lanes_store(AT(t->cell, V, c) + i, k->v[c]);
    if (what & SOURCE) hd_lanes_store(AT(t->cell, GAIN, c) + i, k->gain[c]);
    if (new || !(what & DENSE)) hd_lanes_store(AT(t->cell, PRESSURE, c) + i, k->pressure[c]);
    if (new && (what & SOURCE)) hd_lanes_store(AT(t->top, 0, c) + i, k->top[c]);
  }
  hd_lanes_store(t->speed + LOW * ROW + i, k->low);
  hd_lanes_store(t->speed + HIGH * ROW + i, k->high);
}

HD_FN void get_cells(const rows *t, int n, int what, bool new, int i, cells *k) {
  for (int c = 0; c < n; c++) {
    k->rho[c] = hd_lanes_load(AT(t->cell, RHO, c) + i);
    if (!new) k->y[c] = hd_lanes_load(AT(t->cell, Y, c) + i);
    else k->y[c] = hd_lanes_all(0);
    k->v[c] = k->top[c] = hd_lanes_load(AT(t->cell, V, c) + i);
    k->gain[c] = what & SOURCE ? hd_lanes_load(AT(t->cell, GAIN, c) + i) : hd_lanes_all(0);
    k->pressure[c] = new || !(what & DENSE) ? hd_lanes_load(AT(t->cell, PRESSURE, c) + i) : hd_lanes_all(0);
    if (new && (what & SOURCE)) k->top[c] = hd_lanes_load(AT(t->top, 0, c) + i);
  }
  k->low = hd_lanes_load(t->speed + LOW * ROW + i);
  k->high = hd_lanes_load(t->speed + HIGH * ROW + i);
}

/* The last 8 places of `count` rows to their beginning. */
HD_FN void keep_ends(double *row, int count, int used) {
  for (int r = 0; r < count; r++, row += ROW)
    for (int i = 0; i < 8; i += L) hd_lanes_store(row + i, hd_lanes_load(row + used + i));
}

/* D for the cells of turn `at`, at place i of the new rows. */
HD_FN void bound_cells(const pass *restrict p, int n, int what, int64_t at, const rows *t, int i, hd_lanes *plus,
                       gathered *g) {
  cells k, r;
  get_cells(t, n, what, true, i, &k);
  get_cells(t, n, what, true, i + 1, &r);
  hd_lanes right, left;
  if (__builtin_expect(at == -1 || at == p->last, 0)) {
    cells l;
    get_cells(t, n, what, true, i, &l);
    put_ghosts(p, n, at, &l, &r);
    right = rightgoing(p, n, false, &l, &r);
    left = leftgoing(&l, &r);
  } else {
    right = rightgoing(p, n, false, &k, &r);
    left = leftgoing(&k, &r);
  }
  hd_lanes arriving = hd_lanes_left(*plus, right);
  *plus = right;
  if (__builtin_expect(at >= 0 && at < p->last, 1)) {
    gather(p, n, what, at, hd_mask_yes(), arriving, left, &k, g);
    return;
  }
  if (at < 0 || at > p->last) return;
  gather(p, n, what, at, hd_mask_range(0, p->count - at * L), arriving, left, &k, g);
  if (p->right && p->right->kind == TRAFFIC_FREE) { /* what leaves moves no faster than this either */
    int lane = end_lane(p, 1, at);
    g->fastest = hd_lanes_larger(hd_lanes_keep(hd_mask_range(lane, lane + 1), right), g->fastest);
  }
}

HD_FN void stream(const pass *restrict p, int n, int what, gathered *restrict out) {
  bool source = what & SOURCE, dense = what & DENSE;
  _Alignas(64) double old_memory[(MEMBERS * NC + SPEEDS) * ROW], flux_memory[2 * NC * ROW],
      new_memory[((MEMBERS + 1) * NC + SPEEDS) * ROW]; /* the first n of NC classes are used, side by side */
  rows old = {.cell = old_memory, .speed = old_memory + MEMBERS * n * ROW};
  rows new = {.cell = new_memory, .top = new_memory + MEMBERS * n * ROW, .speed = new_memory + (MEMBERS + 1) * n * ROW};
  double *flux = flux_memory, *marker_flux = flux_memory + n * ROW;
  hd_lanes plus = hd_lanes_all(0);
  gathered g = *out;
  for (int r = 0; r < MEMBERS * n + SPEEDS; r++)
    for (int i = 0; i < 8; i++) old_memory[r * ROW + i] = 0;
  for (int r = 0; r < (MEMBERS + 1) * n + SPEEDS; r++)
    for (int i = 0; i < 8; i++) new_memory[r * ROW + i] = 0;
  for (int r = 0; r < 2 * n; r++)
    for (int i = 0; i < 8; i++) flux_memory[r * ROW + i] = 0;
  int lag = what & STEP ? 16 : 8; /* cells by which D is behind the loads */
  for (int64_t s = -8; s < p->count + lag; s += CHUNK) {
    int64_t turn = s / L, back = 8 / L;
    int used = p->count + lag - s < CHUNK ? (int)((p->count + lag - s + 7) / 8 * 8) : CHUNK;
    if (what & STEP) {
      for (int i = 0; i < used; i += L) {
        int64_t at = turn + i / L;
        cells k;
        load(p, n, at, &k);
        relax_and_speeds(p, n, what, source, false, at, &k);
        put_cells(&old, n, what, false, i + 8, &k);
      }
      for (int i = 0; i < used; i += L) {
        int64_t at = turn - back + i / L;
        cells l, r;
        hd_lanes f[NC], h[NC];
        get_cells(&old, n, what, false, i, &l);
        get_cells(&old, n, what, false, i + 1, &r);
        if (__builtin_expect(at == -1 || at == p->last, 0)) put_ghosts(p, n, at, &l, &r);
        if ((what & OTHER) && p->run->faces) other_fluxes(p, n, &l, &r, f, h);
        else fluxes(p, n, dense, &l, &r, f, h);
        if (__builtin_expect(at == -1 || at == p->last, 0)) end_fluxes(p, n, at, f, h);
        for (int c = 0; c < n; c++) {
          hd_lanes_store(flux + c * ROW + i + 8, f[c]);
          hd_lanes_store(marker_flux + c * ROW + i + 8, h[c]);
        }
      }
      for (int i = 0; i < used; i += L) {
        int64_t at = turn - back + i / L;
        cells k;
        hd_lanes gain[NC];
        for (int c = 0; c < n; c++) {
          const double *f = flux + c * ROW + i + 8, *h = marker_flux + c * ROW + i + 8;
          k.rho[c] = hd_lanes_load(AT(old.cell, RHO, c) + i) - p->ratio * (hd_lanes_load(f) - hd_lanes_load(f - 1));
          k.y[c] = hd_lanes_load(AT(old.cell, Y, c) + i) - p->ratio * (hd_lanes_load(h) - hd_lanes_load(h - 1));
          if (source) gain[c] = hd_lanes_load(AT(old.cell, GAIN, c) + i);
        }
        relax_and_speeds(p, n, what & ~DENSE, source, source, at, &k);
        for (int c = 0; c < n && source; c++) k.gain[c] = gain[c] + k.gain[c];
        store(p, n, at, &k);
        put_cells(&new, n, what, true, i + 8, &k);
      }
    } else {
      for (int i = 0; i < used; i += L) {
        int64_t at = turn + i / L;
        cells k;
        load(p, n, at, &k);
        relax_and_speeds(p, n, what, false, source, at, &k);
        put_cells(&new, n, what, true, i + 8, &k);
      }
    }
    for (int i = 0; i < used; i += L) bound_cells(p, n, what, turn - lag / L + i / L, &new, i, &plus, &g);
    keep_ends(old_memory, what & STEP ? MEMBERS * n + SPEEDS : 0, used);
    keep_ends(flux_memory, what & STEP ? 2 * n : 0, used);
    keep_ends(new_memory, (MEMBERS + 1) * n + SPEEDS, used);
  }
  *out = g;
}

#define PASS(tag, n, what)                                                                                             \
  static NOINLINE void pass_##tag(const pass *p, gathered *g) { stream(p, n, what, g); }
#define PASSES(tag, n, how)                                                                                            \
  PASS(tag##_bound, n, how)                                                                                            \
  PASS(tag##_bound_source, n, how | SOURCE)                                                                            \
  PASS(tag##_step, n, how | STEP)                                                                                      \
  PASS(tag##_step_source, n, how | STEP | SOURCE)                                                                      \
  PASS(tag##_step_dense, n, how | STEP | SOURCE | DENSE)
#define TABLE(tag)                                                                                                     \
  {                                                                                                                    \
    pass_##tag##_bound, pass_##tag##_bound_source, pass_##tag##_step, pass_##tag##_step_source,                        \
        pass_##tag##_step_dense                                                                                        \
  }
PASSES(one, 1, 0)
PASSES(one_linear, 1, LINEAR)
PASSES(two, 2, 0)
PASSES(two_linear, 2, LINEAR)
PASSES(any, p->run->model.n, OTHER)

typedef void (*pass_function)(const pass *, gathered *);

static pass_function pass_of(const traffic_model *m, bool other, bool step, bool source, bool dense) {
  static const pass_function table[5][5] = {TABLE(any), TABLE(one), TABLE(one_linear), TABLE(two), TABLE(two_linear)};
  bool linear = true;
  for (int i = 0; i < m->n; i++) linear &= m->power[i] == TRAFFIC_1;
  int row = other ? 0 : m->n == 1 ? 1 + linear : m->n == 2 ? 3 + linear : 0;
  return table[row][(step ? 2 : 0) + source + (step && source && dense)];
}

/* Old cells left and right of the block. False: one of them, or an end, lacks a class. */
static bool margins(pass *p) {
  const traffic_run *c = p->run;
  int64_t before = p->block ? p->block - 1 : c->blocks - 1, after = p->block + 1 < c->blocks ? p->block + 1 : 0;
  const traffic_edges *l = &c->edges[c->turn][before], *r = &c->edges[c->turn][after]; /* as on a ring */
  int rest = (int)(p->count - p->whole * L);
  bool full = true;
  for (int i = 0; i < c->model.n; i++) {
    const double *rho = c->rho + i * c->cells + p->first + p->whole * L;
    const double *y = c->y + i * c->cells + p->first + p->whole * L;
    for (int j = 0; j < 8; j++) {
      int d = j < 7;
      p->before[0][i][j] = l->rho[1][d][i];
      p->before[1][i][j] = l->y[1][d][i];
    }
    for (int j = 0; j < 4 * 8; j++) {
      int d = j > rest;
      p->after[0][i][j] = j < rest ? rho[j] : r->rho[0][d][i];
      p->after[1][i][j] = j < rest ? y[j] : r->y[0][d][i];
    }
    for (int d = 0; d < H; d++) full &= l->rho[1][d][i] > c->model.vacuum && r->rho[0][d][i] > c->model.vacuum;
    for (int side = 0; side < 2; side++) {
      const traffic_end *end = side ? p->right : p->left;
      bool own = end && (end->kind == TRAFFIC_INFLOW || end->kind == TRAFFIC_FREE);
      if (own) full &= end->rho[i] > c->model.vacuum;
    }
  }
  return full;
}

static double largest_of(hd_lanes a) {
  double most = hd_lanes_at(a, 0);
  for (int i = 1; i < L; i++) most = hd_larger(most, hd_lanes_at(a, i));
  return most + 0.0; /* one zero */
}

static double smallest_of(hd_lanes a) {
  double least = hd_lanes_at(a, 0);
  for (int i = 1; i < L; i++) least = hd_smaller(least, hd_lanes_at(a, i));
  return least + 0.0;
}

static void conclude(const gathered *g, const traffic_model *m, traffic_report *report) {
  report->fastest = largest_of(g->fastest);
  report->density_min = smallest_of(g->rho_min);
  report->density_max = largest_of(g->rho_max);
  report->occupancy_max = largest_of(g->crowd) * m->per_jam;
  report->speed_min = smallest_of(g->v_min);
  for (int c = 0; c < m->n; c++) {
    const double *s = g->gain[c];
    report->source[c] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
  }
}

static void block_work(const traffic_run *c, bool step, int64_t block) {
  traffic_report *report = &c->report[block];
  const traffic_model *m = &c->model;
  bool ring = c->link.end[0].kind == TRAFFIC_RING;
  pass p;
  gathered g;
  p.run = c;
  p.block = block;
  p.first = c->first[block];
  p.count = c->first[block + 1] - p.first;
  p.last = (p.count - 1) / L;
  p.whole = p.count / L;
  p.leftmost = p.first == 0;
  p.rightmost = p.first + p.count == c->cells;
  p.left = p.leftmost && !ring ? &c->link.end[0] : NULL;
  p.right = p.rightmost && !ring ? &c->link.end[1] : NULL;
  p.ratio = hd_lanes_all(c->dt / c->link.dx);
  traffic_lanes_model_of(m, &p.m);
  for (int i = 0; i < m->n; i++) {
    p.decay[i] = hd_lanes_all(c->decay[i]);
    for (int j = 0; j < SUMS; j++) g.gain[i][j] = 0;
  }
  g.fastest = g.rho_max = g.crowd = hd_lanes_all(0);
  g.rho_min = g.v_min = hd_lanes_all(__builtin_inf());
  bool dense = margins(&p) && step && report->density_min > m->vacuum;
  report->bad_cell = -1;
  pass_of(m, c->faces != NULL, step, c->sources, dense)(&p, &g);
  conclude(&g, m, report);
  traffic_edges_of(c, block, &c->edges[step ? !c->turn : c->turn][block]);
}

hd_status HD_ISA(traffic_sweep)(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  block_work(run->self, true, block);
  return HD_OK;
}

hd_status HD_ISA(traffic_bound)(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  block_work(run->self, false, block);
  return HD_OK;
}
