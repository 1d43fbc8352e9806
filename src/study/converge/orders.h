/* Observed orders: how fast errors fall with the length h of a step or cell. error = C h^order. */
#ifndef HD_STUDY_ORDERS_H
#define HD_STUDY_ORDERS_H

#include "heddle/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Not-a-number where a number cannot be had (one error, an error of 0, unequal signs). */
typedef struct hd_orders {
  double mean, mean_error; /* of the pairs, and its standard error */
  double fit, fit_error;   /* slope of log error over log h by least squares, and its standard error */
} hd_orders;

/* order[i]: from level i - 1 to level i, of `count` levels that become finer; not-a-number at 0 and where an error is.
 *
 * differences: error[i] is the difference of the levels i and i + 1, so that it is C (h[i]^p - h[i + 1]^p), of which p is
 * found by bisection (Richardson); where h[i]/h[i + 1] is the same everywhere that is log(error ratio)/log(h ratio). */
void hd_orders_of(const double *h, const double *error, int64_t count, bool differences, double *order,
                  hd_orders *summary);

#endif
