/* Making a context, and the chain of a failure. */
#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

hd_status hd_ctx_new_with(const hd_memory *memory, const hd_files *files, const hd_clock *clock, hd_ctx **out) {
  hd_memory from = memory ? *memory : hd_memory_system();
  *out = NULL;
  hd_ctx *ctx = from.take(from.self, sizeof *ctx);
  if (!ctx) return HD_ERR_MEMORY;
  ctx->memory = from;
  ctx->files = files ? *files : hd_files_system();
  ctx->clock = clock ? *clock : hd_clock_system();
  ctx->log = (hd_listener){0};
  ctx->problems = 0;
  ctx->guard_end = NULL;
  pthread_mutex_init(&ctx->mutex, NULL);
  *out = ctx;
  return HD_OK;
}

hd_status hd_ctx_new(hd_ctx **out) { return hd_ctx_new_with(NULL, NULL, NULL, out); }

void hd_ctx_free(hd_ctx *ctx) {
  if (!ctx) return;
  if (ctx->guard_end) ctx->guard_end(ctx);
  hd_memory from = ctx->memory;
  pthread_mutex_destroy(&ctx->mutex);
  from.give(from.self, ctx, sizeof *ctx);
}

/* The slot of the calling thread; NULL if it never failed and `make` is false. The mutex is held. */
static hd_problem *slot(hd_ctx *ctx, bool make) {
  for (int i = 0; i < ctx->problems; i++)
    if (pthread_equal(ctx->problem[i].thread, pthread_self())) return &ctx->problem[i];
  if (!make) return NULL;
  int at = ctx->problems < HD_PROBLEM_SLOTS ? ctx->problems++ : HD_PROBLEM_SLOTS - 1;
  ctx->problem[at] = (hd_problem){.thread = pthread_self()};
  return &ctx->problem[at];
}

static void append(hd_problem *problem, const char *before, const char *fmt, va_list args) HD_FORMAT(3, 0);
static void append(hd_problem *problem, const char *before, const char *fmt, va_list args) {
  size_t used = strlen(problem->text), left = sizeof problem->text - used;
  int n = snprintf(problem->text + used, left, "%s", before);
  if (n < 0 || (size_t)n >= left) return;
  vsnprintf(problem->text + used + n, left - (size_t)n, fmt, args);
}

hd_status hd_raise(hd_ctx *ctx, hd_status status, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  pthread_mutex_lock(&ctx->mutex);
  hd_problem *mine = slot(ctx, true);
  mine->status = status;
  mine->text[0] = 0;
  append(mine, "", fmt, args);
  pthread_mutex_unlock(&ctx->mutex);
  va_end(args);
  return status;
}

hd_status hd_while(hd_ctx *ctx, hd_status status, const char *fmt, ...) {
  if (status == HD_OK) return status;
  va_list args;
  va_start(args, fmt);
  pthread_mutex_lock(&ctx->mutex);
  hd_problem *mine = slot(ctx, true);
  if (mine->status != status) { /* nobody left a message: say at least what it was */
    mine->status = status;
    snprintf(mine->text, sizeof mine->text, "%s", hd_status_text(status));
  }
  append(mine, "\n  while ", fmt, args);
  pthread_mutex_unlock(&ctx->mutex);
  va_end(args);
  return status;
}

void hd_problem_take(hd_ctx *ctx, hd_problem *out) {
  pthread_mutex_lock(&ctx->mutex);
  const hd_problem *mine = slot(ctx, false);
  if (mine) *out = *mine;
  else *out = (hd_problem){.status = HD_OK};
  pthread_mutex_unlock(&ctx->mutex);
}

void hd_problem_put(hd_ctx *ctx, const hd_problem *problem) {
  pthread_mutex_lock(&ctx->mutex);
  hd_problem *mine = slot(ctx, true);
  mine->status = problem->status;
  memcpy(mine->text, problem->text, sizeof mine->text);
  pthread_mutex_unlock(&ctx->mutex);
}

const char *hd_ctx_message(hd_ctx *ctx) {
  pthread_mutex_lock(&ctx->mutex);
  const hd_problem *mine = slot(ctx, false);
  pthread_mutex_unlock(&ctx->mutex);
  return mine && mine->status != HD_OK ? mine->text : "";
}
