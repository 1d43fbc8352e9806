/* Growth rates of waves on uniform traffic: the table of the specification, a closed form of one class, and the presets
 * over densities, mixes and categories. */
#include "exact/traffic_classes.h"
#include "solvers/traffic/stability.h"

#include "heddle/math.h"

#include <complex.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void table(void **state) {
  (void)state;
  static const struct {
    double rho[2];
    int category;
    double wavelength, rate[2]; /* of arz2025, arz-stable */
  } row[] = {
      {{.04, .03}, 1, 100, {.0845080, -.0368682}}, {{.04, .03}, 1, 200, {.0498409, -.0219349}},
      {{.08, .03}, 3, 100, {.0580942, -.0246279}}, {{.08, .03}, 3, 200, {.0350200, -.0159916}},
      {{.06, .02}, 2, 100, {.0791476, -.0347206}}, {{.03, .01}, 4, 100, {.0195392, -.0109620}},
  };
  traffic_model preset[2] = {two_classes(10, 15, 1.5, 2, .4), two_classes(220, 90, 1, 1, .4)};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++)
    for (int p = 0; p < 2; p++) {
      double rate = traffic_growth_rate(&preset[p], row[i].category, row[i].rho, row[i].wavelength);
      if (!(fabs(rate - row[i].rate[p]) <= 6e-8))
        fail_msg("row %zu, preset %d: %.9g, expected %.7f", i, p, rate, row[i].rate[p]);
    }
}

static void the_riemann_example_grows_fastest_at_two_cells(void **state) {
  (void)state;
  traffic_model m = two_classes(10, 15, 1.5, 2, .4);
  double right[2] = {.08, .04}, left[2] = {.02, .01}, wavelength,
         rate = traffic_worst_growth(&m, 3, right, 20, 1000, &wavelength);
  assert_true(fabs(rate - .165231888) <= 6e-10);
  assert_true(wavelength == 20);
  assert_true(traffic_worst_growth(&m, 3, left, 20, 1000, &wavelength) < rate);
}

/* One class: lambda^2 + lambda (1/tau + ik (2v - rho P')) + ... = 0 of a 2 x 2 matrix. */
static void one_class_is_the_root_of_a_quadratic(void **state) {
  (void)state;
  traffic_model m = {.n = 1,
                     .jam = .2,
                     .per_jam = 5,
                     .vacuum = 1e-10,
                     .sees = {{1}},
                     .tau = {4},
                     .pressure = {12},
                     .exponent = {1.5},
                     .power = {TRAFFIC_1_5},
                     .free = {{0, 25}}};
  for (double rho = .01; rho < .2; rho += .013)
    for (double length = 3; length < 2000; length *= 1.7) {
      double k = 2 * M_PI / length, v = 25 * (1 - rho / .2), gamma = 12 * 1.5 * sqrt(rho / .2) / .2;
      double complex a = -I * k * (v - rho * gamma), b = -I * k * rho, c = (gamma - 125) / 4, d = -.25 - I * k * v;
      double complex root = csqrt((a - d) * (a - d) + 4 * b * c);
      double expected = fmax(creal((a + d + root) / 2), creal((a + d - root) / 2));
      double rate = traffic_growth_rate(&m, 1, &rho, length);
      assert_true(fabs(rate - expected) <= 1e-12 * (1 + k * 60));
      if (fabs(gamma - 125) > 1)
        assert_int_equal(rate > 0, gamma < 125); /* sub-characteristic condition: P' >= |Ve'| */
    }
}

static void an_absent_class_changes_nothing(void **state) {
  (void)state;
  traffic_model two = two_classes(220, 90, 1, 1, .4), cars = {.n = 1,
                                                              .jam = .25,
                                                              .per_jam = 4,
                                                              .vacuum = 1e-10,
                                                              .sees = {{1}},
                                                              .tau = {10},
                                                              .pressure = {90 * KMH},
                                                              .exponent = {1},
                                                              .free = {{0, 75 * KMH}}};
  double mixed[2] = {0, .07}, alone[1] = {.07}, none[2] = {0, 1e-10}, where;
  assert_true(fabs(traffic_growth_rate(&two, 1, mixed, 150) - traffic_growth_rate(&cars, 1, alone, 150)) <= 1e-15);
  assert_true(isnan(traffic_growth_rate(&two, 1, none, 150)));
  assert_true(isnan(traffic_worst_growth(&two, 1, none, 20, 1000, &where)));
}

/* Over totals, mixes, categories and wave lengths: arz-stable never grows, the predecessor's set up to 1.96 1/s. */
static void presets(void **state) {
  (void)state;
  static const double sets[][5] = {{220, 90, 1, 1, .4}, {220, 200, 1, 1, .4}, {90, 90, 1, 1, .9},
                                   {90, 90, 1, 1, 1},   {10, 15, 1.5, 2, .4}, {5, 7.5, 1.5, 2, .4}};
  static const double share[] = {.02, .10, .25, .50, .75, .90, .98};
  double worst[6];
  for (int s = 0; s < 6; s++) {
    traffic_model m = two_classes(sets[s][0], sets[s][1], sets[s][2], sets[s][3], sets[s][4]);
    worst[s] = -1;
    for (int total = 2; total <= 24; total++)
      for (int k = 0; k < 7; k++)
        for (int category = 1; category <= 5; category += 2)
          for (double length = .3; length < 1100; length *= 1.5) {
            double rho[2] = {share[k] * total * .01, (1 - share[k]) * total * .01};
            worst[s] = fmax(worst[s], traffic_growth_rate(&m, category, rho, length));
          }
  }
  for (int s = 0; s < 4; s++) assert_true(worst[s] < 0);
  assert_true(fabs(worst[4] - 1.96) < .005);
  assert_true(fabs(worst[5] - 2.83) < .005);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(table),
      cmocka_unit_test(the_riemann_example_grows_fastest_at_two_cells),
      cmocka_unit_test(one_class_is_the_root_of_a_quadratic),
      cmocka_unit_test(an_absent_class_changes_nothing),
      cmocka_unit_test(presets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
