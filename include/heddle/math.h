/* heddle/math.h: elementary functions with the same bits everywhere, and (heddle/random.h) random numbers.
 *
 * For a solver's stored numbers in place of <math.h>, whose last bits differ between machines. Only + - * /, square root,
 * fma written as such, integer operations and selects are used, so every x86-64 level, compiler and CUDA device gives the
 * same bits; the sign and payload of a NaN excepted. Build with -ffp-contract=off -fno-math-errno -fno-trapping-math
 * (heddle's own flags; nvcc: --fmad=false; C++ from 17 on): a compiler that contracts a * b + c on its own changes bits.
 *
 * All functions are pure, take any double and follow C99 Annex F at zeros, infinities and NaN; subnormal arguments and
 * results are right too. Error at most 1 ulp against MPFR (tests/unit/test_math.c prints the maximum of each).
 *
 *   hd_exp hd_exp2 hd_expm1 hd_log hd_log2 hd_log10 hd_log1p hd_pow hd_tanh hd_atan hd_atan2      branch-free: loops vectorise
 *   hd_sin_near hd_cos_near hd_sincos_near     |x| <= 2^30, NaN beyond                           branch-free
 *   hd_sin hd_cos hd_sincos                    any x; one branch, so loops over them stay scalar
 *   hd_sinpi hd_cospi hd_sincospi              sin(pi x), any x                           branch-free
 *   hd_rcp hd_rsqrt                            without division and root, error below 1.3 x 2^-53 (relative)
 *   hd_sqrt hd_fma hd_abs hd_smaller hd_larger hd_clamp hd_select hd_sign_of hd_flush hd_round hd_floor hd_is_nan hd_is_finite
 *   hd_expf hd_rcpf hd_rsqrtf                  float
 *
 * Loops vectorise from x86-64-v3 on; at v2 fma is a call to the C library (exact, slow). Polynomials and constants come from
 * tools/math-coefficients.py. Methods: Muller, Handbook of Floating-Point Arithmetic, 2nd ed., doi:10.1007/978-3-319-76526-6.
 */
#ifndef HEDDLE_MATH_H
#define HEDDLE_MATH_H

#include <stdbool.h>
#include <stdint.h>

#if defined __CUDACC__
#define HD_FN static __host__ __device__ __forceinline__
#else
#define HD_FN static inline __attribute__((always_inline, unused))
#endif

/* ---- bits and selects -------------------------------------------------------------------------------------------- */

HD_FN uint64_t hd_bits_of(double x) {
  uint64_t u;
  __builtin_memcpy(&u, &x, sizeof u);
  return u;
}

HD_FN double hd_of_bits(uint64_t u) {
  double x;
  __builtin_memcpy(&x, &u, sizeof x);
  return x;
}

HD_FN uint32_t hd_bits_of_float(float x) {
  uint32_t u;
  __builtin_memcpy(&u, &x, sizeof u);
  return u;
}

HD_FN float hd_float_of_bits(uint32_t u) {
  float x;
  __builtin_memcpy(&x, &u, sizeof x);
  return x;
}

#define HD_INFINITY (__builtin_inf())
#define HD_NAN (__builtin_nan(""))
#define HD_PI 0x1.921fb54442d18p+1

/* a b + c with one rounding; the correctly rounded root. */
HD_FN double hd_fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
HD_FN float  hd_fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
HD_FN double hd_sqrt(double x) { return __builtin_sqrt(x); }
HD_FN float  hd_sqrtf(float x) { return __builtin_sqrtf(x); }

HD_FN double hd_abs(double x) { return hd_of_bits(hd_bits_of(x) & 0x7fffffffffffffffu); }
HD_FN bool   hd_is_nan(double x) { return (hd_bits_of(x) & 0x7fffffffffffffffu) > 0x7ff0000000000000u; }
HD_FN bool   hd_is_finite(double x) { return (hd_bits_of(x) & 0x7ff0000000000000u) != 0x7ff0000000000000u; }

/* `size` with the sign bit of `sign`. */
HD_FN double hd_sign_of(double size, double sign) {
  return hd_of_bits((hd_bits_of(size) & 0x7fffffffffffffffu) | (hd_bits_of(sign) & 0x8000000000000000u));
}

/* The second argument unless the first is smaller (larger): one instruction. A NaN in either gives the second. */
HD_FN double hd_smaller(double a, double b) { return a < b ? a : b; }
HD_FN double hd_larger(double a, double b) { return a > b ? a : b; }
HD_FN double hd_clamp(double x, double low, double high) { return hd_smaller(high, hd_larger(low, x)); } /* NaN stays */
HD_FN double hd_select(bool condition, double yes, double no) { return condition ? yes : no; }

