/* The accelerations of nbody_physics.h for HD_LANES points at once, operation by operation: the same bits. For kernel files
 * (base/isa.h). What costs is fetching rows of tables: one row per lane is loaded as a whole and transposed in registers.
 */
#ifndef NBODY_POTENTIAL_LANES_H
#define NBODY_POTENTIAL_LANES_H

#include "solvers/nbody/nbody_physics.h"
#include "solvers/nbody/pair_lanes.h"
#include "solvers/nbody/potential.h"

/* ---- what pair_lanes.h does not have ----------------------------------------------------------------------------- */

#if defined __AVX512DQ__ && defined __AVX512VL__

HD_FN hd_lanes nbody_minus(hd_lanes a) { return _mm512_xor_pd(a, _mm512_set1_pd(-0.0)); }
HD_FN hd_lanes nbody_mantissa(hd_lanes s, int64_t *bin) {
  __m512i u = _mm512_castpd_si512(s);
  _mm512_store_si512(bin, _mm512_srli_epi64(u, 47));
  u = _mm512_or_si512(_mm512_and_si512(u, _mm512_set1_epi64(0x00007fffffffffff)), _mm512_set1_epi64(0x3ff0000000000000));
  return _mm512_castsi512_pd(u);
}
HD_FN void nbody_rows(const double *const row[8], hd_lanes c[8]) {
  __m512d pair[8], four[8];
  for (int i = 0; i < 8; i += 2) {
    __m512d a = _mm512_loadu_pd(row[i]), b = _mm512_loadu_pd(row[i + 1]);
    pair[i] = _mm512_unpacklo_pd(a, b);
    pair[i + 1] = _mm512_unpackhi_pd(a, b);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int k = 0; k < 2; k++) {
      four[i + k] = _mm512_shuffle_f64x2(pair[i + k], pair[i + k + 2], 0x88);
      four[i + k + 2] = _mm512_shuffle_f64x2(pair[i + k], pair[i + k + 2], 0xdd);
    }
  }
  for (int k = 0; k < 4; k++) {
    __m512d even = _mm512_shuffle_f64x2(four[k], four[k + 4], 0x88), odd = _mm512_shuffle_f64x2(four[k], four[k + 4], 0xdd);
    c[k] = even;
    c[k + 4] = odd;
  }
}

#elif defined __AVX2__ && defined __FMA__

HD_FN hd_lanes nbody_minus(hd_lanes a) { return _mm256_xor_pd(a, _mm256_set1_pd(-0.0)); }
HD_FN hd_lanes nbody_mantissa(hd_lanes s, int64_t *bin) {
  __m256i u = _mm256_castpd_si256(s);
  _mm256_store_si256((__m256i *)bin, _mm256_srli_epi64(u, 47));
  u = _mm256_or_si256(_mm256_and_si256(u, _mm256_set1_epi64x(0x00007fffffffffff)), _mm256_set1_epi64x(0x3ff0000000000000));
  return _mm256_castsi256_pd(u);
}
HD_FN void nbody_rows(const double *const row[4], hd_lanes c[8]) {
  for (int half = 0; half < 2; half++) {
    __m256d r0 = _mm256_loadu_pd(row[0] + 4 * half), r1 = _mm256_loadu_pd(row[1] + 4 * half);
    __m256d r2 = _mm256_loadu_pd(row[2] + 4 * half), r3 = _mm256_loadu_pd(row[3] + 4 * half);
    __m256d a = _mm256_unpacklo_pd(r0, r1), b = _mm256_unpackhi_pd(r0, r1), d = _mm256_unpacklo_pd(r2, r3);
    __m256d e = _mm256_unpackhi_pd(r2, r3);
    c[4 * half] = _mm256_permute2f128_pd(a, d, 0x20);
    c[4 * half + 1] = _mm256_permute2f128_pd(b, e, 0x20);
    c[4 * half + 2] = _mm256_permute2f128_pd(a, d, 0x31);
    c[4 * half + 3] = _mm256_permute2f128_pd(b, e, 0x31);
  }
}

#else

HD_FN hd_lanes nbody_minus(hd_lanes a) { return _mm_xor_pd(a, _mm_set1_pd(-0.0)); }
HD_FN hd_lanes nbody_mantissa(hd_lanes s, int64_t *bin) {
  __m128i u = _mm_castpd_si128(s);
  _mm_store_si128((__m128i *)bin, _mm_srli_epi64(u, 47));
  u = _mm_or_si128(_mm_and_si128(u, _mm_set1_epi64x(0x00007fffffffffff)), _mm_set1_epi64x(0x3ff0000000000000));
  return _mm_castsi128_pd(u);
}
HD_FN void nbody_rows(const double *const row[2], hd_lanes c[8]) {
  for (int k = 0; k < 8; k += 2) {
    __m128d a = _mm_loadu_pd(row[0] + k), b = _mm_loadu_pd(row[1] + k);
    c[k] = _mm_unpacklo_pd(a, b);
    c[k + 1] = _mm_unpackhi_pd(a, b);
  }
}

#endif

/* ---- terms ------------------------------------------------------------------------------------------------------- */

