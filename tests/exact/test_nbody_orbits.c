/* The progenitor's orbit in milky_way_2014 against converged values (specification 3.8; checks 12, 13 and 14): DOP853 there and
 * back, leapfrog, RK4; the table of fixed steps; orders of the compositions; blocks, levels and stops change no bit; orbits
 * that fail are told apart. */
#include "unit/nbody_galaxy.h"

#include "heddle/math.h"
#include "solvers/nbody/orbits.h"

static const double today[6] = {11.8, .79, 6.4, 109.5, -254.5, -90.3}; /* kpc, km/s */
static const double before3[6] = {-15.5008793924,  .0031347086,    -11.5965797895,
                                  -102.7103307192, 199.3388174134, -77.0478149281};
static const double before1[6] = {8.7649946159,   29.3444931312,  17.1929973437,
                                  101.4764130006, -12.7588322214, 60.5853758617};

static void milky_way(galaxy *g) {
  nbody_component c[3];
  nbody_milky_way_2014(c);
  galaxy_new(g, 3, c, G_GYR);
}

/* kpc and km/s -> kpc and kpc/Gyr */
static void set(double y[6], const double x[6]) {
  for (int c = 0; c < 6; c++) y[c] = c < 3 ? x[c] : x[c] / KM_S;
}

static double distance(const double y[6], const double x[6]) {
  return sqrt((y[0] - x[0]) * (y[0] - x[0]) + (y[1] - x[1]) * (y[1] - x[1]) + (y[2] - x[2]) * (y[2] - x[2]));
}

static double energy(const galaxy *g, const double y[6]) {
  return .5 * (y[3] * y[3] + y[4] * y[4] + y[5] * y[5]) + nbody_potential_at(&g->p, y);
}

/* One particle from `from` to `to` with tolerance `t`. */
static hd_dop853_control adaptive(const galaxy *g, double y[6], double from, double to, double t) {
  hd_dop853 method = {.relative = t, .absolute = t};
  hd_dop853_control control = {.t = from};
  void *scratch = malloc(nbody_orbits_adaptive_bytes(1));
  nbody_orbits_adaptive(&g->p, &method, 1, (double *const[]){y, y + 1, y + 2, y + 3, y + 4, y + 5}, to, &control,
                        scratch);
  free(scratch);
  assert_int_equal(control.outcome, HD_ODE_FINE);
  assert_true(control.t == to && control.t_low == 0);
  return control;
}

static void fixed(const galaxy *g, nbody_integrator integrator, double y[6], double time, int64_t n) {
  HD_ISA_PICK(nbody_orbits)
  (&g->p, integrator, 1, (double *const[]){y, y + 1, y + 2, y + 3, y + 4, y + 5}, time / (double)n, n);
}

static void state_today(void **state) {
  (void)state;
  galaxy g;
  double y[6], a[3];
  static const double expected[3] = {-2495.18806857940603, -167.050726625231421, -1608.08856511071488};
  static const double parts[3] = {-85228.1134286927794, -19409.5902175689091, -1439.71721845666438};
  milky_way(&g);
  set(y, today);
  nbody_acceleration_at(&g.p, y, a);
  for (int c = 0; c < 3; c++) NEAR_RELATIVE(a[c] * KM_S * KM_S, expected[c], 1e-12);
  for (int k = 0; k < 3; k++) {
    nbody_potential part = nbody_potential_part(&g.p, k);
    NEAR_RELATIVE(nbody_potential_at(&part, y) * KM_S * KM_S, parts[k], 1e-12);
  }
  NEAR_RELATIVE(energy(&g, y) * KM_S * KM_S, -63620.1258647183528, 1e-12);
  galaxy_free(&g);
}

