/* Members: their order, their values, their identities (the same as those of runs with --set), their seeds, samples, files. */
#include "study/members/members.h"

#include "base/number.h"
#include "heddle/math.h"
#include "study/members/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], file[96];

typedef struct study {
  hd_ctx *ctx;
  hd_case *base;
  hd_study_spec spec;
  hd_members *members;
} study;

static int set_up(void **state) {
  static study s;
  memset(&s, 0, sizeof s);
  strcpy(folder, "/tmp/heddle-members-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(file, sizeof file, "%s/road.yaml", folder);
  assert_int_equal(hd_ctx_new(&s.ctx), HD_OK);
  *state = &s;
  return 0;
}

static void close_study(study *s) {
  hd_members_free(s->members);
  hd_case_free(s->base);
  s->members = NULL;
  s->base = NULL;
}

static int tear_down(void **state) {
  study *s = *state;
  close_study(s);
  hd_folder_remove(s->ctx, folder);
  hd_ctx_free(s->ctx);
  return 0;
}

static hd_status open_study(study *s, const char *more) {
  static const char scenario[] =
      "solver: traffic\nseed: 5\n"
      "road: {length: 1 km, cells: 50, quality: 1}\n"
      "initial: {kind: riemann, split: 500 m,\n"
      "  left: {motorcycles: 20 veh/km, cars: {density: 10 veh/km, speed: 5 m/s}},\n"
      "  right: {motorcycles: 60 veh/km, cars: 30 veh/km}}\n"
      "boundary: {left: {kind: inflow, state: initial}, right: open}\n"
      "time: {end: 2 s}\n";
  char text[4000];
  hd_table tables[2];
  close_study(s);
  snprintf(text, sizeof text, "%s%s\n", scenario, more);
  assert_int_equal(hd_file_write(s->ctx, file, text, strlen(text), false), HD_OK);
  HD_TRY(hd_case_load(s->ctx, file, NULL, &s->base));
  hd_case_tables(s->base, tables);
  HD_TRY(hd_study_read(&s->base->arena, s->base->tree, s->base->solver, tables, 2, s->base->notes, &s->spec));
  HD_TRY(hd_notes_status(s->base->notes));
  return hd_members_new(s->base, &s->spec, &s->members);
}

static void begin(study *s, const char *more) {
  if (open_study(s, more) != HD_OK) fail_msg("%s", hd_ctx_message(s->ctx));
}

static double value(const study *s, int64_t i, int64_t key) {
  double number;
  assert_int_equal(hd_members_value(s->members, i, key, &number, NULL), HD_OK);
  return number;
}

static void value_is(const study *s, int64_t i, int64_t key, const char *want) {
  hd_text text;
  hd_text_init(&text, s->ctx);
  assert_int_equal(hd_members_value(s->members, i, key, NULL, &text), HD_OK);
  assert_string_equal(hd_text_of(&text), want);
  hd_text_free(&text);
}

/* The identity of the file with member i's values as --set. */
static hd_hash identity_alone(const study *s, int64_t i) {
  const char *set[16];
  hd_text text[16];
  int64_t keys = hd_members_keys(s->members, NULL, NULL);
  hd_case *alone;
  hd_case_options options = {.set = set, .set_count = (int)keys};
  for (int64_t k = 0; k < keys; k++) {
    hd_text_init(&text[k], s->ctx);
    assert_int_equal(hd_members_set(s->members, i, k, &text[k]), HD_OK);
    set[k] = hd_text_of(&text[k]);
  }
  if (hd_case_load(s->ctx, file, &options, &alone) != HD_OK) fail_msg("%s", hd_ctx_message(s->ctx));
  hd_hash identity = alone->identity;
  hd_case_free(alone);
  for (int64_t k = 0; k < keys; k++) hd_text_free(&text[k]);
  return identity;
}

/* Each member has the identity of its own run, and no two are alike. */
static void identities_hold(const study *s) {
  int64_t count = hd_members_count(s->members);
  hd_hash before = {0};
  for (int64_t i = 0; i < count; i++) {
    hd_case *kase;
    if (hd_members_case(s->members, s->ctx, i, &kase) != HD_OK) fail_msg("%s", hd_ctx_message(s->ctx));
    hd_hash alone = identity_alone(s, i);
    assert_true(hd_hash_equal(&kase->identity, &alone));
    assert_false(hd_hash_equal(&kase->identity, &before));
    before = alone;
    hd_case_free(kase);
  }
}

static void order_of_factors(void **state) {
  study *s = *state;
  const char *const *key, *const *unit;
  begin(s,
        "sweep:\n  grid: {road.cells: [50, 60], road.length: {from: 1 km, to: 2 km, count: 3}}\n"
        "  zip: {time.end: [2 s, 3000 ms], road.quality: [1, 2]}\n  repeat: 2\n");
  assert_int_equal(hd_members_count(s->members), 24);
  assert_int_equal(hd_members_keys(s->members, &key, &unit), 5);
  assert_string_equal(key[0], "road.cells");
  assert_string_equal(key[1], "road.length");
  assert_string_equal(unit[1], "m");
  assert_string_equal(key[2], "time.end");
  assert_string_equal(key[3], "road.quality");
  assert_string_equal(key[4], "seed");
  for (int64_t i = 0; i < 24; i++) {
    assert_true(value(s, i, 0) == (i < 12 ? 50 : 60));
    assert_true(value(s, i, 1) == 1000.0 + 500.0 * (double)(i / 4 % 3));
    assert_true(value(s, i, 2) == (i / 2 % 2 ? 3 : 2));
    assert_true(value(s, i, 4) == value(s, i % 2, 4));
  }
  assert_true(value(s, 0, 4) != value(s, 1, 4));
  value_is(s, 2, 2, "3000 ms");
  value_is(s, 4, 1, "1500 m");
  identities_hold(s);
}

static void numbers_words_and_trees(void **state) {
  study *s = *state;
  begin(s,
        "sweep: {grid: {road.length: {from: 1 km, to: 8 km, count: 4, spacing: log}, initial.left.cars.density: [0.01 "
        "veh/m, 12 veh/km]}}");
  assert_true(value(s, 2, 0) == 2000 && value(s, 4, 0) == 4000); /* not 1999.9999999999998 */
  identities_hold(s);
  begin(s,
        "sweep: {grid: {initial.left: [{motorcycles: 5 veh/km, cars: 6 veh/km}, {motorcycles: 7 veh/km, cars: "
        "{density: 8 veh/km, speed: 4 m/s}}], "
        "road.cells: [20, 30]}}");
  assert_int_equal(hd_members_count(s->members), 4);
  identities_hold(s);
  begin(s, "sweep: {grid: {preset: [arz2025, arz-stable], road.cells: [20, 30]}}");
  identities_hold(s);
  begin(s, "sweep: {grid: {initial.left.cars.speed: [4 m/s, 5 m/s], initial.split: [250 m, 300 m]}}");
  identities_hold(s);
}

/* A number put into the struct gives what the same number put into the tree gives. */
static void both_ways_agree(void **state) {
  study *s = *state;
  static const char *path[] = {"road.length", "road.cells", "time.end", "seed", "initial.split"};
  static const char *text[] = {"1234.5 m", "77", "1.25 s", "99", "444 m"};
  static const double number[] = {1234.5, 77, 1.25, 99, 444};
  begin(s, "sweep: {grid: {road.cells: [20, 30]}}");
  for (size_t k = 0; k < 5; k++) {
    hd_case *fast, *slow;
    hd_node *node;
    assert_true(hd_case_plain(s->base, path[k]));
    assert_int_equal(hd_node_scalar(&s->base->arena, text[k], (hd_place){0}, &node), HD_OK);
    hd_case_change change = {.path = path[k], .value = node, .number = number[k], .plain = true};
    assert_int_equal(hd_case_vary(s->base, s->ctx, &change, 1, &fast), HD_OK);
    change.plain = false;
    assert_int_equal(hd_case_vary(s->base, s->ctx, &change, 1, &slow), HD_OK);
    assert_true(hd_hash_equal(&fast->identity, &slow->identity));
    assert_false(hd_hash_equal(&fast->identity, &s->base->identity));
    assert_ptr_equal(fast->tree, s->base->tree);
    assert_ptr_not_equal(slow->tree, s->base->tree);
    hd_case_free(fast);
    hd_case_free(slow);
  }
  assert_false(hd_case_plain(s->base, "initial.right.cars.density")); /* stands there as a scalar for its group */
  assert_false(hd_case_plain(s->base, "preset"));
  assert_false(hd_case_plain(s->base, "initial"));
}

static void impossible_values_are_told(void **state) {
  study *s = *state;
  hd_case *kase;
  begin(s, "sweep: {grid: {initial.left.cars.density: [10 veh/km, 400 veh/km]}}");
  assert_int_equal(hd_members_case(s->members, s->ctx, 0, &kase), HD_OK);
  hd_case_free(kase);
  assert_int_equal(hd_members_case(s->members, s->ctx, 1, &kase), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(s->ctx), "jam density"));
  hd_case_free(kase);
  assert_int_equal(hd_members_case(s->members, s->ctx, 2, &kase), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(s->ctx), "no member 2"));
  assert_int_equal(open_study(s, "title: no study"), HD_ERR_INPUT);
  assert_int_equal(open_study(s, "sweep: {grid: {seed: [1, 2]}, repeat: 2}"), HD_ERR_INPUT);
}

