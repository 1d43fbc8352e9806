/* Checkpoints of a run in its folder: numbered files, two kept, the newest good one restored. */
#ifndef HD_RUN_CHECKPOINT_H
#define HD_RUN_CHECKPOINT_H

#include "run/running.h"

hd_status hd_checkpoint_write(hd_running *running);

/* Restores the newest checkpoint that is whole and of the same identity; *restored = false if there is none. A damaged
 * one is passed over with a warning in the log. */
hd_status hd_checkpoint_restore(hd_running *running, bool *restored);

/* Whether the folder holds a checkpoint at all. */
bool hd_checkpoint_exists(hd_ctx *ctx, const char *folder);

/* Removes all checkpoints and the spill file of a folder, after the result was written. */
hd_status hd_checkpoint_clear(hd_ctx *ctx, const char *folder);

#endif
