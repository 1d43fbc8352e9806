/* The profile that is due: density and marker density are copied by heddle, the rest follows from them. */
#include "solvers/traffic/snapshot.h"

#include "solvers/traffic/run.h"
#include "solvers/traffic/traffic_physics.h"

typedef struct columns {
  double *speed, *marker, *flow, *occupancy;
} columns;

static hd_status derive(hd_run *run, int64_t block, void *arg) {
  const traffic_run *c = run->self;
  const traffic_model *m = &c->model;
  const columns *to = arg;
  const double absent = __builtin_nan("");
  for (int64_t j = c->first[block]; j < c->first[block + 1]; j++) {
    double rho[TRAFFIC_CLASSES] = {0}, pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
    for (int i = 0; i < m->n; i++) rho[i] = c->rho[i * c->cells + j];
    traffic_pressures(m, m->n, rho, pressure, slope);
    for (int i = 0; i < m->n; i++) {
      int64_t at = i * c->cells + j;
      bool here = rho[i] > m->vacuum;
      double w = here ? c->y[at] / rho[i] : absent, v = w - pressure[i];
      if (to->speed) to->speed[at] = v;
      if (to->marker) to->marker[at] = w;
      if (to->flow) to->flow[at] = here ? rho[i] * v : 0;
    }
    if (to->occupancy) to->occupancy[j] = traffic_occupancy(m, m->n, rho);
  }
  return HD_OK;
}

hd_status traffic_snapshot(hd_run *run) {
  traffic_run *c = run->self;
  columns to = {hd_data(run, TRAFFIC_SPEED), hd_data(run, TRAFFIC_MARKER), hd_data(run, TRAFFIC_FLOW),
                hd_data(run, TRAFFIC_OCCUPANCY)};
  double *time = hd_data(run, TRAFFIC_SNAPSHOT_TIME);
  if (time) *time = *c->now;
  HD_TRY(hd_for_blocks(run, c->blocks, derive, &to));
  if (!traffic_wants_exact(c->t)) return HD_OK;
  return traffic_exact(c->t, &c->model, *c->now - c->t->time.start, c->cells, hd_data(run, TRAFFIC_EXACT_DENSITY),
                       hd_data(run, TRAFFIC_EXACT_SPEED), NULL);
}
