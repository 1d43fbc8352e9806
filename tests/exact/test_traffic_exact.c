/* Exact solutions of the traffic solver: Riemann problems (all digits printed in the specification), their means over
 * cells against conservation, the stop line, quality steps. */
#include "exact/traffic_classes.h"
#include "solvers/traffic/exact.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void near_to(double value, double expected, double relative, const char *what, int line) {
  if (!(fabs(value - expected) <= relative * fabs(expected)))
    fail_msg("line %d: %s is %.17g, expected %.17g", line, what, value, expected);
}
#define NEAR(value, expected, relative) near_to((value), (expected), (relative), #value, __LINE__)

static riemann_law law_of(double pressure, double exponent) {
  return (riemann_law){pressure, exponent, traffic_power_of(exponent), .25};
}

static riemann_wave wave_of(double K, double g, double rho_l, double v_l, double rho_r, double v_r) {
  riemann_law law = law_of(K, g);
  return riemann_solve(law, riemann_with_speed(law, rho_l, v_l), riemann_with_speed(law, rho_r, v_r));
}

static void shock(void **state) {
  (void)state;
  riemann_wave wave = wave_of(30, 2, .05, 20, .10, 5);
  assert_int_equal(wave.kind, RIEMANN_SHOCK);
  NEAR(wave.left.marker, 21.2, 1e-15);
  NEAR(wave.middle.density, .18371173070874, 5e-14);
  NEAR(wave.middle.speed, 5, 0);
  NEAR(wave.head, -.60908153700972, 2e-14);
  NEAR(wave.contact, 5, 0);
  wave = wave_of(220 * KMH, 1, .03, 18, .06, 4);
  NEAR(wave.middle.density, .96 / 11, 1e-14);
  NEAR(wave.head, -10.0 / 3, 1e-14);
}

static void fan(void **state) {
  (void)state;
  riemann_wave wave = wave_of(30, 2, .12, 6, .10, 10);
  assert_int_equal(wave.kind, RIEMANN_FAN);
  NEAR(wave.middle.density, .07788880963699, 1e-13);
  NEAR(wave.head, -7.824, 1e-14);
  NEAR(wave.tail, 4.176, 1e-14);
  riemann_state here = riemann_at(&wave, 0);
  NEAR(here.density, .094692484742, 5e-12);
  NEAR(here.speed, 8.608, 1e-14);
  riemann_state edge = riemann_at(&wave, wave.head); /* continuous at both edges */
  NEAR(edge.density, .12, 1e-14);
  NEAR(riemann_at(&wave, wave.tail - 1e-13).density, wave.middle.density, 1e-12);
}

static void contact_only(void **state) {
  (void)state;
  riemann_wave wave = wave_of(30, 2, .05, 15, .12, 15);
  assert_int_equal(wave.kind, RIEMANN_NONE);
  NEAR(wave.contact, 15, 0);
  assert_true(riemann_at(&wave, 14.999).density == .05);
  assert_true(riemann_at(&wave, 15.0).density == .12);
}

static void vacuum(void **state) {
  (void)state;
  riemann_wave wave = wave_of(30, 2, .05, 15, .03, 25);
  NEAR(wave.head, 12.6, 1e-15);
  NEAR(wave.tail, 16.2, 1e-15);
  NEAR(wave.contact, 25, 0);
  assert_true(riemann_at(&wave, 20).density == 0);
  assert_true(riemann_at(&wave, 16.2).density == 0);
  riemann_law law = law_of(30, 2); /* empty on one side: a discharge, an arrival, nothing at all */
  riemann_wave ahead = riemann_solve(law, riemann_with_speed(law, .1, 2), (riemann_state){0, 7, 7});
  NEAR(ahead.contact, 6.8, 1e-15);
  assert_true(riemann_at(&ahead, 6.8 + 1e-14).density == 0);
  riemann_wave behind = riemann_solve(law, (riemann_state){0, 7, 7}, riemann_with_speed(law, .1, 2));
  assert_true(riemann_at(&behind, 1.99).density == 0 && riemann_at(&behind, 2).density == .1);
  double mass = 1, marker = 1;
  riemann_flux(law, (riemann_state){1e-11, 7, 7}, (riemann_state){0, 7, 7}, 1e-10, &mass, &marker);
  assert_true(mass == 0 && marker == 0);
}

