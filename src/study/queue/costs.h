/* What the members that are left will cost, how much memory they will need, and which of them are the same case. */
#ifndef HD_STUDY_COSTS_H
#define HD_STUDY_COSTS_H

#include "study/study.h"

/* Fills cost_s, memory and same_as of the members that are left. Each is looked at where that costs little beside computing
 * them; else each value of each key is, beside the first values of the other keys, and a member's cost is the product of
 * what its values change. Only the order of computing depends on it: two members that are the same case and are not found to
 * be are both computed, and their digests compared. */
hd_status hd_costs_find(hd_study *study, int64_t left);

#endif
