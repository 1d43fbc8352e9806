/* The gnuplot script of a figure. Everything is placed by number (plot_layout.c), every text is quoted (hd_plot_quote) and
 * shown as it is (noenhanced); so a script is a function of the figure, and no text can become a command.
 *
 * A new shape is one line in `shapes` below, its range in plot_range.c and, if its data are special, its block in
 * plot_data.c. */
#include "io/plot.h"

#include <string.h>

typedef enum inks { INK_LINE, INK_POINT, INK_FILL, INK_PALETTE } inks;

/* What is drawn under what, and how gnuplot calls it. */
static const struct {
  int floor;
  const char *columns, *with;
  inks ink;
} shapes[] = {
    [HD_IMAGE] = {0, "1", "image", INK_PALETTE},
    [HD_BAND] = {1, "1:2:3", "filledcurves", INK_FILL},
    [HD_BARS] = {2, "1:2", "boxes", INK_FILL},
    [HD_DISCS] = {3, "1:2:3", "circles", INK_FILL},
    [HD_RULE] = {4, "1:2:3:4", "vectors nohead", INK_LINE},
    [HD_OUTLINE] = {5, "1:2", "lines", INK_LINE},
    [HD_STAIRS] = {6, "1:2", "steps", INK_LINE},
    [HD_LINE] = {6, "1:2", "lines", INK_LINE},
    [HD_POINTS] = {7, "1:2", "points", INK_POINT},
};
enum { FLOORS = 8, NOTE_CHARACTERS = 40, LABEL_CHARACTERS = 48 };

typedef struct script {
  const hd_figure *figure;
  const hd_plot_page *page;
  hd_text *out;
} script;

static void number(hd_text *out, double value) { hd_plot_number(out, value, 9); }

static void place(hd_text *out, const hd_plot_page *page, int x, int y) { /* pixels from the top left */
  hd_print(out, "screen ");
  hd_plot_number(out, (double)x / page->width, 6);
  hd_print(out, ", screen ");
  hd_plot_number(out, 1 - (double)y / page->height, 6);
}

static void screen(hd_text *out, const char *what, double share) {
  hd_print(out, "set %s at screen ", what);
  hd_plot_number(out, share, 6);
  hd_print(out, "\n");
}

static void begin(const script *s) {
  const char *name = s->figure->name;
  int width = s->page->width, height = s->page->height;
  hd_print(
      s->out,
      "# How heddle drew %s.svg and %s.png. Change it and draw again:\n"
      "#   gnuplot %s.gp                     (SVG)\n"
      "#   gnuplot -e 'kind = \"png\"' %s.gp   (PNG)\n"
      "if (!exists(\"kind\")) kind = \"svg\"\n"
      "if (!exists(\"suffix\")) suffix = \"\"\n"
      "reset\n"
      "set encoding utf8\n"
      "if (kind eq \"svg\") set terminal svg enhanced size %d,%d font \"sans-serif,12\" linewidth 1\n"
      "if (kind eq \"png\") set terminal pngcairo enhanced size %d,%d font \"sans-serif,12\" fontscale 2 linewidth 2 "
      "pointscale 2 background rgb \"white\"\n"
      "set output \"%s.\".kind.suffix\n",
      name, name, name, name, width, height, 2 * width, 2 * height, name);
  hd_print(s->out, "set multiplot\n");
}

static void put_text(const script *s, const char *text, int most, int x, int y, const char *style) {
  if (!text || !text[0]) return;
  hd_print(s->out, "set label ");
  hd_plot_quote(s->out, text, most);
  hd_print(s->out, " at ");
  place(s->out, s->page, x, y);
  hd_print(s->out, " %s noenhanced\n", style);
}

static void axis_label(const script *s, const hd_axis *axis, int most, int x, int y, const char *style) {
  hd_text label;
  hd_text_init(&label, s->figure->ctx);
  hd_plot_label(&label, axis);
  put_text(s, hd_text_of(&label), most, x, y, style);
  s->out->failed = s->out->failed || label.failed;
  hd_text_free(&label);
}