/* x, or zero where |x| is below a stated threshold: keeps decaying quantities out of the subnormals (NaN stays). */
HD_FN double hd_flush(double x, double threshold) { return hd_abs(x) < threshold ? 0.0 : x; }

/* The nearest integer, ties to even; the integer below. */
HD_FN double hd_round(double x) {
  double big = hd_sign_of(0x1p52, x);
  double near = hd_sign_of((x + big) - big, x);
  return hd_abs(x) < 0x1p52 ? near : x;
}

HD_FN double hd_floor(double x) {
  double near = hd_round(x);
  return near > x ? near - 1.0 : near;
}

/* ---- reciprocal and reciprocal root ------------------------------------------------------------------------------ */

/* 1 / x for 2^-1021 <= |x| <= 2^1021. Integer seed (error 12 %), two fifth-order steps: 1 + e + e^2 + e^3 + e^4. */
HD_FN double hd_rcp(double x) {
  double y = hd_of_bits(0x7fde623822fc16e6u - (hd_bits_of(x) & 0x7fffffffffffffffu) + (hd_bits_of(x) & 0x8000000000000000u));
  double e = hd_fma(-x, y, 1.0);
  double s = hd_fma(e, e, e);
  y = hd_fma(y, hd_fma(s, e * e, s), y);
  e = hd_fma(-x, y, 1.0);
  s = hd_fma(e, e, e);
  return hd_fma(y, hd_fma(s, e * e, s), y);
}

/* 1 / sqrt(x) for 2^-1020 <= x <= 2^1020; finite at 0. Integer seed (error 3.5 %), two fourth-order steps. */
HD_FN double hd_rsqrt(double x) {
  double y = hd_of_bits(0x5fe6eb50c7b537a9u - (hd_bits_of(x) >> 1));
  double e = hd_fma(-x * y, y, 1.0);
  y = hd_fma(y * e, hd_fma(e, hd_fma(e, 0.3125, 0.375), 0.5), y);
  e = hd_fma(-x * y, y, 1.0);
  return hd_fma(y * e, hd_fma(e, hd_fma(e, 0.3125, 0.375), 0.5), y);
}

/* ---- pairs: unevaluated sums of two doubles ---------------------------------------------------------------------- */

typedef struct hd_pair { double high, low; } hd_pair;

/* a + b exactly, where |a| >= |b| or a = 0 (Dekker); in any order (Knuth). */
HD_FN hd_pair hd_pair_fast_sum(double a, double b) {
  double s = a + b;
  hd_pair p = {s, b - (s - a)};
  return p;
}

HD_FN hd_pair hd_pair_sum(double a, double b) {
  double s = a + b, t = s - a;
  hd_pair p = {s, (a - (s - t)) + (b - t)};
  return p;
}

HD_FN hd_pair hd_pair_product(double a, double b) {
  double h = a * b;
  hd_pair p = {h, hd_fma(a, b, -h)};
  return p;
}

/* (n.high + n.low) / (d.high + d.low) to about 2^-100. */
HD_FN hd_pair hd_pair_ratio(hd_pair n, hd_pair d) {
  double r = 1.0 / d.high, q = n.high * r;
  hd_pair p = {q, (hd_fma(-q, d.high, n.high) + hd_fma(-q, d.low, n.low)) * r};
  return p;
}

/* ---- exponentials ------------------------------------------------------------------------------------------------ */

#define HD_LN2_HIGH 0x1.62e42fefa39efp-1
#define HD_LN2_LOW 0x1.abc9e3b39803fp-56
#define HD_INV_LN2 0x1.71547652b82fep+0
#define HD_ROUNDER 0x1.8p52   /* adding it leaves the nearest integer in the low bits */

/* p(r) of e^r = 1 + r + r^2 / 2 + r^3 p(r), |r| <= ln(2) / 2; the error of r^3 p is 2^-60. */
HD_FN double hd_exp_poly_(double r, double z) {
  double a = hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, 0x1.af389ecfcb5d9p-26, 0x1.71de0db2f6aedp-19), 0x1.a01a01a7c2efep-13),
                              0x1.11111111109b5p-7), 0x1.5555555555556p-3);
  double b = hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, 0x1.1f66d948a8484p-29, 0x1.27e4e1f7222b1p-22), 0x1.a01a01a47a591p-16),
                              0x1.6c16c16c167e2p-10), 0x1.5555555555555p-5);
  return hd_fma(r, b, a);
}

