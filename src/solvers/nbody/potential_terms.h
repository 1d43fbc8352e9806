/* What the kernels know of a galaxy: a few kinds of terms, and functions of r^2 as tables.
 *
 * A table holds a positive smooth function of s > 0 to relative precision: each octave of s is cut into 32 bins, found from
 * the exponent and five bits of the mantissa; in each bin stands a polynomial of degree 7 in x = mantissa - middle, exact,
 * |x| <= 1/64. Of what goes like s^q it is off by at most 2 binomial(q, 8) 130^-8: 8e-17 for q = -3/2.
 * A row is one cache line, so that lanes fetch rows and transpose them in registers.
 */
#ifndef NBODY_POTENTIAL_TERMS_H
#define NBODY_POTENTIAL_TERMS_H

#include <stdint.h>

enum { NBODY_ROW = 8, NBODY_NODES = 50 };

typedef struct nbody_table {
  const double *row;     /* [bins][NBODY_ROW], the constant first */
  int64_t first, bins;   /* bits(s) >> 47 of the first bin */
  double  least, beyond; /* holds for least <= s < beyond, both powers of 2 */
} nbody_table;

typedef enum nbody_term_kind {
  NBODY_TERM_POINT, NBODY_TERM_NFW, NBODY_TERM_CUTOFF, NBODY_TERM_DISK, NBODY_TERM_LOGARITHMIC, NBODY_TERM_SPHEROID
} nbody_term_kind;

/* Quadrature over nested ellipsoids, of two_power and triaxial_nfw: the nodes s of Gauss-Jacobi for the weight s^(2-alpha). */
typedef struct nbody_shells {
  double s2[NBODY_NODES];                       /* s^2 */
  double a[NBODY_NODES], b[NBODY_NODES];        /* 1/A, 1/B there */
  double force[NBODY_NODES], inner[NBODY_NODES];/* weights of rho: s^2/sqrt(AB); 2 s T(s), T(s) = int_0^s of 1/sqrt(AB) */
  double whole, a1, b1;                         /* T, 1/A, 1/B at s = 1 */
} nbody_shells;

typedef struct nbody_term {
  nbody_term_kind kind;
  double strength, depth;        /* factors of acceleration and potential:
                                    point, disk: G M both; nfw, cutoff: G M/scale^3; G M/scale, of cutoff half of it;
                                    logarithmic: v0^2, half of it; spheroid: 4 pi G rho0 b c; scale^2/2 times that */
  double per_scale2;             /* 1/scale^2; logarithmic: 1/flattening^2 */
  double a, b;                   /* disk; logarithmic: core_radius^2 and 1/kpc^2 */
  double alpha, beta, p, norm;   /* cutoff: p = (3 - alpha)/2, norm = 1/Gamma(p); spheroid: alpha, beta */
  double power, slope, innermost;/* of the energy table's function below its range, see nbody_energy_shape */
  nbody_table force, energy;
  const nbody_shells *shells;    /* spheroid */
} nbody_term;

#endif
