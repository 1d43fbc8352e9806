/* Two profiles on one grid: the fine one restricted to the coarse one's, their distance. */
#include "heddle/math.h"
#include "study/converge/profiles.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double fit = 1e-9; /* how well positions must agree, relative to the length of the axis */

/* -- restriction ------------------------------------------------------------------------------------------------------- */

/* How indices of a fine axis make one of a coarse axis. */
typedef struct merging {
  int64_t each; /* so many fine ones for a coarse one */
  bool points;  /* every each-th is taken, instead of the mean of each */
} merging;

static double length_of(const hd_profile_axis *a) {
  double length = hd_abs(a->at[a->size - 1] - a->at[0]);
  if (a->width) length += 0.5 * (a->width[0] + a->width[a->size - 1]);
  return length > 0 ? length : hd_abs(a->at[0]) + 1e-300;
}

static double weight_of(const hd_profile_axis *a, int64_t i) { return a->width ? a->width[i] : 1; }

/* The middle of `each` cells from `first` on. */
static double middle_of(const hd_profile_axis *a, int64_t first, int64_t each) {
  double sum = 0, weight = 0;
  for (int64_t k = first; k < first + each; k++) {
    sum += weight_of(a, k) * a->at[k];
    weight += weight_of(a, k);
  }
  return sum / weight;
}

static bool cells_fit(const hd_profile_axis *fine, const hd_profile_axis *coarse, int64_t each) {
  double slack = fit * length_of(coarse);
  for (int64_t i = 0; i < coarse->size; i++)
    if (!(hd_abs(middle_of(fine, i * each, each) - coarse->at[i]) <= slack)) return false;
  return true;
}

static bool points_fit(const hd_profile_axis *fine, const hd_profile_axis *coarse, int64_t each) {
  double slack = fit * length_of(coarse);
  for (int64_t i = 0; i < coarse->size; i++)
    if (!(hd_abs(fine->at[i * each] - coarse->at[i]) <= slack)) return false;
  return true;
}

static bool find_merging(const hd_profile_axis *fine, const hd_profile_axis *coarse, merging *out) {
  int64_t nf = fine->size, nc = coarse->size;
  *out = (merging){.each = 1};
  if (!fine->at || !coarse->at) return nf == nc;
  if (nf % nc == 0 && cells_fit(fine, coarse, nf / nc)) {
    out->each = nf / nc;
    return true;
  }
  if (nc < 2 || nf < nc || (nf - 1) % (nc - 1)) return false;
  *out = (merging){.each = (nf - 1) / (nc - 1), .points = true};
  return points_fit(fine, coarse, out->each);
}

/* [outer][fine][inner] -> [outer][coarse][inner] */
static void merge_axis(const double *from, double *to, const hd_profile_axis *fine, const hd_profile_axis *coarse,
                       merging m, int64_t outer, int64_t inner) {
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < coarse->size; i++)
      for (int64_t k = 0; k < inner; k++) {
        const double *at = from + (o * fine->size + i * m.each) * inner + k;
        double sum = 0, weight = 0;
        for (int64_t j = 0; j < m.each && !m.points; j++) {
          sum += weight_of(fine, i * m.each + j) * at[j * inner];
          weight += weight_of(fine, i * m.each + j);
        }
        to[(o * coarse->size + i) * inner + k] = m.points || m.each == 1 ? at[0] : sum / weight;
      }
}

static hd_status no_fit(hd_arena *arena, const hd_profile *fine, const hd_profile *coarse, int i) {
  const hd_profile_axis *f = &fine->axis[i], *c = &coarse->axis[i];
  if (!f->at || !c->at)
    return hd_raise(
        arena->ctx, HD_ERR_INPUT,
        "%s has %lld values along %s on one level and %lld on another, and %s has no positions: they cannot "
        "be compared",
        fine->name, (long long)f->size, f->dim, (long long)c->size, f->dim);
  return hd_raise(
      arena->ctx, HD_ERR_INPUT,
      "%s: %lld values along %s on one level do not make the %lld of another; levels must be whole multiples "
      "of each other on the same %s, such as 50, 100, 200",
      fine->name, (long long)f->size, f->dim, (long long)c->size, f->dim);
}

