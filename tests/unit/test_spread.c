/* How a study spreads its cores, on machines of 1 to 128 cores: predicted times of whole studies under the automatic plan
 * against all fixed ones (so many members at a time, so many threads each). What is tested is the decision, not a time. */
#include "par/cost.h"
#include "study/queue/spread.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MEMBERS_MOST = 150, CORES_MOST = 128 };

typedef struct study {
  hd_machine machine;
  int cores, count;
  hd_work work[MEMBERS_MOST]; /* most first */
} study;

typedef struct running {
  int member, threads;
  double left; /* of 1 */
} running;

/* Regions that hold less than 20 times their synchronisation run on one thread whatever the plan (design 5.3). */
static double speed(const study *s, const running *r) {
  const hd_work *work = &s->work[r->member];
  bool worth = work->work_s / work->regions >= 20 * hd_machine_sync(&s->machine, r->threads);
  return 1 / hd_cost_seconds(&s->machine, work, worth ? r->threads : 1);
}

static hd_spread_member seen(const study *s, int member, double left) {
  const hd_work *work = &s->work[member];
  return (hd_spread_member){left * hd_cost_seconds(&s->machine, work, 1),
                            hd_cost_choose(&s->machine, work, s->cores).threads, work->blocks};
}

/* Goes on to the next end of a member; returns how long that took. */
static double finish_one(const study *s, running *now, int *n) {
  int first = 0;
  for (int i = 1; i < *n; i++)
    if (now[i].left / speed(s, &now[i]) < now[first].left / speed(s, &now[first])) first = i;
  double seconds = now[first].left / speed(s, &now[first]);
  for (int i = 0; i < *n; i++) now[i].left -= seconds * speed(s, &now[i]);
  for (int i = first; i + 1 < *n; i++) now[i] = now[i + 1];
  --*n;
  return seconds;
}

static double automatic(const study *s) {
  running now[CORES_MOST];
  hd_spread_member member[MEMBERS_MOST];
  int threads[MEMBERS_MOST], n = 0, next = 0;
  double seconds = 0;
  for (int i = 0; i < s->count; i++) member[i] = seen(s, i, 1);
  int workers = hd_spread_begin(s->cores, member, s->count, 0, 0, threads);
  for (; n < workers; n++) {
    now[n] = (running){next++, hd_cost_choose(&s->machine, &s->work[n], threads[n]).threads, 1};
  }
  while (n) {
    seconds += finish_one(s, now, &n);
    int used = 0;
    for (int i = 0; i < n; i++) used += now[i].threads;
    for (; used < s->cores && next < s->count; used++) now[n++] = (running){next++, 1, 1};
    if (next < s->count || used >= s->cores) continue;
    for (int i = 0; i < n; i++) member[i] = seen(s, now[i].member, now[i].left);
    hd_spread_end(s->cores, member, n, threads);
    for (int i = 0; i < n; i++)
      now[i].threads = hd_cost_choose(&s->machine, &s->work[now[i].member], threads[i]).threads;
  }
  return seconds;
}

static double fixed(const study *s, int workers, int threads) {
  running now[CORES_MOST];
  int n = 0, next = 0;
  double seconds = 0;
  for (; n < workers && n < s->count; n++) now[n] = (running){next++, threads, 1};
  while (n) {
    seconds += finish_one(s, now, &n);
    if (next < s->count) now[n++] = (running){next++, threads, 1};
  }
  return seconds;
}

static double serial(const study *s) { return fixed(s, 1, 1); }

static double best_fixed(const study *s) {
  double best = serial(s);
  for (int workers = 1; workers <= s->cores; workers += workers < 8 ? 1 : 8) {
    best = fmin(best, fixed(s, workers, 1));
    best = fmin(best, fixed(s, workers, s->cores / workers));
  }
  return best;
}

enum { EVEN, RAMP, ONE_LONG, STEEP, SHAPES };

