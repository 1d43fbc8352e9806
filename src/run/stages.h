/* The stages of a run: each product is built once per key, stored, and mapped read-only. */
#ifndef HD_RUN_STAGES_H
#define HD_RUN_STAGES_H

#include "run/running.h"

/* Builds or maps every stage in table order; afterwards their lengths and arrays stand. The store of products is
 * HEDDLE_STORE, or .heddle beside the output folder; without an output folder products stay in memory. */
hd_status hd_stages_prepare(hd_running *running);

#endif