static void seeds(void **state) {
  study *s = *state;
  hd_case *kase;
  begin(s, "sweep: {grid: {road.cells: [20, 30]}}");
  for (int64_t i = 0; i < 2; i++) {
    assert_int_equal(hd_members_case(s->members, s->ctx, i, &kase), HD_OK);
    assert_int_equal(kase->common.seed, 5); /* common random numbers */
    hd_case_free(kase);
  }
  begin(s, "sweep: {repeat: 3}");
  double first = value(s, 2, 0);
  identities_hold(s);
  begin(s, "sweep: {repeat: 7}");
  assert_true(value(s, 2, 0) == first); /* whatever else is repeated */
}

static void samples(void **state) {
  study *s = *state;
  enum { N = 64 };
  bool hit[N] = {0};
  begin(s,
        "sweep: {sample: {method: latin, count: 64, road.length: {uniform: [1 km, 2 km]}, time.end: {log_uniform: [1 "
        "s, 10 s]}}}");
  assert_int_equal(hd_members_count(s->members), N);
  for (int64_t i = 0; i < N; i++) {
    int64_t stratum = (int64_t)floor((value(s, i, 0) - 1000) / 1000 * N);
    assert_true(stratum >= 0 && stratum < N && !hit[stratum]);
    hit[stratum] = true;
    assert_true(value(s, i, 1) >= 1 && value(s, i, 1) <= 10);
  }
  identities_hold(s);
  begin(s,
        "sweep: {sample: {method: sobol, count: 32, road.length: {normal: [2 km, 100 m]}, road.cells: {uniform: [10, "
        "13]}}}");
  int64_t whole[4] = {0};
  for (int64_t i = 0; i < 32; i++) whole[(int64_t)value(s, i, 1) - 10]++;
  for (int k = 0; k < 4; k++) assert_int_equal(whole[k], 8);
  identities_hold(s);
  begin(s, "sweep: {sample: {method: random, count: 10, road.length: {uniform: [1 km, 2 km]}}}");
  double tenth = value(s, 9, 0);
  begin(s,
        "sweep: {sample: {method: random, count: 1000, road.length: {uniform: [1 km, 2 km]}, time.end: {uniform: [1 s, "
        "2 s]}}}");
  assert_true(value(s, 9, 0) == tenth); /* a function of seed, key and number alone */
  double mean = 0;
  for (int64_t i = 0; i < 1000; i++) mean += value(s, i, 0) / 1000;
  assert_true(fabs(mean - 1500) < 40);
}

