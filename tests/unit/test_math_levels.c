/* Every function of heddle/math.h gives the same bits at x86-64-v2, v3 and v4, and in this file's own build, over 10^5
 * arguments that include the special ones; the digests are fixed here, so that another compiler is caught as well. */
#include "math/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <cmocka.h>

enum { N = 100003 }; /* odd: loops have tails */

/* Numbers of every exponent, then of middle size, then special ones. */
static void fill(double *a, double *b) {
  static const double special[] = {0.0, 0x1p-1074, 0x1p-1022, 0.5,   1.0,
                                   2.0, 0x1p30,    0x1p52,    1e300, 0x1.fffffffffffffp+1023};
  hd_key key = hd_stream(1, "levels");
  for (int i = 0; i < N; i++) {
    hd_random_bits r = hd_random4(key, (uint64_t)i, 0, 0, 0);
    a[i] = hd_of_bits((uint64_t)r.v[0] << 32 | r.v[1]);
    b[i] = hd_of_bits((uint64_t)r.v[2] << 32 | r.v[3]);
    if (i % 2) a[i] = 40 * hd_uniform_of_bits(r.v[0], r.v[1]) - 20, b[i] = 40 * hd_uniform_of_bits(r.v[2], r.v[3]) - 20;
    if (i % 32 == 0)
      a[i] = special[r.v[0] % 10] * (r.v[1] % 2 ? 1 : -1), b[i] = special[r.v[2] % 10] * (r.v[3] % 2 ? 1 : -1);
    if (i % 512 == 0) a[i] = r.v[0] % 3 == 0 ? HD_NAN : r.v[0] % 3 == 1 ? HD_INFINITY : -HD_INFINITY;
  }
}

/* The digest of an array; the bits of a NaN are not promised. */
static uint64_t digest(double *y) {
  for (int i = 0; i < N; i++)
    if (y[i] != y[i]) y[i] = hd_of_bits(0x7ff8000000000000u);
  return XXH3_64bits(y, N * sizeof y[0]);
}

typedef struct row {
  const char *name;
  void (*of_level[3])(double *, const double *, int64_t);
  void (*of_level2[3])(double *, const double *, const double *, int64_t);
  double (*one)(double);
  double (*one2)(double, double);
  uint64_t digest;
} row;

#define ONE(f)                                                                                                         \
  static double one_##f(double x) { return hd_##f(x); }
HD_ARRAY_UNARY(ONE)
static double one_pow(double x, double y) { return hd_pow(x, y); }
static double one_atan2(double y, double x) { return hd_atan2(y, x); }

/* clang-format off */
#define ROW(f, digest) {#f, {hd_array_##f##_v2, hd_array_##f##_v3, hd_array_##f##_v4}, {NULL}, one_##f, NULL, digest}
#define ROW2(f, digest) {#f, {NULL}, {hd_array_##f##_v2, hd_array_##f##_v3, hd_array_##f##_v4}, NULL, one_##f, digest}
static const row rows[] = {
  ROW(exp, 0xb93ca0c4a931fa94u),
  ROW(exp2, 0xd36efee774287cf0u),
  ROW(expm1, 0xe75478db60cadd8bu),
  ROW(log, 0x21146b77101f5723u),
  ROW(log2, 0xbc86f57e484e9215u),
  ROW(log10, 0xcc5ad85afff8a78au),
  ROW(log1p, 0x76b9b7b9a0336aedu),
  ROW(tanh, 0x06d62906bc81366eu),
  ROW(atan, 0x3857d954b2164019u),
  ROW(sin, 0xc4f6603bf4bcb537u),
  ROW(cos, 0xeff8efadaecc68dfu),
  ROW(sin_near, 0xbd30494997ff6999u),
  ROW(cos_near, 0x478e875e467c60e4u),
  ROW(sinpi, 0xfa9d02edcef4a5b1u),
  ROW(cospi, 0x2d1746e5637bf4d7u),
  ROW(rcp, 0x2cfeae231bfe75b7u),
  ROW(rsqrt, 0x72756e73f811ad46u),
  ROW2(pow, 0x78ddfd2c9a2fac9eu),
  ROW2(atan2, 0xdaa13a0bedb0f553u)};
/* clang-format on */

static void functions_have_the_same_bits_at_each_level(void **state) {
  (void)state;
  static double a[N], b[N], y[N];
  fill(a, b);
  int levels = (int)hd_isa_of_cpu() - 1, bad = 0;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const row *r = &rows[i];
    for (int j = 0; j < N; j++) y[j] = r->one ? r->one(a[j]) : r->one2(a[j], b[j]);
    uint64_t here = digest(y);
    bool same = true;
    for (int l = 0; l < levels; l++) {
      if (r->one) r->of_level[l](y, a, N);
      else r->of_level2[l](y, a, b, N);
      same = same && digest(y) == here;
    }
    if (!same) printf("  %s depends on the level\n", r->name);
    if (here != r->digest) printf("  %s has digest 0x%016llxu\n", r->name, (unsigned long long)here);
    bad += !same || here != r->digest;
  }
  printf("  %d functions x %d levels and one number at a time: %d differ\n", (int)(sizeof rows / sizeof rows[0]),
         levels, bad);
  assert_int_equal(bad, 0);
}

static void arrays_may_be_in_place(void **state) {
  (void)state;
  static double a[N], b[N], y[N];
  fill(a, b);
  HD_ISA_PICK(hd_array_sin)(y, a, N);
  HD_ISA_PICK(hd_array_sin)(a, a, N);
  assert_int_equal(digest(y), digest(a));
}

typedef void draws(double *, hd_key, uint64_t, uint32_t, uint32_t, uint32_t, int64_t);

static void random_arrays_are_the_single_draws(void **state) {
  (void)state;
  static draws *const of_level[2][3] = {{hd_array_uniform_v2, hd_array_uniform_v3, hd_array_uniform_v4},
                                        {hd_array_normal_v2, hd_array_normal_v3, hd_array_normal_v4}};
  static double y[N], z[N];
  hd_key key = hd_stream(5, "array");
  for (int normal = 0; normal < 2; normal++)
    for (int l = 0; l < (int)hd_isa_of_cpu() - 1; l++) {
      of_level[normal][l](y, key, 77, 3, 4, 5, N);
      for (int i = 0; i < N; i++)
        z[i] = normal ? hd_normal(key, (uint64_t)i + 77, 3, 4, 5) : hd_uniform(key, (uint64_t)i + 77, 3, 4, 5);
      assert_memory_equal(y, z, sizeof y);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(functions_have_the_same_bits_at_each_level),
                                     cmocka_unit_test(arrays_may_be_in_place),
                                     cmocka_unit_test(random_arrays_are_the_single_draws)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
