/* Measures: queues, delay, and the first Fourier mode, against closed forms.
 */
#include "unit/traffic_road.h"

#include <string.h>

static double measure_of(drive *d, const char *name, const char *class) {
  for (const hd_measure *m = traffic_measures; m->name; m++) {
    if (strcmp(m->name, name) != 0) continue;
    double value;
    assert_int_equal(m->value(&d->run, name, class, &value), HD_OK);
    return value;
  }
  fail_msg("no measure %s", name);
  return NAN;
}

/* Without pressure and source, density is carried along at one speed, and first order is upwind: a step multiplies the mode
 * by 1 - nu (1 - exp(-i theta)), nu = v dt/dx, theta = 2 pi/N. Four times round the ring: the phase must not lose turns. */
static void mode_of_upwind(void **state) {
  (void)state;
  enum { CELLS = 100, STEPS = 800 };
  road r;
  drive d;
  road_one_class(&r, 0, 1);
  r.t.road.cells = CELLS;
  r.t.initial.kind = TRAFFIC_WAVES;
  r.t.initial.background = road_state(&r, 0, .05, 20, 0, 0);
  r.wave[0] = (traffic_wave){.index = 0, .amplitude = 1e-6, .number = 1};
  r.t.initial.waves = (hd_items){r.wave, NULL, 1};
  r.t.time.end = 200;
  r.t.time.steps = STEPS;
  drive_start(&d, &r, 1);
  drive_until(&d, 200);
  double dt = 200.0 / STEPS, dx = 10, nu = 20 * dt / dx, theta = 2 * M_PI / CELLS;
  double re = 1 - nu * (1 - cos(theta)), im = -nu * sin(theta);
  near_relative(measure_of(&d, "growth_rate", NULL), log(re * re + im * im) / 2 / dt, 1e-7);
  near_relative(measure_of(&d, "wave_speed", NULL), -atan2(im, re) / theta * dx / dt, 1e-9);
  same_number(measure_of(&d, "wave_speed", "cars"), measure_of(&d, "wave_speed", NULL));
  same_number(measure_of(&d, "growth_rate", "cars"), measure_of(&d, "growth_rate", NULL));
  drive_end(&d);
}

/* Nothing to say of a uniform road, nor of one that is no ring. */
static void no_mode(void **state) {
  (void)state;
  for (int ring = 0; ring < 2; ring++) {
    road r;
    drive d;
    double peak[] = {.06};
    road_preset(&r, false);
    r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
    r.t.initial.state = road_state(&r, 0, .05, NAN, .02, NAN);
    if (!ring) {
      r.t.initial.kind = TRAFFIC_HUMP;
      r.t.initial.background = r.t.initial.state;
      r.t.initial.peak = (hd_items){peak, road_classes, 1};
      r.t.initial.centre = 500;
      r.t.initial.width = 50;
      r.t.left.only.kind = r.t.right.only.kind = TRAFFIC_OPEN;
    }
    drive_start(&d, &r, 1);
    drive_until(&d, 5);
    assert_true(isnan(measure_of(&d, "growth_rate", NULL)) && isnan(measure_of(&d, "wave_speed", "cars")));
    drive_end(&d);
  }
}

/* The stop line of the specification, 3.7: a queue of .21015867 veh/m whose back moves at -6.24380808516740 m/s; from 30 s
 * on it starts to leave. */
static void stop_line(road *r, int cells, double green) {
  road_one_class(r, 30, 2);
  r->t.road.cells = cells;
  r->t.initial.kind = TRAFFIC_UNIFORM;
  r->t.initial.state = road_state(r, 0, .05, 21.2, 0, 0);
  r->t.left.only.kind = TRAFFIC_INFLOW;
  r->t.left.only.state_form = 1;
  r->t.left.only.state = r->t.initial.state;
  r->phase[1][0] = (traffic_phase){.from = 0, .kind = TRAFFIC_WALL, .state_form = -1};
  r->phase[1][1] = (traffic_phase){.from = green, .kind = TRAFFIC_FREE, .state_form = -1};
  r->t.right.schedule = (hd_items){r->phase[1], NULL, 2};
}

