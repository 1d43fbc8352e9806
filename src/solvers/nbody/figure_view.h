/* What nbody's figures share: a result with one of its snapshots, orbits drawn smoothly, axes that a few far bodies do not
 * stretch, densities where there are too many bodies for points. Arrays belong to the figure's arena.
 */
#ifndef NBODY_FIGURE_VIEW_H
#define NBODY_FIGURE_VIEW_H

#include "io/figure.h"
#include "io/result.h"
#include "solvers/nbody/nbody.h"

#define NBODY_CHOSEN __builtin_nan("")
static const hd_axis NBODY_NO_COLOUR = {.low = NBODY_CHOSEN, .high = NBODY_CHOSEN};

typedef struct nbody_figure_view {
  const hd_result *result;
  hd_figure *figure;
  hd_array position, velocity, time;
  int64_t snapshots, bodies, shown;        /* which snapshot */
  bool physical;
} view;

/* Limits of an axis. */
typedef struct span {
  double low, high;
} span;

/* A way through space: [3][n], at times t. */
typedef struct way {
  double *t, *x[3];
  int64_t n;
} way;

static inline hd_axis axis(const char *label, const char *unit) {
  return (hd_axis){label, unit, false, NBODY_CHOSEN, NBODY_CHOSEN, NULL, 0};
}
static inline hd_axis log_axis(const char *label, const char *unit) {
  return (hd_axis){label, unit, true, NBODY_CHOSEN, NBODY_CHOSEN, NULL, 0};
}

bool      nbody_result_has(const hd_result *result, const char *name);
/* frame -1: the last snapshot. HD_ERR_MISSING: there is no such snapshot. */
hd_status nbody_view_open(const hd_result *result, int64_t frame, hd_figure *figure, view *v);
hd_status nbody_numbers(const view *v, int64_t count, double **out);
/* One of `width` numbers in every row of rows. */
hd_status nbody_column(const view *v, const double *rows, int64_t count, int width, int which, double **out);
void      nbody_time_text(const view *v, char *out, size_t room);   /* "t = -3 Gyr" */

/* The way of a body over the snapshots (its index), or of the mass centre over the ledger (-1): cubics through places and
 * velocities where stored times resolve it, straight lines elsewhere. */
hd_status nbody_way(const view *v, int64_t body, way *out);

/* Limits that show n numbers, one of each `stride`, but for the farthest ones where these would take up a fifth of the axis
 * and more. NaN for both where there are none. */
hd_status nbody_span(const view *v, const double *x, int64_t n, int stride, span *out);
void      nbody_widen(span *s, const double *x, int64_t n);
/* Sets an axis to these limits and a margin; leaves it where they are one point. */
void      nbody_limit(hd_axis *axis, span s);

enum { NBODY_POINTS_MOST = 20000 };
/* More bodies than NBODY_POINTS_MOST: an image of their number within the limits of both axes. The panel's colour axis is then
 * nbody_density_axis. */
hd_status nbody_add_density(const view *v, const double *x, const double *y, span of_x, span of_y);
hd_axis   nbody_density_axis(void);

/* nbody_figures_space.c */
hd_status nbody_draw_sky(const hd_result *result, int64_t frame, hd_figure *figure);
hd_status nbody_draw_tracks(const hd_result *result, int64_t frame, hd_figure *figure);
hd_status nbody_draw_projections(const hd_result *result, int64_t frame, hd_figure *figure);
hd_status nbody_draw_orbit(const hd_result *result, int64_t frame, hd_figure *figure);

#endif
