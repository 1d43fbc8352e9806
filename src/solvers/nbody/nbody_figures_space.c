/* Where the bodies are: on the sky, in projections, along orbits. */
#include "heddle/math.h"
#include "solvers/nbody/figure_view.h"

#include <stdio.h>
#include <string.h>

/* ---- the sky ------------------------------------------------------------------------------------------------------- */

/* What is shown of a field: the snapshot, or of a single body all snapshots. */
typedef struct sky {
  view v;
  int64_t first, count; /* numbers of a field */
  char title[96];
} sky;

static hd_status open_sky(const hd_result *result, int64_t frame, hd_figure *figure, sky *s) {
  if (!nbody_result_has(result, "phi1")) return HD_ERR_MISSING;
  HD_TRY(nbody_view_open(result, frame, figure, &s->v));
  view *v = &s->v;
  bool one = v->bodies == 1;
  s->first = one ? 0 : v->shown * v->bodies;
  s->count = one ? v->shown + 1 : v->bodies;
  if (s->count < 2) return HD_ERR_MISSING;
  nbody_time_text(v, s->title, sizeof s->title);
  if (one) snprintf(s->title, sizeof s->title, "t = %.4g to %.4g Gyr", v->time.at[0], v->time.at[v->shown]);
  return HD_OK;
}

static hd_status sky_row(const sky *s, const char *name, const double **row) {
  hd_array a;
  HD_TRY(hd_read(s->v.result, name, &a));
  *row = a.at + s->first;
  return HD_OK;
}

/* Adds to the title what share of the bodies lies outside the limits. */
static void tell_outside(int64_t outside, int64_t n, char *title, size_t room) {
  size_t used = strlen(title);
  if (outside) snprintf(title + used, room - used, ", %.2g %% outside", 100.0 * (double)outside / (double)n);
}

static bool is_off(double x, const hd_axis *of) { return x < of->low || x > of->high; }

hd_status nbody_draw_sky(const hd_result *result, int64_t frame, hd_figure *figure) {
  sky s;
  const double *phi1, *phi2, *distance;
  span along, across;
  hd_axis of_x = axis("phi1", "deg"), of_y = axis("phi2", "deg"), colour = axis("distance", "kpc");
  HD_TRY(open_sky(result, frame, figure, &s));
  HD_TRY(sky_row(&s, "phi1", &phi1));
  HD_TRY(sky_row(&s, "phi2", &phi2));
  HD_TRY(sky_row(&s, "distance", &distance));
  HD_TRY(nbody_span(&s.v, phi1, s.count, 1, &along));
  HD_TRY(nbody_span(&s.v, phi2, s.count, 1, &across));
  nbody_limit(&of_x, along);
  nbody_limit(&of_y, across);
  int64_t outside = 0;
  for (int64_t i = 0; i < s.count; i++) outside += is_off(phi1[i], &of_x) || is_off(phi2[i], &of_y);
  tell_outside(outside, s.count, s.title, sizeof s.title);
  bool many = s.count > NBODY_POINTS_MOST;
  if (many) colour = nbody_density_axis();
  else {
    span far;
    HD_TRY(nbody_span(&s.v, distance, s.count, 1, &far));
    nbody_limit(&colour, far);
  }
  HD_TRY(hd_panel(figure, s.title, of_x, of_y, colour, false));
  if (many) return nbody_add_density(&s.v, phi1, phi2, along, across);
  return hd_add(figure, (hd_mark){.shape = HD_POINTS, .x = phi1, .y = phi2, .z = distance, .nx = s.count});
}

