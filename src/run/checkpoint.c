#include "run/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "checkpoint-";

/* The two highest numbers found in a folder; 0: none. */
typedef struct newest {
  int64_t first, second;
} newest;

static int note_number(void *arg, const char *name) {
  newest *found = arg;
  char *rest;
  if (strncmp(name, prefix, sizeof prefix - 1)) return 0;
  int64_t number = strtoll(name + sizeof prefix - 1, &rest, 10);
  if (*rest || number <= 0) return 0; /* a temporary file */
  if (number > found->first) *found = (newest){number, found->first};
  else if (number > found->second) found->second = number;
  return 0;
}

static newest find(hd_ctx *ctx, const char *folder) {
  newest found = {0, 0};
  ctx->files.list(ctx->files.self, folder, note_number, &found);
  return found;
}

static hd_status path_of(hd_ctx *ctx, const char *folder, int64_t number, char path[HD_PATH_ROOM]) {
  char name[64];
  snprintf(name, sizeof name, "%s%lld", prefix, (long long)number);
  return hd_path_join(ctx, folder, name, path, HD_PATH_ROOM);
}

bool hd_checkpoint_exists(hd_ctx *ctx, const char *folder) { return find(ctx, folder).first > 0; }

hd_status hd_checkpoint_write(hd_running *running) {
  hd_ctx *ctx = running->run.ctx;
  const char *folder = running->options.folder;
  char path[HD_PATH_ROOM], old[HD_PATH_ROOM];
  for (int d = 0; d < HD_DIMS_MAX; d++) running->now.next[d] = running->due[d].next;
  running->now.number++;
  HD_TRY(path_of(ctx, folder, running->now.number, path));
  HD_TRY(hd_store_save(running->run.store, path, &running->kase->identity, &running->now, sizeof running->now));
  if (running->now.number <= 2) return HD_OK;
  HD_TRY(path_of(ctx, folder, running->now.number - 2, old));
  return hd_file_remove(ctx, old);
}

static hd_status restore_from(hd_running *running, int64_t number) {
  char path[HD_PATH_ROOM];
  hd_progress_saved saved;
  HD_TRY(path_of(running->run.ctx, running->options.folder, number, path));
  HD_TRY(hd_store_load(running->run.store, path, &running->kase->identity, &saved, sizeof saved));
  running->now = saved;
  for (int d = 0; d < HD_DIMS_MAX; d++) running->due[d].next = saved.next[d];
  return HD_OK;
}

hd_status hd_checkpoint_restore(hd_running *running, bool *restored) {
  hd_ctx *ctx = running->run.ctx;
  *restored = false;
  if (!running->options.folder) return HD_OK;
  newest found = find(ctx, running->options.folder);
  int64_t numbers[] = {found.first, found.second};
  for (int i = 0; i < 2 && !*restored; i++) {
    if (!numbers[i]) continue;
    hd_status status = restore_from(running, numbers[i]);
    if (status == HD_ERR_MEMORY) return status;
    *restored = status == HD_OK;
    if (status != HD_OK) hd_log_line(ctx, HD_LOG_WARNING, "a checkpoint is passed over: %s", hd_ctx_message(ctx));
  }
  if (*restored && running->now.number < found.first) running->now.number = found.first;
  return HD_OK;
}

hd_status hd_checkpoint_clear(hd_ctx *ctx, const char *folder) {
  char path[HD_PATH_ROOM];
  for (newest found = find(ctx, folder); found.first; found = find(ctx, folder)) {
    HD_TRY(path_of(ctx, folder, found.first, path));
    HD_TRY(hd_file_remove(ctx, path));
  }
  HD_TRY(hd_path_join(ctx, folder, "rows.spill", path, sizeof path));
  return hd_file_remove(ctx, path);
}
