/* Sorting numbers in place, and what is read from sorted ones. */
#include "solvers/nbody/run.h"

/* Heap sort: no memory, no worst case. NaN must not be among them. */
static void sink(double *x, int64_t at, int64_t n) {
  double top = x[at];
  for (int64_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && x[child + 1] > x[child]) child++;
    if (!(x[child] > top)) break;
    x[at] = x[child];
  }
  x[at] = top;
}

void nbody_sort(double *x, int64_t n) {
  for (int64_t i = n / 2 - 1; i >= 0; i--) sink(x, i, n);
  for (int64_t last = n - 1; last > 0; last--) {
    double top = x[0];
    x[0] = x[last];
    x[last] = top;
    sink(x, 0, last);
  }
}

static void sink_index(nbody_before *before, const void *arg, int64_t *index, int64_t at, int64_t n) {
  int64_t top = index[at];
  for (int64_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && before(arg, index[child], index[child + 1])) child++;
    if (!before(arg, top, index[child])) break;
    index[at] = index[child];
  }
  index[at] = top;
}

void nbody_order_by(nbody_before *before, const void *arg, int64_t n, int64_t *index) {
  for (int64_t i = 0; i < n; i++) index[i] = i;
  for (int64_t i = n / 2 - 1; i >= 0; i--) sink_index(before, arg, index, i, n);
  for (int64_t last = n - 1; last > 0; last--) {
    int64_t top = index[0];
    index[0] = index[last];
    index[last] = top;
    sink_index(before, arg, index, 0, last);
  }
}

static bool is_smaller(const void *arg, int64_t a, int64_t b) {
  const double *key = arg;
  return (a < b && key[a] == key[b]) || key[a] < key[b];
}

void nbody_order(const double *key, int64_t n, int64_t *index) { nbody_order_by(is_smaller, key, n, index); }

double nbody_quantile(const double *sorted, int64_t n, double q) {
  double at = q * (double)(n - 1);
  int64_t low = (int64_t)at;
  if (n < 1) return __builtin_nan("");
  return low + 1 < n ? sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]) : sorted[n - 1];
}
