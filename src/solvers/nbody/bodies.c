/* The bodies at the start (section 3.4): sampled, listed or read, put where their group is at time.start. */
#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/rewind.h"
#include "solvers/nbody/run.h"
#include "solvers/nbody/sample.h"

/* A group being filled: rows of the run's state. */
typedef struct filling {
  const nbody *t;
  const nbody_group *group;
  const char *name;
  hd_key key;
  int64_t first, count, n;
  double *x, *v, *mass; /* [3][n], [3][n], [n]: of the first body of the group */
} filling;

/* ---- masses ------------------------------------------------------------------------------------------------------ */

static double sum_of_masses(const filling *f) { return hd_sum_values(f->mass, f->count); }

static void scale_masses(const filling *f) {
  double all = sum_of_masses(f);
  if (hd_is_nan(f->group->mass) || !(all > 0)) return;
  for (int64_t i = 0; i < f->count; i++) f->mass[i] = f->mass[i] / all * f->group->mass;
}

/* Numbers by fraction, the last share takes what rounding leaves; masses in proportion to weight. */
static void shared_masses(const filling *f) {
  const nbody_share *share = f->group->shares.item;
  double all = 0, so_far = 0;
  int64_t i = 0;
  for (int64_t k = 0; k < f->group->shares.count; k++) all += share[k].fraction;
  for (int64_t k = 0; k < f->group->shares.count; k++) {
    so_far += share[k].fraction;
    int64_t end = (int64_t)hd_round(so_far / all * (double)f->count);
    if (k + 1 == f->group->shares.count) end = f->count;
    for (; i < end; i++) f->mass[i] = share[k].weight;
  }
  scale_masses(f);
}

static void sampled_masses(const filling *f) {
  const nbody_group *g = f->group;
  if (g->type == NBODY_PLUMMER && g->masses_form == 1 && g->shares.count) {
    shared_masses(f);
    return;
  }
  if (g->type == NBODY_PLUMMER && g->masses_form == 1) {
    for (int64_t i = 0; i < f->count; i++)
      f->mass[i] = nbody_power_law_mass(g->slope, g->minimum, g->maximum,
                                        hd_uniform(f->key, (uint64_t)i, NBODY_DRAW_MASS, 0, 0));
    scale_masses(f);
    return;
  }
  for (int64_t i = 0; i < f->count; i++) f->mass[i] = g->mass / (double)f->count;
}

/* ---- the types --------------------------------------------------------------------------------------------------- */

static void put(const filling *f, int64_t i, const double s[6]) {
  for (int k = 0; k < 3; k++) {
    f->x[k * f->n + i] = s[k];
    f->v[k * f->n + i] = s[3 + k];
  }
}

static void plummer(const filling *f) {
  const nbody_group *g = f->group;
  sampled_masses(f);
  double total = sum_of_masses(f), speed = hd_sqrt(f->t->gravity_constant * total / g->scale_radius);
  for (int64_t i = 0; i < f->count; i++) {
    double s[6];
    nbody_plummer_body(f->key, (uint64_t)i, g->truncate, s);
    for (int k = 0; k < 3; k++) s[k] *= g->scale_radius, s[3 + k] *= speed;
    put(f, i, s);
  }
}

static void two_body(const filling *f) {
  const nbody_group *g = f->group;
  const double *m = g->masses.item;
  double all = m[0] + m[1], s[6], one[6];
  nbody_kepler(f->t->gravity_constant * all, g->pericentre, g->eccentricity, 0, s);
  for (int i = 0; i < 2; i++) {
    f->mass[i] = m[i];
    for (int k = 0; k < 6; k++) one[k] = i == 0 ? -(m[1] / all) * s[k] : (m[0] / all) * s[k];
    put(f, i, one);
  }
}

