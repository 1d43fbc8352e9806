/* The first-order step over blocks, fused: half a relaxation, face fluxes, update, half a relaxation, and the speed bound
 * that the next step needs, in one pass over chunks whose rows stay in the first-level cache (sections 4.2 and 4.4). The
 * stages are loops of their own, so short that the processor works on several turns at once:
 *
 *   A  load, relax, speeds of the old cells
 *   B  fluxes at the faces, one turn behind; rho moves on in the state, y waits in a row
 *   C  relax, store, speeds v
 *   D  one turn behind C, in the same loop: the characteristic speeds that bound the next step, and wave speeds of the new
 *      faces. Two roots behind a division behind a relaxation are a chain longer than the processor can look ahead; so the
 *      loop works on both ends of it, for two turns.
 *
 * What costs beside arithmetic is the number of stores, lines met twice by unaligned loads, and the number of rows. Turns
 * that hold an end of the block, and in C and D chunks from which a class is absent, take the same path with selects.
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

enum { H = TRAFFIC_HALO, NC = TRAFFIC_CLASSES, L = HD_LANES, SUMS = 8, AHEAD = 256 };

/* Rows of a chunk. Its first cells stand at place START; before them the end of the last chunk. */
enum { CHUNK = 128, START = 16, ROW = START + CHUNK + 8 };

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
  hd_lanes ve[NC];    /* equilibrium speeds */
  hd_lanes share[NC]; /* traffic_lanes_shares */
  hd_lanes slope[NC], own[NC], coupling;
} cells;

