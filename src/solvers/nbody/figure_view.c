/* What nbody's figures share. */
#include "solvers/nbody/figure_view.h"

#include "heddle/math.h"
#include "solvers/nbody/run.h"

#include <stdio.h>
#include <string.h>

bool nbody_result_has(const hd_result *result, const char *name) {
  const hd_result_field *fields;
  int64_t count = hd_result_fields(result, &fields);
  for (int64_t i = 0; i < count; i++)
    if (!strcmp(fields[i].name, name)) return true;
  return false;
}

hd_status nbody_view_open(const hd_result *result, int64_t frame, hd_figure *figure, view *v) {
  *v = (view){.result = result, .figure = figure};
  HD_TRY(hd_read(result, "position", &v->position));
  HD_TRY(hd_read(result, "velocity", &v->velocity));
  HD_TRY(hd_read(result, "snapshot_time", &v->time));
  v->snapshots = v->position.size[0];
  v->bodies = v->position.size[1];
  v->shown = frame < 0 ? v->snapshots - 1 : frame;
  v->physical = v->position.unit && strcmp(v->position.unit, "1") != 0;
  return v->shown < 0 || v->shown >= v->snapshots ? HD_ERR_MISSING : HD_OK;
}

hd_status nbody_numbers(const view *v, int64_t count, double **out) {
  void *memory;
  HD_TRY(hd_arena_take(&v->figure->arena, (size_t)(count > 0 ? count : 1) * sizeof(double), &memory));
  *out = memory;
  return HD_OK;
}

hd_status nbody_column(const view *v, const double *rows, int64_t count, int width, int which, double **out) {
  HD_TRY(nbody_numbers(v, count, out));
  for (int64_t i = 0; i < count; i++) (*out)[i] = rows[i * width + which];
  return HD_OK;
}

void nbody_time_text(const view *v, char *out, size_t room) {
  snprintf(out, room, v->physical ? "t = %.4g Gyr" : "t = %.6g", v->time.at[v->shown]);
}

/* ---- ways ----------------------------------------------------------------------------------------------------------- */

enum { PIECES = 8 };

/* Places x and velocities v of n stored times, `width` numbers apart. */
typedef struct stored {
  const double *t, *x, *v;
  int64_t n, width;
  double factor; /* of velocities, to units of x over units of t */
} stored;

/* Whether the velocities at both ends say where the interval leads: their mean within a quarter of the way. */
static bool resolved(const stored *s, int64_t i) {
  double h = s->t[i + 1] - s->t[i], off = 0, all = 0;
  for (int k = 0; k < 3; k++) {
    int64_t a = i * s->width + k, b = a + s->width;
    double d = s->x[b] - s->x[a], mean = 0.5 * h * s->factor * (s->v[a] + s->v[b]);
    off += (mean - d) * (mean - d);
    all += d * d;
  }
  return off <= all / 16;
}

static void interpolate(const stored *s, int64_t i, way *out) {
  double h = s->t[i + 1] - s->t[i];
  bool smooth = resolved(s, i);
  for (int piece = 0; piece < PIECES; piece++) {
    double q = piece / (double)PIECES;
    int64_t to = i * PIECES + piece;
    out->t[to] = s->t[i] + q * h;
    for (int k = 0; k < 3; k++) {
      int64_t a = i * s->width + k, b = a + s->width;
      double rise = s->x[b] - s->x[a], v0 = smooth ? h * s->factor * s->v[a] : rise,
             v1 = smooth ? h * s->factor * s->v[b] : rise;
      out->x[k][to] = s->x[a] + q * (v0 + q * (3 * rise - 2 * v0 - v1 + q * (v0 + v1 - 2 * rise)));
    }
  }
}

/* What the momentum is divided by for a velocity: in units of results. */
static hd_status total_mass(const view *v, double *out) {
  hd_array mass;
  HD_TRY(hd_read(v->result, "mass", &mass));
  *out = 0;
  for (int64_t i = 0; i < mass.size[0]; i++) *out += mass.at[i];
  if (!(*out > 0)) *out = (double)mass.size[0]; /* then each body counts as 1 */
  return HD_OK;
}

