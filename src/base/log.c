#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>

void hd_log_line(hd_ctx *ctx, hd_log_level level, const char *fmt, ...) {
  if (!ctx->log.line) return;
  char text[1024];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  ctx->log.line(ctx->log.self, level, text);
}
