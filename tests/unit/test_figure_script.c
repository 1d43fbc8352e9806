/* Scripts and data of the gallery against the texts in tests/data/figures. After a wanted change of looks:
 * HEDDLE_UPDATE=1 build/release/tests/unit_test_figure_script, then look at the pictures before committing. */
#include "base/text.h"
#include "gallery.h"
#include "io/gnuplot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void same_text(hd_ctx *ctx, const hd_figure *f, const char *end, const hd_text *text) {
  char path[512], *want;
  size_t size;
  snprintf(path, sizeof path, "%s/figures/%s%s", HD_TEST_DATA, f->name, end);
  if (getenv("HEDDLE_UPDATE")) assert_int_equal(hd_file_write(ctx, path, hd_text_of(text), text->length, false), HD_OK);
  assert_int_equal(hd_file_read(ctx, path, 1 << 20, &want, &size), HD_OK);
  assert_string_equal(hd_text_of(text), want);
  hd_memory_give(ctx, want, size + 1);
}

static void the_gallery_reads_as_it_did(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_figure *all[] = {gallery_lines(ctx), gallery_maps(ctx),  gallery_points(ctx), gallery_bars(ctx),
                      gallery_discs(ctx), gallery_empty(ctx), gallery_hostile(ctx)};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    hd_text script, data;
    hd_text_init(&script, ctx);
    hd_text_init(&data, ctx);
    assert_int_equal(hd_figure_script(all[i], &script), HD_OK);
    assert_int_equal(hd_figure_data(all[i], &data), HD_OK);
    same_text(ctx, all[i], ".gp", &script);
    same_text(ctx, all[i], ".dat", &data);
    hd_text_free(&script);
    hd_text_free(&data);
    hd_figure_free(all[i]);
  }
  hd_ctx_free(ctx);
}

/* No quote, line break or backquote of a user's text ends a string of the script: outside strings stand only these. */
static void hostile_texts_stay_inside_quotes(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_figure *f = gallery_hostile(ctx);
  hd_text script;
  hd_text_init(&script, ctx);
  assert_int_equal(hd_figure_script(f, &script), HD_OK);
  bool inside = false, comment = false;
  char outside[65536];
  size_t n = 0;
  for (const char *c = hd_text_of(&script); *c; c++) {
    if (*c == '#' && !inside) comment = true;
    if (*c == '\n') {
      assert_false(inside);
      comment = false;
    }
    if (comment) continue;
    if (*c == '\'') inside = !inside;
    else if (!inside && n < sizeof outside - 1) outside[n++] = *c;
    assert_true((unsigned char)*c >= ' ' || *c == '\n');
  }
  outside[n] = 0;
  assert_null(strstr(outside, "system"));
  assert_null(strstr(outside, "touch"));
  assert_null(strchr(outside, '`'));
  assert_null(strchr(outside, '@'));
  hd_text_free(&script);
  hd_figure_free(f);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_gallery_reads_as_it_did),
                                     cmocka_unit_test(hostile_texts_stay_inside_quotes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
