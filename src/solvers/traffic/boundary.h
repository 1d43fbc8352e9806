/* The ends of a road (section 4.5): what a ghost cell holds, and which phase of a schedule is on. */
#ifndef TRAFFIC_BOUNDARY_H
#define TRAFFIC_BOUNDARY_H

#include "solvers/traffic/traffic.h"

typedef struct traffic_end {
  traffic_kind kind;
  double       rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES];   /* the state outside: inflow, and free (empty) */
  double       v[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], low, high;   /* what follows from it */
} traffic_end;

/* The phase of one side (0 left, 1 right) that holds at `time`, and when the next begins (infinity: never). */
const traffic_phase *traffic_phase_at(const traffic *t, int side, double time, double *next);

/* What that end is at `time`. */
hd_status traffic_end_at(const traffic *t, const traffic_model *model, uint64_t seed, int side, double time,
                         traffic_end *end, double *next);

#endif
