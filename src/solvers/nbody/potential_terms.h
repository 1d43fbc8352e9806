/* What the kernels know of a galaxy: a few kinds of terms, and functions of r^2 as tables.
 *
 * A table holds a positive smooth function of s > 0 to relative precision: each octave of s is cut into 16 bins, found from
 * the exponent and four bits of the mantissa; in each bin stands a polynomial of degree 7 in x = mantissa - middle, exact,
 * |x| <= 1/32. For what goes like a power of s the error is some 66^-8 binomial(p, 8), below 1e-16 for the powers met here.
 * A row is one cache line, so that lanes fetch rows and transpose them in registers.
 */
#ifndef NBODY_POTENTIAL_TERMS_H
#define NBODY_POTENTIAL_TERMS_H

#include <stdint.h>

enum { NBODY_ROW = 8, NBODY_NODES = 50 };

typedef struct nbody_table {
  const double *row;     /* [bins][NBODY_ROW], the constant first */
  int64_t first, bins;   /* bits of the first bin: bits(s) >> 48 */
  double  least, beyond; /* holds for least <= s < beyond, both powers of 2 */
} nbody_table;

typedef enum nbody_term_kind {
  NBODY_TERM_POINT, NBODY_TERM_NFW, NBODY_TERM_CUTOFF, NBODY_TERM_DISK, NBODY_TERM_LOGARITHMIC, NBODY_TERM_SPHEROID
} nbody_term_kind;

/* Quadrature over nested ellipsoids, two_power and triaxial_nfw. */
typedef struct nbody_shells {
  double s2[NBODY_NODES];        /* s^2 of the nodes */
  double a[NBODY_NODES], b[NBODY_NODES];                        /* 1/A, 1/B there */
  double force[NBODY_NODES];     /* weight s^2/sqrt(AB) of rho */
  double inner[NBODY_NODES];     /* weight 2 s T(s) of rho, T(s) = integral from 0 to s of 1/sqrt(AB) */
  double whole;                  /* T(1) */
  double a1, b1;                 /* 1/A, 1/B at s = 1 */
  double alpha, beta;
} nbody_shells;

typedef struct nbody_term {
  nbody_term_kind kind;
  double gm;                     /* G mass; logarithmic: speed^2; spheroid: G rho0 b c */
  double scale, per_scale2;      /* scale radius or cutoff radius; 1/scale^2; logarithmic: 1/flattening^2 in per_scale2 */
  double a, b;                   /* disk; logarithmic: core_radius^2 in a, 1/kpc^2 in b */
  double alpha, p, norm;         /* cutoff: alpha, (3 - alpha)/2, 1/Gamma(p) */
  double near[3];                /* cutoff: 1/Gamma(p + 1), Gamma'(1 + a)-like constant of W below the table, a = 1 - alpha/2 */
  nbody_table force, energy;     /* functions of s = r^2/scale^2, see potential_tables.c */
  const nbody_shells *shells;    /* spheroid */
} nbody_term;

#endif
