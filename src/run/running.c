/* The step loop: due rows, limits, progress and checkpoints around the solver's step.
 *
 * Nothing here may shape a result: `until` comes from the scenario (or the caller's own advance), never from a
 * checkpoint, a clock or a number of threads.
 */
#include "run/running.h"

#include "heddle/math.h"

#include "run/checkpoint.h"
#include "run/replay.h"
#include "run/stages.h"

#include <math.h>
#include <string.h>

static double now_s(const hd_running *running) {
  const hd_clock *clock = &running->run.ctx->clock;
  return clock->steady_s(clock->self);
}

/* -- making one ------------------------------------------------------------------------------------------------------ */

static double axis_end(const hd_case *kase, const char *path, double otherwise) {
  const double *value = hd_case_value(kase, path, HD_REAL);
  return value ? *value : otherwise;
}

static void schedule_rows(hd_running *running) {
  const hd_case *kase = running->kase;
  running->start = axis_end(kase, "time.start", 0);
  running->end = axis_end(kase, "time.end", NAN);
  const hd_dim *dims = running->solver->dims;
  for (int d = 0; d < HD_DIMS_MAX && dims && dims[d].name; d++)
    if (dims[d].when)
      running->due[d] = (hd_due){hd_case_value(kase, dims[d].when, HD_SCHEDULE), running->start, running->end, 0};
}

static hd_status ask_for_fields(hd_running *running) {
  const hd_items *fields = &running->kase->common.fields;
  return fields->count > 0 ? hd_store_ask(running->run.store, fields->item, fields->count) : HD_OK;
}

static hd_status make_store(hd_running *running, const char *spill) {
  bool single = running->plan.plan.single;
  if (running->run.store && running->single == single && !spill) return HD_OK; /* renewed when the last run retired */
  hd_store_free(running->run.store);
  running->run.store = NULL;
  running->single = single;
  return hd_store_new(running->run.ctx, running->solver, single, spill, &running->run.store);
}

static hd_status make_exec(hd_running *running) {
  const hd_plan_choice *plan = &running->plan;
  if (running->run.exec && hd_exec_renew(running->run.exec, plan->threads, plan->plan.per_thread)) return HD_OK;
  hd_exec_free(running->run.exec);
  running->run.exec = NULL;
  return hd_exec_new(running->run.ctx, plan->threads, plan->plan.per_thread, &running->run.exec);
}

/* A run that may use several threads is set up with them, too. */
static void begin_width(hd_running *running) {
  if (!running->options.width) return;
  running->width = atomic_load_explicit(running->options.width, memory_order_relaxed);
  if (running->width > 1)
    running->plan.threads = hd_plan_reconsider(running->kase, &running->plan, 1, 0, running->width);
}

static hd_status prepare(hd_running *running) {
  hd_ctx *ctx = running->run.ctx;
  const hd_running_options *options = &running->options;
  char spill[HD_PATH_ROOM];
  if (options->folder) {
    HD_TRY(hd_folder_make(ctx, options->folder));
    HD_TRY(hd_path_join(ctx, options->folder, "rows.spill", spill, sizeof spill));
  }
  hd_status planned = options->place
                          ? hd_plan_choose_at(running->kase, options->threads, options->place, &running->plan)
                          : hd_plan_choose(running->kase, options->threads, &running->plan);
  HD_TRY_WHILE(ctx, planned, "planning the run");
  begin_width(running);
  HD_TRY(make_store(running, options->folder ? spill : NULL));
  hd_store_dimensionless(running->run.store, hd_case_dimensionless(running->kase));
  HD_TRY(ask_for_fields(running));
  HD_TRY(make_exec(running));
  hd_exec_machine(running->run.exec, &running->plan.machine);
  hd_exec_stop_flag(running->run.exec, options->stop);
  hd_exec_batch(running->run.exec, running->plan.threads);
  double limit = running->kase->common.limit_time_s;
  if (!isnan(limit)) hd_exec_deadline(running->run.exec, running->began_s + limit);
  if (!running->run.self) HD_TRY(hd_memory_take(ctx, running->solver->self_size, &running->run.self));
  HD_TRY_WHILE(ctx, hd_stages_prepare(running), "preparing what the run needs");
  return HD_OK;
}

