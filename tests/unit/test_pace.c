/* The time left of a study: against numbers worked out by hand, and as a range that holds what then happens. */
#include "study/queue/pace.h"

#include "heddle/math.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* c = 1, 2, 3, m = 2, 4, 9: R = 15 / 6 = 2.5; m - R c = -0.5, -1, 1.5; s^2 = 3.5 / 14 * 3 / 2 = 0.375. Left: c = 1, 5 on two
 * workers: mean 2.5 * 6 / 2 = 7.5; variance 0.375 * (26 + 36 * 14 / 36) = 15; range 7.5 -+ 1.64485 * sqrt(15) / 2, and
 * 2.5 * 5 / 2 = 6.25 for the longest. */
static void by_hand(void **state) {
  (void)state;
  hd_pace pace = {0};
  hd_pace_work left = {0};
  double low, high;
  hd_pace_add(&pace, 1, 2);
  hd_pace_add(&pace, 2, 4);
  hd_pace_leave(&left, 1);
  hd_pace_leave(&left, 5);
  assert_false(hd_pace_left(&pace, &left, 2, &low, &high));
  hd_pace_add(&pace, 3, 9);
  assert_true(hd_pace_left(&pace, &left, 2, &low, &high));
  assert_true(fabs(low - (7.5 - 3.1852455)) < 1e-6);
  assert_true(fabs(high - (7.5 + 3.1852455 + 6.25)) < 1e-6);
  assert_true(hd_pace_left(&pace, &left, 64, &low, &high)); /* no more workers than members */
  assert_true(fabs(low - (7.5 - 3.1852455)) < 1e-6);
  assert_false(hd_pace_left(&pace, &(hd_pace_work){0}, 2, &low, &high));
}

static void without_predictions_members_are_alike(void **state) {
  (void)state;
  hd_pace pace = {0};
  hd_pace_work left = {0};
  double low, high;
  for (int i = 0; i < 10; i++) hd_pace_add(&pace, 0, 0.5);
  for (int i = 0; i < 40; i++) hd_pace_leave(&left, 0);
  assert_true(hd_pace_left(&pace, &left, 1, &low, &high));
  assert_true(low == 20 && high == 20);
}

/* Members that stray by 30 %: of 400 studies the range must hold the true time of nine in ten, within 4 sd of that count. */
static void the_range_holds_nine_of_ten(void **state) {
  (void)state;
  enum { STUDIES = 400, DONE = 20, LEFT = 60 };
  int held = 0;
  uint64_t bits = 12345;
  for (int s = 0; s < STUDIES; s++) {
    hd_pace pace = {0};
    hd_pace_work left = {0};
    double low, high, truth = 0;
    for (int i = 0; i < DONE + LEFT; i++) {
      double sum = 0;
      for (int k = 0; k < 12; k++) { /* nearly normal */
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(bits >> 11) * 0x1p-53;
      }
      double predicted = 0.5 + (i % 5), measured = 1.7 * predicted * (1 + 0.3 * (sum - 6));
      if (i < DONE) hd_pace_add(&pace, predicted, measured);
      else hd_pace_leave(&left, predicted), truth += measured;
    }
    assert_true(hd_pace_left(&pace, &left, 1, &low, &high));
    held += low <= truth && truth <= high;
  }
  assert_in_range(held, 336, 384);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(without_predictions_members_are_alike),
                                     cmocka_unit_test(the_range_holds_nine_of_ten)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
