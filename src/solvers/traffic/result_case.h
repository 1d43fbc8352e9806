/* The case that made a result: its parameters, decoded once more from the scenario that the result keeps. For figures and
 * files that need more than the stored fields.
 */
#ifndef TRAFFIC_RESULT_CASE_H
#define TRAFFIC_RESULT_CASE_H

#include "base/memory.h"
#include "io/result.h"
#include "solvers/traffic/traffic.h"

/* Texts and lists of *t live in the arena. false: the result keeps no scenario that can be read. */
bool traffic_case_of(const hd_result *result, hd_arena *arena, traffic *t, bool *imported);

#endif
