/* Predicted lengths, memory and time, and the number of threads by the cost model. */
#include "run/plan.h"

#include "io/store.h"
#include "par/cost.h"
#include "run/schedule.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the rows that scheduled dimensions will store. */
static size_t predict_rows(const hd_case *kase, const hd_plan_choice *choice) {
  const hd_dim *dims = kase->solver->dims;
  const double *start = hd_case_value(kase, "time.start", HD_REAL), *end = hd_case_value(kase, "time.end", HD_REAL);
  size_t bytes = 0;
  for (int d = 0; dims && dims[d].name && d < HD_PLAN_DIMS; d++) {
    if (!dims[d].when) continue;
    hd_due due = {hd_case_value(kase, dims[d].when, HD_SCHEDULE), start ? *start : 0, end ? *end : NAN, 0};
    int64_t rows = hd_due_count(&due, choice->plan.steps);
    bytes += (size_t)(rows > 0 ? rows : 0) * hd_store_predict_row(kase->solver, choice->plan.single, choice->size, d);
  }
  return bytes;
}

/* What kernels reach of their rooflines, as long as no real step was timed. */
static const double share_of_roofline = 0.6;

/* Predicted work of the run, in seconds of one core, and the bytes it moves beyond the caches. */
static hd_work predict_work(const hd_case *kase, const hd_machine *machine, const hd_plan_choice *choice) {
  const hd_kernel *kernels = kase->solver->kernels;
  double cache = machine->l2_bytes > machine->l3_bytes ? machine->l2_bytes : machine->l3_bytes,
         steps = choice->plan.steps;
  bool in_memory = (double)choice->memory > cache;
  hd_work work = {.blocks = choice->plan.blocks > 0 ? choice->plan.blocks : 1};
  for (int k = 0; kernels && kernels[k].name && k < HD_PLAN_KERNELS; k++) {
    hd_kernel kernel = kernels[k];
    if (in_memory) work.bytes += choice->work[k] * kernel.bytes;
    if (in_memory) kernel.bytes = 0; /* counted once */
    hd_roofline roofline = hd_machine_roofline(machine, hd_isa(), &kernel, (double)choice->memory);
    if (roofline.units_per_s > 0) work.work_s += choice->work[k] / (share_of_roofline * roofline.units_per_s);
  }
  work.regions = (steps > 0 ? steps : 1) * (choice->plan.regions > 0 ? choice->plan.regions : 1);
  return work;
}

static hd_machine machine_here(hd_ctx *ctx, int cores) {
  hd_machine machine = hd_machine_usual(cores);
  char path[HD_PATH_ROOM];
  if (hd_machine_path(ctx, path, sizeof path) == HD_OK) hd_machine_load(ctx, path, &machine);
  return machine;
}

/* The upper limit `cores.steps` of the scenario. */
static int64_t limit_of_steps(const hd_common *common) {
  const hd_core_limit *limit = common->cores.item;
  for (int64_t i = 0; i < common->cores.count; i++)
    if (!strcmp(common->cores.name[i], "steps")) return limit[i].threads;
  return INT64_MAX;
}

typedef struct amount {
  char text[48];
} amount;

static amount in_words(double bytes) {
  amount a;
  bool large = bytes >= 1e9;
  double n = bytes * (large ? 1e-9 : 1e-6);
  snprintf(a.text, sizeof a.text, n < 100 ? "%.3g %s" : "%.0f %s", n, large ? "GB" : "MB");
  return a;
}

static hd_status fits(const hd_case *kase, const hd_limits *limits, const hd_plan_choice *choice) {
  double limit = kase->common.limit_memory_bytes, needed = (double)choice->memory;
  if (needed > limit) /* false for NaN: no limit */
    return hd_raise(kase->ctx, HD_ERR_LIMIT, "the run needs %s of memory, limits.memory allows %s",
                    in_words(needed).text, in_words(limit).text);
  if (limits->available > 0 && needed > (double)limits->available)
    return hd_raise(kase->ctx, HD_ERR_MEMORY, "the run needs %s of memory, %s are available", in_words(needed).text,
                    in_words((double)limits->available).text);
  return HD_OK;
}

hd_status hd_plan_place_read(hd_ctx *ctx, hd_plan_place *place) {
  place->limits = hd_limits_read(ctx);
  place->machine = machine_here(ctx, place->limits.cores);
  return HD_OK;
}

hd_status hd_plan_choose(const hd_case *kase, int threads, hd_plan_choice *out) {
  hd_plan_place place;
  HD_TRY(hd_plan_place_read(kase->ctx, &place));
  return hd_plan_choose_at(kase, threads, &place, out);
}

hd_status hd_plan_choose_at(const hd_case *kase, int threads, const hd_plan_place *place, hd_plan_choice *out) {
  hd_limits limits = place->limits;
  hd_machine machine = place->machine;
  memset(out, 0, sizeof *out);
  out->plan.size = out->size;
  out->plan.work = out->work;
  if (kase->solver->plan) HD_TRY(kase->solver->plan(kase->params, &out->plan));
  out->machine = machine;
  out->memory = hd_store_predict(kase->solver, out->plan.single, out->size) + out->plan.scratch;
  out->rows = predict_rows(kase, out);
  hd_work work = predict_work(kase, &machine, out);
  int64_t most = limits.cores, allowed = limit_of_steps(&kase->common);
  out->cost = work;
  out->cores = limits.cores;
  if (work.blocks < most) most = work.blocks;
  if (allowed < most) most = allowed;
  out->serial_s = hd_cost_seconds(&machine, &work, 1);
  out->threads = threads > 0       ? threads
                 : work.work_s > 0 ? hd_cost_choose(&machine, &work, (int)most).threads
                                   : (int)most;
  out->predicted_s = hd_cost_seconds(&machine, &work, out->threads);
  out->memory += out->plan.per_thread * (size_t)out->threads;
  return fits(kase, &limits, out);
}

void hd_plan_warn(hd_case *kase, int threads) {
  static const double day_s = 86400;
  const hd_place nowhere = {0};
  hd_plan_choice plan = {0};
  hd_problem misfit; /* told by the run itself */
  if (hd_plan_choose(kase, threads, &plan) != HD_OK) hd_problem_take(kase->ctx, &misfit);
  if (!(plan.predicted_s > day_s)) return;
  hd_note_at(kase->notes, HD_NOTE_WARNING, nowhere, NULL,
             "`heddle explain` shows the work; the run can be stopped and resumed at any time",
             "the run is predicted to take %.3g days with %d thread%s", plan.predicted_s / day_s, plan.threads,
             plan.threads == 1 ? "" : "s");
}

int hd_plan_reconsider(const hd_case *kase, const hd_plan_choice *plan, int threads, double step_s, int most) {
  hd_work work = plan->cost;
  double steps = plan->plan.steps > 0 ? plan->plan.steps : 1;
  double predicted_s = hd_cost_seconds(&plan->machine, &work, threads) / steps;
  int64_t allowed = limit_of_steps(&kase->common);
  if (allowed < most) most = (int)allowed;
  if (work.blocks < most) most = (int)work.blocks;
  if (step_s > 0 && predicted_s > 0) {
    work.serial_s *= step_s / predicted_s;
    work.work_s *= step_s / predicted_s;
    work.bytes *= step_s / predicted_s;
  }
  return work.work_s > 0 ? hd_cost_choose(&plan->machine, &work, most).threads : most;
}
