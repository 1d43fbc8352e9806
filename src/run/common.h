/* The keys that every scenario has, whatever its solver: heddle's own parameter table, decoded beside the solver's. */
#ifndef HD_RUN_COMMON_H
#define HD_RUN_COMMON_H

#include "heddle/solver.h"

typedef struct hd_core_limit {
  int64_t threads;
} hd_core_limit;

typedef struct hd_common {
  const char *solver, *title, *inherits, *replay;
  int64_t seed;
  int figures_kind;                        /* 0: standard, 1: the list */
  hd_items figures;                        /* of const char * */
  hd_items fields, formats;                /* of const char *; none: the solver's standard ones */
  hd_items measure;                        /* of const char *: "mass_drift", "travel_time@cars" */
  hd_items cores;                          /* of hd_core_limit, named by stage, "steps" or "finish" */
  double limit_time_s, limit_memory_bytes; /* NaN: none */
  int64_t limit_failures;                  /* INT64_MIN: none */
  const struct hd_node *import, *sweep, *converge, *optimise; /* as written; read by their own readers */
} hd_common;

extern const hd_param hd_common_params[];

#endif
