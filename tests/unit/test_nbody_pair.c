/* The pair force against a plain sum in long double, at every level of the instruction set; self-exclusion, potential,
 * tiles without mass. Check 5, 6 and part of 23 of the specification.
 */
#include "heddle/math.h"
#include "solvers/nbody/pair.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 1024, TILE = NBODY_TILE };

typedef struct bodies {
  int64_t n;
  double x[4][MOST];
  float f[4][MOST];
} bodies;

static void draw(bodies *b, int64_t n) {
  hd_key key = hd_stream(5, "pairs");
  b->n = n;
  for (int64_t i = 0; i < n; i++) {
    for (int k = 0; k < 3; k++) b->x[k][i] = hd_normal(key, (uint64_t)i, 1, 0, (uint32_t)k);
    b->x[3][i] = hd_exp(6 * hd_uniform(key, (uint64_t)i, 2, 0, 0)) / (double)n; /* over two decades and a half */
    for (int k = 0; k < 4; k++) b->f[k][i] = (float)b->x[k][i];
  }
}

typedef void (*double_force)(const d_sources *, double, int64_t, int64_t, bool, double *);
typedef void (*single_force)(const f_sources *, double, int64_t, int64_t, bool, double *);

static int levels(void) { return (int)hd_isa_of_cpu(); }

static double_force double_at(int level) {
  return level == 4 ? nbody_pair_double_v4 : level == 3 ? nbody_pair_double_v3 : nbody_pair_double_v2;
}
static single_force single_at(int level) {
  return level == 4 ? nbody_pair_single_v4 : level == 3 ? nbody_pair_single_v3 : nbody_pair_single_v2;
}

/* out: [4][n] */
static void all_double(const bodies *b, double_force force, double eps, const bool *empty, double *out) {
  d_sources s = {b->n, b->x[0], b->x[1], b->x[2], b->x[3], empty};
  double block[4 * TILE];
  for (int64_t first = 0; first < b->n; first += TILE) {
    int64_t count = b->n - first < TILE ? b->n - first : TILE;
    force(&s, eps, first, count, true, block);
    for (int k = 0; k < 4; k++) memcpy(out + k * b->n + first, block + k * TILE, (size_t)count * sizeof(double));
  }
}

static void all_single(const bodies *b, single_force force, double eps, double *out) {
  f_sources s = {b->n, b->f[0], b->f[1], b->f[2], b->f[3], NULL};
  double block[4 * TILE];
  for (int64_t first = 0; first < b->n; first += TILE) {
    int64_t count = b->n - first < TILE ? b->n - first : TILE;
    force(&s, eps, first, count, true, block);
    for (int k = 0; k < 4; k++) memcpy(out + k * b->n + first, block + k * TILE, (size_t)count * sizeof(double));
  }
}

static void oracle(const bodies *b, double eps, int64_t i, long double out[4]) {
  for (int k = 0; k < 4; k++) out[k] = 0;
  for (int64_t j = 0; j < b->n; j++) {
    long double d[3], s2 = (long double)eps * eps;
    if (j == i) continue;
    for (int k = 0; k < 3; k++) d[k] = (long double)b->x[k][j] - b->x[k][i], s2 += d[k] * d[k];
    long double near = b->x[3][j] / sqrtl(s2);
    for (int k = 0; k < 3; k++) out[k] += near / s2 * d[k];
    out[3] += near;
  }
}

/* Largest error of a and of p, relative to the size of each. */
static void errors(const bodies *b, double eps, const double *out, double *force, double *potential) {
  *force = *potential = 0;
  for (int64_t i = 0; i < b->n; i++) {
    long double want[4], d2 = 0, a2 = 0;
    oracle(b, eps, i, want);
    for (int k = 0; k < 3; k++) {
      long double d = out[k * b->n + i] - want[k];
      d2 += d * d, a2 += want[k] * want[k];
    }
    *force = fmax(*force, (double)sqrtl(d2 / a2));
    *potential = fmax(*potential, (double)fabsl(out[3 * b->n + i] / want[3] - 1));
  }
}

static void two_unit_masses(void **state) {
  (void)state;
  for (int level = 2; level <= levels(); level++) {
    bodies b = {.n = 2, .x = {{0, 1}, {0, 0}, {0, 0}, {1, 1}}, .f = {{0, 1}, {0, 0}, {0, 0}, {1, 1}}};
    double out[8], single[8];
    all_double(&b, double_at(level), 0, NULL, out);
    all_single(&b, single_at(level), 0, single);
    const double want[8] = {1, -1, 0, 0, 0, 0, 1, 1};
    for (int k = 0; k < 8; k++) {
      assert_true(out[k] == want[k]);
      assert_true(single[k] == want[k]);
    }
  }
}