/* e^r - 1 - r, rounded three times. */
HD_FN double hd_exp_rest_(double r) {
  double z = r * r;
  return z * hd_fma(r, hd_exp_poly_(r, z), 0.5);
}

/* x 2^k for k of `rounded` = k + HD_ROUNDER, -2040 < k < 2040, in two steps so that subnormal results round once. */
HD_FN double hd_scale_(double x, double rounded) {
  uint64_t k = hd_bits_of(rounded) - (hd_bits_of(HD_ROUNDER) - 2046u), half = k >> 1;
  return x * hd_of_bits(half << 52) * hd_of_bits((k - half) << 52);
}

/* e^(x + tail) for x in [-746, 710] and |tail| < 2^-40. */
HD_FN double hd_exp_pair_(double x, double tail) {
  double rounded = hd_fma(x, HD_INV_LN2, HD_ROUNDER), k = rounded - HD_ROUNDER;
  double exact = hd_fma(-k, HD_LN2_HIGH, x), r = hd_fma(-k, HD_LN2_LOW, exact);
  double low = hd_fma(-k, HD_LN2_LOW, exact - r) + tail;
  double rest = hd_exp_rest_(r);
  hd_pair one = hd_pair_fast_sum(1.0, r);
  return hd_scale_(one.high + (one.low + (rest + hd_fma(low, r + rest, low))), rounded);
}

HD_FN double hd_exp(double x) {
  double rounded = hd_fma(x, HD_INV_LN2, HD_ROUNDER), k = rounded - HD_ROUNDER;
  double r = hd_fma(-k, HD_LN2_LOW, hd_fma(-k, HD_LN2_HIGH, x));
  hd_pair one = hd_pair_fast_sum(1.0, r);
  double y = hd_scale_(one.high + (one.low + hd_exp_rest_(r)), rounded);
  y = x > 710.0 ? HD_INFINITY : y;
  return x < -746.0 ? 0.0 : y;
}

HD_FN double hd_exp2(double x) {
  double rounded = x + HD_ROUNDER, f = x - (rounded - HD_ROUNDER);
  double r = f * HD_LN2_HIGH, low = hd_fma(f, HD_LN2_HIGH, -r) + f * HD_LN2_LOW;
  hd_pair one = hd_pair_fast_sum(1.0, r);
  double y = hd_scale_(one.high + (one.low + (hd_exp_rest_(r) + low)), rounded);
  y = x > 1025.0 ? HD_INFINITY : y;
  return x < -1080.0 ? 0.0 : y;
}

/* e^x - 1 over 2, for x in [-45, 710]: (2^(k-1) - 1/2) + 2^(k-1) (e^r - 1). */
HD_FN hd_pair hd_expm1_half_(double x) {
  double rounded = hd_fma(x, HD_INV_LN2, HD_ROUNDER), k = rounded - HD_ROUNDER;
  double exact = hd_fma(-k, HD_LN2_HIGH, x), r = hd_fma(-k, HD_LN2_LOW, exact);
  double low = hd_fma(-k, HD_LN2_LOW, exact - r);
  double half_power = hd_of_bits((hd_bits_of(rounded) - (hd_bits_of(HD_ROUNDER) - 1022u)) << 52);
  double z = r * r, cubic = z * r * hd_exp_poly_(r, z);
  hd_pair p = hd_pair_fast_sum(r, 0.5 * z);
  p.low += cubic + hd_fma(0.5, hd_fma(r, r, -z), hd_fma(low, r, low));
  hd_pair a = hd_pair_sum(half_power, -0.5);
  hd_pair s = hd_pair_fast_sum(a.high, half_power * p.high);
  return hd_pair_fast_sum(s.high, s.low + (a.low + half_power * p.low));
}

HD_FN double hd_expm1(double x) {
  double y = 2.0 * hd_expm1_half_(x).high;
  y = x > 710.0 ? HD_INFINITY : y;
  y = x < -45.0 ? -1.0 : y;
  return hd_abs(x) < 0x1p-54 ? x : y;
}

/* With n = (e^(2|x|) - 1) / 2: tanh |x| = n / (n + 1). */
HD_FN double hd_tanh(double x) {
  double size = hd_abs(x);
  hd_pair n = hd_expm1_half_(2.0 * hd_smaller(20.0, size));
  hd_pair d = n.high > 1.0 ? hd_pair_fast_sum(n.high, 1.0) : hd_pair_fast_sum(1.0, n.high);
  d.low += n.low;
  hd_pair q = hd_pair_ratio(n, d);
  double t = size < 0x1p-28 ? size : q.high + q.low;
  return hd_is_nan(x) ? x + x : hd_sign_of(t, x);
}

