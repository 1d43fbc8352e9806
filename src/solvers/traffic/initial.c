/* The state at the start: exact cell averages of what `initial` describes.
 *
 * A Riemann split inside a cell averages rho and y. A sine is averaged by its integral; a hump by ten-point
 * Gauss-Legendre quadrature on each cell, exact to rounding when the cell is no wider than the hump. Under `compat` it is
 * the value at the centre of the cell, as the predecessor takes it.
 */
#include "heddle/math.h"
#include "solvers/traffic/traffic.h"
#include "solvers/traffic/traffic_physics.h"

#include <string.h>

typedef struct start {
  const traffic *t;
  const traffic_model *m;
  double dx;
  hd_key key;
  bool points; /* values at centres instead of averages */
} start;

static double left_edge(const start *s, int64_t cell) {
  return s->t->road.start + s->t->road.length * ((double)cell / (double)s->t->road.cells);
}

static int category_of(const start *s, int64_t cell) {
  return s->t->initial.quality == INT64_MIN ? traffic_category_at(s->t, cell) : (int)s->t->initial.quality;
}

/* The same loads everywhere; states are evaluated anew only where the category changes. */
static void uniform(const start *s, const hd_items *loads, int64_t first, int64_t count, double *rho, double *y) {
  double r[TRAFFIC_CLASSES] = {0}, q[TRAFFIC_CLASSES] = {0};
  int now = -1;
  for (int64_t j = 0; j < count; j++) {
    int category = category_of(s, first + j);
    if (category != now) traffic_state_of(s->t, s->m, loads, now = category, r, q);
    for (int i = 0; i < s->m->n; i++) {
      rho[i * count + j] = r[i];
      y[i * count + j] = q[i];
    }
  }
}

static void riemann(const start *s, int64_t first, int64_t count, double *rho, double *y) {
  double r[2][TRAFFIC_CLASSES], q[2][TRAFFIC_CLASSES];
  for (int64_t j = 0; j < count; j++) {
    int category = traffic_category_at(s->t, first + j);
    double share = (s->t->initial.split - left_edge(s, first + j)) / s->dx; /* of the cell that is left */
    share = s->points ? (share > 0.5 ? 1 : 0) : hd_clamp(share, 0, 1);
    traffic_state_of(s->t, s->m, &s->t->initial.left, category, r[0], q[0]);
    traffic_state_of(s->t, s->m, &s->t->initial.right, category, r[1], q[1]);
    for (int i = 0; i < s->m->n; i++) {
      rho[i * count + j] = share >= 1 ? r[0][i] : share <= 0 ? r[1][i] : share * r[0][i] + (1 - share) * r[1][i];
      y[i * count + j] = share >= 1 ? q[0][i] : share <= 0 ? q[1][i] : share * q[0][i] + (1 - share) * q[1][i];
    }
  }
}

/* Mean of exp(-(x - c)^2/(2 width^2)) over [a, b]. */
static double mean_of_hump(double a, double b, double c, double width) {
  static const double node[5] = {0.14887433898163122, 0.43339539412924719, 0.67940956829902441, 0.86506336668898451,
                                 0.97390652851717172};
  static const double weight[5] = {0.29552422471475287, 0.26926671930999636, 0.21908636251598204, 0.14945134915058059,
                                   0.06667134430868814};
  double mid = 0.5 * (a + b), half = 0.5 * (b - a), sum = 0;
  for (int k = 0; k < 5; k++) {
    double l = (mid - half * node[k] - c) / width, r = (mid + half * node[k] - c) / width;
    sum += weight[k] * (hd_exp(-0.5 * l * l) + hd_exp(-0.5 * r * r));
  }
  return 0.5 * sum;
}

/* The marker of the background; of a class that is absent from it, that of its equilibrium there. */
static double background_marker(const start *s, int64_t cell, int i) {
  double r[TRAFFIC_CLASSES] = {0}, q[TRAFFIC_CLASSES] = {0}, pressure[TRAFFIC_CLASSES] = {0}, slope[TRAFFIC_CLASSES];
  traffic_state_of(s->t, s->m, &s->t->initial.background, category_of(s, cell), r, q);
  if (r[i] > 0) return q[i] / r[i];
  traffic_pressures(s->m, s->m->n, r, pressure, slope);
  double span = s->m->free[i][category_of(s, cell)] - s->m->creep[i];
  return traffic_equilibrium(s->m->creep[i], span, traffic_occupancy(s->m, s->m->n, r)) + pressure[i];
}

