/* What a study adds to its members: members of one empty step, so that all that is measured is heddle.
 *
 *   bench_study [--json] [PLUGIN/empty.so]      the plug-in of tests/plugins
 *
 * A row is the wall time of hd_study_run, from the making of the queue to the last commit, by its members; cpu is that of all
 * threads, worker processes not counted. Last a million of them: opened, computed, durable, with their table; and opened again, which reads the journal.
 */
#include "bench.h"

#include "study/study.h"

#include <unistd.h>

typedef struct world {
  hd_ctx *ctx;
  const char *plugin, *words[1];
  char word[4096];
  char folder[64], file[96], study[96], table[96];
  hd_case *base;
  hd_study_spec spec;
} world;

static void check(world *w, hd_status status) {
  if (status == HD_OK) return;
  fprintf(stderr, "bench_study: %s\n", hd_ctx_message(w->ctx));
  exit(1);
}

static void load(world *w, int64_t members) {
  char text[200];
  hd_case_options options = {.plugin = &w->plugin, .plugin_count = 1};
  hd_table tables[2];
  snprintf(text, sizeof text, "solver: empty\nsweep: {grid: {x: {from: 0, to: 1, count: %lld}}}\n", (long long)members);
  check(w, hd_file_write(w->ctx, w->file, text, strlen(text), false));
  check(w, hd_case_load(w->ctx, w->file, &options, &w->base));
  hd_case_tables(w->base, tables);
  check(w, hd_study_read(&w->base->arena, w->base->tree, w->base->solver, tables, 2, w->base->notes, &w->spec));
}

static hd_study *open_study(world *w, hd_study_options options) {
  hd_study *study;
  snprintf(w->word, sizeof w->word, "plugin=%s", w->plugin); /* as the command notes it, for worker processes */
  w->words[0] = w->word;
  options.folder = w->study;
  options.command = HD_BUILD "/heddle";
  check(w, hd_study_open(w->ctx, w->base, &w->spec, &options, w->words, 1, &study));
  return study;
}

static void drop(world *w) {
  hd_case_free(w->base);
  w->base = NULL;
  check(w, hd_folder_remove(w->ctx, w->study));
}

/* Seconds of one member. */
static bench_result members(world *w, int rounds, int64_t count, hd_study_options options) {
  double seconds[BENCH_MOST_ROUNDS], cpu = 0;
  load(w, count);
  for (int r = 0; r < rounds; r++) {
    hd_study *study = open_study(w, options);
    double cpu_before = bench_cpu(), start = bench_now();
    check(w, hd_study_run(study));
    seconds[r] = (bench_now() - start) / (double)count;
    cpu += (bench_cpu() - cpu_before) / (double)count;
    hd_study_close(study);
    check(w, hd_folder_remove(w->ctx, w->study));
  }
  drop(w);
  return bench_of(seconds, rounds, cpu / rounds);
}

static double peak_bytes(void) {
  char line[256];
  double kb = 0;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f)) sscanf(line, "VmHWM: %lf", &kb);
  if (f) fclose(f);
  return kb * 1024;
}

static void a_million(world *w) {
  enum { MILLION = 1000000 };
  hd_study_options options = {.isolate = HD_ISOLATE_THREAD};
  double before = peak_bytes(), cpu = bench_cpu(), start = bench_now();
  load(w, MILLION);
  hd_study *study = open_study(w, options);
  check(w, hd_study_run(study));
  check(w, hd_study_write_table(study, w->table));
  double all = bench_now() - start;
  bench_row("10^6 members: opened, computed, durable, table", bench_of(&all, 1, bench_cpu() - cpu), "s", 1,
            (bench_mark){.most = 30});
  double bytes = (peak_bytes() - before) / MILLION * 1e-9; /* printed without its scale */
  hd_study_close(study);
  cpu = bench_cpu();
  start = bench_now();
  study = open_study(w, options);
  double again = bench_now() - start;
  if (study->done != MILLION) exit(1);
  bench_row("10^6 members: opened again", bench_of(&again, 1, bench_cpu() - cpu), "s", 1, (bench_mark){.most = 2});
  bench_row("memory of heddle, of a member, at most", bench_of(&bytes, 1, 0), "B", 1e9, (bench_mark){0});
  hd_study_close(study);
  drop(w);
}

int main(int argc, char **argv) {
  static world w = {.plugin = HD_BUILD "/tests/plugins/empty.so"};
  for (int i = 1; i < argc; i++)
    if (argv[i][0] != '-') w.plugin = argv[i];
  bench_begin(argc, argv, "study", "overhead of a study, empty members");
  strcpy(w.folder, "heddle-bench-XXXXXX"); /* here, on a real file system: what is durable is synced */
  if (hd_ctx_new(&w.ctx) != HD_OK || !mkdtemp(w.folder)) return 1;
  snprintf(w.file, sizeof w.file, "%s/empty.yaml", w.folder);
  snprintf(w.study, sizeof w.study, "%s/empty.study", w.folder);
  snprintf(w.table, sizeof w.table, "%s/table.csv", w.folder);
  enum { ROUNDS = 7, MEMBERS = 50000 };
  bench_row("a member, none: in the calling thread",
            members(&w, ROUNDS, MEMBERS, (hd_study_options){.isolate = HD_ISOLATE_NONE}), "us", 1e6,
            (bench_mark){.most = 2});
  bench_row("a member, one thread",
            members(&w, ROUNDS, MEMBERS, (hd_study_options){.isolate = HD_ISOLATE_THREAD, .workers = 1}), "us", 1e6,
            (bench_mark){.most = 2});
  bench_row("a member, as many threads as cores",
            members(&w, ROUNDS, MEMBERS, (hd_study_options){.isolate = HD_ISOLATE_THREAD}), "us", 1e6,
            (bench_mark){.most = 2});
  bench_row("a member, processes, in batches",
            members(&w, ROUNDS, MEMBERS, (hd_study_options){.isolate = HD_ISOLATE_PROCESS}), "us", 1e6,
            (bench_mark){.most = 2});
  bench_row("a member, processes, one by one",
            members(&w, ROUNDS, MEMBERS / 5, (hd_study_options){.isolate = HD_ISOLATE_PROCESS, .batch = 1}), "us", 1e6,
            (bench_mark){.most = 20});
  a_million(&w);
  hd_folder_remove(w.ctx, w.folder);
  hd_ctx_free(w.ctx);
  return bench_end();
}
