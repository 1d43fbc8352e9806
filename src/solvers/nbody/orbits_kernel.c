/* Orbits with fixed steps: groups of lanes stay in registers, or near, over all steps; only the galaxy is read. */
#include "solvers/nbody/orbits.h"
#include "solvers/nbody/potential_lanes.h"

enum { L = HD_LANES, GROUPS = 2, POINTS = L * GROUPS };

/* Places, speeds and accelerations of POINTS particles. */
typedef struct flock {
  hd_lanes x[GROUPS][3], v[GROUPS][3], a[GROUPS][3];
} flock;

HD_FN void accelerate(const nbody_potential *p, flock *f) {
  hd_lanes a[GROUPS][3];
  for (int g = 0; g < GROUPS; g++) a[g][0] = a[g][1] = a[g][2] = hd_lanes_all(0);
  nbody_lanes_accelerations(p, GROUPS, f->x, a);
  for (int g = 0; g < GROUPS; g++)
    for (int c = 0; c < 3; c++) f->a[g][c] = a[g][c];
}

HD_FN void kick(flock *f, double h) {
  for (int g = 0; g < GROUPS; g++)
    for (int c = 0; c < 3; c++) f->v[g][c] = d_fma(hd_lanes_all(h), f->a[g][c], f->v[g][c]);
}

HD_FN void drift(flock *f, double h) {
  for (int g = 0; g < GROUPS; g++)
    for (int c = 0; c < 3; c++) f->x[g][c] = d_fma(hd_lanes_all(h), f->v[g][c], f->x[g][c]);
}

static void kick_drift_kick(const nbody_potential *p, const nbody_composition *s, flock *f, double h, int64_t steps) {
  accelerate(p, f);
  for (int64_t k = 0; k < steps; k++) {
    for (int stage = 0; stage < s->stages; stage++) {
      double part = s->weight[stage] * h;
      kick(f, 0.5 * part);
      drift(f, part);
      accelerate(p, f);
      kick(f, 0.5 * part);
    }
  }
}

static void drift_kick_drift(const nbody_potential *p, flock *f, double h, int64_t steps) {
  for (int64_t k = 0; k < steps; k++) {
    drift(f, 0.5 * h);
    accelerate(p, f);
    kick(f, h);
    drift(f, 0.5 * h);
  }
}

/* Adds weight h times the rate at stage `at` to sum, and sets `at` to start + reach h times it. */
HD_FN void runge_kutta_stage(const nbody_potential *p, const flock *start, flock *at, flock *sum, double weight,
                             double reach) {
  accelerate(p, at);
  for (int g = 0; g < GROUPS; g++) {
    for (int c = 0; c < 3; c++) {
      hd_lanes v = at->v[g][c], a = at->a[g][c];
      sum->x[g][c] = d_fma(hd_lanes_all(weight), v, sum->x[g][c]);
      sum->v[g][c] = d_fma(hd_lanes_all(weight), a, sum->v[g][c]);
      at->x[g][c] = d_fma(hd_lanes_all(reach), v, start->x[g][c]);
      at->v[g][c] = d_fma(hd_lanes_all(reach), a, start->v[g][c]);
    }
  }
}

static void runge_kutta_4(const nbody_potential *p, flock *f, double h, int64_t steps) {
  double sixth = h / 6, third = h / 3;
  for (int64_t k = 0; k < steps; k++) {
    flock start = *f, at = *f;
    runge_kutta_stage(p, &start, &at, f, sixth, 0.5 * h);
    runge_kutta_stage(p, &start, &at, f, third, 0.5 * h);
    runge_kutta_stage(p, &start, &at, f, third, h);
    runge_kutta_stage(p, &start, &at, f, sixth, 0);
  }
}

void HD_ISA(nbody_orbits)(const nbody_potential *p, nbody_integrator integrator, int64_t n, double *const state[6],
                          double h, int64_t steps) {
  const nbody_composition *composition = nbody_composition_of(integrator);
  for (int64_t from = 0; from < n; from += POINTS) {
    double part[6][POINTS], *at[6];
    int64_t count = n - from < POINTS ? n - from : POINTS;
    flock f;
    for (int c = 0; c < 6; c++) {
      at[c] = state[c] + from;
      if (count == POINTS) continue;
      for (int64_t i = 0; i < POINTS; i++) part[c][i] = at[c][i < count ? i : 0]; /* the rest are copies of the first */
      at[c] = part[c];
    }
    for (int g = 0; g < GROUPS; g++)
      for (int c = 0; c < 3; c++)
        f.x[g][c] = hd_lanes_load(at[c] + g * L), f.v[g][c] = hd_lanes_load(at[3 + c] + g * L);
    if (integrator == NBODY_RK4) runge_kutta_4(p, &f, h, steps);
    else if (integrator == NBODY_LEAPFROG_DKD) drift_kick_drift(p, &f, h, steps);
    else kick_drift_kick(p, composition, &f, h, steps);
    for (int g = 0; g < GROUPS; g++)
      for (int c = 0; c < 3; c++)
        hd_lanes_store(at[c] + g * L, f.x[g][c]), hd_lanes_store(at[3 + c] + g * L, f.v[g][c]);
    for (int c = 0; c < 6 && count < POINTS; c++)
      for (int64_t i = 0; i < count; i++) state[c][from + i] = part[c][i];
  }
}
