#include "study/workers/compute.h"

#include "run/outcome.h"

#include <math.h>
#include <stdio.h>

typedef struct computing {
  const hd_compute_options *options;
  const char *const *names;
  int64_t count;
  double *values;
  hd_member_record *record;
  hd_bench *bench;
  bool prepared; /* the run began: a limit is one of time from here on */
} computing;

/* What fails in a foreign solver is the program. */
static hd_failure failure_of(hd_status status, bool prepared, bool foreign) {
  switch (status) {
    case HD_ERR_INPUT: return HD_FAILURE_INPUT;
    case HD_ERR_NUMERIC: return foreign ? HD_FAILURE_EXIT : HD_FAILURE_NUMERIC;
    case HD_ERR_LIMIT: return prepared ? HD_FAILURE_TIME : HD_FAILURE_MEMORY;
    case HD_ERR_MEMORY: return HD_FAILURE_MEMORY;
    case HD_ERR_FILE: return HD_FAILURE_FILE;
    case HD_ERR_MISSING: return HD_FAILURE_EXIT;
    default: return HD_FAILURE_BUG;
  }
}

static double smaller_limit(double own, double given) { return isnan(own) || given < own ? given : own; }

hd_status hd_member_folder(hd_ctx *ctx, const char *study, int64_t i, char path[HD_PATH_ROOM]) {
  char name[64];
  snprintf(name, sizeof name, "members/%lld", (long long)i);
  return hd_path_join(ctx, study, name, path, HD_PATH_ROOM);
}

/* HDF5 has one lock for the whole process (io/h5.h), so that workers may write at the same time. */
static hd_status write_result(const computing *c) {
  hd_outcome outcome;
  char folder[HD_PATH_ROOM];
  HD_TRY(hd_member_folder(c->bench->kase->ctx, c->options->results, c->record->member, folder));
  HD_TRY(hd_outcome_collect(c->bench->running, &outcome));
  hd_write_options write = {.figures = false, .durable = true};
  hd_status status = hd_outcome_write(c->bench->running, &outcome, &write, folder);
  hd_outcome_free(&outcome);
  return status;
}

static hd_status run(computing *c) {
  const hd_failed_part *parts;
  hd_common *common = &c->bench->kase->common;
  hd_running_options options = {.threads = c->options->threads > 0 ? c->options->threads : 1,
                                .store = c->options->store,
                                .width = c->options->threads > 0 ? NULL : c->options->width,
                                .stop = c->options->stop,
                                .place = c->options->place};
  common->limit_time_s = smaller_limit(common->limit_time_s, c->options->time_s);
  common->limit_memory_bytes = smaller_limit(common->limit_memory_bytes, c->options->memory_bytes);
  HD_TRY(hd_running_again(c->bench->kase, &options, &c->bench->running));
  hd_running *running = c->bench->running;
  c->prepared = true;
  c->record->memory = (double)running->plan.memory;
  c->record->built = running->stages_built;
  c->record->mapped = running->stages_mapped;
  HD_TRY(hd_running_advance(running, INFINITY));
  HD_TRY(hd_running_finish(running));
  for (int64_t i = 0; i < c->count; i++) HD_TRY(hd_running_measure(running, c->names[i], &c->values[i]));
  c->record->failed_parts = hd_store_failed(running->run.store, &parts);
  HD_TRY(hd_store_digest(running->run.store, &c->record->digest));
  return c->options->results ? write_result(c) : HD_OK;
}

/* After a failure nothing is used again. */
static void end_run(hd_bench *bench, hd_status status) {
  if (status == HD_OK) {
    hd_running_retire(bench->running);
  } else {
    hd_running_free(bench->running);
    bench->running = NULL;
  }
}

void hd_bench_free(hd_bench *bench) {
  hd_running_free(bench->running);
  hd_case_free(bench->kase);
  *bench = (hd_bench){0};
}

hd_status hd_member_compute(const hd_members *members, hd_ctx *ctx, int64_t i, const char *const *names, int64_t count,
                            const hd_compute_options *options, double *values, char reason[512],
                            hd_member_record *record) {
  hd_bench own = {0};
  computing c = {.options = options,
                 .bench = options->bench ? options->bench : &own,
                 .names = names,
                 .count = count,
                 .values = values,
                 .record = record};
  double began = ctx->clock.steady_s(ctx->clock.self);
  bool foreign = false;
  for (int64_t k = 0; k < count; k++) values[k] = NAN;
  reason[0] = 0;
  *record = (hd_member_record){.member = i, .attempt = 1, .values = count, .value = values, .reason = reason};
  hd_status status = hd_members_case_again(members, ctx, i, &c.bench->kase);
  if (status == HD_OK) {
    record->identity = c.bench->kase->identity;
    foreign = c.bench->kase->solver->caps & HD_FOREIGN;
    status = run(&c);
  }
  end_run(c.bench, status);
  record->seconds = ctx->clock.steady_s(ctx->clock.self) - began;
  if (status == HD_STOPPED && !(options->stop && atomic_load(options->stop)))
    status = hd_raise(ctx, HD_ERR_BUG, "the solver stopped without being asked to");
  record->state = status == HD_OK ? HD_MEMBER_DONE : status == HD_STOPPED ? HD_MEMBER_WAITING : HD_MEMBER_FAILED;
  if (status != HD_OK && status != HD_STOPPED) {
    record->failure = failure_of(status, c.prepared, foreign);
    snprintf(reason, 512, "%s", hd_ctx_message(ctx));
    for (int64_t k = 0; k < count; k++) values[k] = NAN;
    record->digest = (hd_hash){0};
  }
  hd_bench_free(&own);
  return status == HD_STOPPED ? HD_STOPPED : HD_OK;
}
