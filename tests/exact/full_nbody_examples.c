/* Acceptance checks of the nbody specification that take minutes: 7, 8 (all integrators, masses 1:1 and 100:1), 16, 17. */
#include "unit/nbody_example.h"

/* ---- 7: the sample of 10^5 stars ----------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void check_7(void **state) {
  (void)state;
  enum { MANY = 100000 };
  static double r[MANY];
  example e;
  run_example(&e, "plummer-sample", NULL);
  const double *x = field(&e, "position");
  for (int i = 0; i < MANY; i++)
    r[i] = sqrt(x[3 * i] * x[3 * i] + x[3 * i + 1] * x[3 * i + 1] + x[3 * i + 2] * x[3 * i + 2]);
  qsort(r, MANY, sizeof *r, by_size);
  near(r[MANY / 10], .524028064, .02);
  near(r[MANY / 2], 1.304766027, .02);
  near(r[MANY / 10 * 9], 3.707112792, .02);
  const double *m = field(&e, "mass");
  long double sum = 0;
  for (int i = 0; i < MANY; i++) sum += m[i];
  near((double)sum, 1, 1e-12);
  for (int k = 0; k < 3; k++) {
    close_to(field(&e, "mass_centre")[k], 0, 1e-12);
    close_to(field(&e, "momentum")[k], 0, 1e-12);
  }
  close_example(&e);
}

/* ---- 8: orders on the eccentric binary ----------------------------------------------------------------------------- */

static double miss(const char *integrator, const char *masses, const char *end, const char *steps) {
  char set[4][96];
  example e;
  snprintf(set[0], sizeof set[0], "numerics.integrator=%s", integrator);
  snprintf(set[1], sizeof set[1], "bodies.binary.masses=%s", masses);
  snprintf(set[2], sizeof set[2], "time.end=%s", end);
  snprintf(set[3], sizeof set[3], "time.steps=%s", steps);
  run_example(&e, "kepler", SET(set[0], set[1], set[2], set[3], "output.ledger=2"));
  double error = measure(&e, "position_error");
  close_example(&e);
  return error;
}

static void check_8(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double fine, slope;
  } want[] = {{"leapfrog", 6.531e-3, 1.99}, {"yoshida4", 4.25e-8, 4.00}, {"rk4", 4.77e-9, 4.13}};
  for (size_t i = 0; i < 3; i++) {
    double coarse = miss(want[i].name, "[1,1]", "44.428829381583662", "320000");
    double fine = miss(want[i].name, "[1,1]", "44.428829381583662", "640000");
    near(fine, want[i].fine, .05);
    close_to(log2(coarse / fine), want[i].slope, .1);
    coarse = miss(want[i].name, "[100,1]", "6.252003053624663", "320000");
    fine = miss(want[i].name, "[100,1]", "6.252003053624663", "640000");
    close_to(log2(coarse / fine), want[i].slope, .1);
  }
}

/* ---- 16: a Plummer sphere in equilibrium --------------------------------------------------------------------------- */

static void check_16(void **state) {
  (void)state;
  example e;
  double half = 0, start = 0, virial = 0;
  open_example(&e, "plummer", NULL);
  for (int k = 0; k <= 100; k++) {
    must(&e, hd_advance(e.run, 0.1 * k));
    virial += field(&e, "virial_ratio")[0] / 101;
    if (!k) start = measure(&e, "half_mass_radius");
  }
  must(&e, hd_advance(e.run, INFINITY));
  half = measure(&e, "half_mass_radius");
  double error = measure(&e, "energy_error");
  at_most(error, 4e-5);
  close_to(virial, 1, .02);
  near(half, start, .12);
  at_most(measure(&e, "momentum_error"), 1e-14);
  close_example(&e);
  run_example(&e, "plummer", SET("time.steps=1280"));
  double ratio = error / measure(&e, "energy_error");
  assert_true(ratio > 3 && ratio < 6);
  close_example(&e);
}

/* ---- 17: sixteen seeds of the unbound cluster ---------------------------------------------------------------------- */

static void check_17(void **state) {
  (void)state;
  static const char *const name[5] = {"phi1_p16", "phi1_p50", "phi1_p84", "phi2_p50", "distance_p50"};
  static const double want[5] = {-71.8, -26.1, 10.6, -.971, 8.285}, by[5] = {2.5, 1.5, 2.4, .06, .07};
  double mean[5] = {0};
  for (int seed = 0; seed < 16; seed++) {
    char set[32];
    example e;
    snprintf(set, sizeof set, "seed=%d", seed);
    run_example(&e, "gd1-unbound", SET(set, "output.ledger=2"));
    for (int k = 0; k < 5; k++) mean[k] += measure(&e, name[k]) / 16;
    close_example(&e);
  }
  for (int k = 0; k < 5; k++) close_to(mean[k], want[k], by[k]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(check_7), cmocka_unit_test(check_8), cmocka_unit_test(check_16),
                                     cmocka_unit_test(check_17)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