static void axis(const script *s, const char *which, const hd_axis *axis, const hd_plot_range *range, int pixels,
                 bool turned) {
  hd_text *out = s->out;
  hd_print(out, "set %srange [", which);
  hd_plot_number(out, range->low, range->digits + 3);
  hd_print(out, ":");
  hd_plot_number(out, range->high, range->digits + 3);
  hd_print(out, "]\n");
  if (range->log) hd_print(out, "set logscale %s 10\n", which);
  hd_print(out, "set %stics nomirror %s", which,
           turned          ? "rotate by 35 right "
           : *which == 'x' ? "offset 0,0.35 "
                           : "");
  bool decades = range->log && range->high / range->low >= 100;
  hd_print(out, decades ? "format '10^{%%T}' enhanced\n" : "format '%%.%dg' noenhanced\n", range->digits);
  hd_text ticks;
  hd_text_init(&ticks, s->figure->ctx);
  if (hd_plot_ticks(&ticks, axis, range, turned ? pixels / 16 : pixels / 14))
    hd_print(out, "set %stics %s\n", which, hd_text_of(&ticks));
  out->failed = out->failed || ticks.failed;
  hd_text_free(&ticks);
  if (range->log) hd_print(out, "set m%stics 10\n", which);
  if (range->log || axis->name_count) return;
  hd_print(out, "set %stics ", which);
  number(out, hd_plot_step(range, *which == 'x' ? pixels * 2 / (range->chars * 15 + 40) : pixels / 26));
  hd_print(out, "\n");
}

static void frame(const script *s, const hd_panel_of *panel, const hd_plot_box *box) {
  hd_text *out = s->out;
  const hd_plot_page *page = s->page;
  double width = page->width, height = page->height;
  screen(out, "lmargin", box->left / width);
  screen(out, "rmargin", (box->left + box->width) / width);
  screen(out, "tmargin", 1 - box->top / height);
  screen(out, "bmargin", 1 - (box->top + box->height) / height);
  hd_print(out, "set border %d lw 0.8 lc rgb '#808080'\n", box->range[HD_PLOT_RIGHT].used ? 11 : 3);
  hd_print(out, "set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'\n");
  hd_print(out, "set grid lt 1 lw 0.6 lc rgb '#C8808080'\n");
  axis(s, "x", &panel->x, &box->range[HD_PLOT_X], box->width, box->turned);
  axis(s, "y", &panel->y, &box->range[HD_PLOT_Y], box->height, false);
  int across = box->width / 7, up = (box->height + 30) / 7, middle = box->top + box->height / 2;
  axis_label(s, &panel->x, across, box->left + box->width / 2, box->x_label, "center");
  axis_label(s, &panel->y, up, box->y_label, middle, "center rotate by 90");
  if (box->range[HD_PLOT_RIGHT].used) axis(s, "y2", &panel->colour, &box->range[HD_PLOT_RIGHT], box->height, false);
  if (box->range[HD_PLOT_RIGHT].used || box->range[HD_PLOT_COLOUR].used)
    axis_label(s, &panel->colour, up, box->right_label, middle, "center rotate by 90");
  if (!box->range[HD_PLOT_COLOUR].used) return;
  axis(s, "cb", &panel->colour, &box->range[HD_PLOT_COLOUR], box->height, false);
  hd_print(out, "set palette defined %s\nset colorbox user noborder origin ", hd_plot_ramp_of(s->figure, panel));
  place(out, page, box->left + box->width + 14, box->top + box->height);
  hd_print(out, " size screen ");
  hd_plot_number(out, 14 / width, 6);
  hd_print(out, ", screen ");
  hd_plot_number(out, box->height / height, 6);
  hd_print(out, "\n");
}

static void key(const script *s, const hd_plot_box *box) {
  if (!box->entries) {
    hd_print(s->out, "unset key\n");
    return;
  }
  hd_print(s->out, "set key at ");
  place(s->out, s->page, box->left - 10, box->legend_top);
  hd_print(s->out, " left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols %d\n",
           box->legend_columns);
}

static void point_style(const script *s, int64_t i, bool legend) {
  static const int full[] = {7, 5, 9, 13}, empty[] = {6, 4, 8, 12};
  const hd_mark *m = &s->figure->mark[i];
  const char *size = m->nx > 5000 ? "0.15" : m->nx > 500 ? "0.3" : m->nx > 60 ? "0.5" : "0.7";
  if (legend) size = "0.7";
  hd_print(s->out, " pt %d ps %s", (m->look == HD_HOLLOW ? empty : full)[hd_plot_dash(s->page->colour[i]) % 4], size);
}

