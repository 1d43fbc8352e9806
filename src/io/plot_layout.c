/* Where everything stands on the page, from estimated widths of texts: nothing clipped, legends above the data and never
 * on them, panels of a column aligned. */
#include "io/plot.h"

#include <string.h>

enum {
  CHARACTER = 8, /* a generous width of one, at the tick labels' size */
  LINE = 18,     /* height of a line of text */
  TITLE = 38,
  PANEL_TITLE = 24,
  EDGE = 8,
  TICK = 20,
  BELOW = 10,
  GAP = 14,
  BAR = 14,
  TURNED = 84
};

/* Plotted height and width of a column, by the number of panels. */
typedef struct cells {
  int columns, width, height;
} cells;

static cells cells_of(const hd_figure *figure) {
  bool equal = false;
  for (int64_t i = 0; i < figure->panels; i++) equal = equal || figure->panel[i].equal_scales;
  if (figure->panels <= 1) return equal ? (cells){1, 640, 480} : (cells){1, 900, 340};
  if (figure->panels <= 3 && !equal) return (cells){1, 900, 220};
  if (figure->panels <= 3) return (cells){(int)figure->panels, 1080 / (int)figure->panels, 420};
  if (figure->panels <= 8) return (cells){2, 540, 220};
  return (cells){3, 400, 180};
}

/* One entry stands for marks of one label and look; for a line and its points together. */
static bool same_entry(const hd_mark *a, const hd_mark *b) {
  if (!b->label || strcmp(a->label, b->label) != 0) return false;
  if (a->shape == HD_POINTS && b->shape == HD_LINE) return true;
  return a->look == b->look && (a->shape == b->shape || (a->shape == HD_LINE && b->shape == HD_POINTS));
}

static bool explained_before(const hd_figure *figure, int64_t first, int64_t mark) {
  for (int64_t i = first; i < mark; i++)
    if (same_entry(&figure->mark[mark], &figure->mark[i])) return true;
  return false;
}

/* A panel whose every label was explained by an earlier panel has no legend. */
static void legend(const hd_figure *figure, const hd_panel_of *panel, hd_plot_page *page, hd_plot_box *box) {
  enum { MOST = 36 };
  bool news = false;
  int longest = 0;
  box->entries = 0;
  for (int64_t i = panel->first; i < panel->first + panel->count; i++) {
    if (!figure->mark[i].label || !figure->mark[i].label[0] || box->entries == MOST) continue;
    if (explained_before(figure, panel->first, i)) continue;
    news = news || !explained_before(figure, 0, i);
    page->explained[i] = true;
    int length = hd_plot_length(figure->mark[i].label);
    if (length > longest) longest = length;
    box->entries++;
  }
  if (!news) {
    box->entries = 0;
    for (int64_t i = panel->first; i < panel->first + panel->count; i++) page->explained[i] = false;
  }
  if (longest > 48) longest = 48;
  box->legend_columns = longest ? box->width / (longest * CHARACTER + 60) : 1;
  if (box->legend_columns < 1) box->legend_columns = 1;
  if (box->legend_columns > box->entries) box->legend_columns = box->entries;
}

static bool has(const hd_axis *axis) { return (axis->label && axis->label[0]) || (axis->unit && axis->unit[0]); }

static int left_margin(const hd_panel_of *panel, const hd_plot_box *box) {
  return EDGE + (has(&panel->y) ? LINE + 4 : 0) + box->range[HD_PLOT_Y].chars * CHARACTER + TICK;
}

static int right_margin(const hd_panel_of *panel, const hd_plot_box *box) {
  int label = has(&panel->colour) ? LINE + 4 : 0;
  if (box->range[HD_PLOT_COLOUR].used)
    return GAP + BAR + TICK + box->range[HD_PLOT_COLOUR].chars * CHARACTER + label + EDGE;
  if (box->range[HD_PLOT_RIGHT].used) return TICK + box->range[HD_PLOT_RIGHT].chars * CHARACTER + label + EDGE;
  return EDGE + 3 * CHARACTER; /* half of the last tick label */
}