static void fill(study *s, int shape, double work_s, double region_s, int64_t blocks) {
  for (int i = 0; i < s->count; i++) {
    double factor = shape == RAMP       ? 2.0 - (double)i / s->count
                    : shape == ONE_LONG ? i ? 1 : 12
                    : shape == STEEP    ? pow(0.8, i)
                                        : 1;
    s->work[i] = (hd_work){0.001 * work_s * factor, work_s * factor, work_s * factor / region_s, 0, blocks};
  }
}

static void the_automatic_plan_is_near_the_best_fixed_one(void **state) {
  (void)state;
  static const int cores[] = {1, 2, 3, 4, 6, 8, 16, 32, 64, 128}, counts[] = {1, 2, 3, 5, 8, 17, 33, 150};
  static study s;
  int cells = 0;
  for (size_t c = 0; c < sizeof cores / sizeof *cores; c++)
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
      for (int shape = 0; shape < SHAPES; shape++)
        for (int kind = 0; kind < 3; kind++) { /* many large blocks; four blocks; regions too small for threads */
          s.cores = cores[c], s.count = counts[k];
          s.machine = hd_machine_usual(s.cores);
          fill(&s, shape, 10, kind == 2 ? 5e-6 : 0.01, kind == 1 ? 4 : 100000);
          double automatically = automatic(&s), best = best_fixed(&s);
          if (automatically > 1.10 * best)
            fail_msg("%d cores, %d members, shape %d, kind %d: %g s, best %g s", s.cores, s.count, shape, kind,
                     automatically, best);
          assert_true(automatically <= 1.02 * serial(&s));
          cells++;
        }
  assert_true(cells == 10 * 8 * 4 * 3);
}

static void no_core_is_promised_twice(void **state) {
  (void)state;
  hd_spread_member member[40];
  int threads[CORES_MOST];
  for (int cores = 1; cores <= CORES_MOST; cores++)
    for (int n = 1; n <= 40; n++) {
      for (int i = 0; i < n; i++) member[i] = (hd_spread_member){pow(0.7, i), 1 + i % 9, 1000};
      int workers = hd_spread_begin(cores, member, n, 0, 0, threads), sum = 0;
      for (int i = 0; i < workers; i++) {
        assert_in_range(threads[i], 1, member[i].useful);
        sum += threads[i];
      }
      assert_in_range(workers, 1, n);
      assert_true(sum <= cores);
      int some = n < cores ? n : cores;
      hd_spread_end(cores, member, some, threads);
      sum = 0;
      for (int i = 0; i < some; i++) sum += threads[i];
      assert_true(sum <= cores);
    }
}

static void plain_cases(void **state) {
  (void)state;
  int threads[16];
  const hd_spread_member even[5] = {{1, 99, 99}, {1, 99, 99}, {1, 99, 99}, {1, 99, 99}, {1, 99, 99}},
                         one_long[5] = {{10, 99, 99}, {1, 99, 99}, {1, 99, 99}, {1, 99, 99}, {1, 99, 99}},
                         stiff[2] = {{3, 1, 99}, {1, 1, 99}};
  assert_int_equal(hd_spread_begin(4, even, 5, 0, 0, threads), 4); /* members first */
  for (int i = 0; i < 4; i++) assert_int_equal(threads[i], 1);
  assert_int_equal(hd_spread_begin(8, even, 3, 0, 0, threads), 3); /* 3 + 3 + 2 */
  assert_int_equal(threads[0] + threads[1] + threads[2], 8);
  assert_int_equal(hd_spread_begin(4, one_long, 5, 0, 0, threads), 2); /* it is 10 of 14 */
  assert_int_equal(threads[0], 3);
  assert_int_equal(hd_spread_begin(8, stiff, 2, 0, 0, threads), 2); /* threads would not help */
  assert_int_equal(threads[0] + threads[1], 2);
  assert_int_equal(hd_spread_begin(4, even, 4, 1, 1, threads), 4); /* the fifth follows */
  hd_spread_end(8, one_long, 1, threads);
  assert_int_equal(threads[0], 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_automatic_plan_is_near_the_best_fixed_one),
                                     cmocka_unit_test(no_core_is_promised_twice), cmocka_unit_test(plain_cases)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
