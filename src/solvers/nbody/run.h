/* What a run keeps beside its fields: pointers, the galaxy, accelerations of the present state. Rebuilt from fields and
 * parameters, never saved.
 */
#ifndef NBODY_RUN_H
#define NBODY_RUN_H

#include "solvers/nbody/frame.h"
#include "solvers/nbody/nbody.h"
#include "solvers/nbody/orbits.h"
#include "solvers/nbody/pair.h"

typedef struct nbody_run {
  const nbody    *t;
  nbody_potential galaxy;                   /* terms 0 without a potential */
  nbody_view      view;
  int64_t         n, blocks;                /* bodies; blocks of 256 of them */
  bool            self;                     /* bodies attract each other */
  bool            single;
  /* fields: x [3][n], v [3][n] */
  double         *x, *v, *mass, *now, *books, *reaches;
  int64_t        *counts;
  /* of the present state, where `known` says so */
  double         *a;                        /* [3][n] */
  double         *self_potential, *external_potential; /* [n] */
  bool            force_known, potential_known;
  double         *work[4];                  /* [3][n] each, of rk4; NULL unless needed */
  double         *sums;                     /* [2][n], for sums over bodies */
  bool           *empty;                    /* [tile] */
  float          *rounded;                  /* [4][n], of single precision */
  double         *partner;                  /* [4][n], what bodies gather as partners (pair.h) */
  void           *scratch;                  /* of adaptive integrators over all bodies */
  double          total_mass;
  double         *of_block;                 /* of kicks.c; NULL until it is needed */
  struct nbody_crowd *crowd;                /* of bound.c; NULL until it is needed */
  /* kernels */
  void (*pair_double)(const d_sources *, double, int64_t, int64_t, const nbody_sums *);
  void (*pair_single)(const f_sources *, double, int64_t, int64_t, const nbody_sums *);
  void (*galaxy_force)(const nbody_potential *, int64_t, const double *const[3], double *const[3]);
  void (*galaxy_potential)(const nbody_potential *, int64_t, const double *const[3], double *);
  void (*orbits)(const nbody_potential *, nbody_integrator, int64_t, double *const[6], double, int64_t);
  hd_status       status;                   /* of a force that failed inside an integrator */
} nbody_run;

/* force.c: accelerations a[3][n] at x[3][n], with potentials (without factor to other units) or NULL. */
hd_status nbody_force(hd_run *run, const double *x, double *a, double *self_potential, double *external_potential);
/* Makes force and potential of the present state known. */
hd_status nbody_force_now(hd_run *run, bool potential);

/* Limits of adaptive steps; 0: none. */
typedef struct nbody_limits {
  double absolute, max_step, min_step;
} nbody_limits;
nbody_limits nbody_limits_of(const nbody *t);

/* march.c: bodies that attract each other, all in step. */
hd_status nbody_march(hd_run *run, double h, bool potential); /* one step; potential: of the state after it, too */
hd_status nbody_march_to(hd_run *run, double end);            /* some adaptive steps; sets now */

/* kicks.c: counts a kick of the galaxy of length h at x[3][n], where impulse_residual is asked for; its entry. */
hd_status nbody_kicked(hd_run *run, const double *x, double h);
void      nbody_impulse_residual(hd_run *run, const double momentum[3], const double before[3], double out[3]);

/* orbits_run.c: test particles, each for itself: `steps` steps of h; some adaptive ones towards `end`, sets now. */
hd_status nbody_follow(hd_run *run, double h, int64_t steps);
hd_status nbody_follow_to(hd_run *run, double end);
int64_t   nbody_follow_blocks(const nbody *t);

/* bodies.c: fills state, masses, numbers at the start; start_state and recentre_shift of every group. */
hd_status nbody_bodies(hd_run *run);

/* ledger.c, snapshot.c */
hd_status nbody_ledger_open(hd_run *run);
hd_status nbody_ledger_entry(hd_run *run);
hd_status nbody_snapshot(hd_run *run);
enum { NBODY_FRACTIONS_COUNT = 6 };
extern const double nbody_fractions[NBODY_FRACTIONS_COUNT];
/* Radii about their mass centre that hold these ascending fractions of the mass of bodies first .. first + count - 1. */
void nbody_lagrange(const nbody_run *c, int64_t first, int64_t count, const double *fraction, int n, double *radius);

/* Sorts ascending (sort.c); value q in [0, 1] of sorted numbers, linear between neighbours. */
void   nbody_sort(double *x, int64_t n);
/* index: 0 .. n - 1 in the order of `before`, which ties nothing. */
typedef bool nbody_before(const void *arg, int64_t a, int64_t b);
void   nbody_order_by(nbody_before *before, const void *arg, int64_t n, int64_t *index);
/* By rising key, of equal keys the smaller index first. */
void   nbody_order(const double *key, int64_t n, int64_t *index);
double nbody_quantile(const double *sorted, int64_t n, double q);

enum { NBODY_CROWD_BYTES = 7 * sizeof(double) };            /* for each body, of bound.c */
enum { REACH_LEAST, REACH_MOST, REACH_TIME, REACH_SQUARE, REACH_RATE, REACH_BEND, REACHES };
enum { BOOK_ENERGY, BOOK_MOMENTUM, BOOK_SCALE = BOOK_MOMENTUM + 3, BOOK_WORST_ENERGY, BOOK_WORST_MOMENTUM, BOOK_STEP, BOOK_EXTERNAL, BOOKS };
enum { KICK_LOST = 3, KICKS = 6 };
enum { COUNT_STEPS, COUNT_FORCES, COUNT_INTERACTIONS, COUNTS };

#endif
