/* The first-order step over blocks, fused: half a relaxation, face fluxes, update, half a relaxation, and the speed bound
 * that the next step needs, in one pass over chunks that stay in the first-level cache (sections 4.2 and 4.4).
 *
 * Compiled once per x86-64 level. The state is updated in place: a chunk saves the old cells its right neighbour needs,
 * and blocks see each other through copies of their outermost cells, read from one array and written to another, so that
 * no block waits. The bound of a chunk's own faces needs the new state of the cell beyond each end; it is computed twice,
 * by both neighbours, from the same numbers in the same way: the same bits.
 *
 * Local index i of a chunk: 0, 1 = two cells before it, 2 .. w-3 = its cells, w-2, w-1 = two cells beyond.
 */
#include "base/isa.h"
#include "heddle/math.h"
#include "solvers/traffic/relax.h"
#include "solvers/traffic/traffic_physics.h"
#include "solvers/traffic/traffic_step.h"

enum { H = TRAFFIC_HALO, W = TRAFFIC_CHUNK + 2 * H, NC = TRAFFIC_CLASSES };

/* Only the first n rows are ever touched. */
typedef struct chunk {
  double rho[NC][W], y[NC][W], v[NC][W], pressure[NC][W], slope[NC][W];
  double top[NC][W];                        /* largest speed during the next relaxation */
  double low[W], high[W];                   /* characteristic speeds */
  double flux[NC][W], marker_flux[NC][W];   /* at the face right of cell i */
  double gain[NC][W];                       /* change of y by relaxation */
} chunk;

/* Elementwise over the chunks of a block; reduced once. */
typedef struct gathered {
  double fastest[TRAFFIC_CHUNK], rho_min[TRAFFIC_CHUNK], rho_max[TRAFFIC_CHUNK], crowd[TRAFFIC_CHUNK], v_min[TRAFFIC_CHUNK];
  double gain[NC][TRAFFIC_CHUNK];
} gathered;

/* ---- pressures: one loop per exponent ------------------------------------------------------------------------------- */

HD_FN void pressure_row(const traffic_model *m, int n, int i, traffic_power power, chunk *k, int from, int to) {
  double *restrict pressure = k->pressure[i], *restrict slope = k->slope[i];
  for (int j = from; j < to; j++) {
    double rho[NC], less;
    for (int c = 0; c < n; c++) rho[c] = k->rho[c][j];
    pressure[j] = m->pressure[i] * traffic_to_the(traffic_felt(m, n, i, rho), power, m->exponent[i], &less);
    slope[j] = m->pressure[i] * m->exponent[i] * m->per_jam * less;
  }
}

HD_FN void pressure_rows_of(const traffic_model *m, int n, chunk *k, int from, int to) {
  for (int i = 0; i < n; i++) {
    switch (m->power[i]) {
      case TRAFFIC_1: pressure_row(m, n, i, TRAFFIC_1, k, from, to); break;
      case TRAFFIC_1_5: pressure_row(m, n, i, TRAFFIC_1_5, k, from, to); break;
      case TRAFFIC_2: pressure_row(m, n, i, TRAFFIC_2, k, from, to); break;
      case TRAFFIC_2_5: pressure_row(m, n, i, TRAFFIC_2_5, k, from, to); break;
      case TRAFFIC_3: pressure_row(m, n, i, TRAFFIC_3, k, from, to); break;
      default: pressure_row(m, n, i, TRAFFIC_ANY, k, from, to); break;
    }
  }
}

/* A function of its own, so that the code of pow is there once for each number of classes. */
static __attribute__((noinline)) void pressure_rows(const traffic_model *m, chunk *k, int from, int to) {
  if (m->n == 1) pressure_rows_of(m, 1, k, from, to);
  else if (m->n == 2) pressure_rows_of(m, 2, k, from, to);
  else pressure_rows_of(m, m->n, k, from, to);
}

/* ---- relaxation and speeds ------------------------------------------------------------------------------------------ */

/* y relaxes for half a step if `relaxing`; then v and the characteristic speeds of the state reached. If `safe`, they
 * bound those met while relaxation moves v towards Ve in the next step. */
