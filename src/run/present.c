#include "run/present.h"

#include "base/text.h"
#include "io/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIGURES_MAX = 64 };

/* -- figures --------------------------------------------------------------------------------------------------------- */

static const hd_drawing *drawing_named(const hd_solver *solver, const char *name) {
  for (const hd_drawing *d = solver->figures; d && d->name; d++)
    if (!strcmp(d->name, name)) return d;
  return NULL;
}

static hd_status unknown_figure(hd_ctx *ctx, const hd_solver *solver, const char *name) {
  hd_text known;
  hd_text_init(&known, ctx);
  for (const hd_drawing *d = solver->figures; d && d->name; d++) hd_print(&known, " %s", d->name);
  hd_status status =
      hd_raise(ctx, HD_ERR_INPUT, "%s has no figure '%s'; it draws%s", solver->name, name, hd_text_of(&known));
  hd_text_free(&known);
  return status;
}

/* The drawings that are wanted: those named, or the standard ones. */
static hd_status choose(hd_ctx *ctx, const hd_solver *solver, const char *const *names, int64_t count,
                        const hd_drawing *chosen[FIGURES_MAX], int64_t *chosen_count) {
  int64_t n = 0;
  for (const hd_drawing *d = solver->figures; !names && d && d->name && n < FIGURES_MAX; d++)
    if (!(d->flags & HD_ASKED)) chosen[n++] = d;
  for (int64_t i = 0; names && i < count && n < FIGURES_MAX; i++) {
    chosen[n] = drawing_named(solver, names[i]);
    if (!chosen[n]) return unknown_figure(ctx, solver, names[i]);
    n++;
  }
  *chosen_count = n;
  return HD_OK;
}

/* A drawing that has nothing to show for this case (HD_ERR_MISSING) is left out. */
static hd_status make_all(hd_ctx *ctx, const hd_result *result, const hd_drawing *const *chosen, int64_t count,
                          hd_figure *figure[FIGURES_MAX], int64_t *made) {
  const char *compat = hd_result_text(result, "", "compat");
  char note[160];
  snprintf(note, sizeof note, "compat: %s", compat ? compat : "");
  for (int64_t i = 0; i < count; i++) {
    if (chosen[i]->flags & HD_FRAMES) continue;
    hd_status status = hd_figure_make(ctx, chosen[i], result, -1, compat ? note : NULL, &figure[*made]);
    if (status == HD_ERR_MISSING) continue;
    if (status != HD_OK) return hd_while(ctx, status, "describing the figure %s", chosen[i]->name);
    ++*made;
  }
  return HD_OK;
}

/* The frames of an animation, some at a time, until there is nothing more to show. */
static hd_status draw_frames(hd_ctx *ctx, const hd_drawing *drawing, const hd_result *result, unsigned formats,
                             const char *figures, bool *drawn) {
  enum { TOGETHER = 16 };
  hd_status status = HD_OK, made = HD_OK;
  for (int64_t first = 0; status == HD_OK && made == HD_OK; first += TOGETHER) {
    hd_figure *figure[TOGETHER];
    int64_t n = 0;
    for (; n < TOGETHER && made == HD_OK; n += made == HD_OK)
      made = hd_figure_make(ctx, drawing, result, first + n, NULL, &figure[n]);
    status = made == HD_OK || made == HD_ERR_MISSING ? HD_OK : made;
    if (status == HD_OK && n)
      status = hd_figures_draw(ctx, (const hd_figure *const *)figure, n, figures, formats, drawn);
    for (int64_t i = 0; i < n; i++) hd_figure_free(figure[i]);
  }
  return status;
}

hd_status hd_result_draw(hd_ctx *ctx, const hd_solver *solver, const hd_result *result, const char *const *names,
                         int64_t count, unsigned formats, const char *folder, bool *drawn) {
  const hd_drawing *chosen[FIGURES_MAX];
  hd_figure *figure[FIGURES_MAX];
  char figures[HD_PATH_ROOM];
  int64_t chosen_count = 0, made = 0;
  *drawn = false;
  HD_TRY(choose(ctx, solver, names, count, chosen, &chosen_count));
  if (!chosen_count) return HD_OK;
  HD_TRY(hd_path_join(ctx, folder, "figures", figures, sizeof figures));
  hd_status status = make_all(ctx, result, chosen, chosen_count, figure, &made);
  if (status == HD_OK && made)
    status = hd_figures_draw(ctx, (const hd_figure *const *)figure, made, figures, formats, drawn);
  for (int64_t i = 0; i < chosen_count && status == HD_OK; i++)
    if (chosen[i]->flags & HD_FRAMES) status = draw_frames(ctx, chosen[i], result, formats, figures, drawn);
  for (int64_t i = 0; i < made; i++) hd_figure_free(figure[i]);
  return hd_while(ctx, status, "drawing figures into %s", figures);
}

