/* Inputs set through heddle.h are rows of the result; `replay: RESULT` plays them back to the same digest.
 * hd-link-shared */
#include "heddle/heddle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PLUGIN HD_BUILD "/tests/plugins/push.so"

static const char *const plugins[] = {PLUGIN};

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static hd_run *open_run(hd_ctx *ctx, const char *file) {
  hd_options options = {.plugin = plugins, .plugin_count = 1};
  hd_run *run;
  if (hd_open(ctx, file, &options, &run) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  return run;
}

static void inputs_are_stored_and_played_back(void **state) {
  (void)state;
  char folder[] = "/tmp/heddle-replay-XXXXXX", scenario[128], again[128], text[512], digest[2][33], command[160];
  hd_ctx *ctx;
  hd_array x;
  assert_non_null(mkdtemp(folder));
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  snprintf(scenario, sizeof scenario, "%s/push.yaml", folder);
  snprintf(again, sizeof again, "%s/again.yaml", folder);
  write_file(scenario, "solver: push\ntime: {end: 10 s, steps: 10}\noutput: {snapshots: 3}\n");
  snprintf(text, sizeof text, "inherits: push.yaml\nreplay: played.out/result.h5\n");
  write_file(again, text);

  hd_run *run = open_run(ctx, scenario);
  double first[] = {1, 2}, second = -3;
  assert_int_equal(hd_set(run, "force", 1, 2, first), HD_OK); /* before the first step */
  assert_int_equal(hd_advance(run, 4), HD_OK);
  assert_int_equal(hd_set(run, "force", 3, 1, &second), HD_OK);
  assert_int_equal(hd_advance(run, INFINITY), HD_OK);
  assert_int_equal(hd_get(run, "x", &x), HD_OK);
  assert_true(x.at[0] == 0 && x.at[1] == 10 && x.at[2] == 20 && x.at[3] == -18);
  assert_int_equal(hd_set(run, "force", 4, 1, &second), HD_ERR_INPUT); /* there are four elements */
  snprintf(text, sizeof text, "%s/played.out", folder);
  assert_int_equal(hd_write(run, text), HD_OK);
  assert_int_equal(hd_digest(run, digest[0]), HD_OK);
  hd_close(run);

  run = open_run(ctx, again);
  assert_int_equal(hd_advance(run, INFINITY), HD_OK);
  assert_int_equal(hd_get(run, "x", &x), HD_OK);
  assert_true(x.at[1] == 10 && x.at[3] == -18);
  assert_int_equal(hd_digest(run, digest[1]), HD_OK);
  assert_string_equal(digest[0], digest[1]);
  hd_close(run);
  hd_ctx_free(ctx);
  snprintf(command, sizeof command, "rm -r %s", folder);
  assert_int_equal(system(command), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(inputs_are_stored_and_played_back)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
