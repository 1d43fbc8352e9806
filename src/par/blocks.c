/* Regions: blocks on threads, their scratch memory, and which failure is told.
 *
 * A region too small for its synchronisation runs on the caller alone. What a block of a work function costs is learned
 * by timing regions: every wide one, and one of 64 serial ones. A smaller value is believed at once, a larger one by half,
 * so that a pause forced by the system misleads for one region at most.
 */
#include "par/exec_inside.h"

#include <math.h>

enum { SERIAL_TIMED = 64, SLICES = 64 };
static const double worth = 20; /* a region must hold so many times its synchronisation (design, section 5, rule 3) */
static const double worth_waking = 4; /* and so many times the latency of threads that sleep, to be sure of a gain */

typedef struct region {
  hd_run *run;
  hd_exec *exec;
  hd_block_work *work;
  void *arg;
  int64_t first, blocks; /* of this rank */
  int parts;
  _Atomic int64_t failed; /* lowest block known to have failed: blocks above it need not run */
} region;

/* -- how wide ---------------------------------------------------------------------------------------------------------- */

static hd_cost_of *cost_of(hd_exec *exec, hd_block_work *work) {
  for (int i = 0; i < HD_EXEC_COSTS; i++) {
    hd_cost_of *c = &exec->cost[i];
    if (!c->work) c->work = work;
    if (c->work == work) return c;
  }
  return NULL; /* more kinds of regions than a solver has: not learned */
}

static void learn(hd_cost_of *cost, double seconds_per_block) {
  double known = cost->seconds_per_block;
  if (seconds_per_block < 0) return;
  cost->seconds_per_block =
      known <= 0 || seconds_per_block < known ? seconds_per_block : 0.5 * (known + seconds_per_block);
}

static double now(const hd_exec *exec) { return exec->ctx->clock.steady_s(exec->ctx->clock.self); }

/* Wide or serial? Where threads sleep, regions run serially until they add up to what is worth waking for (a long one does
 * at once): regions in quick succession then find the threads awake. Nothing is lost by a wrong guess but the call
 * that wakes them: the caller takes over the parts of threads that come late. */
static bool wide(hd_exec *exec, double seconds, int parts) {
  if (isinf(seconds)) return true; /* asked for */
  if (hd_pool_awake(exec->pool) < 2 || !(seconds >= worth * exec->sync_s)) return false;
  if (!hd_pool_sleepers(exec->pool, parts)) return true;
  exec->owed_s += seconds;
  if (exec->owed_s < worth_waking * exec->wake_s) return false;
  exec->owed_s = 0;
  return true;
}

/* -- running ----------------------------------------------------------------------------------------------------------- */

static hd_status serial(region *r) {
  hd_lane *lane = &r->exec->lane[0];
  for (int64_t b = r->first; b < r->first + r->blocks; b++) {
    lane->used = 0;
    HD_TRY(r->work(r->run, b, r->arg));
  }
  return HD_OK;
}

/* Keeps the message of the lowest failure of this lane; the region remembers the lowest of all. */
static void keep_failure(region *r, hd_lane *lane, int64_t block, hd_status status) {
  int64_t lowest = atomic_load_explicit(&r->failed, memory_order_relaxed);
  while (block < lowest && !atomic_compare_exchange_weak(&r->failed, &lowest, block)) {}
  if (lane->failed <= block) return;
  lane->failed = block;
  hd_problem_take(r->exec->ctx, &lane->problem);
  if (lane->problem.status != status) lane->problem = (hd_problem){.status = status};
  hd_problem_put(r->exec->ctx, &(hd_problem){.status = HD_OK});
}

static void run_part(void *arg, int part, int lane_number) {
  region *r = arg;
  hd_lane *lane = &r->exec->lane[lane_number];
  int64_t end = r->first + hd_part_first(r->blocks, r->parts, part + 1);
  for (int64_t b = r->first + hd_part_first(r->blocks, r->parts, part); b < end; b++) {
    if (b > atomic_load_explicit(&r->failed, memory_order_relaxed)) return;
    lane->used = 0;
    hd_status status = r->work(r->run, b, r->arg);
    if (status != HD_OK) keep_failure(r, lane, b, status);
  }
}

