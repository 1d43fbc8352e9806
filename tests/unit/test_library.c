/* heddle/heddle.h: open, advance, read, set, write, close; several contexts at once; errors that help. */
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

#define RED_LIGHT HD_SOURCE "/examples/traffic/red-light.yaml"

static hd_ctx *context(void) {
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  return ctx;
}

static void a_run_in_five_lines(void **state) {
  (void)state;
  hd_ctx *ctx = context();
  hd_run *run;
  hd_array cars, all;
  assert_int_equal(hd_open(ctx, RED_LIGHT, NULL, &run), HD_OK);
  assert_int_equal(hd_advance(run, 20), HD_OK);
  assert_true(hd_position(run) == 20);
  assert_false(hd_done(run));
  assert_int_equal(hd_get(run, "density@cars", &cars), HD_OK);
  assert_int_equal(cars.rank, 1);
  assert_int_equal(cars.size[0], 200);
  assert_string_equal(cars.unit, "veh/m");
  double at_the_line = cars.at[199];
  assert_true(at_the_line > 0.05); /* a queue stands there */
  assert_int_equal(hd_get(run, "density", &all), HD_OK);
  assert_int_equal(all.rank, 2);
  assert_true(all.at[399] == at_the_line);
  double steps;
  assert_int_equal(hd_measure_value(run, "steps", &steps), HD_OK);
  assert_true(steps > 10);
  hd_close(run);
  hd_close(NULL);
  hd_ctx_free(ctx);
}

static void contexts_do_not_know_each_other(void **state) {
  (void)state;
  hd_ctx *one = context(), *two = context();
  hd_run *fast, *slow;
  char digest[2][33];
  const char *set[] = {"road.cells=50", "time.end=30 s"};
  hd_options options = {.set = set, .set_count = 2};
  assert_int_equal(hd_open(one, RED_LIGHT, &options, &fast), HD_OK);
  assert_int_equal(hd_open(two, RED_LIGHT, &options, &slow), HD_OK);
  assert_int_equal(hd_advance(fast, INFINITY), HD_OK);
  for (double t = 0; t <= 30; t += 1) assert_int_equal(hd_advance(slow, t), HD_OK); /* rows are due there anyway */
  assert_true(hd_done(fast) && hd_done(slow));
  assert_int_equal(hd_digest(fast, digest[0]), HD_OK);
  assert_int_equal(hd_digest(slow, digest[1]), HD_OK);
  assert_string_equal(digest[0], digest[1]);
  hd_close(fast);
  hd_ctx_free(one);
  hd_close(slow);
  hd_ctx_free(two);
}

static void results_are_written(void **state) {
  (void)state;
  hd_ctx *ctx = context();
  hd_run *run;
  char folder[] = "/tmp/heddle-library-XXXXXX", path[128];
  const char *set[] = {"time.end=10 s", "output.figures=[]"};
  hd_options options = {.set = set, .set_count = 2, .threads = 2};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(hd_open(ctx, RED_LIGHT, &options, &run), HD_OK);
  assert_int_equal(hd_write(run, folder), HD_ERR_INPUT); /* not done yet */
  assert_non_null(strstr(hd_ctx_message(ctx), "not done"));
  assert_int_equal(hd_advance(run, INFINITY), HD_OK);
  assert_int_equal(hd_write(run, folder), HD_OK);
  snprintf(path, sizeof path, "%s/result.h5", folder);
  assert_int_equal(remove(path), 0);
  hd_close(run);
  hd_ctx_free(ctx);
  snprintf(path, sizeof path, "rm -r %s", folder);
  assert_int_equal(system(path), 0);
}

static void errors_help(void **state) {
  (void)state;
  hd_ctx *ctx = context();
  hd_run *run;
  hd_array array;
  double value = 1;
  const char *wrong[] = {"road.cels=3"};
  hd_options options = {.set = wrong, .set_count = 1};
  assert_int_equal(hd_open(ctx, "nowhere.yaml", NULL, &run), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(ctx), "nowhere.yaml"));
  assert_int_equal(hd_open(ctx, RED_LIGHT, &options, &run), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(ctx), "cells"));
  assert_int_equal(hd_open(ctx, RED_LIGHT, NULL, &run), HD_OK);
  assert_int_equal(hd_get(run, "densty", &array), HD_ERR_INPUT);
  assert_int_equal(hd_get(run, "density@lorries", &array), HD_ERR_INPUT);
  assert_int_equal(hd_set(run, "density", 0, 1, &value), HD_ERR_INPUT); /* no input */
  assert_int_equal(hd_measure_value(run, "nothing", &value), HD_ERR_INPUT);
  hd_close(run);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_run_in_five_lines),
                                     cmocka_unit_test(contexts_do_not_know_each_other),
                                     cmocka_unit_test(results_are_written), cmocka_unit_test(errors_help)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
