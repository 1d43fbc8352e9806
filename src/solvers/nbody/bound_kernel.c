/* Potentials of some bodies by some others: targets in lanes, sources one by one in the order of their numbers. */
#include "base/isa.h"
#include "heddle/math.h"
#include "solvers/nbody/bound.h"

static void add_source(int64_t count, const double *restrict x, const double *restrict y, const double *restrict z,
                       const double at[3], double m, double eps2, double *restrict out) {
  for (int64_t i = 0; i < count; i++) {
    double dx = at[0] - x[i], dy = at[1] - y[i], dz = at[2] - z[i];
    out[i] += m / hd_sqrt(dx * dx + dy * dy + dz * dz + eps2);
  }
}

void HD_ISA(nbody_pull)(const double *const x[3], const double *m, double eps, int64_t first, int64_t count,
                        int64_t from, int64_t to, double *out) {
  for (int64_t j = from; j < to; j++) {
    if (m[j] == 0) continue;
    const double at[3] = {x[0][j], x[1][j], x[2][j]};
    int64_t self = j - first;
    bool inside = self >= 0 && self < count;
    double before = inside ? out[self] : 0;
    add_source(count, x[0] + first, x[1] + first, x[2] + first, at, m[j], eps * eps, out);
    if (inside) out[self] = before;
  }
}
