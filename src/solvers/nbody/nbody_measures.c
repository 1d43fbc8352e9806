/* Measures (section 6): what a table of a study shows of one run. Evaluated at the end of it. */
#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/bound.h"
#include "solvers/nbody/run.h"
#include "solvers/nbody/sample.h"

#include <string.h>

/* Bodies of the group an argument names; of all without argument. group: its index, or -1. */
static hd_status range_of(hd_run *run, const char *argument, int64_t *group, int64_t *first, int64_t *count) {
  const nbody_run *c = run->self;
  int64_t from = 0;
  *group = -1, *first = 0, *count = c->n;
  if (!argument) return HD_OK;
  for (int64_t g = 0; g < c->t->bodies.count; g++) {
    int64_t n = nbody_group_count(nbody_group_of(c->t, g));
    if (!strcmp(c->t->bodies.name[g], argument)) {
      *group = g, *first = from, *count = n;
      return HD_OK;
    }
    from += n;
  }
  return hd_fail(run, HD_ERR_INPUT, "unknown group '%s'", argument);
}

/* ---- books ------------------------------------------------------------------------------------------------------- */

static hd_status book(hd_run *run, const char *name, const char *argument, double *value) {
  (void)argument;
  const nbody_run *c = run->self;
  if (!strcmp(name, "energy_error")) *value = c->books[BOOK_ENERGY] == 0 ? HD_NAN : c->books[BOOK_WORST_ENERGY];
  else if (!strcmp(name, "momentum_error")) *value = c->galaxy.terms ? HD_NAN : c->books[BOOK_WORST_MOMENTUM];
  else if (!strcmp(name, "steps")) *value = (double)c->counts[COUNT_STEPS];
  else *value = (double)c->counts[COUNT_INTERACTIONS];
  return HD_OK;
}

static hd_status wall_time(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name, (void)argument;
  *value = hd_seconds(run);
  return HD_OK;
}

static hd_status reach(hd_run *run, const char *name, const char *argument, double *value) {
  const nbody_run *c = run->self;
  int64_t group, first, count;
  HD_TRY(range_of(run, argument, &group, &first, &count));
  if (group < 0 && c->t->bodies.count == 1) group = 0;
  const double *of = c->reaches + REACHES * (group < 0 ? 0 : group);
  *value =
      group < 0 || of[REACH_LEAST] > 1e299 ? HD_NAN : hd_sqrt(of[strcmp(name, "apocentre") ? REACH_LEAST : REACH_MOST]);
  return HD_OK;
}

static hd_status half_mass_radius(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  const nbody_run *c = run->self;
  static const double half = 0.5;
  int64_t group, first, count;
  HD_TRY(range_of(run, argument, &group, &first, &count));
  nbody_lagrange(c, first, count, &half, 1, value);
  return HD_OK;
}

/* Share of the mass; of all bodies as one group without argument. */
static hd_status bound_fraction(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  const nbody_run *c = run->self;
  int64_t group, first, count;
  double bound;
  HD_TRY(range_of(run, argument, &group, &first, &count));
  double all = hd_sum_values(c->mass + first, count);
  *value = HD_NAN;
  if (!c->self || !(all > 0)) return HD_OK;
  HD_TRY(nbody_bound_mass(run, first, count, &bound));
  *value = bound / all;
  return HD_OK;
}

/* ---- shape ------------------------------------------------------------------------------------------------------- */

static double median(nbody_run *c, const double *from, int64_t count) {
  for (int64_t i = 0; i < count; i++) c->sums[i] = from[i];
  nbody_sort(c->sums, count);
  return nbody_quantile(c->sums, count, 0.5);
}

/* Share of a group within core_radius of its component-wise median position. */
static hd_status core_fraction(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  nbody_run *c = run->self;
  int64_t group, first, count, inside = 0;
  double centre[3], radius = c->t->output.core_radius;
  HD_TRY(range_of(run, argument, &group, &first, &count));
  if (group < 0 && c->t->bodies.count == 1) group = 0;
  if (hd_is_nan(radius) && group >= 0) radius = 5 * nbody_group_of(c->t, group)->scale_radius;
  *value = HD_NAN;
  if (hd_is_nan(radius)) return HD_OK;
  for (int k = 0; k < 3; k++) centre[k] = median(c, c->x + k * c->n + first, count);
  for (int64_t i = first; i < first + count; i++) {
    double r2 = 0;
    for (int k = 0; k < 3; k++) r2 += (c->x[k * c->n + i] - centre[k]) * (c->x[k * c->n + i] - centre[k]);
    inside += r2 <= radius * radius;
  }
  *value = (double)inside / (double)count;
  return HD_OK;
}

enum { PHI1, PHI2, DISTANCE };

static void sorted_sky(nbody_run *c, int64_t first, int64_t count, int what) {
  for (int64_t i = 0; i < count; i++) {
    const double *x = c->x + first + i, *v = c->v + first + i;
    const double at[3] = {x[0], x[c->n], x[2 * c->n]}, speed[3] = {v[0], v[c->n], v[2 * c->n]};
    nbody_sky s = nbody_sky_of(&c->view, at, speed);
    c->sums[i] = what == PHI1 ? s.phi1 : what == PHI2 ? s.phi2 : s.distance;
  }
  nbody_sort(c->sums, count);
}