hd_status hd_profile_restrict(hd_arena *arena, const hd_profile *fine, const hd_profile *coarse, hd_profile *out) {
  *out = *fine;
  if (fine->rank != coarse->rank)
    return hd_raise(arena->ctx, HD_ERR_INPUT, "%s has %d axes on one level and %d on another", fine->name, fine->rank,
                    coarse->rank);
  for (int i = 0; i < fine->rank; i++) {
    merging m;
    int64_t outer = 1, inner = 1;
    void *memory;
    if (!find_merging(&fine->axis[i], &coarse->axis[i], &m)) return no_fit(arena, fine, coarse, i);
    for (int k = 0; k < i; k++) outer *= out->axis[k].size;
    for (int k = i + 1; k < fine->rank; k++) inner *= out->axis[k].size;
    HD_TRY(hd_arena_take(arena, sizeof(double) * (size_t)(outer * coarse->axis[i].size * inner + 1), &memory));
    merge_axis(out->at, memory, &fine->axis[i], &coarse->axis[i], m, outer, inner);
    out->at = memory;
    out->axis[i] = coarse->axis[i];
  }
  return HD_OK;
}

/* -- distance ---------------------------------------------------------------------------------------------------------- */

/* The length that index i stands for; without positions they share 1 evenly. */
static double share_of(const hd_profile_axis *a, int64_t i) {
  int64_t last = a->size - 1;
  if (!a->at) return 1.0 / (double)a->size;
  if (a->width) return a->width[i];
  if (!last) return 1;
  if (i == 0) return hd_abs(a->at[1] - a->at[0]);
  if (i == last) return hd_abs(a->at[last] - a->at[last - 1]);
  return 0.5 * hd_abs(a->at[i + 1] - a->at[i - 1]);
}

double hd_profile_distance(const hd_profile *a, const hd_profile *b, hd_study_norm norm, int64_t *left_out) {
  double sum = 0, squares = 0, most = 0;
  int64_t count = 1;
  *left_out = 0;
  for (int i = 0; i < a->rank; i++) count *= a->axis[i].size;
  for (int64_t n = 0; n < count; n++) {
    double difference = hd_abs(a->at[n] - b->at[n]), share = 1;
    if (hd_is_nan(difference)) {
      ++*left_out;
      continue;
    }
    for (int64_t i = a->rank - 1, rest = n; i >= 0; rest /= a->axis[i].size, i--)
      share *= share_of(&a->axis[i], rest % a->axis[i].size);
    sum += difference * share;
    squares += difference * difference * share;
    most = hd_larger(most, difference);
  }
  if (*left_out == count) return NAN;
  return norm == HD_NORM_MAX ? most : norm == HD_NORM_L2 ? hd_sqrt(squares) : sum;
}

hd_status hd_profile_norm_unit(hd_arena *arena, const hd_profile *profile, hd_study_norm norm, const char **out) {
  hd_text text;
  char *kept;
  const char *unit = profile->unit ? profile->unit : "1";
  hd_text_init(&text, arena->ctx);
  hd_print(&text, "%s", unit);
  for (int i = 0; i < profile->rank && norm != HD_NORM_MAX; i++) {
    const hd_profile_axis *a = &profile->axis[i];
    size_t length = strlen(hd_text_of(&text)), along = a->unit ? strlen(a->unit) : 0;
    if (!a->at || !along || !strcmp(a->unit, "1")) continue;
    bool cancels = norm == HD_NORM_L1 && length > along + 1 && text.at[length - along - 1] == '/' &&
                   !strcmp(text.at + length - along, a->unit);
    if (cancels) text.at[text.length = length - along - 1] = 0;
    else hd_print(&text, norm == HD_NORM_L2 ? " %s^0.5" : " %s", a->unit);
  }
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = hd_arena_text(arena, hd_text_of(&text), text.length, &kept);
  if (status == HD_OK) *out = kept;
  hd_text_free(&text);
  return status;
}
