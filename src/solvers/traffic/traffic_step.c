/* The first-order step over blocks, fused: half a relaxation, face fluxes, update, half a relaxation, and the speed bound
 * that the next step needs, in one pass over chunks that stay in the first-level cache (sections 4.2 and 4.4).
 *
 * Compiled once per x86-64 level. The state is updated in place: a chunk saves the old cells its right neighbour needs,
 * and blocks see each other through copies of their outermost cells, read from one array and written to another, so that
 * no block waits. The bound of a chunk's own faces needs the new state of the cell beyond each end; it is computed twice,
 * by both neighbours, from the same numbers in the same way: the same bits.
 *
 * Local indices of a chunk: its cells begin at F = 16, two cells before and two beyond come with them. Loops run from B = 8
 * to a multiple of 8, on whole vectors that lie on cache lines. What they meet outside are copies, computed along with
 * the rest and never looked at.
 */
#include "base/isa.h"
#include "heddle/math.h"
#include "solvers/traffic/relax.h"
#include "solvers/traffic/traffic_physics.h"
#include "solvers/traffic/traffic_step.h"

#define NOINLINE __attribute__((noinline))

enum { H = TRAFFIC_HALO, B = 8, F = TRAFFIC_FIRST, W = TRAFFIC_SPAN, NC = TRAFFIC_CLASSES };

/* Only the first n rows are ever touched. */
typedef struct chunk {
  _Alignas(64) double rho[NC][W];
  double y[NC][W], v[NC][W], pressure[NC][W], slope[NC][W];
  double top[NC][W];                      /* largest speed during the next relaxation */
  double low[W], high[W];                 /* characteristic speeds */
  double flux[NC][W], marker_flux[NC][W]; /* at the face right of cell i */
  double gain[NC][W];                     /* change of y by relaxation */
} chunk;

/* Elementwise over the chunks of a block; reduced once. */
typedef struct gathered {
  double fastest[TRAFFIC_CHUNK], rho_min[TRAFFIC_CHUNK], rho_max[TRAFFIC_CHUNK], crowd[TRAFFIC_CHUNK],
      v_min[TRAFFIC_CHUNK];
  double gain[NC][TRAFFIC_CHUNK];
} gathered;

/* ---- pressures: one loop per exponent --------------------------------------------------------------------------- */

HD_FN void pressure_row(const traffic_model *restrict m, int n, int i, traffic_power power, chunk *restrict k, int to) {
  for (int j = B; j < to; j++) {
    double rho[NC], less;
    for (int c = 0; c < n; c++) rho[c] = k->rho[c][j];
    k->pressure[i][j] = m->pressure[i] * traffic_to_the(traffic_felt(m, n, i, rho), power, m->exponent[i], &less);
    k->slope[i][j] = m->pressure[i] * m->exponent[i] * m->per_jam * less;
  }
}

/* For exponents other than 1; those are computed where they are needed. */
HD_FN void pressure_rows(const traffic_model *restrict m, int n, chunk *restrict k, int to) {
  for (int i = 0; i < n; i++) {
    switch (m->power[i]) {
      case TRAFFIC_1: pressure_row(m, n, i, TRAFFIC_1, k, to); break;
      case TRAFFIC_1_5: pressure_row(m, n, i, TRAFFIC_1_5, k, to); break;
      case TRAFFIC_2: pressure_row(m, n, i, TRAFFIC_2, k, to); break;
      case TRAFFIC_2_5: pressure_row(m, n, i, TRAFFIC_2_5, k, to); break;
      case TRAFFIC_3: pressure_row(m, n, i, TRAFFIC_3, k, to); break;
      default: pressure_row(m, n, i, TRAFFIC_ANY, k, to); break;
    }
  }
}

/* ---- update, relaxation, speeds: one loop ------------------------------------------------------------------------ */

/* What a loop over cells does; every combination that occurs is a loop of its own. */
enum {
  LINEAR = 1, /* all exponents are 1: pressures are computed here */
  UPDATE = 2, /* first the new state from the fluxes */
  RELAX = 4,  /* then half a step of relaxation */
  SAFE = 8,   /* speeds bound those met while relaxation moves v towards Ve in the next step */
  DENSE = 16  /* no class is absent anywhere: no selects. The same bits, sooner */
};

