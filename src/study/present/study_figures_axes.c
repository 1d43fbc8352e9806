/* Figures over the axes of a grid: one key, two, three. With more than three the others are averaged over, and it is said. */
#include "heddle/math.h"
#include "study/present/study_figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES_MOST = 8, PANELS_MOST = 12, MAPS_LEAST = 3, MULTIPLES = 3, MEMBERS_SHOWN = 2000 };

/* -- blocks over some of the axes -------------------------------------------------------------------------------------- */

/* A measure over up to three axes, x fastest; the means over all others. */
typedef struct block {
  int64_t axis[3], n[3], axes; /* x, y, panel */
  double *at, *x, *y;          /* x, y: positions, ascending */
  int64_t *order[2];           /* [n]: value of the axis at each position */
  bool names[2];
} block;

static const hd_lattice_key *key_of(const hd_drawing_board *b, int64_t axis) {
  return &b->a->lattice.key[b->a->lattice.axis[axis].key[0]];
}

typedef struct placed {
  double value;
  int64_t index;
} placed;

static int by_value(const void *a, const void *b) {
  const placed *x = a, *y = b;
  return x->value < y->value ? -1 : x->value > y->value ? 1 : x->index < y->index ? -1 : 1;
}

/* Positions along an axis: its numbers in ascending order, or 0, 1, 2, ... in the order of the file. */
static hd_status lay_out(hd_drawing_board *b, block *k, int which) {
  int64_t n = k->n[which];
  const hd_lattice_key *key = key_of(b, k->axis[which]);
  void *places, *order;
  double *at;
  HD_TRY(hd_arena_take(&b->arena, sizeof(placed) * (size_t)n, &places));
  HD_TRY(hd_arena_take(&b->arena, sizeof(int64_t) * (size_t)n, &order));
  HD_TRY(hd_board_numbers(b, n, &at));
  k->names[which] = hd_board_as_names(key);
  placed *p = places;
  for (int64_t i = 0; i < n; i++) p[i] = (placed){key->number ? key->value[i] : 0, i};
  qsort(p, (size_t)n, sizeof *p, by_value);
  for (int64_t i = 1; i < n; i++) k->names[which] |= p[i].value == p[i - 1].value; /* twice: side by side */
  for (int64_t i = 0; i < n && k->names[which]; i++) p[i] = (placed){(double)i, i};
  k->order[which] = order;
  for (int64_t i = 0; i < n; i++) {
    k->order[which][i] = p[i].index;
    at[i] = p[i].value;
  }
  if (which) k->y = at;
  else k->x = at;
  return HD_OK;
}

/* Where a point stands along an axis. */
static int64_t index_of(const hd_drawing_board *b, int64_t point, int64_t axis) {
  return point / b->a->lattice.axis[axis].stride % b->a->lattice.axis[axis].count;
}

static hd_status fill(hd_drawing_board *b, block *k, int64_t name) {
  int64_t size = k->n[0] * k->n[1] * k->n[2];
  double *sum, *count;
  HD_TRY(hd_board_numbers(b, size, &sum));
  HD_TRY(hd_board_numbers(b, size, &count));
  for (int64_t p = 0; p < b->a->lattice.points; p++) {
    double mean = hd_aggregate_mean(b->a, p, name);
    int64_t at = 0;
    for (int64_t i = k->axes - 1; i >= 0; i--) at = at * k->n[i] + index_of(b, p, k->axis[i]);
    if (!hd_is_finite(mean)) continue;
    sum[at] += mean;
    count[at] += 1;
  }
  for (int64_t i = 0; i < size; i++) sum[i] = count[i] > 0 ? sum[i] / count[i] : HD_NAN;
  k->at = sum;
  return HD_OK;
}

static hd_status make_block(hd_drawing_board *b, const int64_t *axis, int64_t axes, block *k) {
  *k = (block){.axes = axes, .n = {1, 1, 1}};
  for (int64_t i = 0; i < axes; i++) {
    k->axis[i] = axis[i];
    k->n[i] = b->a->lattice.axis[axis[i]].count;
  }
  for (int which = 0; which < (axes < 2 ? axes : 2); which++) HD_TRY(lay_out(b, k, which));
  return HD_OK;
}

