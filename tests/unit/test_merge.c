/* Layers of a scenario on each other, and --set. */
#include "scenario_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void assert_prints(reading *r, const hd_node *node, const char *expected) {
  hd_text text;
  hd_node *again;
  hd_text_init(&text, ctx);
  hd_node_print(&text, node);
  hd_text other;
  hd_text_init(&other, ctx);
  assert_int_equal(hd_yaml_text(&r->arena, "expected", expected, r->notes, &again), HD_OK);
  assert_non_null(again);
  hd_node_print(&other, again);
  if (strcmp(hd_text_of(&text), hd_text_of(&other)))
    fail_msg("gives\n%snot\n%s", hd_text_of(&text), hd_text_of(&other));
  hd_text_free(&text);
  hd_text_free(&other);
}

static const struct {
  const char *base, *over, *expected;
} merges[] = {
    {"road: {length: 1 km, cells: 5}", "road: {cells: 6}", "road: {length: 1 km, cells: 6}"},
    {"road: {length: 1 km, cells: 5}", "road: {cell: 6 m}", "road: {length: 1 km, cell: 6 m}"},
    {"road: {length: 1 km, cells: 5}", "road: {cells: null}", "road: {length: 1 km, cells: null}"},
    {"seed: 1", "title: x", "{seed: 1, title: x}"},
    {"road: {quality: [{from: 0 m, category: 1}]}", "road: {quality: [{from: 1 m, category: 2}]}",
     "road: {quality: [{from: 1 m, category: 2}]}"},
    {"road: {quality: 3}", "road: {quality: {file: x}}", "road: {quality: {file: x}}"},
    {"initial: {kind: riemann, split: 1 m, left: {cars: 1 veh/m}}", "initial: {kind: uniform}",
     "initial: {kind: uniform}"},
    {"initial: {kind: riemann, split: 1 m, left: {cars: 1 veh/m}}", "initial: {split: 2 m}",
     "initial: {kind: riemann, split: 2 m, left: {cars: 1 veh/m}}"},
    {"initial: riemann", "initial: {split: 2 m}", "initial: {kind: riemann, split: 2 m}"},
    {"initial: {kind: riemann, split: 2 m}", "initial: uniform", "initial: uniform"},
    {"initial: {kind: riemann, left: {cars: 1 veh/m, bikes: 2 veh/m}}", "initial: {left: {cars: {speed: 3 m/s}}}",
     "initial: {kind: riemann, left: {cars: {density: 1 veh/m, speed: 3 m/s}, bikes: 2 veh/m}}"},
    {"initial: {kind: riemann, left: {cars: {density: 1 veh/m, speed: 3 m/s}}}", "initial: {left: {cars: 2 veh/m}}",
     "initial: {kind: riemann, left: {cars: {density: 2 veh/m, speed: 3 m/s}}}"},
    {"initial: {kind: riemann, left: {cars: {density: 1 veh/m, speed: 3 m/s}}}",
     "initial: {left: {cars: {marker: 4 m/s}}}",
     "initial: {kind: riemann, left: {cars: {density: 1 veh/m, marker: 4 m/s}}}"},
    {"boundary: ring", "boundary: {left: wall}", "boundary: {left: wall}"},
    {"boundary: {left: open, right: open}", "boundary: {left: wall}", "boundary: {left: wall, right: open}"},
    {"boundary: {left: open, right: open}", "boundary: ring", "boundary: ring"},
    {"output: {snapshots: {every: 5 s}}", "output: {snapshots: {every_steps: 5}, fields: [a]}",
     "output: {snapshots: {every_steps: 5}, fields: [a]}"},
    {"output: {fields: [a, b], figures: [c]}", "output: {fields: [d]}", "output: {fields: [d], figures: [c]}"},
    {"classes: {cars: {pressure: 1 m/s}}", "classes: {bikes: {like: cars}, cars: {exponent: 2}}",
     "classes: {cars: {pressure: 1 m/s, exponent: 2}, bikes: {like: cars}}"},
    {"classes: {cars: {pressure: 1 m/s}, bikes: {pressure: 2 m/s}}", "classes: {bikes: null}",
     "classes: {cars: {pressure: 1 m/s}, bikes: null}"},
    {"sweep: {grid: {seed: [1, 2]}}", "sweep: {grid: {road.cells: [1]}}", "sweep: {grid: {road.cells: [1]}}"},
    {"unknown: {a: 1}", "unknown: {b: 1}", "unknown: {b: 1}"},
};

