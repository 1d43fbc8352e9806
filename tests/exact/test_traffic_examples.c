/* Acceptance checks of the traffic specification (section 8) that need one run, each by its number, on the example scenarios
 * through the library: scenario, case, run, fields and measures.
 */
#include "heddle/heddle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct example {
  hd_ctx *ctx;
  hd_run *run;
} example;

static void must(example *e, hd_status status) {
  if (status != HD_OK) fail_msg("%s", hd_ctx_message(e->ctx));
}

/* Opens an example with overrides, ended by NULL. */
static void open_example(example *e, const char *name, const char *const *set) {
  char path[1024];
  int count = 0;
  while (set && set[count]) count++;
  snprintf(path, sizeof path, "%s/examples/traffic/%s.yaml", HD_SOURCE, name);
  assert_int_equal(hd_ctx_new(&e->ctx), HD_OK);
  must(e, hd_open(e->ctx, path, &(hd_options){.set = set, .set_count = count, .threads = 1}, &e->run));
}

static void close_example(example *e) {
  hd_close(e->run);
  hd_ctx_free(e->ctx);
}

static const double *field(example *e, const char *name) {
  hd_array a;
  must(e, hd_get(e->run, name, &a));
  return a.at;
}

static double measure(example *e, const char *name) {
  double value;
  must(e, hd_measure_value(e->run, name, &value));
  return value;
}

static void near(double got, double want, double relative) {
  if (!(fabs(got - want) <= relative * fabs(want))) fail_msg("%.17g is not %.17g to %g", got, want, relative);
}

static void at_most(double got, double bound) {
  if (!(got <= bound)) fail_msg("%.17g is above %g", got, bound);
}

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- 1, 2: the predecessor's Riemann problem, stored arrays ------------------------------------------------------- */

static void riemann_of_the_predecessor(const char *const *set, double steps, double expected[4][4]) {
  static const char *const names[] = {"density@motorcycles", "marker@motorcycles", "density@cars", "marker@cars"};
  example e;
  open_example(&e, "arz2025-riemann", set);
  must(&e, hd_advance(e.run, INFINITY));
  assert_true(measure(&e, "steps") == steps);
  for (int q = 0; q < 4; q++) {
    const double *at = field(&e, names[q]);
    double sum = 0;
    for (int k = 0; k < 3; k++) near(at[25 * (k + 1)], expected[k][q], 1e-8);
    for (int j = 0; j < 100; j++) sum += at[j] * 10;
    near(sum, expected[3][q], 1e-8);
  }
  close_example(&e);
}

static void check_1(void **state) {
  (void)state;
  riemann_of_the_predecessor(SET("road.quality=3"), 126,
                             (double[4][4]){{.043036238249, 10.918737435493, .023838915539, 7.615459371505},
                                            {.033255083953, 11.897187304126, .012432286191, 8.298395802488},
                                            {.028372947373, 10.851493345089, .022201491635, 7.168568634340},
                                            {41.551515528718, 10846.997737925842, 25.840735814050, 7592.663678609}});
}

static void check_2(void **state) {
  (void)state;
  riemann_of_the_predecessor(NULL, 170,
                             (double[4][4]){{.024320246937, 20.476845232251, .012248162113, 17.904476828339},
                                            {.024167064702, 20.525579393275, .012033156882, 17.974019422850},
                                            {.023921858644, 20.489745029631, .012056355544, 17.576054614911},
                                            {24.78539784909, 20249.74326797, 12.78433863787, 17496.06246853}});
}

/* ---- 4: mass ------------------------------------------------------------------------------------------------------ */

static void check_4(void **state) {
  (void)state;
  example e;
  for (int predecessor = 0; predecessor < 2; predecessor++) {
    open_example(&e, "mass", predecessor ? SET("preset=arz2025") : NULL);
    must(&e, hd_advance(e.run, INFINITY));
    at_most(measure(&e, "mass_drift"), 1e-13);
    at_most(measure(&e, "ledger_residual"), 1e-13);
    close_example(&e);
  }
  open_example(&e, "arz2025-mass", NULL);
  must(&e, hd_advance(e.run, INFINITY));
  assert_true(measure(&e, "steps") == 2154);
  near(field(&e, "mass")[0], 50, 1e-13);
  near(field(&e, "mass")[1], 25, 1e-13);
  at_most(measure(&e, "mass_drift"), 1e-13);
  close_example(&e);
}

/* ---- 6: relaxation alone, one step or many ------------------------------------------------------------------------ */

static void check_6(void **state) {
  (void)state;
  static const char *const end[] = {"time.end=1s", "time.end=10s", "time.end=100s"};
  static const double seconds[] = {1, 10, 100}, rho[] = {.05, .02}, v[] = {3, 9}, tau[] = {5, 10};
  static const double ve[] = {(5 + 45 * .72) / 3.6, 35 * .72 / 3.6}, pressure[] = {220 / 3.6 * .232, 90 / 3.6 * .28};
  for (int k = 0; k < 3; k++) {
    for (int steps = 1; steps <= 7; steps += 6) {
      example e;
      open_example(&e, "relax", SET(end[k], steps == 1 ? "time.steps=1" : "time.steps=7"));
      must(&e, hd_advance(e.run, INFINITY));
      for (int i = 0; i < 2; i++) {
        double rest = rho[i] * (ve[i] + pressure[i]), start = rho[i] * (v[i] + pressure[i]);
        near(field(&e, "marker_density")[i], rest + (start - rest) * exp(-seconds[k] / tau[i]), 1e-13);
        near(field(&e, "density")[i], rho[i], 1e-15);
      }
      close_example(&e);
    }
  }
}