/* Conservation: for a self-similar solution the integral of U over xi in [a, b] is [xi U - F(U)], whatever lies between. */
static void conserves(riemann_wave wave) {
  for (double a = -40; a < 30; a += .37)
    for (double width = .013; width < 60; width *= 2.7) {
      double b = a + width;
      exact_mean mean = traffic_exact_mean(&wave, a, b);
      riemann_state l = riemann_at(&wave, a), r = riemann_at(&wave, b);
      double from = l.density > 0 ? l.density * (a - l.speed) : 0, to = r.density > 0 ? r.density * (b - r.speed) : 0;
      double scale = 1e-15 * (60 + fabs(a) + b - a) * .25 / width + 1e-16;
      assert_true(fabs(mean.density - (to - from) / width) <= 8 * scale);
      double from_y = l.density > 0 ? from * l.marker : 0, to_y = r.density > 0 ? to * r.marker : 0;
      double y = mean.density > 0 ? mean.density * mean.marker : 0;
      assert_true(fabs(y - (to_y - from_y) / width) <= 8 * 40 * scale);
    }
}

static void means_conserve_vehicles_and_markers(void **state) {
  (void)state;
  conserves(wave_of(30, 2, .05, 20, .10, 5));
  conserves(wave_of(30, 2, .12, 6, .10, 10));
  conserves(wave_of(30, 2, .05, 15, .12, 15));
  conserves(wave_of(30, 2, .05, 15, .03, 25));
  conserves(wave_of(220 * KMH, 1, .03, 18, .06, 4));
  conserves(wave_of(20, 1.5, .12, 1, .02, 10));
  conserves(wave_of(20, .7, .12, 1, .02, 4));
  conserves(wave_of(20, 3, .2, -1, .02, -4));
}

/* In a fan the mean flow over a cell is the mean of rho v: against a fine midpoint sum. */
static void speed_is_flow_over_density(void **state) {
  (void)state;
  riemann_wave wave = wave_of(30, 2, .12, 6, .10, 10);
  double a = -3, b = 6, flow = 0, vehicles = 0;
  for (int i = 0; i < 200000; i++) {
    riemann_state s = riemann_at(&wave, a + (b - a) * (i + .5) / 200000);
    flow += s.density * s.speed;
    vehicles += s.density;
  }
  exact_mean mean = traffic_exact_mean(&wave, a, b);
  NEAR(mean.speed, flow / vehicles, 1e-7);
  NEAR(mean.density, vehicles / 200000, 1e-7);
  assert_true(isnan(traffic_exact_mean(&(riemann_wave){.kind = RIEMANN_NONE}, 0, 1).speed));
}

static void at_the_start_cells_hold_the_two_states(void **state) {
  (void)state;
  riemann_wave wave = wave_of(30, 2, .05, 20, .10, 5);
  assert_true(traffic_exact_cell(&wave, 500, 0, 490, 500).density == .05);
  assert_true(traffic_exact_cell(&wave, 500, 0, 500, 510).density == .10);
  NEAR(traffic_exact_cell(&wave, 503, 0, 500, 510).density, .3 * .05 + .7 * .10, 1e-15);
  NEAR(traffic_exact_cell(&wave, 500, 15, 525, 535).density, wave.middle.density, 1e-15);
}

static void stop_line(void **state) {
  (void)state;
  riemann_law law = law_of(30, 2);
  exact_stop_line line = traffic_exact_stop(law, riemann_with_speed(law, .05, 20));
  NEAR(line.queue_density, .21015867021531, 5e-14);
  NEAR(line.queue_speed, -6.24380808516740, 5e-14);
  NEAR(-30 * line.queue_speed, 187.314, 2e-6);
  NEAR(line.density, .12133516482134, 5e-14);
  NEAR(line.speed, 14.1333333333, 1e-11);
  NEAR(line.flow, 1.71487032947, 1e-11);
  NEAR(line.start_speed, -42.4, 1e-15);
  riemann_wave red = riemann_solve(law, riemann_with_speed(law, .05, 20), (riemann_state){.1, 0, 21.2});
  NEAR(red.middle.density, line.queue_density, 1e-15);
  NEAR(red.head, line.queue_speed, 1e-14);
  double mass, marker; /* at green: Godunov's flux into an empty road is the maximum */
  riemann_flux(law, red.middle, (riemann_state){0, 0, 0}, 1e-10, &mass, &marker);
  NEAR(mass, line.flow, 1e-15);
  NEAR(marker, 21.2 * line.flow, 1e-15);
}

