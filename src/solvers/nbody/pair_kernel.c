/* The pair force: targets in lanes, sources one by one. 1/s^3 by the reciprocal root of heddle/math.h, which keeps the units for
 * products busy; for 8 targets of each 32 (in float 16 of 64), chosen by their number, by the processor's root and division,
 * which have a unit of their own beside them. */
#include "base/isa.h"
#include "solvers/nbody/pair.h"
#include "solvers/nbody/pair_lanes.h"

#include <string.h>

enum { TILE = NBODY_TILE };

#define REAL double
#define N(name) d_##name
#define LANES D_LANES
#define ROWS D_ROWS
#define UNIT 8
#include "solvers/nbody/pair_loop.h"
#undef REAL
#undef N
#undef LANES
#undef ROWS
#undef UNIT

#define REAL float
#define N(name) f_##name
#define LANES F_LANES
#define ROWS F_ROWS
#define UNIT 16
#include "solvers/nbody/pair_loop.h"

static void clear(int64_t count, double *out) {
  for (int k = 0; k < 4; k++) memset(out + k * TILE, 0, (size_t)count * sizeof(double));
}

void HD_ISA(nbody_pair_double)(const d_sources *s, double eps, int64_t first, int64_t count, bool potential,
                               double *out) {
  clear(count, out);
  if (potential) d_block(s, eps * eps, first, count, true, out);
  else d_block(s, eps * eps, first, count, false, out);
}

void HD_ISA(nbody_pair_single)(const f_sources *s, double eps, int64_t first, int64_t count, bool potential,
                               double *out) {
  clear(count, out);
  if (potential) f_block(s, (float)(eps * eps), first, count, true, out);
  else f_block(s, (float)(eps * eps), first, count, false, out);
}