static hd_status sky(hd_run *run, const char *name, const char *argument, double *value) {
  nbody_run *c = run->self;
  int64_t group, first, count;
  HD_TRY(range_of(run, argument, &group, &first, &count));
  *value = HD_NAN;
  if (!c->t->output.sky) return HD_OK;
  bool length = !strcmp(name, "stream_length");
  sorted_sky(c, first, count, !strncmp(name, "phi2", 4) ? PHI2 : !strncmp(name, "distance", 8) ? DISTANCE : PHI1);
  const char *p = strstr(name, "_p");
  double q = length || !p ? 0 : (p[2] - '0') / 10.0 + (p[3] - '0') / 100.0;
  *value = length ? nbody_quantile(c->sums, count, 0.84) - nbody_quantile(c->sums, count, 0.16)
                  : nbody_quantile(c->sums, count, q);
  return HD_OK;
}

/* ---- errors: root of the sum of squares over bodies -------------------------------------------------------------- */

/* Where the bodies should be, [body][x y z vx vy vz] in units of results. */
static hd_status kepler_truth(hd_run *run, double *to) {
  const nbody_run *c = run->self;
  const nbody_group *g = nbody_group_of(c->t, 0);
  const double *m = g->masses.item, *start = hd_data(run, NBODY_START_STATE);
  double s[6], all = m[0] + m[1], dt = *c->now - c->t->time.start;
  nbody_kepler(c->t->gravity_constant * all, g->pericentre, g->eccentricity, dt, s);
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 6; k++) {
      double drift = k < 3 ? start[3 + k] / c->t->speed_out * dt : 0,
             one = i == 0 ? -(m[1] / all) * s[k] : (m[0] / all) * s[k];
      to[6 * i + k] = start[k] + (k < 3 ? one + drift : one * c->t->speed_out);
    }
  return HD_OK;
}

/* The bodies as they began, made again. */
static hd_status initial_truth(hd_run *run, double *to) {
  nbody_run *c = run->self;
  double *x = c->x, *v = c->v;
  void *memory;
  HD_TRY(hd_alloc(run, 6 * (size_t)c->n * sizeof(double), &memory));
  c->x = memory;
  c->v = c->x + 3 * c->n;
  hd_status status = nbody_bodies(run);
  for (int64_t i = 0; status == HD_OK && i < c->n; i++)
    for (int k = 0; k < 3; k++) {
      to[6 * i + k] = c->x[k * c->n + i];
      to[6 * i + 3 + k] = c->v[k * c->n + i] * c->t->speed_out;
    }
  c->x = x;
  c->v = v;
  return status;
}

static hd_status error_of(hd_run *run, const char *name, const char *argument, double *value) {
  const nbody_run *c = run->self;
  const nbody *t = c->t;
  int64_t group, first, count;
  void *memory;
  HD_TRY(range_of(run, argument, &group, &first, &count));
  *value = HD_NAN;
  if (t->output.compare_form == 0 && t->output.compare == NBODY_NOTHING) return HD_OK;
  HD_TRY(hd_alloc(run, 6 * (size_t)c->n * sizeof(double), &memory));
  double *truth = memory, sum = 0;
  if (t->output.compare_form == 0)
    HD_TRY(t->output.compare == NBODY_EXACT ? kepler_truth(run, truth) : initial_truth(run, truth));
  const double *is = t->output.compare_form == 0 ? truth : t->output.reference;
  bool velocity = !strcmp(name, "velocity_error");
  for (int64_t i = first; i < first + count; i++)
    for (int k = 0; k < 3; k++) {
      double d = velocity ? c->v[k * c->n + i] * t->speed_out - is[6 * i + 3 + k] : c->x[k * c->n + i] - is[6 * i + k];
      sum += d * d;
    }
  *value = hd_sqrt(sum);
  return HD_OK;
}

/* clang-format off */
const hd_measure nbody_measures[] = {
  {"energy_error", "1", "largest relative energy error at an entry of the ledger", 0, book},
  {"momentum_error", "1", "largest change of the momentum over sum m |v|, without a potential", 0, book},
  {"half_mass_radius", "kpc", "about the mass centre; @GROUP", 0, half_mass_radius},
  {"bound_fraction", "1", "share of the mass that its own gravity holds together, see bound_mass; @GROUP", 0, bound_fraction},
  {"core_fraction", "1", "share of the bodies within output.core_radius of their median position; @GROUP", 0, core_fraction},
  {"phi1_p16", "deg", "16 % of the bodies have a smaller phi1; @GROUP", 0, sky},
  {"phi1_p50", "deg", "median; @GROUP", 0, sky},
  {"phi1_p84", "deg", "84 %; @GROUP", 0, sky},
  {"phi2_p16", "deg", "16 %; @GROUP", 0, sky},
  {"phi2_p50", "deg", "median; @GROUP", 0, sky},
  {"phi2_p84", "deg", "84 %; @GROUP", 0, sky},
  {"distance_p16", "kpc", "16 %; @GROUP", 0, sky},
  {"distance_p50", "kpc", "median; @GROUP", 0, sky},
  {"distance_p84", "kpc", "84 %; @GROUP", 0, sky},
  {"stream_length", "deg", "phi1_p84 - phi1_p16; @GROUP", 0, sky},
  {"position_error", "kpc", "against output.compare, root of the sum of squares over bodies; @GROUP", HD_ERROR, error_of},
  {"velocity_error", "km/s", "against output.compare, root of the sum of squares over bodies; @GROUP", HD_ERROR, error_of},
  {"pericentre", "kpc", "smallest distance of the group's mass centre from the origin, by cubics between entries of the ledger; @GROUP", 0, reach},
  {"apocentre", "kpc", "largest distance of the group's mass centre from the origin, by cubics between entries of the ledger; @GROUP", 0, reach},
  {"steps", "1", "time steps; of the orbit with the most", 0, book},
  {"interactions", "1", "pairs of bodies computed in steps", 0, book},
  {"wall_time", "s", "that steps and rows have taken; under /provenance", HD_TIMING, wall_time},
  {0}};
/* clang-format on */
