/* Running programs (io/program.h), and the texts of the solver `command`: names in braces, words of a line, JSON. */
#include "base/ctx.h"
#include "io/program.h"
#include "solvers/command/command.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after those */
#include <cmocka.h>

static int set_up(void **state) {
  hd_ctx *ctx;
  if (hd_ctx_new_with(NULL, NULL, NULL, &ctx) != HD_OK) return 1;
  *state = ctx;
  return 0;
}

static int tear_down(void **state) {
  hd_ctx_free(*state);
  return 0;
}

/* -- programs ---------------------------------------------------------------------------------------------------------- */

static void follow(hd_ctx *ctx, hd_program program, const char *script, hd_program_end *end) {
  const char *const argv[] = {"sh", "-c", script, NULL};
  program.argv = argv;
  program.folder = "/";
  if (program.limit_s == 0) program.limit_s = INFINITY;
  hd_program_end_init(end, ctx);
  if (hd_program_follow(ctx, &program, end) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
}

static void outputs_codes_and_settings(void **state) {
  static const char *const settings[] = {"HEDDLE_A=1 2", "PATH=/usr/bin:/bin", NULL};
  hd_program_end end;
  follow(*state, (hd_program){.settings = settings}, "echo $HEDDLE_A; echo oops >&2; read x; exit ${#HEDDLE_A}", &end);
  assert_string_equal(hd_text_of(&end.output), "1 2\n");
  assert_string_equal(hd_text_of(&end.messages), "oops\n");
  assert_int_equal(end.exit_code, 3);
  assert_int_equal(end.signal, 0);
  assert_false(end.stopped || end.late);
  hd_program_end_free(&end);
  follow(*state, (hd_program){.together = true, .input = "/dev/null"}, "echo a; echo b >&2; kill -9 $$", &end);
  assert_string_equal(hd_text_of(&end.output), "a\nb\n");
  assert_int_equal(end.exit_code, -1);
  assert_string_equal(hd_program_signal_name(end.signal), "SIGKILL");
  hd_program_end_free(&end);
}

static void the_last_bytes_are_kept(void **state) {
  hd_program_end end;
  follow(*state, (hd_program){.most = 1000}, "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done", &end);
  assert_int_equal(end.output.length, 1000);
  assert_int_equal(end.output_lost, 10 * 2 + 90 * 3 + 900 * 4 + 2000 * 5 - 1000);
  assert_string_equal(hd_text_of(&end.output) + 990, "2998\n2999\n");
  hd_program_end_free(&end);
}

static bool at_once(void *self) { return ++*(int *)self > 2; }

static void a_program_is_ended_kindly_then_not(void **state) {
  int asked = 0;
  hd_program_end end;
  hd_program stopped = {.stopping = at_once, .stopping_self = &asked, .grace_s = 5};
  follow(*state, stopped, "trap 'echo bye; exit 4' TERM; echo on; while :; do sleep 0.05; done", &end);
  assert_true(end.stopped && !end.late);
  assert_string_equal(hd_text_of(&end.output), "on\nbye\n");
  assert_int_equal(end.exit_code, 4);
  hd_program_end_free(&end);
  follow(*state, (hd_program){.limit_s = 0.2, .grace_s = 0.3}, "trap '' TERM; while :; do sleep 0.05; done", &end);
  assert_true(end.late && !end.stopped);
  assert_int_equal(end.signal, 9);
  assert_true(end.seconds >= 0.45 && end.seconds < 4);
  hd_program_end_free(&end);
}

/* A grandchild that keeps the pipe open holds nothing up, and is ended; closing the outputs is not the end. */
static void the_end_is_that_of_the_program(void **state) {
  hd_program_end end;
  follow(*state, (hd_program){0}, "sleep 43.5 & echo $!", &end);
  assert_true(end.seconds < 4);
  assert_int_equal(end.exit_code, 0);
  hd_program_end_free(&end);
  follow(*state, (hd_program){0}, "exec >/dev/null 2>&1; sleep 0.2; exit 5", &end);
  assert_int_equal(end.exit_code, 5);
  hd_program_end_free(&end);
}

static void programs_are_found(void **state) {
  char path[HD_PATH_ROOM];
  assert_true(hd_program_find(*state, "sh", path, sizeof path));
  assert_int_equal(path[0], '/');
  assert_false(hd_program_find(*state, "no-such-program-here", path, sizeof path));
  assert_false(hd_program_find(*state, "./no/such", path, sizeof path));
}

/* -- texts --------------------------------------------------------------------------------------------------------------- */

static const char *const names[] = {"rate", "n", "label", "on"};
static const command_value values[] = {{.form = COMMAND_REAL, .real = 0.3},
                                       {.form = COMMAND_WHOLE, .whole = -5},
                                       {.form = COMMAND_TEXT, .text = "{n} \"$(x)\"\n"},
                                       {.form = COMMAND_TRUTH, .truth = true}};

static void filled(hd_ctx *ctx, command_braces braces, const char *text, const char *wanted) {
  union {
    const command_value *in;
    void *out;
  } item = {values};
  const command c = {.parameters = {item.out, names, 4}};
  hd_text out;
  hd_text_init(&out, ctx);
  command_fill(&c, 7, text, braces, &out);
  assert_string_equal(hd_text_of(&out), wanted);
  hd_text_free(&out);
}

static void names_become_values(void **state) {
  filled(*state, COMMAND_SINGLE, "--rate={rate}", "--rate=0.3");
  filled(*state, COMMAND_SINGLE, "{n}{n},{seed},{on}", "-5-5,7,true");
  filled(*state, COMMAND_SINGLE, "{{n}} {} { n } {print $1} {\"n\": 1} ${n}", "{n} {} { n } {print $1} {\"n\": 1} $-5");
  filled(*state, COMMAND_SINGLE, "{label}{rate", "{n} \"$(x)\"\n{rate");
  filled(*state, COMMAND_SINGLE, "", "");
  filled(*state, COMMAND_DOUBLE, "{n} {{n}} {{{n}}} {{ n }} {{n}", "{n} -5 {-5} {{ n }} {{n}");
}

static void unknown_names_are_found(void **state) {
  (void)state;
  const command none = {0};
  command_piece piece;
  assert_true(command_unknown(&none, "a {b} c", COMMAND_SINGLE, &piece));
  assert_memory_equal(piece.at, "b}", 2);
  assert_false(command_unknown(&none, "a {{b}} {seed} {}", COMMAND_SINGLE, &piece));
  assert_true(command_unknown(&none, "a {{b}}", COMMAND_DOUBLE, &piece));
  assert_false(command_unknown(&none, "a {b} {{seed}}", COMMAND_DOUBLE, &piece));
}

static void words_of_a_line(void **state) {
  hd_arena arena;
  const char *const *word, *wrong;
  int64_t words;
  hd_arena_init(&arena, *state);
  assert_int_equal(command_split(&arena, " a  'b c'd \"e\\\"f\\g\" h\\ i '' \n", &word, &words, &wrong), HD_OK);
  assert_null(wrong);
  static const char *const wanted[] = {"a", "b cd", "e\"f\\g", "h i", ""};
  assert_int_equal(words, 5);
  for (int i = 0; i < 5; i++) assert_string_equal(word[i], wanted[i]);
  assert_int_equal(command_split(&arena, "a 'b c", &word, &words, &wrong), HD_OK);
  assert_string_equal(wrong, "b c");
  assert_int_equal(command_split(&arena, " \t", &word, &words, &wrong), HD_OK);
  assert_int_equal(words, 0);
  assert_int_equal(command_split(&arena, "a b c d e f", &word, &words, &wrong), HD_OK);
  assert_int_equal(words, 6);
  assert_string_equal(word[5], "f");
  hd_arena_free(&arena);
}

static void expressions_are_judged(void **state) {
  (void)state;
  char wrong[100];
  assert_null(command_pattern_wrong("a = ([0-9.e+]+)", wrong, sizeof wrong));
  assert_non_null(command_pattern_wrong("a = ([0-9", wrong, sizeof wrong));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(outputs_codes_and_settings),     TEST(the_last_bytes_are_kept), TEST(a_program_is_ended_kindly_then_not),
      TEST(the_end_is_that_of_the_program), TEST(programs_are_found),      TEST(names_become_values),
      TEST(unknown_names_are_found),        TEST(words_of_a_line),         TEST(expressions_are_judged)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
