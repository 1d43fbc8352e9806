/* nbody: point masses under their own gravity and inside a model galaxy. The parameter struct, the dimensions and fields,
 * and what the files of this folder offer each other. Equations and method: README.md.
 *
 * Inside: kpc, Msun, Gyr, kpc/Gyr, rad (units.system galactic), or the user's own numbers with G = 1 (nbody).
 */
#ifndef NBODY_NBODY_H
#define NBODY_NBODY_H

#include "heddle/solver.h"
#include "solvers/nbody/model.h"

#include <stddef.h>
#include <stdint.h>

extern const hd_solver hd_solver_nbody;

/* Constants of section 3.1. */
#define NBODY_G 4.498502151469552e-6       /* kpc^3 / (Msun Gyr^2) */
#define NBODY_KM_S 0.9777922216807892      /* km/s in 1 kpc/Gyr */
#define NBODY_MAS_YR 0.20626480624709636   /* mas/yr in 1 rad/Gyr */

typedef enum nbody_system { NBODY_UNITS_GALACTIC, NBODY_UNITS_NBODY } nbody_system;

/* ---- parameters: what the table of nbody_params.c decodes a scenario into ---------------------------------------- */

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

  nbody_observer observer;                 /* of a galactic system */

  struct {
    int     integrator;                    /* nbody_integrator; never NBODY_AUTO after check */
    double  tolerance, absolute_tolerance; /* 1; NaN: the same */
    double  max_step, min_step;            /* Gyr; NaN: none, 2^-40 of the interval */
    int64_t max_steps;
    int     force, precision, sum;         /* precision 0: double, 1: single */
    double  energy_warning;
  } numerics;

  struct {
    double  start, end;                    /* Gyr */
    double  step;                          /* Gyr; NaN: auto or steps */
    int64_t steps;                         /* INT64_MIN: from step; check puts it in where they are fixed */
  } time;

  struct {
    hd_schedule snapshots, ledger;
    bool        components;
    int         sky_form, sky_word;        /* 1: `sky`; else auto, and check puts `sky` in */
    bool        sky;
    hd_items    rotation_curve;            /* double, kpc */
    double      core_radius;               /* kpc; NaN: 5 scale_radius */
    int         compare_form;              /* 0: the word `compare`, 1: the result `compare_file` */
    int         compare;                   /* nbody_compare */
    const char *compare_file;
    const double *reference;               /* of compare_file, filled by check: [particle][6], kpc and km/s */
    int64_t     reference_count;
  } output;

  /* filled by check */
  double  gravity_constant;                /* G in the numbers of this case */
  double  speed_out, potential_out;        /* factors to the units of results: km/s, (km/s)^2; 1 if dimensionless */
} nbody;

/* ---- dimensions and fields: the order of the tables in nbody_fields.c -------------------------------------------- */

enum {
  NBODY_SNAPSHOT, NBODY_ENTRY, NBODY_PARTICLE, NBODY_AXIS, NBODY_SIX, NBODY_GROUP,
  NBODY_SKY,                               /* as NBODY_PARTICLE with sky fields, else empty */
  NBODY_COMPONENT,                         /* with output.components, else empty */
  NBODY_CURVE, NBODY_RADIUS,               /* components and radii of the rotation curve, or empty */
  NBODY_FRACTION,                          /* of Lagrangian radii; empty for test particles */
  NBODY_BOOK, NBODY_COUNT, NBODY_REACH,    /* lengths of the books, see ledger.h */
  NBODY_ORBIT, NBODY_CONTROL, NBODY_FIT,   /* what an adaptive integrator keeps: controls, their bytes, fits of ias15 */
  NBODY_KICK                               /* kicks of the galaxy: 6 where impulse_residual is asked for, else none */
};

enum {
  /* state */
  NBODY_STATE, NBODY_MASS, NBODY_ID, NBODY_NOW, NBODY_BOOKS, NBODY_COUNTS, NBODY_REACHES, NBODY_START_STATE,
  NBODY_SHIFT, NBODY_CONTROLS, NBODY_FITS, NBODY_KICKS,
  /* snapshots */
  NBODY_SNAPSHOT_TIME, NBODY_POSITION, NBODY_VELOCITY, NBODY_SELF_POTENTIAL, NBODY_EXTERNAL_POTENTIAL,
  NBODY_ACCELERATION, NBODY_COMPONENT_POTENTIAL, NBODY_COMPONENT_ACCELERATION, NBODY_DISTANCE, NBODY_PHI1, NBODY_PHI2,
  NBODY_RADIAL_VELOCITY, NBODY_PM1, NBODY_PM2, NBODY_RA, NBODY_DEC, NBODY_L, NBODY_B,
  /* ledger */
  NBODY_ENTRY_TIME, NBODY_KINETIC, NBODY_SELF_ENERGY, NBODY_EXTERNAL_ENERGY, NBODY_ENERGY_ERROR, NBODY_MOMENTUM,
  NBODY_ANGULAR_MOMENTUM, NBODY_MASS_CENTRE, NBODY_VIRIAL, NBODY_LAGRANGE, NBODY_STEP_LENGTH,
  NBODY_STEPS, NBODY_EXTERNAL_WORK, NBODY_IMPULSE_RESIDUAL, NBODY_BOUND_MASS, NBODY_DENSITY_CENTRE,
  /* at the end */
  NBODY_GROUP_OF, NBODY_ORBIT_STEPS, NBODY_RADII, NBODY_FRACTIONS, NBODY_CIRCULAR, NBODY_CIRCULAR_COMPONENT
};

enum { NBODY_PAIR_KERNEL, NBODY_SINGLE_KERNEL, NBODY_GALAXY_KERNEL };

/* ---- tables ------------------------------------------------------------------------------------------------------ */

extern const hd_param   nbody_params[];
extern const hd_preset  nbody_presets[];
extern const hd_dim     nbody_dims[];
extern const hd_field   nbody_fields[];
extern const hd_kernel  nbody_kernels[];
extern const hd_measure nbody_measures[];
extern const hd_drawing nbody_figures[];
extern const hd_format  nbody_formats[];

/* ---- before a run: pure functions of the parameters -------------------------------------------------------------- */

hd_status nbody_check(void *params, hd_notes *notes);   /* nbody_check.c */

static inline const nbody_group *nbody_group_of(const nbody *t, int64_t i) { return (const nbody_group *)t->bodies.item + i; }
int64_t nbody_group_count(const nbody_group *group);    /* bodies in it */
int64_t nbody_total(const nbody *t);                    /* of all groups */
/* Scale of the motion inside a group: sqrt(a^3/(G M)) of a sphere, sqrt(r_p^3/(G M)) of a two_body; NaN: none. */
double  nbody_dynamical_time(const nbody *t, const nbody_group *group);
bool    nbody_attracts(const nbody *t);                 /* gravity between bodies: two or more, not all without mass */
/* Whether a step is a fixed part of the interval. */
static inline bool nbody_is_adaptive(const nbody *t) { return t->numerics.integrator >= NBODY_DOP853; }
static inline bool nbody_is_physical(const nbody *t) { return t->units.system == NBODY_UNITS_GALACTIC; }
/* A kiloparsec in the numbers of the case; 1 where there is no scale. */
static inline double nbody_kiloparsec(const nbody *t) {
  return nbody_is_physical(t) || t->units.length != t->units.length ? 1 : 1 / t->units.length;
}

#endif