/* -- the report ------------------------------------------------------------------------------------------------------ */

/* The parts of a report that are made here and live in one arena. */
typedef struct report_parts {
  hd_arena arena;
  hd_report report;
  hd_report_table failed;
} report_parts;

static const char *measure_doc(const hd_solver *solver, const char *name) {
  size_t length = strcspn(name, "@");
  for (const hd_measure *m = solver->measures; m && m->name; m++)
    if (strlen(m->name) == length && !memcmp(m->name, name, length)) return m->doc;
  return NULL;
}

static hd_status measures_of(report_parts *parts, const hd_solver *solver, const hd_result *result) {
  const char *name, *unit;
  double value;
  int64_t count = 0;
  void *memory;
  while (hd_result_measure(result, count, &value, &unit)) count++;
  HD_TRY(hd_arena_take(&parts->arena, sizeof(hd_report_entry) * (size_t)(count + 1), &memory));
  hd_report_entry *entry = memory;
  for (int64_t i = 0; (name = hd_result_measure(result, i, &value, &unit)); i++)
    entry[i] = (hd_report_entry){.name = name, .number = value, .unit = unit, .doc = measure_doc(solver, name)};
  parts->report.measures = entry;
  parts->report.measure_count = count;
  return HD_OK;
}

/* What hd_outcome_collect writes under /provenance and people want to see. */
static hd_status provenance_of(report_parts *parts, const hd_result *result) {
  static const struct {
    const char *name, *unit;
    bool text;
  } shown[] = {{"heddle", NULL, true},        {"compiler", NULL, true},       {"isa", NULL, true},
               {"scenario_file", NULL, true}, {"identity", NULL, true},       {"threads", NULL, false},
               {"resumed", NULL, false},      {"predicted_time", "s", false}, {"stepping_time", "s", false},
               {"step_rate", "1/s", false},   {"cpu_time", "s", false}};
  enum { SHOWN = sizeof shown / sizeof *shown };
  void *memory;
  HD_TRY(hd_arena_take(&parts->arena, sizeof(hd_report_entry) * SHOWN, &memory));
  hd_report_entry *entry = memory;
  for (int i = 0; i < SHOWN; i++) {
    entry[i] = (hd_report_entry){.name = shown[i].name, .unit = shown[i].unit};
    if (shown[i].text) entry[i].text = hd_result_text(result, "provenance", shown[i].name);
    else entry[i].number = hd_result_number(result, "provenance", shown[i].name);
  }
  parts->report.provenance = entry;
  parts->report.provenance_count = SHOWN;
  return HD_OK;
}

static hd_status print_cell(report_parts *parts, const char **cell, const char *fmt, double number) {
  char text[64], *kept;
  int n = snprintf(text, sizeof text, fmt, number);
  HD_TRY(hd_arena_text(&parts->arena, text, (size_t)n, &kept));
  *cell = kept;
  return HD_OK;
}

static hd_status failed_parts(report_parts *parts, const hd_result *result) {
  static const char *const columns[] = {"part", "number", "at", "reason"};
  static const bool numbers[] = {false, true, true, false};
  const hd_result_part *failed;
  int64_t count = hd_result_failed(result, &failed);
  void *memory;
  if (!count) return HD_OK;
  HD_TRY(hd_arena_take(&parts->arena, sizeof(char *) * 4 * (size_t)count, &memory));
  const char **cell = memory;
  for (int64_t i = 0; i < count; i++) {
    cell[4 * i] = failed[i].dim;
    HD_TRY(print_cell(parts, &cell[4 * i + 1], "%.0f", (double)failed[i].index));
    HD_TRY(print_cell(parts, &cell[4 * i + 2], "%.6g", failed[i].at));
    cell[4 * i + 3] = failed[i].text;
  }
  parts->failed = (hd_report_table){.title = "Failed parts",
                                    .doc = "The others are not touched by these.",
                                    .column = columns,
                                    .number = numbers,
                                    .cell = cell,
                                    .columns = 4,
                                    .rows = count};
  parts->report.tables = &parts->failed;
  parts->report.table_count = 1;
  return HD_OK;
}

