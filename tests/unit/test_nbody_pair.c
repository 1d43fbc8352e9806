/* The pair force against a plain sum in long double, at every level of the instruction set, for numbers of bodies around those
 * of tiles; each body alone in the canonical order; tiles without mass; distances over 150 decades. Check 5, 6 and part of 23
 * of the specification.
 */
#include "heddle/math.h"
#include "solvers/nbody/pair.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 1280, TILE = NBODY_TILE };

typedef struct bodies {
  int64_t n;
  double x[4][MOST];
  float f[4][MOST];
} bodies;

static const int64_t counts[] = {1, 2, 5, 8, 17, 255, 256, 257, 511, 513, 777, 1000, 1024, 1280};
enum { COUNTS = sizeof counts / sizeof *counts };

static void round_all(bodies *b) {
  for (int k = 0; k < 4; k++)
    for (int64_t i = 0; i < b->n; i++) b->f[k][i] = (float)b->x[k][i];
}

static void draw(bodies *b, int64_t n) {
  hd_key key = hd_stream(5, "pairs");
  b->n = n;
  for (int64_t i = 0; i < n; i++) {
    for (int k = 0; k < 3; k++) b->x[k][i] = hd_normal(key, (uint64_t)i, 1, 0, (uint32_t)k);
    b->x[3][i] = hd_exp(6 * hd_uniform(key, (uint64_t)i, 2, 0, 0)) / (double)n; /* over two decades and a half */
  }
  round_all(b);
}

typedef void (*double_task)(const d_sources *, double, int64_t, int64_t, const nbody_sums *);
typedef void (*single_task)(const f_sources *, double, int64_t, int64_t, const nbody_sums *);

static int levels(void) { return (int)hd_isa_of_cpu(); }

static double_task double_at(int level) {
  return level == 4 ? nbody_pair_double_v4 : level == 3 ? nbody_pair_double_v3 : nbody_pair_double_v2;
}
static single_task single_at(int level) {
  return level == 4 ? nbody_pair_single_v4 : level == 3 ? nbody_pair_single_v3 : nbody_pair_single_v2;
}

/* All rounds; the tasks of a round backwards, if asked. out: [4][n] */
static void all(const bodies *b, bool single, int level, double eps, const bool *empty, bool potential, bool backwards,
                double *out) {
  static double partner[4 * MOST];
  d_sources d = {b->n, b->x[0], b->x[1], b->x[2], b->x[3], empty};
  f_sources f = {b->n, b->f[0], b->f[1], b->f[2], b->f[3], empty};
  nbody_sums sums = {{NULL}, {NULL}};
  memset(partner, 0x7f, sizeof partner);
  memset(out, 0x7f, 4 * (size_t)b->n * sizeof *out);
  for (int k = 0; k < 3 + potential; k++) sums.owner[k] = out + k * b->n, sums.partner[k] = partner + k * b->n;
  for (int64_t round = 0; round < nbody_pair_rounds(b->n); round++)
    for (int64_t t = 0, tasks = nbody_pair_tasks(b->n, round); t < tasks; t++) {
      int64_t tile = backwards ? tasks - 1 - t : t;
      if (single) single_at(level)(&f, eps, round, tile, &sums);
      else double_at(level)(&d, eps, round, tile, &sums);
    }
  for (int64_t i = 0; i < (3 + potential) * b->n; i++) out[i] += partner[i];
}

static void all_double(const bodies *b, double eps, double *out) {
  all(b, false, levels(), eps, NULL, true, false, out);
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
    if (want[3] > 0) {
      *force = fmax(*force, (double)sqrtl(d2 / a2));
      *potential = fmax(*potential, (double)fabsl(out[3 * b->n + i] / want[3] - 1));
    } else
      for (int k = 0; k < 4; k++) assert_true(out[k * b->n + i] == 0);
  }
}

static void two_unit_masses(void **state) {
  (void)state;
  for (int level = 2; level <= levels(); level++) {
    bodies b = {.n = 2, .x = {{0, 1}, {0, 0}, {0, 0}, {1, 1}}, .f = {{0, 1}, {0, 0}, {0, 0}, {1, 1}}};
    double out[8], single[8];
    all(&b, false, level, 0, NULL, true, false, out);
    all(&b, true, level, 0, NULL, true, false, single);
    const double want[8] = {1, -1, 0, 0, 0, 0, 1, 1};
    for (int k = 0; k < 8; k++) {
      assert_true(fabs(out[k] - want[k]) < 3e-16);
      assert_true(fabs(single[k] - want[k]) < 1e-7);
    }
  }
}

