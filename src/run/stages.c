#include "run/stages.h"

#include <stdio.h>
#include <stdlib.h>

/* The file of a product: <store>/stages/<key>; false: there is no store. */
static hd_status file_of(hd_running *running, const hd_hash *key, char path[HD_PATH_ROOM], bool *has) {
  hd_ctx *ctx = running->run.ctx;
  const char *store = getenv("HEDDLE_STORE");
  char base[HD_PATH_ROOM], folder[HD_PATH_ROOM], hex[33];
  *has = (store && store[0]) || running->options.folder;
  if (!*has) return HD_OK;
  if (store && store[0]) {
    HD_TRY(hd_path_join(ctx, NULL, store, base, sizeof base));
  } else {
    HD_TRY(hd_path_folder(ctx, running->options.folder, folder, sizeof folder));
    HD_TRY(hd_path_join(ctx, folder, ".heddle", base, sizeof base));
  }
  HD_TRY(hd_path_join(ctx, base, "stages", folder, sizeof folder));
  HD_TRY(hd_folder_make(ctx, folder));
  hd_hash_hex(key, hex);
  return hd_path_join(ctx, folder, hex, path, HD_PATH_ROOM);
}

static hd_status build(hd_running *running, int stage) {
  hd_status status = hd_store_building(running->run.store, stage);
  if (status == HD_OK) status = running->solver->stages[stage].build(&running->run);
  hd_status ended = hd_store_building(running->run.store, -1);
  if (status == HD_OK) status = ended;
  return hd_while(running->run.ctx, status, "building the stage '%s'", running->solver->stages[stage].name);
}

static hd_status prepare(hd_running *running, int stage) {
  hd_hash key;
  char path[HD_PATH_ROOM];
  bool has;
  HD_TRY(hd_case_stage_key(running->kase, stage, &key));
  HD_TRY(file_of(running, &key, path, &has));
  if (has && hd_store_stage_map(running->run.store, stage, path, &key) == HD_OK) return HD_OK;
  HD_TRY(build(running, stage));
  if (!has) return HD_OK;
  HD_TRY(hd_store_stage_save(running->run.store, stage, path, &key));
  return hd_store_stage_map(running->run.store, stage, path, &key);
}

hd_status hd_stages_prepare(hd_running *running) {
  const hd_stage *stages = running->solver->stages;
  for (int s = 0; stages && stages[s].name; s++) HD_TRY(prepare(running, s));
  return HD_OK;
}
