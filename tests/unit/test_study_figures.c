/* The figures of a study as descriptions: which there are, their axes, and the numbers in them. */
#include "study/present/study_figures.h"
#include "unit/study_world.h"

#include <math.h>

static double member_number(int64_t i, int64_t k) { return k == 0 ? 10.0 + (double)i : (double)(i * i); }

static hd_study_figures made(world *w, hd_aggregates *a) {
  hd_study_figures all;
  assert_int_equal(hd_aggregate(&w->arena, w->study, a), HD_OK);
  if (hd_study_figures_make(a, &all) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
  return all;
}

static const hd_figure *named(const hd_study_figures *all, const char *name) {
  for (int64_t i = 0; i < all->count; i++)
    if (!strcmp(all->figure[i]->name, name)) return all->figure[i];
  fail_msg("there is no figure %s", name);
  return NULL;
}

static bool has(const hd_study_figures *all, const char *name) {
  for (int64_t i = 0; i < all->count; i++)
    if (!strcmp(all->figure[i]->name, name)) return true;
  return false;
}

/* Lengths in no order, four repeats of each: means 11.5, 15.5, 19.5 at 4, 1, 2 km. */
static void one_key_with_repeats(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w, "sweep: {grid: {road.length: [4 km, 1 km, 2 km]}, repeat: 4}\nmeasure: [travel_time, delay]");
  finish_all(w, member_number);
  hd_study_figures all = made(w, &a);
  const hd_figure *f = named(&all, "against");
  assert_int_equal(f->panels, 2);
  assert_string_equal(f->panel[0].x.label, "length of the road (road.length)");
  assert_string_equal(f->panel[0].x.unit, "km");
  assert_string_equal(f->panel[0].y.label, "travel_time");
  assert_string_equal(f->panel[0].y.unit, "s");
  assert_false(f->panel[0].x.log);
  const hd_mark *band = &f->mark[f->panel[0].first], *each = band + 1, *line = band + 2;
  assert_int_equal(band->shape, HD_BAND);
  assert_int_equal(line->shape, HD_LINE);
  assert_int_equal(each->nx, 12);
  assert_int_equal(line->nx, 3);
  const double x[] = {1, 2, 4}, mean[] = {15.5, 19.5, 11.5};
  for (int i = 0; i < 3; i++) {
    assert_true(line->x[i] == x[i] && line->y[i] == mean[i]);
    /* np.std([0, 1, 2, 3], ddof=1) / 2 * stats.t.ppf(0.975, 3) = 2.0542565... */
    assert_true(fabs(band->z[i] - (mean[i] + 2.054256)) < 1e-5 && fabs(band->y[i] - (mean[i] - 2.054256)) < 1e-5);
  }
  assert_true(has(&all, "times") && !has(&all, "failed") && !has(&all, "maps"));
  hd_study_figures_free(&all);
}

static void two_keys(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w,
        "sweep: {grid: {road.quality: [1, 2, 9], road.length: {from: 1 km, to: 8 km, count: 4, spacing: log}}}\n"
        "measure: [travel_time]");
  finish_all(w, member_number);
  w->study->member[5].state = HD_MEMBER_FAILED; /* quality 2, 2 km */
  hd_study_figures all = made(w, &a);
  const hd_figure *lines = named(&all, "lines"), *maps = named(&all, "maps"), *failed = named(&all, "failed");
  assert_true(lines->panel[0].x.log);
  assert_string_equal(lines->mark[0].label, "road.quality = 1");
  const hd_mark *second = &lines->mark[2];
  assert_string_equal(second->label, "road.quality = 2");
  assert_true(second->x[1] == 2 && isnan(second->y[1]) && second->y[2] == 16);
  assert_int_equal(maps->mark[0].nx, 4);
  assert_int_equal(maps->mark[0].ny, 3);
  assert_true(maps->mark[0].z[2 * 4 + 3] == 21);
  assert_int_equal(maps->panel[0].y.name_count, 3); /* categories, evenly spaced */
  assert_string_equal(maps->panel[0].y.names[2], "9");
  assert_string_equal(maps->panel[0].colour.label, "travel_time");
  assert_true(failed->mark[0].z[1 * 4 + 1] == 1 && failed->mark[0].z[0] == 0);
  hd_study_figures_free(&all);
}

static void three_keys_on_one_scale(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w,
        "sweep:\n  grid: {road.quality: [1, 2], road.length: {from: 1 km, to: 5 km, count: 5}, road.cells: {from: 20, "
        "to: 120, count: 11}}\n  labels: {road.quality: kind of road}\nmeasure: [travel_time]");
  finish_all(w, member_number);
  hd_study_figures all = made(w, &a);
  const hd_figure *f = named(&all, "multiples-travel_time");
  assert_int_equal(f->panels, 2);
  assert_string_equal(f->panel[1].title, "kind of road = 2");
  assert_true(f->panel[0].y.low == f->panel[1].y.low && f->panel[0].y.high == f->panel[1].y.high);
  assert_int_equal(f->panel[0].count, 10); /* five lines with their points */
  assert_true(f->mark[f->panel[1].first].y[10] == 10 + 55 + 10);
  hd_study_figures_free(&all);
}

