/* What is watched during a run for the measures that the state at the end does not tell: the longest queue, and the first
 * Fourier mode of the density on a ring.
 *
 * In the field `watch`, [what][group]; a group is a class, the last group is all of them together. It is state: a resumed
 * run goes on with the same bits. Nothing in it depends on when profiles or entries are stored.
 */
#ifndef TRAFFIC_WATCH_H
#define TRAFFIC_WATCH_H

#include "solvers/traffic/traffic.h"

/* Field `watch`. */
enum {
  WATCH_QUEUE_MAX,                          /* cells */
  WATCH_REAL_AT_START, WATCH_IMAGINARY_AT_START, /* c = sum_j rho_j exp(-2 pi i j/N), veh/m */
  WATCH_PHASE, WATCH_TURNS,                 /* of c when last looked at; turned since the start, without jumps; rad */
  WATCHES
};

/* The state at the start. */
hd_status traffic_watch_open(hd_run *run);

/* After every step. */
hd_status traffic_watch_step(hd_run *run);

/* Of a block, after its sweep: the cells in a queue now, kept in run->self. */
void traffic_watch_block(hd_run *run, int64_t block);

/* Length of road in a queue, m: now, and the longest after any step. */
hd_status traffic_queue_now(hd_run *run, int group, double *length);
double    traffic_queue_longest(const hd_run *run, int group);

/* Mean growth rate (1/s) and phase speed (m/s, positive: with x) of the first mode since the start. NaN where the road is no
 * ring, where no time has passed, and where the mode is lost in rounding, at the start or now. */
double traffic_mode_growth(const hd_run *run, int group);
double traffic_mode_speed(const hd_run *run, int group);

#endif
