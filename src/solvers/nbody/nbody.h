/* nbody: point masses under their own gravity and inside a model galaxy. The parameter struct, the dimensions and fields,
 * and what the files of this folder offer each other. Equations and method: README.md.
 *
 * Inside: kpc, Msun, Gyr, kpc/Gyr, rad (units.system galactic), or the user's own numbers with G = 1 (nbody).
 */
#ifndef NBODY_NBODY_H
#define NBODY_NBODY_H

#include "heddle/solver.h"

#include <stddef.h>
#include <stdint.h>

extern const hd_solver hd_solver_nbody;

/* Constants of section 3.1. */
#define NBODY_G 4.498502151469552e-6       /* kpc^3 / (Msun Gyr^2) */
#define NBODY_KM_S 0.9777922216807892      /* km/s in 1 kpc/Gyr */
#define NBODY_MAS_YR 0.20626480624709636   /* mas/yr in 1 rad/Gyr */

typedef enum nbody_system { NBODY_GALACTIC, NBODY_DIMENSIONLESS } nbody_system;

/* ---- parameters: what the table of nbody_params.c decodes a scenario into ---------------------------------------- */

typedef enum nbody_component_type {
  NBODY_POINT, NBODY_NFW, NBODY_MIYAMOTO_NAGAI, NBODY_POWER_LAW_CUTOFF, NBODY_LOGARITHMIC, NBODY_TRIAXIAL_NFW,
  NBODY_TWO_POWER, NBODY_EXPONENTIAL_DISK
} nbody_component_type;

/* One component of the potential (section 3.3); what its type does not have is NaN or -1. */
typedef struct nbody_component {
  int    type;                             /* nbody_component_type */
  double mass;                             /* Msun; NaN: from virial_mass, or from density (exponential_disk) */
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

typedef enum nbody_group_type {
  NBODY_PLUMMER, NBODY_TWO_BODY, NBODY_SPHERE, NBODY_CIRCLE, NBODY_INCLINED, NBODY_PARTICLES
} nbody_group_type;

typedef struct nbody_share {
  double fraction, weight;
} nbody_share;

/* One named group of bodies (section 3.4). */
typedef struct nbody_group {
  int      type;                           /* nbody_group_type */
  bool     star;
  int64_t  count;
  double   mass;                           /* Msun, of all of it; NaN: from the sample */
  int      masses_form;                    /* of sampled groups, 0: equal, 1: shares or power law */
  int      masses_word;
  hd_items shares;                         /* nbody_share */
  double   slope, minimum, maximum;        /* power law; 1, Msun, Msun; NaN: none */
  hd_items masses;                         /* double, Msun; of two_body and particles */
  double   scale_radius, truncate;         /* kpc, 1 */
  bool     recentre;
  double   pericentre, eccentricity;       /* kpc, 1 */
  double   radius, speed, inclination;     /* kpc, kpc/Gyr, rad */
  const char *file;
  hd_items position, velocity;             /* double[3]: kpc, kpc/Gyr */
  struct {
    double position[3], velocity[3], at;   /* kpc, kpc/Gyr, Gyr (NaN: time.start) */
  } place;
  /* filled by check from `file`: [row] */
  const double *file_column[7];            /* x, y, z, vx, vy, vz, mass, in kpc, kpc/Gyr, Msun */
  const int64_t *file_id;                  /* or NULL */
} nbody_group;

typedef enum nbody_integrator {
  NBODY_AUTO, NBODY_LEAPFROG, NBODY_LEAPFROG_DKD, NBODY_YOSHIDA4, NBODY_YOSHIDA6, NBODY_YOSHIDA8, NBODY_RK4,
  NBODY_DOP853, NBODY_IAS15
} nbody_integrator;

typedef enum nbody_frame { NBODY_FRAME_GALACTIC, NBODY_FRAME_EQUATORIAL, NBODY_GD1, NBODY_PAL5, NBODY_CUSTOM } nbody_frame;

typedef enum nbody_compare { NBODY_NOTHING, NBODY_EXACT, NBODY_INITIAL } nbody_compare;

typedef struct nbody {
  int preset, compat;

  struct {
    int    system;                         /* nbody_system */
    double length, mass;                   /* kpc, Msun: scale of a dimensionless system; NaN: none */
  } units;

  struct {
    bool   self;
    double softening;                      /* kpc */
    int    kernel;
  } gravity;

  hd_items potential;                      /* nbody_component */
  hd_items bodies;                         /* nbody_group */

  struct {
    int    frame;                          /* nbody_frame */
    double rotation[9];                    /* rows; filled by check for the named frames */
    double sun_position[3], sun_velocity[3]; /* kpc, kpc/Gyr */
    int    handedness;                     /* 0: left, 1: right */
  } observer;

  struct {
    int     integrator;                    /* nbody_integrator; never NBODY_AUTO after check */
    double  tolerance, absolute_tolerance; /* 1; NaN: the same */
    double  max_step, min_step;            /* Gyr; NaN: the interval, 2^-40 of it; check puts them in */
    int64_t max_steps;
    int     force, precision, sum;         /* precision 0: double, 1: single */
    double  energy_warning;
  } numerics;

  struct {
    double  start, end;                    /* Gyr */
    double  step;                          /* Gyr; NaN: auto or steps */
    int64_t steps;                         /* INT64_MIN: from step; check puts it in where steps are fixed */
  } time;

  struct {
    hd_schedule snapshots, ledger;
    bool        components;
    int         sky_form;                  /* -1: with a potential */
    bool        sky;
    hd_items    rotation_curve;            /* double, kpc */
    double      core_radius;               /* kpc; NaN: 5 scale_radius */
    int         compare_form;              /* 0: the word `compare`, 1: the result `compare_file` */
    int         compare;                   /* nbody_compare */
    const char *compare_file;
    const double *reference;               /* of compare_file, filled by check: [particle][6], kpc and kpc/Gyr */
    int64_t     reference_count;
  } output;

  /* filled by check */
  double  gravity_constant;                /* G in the numbers of this case */
  double  speed_out, potential_out;        /* factors to the units of results: km/s, (km/s)^2; 1 if dimensionless */
} nbody;

#endif
