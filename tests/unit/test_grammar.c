/* The keys of studies. */
#include "scenario_table.h"
#include "study/members/grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const hd_measure measures[] = {
    {"mass_drift", "1", "drift", 0, NULL}, {"travel_time", "s", "mean", 0, NULL}, {0}};
static const hd_solver solver = {.name = "toy", .title = "Toy", .doc = "", .params = all_params, .measures = measures};

#define BASE                                                                                                           \
  "solver: toy\nclasses: {cars: {pressure: 90 km/h}}\nroad: {length: 1 km, cells: 100, quality: [{from: 0 m, "         \
  "category: 1}]}\n"                                                                                                   \
  "time: {end: 1 min}\ninitial: {kind: uniform, state: {}}\n"

static const char *study(reading *r, const char *yaml, hd_study_spec *spec) {
  char text[4000];
  snprintf(text, sizeof text, BASE "%s", yaml);
  reading_begin(r);
  r->root = reading_parse(r, "case.yaml", text);
  if (r->root) {
    if (hd_study_read(&r->arena, r->root, &solver, r->tables, 2, r->notes, spec) != HD_OK) abort();
  }
  hd_notes_print(&r->text, r->notes, HD_NOTE_ERROR);
  return hd_text_of(&r->text);
}

static void studies_are_read(void **state) {
  (void)state;
  reading r;
  hd_study_spec s;
  assert_string_equal(study(&r,
                            "sweep:\n  grid: {classes.cars.pressure: {from: 75 km/h, to: 200 km/h, count: 8}, "
                            "road.cells: [50, 100], numerics.scheme: [first_order, muscl]}\n"
                            "  zip: {\"road.quality[0].category\": [1, 2, 3], seed: [4, 5, 6]}\n  repeat: 2\nmeasure: "
                            "[mass_drift, travel_time@cars]\n",
                            &s),
                      "");
  assert_int_equal(s.member_count, 8 * 2 * 2 * 3 * 2);
  assert_true(s.grid.count == 3 && s.grid.at[0].form == HD_VARY_SPACED && s.grid.at[0].a == 75 / 3.6 &&
              s.grid.at[0].b == 2000.0 / 36);
  assert_true(s.zip.count == 2 && s.zip.at[1].count == 3 && s.measure_count == 2);
  assert_string_equal(s.measures[1], "travel_time@cars");
  reading_end(&r);
  assert_string_equal(study(&r,
                            "sweep: {sample: {method: sobol, count: 64, road.length: {uniform: [1 km, 2 km]}, "
                            "time.end: {log_uniform: [1 s, 1 min]}, "
                            "classes.cars.pressure: {normal: [90 km/h, 5 km/h]}}}\n",
                            &s),
                      "");
  assert_true(s.member_count == 64 && s.sample.count == 3 && s.sample.at[2].form == HD_VARY_NORMAL &&
              s.sample.at[0].b == 2000);
  reading_end(&r);
  assert_string_equal(study(&r,
                            "converge: {over: {road.cells: {from: 50, by: 2, count: 5}, time.steps: [1, 2, 3, 4, 5]}, "
                            "reference: finest, norm: max}\n",
                            &s),
                      "");
  assert_true(s.over.count == 2 && s.over.at[0].form == HD_VARY_BY && s.over.at[0].b == 2 && s.over.at[0].count == 5);
  assert_true(s.reference == HD_REFERENCE_FINEST && s.norm == HD_NORM_MAX && s.member_count == 0);
  reading_end(&r);
  assert_string_equal(study(&r, "converge: {over: {road.cells: [1, 2]}, reference: 0.5, measure: mass_drift}\n", &s),
                      "");
  assert_true(s.reference == HD_REFERENCE_VALUE && s.reference_value == 0.5 && s.norm == HD_NORM_MEASURE);
  reading_end(&r);
}