static void there_and_back(void **state) {
  (void)state;
  galaxy g;
  double y[6], start[6];
  milky_way(&g);
  set(start, today);
  memcpy(y, start, sizeof y);
  double lz = y[0] * y[4] - y[1] * y[3], e = energy(&g, y);
  adaptive(&g, y, 0, -1, 1e-12);
  for (int c = 0; c < 6; c++) NEAR(c < 3 ? y[c] : y[c] * KM_S, before1[c], c < 3 ? 1e-7 : 1e-6);
  memcpy(y, start, sizeof y);
  hd_dop853_control c3 = adaptive(&g, y, 0, -3, 1e-12);
  print_message("dop853, 1e-12: off by %.2g kpc after %d evaluations\n", distance(y, before3), (int)c3.evaluations);
  for (int c = 0; c < 6; c++) NEAR(c < 3 ? y[c] : y[c] * KM_S, before3[c], c < 3 ? 1e-7 : 1e-6);
  NEAR_RELATIVE(y[0] * y[4] - y[1] * y[3], lz, 1e-11);
  NEAR_RELATIVE(energy(&g, y), e, 1e-11);
  adaptive(&g, y, -3, 0, 1e-12);
  for (int c = 0; c < 6; c++) NEAR(y[c], start[c], 1e-7);
  galaxy_free(&g);
}

/* Tolerance against error and work: 9.6e-6 kpc with 2426, 3.1e-7 with 3770, 1.9e-9 with 6110 evaluations. */
static void tolerances_hold(void **state) {
  (void)state;
  static const double tolerance[3] = {1e-8, 1e-10, 1e-12}, error[3] = {9.6e-6, 3.1e-7, 1.9e-9};
  static const int work[3] = {2426, 3770, 6110};
  galaxy g;
  milky_way(&g);
  for (int k = 0; k < 3; k++) {
    double y[6];
    set(y, today);
    hd_dop853_control c = adaptive(&g, y, 0, -3, tolerance[k]);
    print_message("tolerance %g: off by %.2g kpc, %d evaluations, %d steps, %d rejected\n", tolerance[k],
                  distance(y, before3), (int)c.evaluations, (int)c.steps, (int)c.rejected);
    assert_true(distance(y, before3) < 4 * error[k]);
    assert_in_range(c.evaluations, work[k] / 2, work[k] * 5 / 4);
  }
  galaxy_free(&g);
}

static void leapfrog_ends_where_it_should(void **state) {
  (void)state;
  static const double expected[6] = {-15.6285828294,  .2830176352,    -11.6912515881,
                                     -100.6832667419, 199.5126604953, -75.3769837717};
  galaxy g;
  double y[6], error[2];
  milky_way(&g);
  set(y, today);
  fixed(&g, NBODY_LEAPFROG, y, -3, 1000);
  for (int c = 0; c < 6; c++) NEAR(c < 3 ? y[c] : y[c] * KM_S, expected[c], 1e-8);
  for (int k = 0; k < 2; k++) {
    set(y, today);
    fixed(&g, NBODY_LEAPFROG, y, -3, k ? 8000 : 4000);
    error[k] = distance(y, before3);
  }
  NEAR(error[0] / error[1], 4, .1);
  galaxy_free(&g);
}

