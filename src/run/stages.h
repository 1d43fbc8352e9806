/* The stages of a run: each product is built once per key, stored, and mapped read-only by all who need it.
 *
 * Between threads and processes: who builds holds a lock on <store>/stages/KEY.claim, the others wait until the product is
 * there, and lend their cores. The lock ends with its holder, so a builder that died is replaced by one who waited.
 */
#ifndef HD_RUN_STAGES_H
#define HD_RUN_STAGES_H

#include "run/running.h"

/* The store that belongs to an output folder: HEDDLE_STORE, or .heddle beside it. Absolute. */
hd_status hd_store_folder(hd_ctx *ctx, const char *output, char store[HD_PATH_ROOM]);

/* Builds or maps every stage in table order; afterwards their lengths and arrays stand, and running->stages_built and
 * stages_mapped say how. Without a store (no output folder, no HEDDLE_STORE) products stay in memory, and so they do, with
 * a warning in the log, when the store cannot be written. HD_STOPPED: while waiting for another builder. */
hd_status hd_stages_prepare(hd_running *running);

#endif