/* ---- logarithms -------------------------------------------------------------------------------------------------- */

/* x = 2^k (1 + f), f in [sqrt(1/2) - 1, sqrt(2) - 1], for positive finite x. */
typedef struct hd_log_parts { double k, f; } hd_log_parts;

HD_FN hd_log_parts hd_log_split_(double x) {
  bool tiny = x < 0x1p-1022;
  uint64_t root_half = 0x3fe6a09e667f3bcdu;
  uint64_t u = hd_bits_of(tiny ? x * 0x1p54 : x) + (0x3ff0000000000000u - root_half);
  hd_log_parts p;
  p.k = hd_of_bits((u >> 52) | 0x4330000000000000u) - (tiny ? 0x1p52 + 1077.0 : 0x1p52 + 1023.0);
  p.f = hd_of_bits((u & 0x000fffffffffffffu) + root_half) - 1.0;
  return p;
}

/* Annex F at the ends: log 0 = -inf, of negatives NaN, of inf and NaN itself. */
HD_FN double hd_log_ends_(double x, double log) {
  double l = x > 0.0 ? log : x == 0.0 ? -HD_INFINITY : HD_NAN;
  return x == HD_INFINITY ? x : l;
}

#define HD_LN2_32 0x1.62e42ffp-1             /* 32 bits: times k exact */
#define HD_LN2_REST (-0x1.718432a1b0e26p-35)

/* f - log(1 + f), f as above: with s = f / (2 + f) and log(1 + f) = 2 s + s R(s^2) it is f^2/2 - s (f^2/2 + R). */
HD_FN double hd_log_rest_(double f) {
  double s = f / (2.0 + f), z = s * s, half_square = 0.5 * f * f;
  double R = z * hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, 0x1.2b584e280d258p-3, 0x1.39fe601d4a8bep-3),
             0x1.7462b4ad593f7p-3), 0x1.c71c62e5786e8p-3), 0x1.2492492df14ecp-2), 0x1.99999999952e2p-2), 0x1.5555555555558p-1);
  return hd_fma(-s, half_square + R, half_square);
}

/* log(2^k (1 + f + tail)) */
HD_FN double hd_log_sum_(double k, double f, double tail) {
  hd_pair sum = hd_pair_fast_sum(k * HD_LN2_32, f);
  return sum.high + (sum.low + (hd_fma(k, HD_LN2_REST, tail) - hd_log_rest_(f)));
}

HD_FN double hd_log(double x) {
  hd_log_parts p = hd_log_split_(x);
  return hd_log_ends_(x, hd_log_sum_(p.k, p.f, 0.0));
}

HD_FN double hd_log1p(double x) {
  hd_pair u = hd_pair_sum(1.0, x);
  hd_log_parts p = hd_log_split_(u.high);
  double power = hd_of_bits(hd_bits_of(HD_ROUNDER + 1023.0 - p.k) << 52);   /* 2^-k */
  hd_pair f = hd_pair_fast_sum(p.f, hd_abs(x) < 0x1p60 ? u.low * power : 0.0);
  double l = hd_log_ends_(u.high, hd_log_sum_(p.k, f.high, hd_fma(-f.low, f.high, f.low)));
  return hd_abs(x) < 0x1p-54 ? x : l;
}

/* log(1 + f) / log(base) as a pair, to a quarter ulp; `inverse` is 1 / log(base). */
HD_FN hd_pair hd_log_base_(double f, double inverse, double inverse_low) {
  hd_pair l = hd_pair_fast_sum(f, -hd_log_rest_(f)), m = hd_pair_product(l.high, inverse);
  m.low += hd_fma(l.high, inverse_low, l.low * inverse);
  return m;
}

HD_FN double hd_log2(double x) {
  hd_log_parts p = hd_log_split_(x);
  hd_pair m = hd_log_base_(p.f, HD_INV_LN2, 0x1.777d0ffda0d24p-56), sum = hd_pair_fast_sum(p.k, m.high);
  return hd_log_ends_(x, sum.high + (sum.low + m.low));
}

HD_FN double hd_log10(double x) {
  hd_log_parts p = hd_log_split_(x);
  hd_pair m = hd_log_base_(p.f, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57);
  hd_pair sum = hd_pair_fast_sum(p.k * 0x1.3441350ap-2, m.high);
  return hd_log_ends_(x, sum.high + (sum.low + hd_fma(p.k, -0x1.0c0219dc1da99p-39, m.low)));
}

