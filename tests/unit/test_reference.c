/* Texts generated from tables: template, reference, schema; and the check of a table itself. */
#include "io/reference.h"
#include "scenario_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const hd_preset presets[] = {{"fast", "quick drivers", "road: {length: 1 km}"}, {0}};
static const hd_dim dims[] = {
    {"cell", "of the road", HD_BLOCKS, 0, 0}, {"snapshot", "states", HD_ROWS, "output.snapshots", 0}, {0}};
static const hd_field fields[] = {{"density", "cell", HD_F64, "veh/m", "snapshot", 0, HD_STATE | HD_OUT, "rho | one"},
                                  {0}};
static const hd_solver solver = {.name = "toy",
                                 .title = "Toy",
                                 .doc = "every kind of parameter",
                                 .params = all_params,
                                 .presets = presets,
                                 .dims = dims,
                                 .fields = fields};

static void assert_has(const hd_text *text, const char *piece) {
  if (!strstr(hd_text_of(text), piece)) fail_msg("%s\nlacks %s", hd_text_of(text), piece);
}

static void the_template_asks_for_what_is_required(void **state) {
  (void)state;
  reading r;
  hd_text text;
  hd_text_init(&text, ctx);
  hd_template_write(&text, &solver, common_params);
  assert_has(&text, "\nsolver: toy\n");
  assert_has(&text, "\nroad:");
  assert_has(&text, "\n  length: ");
  assert_has(&text, "\n#   start: 0 m ");
  assert_has(&text, "kind: riemann -- two states");
  reading_begin(&r);
  const char *errors = reading_decode(&r, hd_text_of(&text));
  assert_true(hd_notes_count(r.notes, HD_NOTE_ERROR) >= 4); /* what is left to fill in */
  for (int64_t i = 0; i < hd_notes_count(r.notes, HD_NOTE_ERROR); i++)
    if (!strstr(hd_notes_get(r.notes, HD_NOTE_ERROR, i)->message, " is missing")) fail_msg("%s", errors);
  reading_end(&r);
  hd_text_free(&text);
}

static void the_reference_names_every_key_once(void **state) {
  (void)state;
  hd_text text;
  hd_text_init(&text, ctx);
  hd_reference_write(&text, &solver, common_params);
  assert_has(&text, "| `road.length` | length [m], > 0 | **required** | length of the road |\n");
  assert_has(&text, "| `classes.NAME.exponent` | number, (0, 10] | 1 | exponent |\n");
  assert_has(&text, "| `road.quality[i].category` |");
  assert_has(&text, "| `initial.kind: riemann` |");
  assert_has(&text, "| `density` | snapshot, cell | veh/m | rho \\| one | \n");
  assert_has(&text, "not in this version: ");
  assert_has(&text, "`initial.mode`");
  assert_null(strstr(hd_text_of(&text), "| `time.step` |"));
  hd_text_free(&text);
}

static void the_schema_is_json(void **state) {
  (void)state;
  reading r;
  hd_text text;
  hd_text_init(&text, ctx);
  hd_schema_write(&text, &solver, common_params);
  reading_begin(&r);
  hd_node *root = reading_parse(&r, "schema", hd_text_of(&text));
  if (!root) {
    hd_notes_print(&r.text, r.notes, HD_NOTE_ERROR);
    fail_msg("%s", hd_text_of(&r.text));
  }
  assert_string_equal(hd_node_find(root, "properties.road.properties.cells.minimum")->text, "1");
  assert_string_equal(hd_node_find(root, "properties.numerics.properties.scheme.enum[1]")->text, "muscl");
  assert_non_null(hd_node_find(root, "properties.output.properties.fields"));
  assert_non_null(hd_node_find(root, "properties.output.properties.snapshots"));
  assert_null(hd_node_find(root, "properties.network"));
  reading_end(&r);
  hd_text_free(&text);
}

static void tables_are_verified(void **state) {
  (void)state;
  reading r;
  double x;
  static const hd_param bad[][2] = {{{"a", HD_REAL, "metre", .doc = "x"}, {0}},
                                    {{"a", HD_REAL, "m", .range = "[1, 0]", .doc = "x"}, {0}},
                                    {{"a", HD_REAL, "m", .value = "5", .doc = "x"}, {0}},
                                    {{"a", HD_REAL, "m", .value = "-5 m", .range = "> 0", .doc = "x"}, {0}},
                                    {{"a", HD_REAL, "m", .instead = "b", .doc = "x"}, {0}},
                                    {{"a", HD_REF, .of = "b", .doc = "x"}, {0}},
                                    {{"a", HD_CHOICE, .of = "b|c", .value = "d", .doc = "x"}, {0}}};
  reading_begin(&r);
  assert_int_equal(hd_params_verify(ctx, r.tables, 2), HD_OK);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    const hd_table table = {bad[i], &x};
    if (hd_params_verify(ctx, &table, 1) != HD_ERR_BUG) fail_msg("table %zu is taken for good", i);
  }
  reading_end(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_template_asks_for_what_is_required),
                                     cmocka_unit_test(the_reference_names_every_key_once),
                                     cmocka_unit_test(the_schema_is_json), cmocka_unit_test(tables_are_verified)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
