/* Acceptance checks of the nbody specification (section 8) that are over quickly, each by its number, on the example
 * scenarios through the library. Reference values: sections 3.3, 3.8 and 3.9 there, from high-precision computations.
 */
#include "io/result.h"
#include "unit/nbody_example.h"

static const double at_minus_3[6] = {-15.5008793924,  .0031347086,    -11.5965797895,
                                     -102.7103307192, 199.3388174134, -77.0478149281};
static const double at_minus_1[6] = {8.7649946159,   29.3444931312,  17.1929973437,
                                     101.4764130006, -12.7588322214, 60.5853758617};
static const double today[6] = {11.8, .79, 6.4, 109.5, -254.5, -90.3};

static void same_state(const double *got, const double *want, double kpc, double km_s) {
  for (int k = 0; k < 6; k++) close_to(got[k], want[k], k < 3 ? kpc : km_s);
}

/* ---- 1, 2: potentials, rotation curve ------------------------------------------------------------------------------ */

static void check_1(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double phi, a[3], tolerance;
  } want[] = {
      {"halo", -94579.04032679602, {-2003.931547636417, -250.4914434545522, -500.9828869091043}, 1e-12},
      {"point", -51776.95946046351, {-6003.125734546493, -750.3907168183117, -1500.781433636623}, 1e-12},
      {"disk", -30882.63651131305, {-2739.175298586042, -342.3969123232553, -1702.063693264841}, 1e-12},
      {"bulge", -2330.670125358609, {-270.2226229631586, -33.77782787039482, -67.55565574078964}, 1e-12},
      {"logarithmic", 102792.23505470996, {-5536.31067961165, -692.0388349514563, -1708.73786407767}, 1e-12},
      {"triaxial", -142527.4220310062, {-2661.546334248134, -367.4676445566737, -817.9938140950829}, 1e-10},
      {"thin", -5463.542288509757, {-471.0014668767868, -58.87518335959835, -338.2135449554461}, 1e-12},
      {"thin_sech2", -5200.131877815675, {-472.9474239689872, -59.1184279961234, -341.9911911126458}, 1e-12},
      {"thick", -2701.69900751878, {-229.6431691522613, -28.70539614403266, -135.0213461031425}, 1e-12},
      {"two_power", -50459.03895872097, {-1846.652237693669, -265.8826059070514, -623.7435684815613}, 1e-10},
  };
  example e;
  run_example(&e, "potentials", NULL);
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    near(field(&e, "component_potential")[i], want[i].phi, want[i].tolerance);
    for (int k = 0; k < 3; k++)
      near(field(&e, "component_acceleration")[3 * i + (size_t)k], want[i].a[k], want[i].tolerance);
  }
  close_example(&e);
}

static void check_1_bulge(void **state) {
  (void)state;
  static const struct {
    const char *set;
    double phi, ax;
  } want[] = {{"bodies.probe.position=[0.02 0 0 kpc]", -42160.44458583726, -229327.9423831231},
              {"bodies.probe.position=[0.5 0 0 kpc]", -21538.11997795292, -17019.16158948676},
              {"bodies.probe.position=[4 0 0 kpc]", -4838.360467453681, -1205.052443187897},
              {"bodies.probe.position=[20 0 0 kpc]", -968.0000040181164, -48.40000020090582}};
  for (int i = 0; i < 4; i++) {
    example e;
    run_example(&e, "potentials", SET(want[i].set));
    near(field(&e, "component_potential")[3], want[i].phi, 1e-12);
    near(field(&e, "component_acceleration")[9], want[i].ax, 1e-12);
    close_example(&e);
  }
}

static void check_2(void **state) {
  (void)state;
  static const double parts[3] = {130.153755452264, 170.411267232459, 49.1934955048027};
  char folder[] = "nbody_curve_XXXXXX";
  example e;
  hd_result *result;
  hd_array total, of;
  run_example(&e, "rotation-curve", SET("output.rotation_curve=[8 kpc]", "output.figures=[]"));
  assert_non_null(mkdtemp(folder));
  must(&e, hd_write(e.run, folder));
  char path[64], command[64];
  snprintf(path, sizeof path, "%s/result.h5", folder);
  must(&e, hd_result_open(e.ctx, path, &result));
  must(&e, hd_read(result, "circular_velocity", &total));
  must(&e, hd_read(result, "circular_velocity_component", &of));
  near(total.at[0], 220.000000132003, 1e-11);
  for (int k = 0; k < 3; k++) near(of.at[k], parts[k], 1e-11);
  hd_result_close(result);
  close_example(&e);
  snprintf(command, sizeof command, "rm -r %s", folder);
  assert_int_equal(system(command), 0);
}