/* Row `y` of panel `z` in the order of x. */
static hd_status row_of(hd_drawing_board *b, const block *k, int64_t y, int64_t z, double **out) {
  HD_TRY(hd_board_numbers(b, k->n[0], out));
  for (int64_t i = 0; i < k->n[0]; i++) (*out)[i] = k->at[(z * k->n[1] + y) * k->n[0] + k->order[0][i]];
  return HD_OK;
}

static bool is_averaged(const hd_drawing_board *b, const block *k) { return b->a->lattice.axes > k->axes; }

/* -- one key ----------------------------------------------------------------------------------------------------------- */

/* The band of the mean and the members themselves, where a point is several. */
static hd_status add_band(hd_drawing_board *b, hd_figure *f, const block *k, int64_t name) {
  const hd_aggregates *a = b->a;
  const hd_study *study = a->study;
  int64_t n = k->n[0], each = a->lattice.each, shown = 0;
  double *low, *high, *x, *y;
  HD_TRY(hd_board_numbers(b, n, &low));
  HD_TRY(hd_board_numbers(b, n, &high));
  for (int64_t i = 0; i < n; i++) {
    const hd_statistics *s = &a->at[k->order[0][i] * study->names + name];
    low[i] = s->low;
    high[i] = s->high;
  }
  HD_TRY(hd_add(f, (hd_mark){.shape = HD_BAND,
                             .x = k->x,
                             .y = low,
                             .z = high,
                             .nx = n,
                             .look = HD_FAINT,
                             .label = "95 % interval of the mean"}));
  if (n * each > MEMBERS_SHOWN) return HD_OK;
  HD_TRY(hd_board_numbers(b, n * each, &x));
  HD_TRY(hd_board_numbers(b, n * each, &y));
  for (int64_t i = 0; i < n; i++)
    for (int64_t r = 0; r < each; r++, shown++) {
      int64_t member = k->order[0][i] * each + r;
      x[shown] = k->x[i];
      y[shown] = study->member[member].state == HD_MEMBER_DONE ? study->value[member * study->names + name] : HD_NAN;
    }
  return hd_add(f,
                (hd_mark){.shape = HD_POINTS, .x = x, .y = y, .nx = shown, .look = HD_FAINT, .label = "each member"});
}

static hd_status draw_against(hd_drawing_board *b) {
  hd_figure *f;
  block k;
  char label[HD_LATTICE_LABEL], words[HD_LATTICE_LABEL], title[2 * HD_LATTICE_LABEL];
  const hd_lattice_key *key = key_of(b, 0);
  HD_TRY(make_block(b, (int64_t[]){0}, 1, &k));
  snprintf(title, sizeof title, "Measures against %s", hd_lattice_title(key));
  HD_TRY(hd_board_begin(b, "against", title,
                        b->a->at
                            ? "Lines: means over the members of each point; bands: 95 % confidence interval of the "
                              "mean (Student)."
                            : "One point for each member.",
                        &f));
  for (int64_t m = 0; m < b->measures; m++) {
    int64_t name = b->measure[m];
    double *row;
    HD_TRY(fill(b, &k, name));
    HD_TRY(row_of(b, &k, 0, 0, &row));
    HD_TRY(hd_panel(f, hd_board_words(b, name, words), hd_board_axis(key, k.names[0], label), hd_board_measure(b, name),
                    (hd_axis){0}, false));
    if (b->a->at) HD_TRY(add_band(b, f, &k, name));
    const char *legend = b->a->at ? "mean" : NULL;
    if (key->number) HD_TRY(hd_add(f, (hd_mark){.shape = HD_LINE, .x = k.x, .y = row, .nx = k.n[0], .label = legend}));
    HD_TRY(hd_add(f, (hd_mark){.shape = HD_POINTS, .x = k.x, .y = row, .nx = k.n[0], .label = legend}));
  }
  return HD_OK;
}

/* -- two and three keys ------------------------------------------------------------------------------------------------ */

/* x: the axis of numbers with the most values; then the next. */
static void rank_axes(const hd_drawing_board *b, int64_t *axis, int64_t n) {
  for (int64_t i = 0; i < n; i++) axis[i] = i;
  for (int64_t i = 1; i < n; i++)
    for (int64_t j = i; j > 0; j--) {
      const hd_lattice_key *one = key_of(b, axis[j]), *before = key_of(b, axis[j - 1]);
      bool names = hd_board_as_names(one), names_before = hd_board_as_names(before);
      bool better = names != names_before ? !names : one->count > before->count;
      if (!better) break;
      int64_t swap = axis[j];
      axis[j] = axis[j - 1];
      axis[j - 1] = swap;
    }
}

