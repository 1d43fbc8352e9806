/* The case that made a result: its parameters, decoded once more from the scenario that the result keeps. For figures and
 * files that need more than the stored fields.
 */
#ifndef TRAFFIC_RESULT_CASE_H
#define TRAFFIC_RESULT_CASE_H

#include "base/memory.h"
#include "io/result.h"
#include "solvers/traffic/traffic.h"

typedef struct traffic_result_case {
  traffic t;       /* texts and lists live in the arena */
  bool known;      /* false: the result keeps no scenario that can be read */
  bool imported;   /* from the predecessor's files */
} traffic_result_case;

hd_status traffic_case_of(const hd_result *result, hd_arena *arena, traffic_result_case *out);

#endif
