/* Set-up functions: rounded as MPFR with 300 bits says, near what glibc says, and kind to MPFR's range and to threads.
 * hd-label-tsan */
#include "heddle/math.h"
#include "math/setup.h"

#include <math.h>
#include <mpfr.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct unary {
  const char *name;
  double (*f)(double);
  int (*exact)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  double (*libm)(double);
  double low, high;
  double near; /* agreement with libm, relative */
} unary;

static const unary functions[] = {
    {"erf", hd_setup_erf, mpfr_erf, erf, -4, 4, 1e-15},
    {"erfc", hd_setup_erfc, mpfr_erfc, erfc, -2, 27.3, 2e-15}, /* down to subnormal results */
    {"tgamma", hd_setup_tgamma, mpfr_gamma, tgamma, -20, 172, 5e-15},
    {"asin", hd_setup_asin, mpfr_asin, asin, -1, 1, 1e-15},
    {"acos", hd_setup_acos, mpfr_acos, acos, -1, 1, 1e-15},
    {"sinh", hd_setup_sinh, mpfr_sinh, sinh, -712, 712, 1e-15},
    {"cosh", hd_setup_cosh, mpfr_cosh, cosh, -712, 712, 1e-15},
    {"asinh", hd_setup_asinh, mpfr_asinh, asinh, -1e3, 1e3, 1e-15},
    {"acosh", hd_setup_acosh, mpfr_acosh, acosh, 1, 1e3, 1e-15},
    {"atanh", hd_setup_atanh, mpfr_atanh, atanh, -1, 1, 1e-15},
    {"cbrt", hd_setup_cbrt, mpfr_cbrt, cbrt, -1e3, 1e3, 1e-15},
    {"tan", hd_setup_tan, mpfr_tan, tan, -1e3, 1e3, 1e-15},
    {"exp", hd_setup_exp, mpfr_exp, exp, -746, 710, 1e-15},
    {"j0", hd_setup_j0, mpfr_j0, j0, 0, 2, 2e-15},
    {"y1", hd_setup_y1, mpfr_y1, y1, 0, 2, 2e-15},
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0], POINTS = 500 };

/* Zero results may differ in sign only by mistake; NaN agree. */
static bool same(double a, double b) { return (isnan(a) && isnan(b)) || hd_bits_of(a) == hd_bits_of(b); }

static void results_are_correctly_rounded(void **state) {
  (void)state;
  static const double special[] = {0,  1,     2,   0x1p-1074, 0x1p-1022, 0x1p-30,          0.5,
                                   30, 171.5, 800, 0x1p100,   0x1p1023,  (double)INFINITY, (double)NAN};
  mpfr_t x, exact;
  mpfr_inits2(300, x, exact, (mpfr_ptr)0);
  for (int k = 0; k < FUNCTIONS; k++) {
    const unary *u = &functions[k];
    hd_key key = hd_stream(1, u->name);
    for (int i = 0; i < POINTS + 28; i++) {
      double a = u->low + (u->high - u->low) * hd_uniform(key, (uint64_t)i, 0, 0, 0);
      if (i >= POINTS) a = special[(i - POINTS) / 2] * (i % 2 ? -1 : 1);
      if (fabs(a) > 800 && (u->exact == mpfr_gamma || u->exact == mpfr_j0 || u->exact == mpfr_y1))
        continue; /* minutes */
      double got = u->f(a);
      mpfr_set_d(x, a, MPFR_RNDN);
      u->exact(exact, x, MPFR_RNDN);
      if (!same(got, mpfr_get_d(exact, MPFR_RNDN))) fail_msg("%s(%a) = %a", u->name, a, got);
      double libm = u->libm(a);
      if (i < POINTS && fabs(libm) > 1e-300 && isfinite(libm) && fabs(got / libm - 1) > u->near)
        fail_msg("%s(%a) = %a, libm %a", u->name, a, got, libm);
    }
  }
  mpfr_clears(x, exact, (mpfr_ptr)0);
  mpfr_free_cache();
}

/* Closed forms of the others. */
static void others_have_their_closed_forms(void **state) {
  (void)state;
  assert_true(fabs(hd_setup_lgamma(-2.5) + 0.056243716497674050673) < 1e-17);
  assert_true(hd_setup_lgamma(1) == 0 && isinf(hd_setup_lgamma(-3)));
  assert_true(hd_setup_hypot(0x3p700, 0x4p700) == 0x5p700);
  for (double t = 0.25; t < 40; t *= 2) {
    assert_true(fabs(hd_setup_gamma_inc(1, t) / hd_setup_exp(-t) - 1) < 1e-15);
    assert_true(fabs(hd_setup_gamma_inc(0.5, t) / (hd_setup_tgamma(0.5) * hd_setup_erfc(hd_sqrt(t))) - 1) <
                (4 + 2 * t) * 0x1p-53) /* the root's own rounding, magnified */;
    assert_true(fabs(hd_setup_beta(t, 2.5) / (hd_setup_tgamma(t) * hd_setup_tgamma(2.5) / hd_setup_tgamma(t + 2.5)) -
                     1) < 1e-14);
    assert_true(hd_setup_jn(0, t) == hd_setup_j0(t) && hd_setup_jn(1, t) == hd_setup_j1(t) &&
                hd_setup_yn(0, t) == hd_setup_y0(t));
  }
  assert_true(fabs(hd_setup_agm(1, hd_sqrt(0.5)) - 0.847213084793979) < 1e-15);
  assert_true(fabs(hd_setup_zeta(2) - HD_PI * HD_PI / 6) < 1e-15);
  assert_true(fabs(hd_setup_digamma(1) + 0.577215664901533) < 1e-15);
  assert_true(fabs(hd_setup_eint(1) - 1.895117816355937) < 1e-15);
}

static void callers_range_of_exponents_is_kept(void **state) {
  (void)state;
  mpfr_exp_t least = mpfr_get_emin(), greatest = mpfr_get_emax();
  mpfr_set_emin(-5000);
  assert_true(hd_setup_exp(-800) == 0);
  assert_int_equal(mpfr_get_emin(), -5000);
  assert_int_equal(mpfr_get_emax(), greatest);
  mpfr_set_emin(least);
}

static void *all_at_once(void *arg) {
  double *sum = arg;
  for (int i = 1; i < 200; i++)
    *sum += hd_setup_lgamma(i * 0.37) + hd_setup_erf(i * 0.01) + hd_setup_gamma_inc(2.5, i * 0.1);
  return NULL;
}

static void threads_do_not_meet(void **state) {
  (void)state;
  pthread_t thread[3];
  double sum[4] = {0};
  for (int i = 0; i < 3; i++) assert_int_equal(pthread_create(&thread[i], NULL, all_at_once, &sum[i]), 0);
  all_at_once(&sum[3]);
  for (int i = 0; i < 3; i++) pthread_join(thread[i], NULL);
  for (int i = 0; i < 3; i++) assert_true(sum[i] == sum[3]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(results_are_correctly_rounded), cmocka_unit_test(others_have_their_closed_forms),
      cmocka_unit_test(callers_range_of_exponents_is_kept), cmocka_unit_test(threads_do_not_meet)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
