/* heddle bench: the kernels of the solvers, each in a case of its own, against the roofline of this machine.
 *
 * A kernel's case (hd_kernel.yaml) is an ordinary run; what is timed is its stepping, in CPU time of the process, best of N.
 */
#include "cli/commands.h"
#include "par/limits.h"
#include "par/machine.h"
#include "run/running.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS_DEFAULT = 5, REPEATS_MOST = 101 };

/* One measured kernel. Rates are units per second of one core. */
typedef struct bench_row {
  const hd_solver *solver;
  const hd_kernel *kernel;
  double best, median, units, steps;
  hd_roofline roofline;
} bench_row;

static double cpu_s(hd_ctx *ctx) { return ctx->clock.cpu_s(ctx->clock.self); }

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Runs the case once on one thread; *seconds of stepping, *units of work really done. */
static hd_status run_once(const hd_case *kase, int kernel, double *seconds, bench_row *row) {
  hd_running_options options = {.threads = 1};
  hd_running *running;
  HD_TRY(hd_running_new(kase, &options, &running));
  double began = cpu_s(kase->ctx);
  hd_status status = hd_running_advance(running, INFINITY);
  *seconds = cpu_s(kase->ctx) - began;
  row->steps = (double)running->now.steps;
  double predicted = running->plan.plan.steps;
  row->units = running->plan.work[kernel] * (predicted > 0 ? row->steps / predicted : 1);
  hd_running_free(running);
  return status;
}

static hd_status measure(const hd_case *kase, int kernel, int repeats, const hd_machine *machine, bench_row *row) {
  double seconds[REPEATS_MOST];
  hd_plan_choice plan;
  HD_TRY(hd_plan_choose(kase, 1, &plan));
  for (int i = -1; i < repeats; i++) HD_TRY(run_once(kase, kernel, &seconds[i < 0 ? 0 : i], row)); /* -1: warms up */
  qsort(seconds, (size_t)repeats, sizeof *seconds, ascending);
  row->best = row->units / seconds[0];
  row->median = row->units / seconds[repeats / 2];
  row->roofline = hd_machine_roofline(machine, hd_isa(), row->kernel, (double)plan.memory);
  return HD_OK;
}

/* The kernel's case: its YAML does not name the solver it stands with. */
static hd_status load_kernel(hd_ctx *ctx, const hd_solver *solver, const hd_kernel *kernel, const cli_args *args,
                             hd_text *yaml, hd_case **out) {
  hd_case_options options = {.plugin = args->plugin, .plugin_count = args->plugins};
  hd_print(yaml, "solver: %s\n%s", solver->name, kernel->yaml);
  HD_TRY(hd_text_status(yaml));
  return hd_case_load_text(ctx, kernel->name, hd_text_of(yaml), yaml->length, &options, out);
}

static hd_status bench_kernel(hd_ctx *ctx, const hd_solver *solver, int index, const cli_args *args,
                              const hd_machine *machine, bench_row *row) {
  const hd_kernel *kernel = &solver->kernels[index];
  hd_case *kase = NULL;
  hd_text yaml;
  int repeats = args->repeats ? args->repeats : REPEATS_DEFAULT;
  *row = (bench_row){.solver = solver, .kernel = kernel};
  hd_text_init(&yaml, ctx);
  hd_status status = load_kernel(ctx, solver, kernel, args, &yaml, &kase);
  if (status == HD_OK) status = measure(kase, index, repeats < REPEATS_MOST ? repeats : REPEATS_MOST, machine, row);
  hd_case_free(kase);
  hd_text_free(&yaml);
  return hd_while(ctx, status, "measuring the kernel %s of %s", kernel->name, solver->name);
}

static void print_row(hd_text *out, const bench_row *row, bool json, bool first) {
  const hd_kernel *k = row->kernel;
  double share = row->roofline.units_per_s > 0 ? row->best / row->roofline.units_per_s : NAN;
  if (!json) {
    if (first)
      hd_print(out, "%-10s %-24s %12s %12s  %-20s %12s %-12s %8s\n", "solver", "kernel", "best", "median", "",
               "roofline", "limited by", "share");
    hd_print(out, "%-10s %-24s %10.4g M %10.4g M  %-20s %10.4g M %-12s %6.0f %%\n", row->solver->name, k->name,
             row->best * 1e-6, row->median * 1e-6, k->unit, row->roofline.units_per_s * 1e-6, row->roofline.limit,
             100 * share);
    return;
  }
  hd_print(out, "%s\n    {\"solver\": \"%s\", \"kernel\": \"%s\", \"unit\": \"%s/s\", \"best\": ", first ? "" : ",",
           row->solver->name, k->name, k->unit);
  hd_json_number(out, row->best);
  hd_print(out, ", \"median\": ");
  hd_json_number(out, row->median);
  hd_print(out, ", \"units\": ");
  hd_json_number(out, row->units);
  hd_print(out, ", \"steps\": ");
  hd_json_number(out, row->steps);
  hd_print(out, ", \"roofline\": ");
  hd_json_number(out, row->roofline.units_per_s);
  hd_print(out, ", \"limited_by\": \"%s\", \"share\": ", row->roofline.limit);
  hd_json_number(out, share);
  hd_print(out, "}");
}

static hd_status bench_solver(hd_ctx *ctx, const hd_solver *solver, const cli_args *args, const hd_machine *machine,
                              hd_text *out, int *rows) {
  for (int k = 0; solver->kernels && solver->kernels[k].name; k++) {
    bench_row row;
    if (!solver->kernels[k].yaml || (args->kernel && strcmp(args->kernel, solver->kernels[k].name))) continue;
    HD_TRY(bench_kernel(ctx, solver, k, args, machine, &row));
    print_row(out, &row, args->json, !(*rows)++);
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
