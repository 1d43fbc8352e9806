/* The standard figures of a result (section 6 of the solver's notes), as descriptions. */
#include "heddle/math.h"
#include "solvers/nbody/figure_view.h"

#include <stdio.h>
#include <string.h>

/* ---- the books ----------------------------------------------------------------------------------------------------- */

/* Errors of exactly 0 are shown at 1e-17, below what a double can differ by. */
enum { NO_ERRORS = 3 };

/* An axis that holds these errors and does not begin or end on one of them. */
static hd_axis error_axis(const double *const *errors, int count, int64_t n) {
  span s = {NBODY_CHOSEN, NBODY_CHOSEN};
  for (int k = 0; k < count; k++) nbody_widen(&s, errors[k], n);
  return (hd_axis){"relative error", "", true, s.low / 3, s.high * 3, NULL, 0};
}

static hd_status draw_errors(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  static const char *const label[2] = {"energy", "angular momentum about z"};
  const double least = 1e-17;
  view v;
  hd_array time, energy, spin;
  double *error[2];
  const double *shown[2];
  int lines = 0;
  HD_TRY(nbody_view_open(result, -1, figure, &v));
  HD_TRY(hd_read(result, "entry_time", &time));
  HD_TRY(hd_read(result, "energy_error", &energy));
  HD_TRY(hd_read(result, "angular_momentum", &spin));
  int64_t n = time.size[0];
  if (n < NO_ERRORS) return HD_ERR_MISSING;
  for (int k = 0; k < 2; k++) HD_TRY(nbody_numbers(&v, n, &error[k]));
  double size = hd_abs(spin.at[2]);
  for (int64_t i = 0; i < n; i++) {
    error[0][i] = hd_larger(hd_abs(energy.at[i]), least);
    error[1][i] = hd_larger(hd_abs(spin.at[3 * i + 2] - spin.at[2]) / size, least);
  }
  bool there[2] = {!hd_is_nan(energy.at[n - 1]), size > 0};
  for (int k = 0; k < 2; k++)
    if (there[k]) shown[lines++] = error[k] + 1;
  if (!lines) return HD_ERR_MISSING;
  HD_TRY(hd_panel(figure, NULL, axis("time", time.unit), error_axis(shown, lines, n - 1), NBODY_NO_COLOUR, false));
  for (int k = 0; k < 2; k++)
    if (there[k])
      HD_TRY(hd_add(figure,
                    (hd_mark){.shape = HD_LINE, .label = label[k], .x = time.at + 1, .y = error[k] + 1, .nx = n - 1}));
  return HD_OK;
}

/* ---- steps --------------------------------------------------------------------------------------------------------- */

enum { BINS = 24 };

/* Counts values in equal bins of themselves or of their logarithms, each `weight` times, as stairs with an empty bin on
 * either side. */
static hd_status add_histogram(const view *v, const double *value, const double *weight, int64_t n, span s, bool log) {
  double *edge, *count, low = log ? hd_log(s.low) : s.low, high = log ? hd_log(s.high) : s.high;
  HD_TRY(nbody_numbers(v, BINS + 3, &edge));
  HD_TRY(nbody_numbers(v, BINS + 3, &count));
  double width = (high - low) / BINS;
  for (int b = 0; b < BINS + 3; b++) {
    edge[b] = low + (b - 1) * width;
    if (log) edge[b] = hd_exp(edge[b]);
    count[b] = 0;
  }
  for (int64_t i = 0; i < n; i++) {
    int b = (int)(((log ? hd_log(value[i]) : value[i]) - low) / width);
    count[(b < 0 ? 0 : b < BINS ? b : BINS - 1) + 1] += weight[i];
  }
  return hd_add(v->figure, (hd_mark){.shape = HD_STAIRS, .x = edge, .y = count, .nx = BINS + 3});
}

/* Orbits with steps of their own: how many needed how many. Else the length at every entry, as often as there were steps. */
static hd_status draw_steps(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  hd_array own, steps, length;
  double *value, *weight;
  int64_t n = 0;
  HD_TRY(nbody_view_open(result, -1, figure, &v));
  if (!nbody_result_has(result, "orbit_steps")) return HD_ERR_MISSING; /* all alike */
  HD_TRY(hd_read(result, "orbit_steps", &own));
  HD_TRY(hd_read(result, "steps", &steps));
  HD_TRY(hd_read(result, "step_length", &length));
  bool many = own.size[0] > 1;
  int64_t most = many ? own.size[0] : length.size[0];
  HD_TRY(nbody_numbers(&v, most, &value));
  HD_TRY(nbody_numbers(&v, most, &weight));
  for (int64_t i = many ? 0 : 1; i < most; i++) {
    weight[n] = many ? 1 : steps.at[i] - steps.at[i - 1];
    value[n] = many ? own.at[i] : length.at[i];
    n += weight[n] > 0 && value[n] > 0;
  }
  span s = {NBODY_CHOSEN, NBODY_CHOSEN};
  nbody_widen(&s, value, n);
  if (n < 2 || !(s.high > s.low)) return HD_ERR_MISSING;
  hd_axis x = many ? axis("steps of an orbit", "") : axis("length of a step", length.unit),
          y = {many ? "orbits" : "steps", "", false, 0, NBODY_CHOSEN, NULL, 0};
  x.log = s.high > 10 * s.low;
  HD_TRY(hd_panel(figure, NULL, x, y, NBODY_NO_COLOUR, false));
  return add_histogram(&v, value, weight, n, s, x.log);
}

