/* Lanes of doubles (d_) and floats (f_) for the pair force and the potentials: as base/lanes.h, with fma and the reciprocal root of
 * heddle/math.h, whose bits every lane repeats. At x86-64-v2 fma is a call to the C library: exact, slow.
 */
#ifndef NBODY_PAIR_LANES_H
#define NBODY_PAIR_LANES_H

#include "base/lanes.h"

/* clang-format off */
#if defined __AVX512DQ__ && defined __AVX512VL__

typedef __m512d d_lanes;  typedef __mmask8 d_mask;
typedef __m512  f_lanes;  typedef __mmask16 f_mask;
enum { D_LANES = 8, F_LANES = 16, D_ROWS = 4, F_ROWS = 4 };   /* rows of lanes worked on at once */
HD_FN d_lanes d_fma(d_lanes a, d_lanes b, d_lanes c) { return _mm512_fmadd_pd(a, b, c); }
HD_FN d_lanes d_fnma(d_lanes a, d_lanes b, d_lanes c) { return _mm512_fnmadd_pd(a, b, c); }
HD_FN d_lanes d_seed(d_lanes x) {
  return _mm512_castsi512_pd(_mm512_sub_epi64(_mm512_set1_epi64(0x5fe6eb50c7b537a9), _mm512_srli_epi64(_mm512_castpd_si512(x), 1)));
}
HD_FN d_mask  d_same(d_lanes a, d_lanes b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
HD_FN d_lanes d_pick(d_mask m, d_lanes yes, d_lanes no) { return _mm512_mask_blend_pd(m, no, yes); }
HD_FN f_lanes f_load(const float *from) { return _mm512_loadu_ps(from); }
HD_FN void    f_store(float *to, f_lanes a) { _mm512_storeu_ps(to, a); }
HD_FN f_lanes f_all(float x) { return _mm512_set1_ps(x); }
HD_FN f_lanes f_fma(f_lanes a, f_lanes b, f_lanes c) { return _mm512_fmadd_ps(a, b, c); }
HD_FN f_lanes f_fnma(f_lanes a, f_lanes b, f_lanes c) { return _mm512_fnmadd_ps(a, b, c); }
HD_FN f_lanes f_seed(f_lanes x) {
  return _mm512_castsi512_ps(_mm512_sub_epi32(_mm512_set1_epi32(0x5f375a86), _mm512_srli_epi32(_mm512_castps_si512(x), 1)));
}
HD_FN f_mask  f_same(f_lanes a, f_lanes b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
HD_FN f_lanes f_pick(f_mask m, f_lanes yes, f_lanes no) { return _mm512_mask_blend_ps(m, no, yes); }

#elif defined __AVX2__ && defined __FMA__

typedef __m256d d_lanes;  typedef __m256d d_mask;
typedef __m256  f_lanes;  typedef __m256 f_mask;
enum { D_LANES = 4, F_LANES = 8, D_ROWS = 2, F_ROWS = 2 };
HD_FN d_lanes d_fma(d_lanes a, d_lanes b, d_lanes c) { return _mm256_fmadd_pd(a, b, c); }
HD_FN d_lanes d_fnma(d_lanes a, d_lanes b, d_lanes c) { return _mm256_fnmadd_pd(a, b, c); }
HD_FN d_lanes d_seed(d_lanes x) {
  return _mm256_castsi256_pd(_mm256_sub_epi64(_mm256_set1_epi64x(0x5fe6eb50c7b537a9), _mm256_srli_epi64(_mm256_castpd_si256(x), 1)));
}
HD_FN d_mask  d_same(d_lanes a, d_lanes b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
HD_FN d_lanes d_pick(d_mask m, d_lanes yes, d_lanes no) { return _mm256_blendv_pd(no, yes, m); }
HD_FN f_lanes f_load(const float *from) { return _mm256_loadu_ps(from); }
HD_FN void    f_store(float *to, f_lanes a) { _mm256_storeu_ps(to, a); }
HD_FN f_lanes f_all(float x) { return _mm256_set1_ps(x); }
HD_FN f_lanes f_fma(f_lanes a, f_lanes b, f_lanes c) { return _mm256_fmadd_ps(a, b, c); }
HD_FN f_lanes f_fnma(f_lanes a, f_lanes b, f_lanes c) { return _mm256_fnmadd_ps(a, b, c); }
HD_FN f_lanes f_seed(f_lanes x) {
  return _mm256_castsi256_ps(_mm256_sub_epi32(_mm256_set1_epi32(0x5f375a86), _mm256_srli_epi32(_mm256_castps_si256(x), 1)));
}
HD_FN f_mask  f_same(f_lanes a, f_lanes b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
HD_FN f_lanes f_pick(f_mask m, f_lanes yes, f_lanes no) { return _mm256_blendv_ps(no, yes, m); }

#else

typedef __m128d d_lanes;  typedef __m128d d_mask;
typedef __m128  f_lanes;  typedef __m128 f_mask;
enum { D_LANES = 2, F_LANES = 4, D_ROWS = 1, F_ROWS = 1 };
HD_FN d_lanes d_fma(d_lanes a, d_lanes b, d_lanes c) {
  return _mm_set_pd(__builtin_fma(a[1], b[1], c[1]), __builtin_fma(a[0], b[0], c[0]));
}
HD_FN d_lanes d_fnma(d_lanes a, d_lanes b, d_lanes c) { return d_fma(-a, b, c); }
HD_FN d_lanes d_seed(d_lanes x) {
  return _mm_castsi128_pd(_mm_sub_epi64(_mm_set1_epi64x(0x5fe6eb50c7b537a9), _mm_srli_epi64(_mm_castpd_si128(x), 1)));
}
HD_FN d_mask  d_same(d_lanes a, d_lanes b) { return _mm_cmpeq_pd(a, b); }
HD_FN d_lanes d_pick(d_mask m, d_lanes yes, d_lanes no) { return _mm_or_pd(_mm_and_pd(m, yes), _mm_andnot_pd(m, no)); }
HD_FN f_lanes f_load(const float *from) { return _mm_loadu_ps(from); }
HD_FN void    f_store(float *to, f_lanes a) { _mm_storeu_ps(to, a); }
HD_FN f_lanes f_all(float x) { return _mm_set1_ps(x); }
HD_FN f_lanes f_fma(f_lanes a, f_lanes b, f_lanes c) {
  return _mm_set_ps(__builtin_fmaf(a[3], b[3], c[3]), __builtin_fmaf(a[2], b[2], c[2]), __builtin_fmaf(a[1], b[1], c[1]),
                    __builtin_fmaf(a[0], b[0], c[0]));
}
HD_FN f_lanes f_fnma(f_lanes a, f_lanes b, f_lanes c) { return f_fma(-a, b, c); }
HD_FN f_lanes f_seed(f_lanes x) {
  return _mm_castsi128_ps(_mm_sub_epi32(_mm_set1_epi32(0x5f375a86), _mm_srli_epi32(_mm_castps_si128(x), 1)));
}
HD_FN f_mask  f_same(f_lanes a, f_lanes b) { return _mm_cmpeq_ps(a, b); }
HD_FN f_lanes f_pick(f_mask m, f_lanes yes, f_lanes no) { return _mm_or_ps(_mm_and_ps(m, yes), _mm_andnot_ps(m, no)); }

#endif

HD_FN d_lanes d_load(const double *from) { return hd_lanes_load(from); }
HD_FN void    d_store(double *to, d_lanes a) { hd_lanes_store(to, a); }
HD_FN d_lanes d_all(double x) { return hd_lanes_all(x); }

HD_FN d_lanes d_root(d_lanes x) { return hd_lanes_sqrt(x); }
#if defined __AVX512DQ__ && defined __AVX512VL__
HD_FN f_lanes f_root(f_lanes x) { return _mm512_sqrt_ps(x); }
#elif defined __AVX2__ && defined __FMA__
HD_FN f_lanes f_root(f_lanes x) { return _mm256_sqrt_ps(x); }
#else
HD_FN f_lanes f_root(f_lanes x) { return _mm_sqrt_ps(x); }
#endif

/* The lanes without one of them: 0 there. lane < 0 or too large: all of them. */
HD_FN d_lanes d_without(d_lanes a, int lane) {
  static const double number[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  return d_pick(d_same(d_load(number), d_all(lane)), d_all(0), a);
}
HD_FN f_lanes f_without(f_lanes a, int lane) {
  static const float number[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return f_pick(f_same(f_load(number), f_all((float)lane)), f_all(0), a);
}

/* y ~ 1 / sqrt(x), of 20 bits, |1 - x y^2| < 2^-19, for two vectors of normal positive doubles at once: the upper halves of both fill
 * a vector of floats; with all but the last bit of the exponent taken away they are 0.5 <= f < 2. */
#if defined __AVX512DQ__ && defined __AVX512VL__
HD_FN void d_seeds(d_lanes x0, d_lanes x1, d_lanes *y0, d_lanes *y1) {
  __m512i h = _mm512_castps_si512(_mm512_shuffle_ps(_mm512_castpd_ps(x0), _mm512_castpd_ps(x1), 0xdd));
  __m512i f = _mm512_add_epi32(_mm512_and_si512(_mm512_slli_epi32(h, 3), _mm512_set1_epi32(0xffffff)), _mm512_set1_epi32(0x3f000000));
  __m512i r = _mm512_castps_si512(_mm512_div_ps(f_all(1), f_root(_mm512_castsi512_ps(f))));
  __m512i e = _mm512_and_si512(_mm512_srli_epi32(h, 1), _mm512_set1_epi32(0x7ff00000));
  __m512i y = _mm512_sub_epi32(_mm512_add_epi32(_mm512_srli_epi32(r, 3), _mm512_set1_epi32(0x57f << 20)), e);
  *y0 = _mm512_castsi512_pd(_mm512_unpacklo_epi32(_mm512_setzero_si512(), y));
  *y1 = _mm512_castsi512_pd(_mm512_unpackhi_epi32(_mm512_setzero_si512(), y));
}
#elif defined __AVX2__ && defined __FMA__
HD_FN void d_seeds(d_lanes x0, d_lanes x1, d_lanes *y0, d_lanes *y1) {
  __m256i h = _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castpd_ps(x0), _mm256_castpd_ps(x1), 0xdd));
  __m256i f = _mm256_add_epi32(_mm256_and_si256(_mm256_slli_epi32(h, 3), _mm256_set1_epi32(0xffffff)), _mm256_set1_epi32(0x3f000000));
  __m256i r = _mm256_castps_si256(_mm256_div_ps(f_all(1), f_root(_mm256_castsi256_ps(f))));
  __m256i e = _mm256_and_si256(_mm256_srli_epi32(h, 1), _mm256_set1_epi32(0x7ff00000));
  __m256i y = _mm256_sub_epi32(_mm256_add_epi32(_mm256_srli_epi32(r, 3), _mm256_set1_epi32(0x57f << 20)), e);
  *y0 = _mm256_castsi256_pd(_mm256_unpacklo_epi32(_mm256_setzero_si256(), y));
  *y1 = _mm256_castsi256_pd(_mm256_unpackhi_epi32(_mm256_setzero_si256(), y));
}
#else
HD_FN void d_seeds(d_lanes x0, d_lanes x1, d_lanes *y0, d_lanes *y1) {
  __m128i h = _mm_castps_si128(_mm_shuffle_ps(_mm_castpd_ps(x0), _mm_castpd_ps(x1), 0xdd));
  __m128i f = _mm_add_epi32(_mm_and_si128(_mm_slli_epi32(h, 3), _mm_set1_epi32(0xffffff)), _mm_set1_epi32(0x3f000000));
  __m128i r = _mm_castps_si128(_mm_div_ps(f_all(1), f_root(_mm_castsi128_ps(f))));
  __m128i e = _mm_and_si128(_mm_srli_epi32(h, 1), _mm_set1_epi32(0x7ff00000));
  __m128i y = _mm_sub_epi32(_mm_add_epi32(_mm_srli_epi32(r, 3), _mm_set1_epi32(0x57f << 20)), e);
  *y0 = _mm_castsi128_pd(_mm_unpacklo_epi32(_mm_setzero_si128(), y));
  *y1 = _mm_castsi128_pd(_mm_unpackhi_epi32(_mm_setzero_si128(), y));
}
#endif

/* 1 / sqrt(x): hd_rsqrt and hd_rsqrtf. */
HD_FN d_lanes d_rsqrt(d_lanes x) {
  d_lanes y = d_seed(x), one = d_all(1.0), half = d_all(0.5), c2 = d_all(0.375), c3 = d_all(0.3125);
  d_lanes e = d_fnma(x * y, y, one);
  y = d_fma(y * e, d_fma(e, d_fma(e, c3, c2), half), y);
  e = d_fnma(x * y, y, one);
  return d_fma(y * e, d_fma(e, d_fma(e, c3, c2), half), y);
}
HD_FN f_lanes f_rsqrt(f_lanes x) {
  f_lanes y = f_seed(x), one = f_all(1.0f), half = f_all(0.5f), c2 = f_all(0.375f), c3 = f_all(0.3125f);
  f_lanes e = f_fnma(x * y, y, one);
  y = f_fma(y * e, f_fma(e, f_fma(e, c3, c2), half), y);
  return f_fma(half * y, f_fnma(x * y, y, one), y);
}
/* clang-format on */

#endif