static void against_the_oracle(void **state) {
  (void)state;
  static bodies b;
  static double out[4 * MOST];
  double force, potential;
  for (int k = 0; k < COUNTS; k++) {
    draw(&b, counts[k]);
    for (int64_t i = 3; i < b.n; i += 7) b.x[3][i] = 0; /* test particles among the others */
    all_double(&b, 1e-3, out);
    errors(&b, 1e-3, out, &force, &potential);
    assert_true(force < 1e-13 && potential < 1e-13);
    round_all(&b);
    all(&b, true, levels(), 1e-3, NULL, true, false, out);
    errors(&b, 1e-3, out, &force, &potential);
    assert_true(force < 2e-5 && potential < 2e-5);
  }
}

/* Of two bodies alone, without softening: s^-3 and 1/s to the last places, whatever the distance. */
static void distances_of_all_sizes(void **state) {
  (void)state;
  double worst[2] = {0};
  for (int k = -7400; k <= 7400; k++) {
    double d = hd_exp(k * 0.0233);
    bodies b = {.n = 2, .x = {{0, d}, {0, 0}, {0, 0}, {1, 1}}};
    double out[8];
    all_double(&b, 0, out);
    long double force = 1 / ((long double)d * d), potential = 1 / (long double)d;
    assert_true(out[0] == -out[1] && out[6] == out[7]);
    worst[0] = fmax(worst[0], (double)fabsl(out[0] / force - 1));
    worst[1] = fmax(worst[1], (double)fabsl(out[6] / potential - 1));
  }
  assert_true(worst[0] < 1e-15 && worst[1] < 5e-16);
}

static void one_bit_pattern(void **state) {
  (void)state;
  static bodies b;
  static double two[4 * MOST], other[4 * MOST];
  for (int k = 0; k < COUNTS; k++) {
    draw(&b, counts[k]);
    for (int single = 0; single < 2; single++) {
      all(&b, single, 2, 0.01, NULL, true, false, two);
      for (int level = 2; level <= levels(); level++) {
        all(&b, single, level, 0.01, NULL, true, true, other);
        assert_memory_equal(two, other, 4 * (size_t)b.n * sizeof(double));
        all(&b, single, level, 0.01, NULL, false, false, other);
        assert_memory_equal(two, other, 3 * (size_t)b.n * sizeof(double));
      }
    }
  }
}

/* ---- the canonical order, body by body ------------------------------------------------------------------------------- */

/* s^-3 * 8/15 of one pair (pair_kernel.c). */
static double weight_of(double s2) {
  uint32_t h = (uint32_t)(hd_bits_of(s2) >> 32), bits = ((h << 3) & 0xffffff) + 0x3f000000;
  float f, r;
  memcpy(&f, &bits, sizeof f);
  r = 1.0f / sqrtf(f);
  memcpy(&bits, &r, sizeof r);
  double y = hd_of_bits((uint64_t)((bits >> 3) + (0x57fu << 20) - ((h >> 1) & 0x7ff00000)) << 32);
  double y2 = y * y, t = fma(-s2, y2, 1.4);
  return (y2 * y) * fma(t, t, 28.0 / 75);
}

static void pull(const bodies *b, int64_t i, int64_t j, double eps, double sum[3]) {
  double d[3];
  for (int k = 0; k < 3; k++) d[k] = b->x[k][j] - b->x[k][i];
  double w = b->x[3][j] * weight_of(fma(d[0], d[0], fma(d[1], d[1], fma(d[2], d[2], eps * eps))));
  for (int k = 0; k < 3 && i != j; k++) sum[k] = fma(w, d[k], sum[k]);
}

static void as_owner(const bodies *b, int64_t i, int64_t tile, double eps, double to[3]) {
  double lane[8][3] = {{0}};
  for (int64_t j = tile == i / TILE ? i / 8 * 8 : tile * TILE; j < b->n && j < (tile + 1) * TILE; j++)
    pull(b, i, j, eps, lane[j % 8]);
  for (int k = 0; k < 3; k++)
    to[k] += 1.875 * (((lane[0][k] + lane[4][k]) + (lane[2][k] + lane[6][k])) +
                      ((lane[1][k] + lane[5][k]) + (lane[3][k] + lane[7][k])));
}

static void as_partner(const bodies *b, int64_t i, int64_t tile, double eps, double to[3]) {
  double sum[3] = {0};
  for (int64_t j = tile * TILE; j < b->n && j < (tile == i / TILE ? i / 8 * 8 : (tile + 1) * TILE); j++)
    pull(b, i, j, eps, sum);
  for (int k = 0; k < 3; k++) to[k] += 1.875 * sum[k];
}