/* ---- 7, 8: Riemann problems against their exact solutions ---------------------------------------------------------- */

static void expect_error(const char *name, const char *cells, const char *flux, double bound) {
  example e;
  open_example(&e, name, SET(cells, flux));
  must(&e, hd_advance(e.run, INFINITY));
  double error = measure(&e, "error_density");
  printf("%-8s %s, %s: %.3f veh, at most %.2f\n", name, cells, flux, error, bound);
  at_most(error, bound);
  at_most(measure(&e, "ledger_residual"), 1e-13);
  assert_true(measure(&e, "density_min") >= 0);
  close_example(&e);
}

static void check_7(void **state) {
  (void)state;
  static const struct {
    const char *name, *measure;
    double value;
  } exact[] = {{"shock", "exact_middle_density", .18371173070874},
               {"shock", "exact_middle_speed", 5},
               {"shock", "exact_shock_speed", -.60908153700972},
               {"shock", "exact_contact_speed", 5},
               {"fan", "exact_middle_density", .07788880963699},
               {"fan", "exact_fan_head", -7.824},
               {"fan", "exact_fan_tail", 4.176},
               {"contact", "exact_contact_speed", 15},
               {"vacuum", "exact_fan_head", 12.6},
               {"vacuum", "exact_fan_tail", 16.2},
               {"vacuum", "exact_contact_speed", 25},
               {"linear", "exact_middle_density", .0872727272727},
               {"linear", "exact_shock_speed", -3.33333333333}};
  for (size_t k = 0; k < sizeof exact / sizeof *exact; k++) {
    example e;
    open_example(&e, exact[k].name, NULL);
    near(measure(&e, exact[k].measure), exact[k].value, 2e-12);
    close_example(&e);
  }
}

static void check_8(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double coarse, fine;
  } bounds[] = {
      {"shock", 3.0, 1.4}, {"fan", .60, .30}, {"contact", 1.6, 1.0}, {"vacuum", 2.4, 1.1}, {"linear", .62, .28}};
  for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
    expect_error(bounds[k].name, "road.cells=200", "numerics.flux=central_upwind", bounds[k].coarse);
    expect_error(bounds[k].name, "road.cells=800", "numerics.flux=central_upwind", bounds[k].fine);
    expect_error(bounds[k].name, "road.cells=200", "numerics.flux=godunov", bounds[k].coarse);
  }
}

static void check_9(void **state) {
  (void)state;
  example e;
  open_example(&e, "shock", SET("road.cells=1600"));
  must(&e, hd_advance(e.run, INFINITY));
  near(field(&e, "density")[(int)(530 / .625)], .18371173070874, .005);
  close_example(&e);
}

/* ---- 17, 19: a degraded road, a red light -------------------------------------------------------------------------- */

static void check_17(void **state) {
  (void)state;
  example e;
  open_example(&e, "degraded", NULL);
  must(&e, hd_advance(e.run, INFINITY));
  near(field(&e, "density@motorcycles")[599], .031708687478, 1e-9);
  near(field(&e, "density@cars")[599], .017152318020, 1e-9);
  near(field(&e, "density@motorcycles")[100], .015, 1e-12);
  near(field(&e, "density@cars")[100], .005, 1e-12);
  close_example(&e);
}

static void check_19(void **state) {
  (void)state;
  static const double start[] = {100, 33.33}, by_20_s[] = {23.5191, 6.4810}, by_180_s[] = {172.5, 43.7};
  example e;
  open_example(&e, "red-light", NULL);
  must(&e, hd_advance(e.run, 20));
  for (int i = 0; i < 2; i++) near(field(&e, "inflow")[i], by_20_s[i], .002);
  must(&e, hd_advance(e.run, 60));
  for (int i = 0; i < 2; i++) {
    double in = field(&e, "inflow")[i];
    assert_true(field(&e, "outflow")[i] == 0);
    near(field(&e, "mass")[i] - start[i], in, 1e-12);
  }
  must(&e, hd_advance(e.run, INFINITY));
  for (int i = 0; i < 2; i++) near(field(&e, "outflow")[i], by_180_s[i], .006); /* check 20 asks for more, of muscl */
  at_most(measure(&e, "mass_drift"), 1e-13);
  close_example(&e);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(check_1), cmocka_unit_test(check_2),  cmocka_unit_test(check_4),
                                     cmocka_unit_test(check_6), cmocka_unit_test(check_7),  cmocka_unit_test(check_8),
                                     cmocka_unit_test(check_9), cmocka_unit_test(check_17), cmocka_unit_test(check_19)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
