/* The functions of heddle/math.h over arrays, one object per x86-64 level (base/isa.h).
 *
 *   HD_ISA_PICK(hd_array_exp)(y, x, n);      y[i] = hd_exp(x[i])
 *
 * y and x may be the same array, but must not overlap otherwise. The bits are those of the function on one number.
 */
#ifndef HD_MATH_ARRAY_H
#define HD_MATH_ARRAY_H

#include "base/isa.h"
#include "heddle/math.h"

/* of one argument; of two */
/* clang-format off */
#define HD_ARRAY_UNARY(X)                                                                                              \
  X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(tanh) X(atan) X(sin) X(cos) X(sin_near) X(cos_near)       \
  X(sinpi) X(cospi) X(rcp) X(rsqrt)
#define HD_ARRAY_BINARY(X) X(pow) X(atan2)
/* clang-format on */

#define HD_ARRAY_UNARY_DECLARE_(f) HD_ISA_DECLARE(void, hd_array_##f, (double *y, const double *x, int64_t n));
#define HD_ARRAY_BINARY_DECLARE_(f)                                                                                    \
  HD_ISA_DECLARE(void, hd_array_##f, (double *y, const double *a, const double *b, int64_t n));
HD_ARRAY_UNARY(HD_ARRAY_UNARY_DECLARE_)
HD_ARRAY_BINARY(HD_ARRAY_BINARY_DECLARE_)

/* y[i] = hd_uniform(key, first + i, purpose, step, draw), and hd_normal in the same place. */
HD_ISA_DECLARE(void, hd_array_uniform,
               (double *y, hd_key key, uint64_t first, uint32_t purpose, uint32_t step, uint32_t draw, int64_t n));
HD_ISA_DECLARE(void, hd_array_normal,
               (double *y, hd_key key, uint64_t first, uint32_t purpose, uint32_t step, uint32_t draw, int64_t n));

#endif
