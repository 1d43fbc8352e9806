/* Acceptance checks of the specification, section 8, on the solver without its command line: Riemann problems (7, 8, 9), a
 * degraded road (17), a red light (19).
 */
#include "unit/traffic_road.h"

typedef struct problem {
  const char *name;
  double pressure, exponent;
  double rho_l, v_l, rho_r, v_r;
  double error_200, error_800; /* upper bounds in veh */
} problem;

static const problem problems[] = {{"shock", 30, 2, .05, 20, .10, 5, 3.0, 1.4},
                                   {"fan", 30, 2, .12, 6, .10, 10, .60, .30},
                                   {"contact", 30, 2, .05, 15, .12, 15, 1.6, 1.0},
                                   {"vacuum", 30, 2, .05, 15, .03, 25, 2.4, 1.1},
                                   {"linear", 220 / 3.6, 1, .03, 18, .06, 4, .62, .28}};

static void set_problem(road *r, const problem *p, int64_t cells, traffic_flux flux) {
  road_one_class(r, p->pressure, p->exponent);
  r->t.road.cells = cells;
  r->t.time.end = 15;
  r->t.numerics.flux = (int)flux;
  r->t.initial.kind = TRAFFIC_RIEMANN;
  r->t.initial.split = 500;
  r->t.initial.left = road_state(r, 0, p->rho_l, NAN, 0, 0);
  r->t.initial.right = road_state(r, 1, p->rho_r, NAN, 0, 0);
  r->load[0][0].speed = p->v_l;
  r->load[1][0].speed = p->v_r;
  r->t.left.only = (traffic_phase){.kind = TRAFFIC_INFLOW, .state_form = 0};
  r->t.right.only = (traffic_phase){.kind = TRAFFIC_OPEN};
  r->t.output.compare = "exact";
}

static double error_of(const problem *p, int64_t cells, traffic_flux flux) {
  road r;
  drive d;
  set_problem(&r, p, cells, flux);
  drive_start(&d, &r, 1);
  drive_until(&d, 15);
  double error = drive_measure(&d, "error_density");
  assert_true(drive_measure(&d, "density_min") >= 0);
  assert_true(drive_measure(&d, "ledger_residual") < 1e-13);
  drive_end(&d);
  return error;
}

static void errors_of_riemann_problems(void **state) {
  (void)state;
  for (size_t k = 0; k < sizeof problems / sizeof *problems; k++) {
    double coarse = error_of(&problems[k], 200, TRAFFIC_CENTRAL_UPWIND),
           fine = error_of(&problems[k], 800, TRAFFIC_CENTRAL_UPWIND);
    printf("%-8s %.3f (at most %.2f)  %.3f (at most %.2f)\n", problems[k].name, coarse, problems[k].error_200, fine,
           problems[k].error_800);
    assert_true(coarse <= problems[k].error_200 && fine <= problems[k].error_800);
    double godunov = error_of(&problems[k], 200, TRAFFIC_GODUNOV);
    printf("         godunov %.3f\n", godunov);
    assert_true(godunov <= problems[k].error_200);
  }
}

static void density_behind_the_shock(void **state) {
  (void)state;
  road r;
  drive d;
  set_problem(&r, &problems[0], 1600, TRAFFIC_CENTRAL_UPWIND);
  drive_start(&d, &r, 1);
  drive_until(&d, 15);
  near_relative(drive_get(&d, "density", (int64_t)(530 / (1000.0 / 1600))), .18371173070874, .005);
  drive_end(&d);
}

static void degraded_road(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, false);
  r.t.road.length = 3000;
  r.t.road.cells = 600;
  r.t.road.quality_form = 1;
  r.stretch[0] = (traffic_stretch){0, 1};
  r.stretch[1] = (traffic_stretch){1000, 4};
  r.t.road.stretches = (hd_items){r.stretch, NULL, 2};
  r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
  r.t.initial.quality = 1;
  r.t.initial.state = road_state(&r, 0, .015, NAN, .005, NAN);
  r.t.left.only = (traffic_phase){.kind = TRAFFIC_INFLOW, .state_form = 0};
  r.t.right.only = (traffic_phase){.kind = TRAFFIC_OPEN};
  r.t.time.end = 1000;
  drive_start(&d, &r, 1);
  drive_until(&d, 1000);
  near_relative(drive_get(&d, "density", 599), .031708687478, 1e-9);
  near_relative(drive_get(&d, "density", 1199), .017152318020, 1e-9);
  near_relative(drive_get(&d, "density", 100), .015, 1e-12);
  near_relative(drive_get(&d, "density", 700), .005, 1e-12);
  assert_true(drive_measure(&d, "ledger_residual") < 1e-13);
  drive_end(&d);
}

static void red_light(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, false);
  r.t.road.cells = 200;
  r.t.time.end = 180;
  r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
  r.t.initial.state = road_state(&r, 0, .1, NAN, .03333, NAN);
  r.t.left.only = (traffic_phase){.kind = TRAFFIC_INFLOW, .state_form = 0};
  r.phase[1][0] = (traffic_phase){.from = 0, .kind = TRAFFIC_WALL};
  r.phase[1][1] = (traffic_phase){.from = 60, .kind = TRAFFIC_FREE};
  r.t.right = (traffic_border){{.kind = -1}, {r.phase[1], NULL, 2}};
  drive_start(&d, &r, 1);
  drive_until(&d, 20);
  near_relative(drive_get(&d, "inflow", 0), 23.5191, .002);
  near_relative(drive_get(&d, "inflow", 1), 6.4810, .002);
  drive_until(&d, 60);
  for (int i = 0; i < 2; i++) {
    double start = i ? 33.33 : 100;
    same_number(drive_get(&d, "outflow", i), 0);
    near_relative(drive_get(&d, "mass", i) - start, drive_get(&d, "inflow", i), 1e-12);
  }
  drive_until(&d, 180);
  assert_true(drive_get(&d, "outflow", 0) > 150);
  printf("left by 180 s: %.2f motorcycles, %.2f cars\n", drive_get(&d, "outflow", 0), drive_get(&d, "outflow", 1));
  assert_true(drive_measure(&d, "mass_drift") < 1e-13);
  drive_end(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(errors_of_riemann_problems),
                                     cmocka_unit_test(density_behind_the_shock), cmocka_unit_test(degraded_road),
                                     cmocka_unit_test(red_light)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
