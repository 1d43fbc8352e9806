/* The galaxy: a sum of components, each a potential with closed-form forces (section 3.3 of the specification).
 *
 *   nbody_component c[2] = {{.type = NBODY_NFW, .mass = 4.4e11, .scale_radius = 16}, {.type = NBODY_POINT, .mass = 1e10}};
 *   HD_TRY(hd_alloc(run, nbody_potential_bytes(2, c), &memory));
 *   nbody_potential galaxy;
 *   HD_TRY(nbody_potential_prepare(run->ctx, 2, c, G, kpc, memory, &galaxy));         // tables: some milliseconds
 *   HD_ISA_PICK(nbody_accelerations)(&galaxy, n, (const double *const[]){x, y, z}, (double *const[]){ax, ay, az});
 *
 * All numbers are in code units; G is that of those units. A component becomes one or several terms, the few forms that
 * the kernels know. Bits depend on nothing but the parameters and the point: not on the level, nor on the place of a
 * particle in a block, nor on the function that was called (one point, a block, an orbit).
 */
#ifndef NBODY_POTENTIAL_H
#define NBODY_POTENTIAL_H

#include "base/ctx.h"
#include "base/isa.h"
#include "solvers/nbody/model.h"
#include "solvers/nbody/potential_terms.h"

/* The three components of the preset milky_way_2014 (MWPotential2014; Bovy 2015, doi:10.1088/0067-0049/216/2/29) in
 * kpc, Msun: halo, disk, bulge. */
void nbody_milky_way_2014(nbody_component out[3]);

/* Mass and scale radius of an nfw halo, also where virial values are given: M = M_vir/(ln(1+c) - c/(1+c)), r_s = r_vir/c,
 * r_vir^3 = 2 G M_vir/(Delta H^2). */
void nbody_nfw_scales(const nbody_component *c, double G, double *mass, double *scale_radius);

typedef struct nbody_potential {
  int64_t           terms, components;
  const nbody_term *term;                 /* [terms] */
  const int64_t    *first;                /* [components + 1]: terms of each component */
} nbody_potential;

/* Bytes that `prepare` fills, 64-byte aligned; NULL potentials (count 0) need none. */
size_t nbody_potential_bytes(int64_t count, const nbody_component *components);

/* kpc: the length of a kiloparsec in code units, for the zero of the logarithmic potential (1 where there is none).
 * HD_ERR_INPUT where a number is out of its range; the message names the component by its number. */
hd_status nbody_potential_prepare(hd_ctx *ctx, int64_t count, const nbody_component *components, double G, double kpc,
                                  void *memory, nbody_potential *out);

/* One component alone; valid as long as the whole. */
nbody_potential nbody_potential_part(const nbody_potential *p, int64_t component);

/* At n points x[3][n], added to what stands in a[3][n], phi[n], H[6][n]; inputs and outputs must not overlap. */
HD_ISA_DECLARE(void, nbody_accelerations,
               (const nbody_potential *p, int64_t n, const double *const x[3], double *const a[3]));
HD_ISA_DECLARE(void, nbody_potentials, (const nbody_potential *p, int64_t n, const double *const x[3], double *phi));
HD_ISA_DECLARE(void, nbody_tides, (const nbody_potential *p, int64_t n, const double *const x[3], double *const H[6]));

/* At one point: overwrites. H = da_i/dx_j in the order xx, xy, xz, yy, yz, zz. */
void   nbody_acceleration_at(const nbody_potential *p, const double x[3], double a[3]);
double nbody_potential_at(const nbody_potential *p, const double x[3]);
void   nbody_tide_at(const nbody_potential *p, const double x[3], double H[6]);
double nbody_density_at(const nbody_potential *p, const double x[3]); /* G rho = -trace H/(4 pi) */

/* Speed of a circular orbit at (R, 0, 0): sqrt(-R a_x), or 0 where the force points outwards. */
double nbody_circular_speed(const nbody_potential *p, double R);

/* The same straight from the parameters, without tables and memory: for `check`. Slow (ellipsoids: some milliseconds). */
double nbody_circular_speed_of(int64_t count, const nbody_component *components, double G, double R);

#endif
