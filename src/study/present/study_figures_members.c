/* Figures over members rather than axes: clouds over sampled keys, what matters, who failed, how long it took. */
#include "study/present/study_figures.h"

#include "heddle/math.h"

#include <stdio.h>
#include <string.h>

enum { MEASURES_SHOWN = 3, KEYS_SHOWN = 4, KEYS = 24 };

/* -- samples ----------------------------------------------------------------------------------------------------------- */

/* The sampled keys as columns of numbers over all members, and how strongly each measure follows each key. */
typedef struct clouds {
  int64_t key[KEYS], keys;
  double *x[KEYS];
  double *y[HD_STUDY_PANELS];
  double rank[HD_STUDY_PANELS][KEYS]; /* Spearman's; NaN: none */
  int64_t by_rank[KEYS];              /* strongest first, over all measures */
} clouds;

static hd_status gather(hd_drawing_board *b, clouds *c) {
  const hd_lattice *l = &b->a->lattice;
  const hd_study *study = b->a->study;
  for (int64_t k = 0; k < l->keys && c->keys < KEYS; k++)
    if (l->key[k].sampled) c->key[c->keys++] = k;
  for (int64_t k = 0; k < c->keys; k++) {
    HD_TRY(hd_board_numbers(b, study->count, &c->x[k]));
    for (int64_t i = 0; i < study->count; i++) c->x[k][i] = hd_lattice_number(l, c->key[k], i);
  }
  for (int64_t m = 0; m < b->measures; m++) {
    HD_TRY(hd_board_numbers(b, study->count, &c->y[m]));
    for (int64_t i = 0; i < study->count; i++)
      c->y[m][i] = study->member[i].state == HD_MEMBER_DONE ? study->value[i * study->names + b->measure[m]] : HD_NAN;
    for (int64_t k = 0; k < c->keys; k++)
      HD_TRY(hd_rank_correlation(study->ctx, c->x[k], c->y[m], study->count, &c->rank[m][k]));
  }
  return HD_OK;
}

static double strength(const hd_drawing_board *b, const clouds *c, int64_t k) {
  double sum = 0;
  for (int64_t m = 0; m < b->measures; m++)
    if (!hd_is_nan(c->rank[m][k])) sum += hd_abs(c->rank[m][k]);
  return sum;
}

static void order(const hd_drawing_board *b, clouds *c) {
  for (int64_t k = 0; k < c->keys; k++) {
    int64_t at = k;
    for (; at > 0 && strength(b, c, c->by_rank[at - 1]) < strength(b, c, k); at--) c->by_rank[at] = c->by_rank[at - 1];
    c->by_rank[at] = k;
  }
}

static hd_status draw_scatter(hd_drawing_board *b, const clouds *c) {
  hd_figure *f;
  char label[HD_LATTICE_LABEL];
  int64_t keys = c->keys < KEYS_SHOWN ? c->keys : KEYS_SHOWN;
  int64_t measures = b->measures < MEASURES_SHOWN ? b->measures : MEASURES_SHOWN;
  bool by_key = measures < 3 || keys > 2; /* a page has one, two or, from nine panels on, three columns */
  HD_TRY(hd_board_begin(b, "scatter", "Measures of each member against what was drawn",
                        "One point for each member; the keys that matter most come first.", &f));
  for (int64_t p = 0; p < keys * measures; p++) {
    int64_t k = c->by_rank[by_key ? p / measures : p % keys], m = by_key ? p % measures : p / keys;
    HD_TRY(hd_panel(f, NULL, hd_board_axis(&b->a->lattice.key[c->key[k]], false, label),
                    hd_board_measure(b, b->measure[m]), (hd_axis){0}, false));
    HD_TRY(hd_add(f, (hd_mark){.shape = HD_POINTS, .x = c->x[k], .y = c->y[m], .nx = b->a->study->count}));
  }
  return HD_OK;
}

