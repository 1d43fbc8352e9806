/* One calm line on a terminal while a run or a study goes on; nothing in a pipe. For programs, JSON lines on request. */
#ifndef HD_CLI_PROGRESS_H
#define HD_CLI_PROGRESS_H

#include "run/running.h"
#include "study/study.h"

typedef struct cli_progress {
  bool shown; /* there is a line to clear */
  double first_s, first_fraction;
} cli_progress;

void cli_progress_show(void *progress, const hd_running *running); /* as hd_running_options.progress */
void cli_progress_clear(cli_progress *progress);

/* Of a study. While it is computed its folder holds progress.json, so that `heddle status` tells the same from elsewhere. */
typedef struct cli_study_progress {
  const char *folder;
  bool line, json;              /* a line for people; an object in each line for programs */
  bool shown;                   /* there is a line to clear */
  double shown_s, written_s;
} cli_study_progress;

void cli_study_progress_show(void *progress, const hd_study *study); /* as hd_study_options.progress */
void cli_study_progress_end(cli_study_progress *progress, const hd_study *study); /* the last object; clears line and file */

/* Adds the same line from progress.json of a folder, "12 of 64 members done, 2 running, 3.1/s, 10 to 14 s left", and the object
 * as it stands there. false: there is none. */
bool cli_study_progress_read(hd_ctx *ctx, const char *folder, hd_text *line, hd_text *json);

#endif
