/* Check 18 of the specification: a change of road quality, every pair of categories, examples/traffic/quality-pairs.yaml as a
 * study. Far downstream the flow of each class is that of the inflow, q_i = rho_i Ve_i(rho; R1); with the gap g as the unknown
 * g = 1 - sum q_i/(Ve_i(g; R2) rho_jam), of which the state is the largest root (section 3.7).
 */
#include "base/ctx.h"
#include "io/result.h"
#include "study/workers/compute.h"
#include "study/study.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CATEGORIES = 6, PAIRS = CATEGORIES * CATEGORIES };
static const int category[CATEGORIES] = {1, 2, 3, 4, 5, 9};
static const double free_speed[2][CATEGORIES] = {{85, 70, 50, 45, 30, 50}, {75, 60, 35, 25, 10, 35}}; /* km/h */
static const double creeping[2] = {5, 0}, jam = 250, inflow[2] = {5, 2};                              /* km/h, veh/km */

static double equilibrium(int class, int quality, double gap) {
  return creeping[class] + (free_speed[class][quality] - creeping[class]) * gap;
}

/* veh/km at the right end */
static void expected(int from, int to, double rho[2]) {
  double q[2], g = 1, thin = 1 - (inflow[0] + inflow[1]) / jam;
  for (int i = 0; i < 2; i++) q[i] = inflow[i] * equilibrium(i, from, thin);
  for (int k = 0; k < 100; k++) { /* Newton from above: the function is convex */
    double f = g - 1, slope = 1;
    for (int i = 0; i < 2; i++) {
      double v = equilibrium(i, to, g);
      f += q[i] / (v * jam);
      slope -= q[i] / (v * v * jam) * (free_speed[i][to] - creeping[i]);
    }
    g -= f / slope;
  }
  for (int i = 0; i < 2; i++) rho[i] = q[i] / equilibrium(i, to, g);
}

/* The numbers printed in section 3.7 for R1 = 1. */
static void the_equations_give_the_table(void **state) {
  static const double table[][3] = {{1, 6.107046426, 2.516818826},
                                    {2, 8.684979903, 4.395709961},
                                    {3, 9.749490198, 6.230229263},
                                    {4, 15.450987547, 16.734415662}};
  (void)state;
  for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
    double rho[2];
    expected(0, (int)table[k][0], rho);
    for (int i = 0; i < 2; i++) assert_true(fabs(rho[i] - table[k][i + 1]) <= 5.1e-10);
  }
}

/* Densities of the last snapshot in the last cell, veh/km. */
static void at_the_end(hd_ctx *ctx, const char *study, int64_t member, double rho[2]) {
  char folder[HD_PATH_ROOM], path[HD_PATH_ROOM];
  hd_result *result;
  hd_array density;
  assert_int_equal(hd_member_folder(ctx, study, member, folder), HD_OK);
  assert_int_equal(hd_path_join(ctx, folder, "result.h5", path, sizeof path), HD_OK);
  if (hd_result_open(ctx, path, &result) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  assert_int_equal(hd_read(result, "density", &density), HD_OK);
  assert_int_equal(density.rank, 3);
  assert_int_equal(density.size[1], 2);
  assert_int_equal(density.size[2], 300);
  for (int i = 0; i < 2; i++) rho[i] = density.at[((density.size[0] - 1) * 2 + i) * 300 + 299] * 1e3;
  hd_result_close(result);
}

static void every_change_of_quality(void **state) {
  char folder[] = "/tmp/heddle-pairs-XXXXXX";
  hd_ctx *ctx;
  hd_case *base;
  hd_table tables[2];
  hd_study_spec spec;
  hd_study *study;
  (void)state;
  assert_non_null(mkdtemp(folder));
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  if (hd_case_load(ctx, HD_SOURCE "/examples/traffic/quality-pairs.yaml", NULL, &base) != HD_OK)
    fail_msg("%s", hd_ctx_message(ctx));
  hd_case_tables(base, tables);
  assert_int_equal(hd_study_read(&base->arena, base->tree, base->solver, tables, 2, base->notes, &spec), HD_OK);
  hd_study_options options = {.folder = folder, .workers = 2, .isolate = HD_ISOLATE_THREAD, .keep_results = true};
  assert_int_equal(hd_study_open(ctx, base, &spec, &options, NULL, 0, &study), HD_OK);
  assert_int_equal(study->count, PAIRS);
  if (hd_study_run(study) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  assert_int_equal(study->done, PAIRS);
  for (int64_t m = 0; m < PAIRS; m++) {
    int from = (int)(m / CATEGORIES), to = (int)(m % CATEGORIES);
    double rho[2], is[2], tolerance = from == 0 && to == 4 ? 2e-6 : 1e-8;
    expected(from, to, rho);
    at_the_end(ctx, folder, m, is);
    for (int i = 0; i < 2; i++)
      if (!(fabs(is[i] - rho[i]) <= tolerance * rho[i]))
        fail_msg("%d -> %d, class %d: %.12g instead of %.12g (%.2g)", category[from], category[to], i, is[i], rho[i],
                 is[i] / rho[i] - 1);
  }
  hd_study_close(study);
  hd_case_free(base);
  assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_equations_give_the_table),
                                     cmocka_unit_test(every_change_of_quality)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