static void queue_at_a_stop_line(void **state) {
  (void)state;
  for (int threads = 1; threads <= 2; threads++) {
    road r;
    drive d;
    stop_line(&r, 5000, 30); /* three blocks */
    drive_start(&d, &r, threads);
    same_number(measure_of(&d, "queue_max", NULL), 0);
    drive_until(&d, 30);
    double length = measure_of(&d, "queue_end", NULL);
    if (!(fabs(length - 187.314) < 1)) fail_msg("a queue of %.17g m", length);
    same_number(measure_of(&d, "queue_max", NULL), length);
    same_number(measure_of(&d, "queue_end", "cars"), length);
    double moving = .05 * (1 - 20 / (75 / 3.6)), standing = .21015867021531;
    double expected = moving * 1000 * 30 + (standing - moving) * 6.24380808516740 * 30 * 30 / 2;
    near_relative(measure_of(&d, "delay", NULL), expected, 1e-3);
    drive_until(&d, 40); /* the fan reaches 10 km/h at -34.07 m/s, and the back of the queue after some 7 s */
    same_number(measure_of(&d, "queue_end", NULL), 0);
    double most = measure_of(&d, "queue_max", "cars");
    assert_true(most >= length && most < 220);
    drive_end(&d);
  }
}

/* A class is in a queue by itself; all together by the mean speed of the vehicles; who is absent is in none. */
static void queue_of_a_class(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, true);
  r.t.initial.kind = TRAFFIC_RIEMANN;
  r.t.initial.left = road_state(&r, 0, 0, 10, 0, 10);
  r.t.initial.right = road_state(&r, 1, .03, NAN, .01, NAN);
  r.load[1][0].speed = 5;
  r.load[1][1].speed = 1;
  r.t.initial.split = 250;
  drive_start(&d, &r, 1);
  near_relative(measure_of(&d, "queue_end", "cars"), 750, 1e-12);
  same_number(measure_of(&d, "queue_end", "motorcycles"), 0);
  same_number(measure_of(&d, "queue_end", NULL), 0); /* 4 m/s in the mean */
  near_relative(measure_of(&d, "queue_max", "cars"), 750, 1e-12);
  drive_end(&d);
}

/* The same flow everywhere on two qualities: the way of each is divided by its own free speed. */
static void delay_on_two_qualities(void **state) {
  (void)state;
  for (int ring = 0; ring < 2; ring++) {
    road r;
    drive d;
    road_preset(&r, false);
    r.t.source = false;
    r.t.road.quality_form = 1;
    r.stretch[0] = (traffic_stretch){0, 1};
    r.stretch[1] = (traffic_stretch){400, 4};
    r.t.road.stretches = (hd_items){r.stretch, NULL, 2};
    r.t.initial.kind = TRAFFIC_UNIFORM;
    r.t.initial.state = road_state(&r, 0, .02, NAN, .01, NAN);
    r.load[0][0].speed = 9;
    r.load[0][1].speed = 6;
    if (!ring) r.t.left.only.kind = r.t.right.only.kind = TRAFFIC_OPEN;
    drive_start(&d, &r, 1);
    drive_until(&d, 50);
    double m = .02 * 50 * (1000 - 9 * 3.6 * (400 / 85.0 + 600 / 45.0));
    double c = .01 * 50 * (1000 - 6 * 3.6 * (400 / 75.0 + 600 / 25.0));
    near_relative(measure_of(&d, "delay", "motorcycles"), m, 1e-10);
    near_relative(measure_of(&d, "delay", "cars"), c, 1e-10);
    near_relative(measure_of(&d, "delay", NULL), m + c, 1e-10);
    drive_end(&d);
  }
}

static void unknown_class(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, false);
  r.t.initial.kind = TRAFFIC_UNIFORM;
  r.t.initial.state = road_state(&r, 0, .02, NAN, .01, NAN);
  drive_start(&d, &r, 1);
  for (const hd_measure *m = traffic_measures; m->name; m++) {
    double value;
    if (!strcmp(m->name, "delay") || !strcmp(m->name, "queue_max") || !strcmp(m->name, "growth_rate"))
      assert_int_equal(m->value(&d.run, m->name, "trucks", &value), HD_ERR_INPUT);
  }
  drive_end(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(mode_of_upwind),         cmocka_unit_test(no_mode),
                                     cmocka_unit_test(queue_at_a_stop_line),   cmocka_unit_test(queue_of_a_class),
                                     cmocka_unit_test(delay_on_two_qualities), cmocka_unit_test(unknown_class)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
