/* Pointwise physics of traffic: equilibria and characteristic speeds against printed values, the speeds of two classes
 * against the characteristic polynomial, exponents, the closed-form relaxation.
 */
#include "heddle/math.h"
#include "math/linear.h"
#include "solvers/traffic/relax.h"
#include "solvers/traffic/traffic_physics.h"
#include "unit/traffic_road.h"

static traffic_model model_of(bool predecessor) {
  road r;
  traffic_model m;
  road_preset(&r, predecessor);
  traffic_model_of(&r.t, &m);
  return m;
}

/* Table of equilibria, specification 3.5. */
static void equilibria(void **state) {
  (void)state;
  static const struct {
    double rho[2];
    int quality;
    double ve[2], p[2][2], w[2][2];
  } rows[] = {{{.05, .02},
               3,
               {10.3888888889, 7.0},
               {{.3104055491, .3266666667}, {14.1777777778, 7.0}},
               {{10.6992944380, 7.3266666667}, {24.5666666667, 14.0}}},
              {{.05, .025},
               1,
               {16.9444444444, 14.5833333333},
               {{.3265986324, .375}, {14.6666666667, 7.5}},
               {{17.2710430768, 14.9583333333}, {31.6111111111, 22.0833333333}}},
              {{.015, .005},
               1,
               {21.8333333333, 19.1666666667},
               {{.0492561960, .0266666667}, {4.1555555556, 2.0}},
               {{21.8825895293, 19.1933333333}, {25.9888888889, 21.1666666667}}},
              {{.1, .03333},
               1,
               {11.7595555556, 9.7225},
               {{.8478447117, 1.1851259267}, {27.7033777778, 13.333}},
               {{12.6074002672, 10.9076259267}, {39.4629333333, 23.0555}}}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    for (int stable = 0; stable < 2; stable++) {
      traffic_model m = model_of(!stable);
      double p[2], slope[2], x = traffic_occupancy(&m, 2, rows[k].rho);
      traffic_pressures(&m, 2, rows[k].rho, p, slope);
      for (int i = 0; i < 2; i++) {
        double ve = traffic_equilibrium(m.creep[i], m.free[i][rows[k].quality] - m.creep[i], x);
        assert_true(fabs(ve - rows[k].ve[i]) < 6e-11);
        assert_true(fabs(p[i] - rows[k].p[stable][i]) < 6e-11);
        assert_true(fabs(ve + p[i] - rows[k].w[stable][i]) < 6e-11);
      }
    }
  }
}

/* Printed values of 3.4. */
static void speeds_as_printed(void **state) {
  (void)state;
  traffic_model m = model_of(true);
  double rho[2] = {.18, .06}, p[2], slope[2], v[2], low, high;
  traffic_pressures(&m, 2, rho, p, slope);
  for (int i = 0; i < 2; i++)
    v[i] = traffic_equilibrium(m.creep[i], m.free[i][3] - m.creep[i], traffic_occupancy(&m, 2, rho));
  assert_true(fabs(v[0] - 1.8888888889) < 6e-11 && fabs(v[1] - 0.3888888889) < 6e-11);
  traffic_speeds(&m, 2, rho, v, slope, &low, &high);
  assert_true(fabs(low - -2.66179949) < 6e-9);
  same_number(high, v[0]); /* the larger eigenvalue, 0.3096, lies below the faster class */
  /* 0.30959572 from trace and smaller eigenvalue */
  double trace = v[0] - rho[0] * slope[0] + v[1] - rho[1] * slope[1];
  assert_true(fabs(trace - low - 0.30959572) < 6e-9);
}

