/* heddle/heddle.h: what a user of the library calls.
 *
 *   hd_ctx *hd;  hd_run *run;  hd_array rho;
 *   hd_ctx_new(&hd);
 *   hd_open(hd, "riemann.yaml", NULL, &run);
 *   hd_advance(run, 30.0);                        // seconds here: the unit of the solver's axis
 *   hd_get(run, "density@cars", &rho);            // rho.at[cell], rho.unit is "veh/m"
 *   hd_close(run);  hd_ctx_free(hd);
 *
 * Every fallible call returns hd_status; after a failure hd_ctx_message tells what happened and what was being done.
 * The library never prints, never exits and installs no signal handlers. Several contexts can live in one process; one
 * context is used by one thread at a time.
 */
#ifndef HEDDLE_HEDDLE_H
#define HEDDLE_HEDDLE_H

#include "heddle/array.h"
#include "heddle/status.h"

#include <stdbool.h>

HD_PUBLIC_BEGIN

typedef struct hd_ctx hd_ctx;
typedef struct hd_run hd_run;

const char *hd_version(void); /* "0.1.0" */

hd_status   hd_ctx_new(hd_ctx **out);
void        hd_ctx_free(hd_ctx *ctx);          /* after all that was opened with it */
const char *hd_ctx_message(hd_ctx *ctx);       /* the last failure of this thread and its chain; "" if none */

/* How to open a scenario. A zeroed struct, or NULL, is right. */
typedef struct hd_options {
  const char *const *set;     /* overrides "a.b[2].c=VALUE", as --set */
  int                set_count;
  const char *const *plugin;  /* shared objects that bring solvers, as --plugin */
  int                plugin_count;
  int                threads; /* 0: heddle chooses; never changes a result */
  const char        *folder;  /* checkpoints and results go here; NULL: nothing is written unless asked */
  bool               resume;  /* go on from the newest checkpoint in `folder`, if there is one */
} hd_options;

/* Reads, checks and starts the run that a scenario file describes. HD_ERR_INPUT: hd_ctx_message holds every error of the
 * file, with line, column and caret. */
hd_status hd_open(hd_ctx *ctx, const char *scenario, const hd_options *options, hd_run **out);

/* Computes up to `until`, a position on the solver's axis (INFINITY: the end). Advancing to the present position applies
 * inputs without a step. Rows that fall due on the way are stored. */
hd_status hd_advance(hd_run *run, double until);

double hd_position(const hd_run *run);  /* on the solver's axis */
bool   hd_done(const hd_run *run);

/* The present value of a state or output field, or of one named range of it: "density", "density@cars". Converted to
 * double; valid until the next call with this run. HD_ERR_INPUT: no such name (the message lists the nearest). */
hd_status hd_get(hd_run *run, const char *field, hd_array *out);

/* Sets elements of an input field (flag HD_INPUT); takes effect at the next step and is stored for `replay`. */
hd_status hd_set(hd_run *run, const char *field, int64_t first, int64_t count, const double *values);

/* A measure of the solver: "mass_drift", "travel_time@cars". NaN where it is not defined. */
hd_status hd_measure_value(hd_run *run, const char *measure, double *value);

/* Writes result.h5 (and what the scenario asks for) into a folder; the run must be done. */
hd_status hd_write(hd_run *run, const char *folder);

/* 32 hexadecimal digits of the run's digest (design, section 4.10), and a 0. */
hd_status hd_digest(hd_run *run, char out[33]);

void hd_close(hd_run *run); /* NULL is allowed */

HD_PUBLIC_END

#endif