/* Every dimension of Sobol's points fills each of 2^k intervals once, and pairs of the first ones fill boxes evenly. */
static void sobol_points_are_even(void **state) {
  enum { N = 256 };
  (void)state;
  for (int place = 0; place < HD_SOBOL_KEYS; place++) {
    int count[N] = {0};
    for (int64_t i = 0; i < N; i++) count[(int)(hd_sample_at(HD_SAMPLE_SOBOL, 1, "a", place, i, N) * N)]++;
    for (int k = 0; k < N; k++) assert_int_equal(count[k], 1);
  }
  for (int place = 1; place < 3; place++) {
    int boxes[16][16] = {{0}};
    for (int64_t i = 0; i < N; i++)
      boxes[(int)(hd_sample_at(HD_SAMPLE_SOBOL, 1, "a", 0, i, N) * 16)]
           [(int)(hd_sample_at(HD_SAMPLE_SOBOL, 1, "b", 1, i, N) * 16)]++;
    for (int a = 0; a < 256; a++) assert_int_equal(boxes[a / 16][a % 16], 1);
  }
}

static void laws(void **state) {
  static const hd_param real = {.kind = HD_REAL, .doc = "a number"}, whole = {.kind = HD_INT, .doc = "a count"};
  static const double u[] = {1e-12, 0.01, 0.3, 0.5, 0.975, 0.999999};
  static const double q[] = {-7.034483825301131, -2.3263478740408408, -0.5244005127080407, 0,
                             1.959963984540054,  4.753424308817087}; /* statistics.NormalDist().inv_cdf of Python */
  (void)state;
  hd_vary normal = {.param = &real, .form = HD_VARY_NORMAL, .a = 0, .b = 1};
  for (int i = 0; i < 6; i++) assert_true(fabs(hd_sample_value(&normal, u[i]) - q[i]) <= 1e-13 * (1 + fabs(q[i])));
  hd_vary uniform = {.param = &whole, .form = HD_VARY_UNIFORM, .a = 3, .b = 5};
  assert_true(hd_sample_value(&uniform, 1e-9) == 3 && hd_sample_value(&uniform, 0.5) == 4 &&
              hd_sample_value(&uniform, 1 - 1e-9) == 5);
  hd_vary logarithmic = {.param = &real, .form = HD_VARY_LOG_UNIFORM, .a = 1, .b = 100};
  assert_true(fabs(hd_sample_value(&logarithmic, 0.5) - 10) < 1e-12);
  assert_true(hd_short_number(0.1 + 0.2) == 0.3);
}

