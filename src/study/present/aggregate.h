/* A study's measures put together: over all members, and at each point of the grid over its samples and repeats. Members that
 * failed or have no such number are left out and counted.
 */
#ifndef HD_STUDY_AGGREGATE_H
#define HD_STUDY_AGGREGATE_H

#include "study/members/lattice.h"
#include "study/present/statistics.h"
#include "study/study.h"

typedef struct hd_aggregates {
  const hd_study *study;
  hd_lattice   lattice;
  hd_statistics *all;           /* [names]: over all members */
  hd_statistics *at;            /* [points][names]; NULL where a point is one member */
  int64_t   *done, *failed; /* [points]: members */
  hd_statistics  seconds;       /* of computing, of members that were computed */
} hd_aggregates;

/* Everything lives in the arena; the study is borrowed. */
hd_status hd_aggregate(hd_arena *arena, const hd_study *study, hd_aggregates *out);

/* The mean at a point, or the one value there; NaN: none. */
double hd_aggregate_mean(const hd_aggregates *aggregates, int64_t point, int64_t name);

/* The keys of the scenario that make it a study, as YAML: sweep, converge, measure. */
hd_status hd_study_print_grammar(const hd_study *study, hd_text *out);

/* Unit ("1": none) and text of a measure of the study. */
const char *hd_study_unit(const hd_study *study, int64_t name);
const char *hd_study_doc(const hd_study *study, int64_t name);

#endif
