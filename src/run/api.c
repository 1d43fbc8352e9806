/* heddle/heddle.h: open, advance, read, set, write, close. An hd_run handed out is the first member of an hd_running. */
#include "run/outcome.h"
#include "run/running.h"

#include <math.h>

static hd_running *running_of(hd_run *run) { return (hd_running *)(void *)run; }

hd_status hd_open(hd_ctx *ctx, const char *scenario, const hd_options *options, hd_run **out) {
  hd_options none = {0};
  const hd_options *with = options ? options : &none;
  hd_case_options case_options = {with->set, with->set_count, with->plugin, with->plugin_count};
  hd_running_options run_options = {.threads = with->threads, .folder = with->folder, .resume = with->resume};
  hd_case *kase;
  hd_running *running = NULL;
  *out = NULL;
  hd_status status = hd_case_load(ctx, scenario, &case_options, &kase);
  if (status == HD_OK) status = hd_running_new(kase, &run_options, &running);
  if (status != HD_OK) {
    hd_case_free(kase);
    return hd_while(ctx, status, "opening %s", scenario);
  }
  *out = &running->run;
  return HD_OK;
}

hd_status hd_advance(hd_run *run, double until) { return hd_running_advance(running_of(run), until); }

double hd_position(const hd_run *run) { return ((const hd_running *)(const void *)run)->now.at; }

bool hd_done(const hd_run *run) { return ((const hd_running *)(const void *)run)->now.done; }

hd_status hd_get(hd_run *run, const char *field, hd_array *out) { return hd_store_get(run->store, field, out); }

hd_status hd_set(hd_run *run, const char *field, int64_t first, int64_t count, const double *values) {
  return hd_store_set(run->store, field, first, count, values);
}

hd_status hd_measure_value(hd_run *run, const char *measure, double *value) {
  return hd_running_measure(running_of(run), measure, value);
}

static hd_status finished(hd_run *run) {
  if (!hd_done(run)) return hd_raise(run->ctx, HD_ERR_INPUT, "the run is not done: advance it to the end first");
  return hd_running_finish(running_of(run));
}

hd_status hd_write(hd_run *run, const char *folder) {
  hd_outcome outcome;
  HD_TRY(finished(run));
  HD_TRY(hd_outcome_collect(running_of(run), &outcome));
  hd_write_options options = {.figures = true, .durable = true};
  hd_status status = hd_outcome_write(running_of(run), &outcome, &options, folder);
  hd_outcome_free(&outcome);
  return status;
}

hd_status hd_digest(hd_run *run, char out[33]) {
  hd_hash digest;
  out[0] = 0;
  HD_TRY(finished(run));
  HD_TRY(hd_store_digest(run->store, &digest));
  hd_hash_hex(&digest, out);
  return HD_OK;
}

void hd_close(hd_run *run) {
  if (!run) return;
  hd_case *kase = (hd_case *)(uintptr_t)running_of(run)->kase; /* made by hd_open, so not const */
  hd_running_free(running_of(run));
  hd_case_free(kase);
}
