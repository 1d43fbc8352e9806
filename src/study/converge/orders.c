#include "study/converge/orders.h"

#include "heddle/math.h"

#include <math.h>

static const double most = 40; /* no order is larger than that, none smaller than its negative */

static bool is_usable(double h, double error) { return h > 0 && error > 0 && hd_is_finite(h) && hd_is_finite(error); }

/* (r^p - 1)/p for log r, also where p is small */
static double grown(double log_r, double p) { return hd_abs(p * log_r) < 1e-12 ? log_r : hd_expm1(p * log_r) / p; }

/* p with (h0^p - h1^p)/(h1^p - h2^p) = ratio; the left side grows with p. */
static double richardson(double log_first, double log_second, double ratio) {
  double low = -most, high = most;
  for (int i = 0; i < 100; i++) {
    double p = 0.5 * (low + high);
    if (grown(log_first, p) < ratio * -grown(-log_second, p)) low = p;
    else high = p;
  }
  double p = 0.5 * (low + high);
  return hd_abs(p) < most - 1e-6 ? p : NAN;
}

static double pair_order(const double *h, const double *error, int64_t i, int64_t count, bool differences) {
  if (!is_usable(h[i - 1], error[i - 1]) || !is_usable(h[i], error[i])) return NAN;
  double log_ratio = hd_log(h[i - 1] / h[i]);
  if (!(log_ratio > 0)) return NAN;
  if (!differences) return hd_log(error[i - 1] / error[i]) / log_ratio;
  double next = i + 1 < count && h[i + 1] > 0 ? hd_log(h[i] / h[i + 1]) : NAN;
  if (!(next > 0)) return NAN;
  if (hd_abs(next - log_ratio) < 1e-9 * log_ratio) return hd_log(error[i - 1] / error[i]) / log_ratio;
  return richardson(log_ratio, next, error[i - 1] / error[i]);
}

/* Mean of the pairs and its standard error. */
static void average(const double *order, int64_t count, hd_orders *out) {
  double sum = 0, squares = 0, n = 0;
  for (int64_t i = 0; i < count; i++)
    if (!hd_is_nan(order[i])) sum += order[i], n++;
  out->mean = n > 0 ? sum / n : NAN;
  for (int64_t i = 0; i < count; i++)
    if (!hd_is_nan(order[i])) squares += (order[i] - out->mean) * (order[i] - out->mean);
  out->mean_error = n > 1 ? hd_sqrt(squares / (n - 1) / n) : NAN;
}

/* Straight line through (log h, log error). */
static void fit_line(const double *h, const double *error, int64_t count, hd_orders *out) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, rest = 0;
  for (int64_t i = 0; i < count; i++)
    if (is_usable(h[i], error[i])) n++, x += hd_log(h[i]), y += hd_log(error[i]);
  out->fit = out->fit_error = NAN;
  if (n < 2) return;
  x /= n;
  y /= n;
  for (int64_t i = 0; i < count; i++) {
    if (!is_usable(h[i], error[i])) continue;
    double dx = hd_log(h[i]) - x;
    xx += dx * dx;
    xy += dx * (hd_log(error[i]) - y);
  }
  if (!(xx > 0)) return;
  out->fit = xy / xx;
  for (int64_t i = 0; i < count; i++) {
    if (!is_usable(h[i], error[i])) continue;
    double off = hd_log(error[i]) - y - out->fit * (hd_log(h[i]) - x);
    rest += off * off;
  }
  if (n > 2) out->fit_error = hd_sqrt(rest / (n - 2) / xx);
}

void hd_orders_of(const double *h, const double *error, int64_t count, bool differences, double *order,
                  hd_orders *summary) {
  for (int64_t i = 0; i < count; i++) order[i] = i ? pair_order(h, error, i, count, differences) : NAN;
  average(order, count, summary);
  fit_line(h, error, count, summary);
}
