/* The elementary functions over an array in cache: nanoseconds per element of each x86-64 level, beside glibc's in the same
 * run. Best of 15 with the spread to the median. The mark: exp at least 4 times as fast as glibc's. */
#include "math/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N = 2048, REPEAT = 20, ROUNDS = 15, LEVELS = 3 };

typedef void unary(double *, const double *, int64_t);
typedef void binary(double *, const double *, const double *, int64_t);

#define GLIBC_UNARY(f)                                                                                                 \
  static void glibc_##f(double *y, const double *x, int64_t n) {                                                       \
    for (int64_t i = 0; i < n; i++) y[i] = f(x[i]);                                                                    \
  }
#define GLIBC_BINARY(f)                                                                                                \
  static void glibc_##f(double *y, const double *a, const double *b, int64_t n) {                                      \
    for (int64_t i = 0; i < n; i++) y[i] = f(a[i], b[i]);                                                              \
  }
static double rcp(double x) { return 1 / x; }
static double rsqrt(double x) { return 1 / sqrt(x); }
GLIBC_UNARY(exp)
GLIBC_UNARY(exp2)
GLIBC_UNARY(expm1)
GLIBC_UNARY(log)
GLIBC_UNARY(log2)
GLIBC_UNARY(log10)
GLIBC_UNARY(log1p)
GLIBC_UNARY(tanh)
GLIBC_UNARY(atan)
GLIBC_UNARY(sin)
GLIBC_UNARY(cos)
GLIBC_UNARY(rcp)
GLIBC_UNARY(rsqrt)
GLIBC_BINARY(pow)
GLIBC_BINARY(atan2)

typedef struct row {
  const char *name;
  double low, high; /* arguments, uniform */
  unary *glibc, *level[LEVELS];
  binary *glibc2, *level2[LEVELS];
} row;
#define ROW(f, low, high)                                                                                              \
  {                                                                                                                    \
#f, low, high, glibc_##f, {hd_array_##f##_v2, hd_array_##f##_v3, hd_array_##f##_v4 }, NULL, { NULL }               \
  }
#define ROW2(f, low, high)                                                                                             \
  {                                                                                                                    \
#f, low, high, NULL, {NULL }, glibc_##f, { hd_array_##f##_v2, hd_array_##f##_v3, hd_array_##f##_v4 }               \
  }
static const row rows[] = {ROW(exp, -20, 20),    ROW(exp2, -20, 20),    ROW(expm1, -5, 5),    ROW(log, 0.01, 100),
                           ROW(log2, 0.01, 100), ROW(log10, 0.01, 100), ROW(log1p, -0.9, 10), ROW(tanh, -3, 3),
                           ROW(atan, -3, 3),     ROW(sin, -100, 100),   ROW(cos, -100, 100),  ROW2(pow, 0.1, 5),
                           ROW2(atan2, -3, 3),   ROW(rcp, 1, 10),       ROW(rsqrt, 1, 10)};

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double one_time(unary *f, binary *f2, double *y, const double *a, const double *b) {
  double start = seconds();
  for (int i = 0; i < REPEAT; i++) {
    if (f) f(y, a, N);
    else f2(y, a, b, N);
    __asm__ volatile("" ::: "memory");
  }
  return (seconds() - start) / (REPEAT * (double)N) * 1e9;
}

/* One row: glibc and the levels take turns. */
static void measure(const row *r, double *y, double *a, double *b) {
  hd_key key = hd_stream(1, r->name);
  for (int i = 0; i < N; i++) {
    hd_pair u = hd_uniform2(key, (uint64_t)i, 0, 0, 0);
    a[i] = r->low + (r->high - r->low) * u.high;
    b[i] = r->low + (r->high - r->low) * u.low;
  }
  double time[LEVELS + 1][ROUNDS];
  int levels = (int)hd_isa_of_cpu() - 1;
  for (int k = 0; k < ROUNDS; k++)
    for (int l = 0; l <= levels; l++)
      time[l][k] = one_time(l ? r->level[l - 1] : r->glibc, l ? r->level2[l - 1] : r->glibc2, y, a, b);
  printf("%-6s", r->name);
  for (int l = 0; l <= levels; l++) {
    qsort(time[l], ROUNDS, sizeof(double), by_size);
    printf("  %7.2f +%2.0f %%", time[l][0], 100 * (time[l][ROUNDS / 2] / time[l][0] - 1));
  }
  printf("   %5.1f\n", time[0][0] / time[levels][0]);
}

int main(void) {
  static double y[N], a[N], b[N];
  printf("math: ns per element, best of %d and the median above it, arrays of %d\n", ROUNDS, (int)N);
  printf("          glibc      x86-64-v2      x86-64-v3      x86-64-v4    glibc / best level\n");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) measure(&rows[i], y, a, b);
  return 0;
}
