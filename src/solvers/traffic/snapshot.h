/* Rows of the dimension `snapshot`; see snapshot.c. */
#ifndef TRAFFIC_SNAPSHOT_H
#define TRAFFIC_SNAPSHOT_H

#include "solvers/traffic/traffic.h"

hd_status traffic_snapshot(hd_run *run);

#endif
