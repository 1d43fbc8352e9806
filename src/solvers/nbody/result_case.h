/* The parameters of a finished run, decoded again from the scenario that its result holds. */
#ifndef NBODY_RESULT_CASE_H
#define NBODY_RESULT_CASE_H

#include "io/result.h"
#include "solvers/nbody/nbody.h"

/* Texts and lists lie in the arena. *known is false where the result has no scenario that this version understands. */
hd_status nbody_case_of(const hd_result *result, hd_arena *arena, nbody *out, bool *known);

#endif
