/* Figures as descriptions: what hd_panel and hd_add collect, and what they refuse. Nothing is drawn here. */
#include "io/figure.h"

#include "heddle/math.h"

#include <stdio.h>
#include <string.h>

static hd_status bad(const hd_figure *figure, const char *what) {
  return hd_raise(figure->ctx, HD_ERR_BUG, "figure %s, panel %lld: %s", figure->name, (long long)figure->panels, what);
}

static bool name_is_safe(const char *name) {
  size_t length = name ? strlen(name) : 0;
  if (!length || length >= HD_FIGURE_NAME || name[0] == '.' || name[0] == '-') return false;
  for (const char *c = name; *c; c++) {
    bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    if (!letter && !(*c >= '0' && *c <= '9') && *c != '_' && *c != '-' && *c != '.') return false;
  }
  return true;
}

static hd_status copy_text(hd_figure *figure, const char **text) {
  char *copy;
  if (!*text) return HD_OK;
  HD_TRY(hd_arena_text(&figure->arena, *text, strlen(*text), &copy));
  *text = copy;
  return HD_OK;
}

static hd_status copy_numbers(hd_figure *figure, const double **numbers, int64_t count) {
  void *copy;
  if (!*numbers) return HD_OK;
  HD_TRY(hd_arena_take(&figure->arena, (size_t)count * sizeof **numbers, &copy));
  if (count) memcpy(copy, *numbers, (size_t)count * sizeof **numbers);
  *numbers = copy;
  return HD_OK;
}

hd_status hd_figure_new(hd_ctx *ctx, const char *name, const char *title, const char *note, hd_figure **out) {
  void *memory;
  *out = NULL;
  if (!name_is_safe(name))
    return hd_raise(ctx, HD_ERR_BUG, "a figure cannot be called \"%s\": letters, digits, _ - and . only",
                    name ? name : "");
  HD_TRY(hd_memory_take(ctx, sizeof(hd_figure), &memory));
  hd_figure *figure = memory;
  *figure = (hd_figure){.ctx = ctx, .name = name, .title = title, .note = note};
  hd_arena_init(&figure->arena, ctx);
  hd_status status = copy_text(figure, &figure->name);
  if (status == HD_OK) status = copy_text(figure, &figure->title);
  if (status == HD_OK) status = copy_text(figure, &figure->note);
  if (status != HD_OK) {
    hd_figure_free(figure);
    return status;
  }
  *out = figure;
  return HD_OK;
}

void hd_figure_free(hd_figure *figure) {
  if (!figure) return;
  hd_memory_give(figure->ctx, figure->panel, figure->panel_room * sizeof *figure->panel);
  hd_memory_give(figure->ctx, figure->mark, figure->mark_room * sizeof *figure->mark);
  hd_arena_free(&figure->arena);
  hd_memory_give(figure->ctx, figure, sizeof *figure);
}

static hd_status copy_axis(hd_figure *figure, hd_axis *axis) {
  HD_TRY(copy_text(figure, &axis->label));
  HD_TRY(copy_text(figure, &axis->unit));
  if (axis->low == 0 && axis->high == 0) axis->low = axis->high = HD_NAN; /* a zeroed axis: chosen */
  if (axis->low >= axis->high) return bad(figure, "an axis whose low end is not below its high end");
  if (axis->log && axis->low <= 0) return bad(figure, "a logarithmic axis that begins at 0 or below");
  if (!axis->names || axis->name_count <= 0) {
    axis->names = NULL;
    axis->name_count = 0;
    return HD_OK;
  }
  void *memory;
  HD_TRY(hd_arena_take(&figure->arena, (size_t)axis->name_count * sizeof *axis->names, &memory));
  const char **names = memory;
  for (int64_t i = 0; i < axis->name_count; i++) {
    names[i] = axis->names[i] ? axis->names[i] : "";
    HD_TRY(copy_text(figure, &names[i]));
  }
  axis->names = names;
  return HD_OK;
}

hd_status hd_panel(hd_figure *figure, const char *title, hd_axis x, hd_axis y, hd_axis colour, bool equal_scales) {
  if (figure->panels == HD_FIGURE_PANELS) return bad(figure, "more panels than a figure holds");
  if (equal_scales && (x.log || y.log)) return bad(figure, "equal scales on a logarithmic axis");
  void *grown = figure->panel;
  HD_TRY(hd_memory_grow(figure->ctx, &grown, &figure->panel_room, (size_t)figure->panels + 1, sizeof *figure->panel));
  figure->panel = grown;
  hd_panel_of panel = {
      .title = title, .x = x, .y = y, .colour = colour, .equal_scales = equal_scales, .first = figure->marks};
  HD_TRY(copy_text(figure, &panel.title));
  HD_TRY(copy_axis(figure, &panel.x));
  HD_TRY(copy_axis(figure, &panel.y));
  HD_TRY(copy_axis(figure, &panel.colour));
  figure->panel[figure->panels++] = panel;
  return HD_OK;
}

