/* Runs another program to its end: no shell, nothing on its standard input, a time limit, a small known environment. */
#ifndef HD_IO_PROGRAM_H
#define HD_IO_PROGRAM_H

#include "base/text.h"

typedef struct hd_program {
  const char *const *argv; /* [0] is found on PATH; ended by NULL */
  const char *folder;      /* where it runs */
  double limit_s;          /* it is killed after so long */
} hd_program;

/* `said` (may be NULL) receives what it wrote on both outputs, at most 64 KiB.
 * HD_ERR_MISSING: not found, or could not be started. HD_ERR_LIMIT: killed after limit_s. HD_ERR_FILE: it ended with an error. */
hd_status hd_program_run(hd_ctx *ctx, const hd_program *program, hd_text *said);

#endif
