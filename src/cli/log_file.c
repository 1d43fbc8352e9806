#include "cli/log_file.h"

#include "cli/print.h"

static void log_line(void *self, hd_log_level level, const char *text) {
  cli_log *log = self;
  char line[1200];
  int n = snprintf(line, sizeof line, "%s%s\n", level == HD_LOG_WARNING ? "warning: " : "", text);
  size_t length = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
  if (log->file >= 0 && hd_file_write_at(log->ctx, log->file, log->path, line, length, log->size) == HD_OK)
    log->size += (int64_t)length;
  if (level == HD_LOG_WARNING) cli_warning("%s", text);
}

void cli_log_open(cli_log *log, hd_ctx *ctx, const char *folder, bool append) {
  hd_file_info info = {0};
  *log = (cli_log){.ctx = ctx, .file = -1};
  if (hd_path_join(ctx, folder, "log.txt", log->path, sizeof log->path) != HD_OK) return;
  if (!append) hd_file_remove(ctx, log->path);
  else ctx->files.info(ctx->files.self, log->path, &info);
  if (hd_file_open(ctx, log->path, true, &log->file) != HD_OK) log->file = -1;
  log->size = info.size;
  ctx->log = (hd_listener){log, log_line};
}

void cli_log_close(cli_log *log) {
  log->ctx->log = (hd_listener){0};
  if (log->file >= 0) log->ctx->files.close(log->ctx->files.self, log->file);
}
