/* Making and steering an exec, and the small questions a solver asks it. */
#include "par/exec_inside.h"

hd_status hd_exec_new(hd_ctx *ctx, int threads, size_t per_thread, hd_exec **out) {
  void *at;
  *out = NULL;
  if (threads < 1) return hd_raise(ctx, HD_ERR_BUG, "an exec of %d threads", threads);
  HD_TRY(hd_memory_take(ctx, sizeof(hd_exec), &at));
  hd_exec *exec = at;
  *exec = (hd_exec){.ctx = ctx, .threads = threads, .per_thread = per_thread};
  hd_status s = hd_memory_take(ctx, per_thread, &at);
  if (s != HD_OK) {
    hd_memory_give(ctx, exec, sizeof *exec);
    return s;
  }
  exec->scratch = at;
  *out = exec;
  return HD_OK;
}

void hd_exec_free(hd_exec *exec) {
  if (!exec) return;
  hd_memory_give(exec->ctx, exec->scratch, exec->per_thread);
  hd_memory_give(exec->ctx, exec->gathered, exec->gathered_room);
  hd_memory_give(exec->ctx, exec, sizeof *exec);
}

hd_status hd_exec_resize(hd_exec *exec, int threads) {
  if (threads < 1) return hd_raise(exec->ctx, HD_ERR_BUG, "an exec of %d threads", threads);
  exec->threads = threads;
  return HD_OK;
}

int  hd_exec_threads(const hd_exec *exec) { return exec->threads; }
void hd_exec_cost(hd_exec *exec, double seconds_per_block) { exec->seconds_per_block = seconds_per_block; }
void hd_exec_stop_flag(hd_exec *exec, const atomic_int *flag) { exec->stop = flag; }
void hd_exec_batch(hd_exec *exec, int64_t blocks) { exec->batch = blocks > 0 ? blocks : 0; }

int64_t hd_batch(const hd_run *run) { return run->exec->batch ? run->exec->batch : 4 * (int64_t)run->exec->threads; }

bool hd_stopping(const hd_run *run) {
  const atomic_int *flag = run->exec->stop;
  return flag && atomic_load_explicit(flag, memory_order_relaxed) != 0;
}