/* log(1 + f) as a pair, relative error 2^-64: 2 s + s z (2/3 + z (2/5 + z P(z))) with s = f / (2 + f), z = s^2. */
HD_FN hd_pair hd_log_pair_(double f) {
  double m = 1.0 + f;
  hd_pair n = {f, 0.0}, d = m > 1.0 ? hd_pair_fast_sum(m, 1.0) : hd_pair_fast_sum(1.0, m);
  hd_pair s = hd_pair_ratio(n, d), z = hd_pair_product(s.high, s.high);
  double square = z.high * z.high, fourth = square * square;
  double P = hd_fma(fourth, hd_fma(square, hd_fma(z.high, 0x1.b2dfa0c2c6d24p-4, 0x1.acf861ecd8fc1p-4),
                                   hd_fma(z.high, 0x1.e1eff9a398cfdp-4, 0x1.1110f807dbe86p-3)),
                    hd_fma(square, hd_fma(z.high, 0x1.3b13b16b45549p-3, 0x1.745d1745a3f60p-3),
                           hd_fma(z.high, 0x1.c71c71c71c822p-3, 0x1.2492492492492p-2)));
  double c = hd_fma(z.high, P, 0x1.999999999999ap-2);
  z.low = hd_fma(2.0 * s.high, s.low, z.low);
  hd_pair e = hd_pair_product(c, z.high), t = hd_pair_fast_sum(0x1.5555555555555p-1, e.high);
  t.low += hd_fma(c, z.low, e.low) + 0x1.5555555555555p-55;
  hd_pair g = hd_pair_product(t.high, z.high);
  g.low += hd_fma(t.high, z.low, t.low * z.high);
  hd_pair l = hd_pair_fast_sum(2.0 * s.high, g.high * s.high);
  l.low += hd_fma(g.high, s.high, -g.high * s.high) + hd_fma(g.high, s.low, hd_fma(g.low, s.high, 2.0 * s.low));
  return l;
}

/* ---- power ------------------------------------------------------------------------------------------------------- */

HD_FN bool hd_is_integer_(double size) { return (size + 0x1p52) - 0x1p52 == size || size >= 0x1p52; }

/* |x|^y = e^(y log |x|) with the logarithm and the product as pairs; then the sign, and what Annex F asks for. */
HD_FN double hd_pow(double x, double y) {
  double size = hd_abs(x), y_size = hd_abs(y);
  hd_log_parts p = hd_log_split_(size);
  hd_pair m = hd_log_pair_(p.f), l = hd_pair_fast_sum(p.k * HD_LN2_32, m.high);
  l = hd_pair_fast_sum(l.high, l.low + hd_fma(p.k, HD_LN2_REST, m.low));
  l.high = hd_log_ends_(size, l.high);
  double e = y * l.high, tail = hd_fma(y, l.high, -e) + y * l.low;
  double r = hd_exp_pair_(e, tail);
  r = e > 710.0 ? HD_INFINITY : r;
  r = e < -746.0 ? 0.0 : r;
  bool negative = hd_bits_of(x) >> 63 != 0, whole = hd_is_integer_(y_size), odd = whole & !hd_is_integer_(0.5 * y_size);
  r = (negative & odd) ? -r : r;
  r = ((x < 0.0) & !whole & (size < HD_INFINITY)) ? HD_NAN : r;
  r = ((size == 1.0) & (y_size == HD_INFINITY)) ? 1.0 : r;
  r = ((x != x) | (y != y)) ? x + y : r;
  return ((y == 0.0) | (x == 1.0)) ? 1.0 : r;
}

/* ---- sine and cosine --------------------------------------------------------------------------------------------- */

typedef struct hd_sine_cosine { double sin, cos; } hd_sine_cosine;

