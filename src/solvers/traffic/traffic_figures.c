/* The standard figures of a result (section 6 of the solver's notes), as descriptions: veh/km, km/h, km, s. */
#include "heddle/math.h"
#include "io/figure.h"
#include "solvers/traffic/result_case.h"
#include "solvers/traffic/traffic_physics.h"

#include <string.h>

#define CHOSEN __builtin_nan("")
static const hd_axis NO_COLOUR = {.low = CHOSEN, .high = CHOSEN};

static hd_axis axis(const char *label, const char *unit) {
  return (hd_axis){label, unit, false, CHOSEN, CHOSEN, NULL, 0};
}
static hd_axis from_zero(const char *label, const char *unit) {
  return (hd_axis){label, unit, false, 0, CHOSEN, NULL, 0};
}

/* A result as the figures need it; arrays belong to the figure's arena. */
typedef struct view {
  const hd_result *result;
  hd_figure *figure;
  const char *const *class_name;
  int64_t classes, cells, snapshots;
  const double *x;  /* km, [cell] */
  hd_axis position; /* from end to end of the road */
  hd_array density, speed, time;
} view;

static double *numbers(const view *v, int64_t count, hd_status *status) {
  void *memory = NULL;
  if (*status == HD_OK)
    *status = hd_arena_take(&v->figure->arena, (size_t)(count > 0 ? count : 1) * sizeof(double), &memory);
  return memory;
}

/* from[count] times `unit`, into memory of the figure. */
static hd_status scaled(const view *v, const double *from, int64_t count, double unit, double **out) {
  hd_status status = HD_OK;
  *out = numbers(v, count, &status);
  for (int64_t i = 0; status == HD_OK && i < count; i++) (*out)[i] = from[i] * unit;
  return status;
}

static hd_status open_view(const hd_result *result, hd_figure *figure, view *v) {
  hd_array x, length;
  double *km;
  const int64_t *first;
  *v = (view){.result = result, .figure = figure};
  HD_TRY(hd_read(result, "x", &x));
  HD_TRY(hd_read(result, "cell_length", &length));
  HD_TRY(hd_read(result, "density", &v->density));
  HD_TRY(hd_read(result, "speed", &v->speed));
  HD_TRY(hd_read(result, "snapshot_time", &v->time));
  v->snapshots = v->density.size[0];
  v->classes = v->density.size[1];
  v->cells = v->density.size[2];
  if (hd_result_names(result, "class", &v->class_name, &first) < v->classes) v->class_name = NULL;
  HD_TRY(scaled(v, x.at, v->cells, 1e-3, &km));
  v->x = km;
  v->position = axis("position", "km");
  if (v->cells) {
    v->position.low = km[0] - 0.5e-3 * length.at[0];
    v->position.high = km[v->cells - 1] + 0.5e-3 * length.at[v->cells - 1];
  }
  return HD_OK;
}

static const char *name_of(const view *v, int64_t i) { return v->class_name ? v->class_name[i] : "all"; }

static const double *row_of(const hd_array *a, const view *v, int64_t snapshot, int64_t class) {
  return a->at + (snapshot * v->classes + class) * v->cells;
}

/* ---- profiles -------------------------------------------------------------------------------------------------------- */

/* A line through the averages of cells, drawn on to both ends of the road: a road of one cell is a line, too. */
static hd_status add_profile(const view *v, const double *row, double unit, const char *label, int look) {
  hd_status status = HD_OK;
  int64_t n = v->cells;
  double *x = numbers(v, n + 2, &status), *y = numbers(v, n + 2, &status);
  HD_TRY(status);
  for (int64_t k = 0; k < n + 2; k++) {
    int64_t j = k == 0 ? 0 : k > n ? n - 1 : k - 1;
    x[k] = k == 0 ? v->position.low : k > n ? v->position.high : v->x[j];
    y[k] = row[j] * unit;
  }
  hd_mark mark = {.shape = HD_LINE, .label = label, .x = x, .y = y, .nx = n + 2};
  if (look == HD_DASHED) mark.look = HD_DASHED;
  if (look == HD_FAINT) mark.look = HD_FAINT;
  return hd_add(v->figure, mark);
}

/* Of one quantity: the last snapshot, the exact solution dashed, the first snapshot faint. */
static hd_status profile_panel(const view *v, const char *title, const hd_array *of, const char *exact, hd_axis y,
                               double unit) {
  hd_array is = {0};
  bool compared = hd_read(v->result, exact, &is) == HD_OK && is.rank == 3 && is.size[1] > 0;
  int64_t last = v->snapshots - 1;
  HD_TRY(hd_panel(v->figure, title, v->position, y, NO_COLOUR, false));
  for (int64_t i = 0; i < v->classes; i++) {
    bool legend = i == v->classes - 1; /* one entry for the exact solutions and for the starts of all classes */
    HD_TRY(add_profile(v, row_of(of, v, last, i), unit, name_of(v, i), HD_SOLID));
    if (compared && i < is.size[1])
      HD_TRY(add_profile(v, is.at + (last * is.size[1] + i) * v->cells, unit, legend ? "exact" : NULL, HD_DASHED));
    if (last > 0) HD_TRY(add_profile(v, row_of(of, v, 0, i), unit, legend ? "at the start" : NULL, HD_FAINT));
  }
  return HD_OK;
}

