#include "cli/bench_study.h"

#include "study/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS_MOST = 101 };

typedef struct times {
  double cpu, wall;
} times;

static times look(hd_ctx *ctx) {
  return (times){ctx->clock.cpu_s(ctx->clock.self), ctx->clock.steady_s(ctx->clock.self)};
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The sum of a measure over all members. */
static double total(const hd_study *study, const char *name) {
  double sum = 0;
  for (int64_t k = 0; k < study->names; k++) {
    if (strcmp(study->name[k], name)) continue;
    for (int64_t i = 0; i < study->count; i++) sum += study->value[i * study->names + k];
    return sum;
  }
  return NAN;
}

static hd_status compute(hd_case *kase, const hd_study_spec *spec, const char *folder, int workers, times *taken,
                         cli_bench_study *out) {
  hd_ctx *ctx = kase->ctx;
  hd_study *study;
  hd_study_options options = {.folder = folder,
                              .workers = workers,
                              .isolate = HD_ISOLATE_THREAD,
                              .threads = 1,
                              .afresh = true}; /* threads: their time is that of the process */
  times began = look(ctx);
  HD_TRY(hd_study_open(ctx, kase, spec, &options, NULL, 0, &study));
  hd_status status = hd_study_run(study);
  times ended = look(ctx);
  *taken = (times){ended.cpu - began.cpu, ended.wall - began.wall};
  out->members = study->count;
  out->steps = total(study, "steps");
  out->cell_steps = total(study, "cell_steps");
  if (status == HD_OK && study->failed)
    status = hd_raise(ctx, HD_ERR_NUMERIC, "%lld members failed", (long long)study->failed);
  hd_study_close(study);
  return status;
}

static hd_status measure(hd_case *kase, const hd_study_spec *spec, const char *folder, int workers, int repeats,
                         cli_bench_study *out) {
  double cpu[REPEATS_MOST], best[2] = {INFINITY, INFINITY};
  for (int i = 0; i < 2 * repeats; i++) {
    times taken;
    hd_status status = compute(kase, spec, folder, i % 2 ? workers : 1, &taken, out);
    hd_status removed = hd_folder_remove(kase->ctx, folder);
    HD_TRY(status);
    HD_TRY(removed);
    if (taken.wall < best[i % 2]) best[i % 2] = taken.wall;
    if (i % 2 == 0) cpu[i / 2] = taken.cpu;
  }
  qsort(cpu, (size_t)repeats, sizeof *cpu, ascending);
  out->best = cpu[0];
  out->median = cpu[repeats / 2];
  out->gain = best[0] / best[1];
  return HD_OK;
}

hd_status cli_bench_measure_study(hd_case *kase, int workers, int repeats, cli_bench_study *out) {
  char folder[HD_PATH_ROOM], inside[HD_PATH_ROOM];
  hd_table tables[2];
  hd_study_spec spec;
  const char *place = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/heddle-bench-XXXXXX", place && place[0] ? place : "/tmp");
  hd_case_tables(kase, tables);
  HD_TRY(hd_study_read(&kase->arena, kase->tree, kase->solver, tables, 2, kase->notes, &spec));
  HD_TRY(hd_notes_status(kase->notes));
  if (!mkdtemp(folder)) return hd_raise(kase->ctx, HD_ERR_FILE, "no temporary folder can be made at %s", folder);
  hd_status status = hd_path_join(kase->ctx, folder, "bench.study", inside, sizeof inside);
  if (status == HD_OK)
    status = measure(kase, &spec, inside, workers, repeats < REPEATS_MOST ? repeats : REPEATS_MOST, out);
  hd_problem problem;
  hd_problem_take(kase->ctx, &problem);
  hd_status removed = hd_folder_remove(kase->ctx, folder);
  if (status == HD_OK) return removed;
  hd_problem_put(kase->ctx, &problem);
  return status;
}
