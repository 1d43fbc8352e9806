/* The standard figures of a result (section 6 of the solver's notes), as descriptions. */
#include "heddle/math.h"
#include "io/figure.h"
#include "io/result.h"
#include "solvers/nbody/nbody.h"

#include <stdio.h>
#include <string.h>

#define CHOSEN __builtin_nan("")
static const hd_axis NO_COLOUR = {.low = CHOSEN, .high = CHOSEN};

static hd_axis axis(const char *label, const char *unit) {
  return (hd_axis){label, unit, false, CHOSEN, CHOSEN, NULL, 0};
}
static hd_axis log_axis(const char *label, const char *unit) {
  return (hd_axis){label, unit, true, CHOSEN, CHOSEN, NULL, 0};
}

/* A result as the figures need it; arrays belong to the figure's arena. */
typedef struct view {
  const hd_result *result;
  hd_figure *figure;
  hd_array position, time;
  int64_t snapshots, bodies, shown; /* which snapshot */
} view;

static bool has(const hd_result *result, const char *name) {
  const hd_result_field *fields;
  int64_t count = hd_result_fields(result, &fields);
  for (int64_t i = 0; i < count; i++)
    if (!strcmp(fields[i].name, name)) return true;
  return false;
}

/* frame -1: the last snapshot. */
static hd_status open_view(const hd_result *result, int64_t frame, hd_figure *figure, view *v) {
  *v = (view){.result = result, .figure = figure};
  HD_TRY(hd_read(result, "position", &v->position));
  HD_TRY(hd_read(result, "snapshot_time", &v->time));
  v->snapshots = v->position.size[0];
  v->bodies = v->position.size[1];
  v->shown = frame < 0 ? v->snapshots - 1 : frame;
  return v->shown < 0 || v->shown >= v->snapshots ? HD_ERR_MISSING : HD_OK;
}

static hd_status numbers(const view *v, int64_t count, double **out) {
  void *memory;
  HD_TRY(hd_arena_take(&v->figure->arena, (size_t)(count > 0 ? count : 1) * sizeof(double), &memory));
  *out = memory;
  return HD_OK;
}

/* One of `width` numbers in every row of rows. */
static hd_status column(const view *v, const double *rows, int64_t count, int width, int which, double **out) {
  HD_TRY(numbers(v, count, out));
  for (int64_t i = 0; i < count; i++) (*out)[i] = rows[i * width + which];
  return HD_OK;
}

static hd_status title_of(const view *v, char *out, size_t room) {
  bool physical = v->position.unit && strcmp(v->position.unit, "1") != 0;
  snprintf(out, room, physical ? "t = %.4g Gyr" : "t = %.6g", v->time.at[v->shown]);
  return HD_OK;
}

/* ---- the sky ------------------------------------------------------------------------------------------------------- */

static hd_status sky_row(const view *v, const char *name, const double **row) {
  hd_array a;
  HD_TRY(hd_read(v->result, name, &a));
  *row = a.at + v->shown * v->bodies;
  return HD_OK;
}

static hd_status draw_sky(const hd_result *result, int64_t frame, hd_figure *figure) {
  view v;
  const double *phi1, *phi2, *distance;
  char title[64];
  if (!has(result, "phi1")) return HD_ERR_MISSING;
  HD_TRY(open_view(result, frame, figure, &v));
  HD_TRY(sky_row(&v, "phi1", &phi1));
  HD_TRY(sky_row(&v, "phi2", &phi2));
  HD_TRY(sky_row(&v, "distance", &distance));
  HD_TRY(title_of(&v, title, sizeof title));
  HD_TRY(hd_panel(figure, title, axis("phi1", "deg"), axis("phi2", "deg"), axis("distance", "kpc"), false));
  return hd_add(figure, (hd_mark){.shape = HD_POINTS, .x = phi1, .y = phi2, .z = distance, .nx = v.bodies});
}

static hd_status draw_tracks(const hd_result *result, int64_t frame, hd_figure *figure) {
  static const struct {
    const char *field, *label, *unit;
  } of[4] = {{"distance", "distance", "kpc"},
             {"radial_velocity", "radial velocity", "km/s"},
             {"pm_phi1_cosphi2", "mu1", "mas/yr"},
             {"pm_phi2", "mu2", "mas/yr"}};
  view v;
  const double *phi1, *y;
  if (!has(result, "phi1")) return HD_ERR_MISSING;
  HD_TRY(open_view(result, frame, figure, &v));
  HD_TRY(sky_row(&v, "phi1", &phi1));
  for (int k = 0; k < 4; k++) {
    HD_TRY(sky_row(&v, of[k].field, &y));
    HD_TRY(hd_panel(figure, NULL, axis("phi1", "deg"), axis(of[k].label, of[k].unit), NO_COLOUR, false));
    HD_TRY(hd_add(figure, (hd_mark){.shape = HD_POINTS, .x = phi1, .y = y, .nx = v.bodies}));
  }
  return HD_OK;
}

/* ---- projections --------------------------------------------------------------------------------------------------- */

enum { LINES = 12 };
static const char *const axis_name[3] = {"x", "y", "z"};

