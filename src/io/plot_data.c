/* The text data of a figure: one block of lines per mark, two empty lines between blocks (gnuplot's `index`), one empty line
 * where a line is broken. Only what can be shown is written, so gnuplot never meets a NaN. */
#include "io/plot.h"

#include <math.h>
#include <string.h>

enum { POINTS_THINNED = 2000, ACROSS = 1000, UP = 500, BOXES = 120 };

typedef struct block {
  const hd_figure *figure;
  const hd_panel_of *panel;
  const hd_plot_box *box;
  const hd_mark *mark;
  const hd_plot_range *x, *y;
  hd_text *out;
  int digits; /* that tell two points of the panel apart, with some to spare */
  bool any, gap;
} block;

static void row(block *b, const double *value, int count) {
  if (b->gap && b->any) hd_print(b->out, "\n");
  b->gap = false;
  b->any = true;
  for (int i = 0; i < count; i++) {
    if (i) hd_print(b->out, " ");
    hd_plot_number(b->out, value[i], b->digits);
  }
  hd_print(b->out, "\n");
}

bool hd_plot_boxed(const hd_plot_box *box, const hd_mark *mark) {
  return mark->shape == HD_IMAGE && (box->range[HD_PLOT_X].log || box->range[HD_PLOT_Y].log);
}

static bool shows_point(const block *b, int64_t i) {
  const hd_mark *m = b->mark;
  if (m->x && !hd_plot_shows(b->x, m->x[i])) return false;
  if (m->y && !hd_plot_shows(b->y, m->y[i])) return false;
  if (!m->z) return true;
  if (m->shape == HD_BAND) return hd_plot_shows(b->y, m->z[i]);
  if (m->shape == HD_DISCS) return isfinite(m->z[i]) && m->z[i] > 0;
  return hd_plot_shows(&b->box->range[HD_PLOT_COLOUR], m->z[i]);
}

static bool shows_anything(const block *b) {
  const hd_mark *m = b->mark;
  if (m->shape == HD_IMAGE) {
    for (int64_t i = 0; i < m->nx * m->ny; i++)
      if (hd_plot_shows(&b->box->range[HD_PLOT_COLOUR], m->z[i])) return true;
    return false;
  }
  for (int64_t i = 0; i < m->nx; i++)
    if (shows_point(b, i)) return true;
  return false;
}

static block block_of(const hd_figure *figure, const hd_plot_page *page, int64_t panel, int64_t mark, hd_text *out) {
  const hd_plot_box *box = &page->box[panel];
  const hd_mark *m = &figure->mark[mark];
  block b = {.figure = figure, .panel = &figure->panel[panel], .box = box, .mark = m, .out = out};
  b.x = &box->range[HD_PLOT_X];
  b.y = &box->range[m->right ? HD_PLOT_RIGHT : HD_PLOT_Y];
  for (int k = 0; k < HD_PLOT_AXES; k++)
    if (box->range[k].used && box->range[k].digits + 3 > b.digits) b.digits = box->range[k].digits + 3;
  return b;
}

void hd_plot_blocks(const hd_figure *figure, hd_plot_page *page) {
  int64_t blocks = 0, images = 0;
  for (int64_t p = 0; p < figure->panels; p++)
    for (int64_t i = figure->panel[p].first; i < figure->panel[p].first + figure->panel[p].count; i++) {
      block b = block_of(figure, page, p, i, NULL);
      bool text = b.mark->shape != HD_IMAGE || hd_plot_boxed(b.box, b.mark);
      page->block[i] = !shows_anything(&b) ? -1 : text ? blocks++ : ++images;
    }
}

/* Lines, stairs, bands, points, bars, discs: a row per point. */
static void write_points(block *b, const int64_t *keep, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    int64_t i = keep ? keep[k] : k;
    b->gap = b->gap || !shows_point(b, i);
    if (!shows_point(b, i)) continue;
    double value[3] = {b->mark->x[i], b->mark->y[i], b->mark->z ? b->mark->z[i] : 0};
    if (b->mark->shape == HD_POINTS || b->mark->shape == HD_BARS || b->mark->shape == HD_DISCS) b->gap = false;
    row(b, value, b->mark->z ? 3 : 2);
  }
}

static hd_status write_thinned(block *b) {
  const hd_mark *m = b->mark;
  bool line = (m->shape == HD_LINE || m->shape == HD_STAIRS) && !m->z,
       crowd = m->shape == HD_POINTS && m->nx > POINTS_THINNED;
  if (!line && !crowd) {
    write_points(b, NULL, m->nx);
    return HD_OK;
  }
  void *keep = NULL, *seen = NULL;
  size_t bytes = (size_t)m->nx * sizeof(int64_t), pixels = crowd ? (size_t)ACROSS * UP : 0;
  hd_status status = hd_memory_take(b->figure->ctx, bytes, &keep);
  if (status == HD_OK) status = hd_memory_take(b->figure->ctx, pixels, &seen);
  if (status == HD_OK) {
    int64_t kept =
        crowd ? hd_plot_thin_points(b->box, m, seen, ACROSS, UP, keep) : hd_plot_thin_line(m->x, m->y, m->nx, keep);
    if (kept < m->nx) hd_print(b->out, "# %lld of %lld points\n", (long long)kept, (long long)m->nx);
    write_points(b, keep, kept);
  }
  hd_memory_give(b->figure->ctx, seen, pixels);
  hd_memory_give(b->figure->ctx, keep, bytes);
  return status;
}

