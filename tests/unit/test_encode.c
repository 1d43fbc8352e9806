/* Structs back to YAML, and the identity of a case. */
#include "io/encode.h"
#include "scenario_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define BASE                                                                                                           \
  "solver: x\nclasses: {cars: {pressure: 90 km/h}, bikes: {like: cars, exponent: 2}}\n"                                \
  "time: {end: 1 min}\n"
#define ROAD "road: {length: 1 km, cells: 100}\n"
#define RIEMANN                                                                                                        \
  "initial: {kind: riemann, split: 500 m, left: {cars: 33.33 veh/km, bikes: {density: 5 veh/km, speed: 36 km/h}}, "    \
  "right: {bikes: {density: 1 veh/m, marker: 3 m/s}}}\n"

static hd_hash identity(const char *yaml, const char *only) {
  reading r;
  hd_hash hash;
  reading_begin(&r);
  const char *errors = reading_decode(&r, yaml);
  if (*errors) fail_msg("%s", errors);
  assert_int_equal(hd_params_hash(ctx, r.tables, 2, only, &hash), HD_OK);
  reading_end(&r);
  return hash;
}

static const char *const cases[] = {
    BASE ROAD RIEMANN,
    BASE RIEMANN
    "road: {length: 3 km, cell: 7.3 m, quality: [{from: 0 m, category: 1}, {from: 1 km, category: 4}]}\nposition: 11.8 "
    "0.79 6.4 kpc\n"
    "watch: bikes\nsource: false\nboundary: {left: wall, right: open}\nnumerics: {scheme: muscl, courant: 0.9}\n"
    "output: {snapshots: {every: 5 s}, fields: [density, speed]}\nseed: 7\npressure: {limit: 3 km/h}\n",
    BASE ROAD "initial: {kind: uniform, state: {bikes: 1e-3 veh/m}}\noutput: {snapshots: [0 s, 0.1 s, 1e-2 min]}\n",
    BASE ROAD
    "initial: {kind: uniform, state: {}}\noutput: {snapshots: {every_steps: 3}}\ntitle: \"yes: [it] is # odd\"\n",
};

static void what_is_written_reads_back_to_the_same_case(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reading r;
    hd_node *root;
    hd_text yaml;
    hd_hash hash, again;
    reading_begin(&r);
    const char *errors = reading_decode(&r, cases[i]);
    if (*errors) fail_msg("%s", errors);
    assert_int_equal(hd_params_hash(ctx, r.tables, 2, NULL, &hash), HD_OK);
    assert_int_equal(hd_encode(&r.arena, r.tables, 2, &root), HD_OK);
    hd_text_init(&yaml, ctx);
    hd_node_print(&yaml, root);
    again = identity(hd_text_of(&yaml), NULL);
    if (!hd_hash_equal(&hash, &again)) fail_msg("%s\nbecame\n%s", cases[i], hd_text_of(&yaml));
    hd_text_free(&yaml);
    reading_end(&r);
  }
}

static void units_and_order_are_no_part_of_the_identity(void **state) {
  (void)state;
  hd_hash a = identity(BASE ROAD RIEMANN, NULL);
  hd_hash b = identity("time: {end: 60 s}\n" RIEMANN
                       "title: other\ncores: {steps: 2}\n"
                       "classes: {cars: {pressure: 25 m/s, exponent: 1}, bikes: {pressure: 0.025 km/s, exponent: 2}}\n"
                       "solver: x\nroad: {cells: 1e2, length: 1000 m, start: 0 km, quality: 1}\nboundary: ring\n",
                       NULL);
  hd_hash c = identity(BASE ROAD RIEMANN "seed: 1\n", NULL);
  hd_hash d = identity(BASE "road: {length: 1 km, cells: 101}\n" RIEMANN, NULL);
  assert_true(hd_hash_equal(&a, &b));
  assert_false(hd_hash_equal(&a, &c));
  assert_false(hd_hash_equal(&a, &d));
}

static void a_stage_depends_on_its_paths_alone(void **state) {
  (void)state;
  hd_hash a = identity(BASE ROAD RIEMANN, "seed classes road.length nothing");
  hd_hash b = identity(BASE "road: {length: 1 km, cells: 101}\nnumerics: {scheme: muscl}\n" RIEMANN,
                       "seed classes road.length nothing");
  hd_hash c = identity(BASE "road: {length: 2 km, cells: 100}\n" RIEMANN, "seed classes road.length nothing");
  hd_hash d = identity(BASE ROAD RIEMANN, "seed classes.cars road.length nothing");
  assert_true(hd_hash_equal(&a, &b));
  assert_false(hd_hash_equal(&a, &c));
  assert_false(hd_hash_equal(&a, &d));
}

static void files_count_by_their_contents(void **state) {
  (void)state;
  char yaml[3][600], name[] = "/tmp/heddle-test-XXXXXX";
  hd_hash hash[3];
  int handle = mkstemp(name);
  assert_true(handle >= 0);
  close(handle);
  for (int i = 0; i < 3; i++) {
    FILE *f = fopen(name, "w");
    fputs(i < 2 ? "1\n2\n" : "1\n3\n", f);
    fclose(f);
    snprintf(yaml[i], sizeof yaml[i], BASE RIEMANN "road: {length: 1 km, cells: 2, quality: {file: %s}}\n", name);
    hash[i] = identity(yaml[i], NULL);
  }
  remove(name);
  assert_true(hd_hash_equal(&hash[0], &hash[1]));
  assert_false(hd_hash_equal(&hash[0], &hash[2]));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_reads_back_to_the_same_case),
      cmocka_unit_test(units_and_order_are_no_part_of_the_identity),
      cmocka_unit_test(a_stage_depends_on_its_paths_alone),
      cmocka_unit_test(files_count_by_their_contents),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
