/* Sums, minimum and compensated addition with the same bits everywhere.
 *
 * hd_sum_values: leaves of 256 values are added in 32 lanes (value i to lane i mod 32, ascending), the lanes in halves
 * (lane i += lane i + 16, 8, 4, 2, 1); above that one binary tree whose left side is the largest number of leaves that is a
 * power of two and leaves something for the right. The shape depends on the count only, so the bits depend neither on
 * threads nor on the CPU; the error grows with the logarithm of the count (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., section 4.2, doi:10.1137/1.9780898718027). The lanes are what makes it faster than a plain loop.
 *
 * A kernel that sums while it computes keeps HD_LANES lanes of its own and ends with hd_sum_lanes.
 */
#ifndef HD_PAR_SUM_H
#define HD_PAR_SUM_H

#include <stdint.h>

enum { HD_LANES = 32, HD_LEAF = 256 };

/* 0 for n = 0 */
double hd_sum_values(const double *x, int64_t n);
/* Sum of x[i] y[i], in the same order; each product is rounded. */
double hd_sum_products(const double *x, const double *y, int64_t n);
/* NaN if one is; +infinity for n = 0 */
double hd_min_values(const double *x, int64_t n);

/* Adds up HD_LANES lanes, destroying them. */
static inline double hd_sum_lanes(double *lane) {
  for (int half = HD_LANES / 2; half; half /= 2)
    for (int i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
}

/* A sum whose rounding errors are kept beside it (Neumaier 1974, doi:10.1002/zamm.19740540106): for ledgers, where
 * millions of small amounts meet a large one. The total is sum + lost. Order matters, as everywhere. */
typedef struct hd_tally {
  double sum, lost;
} hd_tally;

static inline void hd_tally_add(hd_tally *tally, double x) {
  double t = tally->sum + x;
  double s = tally->sum < 0 ? -tally->sum : tally->sum, a = x < 0 ? -x : x;
  tally->lost += s >= a ? (tally->sum - t) + x : (x - t) + tally->sum;
  tally->sum = t;
}

static inline double hd_tally_total(const hd_tally *tally) { return tally->sum + tally->lost; }

#endif
