/* The inside of an exec: only for this folder. */
#ifndef HD_PAR_EXEC_INSIDE_H
#define HD_PAR_EXEC_INSIDE_H

#include "par/exec.h"

#include "par/pool.h"

enum { HD_EXEC_COSTS = 16 };

typedef hd_status hd_block_work(hd_run *run, int64_t block, void *arg);

/* What belongs to one thread. */
typedef struct hd_lane {
  _Alignas(64) char *scratch;
  size_t used;
  int64_t failed; /* lowest block that failed on this lane in this region */
  hd_problem problem;
} hd_lane;

/* What blocks of one work function cost, as learned. */
typedef struct hd_cost_of {
  hd_block_work *work;
  double seconds_per_block;
  unsigned seen;
} hd_cost_of;

struct hd_exec {
  hd_ctx *ctx;
  hd_pool *pool;
  hd_lane *lane; /* [threads] */
  int threads;
  size_t per_thread, scratch_room;
  atomic_bool inside;                       /* a region is running */
  double seconds_per_block, sync_s, wake_s; /* the last two of as many threads as are awake */
  hd_machine machine;
  double owed_s; /* in regions worth spreading that ran serially because threads slept */
  hd_cost_of cost[HD_EXEC_COSTS];
  int64_t batch;
  int (*wanted)(void *self); /* threads from the next region on; NULL: nobody is asked */
  void *wanted_self;
  double wanted_s; /* when it was asked last */
  const atomic_int *stop;
  double deadline_s, taken_s;
  hd_comm comm;
  const hd_device *device;
  void *gathered, *values; /* grown as needed: hd_gather; values of blocks from all ranks */
  size_t gathered_room, values_room;
};

/* Asks hd_exec_widen's function, when that is due. */
void hd_exec_ask(hd_exec *exec);

#endif