/* ---- what a galaxy and a cluster are like --------------------------------------------------------------------------- */

static hd_status draw_radii(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  hd_array time, radius, fraction;
  const char *const *names;
  const int64_t *first;
  if (!nbody_result_has(result, "lagrange_radius")) return HD_ERR_MISSING;
  HD_TRY(nbody_view_open(result, -1, figure, &v));
  HD_TRY(hd_read(result, "lagrange_radius", &radius));
  HD_TRY(hd_read(result, "lagrange_fraction", &fraction));
  HD_TRY(hd_read(result, "entry_time", &time));
  int64_t groups = radius.size[1], n = fraction.size[0], named = hd_result_names(result, "body_group", &names, &first);
  if (time.size[0] < 2 || v.bodies < 4) return HD_ERR_MISSING;
  for (int64_t g = 0; g < groups && g < 6; g++) {
    HD_TRY(hd_panel(figure, g < named ? names[g] : NULL, axis("time", time.unit),
                    log_axis("Lagrangian radius", radius.unit), NBODY_NO_COLOUR, false));
    for (int64_t k = n - 1; k >= 0; k--) {
      char label[32];
      double *r;
      snprintf(label, sizeof label, "%g %%", 100 * fraction.at[k]);
      HD_TRY(nbody_column(&v, radius.at + g * n, time.size[0], (int)(groups * n), (int)k, &r));
      for (int64_t i = 0; i < time.size[0]; i++) r[i] = r[i] > 0 ? r[i] : HD_NAN;
      HD_TRY(hd_add(figure, (hd_mark){.shape = HD_LINE, .label = label, .x = time.at, .y = r, .nx = time.size[0]}));
    }
  }
  return HD_OK;
}

static hd_status draw_bound(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  hd_array time, mass;
  const char *const *names;
  const int64_t *first;
  if (!nbody_result_has(result, "bound_mass")) return HD_ERR_MISSING;
  HD_TRY(nbody_view_open(result, -1, figure, &v));
  HD_TRY(hd_read(result, "bound_mass", &mass));
  HD_TRY(hd_read(result, "entry_time", &time));
  int64_t n = time.size[0], groups = mass.size[1], named = hd_result_names(result, "body_group", &names, &first);
  if (n < 2 || hd_is_nan(mass.at[0])) return HD_ERR_MISSING;
  hd_axis y = {"bound mass", mass.unit, false, 0, NBODY_CHOSEN, NULL, 0};
  HD_TRY(hd_panel(figure, NULL, axis("time", time.unit), y, NBODY_NO_COLOUR, false));
  for (int64_t g = 0; g < groups && g < 6; g++) {
    double *m;
    HD_TRY(nbody_column(&v, mass.at, n, (int)groups, (int)g, &m));
    HD_TRY(hd_add(figure,
                  (hd_mark){.shape = HD_LINE, .label = g < named ? names[g] : NULL, .x = time.at, .y = m, .nx = n}));
  }
  return HD_OK;
}

static hd_status draw_rotation_curve(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  hd_array radius, total, part;
  const char *const *names;
  const int64_t *first;
  if (!nbody_result_has(result, "circular_velocity")) return HD_ERR_MISSING;
  HD_TRY(hd_read(result, "curve_radius", &radius));
  HD_TRY(hd_read(result, "circular_velocity", &total));
  HD_TRY(hd_read(result, "circular_velocity_component", &part));
  int64_t n = radius.size[0], parts = part.size[0], named = hd_result_names(result, "curve", &names, &first);
  hd_axis y = {"circular velocity", total.unit, false, 0, NBODY_CHOSEN, NULL, 0};
  HD_TRY(hd_panel(figure, NULL, axis("R", radius.unit), y, NBODY_NO_COLOUR, false));
  HD_TRY(hd_add(figure, (hd_mark){.shape = HD_LINE, .label = "total", .x = radius.at, .y = total.at, .nx = n}));
  for (int64_t k = 0; k < parts; k++)
    HD_TRY(hd_add(
        figure,
        (hd_mark){
            .shape = HD_LINE, .label = k < named ? names[k] : NULL, .x = radius.at, .y = part.at + k * n, .nx = n}));
  return HD_OK;
}

/* ---- the table ----------------------------------------------------------------------------------------------------- */

const hd_drawing nbody_figures[] = {
    {"sky", "The bodies on the sky", "phi1 against phi2 in the observer's frame, coloured by distance", 0,
     nbody_draw_sky},
    {"tracks", "Distances and motions along the stream", "phi1 against distance, radial velocity, proper motions", 0,
     nbody_draw_tracks},
    {"projections", "Projections", "x-y, x-z and y-z of the last snapshot", 0, nbody_draw_projections},
    {"orbit", "The orbit of the mass centre", "R against z, and the distance over time", 0, nbody_draw_orbit},
    {"errors", "Conservation", "relative errors of energy and angular momentum over time", 0, draw_errors},
    {"radii", "Lagrangian radii", "radii about the mass centre that hold shares of the mass", 0, draw_radii},
    {"bound", "Bound mass", "what holds itself together of each group, where bound_mass is asked for", 0, draw_bound},
    {"steps", "Histogram of steps", "of adaptive integrators: lengths of steps, or steps of each orbit", 0, draw_steps},
    {"rotation_curve", "Rotation curve", "circular velocity of the potential and its components", 0,
     draw_rotation_curve},
    {"animation", "Projections, frame by frame", "one frame for each snapshot", HD_ASKED | HD_FRAMES,
     nbody_draw_projections},
    {0}};
