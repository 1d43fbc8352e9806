/* Lanes: as many doubles as a register of the level holds (2, 4, 8), for kernels that keep what they work on in registers.
 *
 * For kernel files (base/isa.h), compiled once per level. + - * / of two hd_lanes are written as such. Every lane gives
 * the bits that the same expression gives for one double at every level: what a kernel computes per cell does not depend
 * on the level, and sums over cells do not if they are stored into eight places by cell number first.
 */
#ifndef HD_BASE_LANES_H
#define HD_BASE_LANES_H

#include "heddle/math.h"

#include <immintrin.h>
#include <stdbool.h>

#if defined __AVX512DQ__ && defined __AVX512VL__

enum { HD_LANES = 8 };
typedef __m512d hd_lanes;
typedef __mmask8 hd_lane_mask; /* of each lane yes or no */

HD_FN hd_lanes     hd_lanes_load(const double *from) { return _mm512_loadu_pd(from); }
HD_FN void         hd_lanes_store(double *to, hd_lanes a) { _mm512_storeu_pd(to, a); }
HD_FN hd_lanes     hd_lanes_all(double x) { return _mm512_set1_pd(x); }
HD_FN hd_lanes     hd_lanes_larger(hd_lanes a, hd_lanes b) { return _mm512_max_pd(a, b); }
HD_FN hd_lanes     hd_lanes_smaller(hd_lanes a, hd_lanes b) { return _mm512_min_pd(a, b); }
HD_FN hd_lanes     hd_lanes_sqrt(hd_lanes a) { return _mm512_sqrt_pd(a); }
HD_FN hd_lane_mask hd_lanes_above(hd_lanes a, hd_lanes b) { return _mm512_cmp_pd_mask(a, b, _CMP_GT_OQ); }
HD_FN hd_lane_mask hd_lanes_equal(hd_lanes a, hd_lanes b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
HD_FN hd_lane_mask hd_mask_and(hd_lane_mask a, hd_lane_mask b) { return (hd_lane_mask)(a & b); }
HD_FN hd_lane_mask hd_mask_without(hd_lane_mask a, hd_lane_mask b) { return (hd_lane_mask)(a & ~b); }
HD_FN hd_lane_mask hd_mask_yes(void) { return 0xff; }
HD_FN bool         hd_mask_all(hd_lane_mask a) { return a == 0xff; }
HD_FN hd_lanes     hd_lanes_keep(hd_lane_mask m, hd_lanes a) { return _mm512_maskz_mov_pd(m, a); }
HD_FN hd_lanes hd_lanes_pick(hd_lane_mask m, hd_lanes yes, hd_lanes no) { return _mm512_mask_blend_pd(m, no, yes); }
HD_FN hd_lanes hd_lanes_next_(hd_lanes a, hd_lanes b) {
  return _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(b), _mm512_castpd_si512(a), 1));
}
HD_FN hd_lanes hd_lanes_before_(hd_lanes a, hd_lanes b) {
  return _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(b), _mm512_castpd_si512(a), 7));
}

#elif defined __AVX__

enum { HD_LANES = 4 };
typedef __m256d hd_lanes;
typedef __m256d hd_lane_mask;