HD_FN void speed_rows(const traffic_model *m, int n, bool relaxing, bool safe, const double *const *span,
                      const double *decay, chunk *k, int from, int to) {
  for (int j = from; j < to; j++) {
    double rho[NC], slope[NC], v[NC], up[NC], down[NC], low, high, other;
    for (int c = 0; c < n; c++) rho[c] = k->rho[c][j];
    double occupancy = traffic_occupancy(m, n, rho);
    for (int c = 0; c < n; c++) {
      double pressure = k->pressure[c][j], ve = traffic_equilibrium(m->creep[c], span[c][j], occupancy), y = k->y[c][j];
      if (relaxing) {
        double relaxed = traffic_relax(y, rho[c] * (ve + pressure), decay[c]);
        k->gain[c][j] = safe ? k->gain[c][j] + (relaxed - y) : relaxed - y;
        k->y[c][j] = y = relaxed;
      }
      bool here = rho[c] > m->vacuum;
      double speed = y / (here ? rho[c] : 1) - pressure;
      v[c] = here ? speed : 0;
      up[c] = here ? traffic_max(speed, ve) : 0;
      down[c] = here ? traffic_min(speed, ve) : 0;
      slope[c] = k->slope[c][j];
      k->v[c][j] = v[c];
      k->top[c][j] = safe ? up[c] : v[c];
    }
    if (safe) {
      traffic_speeds(m, n, rho, up, slope, &other, &high);
      traffic_speeds(m, n, rho, down, slope, &low, &other);
    } else {
      traffic_speeds(m, n, rho, v, slope, &low, &high);
    }
    k->low[j] = low;
    k->high[j] = high;
  }
}

/* The rightgoing bound a+ of the face between cells j and j + 1, with the vacuum rule: where a class has no cell ahead,
 * its front runs at the marker less the pressure met there. */
HD_FN double rightgoing(const traffic_model *m, int n, const chunk *k, int j) {
  double right = traffic_max(traffic_max(k->high[j], k->high[j + 1]), 0);
  for (int c = 0; c < n; c++) {
    double front = k->top[c][j] + k->pressure[c][j] - k->pressure[c][j + 1];
    bool discharge = (k->rho[c][j] > m->vacuum) & !(k->rho[c][j + 1] > m->vacuum);
    right = traffic_max(right, discharge ? front : 0);
  }
  return right;
}

HD_FN double leftgoing(const chunk *k, int j) { return traffic_min(traffic_min(k->low[j], k->low[j + 1]), 0); }

/* ---- fluxes and update ---------------------------------------------------------------------------------------------- */

HD_FN void faces(const traffic_model *m, int n, chunk *k, int from, int to) {
  for (int j = from; j < to; j++) {
    double right = rightgoing(m, n, k, j), left = leftgoing(k, j), weight = traffic_weight(right, left);
    for (int c = 0; c < n; c++) {
      double ahead = traffic_ahead(right, left, weight, k->v[c][j]), back = traffic_back(right, left, weight, k->v[c][j + 1]);
      k->flux[c][j] = ahead * k->rho[c][j] - back * k->rho[c][j + 1];
      k->marker_flux[c][j] = ahead * k->y[c][j] - back * k->y[c][j + 1];
    }
  }
}

HD_FN void update(int n, double ratio, chunk *k, int from, int to) {
  for (int c = 0; c < n; c++) {
    for (int j = from; j < to; j++) {
      k->rho[c][j] = k->rho[c][j] - ratio * (k->flux[c][j] - k->flux[c][j - 1]);
      k->y[c][j] = k->y[c][j] - ratio * (k->marker_flux[c][j] - k->marker_flux[c][j - 1]);
    }
  }
}

/* ---- ends of the road ----------------------------------------------------------------------------------------------- */

/* The cell beyond the road at local index `at`, `inner` being the last one on it. */
HD_FN void ghost(int n, const traffic_end *end, chunk *k, int at, int inner) {
  bool copy = end->kind == TRAFFIC_OPEN || end->kind == TRAFFIC_WALL;
  for (int c = 0; c < n; c++) {
    k->rho[c][at] = copy ? k->rho[c][inner] : end->rho[c];
    k->y[c][at] = copy ? k->y[c][inner] : end->y[c];
    k->v[c][at] = copy ? k->v[c][inner] : end->v[c];
    k->top[c][at] = copy ? k->top[c][inner] : end->v[c];
    k->pressure[c][at] = copy ? k->pressure[c][inner] : end->pressure[c];
  }
  k->low[at] = copy ? k->low[inner] : end->low;
  k->high[at] = copy ? k->high[inner] : end->high;
}

/* Where the chunk touches the ends of its link. */
typedef struct touch { const traffic_end *left, *right; } touch;

HD_FN void ghosts(int n, touch ends, chunk *k, int w) {
  if (ends.left) ghost(n, ends.left, k, H - 1, H);
  if (ends.right) ghost(n, ends.right, k, w - H, w - H - 1);
}

HD_FN void end_flux(int n, const traffic_end *end, int side, chunk *k, int face, traffic_report *report) {
  for (int c = 0; c < n; c++) {
    if (end->kind == TRAFFIC_WALL) k->flux[c][face] = k->marker_flux[c][face] = 0;
    report->flux[side][c] = k->flux[c][face];
    report->marker_flux[side][c] = k->marker_flux[c][face];
  }
}

/* ---- what a block reports ------------------------------------------------------------------------------------------- */

