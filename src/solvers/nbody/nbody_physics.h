/* Pointwise physics of the galaxy: what one term of a potential does at one point. Host and device, no libm, no globals;
 * the lanes of potential_lanes.h repeat these operations one by one, so that all give the same bits.
 *
 *   s = r^2/scale^2, u = sqrt(s)
 *   nfw       F(s) = [ln(1+u) - u/(1+u)]/u^3             cutoff   F(s) = P(p, s)/s^(3/2)         a = -(G M/scale^3) F x
 *   spheroid  rho(w) = u^-alpha (1+u)^(alpha-beta),      w = m^2/scale^2
 *
 * Equations: section 3.3 of the specification, README.md.
 */
#ifndef NBODY_PHYSICS_H
#define NBODY_PHYSICS_H

#include "heddle/math.h"
#include "solvers/nbody/potential_terms.h"

#if defined __CUDACC__
#define NBODY_FAR HD_FN
#else
#define NBODY_FAR static __attribute__((noinline, unused)) /* rare: kept out of the loops */
#endif

#define NBODY_SMALLEST 0x1p-600   /* of squared lengths: a force of 0 at the very centre, not 0/0 */

HD_FN double nbody_square(double x, double y, double z) { return hd_fma(z, z, hd_fma(y, y, x * x)); }

/* ---- tables ------------------------------------------------------------------------------------------------------ */

/* c[0] + c[1] x + .. + c[7] x^7, |x| <= 1/64, with little to wait for and one rounding that counts. */
HD_FN double nbody_polynomial(const double *c, double x) {
  double xx = x * x;
  double top = hd_fma(xx, c[7], hd_fma(x, c[6], c[5]));
  double rest = hd_fma(xx, hd_fma(xx, top, hd_fma(x, c[4], c[3])), hd_fma(x, c[2], c[1]));
  return hd_fma(x, rest, c[0]);
}

/* s within the table. */
HD_FN double nbody_table_at(const nbody_table *t, double s) {
  uint64_t u = hd_bits_of(s);
  double x = hd_of_bits((u & 0x00007fffffffffffu) | 0x3ff0000000000000u) - 1.015625;
  return nbody_polynomial(t->row + NBODY_ROW * ((int64_t)(u >> 47) - t->first), x);
}

HD_FN bool nbody_table_holds(const nbody_table *t, double s) { return (s >= t->least) & (s < t->beyond); }

/* ---- the functions themselves, where no table reaches ------------------------------------------------------------- */

/* F of nfw. With w = u/(1+u) it is [-ln(1-w) - w]/u^3 = (w^2/2 + w^3/3 + ..)/u^3: nothing cancels. */
HD_FN double nbody_nfw_shape(double s) {
  double u = hd_sqrt(s), w = u / (1 + u), sum = 0;
  if (u > 1) return (hd_log1p(u) - w) / (u * s);
  for (int k = 56; k >= 2; k--) sum = hd_fma(sum, w, 1.0 / k);
  return sum * w * w / (u * s);
}

/* P(p, s), regularised lower incomplete gamma function; norm = 1/Gamma(p). Series below p + 1, continued fraction above
 * (Abramowitz, Stegun 6.5.29, 6.5.31). */
HD_FN double nbody_gamma_p(double p, double norm, double s) {
  double front = norm * hd_exp(-s) * hd_pow(s, p);
  if (s < p + 1) {
    double term = 1 / p, sum = term;
    for (int k = 1; k < 200 && term > 0x1p-60 * sum; k++) sum += term *= s / (p + k);
    return front * sum;
  }
  if (s > 700) return 1;
  double b = s + 1 - p, c = 0x1p300, d = 1 / b, h = d;
  for (int k = 1; k < 500; k++) {
    double a = -k * (k - p);
    b += 2;
    d = 1 / hd_fma(a, d, b);
    c = b + a / c;
    h *= c * d;
    if (hd_abs(c * d - 1) < 0x1p-52) break;
  }
  return 1 - front * h;
}

HD_FN double nbody_cutoff_shape(double p, double norm, double s) {
  if (s < 0x1p-30) return norm / p * hd_pow(s, p - 1.5) * (1 - p * s / (p + 1));
  return nbody_gamma_p(p, norm, s) / (s * hd_sqrt(s));
}

HD_FN double nbody_spheroid_shape(double alpha, double beta, double w) {
  double u = hd_sqrt(w);
  return hd_pow(u, -alpha) * hd_pow(1 + u, alpha - beta);
}

/* What the energy table of a spheroid becomes far out: the integral of rho from w on by powers of 1/u. */
HD_FN double nbody_spheroid_tail(double alpha, double beta, double w) {
  double u = hd_sqrt(w), g = alpha - beta;
  return 2 * hd_pow(u, 2 - beta) * (1 / (beta - 2) + g / u * (1 / (beta - 1) + (g - 1) / (2 * beta * u)));
}

