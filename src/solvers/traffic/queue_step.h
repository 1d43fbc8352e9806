/* Which cells stand in a queue: those whose vehicles are slower than a given speed. Compiled per level of the instruction
 * set, like the sweep, because congested roads ask after every step. */
#ifndef TRAFFIC_QUEUE_STEP_H
#define TRAFFIC_QUEUE_STEP_H

#include "base/isa.h"
#include "solvers/traffic/run.h"

/* Adds to cells[i] the cells where class i is there and slower than `speed` (m/s), and to cells[n] those whose vehicles of
 * all classes are, in the mean. rho and y point to the first of `count` cells of class 0; classes are `stride` apart. */
HD_ISA_DECLARE(void, traffic_queue, (const traffic_model *m, const double *rho, const double *y, int64_t stride,
                                     int64_t count, double speed, int64_t *cells));

#endif
