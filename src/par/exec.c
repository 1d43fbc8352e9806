/* Making and steering an exec, and the small questions a solver asks it. */
#include "par/exec_inside.h"

#include <math.h>
#include <string.h>

enum { SLACK = 1024 }; /* pieces of scratch are rounded up to 64 bytes each */

static void give_lanes(hd_exec *exec, hd_lane *lane, int from, int threads) {
  for (int i = from; i < threads; i++) hd_memory_give(exec->ctx, lane[i].scratch, exec->scratch_room);
}

/* Lanes for so many threads; those that stay move over, with their scratch. */
static hd_status more_lanes(hd_exec *exec, int threads, hd_lane **out) {
  void *at;
  int kept = exec->threads < threads ? exec->threads : threads;
  HD_TRY(hd_memory_take(exec->ctx, (size_t)threads * sizeof(hd_lane), &at));
  hd_lane *lane = at;
  for (int i = 0; i < kept; i++) lane[i].scratch = exec->lane[i].scratch;
  for (int i = kept; i < threads; i++) {
    hd_status status = hd_memory_take(exec->ctx, exec->scratch_room, &at);
    lane[i].scratch = at;
    if (status == HD_OK) continue;
    give_lanes(exec, lane, kept, i);
    hd_memory_give(exec->ctx, lane, (size_t)threads * sizeof *lane);
    return status;
  }
  *out = lane;
  return HD_OK;
}

static void take_costs(hd_exec *exec) {
  int awake = hd_pool_awake(exec->pool);
  exec->sync_s = hd_machine_sync(&exec->machine, awake);
  exec->wake_s = hd_machine_wake(&exec->machine, awake);
}

static void take_lanes(hd_exec *exec, hd_lane *lane, int threads) {
  if (exec->lane) {
    give_lanes(exec, exec->lane, threads, exec->threads);
    hd_memory_give(exec->ctx, exec->lane, (size_t)exec->threads * sizeof *lane);
  }
  exec->lane = lane;
  exec->threads = threads;
}

hd_status hd_exec_resize(hd_exec *exec, int threads) {
  if (atomic_load_explicit(&exec->inside, memory_order_relaxed))
    return hd_raise(exec->ctx, HD_ERR_BUG, "the number of threads was changed inside a block");
  if (threads == exec->threads) {
    HD_TRY(hd_pool_resize(exec->pool, threads));
    take_costs(exec);
    return HD_OK;
  }
  hd_lane *lane;
  int kept = exec->threads < threads ? exec->threads : threads;
  if (threads < 1 || threads > HD_POOL_THREADS_MAX) return hd_pool_resize(exec->pool, threads); /* it says why not */
  HD_TRY(more_lanes(exec, threads, &lane));
  hd_status status = hd_pool_resize(exec->pool, threads);
  if (status == HD_OK) {
    take_lanes(exec, lane, threads);
    take_costs(exec);
    return HD_OK;
  }
  give_lanes(exec, lane, kept, threads);
  hd_memory_give(exec->ctx, lane, (size_t)threads * sizeof *lane);
  return status;
}

hd_status hd_exec_new_with(hd_ctx *ctx, const hd_threads *os, int threads, size_t per_thread, hd_exec **out) {
  void *at;
  *out = NULL;
  if (per_thread > SIZE_MAX / 4) return hd_raise(ctx, HD_ERR_MEMORY, "out of memory: %zu bytes of scratch", per_thread);
  HD_TRY(hd_memory_take(ctx, sizeof(hd_exec), &at));
  hd_exec *exec = at;
  exec->ctx = ctx;
  exec->per_thread = per_thread;
  exec->scratch_room = per_thread ? per_thread + SLACK : 0;
  exec->machine = hd_machine_unnamed(threads);
  exec->comm = hd_comm_none();
  atomic_init(&exec->inside, false);
  hd_status status = hd_pool_new(ctx, os, 1, &exec->pool);
  hd_lane *lane;
  if (status == HD_OK) status = more_lanes(exec, 1, &lane);
  if (status == HD_OK) take_lanes(exec, lane, 1);
  if (status == HD_OK) status = hd_exec_resize(exec, threads);
  if (status != HD_OK) hd_exec_free(exec);
  else *out = exec;
  return status;
}

