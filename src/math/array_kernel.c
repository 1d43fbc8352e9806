/* Loops over the functions of heddle/math.h, compiled per level. All but sin and cos vectorise as they stand; those two
 * take pieces of 64 with the near form, unless a piece holds a number beyond its range. */
#include "math/array.h"

#define UNARY(f)                                                                                                       \
  void HD_ISA(hd_array_##f)(double *y, const double *x, int64_t n) {                                                   \
    HD_INDEPENDENT for (int64_t i = 0; i < n; i++) y[i] = hd_##f(x[i]);                                                \
  }
#define BINARY(f)                                                                                                      \
  void HD_ISA(hd_array_##f)(double *y, const double *a, const double *b, int64_t n) {                                  \
    HD_INDEPENDENT for (int64_t i = 0; i < n; i++) y[i] = hd_##f(a[i], b[i]);                                          \
  }
#define PIECEWISE(f)                                                                                                   \
  void HD_ISA(hd_array_##f)(double *y, const double *x, int64_t n) {                                                   \
    for (int64_t from = 0; from < n; from += 64) {                                                                     \
      int64_t count = n - from < 64 ? n - from : 64;                                                                   \
      if (all_near(x + from, count)) HD_ISA(hd_array_##f##_near)(y + from, x + from, count);                           \
      else                                                                                                             \
        for (int64_t i = from; i < from + count; i++) y[i] = hd_##f(x[i]);                                             \
    }                                                                                                                  \
  }

static bool all_near(const double *x, int64_t n) {
  int64_t far = 0;
  for (int64_t i = 0; i < n; i++) far += hd_abs(x[i]) > 0x1p30;
  return far == 0;
}

UNARY(exp)
UNARY(exp2)
UNARY(expm1)
UNARY(log)
UNARY(log2)
UNARY(log10)
UNARY(log1p)
UNARY(tanh)
UNARY(atan)
UNARY(sin_near)
UNARY(cos_near)
UNARY(sinpi)
UNARY(cospi)
UNARY(rcp)
UNARY(rsqrt)
PIECEWISE(sin)
PIECEWISE(cos)
BINARY(pow)
BINARY(atan2)

void HD_ISA(hd_array_uniform)(double *y, hd_key key, uint64_t first, uint32_t purpose, uint32_t step, uint32_t draw,
                              int64_t n) {
  HD_INDEPENDENT
  for (int64_t i = 0; i < n; i++) y[i] = hd_uniform(key, first + (uint64_t)i, purpose, step, draw);
}

void HD_ISA(hd_array_normal)(double *y, hd_key key, uint64_t first, uint32_t purpose, uint32_t step, uint32_t draw,
                             int64_t n) {
  HD_INDEPENDENT
  for (int64_t i = 0; i < n; i++) y[i] = hd_normal(key, first + (uint64_t)i, purpose, step, draw);
}
