/* `check` of the traffic solver: each field-specific message of the specification at its line, the warnings and facts, and
 * that sound scenarios pass without a word. */
#include "traffic_case.h"

#include <unistd.h>

static const char riemann[] =
    "preset: arz2025\n"
    "road: {length: 1 km, cells: 100, quality: 3}\n"
    "initial:\n"
    "  kind: riemann\n"
    "  split: 500 m\n"
    "  left:  {motorcycles: {density: 20 veh/km, marker: 25 m/s}, cars: {density: 10 veh/km, marker: 22 m/s}}\n"
    "  right: {motorcycles: {density: 80 veh/km, marker: 8 m/s},  cars: {density: 40 veh/km, marker: 6 m/s}}\n"
    "boundary: {left: {kind: inflow, state: initial}, right: open}\n"
    "time: {end: 60 s}\n"
    "output: {snapshots: {every: 5 s}}\n";

static const char degraded[] =
    "road: {length: 3 km, cells: 600, quality: [{from: 0 m, category: 1}, {from: 1 km, category: %s}]}\n"
    "initial: {kind: equilibrium, quality: 1, state: {motorcycles: 15 veh/km, cars: 5 veh/km}}\n"
    "boundary: {left: {kind: inflow, state: initial}, right: open}\n"
    "time: {end: 1000 s}\n";

/* Three parts that are right; a test replaces one. */
#define ROAD "road: {length: 1 km, cells: 100}\n"
#define START "initial: {kind: equilibrium, state: {motorcycles: 50 veh/km, cars: 20 veh/km}}\n"
#define ENDS "boundary: ring\n"
#define TIME "time: {end: 10 s}\n"

static void riemann_is_right_but_unstable(void **state) {
  (void)state;
  traffic_case c;
  traffic_case_load(&c, riemann);
  assert_case_right(&c);
  assert_true(fabs(traffic_case_fact(&c, "linear_growth_rate") - 0.165231888) < 1e-9);
  assert_true(traffic_case_fact(&c, "linear_growth_wavelength") == 20);
  assert_case_warning(&c, "waves of 20 m grow at 0.1652 1/s");
  assert_true(c.t.numerics.courant == 0.9 && c.t.road.cell == 10);
  traffic_case_free(&c);
}

static void degraded_road(void **state) {
  (void)state;
  traffic_case c;
  char text[1024];
  snprintf(text, sizeof text, degraded, "4");
  traffic_case_load(&c, text);
  assert_case_right(&c);
  assert_case_silent(&c);
  assert_true(traffic_case_fact(&c, "linear_growth_rate") < 0);
  double capacity = traffic_case_fact(&c, "quality_step_capacity");
  assert_true(capacity > .3275 + .0958333333 && capacity < 3);
  traffic_case_free(&c);
  snprintf(text, sizeof text, degraded, "5");
  traffic_case_load(&c, text);
  assert_case_right(&c);
  assert_case_warning(&c, "category 5 cannot carry the inflow");
  assert_true(traffic_case_fact(&c, "quality_step_capacity") < .3275 + .0958333333);
  traffic_case_free(&c);
  snprintf(text, sizeof text, degraded, "7");
  traffic_case_load(&c, text);
  assert_case_hint(&c, 1, "category 7 has no free speed for motorcycles",
                   "known are 1, 2, 3, 4, 5, 9 (preset arz-stable)");
  traffic_case_free(&c);
}

