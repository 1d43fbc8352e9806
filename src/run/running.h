/* A run in progress: the step loop, its rows, its checkpoints. hd_run, which the solver sees, is its first member. */
#ifndef HD_RUN_RUNNING_H
#define HD_RUN_RUNNING_H

#include "io/store.h"
#include "par/exec.h"
#include "run/case.h"
#include "run/plan.h"
#include "run/schedule.h"

#include <stdatomic.h>

enum { HD_DIMS_MAX = 32 };

typedef struct hd_running hd_running;
typedef struct hd_replay hd_replay;

typedef struct hd_running_options {
  int threads;               /* 0: the plan's choice */
  const char *folder;        /* checkpoints, spill file; NULL: memory only */
  const char *store;         /* where products of stages are shared; NULL: hd_store_folder of `folder` */
  bool resume;               /* from the newest good checkpoint of `folder`, if there is one */
  double checkpoint_every_s; /* 0: the automatic rule (design 6.3) */
  int64_t checkpoint_every_steps;
  const atomic_int *stop; /* raised by a signal handler: stop at the next safe point. NULL: never */
  void (*progress)(void *self, const hd_running *running); /* between steps, some ten times a second; or NULL */
  void *progress_self;
  const hd_plan_place *place; /* the machine, where it was read already; NULL: read */
  const atomic_int *width;    /* threads that the run may use, changed from outside at any time; NULL: threads stay */
} hd_running_options;

/* What must survive a kill beside the fields: stored with each checkpoint. */
typedef struct hd_progress_saved {
  int64_t steps, next[HD_DIMS_MAX];
  double at, fraction;
  int64_t done, number; /* number: of the checkpoint, rising */
} hd_progress_saved;

struct hd_running {
  hd_run run; /* first: the solver's view */
  const hd_case *kase;
  const hd_solver *solver;
  hd_running_options options;
  hd_replay *replay; /* NULL: none */
  hd_plan_choice plan;
  hd_due due[HD_DIMS_MAX];
  double start, end; /* of the axis */
  hd_progress_saved now;
  double began_s, stepping_s, checkpoint_s, last_checkpoint_s, last_progress_s;
  double step_cost_s;     /* running mean, for the polls of the clock */
  int64_t restored_steps; /* of now.steps, those of the checkpoint that was restored */
  int64_t next_look;      /* the step at which clocks are read again */
  int width;              /* what options.width said last */
  double reconsider_s;    /* when, in stepping_s, the number of threads is looked at again */
  int stages_built, stages_mapped;
  bool resumed, finished, single;
};

/* Builds or maps the stages, plans, starts or restores. Borrows the case until the end. */
hd_status hd_running_new(const hd_case *kase, const hd_running_options *options, hd_running **out);

/* Ends a run without a folder, keeping what it was made of, but for its arrays and threads, for hd_running_again: the same in
 * place of *running (NULL: none yet), for a case of the same solver in the same context. After a failure *running is freed
 * and NULL. */
void      hd_running_retire(hd_running *running);
hd_status hd_running_again(const hd_case *kase, const hd_running_options *options, hd_running **running);

/* Steps up to `until` on the axis (INFINITY: the end). HD_STOPPED when the stop flag was seen, after a checkpoint. */
hd_status hd_running_advance(hd_running *running, double until);

/* After the last step: fields known only at the end, scan for not-a-number. */
hd_status hd_running_finish(hd_running *running);

/* The solver's measure "name" or "name@argument"; NaN where it is not defined. */
hd_status hd_running_measure(hd_running *running, const char *measure, double *value);

/* The entry that "name" or "name@argument" belongs to; NULL: there is none. */
const hd_measure *hd_measure_find(const hd_solver *solver, const char *name);

/* Writes a checkpoint into the folder of the run now. */
hd_status hd_running_save(hd_running *running);

void hd_running_free(hd_running *running);

#endif
