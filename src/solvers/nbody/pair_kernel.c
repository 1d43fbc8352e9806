/* The pair force: targets in lanes, sources one by one; 1/s by the reciprocal root of heddle/math.h. */
#include "base/isa.h"
#include "solvers/nbody/pair.h"
#include "solvers/nbody/pair_lanes.h"

#include <string.h>

enum { TILE = NBODY_TILE };

#define REAL double
#define N(name) d_##name
#define LANES D_LANES
#define ROWS D_ROWS
#include "solvers/nbody/pair_loop.h"
#undef REAL
#undef N
#undef LANES
#undef ROWS

#define REAL float
#define N(name) f_##name
#define LANES F_LANES
#define ROWS F_ROWS
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
