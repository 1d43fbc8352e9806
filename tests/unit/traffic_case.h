/* For tests of what happens before a run: a scenario text with its preset, decoded into the traffic parameters, and checked.
 *
 *   traffic_case c;
 *   traffic_case_load(&c, "road: {length: 1 km, cells: 100}\n...");
 *   assert_case_error(&c, 3, "has no density of cars");
 *   traffic_case_free(&c);
 */
#ifndef TESTS_TRAFFIC_CASE_H
#define TESTS_TRAFFIC_CASE_H

#include "base/ctx.h"
#include "base/text.h"
#include "io/decode.h"
#include "io/merge.h"
#include "io/yaml.h"
#include "solvers/traffic/traffic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The common keys that these texts use. */
typedef struct traffic_case_common {
  const char *solver, *title;
  hd_items formats;
} traffic_case_common;

static const hd_param traffic_case_format[] = {{.kind = HD_TEXT, .doc = "a format"}, {0}};
static const hd_param traffic_case_output[] = {
    {"formats", HD_LIST, .sub = traffic_case_format, .at = offsetof(traffic_case_common, formats),
     .size = sizeof(const char *), .flags = HD_OPTIONAL, .doc = "files"},
    {0}};
static const hd_param traffic_case_params[] = {
    {"solver", HD_TEXT, .value = "traffic", .at = offsetof(traffic_case_common, solver), .doc = "solver"},
    {"title", HD_TEXT, .at = offsetof(traffic_case_common, title), .flags = HD_OPTIONAL, .doc = "title"},
    {"output", HD_GROUP, .sub = traffic_case_output, .doc = "output"},
    {0}};

typedef struct traffic_case {
  hd_ctx *ctx;
  hd_arena arena;
  hd_notes *notes;
  hd_node *tree;
  traffic_case_common common;
  traffic t;
} traffic_case;

static inline void traffic_case_begin(traffic_case *c) {
  memset(c, 0, sizeof *c);
  assert_int_equal(hd_ctx_new(&c->ctx), HD_OK);
  hd_arena_init(&c->arena, c->ctx);
  assert_int_equal(hd_notes_new(c->ctx, &c->notes), HD_OK);
}

/* Decodes and checks `text` on the preset that it names. */
static inline void traffic_case_text(traffic_case *c, const char *text) {
  hd_table tables[2] = {{traffic_case_params, &c->common}, {traffic_params, &c->t}};
  hd_node *own, *below = NULL;
  assert_int_equal(hd_yaml_text(&c->arena, "test.yaml", text, c->notes, &own), HD_OK);
  if (!own) return;
  const hd_node *named = hd_node_get(own, "preset");
  for (const hd_preset *p = traffic_presets; p->name; p++) {
    char label[64], *kept;
    if (strcmp(p->name, named ? named->text : "arz-stable")) continue;
    snprintf(label, sizeof label, "preset %s", p->name);
    assert_int_equal(hd_arena_text(&c->arena, label, strlen(label), &kept), HD_OK);
    assert_int_equal(hd_yaml_text(&c->arena, kept, p->yaml, c->notes, &below), HD_OK);
  }
  assert_int_equal(hd_node_merge(&c->arena, tables, 2, below, own, &c->tree), HD_OK);
  hd_notes_root(c->notes, c->tree);
  assert_int_equal(hd_decode(&c->arena, tables, 2, c->tree, c->notes), HD_OK);
  if (hd_notes_count(c->notes, HD_NOTE_ERROR)) return;
  hd_status status = traffic_check(&c->t, c->notes);
  if (status != HD_OK && !(status == HD_ERR_INPUT && hd_notes_count(c->notes, HD_NOTE_ERROR)))
    fail_msg("%s", hd_ctx_message(c->ctx));
}

static inline void traffic_case_load(traffic_case *c, const char *text) {
  traffic_case_begin(c);
  traffic_case_text(c, text);
}

static inline void traffic_case_free(traffic_case *c) {
  hd_notes_free(c->notes);
  hd_arena_free(&c->arena);
  hd_ctx_free(c->ctx);
}

/* All notes of a level, for the message of a failed test. */
static inline void traffic_case_fail(traffic_case *c, hd_note_level level, const char *expected, const char *file,
                                     int line) {
  hd_text all;
  hd_text_init(&all, c->ctx);
  hd_notes_print(&all, c->notes, level);
  print_error("%s:%d: expected \"%s\", noted:\n%s\n", file, line, expected, hd_text_of(&all));
  hd_text_free(&all);
  fail();
}

/* A note with this text in it, at this line (0: any); hint may be NULL. */
static inline void traffic_case_noted(traffic_case *c, hd_note_level level, int at_line, const char *text,
                                      const char *hint, const char *file, int line) {
  const hd_note *note;
  for (int64_t i = 0; (note = hd_notes_get(c->notes, level, i)); i++)
    if (strstr(note->message, text) && (!at_line || note->place.line == at_line) &&
        (!hint || (note->hint && strstr(note->hint, hint))))
      return;
  traffic_case_fail(c, level, text, file, line);
}
#define assert_case_error(c, at_line, text)                                                                            \
  traffic_case_noted((c), HD_NOTE_ERROR, (at_line), (text), NULL, __FILE__, __LINE__)
#define assert_case_hint(c, at_line, text, hint)                                                                       \
  traffic_case_noted((c), HD_NOTE_ERROR, (at_line), (text), (hint), __FILE__, __LINE__)
#define assert_case_warning(c, text) traffic_case_noted((c), HD_NOTE_WARNING, 0, (text), NULL, __FILE__, __LINE__)

static inline void traffic_case_none(traffic_case *c, hd_note_level level, const char *file, int line) {
  if (hd_notes_count(c->notes, level)) traffic_case_fail(c, level, "nothing", file, line);
}
#define assert_case_right(c) traffic_case_none((c), HD_NOTE_ERROR, __FILE__, __LINE__)
#define assert_case_silent(c) traffic_case_none((c), HD_NOTE_WARNING, __FILE__, __LINE__)

static inline double traffic_case_fact(traffic_case *c, const char *name) {
  const hd_note *note;
  for (int64_t i = 0; (note = hd_notes_get(c->notes, HD_NOTE_FACT, i)); i++)
    if (!strcmp(note->name, name)) return note->value;
  return NAN;
}

#endif