static void layers_follow_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof merges / sizeof merges[0]; i++) {
    reading r;
    hd_node *out;
    reading_begin(&r);
    hd_node *base = reading_parse(&r, "base", merges[i].base), *over = reading_parse(&r, "over", merges[i].over);
    assert_int_equal(hd_node_merge(&r.arena, r.tables, 2, base, over, &out), HD_OK);
    assert_prints(&r, out, merges[i].expected);
    assert_prints(&r, base, merges[i].base); /* untouched */
    assert_prints(&r, over, merges[i].over);
    reading_end(&r);
  }
}

static void marks_stay_those_of_the_layer(void **state) {
  (void)state;
  reading r;
  hd_node *out;
  reading_begin(&r);
  hd_node *base = reading_parse(&r, "base.yaml", "road:\n  length: 1 kg\n  cells: 5"),
          *over = reading_parse(&r, "over.yaml", "road: {cells: x}");
  assert_int_equal(hd_node_merge(&r.arena, r.tables, 2, base, over, &out), HD_OK);
  assert_string_equal(hd_node_find(out, "road.length")->place.source->name, "base.yaml");
  assert_int_equal(hd_node_find(out, "road.length")->place.line, 2);
  assert_string_equal(hd_node_find(out, "road.cells")->place.source->name, "over.yaml");
  assert_int_equal(hd_node_find(out, "road.cells")->place.column, 15);
  reading_end(&r);
}

static void many_names_merge_quickly(void **state) {
  (void)state;
  reading r;
  hd_node *out, *cars, *item;
  char name[32];
  reading_begin(&r);
  hd_node *base = reading_parse(&r, "base", "classes: {}"), *over = reading_parse(&r, "over", "classes: {}");
  for (int k = 0; k < 2; k++) {
    cars = hd_node_get(k ? over : base, "classes");
    for (int i = 0; i < 50000; i++) {
      char *key;
      snprintf(name, sizeof name, "c%d", k ? i + 25000 : i);
      assert_int_equal(hd_node_new(&r.arena, HD_NODE_MAP, cars->place, &item), HD_OK);
      assert_int_equal(hd_arena_text(&r.arena, name, strlen(name), &key), HD_OK);
      item->key = key;
      hd_node_add(cars, item);
    }
  }
  assert_int_equal(hd_node_merge(&r.arena, r.tables, 2, base, over, &out), HD_OK);
  assert_int_equal(hd_node_get(out, "classes")->count, 75000);
  reading_end(&r);
}

static void a_masked_layer_stands_alone(void **state) {
  (void)state;
  static const char *const both[][3] = {
      {"classes: {cars: {pressure: 1 m/s, exponent: 2}, bikes: {pressure: 2 m/s}}",
       "classes: {cars: {pressure: 3 m/s}, vans: {}}",
       "classes: {cars: {pressure: 3 m/s, exponent: null}, vans: {}, bikes: null}"},
      {"initial: {kind: riemann, split: 1 m}", "initial: {kind: uniform}", "initial: {kind: uniform}"},
      {"road: {cells: 5}", "road: {cell: 1 m}", "road: {cell: 1 m}"},
      {"boundary: {left: wall}", "boundary: {right: open}", "boundary: {right: open, left: null}"},
      {"boundary: {left: wall}", "boundary: ring", "boundary: ring"}};
  for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
    reading r;
    reading_begin(&r);
    hd_node *lower = reading_parse(&r, "lower", both[i][0]), *upper = reading_parse(&r, "upper", both[i][1]);
    assert_int_equal(hd_node_mask(&r.arena, r.tables, 2, lower, upper), HD_OK);
    assert_prints(&r, upper, both[i][2]);
    reading_end(&r);
  }
}

static const char *const start =
    "road: {length: 1 km, cells: 5, quality: [{from: 0 m, category: 1}, {from: 1 m, category: 2}]}\n"
    "initial: {kind: riemann, left: {cars: 1 veh/m}}\nboundary: {right: open}\n";