/* Of (r.high + r.low) + quarter pi / 2, |r| <= pi / 4. */
HD_FN hd_sine_cosine hd_sincos_quarter_(hd_pair r, uint64_t quarter) {
  double x = r.high, z = x * x;
  double S = hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, -0x1.ab17d3985bccep-41, 0x1.61217f0ac7f98p-33),
             -0x1.ae645412c4787p-26), 0x1.71de3a5460952p-19), -0x1.a01a01a019938p-13), 0x1.1111111111110p-7), -0x1.5555555555555p-3);
  double C = hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, hd_fma(z, -0x1.907da304ce77bp-37, 0x1.1eeb68e8b2372p-29),
             -0x1.27e4fa17d9864p-22), 0x1.a01a019f4eafap-16), -0x1.6c16c16c16967p-10), 0x1.5555555555555p-5);
  double half = 0.5 * z, one = 1.0 - half;
  double s = x + hd_fma(z * x, S, hd_fma(-r.low, half, r.low));
  double c = one + (((1.0 - one) - half) + hd_fma(z * z, C, -x * r.low));
  bool swap = (quarter & 1) != 0;
  hd_sine_cosine out;
  out.sin = hd_of_bits(hd_bits_of(swap ? c : s) ^ (quarter << 62 & 0x8000000000000000u));
  out.cos = hd_of_bits(hd_bits_of(swap ? s : c) ^ ((quarter + 1) << 62 & 0x8000000000000000u));
  return out;
}

/* x - k pi / 2 for |x| <= 2^30, with pi / 2 in three parts: the first difference is exact. */
HD_FN hd_sine_cosine hd_sincos_near(double x) {
  double rounded = hd_fma(x, 0x1.45f306dc9c883p-1, HD_ROUNDER), k = rounded - HD_ROUNDER;
  double exact = hd_fma(-k, 0x1.921fb54442d18p+0, x);
  hd_pair p = hd_pair_product(-k, 0x1.1a62633145c07p-54), r = hd_pair_sum(exact, p.high);
  r.low += hd_fma(-k, -0x1.f1976b7ed8fbcp-110, p.low);
  hd_sine_cosine v = hd_sincos_quarter_(r, hd_bits_of(rounded));
  v.sin = x == 0.0 ? x : v.sin;
  bool beyond = !(hd_abs(x) <= 0x1p30);
  v.sin = beyond ? HD_NAN : v.sin;
  v.cos = beyond ? HD_NAN : v.cos;
  return v;
}

HD_FN double hd_sin_near(double x) { return hd_sincos_near(x).sin; }
HD_FN double hd_cos_near(double x) { return hd_sincos_near(x).cos; }

HD_FN uint64_t hd_mul_high_(uint64_t a, uint64_t b) {
  uint64_t al = a & 0xffffffffu, ah = a >> 32, bl = b & 0xffffffffu, bh = b >> 32;
  uint64_t t = ah * bl + (al * bl >> 32), u = al * bh + (t & 0xffffffffu);
  return ah * bh + (t >> 32) + (u >> 32);
}

/* The same for 2^30 < |x| < inf, by the bits of 2 / pi that matter (Payne and Hanek, doi:10.1145/1057600.1057602). */
HD_FN hd_sine_cosine hd_sincos_far_(double x) {
  const uint64_t two_over_pi[21] = {   /* 64 zero bits, then the fraction */
    0,
    0xa2f9836e4e441529u, 0xfc2757d1f534ddc0u, 0xdb6295993c439041u, 0xfe5163abdebbc561u, 0xb7246e3a424dd2e0u,
    0x06492eea09d1921cu, 0xfe1deb1cb129a73eu, 0xe88235f52ebb4484u, 0xe99c7026b45f7e41u, 0x3991d639835339f4u,
    0x9c845f8bbdf9283bu, 0x1ff897ffde05980fu, 0xef2f118b5a0a6d1fu, 0x6d367ecf27cb09b7u, 0x4f463f669e5fea2du,
    0x7527bac7ebe5f17bu, 0x3d0739f78a5292eau, 0x6bfb5fb11f8d5d08u, 0x56033046fc7b6babu, 0xf0cfbc209af4361du};
  uint64_t u = hd_bits_of(x), m = (u & 0x000fffffffffffffu) | 0x0010000000000000u;
  uint64_t at = (u >> 52 & 0x7ff) - 1075 + 62;   /* bits of weight 4 and more in the product are not needed */
  uint64_t word = at >> 6, shift = at & 63, w[3];
  for (int i = 0; i < 3; i++)
    w[i] = two_over_pi[word + (uint64_t)i] << shift | (two_over_pi[word + (uint64_t)i + 1] >> 1) >> (63 - shift);
  /* m w, modulo 2^192: two bits before the point, the quarter */
  uint64_t p2 = m * w[2], c2 = hd_mul_high_(m, w[2]), p1 = m * w[1] + c2;
  uint64_t p0 = m * w[0] + hd_mul_high_(m, w[1]) + (p1 < c2);
  uint64_t quarter = p0 >> 62;
  p0 = p0 << 2 | p1 >> 62;
  p1 = p1 << 2 | p2 >> 62;
  p2 <<= 2;
  bool over = p0 >> 63 != 0;      /* beyond one half: count back from the next quarter */
  if (over) {
    quarter++;
    p0 = ~p0, p1 = ~p1, p2 = ~p2;
  }
  double scale = 0x1p-64;
  for (int i = 0; i < 64 && p0 >> 63 == 0; i++) {
    p0 = p0 << 1 | p1 >> 63;
    p1 = p1 << 1 | p2 >> 63;
    p2 <<= 1;
    scale *= 0.5;
  }
  hd_pair f;   /* 53 bits and the 53 bits after them */
  f.high = (double)(p0 >> 11) * 2048.0 * scale;
  f.low = (double)((p0 & 0x7ff) << 42 | p1 >> 22) * 0x1p-42 * scale;
  hd_pair r = hd_pair_product(f.high, 0x1.921fb54442d18p+0);
  r.low += hd_fma(f.high, 0x1.1a62633145c07p-54, f.low * 0x1.921fb54442d18p+0);
  r = hd_pair_fast_sum(over ? -r.high : r.high, over ? -r.low : r.low);
  hd_sine_cosine v = hd_sincos_quarter_(r, quarter);
  v.sin = u >> 63 ? -v.sin : v.sin;
  return v;
}