HD_FN void gather(const traffic_model *m, int n, bool source, const chunk *k, int w, gathered *g) {
  int count = w - 2 * H;
  for (int q = 0; q < count; q++) {
    int j = q + H;
    double fastest = rightgoing(m, n, k, j - 1) - leftgoing(k, j), crowd = 0;
    double rho_min = g->rho_min[q], rho_max = g->rho_max[q], v_min = g->v_min[q];
    for (int c = 0; c < n; c++) {
      double rho = k->rho[c][j];
      rho_min = traffic_min(rho, rho_min);
      rho_max = traffic_max(rho, rho_max);
      v_min = traffic_min(rho > m->vacuum ? k->v[c][j] : v_min, v_min);
      crowd += rho;
      if (source) g->gain[c][q] += k->gain[c][j];
    }
    g->fastest[q] = traffic_max(fastest, g->fastest[q]);
    g->rho_min[q] = rho_min;
    g->rho_max[q] = rho_max;
    g->v_min[q] = v_min;
    g->crowd[q] = traffic_max(crowd * m->per_jam, g->crowd[q]);
  }
}

static void gathered_clear(gathered *g, int n, int count) {
  for (int q = 0; q < count; q++) {
    g->fastest[q] = g->rho_max[q] = g->crowd[q] = 0;
    g->rho_min[q] = g->v_min[q] = __builtin_inf();
    for (int c = 0; c < n; c++) g->gain[c][q] = 0;
  }
}

/* Halving: the same tree whatever the vector width. */
#define REDUCE(name, expression)                                                                                       \
  static double name(double *a, int count) {                                                                           \
    while (count > 1) {                                                                                                \
      int half = (count + 1) / 2;                                                                                      \
      for (int i = 0; i < count - half; i++) {                                                                         \
        double l = a[i], r = a[i + half];                                                                              \
        a[i] = expression;                                                                                             \
      }                                                                                                                \
      count = half;                                                                                                    \
    }                                                                                                                  \
    return a[0];                                                                                                       \
  }
REDUCE(largest_of, l > r ? l : r)
REDUCE(smallest_of, l < r ? l : r)
REDUCE(sum_of, l + r)

static void conclude(gathered *g, int n, int count, traffic_report *report) {
  report->fastest = largest_of(g->fastest, count);
  report->density_min = smallest_of(g->rho_min, count);
  report->density_max = largest_of(g->rho_max, count);
  report->occupancy_max = largest_of(g->crowd, count);
  report->speed_min = smallest_of(g->v_min, count);
  for (int c = 0; c < n; c++) report->source[c] = sum_of(g->gain[c], count);
}

/* Any number of the chunk that is not finite. Exponent bits all set is what both kinds have. */
static bool finite(const chunk *k, int n, int w) {
  uint64_t bad = 0;
  for (int j = H; j < w - H; j++) {
    double sum = 0;
    for (int c = 0; c < n; c++) sum += k->rho[c][j] + k->y[c][j];
    bad |= ((hd_bits_of(sum) & 0x7fffffffffffffffu) + 0x0010000000000000u) >> 63;
  }
  return !bad;
}

/* The state in memory is still the one before the step. */
static void blame(const traffic_run *c, const chunk *k, int64_t first, int w, traffic_report *report) {
  for (int j = H; report->bad_cell < 0 && j < w - H; j++) {
    for (int i = 0; report->bad_cell < 0 && i < c->model.n; i++) {
      if (hd_is_finite(k->rho[i][j] + k->y[i][j])) continue;
      report->bad_cell = first + j - H;
      report->bad_class = i;
      report->bad_rho = c->rho[i * c->cells + first + j - H];
      report->bad_y = c->y[i * c->cells + first + j - H];
    }
  }
}

/* ---- a block -------------------------------------------------------------------------------------------------------- */

/* Old cells left of the chunk and right of the block. */
typedef struct margins { double left_rho[NC][H], left_y[NC][H], right_rho[NC][H], right_y[NC][H]; } margins;

static void block_margins(const traffic_run *c, int64_t block, margins *out) {
  int64_t before = block ? block - 1 : c->blocks - 1, after = block + 1 < c->blocks ? block + 1 : 0;   /* as on a ring */
  const traffic_edges *l = &c->edges[c->turn][before], *r = &c->edges[c->turn][after];
  for (int i = 0; i < c->model.n; i++) {
    for (int d = 0; d < H; d++) {
      out->left_rho[i][H - 1 - d] = l->rho[1][d][i];
      out->left_y[i][H - 1 - d] = l->y[1][d][i];
      out->right_rho[i][d] = r->rho[0][d][i];
      out->right_y[i][d] = r->y[0][d][i];
    }
  }
}