hd_status nbody_draw_tracks(const hd_result *result, int64_t frame, hd_figure *figure) {
  static const struct {
    const char *field, *label, *unit;
  } of[4] = {{"distance", "distance", "kpc"},
             {"radial_velocity", "radial velocity", "km/s"},
             {"pm_phi1_cosphi2", "mu1", "mas/yr"},
             {"pm_phi2", "mu2", "mas/yr"}};
  sky s;
  const double *phi1, *y;
  HD_TRY(open_sky(result, frame, figure, &s));
  HD_TRY(sky_row(&s, "phi1", &phi1));
  bool many = s.count > NBODY_POINTS_MOST;
  for (int k = 0; k < 4; k++) {
    hd_axis of_x = axis("phi1", "deg"), of_y = axis(of[k].label, of[k].unit);
    span along, across;
    HD_TRY(sky_row(&s, of[k].field, &y));
    HD_TRY(nbody_span(&s.v, phi1, s.count, 1, &along));
    HD_TRY(nbody_span(&s.v, y, s.count, 1, &across));
    nbody_limit(&of_x, along);
    nbody_limit(&of_y, across);
    HD_TRY(hd_panel(figure, k ? NULL : s.title, of_x, of_y, many ? nbody_density_axis() : NBODY_NO_COLOUR, false));
    if (many) HD_TRY(nbody_add_density(&s.v, phi1, y, along, across));
    else HD_TRY(hd_add(figure, (hd_mark){.shape = HD_POINTS, .x = phi1, .y = y, .nx = s.count}));
  }
  return HD_OK;
}

/* ---- projections --------------------------------------------------------------------------------------------------- */

enum { LINES = 12, MOVING_PICTURES = 20 };
static const char *const axis_name[3] = {"x", "y", "z"};

/* What all three panels show: limits over all snapshots, the same in every frame of an animation. */
typedef struct scene {
  view v;
  span size[3];
  way of[LINES]; /* of the mass centre alone, or of each body */
  int ways;
  bool each;
  double *x[3];
} scene;

static hd_status add_ways(scene *s) {
  view *v = &s->v;
  s->each = v->bodies > 1 && v->bodies <= LINES && v->snapshots > MOVING_PICTURES;
  if (s->each) {
    s->ways = (int)v->bodies;
    for (int i = 0; i < s->ways; i++) HD_TRY(nbody_way(v, i, &s->of[i]));
  } else {
    double most = 0, moved = 0;
    HD_TRY(nbody_way(v, -1, &s->of[0]));
    for (int k = 0; k < 3; k++) {
      span own = {NBODY_CHOSEN, NBODY_CHOSEN};
      nbody_widen(&own, s->of[0].x[k], s->of[0].n);
      moved = hd_larger(moved, own.high - own.low);
      most = hd_larger(most, s->size[k].high - s->size[k].low);
    }
    s->ways = moved > 0.01 * most && s->of[0].n > 1;
  }
  for (int i = 0; i < s->ways; i++)
    for (int k = 0; k < 3; k++) nbody_widen(&s->size[k], s->of[i].x[k], s->of[i].n);
  return HD_OK;
}

/* Scales are equal: a side is shown with at least a third of the longest one. */
static void fill_out(scene *s) {
  double most = 0;
  for (int k = 0; k < 3; k++) most = hd_larger(most, s->size[k].high - s->size[k].low);
  for (int k = 0; k < 3; k++) {
    double wide = s->size[k].high - s->size[k].low, lack = 0.5 * (most / 3 - wide);
    if (!(wide > 0) || !(lack > 0)) continue;
    s->size[k].low -= lack;
    s->size[k].high += lack;
  }
}

static hd_status open_scene(const hd_result *result, int64_t frame, hd_figure *figure, scene *s) {
  HD_TRY(nbody_view_open(result, frame, figure, &s->v));
  view *v = &s->v;
  int64_t first = frame < 0 ? v->shown : 0, all = frame < 0 ? v->bodies : v->snapshots * v->bodies;
  for (int k = 0; k < 3; k++) {
    HD_TRY(nbody_span(v, v->position.at + 3 * first * v->bodies + k, all, 3, &s->size[k]));
    HD_TRY(nbody_column(v, v->position.at + 3 * v->shown * v->bodies, v->bodies, 3, k, &s->x[k]));
  }
  HD_TRY(add_ways(s));
  fill_out(s);
  return HD_OK;
}

static void tell_outside_of_all(const scene *s, char *title, size_t room) {
  int64_t outside = 0, n = s->v.bodies;
  for (int64_t i = 0; i < n; i++) {
    bool in = true;
    for (int k = 0; k < 3; k++) in &= s->x[k][i] >= s->size[k].low && s->x[k][i] <= s->size[k].high;
    outside += !in;
  }
  tell_outside(outside, n, title, room);
}

