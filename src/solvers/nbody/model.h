/* What a scenario says about the galaxy, the integrator and the observer: plain structs that nbody.h decodes into and that
 * potential.h, orbits.h and frame.h read.
 */
#ifndef NBODY_MODEL_H
#define NBODY_MODEL_H

#include <stdint.h>

/* Constants of section 3.1. */
#define NBODY_G 4.498502151469552e-6       /* kpc^3 / (Msun Gyr^2) */
#define NBODY_KM_S 0.9777922216807892      /* km/s in 1 kpc/Gyr */
#define NBODY_MAS_YR 0.20626480624709636   /* mas/yr in 1 rad/Gyr */

typedef enum nbody_component_type {
  NBODY_POINT, NBODY_NFW, NBODY_MIYAMOTO_NAGAI, NBODY_POWER_LAW_CUTOFF, NBODY_LOGARITHMIC, NBODY_TRIAXIAL_NFW,
  NBODY_TWO_POWER, NBODY_EXPONENTIAL_DISK
} nbody_component_type;

/* One component of the potential (section 3.3); only the members of its type are read. In units of the case: kpc, Msun,
 * Gyr, or the user's own with G = 1. */
typedef struct nbody_component {
  int    type;                             /* nbody_component_type */
  double mass;                             /* Msun; NaN: from virial_mass (nfw), or from density (exponential_disk) */
  double scale_radius;                     /* kpc; NaN (nfw): from virial_mass and concentration */
  double virial_mass, concentration, overdensity, hubble; /* Msun, 1, 1, 1/Gyr; of nfw */
  double a, b;                             /* kpc; of miyamoto_nagai */
  double alpha, beta;                      /* 1 */
  double cutoff_radius;                    /* kpc */
  double speed, flattening, core_radius;   /* kpc/Gyr, 1, kpc; of logarithmic */
  double axis_y, axis_z;                   /* q1, q2 of triaxial_nfw; b, c of two_power */
  double density;                          /* Msun/kpc^3: of two_power; central one of exponential_disk */
  double radial_scale, height;             /* kpc */
  int    vertical, fit;                    /* 0: exponential, 1: sech2; 0: positive, 1: free */
} nbody_component;

typedef enum nbody_integrator {
  NBODY_AUTO, NBODY_LEAPFROG, NBODY_LEAPFROG_DKD, NBODY_YOSHIDA4, NBODY_YOSHIDA6, NBODY_YOSHIDA8, NBODY_RK4,
  NBODY_DOP853, NBODY_IAS15
} nbody_integrator;

typedef enum nbody_frame { NBODY_FRAME_GALACTIC, NBODY_FRAME_EQUATORIAL, NBODY_GD1, NBODY_PAL5, NBODY_CUSTOM } nbody_frame;

typedef struct nbody_observer {
  int    frame;                            /* nbody_frame */
  double rotation[9];                      /* rows, from equatorial directions to the frame's; of NBODY_CUSTOM */
  double sun_position[3], sun_velocity[3]; /* kpc, kpc/Gyr */
  int    handedness;                       /* 0: left, 1: right */
} nbody_observer;

#endif