/* Points on a sphere move at right angles to their radius, those on a circle along it. */
static void sphere(const filling *f) {
  const nbody_group *g = f->group;
  sampled_masses(f);
  for (int64_t i = 0; i < f->count; i++) {
    double out[3], along[3], s[6];
    nbody_direction(f->key, (uint64_t)i, NBODY_DRAW_DIRECTION, out);
    nbody_direction(f->key, (uint64_t)i, NBODY_DRAW_MOTION, along);
    double dot = out[0] * along[0] + out[1] * along[1] + out[2] * along[2], length = 0;
    for (int k = 0; k < 3; k++) along[k] -= dot * out[k], length += along[k] * along[k];
    for (int k = 0; k < 3; k++) {
      s[k] = g->radius * out[k];
      s[3 + k] = length > 0 ? g->speed * along[k] / hd_sqrt(length) : 0;
    }
    put(f, i, s);
  }
}

static void circle(const filling *f) {
  const nbody_group *g = f->group;
  sampled_masses(f);
  for (int64_t i = 0; i < f->count; i++) {
    hd_sine_cosine a = hd_sincospi(2 * hd_uniform(f->key, (uint64_t)i, NBODY_DRAW_ANGLE, 0, 0));
    double s[6] = {g->radius * a.cos, g->radius * a.sin, 0, -g->speed * a.sin, g->speed * a.cos, 0};
    put(f, i, s);
  }
}

static void inclined(const filling *f) {
  const nbody_group *g = f->group;
  hd_sine_cosine i = hd_sincos(g->inclination);
  double s[6] = {g->radius * i.cos, 0, g->radius * i.sin, 0, g->speed, 0};
  f->mass[0] = g->mass;
  put(f, 0, s);
}

static void particles(const filling *f) {
  const nbody_group *g = f->group;
  const double *x = g->position.item, *v = g->velocity.item, *m = g->masses.item;
  for (int64_t i = 0; i < f->count; i++) {
    double s[6];
    for (int k = 0; k < 6; k++)
      if (g->file) s[k] = g->file_column[k] ? g->file_column[k][i] : 0;
      else s[k] = k < 3 ? x[3 * i + k] : g->velocity.count ? v[3 * i + k - 3] : 0;
    f->mass[i] = g->file ? (g->file_column[6] ? g->file_column[6][i] : 0) : g->masses.count ? m[i] : 0;
    put(f, i, s);
  }
}

/* ---- where the group is ------------------------------------------------------------------------------------------ */

/* Takes mean position and velocity away, weighted with mass; `shift`: what they were. */
static void recentre(const filling *f, double shift[6]) {
  double all = sum_of_masses(f);
  for (int k = 0; k < 6; k++) {
    double *row = k < 3 ? f->x + k * f->n : f->v + (k - 3) * f->n;
    shift[k] =
        all > 0 ? hd_sum_products(f->mass, row, f->count) / all : hd_sum_values(row, f->count) / (double)f->count;
    for (int64_t i = 0; i < f->count; i++) row[i] -= shift[k];
  }
}

static hd_status rewind_centre(hd_run *run, const filling *f, double centre[6]) {
  const nbody_run *c = run->self;
  void *scratch;
  char why[256];
  HD_TRY(hd_alloc(run, nbody_rewind_bytes(), &scratch));
  nbody_rewound r = nbody_rewind(f->t, f->group, &c->galaxy, scratch);
  for (int k = 0; k < 6; k++) centre[k] = r.centre[k];
  if (r.outcome == HD_ODE_FINE) return HD_OK;
  nbody_rewind_failed(f->t, f->name, &r, why, sizeof why);
  return hd_fail(run, HD_ERR_NUMERIC, "%s", why);
}

static void warn_of_shift(hd_run *run, const filling *f, const double shift[6]) {
  double moved = hd_sqrt(shift[0] * shift[0] + shift[1] * shift[1] + shift[2] * shift[2]), a = f->group->scale_radius;
  int64_t far = 0;
  if (!(moved > 0.2 * a)) return;
  for (int64_t i = 0; i < f->count; i++) {
    double r2 = 0;
    for (int k = 0; k < 3; k++) r2 += (f->x[k * f->n + i] + shift[k]) * (f->x[k * f->n + i] + shift[k]);
    far += r2 > 100 * a * a;
  }
  double in = nbody_is_physical(f->t) ? 1e3 : 1;
  hd_warn(run, "recentring shifts bodies.%s by %.3g%s (%.2g a) because of %lld far star%s; hint: truncate: 0.999",
          f->name, moved * in, nbody_is_physical(f->t) ? " pc" : "", moved / a, (long long)far, far == 1 ? "" : "s");
}