hd_status hd_exec_new(hd_ctx *ctx, int threads, size_t per_thread, hd_exec **out) {
  return hd_exec_new_with(ctx, NULL, threads, per_thread, out);
}

bool hd_exec_renew(hd_exec *exec, int threads, size_t per_thread) {
  if (threads != exec->threads || per_thread != exec->per_thread) return false;
  memset(exec->cost, 0, sizeof exec->cost);
  exec->owed_s = exec->seconds_per_block = exec->deadline_s = exec->taken_s = 0;
  exec->batch = 0;
  exec->stop = NULL;
  exec->comm = hd_comm_none();
  exec->device = NULL;
  return true;
}

void hd_exec_free(hd_exec *exec) {
  if (!exec) return;
  hd_pool_free(exec->pool);
  take_lanes(exec, NULL, 0);
  hd_memory_give(exec->ctx, exec->gathered, exec->gathered_room);
  hd_memory_give(exec->ctx, exec->values, exec->values_room);
  hd_memory_give(exec->ctx, exec, sizeof *exec);
}

void hd_exec_widen(hd_exec *exec, int (*wanted)(void *self), void *self) {
  exec->wanted = wanted;
  exec->wanted_self = self;
  exec->wanted_s = -INFINITY;
}

/* More threads that cannot be had are no failure: the old number stays. */
void hd_exec_ask(hd_exec *exec) {
  double now = exec->ctx->clock.steady_s(exec->ctx->clock.self);
  if (now - exec->wanted_s < 0.02) return;
  exec->wanted_s = now;
  int threads = exec->wanted(exec->wanted_self);
  if (threads != exec->threads) hd_exec_resize(exec, threads);
}

int hd_exec_threads(const hd_exec *exec) { return exec->threads; }
void hd_exec_cost(hd_exec *exec, double seconds_per_block) { exec->seconds_per_block = seconds_per_block; }
void hd_exec_stop_flag(hd_exec *exec, const atomic_int *flag) { exec->stop = flag; }
void hd_exec_deadline(hd_exec *exec, double steady_s) { exec->deadline_s = steady_s; }
double hd_exec_time_left(const hd_exec *exec) {
  const hd_clock *clock = &exec->ctx->clock;
  return exec->deadline_s > 0 ? exec->deadline_s - clock->steady_s(clock->self) : (double)INFINITY;
}
void hd_exec_taken(hd_exec *exec, double seconds) { exec->taken_s = seconds; }
double hd_seconds(const hd_run *run) { return run->exec->taken_s; }
void hd_exec_batch(hd_exec *exec, int64_t blocks) { exec->batch = blocks > 0 ? blocks : 0; }
void hd_exec_comm(hd_exec *exec, const hd_comm *comm) { exec->comm = comm ? *comm : hd_comm_none(); }
void hd_exec_device(hd_exec *exec, const hd_device *device) { exec->device = device; }

void hd_exec_machine(hd_exec *exec, const hd_machine *machine) {
  exec->machine = machine ? *machine : hd_machine_unnamed(hd_pool_awake(exec->pool));
  take_costs(exec);
}

const hd_comm *hd_exec_comm_of(const hd_exec *exec) { return &exec->comm; }
const hd_device *hd_exec_device_of(const hd_exec *exec) { return exec->device; }

int64_t hd_batch(const hd_run *run) { return run->exec->batch ? run->exec->batch : 4 * (int64_t)run->exec->threads; }

bool hd_exec_stop_asked(const hd_exec *exec) {
  return exec->stop && atomic_load_explicit(exec->stop, memory_order_relaxed) != 0;
}

bool hd_stopping(const hd_run *run) {
  const hd_exec *exec = run->exec;
  return hd_exec_stop_asked(exec) || (exec->deadline_s > 0 && hd_exec_time_left(exec) <= 0);
}
