/* What the programs of bench/ share: timing best of N with the spread and the CPU time, one table, --json.
 *
 *   int main(int argc, char **argv) {
 *     bench_begin(argc, argv, "pool", "fork, join and barrier");
 *     bench_row("empty region, 2 threads", bench_time(15, 1000, empty, &arg), "us", 1e6, (bench_mark){.most = 2, .peer = omp});
 *     return bench_end();
 *   }
 *
 * A row is one line of the table, or one JSON object with --json. Best and median are of the rounds, the spread is from best to
 * median: a spread of tens of percent says that the machine was busy and that only the best means anything.
 */
#ifndef HD_BENCH_H
#define HD_BENCH_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds of one call. cpu: of all threads together, over all rounds. */
typedef struct bench_result {
  double best, median, cpu;
} bench_result;

/* What is expected: at most `most` (0: nothing) in the row's unit; the peer's time in seconds (0: none). */
typedef struct bench_mark {
  double most, peer;
} bench_mark;

static bool bench_json;
static int bench_missed;

static inline double bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline double bench_cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int bench_ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Times of single calls, sorted in place. */
static inline bench_result bench_of(double *seconds, int n, double cpu) {
  qsort(seconds, (size_t)n, sizeof *seconds, bench_ascending);
  return (bench_result){seconds[0], seconds[n / 2], cpu};
}

enum { BENCH_MOST_ROUNDS = 1000 };

/* Threads of an OpenMP runtime spin for many milliseconds after their last region: let them fall asleep. */
static inline void bench_settle(void) { nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL); }

/* `rounds` times `repeat` calls in a row. */
static inline bench_result bench_time(int rounds, int repeat, void (*call)(void *), void *arg) {
  double seconds[BENCH_MOST_ROUNDS];
  if (rounds > BENCH_MOST_ROUNDS) rounds = BENCH_MOST_ROUNDS;
  bench_settle();
  call(arg);
  double cpu = bench_cpu();
  for (int r = 0; r < rounds; r++) {
    double start = bench_now();
    for (int i = 0; i < repeat; i++) call(arg);
    seconds[r] = (bench_now() - start) / repeat;
  }
  return bench_of(seconds, rounds, (bench_cpu() - cpu) / ((double)rounds * repeat));
}

/* The same with a pause of `idle_s` before each single call, which is not timed. */
static inline bench_result bench_after_idle(int rounds, double idle_s, void (*call)(void *), void *arg) {
  double seconds[BENCH_MOST_ROUNDS], cpu = 0;
  if (rounds > BENCH_MOST_ROUNDS) rounds = BENCH_MOST_ROUNDS;
  bench_settle();
  for (int r = 0; r < rounds; r++) {
    nanosleep(&(struct timespec){.tv_sec = (time_t)idle_s, .tv_nsec = (long)(fmod(idle_s, 1) * 1e9)}, NULL);
    double cpu_before = bench_cpu(), start = bench_now();
    call(arg);
    seconds[r] = bench_now() - start;
    cpu += bench_cpu() - cpu_before;
  }
  return bench_of(seconds, rounds, cpu / rounds);
}

static inline void bench_begin(int argc, char **argv, const char *name, const char *title) {
  for (int i = 1; i < argc; i++) bench_json |= !strcmp(argv[i], "--json");
  if (bench_json) printf("{\"bench\": \"%s\", \"rows\": [", name);
  else
    printf("%s: %s\n%-54s %10s %10s %7s %10s %10s  %s\n", name, title, "", "best", "median", "spread", "cpu", "peer",
           "mark");
}

/* Times are printed multiplied by `scale`, in `unit`. */
static inline void bench_row(const char *what, bench_result r, const char *unit, double scale, bench_mark mark) {
  static int rows;
  bool missed = mark.most > 0 && r.best * scale > mark.most;
  bench_missed += missed;
  if (bench_json) {
    printf("%s\n  {\"what\": \"%s\", \"unit\": \"%s\", \"best\": %.6g, \"median\": %.6g, \"cpu\": %.6g",
           rows++ ? "," : "", what, unit, r.best * scale, r.median * scale, r.cpu * scale);
    if (mark.peer > 0) printf(", \"peer\": %.6g", mark.peer * scale);
    if (mark.most > 0) printf(", \"most\": %.6g, \"met\": %s", mark.most, missed ? "false" : "true");
    printf("}");
    return;
  }
  char peer[32] = "", most[48] = "";
  if (mark.peer > 0) snprintf(peer, sizeof peer, "%.4g", mark.peer * scale);
  if (mark.most > 0) snprintf(most, sizeof most, "<= %.4g %s", mark.most, missed ? "MISSED" : "met");
  printf("%-54s %7.4g %2s %7.4g %2s %6.1f%% %7.4g %2s %10s  %s\n", what, r.best * scale, unit, r.median * scale, unit,
         100 * (r.median / r.best - 1), r.cpu * scale, unit, peer, most);
}

/* A line of explanation under the table. */
static inline void bench_note(const char *text) {
  if (!bench_json) printf("  %s\n", text);
}

/* For main: 0. A missed mark is shown, not an error: timings depend on what else the machine does. */
static inline int bench_end(void) {
  if (bench_json) printf("\n], \"missed\": %d}\n", bench_missed);
  return 0;
}

#endif
