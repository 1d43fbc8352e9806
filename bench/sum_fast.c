/* See sum_loops.h. Compiled once with the flags of the tree, and once for each level with -ffast-math. */
#include "sum_loops.h"

#include "base/isa.h"

#ifdef HD_LEVEL
#define SUM HD_ISA(fast_sum)
#define DOT HD_ISA(fast_dot)
#else
#define SUM plain_sum
#define DOT plain_dot
#endif

double SUM(const double *x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += x[i];
  return sum;
}

double DOT(const double *x, const double *y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}