/* 20 x 20 densities, both presets: each bound is an eigenvalue of M or a speed, none outruns the vehicles. */
static void speeds_solve_the_characteristic_polynomial(void **state) {
  (void)state;
  for (int stable = 0; stable < 2; stable++) {
    traffic_model m = model_of(!stable);
    for (int a = 0; a < 20; a++) {
      for (int b = 0; b < 20; b++) {
        double rho[2] = {.012 * a, .012 * b}, p[2], slope[2], v[2] = {3 + .7 * a, 11 - .5 * b}, low, high;
        traffic_pressures(&m, 2, rho, p, slope);
        traffic_speeds(&m, 2, rho, v, slope, &low, &high);
        long double m11 = v[0] - rho[0] * (long double)slope[0], m12 = -rho[0] * (long double)slope[0] * m.sees[0][1];
        long double m21 = -rho[1] * (long double)slope[1], m22 = v[1] - rho[1] * (long double)slope[1];
        long double half = (m11 + m22) / 2, root = sqrtl((m11 - m22) * (m11 - m22) / 4 + m12 * m21);
        long double least = half - root, most = half + root;
        bool here[2] = {a > 0, b > 0};
        if (!here[0]) least = m22, most = m22;
        if (!here[1]) least = m11, most = m11;
        for (int i = 0; i < 2; i++) {
          if (!here[i]) continue;
          least = v[i] < least ? v[i] : least;
          most = v[i] > most ? v[i] : most;
        }
        if (!here[0] && !here[1]) least = most = 0;
        assert_true(fabsl(low - least) <= 1e-12L * (1 + fabsl(least)));
        assert_true(fabsl(high - most) <= 1e-12L * (1 + fabsl(most)));
        double fastest = !here[0] && !here[1] ? 0 : !here[0] ? v[1] : !here[1] ? v[0] : fmax(v[0], v[1]);
        assert_true(high <= fastest * (1 + 1e-12));
      }
    }
  }
}

/* Eigenvalues of M = diag(v) - diag(rho) Gamma of the classes that are there, by the dense solver: [count], falling. */
static int dense_speeds(const traffic_model *m, const double *rho, const double *v, const double *slope,
                        double *value) {
  double matrix[TRAFFIC_CLASSES * TRAFFIC_CLASSES];
  hd_complex found[TRAFFIC_CLASSES];
  int here[TRAFFIC_CLASSES], n = 0;
  for (int i = 0; i < m->n; i++)
    if (rho[i] > m->vacuum) here[n++] = i;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++)
      matrix[a * n + b] = (a == b ? v[here[a]] : 0) - rho[here[a]] * slope[here[a]] * m->sees[here[a]][here[b]];
  if (!n) return 0;
  assert_true(hd_eigen_real(n, matrix, found));
  for (int a = 0; a < n; a++) {
    assert_true(fabs(found[a].im) < 1e-12 * (1 + fabs(found[a].re)));
    value[a] = found[a].re;
  }
  return n;
}

/* Specification 3.4, three classes. The bound is Gershgorin's. */
static void bound_of_three_classes(void **state) {
  (void)state;
  traffic_model m = {.n = 3,
                     .jam = .25,
                     .per_jam = 4,
                     .vacuum = 1e-10,
                     .pressure = {220 * KMH, 90 * KMH, 60 * KMH},
                     .exponent = {1, 1, 1},
                     .sees = {{1, .4, .3}, {1, 1, .8}, {1, 1, 1}}};
  double rho[3] = {.03, .02, .01}, v[3] = {12, 9, 7}, p[3], slope[3], low, high;
  traffic_pressures(&m, 3, rho, p, slope);
  assert_true(fabs(p[0] - 10.02222222) < 6e-9 && fabs(p[1] - 5.8) < 6e-9 && fabs(p[2] - 4) < 6e-9);
  traffic_speeds(&m, 3, rho, v, slope, &low, &high);
  assert_true(fabs(low - 1.00143944) < 6e-9 && fabs(high - 12) < 6e-9);
  double value[3];
  static const double printed[3] = {8.55158051, 6.95165719, 2.4967623};
  assert_int_equal(dense_speeds(&m, rho, v, slope, value), 3);
  for (int a = 0; a < 3; a++) assert_true(fabs(value[a] - printed[a]) < 6e-9 && value[a] >= low && value[a] <= high);
}

