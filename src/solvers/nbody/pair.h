/* The direct sum over pairs (section 4.1 of the solver's notes), without G:
 *
 *   a_i = sum_{j != i} m_j d (|d|^2 + eps^2)^-3/2,  p_i = sum_{j != i} m_j (|d|^2 + eps^2)^-1/2,  d = x_j - x_i
 *
 * Every pair is computed once and serves both of its bodies. Bodies are cut into tiles of 256; `round` r lets tile I meet
 * tile J = (I + r) modulo their number, I as the owner, J as the partner. In one round no tile is owner twice or partner
 * twice, so its tasks run side by side, each writing a place of its own: `owner` of tile I and `partner` of tile J. Round 0
 * is each tile with itself. The rounds follow one another:
 *
 *   for (round = 0; round < nbody_pair_rounds(n); round++)
 *     for (I = 0; I < nbody_pair_tasks(n, round); I++)        in any order, on any thread
 *       nbody_pair_double(&bodies, eps, round, I, &sums);
 *
 * and then the sums of body i are owner[k][i] + partner[k][i].
 *
 * Canonical order, of body i in tile T, of each sum: what it gathers from one tile begins at zero.
 *   owner:   from tiles T, T+1, .. T + rounds - 1 (as far as T is owner there), added in this order. In each, its partners by
 *            number modulo 8 (float: 16) in as many sums, in the order of their numbers; these by halves,
 *            ((0+4)+(2+6)) + ((1+5)+(3+7)). In its own tile the partners are those of its eight (sixteen) and all behind them.
 *   partner: from its own tile, then T-1, T-2, .., added in this order; in each, owners in the order of their numbers. In
 *            its own tile they are those before its eight (sixteen).
 * So the sums of a few bodies can be had alone, by one-sided loops over all tiles. Nothing else shapes a sum; what has no mass adds
 * exactly nothing, and is left out where a whole tile has none.
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

/* ax, ay, az, p, each [n]; p NULL in both: not wanted. Nothing needs to be cleared before round 0. */
typedef struct nbody_sums {
  double *owner[4], *partner[4];
} nbody_sums;

int64_t nbody_pair_tiles(int64_t n);
int64_t nbody_pair_rounds(int64_t n);
int64_t nbody_pair_tasks(int64_t n, int64_t round);

/* Task `tile` of a round. */
HD_ISA_DECLARE(void, nbody_pair_double, (const d_sources *s, double eps, int64_t round, int64_t tile, const nbody_sums *out));
HD_ISA_DECLARE(void, nbody_pair_single, (const f_sources *s, double eps, int64_t round, int64_t tile, const nbody_sums *out));

#endif
