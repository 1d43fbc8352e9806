/* Compositions, and orbits with steps of their own. */
#include "solvers/nbody/orbits.h"

/* Yoshida 1990: w_k .. w_1 w_0 w_1 .. w_k with w_0 = 1 - 2 sum w; order 4: w_1 = 1/(2 - 2^(1/3)), order 6: solution A, order 8:
 * solution D. */
static const nbody_composition plain = {1, {1}};

#define W1 1.351207191959657634
static const nbody_composition fourth = {3, {W1, 1 - 2 * W1, W1}};
#undef W1

#define W1 (-1.17767998417887)
#define W2 0.235573213359357
#define W3 0.784513610477560
static const nbody_composition sixth = {7, {W3, W2, W1, 1 - 2 * (W1 + W2 + W3), W1, W2, W3}};
#undef W1
#undef W2
#undef W3

#define W1 0.102799849391985
#define W2 (-1.96061023297549)
#define W3 1.93813913762276
#define W4 (-0.158240635368243)
#define W5 (-1.44485223686048)
#define W6 0.253693336566229
#define W7 0.914844246229740
static const nbody_composition eighth = {
    15, {W7, W6, W5, W4, W3, W2, W1, 1 - 2 * (W1 + W2 + W3 + W4 + W5 + W6 + W7), W1, W2, W3, W4, W5, W6, W7}};

const nbody_composition *nbody_composition_of(nbody_integrator integrator) {
  switch (integrator) {
    case NBODY_LEAPFROG:
    case NBODY_LEAPFROG_DKD: return &plain;
    case NBODY_YOSHIDA4: return &fourth;
    case NBODY_YOSHIDA6: return &sixth;
    case NBODY_YOSHIDA8: return &eighth;
    default: return NULL;
  }
}

void nbody_orbit_rate(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *rate) {
  (void)which;
  (void)t;
  for (int64_t i = 0; i < 3 * n; i++) rate[i] = y[3 * n + i];
  for (int64_t i = 3 * n; i < 6 * n; i++) rate[i] = 0;
  HD_ISA_PICK(nbody_accelerations)
  (self, n, (const double *const[]){y, y + n, y + 2 * n}, (double *const[]){rate + 3 * n, rate + 4 * n, rate + 5 * n});
}

static hd_dop853 method_for(const nbody_potential *p, const hd_dop853 *method) {
  hd_dop853 m = method ? *method : (hd_dop853){0};
  m.size = 6;
  m.rate = nbody_orbit_rate;
  m.self = (void *)(uintptr_t)p; /* read only */
  return m;
}

size_t nbody_orbits_adaptive_bytes(int64_t n) {
  hd_dop853 m = method_for(NULL, NULL);
  return hd_dop853_bytes(&m, n) + (size_t)n * 6 * sizeof(double);
}

void nbody_orbits_adaptive(const nbody_potential *p, const hd_dop853 *method, int64_t n, double *const state[6],
                           double end, hd_dop853_control *control, void *scratch) {
  hd_dop853 m = method_for(p, method);
  double *y = scratch;
  for (int c = 0; c < 6; c++)
    for (int64_t i = 0; i < n; i++) y[c * n + i] = state[c][i];
  hd_dop853_advance(&m, n, control, y, end, y + 6 * n);
  for (int c = 0; c < 6; c++)
    for (int64_t i = 0; i < n; i++) state[c][i] = y[c * n + i];
}
