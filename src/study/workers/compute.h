/* Computing one member, in whatever process or thread: case in, record out. */
#ifndef HD_STUDY_COMPUTE_H
#define HD_STUDY_COMPUTE_H

#include "run/plan.h"
#include "study/journal/journal.h"
#include "study/members/members.h"

#include <stdatomic.h>

/* Where one worker computes members one after the other: what cases and runs are made of is used again. Zeroed: nothing is
 * there yet. For one thread and one context; hd_bench_free before the context goes. */
typedef struct hd_bench {
  struct hd_case    *kase;
  struct hd_running *running;
} hd_bench;
void hd_bench_free(hd_bench *bench);

typedef struct hd_compute_options {
  int               threads;   /* of the run; 0: one, or what `width` says */
  const atomic_int *width;     /* threads it may use, changed while it runs; NULL: threads stay */
  const char       *results;   /* folder of the study: members/N/result.h5 in it is written; NULL: nothing is */
  const char       *store;     /* products of stages are shared through it; NULL: HEDDLE_STORE, or none */
  double            time_s, memory_bytes; /* limits; NaN: none */
  const atomic_int *stop;
  const hd_plan_place *place; /* the machine, read once for many members; NULL: read */
  hd_bench         *bench;     /* NULL: none */
} hd_compute_options;

/* Runs member i and fills the record: state, failure, digest, seconds, values[names] (NaN where not defined). The reason is
 * copied into `reason`. Failures of the member are in the record; the status is about the environment and HD_STOPPED. */
hd_status hd_member_compute(const hd_members *members, hd_ctx *ctx, int64_t i, const char *const *names, int64_t count,
                            const hd_compute_options *options, double *values, char reason[512],
                            hd_member_record *record);

/* "members/N" in the folder of a study: there lies result.h5 of member N, when results are kept. */
hd_status hd_member_folder(hd_ctx *ctx, const char *study, int64_t i, char path[HD_PATH_ROOM]);

#endif
