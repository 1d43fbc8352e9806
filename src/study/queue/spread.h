/* How a study spends its cores: members first, one thread each; threads inside members where there are fewer members than
 * cores, at the beginning of a small study as at the end of any, and for members so long that they alone would make the
 * study last. Pure functions; how many of its threads a member really uses is the run's own decision
 * (hd_plan_reconsider).
 */
#ifndef HD_STUDY_SPREAD_H
#define HD_STUDY_SPREAD_H

#include <stdint.h>

/* A member as the spread sees it. */
typedef struct hd_spread_member {
  double cost_s;  /* of one core, still to be done */
  int useful;     /* more threads than this do not shorten it */
  int64_t blocks; /* of a region: a number of threads helps only if it makes the rounds over them fewer */
} hd_spread_member;

/* The beginning: how many members are computed at the same time, and the threads of each. `member` are the first n, most
 * work first, and `others` more follow with others_s of work in all; none may follow while n < cores. A member gets its
 * share of the cores, by its part of all work, and one at least. threads[min(n, cores)]. */
int hd_spread_begin(int cores, const hd_spread_member *member, int64_t n, int64_t others, double others_s, int *threads);

/* When no member waits: all cores over the n members that are running, most work first. threads[n]. */
void hd_spread_end(int cores, const hd_spread_member *member, int64_t n, int *threads);

#endif