/* The function of a term's force table where the table does not reach; at any s. */
NBODY_FAR double nbody_shape_far(const nbody_term *t, double s) {
  if (t->kind == NBODY_TERM_NFW) return nbody_nfw_shape(hd_larger(s, NBODY_SMALLEST));
  if (t->kind == NBODY_TERM_CUTOFF) return nbody_cutoff_shape(t->p, t->norm, hd_larger(s, NBODY_SMALLEST));
  return nbody_spheroid_shape(t->alpha, t->beta, hd_larger(s, NBODY_SMALLEST));
}

HD_FN double nbody_shape(const nbody_term *t, double s) {
  return nbody_table_holds(&t->force, s) ? nbody_table_at(&t->force, s) : nbody_shape_far(t, s);
}

/* The integral of that function from s to infinity: below the table it goes on as `slope` s^(power - 1). */
NBODY_FAR double nbody_energy_shape_far(const nbody_term *t, double s) {
  if (!(s < t->energy.least)) /* NaN too */
    return t->kind == NBODY_TERM_CUTOFF ? 2 / hd_sqrt(s) : nbody_spheroid_tail(t->alpha, t->beta, s);
  double log = hd_log(hd_larger(s, NBODY_SMALLEST) / t->energy.least);
  double gain = t->power == 0 ? log : hd_pow(t->energy.least, t->power) * hd_expm1(t->power * log) / t->power;
  return t->innermost - t->slope * gain;
}

HD_FN double nbody_energy_shape(const nbody_term *t, double s) {
  return nbody_table_holds(&t->energy, s) ? nbody_table_at(&t->energy, s) : nbody_energy_shape_far(t, s);
}

/* ---- acceleration ------------------------------------------------------------------------------------------------ */

/* Adds the acceleration of a term at (x, y, z). */
HD_FN void nbody_term_acceleration(const nbody_term *t, double x, double y, double z, double a[3]) {
  double r2 = nbody_square(x, y, z), k, kz;
  switch (t->kind) {
    case NBODY_TERM_NFW:
    case NBODY_TERM_CUTOFF: kz = k = -t->strength * nbody_shape(t, r2 * t->per_scale2); break;
    case NBODY_TERM_POINT: {
      double i = hd_rsqrt(hd_larger(r2, NBODY_SMALLEST));
      kz = k = -t->strength * (i * i * i);
      break;
    }
    case NBODY_TERM_DISK: {
      double b2 = hd_fma(z, z, t->b * t->b), per_zb = hd_rsqrt(b2), h = hd_fma(b2, per_zb, t->a);
      double i = hd_rsqrt(hd_fma(h, h, hd_fma(y, y, x * x)));
      k = -t->strength * (i * i * i);
      kz = k * (h * per_zb);
      break;
    }
    case NBODY_TERM_LOGARITHMIC: {
      double d = hd_fma(z * z, t->per_scale2, hd_fma(y, y, hd_fma(x, x, t->a)));
      k = -t->strength / hd_larger(d, NBODY_SMALLEST);
      kz = k * t->per_scale2;
      break;
    }
    default: {
      const nbody_shells *n = t->shells;
      double x2 = x * x * t->per_scale2, y2 = y * y * t->per_scale2, z2 = z * z * t->per_scale2, ix = 0, iy = 0, iz = 0;
      for (int j = 0; j < NBODY_NODES; j++) {
        double w = n->s2[j] * hd_fma(z2, n->b[j], hd_fma(y2, n->a[j], x2)), rho = n->force[j] * nbody_shape(t, w);
        ix += rho;
        iy = hd_fma(rho, n->a[j], iy);
        iz = hd_fma(rho, n->b[j], iz);
      }
      a[0] = hd_fma(-t->strength * ix, x, a[0]);
      a[1] = hd_fma(-t->strength * iy, y, a[1]);
      a[2] = hd_fma(-t->strength * iz, z, a[2]);
      return;
    }
  }
  a[0] = hd_fma(k, x, a[0]);
  a[1] = hd_fma(k, y, a[1]);
  a[2] = hd_fma(kz, z, a[2]);
}

/* ---- potential --------------------------------------------------------------------------------------------------- */

/* Of a spheroid: the integral of Psi dT, T(s) = integral of 1/sqrt(AB), by parts: Psi T at the end + that of T rho dm^2. */
NBODY_FAR double nbody_spheroid_potential(const nbody_term *t, double x, double y, double z) {
  const nbody_shells *n = t->shells;
  double x2 = x * x * t->per_scale2, y2 = y * y * t->per_scale2, z2 = z * z * t->per_scale2;
  double sum = n->whole * nbody_energy_shape(t, hd_fma(z2, n->b1, hd_fma(y2, n->a1, x2)));
  for (int j = 0; j < NBODY_NODES; j++) {
    double a = n->a[j], b = n->b[j], w = n->s2[j] * hd_fma(z2, b, hd_fma(y2, a, x2));
    sum = hd_fma(n->inner[j] * nbody_shape(t, w), hd_fma(z2, b * b, hd_fma(y2, a * a, x2)), sum);
  }
  return -t->depth * sum;
}

