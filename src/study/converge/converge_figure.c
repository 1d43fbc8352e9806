/* Errors over the first key, both axes logarithmic, with the slopes of whole orders beside them. */
#include "study/converge/converge.h"

#include "heddle/math.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SLOPES_MOST = 2 };

static bool shown(const hd_convergence *t, const hd_convergence_line *line, int64_t i) {
  return t->level[i].number > 0 && line->error[i] > 0 && hd_is_finite(line->error[i]);
}

static const char *unit_of(const hd_convergence_line *line) {
  return line->unit && strcmp(line->unit, "1") ? line->unit : "";
}

/* Lines of one field share a panel: those of its classes. */
static bool together(const hd_convergence_line *a, const hd_convergence_line *b) {
  size_t length = strcspn(a->name, "@");
  return !strcmp(a->against, b->against) && strcspn(b->name, "@") == length && !memcmp(a->name, b->name, length);
}

/* Differences of levels are drawn where nothing else was asked for. */
static bool begins_panel(const hd_convergence *t, int64_t l) {
  if (t->line[l].differences && !t->line[0].differences) return false;
  for (int64_t k = 0; k < l; k++)
    if (together(&t->line[k], &t->line[l])) return false;
  return true;
}

static hd_status add_errors(hd_figure *figure, const hd_convergence *t, const hd_convergence_line *line,
                            hd_shape shape) {
  void *memory;
  int64_t n = 0;
  HD_TRY(hd_arena_take(&figure->arena, sizeof(double) * (size_t)(2 * t->levels + 1), &memory));
  double *x = memory, *y = x + t->levels;
  for (int64_t i = 0; i < t->levels; i++)
    if (shown(t, line, i)) x[n] = t->level[i].number, y[n++] = line->error[i];
  return n ? hd_add(figure, (hd_mark){.shape = shape, .label = line->name, .x = x, .y = y, .nx = n}) : HD_OK;
}

/* A line of slope `order` through a little below the smallest of the first errors. */
static hd_status add_slope(hd_figure *figure, const hd_convergence *t, int64_t panel, int order) {
  double x[2] = {NAN, NAN}, y[2] = {NAN, NAN}, h[2] = {NAN, NAN};
  char label[32];
  for (int64_t l = panel; l < t->lines; l++) {
    if (!together(&t->line[panel], &t->line[l])) continue;
    for (int64_t i = 0; i < t->levels; i++) {
      if (!shown(t, &t->line[l], i)) continue;
      bool first = isnan(x[0]) || t->level[i].h > h[0];
      if (first) x[0] = t->level[i].number, h[0] = t->level[i].h, y[0] = t->line[l].error[i];
      else if (t->level[i].h == h[0]) y[0] = hd_smaller(y[0], t->line[l].error[i]);
      if (isnan(x[1]) || t->level[i].h < h[1]) x[1] = t->level[i].number, h[1] = t->level[i].h;
    }
  }
  if (!(h[0] > h[1])) return HD_OK;
  y[0] *= 0.7;
  y[1] = y[0] * hd_exp(order * hd_log(h[1] / h[0]));
  snprintf(label, sizeof label, "order %d", order);
  return hd_add(figure, (hd_mark){.shape = HD_LINE, .label = label, .x = x, .y = y, .nx = 2, .look = HD_DASHED});
}

/* Whole orders near the observed ones. */
static hd_status add_slopes(hd_figure *figure, const hd_convergence *t, int64_t panel) {
  int drawn[SLOPES_MOST], count = 0;
  for (int64_t l = panel; l < t->lines; l++) {
    double order = t->line[l].orders.fit;
    if (!together(&t->line[panel], &t->line[l]) || isnan(order) || !(hd_abs(order) < 20)) continue;
    int whole = (int)hd_round(order);
    bool new = whole != 0;
    for (int k = 0; k < count; k++) new &= drawn[k] != whole;
    if (!new || count == SLOPES_MOST) continue;
    drawn[count++] = whole;
    HD_TRY(add_slope(figure, t, panel, whole));
  }
  return HD_OK;
}

static hd_status add_panel(hd_figure *figure, const hd_convergence *t, int64_t panel) {
  const hd_convergence_line *line = &t->line[panel];
  static const hd_axis none = {.low = NAN, .high = NAN};
  char title[160];
  bool field = t->norm != HD_NORM_MEASURE;
  snprintf(title, sizeof title, "%.*s, %s%s%.80s", (int)strcspn(line->name, "@"), line->name,
           field ? hd_converge_norm_name(t->norm) : "", field ? ", " : "",
           line->differences ? "successive levels" : line->against);
  hd_axis x = {.label = t->key[0], .unit = "", .log = true, .low = NAN, .high = NAN};
  hd_axis y = {
      .label = line->differences ? "difference" : "error", .unit = unit_of(line), .log = true, .low = NAN, .high = NAN};
  HD_TRY(hd_panel(figure, title, x, y, none, false));
  for (int64_t l = panel; l < t->lines; l++)
    if (together(line, &t->line[l])) {
      HD_TRY(add_errors(figure, t, &t->line[l], HD_LINE));
      HD_TRY(add_errors(figure, t, &t->line[l], HD_POINTS));
    }
  return add_slopes(figure, t, panel);
}

static bool has_points(const hd_convergence *t, int64_t panel) {
  for (int64_t l = panel; l < t->lines; l++)
    for (int64_t i = 0; together(&t->line[panel], &t->line[l]) && i < t->levels; i++)
      if (shown(t, &t->line[l], i)) return true;
  return false;
}

hd_status hd_converge_figure(hd_ctx *ctx, const hd_convergence *t, const char *note, hd_figure **out) {
  hd_status status = hd_figure_new(ctx, "convergence", "Convergence", note, out);
  for (int64_t l = 0; status == HD_OK && l < t->lines; l++)
    if (begins_panel(t, l) && has_points(t, l)) status = add_panel(*out, t, l);
  if (status == HD_OK) return HD_OK;
  hd_figure_free(*out);
  *out = NULL;
  return status;
}
