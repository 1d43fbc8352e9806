/* One calm line on a terminal while a run goes on; nothing in a pipe. */
#ifndef HD_CLI_PROGRESS_H
#define HD_CLI_PROGRESS_H

#include "run/running.h"

typedef struct cli_progress {
  bool shown; /* there is a line to clear */
  double first_s, first_fraction;
} cli_progress;

void cli_progress_show(void *progress, const hd_running *running); /* as hd_running_options.progress */
void cli_progress_clear(cli_progress *progress);

#endif