static hd_status start(hd_running *running) {
  bool restored = false;
  if (running->options.resume) HD_TRY(hd_checkpoint_restore(running, &restored));
  running->resumed = restored;
  if (restored) running->restored_steps = running->now.steps;
  if (!restored) {
    running->now.at = running->start;
    if (running->solver->start)
      HD_TRY_WHILE(running->run.ctx, running->solver->start(&running->run), "setting up the state at the start");
    HD_TRY(hd_store_settle(running->run.store));
  }
  hd_store_step(running->run.store, running->now.steps);
  if (running->solver->rebuild) HD_TRY(running->solver->rebuild(&running->run));
  return hd_replay_open(running);
}

/* -- rows ------------------------------------------------------------------------------------------------------------ */

static hd_status take_row(hd_running *running, int dim) {
  HD_TRY(hd_store_row_begin(running->run.store, dim));
  if (running->solver->observe) HD_TRY(running->solver->observe(&running->run, dim));
  HD_TRY(hd_store_row_end(running->run.store, dim));
  hd_due_taken(&running->due[dim], running->now.at);
  return HD_OK;
}

static hd_status take_rows(hd_running *running) {
  bool scanned = false;
  for (int d = 0; d < HD_DIMS_MAX; d++) {
    if (!hd_due_now(&running->due[d], running->now.at, running->now.steps, running->now.done)) continue;
    if (!scanned) HD_TRY(hd_store_scan(running->run.store));
    scanned = true;
    HD_TRY(take_row(running, d));
  }
  return HD_OK;
}

/* Where the next step must land at the latest. */
static double next_stop(const hd_running *running, double until) {
  if (!(running->solver->caps & HD_MARCHES)) return until;
  double sign = running->end < running->start ? -1 : 1, stop = isnan(running->end) ? until : running->end;
  if (sign * until < sign * stop) stop = until;
  for (int d = 0; d < HD_DIMS_MAX; d++) {
    if (!running->due[d].schedule) continue;
    double due = hd_due_position(&running->due[d]);
    if (sign * due < sign * stop) stop = due;
  }
  return stop;
}

/* -- between steps --------------------------------------------------------------------------------------------------- */

/* Another number of threads from the next step on; the old one stays where the system gives no more. */
static void use_threads(hd_running *running, int threads) {
  hd_problem refused;
  if (threads == hd_exec_threads(running->run.exec)) return;
  if (hd_exec_resize(running->run.exec, threads) != HD_OK) hd_problem_take(running->run.ctx, &refused);
  if (hd_batch(&running->run) < threads) hd_exec_batch(running->run.exec, threads);
}

/* A batch solver's steps are no measure: their length is changed all the time. */
static void use_as_many_as_pay(hd_running *running, int most) {
  int threads = hd_exec_threads(running->run.exec);
  double step_s = running->solver->caps & HD_MARCHES ? running->step_cost_s : NAN;
  use_threads(running, hd_plan_reconsider(running->kase, &running->plan, threads, step_s, most));
}

/* Cores became free or are wanted elsewhere. */
static void widen(hd_running *running) {
  if (!running->options.width) return;
  int width = atomic_load_explicit(running->options.width, memory_order_relaxed);
  if (width == running->width || width < 1) return;
  running->width = width;
  use_as_many_as_pay(running, width);
}

/* Timed steps correct the prediction: after 5 ms of stepping, after 10, 20, ... */
static void reconsider(hd_running *running) {
  int given = running->options.threads > 0 ? 0 : running->plan.cores;
  int most = running->options.width ? running->width : given;
  if (most < 2 || running->stepping_s < running->reconsider_s) return;
  running->reconsider_s = 2 * running->stepping_s;
  use_as_many_as_pay(running, most);
}

/* How long a batch solver's step should last: long enough to be worth a region, short enough to stop soon. */
static const double batch_low_s = 0.1, batch_high_s = 1.0;

