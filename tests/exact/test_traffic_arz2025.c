/* The predecessor's numbers (specification 7.2): its Riemann problem on categories 3 and 1, its convergence table, its mass
 * test. Stored arrays of the predecessor's repository.
 */
#include "unit/traffic_road.h"

/* rho_m, w_m, rho_c, w_c of a cell. */
static double value_of(drive *d, int which, int64_t cell) {
  const traffic_run *c = drive_cache(d);
  int64_t at = (which / 2) * c->cells + cell;
  return which % 2 ? c->y[at] / c->rho[at] : c->rho[at];
}

static void riemann(int quality, double steps, double values[4][4]) {
  road r;
  drive d;
  road_preset(&r, true);
  r.t.compat = TRAFFIC_COMPAT_ARZ2025;
  r.t.numerics.courant = 0.8;
  r.t.road.quality = quality;
  r.t.initial.kind = TRAFFIC_RIEMANN;
  r.t.initial.split = 500;
  r.t.initial.left = road_state(&r, 0, .020, 25, .010, 22);
  r.t.initial.right = road_state(&r, 1, .080, 8, .040, 6);
  r.t.left.only = (traffic_phase){.kind = TRAFFIC_INFLOW, .state_form = 0};
  r.t.right.only = (traffic_phase){.kind = TRAFFIC_OPEN};
  r.t.output.snapshots.every = 5;
  drive_start(&d, &r, 1);
  drive_until(&d, 60);
  same_number(drive_measure(&d, "steps"), steps);
  for (int k = 0; k < 3; k++)
    for (int q = 0; q < 4; q++) near_relative(value_of(&d, q, 25 * (k + 1)), values[k][q], 1e-8);
  for (int q = 0; q < 4; q++) {
    double sum = 0;
    for (int64_t j = 0; j < 100; j++) sum += value_of(&d, q, j);
    near_relative(sum * 10, values[3][q], 1e-8);
  }
  drive_end(&d);
}

static void riemann_on_category_3(void **state) {
  (void)state;
  riemann(3, 126,
          (double[4][4]){{.043036238249, 10.918737435493, .023838915539, 7.615459371505},
                         {.033255083953, 11.897187304126, .012432286191, 8.298395802488},
                         {.028372947373, 10.851493345089, .022201491635, 7.168568634340},
                         {41.551515528718, 10846.997737925842, 25.840735814050, 7592.663678609}});
}

static void riemann_on_category_1(void **state) {
  (void)state;
  riemann(1, 170,
          (double[4][4]){{.024320246937, 20.476845232251, .012248162113, 17.904476828339},
                         {.024167064702, 20.525579393275, .012033156882, 17.974019422850},
                         {.023921858644, 20.489745029631, .012056355544, 17.576054614911},
                         {24.78539784909, 20249.74326797, 12.78433863787, 17496.06246853}});
}

static void sine(road *r, int64_t cells, int quality, double rho_m, double rho_c, double end) {
  road_preset(r, true);
  r->t.compat = TRAFFIC_COMPAT_ARZ2025;
  r->t.numerics.courant = 0.8;
  r->t.road.quality = quality;
  r->t.road.cells = cells;
  r->t.time.end = end;
  r->t.initial.kind = TRAFFIC_WAVES;
  r->t.initial.background = road_state(r, 0, rho_m, NAN, rho_c, NAN);
  r->wave[0] = (traffic_wave){.index = 0, .amplitude = .005, .number = 1};
  r->t.initial.waves = (hd_items){r->wave, NULL, 1};
}

static void convergence(void **state) {
  (void)state;
  enum { LEVELS = 5, FINEST = 800 };
  static const double steps[] = {7, 14, 27, 53, 106};
  static const double l1[][4] = {{2.717600e-02, 7.444174e-01, 8.461286e-04, 3.629627e-01},
                                 {1.214536e-02, 3.465493e-01, 3.851613e-04, 1.692144e-01},
                                 {5.256152e-03, 1.487281e-01, 1.744957e-04, 7.264681e-02},
                                 {1.737335e-03, 4.959871e-02, 5.827941e-05, 2.423079e-02}};
  static double values[LEVELS][4][FINEST];
  for (int k = 0; k < LEVELS; k++) {
    road r;
    drive d;
    sine(&r, 50 << k, 3, .05, .02, 10);
    r.t.output.snapshots.count = 2;
    drive_start(&d, &r, 1);
    drive_until(&d, 10);
    same_number(drive_measure(&d, "steps"), steps[k]);
    for (int q = 0; q < 4; q++)
      for (int64_t j = 0; j < 50 << k; j++) values[k][q][j] = value_of(&d, q, j);
    drive_end(&d);
  }
  for (int k = 0; k < LEVELS - 1; k++) {
    for (int q = 0; q < 4; q++) {
      int64_t cells = 50 << k, ratio = FINEST / cells;
      double sum = 0;
      for (int64_t j = 0; j < cells; j++) {
        double mean = 0;
        for (int64_t s = 0; s < ratio; s++) mean += values[LEVELS - 1][q][j * ratio + s];
        sum += fabs(values[k][q][j] - mean / (double)ratio);
      }
      near_relative(sum * 1000 / (double)cells, l1[k][q], 1e-6);
    }
  }
}

static void mass(void **state) {
  (void)state;
  road r;
  drive d;
  sine(&r, 200, 1, .05, .025, 500);
  r.t.output.snapshots.every = 10;
  drive_start(&d, &r, 1);
  double tenth = 0, last = 0;
  int samples = 1;
  for (int64_t k = 1; !d.progress.done; k++) {
    assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
    if (k % 10) continue;
    drive_row(&d, TRAFFIC_ENTRY);
    samples++;
    if (k == 10) tenth = d.progress.at;
    last = d.progress.at;
  }
  drive_row(&d, TRAFFIC_ENTRY);
  assert_int_equal(samples, 216);
  same_number(drive_measure(&d, "steps"), 2154);
  near_relative(tenth, 2.3449118623, 1e-10);
  near_relative(last, 499.1696251451, 1e-10);
  near_relative(drive_get(&d, "mass", 0), 50, 1e-13);
  near_relative(drive_get(&d, "mass", 1), 25, 1e-13);
  assert_true(drive_measure(&d, "mass_drift") <= 1e-13);
  drive_end(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(riemann_on_category_3), cmocka_unit_test(riemann_on_category_1),
                                     cmocka_unit_test(convergence), cmocka_unit_test(mass)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