/* The way of the mass centre over the ledger; of few bodies with many snapshots the ways of all. */
static hd_status add_ways(const view *v, int a, int b) {
  hd_array centre;
  double *x, *y;
  bool each = v->bodies <= LINES && v->snapshots > 20;
  if (!each) {
    HD_TRY(hd_read(v->result, "mass_centre", &centre));
    HD_TRY(column(v, centre.at, centre.size[0], 3, a, &x));
    HD_TRY(column(v, centre.at, centre.size[0], 3, b, &y));
    return hd_add(v->figure, (hd_mark){.shape = HD_LINE,
                                       .label = "way of the mass centre",
                                       .x = x,
                                       .y = y,
                                       .nx = centre.size[0],
                                       .look = HD_FAINT});
  }
  for (int64_t i = 0; i < v->bodies; i++) {
    char label[32];
    snprintf(label, sizeof label, "body %lld", (long long)i + 1);
    HD_TRY(column(v, v->position.at + 3 * i, v->snapshots, (int)(3 * v->bodies), a, &x));
    HD_TRY(column(v, v->position.at + 3 * i, v->snapshots, (int)(3 * v->bodies), b, &y));
    HD_TRY(hd_add(v->figure, (hd_mark){.shape = HD_LINE, .label = label, .x = x, .y = y, .nx = v->snapshots}));
  }
  return HD_OK;
}

typedef struct span {
  double low, high;
} span;

static void widen(span *s, double x) {
  s->low = s->low <= x ? s->low : x; /* false for the NaN it begins with */
  s->high = s->high >= x ? s->high : x;
}

/* Of coordinate k over all snapshots and the way of the mass centre: the same in all frames of an animation. */
static span span_of(const view *v, const hd_array *centre, int k) {
  span s = {CHOSEN, CHOSEN};
  for (int64_t i = 0; i < v->snapshots * v->bodies; i++) widen(&s, v->position.at[3 * i + k]);
  for (int64_t i = 0; i < centre->size[0]; i++) widen(&s, centre->at[3 * i + k]);
  return s;
}

static void limit(hd_axis *a, span s) {
  double margin = 0.03 * (s.high - s.low);
  a->low = s.low - margin;
  a->high = s.high + margin;
}

static hd_status draw_projections(const hd_result *result, int64_t frame, hd_figure *figure) {
  static const int pair[3][2] = {{0, 1}, {0, 2}, {1, 2}};
  view v;
  span size[3];
  hd_array centre;
  char title[64];
  HD_TRY(open_view(result, frame, figure, &v));
  HD_TRY(hd_read(result, "mass_centre", &centre));
  HD_TRY(title_of(&v, title, sizeof title));
  for (int k = 0; k < 3; k++) size[k] = span_of(&v, &centre, k);
  const double *row = v.position.at + 3 * v.shown * v.bodies;
  for (int p = 0; p < 3; p++) {
    int a = pair[p][0], b = pair[p][1];
    double *x, *y;
    if (p && !(size[b].high > size[b].low)) continue; /* all in one plane: seen from above only */
    hd_axis of_x = axis(axis_name[a], v.position.unit), of_y = axis(axis_name[b], v.position.unit);
    if (frame >= 0) limit(&of_x, size[a]), limit(&of_y, size[b]);
    HD_TRY(column(&v, row, v.bodies, 3, a, &x));
    HD_TRY(column(&v, row, v.bodies, 3, b, &y));
    HD_TRY(hd_panel(figure, p ? NULL : title, of_x, of_y, NO_COLOUR, true));
    HD_TRY(hd_add(figure, (hd_mark){.shape = HD_POINTS, .label = "bodies", .x = x, .y = y, .nx = v.bodies}));
    HD_TRY(add_ways(&v, a, b));
  }
  return HD_OK;
}

/* R and z of the mass centre, and its distance over time. */
static hd_status draw_orbit(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  hd_array centre, time;
  double *R, *z, *r, far = 0;
  HD_TRY(open_view(result, -1, figure, &v));
  HD_TRY(hd_read(result, "mass_centre", &centre));
  HD_TRY(hd_read(result, "entry_time", &time));
  int64_t n = centre.size[0];
  HD_TRY(numbers(&v, n, &R));
  HD_TRY(numbers(&v, n, &r));
  HD_TRY(column(&v, centre.at, n, 3, 2, &z));
  for (int64_t i = 0; i < n; i++) {
    const double *x = centre.at + 3 * i;
    R[i] = hd_sqrt(x[0] * x[0] + x[1] * x[1]);
    r[i] = hd_sqrt(R[i] * R[i] + x[2] * x[2]);
    far = far > r[i] ? far : r[i];
  }
  if (n < 3 || !(far > 1e-9)) return HD_ERR_MISSING;
  HD_TRY(hd_panel(figure, "Mass centre", axis("R", v.position.unit), axis("z", v.position.unit), NO_COLOUR, true));
  HD_TRY(hd_add(figure, (hd_mark){.shape = HD_LINE, .x = R, .y = z, .nx = n}));
  HD_TRY(hd_panel(figure, NULL, axis("time", time.unit), axis("distance from the origin", v.position.unit), NO_COLOUR,
                  false));
  return hd_add(figure, (hd_mark){.shape = HD_LINE, .x = time.at, .y = r, .nx = n});
}

