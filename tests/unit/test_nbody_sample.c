/* What bodies are drawn from: moments and distribution of the Plummer sphere (check 7), mass functions, the Kepler ellipse,
 * quantiles.
 */
#include "solvers/nbody/run.h"
#include "solvers/nbody/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MANY = 100000 };

static void close_to(double got, double want, double by) {
  if (!(fabs(got - want) <= by)) fail_msg("%.17g is not %.17g to %g", got, want, by);
}

/* Probability that the largest distance D of two distributions is by chance (Kolmogorov), n values. */
static double kolmogorov(double D, double n) {
  double x = (sqrt(n) + 0.12 + 0.11 / sqrt(n)) * D, sum = 0;
  for (int k = 1; k <= 100; k++) sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
  return sum;
}

static void speeds(void **state) {
  (void)state;
  double mean = 0, square = 0;
  for (int k = 0; k < 4000; k++) {
    double u = (k + 0.5) / 4000, q = nbody_plummer_speed(u);
    close_to(nbody_plummer_slower(q), u, 1e-14);
    mean += q / 4000, square += q * q / 4000;
  }
  close_to(mean, 0.470345344086871, 5e-6); /* of the midpoint rule: both ends of the distribution are singular */
  close_to(square, 0.25, 5e-6);
  close_to(nbody_plummer_slower(0.05 - 1e-16), nbody_plummer_slower(0.05), 1e-15); /* both forms meet */
  assert_true(nbody_plummer_slower(1) == 1 || fabs(nbody_plummer_slower(1) - 1) < 1e-15);
}

static void the_sphere(void **state) {
  (void)state;
  static double r[MANY], q[MANY];
  hd_key key = hd_stream(1, "cluster");
  double square = 0, D[2] = {0, 0};
  for (int i = 0; i < MANY; i++) {
    double s[6];
    nbody_plummer_body(key, (uint64_t)i, 1, s);
    double r2 = s[0] * s[0] + s[1] * s[1] + s[2] * s[2], v2 = s[3] * s[3] + s[4] * s[4] + s[5] * s[5];
    r[i] = sqrt(r2);
    q[i] = sqrt(v2 / (2 / sqrt(1 + r2)));
    square += q[i] * q[i] / MANY;
  }
  nbody_sort(r, MANY);
  nbody_sort(q, MANY);
  for (int i = 0; i < MANY; i++) {
    double inside = r[i] * r[i] * r[i] / pow(1 + r[i] * r[i], 1.5);
    D[0] = fmax(D[0], fabs(inside - (i + 0.5) / MANY));
    D[1] = fmax(D[1], fabs(nbody_plummer_slower(q[i]) - (i + 0.5) / MANY));
  }
  assert_true(kolmogorov(D[0], MANY) > 0.001 && kolmogorov(D[1], MANY) > 0.001);
  close_to(square, 0.25, 0.002);
  close_to(nbody_quantile(r, MANY, 0.1), .524028064, 0.0104);
  close_to(nbody_quantile(r, MANY, 0.5), 1.304766027, 0.026);
  close_to(nbody_quantile(r, MANY, 0.9), 3.707112792, 0.074);
}

static void a_body_depends_on_nothing_else(void **state) {
  (void)state;
  double a[6], b[6];
  nbody_plummer_body(hd_stream(3, "one"), 77, 0.999, a);
  nbody_plummer_body(hd_stream(3, "other"), 77, 0.999, b);
  assert_true(a[0] != b[0]);
  nbody_plummer_body(hd_stream(3, "one"), 77, 0.999, b);
  for (int k = 0; k < 6; k++) assert_true(a[k] == b[k]);
}

static void mass_functions(void **state) {
  (void)state;
  assert_true(nbody_power_law_mass(-2.35, 0.1, 100, 0) > 0.0999999);
  close_to(nbody_power_law_mass(-2.35, 0.1, 100, 1 - 1e-16), 100, 1e-6);
  close_to(nbody_power_law_mass(-1, 1, 100, 0.5), 10, 1e-12);
  double low = pow(0.1, -1.35), high = pow(100, -1.35), m = nbody_power_law_mass(-2.35, 0.1, 100, 0.3);
  close_to((low - pow(m, -1.35)) / (low - high), 0.3, 1e-12);
}

static void the_ellipse(void **state) {
  (void)state;
  const double mu = 2, rp = 0.1, e = 0.9, a = rp / (1 - e), period = 2 * HD_PI * sqrt(a * a * a / mu);
  double s[6];
  nbody_kepler(mu, rp, e, 0, s);
  close_to(s[0], rp, 1e-16);
  close_to(s[4], sqrt(mu * (1 + e) / rp), 1e-14);
  nbody_kepler(mu, rp, e, 10.5 * period, s);
  close_to(s[0], -a * (1 + e), 1e-12);
  for (int k = 0; k < 50; k++) { /* energy, angular momentum and Kepler's equation hold everywhere */
    nbody_kepler(mu, rp, e, period * k / 50, s);
    double r = hypot(s[0], s[1]), v2 = s[3] * s[3] + s[4] * s[4];
    close_to(v2 / 2 - mu / r, -mu / (2 * a), 1e-12);
    close_to(s[0] * s[4] - s[1] * s[3], sqrt(mu * a * (1 - e * e)), 1e-14);
  }
}

static void sorting(void **state) {
  (void)state;
  double x[257], before = -1;
  for (int n = 0; n <= 257; n += n < 9 ? 1 : 31) {
    for (int i = 0; i < n; i++) x[i] = hd_uniform(hd_stream(1, "sort"), (uint64_t)(i % 50), 1, 0, 0);
    nbody_sort(x, n);
    before = -1;
    for (int i = 0; i < n; before = x[i++]) assert_true(x[i] >= before);
  }
  const double few[3] = {1, 2, 4};
  assert_true(nbody_quantile(few, 3, 0) == 1 && nbody_quantile(few, 3, 0.75) == 3 && nbody_quantile(few, 3, 1) == 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(speeds),         cmocka_unit_test(the_sphere),  cmocka_unit_test(a_body_depends_on_nothing_else),
      cmocka_unit_test(mass_functions), cmocka_unit_test(the_ellipse), cmocka_unit_test(sorting),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
