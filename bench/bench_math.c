/* The elementary functions over an array in cache: nanoseconds per element at each x86-64 level. The peer is glibc, called
 * in turn with them. Level v2 shows what fma costs as a call, and is left out unless --all is given. The mark: exp at least
 * 4 times as fast as glibc's at the level that heddle takes. */
#include "bench.h"
#include "math/array.h"

#include <Random123/philox.h>

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

typedef void draws(double *, hd_key, uint64_t, uint32_t, uint32_t, uint32_t, int64_t);

/* The packaged Random123 in the same loop: 64 of its 128 bits as a number, as hd_uniform does. */
static void random123(double *y, hd_key key, uint64_t first, uint32_t purpose, uint32_t step, uint32_t draw,
                      int64_t n) {
  philox4x32_key_t k = {{(uint32_t)key.bits, (uint32_t)(key.bits >> 32)}};
  for (int64_t i = 0; i < n; i++) {
    uint64_t index = first + (uint64_t)i;
    philox4x32_ctr_t c = {{(uint32_t)index, (uint32_t)(index >> 32) | purpose << 24, step, draw}};
    philox4x32_ctr_t r = philox4x32(c, k);
    y[i] = hd_uniform_of_bits(r.v[0], r.v[1]);
  }
}

static void measure_draws(const char *name, draws *const *level, draws *peer, int first_level) {
  static double y[N];
  double time[LEVELS + 1][ROUNDS], cpu[LEVELS + 1] = {0};
  int levels = (int)hd_isa_of_cpu() - 1;
  for (int k = 0; k < ROUNDS; k++)
    for (int l = 0; l <= levels; l++) {
      if ((l && l < first_level) || (!l && !peer)) continue;
      double start = bench_now(), start_cpu = bench_cpu();
      for (uint32_t i = 0; i < REPEAT; i++) (l ? level[l - 1] : peer)(y, hd_stream(1, name), 0, 0, i, (uint32_t)k, N);
      time[l][k] = (bench_now() - start) / (REPEAT * (double)N);
      cpu[l] += (bench_cpu() - start_cpu) / (REPEAT * (double)N * ROUNDS);
    }
  double peer_best = peer ? bench_of(time[0], ROUNDS, cpu[0]).best : 0;
  for (int l = first_level; l <= levels; l++) {
    char what[64];
    snprintf(what, sizeof what, "%s, %s", name, hd_isa_name((hd_isa_level)(l + 1)));
    bench_row(what, bench_of(time[l], ROUNDS, cpu[l]), "ns", 1e9, (bench_mark){0, peer_best});
  }
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
  static draws *const uniform[] = {hd_array_uniform_v2, hd_array_uniform_v3, hd_array_uniform_v4};
  static draws *const normal[] = {hd_array_normal_v2, hd_array_normal_v3, hd_array_normal_v4};
  measure_draws("uniform", uniform, random123, first_level);
  measure_draws("normal", normal, NULL, first_level);
  bench_note("the peer of uniform is the packaged Random123, compiled for x86-64-v2");
  return bench_end();
}
