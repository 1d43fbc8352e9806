/* Convergence: orders of known errors, grids restricted to coarser ones, norms. */
#include "base/ctx.h"
#include "study/converge/orders.h"
#include "study/converge/profiles.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void near_to(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g instead of %.17g", value, expected);
}

/* -- orders ------------------------------------------------------------------------------------------------------------ */

static void errors_that_are_a_power_have_its_order(void **state) {
  (void)state;
  const double h[] = {0.1, 0.05, 0.02, 0.001}; /* ratios need not be equal */
  for (double p = -1.5; p < 6; p += 0.75) {
    double error[4], order[4];
    hd_orders o;
    for (int i = 0; i < 4; i++) error[i] = 3.7 * pow(h[i], p);
    hd_orders_of(h, error, 4, false, order, &o);
    assert_true(isnan(order[0]));
    for (int i = 1; i < 4; i++) near_to(order[i], p, 1e-12);
    near_to(o.mean, p, 1e-12);
    near_to(o.mean_error, 0, 1e-12);
    near_to(o.fit, p, 1e-12);
    near_to(o.fit_error, 0, 1e-7);
  }
}

/* u(h) = u + 3 h^p; differences of neighbours, by Richardson, whatever the ratios are. */
static void differences_have_the_order_of_what_they_are_taken_from(void **state) {
  (void)state;
  const double even[] = {0.4, 0.2, 0.1, 0.05, 0.025}, uneven[] = {0.4, 0.2, 0.08, 0.05, 0.01};
  for (double p = 0.5; p < 5; p += 0.5)
    for (int which = 0; which < 2; which++) {
      const double *h = which ? uneven : even;
      double error[5], order[5];
      hd_orders o;
      for (int i = 0; i < 4; i++) error[i] = 3 * (pow(h[i], p) - pow(h[i + 1], p));
      error[4] = NAN;
      hd_orders_of(h, error, 5, true, order, &o);
      for (int i = 1; i < 4; i++) near_to(order[i], p, 1e-9);
      assert_true(isnan(order[0]) && isnan(order[4]));
      near_to(o.mean, p, 1e-9);
    }
}

static void uncertainty_is_the_standard_error(void **state) {
  (void)state;
  /* log2 errors 0, -1.1, -1.9, -3: orders 1.1, .8, 1.1; slope and its error by hand (numpy.polyfit agrees) */
  const double h[] = {1, 0.5, 0.25, 0.125};
  const double error[] = {1, pow(2, -1.1), pow(2, -1.9), pow(2, -3)};
  double order[4];
  hd_orders o;
  hd_orders_of(h, error, 4, false, order, &o);
  near_to(order[2], 0.8, 1e-12);
  near_to(o.mean, 1, 1e-12);
  near_to(o.mean_error, 0.1, 1e-12);
  near_to(o.fit, 0.98, 1e-12);
  near_to(o.fit_error, sqrt(0.018 / 2 / 5), 1e-12);
}

static void what_has_no_order_is_not_a_number(void **state) {
  (void)state;
  const double h[] = {0.2, 0.1, 0.1, NAN}, error[] = {1, 0, 2, 3};
  double order[4];
  hd_orders o;
  hd_orders_of(h, error, 4, false, order, &o);
  for (int i = 0; i < 4; i++) assert_true(isnan(order[i]));
  assert_true(isnan(o.mean) && isnan(o.mean_error) && isnan(o.fit_error));
  const double two[] = {4, 1};
  hd_orders_of(h, two, 2, false, order, &o);
  near_to(order[1], 2, 1e-12);
  near_to(o.fit, 2, 1e-12);
  assert_true(isnan(o.mean_error) && isnan(o.fit_error)); /* one pair has no spread */
}

/* -- grids ------------------------------------------------------------------------------------------------------------- */

enum { MOST = 64 };

typedef struct grid {
  double at[MOST], width[MOST];
} grid;

/* Cells of 0 .. 6, of equal width or growing. */
static hd_profile_axis cells(grid *g, int64_t n, bool width) {
  for (int64_t i = 0; i < n; i++) {
    g->width[i] = 6.0 / (double)n;
    g->at[i] = ((double)i + 0.5) * g->width[i];
  }
  return (hd_profile_axis){.dim = "cell", .size = n, .at = g->at, .width = width ? g->width : NULL, .unit = "m"};
}

static hd_profile_axis points(grid *g, int64_t n) {
  for (int64_t i = 0; i < n; i++) g->at[i] = 6.0 * (double)i / (double)(n - 1);
  return (hd_profile_axis){.dim = "node", .size = n, .at = g->at, .unit = "m"};
}

static void cells_are_averaged_points_are_taken(void **state) {
  hd_arena *arena = *state;
  static const double six[] = {1, 3, 5, 9, 2, 4}, five[] = {1, 7, 3, 8, 5}, three[] = {0, 0, 0};
  grid fine, coarse;
  for (int width = 0; width < 2; width++) {
    hd_profile f = {.name = "u", .rank = 1, .at = six}, c = {.name = "u", .rank = 1, .at = three}, r;
    f.axis[0] = cells(&fine, 6, width);
    c.axis[0] = cells(&coarse, 3, width);
    assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_OK);
    near_to(r.at[0], 2, 1e-15);
    near_to(r.at[1], 7, 1e-15);
    near_to(r.at[2], 3, 1e-15);
    assert_int_equal(r.axis[0].size, 3);
    c.axis[0] = cells(&coarse, 2, width); /* three fine cells in a coarse one: its middle is a fine middle, too */
    assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_OK);
    near_to(r.at[0], 3, 1e-15);
    near_to(r.at[1], 5, 1e-15);
  }
  hd_profile f = {.name = "u", .rank = 1, .at = five}, c = {.name = "u", .rank = 1, .at = three}, r;
  f.axis[0] = points(&fine, 5);
  c.axis[0] = points(&coarse, 3);
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_OK);
  assert_true(r.at[0] == 1 && r.at[1] == 3 && r.at[2] == 5);
}