HD_FN hd_lanes     hd_lanes_load(const double *from) { return _mm256_loadu_pd(from); }
HD_FN void         hd_lanes_store(double *to, hd_lanes a) { _mm256_storeu_pd(to, a); }
HD_FN hd_lanes     hd_lanes_all(double x) { return _mm256_set1_pd(x); }
HD_FN hd_lanes     hd_lanes_larger(hd_lanes a, hd_lanes b) { return _mm256_max_pd(a, b); }
HD_FN hd_lanes     hd_lanes_smaller(hd_lanes a, hd_lanes b) { return _mm256_min_pd(a, b); }
HD_FN hd_lanes     hd_lanes_sqrt(hd_lanes a) { return _mm256_sqrt_pd(a); }
HD_FN hd_lane_mask hd_lanes_above(hd_lanes a, hd_lanes b) { return _mm256_cmp_pd(a, b, _CMP_GT_OQ); }
HD_FN hd_lane_mask hd_lanes_equal(hd_lanes a, hd_lanes b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
HD_FN hd_lane_mask hd_mask_and(hd_lane_mask a, hd_lane_mask b) { return _mm256_and_pd(a, b); }
HD_FN hd_lane_mask hd_mask_without(hd_lane_mask a, hd_lane_mask b) { return _mm256_andnot_pd(b, a); }
HD_FN hd_lane_mask hd_mask_yes(void) { return _mm256_cmp_pd(_mm256_setzero_pd(), _mm256_setzero_pd(), _CMP_EQ_OQ); }
HD_FN bool         hd_mask_all(hd_lane_mask a) { return _mm256_movemask_pd(a) == 15; }
HD_FN hd_lanes     hd_lanes_keep(hd_lane_mask m, hd_lanes a) { return _mm256_and_pd(m, a); }
HD_FN hd_lanes hd_lanes_pick(hd_lane_mask m, hd_lanes yes, hd_lanes no) { return _mm256_blendv_pd(no, yes, m); }
HD_FN hd_lanes hd_lanes_next_(hd_lanes a, hd_lanes b) {
  return _mm256_shuffle_pd(a, _mm256_permute2f128_pd(a, b, 0x21), 5);
}
HD_FN hd_lanes hd_lanes_before_(hd_lanes a, hd_lanes b) {
  return _mm256_shuffle_pd(_mm256_permute2f128_pd(a, b, 0x21), b, 5);
}

#else

enum { HD_LANES = 2 };
typedef __m128d hd_lanes;
typedef __m128d hd_lane_mask;

HD_FN hd_lanes     hd_lanes_load(const double *from) { return _mm_loadu_pd(from); }
HD_FN void         hd_lanes_store(double *to, hd_lanes a) { _mm_storeu_pd(to, a); }
HD_FN hd_lanes     hd_lanes_all(double x) { return _mm_set1_pd(x); }
HD_FN hd_lanes     hd_lanes_larger(hd_lanes a, hd_lanes b) { return _mm_max_pd(a, b); }
HD_FN hd_lanes     hd_lanes_smaller(hd_lanes a, hd_lanes b) { return _mm_min_pd(a, b); }
HD_FN hd_lanes     hd_lanes_sqrt(hd_lanes a) { return _mm_sqrt_pd(a); }
HD_FN hd_lane_mask hd_lanes_above(hd_lanes a, hd_lanes b) { return _mm_cmpgt_pd(a, b); }
HD_FN hd_lane_mask hd_lanes_equal(hd_lanes a, hd_lanes b) { return _mm_cmpeq_pd(a, b); }
HD_FN hd_lane_mask hd_mask_and(hd_lane_mask a, hd_lane_mask b) { return _mm_and_pd(a, b); }
HD_FN hd_lane_mask hd_mask_without(hd_lane_mask a, hd_lane_mask b) { return _mm_andnot_pd(b, a); }
HD_FN hd_lane_mask hd_mask_yes(void) { return _mm_cmpeq_pd(_mm_setzero_pd(), _mm_setzero_pd()); }
HD_FN bool         hd_mask_all(hd_lane_mask a) { return _mm_movemask_pd(a) == 3; }
HD_FN hd_lanes     hd_lanes_keep(hd_lane_mask m, hd_lanes a) { return _mm_and_pd(m, a); }
HD_FN hd_lanes     hd_lanes_pick(hd_lane_mask m, hd_lanes yes, hd_lanes no) {
  return _mm_or_pd(_mm_and_pd(m, yes), _mm_andnot_pd(m, no));
}
HD_FN hd_lanes hd_lanes_next_(hd_lanes a, hd_lanes b) { return _mm_shuffle_pd(a, b, 1); }
HD_FN hd_lanes hd_lanes_before_(hd_lanes a, hd_lanes b) { return _mm_shuffle_pd(a, b, 1); }

#endif

/* Of two neighbours a, b in a row: for each cell of a the cell right of it; for each cell of b the cell left of it. */
HD_FN hd_lanes hd_lanes_right(hd_lanes a, hd_lanes b) { return hd_lanes_next_(a, b); }
HD_FN hd_lanes hd_lanes_left(hd_lanes a, hd_lanes b) { return hd_lanes_before_(a, b); }

/* The lanes from .. to - 1 (as far as they exist), and reading one: not for the hot path. */
HD_FN hd_lane_mask hd_mask_range(int64_t from, int64_t to) {
  double t[HD_LANES];
  for (int i = 0; i < HD_LANES; i++) t[i] = i >= from && i < to;
  return hd_lanes_above(hd_lanes_load(t), hd_lanes_all(0));
}

HD_FN double hd_lanes_at(hd_lanes a, int lane) {
  double t[HD_LANES];
  hd_lanes_store(t, a);
  return t[lane];
}

#endif