/* Returns with its highest bit set if a number is not finite: infinities and NaN have all exponent bits set. */
HD_FN uint64_t cell_row(const traffic_model *restrict m, int n, int what, double ratio, const double *const *span,
                        const double *restrict decay_of, chunk *restrict k, int to) {
  const double *along[NC];
  double decay[NC];
  uint64_t bad = 0;
  for (int c = 0; c < n; c++) {
    along[c] = span[c];
    decay[c] = decay_of[c];
  }
  for (int j = B; j < to; j++) {
    double rho[NC], y[NC], pressure[NC], slope[NC], ve[NC], w[NC], v[NC], up[NC], down[NC], low, high, other, sum = 0;
    for (int c = 0; c < n; c++) {
      rho[c] = k->rho[c][j];
      y[c] = k->y[c][j];
      if (what & UPDATE) {
        k->rho[c][j] = rho[c] = rho[c] - ratio * (k->flux[c][j] - k->flux[c][j - 1]);
        y[c] = y[c] - ratio * (k->marker_flux[c][j] - k->marker_flux[c][j - 1]);
        sum = sum + (rho[c] + y[c]);
      }
    }
    if (what & UPDATE) bad |= (hd_bits_of(sum) & 0x7fffffffffffffffu) + 0x0010000000000000u;
    double occupancy = traffic_occupancy(m, n, rho);
    for (int c = 0; c < n; c++) {
      ve[c] = traffic_equilibrium(m->creep[c], along[c][j], occupancy);
      if (what & LINEAR) {
        k->pressure[c][j] = pressure[c] = m->pressure[c] * traffic_felt(m, n, c, rho);
        slope[c] = m->pressure[c] * m->exponent[c] * m->per_jam;
      } else {
        pressure[c] = k->pressure[c][j];
        slope[c] = k->slope[c][j];
      }
      if (what & RELAX) {
        double relaxed = traffic_relax(y[c], rho[c] * (ve[c] + pressure[c]), decay[c]);
        k->gain[c][j] = what & SAFE ? k->gain[c][j] + (relaxed - y[c]) : relaxed - y[c];
        y[c] = relaxed;
      } else if (what & SAFE) {
        k->gain[c][j] = 0;
      }
      if (what & (UPDATE | RELAX)) k->y[c][j] = y[c];
    }
    traffic_markers(m, n, what & DENSE, rho, y, w);
    for (int c = 0; c < n; c++) {
      uint64_t here = traffic_present_in(m, what & DENSE, rho[c]);
      k->v[c][j] = v[c] = traffic_keep(here, w[c] - pressure[c]);
      up[c] = traffic_keep(here, traffic_max(v[c], ve[c]));
      down[c] = traffic_keep(here, traffic_min(v[c], ve[c]));
      if (what & SAFE) k->top[c][j] = up[c];
    }
    if (what & SAFE) {
      traffic_speeds_in(m, n, what & DENSE, rho, up, slope, &other, &high);
      traffic_speeds_in(m, n, what & DENSE, rho, down, slope, &low, &other);
    } else {
      traffic_speeds_in(m, n, what & DENSE, rho, v, slope, &low, &high);
    }
    k->low[j] = low;
    k->high[j] = high;
  }
  return bad;
}

/* The rightgoing bound a+ of the face between cells j and j + 1, with the vacuum rule: where a class has no cell ahead,
 * its front runs at the marker less the pressure met there. `fastest` is the row of speeds that count. */
HD_FN double rightgoing(const traffic_model *m, int n, bool dense, const chunk *k, const double (*fastest)[W], int j) {
  double right = traffic_max(traffic_max(k->high[j], k->high[j + 1]), 0);
  for (int c = 0; c < n && !dense; c++) {
    double front = fastest[c][j] + k->pressure[c][j] - k->pressure[c][j + 1];
    uint64_t discharge = traffic_present(m, k->rho[c][j]) & ~traffic_present(m, k->rho[c][j + 1]);
    right = traffic_max(right, traffic_keep(discharge, front));
  }
  return right;
}

HD_FN double leftgoing(const chunk *k, int j) { return traffic_min(traffic_min(k->low[j], k->low[j + 1]), 0); }