static void table_of_fixed_steps(void **state) {
  (void)state;
  static const struct {
    nbody_integrator integrator;
    int64_t n;
    double error, tolerance;
  } rows[] = {{NBODY_LEAPFROG, 1000, .32188, 2e-5},
              {NBODY_LEAPFROG, 2000, .06536, 1e-4},
              {NBODY_LEAPFROG, 4000, .017810, 4e-5},
              {NBODY_LEAPFROG, 8000, .0044534, 2e-5},
              {NBODY_LEAPFROG, 16000, .00111337, 1e-5},
              {NBODY_LEAPFROG_DKD, 1000, .13272, 5e-5},
              {NBODY_LEAPFROG_DKD, 2000, .00934, 1e-3},
              {NBODY_LEAPFROG_DKD, 4000, .0013374, 1e-4},
              {NBODY_LEAPFROG_DKD, 8000, 3.3386e-4, 1e-4},
              {NBODY_LEAPFROG_DKD, 16000, 8.347e-5, 1e-4},
              {NBODY_RK4, 1000, .0388, 2e-3},
              {NBODY_RK4, 2000, 1.331e-3, 1e-3},
              {NBODY_RK4, 3000, 5.64e-5, 2e-3},
              {NBODY_RK4, 4000, 3.30e-7, .05},
              {NBODY_RK4, 8000, 4.00e-8, .05},
              {NBODY_RK4, 16000, 1.592e-9, .15}};
  galaxy g;
  double of8000 = 0;
  milky_way(&g);
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    double y[6];
    set(y, today);
    fixed(&g, rows[k].integrator, y, -3, rows[k].n);
    double error = distance(y, before3);
    if (!(fabs(error - rows[k].error) < rows[k].tolerance * rows[k].error))
      fail_msg("integrator %d, %d steps: off by %.6g instead of %.6g", rows[k].integrator, (int)rows[k].n, error,
               rows[k].error);
    if (rows[k].integrator == NBODY_RK4 && rows[k].n == 8000) of8000 = error;
    if (rows[k].integrator == NBODY_RK4 && rows[k].n == 16000) NEAR(log2(of8000 / error), 4.65, .35);
  }
  galaxy_free(&g);
}

/* Errors in a smooth halo against DOP853. */
static void compositions_have_their_orders(void **state) {
  (void)state;
  static const struct {
    nbody_integrator integrator;
    int64_t n;
    double order;
  } rows[] = {{NBODY_LEAPFROG, 400, 2}, {NBODY_LEAPFROG_DKD, 400, 2}, {NBODY_YOSHIDA4, 400, 4},
              {NBODY_YOSHIDA6, 200, 6}, {NBODY_YOSHIDA8, 200, 8},     {NBODY_RK4, 400, 4}};
  nbody_component halo = {.type = NBODY_NFW, .mass = 4.4e11, .scale_radius = 16};
  galaxy g;
  double exact[6];
  galaxy_new(&g, 1, &halo, G_GYR);
  set(exact, today);
  adaptive(&g, exact, 0, 2, 1e-14);
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    double error[2];
    for (int fine = 0; fine < 2; fine++) {
      double y[6];
      set(y, today);
      fixed(&g, rows[k].integrator, y, 2, rows[k].n << fine);
      error[fine] = distance(y, exact);
    }
    NEAR(log2(error[0] / error[1]), rows[k].order, .25);
  }
  galaxy_free(&g);
}

enum { N = 150 };

static void swarm(double s[6][N]) {
  hd_key key = hd_stream(3, "swarm");
  for (int i = 0; i < N; i++) {
    for (int c = 0; c < 6; c++)
      s[c][i] = (c < 3 ? today[c] : today[c] / KM_S) * (1 + .5 * hd_normal(key, (uint64_t)i, (uint32_t)c, 0, 0));
  }
}

static void stops_blocks_and_levels_change_no_bit(void **state) {
  (void)state;
  static double whole[6][N], parts[6][N];
  static const nbody_integrator all[] = {NBODY_LEAPFROG, NBODY_LEAPFROG_DKD, NBODY_YOSHIDA6, NBODY_RK4};
  galaxy g;
  milky_way(&g);
  for (int k = 0; k < 4; k++) {
    double *const w[6] = {whole[0], whole[1], whole[2], whole[3], whole[4], whole[5]};
    swarm(whole);
    HD_ISA_PICK(nbody_orbits)(&g.p, all[k], N, w, -.003, 50);
    for (int level = 2; level <= (int)hd_isa_of_cpu(); level++) {
      swarm(parts);
      for (int from = 0; from < N; from += 37) {
        double *p[6];
        for (int c = 0; c < 6; c++) p[c] = parts[c] + from;
        for (int steps = 0; steps < 50; steps += 10)
          (level == 2   ? nbody_orbits_v2
           : level == 3 ? nbody_orbits_v3
                        : nbody_orbits_v4)(&g.p, all[k], N - from < 37 ? N - from : 37, p, -.003, 10);
      }
      assert_memory_equal(whole, parts, sizeof whole);
    }
  }
  galaxy_free(&g);
}

