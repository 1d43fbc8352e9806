/* The elementary functions against MPFR, 10^5 points each (full_math.c: 10^7); the helpers; the float functions. */
#include "math_check.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { POINTS = 10000 }; /* a sanitizer looks for something else */
#else
enum { POINTS = 100000 };
#endif

static void functions_are_within_one_ulp(void **state) {
  (void)state;
  check_math(POINTS);
}

static bool same(double a, double b) { return hd_bits_of(a) == hd_bits_of(b); }

static void helpers_keep_nan_and_signs(void **state) {
  (void)state;
  assert_true(hd_is_nan(HD_NAN) && !hd_is_nan(HD_INFINITY) && !hd_is_nan(0x1p-1074));
  assert_true(hd_is_finite(-0x1.fffffffffffffp+1023) && !hd_is_finite(-HD_INFINITY) && !hd_is_finite(HD_NAN));
  assert_true(hd_smaller(1, 2) == 1 && hd_smaller(2, 1) == 1 && hd_smaller(HD_NAN, 1) == 1 &&
              hd_is_nan(hd_smaller(1, HD_NAN)));
  assert_true(hd_larger(1, 2) == 2 && hd_larger(2, 1) == 2 && hd_larger(HD_NAN, 1) == 1 &&
              hd_is_nan(hd_larger(1, HD_NAN)));
  assert_true(hd_clamp(-3, -1, 1) == -1 && hd_clamp(3, -1, 1) == 1 && hd_clamp(0.5, -1, 1) == 0.5);
  assert_true(hd_is_nan(hd_clamp(HD_NAN, -1, 1)) && hd_clamp(HD_INFINITY, -1, 1) == 1);
  assert_true(hd_select(true, 1, 2) == 1 && hd_select(false, 1, 2) == 2);
  assert_true(same(hd_sign_of(3, -0.0), -3) && same(hd_sign_of(-3, 0.0), 3) && same(hd_abs(-0.0), 0.0));
  assert_true(same(hd_flush(-1e-31, 1e-30), 0.0) && hd_flush(-1e-30, 1e-30) == -1e-30 &&
              hd_is_nan(hd_flush(HD_NAN, 1)));
}

static void rounding_is_that_of_libm(void **state) {
  (void)state;
  for (int i = 0; i < EDGES; i++)
    for (int s = -1; s <= 1; s += 2) {
      double x = s * edges[i];
      if (hd_is_nan(x)) continue;
      if (!same(hd_round(x), rint(x))) fail_msg("hd_round(%a) = %a", x, hd_round(x));
      if (!same(hd_floor(x), floor(x))) fail_msg("hd_floor(%a) = %a", x, hd_floor(x));
    }
  for (int i = 0; i < 100000; i++) {
    double x = in_range((range){-10, 10}, random_bits("round", i, 0));
    if (!same(hd_round(x), rint(x)) || !same(hd_floor(x), floor(x))) fail_msg("at %a", x);
    x = hd_round(4 * x) / 2; /* halves */
    if (!same(hd_round(x), rint(x)) || !same(hd_floor(x), floor(x))) fail_msg("at %a", x);
  }
  assert_true(hd_is_nan(hd_round(HD_NAN)) && hd_is_nan(hd_floor(HD_NAN)));
}

/* The error of a float in units of the last place of the true value. */
static double float_error(float got, double exact) {
  if (isinf(got) && fabs(exact) >= 0x1.ffffffp+127) return 0;
  int exponent = exact == 0 ? -126 : ilogb(exact);
  return fabs(((double)got - exact) * ldexp(1, 23 - (exponent < -126 ? -126 : exponent)));
}

/* Every 997th float; the double functions are the truth. */
static void float_functions_are_within_their_bounds(void **state) {
  (void)state;
  double worst_exp = 0, worst_rcp = 0, worst_rsqrt = 0;
  for (uint64_t u = 0; u < (uint64_t)1 << 32; u += 997) {
    float x = hd_float_of_bits((uint32_t)u);
    if (x != x) continue;
    double exact = (double)x;
    if (fabsf(x) < 110) worst_exp = hd_larger(float_error(hd_expf(x), hd_exp(exact)), worst_exp);
    if (fabsf(x) >= 0x1p-125f && fabsf(x) <= 0x1p125f)
      worst_rcp = hd_larger(hd_abs((double)hd_rcpf(x) * exact - 1), worst_rcp);
    if (x >= 0x1p-124f && x <= 0x1p125f)
      worst_rsqrt = hd_larger(hd_abs((double)hd_rsqrtf(x) * hd_sqrt(exact) - 1), worst_rsqrt);
  }
  printf("  expf %.4f ulp, rcpf %.4f, rsqrtf %.4f (2^-24, relative)\n", worst_exp, worst_rcp * 0x1p24,
         worst_rsqrt * 0x1p24);
  assert_true(worst_exp <= 1 && worst_rcp <= 1.3 * 0x1p-24 && worst_rsqrt <= 1.3 * 0x1p-24);
  assert_true(isinf(hd_expf(200.0f)) && hd_expf(-200.0f) == 0 && isinf(hd_expf((float)INFINITY)));
  assert_true(hd_expf(-(float)INFINITY) == 0 && isnan(hd_expf((float)NAN)) && hd_expf(-0.0f) == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(functions_are_within_one_ulp), cmocka_unit_test(helpers_keep_nan_and_signs),
      cmocka_unit_test(rounding_is_that_of_libm), cmocka_unit_test(float_functions_are_within_their_bounds)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
