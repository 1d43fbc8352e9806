/* heddle bench: the kernels of the solvers, in their workloads, against the roofline of this machine.
 *
 * A workload (hd_workload) is an ordinary run; what is timed is its stepping, in CPU time of the process, best of N.
 */
#include "cli/bench_study.h"
#include "cli/commands.h"
#include "par/limits.h"
#include "par/machine.h"
#include "run/running.h"
#include "study/members/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS_DEFAULT = 5, REPEATS_MOST = 101 };

/* One measured workload. Rates are units per second of one core; gain: wall time of one thread over that of `threads`. */
typedef struct bench_row {
  const hd_solver *solver;
  const hd_kernel *kernel;
  const hd_workload *workload;
  const char *unit;
  double best, median, units, steps, gain, members, cell_steps; /* the last two of studies */
  hd_roofline roofline;
} bench_row;

/* CPU seconds of the process, and seconds of the wall clock. */
typedef struct stopwatch {
  double cpu, wall;
} stopwatch;

static stopwatch look(hd_ctx *ctx) {
  return (stopwatch){ctx->clock.cpu_s(ctx->clock.self), ctx->clock.steady_s(ctx->clock.self)};
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Runs the case once; *taken by its steps, and the units of work really done. */
static hd_status run_once(const hd_case *kase, int kernel, int threads, stopwatch *taken, bench_row *row) {
  hd_running_options options = {.threads = threads};
  hd_running *running;
  HD_TRY(hd_running_new(kase, &options, &running));
  stopwatch began = look(kase->ctx);
  hd_status status = hd_running_advance(running, INFINITY);
  stopwatch ended = look(kase->ctx);
  *taken = (stopwatch){ended.cpu - began.cpu, ended.wall - began.wall};
  row->steps = (double)running->now.steps;
  double predicted = running->plan.plan.steps;
  row->units = running->plan.work[kernel] * (predicted > 0 ? row->steps / predicted : 1);
  hd_running_free(running);
  return status;
}

/* One thread and `threads` in turn; the best of each. */
static hd_status measure_gain(const hd_case *kase, int kernel, int repeats, bench_row *row) {
  double best[2] = {INFINITY, INFINITY};
  for (int i = 0; i < 2 * repeats; i++) {
    stopwatch taken;
    HD_TRY(run_once(kase, kernel, i % 2 ? row->workload->threads : 1, &taken, row));
    if (taken.wall < best[i % 2]) best[i % 2] = taken.wall;
  }
  row->gain = best[0] / best[1];
  return HD_OK;
}

static hd_status measure(const hd_case *kase, int kernel, int repeats, const hd_machine *machine, bench_row *row) {
  double seconds[REPEATS_MOST];
  hd_plan_choice plan;
  HD_TRY(hd_plan_choose(kase, 1, &plan));
  for (int i = -1; i < repeats; i++) { /* -1 warms up */
    stopwatch taken;
    HD_TRY(run_once(kase, kernel, 1, &taken, row));
    seconds[i < 0 ? 0 : i] = taken.cpu;
  }
  qsort(seconds, (size_t)repeats, sizeof *seconds, ascending);
  row->best = row->units / seconds[0];
  row->median = row->units / seconds[repeats / 2];
  row->roofline = hd_machine_roofline(machine, hd_isa(), row->kernel, (double)plan.memory);
  return row->workload->threads > 1 ? measure_gain(kase, kernel, repeats, row) : HD_OK;
}

/* Units are cell-steps, where the solver counts them; else members. */
static hd_status measure_study(hd_case *kase, int repeats, bench_row *row) {
  cli_bench_study study;
  HD_TRY(cli_bench_measure_study(kase, row->workload->threads > 1 ? row->workload->threads : 1, repeats, &study));
  row->members = (double)study.members;
  row->units = isnan(study.cell_steps) ? row->members : study.cell_steps;
  if (isnan(study.cell_steps)) row->unit = "member";
  row->best = row->units / study.best;
  row->median = row->units / study.median;
  row->steps = study.steps;
  row->cell_steps = study.cell_steps;
  row->gain = study.gain;
  row->roofline = (hd_roofline){.units_per_s = NAN, .limit = ""};
  return HD_OK;
}

/* The workload's case: its YAML does not name the solver it stands with. */
static hd_status load_workload(hd_ctx *ctx, const bench_row *row, const cli_args *args, hd_text *yaml, hd_case **out) {
  hd_case_options options = {.plugin = args->plugin, .plugin_count = args->plugins};
  hd_print(yaml, "solver: %s\n%s", row->solver->name, row->workload->yaml);
  HD_TRY(hd_text_status(yaml));
  return hd_case_load_text(ctx, row->kernel->name, hd_text_of(yaml), yaml->length, &options, out);
}

static hd_status bench_workload(hd_ctx *ctx, const cli_args *args, int kernel, const hd_machine *machine,
                                bench_row *row) {
  hd_case *kase = NULL;
  hd_text yaml;
  int repeats = args->repeats ? args->repeats : REPEATS_DEFAULT;
  if (repeats > REPEATS_MOST) repeats = REPEATS_MOST;
  hd_text_init(&yaml, ctx);
  hd_status status = load_workload(ctx, row, args, &yaml, &kase);
  if (status == HD_OK && hd_study_described(kase)) status = measure_study(kase, repeats, row);
  else if (status == HD_OK) status = measure(kase, kernel, repeats, machine, row);
  hd_case_free(kase);
  hd_text_free(&yaml);
  return hd_while(ctx, status, "measuring %s of %s with %s", row->kernel->name, row->solver->name, row->workload->name);
}

static void print_text(hd_text *out, const bench_row *row, bool first) {
  if (first)
    hd_print(out, "%-8s %-12s %-16s %10s %10s %10s %9s  %-12s %6s %6s %8s %8s\n", "solver", "kernel", "workload",
             "unit", "best M/s", "median", "roofline", "limited by", "share", "gain", "must", "stretch");
  hd_print(out, "%-8s %-12s %-16s %10s %10.4g %10.4g ", row->solver->name, row->kernel->name, row->workload->name,
           row->unit, row->best * 1e-6, row->median * 1e-6);
  if (isnan(row->roofline.units_per_s)) hd_print(out, "%9s  %-12s %6s", "", "", "");
  else
    hd_print(out, "%9.4g  %-12s %4.0f %%", row->roofline.units_per_s * 1e-6, row->roofline.limit,
             100 * row->best / row->roofline.units_per_s);
  if (row->workload->threads > 1) hd_print(out, " %6.2f", row->gain);
  else hd_print(out, " %6s", "");
  if (row->workload->must > 0) hd_print(out, " %8.4g %8.4g", row->workload->must * 1e-6, row->workload->stretch * 1e-6);
  if (row->workload->gain_must > 0)
    hd_print(out, "  gain: must %.4g, stretch %.4g", row->workload->gain_must, row->workload->gain_stretch);
  hd_print(out, "\n");
}

static void print_json(hd_text *out, const bench_row *row, bool first) {
  struct {
    const char *name;
    double value;
  } number[] = {{"best", row->best},
                {"median", row->median},
                {"units", row->units},
                {"steps", row->steps},
                {"roofline", row->roofline.units_per_s},
                {"share", row->best / row->roofline.units_per_s},
                {"gain", row->gain},
                {"members", row->members},
                {"cell_steps", row->cell_steps},
                {"gain_must", row->workload->gain_must > 0 ? row->workload->gain_must : NAN},
                {"gain_stretch", row->workload->gain_stretch > 0 ? row->workload->gain_stretch : NAN},
                {"must", row->workload->must > 0 ? row->workload->must : NAN},
                {"stretch", row->workload->stretch > 0 ? row->workload->stretch : NAN}};
  hd_print(out,
           "%s\n    {\"solver\": \"%s\", \"kernel\": \"%s\", \"workload\": \"%s\", \"unit\": \"%s/s\", \"limited_by\": "
           "\"%s\"",
           first ? "" : ",", row->solver->name, row->kernel->name, row->workload->name, row->unit, row->roofline.limit);
  for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
    hd_print(out, ", \"%s\": ", number[i].name);
    hd_json_number(out, number[i].value);
  }
  hd_print(out, "}");
}