/* Together, alone, and saved and taken up again: each particle goes its own way, step by step. */
static void adaptive_orbits_are_their_own(void **state) {
  (void)state;
  static double whole[6][N], alone[6][N];
  static hd_dop853_control together[N], single[N];
  galaxy g;
  milky_way(&g);
  hd_dop853 method = {.relative = 1e-9, .absolute = 1e-9};
  void *scratch = malloc(nbody_orbits_adaptive_bytes(N));
  memset(together, 0, sizeof together);
  memset(single, 0, sizeof single);
  double *const w[6] = {whole[0], whole[1], whole[2], whole[3], whole[4], whole[5]};
  swarm(whole);
  swarm(alone);
  for (int leg = 1; leg <= 3; leg++) nbody_orbits_adaptive(&g.p, &method, N, w, -.3 * leg, together, scratch);
  for (int i = N - 1; i >= 0; i--) {
    for (int leg = 1; leg <= 3; leg++) {
      double *one[6];
      for (int c = 0; c < 6; c++) one[c] = alone[c] + i;
      nbody_orbits_adaptive(&g.p, &method, 1, one, -.3 * leg, &single[i], scratch);
    }
  }
  assert_memory_equal(whole, alone, sizeof whole);
  assert_memory_equal(together, single, sizeof together);
  free(scratch);
  galaxy_free(&g);
}

/* A fall into a point mass underflows the step; others of the block go on. */
static void failures_stay_alone(void **state) {
  (void)state;
  nbody_component point = {.type = NBODY_POINT, .mass = 1e12};
  galaxy g;
  galaxy_new(&g, 1, &point, G_GYR);
  double s[6][3] = {{10, 10, 20}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {600, 0, 400}, {0, 0, NAN}};
  double *const at[6] = {s[0], s[1], s[2], s[3], s[4], s[5]};
  hd_dop853_control c[3];
  memset(c, 0, sizeof c);
  hd_dop853 method = {.relative = 1e-10, .absolute = 1e-10, .min_step = 1e-10};
  void *scratch = malloc(nbody_orbits_adaptive_bytes(3));
  nbody_orbits_adaptive(&g.p, &method, 3, at, 1, c, scratch);
  assert_int_equal(c[0].outcome, HD_ODE_FINE);
  assert_true(c[0].t == 1);
  assert_int_equal(c[1].outcome, HD_ODE_STEP_TOO_SMALL);
  assert_true(c[1].t > 0 && c[1].t < 1 && fabs(s[0][1]) < .1 && c[1].step < 1e-10);
  assert_int_equal(c[2].outcome, HD_ODE_NOT_A_NUMBER);
  int64_t steps = c[1].steps; /* left alone from then on */
  nbody_orbits_adaptive(&g.p, &method, 3, at, 2, c, scratch);
  assert_true(c[0].t == 2 && c[1].steps == steps);
  method.max_steps = c[0].steps + c[0].rejected + 5;
  nbody_orbits_adaptive(&g.p, &method, 3, at, 9, c, scratch);
  assert_int_equal(c[0].outcome, HD_ODE_TOO_MANY_STEPS);
  free(scratch);
  galaxy_free(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(state_today),
                                     cmocka_unit_test(there_and_back),
                                     cmocka_unit_test(tolerances_hold),
                                     cmocka_unit_test(leapfrog_ends_where_it_should),
                                     cmocka_unit_test(table_of_fixed_steps),
                                     cmocka_unit_test(compositions_have_their_orders),
                                     cmocka_unit_test(stops_blocks_and_levels_change_no_bit),
                                     cmocka_unit_test(adaptive_orbits_are_their_own),
                                     cmocka_unit_test(failures_stay_alone)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
