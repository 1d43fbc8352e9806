/* From YAML to structs: values, defaults, and the words of errors. */
#include "scenario_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define CLASSES "solver: x\nclasses: {cars: {pressure: 90 km/h}, bikes: {like: cars, exponent: 2}}\n"
#define ROAD "road: {length: 1 km, cells: 100}\n"
#define UNIFORM "initial: {kind: uniform, state: {}}\n"
#define TIME "time: {end: 1 min}\n"

static void assert_decodes(reading *r, const char *yaml) {
  const char *errors = reading_decode(r, yaml);
  if (*errors) fail_msg("%s", errors);
}

static void values_arrive(void **state) {
  (void)state;
  reading r;
  reading_begin(&r);
  assert_decodes(
      &r, CLASSES ROAD TIME
      "initial: {kind: riemann, split: 500 m, left: {cars: 20 veh/km, bikes: {density: 5 veh/km, speed: 36 km/h}}, "
      "right: {bikes: {density: 1 veh/m, marker: 3 m/s}}}\n"
      "position: 11.8 0.79 6.4 kpc\nwatch: bikes\nsource: false\n"
      "boundary: {left: wall, right: open}\nnumerics: {scheme: muscl, courant: 0.9}\n"
      "output: {snapshots: {every: 5 s}, fields: [density, speed], figures: [profiles]}\nseed: 7\ncores: {steps: 2}\n"
      "sweep: {grid: {road.cells: [1, 2]}}\n");
  const all_kinds *a = &r.all;
  assert_true(a->length == 1000 && a->cells == 100 && isnan(a->cell) && a->start == 0);
  assert_int_equal(a->classes.count, 2);
  const kind_of_car *cars = a->classes.item;
  assert_string_equal(a->classes.name[1], "bikes");
  assert_true(cars[0].pressure == 25 && cars[0].exponent == 1 && cars[1].pressure == 25 && cars[1].exponent == 2);
  assert_int_equal(a->initial, 1);
  const load *left = a->left.item, *right = a->right.item;
  assert_true(a->left.count == 2 && left[0].rho == 0.02 && isnan(left[0].v) && left[1].v == 10 && isnan(left[1].w));
  assert_true(a->right.count == 1 && right[0].rho == 1 && right[0].w == 3);
  assert_string_equal(a->right.name[0], "bikes");
  assert_true(a->position[0] == 11.8 && a->position[1] == 0.79 && a->position[2] == 6.4);
  assert_true(a->watch == 1 && !a->source && a->boundary == 1 && a->left_kind == 1 && a->right_kind == 2);
  assert_true(a->scheme == 1 && a->courant == 0.9 && a->end == 60 && a->steps == INT64_MIN);
  assert_true(a->snapshots.every == 5 && a->snapshots.count == 0);
  assert_true(a->threads == 2 && isnan(a->limit) && isnan(a->limit_exponent));
  assert_string_equal(*(const char *const *)a->figures.item, "profiles");
  assert_true(r.common.seed == 7 && r.common.fields.count == 2);
  assert_string_equal(((const char *const *)r.common.fields.item)[1], "speed");
  assert_true(r.common.sweep == hd_node_get(r.root, "sweep"));
  reading_end(&r);
}

static void defaults_arrive(void **state) {
  (void)state;
  reading r;
  reading_begin(&r);
  assert_decodes(&r, CLASSES ROAD TIME UNIFORM);
  const all_kinds *a = &r.all;
  assert_true(a->quality_form == 0 && a->quality == 1 && a->boundary == 0 && a->left_kind == 0);
  assert_true(a->scheme == 0 && isnan(a->courant) && a->source && a->watch == -1 && isnan(a->position[2]));
  assert_true(a->snapshots.count == 2 && a->figures.count == 0 && r.common.seed == 0 && !r.common.title);
  assert_true(a->state.count == 0);
  reading_end(&r);
}