hd_status nbody_way(const view *v, int64_t body, way *out) {
  stored s = {v->time.at, v->position.at + 3 * body, v->velocity.at + 3 * body, v->snapshots, 3 * v->bodies, 1};
  if (body < 0) {
    hd_array time, centre, momentum;
    double mass;
    HD_TRY(hd_read(v->result, "entry_time", &time));
    HD_TRY(hd_read(v->result, "mass_centre", &centre));
    HD_TRY(hd_read(v->result, "momentum", &momentum));
    HD_TRY(total_mass(v, &mass));
    s = (stored){time.at, centre.at, momentum.at, time.size[0], 3, 1 / mass};
  }
  if (v->physical) s.factor /= NBODY_KM_S;
  *out = (way){.n = s.n > 0 ? (s.n - 1) * PIECES + 1 : 0};
  if (s.n < 1) return HD_ERR_MISSING;
  HD_TRY(nbody_numbers(v, out->n, &out->t));
  for (int k = 0; k < 3; k++) HD_TRY(nbody_numbers(v, out->n, &out->x[k]));
  for (int64_t i = 0; i + 1 < s.n; i++) interpolate(&s, i, out);
  out->t[out->n - 1] = s.t[s.n - 1];
  for (int k = 0; k < 3; k++) out->x[k][out->n - 1] = s.x[(s.n - 1) * s.width + k];
  return HD_OK;
}

/* ---- limits --------------------------------------------------------------------------------------------------------- */

void nbody_widen(span *s, const double *x, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    s->low = s->low <= x[i] ? s->low : x[i]; /* false for the NaN it begins with */
    s->high = s->high >= x[i] ? s->high : x[i];
  }
}

enum { FEW = 50, LOOKED_AT = 100000 };

hd_status nbody_span(const view *v, const double *x, int64_t n, int stride, span *out) {
  int64_t skip = n / LOOKED_AT + 1, count = 0;
  double *some;
  *out = (span){NBODY_CHOSEN, NBODY_CHOSEN};
  for (int64_t i = 0; i < n; i++) nbody_widen(out, x + i * stride, 1);
  if (n < FEW) return HD_OK;
  HD_TRY(nbody_numbers(v, n / skip + 1, &some));
  for (int64_t i = 0; i < n; i += skip) some[count++] = x[i * stride];
  nbody_sort(some, count);
  double low = nbody_quantile(some, count, 0.01), high = nbody_quantile(some, count, 0.99), width = high - low;
  span core = {low - width / 4, high + width / 4};
  if (!(width > 0) || out->high - out->low <= 1.25 * (core.high - core.low)) return HD_OK;
  out->low = hd_larger(out->low, core.low);
  out->high = hd_smaller(out->high, core.high);
  return HD_OK;
}

void nbody_limit(hd_axis *to, span s) {
  double margin = 0.03 * (s.high - s.low);
  if (!(margin > 0)) return;
  to->low = s.low - margin;
  to->high = s.high + margin;
}

/* ---- density --------------------------------------------------------------------------------------------------------- */

enum { CELLS = 150 };

hd_axis nbody_density_axis(void) {
  return (hd_axis){"bodies in a cell", "", true, NBODY_CHOSEN, NBODY_CHOSEN, NULL, 0};
}

hd_status nbody_add_density(const view *v, const double *x, const double *y, span of_x, span of_y) {
  double *at_x, *at_y, *cell;
  double dx = (of_x.high - of_x.low) / CELLS, dy = (of_y.high - of_y.low) / CELLS;
  if (!(dx > 0) || !(dy > 0)) return HD_OK;
  HD_TRY(nbody_numbers(v, CELLS, &at_x));
  HD_TRY(nbody_numbers(v, CELLS, &at_y));
  HD_TRY(nbody_numbers(v, CELLS * CELLS, &cell));
  for (int i = 0; i < CELLS; i++) at_x[i] = of_x.low + (i + 0.5) * dx, at_y[i] = of_y.low + (i + 0.5) * dy;
  for (int i = 0; i < CELLS * CELLS; i++) cell[i] = 0;
  for (int64_t i = 0; i < v->bodies; i++) {
    double a = (x[i] - of_x.low) / dx, b = (y[i] - of_y.low) / dy;
    if (!(a >= 0 && a <= CELLS && b >= 0 && b <= CELLS)) continue;
    cell[(b < CELLS ? (int)b : CELLS - 1) * CELLS + (a < CELLS ? (int)a : CELLS - 1)] += 1;
  }
  for (int i = 0; i < CELLS * CELLS; i++) cell[i] = cell[i] > 0 ? cell[i] : HD_NAN;
  return hd_add(v->figure, (hd_mark){.shape = HD_IMAGE, .x = at_x, .y = at_y, .z = cell, .nx = CELLS, .ny = CELLS});
}