static void adapt_batch(hd_running *running, double step_s) {
  if (running->solver->caps & HD_MARCHES) return;
  int64_t batch = hd_batch(&running->run), threads = hd_exec_threads(running->run.exec);
  if (step_s < batch_low_s) hd_exec_batch(running->run.exec, batch * 2);
  else if (step_s > batch_high_s && batch > threads) hd_exec_batch(running->run.exec, batch / 2);
}

/* First after 60 s, then so that checkpoints cost at most 1 % of the time (design 6.3). */
static bool checkpoint_due(const hd_running *running, double now) {
  const hd_running_options *options = &running->options;
  if (!options->folder || (running->solver->caps & HD_FOREIGN)) return false;
  if (options->checkpoint_every_steps > 0) return running->now.steps % options->checkpoint_every_steps == 0;
  double since = now - running->last_checkpoint_s;
  if (options->checkpoint_every_s > 0) return since >= options->checkpoint_every_s;
  return since >= hd_larger(60.0, 100.0 * running->checkpoint_s);
}

static hd_status say_late(const hd_running *running) {
  char unit[32];
  return hd_raise(running->run.ctx, HD_ERR_LIMIT, "the limit of %g s was reached at %s %g%s",
                  running->kase->common.limit_time_s, running->solver->axis, running->now.at,
                  hd_case_axis_unit(running->kase, unit));
}

/* Reads the clock, which costs as much as a small step, only every few steps: some 200 times a second. */
static hd_status look(hd_running *running, double since_s, int64_t steps) {
  double now = now_s(running);
  if (steps > 0) running->step_cost_s = (now - since_s) / (double)steps;
  running->stepping_s += now - since_s;
  adapt_batch(running, running->step_cost_s);
  reconsider(running);
  double few = running->step_cost_s > 0 ? 0.005 / running->step_cost_s : 1;
  running->next_look = running->now.steps + (few < 1 ? 1 : few > 1e6 ? 1000000 : (int64_t)few);
  if (checkpoint_due(running, now)) HD_TRY(hd_running_save(running));
  if (running->options.progress && now - running->last_progress_s >= 0.1) {
    running->last_progress_s = now;
    running->options.progress(running->options.progress_self, running);
  }
  if (now - running->began_s >= running->kase->common.limit_time_s) { /* false for NaN: no limit */
    if (running->options.folder && !(running->solver->caps & HD_FOREIGN)) HD_TRY(hd_running_save(running));
    return say_late(running);
  }
  return HD_OK;
}

static hd_status stop(hd_running *running) {
  char unit[32];
  if (running->options.folder && !(running->solver->caps & HD_FOREIGN)) HD_TRY(hd_running_save(running));
  return hd_raise(running->run.ctx, HD_STOPPED, "stopped at %s %g%s", running->solver->axis, running->now.at,
                  hd_case_axis_unit(running->kase, unit));
}

static bool has_reached(const hd_running *running, double until) {
  if (running->now.done) return true;
  double sign = running->end < running->start ? -1 : 1;
  return (running->solver->caps & HD_MARCHES) && sign * running->now.at >= sign * until;
}

static hd_status step_once(hd_running *running, double until) {
  hd_run *run = &running->run;
  hd_progress progress = {.at = running->now.at};
  char unit[32];
  HD_TRY(hd_replay_apply(running));
  run->until = next_stop(running, until);
  hd_status status = running->solver->step(run, &progress);
  if (status == HD_STOPPED && !hd_exec_stop_asked(run->exec) && hd_stopping(run)) return say_late(running);
  if (status != HD_OK)
    return hd_while(run->ctx, status, "computing step %lld after %s %.17g%s", (long long)running->now.steps + 1,
                    running->solver->axis, running->now.at, hd_case_axis_unit(running->kase, unit));
  running->now.steps++;
  running->now.at = progress.at;
  running->now.fraction = progress.fraction;
  running->now.done = progress.done;
  hd_store_step(run->store, running->now.steps);
  return hd_store_settle(run->store);
}