/* ---- 8: order on the eccentric binary (the longer runs are in full_nbody_examples.c) ------------------------------- */

static void check_8(void **state) {
  (void)state;
  static const double error = 2.596e-2;
  example e;
  run_example(&e, "kepler", SET("output.ledger=2"));
  near(measure(&e, "position_error"), error, 0.05);
  double coarse = measure(&e, "position_error");
  close_example(&e);
  run_example(&e, "kepler", SET("output.ledger=2", "time.steps=640000"));
  near(measure(&e, "position_error"), 6.531e-3, 0.05);
  close_to(log2(coarse / measure(&e, "position_error")), 2, 0.1);
  close_example(&e);
}

/* ---- 9, 10, 11: IAS15 ---------------------------------------------------------------------------------------------- */

static void check_9(void **state) {
  (void)state;
  example e;
  open_example(&e, "kepler", SET("numerics.integrator=ias15", "time.steps=null", "time.end=444.28829381583662"));
  must(&e, hd_advance(e.run, 0));
  near(field(&e, "kinetic_energy")[0] + field(&e, "self_energy")[0], -0.5, 1e-14);
  must(&e, hd_advance(e.run, INFINITY));
  at_most(measure(&e, "energy_error"), 1e-13);
  at_most(measure(&e, "position_error"), 3e-11);
  close_example(&e);
}

static void check_10(void **state) {
  (void)state;
  example e;
  run_example(&e, "li-liao", SET("output.snapshots=2", "output.ledger=2"));
  close_to(hypot(measure(&e, "position_error"), measure(&e, "velocity_error")), 6.6e-10, 1e-10);
  close_example(&e);
}

static void check_11(void **state) {
  (void)state;
  example e;
  double s[6];
  open_example(&e, "pythagorean", NULL);
  must(&e, hd_advance(e.run, 10));
  state_of(&e, 0, s);
  close_to(s[0], .778480410138, 1e-10);
  close_to(s[1], .14139230029, 1e-10);
  must(&e, hd_advance(e.run, INFINITY));
  state_of(&e, 0, s);
  close_to(s[0], -2.70146140927, 1e-4);
  close_to(s[1], -3.79722268272, 1e-4);
  close_example(&e);
}

/* A binary in pc and Msun about its moving barycentre: G is not 1, body 1 not at the origin. */
static void binary_in_physical_units(void **state) {
  (void)state;
  example e;
  run_example(&e, "kepler",
              SET("units.system=galactic", "time.end=20 Myr", "time.steps=null", "gravity.softening=0 pc",
                  "bodies.binary.masses=[3e4 Msun, 1e4 Msun]", "bodies.binary.pericentre=1 pc",
                  "bodies.binary.eccentricity=0.5", "bodies.binary.place.position=1 2 3 kpc",
                  "bodies.binary.place.velocity=10 0 0 km/s", "numerics.integrator=ias15", "converge=null"));
  at_most(measure(&e, "position_error"), 1e-12);
  at_most(measure(&e, "velocity_error"), 1e-8);
  at_most(measure(&e, "momentum_error"), 1e-15);
  close_example(&e);
}

/* ---- 12, 13, 14: the progenitor's orbit ---------------------------------------------------------------------------- */

static void check_12(void **state) {
  (void)state;
  example e;
  double s[6], text[6];
  char position[256], velocity[256];
  open_example(&e, "progenitor", NULL);
  must(&e, hd_advance(e.run, -1));
  state_of(&e, 0, s);
  same_state(s, at_minus_1, 1e-7, 1e-6);
  near(field(&e, "angular_momentum")[2], -3089.605, 1e-11);
  must(&e, hd_advance(e.run, INFINITY));
  state_of(&e, 0, text);
  same_state(text, at_minus_3, 1e-7, 1e-6);
  at_most(measure(&e, "energy_error"), 1e-11);
  near(field(&e, "angular_momentum")[2], -3089.605, 1e-11);
  close_example(&e);
  snprintf(position, sizeof position, "bodies.progenitor.position=[%.17g %.17g %.17g kpc]", text[0], text[1], text[2]);
  snprintf(velocity, sizeof velocity, "bodies.progenitor.velocity=[%.17g %.17g %.17g km/s]", text[3], text[4], text[5]);
  run_example(&e, "progenitor", SET(position, velocity, "time.start=-3 Gyr", "time.end=0 Gyr"));
  state_of(&e, 0, s);
  same_state(s, today, 1e-7, 1e-7);
  close_example(&e);
}