/* What is written, what is expected, at which line. */
static void wrong_input_is_told_at_its_place(void **state) {
  (void)state;
  static const struct {
    const char *text, *message, *hint;
    int line;
  } cases[] = {
      {ROAD "initial:\n  kind: equilibrium\n  state:\n    motorcycles: 10 veh/km\n    cars: 310 veh/km\n" ENDS TIME,
       "density of cars is 310 veh/km, above the jam density 250 veh/km (default)", "lower it, or raise jam_density",
       6},
      {"jam_density: 200 veh/km\n" ROAD START
       "boundary:\n  left:\n    kind: inflow\n    state:\n      cars: 210 veh/km\n      motorcycles: 0 veh/km\n"
       "  right: open\n" TIME,
       "density of cars is 210 veh/km, above the jam density 200 veh/km (line 1)", NULL, 8},
      {ROAD "initial: {kind: equilibrium, state: {motorcycles: 150 veh/km, cars: 120 veh/km}}\n" ENDS TIME,
       "densities of all classes are 270 veh/km together", NULL, 2},
      {ROAD "initial:\n  kind: uniform\n  state:\n    motorcycles: 0 veh/km\n    cars:\n      density: 117 veh/km\n    "
            "  marker: 6 m/s\n" ENDS TIME,
       "cars would drive backwards: marker 6 m/s is below their pressure 11.7 m/s here",
       "give speed instead, or preset arz2025", 8},
      {ROAD "initial:\n  kind: uniform\n  state:\n    motorcycles: 0 veh/km\n    cars: {density: 10 veh/km, speed: -1 "
            "m/s}\n" ENDS TIME,
       "cars would drive backwards: speed is -1 m/s", NULL, 6},
      {ROAD "initial:\n  kind: equilibrium\n  state: {motorcycles: 10 veh/km}\n" ENDS TIME,
       "initial.state.cars is missing", NULL, 4},
      {ROAD "initial:\n  kind: equilibrium\n  state: {motorcycles: {density: 10 veh/km, speed: 3 m/s}, cars: 1 "
            "veh/km}\n" ENDS TIME,
       "equilibrium takes densities only", "kind: uniform", 4},
      {ROAD START "boundary:\n  left: ring\n  right: open\n" TIME, "left is a ring but right is open",
       "both ends of a ring are `ring`", 5},
      {ROAD START "boundary:\n  left: wall\n  right: ring\n" TIME, "right is a ring but left is a wall", NULL, 4},
      {ROAD START "boundary:\n  left: {kind: inflow}\n  right: open\n" TIME, "inflow needs a state", NULL, 4},
      {ROAD START "boundary:\n  left: open\n  right: {kind: open, state: initial}\n" TIME,
       "a state has no effect where the end is open", NULL, 5},
      {ROAD START "boundary:\n  left: open\n  right:\n    schedule:\n      - {from: 5 s, kind: wall}\n      - {from: 5 "
                  "s, kind: free}\n" TIME,
       "nothing holds from 0 s to 5 s", NULL, 7},
      {ROAD START "boundary:\n  left: open\n  right:\n    schedule:\n      - {from: 0 s, kind: wall}\n      - {from: 0 "
                  "s, kind: free}\n" TIME,
       "what holds from 0 s follows what holds from 0 s", NULL, 8},
      {"road: {length: 1 km}\n" START ENDS TIME, "the road has neither `cells` nor `cell`", NULL, 1},
      {"road: {length: 1 km, cells: 10, quality: [{from: 100 m, category: 1}]}\n" START ENDS TIME,
       "no category from 0 m to 100 m", NULL, 1},
      {"road:\n  length: 1 km\n  cells: 10\n  quality:\n  - {from: 0 m, category: 1}\n  - {from: 600 m, category: 2}\n "
       " - {from: 500 m, category: 1}\n" START ENDS TIME,
       "the stretch from 500 m follows the one from 600 m", NULL, 7},
      {"road:\n  length: 1 km\n  cells: 10\n  quality:\n  - {from: 0 m, category: 1}\n  - {from: 1 km, category: "
       "2}\n" START ENDS TIME,
       "1000 m is not on the road", NULL, 6},
      {ROAD "initial:\n  kind: riemann\n  left: {motorcycles: 10 veh/km, cars: 1 veh/km}\n  right: {motorcycles: 10 "
            "veh/km, cars: 1 veh/km}\n"
            "  split: 1001 m\n" ENDS TIME,
       "the split at 1001 m is not on the road", NULL, 6},
      {ROAD "initial:\n  kind: waves\n  background: {motorcycles: 10 veh/km, cars: 1 veh/km}\n  waves:\n  - {class: "
            "cars, amplitude: 2 veh/km}\n" ENDS TIME,
       "below 0", NULL, 6},
      {ROAD START ENDS "time: {end: 10 s, steps: 10}\n", "times the stable one", "time.steps >= 18", 4},
      {ROAD START ENDS TIME "numerics: {courant: 1.5}\n",
       "a Courant number of 1.5 is above 1, the limit of first_order", NULL, 5},
      {ROAD START ENDS TIME "numerics: {flux: godunov}\n", "godunov is the exact flux of one class", NULL, 5},
      {ROAD START ENDS TIME "output: {compare: exact}\n", "exact solutions exist for one class", NULL, 5},
      {ROAD START ENDS TIME "output: {compare: exakt}\n", "there is no file exakt", NULL, 5},
      {"preset: one-class\n" ROAD "initial: {kind: equilibrium, state: {cars: 20 veh/km}}\n" ENDS TIME
       "output: {compare: exact}\n",
       "the exact solution has no relaxation", "source: false", 6},
      {ROAD START ENDS "time: {start: 20 s, end: 10 s}\n", "the end at 10 s is before the start at 20 s", NULL, 4},
      {"compat: arz2025\n" ROAD START "boundary:\n  left: open\n  right: wall\n" TIME,
       "wall is not part of what compat: arz2025 reproduces", NULL, 6},
      {ROAD START ENDS TIME "classes: {cars: {free_speed: {trunk: 50 km/h}}}\n", "'trunk' is no category of roads",
       NULL, 5},
      {ROAD START ENDS TIME "classes: {cars: {sees: {cars: 0.5}}}\n", "a class sees itself with weight 1", NULL, 5},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    traffic_case c;
    traffic_case_load(&c, cases[i].text);
    traffic_case_noted(&c, HD_NOTE_ERROR, cases[i].line, cases[i].message, cases[i].hint, __FILE__, (int)i);
    traffic_case_free(&c);
  }
}