static hd_status draw_importance(hd_drawing_board *b, const clouds *c) {
  hd_figure *f;
  const char *names[KEYS];
  double *x, *y;
  HD_TRY(hd_board_begin(b, "importance", "Which parameters matter",
                        "Spearman's rank correlation of each measure with each key: 1, it always rises with the key; "
                        "-1, it always falls; near 0, no such order (it may still depend on the key).",
                        &f));
  for (int64_t i = 0; i < c->keys; i++) names[i] = hd_lattice_name(&b->a->lattice.key[c->key[c->by_rank[i]]]);
  HD_TRY(hd_panel(f, NULL, (hd_axis){.label = "key", .names = names, .name_count = c->keys},
                  (hd_axis){.label = "rank correlation", .low = -1, .high = 1}, (hd_axis){0}, false));
  HD_TRY(hd_board_numbers(b, c->keys, &x));
  for (int64_t i = 0; i < c->keys; i++) x[i] = (double)i;
  for (int64_t m = 0; m < b->measures; m++) {
    HD_TRY(hd_board_numbers(b, c->keys, &y));
    for (int64_t i = 0; i < c->keys; i++) y[i] = c->rank[m][c->by_rank[i]];
    HD_TRY(hd_add(
        f, (hd_mark){.shape = HD_BARS, .label = b->a->study->name[b->measure[m]], .x = x, .y = y, .nx = c->keys}));
  }
  return HD_OK;
}

hd_status hd_board_samples(hd_drawing_board *b) {
  clouds c = {.keys = 0};
  HD_TRY(gather(b, &c));
  order(b, &c);
  HD_TRY(draw_scatter(b, &c));
  return c.keys > 1 ? draw_importance(b, &c) : HD_OK;
}

/* -- who failed -------------------------------------------------------------------------------------------------------- */

static const char *const failed_doc = "Why they failed, and what repeats each of them, is in the list of this page.";

/* Done and failed members over two keys. */
static hd_status draw_failed_clouds(hd_drawing_board *b, int64_t first, int64_t second) {
  const hd_lattice *l = &b->a->lattice;
  const hd_study *study = b->a->study;
  hd_figure *f;
  char labels[2][HD_LATTICE_LABEL];
  double *at[2][2];
  int64_t n[2] = {0, 0};
  for (int failed = 0; failed < 2; failed++)
    for (int k = 0; k < 2; k++) HD_TRY(hd_board_numbers(b, study->count, &at[failed][k]));
  for (int64_t i = 0; i < study->count; i++) {
    if (study->member[i].state == HD_MEMBER_WAITING) continue;
    bool failed = study->member[i].state == HD_MEMBER_FAILED;
    at[failed][0][n[failed]] = hd_lattice_number(l, first, i);
    at[failed][1][n[failed]++] = hd_lattice_number(l, second, i);
  }
  HD_TRY(hd_board_begin(b, "failed", "Members that failed", failed_doc, &f));
  HD_TRY(hd_panel(f, NULL, hd_board_axis(&l->key[first], false, labels[0]),
                  hd_board_axis(&l->key[second], false, labels[1]), (hd_axis){0}, false));
  HD_TRY(hd_add(
      f, (hd_mark){.shape = HD_POINTS, .label = "done", .x = at[0][0], .y = at[0][1], .nx = n[0], .look = HD_HOLLOW}));
  return hd_add(f, (hd_mark){.shape = HD_POINTS, .label = "failed", .x = at[1][0], .y = at[1][1], .nx = n[1]});
}

/* How many failed at each value of one key, or at each pair of two. */
static hd_status draw_failed_counts(hd_drawing_board *b) {
  const hd_lattice *l = &b->a->lattice;
  const hd_lattice_axis *x = &l->axis[l->axes - 1], *y = l->axes > 1 ? &l->axis[l->axes - 2] : NULL;
  const hd_lattice_key *kx = &l->key[x->key[0]], *ky = y ? &l->key[y->key[0]] : NULL;
  int64_t ny = y ? y->count : 1;
  hd_figure *f;
  char labels[2][HD_LATTICE_LABEL];
  double *count, *place;
  HD_TRY(hd_board_numbers(b, x->count * ny, &count));
  HD_TRY(hd_board_numbers(b, x->count, &place));
  for (int64_t i = 0; i < x->count; i++) place[i] = (double)i;
  for (int64_t p = 0; p < l->points; p++)
    count[(y ? p / y->stride % y->count : 0) * x->count + p / x->stride % x->count] += (double)b->a->failed[p];
  double most = 1;
  for (int64_t i = 0; i < x->count * ny; i++) most = hd_larger(most, count[i]);
  hd_axis across = hd_board_axis(kx, true, labels[0]), failed = {.label = "failed members", .low = 0, .high = most};
  HD_TRY(hd_board_begin(b, "failed", "Members that failed", failed_doc, &f));
  HD_TRY(hd_panel(f, NULL, across, y ? hd_board_axis(ky, true, labels[1]) : failed, y ? failed : (hd_axis){0}, false));
  hd_mark mark = {.shape = HD_BARS, .x = place, .y = count, .nx = x->count};
  if (y) mark = (hd_mark){.shape = HD_IMAGE, .z = count, .nx = x->count, .ny = ny};
  return hd_add(f, mark);
}

