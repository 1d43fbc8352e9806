/* Random numbers: Random123's known answers and the packaged Random123 itself, then what the derived draws promise. */
#include "heddle/math.h"

#include <Random123/philox.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The lines "philox4x32 10" of kat_vectors in Random123's distribution: counter, key, result. */
static void philox_gives_known_answers(void **state) {
  (void)state;
  static const uint32_t known[3][10] = {{0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
                                         0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0,
                                         0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
  for (int i = 0; i < 3; i++) {
    const uint32_t *k = known[i];
    hd_random_bits b = hd_philox(k[0], k[1], k[2], k[3], k[4], k[5]);
    assert_memory_equal(b.v, k + 6, sizeof b.v);
  }
}

static void philox_equals_random123(void **state) {
  (void)state;
  uint64_t u = 1;
  for (int i = 0; i < 100000; i++) {
    uint32_t w[6];
    for (int j = 0; j < 6; j++) w[j] = (uint32_t)(u = hd_mix64(u + 1));
    philox4x32_ctr_t c = {{w[0], w[1], w[2], w[3]}};
    philox4x32_key_t k = {{w[4], w[5]}};
    philox4x32_ctr_t r = philox4x32(c, k);
    hd_random_bits b = hd_philox(w[0], w[1], w[2], w[3], w[4], w[5]);
    assert_memory_equal(b.v, r.v, sizeof b.v);
  }
}

static int by_size(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Fixed for ever: a change of these bits changes every stored result. */
static void streams_and_draws_keep_their_bits(void **state) {
  (void)state;
  assert_int_equal(hd_stream(1, "cluster").bits, 0xaeda594972c5e749u);
  assert_int_equal(hd_stream(1, "").bits, 0xb18a02f46d8d86c3u);
  assert_int_equal(hd_derive_seed(1, 0), 0xafe5d660580bbfa9u);
  hd_key key = hd_stream(1, "cluster");
  assert_int_equal(hd_bits_of(hd_uniform(key, 5, 1, 2, 3)), 0x3fa5a41b58b098f0u);
  assert_int_equal(hd_bits_of(hd_normal(key, 5, 1, 2, 3)), 0x3fff63af2d55452bu);
  assert_int_equal(hd_uniform_index(key, 5, 1, 2, 3, 1000000007), 42267660);
}

/* Seeds 0 to 99 with names that differ by a letter, a length or a trailing zero word; and 10^4 repeats of 100 seeds. */
static void streams_do_not_collide(void **state) {
  (void)state;
  static const char *const names[] = {
      "", "a", "b", "ab", "ba", "aaaaaaaa", "aaaaaaab", "aaaaaaaaa", "aaaaaaaaaaaaaaaa"};
  enum { NAMES = sizeof names / sizeof names[0], SEEDS = 100, REPEATS = 1000 };
  static uint64_t all[SEEDS * (NAMES + REPEATS)];
  size_t n = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    for (size_t i = 0; i < NAMES; i++) all[n++] = hd_stream(seed, names[i]).bits;
    for (uint64_t i = 0; i < REPEATS; i++) all[n++] = hd_derive_seed(seed, i);
  }
  qsort(all, n, sizeof all[0], by_size);
  for (size_t i = 1; i < n; i++) assert_int_not_equal(all[i - 1], all[i]);
}

static void places_give_different_numbers(void **state) {
  (void)state;
  hd_key key = hd_stream(7, "x");
  uint64_t top = (uint64_t)1 << 55;
  hd_random_bits b[] = {hd_random4(key, 0, 0, 0, 0),
                        hd_random4(key, top, 0, 0, 0),
                        hd_random4(key, 0, 128, 0, 0),
                        hd_random4(key, 0, 0, 0x80000000u, 0),
                        hd_random4(key, 0, 0, 0, 0x80000000u),
                        hd_random4(key, 1, 0, 0, 0),
                        hd_random4(hd_stream(8, "x"), 0, 0, 0, 0)};
  for (size_t i = 0; i < 7; i++)
    for (size_t j = 0; j < i; j++) assert_memory_not_equal(b[i].v, b[j].v, sizeof b[i].v);
}

static void uniform_stays_open_and_is_flat(void **state) {
  (void)state;
  assert_true(hd_uniform_of_bits(0, 0) == 0x1p-53);
  assert_true(hd_uniform_of_bits(0xffffffffu, 0xffffffffu) == 1.0 - 0x1p-53);
  enum { N = 400000, BINS = 100 };
  hd_key key = hd_stream(3, "flat");
  int count[BINS] = {0};
  for (uint64_t i = 0; i < N; i++) count[(int)(BINS * hd_uniform(key, i, 0, 0, 0))]++;
  double chi = 0, each = (double)N / BINS;
  for (int i = 0; i < BINS; i++) chi += (count[i] - each) * (count[i] - each) / each;
  assert_true(chi > 50 && chi < 162); /* 99 degrees of freedom: each side 10^-4 and less */
}

/* Neighbours in each coordinate of a place, and streams of like names and seeds, are uncorrelated (5 standard errors). */
static void neighbours_are_independent(void **state) {
  (void)state;
  enum { N = 100000, PAIRS = 6 };
  hd_key key = hd_stream(9, "a"), other = hd_stream(9, "b"), next = hd_stream(10, "a");
  double sum[PAIRS] = {0};
  for (uint32_t i = 0; i < N; i++) {
    double x = hd_uniform(key, i, 1, 2, 3) - 0.5;
    double y[PAIRS] = {hd_uniform(key, i + 1, 1, 2, 3), hd_uniform(key, i, 2, 2, 3),   hd_uniform(key, i, 1, 3, 3),
                       hd_uniform(key, i, 1, 2, 4),     hd_uniform(other, i, 1, 2, 3), hd_uniform(next, i, 1, 2, 3)};
    for (int j = 0; j < PAIRS; j++) sum[j] += x * (y[j] - 0.5);
  }
  for (int j = 0; j < PAIRS; j++) assert_true(hd_abs(12 * sum[j] / N) < 5 / hd_sqrt(N));
}

/* Moments of 4 10^5 draws within five standard errors, and both numbers of a pair uncorrelated. */
static void normal_has_its_moments(void **state) {
  (void)state;
  enum { N = 200000 };
  hd_key key = hd_stream(3, "normal");
  double m[5] = {0}, cross = 0;
  for (uint64_t i = 0; i < N; i++) {
    hd_pair p = hd_normal2(key, i, 0, 0, 0);
    double x[2] = {p.high, p.low};
    cross += x[0] * x[1];
    for (int j = 0; j < 2; j++)
      for (int k = 1; k < 5; k++)
        m[k] += k == 1 ? x[j] : k == 2 ? x[j] * x[j] : k == 3 ? x[j] * x[j] * x[j] : x[j] * x[j] * x[j] * x[j];
  }
  double n = 2.0 * N, s = 5 / hd_sqrt(n);
  assert_true(hd_abs(m[1] / n) < s);
  assert_true(hd_abs(m[2] / n - 1) < s * hd_sqrt(2));
  assert_true(hd_abs(m[3] / n) < s * hd_sqrt(15));
  assert_true(hd_abs(m[4] / n - 3) < s * hd_sqrt(96));
  assert_true(hd_abs(cross / N) < 5 / hd_sqrt(N));
}

/* Counts that do not divide 2^64, one so large that every second draw is rejected. */
static void index_is_fair(void **state) {
  (void)state;
  enum { N = 300000 };
  hd_key key = hd_stream(3, "index");
  int count[7] = {0}, low_half = 0, over = 0;
  uint64_t large = ((uint64_t)1 << 63) + 1;
  for (uint64_t i = 0; i < N; i++) {
    count[hd_uniform_index(key, i, 0, 0, 0, 7)]++;
    uint64_t x = hd_uniform_index(key, i, 1, 0, 0, large);
    over += x >= large;
    low_half += x < large / 2;
  }
  double chi = 0, each = N / 7.0;
  for (int i = 0; i < 7; i++) chi += (count[i] - each) * (count[i] - each) / each;
  assert_true(chi < 27.9); /* 6 degrees of freedom: 10^-4 */
  assert_int_equal(over, 0);
  assert_true(hd_abs(low_half - N / 2.0) < 5 * hd_sqrt(N / 4.0));
  assert_int_equal(hd_uniform_index(key, 0, 0, 0, 0, 1), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(philox_gives_known_answers),
                                     cmocka_unit_test(philox_equals_random123),
                                     cmocka_unit_test(streams_and_draws_keep_their_bits),
                                     cmocka_unit_test(streams_do_not_collide),
                                     cmocka_unit_test(places_give_different_numbers),
                                     cmocka_unit_test(uniform_stays_open_and_is_flat),
                                     cmocka_unit_test(neighbours_are_independent),
                                     cmocka_unit_test(normal_has_its_moments),
                                     cmocka_unit_test(index_is_fair)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