/* ---- the books ----------------------------------------------------------------------------------------------------- */

/* Errors of exactly 0 are shown at 1e-17, below what a double can differ by. */
static hd_status draw_errors(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  const double least = 1e-17;
  view v;
  hd_array time, energy, spin;
  double *e, *l;
  HD_TRY(open_view(result, -1, figure, &v));
  HD_TRY(hd_read(result, "entry_time", &time));
  HD_TRY(hd_read(result, "energy_error", &energy));
  HD_TRY(hd_read(result, "angular_momentum", &spin));
  int64_t n = time.size[0];
  if (n < 2) return HD_ERR_MISSING;
  HD_TRY(numbers(&v, n, &e));
  HD_TRY(numbers(&v, n, &l));
  double size = hd_abs(spin.at[2]);
  for (int64_t i = 0; i < n; i++) {
    e[i] = hd_is_nan(energy.at[i]) ? HD_NAN : hd_larger(hd_abs(energy.at[i]), least);
    l[i] = size > 0 ? hd_larger(hd_abs(spin.at[3 * i + 2] - spin.at[2]) / size, least) : HD_NAN;
  }
  hd_axis y = {"relative error", "", true, CHOSEN, CHOSEN, NULL, 0};
  HD_TRY(hd_panel(figure, NULL, axis("time", time.unit), y, NO_COLOUR, false));
  HD_TRY(hd_add(figure, (hd_mark){.shape = HD_LINE, .label = "energy", .x = time.at + 1, .y = e + 1, .nx = n - 1}));
  return hd_add(
      figure,
      (hd_mark){.shape = HD_LINE, .label = "angular momentum about z", .x = time.at + 1, .y = l + 1, .nx = n - 1});
}

static hd_status draw_radii(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  hd_array time, radius, fraction;
  const char *const *names;
  const int64_t *first;
  if (!has(result, "lagrange_radius")) return HD_ERR_MISSING;
  HD_TRY(open_view(result, -1, figure, &v));
  HD_TRY(hd_read(result, "lagrange_radius", &radius));
  HD_TRY(hd_read(result, "lagrange_fraction", &fraction));
  HD_TRY(hd_read(result, "entry_time", &time));
  int64_t groups = radius.size[1], n = fraction.size[0], named = hd_result_names(result, "body_group", &names, &first);
  if (time.size[0] < 2 || v.bodies < 4) return HD_ERR_MISSING;
  for (int64_t g = 0; g < groups && g < 6; g++) {
    HD_TRY(hd_panel(figure, g < named ? names[g] : NULL, axis("time", time.unit),
                    log_axis("Lagrangian radius", radius.unit), NO_COLOUR, false));
    for (int64_t k = n - 1; k >= 0; k--) {
      char label[32];
      double *r;
      snprintf(label, sizeof label, "%g %%", 100 * fraction.at[k]);
      HD_TRY(column(&v, radius.at + g * n, time.size[0], (int)(groups * n), (int)k, &r));
      for (int64_t i = 0; i < time.size[0]; i++) r[i] = r[i] > 0 ? r[i] : HD_NAN;
      HD_TRY(hd_add(figure, (hd_mark){.shape = HD_LINE, .label = label, .x = time.at, .y = r, .nx = time.size[0]}));
    }
  }
  return HD_OK;
}

static hd_status draw_rotation_curve(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  hd_array radius, total, part;
  const char *const *names;
  const int64_t *first;
  if (!has(result, "circular_velocity")) return HD_ERR_MISSING;
  HD_TRY(hd_read(result, "curve_radius", &radius));
  HD_TRY(hd_read(result, "circular_velocity", &total));
  HD_TRY(hd_read(result, "circular_velocity_component", &part));
  int64_t n = radius.size[0], parts = part.size[0], named = hd_result_names(result, "curve", &names, &first);
  hd_axis y = {"circular velocity", total.unit, false, 0, CHOSEN, NULL, 0};
  HD_TRY(hd_panel(figure, NULL, axis("R", radius.unit), y, NO_COLOUR, false));
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
    {"sky", "The bodies on the sky", "phi1 against phi2 in the observer's frame, coloured by distance", 0, draw_sky},
    {"tracks", "Distances and motions along the stream", "phi1 against distance, radial velocity, proper motions", 0,
     draw_tracks},
    {"projections", "Projections", "x-y, x-z and y-z of the last snapshot", 0, draw_projections},
    {"orbit", "The orbit of the mass centre", "R against z, and the distance over time", 0, draw_orbit},
    {"errors", "Conservation", "relative errors of energy and angular momentum over time", 0, draw_errors},
    {"radii", "Lagrangian radii", "radii about the mass centre that hold shares of the mass", 0, draw_radii},
    {"rotation_curve", "Rotation curve", "circular velocity of the potential and its components", 0,
     draw_rotation_curve},
    {"animation", "Projections, frame by frame", "one frame for each snapshot", HD_ASKED | HD_FRAMES, draw_projections},
    {0}};