static void alternatives_are_told_apart(void **state) {
  (void)state;
  reading r;
  reading_begin(&r);
  assert_decodes(&r, CLASSES TIME UNIFORM
                 "road: {length: 3 km, cell: 5 m, quality: [{from: 0 m, category: 1}, {from: 1 km, category: 4}]}\n"
                 "numerics: {courant: auto}\noutput: {snapshots: [0 s, 1 s, 1 min]}\nboundary: ring\n");
  const stretch *s = r.all.stretches.item;
  assert_true(r.all.quality_form == 1 && r.all.stretches.count == 2 && s[1].from == 1000 && s[1].category == 4);
  assert_true(r.all.cell == 5 && r.all.cells == INT64_MIN && isnan(r.all.courant));
  assert_true(r.all.snapshots.at_count == 3 && r.all.snapshots.at[2] == 60);
  reading_end(&r);
  reading_begin(&r);
  assert_decodes(&r, CLASSES TIME UNIFORM ROAD "pressure: {limit: 1 m/s}\noutput: {snapshots: {every_steps: 10}}\n");
  assert_true(r.all.limit == 1 && r.all.limit_exponent == 1 && r.all.snapshots.every_steps == 10);
  reading_end(&r);
}

static const char *const wrong[][2] = {
    {"road: {length: 5 kg, cells: 5}\n", "case.yaml:3:16: error: road.length is a length, kg is a unit of mass\n"},
    {"road: {length: 5, cells: 5}\n",
     "case.yaml:3:16: error: road.length needs a unit of length\n"
     "    3 | road: {length: 5, cells: 5}\n"
     "      |                ^\n"
     "  hint: write 5 m\n"},
    {"road: {length: 5 metre, cells: 5}\n", "there is no unit 'metre'"},
    {"road: {length: -5 m, cells: 5}\n", "error: length is -5 m; it must be > 0\n"},
    {"road: {length: 5 m, cells: 0}\n", "error: cells is 0; it must be in [1, 2147483648]\n"},
    {"road: {length: 5 m, cells: 99999999999999999999}\n", "hint: the number is too large\n"},
    {"road: {length: 5 m, cells: 1.5}\n", "error: cells is 1.5; a whole number is expected\n"},
    {"road: {length: 5 m}\n", "case.yaml:3:1: error: road.cells is missing (or cell)\n"},
    {"road: {length: 5 m, cells: 5, cell: 1 m}\n", "case.yaml:3:31: error: give cells or cell, not both\n"},
    {"road: {length: 5 m, cels: 5, cells: 5}\n", "error: unknown key 'cels' in road\n"},
    {"road: {length: 5 m, cels: 5, cells: 5}\n", "hint: did you mean 'cells'?\n"},
    {ROAD "length: 5 m\n", "case.yaml:4:1: error: unknown key 'length'\n"},
    {ROAD "length: 5 m\n", "hint: did you mean 'road.length'?\n"},
    {"road: 5\n", "error: road is 5; a map with length, start, cells, cell, quality is expected\n"},
    {"road: {length: 5 m, cells: 5, quality: 12}\n", "error: quality is 12; it must be in [1, 9]\n"},
    {"road: {length: 5 m, cells: 5, quality: bad}\n",
     "error: quality is 'bad'; a whole number, or a list in [ ], each item a map with from, category, or a map with "
     "file is expected\n"},
    {"road: {length: 5 m, cells: 5, quality: {fil: x}}\n", "unknown key 'fil' in road.quality"},
    {"road: {length: 5 m, cells: 5, quality: {file: nowhere.csv}}\n", "error: there is no file nowhere.csv\n"},
    {ROAD "numerics: {scheme: weno5}\n", "case.yaml:4:20: error: weno5 is not in this version\n"},
    {ROAD "numerics: {scheme: weno5}\n", "hint: known are first_order, muscl\n"},
    {ROAD "numerics: {scheme: muskl}\n", "error: scheme is 'muskl'; one of first_order, muscl is expected\n"},
    {ROAD "numerics: {scheme: muskl}\n", "hint: did you mean 'muscl'?\n"},
    {ROAD "network: {}\n", "case.yaml:4:1: error: network is not in this version\n"},
    {ROAD "watch: car\n", "case.yaml:4:8: error: unknown class 'car'\n"},
    {ROAD "watch: car\n", "hint: did you mean 'cars'?\n"},
    {ROAD "position: 1 2 kpc\n", "position has 2 numbers; 3 numbers and their unit"},
    {ROAD "position: [1 kpc, 2 kpc, 3]\n", "position[2] needs a unit of length"},
    {ROAD "source: yes\n", "error: source is 'yes'; true or false is expected\n"},
    {ROAD "output: {snapshots: {every: 0 s}}\n", "error: every is 0 s; it must be > 0\n"},
    {ROAD "output: {snapshots: {every: 1 s, every_steps: 2}}\n", "give every or every_steps, not both"},
    {ROAD "output: {snapshots: [0 s, 2 s, 1 s]}\n", "the list must ascend"},
    {ROAD "output: {snapshots: 0}\n", "a count of 0"},
    {ROAD "output: {feilds: []}\n", "hint: did you mean 'fields'?\n"},
};

