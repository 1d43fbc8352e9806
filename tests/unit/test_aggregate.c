/* A study's keys in the units of its scenario, its axes, and its measures put together, against values computed with NumPy. */
#include "unit/study_world.h"

#include <math.h>

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-12 * fabs(expected))) fail_msg("%.17g is not %.17g", value, expected);
}

static const char *printed(world *w, const hd_lattice *l, int64_t key, int64_t member) {
  static char kept[200];
  hd_text text;
  hd_text_init(&text, w->ctx);
  hd_lattice_print(l, key, member, &text);
  snprintf(kept, sizeof kept, "%s", hd_text_of(&text));
  hd_text_free(&text);
  return kept;
}

static void keys_are_in_the_units_of_the_scenario(void **state) {
  world *w = *state;
  hd_lattice l;
  char label[HD_LATTICE_LABEL];
  begin(w,
        "sweep:\n  grid: {initial.state.cars: [10 veh/km, 33 veh/km, 0.05 veh/m], road.quality: [1, 2]}\n"
        "  zip: {road.length: {from: 1 km, to: 4 km, count: 3, spacing: log}, road.cells: [20, 30, 40],\n"
        "        preset: [arz2025, arz-stable, arz2025]}\n"
        "  repeat: 2\nmeasure: [travel_time]");
  assert_int_equal(hd_lattice_read(&w->arena, w->study->members, &w->spec, &l), HD_OK);
  assert_int_equal(l.keys, 6);
  assert_int_equal(l.axes, 3);
  assert_int_equal(l.points, 18);
  assert_int_equal(l.each, 2);
  assert_int_equal(l.repeats, 2);
  assert_int_equal(l.axis[0].stride, 6);
  assert_int_equal(l.axis[1].stride, 3);
  assert_int_equal(l.axis[2].keys, 3);
  assert_string_equal(l.key[0].unit, "veh/km");
  assert_true(l.key[0].number && l.key[0].value[0] == 10 && l.key[0].value[1] == 33 && l.key[0].value[2] == 50);
  assert_true(l.key[1].number && l.key[1].whole && l.key[1].value[1] == 2);
  assert_string_equal(l.key[1].doc, "surface category");
  assert_string_equal(l.key[2].unit, "km");
  assert_true(l.key[2].log && l.key[2].value[0] == 1 && l.key[2].value[1] == 2 && l.key[2].value[2] == 4);
  assert_false(l.key[4].number);
  assert_string_equal(printed(w, &l, 0, 35), "50 veh/km");
  assert_string_equal(printed(w, &l, 2, 2), "2 km");
  assert_string_equal(printed(w, &l, 4, 3), "arz-stable");
  assert_true(hd_lattice_number(&l, 3, 4) == 40);
  assert_true(isnan(hd_lattice_number(&l, 4, 0)));
  hd_lattice_label(&l.key[2], label);
  assert_string_equal(label, "length of the road (road.length)");
}

static void samples_have_the_unit_of_their_law(void **state) {
  world *w = *state;
  hd_lattice l;
  begin(w,
        "sweep: {sample: {method: latin, count: 5, road.length: {uniform: [1 km, 2 km]}, road.cells: {log_uniform: "
        "[20, 80]}}, grid: {road.quality: [1, 3]}}");
  assert_int_equal(hd_lattice_read(&w->arena, w->study->members, &w->spec, &l), HD_OK);
  assert_int_equal(l.axes, 1);
  assert_int_equal(l.each, 5);
  assert_string_equal(l.key[1].unit, "km");
  assert_true(l.key[1].sampled && l.key[2].whole && l.key[2].log);
  for (int64_t i = 0; i < 10; i++) assert_true(hd_lattice_number(&l, 1, i) >= 1 && hd_lattice_number(&l, 1, i) <= 2);
}

/* Three repeats at two points; the members' measures are put in by hand: point 0 has 4.5, 1.25, 3 and point 1 has 7, a
 * failure, not-a-number. np.std(ddof=1), np.quantile, stats.t.ppf(0.975, 2) = 4.302652729749462. */
static void measures_are_put_together(void **state) {
  world *w = *state;
  static const double value[] = {4.5, 1.25, 3, 7, 99, NAN};
  hd_aggregates a;
  begin(w, "sweep: {grid: {road.quality: [1, 2]}, repeat: 3}\nmeasure: [travel_time]");
  assert_int_equal(w->study->count, 6);
  for (int i = 0; i < 6; i++) {
    w->study->value[i] = value[i];
    w->study->member[i].state = i == 4 ? HD_MEMBER_FAILED : HD_MEMBER_DONE;
    w->study->member[i].cost_s = 0.5f * (float)i;
  }
  assert_int_equal(hd_aggregate(&w->arena, w->study, &a), HD_OK);
  assert_int_equal(a.done[0], 3);
  assert_int_equal(a.done[1], 2);
  assert_int_equal(a.failed[1], 1);
  assert_int_equal(a.at[0].count, 3);
  near(a.at[0].mean, 2.9166666666666665);
  near(a.at[0].sd, 1.626601774661928);
  near(a.at[0].high, 6.957369477104374);
  near(a.at[0].quantile[1], 2.125);
  assert_int_equal(a.at[1].count, 1);
  near(a.at[1].mean, 7);
  assert_int_equal(a.all[0].count, 4);
  near(a.all[0].mean, 3.9375);
  near(a.all[0].quantile[4], 6.625);
  assert_int_equal(a.seconds.count, 5);
  near(a.seconds.mean, 1.5);
  near(hd_aggregate_mean(&a, 1, 0), 7);
  assert_string_equal(hd_study_unit(w->study, 0), "s");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(keys_are_in_the_units_of_the_scenario, set_up, tear_down),
      cmocka_unit_test_setup_teardown(samples_have_the_unit_of_their_law, set_up, tear_down),
      cmocka_unit_test_setup_teardown(measures_are_put_together, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