/* No class is absent from the cells with local indices from .. to - 1. */
HD_FN bool all_present(const traffic_model *restrict m, int n, const chunk *restrict k, int from, int to) {
  uint64_t absent = 0;
  for (int c = 0; c < n; c++)
    for (int j = from; j < to; j++) absent |= ~traffic_present(m, k->rho[c][j]);
  return !absent;
}

HD_FN void face_row(const traffic_model *restrict m, int n, bool dense, chunk *restrict k, int to) {
  for (int j = B; j < to; j++) {
    double right = rightgoing(m, n, dense, k, k->v, j), left = leftgoing(k, j), weight = traffic_weight(right, left);
    for (int c = 0; c < n; c++) {
      double ahead = traffic_ahead(right * weight, left, k->v[c][j]);
      double back = traffic_back(left * weight, right, k->v[c][j + 1]);
      k->flux[c][j] = ahead * k->rho[c][j] - back * k->rho[c][j + 1];
      k->marker_flux[c][j] = ahead * k->y[c][j] - back * k->y[c][j + 1];
    }
  }
}

/* The new state alone: where pressures have loops of their own. */
HD_FN uint64_t update_row(int n, double ratio, chunk *restrict k, int to) {
  uint64_t bad = 0;
  for (int c = 0; c < n; c++) {
    for (int j = B; j < to; j++) {
      double rho = k->rho[c][j] - ratio * (k->flux[c][j] - k->flux[c][j - 1]);
      double y = k->y[c][j] - ratio * (k->marker_flux[c][j] - k->marker_flux[c][j - 1]);
      bad |= (hd_bits_of(rho + y) & 0x7fffffffffffffffu) + 0x0010000000000000u;
      k->rho[c][j] = rho;
      k->y[c][j] = y;
    }
  }
  return bad;
}

/* ---- ends of the road -------------------------------------------------------------------------------------------- */

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
typedef struct touch {
  const traffic_end *left, *right;
} touch;

HD_FN void ghosts(int n, touch ends, chunk *k, int count) {
  if (ends.left) ghost(n, ends.left, k, F - 1, F);
  if (ends.right) ghost(n, ends.right, k, F + count, F + count - 1);
}

HD_FN void end_flux(int n, const traffic_end *end, int side, chunk *k, int face, traffic_report *report) {
  for (int c = 0; c < n; c++) {
    if (end->kind == TRAFFIC_WALL) k->flux[c][face] = k->marker_flux[c][face] = 0;
    report->flux[side][c] = k->flux[c][face];
    report->marker_flux[side][c] = k->marker_flux[c][face];
  }
}

/* ---- what a block reports ---------------------------------------------------------------------------------------- */