/* Uneven cells: weights are their widths. */
static void averages_weigh_by_width(void **state) {
  hd_arena *arena = *state;
  static const double at[] = {0.5, 2.5}, width[] = {1, 3}, value[] = {8, 4}, middle[] = {2}, all[] = {4}, zero[] = {0};
  hd_profile f = {.name = "u", .rank = 1, .axis = {{"cell", 2, at, width, "m"}}, .at = value}, r;
  hd_profile c = {.name = "u", .rank = 1, .axis = {{"cell", 1, middle, all, "m"}}, .at = zero};
  int64_t left_out;
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_OK);
  near_to(r.at[0], 5, 1e-15);
  near_to(hd_profile_distance(&c, &r, HD_NORM_L1, &left_out), 20, 1e-13);
  near_to(hd_profile_distance(&c, &r, HD_NORM_L2, &left_out), 10, 1e-13);
  near_to(hd_profile_distance(&c, &r, HD_NORM_MAX, &left_out), 5, 1e-13);
}

static void two_axes_are_restricted_one_after_the_other(void **state) {
  hd_arena *arena = *state;
  double value[4 * 6];
  static const double zero[2 * 3];
  grid y, x, Y, X;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 6; j++) value[i * 6 + j] = 10 * i + j;
  hd_profile f = {.name = "u", .rank = 2, .at = value}, c = {.name = "u", .rank = 2, .at = zero}, r;
  f.axis[0] = cells(&y, 4, true);
  f.axis[1] = cells(&x, 6, false);
  c.axis[0] = cells(&Y, 2, true);
  c.axis[1] = cells(&X, 3, false);
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_OK);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++) near_to(r.at[i * 3 + j], 10 * (2 * i + 0.5) + 2 * j + 0.5, 1e-13);
}

static void grids_that_do_not_fit_are_refused(void **state) {
  hd_arena *arena = *state;
  static const double value[6];
  grid fine, coarse;
  hd_profile f = {.name = "u", .rank = 1, .at = value}, c = {.name = "u", .rank = 1, .at = value}, r;
  f.axis[0] = cells(&fine, 6, true);
  c.axis[0] = cells(&coarse, 4, true);
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_ERR_INPUT);
  c.axis[0] = cells(&coarse, 3, true);
  coarse.at[1] += 0.01; /* another grid of as many cells */
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_ERR_INPUT);
  f.axis[0].at = NULL; /* without positions only equal lengths can be compared */
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_ERR_INPUT);
  c.axis[0] = (hd_profile_axis){.dim = "body", .size = 6};
  assert_int_equal(hd_profile_restrict(arena, &f, &c, &r), HD_OK);
}

static void norms(void **state) {
  hd_arena *arena = *state;
  static const double a[] = {1, NAN, 3, 4}, b[] = {2, 5, 1, 4};
  grid g;
  int64_t left_out;
  const char *unit;
  hd_profile p = {.name = "u", .unit = "veh/m", .rank = 1, .at = a}, q = {.name = "u", .rank = 1, .at = b};
  p.axis[0] = q.axis[0] = cells(&g, 4, true);
  near_to(hd_profile_distance(&p, &q, HD_NORM_L1, &left_out), 4.5, 1e-14);
  assert_int_equal(left_out, 1);
  near_to(hd_profile_distance(&p, &q, HD_NORM_L2, &left_out), sqrt(7.5), 1e-14);
  near_to(hd_profile_distance(&p, &q, HD_NORM_MAX, &left_out), 2, 1e-14);
  assert_int_equal(hd_profile_norm_unit(arena, &p, HD_NORM_L1, &unit), HD_OK);
  assert_string_equal(unit, "veh");
  p.unit = "m/s";
  assert_int_equal(hd_profile_norm_unit(arena, &p, HD_NORM_L1, &unit), HD_OK);
  assert_string_equal(unit, "m/s m");
  assert_int_equal(hd_profile_norm_unit(arena, &p, HD_NORM_MAX, &unit), HD_OK);
  assert_string_equal(unit, "m/s");
  p.axis[0] = q.axis[0] = (hd_profile_axis){.dim = "body", .size = 4}; /* a mean, where there are no positions */
  near_to(hd_profile_distance(&p, &q, HD_NORM_L1, &left_out), 0.75, 1e-14);
}

static int set_up(void **state) {
  static hd_arena arena;
  hd_ctx *ctx;
  if (hd_ctx_new(&ctx) != HD_OK) return 1;
  hd_arena_init(&arena, ctx);
  *state = &arena;
  return 0;
}

static int tear_down(void **state) {
  hd_arena *arena = *state;
  hd_ctx *ctx = arena->ctx;
  hd_arena_free(arena);
  hd_ctx_free(ctx);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(errors_that_are_a_power_have_its_order),
                                     cmocka_unit_test(differences_have_the_order_of_what_they_are_taken_from),
                                     cmocka_unit_test(uncertainty_is_the_standard_error),
                                     cmocka_unit_test(what_has_no_order_is_not_a_number),
                                     cmocka_unit_test(cells_are_averaged_points_are_taken),
                                     cmocka_unit_test(averages_weigh_by_width),
                                     cmocka_unit_test(two_axes_are_restricted_one_after_the_other),
                                     cmocka_unit_test(grids_that_do_not_fit_are_refused),
                                     cmocka_unit_test(norms)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
