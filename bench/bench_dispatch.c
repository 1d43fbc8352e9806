/* The automatic plan of a study beside fixed plans and beside serial, over solvers, sizes, numbers of members and cores.
 *
 *   bench_dispatch [--json] [--rounds N] [--size N] [--plugin build/release/examples/own-solver/pendulums.so]
 *
 * A cell is one study, computed in turn by each plan (A B C D, B C D A, ...), so that whatever else the machine does meets
 * all of them. Printed are the ratios automatic / best fixed and automatic / serial of the median times, each with the
 * bounds within which the true median ratio lies with 95 % (order statistics of the paired ratios). Marks: at most 1.10
 * and 1.02. One core is this machine with its affinity cut down to one.
 */
#include "bench.h"

#include "study/study.h"

#include "io/yaml.h"

#include <sched.h>
#include <unistd.h>

enum { ROUNDS_MOST = 101, PLANS = 4, SIZES = 7 };

typedef struct plan {
  const char *name;
  int workers, threads; /* 0, 0: automatic */
  hd_isolation isolate;
} plan;

/* The second and third are "serial" and "members only"; the last one "threads only". */
static const plan plans[PLANS] = {{"automatic", 0, 0, HD_ISOLATE_THREAD},
                                  {"serial", 1, 1, HD_ISOLATE_THREAD},
                                  {"members", 2, 1, HD_ISOLATE_THREAD},
                                  {"threads", 1, 2, HD_ISOLATE_THREAD}};

/* A case of so many cells or pendulums, as long as some 50 ms for the whole study of `members`. */
typedef struct workload {
  const char *solver;
  int64_t size;
  double unit_s; /* of one cell in one step, roughly */
} workload;

static const workload workloads[SIZES] = {{"traffic", 100, 15e-9},    {"traffic", 1000, 8e-9}, {"traffic", 10000, 8e-9},
                                          {"traffic", 100000, 10e-9}, {"pendulums", 2, 60e-9}, {"pendulums", 64, 60e-9},
                                          {"pendulums", 4096, 60e-9}};

static const int members_of[] = {1, 3, 16};

static void write_case(const workload *w, int members, char *text, size_t room) {
  double steps = 0.05 / (w->unit_s * (double)w->size * members);
  long long n = steps < 4 ? 4 : (long long)steps;
  if (!strcmp(w->solver, "traffic"))
    snprintf(text, room,
             "solver: traffic\nroad: {length: %lld m, cells: %lld, quality: 3}\n"
             "initial: {kind: equilibrium, state: {motorcycles: 50 veh/km, cars: 20 veh/km}}\n"
             "boundary: ring\ntime: {end: %.17g s, steps: %lld}\noutput: {snapshots: 2, ledger: 2}\n"
             "sweep: {repeat: %d}\n",
             (long long)w->size * 10, (long long)w->size, 0.1 * (double)n, n, members);
  else
    snprintf(text, room,
             "solver: pendulums\npendulums: %lld\nlength: 1 m\nlargest: 90 deg\nstrength: 50 m/s2\n"
             "time: {end: %.17g s, step: 1 ms}\nsweep: {repeat: %d}\n",
             (long long)w->size, 1e-3 * (double)n, members);
}

static void fail(hd_ctx *ctx, const char *what) {
  fprintf(stderr, "bench_dispatch: %s: %s\n", what, hd_ctx_message(ctx));
  exit(1);
}

static double seconds_of(hd_ctx *ctx, hd_case *base, const hd_study_spec *spec, const plan *p, const char *folder) {
  hd_study *study;
  hd_study_options options = {.folder = folder, .workers = p->workers, .threads = p->threads, .isolate = p->isolate};
  hd_folder_remove(ctx, folder);
  if (hd_study_open(ctx, base, spec, &options, NULL, 0, &study) != HD_OK) fail(ctx, "opening a study");
  double began = bench_now();
  if (hd_study_run(study) != HD_OK) fail(ctx, "running a study");
  double seconds = bench_now() - began;
  hd_study_close(study);
  return seconds;
}

/* Median of ratios[n] (sorted here), and the order statistics that hold it with 95 %. */
typedef struct interval {
  double low, median, high;
} interval;

static interval interval_of(double *ratio, int n) {
  qsort(ratio, (size_t)n, sizeof *ratio, bench_ascending);
  int k = (int)floor(0.5 * (n - 1) - 0.98 * sqrt(n));
  if (k < 0) k = 0;
  return (interval){ratio[k], ratio[n / 2], ratio[n - 1 - k]};
}

typedef struct totals {
  int cells, best_missed, serial_missed;
  double worst_best, worst_serial;
} totals;