static void more_keys_are_averaged(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(
      w,
      "sweep:\n  grid: {road.quality: [1, 2], road.length: {from: 1 km, to: 3 km, count: 3}, time.end: [4 s, 5 s, 6 s, "
      "7 s], numerics.courant: [0.4, 0.9]}\nmeasure: [travel_time]");
  finish_all(w, member_number);
  hd_study_figures all = made(w, &a);
  const hd_figure *f = named(&all, "multiples-travel_time");
  /* x: time.end, lines: road.length, panels: road.quality or courant; the mean of two members that differ by the fourth */
  const hd_mark *m = &f->mark[0];
  assert_int_equal(m->nx, 4);
  assert_true(m->y[1] - m->y[0] == 2);
  assert_true(m->y[0] == 10.5 || m->y[0] == 22);
  hd_study_figures_free(&all);
}

static double follows_length(int64_t i, int64_t k) { return k == 0 ? NAN : (double)i; }

static void samples(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(
      w,
      "sweep: {sample: {method: latin, count: 40, road.cells: {log_uniform: [20, 80]}, road.length: {uniform: [1 km, 2 "
      "km]}}}\nmeasure: [delay, travel_time]");
  finish_all(w, follows_length);
  for (int64_t i = 0; i < 40; i++) {
    double number;
    hd_members_value(w->study->members, i, 1, &number, NULL);
    w->study->value[2 * i + 1] = -number * number; /* falls with the length */
  }
  w->study->member[7].state = HD_MEMBER_FAILED;
  hd_study_figures all = made(w, &a);
  const hd_figure *scatter = named(&all, "scatter"), *matter = named(&all, "importance");
  assert_int_equal(scatter->panels, 2); /* delay is nowhere a number */
  assert_string_equal(scatter->panel[0].x.unit, "km");
  assert_true(scatter->panel[1].x.log);
  assert_true(isnan(scatter->mark[0].y[7]) && scatter->mark[0].x[7] > 1 && scatter->mark[0].x[7] < 2);
  assert_string_equal(matter->panel[0].x.names[0], "road.length");
  assert_true(matter->mark[0].y[0] == -1 && fabs(matter->mark[0].y[1]) < 0.5);
  assert_int_equal(named(&all, "failed")->mark[1].nx, 1);
  hd_study_figures_free(&all);
}

static void values_twice_and_texts_stand_side_by_side(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w,
        "sweep: {grid: {road.length: [2 km, 1 km, 2 km], preset: [arz2025, arz-stable, arz2025]}}\nmeasure: "
        "[travel_time]");
  finish_all(w, member_number);
  hd_study_figures all = made(w, &a);
  const hd_figure *maps = named(&all, "maps");
  assert_int_equal(maps->panel[0].x.name_count, 3);
  assert_string_equal(maps->panel[0].y.names[1], "arz-stable");
  hd_study_figures_free(&all);
}

static void repeats_alone_have_a_distribution(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w, "sweep: {repeat: 10}\nmeasure: [travel_time]");
  finish_all(w, member_number); /* 10 to 19 */
  w->study->member[9].state = HD_MEMBER_FAILED;
  hd_study_figures all = made(w, &a);
  const hd_mark *stairs = named(&all, "distribution")->mark;
  double sum = 0;
  for (int i = 0; i < stairs->nx - 1; i++) sum += stairs->y[i];
  assert_true(sum == 9 && stairs->x[0] == 10 && stairs->x[stairs->nx - 1] == 18);
  assert_true(stairs->y[0] == 1 && stairs->y[1] == 0 && stairs->y[3] == 1);
  assert_true(stairs[1].shape == HD_RULE && stairs[1].x[0] == 14);
  hd_study_figures_free(&all);
}

static void a_range_of_few_whole_numbers_has_names(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w, "sweep: {grid: {initial.quality: {from: 1, to: 3, count: 3}}}\nmeasure: [travel_time]");
  finish_all(w, member_number);
  hd_study_figures all = made(w, &a);
  const hd_figure *f = named(&all, "against");
  assert_int_equal(f->panel[0].x.name_count, 3);
  assert_string_equal(f->panel[0].x.names[2], "3");
  hd_study_figures_free(&all);
}

static double constant(int64_t i, int64_t k) { return (void)i, (void)k, 1.0; }

static void what_does_not_vary_is_not_drawn(void **state) {
  world *w = *state;
  hd_aggregates a;
  begin(w, "sweep: {grid: {road.quality: [1, 2]}}\nmeasure: [travel_time]");
  finish_all(w, constant);
  hd_study_figures all = made(w, &a);
  assert_int_equal(all.count, 0);
  hd_study_figures_free(&all);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(one_key_with_repeats),
                                     TEST(two_keys),
                                     TEST(three_keys_on_one_scale),
                                     TEST(more_keys_are_averaged),
                                     TEST(samples),
                                     TEST(values_twice_and_texts_stand_side_by_side),
                                     TEST(repeats_alone_have_a_distribution),
                                     TEST(a_range_of_few_whole_numbers_has_names),
                                     TEST(what_does_not_vary_is_not_drawn)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