/* What each shape must and must not have, in the order of hd_shape. */
static const struct {
  bool x, y, z, y_or_x, may_z;
} needs[] = {
    [HD_LINE] = {.x = true, .y = true, .may_z = true},
    [HD_POINTS] = {.x = true, .y = true, .may_z = true},
    [HD_STAIRS] = {.x = true, .y = true},
    [HD_BAND] = {.x = true, .y = true, .z = true},
    [HD_BARS] = {.x = true, .y = true},
    [HD_IMAGE] = {.z = true},
    [HD_DISCS] = {.x = true, .y = true, .z = true},
    [HD_OUTLINE] = {.x = true, .y = true},
    [HD_RULE] = {.y_or_x = true},
};

static bool rises_or_falls(const double *x, int64_t n) {
  bool rises = true, falls = true;
  for (int64_t i = 1; i < n; i++) {
    rises = rises && x[i] > x[i - 1];
    falls = falls && x[i] < x[i - 1];
  }
  return rises || falls;
}

static const char *fault_of(const hd_figure *figure, const hd_mark *mark) {
  if (!figure->panels) return "a mark before the first panel";
  if (figure->marks == HD_FIGURE_MARKS) return "more marks than a figure holds";
  if ((unsigned)mark->shape > HD_RULE) return "a mark of no known shape";
  if ((unsigned)mark->look > HD_HOLLOW) return "a mark of no known look";
  if (mark->nx < 0 || mark->ny < 0) return "a mark of negative length";
  if (needs[mark->shape].x && !mark->x) return "a mark without x";
  if (needs[mark->shape].y && !mark->y) return "a mark without y";
  if (needs[mark->shape].z && !mark->z) return "a mark without z";
  if (needs[mark->shape].y_or_x && !mark->x == !mark->y) return "a rule is for x or for y";
  if (mark->z && !needs[mark->shape].z && !needs[mark->shape].may_z) return "a mark with a z that means nothing";
  if (mark->shape != HD_IMAGE) return NULL;
  if (mark->right) return "an image has no second y axis";
  if (mark->x && !rises_or_falls(mark->x, mark->nx)) return "an image whose x neither rises nor falls";
  if (mark->y && !rises_or_falls(mark->y, mark->ny)) return "an image whose y neither rises nor falls";
  return NULL;
}

hd_status hd_add(hd_figure *figure, hd_mark mark) {
  const char *fault = fault_of(figure, &mark);
  if (fault) return bad(figure, fault);
  bool image = mark.shape == HD_IMAGE;
  if (image && mark.ny > 0 && mark.nx > INT64_MAX / 64 / mark.ny) return bad(figure, "an image larger than memory");
  HD_TRY(copy_text(figure, &mark.label));
  HD_TRY(copy_numbers(figure, &mark.x, mark.nx));
  HD_TRY(copy_numbers(figure, &mark.y, image ? mark.ny : mark.nx));
  HD_TRY(copy_numbers(figure, &mark.z, image ? mark.nx * mark.ny : mark.nx));
  void *grown = figure->mark;
  HD_TRY(hd_memory_grow(figure->ctx, &grown, &figure->mark_room, (size_t)figure->marks + 1, sizeof *figure->mark));
  figure->mark = grown;
  figure->mark[figure->marks++] = mark;
  figure->panel[figure->panels - 1].count++;
  return HD_OK;
}

hd_status hd_figure_make(hd_ctx *ctx, const hd_drawing *drawing, const hd_result *result, int64_t frame,
                         const char *note, hd_figure **out) {
  char name[HD_FIGURE_NAME];
  if (frame < 0) snprintf(name, sizeof name, "%s", drawing->name);
  else snprintf(name, sizeof name, "%s-%04lld", drawing->name, (long long)frame + 1);
  HD_TRY(hd_figure_new(ctx, name, drawing->title, note, out));
  hd_status status = drawing->draw(result, frame, *out);
  if (status == HD_OK && (*out)->panels) return HD_OK;
  if (status == HD_OK) status = hd_raise(ctx, HD_ERR_MISSING, "this result has nothing to show in it");
  hd_figure_free(*out);
  *out = NULL;
  return hd_while(ctx, status, "drawing the figure %s", drawing->name);
}
