/* The sweep over a block: one time step of run->self's dt, or only the speed bound of the present state. Both leave
 * their traffic_report, and the block's outermost cells for its neighbours. */
#ifndef TRAFFIC_STEP_H
#define TRAFFIC_STEP_H

#include "base/isa.h"
#include "solvers/traffic/run.h"

HD_ISA_DECLARE(hd_status, traffic_sweep, (hd_run *run, int64_t block, void *arg));
HD_ISA_DECLARE(hd_status, traffic_bound, (hd_run *run, int64_t block, void *arg));

/* The outermost cells of a block as they are now. */
static inline void traffic_edges_of(const traffic_run *c, int64_t block, traffic_edges *out) {
  int64_t first = c->first[block], last = c->first[block + 1] - 1;
  for (int i = 0; i < c->model.n; i++) {
    const double *rho = c->rho + i * c->cells, *y = c->y + i * c->cells;
    for (int d = 0; d < TRAFFIC_HALO; d++) {
      int64_t l = first + d < last ? first + d : last, r = last - d > first ? last - d : first;
      out->rho[0][d][i] = rho[l];
      out->y[0][d][i] = y[l];
      out->rho[1][d][i] = rho[r];
      out->y[1][d][i] = y[r];
    }
  }
}

#endif
