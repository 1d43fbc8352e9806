/* Where a group is densest and what of it is bound, at the present state of a run.
 *
 *   nbody_centre at;
 *   HD_TRY(nbody_density_centre(run, first, count, &at));          // bodies first .. first + count - 1
 *   HD_TRY(nbody_bound_mass(run, first, count, &mass));            // HD_NAN: bodies do not attract each other
 */
#ifndef NBODY_BOUND_H
#define NBODY_BOUND_H

#include "base/isa.h"
#include "heddle/solver.h"

#include <stdint.h>

typedef struct nbody_centre {
  double x[3], v[3];                       /* kpc, kpc/Gyr */
} nbody_centre;

/* Means of position and velocity, weighted by the density at every body: the mass of its five nearest neighbours over the cube
 * of the distance of the sixth (Casertano & Hut 1985, doi:10.1086/163589, their unbiased estimate with j = 6; each body counts
 * as 1 where none has a mass). Of more than 10^4 bodies that attract each other: the mass centre of the 1 % deepest in the
 * potential of the group alone. Of fewer than seven bodies: their mass centre. Bodies at one place with the seventh of them
 * outweigh all others. */
hd_status nbody_density_centre(hd_run *run, int64_t first, int64_t count, nbody_centre *out);

/* From all of the group, those with (v - v_c)^2/2 + phi > 0 are removed, v_c the velocity of the density centre and phi the
 * softened potential of those that are left, until none leaves. mass: Msun. */
hd_status nbody_bound_mass(hd_run *run, int64_t first, int64_t count, double *mass);

/* bound_kernel.c: out[i] += sum of m_j/sqrt(d^2 + eps^2) over the sources j = from .. to - 1 but i itself, for the targets
 * i = first .. first + count - 1, all of them indices into x[3] and m. */
HD_ISA_DECLARE(void, nbody_pull, (const double *const x[3], const double *m, double eps, int64_t first, int64_t count,
                                  int64_t from, int64_t to, double *out));

#endif