static void write_outline(block *b) {
  int64_t first = -1;
  for (int64_t i = 0; i <= b->mark->nx; i++) {
    bool shown = i < b->mark->nx && shows_point(b, i);
    if (shown && first < 0) first = i;
    if (shown) row(b, (double[]){b->mark->x[i], b->mark->y[i]}, 2);
    if (shown || first < 0) continue;
    row(b, (double[]){b->mark->x[first], b->mark->y[first]}, 2);
    b->gap = true;
    first = -1;
  }
}

/* A rule is an arrow without head from edge to edge: x, y and the way to the other end. */
static void write_rules(block *b) {
  const hd_mark *m = b->mark;
  for (int64_t i = 0; i < m->nx; i++) {
    if (!shows_point(b, i)) continue;
    if (m->x) row(b, (double[]){m->x[i], b->y->low, 0, b->y->high - b->y->low}, 4);
    else row(b, (double[]){b->x->low, m->y[i], b->x->high - b->x->low, 0}, 4);
  }
}

static hd_status write_boxes(block *b) {
  hd_plot_cells r;
  HD_TRY(hd_plot_cells_make(b->figure, b->mark, BOXES, &r));
  for (int64_t j = 0; j < r.ny; j++)
    for (int64_t i = 0; i < r.nx; i++) {
      double value[7] = {r.x[i],
                         r.y[j],
                         hd_plot_edge(r.x, r.nx, i, b->x->log),
                         hd_plot_edge(r.x, r.nx, i + 1, b->x->log),
                         hd_plot_edge(r.y, r.ny, j, b->y->log),
                         hd_plot_edge(r.y, r.ny, j + 1, b->y->log),
                         r.z[j * r.nx + i]};
      bool shown = hd_plot_shows(&b->box->range[HD_PLOT_COLOUR], value[6]);
      for (int k = 0; k < 6; k++) shown = shown && hd_plot_shows(k == 0 || k == 2 || k == 3 ? b->x : b->y, value[k]);
      if (shown) row(b, value, 7);
    }
  hd_plot_cells_free(b->figure, &r);
  return HD_OK;
}

static hd_status write_block(block *b) {
  switch (b->mark->shape) {
    case HD_IMAGE: return write_boxes(b);
    case HD_OUTLINE: write_outline(b); return HD_OK;
    case HD_RULE: write_rules(b); return HD_OK;
    case HD_LINE:
    case HD_STAIRS:
    case HD_POINTS:
    case HD_BAND:
    case HD_BARS:
    case HD_DISCS: break;
  }
  return write_thinned(b);
}

/* "x: 'position [km]'" within a comment: one line, whatever the text holds. */
static void axis_comment(hd_text *out, const char *what, const hd_axis *axis) {
  hd_text label;
  hd_text_init(&label, out->ctx);
  hd_plot_label(&label, axis);
  hd_print(out, " %s: ", what);
  hd_plot_quote(out, hd_text_of(&label), 200);
  out->failed = out->failed || label.failed;
  hd_text_free(&label);
}

static void head(block *b) {
  static const char *const shape[] = {"line", "points", "stairs", "band", "bars", "image", "discs", "outline", "rule"};
  hd_print(b->out, "# %s ", shape[b->mark->shape]);
  if (b->mark->label) hd_plot_quote(b->out, b->mark->label, 200);
  axis_comment(b->out, "x", &b->panel->x);
  axis_comment(b->out, "y", b->mark->right ? &b->panel->colour : &b->panel->y);
  hd_print(b->out, "\n");
}

hd_status hd_plot_data(const hd_figure *figure, const hd_plot_page *page, hd_text *out) {
  hd_print(out, "# data of %s.gp\n", figure->name);
  for (int64_t p = 0; p < figure->panels; p++)
    for (int64_t i = figure->panel[p].first; i < figure->panel[p].first + figure->panel[p].count; i++) {
      block b = block_of(figure, page, p, i, out);
      if (page->block[i] < 0 || (b.mark->shape == HD_IMAGE && !hd_plot_boxed(b.box, b.mark))) continue;
      if (page->block[i] > 0) hd_print(out, "\n\n");
      head(&b);
      HD_TRY(write_block(&b));
    }
  return hd_text_status(out);
}