static hd_status value_label(hd_drawing_board *b, int64_t axis, int64_t index, const char **out) {
  const hd_lattice *l = &b->a->lattice;
  const hd_lattice_key *key = key_of(b, axis);
  hd_text text;
  char *kept;
  hd_text_init(&text, b->a->study->ctx);
  const char *dot = strrchr(key->path, '.');
  const char *name = key->labelled ? key->doc : dot && strlen(key->path) > 24 ? dot + 1 : key->path;
  hd_print(&text, "%s = ", name);
  hd_lattice_print(l, l->axis[axis].key[0], index * key->stride, &text);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = hd_arena_text(&b->arena, hd_text_of(&text), text.length, &kept);
  if (status == HD_OK) *out = kept;
  hd_text_free(&text);
  return status;
}

static hd_status add_series(hd_drawing_board *b, hd_figure *f, const block *k, int64_t z) {
  for (int64_t j = 0; j < k->n[1]; j++) {
    const char *label;
    double *row;
    HD_TRY(value_label(b, k->axis[1], k->order[1][j], &label));
    HD_TRY(row_of(b, k, k->order[1][j], z, &row));
    bool numbers = !k->names[0];
    hd_mark mark = {.shape = HD_LINE, .x = k->x, .y = row, .nx = k->n[0], .label = label};
    if (numbers) HD_TRY(hd_add(f, mark));
    mark.shape = HD_POINTS;
    if (!numbers || k->n[0] <= 30) HD_TRY(hd_add(f, mark));
  }
  return HD_OK;
}

static hd_status add_map(hd_drawing_board *b, hd_figure *f, const block *k, int64_t z) {
  double *image;
  HD_TRY(hd_board_numbers(b, k->n[0] * k->n[1], &image));
  for (int64_t j = 0; j < k->n[1]; j++)
    for (int64_t i = 0; i < k->n[0]; i++)
      image[j * k->n[0] + i] = k->at[(z * k->n[1] + k->order[1][j]) * k->n[0] + k->order[0][i]];
  return hd_add(f, (hd_mark){.shape = HD_IMAGE, .x = k->x, .y = k->y, .z = image, .nx = k->n[0], .ny = k->n[1]});
}

static hd_status draw_lines(hd_drawing_board *b, const block *k, const char *doc) {
  hd_figure *f;
  block one = *k;
  char label[HD_LATTICE_LABEL], words[HD_LATTICE_LABEL], title[3 * HD_LATTICE_LABEL];
  const hd_lattice_key *x = key_of(b, k->axis[0]), *y = key_of(b, k->axis[1]);
  snprintf(title, sizeof title, "Measures against %s, a line for each %s", hd_lattice_title(x), hd_lattice_title(y));
  HD_TRY(hd_board_begin(b, "lines", title, doc, &f));
  for (int64_t m = 0; m < b->measures; m++) {
    HD_TRY(fill(b, &one, b->measure[m]));
    HD_TRY(hd_panel(f, hd_board_words(b, b->measure[m], words), hd_board_axis(x, one.names[0], label),
                    hd_board_measure(b, b->measure[m]), (hd_axis){0}, false));
    HD_TRY(add_series(b, f, &one, 0));
  }
  return HD_OK;
}

static hd_status draw_maps(hd_drawing_board *b, const block *k, const char *doc) {
  hd_figure *f;
  block one = *k;
  char labels[2][HD_LATTICE_LABEL], words[HD_LATTICE_LABEL], title[3 * HD_LATTICE_LABEL];
  const hd_lattice_key *x = key_of(b, k->axis[0]), *y = key_of(b, k->axis[1]);
  snprintf(title, sizeof title, "Measures over %s and %s", hd_lattice_title(x), hd_lattice_title(y));
  HD_TRY(hd_board_begin(b, "maps", title, doc, &f));
  for (int64_t m = 0; m < b->measures; m++) {
    HD_TRY(fill(b, &one, b->measure[m]));
    HD_TRY(hd_panel(f, hd_board_words(b, b->measure[m], words), hd_board_axis(x, one.names[0], labels[0]),
                    hd_board_axis(y, one.names[1], labels[1]), hd_board_measure(b, b->measure[m]), false));
    HD_TRY(add_map(b, f, &one, 0));
  }
  return HD_OK;
}