static __attribute__((noinline, unused)) hd_lanes nbody_lanes_shape_far(const nbody_term *t, hd_lanes s, hd_lanes near) {
  double at[HD_LANES], f[HD_LANES];
  hd_lanes_store(at, s);
  hd_lanes_store(f, near);
  for (int i = 0; i < HD_LANES; i++)
    if (!nbody_table_holds(&t->force, at[i])) f[i] = nbody_shape_far(t, at[i]);
  return hd_lanes_load(f);
}

/* nbody_shape */
HD_FN hd_lanes nbody_lanes_shape(const nbody_term *t, hd_lanes s) {
  _Alignas(64) int64_t bin[HD_LANES];
  const double *row[HD_LANES];
  hd_lanes c[NBODY_ROW], last = hd_lanes_all(hd_of_bits(hd_bits_of(t->force.beyond) - 1));
  hd_lanes inside = hd_lanes_smaller(hd_lanes_larger(s, hd_lanes_all(t->force.least)), last);
  hd_lanes x = nbody_mantissa(inside, bin) - hd_lanes_all(1.015625);
  for (int i = 0; i < HD_LANES; i++) row[i] = t->force.row + NBODY_ROW * (bin[i] - t->force.first);
  nbody_rows(row, c);
  hd_lanes xx = x * x, top = d_fma(xx, c[7], d_fma(x, c[6], c[5]));
  hd_lanes rest = d_fma(xx, d_fma(xx, top, d_fma(x, c[4], c[3])), d_fma(x, c[2], c[1]));
  hd_lanes f = d_fma(x, rest, c[0]);
  return __builtin_expect(hd_mask_all(hd_lanes_equal(inside, s)), 1) ? f : nbody_lanes_shape_far(t, s, f);
}

static __attribute__((noinline, unused)) void nbody_lanes_spheroid(const nbody_term *t, hd_lanes x, hd_lanes y, hd_lanes z,
                                                                   hd_lanes a[3]) {
  const nbody_shells *n = t->shells;
  hd_lanes per = hd_lanes_all(t->per_scale2), x2 = x * x * per, y2 = y * y * per, z2 = z * z * per;
  hd_lanes ix = hd_lanes_all(0), iy = ix, iz = ix, strength = hd_lanes_all(-t->strength);
  for (int j = 0; j < NBODY_NODES; j++) {
    hd_lanes na = hd_lanes_all(n->a[j]), nb = hd_lanes_all(n->b[j]);
    hd_lanes w = hd_lanes_all(n->s2[j]) * d_fma(z2, nb, d_fma(y2, na, x2));
    hd_lanes rho = hd_lanes_all(n->force[j]) * nbody_lanes_shape(t, w);
    ix = ix + rho;
    iy = d_fma(rho, na, iy);
    iz = d_fma(rho, nb, iz);
  }
  a[0] = d_fma(strength * ix, x, a[0]);
  a[1] = d_fma(strength * iy, y, a[1]);
  a[2] = d_fma(strength * iz, z, a[2]);
}

/* nbody_term_acceleration */
HD_FN void nbody_lanes_term(const nbody_term *t, hd_lanes x, hd_lanes y, hd_lanes z, hd_lanes a[3]) {
  hd_lanes strength = hd_lanes_all(-t->strength), smallest = hd_lanes_all(NBODY_SMALLEST), k, kz;
  switch (t->kind) {
    case NBODY_TERM_NFW:
    case NBODY_TERM_CUTOFF: {
      hd_lanes r2 = d_fma(z, z, d_fma(y, y, x * x));
      kz = k = strength * nbody_lanes_shape(t, r2 * hd_lanes_all(t->per_scale2));
      break;
    }
    case NBODY_TERM_POINT: {
      hd_lanes i = d_rsqrt(hd_lanes_larger(d_fma(z, z, d_fma(y, y, x * x)), smallest));
      kz = k = strength * (i * i * i);
      break;
    }
    case NBODY_TERM_DISK: {
      hd_lanes b2 = d_fma(z, z, hd_lanes_all(t->b * t->b)), per_zb = d_rsqrt(b2);
      hd_lanes h = d_fma(b2, per_zb, hd_lanes_all(t->a)), i = d_rsqrt(d_fma(h, h, d_fma(y, y, x * x)));
      k = strength * (i * i * i);
      kz = k * (h * per_zb);
      break;
    }
    case NBODY_TERM_LOGARITHMIC: {
      hd_lanes flat = hd_lanes_all(t->per_scale2);
      hd_lanes d = d_fma(z * z, flat, d_fma(y, y, d_fma(x, x, hd_lanes_all(t->a))));
      k = strength / hd_lanes_larger(d, smallest);
      kz = k * flat;
      break;
    }
    default: nbody_lanes_spheroid(t, x, y, z, a); return;
  }
  a[0] = d_fma(k, x, a[0]);
  a[1] = d_fma(k, y, a[1]);
  a[2] = d_fma(kz, z, a[2]);
}

/* Adds the acceleration of all terms to a[3][groups]: several groups of lanes at once, so that none waits. */
HD_FN void nbody_lanes_accelerations(const nbody_potential *p, int groups, const hd_lanes (*x)[3], hd_lanes (*a)[3]) {
  for (int64_t k = 0; k < p->terms; k++)
    for (int g = 0; g < groups; g++) nbody_lanes_term(&p->term[k], x[g][0], x[g][1], x[g][2], a[g]);
}

#endif
