/* The predecessor's algorithm, `compat: arz2025`; see compat.c. Same fields, same books, another step. */
#ifndef TRAFFIC_COMPAT_H
#define TRAFFIC_COMPAT_H

#include "solvers/traffic/run.h"

hd_status traffic_compat_build(hd_run *run);
hd_status traffic_compat_step(hd_run *run, hd_progress *progress);

#endif