static void measure(hd_ctx *ctx, const workload *w, int members, int cores, int rounds, const char *plugin,
                    const char *folder, totals *sum) {
  static double seconds[PLANS][ROUNDS_MOST];
  char text[1000];
  hd_case *base;
  hd_study_spec spec;
  hd_table tables[2];
  hd_case_options options = {.plugin = &plugin, .plugin_count = plugin ? 1 : 0};
  write_case(w, members, text, sizeof text);
  if (hd_case_load_text(ctx, "workload", text, strlen(text), &options, &base) != HD_OK) fail(ctx, w->solver);
  hd_case_tables(base, tables);
  if (hd_study_read(&base->arena, base->tree, base->solver, tables, 2, base->notes, &spec) != HD_OK) fail(ctx, "study");
  int count = cores > 1 ? PLANS : 2;
  for (int r = -1; r < rounds; r++)
    for (int k = 0; k < count; k++) { /* in another order each time: what was computed before leaves its traces */
      int p = (k + r + 1) % count;
      seconds[p][r < 0 ? 0 : r] = seconds_of(ctx, base, &spec, &plans[p], folder);
    }
  double median[PLANS], to_best[ROUNDS_MOST], to_serial[ROUNDS_MOST];
  int best = 1;
  for (int p = 0; p < count; p++) {
    double sorted[ROUNDS_MOST];
    memcpy(sorted, seconds[p], sizeof sorted);
    median[p] = bench_of(sorted, rounds, 0).median;
    if (p > 0 && median[p] < median[best]) best = p;
  }
  for (int r = 0; r < rounds; r++) {
    to_best[r] = seconds[0][r] / seconds[best][r];
    to_serial[r] = seconds[0][r] / seconds[1][r];
  }
  interval b = interval_of(to_best, rounds), s = interval_of(to_serial, rounds);
  bool missed_best = b.low > 1.10, missed_serial = s.low > 1.02;
  sum->cells++;
  sum->best_missed += missed_best;
  sum->serial_missed += missed_serial;
  sum->worst_best = fmax(sum->worst_best, b.median);
  sum->worst_serial = fmax(sum->worst_serial, s.median);
  if (bench_json)
    printf(
        "%s\n  {\"solver\": \"%s\", \"size\": %lld, \"members\": %d, \"cores\": %d, \"automatic_s\": %.6g, "
        "\"serial_s\": %.6g, \"best\": \"%s\", \"to_best\": [%.4f, %.4f, %.4f], \"to_serial\": [%.4f, %.4f, %.4f]}",
        sum->cells > 1 ? "," : "", w->solver, (long long)w->size, members, cores, median[0], median[1],
        plans[best].name, b.low, b.median, b.high, s.low, s.median, s.high);
  else
    printf("%-10s %8lld %7d %5d %9.2f ms %9.2f ms  %-8s %5.3f (%5.3f to %5.3f)%s  %5.3f (%5.3f to %5.3f)%s\n",
           w->solver, (long long)w->size, members, cores, 1e3 * median[0], 1e3 * median[1], plans[best].name, b.median,
           b.low, b.high, missed_best ? " MISSED" : "", s.median, s.low, s.high, missed_serial ? " MISSED" : "");
  fflush(stdout);
  hd_case_free(base);
}

static void use_cores(int cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < cores; i++) CPU_SET((size_t)i, &set);
  if (sched_setaffinity(0, sizeof set, &set)) perror("sched_setaffinity");
}

int main(int argc, char **argv) {
  hd_ctx *ctx;
  totals sum = {0};
  const char *plugin = NULL, *memory = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
  char folder[64];
  int rounds = 15, size = 0;
  for (int i = 1; i < argc; i++) {
    bench_json |= !strcmp(argv[i], "--json");
    if (i + 1 < argc && !strcmp(argv[i], "--rounds")) rounds = atoi(argv[i + 1]);
    if (i + 1 < argc && !strcmp(argv[i], "--plugin")) plugin = argv[i + 1];
    if (i + 1 < argc && !strcmp(argv[i], "--size")) size = atoi(argv[i + 1]);
  }
  if (rounds < 3 || rounds > ROUNDS_MOST) rounds = 15;
  snprintf(folder, sizeof folder, "%s/heddle-dispatch-%ld", memory, (long)getpid());
  if (hd_ctx_new(&ctx) != HD_OK) return 1;
  if (bench_json) printf("{\"bench\": \"dispatch\", \"rounds\": %d, \"cells\": [", rounds);
  else
    printf(
        "dispatch: the automatic plan of a study against fixed ones, medians of %d interleaved rounds\n"
        "%-10s %8s %7s %5s %12s %12s  %-8s %-24s  %s\n",
        rounds, "solver", "size", "members", "cores", "automatic", "serial", "best", "automatic / best",
        "automatic / serial");
  for (int cores = 1; cores <= 2; cores++) {
    use_cores(cores);
    for (int w = 0; w < SIZES; w++)
      for (size_t m = 0; m < sizeof members_of / sizeof *members_of; m++) {
        bool foreign = strcmp(workloads[w].solver, "traffic") != 0;
        if ((foreign && !plugin) || (size && workloads[w].size != size)) continue;
        measure(ctx, &workloads[w], members_of[m], cores, rounds, foreign ? plugin : NULL, folder, &sum);
      }
  }
  if (bench_json) printf("\n], \"best_missed\": %d, \"serial_missed\": %d}\n", sum.best_missed, sum.serial_missed);
  else
    printf(
        "%d cells; automatic / best at most %.3f (%d cells surely above 1.10), automatic / serial at most %.3f (%d "
        "cells surely above 1.02)\n",
        sum.cells, sum.worst_best, sum.best_missed, sum.worst_serial, sum.serial_missed);
  hd_folder_remove(ctx, folder);
  hd_ctx_free(ctx);
  return 0;
}
