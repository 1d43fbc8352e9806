/* The output folder of a run: what is in it, how to repeat it, and the lock that keeps two heddles out of one folder.
 *
 *   run.json     identity, scenario file, overrides and plug-ins: what `heddle resume FOLDER` needs
 *   lock         held while a run writes here
 *   result.h5    there once the run is complete
 *   checkpoint-N, rows.spill    while it is not
 */
#ifndef HD_RUN_FOLDER_H
#define HD_RUN_FOLDER_H

#include "run/case.h"

typedef enum hd_folder_state {
  HD_FOLDER_FRESH,      /* not there, or empty of ours */
  HD_FOLDER_COMPLETE,   /* this case, with its result */
  HD_FOLDER_INCOMPLETE, /* this case, begun and not finished */
  HD_FOLDER_OTHER       /* another case, or files that are not heddle's */
} hd_folder_state;

hd_status hd_folder_look(hd_ctx *ctx, const char *folder, const hd_hash *identity, hd_folder_state *state);

/* Makes the folder, takes its lock (HD_ERR_FILE: another heddle has it) and writes run.json. `clear`: what an earlier run
 * left there goes first. */
hd_status hd_folder_begin(hd_ctx *ctx, const char *folder, const hd_case *kase, const hd_case_options *options,
                          bool clear, int *lock);
/* The run is complete: checkpoints and spill file go. */
hd_status hd_folder_complete(hd_ctx *ctx, const char *folder);
void hd_folder_leave(hd_ctx *ctx, int lock); /* lock -1 is allowed */

/* How the run in a folder was begun; texts live in the arena. HD_ERR_INPUT: no run of heddle's was begun there. */
hd_status hd_folder_origin(hd_arena *arena, const char *folder, const char **file, hd_case_options *options);

#endif
