/* What a case says about studies. */
#ifndef HD_STUDY_CHECK_H
#define HD_STUDY_CHECK_H

#include "run/case.h"

/* Whether the file also describes a study, of which `heddle run` computes the base case only. */
bool hd_study_described(const hd_case *kase);

#endif
