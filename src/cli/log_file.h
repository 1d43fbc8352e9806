/* log.txt of a run or a study: lines go there as they come; warnings are shown, too. */
#ifndef HD_CLI_LOG_FILE_H
#define HD_CLI_LOG_FILE_H

#include "base/ctx.h"

typedef struct cli_log {
  hd_ctx *ctx;
  char path[HD_PATH_ROOM];
  int file; /* -1: none */
  int64_t size;
} cli_log;

/* Listens until the log is closed. A file that cannot be written is no failure. */
void cli_log_open(cli_log *log, hd_ctx *ctx, const char *folder, bool append);
void cli_log_close(cli_log *log);

#endif
