/* The pieces of a page: head, headings, tables, notes, code, figures. Every text is escaped; nothing is loaded from anywhere,
 * and the page forbids scripts to itself. */
#include "io/plot.h"
#include "io/report.h"
#include "io/report_style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SVG_MOST = 3 << 20, PNG_MOST = 8 << 20 }; /* bytes of a picture that go into the page */

static void put(hd_text *page, const char *before, const char *text, const char *after) {
  hd_print(page, "%s", before);
  hd_plot_escape(page, text);
  hd_print(page, "%s", after);
}

void hd_report_begin(hd_text *page, const char *title) {
  hd_print(page,
           "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
           "img-src data:\">\n");
  put(page, "<title>", title, "</title>\n");
  hd_print(page, "<style>\n%s@media screen and (prefers-color-scheme:dark){%s}\n</style>\n</head>\n<body>\n<main>\n",
           hd_report_style, hd_plot_night);
}

void hd_report_end(hd_text *page) { hd_print(page, "</main>\n</body>\n</html>\n"); }

void hd_report_heading(hd_text *page, const char *title, const char *doc) {
  put(page, "<h2>", title, "</h2>\n");
  if (doc && doc[0]) put(page, "<p class=\"soft\">", doc, "</p>\n");
}

void hd_report_number(hd_text *page, double value) {
  hd_text plain;
  hd_text_init(&plain, page->ctx);
  hd_plot_number(&plain, value, 6);
  const char *text = hd_text_of(&plain), *e = strchr(text, 'e');
  if (isnan(value)) hd_print(page, "\xE2\x80\x93"); /* a dash: not defined here */
  else if (!e) hd_print(page, "%s%s", *text == '-' ? "\xE2\x88\x92" : "", *text == '-' ? text + 1 : text);
  else {
    hd_print(page,
             "%s%.*s\xE2\x80\x89\xC3\x97\xE2\x80\x89"
             "10<sup>",
             *text == '-' ? "\xE2\x88\x92" : "", (int)(e - text) - (*text == '-'), text + (*text == '-'));
    e += 1 + (e[1] == '+');
    if (*e == '-') hd_print(page, "\xE2\x88\x92"), e++;
    while (*e == '0' && e[1]) e++;
    hd_print(page, "%s</sup>", e);
  }
  page->failed = page->failed || plain.failed;
  hd_text_free(&plain);
}

static void put_unit(hd_text *page, const char *before, const char *unit, const char *after) {
  hd_text shown;
  hd_text_init(&shown, page->ctx);
  hd_plot_unit(&shown, unit);
  put(page, before, hd_text_of(&shown), after);
  page->failed = page->failed || shown.failed;
  hd_text_free(&shown);
}

/* `aligned`: numbers stand in a column of their own, the units in another. */
static void entry_row(hd_text *page, const hd_report_entry *entry, bool aligned) {
  put(page, "<tr><td class=\"name\">", entry->name, "</td>");
  if (entry->text) {
    put(page, "<td>", entry->text, "");
  } else {
    hd_print(page, aligned ? "<td class=\"number\" title=\"" : "<td title=\"");
    hd_plot_number(page, entry->number, 17);
    hd_print(page, "\">");
    hd_report_number(page, entry->number);
    put_unit(page, aligned ? "</td><td class=\"unit\">" : " ", entry->unit, "");
  }
  put(page, "</td><td class=\"doc\">", entry->doc, "</td></tr>\n");
}

void hd_report_entries(hd_text *page, const char *title, const hd_report_entry *entry, int64_t count) {
  bool aligned = true;
  if (!count) return;
  for (int64_t i = 0; i < count; i++) aligned = aligned && !entry[i].text;
  hd_report_heading(page, title, NULL);
  hd_print(page, "<div class=\"scroll\"><table>\n<tbody>\n");
  for (int64_t i = 0; i < count; i++) entry_row(page, &entry[i], aligned);
  hd_print(page, "</tbody>\n</table></div>\n");
}

void hd_report_add_table(hd_text *page, const hd_report_table *table) {
  if (!table->rows) return;
  if (table->title) hd_report_heading(page, table->title, table->doc);
  hd_print(page, "<div class=\"scroll\"><table>\n<thead><tr>");
  for (int64_t c = 0; c < table->columns; c++)
    put(page, table->number && table->number[c] ? "<th class=\"number\">" : "<th>", table->column[c], "</th>");
  hd_print(page, "</tr></thead>\n<tbody>\n");
  for (int64_t r = 0; r < table->rows; r++) {
    hd_print(page, "<tr>");
    for (int64_t c = 0; c < table->columns; c++)
      put(page, table->number && table->number[c] ? "<td class=\"number\">" : "<td>",
          table->cell[r * table->columns + c], "</td>");
    hd_print(page, "</tr>\n");
  }
  hd_print(page, "</tbody>\n</table></div>\n");
}