/* Line, point or fill in the mark's colour. */
static void style(const script *s, int64_t i, bool legend) {
  const hd_mark *m = &s->figure->mark[i];
  hd_text *out = s->out;
  int colour = s->page->colour[i], again = hd_plot_dash(colour);
  bool rule = m->shape == HD_RULE, palette = m->z && (m->shape == HD_LINE || m->shape == HD_POINTS);
  inks ink = shapes[m->shape].ink;
  if (ink == INK_PALETTE) return;
  if (palette) hd_print(out, " lc palette");
  else
    hd_print(out, " lc rgb '#%s%s'", m->look == HD_FAINT && ink != INK_FILL ? "78" : "",
             hd_plot_rgb(colour, m->look == HD_DASHED && ink == INK_LINE));
  if (ink == INK_LINE) {
    bool thin = rule || m->look == HD_FAINT || m->look == HD_DASHED || m->shape == HD_OUTLINE;
    hd_print(out, " lw %s", m->look == HD_HOLLOW ? "0.7" : thin ? "1.3" : "2");
    if (m->look == HD_DASHED || again) hd_print(out, " dt %d", m->look == HD_DASHED ? 2 : 3 + (again - 1) % 3);
    else hd_print(out, " dt 1");
  }
  if (ink == INK_POINT) {
    hd_print(out, " lw 1.2");
    point_style(s, i, legend);
  }
  if (ink != INK_FILL) return;
  bool band = m->shape == HD_BAND; /* gnuplot fills an "empty" one */
  if (m->look == HD_HOLLOW || m->look == HD_DASHED)
    hd_print(out, " lw 1.2 fs %s border", band ? "transparent solid 0.08" : "empty");
  else if (m->look == HD_FAINT) hd_print(out, " fs transparent solid 0.16 %s", band ? "noborder" : "border");
  else hd_print(out, " fs transparent solid %s noborder", band ? "0.25" : "0.75");
}

/* Bars of several marks stand side by side: how many there are, and which this one is. */
static void bars_of(const script *s, const hd_panel_of *panel, int64_t mark, int *which, int *all) {
  *which = *all = 0;
  for (int64_t i = panel->first; i < panel->first + panel->count; i++) {
    if (s->figure->mark[i].shape != HD_BARS) continue;
    if (i < mark) ++*which;
    ++*all;
  }
}

static void columns(const script *s, const hd_panel_of *panel, const hd_plot_box *box, int64_t i) {
  const hd_mark *m = &s->figure->mark[i];
  hd_text *out = s->out;
  if (m->shape == HD_BARS) {
    int which, all;
    bars_of(s, panel, i, &which, &all);
    double width = hd_plot_spacing(m) * 0.84 / all;
    hd_print(out, "using ($1%+.9g):2:(", (which - (all - 1) / 2.0) * width);
    number(out, width);
    hd_print(out, ")");
  } else if (hd_plot_boxed(box, m)) {
    hd_print(out, "using 1:2:3:4:5:6:7");
  } else {
    hd_print(out, "using %s%s", shapes[m->shape].columns, m->z && strlen(shapes[m->shape].columns) == 3 ? ":3" : "");
  }
}

static hd_status source(const script *s, const hd_panel_of *panel, const hd_plot_box *box, int64_t i) {
  const hd_mark *m = &s->figure->mark[i];
  hd_text *out = s->out;
  if (m->shape != HD_IMAGE || hd_plot_boxed(box, m)) {
    hd_print(out, "'%s.dat' index %lld ", s->figure->name, (long long)s->page->block[i]);
    columns(s, panel, box, i);
    hd_print(out, m->shape == HD_IMAGE ? " with boxxyerror fs solid noborder lc palette" : " with %s",
             shapes[m->shape].with);
    return HD_OK;
  }
  hd_plot_image image;
  HD_TRY(hd_plot_image_make(s->figure, m, &image));
  hd_print(out, "'%s-%lld.bin' binary array=(%lld,%lld) format='%%float32' endian=little origin=(", s->figure->name,
           (long long)s->page->block[i], (long long)image.nx, (long long)image.ny);
  number(out, image.x0);
  hd_print(out, ",");
  number(out, image.y0);
  hd_print(out, ") dx=");
  number(out, image.dx);
  hd_print(out, " dy=");
  number(out, image.dy);
  hd_print(out, " using 1 with image");
  hd_plot_image_free(s->figure, &image);
  return HD_OK;
}