static hd_status draw_scene(const scene *s, int a, int b) {
  hd_figure *figure = s->v.figure;
  for (int i = 0; s->each && i < s->ways; i++) {
    char label[32];
    snprintf(label, sizeof label, "body %d", i + 1);
    HD_TRY(hd_add(figure, (hd_mark){.shape = HD_POINTS, .label = label, .x = s->x[a] + i, .y = s->x[b] + i, .nx = 1}));
    HD_TRY(hd_add(
        figure,
        (hd_mark){.shape = HD_LINE, .x = s->of[i].x[a], .y = s->of[i].x[b], .nx = s->of[i].n, .look = HD_FAINT}));
  }
  if (s->each) return HD_OK;
  if (s->v.bodies > NBODY_POINTS_MOST) HD_TRY(nbody_add_density(&s->v, s->x[a], s->x[b], s->size[a], s->size[b]));
  else
    HD_TRY(hd_add(figure,
                  (hd_mark){.shape = HD_POINTS, .label = "bodies", .x = s->x[a], .y = s->x[b], .nx = s->v.bodies}));
  if (!s->ways) return HD_OK;
  return hd_add(figure, (hd_mark){.shape = HD_LINE,
                                  .label = "mass centre",
                                  .x = s->of[0].x[a],
                                  .y = s->of[0].x[b],
                                  .nx = s->of[0].n,
                                  .look = HD_FAINT});
}

hd_status nbody_draw_projections(const hd_result *result, int64_t frame, hd_figure *figure) {
  static const int pair[3][2] = {{0, 1}, {0, 2}, {1, 2}};
  scene s = {0};
  char title[96];
  HD_TRY(open_scene(result, frame, figure, &s));
  nbody_time_text(&s.v, title, sizeof title);
  tell_outside_of_all(&s, title, sizeof title);
  if (s.v.bodies == 1 && !s.ways) return HD_ERR_MISSING;
  for (int p = 0; p < 3; p++) {
    int a = pair[p][0], b = pair[p][1];
    if (p && !(s.size[b].high > s.size[b].low)) continue; /* all in one plane: seen from above only */
    hd_axis of_x = axis(axis_name[a], s.v.position.unit), of_y = axis(axis_name[b], s.v.position.unit);
    nbody_limit(&of_x, s.size[a]);
    nbody_limit(&of_y, s.size[b]);
    hd_axis colour = s.v.bodies > NBODY_POINTS_MOST ? nbody_density_axis() : NBODY_NO_COLOUR;
    HD_TRY(hd_panel(figure, p ? NULL : title, of_x, of_y, colour, true));
    HD_TRY(draw_scene(&s, a, b));
  }
  return HD_OK;
}

/* ---- the orbit ------------------------------------------------------------------------------------------------------ */

/* R and z of the mass centre, and its distance over time; where it moves more than a hundredth of what the bodies take up. */
hd_status nbody_draw_orbit(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  view v;
  way w;
  double *R, *r, far = 0, size = 0;
  HD_TRY(nbody_view_open(result, -1, figure, &v));
  HD_TRY(nbody_way(&v, -1, &w));
  HD_TRY(nbody_numbers(&v, w.n, &R));
  HD_TRY(nbody_numbers(&v, w.n, &r));
  for (int k = 0; k < 3; k++) {
    span s;
    HD_TRY(nbody_span(&v, v.position.at + 3 * v.shown * v.bodies + k, v.bodies, 3, &s));
    size = hd_larger(size, s.high - s.low);
  }
  for (int64_t i = 0; i < w.n; i++) {
    R[i] = hd_sqrt(w.x[0][i] * w.x[0][i] + w.x[1][i] * w.x[1][i]);
    r[i] = hd_sqrt(R[i] * R[i] + w.x[2][i] * w.x[2][i]);
    far = hd_larger(far, r[i]);
  }
  if (w.n < 3 || !(far > 1e-9) || !(far > 0.01 * size)) return HD_ERR_MISSING;
  hd_axis time = axis("time", v.time.unit), distance = axis("distance from the origin", v.position.unit);
  HD_TRY(hd_panel(figure, NULL, axis("R", v.position.unit), axis("z", v.position.unit), NBODY_NO_COLOUR, true));
  HD_TRY(hd_add(figure, (hd_mark){.shape = HD_LINE, .x = R, .y = w.x[2], .nx = w.n}));
  HD_TRY(hd_panel(figure, NULL, time, distance, NBODY_NO_COLOUR, false));
  return hd_add(figure, (hd_mark){.shape = HD_LINE, .x = w.t, .y = r, .nx = w.n});
}