static void each_body_alone(void **state) {
  (void)state;
  static bodies b;
  static double out[4 * MOST];
  for (int c = 0; c < COUNTS; c++) {
    draw(&b, counts[c]);
    all_double(&b, 0.01, out);
    int64_t tiles = nbody_pair_tiles(b.n);
    for (int64_t i = 0; i < b.n; i++) {
      double owner[3] = {0}, partner[3] = {0};
      for (int64_t round = 0; round < nbody_pair_rounds(b.n); round++) {
        int64_t to = (i / TILE + round) % tiles, from = (i / TILE - round + tiles) % tiles,
                tasks = nbody_pair_tasks(b.n, round);
        if (i / TILE < tasks) as_owner(&b, i, to, 0.01, owner);
        if (from < tasks) as_partner(&b, i, from, 0.01, partner);
      }
      for (int k = 0; k < 3; k++) assert_true(out[k * b.n + i] == owner[k] + partner[k]);
    }
  }
}

/* ---- masses, momentum ------------------------------------------------------------------------------------------------ */

static void tiles_without_mass(void **state) {
  (void)state;
  static const bool some[3][5] = {
      {false, true, false, true, false}, {true, true, false, true, true}, {true, false, true, true}};
  static bodies b;
  static double full[4 * MOST], fewer[4 * MOST];
  for (int c = 0; c < 2 * 2 * 3; c++) {
    const bool *empty = some[c / 4], single = c & 1, potential = c & 2;
    draw(&b, 1100);
    for (int64_t i = 0; i < b.n; i++)
      if (empty[i / TILE]) b.x[3][i] = 0;
    round_all(&b);
    for (int level = 2; level <= levels(); level++) {
      all(&b, single, level, 0.01, NULL, potential, false, full);
      all(&b, single, level, 0.01, empty, potential, false, fewer);
      assert_memory_equal(full, fewer, (size_t)(3 + potential) * 1100 * sizeof(double));
    }
  }
}

static void momentum_stays(void **state) {
  (void)state;
  static bodies b;
  static double out[4 * MOST];
  for (int c = 0; c < COUNTS; c++)
    for (int single = 0; single < 2; single++) {
      double change[3] = {0}, size = 0;
      draw(&b, counts[c]);
      all(&b, single, levels(), 0.01, NULL, true, false, out);
      for (int64_t i = 0; i < b.n; i++)
        for (int k = 0; k < 3; k++) {
          change[k] += b.x[3][i] * out[k * b.n + i];
          size += b.x[3][i] * fabs(out[k * b.n + i]);
        }
      for (int k = 0; k < 3; k++) assert_true(fabs(change[k]) <= (single ? 3e-7 : 1e-15) * size);
    }
}

static void one_place(void **state) {
  (void)state;
  bodies b = {.n = 3, .x = {{0}, {0}, {0}, {1, 2, 3}}};
  double out[12];
  all_double(&b, 0.5, out);
  for (int k = 0; k < 9; k++) assert_true(out[k] == 0);
  assert_true(fabs(out[9] - 10) < 1e-14 && fabs(out[10] - 8) < 1e-14 && fabs(out[11] - 6) < 1e-14);
}

/* Test particles at one place feel each other neither, beside a mass and without softening. */
static void one_place_without_mass(void **state) {
  (void)state;
  for (int level = 2; level <= levels(); level++)
    for (int single = 0; single < 2; single++) {
      bodies b = {.n = 3, .x = {{1, 1, 0}, {0}, {0}, {0, 0, 1}}};
      double out[12];
      round_all(&b);
      all(&b, single, level, 0, NULL, true, false, out);
      assert_true(fabs(out[0] + 1) < 1e-6 && out[0] == out[1] && out[2] == 0);
      for (int k = 3; k < 9; k++) assert_true(out[k] == 0);
      assert_true(fabs(out[9] - 1) < 1e-6 && out[9] == out[10] && out[11] == 0);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_unit_masses), cmocka_unit_test(against_the_oracle), cmocka_unit_test(distances_of_all_sizes),
      cmocka_unit_test(one_bit_pattern), cmocka_unit_test(each_body_alone),    cmocka_unit_test(tiles_without_mass),
      cmocka_unit_test(momentum_stays),  cmocka_unit_test(one_place),          cmocka_unit_test(one_place_without_mass),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
