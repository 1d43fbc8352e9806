/* DOP853: order and error control on equations with known solutions, one large system against many small ones, rates that
 * depend on time, steps that are limited, failures, Gauss-Jacobi quadrature against closed forms. */
#include "heddle/math.h"
#include "num/dop853.h"
#include "num/quadrature.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* x' = v, v' = -w^2 x with w = 1 + which/10: x = cos w t. Rows x, v. */
static void oscillators(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *rate) {
  (void)self;
  (void)t;
  for (int64_t i = 0; i < n; i++) {
    double w = 1 + .1 * (double)which[i];
    rate[i] = y[n + i];
    rate[n + i] = -w * w * y[i];
  }
}

/* The same as one system of 2 N numbers, x first. */
enum { N = 131 };
static void all_at_once(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *rate) {
  (void)self, (void)t, (void)which;
  assert_int_equal(n, 1);
  for (int64_t i = 0; i < N; i++) {
    double w = 1 + .1 * (double)i;
    rate[i] = y[N + i];
    rate[N + i] = -w * w * y[i];
  }
}

/* y' = 2 t y: y = e^(t^2) */
static void bell(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *rate) {
  (void)self, (void)which;
  for (int64_t i = 0; i < n; i++) rate[i] = 2 * t[i] * y[i];
}

static void near_to(double a, double b, double tolerance, int line) {
  if (!(fabs(a - b) <= tolerance)) fail_msg("line %d: %.17g is not %.17g, off by %.2g", line, a, b, a - b);
}
#define NEAR(a, b, tolerance) near_to((a), (b), (tolerance), __LINE__)

static void advance(const hd_dop853 *m, int64_t n, hd_dop853_control *c, double *y, double end, int64_t failures) {
  void *scratch = malloc(hd_dop853_bytes(m, n));
  assert_int_equal(hd_dop853_advance(m, n, c, y, end, scratch), failures);
  free(scratch);
}

static void many_systems_and_one(void **state) {
  (void)state;
  static double y[2 * N], whole[2 * N], alone[2];
  static hd_dop853_control c[N], one, single;
  hd_dop853 m = {.size = 2, .rate = oscillators, .relative = 1e-11, .absolute = 1e-11}, big = m;
  for (int i = 0; i < N; i++) y[i] = whole[i] = 1;
  advance(&m, N, c, y, 10, 0);
  for (int i = 0; i < N; i++) {
    double w = 1 + .1 * i;
    NEAR(y[i], cos(10 * w), 2e-9);
    NEAR(y[N + i], -w * sin(10 * w), 2e-9 * w);
    assert_true(c[i].t == 10);
  }
  assert_true(c[N - 1].steps > 3 * c[0].steps); /* each its own steps */
  alone[0] = 1;
  m.rate = oscillators; /* the first of them alone */
  advance(&m, 1, &single, alone, 10, 0);
  assert_true(alone[0] == y[0] && alone[1] == y[N] && single.steps == c[0].steps);
  big.size = 2 * N;
  big.rate = all_at_once;
  advance(&big, 1, &one, whole, 10, 0);
  for (int i = 0; i < N; i++) NEAR(whole[i], cos(10 * (1 + .1 * i)), 2e-9);
  assert_true(one.steps >= c[N - 1].steps - 2);
}

static void order_is_eight(void **state) {
  (void)state;
  double error[2];
  for (int k = 0; k < 2; k++) {
    double y[2] = {1, 0};
    hd_dop853_control c = {.step = 1};
    hd_dop853 m = {.size = 2, .rate = oscillators, .relative = 1, .absolute = 1, .max_step = k ? .5 : 1};
    advance(&m, 1, &c, y, 16, 0);
    assert_int_equal(c.steps, k ? 32 : 16);
    error[k] = hypot(y[0] - cos(16), y[1] + sin(16));
  }
  NEAR(log2(error[0] / error[1]), 8, .5);
}

static void time_and_direction(void **state) {
  (void)state;
  double y[3] = {exp(1), exp(1), exp(1)};
  hd_dop853_control c[3] = {{.t = 1}, {.t = -1}, {.t = 1}};
  hd_dop853 m = {.size = 1, .rate = bell, .relative = 1e-13, .absolute = 1e-13};
  for (int k = 0; k < 3; k++) advance(&m, 1, &c[k], &y[k], k == 2 ? 1 : -1 * c[k].t, 0);
  NEAR(y[0], exp(1), 1e-11);
  NEAR(y[1], exp(1), 1e-11);
  assert_true(y[2] == exp(1) && c[2].steps == 0); /* nothing to do */
  advance(&m, 3, c, y, 2, 0);                     /* from different times */
  for (int k = 0; k < 3; k++) NEAR(y[k], exp(4), 2e-9);
  for (int k = 0; k < 3; k++) assert_true(c[k].t == 2);
}

