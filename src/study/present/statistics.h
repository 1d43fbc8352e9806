/* What many values of one measure are together: mean, standard deviation, quantiles and how sure the mean is. The same bits
 * for the same values in the same order; values that are not finite are left out and counted.
 */
#ifndef HD_STUDY_STATISTICS_H
#define HD_STUDY_STATISTICS_H

#include "base/ctx.h"

#include <stdint.h>

enum { HD_QUANTILES = 5 };
extern const double hd_quantile[HD_QUANTILES]; /* 0.05, 0.25, 0.5, 0.75, 0.95 */

typedef struct hd_statistics {
  int64_t count;       /* of finite values; all numbers below are NaN where it is too small for them */
  double  mean, sd;    /* sd: of the sample, with count - 1; NaN below two values */
  double  low, high;   /* 95 % confidence interval of the mean: mean -+ t(0.975, count - 1) sd / sqrt(count), Student 1908,
                          doi:10.1093/biomet/6.1.1; right for values that are nearly normal, independent draws */
  double  least, greatest;
  double  quantile[HD_QUANTILES]; /* linear between order statistics: type 7 of Hyndman and Fan 1996,
                                            doi:10.1080/00031305.1996.10473566, which is NumPy's default */
} hd_statistics;

hd_status hd_statistics_of(hd_ctx *ctx, const double *value, int64_t n, hd_statistics *out);

/* t for which Student's distribution with so many degrees of freedom (1 or more) lies below it with probability 0.975. */
double hd_student_975(int64_t freedom);

/* Rank correlation of the pairs that are finite in both, ties by mean rank (Spearman 1904, doi:10.2307/1412159); NaN below
 * three pairs or where one of the two is constant. */
hd_status hd_rank_correlation(hd_ctx *ctx, const double *x, const double *y, int64_t n, double *out);

#endif
