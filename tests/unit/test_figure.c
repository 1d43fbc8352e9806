/* Figures as descriptions: what is refused, colours, ranges, and thinned data. */
#include "gallery.h"
#include "io/gnuplot.h"
#include "io/plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static hd_ctx *ctx_new(void) {
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  return ctx;
}

static const hd_axis none = {.low = NAN, .high = NAN};

static void wrong_marks_are_bugs_with_a_name(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  hd_figure *f;
  double v[3] = {1, 2, 3}, zigzag[3] = {1, 3, 2};
  assert_int_equal(hd_figure_new(ctx, "profiles", "Title", NULL, &f), HD_OK);
  assert_int_equal(hd_add(f, (hd_mark){.shape = HD_LINE, .x = v, .y = v, .nx = 3}), HD_ERR_BUG);
  assert_non_null(strstr(hd_ctx_message(ctx), "figure profiles"));
  assert_non_null(strstr(hd_ctx_message(ctx), "before the first panel"));
  assert_int_equal(hd_panel(f, "p", none, none, none, false), HD_OK);
  const struct {
    hd_mark mark;
    const char *says;
  } wrong[] = {
      {{.shape = HD_LINE, .y = v, .nx = 3}, "without x"},
      {{.shape = HD_POINTS, .x = v, .nx = 3}, "without y"},
      {{.shape = HD_BAND, .x = v, .y = v, .nx = 3}, "without z"},
      {{.shape = HD_DISCS, .x = v, .y = v, .nx = 3}, "without z"},
      {{.shape = HD_IMAGE, .x = v, .y = v, .nx = 3, .ny = 3}, "without z"},
      {{.shape = HD_IMAGE, .x = zigzag, .z = v, .nx = 3, .ny = 1}, "neither rises nor falls"},
      {{.shape = HD_IMAGE, .z = v, .nx = 3, .ny = 1, .right = true}, "second y axis"},
      {{.shape = HD_RULE, .x = v, .y = v, .nx = 3}, "for x or for y"},
      {{.shape = HD_RULE, .nx = 3}, "for x or for y"},
      {{.shape = HD_BARS, .x = v, .y = v, .z = v, .nx = 3}, "means nothing"},
      {{.shape = HD_LINE, .x = v, .y = v, .nx = -1}, "negative length"},
      {{.shape = (hd_shape)99, .x = v, .y = v, .nx = 3}, "no known shape"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(hd_add(f, wrong[i].mark), HD_ERR_BUG);
    assert_non_null(strstr(hd_ctx_message(ctx), wrong[i].says));
    assert_non_null(strstr(hd_ctx_message(ctx), "figure profiles, panel 1"));
  }
  assert_int_equal(f->marks, 0);
  hd_axis back = {.low = 2, .high = 1}, log_zero = {.log = true, .low = 0, .high = NAN},
          log = {.log = true, .low = NAN, .high = NAN};
  assert_int_equal(hd_panel(f, "p", back, none, none, false), HD_ERR_BUG);
  assert_int_equal(hd_panel(f, "p", log_zero, none, none, false), HD_ERR_BUG);
  assert_int_equal(hd_panel(f, "p", log, none, none, true), HD_ERR_BUG);
  assert_int_equal(f->panels, 1);
  hd_figure_free(f);
  hd_ctx_free(ctx);
}

static void names_of_files_are_safe(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  hd_figure *f;
  static const char *const bad[] = {"", "..", "-o", "a/b", "a b", "a'b", "a\nb", "\xC3\xA4", NULL};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(hd_figure_new(ctx, bad[i], "t", NULL, &f), HD_ERR_BUG);
    assert_null(f);
  }
  assert_int_equal(hd_figure_new(ctx, "density-0001.a_B", "t", NULL, &f), HD_OK);
  hd_figure_free(f);
  hd_ctx_free(ctx);
}

static void arrays_and_texts_are_copied(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  hd_figure *f;
  double x[2] = {1, 2};
  char label[] = "cars";
  assert_int_equal(hd_figure_new(ctx, "a", "t", NULL, &f), HD_OK);
  assert_int_equal(hd_panel(f, label, none, none, none, false), HD_OK);
  assert_int_equal(hd_add(f, (hd_mark){.shape = HD_LINE, .label = label, .x = x, .y = x, .nx = 2}), HD_OK);
  x[0] = 99;
  label[0] = 'b';
  assert_true(f->mark[0].x[0] == 1 && f->mark[0].y[0] == 1);
  assert_string_equal(f->mark[0].label, "cars");
  assert_string_equal(f->panel[0].title, "cars");
  hd_figure_free(f);
  hd_ctx_free(ctx);
}