static hd_status draw_profiles(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  HD_TRY(open_view(result, figure, &v));
  if (!v.snapshots || !v.cells) return HD_OK;
  HD_TRY(profile_panel(&v, "Density", &v.density, "exact_density", from_zero("density", "veh/km"), 1e3));
  return profile_panel(&v, "Speed", &v.speed, "exact_speed", axis("speed", "km/h"), 3.6);
}

/* ---- space-time maps ------------------------------------------------------------------------------------------------- */

/* z[snapshot][cell] as a map of its own panel. */
static hd_status map_panel(const view *v, const char *title, const double *z, hd_axis colour) {
  hd_axis time = axis("time", "s");
  time.low = v->time.at[0];
  time.high = v->time.at[v->snapshots - 1];
  HD_TRY(hd_panel(v->figure, title, v->position, time, colour, false));
  return hd_add(v->figure,
                (hd_mark){.shape = HD_IMAGE, .x = v->x, .y = v->time.at, .z = z, .nx = v->cells, .ny = v->snapshots});
}

static double *plane_of(const view *v, const hd_array *of, int64_t class, double unit, hd_status *status) {
  double *z = numbers(v, v->snapshots * v->cells, status);
  for (int64_t s = 0; *status == HD_OK && s < v->snapshots; s++) {
    const double *row = row_of(of, v, s, class);
    for (int64_t j = 0; j < v->cells; j++) z[s * v->cells + j] = row[j] * unit;
  }
  return z;
}

/* All classes: the sum of densities; the speed of the mean vehicle, their flow over their density. */
static hd_status totals(const view *v, double **density, double **speed) {
  hd_status status = HD_OK;
  *density = numbers(v, v->snapshots * v->cells, &status);
  *speed = numbers(v, v->snapshots * v->cells, &status);
  HD_TRY(status);
  for (int64_t s = 0; s < v->snapshots; s++)
    for (int64_t j = 0; j < v->cells; j++) {
      double rho = 0, flow = 0;
      for (int64_t i = 0; i < v->classes; i++) {
        double r = row_of(&v->density, v, s, i)[j], u = row_of(&v->speed, v, s, i)[j];
        rho += r;
        flow += hd_is_nan(u) ? 0 : r * u;
      }
      (*density)[s * v->cells + j] = rho * 1e3;
      (*speed)[s * v->cells + j] = rho > 0 ? flow / rho * 3.6 : HD_NAN;
    }
  return HD_OK;
}

static hd_status draw_maps(const hd_result *result, hd_figure *figure, bool speeds) {
  view v;
  HD_TRY(open_view(result, figure, &v));
  if (v.snapshots < 2) return HD_OK;
  hd_status status = HD_OK;
  hd_axis colour =
      speeds ? axis("speed", "km/h") : axis("density", "veh/km"); /* waves on dense traffic are seen, too */
  for (int64_t i = 0; i < v.classes; i++) {
    double *z = plane_of(&v, speeds ? &v.speed : &v.density, i, speeds ? 3.6 : 1e3, &status);
    HD_TRY(status);
    HD_TRY(map_panel(&v, name_of(&v, i), z, colour));
  }
  if (v.classes < 2) return HD_OK;
  double *density, *speed;
  HD_TRY(totals(&v, &density, &speed));
  return map_panel(&v, "all classes", speeds ? speed : density, colour);
}

static hd_status draw_density_map(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  return draw_maps(result, figure, false);
}
static hd_status draw_speed_map(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  return draw_maps(result, figure, true);
}

/* ---- the books ------------------------------------------------------------------------------------------------------- */

/* Entries with an error of exactly 0 are shown at 1e-17, below what a double can differ by. */
static hd_status draw_mass_error(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  const double least = 1e-17;
  view v;
  hd_array time, residual;
  HD_TRY(open_view(result, figure, &v));
  HD_TRY(hd_read(result, "entry_time", &time));
  HD_TRY(hd_read(result, "mass_residual", &residual));
  hd_axis y = {"relative mass error", "", true, least, CHOSEN, NULL, 0};
  HD_TRY(hd_panel(figure, NULL, axis("time", "s"), y, NO_COLOUR, false));
  for (int64_t i = 0; i < v.classes; i++) {
    hd_status status = HD_OK;
    double *error = numbers(&v, time.size[0], &status);
    HD_TRY(status);
    for (int64_t k = 0; k < time.size[0]; k++) error[k] = hd_larger(hd_abs(residual.at[k * v.classes + i]), least);
    HD_TRY(hd_add(
        figure, (hd_mark){.shape = HD_POINTS, .label = name_of(&v, i), .x = time.at, .y = error, .nx = time.size[0]}));
  }
  return HD_OK;
}

