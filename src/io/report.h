/* report.html: one self-contained file for people. No scripts, nothing from the network, light and dark, phone and print.
 *
 * It takes a plain struct of texts and numbers, so that a run and a study fill it alike. Empty parts are left out.
 */
#ifndef HD_IO_REPORT_H
#define HD_IO_REPORT_H

#include "base/ctx.h"
#include "heddle/solver.h"

/* A named number or text: a measure, a fact, an entry of the provenance. */
typedef struct hd_report_entry {
  const char *name, *text; /* text: shown instead of the number, unless NULL */
  double number;
  const char *unit; /* NULL or "1": none */
  const char *doc;  /* one line; NULL: none */
} hd_report_entry;

/* Any table: members of a study, failed parts. Cells are texts, row after row; NULL: empty. */
typedef struct hd_report_table {
  const char *title, *doc;   /* doc: a line below the title; NULL: none */
  const char *const *column; /* [columns] */
  const bool *number;        /* [columns]: set to the right; NULL: none */
  const char *const *cell;   /* [rows][columns] */
  int64_t columns, rows;
} hd_report_table;

/* A drawn figure: NAME.svg or NAME.png in the folder of figures. If there is neither (no gnuplot) its data are linked. */
typedef struct hd_report_figure {
  const char *name, *title, *doc;
} hd_report_figure;

typedef struct hd_report_link {
  const char *path, *doc;
} hd_report_link; /* relative to the report */

typedef struct hd_report {
  const char *title;        /* of the scenario */
  const char *solver, *doc; /* what was run */
  const char *banner;       /* compat or preset: shown at the top; NULL: none */
  const char *state;        /* "done in 1.2 s", "stopped at 12 s of 60 s; heddle resume x.out goes on" */
  bool failed;              /* the state is bad news */
  const hd_report_entry *measures, *facts, *provenance;
  const char *const *warnings;
  const char *const *errors;
  const hd_report_table *tables, *late_tables; /* late: behind the figures */
  const hd_report_figure *figures;
  const hd_report_link *links;
  const char *const *commands; /* how to repeat, one a line */
  int64_t measure_count, fact_count, provenance_count, warning_count, error_count, table_count,
      late_table_count, figure_count, link_count, command_count;
  const char *figure_folder; /* from the report's folder: "figures" */
  const char *scenario;      /* the resolved case as YAML; folded */
  const char *digest;
} hd_report;

/* Writes folder/report.html whole. */
hd_status hd_report_write(hd_ctx *ctx, const hd_report *report, const char *folder);

/* -- the pieces (report_parts.c), for pages of other shapes; texts are escaped in all of them */

void hd_report_begin(hd_text *page, const char *title);
void hd_report_end(hd_text *page);
void hd_report_heading(hd_text *page, const char *title, const char *doc);
void hd_report_entries(hd_text *page, const char *title, const hd_report_entry *entry, int64_t count);
void hd_report_add_table(hd_text *page, const hd_report_table *table);
void hd_report_notes(hd_text *page, const char *kind, const char *title, const char *const *note, int64_t count);
void hd_report_code(hd_text *page, const char *title, const char *code, bool folded);
/* `folder` holds NAME.svg or NAME.png; `href` is that folder as seen from the page. Figure `index` of the page. */
hd_status hd_report_add_figure(hd_ctx *ctx, hd_text *page, const hd_report_figure *figure, int64_t index,
                               const char *folder, const char *href);
/* A number as people write it: "1.25 × 10⁻³", with six digits. */
void hd_report_number(hd_text *page, double value);

#endif