/* The solution that a case is compared with: values to 12 digits, means that hold the vehicles there are. */
static void exact_solution_of_a_case(void **state) {
  (void)state;
  static const struct {
    const char *text;                          /* K, gamma; left; right */
    double middle, shock, head, tail, contact; /* NaN: there is none */
  } cases[] = {
      {"pressure: 30 m/s, exponent: 2}}\n|density: 0.05 veh/m, speed: 20 m/s|density: 0.10 veh/m, speed: 5 m/s",
       .18371173070874, -.60908153700972, NAN, NAN, 5},
      {"pressure: 30 m/s, exponent: 2}}\n|density: 0.12 veh/m, speed: 6 m/s|density: 0.10 veh/m, speed: 10 m/s",
       .07788880963699, NAN, -7.824, 4.176, 10},
      {"pressure: 30 m/s, exponent: 2}}\n|density: 0.05 veh/m, speed: 15 m/s|density: 0.12 veh/m, speed: 15 m/s", .05,
       NAN, NAN, NAN, 15},
      {"pressure: 30 m/s, exponent: 2}}\n|density: 0.05 veh/m, speed: 15 m/s|density: 0.03 veh/m, speed: 25 m/s", 0,
       NAN, 12.6, 16.2, 25},
      {"pressure: 220 km/h, exponent: 1}}\n|density: 0.03 veh/m, speed: 18 m/s|density: 0.06 veh/m, speed: 4 m/s",
       .96 / 11, -10. / 3, NAN, NAN, 4},
  };
  static const char *const names[] = {"middle_density", "shock_speed", "fan_head", "fan_tail", "contact_speed"};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    traffic_case c;
    char text[1024];
    const char *left = strchr(cases[i].text, '|'), *right = strchr(left + 1, '|');
    snprintf(
        text, sizeof text,
        "preset: one-class\nsource: false\nclasses: {cars: {%.*sroad: {length: 1 km, cells: 200}\n"
        "initial: {kind: riemann, split: 501 m, left: {cars: {%.*s}}, right: {cars: {%s}}}\n"
        "boundary: {left: {kind: inflow, state: initial}, right: open}\ntime: {end: 15 s}\noutput: {compare: exact}\n",
        (int)(left - cases[i].text), cases[i].text, (int)(right - left - 1), left + 1, right + 1);
    traffic_case_load(&c, text);
    assert_case_right(&c);
    traffic_model m;
    traffic_model_of(&c.t, &m);
    const double expected[] = {cases[i].middle, cases[i].shock, cases[i].head, cases[i].tail, cases[i].contact};
    for (int k = 0; k < 5; k++) {
      double value = traffic_exact_value(&c.t, &m, names[k]);
      if (isnan(expected[k]) ? !isnan(value) : !(fabs(value - expected[k]) <= 1e-12 * fabs(expected[k])))
        fail_msg("case %zu: %s is %.17g, expected %.17g", i, names[k], value, expected[k]);
    }
    double rho[200], v[200], w[200], start[200], y[200], now = 0, then = 0;
    assert_int_equal(traffic_initial(&c.t, &m, 0, 0, 200, start, y), HD_OK);
    assert_int_equal(traffic_exact(&c.t, &m, 15, 200, rho, v, w), HD_OK);
    for (int j = 0; j < 200; j++) now += rho[j] * 5, then += start[j] * 5;
    assert_true(fabs(now - then - 15 * (rho[0] * v[0] - rho[199] * v[199])) <= 1e-12 * then);
    assert_int_equal(traffic_exact(&c.t, &m, 0, 200, rho, NULL, NULL), HD_OK); /* the start itself */
    for (int j = 0; j < 200; j++) assert_true(fabs(rho[j] - start[j]) <= 1e-15);
    traffic_case_free(&c);
  }
}