void hd_report_notes(hd_text *page, const char *kind, const char *title, const char *const *note, int64_t count) {
  if (!count) return;
  hd_print(page, "<div class=\"%s box\">", kind);
  put(page, "<b>", title, "</b>\n<ul>\n");
  for (int64_t i = 0; i < count; i++) put(page, "<li>", note[i], "</li>\n");
  hd_print(page, "</ul></div>\n");
}

void hd_report_code(hd_text *page, const char *title, const char *code, bool folded) {
  if (!code || !code[0]) return;
  if (folded) put(page, "<details><summary>", title, "</summary>\n");
  else if (title) hd_report_heading(page, title, NULL);
  put(page, "<pre>", code, "</pre>\n");
  if (folded) hd_print(page, "</details>\n");
}

static void base64(hd_text *out, const char *data, size_t size) {
  static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *at = (const unsigned char *)data;
  for (size_t i = 0; i < size; i += 3) {
    unsigned left = size - i > 2 ? 3 : (unsigned)(size - i);
    unsigned bits = (unsigned)at[i] << 16 | (left > 1 ? (unsigned)at[i + 1] << 8 : 0) | (left > 2 ? at[i + 2] : 0u);
    char four[4] = {letter[bits >> 18], letter[bits >> 12 & 63], left > 1 ? letter[bits >> 6 & 63] : '=',
                    left > 2 ? letter[bits & 63] : '='};
    hd_text_add(out, four, 4);
  }
}

/* The file if it is there and not larger than the page can bear; else *data stays NULL. */
static hd_status picture(hd_ctx *ctx, const char *folder, const char *name, const char *end, size_t most, char **data,
                         size_t *size) {
  char file[300], path[HD_PATH_ROOM];
  hd_file_info info;
  *data = NULL;
  snprintf(file, sizeof file, "%s%s", name, end);
  HD_TRY(hd_path_join(ctx, folder, file, path, sizeof path));
  if (ctx->files.info(ctx->files.self, path, &info) < 0 || !info.exists || info.folder) return HD_OK;
  if (info.size <= 0 || (uint64_t)info.size > most) return HD_OK;
  return hd_file_read(ctx, path, most, data, size);
}

static void figure_link(hd_text *page, const char *href, const char *name, const char *end, const char *what) {
  put(page, " <a class=\"file\" href=\"", href, "/");
  hd_plot_escape(page, name);
  hd_print(page, "%s\">%s</a>", end, what);
}

hd_status hd_report_add_figure(hd_ctx *ctx, hd_text *page, const hd_report_figure *figure, int64_t index,
                               const char *folder, const char *href) {
  char *svg = NULL, *png = NULL, id[32];
  size_t svg_size = 0, png_size = 0;
  HD_TRY(picture(ctx, folder, figure->name, ".svg", SVG_MOST, &svg, &svg_size));
  hd_status status = svg ? HD_OK : picture(ctx, folder, figure->name, ".png", PNG_MOST, &png, &png_size);
  hd_print(page, "<figure>\n<div class=\"scroll\">");
  snprintf(id, sizeof id, "f%lld-", (long long)index);
  if (svg) hd_plot_svg(page, svg, figure->title, id);
  else if (png) {
    const unsigned char *size =
        (const unsigned char *)png + 16; /* of the picture's first chunk; drawn at twice its size */
    if (png_size > 20)
      hd_print(page, "<img width=\"%u\" ",
               ((unsigned)size[0] << 24 | (unsigned)size[1] << 16 | (unsigned)size[2] << 8 | size[3]) / 2);
    else hd_print(page, "<img ");
    hd_print(page, "src=\"data:image/png;base64,");
    base64(page, png, png_size);
    put(page, "\" alt=\"", figure->title, "\">");
  } else {
    put(page, "<p><b>", figure->title, "</b>: not drawn (is gnuplot installed?)</p>");
  }
  hd_print(page, "</div>\n");
  put(page, "<figcaption>", figure->doc, "\n");
  if (svg) figure_link(page, href, figure->name, ".svg", "SVG");
  if (png) figure_link(page, href, figure->name, ".png", "PNG");
  figure_link(page, href, figure->name, ".dat", "data");
  figure_link(page, href, figure->name, ".gp", "script");
  hd_print(page, "</figcaption>\n</figure>\n");
  hd_memory_give(ctx, svg, svg_size + 1);
  hd_memory_give(ctx, png, png_size + 1);
  return status;
}