static void size_of(const hd_panel_of *panel, const cells *grid, int room, hd_plot_box *box) {
  const hd_plot_range *x = &box->range[HD_PLOT_X], *y = &box->range[HD_PLOT_Y];
  box->width = room;
  box->height = grid->height;
  if (panel->equal_scales) {
    double slope = (y->high - y->low) / (x->high - x->low);
    double height = room * slope, most = 2.0 * grid->height, least = 60;
    if (height > most) {
      box->width = most / slope < 40 ? 40 : (int)(most / slope);
      height = most;
    }
    box->height = height < least ? (int)least : (int)height;
  }
  int names = (int)panel->x.name_count, fit = names ? box->width / names : 0;
  box->turned = names > 0 && x->chars * CHARACTER > fit;
}

static int above(const hd_panel_of *panel, const hd_plot_box *box) {
  int rows = box->entries ? (box->entries + box->legend_columns - 1) / box->legend_columns : 0;
  return (panel->title && panel->title[0] ? PANEL_TITLE : 8) + (rows ? rows * LINE + 8 : 0);
}

static int below(const hd_panel_of *panel, const hd_plot_box *box) {
  return BELOW + (box->turned ? TURNED : LINE) + (has(&panel->x) ? LINE + 2 : 0) + 2 * EDGE;
}

void hd_plot_layout(const hd_figure *figure, hd_plot_page *page) {
  cells grid = cells_of(figure);
  int left[3] = {0}, right[3] = {0};
  memset(page, 0, sizeof *page);
  hd_plot_colours(figure, page->colour);
  for (int64_t i = 0; i < figure->panels; i++) {
    int column = (int)(i % grid.columns);
    hd_plot_ranges(figure, &figure->panel[i], page->box[i].range);
    int l = left_margin(&figure->panel[i], &page->box[i]), r = right_margin(&figure->panel[i], &page->box[i]);
    if (l > left[column]) left[column] = l;
    if (r > right[column]) right[column] = r;
  }
  int top = (figure->title && figure->title[0]) || figure->note ? TITLE : 0;
  for (int64_t first = 0; first < figure->panels; first += grid.columns) {
    int most_above = 0, most_below = 0, most_height = 0;
    for (int64_t i = first; i < figure->panels && i < first + grid.columns; i++) {
      const hd_panel_of *panel = &figure->panel[i];
      hd_plot_box *box = &page->box[i];
      int column = (int)(i - first);
      size_of(panel, &grid, grid.width - left[column] - right[column], box);
      box->left = column * grid.width + left[column];
      legend(figure, panel, page, box);
      if (above(panel, box) > most_above) most_above = above(panel, box);
      if (below(panel, box) > most_below) most_below = below(panel, box);
      if (box->height > most_height) most_height = box->height;
    }
    for (int64_t i = first; i < figure->panels && i < first + grid.columns; i++) {
      hd_plot_box *box = &page->box[i];
      box->top = top + most_above;
      box->y_label = box->left - left_margin(&figure->panel[i], box) + EDGE + LINE / 2;
      box->right_label = box->left + box->width + right_margin(&figure->panel[i], box) - EDGE - LINE / 2;
      box->x_label = box->top + box->height + BELOW + (box->turned ? TURNED : LINE) + LINE / 2 + 2;
      box->title_top = box->top - above(&figure->panel[i], box) + 4;
      box->legend_top = box->title_top + (figure->panel[i].title && figure->panel[i].title[0] ? PANEL_TITLE - 4 : 0);
    }
    top += most_above + most_height + most_below;
  }
  hd_plot_blocks(figure, page);
  page->width = grid.columns * grid.width;
  page->height = top > 40 ? top : 40;
}