/* ---- two classes ------------------------------------------------------------------------------------------------- */

static void quality_steps(void **state) {
  (void)state;
  static const struct {
    double in[2];
    int category;
    double out[2]; /* veh/km */
  } row[] = {
      {{15, 5}, 2, {18.563179569, 6.387488410}},  {{15, 5}, 3, {27.446664726, 11.686452023}},
      {{15, 5}, 9, {27.446664726, 11.686452023}}, {{15, 5}, 4, {31.708687478, 17.152318020}},
      {{5, 2}, 2, {6.107046426, 2.516818826}},    {{5, 2}, 3, {8.684979903, 4.395709961}},
      {{5, 2}, 4, {9.749490198, 6.230229263}},    {{5, 2}, 5, {15.450987547, 16.734415662}},
  };
  traffic_model m = two_classes(220, 90, 1, 1, .4);
  for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
    double flow[2], out[2];
    for (int i = 0; i < 2; i++)
      flow[i] =
          row[r].in[i] * 1e-3 *
          traffic_equilibrium(m.creep[i], m.free[i][1] - m.creep[i], (row[r].in[0] + row[r].in[1]) * 1e-3 / m.jam);
    double gap = traffic_exact_quality_step(&m, row[r].category, flow, out);
    for (int i = 0; i < 2; i++) {
      NEAR(out[i] * 1e3, row[r].out[i], 6e-10 / row[r].out[i]); /* the digits printed */
      NEAR(out[i] * (m.creep[i] + (m.free[i][row[r].category] - m.creep[i]) * gap), flow[i], 1e-14);
    }
    NEAR(1 - (out[0] + out[1]) / m.jam, gap, 1e-14);
    assert_true(traffic_exact_capacity(&m, row[r].category, flow) > flow[0] + flow[1]);
  }
}

static void a_path_cannot_carry_what_a_trunk_road_brings(void **state) {
  (void)state;
  traffic_model m = two_classes(220, 90, 1, 1, .4);
  double flow[2] = {.3275, .0958333333}, out[2] = {-1, -1}, more[2], less[2];
  assert_true(isnan(traffic_exact_quality_step(&m, 5, flow, out)));
  assert_true(out[0] == -1 && out[1] == -1);
  double capacity = traffic_exact_capacity(&m, 5, flow), total = flow[0] + flow[1];
  assert_true(capacity > 0 && capacity < total);
  for (int i = 0; i < 2; i++) { /* just below the capacity the stretch carries the mix, just above it does not */
    less[i] = flow[i] * capacity / total * (1 - 1e-9);
    more[i] = flow[i] * capacity / total * (1 + 1e-9);
  }
  assert_true(!isnan(traffic_exact_quality_step(&m, 5, less, out)));
  assert_true(isnan(traffic_exact_quality_step(&m, 5, more, out)));
  double none[2] = {0, 0};
  NEAR(traffic_exact_quality_step(&m, 5, none, out), 1, 0);
  assert_true(out[0] == 0 && out[1] == 0 && isinf(traffic_exact_capacity(&m, 5, none)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shock),
      cmocka_unit_test(fan),
      cmocka_unit_test(contact_only),
      cmocka_unit_test(vacuum),
      cmocka_unit_test(means_conserve_vehicles_and_markers),
      cmocka_unit_test(speed_is_flow_over_density),
      cmocka_unit_test(at_the_start_cells_hold_the_two_states),
      cmocka_unit_test(stop_line),
      cmocka_unit_test(quality_steps),
      cmocka_unit_test(a_path_cannot_carry_what_a_trunk_road_brings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