/* 20 x 20 densities in equilibrium, both presets: the bounds are the outermost of speeds and dense eigenvalues. */
static void speeds_agree_with_the_dense_solver(void **state) {
  (void)state;
  for (int stable = 0; stable < 2; stable++) {
    traffic_model m = model_of(!stable);
    for (int k = 0; k < 400; k++) {
      double rho[2] = {.012 * (k % 20), .012 * (k / 20)}, p[2], slope[2], v[2], low, high, value[2];
      traffic_pressures(&m, 2, rho, p, slope);
      for (int i = 0; i < 2; i++)
        v[i] = traffic_equilibrium(m.creep[i], m.free[i][3] - m.creep[i], traffic_occupancy(&m, 2, rho));
      traffic_speeds(&m, 2, rho, v, slope, &low, &high);
      double least = HD_INFINITY, most = -HD_INFINITY, fastest = -HD_INFINITY;
      int n = dense_speeds(&m, rho, v, slope, value);
      for (int a = 0; a < n; a++) least = fmin(least, value[a]), most = fmax(most, value[a]);
      for (int i = 0; i < 2; i++)
        if (rho[i] > m.vacuum) least = fmin(least, v[i]), fastest = fmax(fastest, v[i]);
      if (!n) continue;
      double scale = 1 + fabs(least) + fabs(most);
      assert_true(fabs(low - least) <= 1e-12 * scale);
      assert_true(fabs(high - fmax(most, fastest)) <= 1e-12 * scale);
      assert_true(most <= fastest * (1 + 1e-12) + 1e-12); /* no wave outruns the vehicles */
    }
  }
}

static void exponents_agree_with_pow(void **state) {
  (void)state;
  static const double gamma[] = {1, 1.5, 2, 2.5, 3, .5, 1.7, 10};
  for (size_t k = 0; k < sizeof gamma / sizeof *gamma; k++) {
    for (double x = 1e-12; x < 4; x *= 1.37) {
      double less, all = traffic_to_the(x, traffic_power_of(gamma[k]), gamma[k], &less);
      near_relative(all, pow(x, gamma[k]), 1e-14);
      near_relative(less, pow(x, gamma[k] - 1), 1e-14);
    }
    double less;
    same_number(traffic_to_the(0, traffic_power_of(gamma[k]), gamma[k], &less), 0);
    assert_true(isfinite(less));
  }
}

static void absent_classes_are_left_out(void **state) {
  (void)state;
  traffic_model m = model_of(false);
  double slope[2], p[2], low, high, none[2] = {0, 1e-10}, v[2] = {5, 9}, one[2] = {.05, 0};
  traffic_pressures(&m, 2, none, p, slope);
  traffic_speeds(&m, 2, none, v, slope, &low, &high);
  same_number(low, 0);
  same_number(high, 0);
  traffic_pressures(&m, 2, one, p, slope);
  traffic_speeds(&m, 2, one, v, slope, &low, &high);
  same_number(high, 5);
  near_relative(low, 5 - .05 * slope[0], 1e-14);
}

static void relaxation_is_exact_and_keeps_its_fixed_point(void **state) {
  (void)state;
  double y = 3.7, target = 1.9;
  near_relative(traffic_relax(y, target, hd_exp(-2.0 / 5)), target + (y - target) * exp(-.4), 1e-15);
  near_relative(traffic_relax(traffic_relax(y, target, hd_exp(-.1)), target, hd_exp(-.3)),
                target + (y - target) * exp(-.4), 1e-15);
  same_number(traffic_relax(target, target, .3), target);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(equilibria),
                                     cmocka_unit_test(speeds_as_printed),
                                     cmocka_unit_test(speeds_solve_the_characteristic_polynomial),
                                     cmocka_unit_test(bound_of_three_classes),
                                     cmocka_unit_test(speeds_agree_with_the_dense_solver),
                                     cmocka_unit_test(exponents_agree_with_pow),
                                     cmocka_unit_test(absent_classes_are_left_out),
                                     cmocka_unit_test(relaxation_is_exact_and_keeps_its_fixed_point)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
