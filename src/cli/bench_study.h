/* A workload that is a study: what several workers gain over one. */
#ifndef HD_CLI_BENCH_STUDY_H
#define HD_CLI_BENCH_STUDY_H

#include "run/case.h"

typedef struct cli_bench_study {
  int64_t members;
  double  steps;         /* of all members together */
  double  cell_steps;    /* the measure of that name; not-a-number: the solver has none */
  double  best, median;  /* CPU seconds of one worker */
  double  gain;          /* wall time of one worker over that of `workers`, the best of each */
} cli_bench_study;

/* Computes the study that `kase` describes `repeats` times with one worker and with `workers` of them in turn, each time from
 * the beginning, members with one thread each, into a temporary folder. */
hd_status cli_bench_measure_study(hd_case *kase, int workers, int repeats, cli_bench_study *out);

#endif