static void write_file(const study *s, const char *name, const char *text) {
  char path[HD_PATH_ROOM];
  assert_int_equal(hd_path_join(s->ctx, folder, name, path, sizeof path), HD_OK);
  assert_int_equal(hd_file_write(s->ctx, path, text, strlen(text), false), HD_OK);
}

static void members_of_a_file(void **state) {
  study *s = *state;
  const char *const *key;
  write_file(s, "list.csv",
             "# chosen by hand\nroad.cells, road.length [km] ,\"initial.left.cars.density\"\n\n20,1,10 veh/km\n30, 1.5 "
             ",\"12 veh/km\"\r\n# end\n");
  begin(s, "sweep: {members: list.csv, grid: {time.end: [1 s, 2 s]}}");
  assert_int_equal(hd_members_count(s->members), 4);
  assert_int_equal(hd_members_keys(s->members, &key, NULL), 4);
  assert_string_equal(key[1], "road.length");
  assert_true(value(s, 1, 0) == 20 && value(s, 2, 0) == 30 && value(s, 2, 1) == 1500 && value(s, 3, 3) == 2);
  assert_true(value(s, 3, 2) == 0.012);
  identities_hold(s);
  write_file(s, "list.csv", "road.cells,road.lenght [km]\n20,1\n");
  assert_int_equal(open_study(s, "sweep: {members: list.csv}"), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(s->ctx), "list.csv:1:12"));
  assert_non_null(strstr(hd_ctx_message(s->ctx), "road.length"));
  write_file(s, "list.csv", "road.cells,road.length [km]\n20,1\n-3,1\n20\n20,1,1\n");
  assert_int_equal(open_study(s, "sweep: {members: list.csv}"), HD_ERR_INPUT);
  write_file(s, "list.csv", "road.cells,road.length [km]\n");
  assert_int_equal(open_study(s, "sweep: {members: list.csv}"), HD_ERR_INPUT);
}

static void levels_advance_together(void **state) {
  study *s = *state;
  begin(s, "converge: {over: {road.cells: {from: 25, by: 2, count: 4}, time.end: [1 s, 1 s, 1 s, 2 s]}, norm: l1}");
  assert_int_equal(hd_members_count(s->members), 4);
  for (int64_t i = 0; i < 4; i++) assert_true(value(s, i, 0) == 25 << i);
  identities_hold(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(order_of_factors),
      TEST(numbers_words_and_trees),
      TEST(both_ways_agree),
      TEST(impossible_values_are_told),
      TEST(seeds),
      TEST(samples),
      cmocka_unit_test(sobol_points_are_even),
      cmocka_unit_test(laws),
      TEST(members_of_a_file),
      TEST(levels_advance_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
