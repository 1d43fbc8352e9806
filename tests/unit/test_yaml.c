/* The YAML reader: what it gives, where, and that large hostile texts are told in time. */
#include "base/ctx.h"
#include "io/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

typedef struct trial {
  hd_ctx *ctx;
  hd_arena arena;
  hd_notes *notes;
  hd_node *root;
  hd_text text;
  hd_source source;
} trial;

static void begin(trial *t, const char *yaml, size_t size) {
  *t = (trial){.source = {.name = "x.yaml", .text = yaml, .size = size}};
  assert_int_equal(hd_ctx_new(&t->ctx), HD_OK);
  hd_arena_init(&t->arena, t->ctx);
  hd_text_init(&t->text, t->ctx);
  assert_int_equal(hd_notes_new(t->ctx, &t->notes), HD_OK);
  assert_int_equal(hd_yaml_parse(&t->arena, &t->source, t->notes, &t->root), HD_OK);
  assert_true((t->root == NULL) == (hd_notes_count(t->notes, HD_NOTE_ERROR) > 0));
}

static void end(trial *t) {
  hd_text_free(&t->text);
  hd_notes_free(t->notes);
  hd_arena_free(&t->arena);
  hd_ctx_free(t->ctx);
}

static void assert_at(const trial *t, const char *path, const char *value, int line, int column, int width) {
  const hd_node *node = hd_node_find(t->root, path);
  if (!node) fail_msg("there is no %s", path);
  if (value) assert_string_equal(node->text, value);
  if (node->place.line != line || node->place.column != column || node->place.width != width)
    fail_msg("%s is at %d:%d, width %d", path, node->place.line, node->place.column, node->place.width);
}

static void values_know_their_places(void **state) {
  (void)state;
  static const char yaml[] =
      "\xef\xbb\xbf# a comment\r\n"
      "a: 5 mm   # more\r\n"
      "\xc3\xa9t\xc3\xa9: {b: \"\xc3\xbc x\", c: [1, two, {d: 'e'}]}\n"
      "list:\n  - &x {k: v}\n  - *x\n"
      "text: |\n  one\n  two\n"
      "nothing:\nnull: ~\nquoted: \"null\"\n";
  trial t;
  begin(&t, yaml, sizeof yaml - 1);
  assert_at(&t, "a", "5 mm", 2, 4, 4);
  assert_at(&t, "\xc3\xa9t\xc3\xa9.c[1]", "two", 3, 24, 3);
  assert_at(&t, "\xc3\xa9t\xc3\xa9.c[2].d", "e", 3, 34, 1);
  assert_string_equal(hd_node_find(t.root, "list[1].k")->text, "v");
  assert_string_equal(hd_node_find(t.root, "text")->text, "one\ntwo\n");
  assert_int_equal(hd_node_get(t.root, "nothing")->kind, HD_NODE_NULL);
  assert_int_equal(hd_node_get(t.root, "null")->kind, HD_NODE_NULL);
  assert_int_equal(hd_node_get(t.root, "quoted")->kind, HD_NODE_SCALAR);
  assert_int_equal(hd_node_get(t.root, "list")->key_place.line, 4);
  end(&t);
}

static void printed_trees_read_back(void **state) {
  (void)state;
  static const char *const odd[] = {"",
                                    " ",
                                    "a: b",
                                    "#x",
                                    "x #y",
                                    "- a",
                                    "-",
                                    "?",
                                    "null",
                                    "~",
                                    "*a",
                                    "&a",
                                    "!x",
                                    "%a",
                                    "@a",
                                    "`a",
                                    "{a}",
                                    "[a]",
                                    "a,b",
                                    "a\nb",
                                    "a\tb",
                                    "\"",
                                    "'",
                                    "\\",
                                    "5 mm",
                                    "-60 uA",
                                    "1e-3",
                                    "true",
                                    "x: ",
                                    "a ",
                                    "\x7f",
                                    "\x01",
                                    "\xc2\x85",
                                    "\xe2\x80\xa8",
                                    ("\xef\xbb\xbf"
                                     "x"),
                                    "\xc3\xa9",
                                    "|",
                                    ">",
                                    ": x",
                                    "a:b"};
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    trial t, again;
    hd_node *map, *list, *value;
    const hd_place nowhere = {0};
    begin(&t, "", 0);
    assert_int_equal(hd_node_new(&t.arena, HD_NODE_MAP, nowhere, &map), HD_OK);
    assert_int_equal(hd_node_new(&t.arena, HD_NODE_LIST, nowhere, &list), HD_OK);
    assert_int_equal(hd_node_scalar(&t.arena, odd[i], nowhere, &value), HD_OK);
    list->key = *odd[i] ? odd[i] : "empty";
    hd_node_add(map, list);
    hd_node_add(list, value);
    hd_node_print(&t.text, map);
    begin(&again, hd_text_of(&t.text), t.text.length);
    if (!again.root) {
      hd_notes_print(&again.text, again.notes, HD_NOTE_ERROR);
      fail_msg("%s%s", hd_text_of(&t.text), hd_text_of(&again.text));
    }
    assert_string_equal(again.root->child->key, list->key);
    assert_string_equal(again.root->child->child->text, odd[i]);
    end(&again);
    end(&t);
  }
}

static double cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* `piece` over and over, between a begin and an end, to `size` bytes. */
static void assert_in_time(const char *first, const char *piece, size_t size, bool right) {
  trial t;
  char *text = malloc(size + 1);
  size_t n = strlen(piece), at = strlen(first);
  memcpy(text, first, at);
  for (; at + n <= size; at += n) memcpy(text + at, piece, n);
  text[at] = 0;
  double started = cpu_s();
  begin(&t, text, at);
  double took = cpu_s() - started;
  if (right != (t.root != NULL)) fail_msg("'%s' is %s", piece, right ? "refused" : "read");
  if (took > 1) fail_msg("'%s' takes %.2f s", piece, took);
  end(&t);
  free(text);
}

static void large_texts_are_told_in_time(void **state) {
  (void)state;
  size_t all = HD_YAML_BYTES - 16;
  assert_in_time("", "[", all, false);
  assert_in_time("", "[[[[[[[[[[[[[[[[[[[[\n", all, false);
  assert_in_time("", "{a: ", all, false);
  assert_in_time("x: [", "a,", all, false);
  assert_in_time("", "- a\n", all, false);
  assert_in_time("", "- ", all, false);
  assert_in_time("", ": ", all, false);
  assert_in_time("", "\"", all, false);
  assert_in_time("", "? a\n", all, false);
  assert_in_time("", "---\n", all, false);
  assert_in_time("", "*a ", all, false);
  assert_in_time("a: ", "word\n ", all, true);
  assert_in_time("", "# comment\n", all, true);
  assert_in_time("a: |\n", " x\n", all, true);
  assert_in_time("x:\n", " - [a, b, c, d]\n", 1 << 20, true);
}

static void too_much_is_refused(void **state) {
  (void)state;
  trial t;
  char *text = malloc(HD_YAML_BYTES + 2);
  memset(text, ' ', HD_YAML_BYTES + 1);
  text[HD_YAML_BYTES + 1] = 0;
  begin(&t, text, HD_YAML_BYTES + 1);
  assert_null(t.root);
  end(&t);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_know_their_places), cmocka_unit_test(printed_trees_read_back),
      cmocka_unit_test(large_texts_are_told_in_time), cmocka_unit_test(too_much_is_refused)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