static double miss(const char *integrator, const char *steps, double out[6]) {
  char set[2][64];
  example e;
  snprintf(set[0], sizeof set[0], "numerics.integrator=%s", integrator);
  snprintf(set[1], sizeof set[1], "time.steps=%s", steps);
  run_example(&e, "progenitor", SET(set[0], set[1], "output.ledger=2", "output.snapshots=2"));
  state_of(&e, 0, out);
  close_example(&e);
  return apart(out, at_minus_3);
}

static void check_13(void **state) {
  (void)state;
  static const double at_1000[6] = {-15.6285828294,  .2830176352,    -11.6912515881,
                                    -100.6832667419, 199.5126604953, -75.3769837717};
  double s[6];
  near(miss("leapfrog", "1000", s), .32188, 1e-4);
  for (int k = 0; k < 6; k++) near(s[k], at_1000[k], 1e-8);
  close_to(miss("leapfrog", "4000", s) / miss("leapfrog", "8000", s), 4, 0.1);
  near(miss("leapfrog_dkd", "8000", s), 3.3386e-4, 1e-3);
}

static void check_14(void **state) {
  (void)state;
  double s[6], coarse = miss("rk4", "8000", s), fine = miss("rk4", "16000", s);
  near(coarse, 4.00e-8, 0.05);
  close_to(log2(coarse / fine), 4.65, 0.35);
}

/* ---- 15: the sky --------------------------------------------------------------------------------------------------- */

static void check_15(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double value, tolerance;
  } want[] = {{"distance", 7.484924849322136, 1e-10},
              {"phi1", -26.8893048272499, 1e-10},
              {"phi2", -.3908325159340, 1e-10},
              {"radial_velocity", -48.4807806764905, 1e-8},
              {"pm_phi1_cosphi2", -8.096067336031, 1e-8},
              {"pm_phi2", -.1846275964317, 1e-8},
              {"l", 168.2557975740, 1e-9},
              {"b", 58.7654805511, 1e-9},
              {"ra", 161.0611015842, 1e-9},
              {"dec", 45.5913675155, 1e-9}};
  example e;
  run_example(&e, "sky", NULL);
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    close_to(field(&e, want[i].name)[0], want[i].value, want[i].tolerance);
  close_to(field(&e, "phi1")[1], 130.2193, 1e-4);
  close_to(field(&e, "phi2")[1], -24.7667, 1e-4);
  close_example(&e);
  run_example(&e, "sky", SET("observer.sun_velocity=-11.1 232.24 7.25 km/s"));
  close_to(field(&e, "radial_velocity")[0], -73.5564633023485, 1e-8);
  close_to(field(&e, "pm_phi1_cosphi2")[0], -13.89097134804, 1e-8);
  close_to(field(&e, "pm_phi2")[0], -3.167902477287, 1e-8);
  close_example(&e);
}

/* ---- 17, 18: the stream, one seed each ----------------------------------------------------------------------------- */

static void check_18(void **state) {
  (void)state;
  example e;
  run_example(&e, "gd1-reference", SET("output.ledger=2", "output.snapshots=2"));
  close_to(measure(&e, "phi1_p16"), -63, 6);
  close_to(measure(&e, "phi1_p50@cluster"), -26, 5);
  close_to(measure(&e, "phi1_p84"), 4, 4);
  close_example(&e);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(check_1),
      cmocka_unit_test(check_1_bulge),
      cmocka_unit_test(check_2),
      cmocka_unit_test(check_8),
      cmocka_unit_test(check_9),
      cmocka_unit_test(check_10),
      cmocka_unit_test(check_11),
      cmocka_unit_test(check_12),
      cmocka_unit_test(check_13),
      cmocka_unit_test(check_14),
      cmocka_unit_test(binary_in_physical_units),
      cmocka_unit_test(check_15),
      cmocka_unit_test(check_18),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
