/* The kernels under par/sum.h, one for each x86-64 level, and their trees. */
#ifndef HD_PAR_SUM_INSIDE_H
#define HD_PAR_SUM_INSIDE_H

#include "base/isa.h"

#include <stdint.h>

HD_ISA_DECLARE(double, hd_sum_tree, (const double *x, int64_t n));
HD_ISA_DECLARE(double, hd_sum_tree_products, (const double *x, const double *y, int64_t n));
HD_ISA_DECLARE(double, hd_min_tree, (const double *x, int64_t n));

#endif