static void a_label_keeps_its_colour(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  hd_figure *f;
  double v[2] = {1, 2};
  int colour[8];
  assert_int_equal(hd_figure_new(ctx, "a", "t", NULL, &f), HD_OK);
  hd_mark m = {.shape = HD_LINE, .x = v, .y = v, .nx = 2};
#define ADD(name, how) m.label = name, m.look = how, assert_int_equal(hd_add(f, m), HD_OK)
  hd_panel(f, "one", none, none, none, false);
  ADD("cars", HD_SOLID);
  ADD("exact", HD_DASHED); /* of the cars */
  ADD("motorcycles", HD_SOLID);
  ADD(NULL, HD_FAINT); /* of the motorcycles */
  hd_panel(f, "two", none, none, none, false);
  ADD("motorcycles", HD_SOLID);
  ADD(NULL, HD_SOLID); /* its own */
  m.shape = HD_RULE, m.y = NULL;
  ADD("signal", HD_SOLID);
#undef ADD
  hd_plot_colours(f, colour);
  const int want[7] = {0, 0, 1, 1, 1, 2, HD_PLOT_GREY};
  for (int i = 0; i < 7; i++) assert_int_equal(colour[i], want[i]);
  hd_figure_free(f);
  hd_ctx_free(ctx);
}

static void range_of(hd_ctx *ctx, hd_axis axis, hd_shape shape, const double *y, int64_t n, hd_plot_range *out) {
  hd_figure *f;
  double x[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  hd_plot_range range[HD_PLOT_AXES];
  assert_int_equal(hd_figure_new(ctx, "a", "t", NULL, &f), HD_OK);
  assert_int_equal(hd_panel(f, NULL, none, axis, none, false), HD_OK);
  assert_int_equal(hd_add(f, (hd_mark){.shape = shape, .x = x, .y = y, .nx = n}), HD_OK);
  hd_plot_ranges(f, f->panel, range);
  *out = range[HD_PLOT_Y];
  hd_figure_free(f);
}

static void ranges_hold_the_data_and_are_never_empty(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  hd_plot_range r;
  hd_axis log = {.log = true, .low = NAN, .high = NAN}, fixed = {.low = 2, .high = NAN};
  const double up[4] = {1, NAN, 10, 5}, near[3] = {100, 101, 102}, same[3] = {5, 5, 5}, zero[3] = {0, 0, 0};
  const double minus[3] = {-1, 0, NAN}, decades[3] = {0, 1e-12, 3e-9}, huge[3] = {-1e308, INFINITY, 1e308},
               one[1] = {1e-299};
  range_of(ctx, none, HD_LINE, up, 4, &r);
  assert_true(r.low == 0 && r.high > 10 && r.high < 11 && r.values == 3);
  range_of(ctx, none, HD_LINE, near, 3, &r);
  assert_true(r.low > 99 && r.low < 100 && r.high > 102 && r.high < 103);
  range_of(ctx, none, HD_BARS, near, 3, &r);
  assert_true(r.low == 0 && r.high > 102);
  range_of(ctx, none, HD_LINE, same, 3, &r);
  assert_true(r.low < 5 && r.high > 5);
  range_of(ctx, none, HD_LINE, zero, 3, &r);
  assert_true(r.low == -1 && r.high == 1);
  range_of(ctx, none, HD_LINE, zero, 0, &r);
  assert_true(r.low == 0 && r.high == 1 && r.values == 0);
  range_of(ctx, log, HD_LINE, minus, 3, &r);
  assert_true(r.low == 1 && r.high == 10 && r.values == 0);
  range_of(ctx, log, HD_LINE, decades, 3, &r);
  assert_true(r.low == 1e-12 && r.high == 5e-9 && r.values == 2);
  range_of(ctx, log, HD_LINE, one, 1, &r);
  assert_true(r.low > 0 && r.low < r.high);
  range_of(ctx, none, HD_LINE, huge, 3, &r);
  assert_true(isfinite(r.low) && isfinite(r.high) && r.low < r.high);
  range_of(ctx, fixed, HD_LINE, minus, 3, &r);
  assert_true(r.low == 2 && r.high > 2);
  hd_ctx_free(ctx);
}

static void long_lines_keep_their_peaks_and_gaps(void **state) {
  (void)state;
  enum { N = 100000 };
  double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y);
  int64_t *keep = malloc(N * sizeof *keep);
  for (int i = 0; i < N; i++) {
    x[i] = i;
    y[i] = i % 7;
  }
  y[31415] = 1e6;
  y[27182] = -1e6;
  y[60000] = NAN;
  int64_t n = hd_plot_thin_line(x, y, N, keep);
  bool peak = false, pit = false, gap = false;
  for (int64_t k = 0; k < n; k++) {
    assert_true(k == 0 || keep[k] > keep[k - 1]);
    peak = peak || keep[k] == 31415;
    pit = pit || keep[k] == 27182;
    gap = gap || keep[k] == 60000;
  }
  assert_true(peak && pit && gap && n <= 10000 && keep[0] == 0 && keep[n - 1] == N - 1);
  x[5] = -3; /* a curve that turns back is left as it is */
  assert_int_equal(hd_plot_thin_line(x, y, N, keep), N);
  free(keep);
  free(y);
  free(x);
}

