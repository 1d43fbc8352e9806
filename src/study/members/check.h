/* What a case says about studies, and whether it says it rightly. */
#ifndef HD_STUDY_CHECK_H
#define HD_STUDY_CHECK_H

#include "run/case.h"

/* Checks the study keys of a case whose solver is known (sweep, converge, measure, optimise); errors go to its notes. */
hd_status hd_study_check(hd_case *kase);

/* Whether the file also describes a study, of which `heddle run` computes the base case only. */
bool hd_study_described(const hd_case *kase);

#endif