static void errors_name_the_place_and_the_way_out(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    reading r;
    char yaml[1000];
    snprintf(yaml, sizeof yaml, CLASSES "%s" UNIFORM TIME, wrong[i][0]);
    reading_begin(&r);
    const char *errors = reading_decode(&r, yaml);
    if (!strstr(errors, wrong[i][1])) fail_msg("%s\ngives\n%snot\n%s", wrong[i][0], errors, wrong[i][1]);
    if (hd_notes_count(r.notes, HD_NOTE_ERROR) != 1) fail_msg("%s\ngives more than one:\n%s", wrong[i][0], errors);
    reading_end(&r);
  }
}

static void errors_of_variants_and_names(void **state) {
  (void)state;
  static const char *const bad[][2] = {
      {"initial: {kind: rieman}\n", "error: initial.kind is 'rieman'; one of uniform, riemann is expected\n"},
      {"initial: {state: {}}\n", "error: initial.kind is missing\n"},
      {"initial: {kind: mode}\n", "error: kind: mode is not in this version\n"},
      {"initial: [1]\n", "error: initial is a list; a map with kind: one of uniform, riemann is expected\n"},
      {"initial: {kind: uniform, state: {car: 5 veh/km}}\n", "case.yaml:5:34: error: unknown class 'car'\n"},
      {"initial: {kind: uniform, state: {cars: 310}}\n",
       "error: initial.state.cars.density needs a unit of density of vehicles\n"},
      {"initial: {kind: uniform, state: {cars: 310}}\n", "hint: write 310 veh/km\n"},
      {"initial: {kind: uniform, state: {cars: {speed: 3 m/s}}}\n", "error: initial.state.cars.density is missing\n"},
      {"initial: {kind: uniform, state: {cars: {density: 1 veh/m, speed: 3 m/s, marker: 4 m/s}}}\n",
       "error: give speed or marker, not both\n"},
      {"initial: {kind: riemann, split: 1 m, left: {}}\n", "case.yaml:5:1: error: initial.right is missing\n"},
      {"initial: {kind: uniform, state: {}, split: 1 m}\n", "error: unknown key 'split' in initial\n"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    reading r;
    char yaml[1000];
    snprintf(yaml, sizeof yaml, CLASSES ROAD TIME "%s", bad[i][0]);
    reading_begin(&r);
    const char *errors = reading_decode(&r, yaml);
    if (!strstr(errors, bad[i][1])) fail_msg("%s\ngives\n%snot\n%s", bad[i][0], errors, bad[i][1]);
    reading_end(&r);
  }
}

/* `title` is as near to `time` as a misspelt key would be. */
static void what_is_missing_is_told_beside_keys_of_like_names(void **state) {
  (void)state;
  reading r;
  reading_begin(&r);
  const char *errors = reading_decode(&r, CLASSES ROAD UNIFORM "title: x\n");
  if (!strstr(errors, "error: time is missing")) fail_msg("%s", errors);
  reading_end(&r);
  reading_begin(&r);
  errors = reading_decode(&r, CLASSES ROAD UNIFORM "tim: {end: 1 s}\n");
  if (strstr(errors, "missing") || !strstr(errors, "did you mean 'time'?")) fail_msg("%s", errors);
  reading_end(&r);
}

static void likes_are_copied_and_circles_refused(void **state) {
  (void)state;
  reading r;
  reading_begin(&r);
  assert_decodes(
      &r, "solver: x\nclasses: {c: {like: b}, b: {like: a, exponent: 3}, a: {pressure: 1 m/s}}\n" ROAD UNIFORM TIME);
  const kind_of_car *c = r.all.classes.item;
  assert_true(c[0].pressure == 1 && c[0].exponent == 3 && c[2].exponent == 1);
  reading_end(&r);
  reading_begin(&r);
  assert_non_null(
      strstr(reading_decode(&r, "solver: x\nclasses: {c: {like: b}, b: {like: c}}\n" ROAD UNIFORM TIME), "circle"));
  reading_end(&r);
}

static void all_errors_are_shown_at_once(void **state) {
  (void)state;
  reading r;
  char yaml[4000] = CLASSES ROAD UNIFORM TIME;
  for (int i = 0; i < 30; i++) snprintf(yaml + strlen(yaml), 40, "unknown_%d: 1\n", i);
  reading_begin(&r);
  const char *errors = reading_decode(&r, yaml);
  int shown = 0;
  for (const char *at = errors; (at = strstr(at, ": error: ")); at++) shown++;
  assert_int_equal(shown, HD_NOTES_SHOWN);
  assert_non_null(strstr(errors, "and 10 more\n"));
  assert_int_equal(hd_notes_status(r.notes), HD_ERR_INPUT);
  reading_end(&r);
}

static void entries_are_found_by_path(void **state) {
  (void)state;
  reading r;
  hd_found found;
  double value;
  int64_t whole;
  reading_begin(&r);
  assert_decodes(&r, CLASSES TIME UNIFORM
                 "road: {length: 3 km, cells: 5, quality: [{from: 0 m, category: 1}, {from: 1 km, category: 4}]}\n");
  assert_true(hd_params_real(r.tables, 2, "time.end", &value) && value == 60);
  assert_true(hd_params_real(r.tables, 2, "classes.bikes.exponent", &value) && value == 2);
  assert_true(hd_params_int(r.tables, 2, "road.quality[1].category", &whole) && whole == 4);
  assert_true(hd_params_int(r.tables, 2, "seed", &whole) && whole == 0);
  assert_int_equal(hd_params_schedule(r.tables, 2, "output.snapshots")->count, 2);
  assert_true(hd_params_find(r.tables, 2, "output.fields", &found) && found.table == 0);
  assert_true(hd_params_find(r.tables, 2, "initial.kind", &found) && found.param->kind == HD_VARIANT);
  assert_false(hd_params_find(r.tables, 2, "initial.left", &found)); /* of the kind that was not chosen */
  assert_false(hd_params_find(r.tables, 2, "road.cels", &found));
  assert_false(hd_params_find(r.tables, 2, "classes.trucks.exponent", &found) && found.base);
  reading_end(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_arrive),
      cmocka_unit_test(defaults_arrive),
      cmocka_unit_test(alternatives_are_told_apart),
      cmocka_unit_test(errors_name_the_place_and_the_way_out),
      cmocka_unit_test(errors_of_variants_and_names),
      cmocka_unit_test(what_is_missing_is_told_beside_keys_of_like_names),
      cmocka_unit_test(likes_are_copied_and_circles_refused),
      cmocka_unit_test(all_errors_are_shown_at_once),
      cmocka_unit_test(entries_are_found_by_path),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
