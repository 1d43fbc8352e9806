/* Loops in registers that keep all arithmetic units busy: enough independent chains for the latency of 4 cycles times two
 * units, few enough for the registers of the level. See machine_probe.h. */
#include "par/machine_probe.h"

#include <immintrin.h>

#if defined __AVX512F__
typedef __m512d vec;
#define FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#define ROOT(a) _mm512_sqrt_pd(a)
#elif defined __FMA__
typedef __m256d vec;
#define FMA(a, b, c) _mm256_fmadd_pd(a, b, c)
#define ROOT(a) _mm256_sqrt_pd(a)
#else
typedef __m128d vec;
#define FMA(a, b, c) ((a) * (b) + (c))
#define ROOT(a) _mm_sqrt_pd(a)
#endif

enum { WIDE = sizeof(vec) / sizeof(double), PAIRS = 7, CHAINS = 12, SLOW = 6 };

hd_probe_ops HD_ISA(hd_probe_per_turn)(void) {
  return (hd_probe_ops){.flops = 2.0 * PAIRS * WIDE,
                        .flops_fma = 2.0 * CHAINS * WIDE,
                        .adds = (double)CHAINS * WIDE,
                        .multiplies = (double)CHAINS * WIDE,
                        .divides = (double)SLOW * WIDE,
                        .roots = (double)SLOW * WIDE};
}

#define START(x, n, near_one)                                                                                          \
  vec x[n];                                                                                                            \
  for (int i = 0; i < (n); i++)                                                                                        \
    for (int j = 0; j < WIDE; j++) x[i][j] = (near_one) + 0.01 * i + 0.001 * j
#define SPREAD(v, near_one)                                                                                            \
  vec v;                                                                                                               \
  for (int j = 0; j < WIDE; j++) v[j] = (near_one)

#define FINISH(x, n)                                                                                                   \
  double sum = 0;                                                                                                      \
  for (int i = 0; i < (n); i++)                                                                                        \
    for (int j = 0; j < WIDE; j++) sum += x[i][j];                                                                     \
  return sum

double HD_ISA(hd_probe_flops)(int64_t turns, double near_one) {
  START(x, 2 * PAIRS, near_one);
  SPREAD(factor, near_one);
  for (int64_t t = 0; t < turns; t++)
    for (int i = 0; i < PAIRS; i++) {
      x[2 * i] = x[2 * i] * factor;
      x[2 * i + 1] = x[2 * i + 1] + factor;
    }
  FINISH(x, 2 * PAIRS);
}

double HD_ISA(hd_probe_fma)(int64_t turns, double near_one) {
  START(x, CHAINS, near_one);
  SPREAD(factor, near_one);
  for (int64_t t = 0; t < turns; t++)
    for (int i = 0; i < CHAINS; i++) x[i] = FMA(x[i], factor, factor);
  FINISH(x, CHAINS);
}

double HD_ISA(hd_probe_adds)(int64_t turns, double near_one) {
  START(x, CHAINS, near_one);
  SPREAD(term, near_one);
  for (int64_t t = 0; t < turns; t++)
    for (int i = 0; i < CHAINS; i++) x[i] = x[i] + term;
  FINISH(x, CHAINS);
}

double HD_ISA(hd_probe_multiplies)(int64_t turns, double near_one) {
  START(x, CHAINS, near_one);
  SPREAD(factor, near_one);
  for (int64_t t = 0; t < turns; t++)
    for (int i = 0; i < CHAINS; i++) x[i] = x[i] * factor;
  FINISH(x, CHAINS);
}

double HD_ISA(hd_probe_divides)(int64_t turns, double near_one) {
  START(x, SLOW, near_one);
  SPREAD(factor, near_one);
  for (int64_t t = 0; t < turns; t++)
    for (int i = 0; i < SLOW; i++) x[i] = factor / x[i];
  FINISH(x, SLOW);
}

double HD_ISA(hd_probe_roots)(int64_t turns, double near_one) {
  START(x, SLOW, near_one);
  SPREAD(factor, near_one);
  for (int64_t t = 0; t < turns; t++)
    for (int i = 0; i < SLOW; i++) x[i] = ROOT(x[i] + factor);
  FINISH(x, SLOW);
}

void HD_ISA(hd_probe_triad)(double *restrict a, const double *restrict b, const double *restrict c, double s,
                            int64_t n) {
  for (int64_t i = 0; i < n; i++) a[i] = b[i] + s * c[i];
}