static hd_status draw_step_length(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  hd_array time, step;
  HD_TRY(hd_read(result, "entry_time", &time));
  HD_TRY(hd_read(result, "step_length", &step));
  if (time.size[0] < 2) return HD_OK;
  HD_TRY(hd_panel(figure, NULL, axis("time", "s"), from_zero("step length", "s"), NO_COLOUR, false));
  return hd_add(
      figure,
      (hd_mark){
          .shape = HD_LINE, .x = time.at + 1, .y = step.at + 1, .nx = time.size[0] - 1}); /* none before the first */
}

/* ---- flow against density -------------------------------------------------------------------------------------------- */

enum { CURVE = 101, CLOUD = 20000 };

/* The category of most cells. */
static int common_category(const hd_array *quality) {
  int64_t count[TRAFFIC_CATEGORIES] = {0};
  int most = 1;
  for (int64_t j = 0; j < quality->size[0]; j++)
    if (quality->at[j] >= 1 && quality->at[j] < TRAFFIC_CATEGORIES) count[(int)quality->at[j]]++;
  for (int r = 1; r < TRAFFIC_CATEGORIES; r++)
    if (count[r] > count[most]) most = r;
  return most;
}

/* Vehicles of each class in the first snapshot, as shares of all. */
static void mix_of(const view *v, double *share) {
  double all = 0;
  for (int64_t i = 0; i < v->classes; i++) {
    share[i] = 0;
    for (int64_t j = 0; j < v->cells; j++) share[i] += row_of(&v->density, v, 0, i)[j];
    all += share[i];
  }
  for (int64_t i = 0; i < v->classes; i++) share[i] = all > 0 ? share[i] / all : 1.0 / (double)v->classes;
}

/* rho_i Ve_i of class i at densities of all classes from none to jam, in the mix of the start. */
static hd_status equilibrium_curve(const view *v, const traffic_model *m, int category, int64_t i) {
  double share[TRAFFIC_CLASSES];
  hd_status status = HD_OK;
  double *rho = numbers(v, CURVE, &status), *flow = numbers(v, CURVE, &status);
  HD_TRY(status);
  mix_of(v, share);
  for (int k = 0; k < CURVE; k++) {
    double occupancy = (double)k / (CURVE - 1), r = share[i] * occupancy * m->jam;
    rho[k] = r * 1e3;
    flow[k] = r * traffic_equilibrium(m->creep[i], m->free[i][category] - m->creep[i], occupancy) * 3600;
  }
  return hd_add(
      v->figure,
      (hd_mark){.shape = HD_LINE, .label = "equilibrium, mix of the start", .x = rho, .y = flow, .nx = CURVE});
}

static hd_status flow_panel(const view *v, int64_t i) {
  int64_t all = v->snapshots * v->cells, every = all / CLOUD + 1, n = 0;
  hd_status status = HD_OK;
  double *rho = numbers(v, all / every + 1, &status), *flow = numbers(v, all / every + 1, &status);
  HD_TRY(status);
  for (int64_t k = 0; k < all; k += every) {
    double r = row_of(&v->density, v, k / v->cells, i)[k % v->cells],
           u = row_of(&v->speed, v, k / v->cells, i)[k % v->cells];
    if (hd_is_nan(u)) continue;
    rho[n] = r * 1e3;
    flow[n++] = r * u * 3600;
  }
  HD_TRY(hd_panel(v->figure, name_of(v, i), from_zero("density", "veh/km"), axis("flow", "veh/h"), NO_COLOUR, false));
  return hd_add(v->figure,
                (hd_mark){.shape = HD_POINTS, .label = "cells, all snapshots", .x = rho, .y = flow, .nx = n});
}

static hd_status draw_flow(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  hd_array quality;
  traffic_result_case of;
  traffic_model model;
  HD_TRY(open_view(result, figure, &v));
  HD_TRY(hd_read(result, "quality", &quality));
  HD_TRY(traffic_case_of(result, &figure->arena, &of));
  bool known = of.known && of.t.classes.count == v.classes;
  if (known) traffic_model_of(&of.t, &model);
  for (int64_t i = 0; i < v.classes && v.snapshots; i++) {
    HD_TRY(flow_panel(&v, i));
    if (known) HD_TRY(equilibrium_curve(&v, &model, common_category(&quality), i));
  }
  return HD_OK;
}

/* ---- the table ------------------------------------------------------------------------------------------------------- */

const hd_drawing traffic_figures[] = {
    {"profiles", "Density and speed along the road", "last snapshot; exact solution dashed, first snapshot faint", 0,
     draw_profiles},
    {"density_map", "Density over road and time", "per class and of all", 0, draw_density_map},
    {"speed_map", "Speed over road and time", "per class; of all: flow over density", 0, draw_speed_map},
    {"mass_error", "Conservation of vehicles", "relative mass error of the books", 0, draw_mass_error},
    {"step_length", "Time steps", "length of the step at each entry of the ledger", 0, draw_step_length},
    {"flow_density", "Flow against density",
     "all cells and snapshots, with the equilibrium of the most common category", 0, draw_flow},
    {0}};