hd_status hd_board_failed(hd_drawing_board *b) {
  const hd_lattice *l = &b->a->lattice;
  int64_t sampled[2], n = 0, failed = 0;
  for (int64_t p = 0; p < l->points; p++) failed += b->a->failed[p];
  for (int64_t k = 0; k < l->keys && n < 2; k++)
    if (l->key[k].sampled) sampled[n++] = k;
  if (!failed) return HD_OK;
  if (n == 2) return draw_failed_clouds(b, sampled[0], sampled[1]);
  return l->axes ? draw_failed_counts(b) : HD_OK;
}

/* -- how often a value comes --------------------------------------------------------------------------------------------- */

enum { BINS = 24, LEAST = 8 };

/* Stairs over equal bins from the least to the greatest of the finite values (of their logarithms, if `log`). */
static hd_status add_histogram(hd_figure *f, const double *value, int64_t n, double least, double greatest, bool log) {
  double edge[BINS + 1], count[BINS + 1] = {0};
  double low = log ? hd_log(least) : least, high = log ? hd_log(greatest) : greatest;
  for (int i = 0; i <= BINS; i++) {
    double at = low + (high - low) * i / BINS;
    edge[i] = log ? hd_exp(at) : at;
  }
  for (int64_t i = 0; i < n; i++) {
    if (!hd_is_finite(value[i])) continue;
    int bin = (int)(((log ? hd_log(value[i]) : value[i]) - low) / (high - low) * BINS);
    count[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1] += 1;
  }
  count[BINS] = count[BINS - 1];
  return hd_add(f, (hd_mark){.shape = HD_STAIRS, .x = edge, .y = count, .nx = BINS + 1});
}

hd_status hd_board_distribution(hd_drawing_board *b) {
  const hd_study *study = b->a->study;
  const char *const doc = "How often each value came among the members; the line is their mean.";
  hd_figure *f = NULL;
  char words[HD_LATTICE_LABEL];
  for (int64_t m = 0; m < b->measures; m++) {
    const hd_statistics *s = &b->a->all[b->measure[m]];
    double *value;
    if (s->count < LEAST) continue;
    HD_TRY(hd_board_numbers(b, study->count, &value));
    for (int64_t i = 0; i < study->count; i++)
      value[i] = study->member[i].state == HD_MEMBER_DONE ? study->value[i * study->names + b->measure[m]] : HD_NAN;
    if (!f) HD_TRY(hd_board_begin(b, "distribution", "Measures over all members", doc, &f));
    HD_TRY(hd_panel(f, hd_board_words(b, b->measure[m], words), hd_board_measure(b, b->measure[m]),
                    (hd_axis){.label = "members"}, (hd_axis){0}, false));
    HD_TRY(add_histogram(f, value, study->count, s->least, s->greatest, false));
    HD_TRY(hd_add(f, (hd_mark){.shape = HD_RULE, .x = &s->mean, .nx = 1}));
  }
  return HD_OK;
}

hd_status hd_board_times(hd_drawing_board *b) {
  const hd_study *study = b->a->study;
  const hd_statistics *s = &b->a->seconds;
  hd_figure *f;
  double *value, unit = s->greatest < 1 ? 1e3 : 1;
  if (s->count < LEAST || !(s->least < s->greatest)) return HD_OK;
  bool log = s->greatest > 30 * s->least;
  HD_TRY(hd_board_numbers(b, study->count, &value));
  for (int64_t i = 0; i < study->count; i++) {
    double seconds = (double)study->member[i].cost_s;
    value[i] = study->member[i].state != HD_MEMBER_WAITING && seconds > 0 ? seconds * unit : HD_NAN;
  }
  HD_TRY(hd_board_begin(b, "times", "How long the members took", "Computing time of each member on its core.", &f));
  hd_axis time = {.label = "time of one member", .unit = unit > 1 ? "ms" : "s", .log = log};
  HD_TRY(hd_panel(f, NULL, time, (hd_axis){.label = "members"}, (hd_axis){0}, false));
  return add_histogram(f, value, study->count, s->least * unit, s->greatest * unit, log);
}