static hd_status spread(region *r) {
  hd_exec *exec = r->exec;
  for (int i = 0; i < exec->threads; i++) exec->lane[i].failed = INT64_MAX;
  HD_TRY(hd_pool_run(exec->pool, r->parts, run_part, r));
  if (r->failed == INT64_MAX) return HD_OK;
  for (int i = 0; i < exec->threads; i++) {
    const hd_lane *lane = &exec->lane[i];
    if (lane->failed != r->failed) continue;
    if (lane->problem.text[0]) hd_problem_put(exec->ctx, &lane->problem);
    else
      hd_raise(exec->ctx, lane->problem.status, "block %lld: %s", (long long)r->failed,
               hd_status_text(lane->problem.status));
    return lane->problem.status;
  }
  return HD_ERR_BUG;
}

/* Serially or spread, and timed where that tells something. */
static hd_status decide(region *r) {
  hd_exec *exec = r->exec;
  if (exec->seconds_per_block > 0)
    return wide(exec, exec->seconds_per_block * (double)r->blocks, r->parts) ? spread(r) : serial(r);
  hd_cost_of *cost = cost_of(exec, r->work);
  bool known = cost && cost->seconds_per_block > 0;
  bool go_wide = cost && known && wide(exec, cost->seconds_per_block * (double)r->blocks, r->parts);
  if (!cost || (!go_wide && known && cost->seen++ % SERIAL_TIMED != 0)) return go_wide ? spread(r) : serial(r);
  double start = now(exec);
  hd_status status = go_wide ? spread(r) : serial(r);
  int threads = hd_pool_awake(exec->pool) < r->parts ? hd_pool_awake(exec->pool) : r->parts;
  if (status == HD_OK) learn(cost, (now(exec) - start) * (go_wide ? threads : 1) / (double)r->blocks);
  return status;
}

static hd_status whole(region *r) {
  hd_exec *exec = r->exec;
  r->parts = r->blocks < exec->threads ? (int)r->blocks : exec->threads;
  atomic_init(&r->failed, INT64_MAX);
  atomic_store_explicit(&exec->inside, true, memory_order_relaxed);
  hd_status status = r->parts > 1 ? decide(r) : serial(r);
  atomic_store_explicit(&exec->inside, false, memory_order_relaxed);
  return status;
}

/* One region may be all that a stage has: in slices it is widened on its way. */
static hd_status in_slices(region *r) {
  int64_t end = r->first + r->blocks, slice = r->blocks / SLICES + 1;
  for (; r->first < end; r->first += r->blocks) {
    hd_exec_ask(r->exec);
    int64_t blocks = slice > r->exec->threads ? slice : r->exec->threads;
    r->blocks = blocks < end - r->first ? blocks : end - r->first;
    HD_TRY(whole(r));
  }
  return HD_OK;
}

hd_status hd_for_blocks(hd_run *run, int64_t blocks, hd_block_work *work, void *arg) {
  hd_exec *exec = run->exec;
  if (atomic_load_explicit(&exec->inside, memory_order_relaxed))
    return hd_raise(run->ctx, HD_ERR_BUG, "hd_for_blocks was called inside a block of another region");
  if (!hd_float_mode_good()) return hd_float_mode_bad(run->ctx);
  region r = {.run = run, .exec = exec, .work = work, .arg = arg, .first = 0, .blocks = blocks};
  if (exec->comm.size > 1) {
    r.first = hd_part_first(blocks, exec->comm.size, exec->comm.rank);
    r.blocks = hd_part_first(blocks, exec->comm.size, exec->comm.rank + 1) - r.first;
  }
  hd_status status = exec->wanted ? in_slices(&r) : whole(&r);
  return exec->comm.size > 1 ? exec->comm.agree(exec->comm.self, run->ctx, status) : status;
}

hd_status hd_scratch(hd_run *run, size_t bytes, void **memory) {
  hd_exec *exec = run->exec;
  *memory = NULL;
  if (!atomic_load_explicit(&exec->inside, memory_order_relaxed))
    return hd_raise(run->ctx, HD_ERR_BUG, "hd_scratch was called outside a block; hd_alloc lasts longer");
  hd_lane *lane = &exec->lane[hd_pool_lane(exec->pool)];
  size_t whole = (bytes + 63) / 64 * 64;
  if (whole < bytes || whole > exec->scratch_room - lane->used)
    return hd_raise(run->ctx, HD_ERR_BUG,
                    "a block asks for %zu bytes of scratch beside %zu, but plan.per_thread is %zu", bytes, lane->used,
                    exec->per_thread);
  *memory = lane->scratch + lane->used;
  lane->used += whole;
  return HD_OK;
}
