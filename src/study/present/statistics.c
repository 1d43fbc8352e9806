#include "study/present/statistics.h"

#include "heddle/math.h"
#include "par/sum.h"

#include <stdlib.h>

const double hd_quantile[HD_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double quantile_of(const double *sorted, int64_t n, double p) {
  double at = p * (double)(n - 1);
  int64_t below = (int64_t)at;
  double part = at - (double)below;
  return below + 1 < n ? sorted[below] + part * (sorted[below + 1] - sorted[below]) : sorted[below];
}

/* The probability between -t and t as a finite sum (Abramowitz and Stegun 26.7.3, 26.7.4). */
static double between(double t, int64_t freedom) {
  double n = (double)freedom, cos2 = n / (n + t * t), sine = t / hd_sqrt(n + t * t), term = 1, sum = 0;
  bool odd = freedom % 2;
  if (odd) term = hd_sqrt(cos2);
  for (int64_t k = odd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= cos2 * (double)(k + 1) / (double)(k + 2);
  }
  return odd ? 2 / HD_PI * (hd_atan2(t, hd_sqrt(n)) + sine * sum) : sine * sum;
}

/* From the normal quantile by the asymptotic series (26.7.5). */
static double student_of_many(double n) {
  const double x = 1.959963984540054, x3 = x * x * x, x5 = x3 * x * x, x7 = x5 * x * x, x9 = x7 * x * x;
  double g1 = (x3 + x) / 4, g2 = (5 * x5 + 16 * x3 + 3 * x) / 96, g3 = (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / 384;
  double g4 = (79 * x9 + 776 * x7 + 1482 * x5 - 1920 * x3 - 945 * x) / 92160;
  return x + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

double hd_student_975(int64_t freedom) {
  enum { MANY = 200, HALVINGS = 60 };
  double low = 0, high = 16;
  if (freedom < 1) return HD_NAN;
  if (freedom > MANY) return student_of_many((double)freedom);
  for (int i = 0; i < HALVINGS; i++) {
    double middle = 0.5 * (low + high);
    if (between(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/* x: the n finite values, n > 0, in their order; other: room for n. Sorts x. */
static void describe(double *x, double *other, int64_t n, hd_statistics *out) {
  double count = (double)n;
  out->mean = hd_sum_values(x, n) / count;
  if (n > 1) {
    for (int64_t i = 0; i < n; i++) other[i] = x[i] - out->mean;
    out->sd = hd_sqrt(hd_sum_products(other, other, n) / (count - 1));
    double half = hd_student_975(n - 1) * out->sd / hd_sqrt(count);
    out->low = out->mean - half;
    out->high = out->mean + half;
  }
  qsort(x, (size_t)n, sizeof *x, ascending);
  out->least = x[0];
  out->greatest = x[n - 1];
  for (int q = 0; q < HD_QUANTILES; q++) out->quantile[q] = quantile_of(x, n, hd_quantile[q]);
}

hd_status hd_statistics_of(hd_ctx *ctx, const double *value, int64_t n, hd_statistics *out) {
  size_t bytes = 2 * sizeof(double) * (size_t)n;
  void *memory;
  *out =
      (hd_statistics){.mean = HD_NAN, .sd = HD_NAN, .low = HD_NAN, .high = HD_NAN, .least = HD_NAN, .greatest = HD_NAN};
  for (int q = 0; q < HD_QUANTILES; q++) out->quantile[q] = HD_NAN;
  HD_TRY(hd_memory_take(ctx, bytes, &memory));
  double *x = memory;
  for (int64_t i = 0; i < n; i++)
    if (hd_is_finite(value[i])) x[out->count++] = value[i];
  if (out->count) describe(x, x + n, out->count, out);
  hd_memory_give(ctx, memory, bytes);
  return HD_OK;
}

/* -- ranks ------------------------------------------------------------------------------------------------------------- */

typedef struct ranked {
  double value, rank;
  int64_t place;
} ranked;

static int by_value(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  return x->value < y->value ? -1 : x->value > y->value ? 1 : x->place < y->place ? -1 : 1;
}

static int by_place(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  return x->place < y->place ? -1 : 1;
}

/* Ranks less their mean, in the order of the values; equal values share the mean of their ranks. */
static void rank(ranked *r, int64_t n, double *out) {
  qsort(r, (size_t)n, sizeof *r, by_value);
  for (int64_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && r[end].value == r[i].value; end++)
      ;
    for (int64_t k = i; k < end; k++) r[k].rank = 0.5 * (double)(i + end - 1) - 0.5 * (double)(n - 1);
  }
  qsort(r, (size_t)n, sizeof *r, by_place);
  for (int64_t i = 0; i < n; i++) out[i] = r[i].rank;
}

hd_status hd_rank_correlation(hd_ctx *ctx, const double *x, const double *y, int64_t n, double *out) {
  size_t bytes = (size_t)n * (2 * sizeof(ranked) + 2 * sizeof(double));
  int64_t pairs = 0;
  void *memory;
  *out = HD_NAN;
  if (n < 3) return HD_OK;
  HD_TRY(hd_memory_take(ctx, bytes, &memory));
  ranked *a = memory, *b = a + n;
  double *p = (double *)(void *)(b + n), *q = p + n;
  for (int64_t i = 0; i < n; i++) {
    if (!hd_is_finite(x[i]) || !hd_is_finite(y[i])) continue;
    a[pairs] = (ranked){.value = x[i], .place = pairs};
    b[pairs] = (ranked){.value = y[i], .place = pairs};
    pairs++;
  }
  if (pairs >= 3) {
    rank(a, pairs, p);
    rank(b, pairs, q);
    double of_p = hd_sum_products(p, p, pairs), of_q = hd_sum_products(q, q, pairs);
    if (of_p > 0 && of_q > 0) *out = hd_sum_products(p, q, pairs) / hd_sqrt(of_p * of_q);
  }
  hd_memory_give(ctx, memory, bytes);
  return HD_OK;
}
