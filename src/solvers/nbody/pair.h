/* The direct sum over pairs (section 4.1 of the solver's notes), without G:
 *
 *   a_i = sum_{j != i} m_j d (|d|^2 + eps^2)^-3/2,  p_i = sum_{j != i} m_j (|d|^2 + eps^2)^-1/2,  d = x_j - x_i
 *
 * Canonical order: each target adds its sources in the order of their numbers inside tiles of 256, from zero in each tile;
 * the tiles' sums are added in their order to a second accumulator in double. Nothing else shapes the sum.
 */
#ifndef NBODY_PAIR_H
#define NBODY_PAIR_H

#include "base/isa.h"

#include <stdbool.h>
#include <stdint.h>

enum { NBODY_TILE = 256 };

typedef struct d_sources {
  int64_t n;
  const double *x, *y, *z, *m;
  const bool *empty;                        /* [tile]: it has no mass; NULL: look at all of them */
} d_sources;

/* Positions relative to a centre, rounded to float. */
typedef struct f_sources {
  int64_t n;
  const float *x, *y, *z, *m;
  const bool *empty;
} f_sources;

/* Targets first .. first + count - 1 (first a multiple of 256, count <= 256) from all sources. out: [4][256]: ax, ay, az and,
 * if `potential`, p. */
HD_ISA_DECLARE(void, nbody_pair_double, (const d_sources *s, double eps, int64_t first, int64_t count, bool potential, double *out));
HD_ISA_DECLARE(void, nbody_pair_single, (const f_sources *s, double eps, int64_t first, int64_t count, bool potential, double *out));

#endif