static const char *const sets[][2] = {
    {"road.cells=6", "cells: 6"},
    {"road.cell=6 m", "cell: 6 m"},
    {"road.quality[1].category=5", "{from: 1 m, category: 5}"},
    {"road.quality[2]={from: 2 m, category: 3}", "{from: 2 m, category: 3}"},
    {"road.quality=3", "quality: 3"},
    {"initial.left.cars.speed=3 m/s", "{density: 1 veh/m, speed: 3 m/s}"},
    {"initial.left.bikes.speed=3 m/s", "bikes: {speed: 3 m/s}"},
    {"initial=uniform", "initial: uniform"},
    {"title=a=b: \"c\"", "a=b: c"},
    {"title=\"a=b\"", "title: a=b"},
    {"output.fields=[a, b]", "fields: [a, b]"},
    {"sweep.grid.seed=[1]", "seed: [1]"},
    {"road.cells=", "cells: null"},
    {"road={cells: 7}", "cells: 7"},
};

static void set_follows_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
    reading r;
    hd_node *out;
    reading_begin(&r);
    hd_node *root = reading_parse(&r, "base", start);
    assert_int_equal(hd_node_set(&r.arena, r.tables, 2, r.notes, root, &sets[i][0], 1, &out), HD_OK);
    hd_node_print(&r.text, out);
    if (!strstr(hd_text_of(&r.text), sets[i][1])) fail_msg("%s gives\n%s", sets[i][0], hd_text_of(&r.text));
    assert_int_equal(hd_notes_count(r.notes, HD_NOTE_ERROR), 0);
    bool cells = strstr(hd_text_of(&r.text), "cells: 5");
    assert_int_equal(cells, strncmp(sets[i][0], "road.cell", 9) && strncmp(sets[i][0], "road={", 6) ? 1 : 0);
    assert_prints(&r, root, start);
    reading_end(&r);
  }
}

/* What is removed takes nothing else away. */
static void null_removes_its_own_key_alone(void **state) {
  (void)state;
  const char *const both[] = {"road.cell=null", "road.cells=7", "road.cell="};
  reading r;
  hd_node *out;
  reading_begin(&r);
  hd_node *root = reading_parse(&r, "base", start);
  assert_int_equal(hd_node_set(&r.arena, r.tables, 2, r.notes, root, both, 3, &out), HD_OK);
  hd_node_print(&r.text, out);
  assert_non_null(strstr(hd_text_of(&r.text), "cells: 7"));
  reading_end(&r);
}

static const char *const wrong[][2] = {
    {"road.quality[5].category=5",
     "--set:2:13: error: road.quality has 2 items\n    2 | road.quality[5].category=5\n      |             ^^^\n"},
    {"road.cells[0]=5", "--set:2:11: error: road.cells is not a list\n"},
    {"road.quality[x]=5", "error: this path cannot be read\n"},
    {"road..cells=5", "--set:2:1: error: this path cannot be read\n"},
    {"nonsense", "--set:2:1: error: KEY=VALUE is expected\n"},
    {"=5", "KEY=VALUE is expected"},
    {"road.cells=[1", "--set:2:"},
    {"road.cells=\xff", "not valid UTF-8"},
    {"road.cels=5",
     "--set:2:6: error: unknown key 'cels' in road\n    2 | road.cels=5\n      |      ^^^^\n  hint: did you mean "
     "'cells'?\n"},
    {"road.length=5 kg", "--set:2:13: error: road.length is a length, kg is a unit of mass\n"},
};

static void set_says_where_it_is_wrong(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    reading r;
    hd_node *out;
    const char *texts[2] = {"seed=3", wrong[i][0]};
    reading_begin(&r);
    hd_node *root = reading_parse(&r, "base", start);
    assert_int_equal(hd_node_set(&r.arena, r.tables, 2, r.notes, root, texts, 2, &out), HD_OK);
    assert_int_equal(hd_decode(&r.arena, r.tables, 2, out, r.notes), HD_OK);
    hd_notes_print(&r.text, r.notes, HD_NOTE_ERROR);
    if (!strstr(hd_text_of(&r.text), wrong[i][1]))
      fail_msg("%s gives\n%snot\n%s", wrong[i][0], hd_text_of(&r.text), wrong[i][1]);
    assert_int_equal(r.common.seed, 3);
    reading_end(&r);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layers_follow_the_table),   cmocka_unit_test(marks_stay_those_of_the_layer),
      cmocka_unit_test(many_names_merge_quickly),  cmocka_unit_test(a_masked_layer_stands_alone),
      cmocka_unit_test(set_follows_the_table),     cmocka_unit_test(null_removes_its_own_key_alone),
      cmocka_unit_test(set_says_where_it_is_wrong)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
