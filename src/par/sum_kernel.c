/* Lane sums and their tree, compiled once per x86-64 level. The lanes are eight vectors of four doubles: gcc and clang
 * keep them in registers at every level, and addition of vectors is addition of their elements, so the bits are one. */
#include "par/sum_inside.h"

#include "par/sum.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { WIDE = 4, VECTORS = HD_LANES / WIDE };
typedef double vec __attribute__((vector_size(WIDE * sizeof(double))));

typedef double loose __attribute__((vector_size(WIDE * sizeof(double)), aligned(8), may_alias));
#define LOAD(at) (*(const loose *)(at)) /* from anywhere; a function would return a vector, which v2 has no rule for */

/* hd_sum_lanes on vectors: the same additions. */
static inline double fold(vec *sum) {
  for (int half = VECTORS / 2; half; half /= 2)
    for (int v = 0; v < half; v++) sum[v] += sum[v + half];
  return (sum[0][0] + sum[0][2]) + (sum[0][1] + sum[0][3]);
}

/* The values behind the last full row of lanes. */
static inline double finish(vec *sum, const double *x, const double *y, int64_t from, int64_t n) {
  double lane[HD_LANES];
  int left = (int)(n - from);
  if (left == 0) return fold(sum);
  memcpy(lane, sum, sizeof lane);
  for (int j = 0; j < HD_LANES && j < left; j++) lane[j] += y ? x[from + j] * y[from + j] : x[from + j];
  return hd_sum_lanes(lane);
}

static inline double leaf(const double *x, int64_t n) {
  vec sum[VECTORS] = {0};
  int64_t i = 0;
  for (; i + HD_LANES <= n; i += HD_LANES)
    for (int v = 0; v < VECTORS; v++) sum[v] += LOAD(x + i + v * WIDE);
  return finish(sum, x, NULL, i, n);
}

static inline double leaf_products(const double *x, const double *y, int64_t n) {
  vec sum[VECTORS] = {0};
  int64_t i = 0;
  for (; i + HD_LANES <= n; i += HD_LANES)
    for (int v = 0; v < VECTORS; v++) sum[v] += LOAD(x + i + v * WIDE) * LOAD(y + i + v * WIDE);
  return finish(sum, x, y, i, n);
}

/* The tree without recursion: as a binary counter. sum[k] holds 2^k leaves while bit k of their number is set. */
#define TREE(leaf_at)                                                                                                  \
  double sum[64], total = 0;                                                                                           \
  int64_t leaves = 0;                                                                                                  \
  if (n <= HD_LEAF) return leaf_at(0, n);                                                                              \
  for (int64_t i = 0; i < n; i += HD_LEAF, leaves++) {                                                                 \
    double one = n - i < HD_LEAF ? leaf_at(i, n - i) : leaf_at(i, HD_LEAF);                                            \
    int k = 0;                                                                                                         \
    for (int64_t bits = leaves; bits & 1; bits >>= 1) one = sum[k++] + one;                                            \
    sum[k] = one;                                                                                                      \
  }                                                                                                                    \
  bool some = false;                                                                                                   \
  for (int k = 0; leaves >> k; k++)                                                                                    \
    if (leaves >> k & 1) total = some ? sum[k] + total : sum[k], some = true;                                          \
  return total

#define LEAF_AT(i, m) leaf(x + (i), (m))
double HD_ISA(hd_sum_tree)(const double *x, int64_t n) { TREE(LEAF_AT); }

#define LEAF_PRODUCTS_AT(i, m) leaf_products(x + (i), y + (i), (m))
double HD_ISA(hd_sum_tree_products)(const double *x, const double *y, int64_t n) { TREE(LEAF_PRODUCTS_AT); }

double HD_ISA(hd_min_tree)(const double *x, int64_t n) {
  double least[HD_LANES], strange[HD_LANES] = {0};
  for (int j = 0; j < HD_LANES; j++) least[j] = (double)INFINITY;
  int64_t i = 0;
  for (; i + HD_LANES <= n; i += HD_LANES)
    for (int j = 0; j < HD_LANES; j++) {
      least[j] = x[i + j] < least[j] ? x[i + j] : least[j];
      strange[j] = x[i + j] == x[i + j] ? strange[j] : x[i + j];
    }
  for (int64_t j = 0; i + j < n; j++) {
    least[j] = x[i + j] < least[j] ? x[i + j] : least[j];
    strange[j] = x[i + j] == x[i + j] ? strange[j] : x[i + j];
  }
  double all = (double)INFINITY, not_a_number = 0;
  for (int j = 0; j < HD_LANES; j++) {
    all = least[j] < all ? least[j] : all;
    not_a_number = strange[j] == strange[j] ? not_a_number : strange[j];
  }
  return not_a_number == not_a_number ? all : not_a_number;
}
