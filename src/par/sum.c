/* Choosing the kernel of the CPU's level. */
#include "par/sum.h"

#include "par/sum_inside.h"

double hd_sum_values(const double *x, int64_t n) { return HD_ISA_PICK(hd_sum_tree)(x, n); }

double hd_sum_products(const double *x, const double *y, int64_t n) {
  return HD_ISA_PICK(hd_sum_tree_products)(x, y, n);
}

double hd_min_values(const double *x, int64_t n) { return HD_ISA_PICK(hd_min_tree)(x, n); }
