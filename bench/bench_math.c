/* The elementary functions over an array in cache: nanoseconds per element at each x86-64 level. The peer is glibc, called
 * in turn with them. Level v2 shows what fma costs as a call, and is left out unless --all is given. The mark: exp at least
 * 4 times as fast as glibc's at the level that heddle takes. */
#include "bench.h"
#include "math/array.h"

enum { N = 2048, REPEAT = 20, ROUNDS = 30, LEVELS = 3 };

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
/* clang-format off */
#define ROW(f, low, high) {#f, low, high, glibc_##f, {hd_array_##f##_v2, hd_array_##f##_v3, hd_array_##f##_v4}, NULL, {NULL}}
#define ROW2(f, low, high) \
  {#f, low, high, NULL, {NULL}, glibc_##f, {hd_array_##f##_v2, hd_array_##f##_v3, hd_array_##f##_v4}}
static const row rows[] = {
  ROW(exp, -20, 20), ROW(exp2, -20, 20), ROW(expm1, -5, 5), ROW(log, 0.01, 100), ROW(log2, 0.01, 100), ROW(log10, 0.01, 100),
  ROW(log1p, -0.9, 10), ROW(tanh, -3, 3), ROW(atan, -3, 3), ROW(sin, -100, 100), ROW(cos, -100, 100), ROW2(pow, 0.1, 5),
  ROW2(atan2, -3, 3), ROW(rcp, 1, 10), ROW(rsqrt, 1, 10)};
/* clang-format on */

/* Seconds per element of REPEAT calls. */
static double one_time(unary *f, binary *f2, double *y, const double *a, const double *b) {
  double start = bench_now();
  for (int i = 0; i < REPEAT; i++) {
    if (f) f(y, a, N);
    else f2(y, a, b, N);
    __asm__ volatile("" ::: "memory");
  }
  return (bench_now() - start) / (REPEAT * (double)N);
}

/* glibc and the levels take turns. */
static void measure(const row *r, int first_level) {
  static double y[N], a[N], b[N];
  hd_key key = hd_stream(1, r->name);
  for (int i = 0; i < N; i++) {
    hd_pair u = hd_uniform2(key, (uint64_t)i, 0, 0, 0);
    a[i] = r->low + (r->high - r->low) * u.high;
    b[i] = r->low + (r->high - r->low) * u.low;
  }
  double time[LEVELS + 1][ROUNDS], cpu[LEVELS + 1] = {0};
  int levels = (int)hd_isa_of_cpu() - 1;
  for (int k = -1; k < ROUNDS; k++) /* the first to warm up */
    for (int l = 0; l <= levels; l++) {
      if (l && l < first_level) continue;
      double start = bench_cpu();
      double t = one_time(l ? r->level[l - 1] : r->glibc, l ? r->level2[l - 1] : r->glibc2, y, a, b);
      if (k < 0) continue;
      time[l][k] = t;
      cpu[l] += (bench_cpu() - start) / (REPEAT * (double)N * ROUNDS);
    }
  bench_result glibc = bench_of(time[0], ROUNDS, cpu[0]);
  for (int l = first_level; l <= levels; l++) {
    char what[64];
    snprintf(what, sizeof what, "%s, %s", r->name, hd_isa_name((hd_isa_level)(l + 1)));
    bool marked = !strcmp(r->name, "exp") && l + 1 == (int)hd_isa();
    bench_row(what, bench_of(time[l], ROUNDS, cpu[l]), "ns", 1e9,
              (bench_mark){marked ? glibc.best * 1e9 / 4 : 0, glibc.best});
  }
}

int main(int argc, char **argv) {
  int first_level = 2;
  for (int i = 1; i < argc; i++)
    if (!strcmp(argv[i], "--all")) first_level = 1;
  bench_begin(argc, argv, "math", "elementary functions, time of one element; the peer is glibc");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) measure(&rows[i], first_level);
  return bench_end();
}