static void images_are_averaged(void **state) {
  (void)state;
  const double z[2][5] = {{1, 3, NAN, NAN, 9}, {1, 3, NAN, 7, 9}};
  double out[6];
  int64_t nx, ny;
  hd_image_reduce(&z[0][0], 5, 2, 3, 1, out, &nx, &ny);
  assert_int_equal(nx, 3);
  assert_int_equal(ny, 1);
  assert_true(out[0] == 2 && out[1] == 7 && out[2] == 9);
  hd_image_reduce(&z[0][0], 5, 1, 5, 5, out, &nx, &ny);
  assert_true(nx == 5 && ny == 1 && out[0] == 1 && isnan(out[2]) && out[4] == 9);
}

/* Rows at 0, 1, 4: the picture is true to scale, whichever way the axis runs. */
static void unequal_rows_are_drawn_to_scale(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  const double up[3] = {0, 1, 4}, down[3] = {4, 1, 0}, z[3] = {10, 20, 30};
  for (int turn = 0; turn < 2; turn++) {
    hd_figure *f;
    hd_plot_image image;
    assert_int_equal(hd_figure_new(ctx, "a", "t", NULL, &f), HD_OK);
    assert_int_equal(hd_panel(f, NULL, none, none, none, false), HD_OK);
    assert_int_equal(hd_add(f, (hd_mark){.shape = HD_IMAGE, .y = turn ? down : up, .z = z, .nx = 1, .ny = 3}), HD_OK);
    assert_int_equal(hd_plot_image_make(f, f->mark, &image), HD_OK);
    assert_int_equal(image.nx, 2); /* gnuplot refuses one */
    assert_true(image.ny > 3);
    for (int64_t j = 0; j < image.ny; j++) { /* edges are at -0.5, 0.5, 2.5, 5.5 */
      double at = image.y0 + (double)j * image.dy;
      int cell = at < 0.5 ? 0 : at < 2.5 ? 1 : 2;
      assert_true(image.at[j * 2] == (float)z[turn ? 2 - cell : cell]);
      assert_true(image.at[j * 2 + 1] == image.at[j * 2]);
    }
    hd_plot_image_free(f, &image);
    hd_figure_free(f);
  }
  hd_ctx_free(ctx);
}

static void units_are_written_as_people_do(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  static const char *const pairs[][2] = {{"veh/km", "veh/km"},
                                         {"um^2", "\xC2\xB5m\xC2\xB2"},
                                         {"1", ""},
                                         {NULL, ""},
                                         {"cm2", "cm\xC2\xB2"},
                                         {"Msun/pc^3", "M\xE2\x98\x89/pc\xC2\xB3"},
                                         {"s^-1", "s\xE2\x81\xBB\xC2\xB9"},
                                         {"deg", "\xC2\xB0"},
                                         {"V/mA", "V/mA"},
                                         {"1/s", "1/s"},
                                         {"mu", "mu"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    hd_text text;
    hd_text_init(&text, ctx);
    hd_plot_unit(&text, pairs[i][0]);
    assert_string_equal(hd_text_of(&text), pairs[i][1]);
    hd_text_free(&text);
  }
  hd_ctx_free(ctx);
}

static hd_status draw_some(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)result;
  return frame == 99 ? HD_OK : hd_panel(figure, "p", none, none, none, false);
}

static void frames_are_numbered_and_nothing_is_no_figure(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  hd_figure *f;
  const hd_drawing drawing = {"density", "Density", "doc", 0, draw_some};
  assert_int_equal(hd_figure_make(ctx, &drawing, NULL, -1, "compat: x", &f), HD_OK);
  assert_string_equal(f->name, "density");
  assert_string_equal(f->note, "compat: x");
  hd_figure_free(f);
  assert_int_equal(hd_figure_make(ctx, &drawing, NULL, 0, NULL, &f), HD_OK);
  assert_string_equal(f->name, "density-0001");
  hd_figure_free(f);
  assert_int_equal(hd_figure_make(ctx, &drawing, NULL, 99, NULL, &f), HD_ERR_MISSING);
  assert_null(f);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_marks_are_bugs_with_a_name),
                                     cmocka_unit_test(names_of_files_are_safe),
                                     cmocka_unit_test(arrays_and_texts_are_copied),
                                     cmocka_unit_test(frames_are_numbered_and_nothing_is_no_figure),
                                     cmocka_unit_test(a_label_keeps_its_colour),
                                     cmocka_unit_test(ranges_hold_the_data_and_are_never_empty),
                                     cmocka_unit_test(long_lines_keep_their_peaks_and_gaps),
                                     cmocka_unit_test(images_are_averaged),
                                     cmocka_unit_test(unequal_rows_are_drawn_to_scale),
                                     cmocka_unit_test(units_are_written_as_people_do)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