hd_status hd_running_advance(hd_running *running, double until) {
  if (isinf(until))
    until = running->end < running->start ? -INFINITY : INFINITY; /* the end, whichever side it lies on */
  double since = now_s(running);
  int64_t since_steps = running->now.steps;
  bool wants_steps = running->options.checkpoint_every_steps > 0;
  if (!running->resumed && running->now.steps == 0) {
    if ((running->solver->caps & HD_MARCHES) && running->start == running->end) running->now.done = true;
    HD_TRY(take_rows(running));
  }
  while (!has_reached(running, until)) {
    widen(running);
    HD_TRY(step_once(running, until));
    HD_TRY(take_rows(running));
    if (running->now.done) break;
    bool stopping = hd_stopping(&running->run);
    if (stopping || running->now.steps >= running->next_look ||
        (wants_steps && running->now.steps % running->options.checkpoint_every_steps == 0)) {
      HD_TRY(look(running, since, running->now.steps - since_steps));
      since = now_s(running);
      since_steps = running->now.steps;
    }
    if (stopping) return stop(running);
  }
  running->stepping_s += now_s(running) - since;
  return HD_OK;
}

hd_status hd_running_save(hd_running *running) {
  double before = now_s(running);
  HD_TRY(hd_store_scan(running->run.store));
  if (running->solver->pack) HD_TRY(running->solver->pack(&running->run));
  HD_TRY_WHILE(running->run.ctx, hd_checkpoint_write(running), "writing a checkpoint");
  running->last_checkpoint_s = now_s(running);
  running->checkpoint_s = running->last_checkpoint_s - before;
  return HD_OK;
}

hd_status hd_running_finish(hd_running *running) {
  if (running->finished) return HD_OK;
  if (running->solver->finish) HD_TRY(running->solver->finish(&running->run));
  HD_TRY(hd_store_scan(running->run.store));
  running->finished = true;
  return HD_OK;
}

/* -- beginning and end ----------------------------------------------------------------------------------------------- */

static hd_status begin(hd_running *running, const hd_case *kase, const hd_running_options *options) {
  running->kase = kase;
  running->solver = kase->solver;
  if (options) running->options = *options;
  running->run.params = kase->params;
  running->run.seed = (uint64_t)kase->common.seed;
  running->run.ctx = kase->ctx;
  running->began_s = running->last_checkpoint_s = now_s(running);
  schedule_rows(running);
  HD_TRY(prepare(running));
  return start(running);
}

hd_status hd_running_new(const hd_case *kase, const hd_running_options *options, hd_running **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(kase->ctx, sizeof(hd_running), &memory));
  hd_status status = begin(memory, kase, options);
  if (status == HD_OK) *out = memory;
  else hd_running_free(memory);
  return status;
}

void hd_running_retire(hd_running *running) {
  hd_run old = running->run;
  const hd_solver *solver = running->solver;
  bool single = running->single;
  hd_replay_close(running);
  if (old.self && solver->end) solver->end(&running->run);
  if (old.self) memset(old.self, 0, solver->self_size);
  memset(running, 0, sizeof *running);
  running->run = (hd_run){.self = old.self, .store = old.store, .exec = old.exec, .ctx = old.ctx};
  running->solver = solver;
  running->single = single;
  if (hd_store_renew(old.store) != HD_OK) {
    hd_store_free(old.store);
    running->run.store = NULL;
  }
  if (hd_exec_threads(old.exec) > 1) {
    hd_exec_free(old.exec);
    running->run.exec = NULL;
  }
}

hd_status hd_running_again(const hd_case *kase, const hd_running_options *options, hd_running **running) {
  if (!*running) return hd_running_new(kase, options, running);
  hd_status status = begin(*running, kase, options);
  if (status == HD_OK) return HD_OK;
  hd_running_free(*running);
  *running = NULL;
  return status;
}

void hd_running_free(hd_running *running) {
  if (!running) return;
  hd_ctx *ctx = running->run.ctx;
  hd_replay_close(running);
  if (running->kase && running->run.self && running->solver->end) running->solver->end(&running->run);
  hd_memory_give(ctx, running->run.self, running->solver->self_size);
  hd_exec_free(running->run.exec);
  hd_store_free(running->run.store);
  hd_memory_give(ctx, running, sizeof *running);
}
