/* The first-order step over blocks, fused: half a relaxation, face fluxes, update, half a relaxation, and the speed bound
 * that the next step needs, in one pass over pieces that stay in the first-level cache (sections 4.2 and 4.4). The stages
 * are loops of their own, so short that the processor works on several turns at once:
 *
 *   A  load, relax, speeds of the old cells        B  fluxes at the faces, 8 cells behind
 *   C  update, relax, store, 8 cells behind; in a loop of its own the speeds that bound the next step, because two roots
 *      behind a division behind a relaxation are a chain longer than the processor can look ahead
 *   D  wave speeds of the new faces, 16 cells behind
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

enum { H = TRAFFIC_HALO, NC = TRAFFIC_CLASSES, L = HD_LANES, SUMS = 8, AHEAD = 96 };

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

/* v and the characteristic speeds: of v, or with `safe` of the speeds met in the next relaxation. */
HD_FN void find_speeds(const pass *p, int n, int what, bool safe, cells *k) {
  const traffic_lanes_model *m = &p->m;
  hd_lanes up[NC], down[NC], other;
  hd_lane_mask here[NC];
  presence(p, n, what, k, here);
  traffic_lanes_velocities(n, here, k->rho, k->y, k->share, k->pressure, k->v);
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

HD_FN void blame_cells(const pass *p, int n, int64_t at, const cells *k) {
  double rho[NC][L] = {{0}}, y[NC][L] = {{0}};
  for (int c = 0; c < n; c++) {
    hd_lanes_store(rho[c], k->rho[c]);
    hd_lanes_store(y[c], k->y[c]);
  }
  blame(p, at, rho, y);
}

HD_FN bool are_finite(int n, int what, const cells *k) {
  hd_lanes sum = hd_lanes_all(0);
  for (int c = 0; c < n; c++) {
    sum = sum + k->y[c];
    if (!(what & SOURCE)) sum = sum + k->rho[c]; /* else y has met it */
  }
  /* Infinities do not cancel. NOLINTNEXTLINE(misc-redundant-expression) */
  return hd_mask_all(hd_lanes_equal(sum - sum, hd_lanes_all(0)));
}

HD_FN void store(const pass *p, int n, int64_t at, const cells *k) {
  const traffic_run *run = p->run;
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

/* Which lanes of turn `at` are cells of the block. */
HD_FN hd_lane_mask valid_in(const pass *p, int64_t at) {
  return __builtin_expect(at >= 0 && at < p->last, 1) ? hd_mask_yes() : hd_mask_range(-at * L, p->count - at * L);
}

HD_FN void gather_gain(int n, int64_t at, hd_lane_mask valid, const cells *k, hd_lanes (*sum)[SUMS / L]) {
  for (int c = 0; c < n; c++) {
    hd_lanes *place = &sum[c][at & (SUMS / L - 1)];
    *place = *place + hd_lanes_keep(valid, k->gain[c]);
  }
}

HD_FN void gather_density(int n, hd_lane_mask valid, const cells *k, gathered *g) {
  hd_lanes none = hd_lanes_all(__builtin_inf()), crowd = k->rho[0];
  for (int c = 0; c < n; c++) {
    g->rho_min = hd_lanes_smaller(hd_lanes_pick(valid, k->rho[c], none), g->rho_min);
    g->rho_max = hd_lanes_larger(hd_lanes_keep(valid, k->rho[c]), g->rho_max);
    if (c) crowd = crowd + k->rho[c];
  }
  g->crowd = hd_lanes_larger(hd_lanes_keep(valid, crowd), g->crowd);
}

/* ---- a block ----------------------------------------------------------------------------------------------------- */

/* Rows of a chunk. What a stage leaves begins at place 8; before it stands the end of the last chunk. */
enum { CHUNK = 128, ROW = CHUNK + 16 };
enum { RHO, Y, V, PRESSURE, OLD_MEMBERS, TOP = OLD_MEMBERS, OWN, NEW_MEMBERS }; /* rows [member][class] */
enum { LOW, HIGH, COUPLING, SINGLE };                                           /* behind them, a row each */

#define AT(rows, member, c) ((rows) + ((member)*n + (c)) * ROW)
#define ONE(rows, members, which) ((rows) + ((members)*n + (which)) * ROW)

HD_FN void get_cells(const double *t, int n, int members, int i, cells *k) {
  for (int c = 0; c < n; c++) {
    k->rho[c] = hd_lanes_load(AT(t, RHO, c) + i);
    k->y[c] = hd_lanes_load(AT(t, Y, c) + i);
    k->v[c] = hd_lanes_load(AT(t, V, c) + i);
    k->top[c] = members == NEW_MEMBERS ? hd_lanes_load(AT(t, TOP, c) + i) : k->v[c];
    k->pressure[c] = hd_lanes_load(AT(t, PRESSURE, c) + i);
  }
  k->low = hd_lanes_load(ONE(t, members, LOW) + i);
  k->high = hd_lanes_load(ONE(t, members, HIGH) + i);
}

HD_FN void put_speeds(double *t, int n, int members, int i, const cells *k) {
  for (int c = 0; c < n; c++) {
    hd_lanes_store(AT(t, V, c) + i, k->v[c]);
    if (members == NEW_MEMBERS) hd_lanes_store(AT(t, TOP, c) + i, k->top[c]);
  }
  hd_lanes_store(ONE(t, members, LOW) + i, k->low);
  hd_lanes_store(ONE(t, members, HIGH) + i, k->high);
}

/* What find_speeds needs of relax_cells: shares wait in the rows of v, equilibrium speeds in those of top. */
HD_FN void put_relaxed(double *t, int n, int what, bool safe, int i, const cells *k) {
  for (int c = 0; c < n; c++) {
    hd_lanes_store(AT(t, RHO, c) + i, k->rho[c]);
    hd_lanes_store(AT(t, Y, c) + i, k->y[c]);
    hd_lanes_store(AT(t, PRESSURE, c) + i, k->pressure[c]);
    if (!(what & LINEAR)) hd_lanes_store(AT(t, OWN, c) + i, k->own[c]);
    if (n != 2 || c == 0) hd_lanes_store(AT(t, V, c) + i, k->share[c]);
    if (safe) hd_lanes_store(AT(t, TOP, c) + i, k->ve[c]);
  }
  if (!(what & LINEAR)) hd_lanes_store(ONE(t, NEW_MEMBERS, COUPLING) + i, k->coupling);
}

HD_FN void get_relaxed(const pass *p, const double *t, int n, int what, bool safe, int i, cells *k) {
  for (int c = 0; c < n; c++) k->rho[c] = hd_lanes_load(AT(t, RHO, c) + i);
  if (what & LINEAR) pressures(p, n, what, k);
  else k->coupling = hd_lanes_load(ONE(t, NEW_MEMBERS, COUPLING) + i);
  for (int c = 0; c < n; c++) {
    k->y[c] = hd_lanes_load(AT(t, Y, c) + i);
    k->pressure[c] = hd_lanes_load(AT(t, PRESSURE, c) + i);
    if (!(what & LINEAR)) k->own[c] = hd_lanes_load(AT(t, OWN, c) + i);
    if (n != 2 || c == 0) k->share[c] = hd_lanes_load(AT(t, V, c) + i);
    k->ve[c] = safe ? hd_lanes_load(AT(t, TOP, c) + i) : hd_lanes_all(0);
  }
}

/* The last 8 places of `count` rows to their beginning. */
HD_FN void keep_ends(double *row, int count, int used) {
  for (int r = 0; r < count; r++, row += ROW)
    for (int i = 0; i < 8; i += L) hd_lanes_store(row + i, hd_lanes_load(row + used + i));
}

HD_FN void begin_rows(double *row, int count) {
  for (int r = 0; r < count; r++, row += ROW)
    for (int i = 0; i < 8; i++) row[i] = 0;
}

/* A for the cells of turn `at`, to place i. */
HD_FN void old_cells(const pass *p, int n, int what, int64_t at, double *old, int i, gathered *g) {
  cells k;
  load(p, n, at, &k);
  relax_cells(p, n, what, what & SOURCE, false, at, &k);
  if (what & SOURCE) gather_gain(n, at, valid_in(p, at), &k, g->gain[0]);
  find_speeds(p, n, what, false, &k);
  for (int c = 0; c < n; c++) {
    hd_lanes_store(AT(old, RHO, c) + i, k.rho[c]);
    hd_lanes_store(AT(old, Y, c) + i, k.y[c]);
    if (!(what & DENSE)) hd_lanes_store(AT(old, PRESSURE, c) + i, k.pressure[c]);
  }
  put_speeds(old, n, OLD_MEMBERS, i, &k);
}

/* B: fluxes at the faces right of the cells of turn `at`, which stand at place i, to place i + 8. */
HD_FN void face_fluxes(const pass *p, int n, int what, int64_t at, const double *old, int i, double *flux) {
  cells l, r;
  hd_lanes f[NC], h[NC];
  get_cells(old, n, OLD_MEMBERS, i, &l);
  get_cells(old, n, OLD_MEMBERS, i + 1, &r);
  if (__builtin_expect(at == -1 || at == p->last, 0)) put_ghosts(p, n, at, &l, &r);
  if ((what & OTHER) && p->run->faces) other_fluxes(p, n, &l, &r, f, h);
  else fluxes(p, n, what & DENSE, &l, &r, f, h);
  if (__builtin_expect(at == -1 || at == p->last, 0)) end_fluxes(p, n, at, f, h);
  for (int c = 0; c < n; c++) {
    hd_lanes_store(AT(flux, 0, c) + i + 8, f[c]);
    hd_lanes_store(AT(flux, 1, c) + i + 8, h[c]);
  }
}

/* C for the cells of turn `at`, from place i to place i + 8. */
HD_FN void new_cells(const pass *p, int n, int what, int64_t at, const double *old, const double *flux, int i,
                     double *new, gathered *g) {
  bool source = what & SOURCE;
  cells k;
  for (int c = 0; c < n; c++) {
    const double *f = AT(flux, 0, c) + i + 8, *h = AT(flux, 1, c) + i + 8;
    k.rho[c] = hd_lanes_load(AT(old, RHO, c) + i) - p->ratio * (hd_lanes_load(f) - hd_lanes_load(f - 1));
    k.y[c] = hd_lanes_load(AT(old, Y, c) + i) - p->ratio * (hd_lanes_load(h) - hd_lanes_load(h - 1));
  }
  relax_cells(p, n, what & ~DENSE, source, source, at, &k);
  put_relaxed(new, n, what, source, i + 8, &k);
  if (at < 0 || at > p->last) return;
  if (__builtin_expect(!are_finite(n, what, &k), 0)) blame_cells(p, n, at, &k);
  hd_lane_mask valid = valid_in(p, at);
  if (source) gather_gain(n, at, valid, &k, g->gain[1]);
  gather_density(n, valid, &k, g);
  store(p, n, at, &k);
}

/* Speeds of the cells of turn `at` at place i. True: no class is absent from them. */
HD_FN bool new_speeds(const pass *p, int n, int what, int64_t at, double *new, int i, gathered *g) {
  cells k;
  hd_lane_mask here[NC], all = hd_mask_yes(), valid = valid_in(p, at);
  get_relaxed(p, new, n, what, what & SOURCE, i, &k);
  presence(p, n, 0, &k, here);
  for (int c = 0; c < n; c++) all = hd_mask_and(all, here[c]);
  bool dense = hd_mask_all(all);
  if (__builtin_expect(dense, 1)) find_speeds(p, n, what | DENSE, what & SOURCE, &k);
  else find_speeds(p, n, what & ~DENSE, what & SOURCE, &k);
  put_speeds(new, n, NEW_MEMBERS, i, &k);
  for (int c = 0; c < n; c++) {
    hd_lane_mask lanes = dense ? valid : hd_mask_and(valid, here[c]);
    g->v_min = hd_lanes_smaller(hd_lanes_pick(lanes, k.v[c], hd_lanes_all(__builtin_inf())), g->v_min);
  }
  return dense;
}

/* D where a class is absent or the block ends. */
HD_FN void bound_edge(const pass *p, int n, int64_t at, const double *new, int i, hd_lanes *plus, gathered *g) {
  cells l, r;
  get_cells(new, n, NEW_MEMBERS, i, &l);
  get_cells(new, n, NEW_MEMBERS, i + 1, &r);
  if (at == -1 || at == p->last) put_ghosts(p, n, at, &l, &r);
  hd_lanes right = rightgoing(p, n, false, &l, &r), left = leftgoing(&l, &r),
           width = hd_lanes_left(*plus, right) - left;
  *plus = right;
  if (at < 0 || at > p->last) return;
  g->fastest = hd_lanes_larger(hd_lanes_keep(valid_in(p, at), width), g->fastest);
  if (at == p->last && p->right && p->right->kind == TRAFFIC_FREE) { /* what leaves moves no faster than this either */
    int lane = end_lane(p, 1, at);
    g->fastest = hd_lanes_larger(hd_lanes_keep(hd_mask_range(lane, lane + 1), right), g->fastest);
  }
}

/* D for the cells of turn `at`, at place i. */
HD_FN void bound_cells(const pass *p, int n, bool dense, int64_t at, const double *new, int i, hd_lanes *plus,
                       gathered *g) {
  if (__builtin_expect(!dense || at < 0 || at >= p->last, 0)) {
    bound_edge(p, n, at, new, i, plus, g);
    return;
  }
  const double *low = ONE(new, NEW_MEMBERS, LOW) + i, *high = ONE(new, NEW_MEMBERS, HIGH) + i;
  hd_lanes zero = hd_lanes_all(0), left = hd_lanes_smaller(hd_lanes_load(low), hd_lanes_load(low + 1));
  hd_lanes right = hd_lanes_larger(hd_lanes_larger(hd_lanes_load(high), hd_lanes_load(high + 1)), zero);
  g->fastest = hd_lanes_larger(hd_lanes_left(*plus, right) - hd_lanes_smaller(left, zero), g->fastest);
  *plus = right;
}

HD_FN void stream(const pass *restrict p, int n, int what, gathered *restrict out) {
  enum { OLD_ROWS = OLD_MEMBERS * NC + SINGLE, NEW_ROWS = NEW_MEMBERS * NC + SINGLE };
  _Alignas(64) double old[OLD_ROWS * ROW], flux[2 * NC * ROW],
      new[NEW_ROWS * ROW]; /* the first n of NC classes are used */
  bool dense[ROW / L];
  int old_rows = OLD_MEMBERS * n + SINGLE, new_rows = NEW_MEMBERS * n + SINGLE;
  int lag = what & STEP ? 16 : 8; /* cells by which D is behind the loads */
  hd_lanes plus = hd_lanes_all(0);
  gathered g = *out;
  begin_rows(old, old_rows);
  begin_rows(flux, 2 * n);
  begin_rows(new, new_rows);
  for (int i = 0; i < 8 / L; i++) dense[i] = false;
  for (int64_t s = -8; s < p->count + lag; s += CHUNK) {
    int64_t turn = s / L, late = turn - 8 / L;
    int used = p->count + lag - s < CHUNK ? (int)((p->count + lag - s + 7) / 8 * 8) : CHUNK;
    if (what & STEP) {
      for (int i = 0; i < used; i += L) old_cells(p, n, what, turn + i / L, old, i + 8, &g);
      for (int i = 0; i < used; i += L) face_fluxes(p, n, what, late + i / L, old, i, flux);
      for (int i = 0; i < used; i += L) new_cells(p, n, what, late + i / L, old, flux, i, new, &g);
    } else {
      for (int i = 0; i < used; i += L) {
        cells k;
        load(p, n, turn + i / L, &k);
        relax_cells(p, n, what, false, what & SOURCE, turn + i / L, &k);
        put_relaxed(new, n, what, what & SOURCE, i + 8, &k);
        gather_density(n, valid_in(p, turn + i / L), &k, &g);
      }
      late = turn;
    }
    for (int i = 0; i < used; i += L) dense[(i + 8) / L] = new_speeds(p, n, what, late + i / L, new, i + 8, &g);
    for (int i = 0; i < used; i += L)
      bound_cells(p, n, dense[i / L] && dense[i / L + 1], late - 8 / L + i / L, new, i, &plus, &g);
    keep_ends(old, what & STEP ? old_rows : 0, used);
    keep_ends(flux, what & STEP ? 2 * n : 0, used);
    keep_ends(new, new_rows, used);
    for (int i = 0; i < 8 / L; i++) dense[i] = dense[used / L + i];
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