/* A short leg does not shorten the steps after it. */
static void stops_are_forgotten(void **state) {
  (void)state;
  double y[2] = {1, 0};
  hd_dop853_control c = {0};
  hd_dop853 m = {.size = 2, .rate = oscillators, .relative = 1e-8, .absolute = 1e-8};
  advance(&m, 1, &c, y, 5, 0);
  double step = c.step;
  int64_t steps = c.steps;
  advance(&m, 1, &c, y, 5 + 1e-6, 0);
  assert_int_equal(c.steps, steps + 1);
  assert_true(c.step >= step);
}

/* A call that stops after a few steps and is made again ends with the same bits, whatever stands beside a system. */
static void a_few_steps_at_a_time(void **state) {
  (void)state;
  static double whole[2 * N], pieces[2 * N];
  static hd_dop853_control a[N], b[N];
  hd_dop853 m = {.size = 2, .rate = oscillators, .relative = 1e-11, .absolute = 1e-11};
  for (int i = 0; i < N; i++) whole[i] = pieces[i] = 1;
  advance(&m, N, a, whole, 10, 0);
  m.at_once = 5;
  int64_t calls = 0, left = N;
  while (left > 0 && ++calls < 1000) {
    advance(&m, N, b, pieces, 10, 0);
    left = 0;
    for (int i = 0; i < N; i++) left += b[i].t != 10;
  }
  assert_int_equal(calls, (a[N - 1].steps + 4) / 5);
  assert_memory_equal(whole, pieces, sizeof whole);
  for (int i = 0; i < N; i++)
    assert_true(a[i].steps == b[i].steps && a[i].step == b[i].step && a[i].error == b[i].error);
}

static void failures_are_told(void **state) {
  (void)state;
  double y[3] = {1, NAN, 1};
  hd_dop853_control c[3] = {{0}};
  hd_dop853 m = {.size = 1, .rate = bell, .relative = 1e-10, .absolute = 1e-10, .max_steps = 7};
  advance(&m, 3, c, y, 5, 3);
  assert_int_equal(c[0].outcome, HD_ODE_TOO_MANY_STEPS);
  assert_int_equal(c[1].outcome, HD_ODE_NOT_A_NUMBER);
  assert_int_equal(c[0].steps + c[0].rejected, 7);
  assert_true(c[0].t > 0 && c[0].t < 5 && isfinite(y[0]));
  NEAR(y[0], exp(c[0].t * c[0].t), 1e-8 * y[0]);
  assert_string_equal(hd_ode_outcome_text(HD_ODE_STEP_TOO_SMALL), "the step fell below its limit");
  hd_dop853_control d = {0};
  double z = 1;
  m.max_steps = 0;
  m.min_step = .5;
  advance(&m, 1, &d, &z, 5, 1);
  assert_int_equal(d.outcome, HD_ODE_STEP_TOO_SMALL);
}

/* Integral of x^(g + k) over (0, 1) is 1/(g + k + 1). */
static void quadrature_is_exact(void **state) {
  (void)state;
  static const double powers[] = {0, .8, -.9, 2, -.5};
  for (size_t p = 0; p < sizeof powers / sizeof *powers; p++) {
    for (int n = 1; n <= 64; n = n < 5 ? n + 1 : n * 2 - 3) {
      double x[64], w[64];
      hd_gauss_jacobi(n, powers[p], x, w);
      for (int k = 0; k < 2 * n; k++) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += w[i] * pow(x[i], k);
        NEAR(sum * (powers[p] + k + 1), 1, 2e-13);
      }
      for (int i = 0; i < n; i++) assert_true(w[i] > 0 && x[i] > (i ? x[i - 1] : 0) && x[i] < 1);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(many_systems_and_one),  cmocka_unit_test(order_is_eight),
                                     cmocka_unit_test(time_and_direction),    cmocka_unit_test(stops_are_forgotten),
                                     cmocka_unit_test(a_few_steps_at_a_time), cmocka_unit_test(failures_are_told),
                                     cmocka_unit_test(quadrature_is_exact)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
