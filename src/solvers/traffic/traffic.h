/* traffic: multi-class Aw-Rascle-Zhang traffic on a road. The parameter struct, the dimensions and fields, and what the
 * files of this folder offer each other. Equations and method: README.md.
 *
 * SI inside: m, s, veh/m, m/s. rho = density, v = speed, w = marker, y = rho w = marker density; X = occupancy.
 * Arrays are [class][cell]; a class is an index in the order of the map `classes`.
 */
#ifndef TRAFFIC_TRAFFIC_H
#define TRAFFIC_TRAFFIC_H

#include "heddle/solver.h"
#include "solvers/traffic/traffic_model.h"

#include <stddef.h>
#include <stdint.h>

extern const hd_solver hd_solver_traffic;

/* ---- parameters: what the table of traffic_params.c decodes a scenario into -------------------------------------- */

typedef enum traffic_compat { TRAFFIC_COMPAT_NONE, TRAFFIC_COMPAT_ARZ2025 } traffic_compat;
typedef enum traffic_kind { TRAFFIC_RING, TRAFFIC_INFLOW, TRAFFIC_OPEN, TRAFFIC_FREE, TRAFFIC_WALL } traffic_kind;
typedef enum traffic_compare { TRAFFIC_NOTHING, TRAFFIC_EXACT_SOLUTION, TRAFFIC_START } traffic_compare;
typedef enum traffic_flux { TRAFFIC_CENTRAL_UPWIND, TRAFFIC_GODUNOV } traffic_flux;
typedef enum traffic_start {
  TRAFFIC_UNIFORM, TRAFFIC_EQUILIBRIUM, TRAFFIC_RIEMANN, TRAFFIC_HUMP, TRAFFIC_WAVES, TRAFFIC_RANDOM, TRAFFIC_FILE
} traffic_start;

typedef struct traffic_class {
  double   pressure;                       /* K, m/s */
  double   exponent;                       /* gamma */
  double   relaxation;                     /* tau, s */
  double   creeping;                       /* Vcr, m/s */
  int      free_speed_form;                /* 0: one number, 1: by category */
  double   free_speed;                     /* Vmax everywhere, m/s */
  hd_items free_speeds;                    /* double, m/s; the names are categories: "1", "9" */
  hd_items sees;                           /* double, A_ij by name of class; those not named are 1 */
} traffic_class;

/* One class in a state. Neither speed nor marker (both NaN): the equilibrium of the category there. */
typedef struct traffic_load {
  double density;                          /* veh/m */
  double speed, marker;                    /* m/s */
} traffic_load;

typedef struct traffic_stretch {
  double  from;                            /* m */
  int64_t category;
} traffic_stretch;

typedef struct traffic_wave {
  int    index;                            /* of the class */
  double amplitude;                        /* veh/m */
  double number;                           /* waves on the road */
  double phase;                            /* rad */
} traffic_wave;

/* What holds at one end of the road from a time on. */
typedef struct traffic_phase {
  double   from;                           /* s; of the items of a schedule */
  int      kind;                           /* traffic_kind; -1: not given (then there is a schedule) */
  int      state_form;                     /* -1: none, 0: the word `initial`, 1: the map `state` */
  int      state_word;
  hd_items state;                          /* traffic_load by name of class */
} traffic_phase;

typedef struct traffic_border {
  traffic_phase only;                      /* kind and state, unless there is a schedule */
  hd_items      schedule;                  /* traffic_phase */
} traffic_border;

typedef struct traffic {
  int      preset, compat;                 /* traffic_compat */
  hd_items classes;                        /* traffic_class */
  double   jam_density;                    /* veh/m and lane */
  bool     source;

  struct {
    double      length, start;             /* m */
    int64_t     cells;                     /* INT64_MIN: from `cell`; check puts it in */
    double      cell;                      /* m; NaN: from `cells`; check puts in length/cells */
    int         quality_form;              /* 0: quality, 1: stretches, 2: quality_file */
    int64_t     quality;
    hd_items    stretches;                 /* traffic_stretch */
    const char *quality_file;
    hd_array    quality_rows;              /* [row] of quality_file, one per cell; filled by check */
    int         lanes_form;                /* 0: lanes */
    int64_t     lanes;
  } road;

  struct {
    int         kind;                      /* traffic_start */
    hd_items    state, left, right, background; /* traffic_load by name of class */
    int64_t     quality;                   /* category of the equilibrium; INT64_MIN: the one there */
    double      split;                     /* m */
    hd_items    peak;                      /* double, veh/m by name of class */
    double      centre, width;             /* m */
    hd_items    waves;                     /* traffic_wave */
    double      empty;                     /* share of cells without a class */
    const char *file;
    /* of file, filled by check: x; then density, and marker or speed, of each class */
    hd_array    rows[1 + 2 * TRAFFIC_CLASSES];
    uint32_t    rows_are_speeds;           /* bit of each class: the file gives its speed, not its marker */
  } initial;

  int            boundary_form;            /* 0: the word `ring`, 1: the map */
  int            boundary_word;
  traffic_border left, right;

  struct {
    int    scheme;                         /* 0: first_order */
    int    flux;                           /* traffic_flux */
    int    integrator;                     /* 0: euler */
    double courant;                        /* NaN: auto; check puts it in */
    double vacuum;                         /* veh/m */
    double max_step;                       /* s; NaN: none */
    double min_step;                       /* s */
  } numerics;

  struct {
    double  start, end;                    /* s */
    int64_t steps;                         /* INT64_MIN: by the step rule */
  } time;

  struct {
    hd_schedule snapshots, ledger;
    int         compare_form;              /* 0: the word `compare`, 1: the result `compare_file` */
    int         compare;                   /* traffic_compare */
    const char *compare_file;
    /* of the last profile of compare_file, filled by check: density, flow and marker density, [3][class][cell], averages
     * over the cells of the coarser of the two grids */
    const double *reference;
    int64_t     reference_cells;
    double      queue_speed;               /* m/s */
  } output;
} traffic;

