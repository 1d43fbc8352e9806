/* Units of nbody: check 4 of its specification with the anchor of 3 Gyr, the solver's constants against the list of units, and
 * scenarios of scaled G = 1 systems, whose physical quantities become code units. */
#include "base/units.h"
#include "solvers/nbody/nbody.h"
#include "unit/nbody_example.h"

static double in(double value, const char *from, const char *to) {
  hd_unit a, b;
  const char *at;
  assert_true(hd_unit_read(from, &a, &at) && hd_unit_read(to, &b, &at) && hd_unit_same_kind(&a, &b));
  return hd_unit_convert(value, &a, &b);
}

static void constants_are_those_of_the_list(void **state) {
  (void)state;
  near(in(6.6743e-11, "m3/kg/s2", "kpc3/Msun/Gyr2"), NBODY_G, 1e-15);
  near(NBODY_G * NBODY_KM_S * NBODY_KM_S, 4.300917270036279e-6, 1e-15);
  near(in(1, "kpc/Gyr", "km/s"), NBODY_KM_S, 1e-15);
  near(in(1, "rad/Gyr", "mas/yr"), NBODY_MAS_YR, 1e-15);
}

/* (10 kpc, 1e4 Msun, 3 Gyr): G_code = G M T^2/L^3 and the unit of velocity. */
static void check_4_anchor(void **state) {
  (void)state;
  double L = 10, M = 1e4, T = 3;
  near(NBODY_G * M * T * T / (L * L * L), 4.04865193632260e-4, 1e-13);
  near(L / T * NBODY_KM_S, 3.25930740560263, 1e-13);
}

/* Text of a scenario as a case of its own. */
static void open_text(example *e, const char *text) {
  FILE *f = fopen("nbody_units.yaml", "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
  assert_int_equal(hd_ctx_new(&e->ctx), HD_OK);
  hd_status status = hd_open(e->ctx, "nbody_units.yaml", &(hd_options){.threads = 1}, &e->run);
  if (status != HD_OK) print_message("%s\n", hd_ctx_message(e->ctx));
  assert_int_equal(status, HD_OK);
  assert_int_equal(remove("nbody_units.yaml"), 0);
}

/* Anchor (10 kpc, 1e8 Msun, G = 1): T = 1.49096014259155 Gyr. */
static void physical_quantities_of_a_scaled_system(void **state) {
  (void)state;
  static const double T = 1.49096014259155, V = 10 / 1.49096014259155 * 0.9777922216807892;
  example e;
  double s[6];
  open_text(&e,
            "solver: nbody\n"
            "units: {system: nbody, length: 10 kpc, mass: 1e8 Msun}\n"
            "time: {start: -1 Gyr, end: -1 Gyr}\n"
            "potential: {hole: {type: point, mass: 5e7 Msun}}\n"
            "bodies:\n"
            "  star: {type: particles, masses: [2e8 Msun], position: [8 0 0 kpc], velocity: [0 100 0 km/s]}\n"
            "  other: {type: inclined, radius: 5 kpc, speed: 1, inclination: 90 deg}\n");
  must(&e, hd_advance(e.run, INFINITY));
  near(hd_position(e.run), -1 / T, 1e-13);
  state_of(&e, 0, s);
  near(s[0], .8, 1e-15);
  near(s[4], 100 / V, 1e-13);
  near(field(&e, "mass")[0], 2, 1e-15);
  near(field(&e, "external_potential")[0], -.5 / .8, 1e-15);
  state_of(&e, 1, s);
  near(s[2], .5, 1e-15);
  near(s[4], 1, 1e-15);
  close_to(s[0], 0, 1e-16);
  close_example(&e);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(constants_are_those_of_the_list),
                                     cmocka_unit_test(check_4_anchor),
                                     cmocka_unit_test(physical_quantities_of_a_scaled_system)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