static const char *const wrong[][2] = {
    {"sweep: {gird: {road.cells: [1]}}\n",
     "error: a key of sweep is 'gird'; one of grid, zip, sample, repeat, members, labels, fields is expected\n"},
    {"sweep: {grid: {road.cels: [1]}}\n", "case.yaml:6:16: error: there is no parameter 'road.cels'\n"},
    {"sweep: {grid: {road.cels: [1]}}\n", "hint: did you mean 'road.cells'?\n"},
    {"sweep: {grid: {cells: [1]}}\n", "hint: did you mean 'road.cells'?\n"},
    {"sweep: {grid: {classes.trucks.pressure: [1 m/s]}}\n", "there is no 'trucks' in classes"},
    {"sweep: {grid: {\"road.quality[3].category\": [1]}}\n", "road.quality has 1 items"},
    {"sweep: {grid: {road.cells: [1, x]}}\n", "error: cells is 'x'; a whole number is expected\n"},
    {"sweep: {grid: {road.length: [1, 2]}}\n", "road.length needs a unit of length"},
    {"sweep: {grid: {road.cells: []}}\n", "road.cells: an empty list"},
    {"sweep: {grid: {road.cells: 5}}\n", "a list or {from, to, count, spacing} is expected"},
    {"sweep: {grid: {road.length: {from: 1 km, to: 2 km}}}\n", "`count` is missing"},
    {"sweep: {grid: {road.length: {from: 1 km, to: 2 km, count: 1}}}\n", "a whole number from 2"},
    {"sweep: {grid: {road.start: {from: -1 km, to: 2 km, count: 3, spacing: log}}}\n", "needs ends above 0"},
    {"sweep: {grid: {road.length: {from: 1 km, to: 2 km, count: 3, spacing: lag}}}\n", "did you mean 'log'?"},
    {"sweep: {grid: {road.cells: {from: 1, to: 10, count: 3}}}\n", "are not whole numbers"},
    {"sweep: {grid: {numerics.scheme: [weno5]}}\n", "weno5 is not in this version"},
    {"sweep: {grid: {numerics.scheme: {from: 1, to: 2, count: 2}}}\n", "numerics.scheme is not a number"},
    {"sweep: {zip: {seed: [1, 2], road.cells: [1]}}\n", "zip: road.cells has 1 values, seed has 2"},
    {"sweep: {grid: {seed: [1]}, zip: {seed: [1]}}\n", "seed varies twice"},
    {"sweep: {grid: {solver: [toy]}}\n", "solver cannot vary in a study"},
    {"sweep: {grid: {time.step: [1 s]}}\n", "time.step is not used"},
    {"sweep: {grid: {network: [1 s]}}\n", "network is not in this version"},
    {"sweep: {repeat: 0}\n", "repeat: a whole number from 1"},
    {"sweep: {grid: {seed: {from: 1, to: 1000000, count: 1000000}, road.cells: {from: 1, to: 1000, count: 1000}}}\n",
     "at most 10000000 are possible"},
    {"sweep: {}\n", "the sweep is empty"},
    {"sweep: 5\n", "sweep is a map with"},
    {"sweep: {members: nowhere.csv}\n", "there is no file nowhere.csv"},
    {"sweep: {sample: {count: 5, road.length: {uniform: [1 m, 2 m]}}}\n", "sample.method is missing"},
    {"sweep: {sample: {method: latin, count: 5}}\n", "sample names no parameter"},
    {"sweep: {sample: {method: latin, count: 5, road.length: {unifrom: [1 m, 2 m]}}}\n", "did you mean 'uniform'?"},
    {"sweep: {sample: {method: latin, count: 5, road.length: {uniform: [2 m, 1 m]}}}\n",
     "the second number must be above the first"},
    {"sweep: {sample: {method: latin, count: 5, road.length: {uniform: [2 m]}}}\n", "uniform takes two numbers"},
    {"sweep: {sample: {method: latin, count: 5, road.length: {normal: [2 m, -1 m]}}}\n",
     "standard deviation must be above 0"},
    {"sweep: {grid: {seed: [1, 2]}, labels: [seed]}\n", "labels is a map of keys to texts"},
    {"sweep: {grid: {seed: [1, 2]}, labels: {road.cells: cells}}\n", "road.cells does not vary"},
    {"sweep: {grid: {seed: [1, 2]}, labels: {seed: [a]}}\n", "the label of seed is not a text"},
    {"sweep: {grid: {seed: [1, 2]}, fields: [[a]]}\n", "the name of a field is expected"},
    {"sweep: {grid: {seed: [1, 2]}, fields: nothing}\n", "the solver has no field 'nothing'"},
    {"converge: {reference: finest}\n", "converge.over is missing"},
    {"converge: {over: {road.cells: [1]}}\n", "convergence needs at least two values"},
    {"converge: {over: {road.cells: [1, 2]}, reference: finset}\n", "did you mean 'finest'?"},
    {"converge: {over: {road.cells: [1, 2]}, norm: l3}\n", "norm is 'l3'; one of l1, l2, max is expected"},
    {"converge: {over: {road.cells: {from: 1, by: 1, count: 3}}}\n", "`by` is a factor"},
    {"converge: {over: {road.cells: [1, 2], time.steps: [1]}}\n", "over: time.steps has 1 values, road.cells has 2"},
    {"converge: {over: {road.cells: [1, 2]}, norm: l1, measure: mass_drift}\n", "give norm or measure, not both"},
    {"measure: [mas_drift]\n", "toy has no measure 'mas_drift'"},
    {"measure: [mas_drift]\n", "hint: did you mean 'mass_drift'?\n"},
    {"optimise: {variables: {road.length: {uniform: [1 m, 2 m]}}}\n", "optimise.objective is missing"},
    {"sweep: {grid: {seed: [1]}}\nconverge: {over: {road.cells: [1, 2]}}\n", "a file describes one study"},
};

static void errors_have_places_and_hints(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    reading r;
    hd_study_spec spec;
    const char *errors = study(&r, wrong[i][0], &spec);
    if (!strstr(errors, wrong[i][1])) fail_msg("%s\ngives\n%snot\n%s", wrong[i][0], errors, wrong[i][1]);
    reading_end(&r);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(studies_are_read),
                                     cmocka_unit_test(errors_have_places_and_hints)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