static hd_status draw_two(hd_drawing_board *b) {
  int64_t axis[HD_LATTICE_KEYS] = {0};
  block k;
  rank_axes(b, axis, b->a->lattice.axes);
  HD_TRY(make_block(b, axis, 2, &k));
  const char *doc = b->a->at ? "Means over the members of each point." : "One value for each member.";
  if (k.n[1] <= SERIES_MOST) HD_TRY(draw_lines(b, &k, doc));
  return k.n[0] >= MAPS_LEAST && k.n[1] >= MAPS_LEAST ? draw_maps(b, &k, doc) : HD_OK;
}

/* A figure's name: letters, digits and dashes. */
static void figure_name(const char *measure, char *out, size_t room) {
  snprintf(out, room, "multiples-%.80s", measure);
  for (char *c = out; *c; c++) {
    bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_';
    if (!plain) *c = '-';
  }
}

static void range_of(const double *at, int64_t n, double *low, double *high) {
  *low = *high = HD_NAN;
  for (int64_t i = 0; i < n; i++) {
    if (hd_is_nan(at[i])) continue;
    if (!(at[i] >= *low)) *low = at[i];
    if (!(at[i] <= *high)) *high = at[i];
  }
  if (!(*low < *high)) *low = *high = HD_NAN;
}

/* One measure: a panel for each value of the third axis, all on one scale. */
static hd_status draw_multiples_of(hd_drawing_board *b, block *k, int64_t name) {
  hd_figure *f;
  char labels[2][HD_LATTICE_LABEL], words[HD_LATTICE_LABEL], file[128], title[4 * HD_LATTICE_LABEL];
  const hd_lattice_key *x = key_of(b, k->axis[0]), *y = key_of(b, k->axis[1]), *z = key_of(b, k->axis[2]);
  bool map = k->n[1] > SERIES_MOST;
  hd_axis of = hd_board_measure(b, name);
  int64_t step = (k->n[2] + PANELS_MOST - 1) / PANELS_MOST;
  HD_TRY(fill(b, k, name));
  figure_name(b->a->study->name[name], file, sizeof file);
  hd_board_words(b, name, words);
  bool named = !strcmp(words, b->a->study->name[name]);
  snprintf(title, sizeof title, "%s%s%s, a panel for each %s", b->a->study->name[name], named ? "" : ": ",
           named ? "" : words, hd_lattice_title(z));
  HD_TRY(hd_board_begin(b, file, title,
                        is_averaged(b, k) ? "All panels have one scale. Means over the keys that are not shown."
                                          : "All panels have one scale.",
                        &f));
  range_of(k->at, k->n[0] * k->n[1] * k->n[2], &of.low, &of.high);
  if (!map && of.low < of.high) {
    double edge = 0.05 * (of.high - of.low);
    of.high += edge;
    of.low = of.low >= 0 && of.low < edge ? 0 : of.low - edge;
  }
  for (int64_t p = 0; p < k->n[2]; p += step) {
    const char *panel;
    HD_TRY(value_label(b, k->axis[2], p, &panel));
    hd_axis across = hd_board_axis(x, k->names[0], labels[0]), up = hd_board_axis(y, k->names[1], labels[1]);
    HD_TRY(hd_panel(f, panel, across, map ? up : of, map ? of : (hd_axis){0}, false));
    HD_TRY(map ? add_map(b, f, k, p) : add_series(b, f, k, p));
  }
  return HD_OK;
}

static hd_status draw_three(hd_drawing_board *b) {
  int64_t axis[HD_LATTICE_KEYS] = {0}, shown = b->measures < MULTIPLES ? b->measures : MULTIPLES;
  block k;
  rank_axes(b, axis, b->a->lattice.axes);
  HD_TRY(make_block(b, axis, 3, &k));
  for (int64_t m = 0; m < shown; m++) HD_TRY(draw_multiples_of(b, &k, b->measure[m]));
  return HD_OK;
}

hd_status hd_board_axes(hd_drawing_board *b) {
  switch (b->a->lattice.axes) {
    case 0: return HD_OK;
    case 1: return draw_against(b);
    case 2: return draw_two(b);
    default: return draw_three(b);
  }
}