static hd_status warnings(report_parts *parts, const hd_result *result) {
  const hd_said *said;
  int64_t count = hd_result_warnings(result, &said);
  void *memory;
  HD_TRY(hd_arena_take(&parts->arena, sizeof(char *) * (size_t)(count + 1), &memory));
  const char **text = memory;
  for (int64_t i = 0; i < count; i++) text[i] = said[i].text;
  parts->report.warnings = text;
  parts->report.warning_count = count;
  return HD_OK;
}

static bool was_drawn(hd_ctx *ctx, const char *folder, const char *name) {
  char file[256], path[HD_PATH_ROOM];
  snprintf(file, sizeof file, "figures/%s.gp", name);
  return hd_path_join(ctx, folder, file, path, sizeof path) == HD_OK && hd_file_exists(ctx, path);
}

static hd_status figures(hd_ctx *ctx, report_parts *parts, const hd_solver *solver, const char *folder) {
  void *memory;
  HD_TRY(hd_arena_take(&parts->arena, sizeof(hd_report_figure) * FIGURES_MAX, &memory));
  hd_report_figure *figure = memory;
  int64_t n = 0;
  for (const hd_drawing *d = solver->figures; d && d->name && n < FIGURES_MAX; d++)
    if (was_drawn(ctx, folder, d->name)) figure[n++] = (hd_report_figure){d->name, d->title, d->doc};
  parts->report.figures = figure;
  parts->report.figure_count = n;
  parts->report.figure_folder = "figures";
  return HD_OK;
}

static hd_status fill(hd_ctx *ctx, report_parts *parts, const hd_solver *solver, const hd_result *result,
                      const char *const *command, const char *folder) {
  static const hd_report_link links[] = {{"result.h5", "all fields, measures and provenance (HDF5)"},
                                         {"log.txt", "what happened, line by line"}};
  hd_report *report = &parts->report;
  const char *title = hd_result_text(result, "", "title"), *compat = hd_result_text(result, "", "compat");
  char state[128], banner[256], *kept;
  const hd_result_part *parts_failed;
  int64_t failures = hd_result_failed(result, &parts_failed);
  int n = snprintf(state, sizeof state, "done in %.3g s", hd_result_number(result, "provenance", "stepping_time"));
  if (failures)
    n += snprintf(state + n, sizeof state - (size_t)n, "; %lld part%s failed", (long long)failures,
                  failures > 1 ? "s" : "");
  HD_TRY(hd_arena_text(&parts->arena, state, (size_t)n, &kept));
  *report = (hd_report){.title = title && title[0] ? title : solver->title,
                        .solver = solver->title,
                        .doc = solver->doc,
                        .state = kept,
                        .scenario = hd_result_text(result, "provenance", "scenario"),
                        .digest = hd_result_text(result, "provenance", "digest"),
                        .links = links,
                        .link_count = 2,
                        .commands = command,
                        .command_count = command[0] ? 1 : 0};
  if (compat) {
    n = snprintf(banner, sizeof banner, "Computed with compat: %s, the behaviour of a predecessor.", compat);
    HD_TRY(hd_arena_text(&parts->arena, banner, (size_t)n, &kept));
    report->banner = kept;
  }
  HD_TRY(measures_of(parts, solver, result));
  HD_TRY(provenance_of(parts, result));
  HD_TRY(failed_parts(parts, result));
  HD_TRY(warnings(parts, result));
  HD_TRY(figures(ctx, parts, solver, folder));
  report->failed = report->table_count > 0;
  return hd_report_write(ctx, report, folder);
}

hd_status hd_result_report(hd_ctx *ctx, const hd_solver *solver, const hd_result *result, const char *command,
                           const char *folder) {
  report_parts parts = {0};
  hd_arena_init(&parts.arena, ctx);
  hd_status status = fill(ctx, &parts, solver, result, &command, folder);
  hd_arena_free(&parts.arena);
  return hd_while(ctx, status, "writing the report into %s", folder);
}
