/* Orbits of independent test particles in a galaxy: blocks of particles from one output time to the next.
 *
 *   double *state[6] = {x, y, z, vx, vy, vz};       // of n <= NBODY_ORBITS particles, code units
 *   HD_ISA_PICK(nbody_orbits)(&galaxy, NBODY_LEAPFROG, n, state, h, steps);
 *
 * With fixed steps groups of particles stay in registers over all steps; with dop853 each particle follows a step sequence of
 * its own, lanes only pack them. A particle's bits do not depend on the others of its block.
 */
#ifndef NBODY_ORBITS_H
#define NBODY_ORBITS_H

#include "num/dop853.h"
#include "solvers/nbody/potential.h"

enum { NBODY_ORBITS = 1024 };   /* particles of a block, at most */

/* A composition of leapfrog steps of weight[k] h in this order (Yoshida 1990, doi:10.1016/0375-9601(90)90092-3); the plain
 * ones are one of weight 1. */
typedef struct nbody_composition {
  int    stages;
  double weight[15];
} nbody_composition;

/* Of NBODY_LEAPFROG, _LEAPFROG_DKD and the Yoshidas; NULL for others. */
const nbody_composition *nbody_composition_of(nbody_integrator integrator);

/* `steps` steps of length h (negative: backwards) of n particles, integrators with fixed steps only. Two half kicks (or
 * drifts) between steps are never merged, so that a stop in between changes no bit. */
HD_ISA_DECLARE(void, nbody_orbits,
               (const nbody_potential *p, nbody_integrator integrator, int64_t n, double *const state[6], double h,
                int64_t steps));

/* The rate of hd_dop853 for particles of [x y z vx vy vz]: self is a const nbody_potential. */
void nbody_orbit_rate(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *rate);

/* Bytes of scratch for n particles; then n particles from t to `end`, each with its own steps. state[6][n] as above;
 * control[n] lives between calls. Particles that fail are left at the time and place they reached: control[i].outcome. */
size_t nbody_orbits_adaptive_bytes(int64_t n);
void   nbody_orbits_adaptive(const nbody_potential *p, const hd_dop853 *method, int64_t n, double *const state[6], double end,
                             hd_dop853_control *control, void *scratch);

#endif