static hd_status fill(hd_run *run, const filling *f, double *start_state, double *recentre_shift) {
  static void (*const of_type[])(const filling *) = {plummer, two_body, sphere, circle, inclined, particles};
  double centre[6], shift[6] = {0}, out = f->t->speed_out;
  HD_TRY(rewind_centre(run, f, centre));
  of_type[f->group->type](f);
  if (f->group->type == NBODY_PLUMMER && f->group->recentre) {
    recentre(f, shift);
    warn_of_shift(run, f, shift);
  }
  for (int k = 0; k < 6; k++) {
    double *row = k < 3 ? f->x + k * f->n : f->v + (k - 3) * f->n;
    for (int64_t i = 0; i < f->count; i++) row[i] += centre[k];
    start_state[k] = centre[k] * (k < 3 ? 1 : out);
    recentre_shift[k] = shift[k] * (k < 3 ? 1 : out);
  }
  return HD_OK;
}

/* ---- two at one place ---------------------------------------------------------------------------------------------- */

typedef struct places {
  const double *x; /* [3][n] */
  int64_t n;
} places;

static bool is_before(const void *arg, int64_t i, int64_t j) {
  const places *p = arg;
  for (int k = 0; k < 3; k++) {
    double a = p->x[k * p->n + i], b = p->x[k * p->n + j];
    if (a != b) return a < b;
  }
  return i < j;
}

/* Without softening the force between two bodies at one place is infinite, if one of them has a mass. */
static hd_status refuse_one_place(hd_run *run) {
  const nbody_run *c = run->self;
  const int64_t *id = hd_data(run, NBODY_ID);
  places p = {c->x, c->n};
  void *memory;
  if (!c->self || c->t->gravity.softening > 0) return HD_OK;
  HD_TRY(hd_alloc(run, (size_t)c->n * sizeof(int64_t), &memory));
  int64_t *order = memory;
  nbody_order_by(is_before, &p, c->n, order);
  for (int64_t k = 0; k + 1 < c->n; k++) {
    int64_t i = order[k], j = order[k + 1];
    bool same = c->x[i] == c->x[j] && c->x[c->n + i] == c->x[c->n + j] && c->x[2 * c->n + i] == c->x[2 * c->n + j];
    if (same && (c->mass[i] > 0 || c->mass[j] > 0))
      return hd_fail(run, HD_ERR_INPUT, "particles %lld and %lld are at the same place and the softening is 0",
                     (long long)id[i], (long long)id[j]);
  }
  return HD_OK;
}

hd_status nbody_bodies(hd_run *run) {
  nbody_run *c = run->self;
  double *start_state = hd_data(run, NBODY_START_STATE), *shift = hd_data(run, NBODY_SHIFT);
  int64_t *id = hd_data(run, NBODY_ID), first = 0;
  for (int64_t g = 0; g < c->t->bodies.count; g++) {
    const nbody_group *group = nbody_group_of(c->t, g);
    filling f = {.t = c->t,
                 .group = group,
                 .name = c->t->bodies.name[g],
                 .first = first,
                 .n = c->n,
                 .count = nbody_group_count(group),
                 .x = c->x + first,
                 .v = c->v + first,
                 .mass = c->mass + first};
    f.key = hd_stream(run->seed, f.name);
    HD_TRY(fill(run, &f, start_state + 6 * g, shift + 6 * g));
    for (int64_t i = 0; i < f.count; i++) id[first + i] = group->file_id ? group->file_id[i] : first + i;
    first += f.count;
  }
  return refuse_one_place(run);
}