/* Copies the chunk of cells first .. first + count - 1 with its margins; `room` is what is left of the block. */
HD_FN void load(const traffic_run *c, int n, int64_t first, int count, int64_t room, margins *edge, chunk *k) {
  for (int i = 0; i < n; i++) {
    const double *restrict rho = c->rho + i * c->cells + first, *restrict y = c->y + i * c->cells + first;
    double *restrict r = k->rho[i] + H, *restrict q = k->y[i] + H;
    int inside = room - count < H ? (int)room : count + H;
    for (int j = 0; j < inside; j++) {
      r[j] = rho[j];
      q[j] = y[j];
    }
    for (int j = inside; j < count + H; j++) {
      r[j] = edge->right_rho[i][j - room];
      q[j] = edge->right_y[i][j - room];
    }
    for (int d = 0; d < H; d++) {
      k->rho[i][d] = edge->left_rho[i][d];
      k->y[i][d] = edge->left_y[i][d];
    }
    for (int d = 0; d < H; d++) {           /* for the next chunk */
      edge->left_rho[i][d] = k->rho[i][count + d];
      edge->left_y[i][d] = k->y[i][count + d];
    }
  }
}

HD_FN void store(const traffic_run *c, int n, int64_t first, int count, const chunk *k) {
  for (int i = 0; i < n; i++) {
    double *restrict rho = c->rho + i * c->cells + first, *restrict y = c->y + i * c->cells + first;
    for (int j = 0; j < count; j++) {
      rho[j] = k->rho[i][j + H];
      y[j] = k->y[i][j + H];
    }
  }
}

typedef enum task { STEP, BOUND } task;

HD_FN void block_work(const traffic_run *c, int n, bool source, task what, int64_t block) {
  const traffic_model *m = &c->model;
  traffic_report *report = &c->report[block];
  int64_t first = c->first[block], end = c->first[block + 1];
  bool ring = c->link.end[0].kind == TRAFFIC_RING;
  double ratio = c->dt / c->link.dx;
  chunk k;
  gathered g;
  margins edge;
  int lanes = end - first < TRAFFIC_CHUNK ? (int)(end - first) : TRAFFIC_CHUNK;
  gathered_clear(&g, n, lanes);
  report->bad_cell = -1;
  block_margins(c, block, &edge);
  for (int64_t at = first, number = c->first_chunk[block]; at < end; at += TRAFFIC_CHUNK, number++) {
    int count = end - at < TRAFFIC_CHUNK ? (int)(end - at) : TRAFFIC_CHUNK, w = count + 2 * H;
    const double *const *span = c->span + number * n;
    touch ends = {ring || at > 0 ? NULL : &c->link.end[0], ring || at + count < c->cells ? NULL : &c->link.end[1]};
    load(c, n, at, count, end - at, &edge, &k);
    pressure_rows(m, &k, 0, w);
    if (what == STEP) {
      speed_rows(m, n, source, false, span, c->decay, &k, 0, w);
      ghosts(n, ends, &k, w);
      if (c->faces) c->faces(m, &k.rho[0][0], &k.y[0][0], &k.flux[0][0], &k.marker_flux[0][0], w - 1);
      else faces(m, n, &k, 0, w - 1);
      if (at == 0) end_flux(n, &c->link.end[0], 0, &k, H - 1, report);
      if (at + count == c->cells) end_flux(n, &c->link.end[1], 1, &k, w - H - 1, report);
      update(n, ratio, &k, 1, w - 1);
      pressure_rows(m, &k, 1, w - 1);
    }
    speed_rows(m, n, source && what == STEP, source, span, c->decay, &k, 1, w - 1);
    ghosts(n, ends, &k, w);
    gather(m, n, source && what == STEP, &k, w, &g);
    if (ends.right && ends.right->kind == TRAFFIC_FREE) g.fastest[0] = traffic_max(g.fastest[0], rightgoing(m, n, &k, w - H - 1));
    if (what == STEP) {
      if (report->bad_cell < 0 && !finite(&k, n, w)) blame(c, &k, at, w, report);
      store(c, n, at, count, &k);
    }
  }
  conclude(&g, n, lanes, report);
  traffic_edges_of(c, block, &c->edges[what == STEP ? !c->turn : c->turn][block]);
}

HD_FN void any_classes(const traffic_run *c, task what, int64_t block) {
  switch (c->model.n * 2 + c->sources) {
    case 2: block_work(c, 1, false, what, block); break;
    case 3: block_work(c, 1, true, what, block); break;
    case 4: block_work(c, 2, false, what, block); break;
    case 5: block_work(c, 2, true, what, block); break;
    default: block_work(c, c->model.n, c->sources, what, block); break;
  }
}

hd_status HD_ISA(traffic_sweep)(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  any_classes(run->self, STEP, block);
  return HD_OK;
}

hd_status HD_ISA(traffic_bound)(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  any_classes(run->self, BOUND, block);
  return HD_OK;
}
