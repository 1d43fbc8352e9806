/* The order of a report's parts: what went wrong first, then numbers, figures, and last how to repeat it. */
#include "io/report.h"

#include "io/plot.h"

static void put(hd_text *page, const char *before, const char *text, const char *after) {
  if (!text || !text[0]) return;
  hd_print(page, "%s", before);
  hd_plot_escape(page, text);
  hd_print(page, "%s", after);
}

static void head(hd_text *page, const hd_report *report) {
  hd_report_begin(page, report->title);
  put(page, "<p class=\"kind\">heddle \xC2\xB7 ", report->solver, "</p>\n");
  put(page, "<h1>", report->title, "</h1>\n");
  put(page, "<p>", report->doc, "</p>\n");
  put(page, report->failed ? "<p class=\"state bad\">" : "<p class=\"state\">", report->state, "</p>\n");
  put(page, "<div class=\"note box\"><b>", report->banner, "</b></div>\n");
  hd_report_notes(page, "bad", "What failed", report->errors, report->error_count);
  hd_report_notes(page, "warn", "Warnings", report->warnings, report->warning_count);
}

static hd_status figures(hd_ctx *ctx, hd_text *page, const hd_report *report, const char *folder) {
  char path[HD_PATH_ROOM];
  if (!report->figure_count) return HD_OK;
  const char *href = report->figure_folder ? report->figure_folder : ".";
  HD_TRY(hd_path_join(ctx, folder, href, path, sizeof path));
  hd_report_heading(page, "Figures", NULL);
  for (int64_t i = 0; i < report->figure_count; i++)
    HD_TRY(hd_report_add_figure(ctx, page, &report->figures[i], i, path, href));
  return HD_OK;
}

static void tail(hd_text *page, const hd_report *report) {
  hd_report_code(page, "The scenario, resolved", report->scenario, true);
  hd_report_entries(page, "Where it comes from", report->provenance, report->provenance_count);
  put(page, "<p>Digest of the result: <code>", report->digest, "</code></p>\n");
  if (report->command_count) {
    hd_report_heading(page, "To repeat it", NULL);
    hd_print(page, "<pre>");
    for (int64_t i = 0; i < report->command_count; i++) put(page, "", report->commands[i], "\n");
    hd_print(page, "</pre>\n");
  }
  if (report->link_count) {
    hd_report_heading(page, "Files beside this page", NULL);
    hd_print(page, "<ul class=\"files\">\n");
    for (int64_t i = 0; i < report->link_count; i++) {
      put(page, "<li><a href=\"", report->links[i].path, "\"><code>");
      put(page, "", report->links[i].path, "</code></a>");
      put(page, " <span class=\"soft\">", report->links[i].doc, "</span>");
      hd_print(page, "</li>\n");
    }
    hd_print(page, "</ul>\n");
  }
  hd_report_end(page);
}

hd_status hd_report_write(hd_ctx *ctx, const hd_report *report, const char *folder) {
  char path[HD_PATH_ROOM];
  hd_text page;
  hd_text_init(&page, ctx);
  head(&page, report);
  hd_report_entries(&page, "Measures", report->measures, report->measure_count);
  hd_report_entries(&page, "Facts of the case", report->facts, report->fact_count);
  for (int64_t i = 0; i < report->table_count; i++) hd_report_add_table(&page, &report->tables[i]);
  hd_status status = figures(ctx, &page, report, folder);
  if (status == HD_OK) {
    for (int64_t i = 0; i < report->late_table_count; i++) hd_report_add_table(&page, &report->late_tables[i]);
    tail(&page, report);
    status = hd_text_status(&page);
  }
  if (status == HD_OK) status = hd_path_join(ctx, folder, "report.html", path, sizeof path);
  if (status == HD_OK) status = hd_file_write(ctx, path, hd_text_of(&page), page.length, false);
  hd_text_free(&page);
  return hd_while(ctx, status, "writing the report");
}