HD_FN void gather_row(const traffic_model *restrict m, int n, bool dense, bool source, const chunk *restrict k,
                      int count, gathered *restrict g) {
  for (int q = 0; q < count; q++) {
    int j = q + F;
    double fastest = rightgoing(m, n, dense, k, source ? k->top : k->v, j - 1) - leftgoing(k, j), crowd = 0;
    double rho_min = g->rho_min[q], rho_max = g->rho_max[q], v_min = g->v_min[q];
    for (int c = 0; c < n; c++) {
      double rho = k->rho[c][j];
      rho_min = traffic_min(rho, rho_min);
      rho_max = traffic_max(rho, rho_max);
      v_min = traffic_min(traffic_pick(traffic_present_in(m, dense, rho), k->v[c][j], v_min), v_min);
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

static void fill(double *at, int count, double value) {
  for (int q = 0; q < count; q++) at[q] = value;
}

static void gathered_clear(gathered *g, int n, int count) {
  fill(g->fastest, count, 0);
  fill(g->rho_max, count, 0);
  fill(g->crowd, count, 0);
  fill(g->rho_min, count, __builtin_inf());
  fill(g->v_min, count, __builtin_inf());
  for (int c = 0; c < n; c++) fill(g->gain[c], count, 0);
}

/* Sixteen lanes, then a fixed tree: the same order whatever the vector width. `count` is a multiple of 16. */
#define REDUCE(name, expression)                                                                                       \
  static double name(const double *a, int count) {                                                                     \
    double lane[16];                                                                                                   \
    for (int i = 0; i < 16; i++) lane[i] = a[i];                                                                       \
    for (int j = 16; j < count; j += 16) {                                                                             \
      for (int i = 0; i < 16; i++) {                                                                                   \
        double l = lane[i], r = a[j + i];                                                                              \
        lane[i] = expression;                                                                                          \
      }                                                                                                                \
    }                                                                                                                  \
    for (int half = 8; half; half /= 2) {                                                                              \
      for (int i = 0; i < half; i++) {                                                                                 \
        double l = lane[i], r = lane[i + half];                                                                        \
        lane[i] = expression;                                                                                          \
      }                                                                                                                \
    }                                                                                                                  \
    return lane[0];                                                                                                    \
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

/* The state in memory is still the one before the step. */
static void blame(const traffic_run *c, const chunk *k, int64_t first, int count, traffic_report *report) {
  for (int j = F; report->bad_cell < 0 && j < F + count; j++) {
    for (int i = 0; report->bad_cell < 0 && i < c->model.n; i++) {
      if (hd_is_finite(k->rho[i][j] + k->y[i][j])) continue;
      report->bad_cell = first + j - F;
      report->bad_class = i;
      report->bad_rho = c->rho[i * c->cells + first + j - F];
      report->bad_y = c->y[i * c->cells + first + j - F];
    }
  }
}

/* ---- a block ----------------------------------------------------------------------------------------------------- */

/* Old cells left of the chunk and right of the block. */
typedef struct margins {
  double left_rho[NC][H], left_y[NC][H], right_rho[NC][H], right_y[NC][H];
} margins;

static void block_margins(const traffic_run *c, int64_t block, margins *out) {
  int64_t before = block ? block - 1 : c->blocks - 1, after = block + 1 < c->blocks ? block + 1 : 0; /* as on a ring */
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

/* Copies the chunk of cells first .. first + count - 1 with its margins; `room` is what is left of the block, `to` the end
 * of the local indices in use. */
static void load(const traffic_run *c, int64_t first, int count, int64_t room, margins *edge, chunk *k, int to) {
  int inside = room - count < H ? (int)room : count + H;
  for (int i = 0; i < c->model.n; i++) {
    const double *restrict rho = c->rho + i * c->cells + first, *restrict y = c->y + i * c->cells + first;
    double *restrict r = k->rho[i] + F, *restrict q = k->y[i] + F;
    for (int j = 0; j < inside; j++) {
      r[j] = rho[j];
      q[j] = y[j];
    }
    for (int j = inside; j < count + H; j++) {
      r[j] = edge->right_rho[i][j - room];
      q[j] = edge->right_y[i][j - room];
    }
    for (int d = 0; d < H; d++) {
      r[d - H] = edge->left_rho[i][d];
      q[d - H] = edge->left_y[i][d];
    }
    for (int j = count + H; j <= to - F; j++) { /* copies: present where the outermost cell is */
      r[j] = r[count + H - 1];
      q[j] = q[count + H - 1];
    }
    for (int j = B - F; j < -H; j++) {
      r[j] = r[-H];
      q[j] = q[-H];
    }
    k->v[i][to] = k->pressure[i][to] = k->flux[i][B - 1] = k->marker_flux[i][B - 1] = 0; /* beside the last cells */
    for (int d = 0; d < H; d++) {
      edge->left_rho[i][d] = k->rho[i][F + count + d - H]; /* for the next chunk */
      edge->left_y[i][d] = k->y[i][F + count + d - H];
    }
  }
  k->low[to] = k->high[to] = 0;
}

static void store(const traffic_run *c, int64_t first, int count, const chunk *k) {
  for (int i = 0; i < c->model.n; i++) {
    double *restrict rho = c->rho + i * c->cells + first, *restrict y = c->y + i * c->cells + first;
    for (int j = 0; j < count; j++) {
      rho[j] = k->rho[i][j + F];
      y[j] = k->y[i][j + F];
    }
  }
}

typedef enum task { STEP, BOUND } task;

/* ---- the loops as functions: n is a constant in those for one and two classes ------------------------------------- */

typedef struct pass {
  const traffic_model *m;
  double ratio;
  const double *const *span;
  const double *decay;
  int count, to;
} pass;

typedef struct loops {
  bool (*dense)(const pass *p, int from, int to, const chunk *k);  /* no class is absent from these cells */
  void (*first)(const pass *p, bool source, bool dense, chunk *k); /* half a relaxation; speeds */
  void (*faces)(const pass *p, bool dense, chunk *k);
  uint64_t (*second)(const pass *p, bool source, chunk *k); /* update, half a relaxation; next speeds */
  void (*bound)(const pass *p, bool source, chunk *k);      /* next speeds, of a state that stays */
  void (*gather)(const pass *p, bool source, const chunk *k, gathered *g);
} loops;

#define ROW(n, what) cell_row(p->m, n, what, p->ratio, p->span, p->decay, k, p->to)
#define LOOPS(tag, n)                                                                                                  \
  static NOINLINE bool dense_##tag(const pass *p, int from, int to, const chunk *k) {                                  \
    return all_present(p->m, n, k, from, to);                                                                          \
  }                                                                                                                    \
  static NOINLINE void pressures_##tag(const pass *p, chunk *k) { pressure_rows(p->m, n, k, p->to); }                  \
  static NOINLINE void first_lin_##tag(const pass *p, bool source, bool dense, chunk *k) {                             \
    if (source && dense) ROW(n, LINEAR | RELAX | DENSE);                                                               \
    else if (source) ROW(n, LINEAR | RELAX);                                                                           \
    else ROW(n, LINEAR);                                                                                               \
  }                                                                                                                    \
  static NOINLINE void first_any_##tag(const pass *p, bool source, bool dense, chunk *k) {                             \
    pressures_##tag(p, k);                                                                                             \
    if (source && dense) ROW(n, RELAX | DENSE);                                                                        \
    else if (source) ROW(n, RELAX);                                                                                    \
    else ROW(n, 0);                                                                                                    \
  }                                                                                                                    \
  static NOINLINE void faces_##tag(const pass *p, bool dense, chunk *k) {                                              \
    if (dense) face_row(p->m, n, true, k, p->to);                                                                      \
    else face_row(p->m, n, false, k, p->to);                                                                           \
  }                                                                                                                    \
  static NOINLINE uint64_t second_lin_##tag(const pass *p, bool source, chunk *k) {                                    \
    return source ? ROW(n, LINEAR | UPDATE | RELAX | SAFE) : ROW(n, LINEAR | UPDATE);                                  \
  }                                                                                                                    \
  static NOINLINE uint64_t second_any_##tag(const pass *p, bool source, chunk *k) {                                    \
    uint64_t bad = update_row(n, p->ratio, k, p->to);                                                                  \
    pressures_##tag(p, k);                                                                                             \
    if (source) ROW(n, RELAX | SAFE);                                                                                  \
    else ROW(n, 0);                                                                                                    \
    return bad;                                                                                                        \
  }                                                                                                                    \
  static NOINLINE void bound_lin_##tag(const pass *p, bool source, chunk *k) {                                         \
    if (source) ROW(n, LINEAR | SAFE);                                                                                 \
    else ROW(n, LINEAR);                                                                                               \
  }                                                                                                                    \
  static NOINLINE void bound_any_##tag(const pass *p, bool source, chunk *k) {                                         \
    pressures_##tag(p, k);                                                                                             \
    if (source) ROW(n, SAFE);                                                                                          \
    else ROW(n, 0);                                                                                                    \
  }                                                                                                                    \
  static NOINLINE void gather_##tag(const pass *p, bool source, const chunk *k, gathered *g) {                         \
    bool dense = all_present(p->m, n, k, F - 1, F + p->count + 1);                                                     \
    if (source && dense) gather_row(p->m, n, true, true, k, p->count, g);                                              \
    else if (source) gather_row(p->m, n, false, true, k, p->count, g);                                                 \
    else gather_row(p->m, n, false, false, k, p->count, g);                                                            \
  }                                                                                                                    \
  static loops loops_##tag(bool linear) {                                                                              \
    return linear                                                                                                      \
               ? (loops){dense_##tag, first_lin_##tag, faces_##tag, second_lin_##tag, bound_lin_##tag, gather_##tag}   \
               : (loops){dense_##tag, first_any_##tag, faces_##tag, second_any_##tag, bound_any_##tag, gather_##tag};  \
  }
LOOPS(1, 1)
LOOPS(2, 2)
LOOPS(n, p->m->n)

static loops loops_of(const traffic_model *m) {
  bool linear = true;
  for (int i = 0; i < m->n; i++) linear &= m->power[i] == TRAFFIC_1;
  return m->n == 1 ? loops_1(linear) : m->n == 2 ? loops_2(linear) : loops_n(linear);
}

/* What a chunk is: cells at .. at + count - 1 of the road, and whether it touches its ends. */
typedef struct piece {
  int64_t at;
  int count;
  bool leftmost, rightmost;
  touch ends; /* that need ghost cells */
} piece;

/* The chunk one step on; false: not all of it is finite. */
static bool chunk_step(const traffic_run *c, const loops *use, const pass *p, const piece *q, chunk *k,
                       traffic_report *report) {
  int n = c->model.n;
  bool dense = use->dense(p, B, p->to + 1, k);
  use->first(p, c->sources, dense, k);
  ghosts(n, q->ends, k, q->count);
  dense = dense && (!(q->ends.left || q->ends.right) || use->dense(p, F - 1, F + q->count + 1, k));
  if (c->faces) {
    int from = F - H, faces = q->count + 2 * H - 1;
    c->faces(p->m, k->rho[0] + from, k->y[0] + from, k->flux[0] + from, k->marker_flux[0] + from, faces);
  } else {
    use->faces(p, dense, k);
  }
  if (q->leftmost) end_flux(n, &c->link.end[0], 0, k, F - 1, report);
  if (q->rightmost) end_flux(n, &c->link.end[1], 1, k, F + q->count - 1, report);
  return !(use->second(p, c->sources, k) >> 63);
}

static void block_work(const traffic_run *c, task what, int64_t block) {
  traffic_report *report = &c->report[block];
  int64_t first = c->first[block], end = c->first[block + 1];
  int n = c->model.n, lanes = end - first < TRAFFIC_CHUNK ? (int)(end - first + 15) / 16 * 16 : TRAFFIC_CHUNK;
  bool ring = c->link.end[0].kind == TRAFFIC_RING;
  loops use = loops_of(&c->model);
  chunk k;
  gathered g;
  margins edge;
  gathered_clear(&g, n, lanes);
  report->bad_cell = -1;
  block_margins(c, block, &edge);
  for (int64_t at = first, number = c->first_chunk[block]; at < end; at += TRAFFIC_CHUNK, number++) {
    int count = end - at < TRAFFIC_CHUNK ? (int)(end - at) : TRAFFIC_CHUNK;
    piece q = {.at = at, .count = count, .leftmost = at == 0, .rightmost = at + count == c->cells};
    if (!ring) q.ends = (touch){q.leftmost ? &c->link.end[0] : NULL, q.rightmost ? &c->link.end[1] : NULL};
    pass p = {&c->model, c->dt / c->link.dx, c->span + number * n, c->decay, count, (F + count + H + 7) / 8 * 8};
    load(c, at, count, end - at, &edge, &k, p.to);
    bool fine = true;
    if (what == STEP) fine = chunk_step(c, &use, &p, &q, &k, report);
    else use.bound(&p, c->sources, &k);
    ghosts(n, q.ends, &k, count);
    use.gather(&p, c->sources, &k, &g);
    if (q.ends.right && q.ends.right->kind == TRAFFIC_FREE)
      g.fastest[0] = traffic_max(g.fastest[0], rightgoing(p.m, n, false, &k, c->sources ? k.top : k.v, F + count - 1));
    if (what == BOUND) continue;
    if (!fine && report->bad_cell < 0) blame(c, &k, at, count, report);
    store(c, at, count, &k);
  }
  conclude(&g, n, lanes, report);
  traffic_edges_of(c, block, &c->edges[what == STEP ? !c->turn : c->turn][block]);
}

hd_status HD_ISA(traffic_sweep)(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  block_work(run->self, STEP, block);
  return HD_OK;
}

hd_status HD_ISA(traffic_bound)(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  block_work(run->self, BOUND, block);
  return HD_OK;
}