static void hump(const start *s, int64_t first, int64_t count, double *rho, double *y) {
  const traffic *t = s->t;
  uniform(s, &t->initial.background, first, count, rho, y);
  for (int64_t k = 0; k < t->initial.peak.count; k++) {
    int i = 0;
    while (i < s->m->n && strcmp(t->classes.name[i], t->initial.peak.name[k]) != 0) i++;
    if (i == s->m->n) continue;
    double peak = ((const double *)t->initial.peak.item)[k];
    for (int64_t j = 0; j < count; j++) {
      double *r = &rho[i * count + j], w = background_marker(s, first + j, i);
      double a = left_edge(s, first + j), b = left_edge(s, first + j + 1);
      if (s->points) a = b = 0.5 * (a + b);
      *r = *r + (peak - *r) * mean_of_hump(a, b, t->initial.centre, t->initial.width);
      y[i * count + j] = *r * w;
    }
  }
}

static void waves(const start *s, int64_t first, int64_t count, double *rho, double *y) {
  const traffic *t = s->t;
  uniform(s, &t->initial.background, first, count, rho, y);
  for (int64_t j = 0; j < count; j++) {
    for (int i = 0; i < s->m->n; i++) {
      const traffic_wave *wave = t->initial.waves.item;
      double added = 0;
      for (int64_t k = 0; k < t->initial.waves.count; k++, wave++) {
        if (wave->index != i) continue;
        /* mean of sin(2 pi number x + phase) over the cell, x from 0 to 1: sin at its centre times sinc of its width */
        double per_cell = wave->number / (double)t->road.cells, centre = ((double)(first + j) + 0.5) * per_cell;
        double sinc = s->points ? 1 : hd_sinpi(per_cell) / (HD_PI * per_cell);
        added += wave->amplitude * sinc * hd_sinpi(2 * centre + wave->phase / HD_PI);
      }
      if (added == 0) continue;
      double w = background_marker(s, first + j, i);
      rho[i * count + j] = rho[i * count + j] + added;
      y[i * count + j] = rho[i * count + j] * w;
    }
  }
}

/* purposes of the random stream "initial" */
enum { ABSENT, AMOUNT, PACE };

static void random_cells(const start *s, int64_t first, int64_t count, double *rho, double *y) {
  const traffic_model *m = s->m;
  for (int64_t j = 0; j < count; j++) {
    uint64_t cell = (uint64_t)(first + j);
    int category = traffic_category_at(s->t, first + j);
    double r[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
    for (int i = 0; i < m->n; i++) {
      bool absent = hd_uniform(s->key, cell, ABSENT, 0, (uint32_t)i) < s->t->initial.empty;
      r[i] = absent ? 0 : hd_uniform(s->key, cell, AMOUNT, 0, (uint32_t)i) * m->jam / m->n;
    }
    traffic_pressures(m, m->n, r, pressure, slope);
    for (int i = 0; i < m->n; i++) {
      double v = hd_uniform(s->key, cell, PACE, 0, (uint32_t)i) * m->free[i][category];
      rho[i * count + j] = r[i];
      y[i * count + j] = r[i] * (v + pressure[i]);
    }
  }
}

static void from_file(const start *s, int64_t first, int64_t count, double *rho, double *y) {
  const traffic_model *m = s->m;
  for (int64_t j = 0; j < count; j++) {
    double r[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
    for (int i = 0; i < m->n; i++) r[i] = s->t->initial.rows[1 + 2 * i].at[first + j];
    traffic_pressures(m, m->n, r, pressure, slope);
    for (int i = 0; i < m->n; i++) {
      double given = s->t->initial.rows[2 + 2 * i].at[first + j];
      bool speed = s->t->initial.rows_are_speeds >> i & 1;
      rho[i * count + j] = r[i];
      y[i * count + j] = r[i] > 0 ? r[i] * (speed ? given + pressure[i] : given) : 0;
    }
  }
}

hd_status traffic_initial(const traffic *t, const traffic_model *m, uint64_t seed, int64_t first, int64_t count,
                          double *rho, double *y) {
  start s = {t, m, t->road.length / (double)t->road.cells, hd_stream(seed, "initial"),
             t->compat != TRAFFIC_COMPAT_NONE};
  switch ((traffic_start)t->initial.kind) {
    case TRAFFIC_UNIFORM:
    case TRAFFIC_EQUILIBRIUM: uniform(&s, &t->initial.state, first, count, rho, y); break;
    case TRAFFIC_RIEMANN: riemann(&s, first, count, rho, y); break;
    case TRAFFIC_HUMP: hump(&s, first, count, rho, y); break;
    case TRAFFIC_WAVES: waves(&s, first, count, rho, y); break;
    case TRAFFIC_RANDOM: random_cells(&s, first, count, rho, y); break;
    case TRAFFIC_FILE: from_file(&s, first, count, rho, y); break;
  }
  return HD_OK;
}
