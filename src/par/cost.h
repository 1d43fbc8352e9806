/* How many threads a run gets: the cost model of design section 5, as a pure function. */
#ifndef HD_PAR_COST_H
#define HD_PAR_COST_H

#include "par/machine.h"

/* What is to be done, as a plan predicts it, in seconds of one core. */
typedef struct hd_work {
  double serial_s; /* cannot be spread */
  double work_s;   /* in blocks; the moving of `bytes` not counted */
  double regions;  /* forks and joins in all of it */
  double bytes;    /* to and from memory beyond the caches */
  int64_t blocks;  /* of a region: no more threads are useful */
} hd_work;

/* serial + work/p (whole blocks) + regions x sync(p) + bytes/bandwidth(p) */
double hd_cost_seconds(const hd_machine *machine, const hd_work *work, int threads);

typedef struct hd_cost_choice {
  int threads;
  double seconds, serial_seconds;
} hd_cost_choice;

/* The fewest threads of 1 .. most whose time is within 2 % of the shortest; serial unless a region holds 20 times its
 * synchronisation. */
hd_cost_choice hd_cost_choose(const hd_machine *machine, const hd_work *work, int most);

#endif
