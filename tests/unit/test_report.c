/* The report: every part is there, every text is escaped, nothing is loaded or run, absent pictures are said. */
#include "base/text.h"
#include "io/plot.h"
#include "io/report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD "<script>alert('x')</script>\"&'\xff"

static hd_ctx *ctx_new(void) {
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  return ctx;
}

static void put_file(hd_ctx *ctx, const char *folder, const char *name, const char *text) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  assert_int_equal(hd_file_write(ctx, path, text, strlen(text), false), HD_OK);
}

static int count(const char *text, const char *what) {
  int n = 0;
  for (; (text = strstr(text, what)) != NULL; text++) n++;
  return n;
}

static void a_full_report_is_whole_and_harmless(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  char folder[] = "/tmp/heddle-report-XXXXXX", figures[64], *page;
  size_t size;
  assert_non_null(mkdtemp(folder));
  snprintf(figures, sizeof figures, "%s/figures", folder);
  assert_int_equal(hd_folder_make(ctx, figures), HD_OK);
  put_file(ctx, figures, "lines.svg",
           "<svg viewBox=\"0 0 780 330\">\n<g id=\"gnuplot_canvas\">\n<defs>\n<circle id='gpPt5' r='1'/>\n</defs>\n"
           "<g fill=\"none\" color=\"black\" stroke=\"black\">\n<use xlink:href='#gpPt5'/>\n<text>a ]]> "
           "b</text>\n</g>\n</g>\n</svg>\n");
  put_file(ctx, figures, "map.png", "\x89PNG\r\n\x1a\n");
  const hd_report_entry measures[] = {{"travel_time@cars", NULL, 312.5, "s", BAD},
                                      {"drift", NULL, -3.25e-15, "1", NULL},
                                      {"queue", NULL, NAN, "m", NULL}};
  const hd_report_entry provenance[] = {{"compiler", BAD, 0, NULL, NULL}, {"seconds", NULL, 2, "s", NULL}};
  const char *const said[] = {BAD}, *const column[] = {"part", "at"}, *const cell[] = {"fibre 12", "3.2 ms", BAD, NULL};
  const bool number[] = {false, true};
  const hd_report_table table = {"Parts that failed", BAD, column, number, cell, 2, 2};
  const hd_report_figure drawn[] = {{"lines", BAD, BAD}, {"map", "Map", NULL}, {"absent", "Growth", NULL}};
  const hd_report_link link = {"result.h5", BAD};
  const hd_report report = {.title = BAD,
                            .solver = "traffic",
                            .doc = BAD,
                            .banner = BAD,
                            .state = "done",
                            .measures = measures,
                            .measure_count = 3,
                            .facts = provenance + 1,
                            .fact_count = 1,
                            .provenance = provenance,
                            .provenance_count = 2,
                            .warnings = said,
                            .warning_count = 1,
                            .errors = said,
                            .error_count = 1,
                            .tables = &table,
                            .table_count = 1,
                            .figures = drawn,
                            .figure_count = 3,
                            .links = &link,
                            .link_count = 1,
                            .commands = said,
                            .command_count = 1,
                            .figure_folder = "figures",
                            .scenario = "a: " BAD,
                            .digest = "0123abcd"};
  if (hd_report_write(ctx, &report, folder) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  char path[128];
  snprintf(path, sizeof path, "%s/report.html", folder);
  assert_int_equal(hd_file_read(ctx, path, 1 << 20, &page, &size), HD_OK);
  assert_non_null(strstr(page, "default-src 'none'"));
  assert_null(strstr(page, "<script"));
  assert_null(strstr(page, "src=\"http"));
  assert_null(strchr(page, '\xff'));
  assert_int_equal(count(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;&#39;?"), 15);
  static const char *const parts[] = {"312.5",
                                      "title=\"-3.25",
                                      "\xE2\x88\x92"
                                      "3.25\xE2\x80\x89\xC3\x97\xE2\x80\x89"
                                      "10<sup>\xE2\x88\x92"
                                      "15</sup>",
                                      "id='f0-gpPt5'",
                                      "xlink:href='#f0-gpPt5'",
                                      "a ]]&gt; b",
                                      "data:image/png;base64,iVBORw0KGgo=",
                                      "not drawn",
                                      "href=\"figures/absent.dat\"",
                                      "fibre 12",
                                      "0123abcd",
                                      "<details>",
                                      "prefers-color-scheme:dark",
                                      "@media print"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (!strstr(page, parts[i])) fail_msg("the report lacks %s", parts[i]);
  assert_int_equal(count(page, "<table"), count(page, "</table>"));
  assert_int_equal(count(page, "<div"), count(page, "</div>"));
  assert_int_equal(count(page, "<svg"), 1);
  hd_memory_give(ctx, page, size + 1);
  assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
  hd_ctx_free(ctx);
}

/* Full points of one size and colour become one path; made twice, a picture is the same as made once. */
static void crowds_of_points_are_one_path(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  static const char raw[] =
      "<svg viewBox=\"0 0 9 9\">\n<g id=\"gnuplot_canvas\">\n<g fill=\"none\" color=\"black\" stroke=\"black\">\n"
      "<use xlink:href='#gpPt6' transform='translate(1,2) scale(2.00)' color='rgb(  0, 114, 178)'/>\n"
      "<use xlink:href='#gpPt6' transform='translate(3,4) scale(2.00)' color='rgb(  0, 114, 178)'/>\n"
      "<use xlink:href='#gpPt6' transform='translate(5,6) scale(2.00)' color='rgb(  0,   0,   0)'/>\n"
      "<use xlink:href='#gpPt5' transform='translate(7,8) scale(2.00)' color='rgb(  0, 114, "
      "178)'/>\n</g>\n</g>\n</svg>\n";
  hd_text once, twice;
  hd_text_init(&once, ctx);
  hd_text_init(&twice, ctx);
  hd_plot_svg(&once, raw, "t", NULL);
  hd_plot_svg(&twice, hd_text_of(&once), "t", NULL);
  assert_string_equal(hd_text_of(&once), hd_text_of(&twice));
  assert_non_null(strstr(hd_text_of(&once), "stroke='rgb(  0, 114, 178)' stroke-width='4.444' d='M1,2h0M3,4h0'/>"));
  assert_non_null(strstr(hd_text_of(&once), "stroke='currentColor' stroke-width='4.444' d='M5,6h0'/>"));
  assert_non_null(strstr(hd_text_of(&once), "<use xlink:href='#gpPt5' transform='translate(7,8)"));
  hd_text_free(&once);
  hd_text_free(&twice);
  hd_ctx_free(ctx);
}

static void an_empty_report_has_no_empty_parts(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  char folder[] = "/tmp/heddle-report-XXXXXX", path[128], *page;
  size_t size;
  assert_non_null(mkdtemp(folder));
  const hd_report report = {.title = "Empty", .solver = "traffic"};
  assert_int_equal(hd_report_write(ctx, &report, folder), HD_OK);
  snprintf(path, sizeof path, "%s/report.html", folder);
  assert_int_equal(hd_file_read(ctx, path, 1 << 20, &page, &size), HD_OK);
  static const char *const absent[] = {"<h2>", "<table>", "<figure>", "<pre>", "class=\"warn", "class=\"bad"};
  for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) assert_null(strstr(page, absent[i]));
  hd_memory_give(ctx, page, size + 1);
  assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
  hd_ctx_free(ctx);
}

static void numbers_are_written_as_people_do(void **state) {
  (void)state;
  hd_ctx *ctx = ctx_new();
  const struct {
    double value;
    const char *text;
  } pairs[] = {{0, "0"},
               {-0.0, "0"},
               {1234567,
                "1.23457\xE2\x80\x89\xC3\x97\xE2\x80\x89"
                "10<sup>6</sup>"},
               {0.1, "0.1"},
               {-2,
                "\xE2\x88\x92"
                "2"},
               {NAN, "\xE2\x80\x93"},
               {INFINITY, "inf"},
               {1e-100,
                "1\xE2\x80\x89\xC3\x97\xE2\x80\x89"
                "10<sup>\xE2\x88\x92"
                "100</sup>"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    hd_text text;
    hd_text_init(&text, ctx);
    hd_report_number(&text, pairs[i].value);
    assert_string_equal(hd_text_of(&text), pairs[i].text);
    hd_text_free(&text);
  }
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_full_report_is_whole_and_harmless), cmocka_unit_test(crowds_of_points_are_one_path),
      cmocka_unit_test(an_empty_report_has_no_empty_parts), cmocka_unit_test(numbers_are_written_as_people_do)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
