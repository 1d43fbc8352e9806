/* Due rows: counts, intervals, steps and lists; forwards, backwards, and with steps that miss the due positions. */
#include "run/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Marches with at most `dt`, landing on due positions or not, and counts rows; *last gets the position of the last. */
static int march(hd_due due, double dt, bool lands, double *last) {
  int rows = 0;
  int64_t steps = 0;
  double sign = due.end < due.start ? -1 : 1;
  for (double at = due.start;; steps++) {
    bool done = sign * at >= sign * due.end;
    if (hd_due_now(&due, at, steps, done)) {
      rows++;
      *last = at;
      hd_due_taken(&due, at);
    }
    if (done) return rows;
    double until = hd_due_position(&due), next = at + sign * dt;
    if (sign * next > sign * due.end) next = due.end;
    at = lands && sign * next > sign * until ? until : next;
  }
}

static void counts_include_both_ends(void **state) {
  (void)state;
  hd_schedule five = {.count = 5}, one = {.count = 1}, two = {.count = 2};
  double last;
  assert_int_equal(march((hd_due){&five, 0, 1, 0}, 0.3, true, &last), 5);
  assert_int_equal(march((hd_due){&five, 0, -1, 0}, 0.3, true, &last), 5);
  assert_true(last == -1);
  assert_int_equal(march((hd_due){&one, 0, 1, 0}, 0.3, true, &last), 1);
  assert_int_equal(march((hd_due){&two, 0, 1, 0}, 0.3, false, &last), 2);
  assert_int_equal(march((hd_due){&five, 3, 3, 0}, 0.3, true, &last), 1); /* end = start: rows coincide */
}

static void intervals_are_products(void **state) {
  (void)state;
  hd_schedule every = {.every = 0.1};
  double last;
  assert_int_equal(march((hd_due){&every, 0, 1, 0}, 0.07, true, &last), 11);
  assert_true(last == 1);
  assert_int_equal(march((hd_due){&every, 0, 1.05, 0}, 0.07, true, &last), 12);
  assert_int_equal(march((hd_due){&every, 0, 1, 0}, 0.25, false, &last), 5); /* several due in one step: one row */
}

static void steps_and_lists(void **state) {
  (void)state;
  hd_schedule steps = {.every_steps = 4};
  double at[] = {0.25, 0.5}, with_start[] = {0, 0.25}, last;
  hd_schedule list = {.at = at, .at_count = 2}, list0 = {.at = with_start, .at_count = 2};
  assert_int_equal(march((hd_due){&steps, 0, 1, 0}, 0.125, true, &last), 3); /* 0, 4, 8 = end */
  assert_int_equal(march((hd_due){&steps, 0, 1, 0}, 0.1, true, &last), 4);   /* 0, 4, 8, end */
  assert_int_equal(march((hd_due){&list, 0, 1, 0}, 0.1, true, &last), 4);
  assert_int_equal(march((hd_due){&list0, 0, 1, 0}, 0.1, true, &last), 3);
  hd_due never = {NULL, 0, 1, 0};
  assert_false(hd_due_now(&never, 0, 0, true));
  assert_true(hd_due_position(&never) == 1);
}

int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {cmocka_unit_test(counts_include_both_ends), cmocka_unit_test(intervals_are_products),
                                     cmocka_unit_test(steps_and_lists)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
