/* Ends of a road from the parameters. */
#include "solvers/traffic/boundary.h"

#include "solvers/traffic/traffic_physics.h"

const traffic_phase *traffic_phase_at(const traffic *t, int side, double time, double *next) {
  const traffic_border *border = side ? &t->right : &t->left;
  const traffic_phase *phase = border->schedule.item;
  int64_t count = border->schedule.count, k = 0;
  *next = __builtin_inf();
  if (t->boundary_form == 0 || !count) return &border->only;
  while (k + 1 < count && phase[k + 1].from <= time) k++;
  if (k + 1 < count) *next = phase[k + 1].from;
  return &phase[k];
}

static void derive(const traffic_model *m, traffic_end *end) {
  double slope[TRAFFIC_CLASSES];
  traffic_pressures(m, m->n, end->rho, end->pressure, slope);
  for (int i = 0; i < m->n; i++) end->v[i] = end->rho[i] > m->vacuum ? end->y[i] / end->rho[i] - end->pressure[i] : 0;
  traffic_speeds(m, m->n, end->rho, end->v, slope, &end->low, &end->high);
}

hd_status traffic_end_at(const traffic *t, const traffic_model *model, uint64_t seed, int side, double time,
                         traffic_end *end, double *next) {
  const traffic_phase *phase = traffic_phase_at(t, side, time, next);
  *end = (traffic_end){.kind = t->boundary_form == 0 ? TRAFFIC_RING : (traffic_kind)phase->kind};
  if (end->kind == TRAFFIC_INFLOW) {
    int64_t cell = side ? t->road.cells - 1 : 0;
    if (phase->state_form == 0) HD_TRY(traffic_initial(t, model, seed, cell, 1, end->rho, end->y));
    else traffic_state_of(t, model, &phase->state, traffic_category_at(t, cell), end->rho, end->y);
  }
  derive(model, end);
  return HD_OK;
}
