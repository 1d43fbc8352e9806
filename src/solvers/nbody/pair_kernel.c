/* The pair force: two tiles meet. A few owners at a time, their partners in lanes, eight (float: sixteen) after eight; the weight
 * of a pair is computed once and added to sums of both. Owners' sums stay in registers, partners' in the first cache.
 *
 * s^-3 in double: 1/sqrt(f) of the leading 20 bits of s^2 by the float root and division of the processor, which are correctly
 * rounded, have a unit of their own and take 16 lanes at once; as y of 20 bits back in double, then
 *
 *   s^-3 = y^3 (1 - e)^(-3/2) = 15/8 y^3 [(e + 2/5)^2 + 28/75] + O(2.2 e^3),   e = 1 - s^2 y^2,  |e| < 2^-19
 *
 * where 15/8 waits until a tile's sum is added: 5 products instead of 14, error of the sum's size times 2^-52. The exponent travels in
 * integers, so the range is that of double. In float: 1 / (s^2 sqrt(s^2)) by the processor.
 *
 * Root and division take long, so they are begun AHEAD eights before their result is needed, and wait in a small ring; coordinate
 * differences are computed again, which is cheaper than keeping them. s^2 is at least 2^-680 (float 2^-80): whatever has no mass
 * then adds 0, also where two bodies are at one place.
 */
#include "base/isa.h"
#include "solvers/nbody/pair.h"
#include "solvers/nbody/pair_lanes.h"

#include <string.h>

enum { TILE = NBODY_TILE, AHEAD = 3, SLOTS = 4 };

#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

/* ---- double ------------------------------------------------------------------------------------------------------ */

/* Of two vectors of s^2, what is computed ahead: y. */
HD_FN void d_begin(d_lanes s0, d_lanes s1, d_lanes *y0, d_lanes *y1) { d_seeds(s0, s1, y0, y1); }

/* s^-3 * 8/15, and from its t = e + 2/5 the potential's s^-1 * 8/3 = y [(e + 2/3)^2 + 20/9]. */
HD_FN d_lanes d_weigh(d_lanes s2, d_lanes y, bool potential, d_lanes *near) {
  d_lanes y2 = y * y, t = d_fnma(s2, y2, d_all(1.4)), e = t + d_all(4.0 / 15);
  if (potential) *near = y * d_fma(e, e, d_all(20.0 / 9));
  return (y2 * y) * d_fma(t, t, d_all(28.0 / 75));
}

#define REAL double
#define N(name) d_##name
#define UNIT 8
#define LANES D_LANES
#define ROWS D_ROWS
#define SCALE                                                                                                          \
  { 1.875, 1.875, 1.875, 0.375 }
#define SMALLEST 0x1p-680
#define KEEPS_S2 true
#include "solvers/nbody/pair_loop.h"
#undef REAL
#undef N
#undef UNIT
#undef LANES
#undef ROWS
#undef SCALE
#undef SMALLEST
#undef KEEPS_S2

/* ---- float ------------------------------------------------------------------------------------------------------- */

HD_FN void f_begin(f_lanes s0, f_lanes s1, f_lanes *w0, f_lanes *w1) {
  *w0 = f_all(1) / (s0 * f_root(s0));
  *w1 = f_all(1) / (s1 * f_root(s1));
}
HD_FN f_lanes f_weigh(f_lanes s2, f_lanes w, bool potential, f_lanes *near) {
  if (potential) *near = w * s2;
  return w;
}

#define REAL float
#define N(name) f_##name
#define UNIT 16
#define LANES F_LANES
#define ROWS F_ROWS
#define SCALE                                                                                                          \
  { 1, 1, 1, 1 }
#define SMALLEST 0x1p-80f
#define KEEPS_S2 false
#include "solvers/nbody/pair_loop.h"

void HD_ISA(nbody_pair_double)(const d_sources *s, double eps, int64_t round, int64_t tile, const nbody_sums *out) {
  d_task(s, eps * eps, round, tile, out);
}

void HD_ISA(nbody_pair_single)(const f_sources *s, double eps, int64_t round, int64_t tile, const nbody_sums *out) {
  f_task(s, (float)(eps * eps), round, tile, out);
}
