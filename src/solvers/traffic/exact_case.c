/* The exact Riemann solution of a case: what snapshots and measures are compared with (`compare: exact`). */
#include "solvers/traffic/exact.h"

#include <string.h>

static riemann_state state_of(const traffic *t, const traffic_model *model, const hd_items *loads, double x) {
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES];
  int64_t cell = (int64_t)((x - t->road.start) / t->road.length * (double)t->road.cells);
  cell = cell < 0 ? 0 : cell >= t->road.cells ? t->road.cells - 1 : cell;
  traffic_state_of(t, model, loads, traffic_category_at(t, cell), rho, y);
  return riemann_with_marker(riemann_law_of(model), rho[0], rho[0] > 0 ? y[0] / rho[0] : 0);
}

riemann_wave traffic_exact_wave(const traffic *t, const traffic_model *model) {
  double half = 0.5 * t->road.length / (double)t->road.cells;
  return riemann_solve(riemann_law_of(model), state_of(t, model, &t->initial.left, t->initial.split - half),
                       state_of(t, model, &t->initial.right, t->initial.split + half));
}

hd_status traffic_exact(const traffic *t, const traffic_model *model, double time, int64_t cells, double *density,
                        double *speed, double *marker) {
  riemann_wave wave = traffic_exact_wave(t, model);
  double dx = t->road.length / (double)cells;
  for (int64_t i = 0; i < cells; i++) {
    double from = t->road.start + (double)i * dx;
    exact_mean mean = traffic_exact_cell(&wave, t->initial.split, time, from, t->road.start + (double)(i + 1) * dx);
    if (density) density[i] = mean.density;
    if (speed) speed[i] = mean.speed;
    if (marker) marker[i] = mean.marker;
  }
  return HD_OK;
}

double traffic_exact_value(const traffic *t, const traffic_model *model, const char *name) {
  riemann_wave wave = traffic_exact_wave(t, model);
  bool fan = wave.kind == RIEMANN_FAN, shock = wave.kind == RIEMANN_SHOCK, full = wave.middle.density > 0;
  if (!strcmp(name, "middle_density")) return wave.middle.density;
  if (!strcmp(name, "middle_speed")) return full ? wave.middle.speed : HD_NAN;
  if (!strcmp(name, "shock_speed")) return shock ? wave.head : HD_NAN;
  if (!strcmp(name, "fan_head")) return fan ? wave.head : HD_NAN;
  if (!strcmp(name, "fan_tail")) return fan ? wave.tail : HD_NAN;
  if (!strcmp(name, "contact_speed")) return wave.contact;
  return HD_NAN;
}