static void sound_scenarios_pass_without_a_word(void **state) {
  (void)state;
  static const char *const texts[] = {
      ROAD START ENDS TIME,
      "road: {length: 1 km, cell: 10 m}\n" START ENDS TIME,
      ROAD START "boundary: {left: ring, right: ring}\n" TIME,
      ROAD START ENDS "time: {end: 10 s, steps: 18}\n",
      ROAD START
      "boundary: {left: {kind: inflow, state: initial}, right: {schedule: [{from: 0 s, kind: wall}, {from: 60 s, kind: "
      "free}]}}\n" TIME,
      "preset: one-class\nsource: false\n" ROAD
      "initial: {kind: riemann, split: 0 m, left: {cars: 1 veh/km}, right: {cars: 0 veh/km}}\n"
      "boundary: {left: open, right: open}\n" TIME "numerics: {flux: godunov}\noutput: {compare: exact}\n",
      ROAD "initial: {kind: random}\n" ENDS TIME,
      ROAD
      "initial: {kind: equilibrium, state: {motorcycles: 0 veh/km, cars: 0 veh/km}}\nboundary: {left: wall, right: "
      "free}\n" TIME,
      "road: {length: 1 km, cells: 1}\n" START ENDS TIME,
      "compat: arz2025\n" ROAD START ENDS TIME,
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    traffic_case c;
    traffic_case_load(&c, texts[i]);
    assert_case_right(&c);
    assert_case_silent(&c);
    assert_int_equal(c.t.road.cells, i == 8 ? 1 : 100);
    assert_true(c.t.numerics.courant == (i == 9 ? 0.8 : 0.9));
    traffic_case_free(&c);
  }
}

static void warnings(void **state) {
  (void)state;
  traffic_case c;
  traffic_case_load(
      &c,
      ROAD "initial: {kind: uniform, state: {motorcycles: 1 veh/km, cars: {density: 1 veh/km, speed: 100 km/h}}}\n" ENDS
          TIME);
  assert_case_right(&c);
  assert_case_warning(&c, "speed of cars is 100 km/h, above their free speed 75 km/h");
  traffic_case_free(&c);
  traffic_case_load(
      &c, ROAD START
      "boundary: {left: {kind: inflow, state: {motorcycles: 0 veh/km, cars: {density: 100 veh/km, speed: 0 m/s}}}, "
      "right: open}\n" TIME);
  assert_case_right(&c);
  assert_case_warning(&c, "this inflow cannot enter");
  traffic_case_free(&c);
}