static hd_status mark(const script *s, const hd_panel_of *panel, const hd_plot_box *box, int64_t i) {
  if (s->page->block[i] < 0) return HD_OK;
  hd_print(s->out, ", \\\n     ");
  HD_TRY(source(s, panel, box, i));
  style(s, i, false);
  hd_print(s->out, "%s notitle", s->figure->mark[i].right ? " axes x1y2" : "");
  return HD_OK;
}

/* The points that go with a labelled line in the legend; -1: none. */
static int64_t points_of(const script *s, const hd_panel_of *panel, int64_t line) {
  const hd_mark *m = s->figure->mark;
  for (int64_t i = panel->first; i < panel->first + panel->count && m[line].shape == HD_LINE; i++)
    if (m[i].shape == HD_POINTS && m[i].label && strcmp(m[i].label, m[line].label) == 0) return i;
  return -1;
}

/* The legend has the order in which the solver added the marks, whatever is drawn over what. */
static void explain(const script *s, const hd_panel_of *panel, int64_t i) {
  const hd_mark *m = &s->figure->mark[i];
  int64_t points = points_of(s, panel, i);
  bool line = shapes[m->shape].ink == INK_LINE;
  hd_print(s->out, ", \\\n     keyentry with %s", points >= 0 ? "linespoints" : line ? "lines" : shapes[m->shape].with);
  style(s, i, true);
  if (points >= 0) point_style(s, points, true);
  hd_print(s->out, " title ");
  hd_plot_quote(s->out, m->label, LABEL_CHARACTERS);
}

/* A crowd of points lies under lines, a few points over them, what is dashed over what is solid. */
static int floor_of(const hd_mark *mark) {
  if (mark->shape == HD_LINE && mark->look == HD_DASHED) return shapes[HD_POINTS].floor;
  return mark->shape == HD_POINTS && mark->nx > 200 ? shapes[HD_OUTLINE].floor : shapes[mark->shape].floor;
}

static bool nothing_shown(const script *s, const hd_panel_of *panel) {
  int64_t data = 0, rules = 0;
  for (int64_t i = panel->first; i < panel->first + panel->count; i++) {
    bool rule = s->figure->mark[i].shape == HD_RULE, shown = s->page->block[i] >= 0;
    if (shown && !rule) return false;
    data += !rule;
    rules += shown;
  }
  return data || !rules;
}

static hd_status panel(const script *s, int64_t p) {
  const hd_panel_of *panel = &s->figure->panel[p];
  const hd_plot_box *box = &s->page->box[p];
  hd_text *out = s->out;
  hd_print(out, "\n# panel %lld\nreset\n", (long long)p + 1);
  if (p == 0) {
    int end = s->page->width - 12, note = hd_plot_length(s->figure->note);
    int room = s->page->width - 40 - 7 * (note > NOTE_CHARACTERS ? NOTE_CHARACTERS : note);
    put_text(s, s->figure->title, room / 10, 12, 20, "left font 'sans-serif:Bold,15'");
    put_text(s, s->figure->note, NOTE_CHARACTERS, end, 20, "right font ',11' textcolor rgb '#808080'");
  }
  put_text(s, panel->title, box->width / 8, box->left, box->title_top + 8, "left font 'sans-serif:Bold,12'");
  frame(s, panel, box);
  key(s, box);
  if (nothing_shown(s, panel)) {
    hd_print(out, "set label '%s' at graph 0.5, graph 0.5 center textcolor rgb '#808080'\n",
             panel->x.log || panel->y.log ? "nothing above zero to show" : "no data");
  }
  hd_print(out, "plot NaN notitle"); /* gnuplot wants one that has axes */
  for (int floor = 0; floor < FLOORS; floor++)
    for (int64_t i = panel->first; i < panel->first + panel->count; i++) {
      if (floor_of(&s->figure->mark[i]) == floor) HD_TRY(mark(s, panel, box, i));
    }
  for (int64_t i = panel->first; i < panel->first + panel->count; i++)
    if (s->page->explained[i]) explain(s, panel, i);
  hd_print(out, "\n");
  return HD_OK;
}

hd_status hd_plot_script(const hd_figure *figure, const hd_plot_page *page, hd_text *out) {
  script s = {figure, page, out};
  begin(&s);
  for (int64_t p = 0; p < figure->panels; p++) HD_TRY(panel(&s, p));
  hd_print(out, "\nunset multiplot\nset output\n");
  return hd_text_status(out);
}