HD_FN hd_sine_cosine hd_sincos(double x) {
  return (hd_abs(x) > 0x1p30 && hd_is_finite(x)) ? hd_sincos_far_(x) : hd_sincos_near(x);
}

HD_FN double hd_sin(double x) { return hd_sincos(x).sin; }
HD_FN double hd_cos(double x) { return hd_sincos(x).cos; }

/* sin(pi x), cos(pi x): exact at multiples of 1/2. */
HD_FN hd_sine_cosine hd_sincospi(double x) {
  double c = hd_fma(-2.0, hd_round(0.5 * x), x);   /* in [-1, 1], exact */
  double rounded = 2.0 * c + HD_ROUNDER, f = hd_fma(-0.5, rounded - HD_ROUNDER, c);
  hd_pair r = hd_pair_product(f, 0x1.921fb54442d18p+1);
  r.low += f * 0x1.1a62633145c07p-53;
  hd_sine_cosine v = hd_sincos_quarter_(r, hd_bits_of(rounded));
  v.sin = v.sin == 0.0 ? hd_sign_of(0.0, x) : v.sin;
  v.cos = v.cos == 0.0 ? 0.0 : v.cos;
  return v;
}

HD_FN double hd_sinpi(double x) { return hd_sincospi(x).sin; }
HD_FN double hd_cospi(double x) { return hd_sincospi(x).cos; }

/* ---- arc tangent ------------------------------------------------------------------------------------------------- */

/* atan(n / d) for 0 <= n <= d, d > 0, without their common scale mattering: of t = n / d below tan(pi/8), else
 * pi / 4 + atan((n - d) / (n + d)). */
HD_FN hd_pair hd_atan_ratio_(double n, double d) {
  bool upper = n > 0x1.a827999fcef32p-2 * d;
  hd_pair difference = hd_pair_fast_sum(d, -n), sum = hd_pair_fast_sum(d, n);
  hd_pair top, bottom;
  top.high = upper ? -difference.high : n;
  top.low = upper ? -difference.low : 0.0;
  bottom.high = upper ? sum.high : d;
  bottom.low = upper ? sum.low : 0.0;
  hd_pair t = hd_pair_ratio(top, bottom);
  double z = t.high * t.high, w = z * z;
  double a = hd_fma(w, hd_fma(w, hd_fma(w, hd_fma(w, hd_fma(w, -0x1.1b339a5048955p-5, -0x1.ac7a90eabcecfp-5),
             -0x1.110e88068190cp-4), -0x1.745d165df2041p-4), -0x1.249249248d7edp-3), -0x1.5555555555555p-2);
  double b = hd_fma(w, hd_fma(w, hd_fma(w, hd_fma(w, hd_fma(w, 0x1.0ad325f270444p-6, 0x1.74ddc80c4d405p-5),
             0x1.e19a135ea72c7p-5), 0x1.3b1392d9aee9bp-4), 0x1.c71c71c304ac7p-4), 0x1.9999999999953p-3);
  double rest = hd_fma(t.high * z, hd_fma(z, b, a), t.low);
  hd_pair r = hd_pair_fast_sum(upper ? 0x1.921fb54442d18p-1 : 0.0, t.high);
  r.low += rest + (upper ? 0x1.1a62633145c07p-55 : 0.0);
  return r;
}

