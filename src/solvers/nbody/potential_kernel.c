/* Forces, potentials and tides of the galaxy over blocks of points. */
#include "solvers/nbody/potential_lanes.h"

enum { L = HD_LANES, GROUPS = 2, POINTS = L * GROUPS };

void HD_ISA(nbody_accelerations)(const nbody_potential *p, int64_t n, const double *const x[3], double *const a[3]) {
  for (int64_t from = 0; from < n; from += POINTS) {
    double part[2][3][POINTS];
    const double *in[3] = {x[0] + from, x[1] + from, x[2] + from};
    double *out[3] = {a[0] + from, a[1] + from, a[2] + from};
    int64_t count = n - from < POINTS ? n - from : POINTS;
    if (count < POINTS) {
      for (int c = 0; c < 3; c++) {
        for (int64_t i = 0; i < POINTS; i++) { /* the rest are copies of the first */
          part[0][c][i] = in[c][i < count ? i : 0];
          part[1][c][i] = out[c][i < count ? i : 0];
        }
        in[c] = part[0][c];
        out[c] = part[1][c];
      }
    }
    hd_lanes point[GROUPS][3], sum[GROUPS][3];
    for (int g = 0; g < GROUPS; g++)
      for (int c = 0; c < 3; c++) point[g][c] = hd_lanes_load(in[c] + g * L), sum[g][c] = hd_lanes_load(out[c] + g * L);
    nbody_lanes_accelerations(p, GROUPS, point, sum);
    for (int g = 0; g < GROUPS; g++)
      for (int c = 0; c < 3; c++) hd_lanes_store(out[c] + g * L, sum[g][c]);
    for (int c = 0; c < 3 && count < POINTS; c++)
      for (int64_t i = 0; i < count; i++) a[c][from + i] = out[c][i];
  }
}

void HD_ISA(nbody_potentials)(const nbody_potential *p, int64_t n, const double *const x[3], double *restrict phi) {
  const double *x0 = x[0], *x1 = x[1], *x2 = x[2];
#define ADD(kind)                                                                                                      \
  case kind:                                                                                                           \
    HD_INDEPENDENT for (int64_t i = 0; i < n; i++) phi[i] += nbody_term_potential(&t, kind, x0[i], x1[i], x2[i]);      \
    break;
  for (int64_t k = 0; k < p->terms; k++) {
    const nbody_term t = p->term[k];
    switch (t.kind) {
      ADD(NBODY_TERM_POINT)
      ADD(NBODY_TERM_NFW)
      ADD(NBODY_TERM_CUTOFF)
      ADD(NBODY_TERM_DISK)
      ADD(NBODY_TERM_LOGARITHMIC)
      ADD(NBODY_TERM_SPHEROID)
      default: break;
    }
  }
#undef ADD
}

void HD_ISA(nbody_tides)(const nbody_potential *p, int64_t n, const double *const x[3], double *const H[6]) {
  for (int64_t i = 0; i < n; i++) {
    double h[6];
    for (int m = 0; m < 6; m++) h[m] = H[m][i];
    for (int64_t k = 0; k < p->terms; k++) nbody_term_tide(&p->term[k], x[0][i], x[1][i], x[2][i], h);
    for (int m = 0; m < 6; m++) H[m][i] = h[m];
  }
}
