/* Fixed sums: the stated tree, the same bits at every x86-64 level and at every width; minimum; tally. */
#include "par/sum.h"

#include "base/isa.h"
#include "par/exec.h"
#include "par/sum_inside.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 5000 };

/* Numbers of very different size and sign, so that another order gives other bits. */
static void fill(double *x, int64_t n, uint64_t seed) {
  for (int64_t i = 0; i < n; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    x[i] = ldexp((double)(int64_t)(seed >> 11) - 4503599627370496.0, (int)(seed >> 58) - 80);
  }
}

/* The tree as sum.h states it, in the plainest code. */
static double plain(const double *x, const double *y, int64_t n) {
  if (n > HD_LEAF) {
    int64_t left = HD_LEAF;
    while (left * 2 < n) left *= 2;
    return plain(x, y, left) + plain(x + left, y ? y + left : NULL, n - left);
  }
  double lane[HD_LANES] = {0};
  for (int64_t i = 0; i < n; i++) lane[i % HD_LANES] += y ? x[i] * y[i] : x[i];
  return hd_sum_lanes(lane);
}

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static void the_tree_is_the_stated_one_at_every_level(void **state) {
  (void)state;
  double *x = malloc(MOST * sizeof *x), *y = malloc(MOST * sizeof *y);
  fill(x, MOST, 1);
  fill(y, MOST, 2);
  int64_t naive_differs = 0;
  for (int64_t n = 0; n < MOST; n += n < 600 ? 1 : 37) {
    double expected = plain(x + 1, NULL, n), products = plain(x + 1, y, n), naive = 0;
    for (int64_t i = 0; i < n; i++) naive += x[i + 1];
    naive_differs += !same_bits(naive, expected);
    assert_true(same_bits(hd_sum_tree_v2(x + 1, n), expected));
    assert_true(same_bits(hd_sum_tree_products_v2(x + 1, y, n), products));
    if (hd_isa_of_cpu() >= HD_ISA_V3) {
      assert_true(same_bits(hd_sum_tree_v3(x + 1, n), expected));
      assert_true(same_bits(hd_sum_tree_products_v3(x + 1, y, n), products));
    }
    if (hd_isa_of_cpu() >= HD_ISA_V4) {
      assert_true(same_bits(hd_sum_tree_v4(x + 1, n), expected));
      assert_true(same_bits(hd_sum_tree_products_v4(x + 1, y, n), products));
    }
    assert_true(same_bits(hd_sum_values(x + 1, n), expected));
  }
  assert_true(naive_differs > 300); /* the numbers do tell one order from another */
  free(x);
  free(y);
}

static void minimum_lets_not_a_number_through(void **state) {
  (void)state;
  double *x = malloc(MOST * sizeof *x);
  fill(x, MOST, 3);
  assert_true(hd_min_values(x, 0) == (double)INFINITY);
  for (int64_t n = 1; n < 300; n++) {
    double least = x[0];
    for (int64_t i = 1; i < n; i++) least = x[i] < least ? x[i] : least;
    assert_true(hd_min_values(x, n) == least);
    assert_true(hd_min_tree_v2(x, n) == least);
    for (int64_t bad = 0; bad < n; bad += 7) {
      double kept = x[bad];
      x[bad] = (double)NAN;
      assert_true(isnan(hd_min_values(x, n)));
      assert_true(isnan(hd_min_tree_v2(x, n)));
      x[bad] = kept;
    }
  }
  double inf[2] = {(double)INFINITY, (double)INFINITY};
  assert_true(hd_min_values(inf, 2) == (double)INFINITY);
  free(x);
}

/* 10^6 x 0.1: a plain loop is off by more than 1e-7, the tree by less than 1e-9. */
static void the_tree_is_more_accurate_than_a_loop(void **state) {
  (void)state;
  int64_t n = 1000000;
  double *x = malloc((size_t)n * sizeof *x), loop = 0;
  for (int64_t i = 0; i < n; i++) loop += x[i] = 0.1;
  assert_true(fabs(loop - 1e5) > 1e-7);
  assert_true(fabs(hd_sum_values(x, n) - 1e5) < 1e-9);
  hd_tally tally = {0};
  for (int64_t i = 0; i < n; i++) hd_tally_add(&tally, x[i]);
  assert_true(fabs(hd_tally_total(&tally) - 1e5) < 2e-11);
  free(x);
}

static void the_tally_keeps_what_a_sum_loses(void **state) {
  (void)state;
  hd_tally tally = {0};
  static const double x[] = {1, 1e100, 1, -1e100};
  for (int i = 0; i < 4; i++) hd_tally_add(&tally, x[i]);
  assert_true(hd_tally_total(&tally) == 2);
}

static hd_status block_sum(hd_run *run, int64_t block, void *arg) {
  double *const *of = arg;
  (void)run;
  of[1][block] = hd_sum_values(of[0] + 10 * block, 10 + block % 5);
  return HD_OK;
}

static int many_cores(void *self, hd_ctx *ctx) { return (void)self, (void)ctx, 64; }

static void sums_over_blocks_are_the_same_at_every_width(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  double *x = malloc(MOST * sizeof *x), of_block[400], first = 0;
  fill(x, MOST, 4);
  static const int widths[] = {1, 2, 3, 5, 8};
  for (int w = 0; w < 5; w++) {
    hd_run run = {.ctx = ctx};
    hd_threads os = hd_threads_system();
    os.cores = many_cores;
    assert_int_equal(hd_exec_new_with(ctx, &os, widths[w], 0, &run.exec), HD_OK);
    hd_exec_cost(run.exec, (double)INFINITY);
    double *of[2] = {x, of_block};
    memset(of_block, 0, sizeof of_block);
    assert_int_equal(hd_for_blocks(&run, 400, block_sum, of), HD_OK);
    double sum = hd_sum(&run, of_block, 400), least = hd_min(&run, of_block, 400);
    if (w == 0) first = sum;
    assert_true(same_bits(sum, first));
    assert_true(least == hd_min_values(of_block, 400));
    hd_exec_free(run.exec);
  }
  free(x);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_tree_is_the_stated_one_at_every_level), cmocka_unit_test(minimum_lets_not_a_number_through),
      cmocka_unit_test(the_tree_is_more_accurate_than_a_loop), cmocka_unit_test(the_tally_keeps_what_a_sum_loses),
      cmocka_unit_test(sums_over_blocks_are_the_same_at_every_width)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