static hd_status bench_solver(hd_ctx *ctx, const hd_solver *solver, const cli_args *args, const hd_machine *machine,
                              hd_text *out, int *rows) {
  for (int k = 0; solver->kernels && solver->kernels[k].name; k++) {
    const hd_workload *workload = solver->kernels[k].workloads;
    if (args->kernel && strcmp(args->kernel, solver->kernels[k].name)) continue;
    for (; workload && workload->name; workload++) {
      bench_row row = {.solver = solver,
                       .kernel = &solver->kernels[k],
                       .workload = workload,
                       .unit = solver->kernels[k].unit,
                       .gain = NAN,
                       .members = NAN,
                       .cell_steps = NAN};
      HD_TRY(bench_workload(ctx, args, k, machine, &row));
      (args->json ? print_json : print_text)(out, &row, !(*rows)++);
    }
  }
  return HD_OK;
}

/* Measured constants of this machine; measured now, for this call alone, if `heddle tune` never ran. */
static hd_status machine_of(hd_ctx *ctx, hd_machine *machine) {
  char path[HD_PATH_ROOM];
  if (hd_machine_path(ctx, path, sizeof path) == HD_OK && hd_machine_load(ctx, path, machine) == HD_OK) return HD_OK;
  cli_say("measuring the machine first; `heddle tune` keeps that");
  return hd_machine_measure(ctx, hd_limits_read(ctx).cores, machine);
}

static hd_status bench_all(hd_ctx *ctx, const hd_solver_set *solvers, const cli_args *args, hd_text *out) {
  const char *only = args->arguments ? args->argument[0] : NULL;
  const hd_solver *solver;
  hd_machine machine;
  int rows = 0;
  if (only && !hd_solver_set_find(solvers, only)) return hd_raise(ctx, HD_ERR_INPUT, "there is no solver '%s'", only);
  HD_TRY(machine_of(ctx, &machine));
  if (args->json) hd_print(out, "{\n  \"rows\": [");
  for (int i = 0; (solver = hd_solver_set_at(solvers, i)); i++)
    if (!only || !strcmp(only, solver->name)) HD_TRY(bench_solver(ctx, solver, args, &machine, out, &rows));
  if (args->json) hd_print(out, "\n  ]\n}\n");
  return rows || !args->kernel ? HD_OK : hd_raise(ctx, HD_ERR_INPUT, "there is no kernel '%s' here", args->kernel);
}

int cli_bench(hd_ctx *ctx, const cli_args *args) {
  hd_solver_set *solvers;
  hd_text out;
  hd_text_init(&out, ctx);
  hd_status status = hd_solver_set_new(ctx, args->plugin, args->plugins, &solvers);
  if (status == HD_OK) status = bench_all(ctx, solvers, args, &out);
  cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  hd_solver_set_free(solvers);
  return status == HD_OK ? 0 : cli_fail(ctx, status);
}