/* ---- dimensions and fields: the order of the tables in traffic_fields.c ------------------------------------------ */

enum {
  TRAFFIC_SNAPSHOT, TRAFFIC_ENTRY, TRAFFIC_CLASS, TRAFFIC_CELL,
  TRAFFIC_EXACT,                           /* as TRAFFIC_CLASS with `compare: exact`, else empty */
  TRAFFIC_ACCOUNT, TRAFFIC_EXTREME, TRAFFIC_COUNT, /* lengths of the books, see ledger.h */
  TRAFFIC_WATCH_DIM, TRAFFIC_GROUP         /* what is watched; classes, then all together: see watch.h */
};

enum {
  /* state */
  TRAFFIC_DENSITY, TRAFFIC_MARKER_DENSITY, TRAFFIC_NOW, TRAFFIC_BOOKS, TRAFFIC_EXTREMES, TRAFFIC_COUNTS,
  TRAFFIC_LAST_STORED, TRAFFIC_WATCH,
  /* snapshots */
  TRAFFIC_SNAPSHOT_TIME, TRAFFIC_SPEED, TRAFFIC_MARKER, TRAFFIC_FLOW, TRAFFIC_OCCUPANCY,
  TRAFFIC_EXACT_DENSITY, TRAFFIC_EXACT_SPEED,
  /* ledger */
  TRAFFIC_ENTRY_TIME, TRAFFIC_MASS, TRAFFIC_ENTERED, TRAFFIC_LEFT, TRAFFIC_MASS_RESIDUAL, TRAFFIC_MARKER_RESIDUAL,
  TRAFFIC_STEP_LENGTH, TRAFFIC_DENSITY_MIN, TRAFFIC_OCCUPANCY_MAX, TRAFFIC_SPEED_MIN, TRAFFIC_FALLBACK_FACES,
  TRAFFIC_REPEATED_STEPS, TRAFFIC_CELL_STEPS,
  /* the road */
  TRAFFIC_X, TRAFFIC_CELL_LENGTH, TRAFFIC_LINK, TRAFFIC_QUALITY, TRAFFIC_LANES, TRAFFIC_FREE_SPEED
};

enum { TRAFFIC_FIRST_ORDER_KERNEL, TRAFFIC_ARZ2025_KERNEL };

/* ---- tables ------------------------------------------------------------------------------------------------------ */

extern const hd_param   traffic_params[];
extern const hd_preset  traffic_presets[];
extern const hd_dim     traffic_dims[];
extern const hd_field   traffic_fields[];
extern const hd_kernel  traffic_kernels[]; /* traffic_kernels.c */
extern const hd_measure traffic_measures[];
extern const hd_drawing traffic_figures[];   /* traffic_figures.c */
extern const hd_format  traffic_formats[];   /* traffic_formats.c */

/* ---- before a run: pure functions of the parameters -------------------------------------------------------------- */

hd_status traffic_check(void *params, hd_notes *notes);   /* traffic_check.c */

/* The closures of section 3.1 with classes and categories resolved. */
void traffic_model_of(const traffic *t, traffic_model *model);

/* rho and y [class] of a state; a class without speed and marker is in equilibrium at `category`. Classes are found by
 * name; one that is missing has density 0 (check has complained before). */
void traffic_state_of(const traffic *t, const traffic_model *model, const hd_items *loads, int category,
                      double rho[TRAFFIC_CLASSES], double y[TRAFFIC_CLASSES]);

/* Category of each of the road's cells; borders of stretches go to the nearest face. */
void traffic_categories(const traffic *t, uint8_t *category /* [cell] */);
int  traffic_category_at(const traffic *t, int64_t cell);

/* Exact averages of the initial state over cells first .. first + count - 1: rho and y [class][count]. */
hd_status traffic_initial(const traffic *t, const traffic_model *model, uint64_t seed, int64_t first, int64_t count,
                          double *rho, double *y);

/* ---- exact solutions (exact.c): one class, a Riemann start, no source -------------------------------------------- */

/* Averages over the cells at time t after the start: density, and speed (flow over density; NaN in vacuum), [cell]. */
hd_status traffic_exact(const traffic *t, const traffic_model *model, double time, int64_t cells, double *density,
                        double *speed, double *marker);

/* `compare: exact` is asked for. */
bool traffic_wants_exact(const traffic *t);

/* "middle_density", "middle_speed", "shock_speed", "fan_head", "fan_tail", "contact_speed"; NaN where the solution has
 * no such thing. */
double traffic_exact_value(const traffic *t, const traffic_model *model, const char *name);

#endif
