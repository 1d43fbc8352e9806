#include "run/replay.h"

#include "io/result.h"

enum { STEP, FIELD, INDEX, VALUE, COLUMNS };
static const char *const columns[COLUMNS] = {"setting_step", "setting_field", "setting_index", "setting_value"};

struct hd_replay {
  hd_result *result;
  hd_array column[COLUMNS];
  int64_t count, next;
};

static hd_status read_columns(hd_running *running, hd_replay *replay) {
  for (int i = 0; i < COLUMNS; i++) HD_TRY(hd_read(replay->result, columns[i], &replay->column[i]));
  replay->count = replay->column[STEP].size[0];
  for (int i = 1; i < COLUMNS; i++)
    if (replay->column[i].size[0] != replay->count)
      return hd_raise(running->run.ctx, HD_ERR_INPUT, "the inputs stored in it are damaged");
  while (replay->next < replay->count && replay->column[STEP].at[replay->next] < (double)running->now.steps)
    replay->next++;
  return HD_OK;
}

hd_status hd_replay_open(hd_running *running) {
  hd_ctx *ctx = running->run.ctx;
  const char *file = running->kase->common.replay;
  void *memory;
  if (!file) return HD_OK;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_replay), &memory));
  running->replay = memory;
  HD_TRY_WHILE(ctx, hd_result_open(ctx, file, &running->replay->result), "reading the inputs to replay");
  HD_TRY_WHILE(ctx, read_columns(running, running->replay), "reading the inputs to replay from %s", file);
  return HD_OK;
}

static hd_status apply_one(hd_running *running, const hd_replay *replay, int64_t row) {
  double field = replay->column[FIELD].at[row];
  int fields = 0;
  while (running->solver->fields[fields].name) fields++;
  if (!(field >= 0 && field < fields))
    return hd_raise(running->run.ctx, HD_ERR_INPUT, "the replayed result sets field number %g, of %d", field, fields);
  return hd_store_set(running->run.store, running->solver->fields[(int)field].name,
                      (int64_t)replay->column[INDEX].at[row], 1, &replay->column[VALUE].at[row]);
}

hd_status hd_replay_apply(hd_running *running) {
  hd_replay *replay = running->replay;
  if (!replay) return HD_OK;
  while (replay->next < replay->count && replay->column[STEP].at[replay->next] <= (double)running->now.steps)
    HD_TRY_WHILE(running->run.ctx, apply_one(running, replay, replay->next++), "replaying inputs");
  return HD_OK;
}

void hd_replay_close(hd_running *running) {
  if (!running->replay) return;
  if (running->replay->result) hd_result_close(running->replay->result);
  hd_memory_give(running->run.ctx, running->replay, sizeof *running->replay);
}