static void against_the_oracle(void **state) {
  (void)state;
  static bodies b;
  static double out[4 * MOST];
  double force, potential;
  draw(&b, 1000);
  all_double(&b, HD_ISA_PICK(nbody_pair_double), 1e-3, NULL, out);
  errors(&b, 1e-3, out, &force, &potential);
  assert_true(force < 1e-13 && potential < 1e-13);
  all_single(&b, HD_ISA_PICK(nbody_pair_single), 1e-3, out);
  errors(&b, 1e-3, out, &force, &potential);
  assert_true(force < 2e-5 && potential < 2e-5);
}

static void one_bit_pattern(void **state) {
  (void)state;
  static const int64_t counts[] = {1, 2, 5, 255, 256, 257, 300, 777};
  static bodies b;
  static double two[4 * MOST], other[4 * MOST];
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
    draw(&b, counts[k]);
    size_t bytes = 4 * (size_t)b.n * sizeof(double);
    for (int level = 3; level <= levels(); level++) {
      all_double(&b, double_at(2), 0.01, NULL, two);
      all_double(&b, double_at(level), 0.01, NULL, other);
      assert_memory_equal(two, other, bytes);
      all_single(&b, single_at(2), 0.01, two);
      all_single(&b, single_at(level), 0.01, other);
      assert_memory_equal(two, other, bytes);
    }
  }
}

static void the_canonical_order(void **state) {
  (void)state;
  static bodies b;
  static double out[4 * MOST];
  draw(&b, 600);
  all_double(&b, HD_ISA_PICK(nbody_pair_double), 0.01, NULL, out);
  for (int64_t i = 0; i < b.n; i++) {
    double sum[4] = {0};
    for (int64_t tile = 0; tile < b.n; tile += TILE) {
      double part[4] = {0};
      for (int64_t j = tile; j < tile + TILE && j < b.n; j++) {
        double d[3];
        for (int k = 0; k < 3; k++) d[k] = b.x[k][j] - b.x[k][i];
        if (i == j) continue;
        double s2 = fma(d[0], d[0], fma(d[1], d[1], fma(d[2], d[2], 0.01 * 0.01)));
        double inverse = hd_rsqrt(s2), near = b.x[3][j] * inverse, weight = near * (inverse * inverse);
        if (i % 32 < 8) { /* by root and division of the processor */
          weight = b.x[3][j] / (s2 * sqrt(s2));
          near = weight * s2;
        }
        for (int k = 0; k < 3; k++) part[k] = fma(weight, d[k], part[k]);
        part[3] += near;
      }
      for (int k = 0; k < 4; k++) sum[k] += part[k];
    }
    for (int k = 0; k < 4; k++) assert_true(out[k * b.n + i] == sum[k]);
  }
}

static void tiles_without_mass(void **state) {
  (void)state;
  static bodies b;
  static double all[4 * MOST], fewer[4 * MOST];
  const bool empty[4] = {false, true, false, true};
  draw(&b, 900);
  for (int64_t i = 0; i < b.n; i++)
    if (empty[i / TILE]) b.x[3][i] = 0;
  all_double(&b, HD_ISA_PICK(nbody_pair_double), 0.01, NULL, all);
  all_double(&b, HD_ISA_PICK(nbody_pair_double), 0.01, empty, fewer);
  assert_memory_equal(all, fewer, 4 * 900 * sizeof(double));
}

static void one_place(void **state) {
  (void)state;
  bodies b = {.n = 3, .x = {{0}, {0}, {0}, {1, 2, 3}}};
  double out[12];
  all_double(&b, HD_ISA_PICK(nbody_pair_double), 0.5, NULL, out);
  for (int k = 0; k < 9; k++) assert_true(out[k] == 0);
  assert_true(fabs(out[9] - 10) < 1e-14 && fabs(out[10] - 8) < 1e-14 && fabs(out[11] - 6) < 1e-14);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_unit_masses),     cmocka_unit_test(against_the_oracle), cmocka_unit_test(one_bit_pattern),
      cmocka_unit_test(the_canonical_order), cmocka_unit_test(tiles_without_mass), cmocka_unit_test(one_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
