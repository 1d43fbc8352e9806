/* The loops that bench_sum compares with. Only in bench/. */
#ifndef HD_BENCH_SUM_LOOPS_H
#define HD_BENCH_SUM_LOOPS_H

#include <stdint.h>

double plain_sum(const double *x, int64_t n);   /* as the language says: one after the other */
double fast_sum_v2(const double *x, int64_t n); /* the same loop with -ffast-math, by x86-64 level */
double fast_sum_v3(const double *x, int64_t n);
double fast_sum_v4(const double *x, int64_t n);
double plain_dot(const double *x, const double *y, int64_t n);
double fast_dot_v2(const double *x, const double *y, int64_t n);
double fast_dot_v3(const double *x, const double *y, int64_t n);
double fast_dot_v4(const double *x, const double *y, int64_t n);

#endif
