/* heddle/random.h: random numbers that depend on what they are for, never on who draws them or when (design 4.5).
 *
 * Counter-based: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405), key and counter in, 128 bits
 * out, no state. The ten rounds are written here so that a solver outside the tree and a device need no other package; the
 * tests compare them with the packaged Random123 and its known answers.
 *
 *   hd_key stars = hd_stream(run->seed, "cluster");          one key per named thing
 *   double x = hd_normal(stars, body, POSITION, 0, axis);    index, purpose, step, draw: all that tells two draws apart
 *
 * index < 2^56, purpose < 2^8, step and draw any 32 bits. Functions differ in how many of the 128 bits they use, so the same
 * place must not serve two functions. Included by heddle/math.h.
 */
#ifndef HEDDLE_RANDOM_H
#define HEDDLE_RANDOM_H

#include "heddle/math.h"

typedef struct hd_key { uint64_t bits; } hd_key;
typedef struct hd_random_bits { uint32_t v[4]; } hd_random_bits;

/* A bijection of 64 bits in which every input bit moves every output bit (splitmix64's, doi:10.1145/2714064.2660195). */
HD_FN uint64_t hd_mix64(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/* The key of a named stream: the seed, then the name in words of 8 bytes (little endian), then its length, each mixed in. */
HD_FN hd_key hd_stream(uint64_t seed, const char *name) {
  uint64_t h = hd_mix64(seed + 0x9e3779b97f4a7c15u), word = 0, length = 0;
  for (; name[length]; length++) {
    word |= (uint64_t)(unsigned char)name[length] << (length % 8 * 8);
    if (length % 8 == 7) {
      h = hd_mix64((h ^ word) + 0x9e3779b97f4a7c15u);
      word = 0;
    }
  }
  h = hd_mix64((h ^ word) + 0x9e3779b97f4a7c15u);
  hd_key key = {hd_mix64((h ^ length) + 0x9e3779b97f4a7c15u)};
  return key;
}

/* The seed of repeat number `index` of a study. */
HD_FN uint64_t hd_derive_seed(uint64_t seed, uint64_t index) {
  return hd_mix64(hd_mix64(seed + 0x9e3779b97f4a7c15u) ^ (index + 0xd1b54a32d192ed03u));
}

/* Philox4x32-10: counter and key as the reference counts their words. */
HD_FN hd_random_bits hd_philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)c0 * 0xd2511f53u, b = (uint64_t)c2 * 0xcd9e8d57u;
    c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)b;
    c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)a;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  hd_random_bits out = {{c0, c1, c2, c3}};
  return out;
}

/* Words of the counter: low half of index; high 24 bits of index and purpose; step; draw. */
HD_FN hd_random_bits hd_random4(hd_key key, uint64_t index, uint32_t purpose, uint32_t step, uint32_t draw) {
  return hd_philox((uint32_t)index, (uint32_t)(index >> 32 & 0xffffffu) | purpose << 24, step, draw, (uint32_t)key.bits,
                   (uint32_t)(key.bits >> 32));
}

/* 64 random bits as a number in (0, 1): (j + 1/2) / 2^52, symmetric about 1/2; 53 bits, ends excluded. */
HD_FN double hd_uniform_of_bits(uint32_t low, uint32_t high) {
  uint64_t u = (uint64_t)high << 32 | low;
  return hd_of_bits(u >> 12 | 0x3ff0000000000000u) - (1.0 - 0x1p-53);
}

/* Uniform in (0, 1); uniform2 gives two for the same work. */
HD_FN double hd_uniform(hd_key key, uint64_t index, uint32_t purpose, uint32_t step, uint32_t draw) {
  hd_random_bits b = hd_random4(key, index, purpose, step, draw);
  return hd_uniform_of_bits(b.v[0], b.v[1]);
}

HD_FN hd_pair hd_uniform2(hd_key key, uint64_t index, uint32_t purpose, uint32_t step, uint32_t draw) {
  hd_random_bits b = hd_random4(key, index, purpose, step, draw);
  hd_pair p = {hd_uniform_of_bits(b.v[0], b.v[1]), hd_uniform_of_bits(b.v[2], b.v[3])};
  return p;
}

/* Normal, mean 0, deviation 1, |x| < 8.6 (Box and Muller, doi:10.1214/aoms/1177706645); normal2 gives two independent ones. */
HD_FN hd_pair hd_normal2(hd_key key, uint64_t index, uint32_t purpose, uint32_t step, uint32_t draw) {
  hd_pair u = hd_uniform2(key, index, purpose, step, draw);
  double radius = hd_sqrt(-2.0 * hd_log(u.high));
  hd_sine_cosine angle = hd_sincospi(2.0 * u.low);
  hd_pair p = {radius * angle.cos, radius * angle.sin};
  return p;
}

HD_FN double hd_normal(hd_key key, uint64_t index, uint32_t purpose, uint32_t step, uint32_t draw) {
  return hd_normal2(key, index, purpose, step, draw).high;
}

/* An integer in [0, count), each exactly as likely; count >= 1 (Lemire, doi:10.1145/3230636). A rejected draw, rarer than
 * count / 2^64, is repeated with a key mixed from this one. */
HD_FN uint64_t hd_uniform_index(hd_key key, uint64_t index, uint32_t purpose, uint32_t step, uint32_t draw, uint64_t count) {
  uint64_t least = (0u - count) % count, high, low;
  do {
    hd_random_bits b = hd_random4(key, index, purpose, step, draw);
    uint64_t bits = (uint64_t)b.v[1] << 32 | b.v[0];
    high = hd_mul_high_(bits, count);
    low = bits * count;
    key.bits = hd_mix64(key.bits + 0x9e3779b97f4a7c15u);
  } while (low < least);
  return high;
}

#endif