static void put(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static void quality_of_a_file(void **state) {
  (void)state;
  static const struct {
    const char *rows, *message; /* NULL: right */
    int line;                   /* of the message: in the scenario or in the file */
  } files[] = {{"1\n4\n9\n", NULL, 0},
               {"1\r\n 4 \r\n\n# worst of all\n9", NULL, 0},
               {"1\n4\n", "has 2 categories for 3 cells", 1},
               {"1\n4\n9\n1\n", "has 4 categories for 3 cells", 1},
               {"1\n2.5\n9\n", "a whole number is expected", 2},
               {"1\n4\n7\n", "category 7 has no free speed", 1},
               {"1\n4\n10\n", "row 3: 10 is no category of this road", 1},
               {"", "holds no table", 0}};
  char path[64], text[512];
  snprintf(path, sizeof path, "/tmp/heddle-quality-%ld.txt", (long)getpid());
  snprintf(text, sizeof text, "road: {length: 30 m, cells: 3, quality: {file: %s}}\n" START ENDS TIME, path);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    traffic_case c;
    put(path, files[i].rows);
    traffic_case_load(&c, text);
    if (files[i].message) assert_case_error(&c, files[i].line, files[i].message);
    else {
      assert_case_right(&c);
      assert_int_equal(traffic_category_at(&c.t, 0), 1);
      assert_int_equal(traffic_category_at(&c.t, 1), 4);
      assert_int_equal(traffic_category_at(&c.t, 2), 9);
    }
    traffic_case_free(&c);
  }
  remove(path);
}

static void start_of_a_file(void **state) {
  (void)state;
  static const char header[] =
      "x [km], density_cars [veh/km], speed_cars [km/h], density_motorcycles [veh/km], marker_motorcycles [m/s]\n";
  static const struct {
    const char *header, *rows, *message; /* NULL: right */
    int line;
  } files[] = {
      {header, "0.005, 10, 36, 20, 25\n0.015, 0, 0, 0, 0\n", NULL, 0},
      {header, "0.005, 10, 36, 20, 25\n", "has 1 rows for 2 cells", 2},
      {header, "0.005, 10, 36, 20, 25\n0.016, 0, 0, 0, 0\n", "row 2: x is 16 m, the centre of the cell 15 m", 2},
      {header, "0.005, 10, -36, 20, 25\n0.015, 0, 0, 0, 0\n", "row 1: cars would drive backwards", 2},
      {header, "0.005, 10, 36, 20, 0.1\n0.015, 0, 0, 0, 0\n", "row 1: motorcycles would drive backwards", 2},
      {header, "0.005, 10, 36, -1, 25\n0.015, 0, 0, 0, 0\n", "density of motorcycles is -1 veh/km, below 0", 2},
      {header, "0.005, 200, 36, 60, 100\n0.015, 0, 0, 0, 0\n", "densities are 260 veh/km together", 2},
      {header, "0.005, 10, 36, 20, 25\n0.015, 0, nan, 0, 0\n", "a number is expected", 3},
      {"x [m], density_cars [veh/km], density_motorcycles [veh/km], speed_motorcycles [m/s]\n",
       "5, 1, 1, 1\n15, 1, 1, 1\n", "has neither speed nor marker of cars", 2},
      {"x [m], density_cars [veh/km], speed_cars [m/s]\n", "5, 1, 1\n15, 1, 1\n", "column density_motorcycles", 0}};
  char path[64], text[512];
  snprintf(path, sizeof path, "/tmp/heddle-start-%ld.csv", (long)getpid());
  snprintf(text, sizeof text, "road: {length: 20 m, cells: 2}\ninitial: {kind: file, file: %s}\n" ENDS TIME, path);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    traffic_case c;
    char rows[512];
    snprintf(rows, sizeof rows, "%s%s", files[i].header, files[i].rows);
    put(path, rows);
    traffic_case_load(&c, text);
    if (files[i].message) assert_case_error(&c, files[i].line, files[i].message);
    else {
      assert_case_right(&c);
      traffic_model m;
      double rho[4], y[4];
      traffic_model_of(&c.t, &m);
      assert_int_equal(traffic_initial(&c.t, &m, 0, 0, 2, rho, y), HD_OK); /* [motorcycles, cars][cell] */
      assert_true(fabs(rho[0] - .02) < 1e-17 && fabs(rho[2] - .01) < 1e-17 && rho[1] == 0 && rho[3] == 0);
      assert_true(fabs(y[0] - .02 * 25) < 1e-16);
    }
    traffic_case_free(&c);
  }
  remove(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(riemann_is_right_but_unstable),
      cmocka_unit_test(degraded_road),
      cmocka_unit_test(wrong_input_is_told_at_its_place),
      cmocka_unit_test(exact_solution_of_a_case),
      cmocka_unit_test(sound_scenarios_pass_without_a_word),
      cmocka_unit_test(warnings),
      cmocka_unit_test(quality_of_a_file),
      cmocka_unit_test(start_of_a_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