/* Of all cells so far. */
typedef struct gathered {
  hd_lanes fastest, rho_min, rho_max, crowd, v_min;
  hd_lanes gain[2][NC][SUMS / L]; /* by cell number, the same places at every level; before and after transport */
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

/* The cells of turn `at`; `inner`: they are all in the block. */
HD_FN void load(bool inner, const pass *p, int n, int64_t at, cells *k) {
  const traffic_run *run = p->run;
  for (int c = 0; c < n; c++) {
    const double *rho = run->rho + c * run->cells + p->first + at * L, *y = run->y + c * run->cells + p->first + at * L;
    if (!inner && at < 0) rho = p->before[0][c] + 8 + at * L, y = p->before[1][c] + 8 + at * L;
    else if (!inner && at >= p->whole)
      rho = p->after[0][c] + (at - p->whole) * L, y = p->after[1][c] + (at - p->whole) * L;
    k->rho[c] = hd_lanes_load(rho);
    k->y[c] = hd_lanes_load(y);
  }
}

HD_FN void pressures(const pass *p, int n, int what, cells *k) {
  traffic_lanes_pressures(&p->m, n, what & LINEAR, k->rho, k->pressure, k->slope, k->own, &k->coupling);
}

HD_FN void presence(const pass *p, int n, int what, const cells *k, hd_lane_mask *here) {
  for (int c = 0; c < n; c++) here[c] = what & DENSE ? hd_mask_yes() : hd_lanes_above(k->rho[c], p->m.vacuum);
}

/* Half a relaxation (if `relax`), equilibrium speeds (if `safe`), shares. */
HD_FN void relax_cells(const pass *p, int n, int what, bool relax, bool safe, int64_t at, cells *k) {
  const traffic_lanes_model *m = &p->m;
  const double *const *span = p->run->span + p->block * n;
  int64_t along = p->run->span_step[p->block] * (at * L + TRAFFIC_FIRST);
  hd_lane_mask here[NC];
  pressures(p, n, what, k);
  presence(p, n, what, k, here);
  hd_lanes room = traffic_lanes_room(m, n, k->rho);
  for (int c = 0; c < n; c++) {
    k->gain[c] = k->ve[c] = hd_lanes_all(0);
    if (!relax && !safe) continue;
    k->ve[c] = m->creep[c] + hd_lanes_load(span[c] + along) * room;
    if (!relax) continue;
    hd_lanes target = k->rho[c] * (k->ve[c] + k->pressure[c]), relaxed = target + (k->y[c] - target) * p->decay[c];
    k->gain[c] = relaxed - k->y[c];
    k->y[c] = relaxed;
  }
  traffic_lanes_shares(n, here, k->rho, k->y, k->share);
}

HD_FN void find_velocities(const pass *p, int n, int what, cells *k) {
  hd_lane_mask here[NC];
  presence(p, n, what, k, here);
  traffic_lanes_velocities(n, here, k->rho, k->y, k->share, k->pressure, k->v);
}

/* The characteristic speeds: of v, or with `safe` of the speeds met in the next relaxation. */
HD_FN void find_speeds(const pass *p, int n, int what, bool safe, cells *k) {
  const traffic_lanes_model *m = &p->m;
  hd_lanes up[NC], down[NC], other;
  hd_lane_mask here[NC];
  presence(p, n, what, k, here);
  if (!safe) {
    for (int c = 0; c < n; c++) k->top[c] = k->v[c];
    traffic_lanes_speeds(m, n, here, k->rho, k->v, k->slope, k->own, k->coupling, &k->low, &k->high);
    return;
  }
  for (int c = 0; c < n; c++) {
    k->top[c] = up[c] = hd_lanes_keep(here[c], hd_lanes_larger(k->v[c], k->ve[c]));
    down[c] = hd_lanes_keep(here[c], hd_lanes_smaller(k->v[c], k->ve[c]));
  }
  traffic_lanes_speeds(m, n, here, k->rho, up, k->slope, k->own, k->coupling, &other, &k->high);
  traffic_lanes_speeds(m, n, here, k->rho, down, k->slope, k->own, k->coupling, &k->low, &other);
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

/* y in memory is still the one before the step; rho was rows at `was`. */
static NOINLINE void blame(const pass *p, int64_t at, const double (*rho)[L], const double (*y)[L], const double *was) {
  const traffic_run *c = p->run;
  traffic_report *report = &c->report[p->block];
  for (int j = 0; j < L && at * L + j < p->count && at >= 0; j++) {
    for (int i = 0; report->bad_cell < 0 && i < c->model.n; i++) {
      if (hd_is_finite(rho[i][j] + y[i][j])) continue;
      int64_t cell = p->first + at * L + j;
      report->bad_cell = cell;
      report->bad_class = i;
      report->bad_rho = was[i * ROW + j];
      report->bad_y = c->y[i * c->cells + cell];
    }
  }
}

HD_FN void blame_cells(const pass *p, int n, int64_t at, const cells *k, const double *was) {
  double rho[NC][L] = {{0}}, y[NC][L] = {{0}};
  for (int c = 0; c < n; c++) {
    hd_lanes_store(rho[c], k->rho[c]);
    hd_lanes_store(y[c], k->y[c]);
  }
  blame(p, at, rho, y, was);
}

HD_FN bool are_finite(int n, int what, const cells *k) {
  hd_lanes sum = hd_lanes_all(0);
  for (int c = 0; c < n; c++) {
    if (c) sum = sum + k->y[c];
    else sum = k->y[c];
    if (!(what & SOURCE)) sum = sum + k->rho[c]; /* else y has met it */
  }
  /* Infinities do not cancel. NOLINTNEXTLINE(misc-redundant-expression) */
  return hd_mask_all(hd_lanes_equal(sum - sum, hd_lanes_all(0)));
}

/* Two chunks ahead. Each field by another stage: all at once are more than the processor can wait for. */
HD_FN void fetch(const pass *p, int n, int64_t at, const double *field) {
  for (int c = 0; c < n; c++) __builtin_prefetch(field + c * p->run->cells + p->first + at * L + AHEAD);
}

HD_FN void load_row(const pass *p, int n, int64_t at, const double *field, hd_lanes *x) {
  for (int c = 0; c < n; c++) x[c] = hd_lanes_load(field + c * p->run->cells + p->first + at * L);
}

HD_FN void store(bool inner, const pass *p, int n, int64_t at, double *field, const hd_lanes *x) {
  for (int c = 0; c < n; c++) {
    double *to = field + c * p->run->cells + p->first + at * L, part[L];
    if (inner || (at + 1) * L <= p->count) {
      hd_lanes_store(to, x[c]);
      continue;
    }
    hd_lanes_store(part, x[c]);
    for (int j = 0; at * L + j < p->count; j++) to[j] = part[j];
  }
}

/* Which lanes of turn `at` are cells of the block. */
HD_FN hd_lane_mask valid_in(bool inner, const pass *p, int64_t at) {
  return inner || (at >= 0 && at < p->last) ? hd_mask_yes() : hd_mask_range(-at * L, p->count - at * L);
}

HD_FN void gather_gain(int n, int64_t at, hd_lane_mask valid, const cells *k, hd_lanes (*sum)[SUMS / L]) {
  for (int c = 0; c < n; c++) {
    hd_lanes *place = &sum[c][at & (SUMS / L - 1)];
    *place = *place + hd_lanes_keep(valid, k->gain[c]);
  }
}

HD_FN void gather_density(bool moved, int n, hd_lane_mask valid, const cells *k, gathered *g) {
  hd_lanes none = hd_lanes_all(__builtin_inf()), crowd = none;
  for (int c = 0; c < n; c++) {
    if (!moved) g->rho_min = hd_lanes_smaller(hd_lanes_pick(valid, k->rho[c], none), g->rho_min);
    g->rho_max = hd_lanes_larger(hd_lanes_keep(valid, k->rho[c]), g->rho_max);
    if (c) crowd = crowd + k->rho[c];
    else crowd = k->rho[c];
  }
  g->crowd = hd_lanes_larger(hd_lanes_keep(valid, crowd), g->crowd);
}

/* ---- a block ----------------------------------------------------------------------------------------------------- */

enum { LOW, HIGH, SINGLE };                /* a row each */
enum { Y, RHO, V, PRESSURE, OLD_MEMBERS }; /* then rows [member][class] */

#define AT(rows, member, c) ((rows) + (SINGLE + (member)*n + (c)) * ROW)
#define MOVED(rows, member, c) ((rows) + ((member)*n + (c)) * ROW)
#define ONE(rows, which) ((rows) + (which)*ROW)

HD_FN void get_cells(const double *t, int n, int64_t i, cells *k) {
  for (int c = 0; c < n; c++) {
    k->rho[c] = hd_lanes_load(AT(t, RHO, c) + i);
    k->y[c] = hd_lanes_load(AT(t, Y, c) + i);
    k->v[c] = k->top[c] = hd_lanes_load(AT(t, V, c) + i);
    k->pressure[c] = hd_lanes_load(AT(t, PRESSURE, c) + i);
  }
  k->low = hd_lanes_load(ONE(t, LOW) + i);
  k->high = hd_lanes_load(ONE(t, HIGH) + i);
}

/* The last turn of a chunk to the places before the next one. */
HD_FN void keep_ends(double *row, int count, int64_t used) {
  for (int r = 0; r < count; r++, row += ROW) hd_lanes_store(row + START - L, hd_lanes_load(row + START - L + used));
}

HD_FN void begin_rows(double *row, int count) {
  for (int r = 0; r < count; r++, row += ROW)
    for (int i = 0; i < START; i++) row[i] = 0;
}

/* A for the cells of turn `at`, to place i. */
HD_FN void old_cells(bool inner, const pass *p, int n, int what, int64_t at, int64_t i, double *old, gathered *g) {
  cells k;
  fetch(p, n, at, p->run->rho);
  load(inner, p, n, at, &k);
  relax_cells(p, n, what, what & SOURCE, false, at, &k);
  if (what & SOURCE) gather_gain(n, at, valid_in(inner, p, at), &k, g->gain[0]);
  find_velocities(p, n, what, &k);
  find_speeds(p, n, what, false, &k);
  for (int c = 0; c < n; c++) {
    hd_lanes_store(AT(old, RHO, c) + i, k.rho[c]);
    hd_lanes_store(AT(old, Y, c) + i, k.y[c]);
    hd_lanes_store(AT(old, V, c) + i, k.v[c]);
    if (!(what & DENSE)) hd_lanes_store(AT(old, PRESSURE, c) + i, k.pressure[c]);
  }
  hd_lanes_store(ONE(old, LOW) + i, k.low);
  hd_lanes_store(ONE(old, HIGH) + i, k.high);
}

/* Fluxes at the faces of the turn before. */
typedef struct faces {
  hd_lanes flux[NC], marker_flux[NC];
} faces;

/* B: fluxes at the faces right of the cells of turn `at` at place i, and what they make of the cells: rho in the state, y
 * in a row of `moved`; the whole cells there where they are not all in the block. */
HD_FN void move_cells(bool inner, const pass *p, int n, int what, int64_t at, int64_t i, const double *old,
                      double *moved, faces *before, hd_lanes *rho_min) {
  cells l, r, k;
  faces f;
  bool end = !inner && (at == -1 || at == p->last);
  get_cells(old, n, i, &l);
  get_cells(old, n, i + 1, &r);
  if (end) put_ghosts(p, n, at, &l, &r);
  if ((what & OTHER) && p->run->faces) other_fluxes(p, n, &l, &r, f.flux, f.marker_flux);
  else fluxes(p, n, what & DENSE, &l, &r, f.flux, f.marker_flux);
  if (end) end_fluxes(p, n, at, f.flux, f.marker_flux);
  for (int c = 0; c < n; c++) {
    k.rho[c] = l.rho[c] - p->ratio * (f.flux[c] - hd_lanes_left(before->flux[c], f.flux[c]));
    k.y[c] = l.y[c] - p->ratio * (f.marker_flux[c] - hd_lanes_left(before->marker_flux[c], f.marker_flux[c]));
    before->flux[c] = f.flux[c];
    before->marker_flux[c] = f.marker_flux[c];
    hd_lanes_store(MOVED(moved, Y, c) + i, k.y[c]);
    if (!inner) hd_lanes_store(MOVED(moved, RHO, c) + i, k.rho[c]);
  }
  if (!inner && (at < 0 || at > p->last)) return;
  for (int c = 0; c < n; c++)
    *rho_min =
        hd_lanes_smaller(hd_lanes_pick(valid_in(inner, p, at), k.rho[c], hd_lanes_all(__builtin_inf())), *rho_min);
  store(inner, p, n, at, p->run->rho, k.rho);
}

/* C for the cells of turn `at` at place i. `inner`: all are in the block, and no class is absent. */
HD_FN void relax_moved(bool inner, const pass *p, int n, int what, int64_t at, int64_t i, const double *old,
                       const double *moved, cells *k, gathered *g) {
  bool source = what & SOURCE;
  bool whole = inner || (at >= 0 && at < p->last);
  fetch(p, n, at, p->run->y);
  if (whole) load_row(p, n, at, p->run->rho, k->rho);
  for (int c = 0; c < n; c++) {
    if (!whole) k->rho[c] = hd_lanes_load(MOVED(moved, RHO, c) + i);
    k->y[c] = hd_lanes_load(MOVED(moved, Y, c) + i);
  }
  relax_cells(p, n, inner ? what | DENSE : what & ~DENSE, source, source, at, k);
  if (!inner && (at < 0 || at > p->last)) return;
  if (__builtin_expect(!are_finite(n, what, k), 0)) blame_cells(p, n, at, k, AT(old, RHO, 0) + i);
  hd_lane_mask valid = valid_in(inner, p, at);
  if (source) gather_gain(n, at, valid, k, g->gain[1]);
  gather_density(true, n, valid, k, g);
  store(inner, p, n, at, p->run->y, k->y);
}

HD_FN void gather_speed(bool inner, const pass *p, int n, int64_t at, const cells *k, gathered *g) {
  hd_lane_mask here[NC];
  presence(p, n, inner ? DENSE : 0, k, here);
  for (int c = 0; c < n; c++) {
    hd_lane_mask who = hd_mask_and(valid_in(inner, p, at), here[c]);
    g->v_min = hd_lanes_smaller(hd_lanes_pick(who, k->v[c], hd_lanes_all(__builtin_inf())), g->v_min);
  }
}

/* The turn before: its cells, or with `!whole` their characteristic speeds only; the rightgoing bound at the faces of the
 * one before that. */
typedef struct trail {
  cells last;
  hd_lanes plus;
  bool whole;
} trail;

/* The end of D where a class is absent or the block ends. */
HD_FN void bound_edge(const pass *p, int n, int64_t at, const cells *k, const cells *next, hd_lanes *plus,
                      gathered *g) {
  cells l = *k, r;
#define SHIFT(member) r.member = hd_lanes_right(k->member, next->member)
  for (int c = 0; c < n; c++) {
    SHIFT(rho[c]);
    SHIFT(y[c]);
    SHIFT(v[c]);
    SHIFT(top[c]);
    SHIFT(pressure[c]);
  }
  SHIFT(low);
  SHIFT(high);
#undef SHIFT
  if (at == -1 || at == p->last) put_ghosts(p, n, at, &l, &r);
  hd_lanes right = rightgoing(p, n, false, &l, &r), left = leftgoing(&l, &r),
           width = hd_lanes_left(*plus, right) - left;
  *plus = right;
  if (at < 0 || at > p->last) return;
  g->fastest = hd_lanes_larger(hd_lanes_keep(valid_in(false, p, at), width), g->fastest);
  if (at == p->last && p->right && p->right->kind == TRAFFIC_FREE) { /* what leaves moves no faster than this either */
    int lane = end_lane(p, 1, at);
    g->fastest = hd_lanes_larger(hd_lanes_keep(hd_mask_range(lane, lane + 1), right), g->fastest);
  }
}

/* C, or the present state, and D for the turn before: anywhere. */
HD_FN void finish_edge(const pass *p, int n, int what, int64_t at, int64_t i, const double *old, const double *moved,
                       trail *t, gathered *g) {
  cells k;
  if ((what & STEP) && !(what & OTHER) && !t->whole) { /* chunks before were all inside */
    load(true, p, n, at - 1, &t->last);
    relax_cells(p, n, what & ~DENSE, false, what & SOURCE, at - 1, &t->last);
    find_velocities(p, n, what & ~DENSE, &t->last);
    find_speeds(p, n, what & ~DENSE, what & SOURCE, &t->last);
  }
  if (what & STEP) relax_moved(false, p, n, what, at, i, old, moved, &k, g);
  else {
    load(false, p, n, at, &k);
    relax_cells(p, n, what & ~DENSE, false, what & SOURCE, at, &k);
    gather_density(false, n, valid_in(false, p, at), &k, g);
  }
  find_velocities(p, n, what & ~DENSE, &k);
  gather_speed(false, p, n, at, &k, g);
  find_speeds(p, n, what & ~DENSE, what & SOURCE, &k);
  bound_edge(p, n, at - 1, &t->last, &k, &t->plus, g);
  t->last = k;
  t->whole = true;
}

/* C where the cells of the turn and of the one before are all in the block, and no class is absent; */
HD_FN void finish_first(const pass *p, int n, int what, int64_t at, int64_t i, const double *old, const double *moved,
                        cells *k, gathered *g) {
  relax_moved(true, p, n, what, at, i, old, moved, k, g);
  find_velocities(p, n, what | DENSE, k);
  gather_speed(true, p, n, at, k, g);
}

/* then D: their characteristic speeds, wave speeds of the turn before. */
HD_FN void finish_last(const pass *p, int n, int what, cells *k, trail *t, gathered *g) {
  hd_lanes zero = hd_lanes_all(0), low = t->last.low, high = t->last.high;
  find_speeds(p, n, what | DENSE, what & SOURCE, k);
  hd_lanes left = hd_lanes_smaller(hd_lanes_smaller(low, hd_lanes_right(low, k->low)), zero);
  hd_lanes right = hd_lanes_larger(hd_lanes_larger(high, hd_lanes_right(high, k->high)), zero);
  g->fastest = hd_lanes_larger(hd_lanes_left(t->plus, right) - left, g->fastest);
  t->plus = right;
  t->last.low = k->low;
  t->last.high = k->high;
}

/* C and D for the turns from .. to - 1. */
HD_FN void finish_cells(const pass *p, int n, int what, int64_t from, int64_t to, int64_t base, const double *old,
                        const double *moved, trail *t, gathered *g) {
  cells k, next;
  finish_first(p, n, what, from, (from - base) * L, old, moved, &k, g);
  for (int64_t at = from + 1; at < to; at++) {
    finish_first(p, n, what, at, (at - base) * L, old, moved, &next, g);
    finish_last(p, n, what, &k, t, g);
    k = next;
  }
  finish_last(p, n, what, &k, t, g);
  t->whole = false;
}

HD_FN int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }
HD_FN int64_t sooner(int64_t a, int64_t b) { return a < b ? a : b; }

HD_FN void begin_trail(int n, trail *t, faces *f) {
  hd_lanes zero = hd_lanes_all(0);
  for (int c = 0; c < n; c++) {
    f->flux[c] = f->marker_flux[c] = zero;
    t->last.rho[c] = t->last.y[c] = t->last.v[c] = t->last.top[c] = t->last.pressure[c] = zero;
  }
  t->last.low = t->last.high = t->plus = zero;
  t->whole = true;
}

/* A stage for the turns from .. to - 1; code of its own for inner ones where it pays. */
#define TURNS(from, to, stage, ...)                                                                                    \
  for (int64_t at = (from), in_ = later(at, 0), to_ = (to), last_ = sooner(to_, p->last); at < to_; at++) {            \
    bool inner = (what & OTHER) && at >= 0 && at < p->last;                                                            \
    if (!(what & OTHER) && at == in_)                                                                                  \
      for (; at < last_; at++) stage(true, p, n, what, at, (at - base) * L, __VA_ARGS__);                              \
    if (at < to_) stage(inner, p, n, what, at, (at - base) * L, __VA_ARGS__);                                          \
  }

HD_FN void stream(const pass *restrict p, int n, int what, gathered *restrict out) {
  enum { ROWS = (OLD_MEMBERS + 2) * NC + SINGLE };
  _Alignas(64) double old[ROWS * ROW]; /* the first n of NC classes are used */
  int old_rows = (what & DENSE ? PRESSURE : OLD_MEMBERS) * n + SINGLE;
  double *moved = old + old_rows * ROW;
  gathered g = *out;
  trail t;
  faces f;
  begin_trail(n, &t, &f);
  begin_rows(old, old_rows);
  bool dense = false;
  for (int64_t first = -1, end = p->last + 2; first <= end; first += CHUNK / L) {
    int64_t base = first - START / L, next = sooner(first + CHUNK / L, end + 1); /* turn at place 0; next chunk */
    int64_t late = later(first - 1, -1), late_next = sooner(next - 1, end);
    hd_lanes rho_min = hd_lanes_all(__builtin_inf());
    if (what & STEP) {
      TURNS(first, sooner(next, end), old_cells, old, &g)
      TURNS(late, late_next, move_cells, old, moved, &f, &rho_min)
    }
    bool before = dense;
    dense = what & STEP && hd_mask_all(hd_lanes_above(rho_min, p->m.vacuum));
    g.rho_min = hd_lanes_smaller(rho_min, g.rho_min);
    int64_t quick = later(1, late + !before), slow = dense ? sooner(p->last, late_next) : 0;
    for (int64_t at = late; at < late_next; at++) {
      if ((what & STEP) && !(what & OTHER) && at == quick && at < slow) {
        finish_cells(p, n, what, at, slow, base, old, moved, &t, &g);
        at = slow;
      }
      if (at < late_next) finish_edge(p, n, what, at, (at - base) * L, old, moved, &t, &g);
    }
    if (what & STEP) keep_ends(old, old_rows, (next - first) * L);
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
    double s[SUMS];
    for (int i = 0; i < SUMS / L; i++) hd_lanes_store(s + i * L, g->gain[0][c][i] + g->gain[1][c][i]);
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
    for (int j = 0; j < SUMS / L; j++) g.gain[0][i][j] = g.gain[1][i][j] = hd_lanes_all(0);
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
