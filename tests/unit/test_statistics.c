/* Statistics against values computed with NumPy 2.4 and SciPy 1.17: mean, std(ddof=1), quantile, stats.t.ppf, stats.spearmanr;
 * Student's quantile against GSL. */
#include "study/present/statistics.h"

#include "base/ctx.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-12 * fabs(expected))) fail_msg("%.17g is not %.17g", value, expected);
}

/* x = [3.1, 0.2, 7.7, 5.5, -1.25, 2.0, 9.0] */
static void seven_values(void **state) {
  (void)state;
  const double x[] = {3.1, NAN, 0.2, 7.7, 5.5, INFINITY, -1.25, 2.0, 9.0};
  hd_ctx *ctx;
  hd_statistics s;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_int_equal(hd_statistics_of(ctx, x, 9, &s), HD_OK);
  assert_int_equal(s.count, 7);
  near(s.mean, 3.75);
  near(s.sd, 3.814773912042495);
  near(s.low, 0.22192256665290477);
  near(s.high, 7.278077433347095);
  near(s.least, -1.25);
  near(s.greatest, 9);
  near(s.quantile[0], -0.81499999999999995);
  near(s.quantile[1], 1.1000000000000001);
  near(s.quantile[2], 3.1000000000000001);
  near(s.quantile[3], 6.5999999999999996);
  near(s.quantile[4], 8.6099999999999994);
  hd_ctx_free(ctx);
}

static void few_values(void **state) {
  (void)state;
  const double x[] = {NAN, 2.5, NAN};
  hd_ctx *ctx;
  hd_statistics s;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_int_equal(hd_statistics_of(ctx, x, 3, &s), HD_OK);
  assert_int_equal(s.count, 1);
  near(s.mean, 2.5);
  near(s.quantile[0], 2.5);
  assert_true(isnan(s.sd) && isnan(s.low) && isnan(s.high));
  assert_int_equal(hd_statistics_of(ctx, x, 1, &s), HD_OK);
  assert_int_equal(s.count, 0);
  assert_true(isnan(s.mean) && isnan(s.least) && isnan(s.quantile[2]));
  assert_int_equal(hd_statistics_of(ctx, NULL, 0, &s), HD_OK);
  assert_int_equal(s.count, 0);
  hd_ctx_free(ctx);
}

static void student_is_gsl_s(void **state) {
  (void)state;
  for (int64_t n = 1; n <= 1000; n++) {
    double expected = gsl_cdf_tdist_Pinv(0.975, (double)n), t = hd_student_975(n);
    if (!(fabs(t - expected) <= 2e-10 * expected)) fail_msg("%lld: %.17g is not %.17g", (long long)n, t, expected);
  }
  assert_true(isnan(hd_student_975(0)));
}

/* spearmanr([1, 2, 2, 4, 5, 9], [3, 1, 4, 4, 8, 7]) */
static void ranks(void **state) {
  (void)state;
  const double x[] = {1, 2, NAN, 2, 4, 5, 9}, y[] = {3, 1, 2, 4, 4, 8, 7}, same[] = {1, 1, 1, 1, 1, 1, 1};
  double r;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_int_equal(hd_rank_correlation(ctx, x, y, 7, &r), HD_OK);
  near(r, 0.8088235294117647);
  assert_int_equal(hd_rank_correlation(ctx, x, same, 7, &r), HD_OK);
  assert_true(isnan(r));
  assert_int_equal(hd_rank_correlation(ctx, x, x, 2, &r), HD_OK);
  assert_true(isnan(r));
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(seven_values), cmocka_unit_test(few_values),
                                     cmocka_unit_test(student_is_gsl_s), cmocka_unit_test(ranks)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