HD_FN double hd_atan(double x) {
  double size = hd_smaller(hd_abs(x), 0x1p100);
  bool   invert = size > 1.0;
  hd_pair r = hd_atan_ratio_(invert ? 1.0 : size, invert ? size : 1.0);
  hd_pair s = hd_pair_fast_sum(0x1.921fb54442d18p+0, -r.high);
  double a = invert ? s.high + (s.low + (0x1.1a62633145c07p-54 - r.low)) : r.high + r.low;
  a = size < 0x1p-28 ? size : a;
  return hd_is_nan(x) ? x + x : hd_sign_of(a, x);
}

/* The angle of the point (x, y), in [-pi, pi]. */
HD_FN double hd_atan2(double y, double x) {
  double xs = hd_abs(x), ys = hd_abs(y);
  bool   steep = ys > xs;
  double n = steep ? xs : ys, d = steep ? ys : xs;
  double scale = d > 0x1p500 ? 0x1p-600 : d < 0x1p-400 ? 0x1p600 : 1.0;
  double ns = d == HD_INFINITY ? (n == d ? 1.0 : 0.0) : n * scale;
  double ds = ((d == HD_INFINITY) | (d == 0.0)) ? 1.0 : d * scale;
  hd_pair a = hd_atan_ratio_(ns, ds);
  hd_pair s = hd_pair_fast_sum(0x1.921fb54442d18p+0, -a.high);
  double low = s.low + (0x1.1a62633145c07p-54 - a.low);
  a.high = steep ? s.high : a.high;
  a.low = steep ? low : a.low;
  s = hd_pair_fast_sum(0x1.921fb54442d18p+1, -a.high);
  low = s.low + (0x1.1a62633145c07p-53 - a.low);
  bool left = hd_bits_of(x) >> 63 != 0;
  double angle = left ? s.high + low : a.high + a.low;
  angle = ((ys < xs * 0x1p-28) & !left) ? ys / xs : angle;   /* right also where the ratio is subnormal */
  return ((x != x) | (y != y)) ? x + y : hd_sign_of(angle, y);
}

/* ---- float ------------------------------------------------------------------------------------------------------- */

/* 1 / x for 2^-125 <= |x| <= 2^125, and 1 / sqrt(x) for 2^-124 <= x <= 2^125 (finite at 0), to 1.3 x 2^-24. */
HD_FN float hd_rcpf(float x) {
  uint32_t u = hd_bits_of_float(x);
  float y = hd_float_of_bits(0x7ef311c7u - (u & 0x7fffffffu) + (u & 0x80000000u));
  float e = hd_fmaf(-x, y, 1.0f), s = hd_fmaf(e, e, e);
  y = hd_fmaf(y, hd_fmaf(s, e * e, s), y);
  return hd_fmaf(y, hd_fmaf(-x, y, 1.0f), y);
}

HD_FN float hd_rsqrtf(float x) {
  float y = hd_float_of_bits(0x5f375a86u - (hd_bits_of_float(x) >> 1));
  float e = hd_fmaf(-x * y, y, 1.0f);
  y = hd_fmaf(y * e, hd_fmaf(e, hd_fmaf(e, 0.3125f, 0.375f), 0.5f), y);
  return hd_fmaf(0.5f * y, hd_fmaf(-x * y, y, 1.0f), y);
}

/* e^x within 1 ulp; subnormal results included. */
HD_FN float hd_expf(float x) {
  float c = x < -106.0f ? -106.0f : x > 90.0f ? 90.0f : x;
  float rounded = hd_fmaf(c, 0x1.715476p+0f, 0x1.8p23f), k = rounded - 0x1.8p23f;
  float r = hd_fmaf(-k, -0x1.05c610p-29f, hd_fmaf(-k, 0x1.62e430p-1f, c));
  float p = hd_fmaf(r, hd_fmaf(r, hd_fmaf(r, hd_fmaf(r, hd_fmaf(r, 0x1.a124e4p-13f, 0x1.6d4316p-10f), 0x1.1110ep-7f),
            0x1.5554eap-5f), 0x1.555556p-3f), 0.5f);
  float one = 1.0f + r, y = one + ((r - (one - 1.0f)) + r * r * p);
  uint32_t n = hd_bits_of_float(rounded) - (hd_bits_of_float(0x1.8p23f) - 254u), half = n >> 1;
  return y * hd_float_of_bits(half << 23) * hd_float_of_bits((n - half) << 23);
}

#include "heddle/random.h"

#endif