/* kind is that of t; a number where a loop over points is to be fast. */
HD_FN double nbody_term_potential(const nbody_term *t, nbody_term_kind kind, double x, double y, double z) {
  double r2 = nbody_square(x, y, z);
  switch (kind) {
    case NBODY_TERM_NFW: {
      double u = hd_sqrt(hd_larger(r2 * t->per_scale2, NBODY_SMALLEST));
      return -t->depth * (hd_log1p(u) / u);
    }
    case NBODY_TERM_CUTOFF: return -t->depth * nbody_energy_shape(t, r2 * t->per_scale2);
    case NBODY_TERM_POINT: return -t->depth * hd_rsqrt(hd_larger(r2, NBODY_SMALLEST));
    case NBODY_TERM_DISK: {
      double h = t->a + hd_sqrt(hd_fma(z, z, t->b * t->b));
      return -t->depth * hd_rsqrt(hd_larger(hd_fma(h, h, hd_fma(y, y, x * x)), NBODY_SMALLEST));
    }
    case NBODY_TERM_LOGARITHMIC: {
      double d = hd_fma(z * z, t->per_scale2, hd_fma(y, y, hd_fma(x, x, t->a)));
      return t->depth * hd_log(hd_larger(d * t->b, NBODY_SMALLEST));
    }
    default: return nbody_spheroid_potential(t, x, y, z);
  }
}

/* ---- tidal tensor ------------------------------------------------------------------------------------------------ */

/* 4 pi rho r_c^3/M of the cutoff, 4 pi rho r_s^3/M of nfw at s. */
HD_FN double nbody_round_density(const nbody_term *t, double s) {
  if (t->kind == NBODY_TERM_POINT) return 0;
  double u = hd_sqrt(s), w = 1 + u;
  if (t->kind == NBODY_TERM_NFW) return 1 / (u * w * w);
  return 2 * t->norm * hd_pow(u, -t->alpha) * hd_exp(-s);
}

/* Adds H = da_i/dx_j in the order xx, xy, xz, yy, yz, zz. */
HD_FN void nbody_term_tide(const nbody_term *t, double x, double y, double z, double H[6]) {
  double own[3], cross, r2 = nbody_square(x, y, z), d[3] = {x, y, z};
  switch (t->kind) {
    case NBODY_TERM_DISK: {
      double zb = hd_sqrt(hd_fma(z, z, t->b * t->b)), h = t->a + zb, i2 = 1 / hd_fma(h, h, hd_fma(y, y, x * x));
      double K = -t->strength * i2 * hd_sqrt(i2), J = -3 * K * i2, ratio = h / zb;
      own[0] = own[1] = K;
      own[2] = K * (1 + t->a * t->b * t->b / (zb * zb * zb));
      cross = J;
      d[2] = z * ratio;
      break;
    }
    case NBODY_TERM_LOGARITHMIC: {
      double D = hd_fma(z * z, t->per_scale2, hd_fma(y, y, hd_fma(x, x, t->a)));
      own[0] = own[1] = -t->strength / D;
      own[2] = own[0] * t->per_scale2;
      cross = 2 * t->strength / (D * D);
      d[2] = z * t->per_scale2;
      break;
    }
    case NBODY_TERM_SPHEROID: {
      const nbody_shells *n = t->shells;
      double x2 = x * x * t->per_scale2, y2 = y * y * t->per_scale2, z2 = z * z * t->per_scale2;
      double sum[3] = {0}, slope[6] = {0};
      for (int j = 0; j < NBODY_NODES; j++) {
        double f[3] = {1, n->a[j], n->b[j]}, w = n->s2[j] * hd_fma(z2, f[2], hd_fma(y2, f[1], x2)), u = hd_sqrt(w);
        double rho = n->force[j] * nbody_shape(t, w), more = -rho * (t->alpha + t->beta * u) / (w * (1 + u)) * n->s2[j];
        for (int i = 0, m = 0; i < 3; i++) {
          sum[i] += rho * f[i];
          for (int k = i; k < 3; k++) slope[m++] += more * f[i] * f[k];
        }
      }
      for (int i = 0, m = 0; i < 3; i++) {
        H[m] -= t->strength * sum[i];
        for (int k = i; k < 3; k++, m++) H[m] -= t->strength * t->per_scale2 * slope[m] * d[i] * d[k];
      }
      return;
    }
    default: { /* spherical: H = -f I + (3 f - 4 pi G rho) x x/r^2 */
      double s = r2 * t->per_scale2, f, i = hd_rsqrt(hd_larger(r2, NBODY_SMALLEST));
      f = t->kind == NBODY_TERM_POINT ? t->strength * (i * i * i) : t->strength * nbody_shape(t, s);
      own[0] = own[1] = own[2] = -f;
      cross = (3 * f - t->strength * nbody_round_density(t, s)) / r2;
    }
  }
  for (int i = 0, m = 0; i < 3; i++) {
    H[m] += own[i];
    for (int k = i; k < 3; k++, m++) H[m] = hd_fma(cross * d[i], d[k], H[m]);
  }
}

#endif
