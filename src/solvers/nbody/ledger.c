/* The books (section 4.5): energies, momenta, virial ratio, Lagrangian radii. Sums over bodies by the fixed binary tree.
 * Where no body has a mass, every one counts as 1: energies and momenta per mass. */
#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/bound.h"
#include "solvers/nbody/run.h"

#include <string.h>

typedef struct energies {
  double kinetic, self, external, momentum[3], spin[3], centre[3], weight, virial, scale;
} energies;

static double weight(const nbody_run *c, int64_t i) { return c->total_mass > 0 ? c->mass[i] : 1; }

/* Of the present state, whose force and potential are known; in units of results. */
static void add_up(const nbody_run *c, energies *e) {
  int64_t n = c->n;
  const double *x = c->x, *v = c->v, *a = c->a, speed = c->t->speed_out, square = c->t->potential_out;
  double *s = c->sums;
  for (int64_t i = 0; i < n; i++)
    s[i] = weight(c, i) * (v[i] * v[i] + v[n + i] * v[n + i] + v[2 * n + i] * v[2 * n + i]);
  e->kinetic = 0.5 * hd_sum_values(s, n) * square;
  for (int64_t i = 0; i < n; i++) s[i] = weight(c, i) * c->self_potential[i];
  e->self = 0.5 * hd_sum_values(s, n) * square;
  for (int64_t i = 0; i < n; i++) s[i] = weight(c, i) * c->external_potential[i];
  e->external = hd_sum_values(s, n) * square;
  for (int64_t i = 0; i < n; i++)
    s[i] = weight(c, i) * (x[i] * a[i] + x[n + i] * a[n + i] + x[2 * n + i] * a[2 * n + i]);
  e->virial = hd_sum_values(s, n) * square;
  for (int64_t i = 0; i < n; i++) s[i] = weight(c, i);
  e->weight = hd_sum_values(s, n);
  e->scale = 0;
  for (int k = 0; k < 3; k++) {
    int p = (k + 1) % 3, q = (k + 2) % 3;
    for (int64_t i = 0; i < n; i++) s[i] = weight(c, i) * v[k * n + i];
    e->momentum[k] = hd_sum_values(s, n) * speed;
    for (int64_t i = 0; i < n; i++) s[i] = hd_abs(s[i]);
    e->scale += hd_sum_values(s, n) * speed;
    for (int64_t i = 0; i < n; i++) s[i] = weight(c, i) * x[k * n + i];
    e->centre[k] = hd_sum_values(s, n) / e->weight;
    for (int64_t i = 0; i < n; i++) s[i] = weight(c, i) * (x[p * n + i] * v[q * n + i] - x[q * n + i] * v[p * n + i]);
    e->spin[k] = hd_sum_values(s, n) * speed;
  }
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

/* Mass-weighted mean of from[3][n]: c->x or c->v. */
static void centre_of(const nbody_run *c, const double *from, int64_t first, int64_t count, double centre[3]) {
  double all = hd_sum_values(c->mass + first, count);
  for (int k = 0; k < 3; k++) {
    const double *x = from + k * c->n + first;
    centre[k] = all > 0 ? hd_sum_products(c->mass + first, x, count) / all : hd_sum_values(x, count) / (double)count;
  }
}

/* Radii about the centre, by rising radius with their masses: heap sort of pairs. */
static void sink(double *r, double *m, int64_t at, int64_t n) {
  double top = r[at], mass = m[at];
  for (int64_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && (r[child + 1] > r[child] || (r[child + 1] == r[child] && m[child + 1] > m[child]))) child++;
    if (!(r[child] > top || (r[child] == top && m[child] > mass))) break;
    r[at] = r[child];
    m[at] = m[child];
  }
  r[at] = top;
  m[at] = mass;
}

static void sort_pairs(double *r, double *m, int64_t n) {
  for (int64_t i = n / 2 - 1; i >= 0; i--) sink(r, m, i, n);
  for (int64_t last = n - 1; last > 0; last--) {
    double top = r[0], mass = m[0];
    r[0] = r[last], m[0] = m[last];
    r[last] = top, m[last] = mass;
    sink(r, m, 0, last);
  }
}

const double nbody_fractions[NBODY_FRACTIONS_COUNT] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9};

void nbody_lagrange(const nbody_run *c, int64_t first, int64_t count, const double *fraction, int n, double *radius) {
  double centre[3], *r = c->sums, *m = c->sums + c->n, all = 0, so_far = 0;
  centre_of(c, c->x, first, count, centre);
  for (int64_t i = 0; i < count; i++) {
    double r2 = 0;
    for (int k = 0; k < 3; k++) {
      double d = c->x[k * c->n + first + i] - centre[k];
      r2 += d * d;
    }
    r[i] = r2;
    m[i] = c->mass[first + i];
  }
  sort_pairs(r, m, count);
  for (int64_t i = 0; i < count; i++) all += m[i];
  bool massless = !(all > 0);
  if (massless) all = (double)count;
  int k = 0;
  for (int64_t i = 0; i < count && k < n; i++) {
    so_far += massless ? 1 : m[i];
    while (k < n && so_far >= fraction[k] * all) radius[k++] = hd_sqrt(r[i]);
  }
  while (k < n) radius[k++] = hd_sqrt(r[count - 1]);
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

/* A squared distance, its rate and the rate of that, at one time. Squares turn more gently than distances. */
typedef struct turn {
  double at, square, rate, bend;
} turn;

static bool alike(double a, double b) { return hd_abs(a - b) <= 0.5 * hd_abs(b); }

/* The extremum of the cubic through both ends, squares and rates, where there is one inside and the cubic bends as the curve
 * does at both ends: the interval then resolves it. Else the square at the later end. */
static double extremum(const turn *from, const turn *to) {
  double h = to->at - from->at, rise = to->square - from->square, u0 = from->rate * h, u1 = to->rate * h,
         bend0 = 6 * rise - 4 * u0 - 2 * u1, bend1 = -6 * rise + 2 * u0 + 4 * u1;
  if (!(u0 * u1 < 0) || !(bend0 * bend1 > 0) || !alike(from->bend * h * h, bend0) || !alike(to->bend * h * h, bend1))
    return to->square;
  /* u0 + bend0 s + (bend1 - bend0) s^2/2 = 0 has one root in (0, 1), found without cancellation: u0 bend0 < 0 */
  double root = hd_sqrt(bend0 * bend0 - 2 * (bend1 - bend0) * u0), s = -2 * u0 / (bend0 + hd_sign_of(root, bend0));
  return hd_larger(from->square + s * (u0 + s * (bend0 / 2 + s * (bend1 - bend0) / 6)), 0);
}

static turn turn_of(const nbody_run *c, int64_t first, int64_t count) {
  double x[3], v[3], a[3];
  turn now = {.at = *c->now};
  centre_of(c, c->x, first, count, x);
  centre_of(c, c->v, first, count, v);
  centre_of(c, c->a, first, count, a);
  for (int k = 0; k < 3; k++) {
    now.square += x[k] * x[k];
    now.rate += 2 * x[k] * v[k];
    now.bend += 2 * (v[k] * v[k] + x[k] * a[k]);
  }
  return now;
}

static void note_reach(nbody_run *c) {
  int64_t first = 0;
  for (int64_t g = 0; g < c->t->bodies.count; g++) {
    int64_t count = nbody_group_count(nbody_group_of(c->t, g));
    double *reach = c->reaches + REACHES * g;
    turn before = {reach[REACH_TIME], reach[REACH_SQUARE], reach[REACH_RATE], reach[REACH_BEND]},
         now = turn_of(c, first, count);
    double inside = reach[REACH_LEAST] < 1e299 ? extremum(&before, &now) : now.square;
    reach[REACH_LEAST] = hd_smaller(hd_smaller(now.square, inside), reach[REACH_LEAST]);
    reach[REACH_MOST] = hd_larger(hd_larger(now.square, inside), reach[REACH_MOST]);
    reach[REACH_TIME] = now.at;
    reach[REACH_SQUARE] = now.square;
    reach[REACH_RATE] = now.rate;
    reach[REACH_BEND] = now.bend;
    first += count;
  }
}

hd_status nbody_ledger_open(hd_run *run) {
  nbody_run *c = run->self;
  energies e;
  HD_TRY(nbody_force_now(run, true));
  add_up(c, &e);
  c->books[BOOK_ENERGY] = e.kinetic + e.self + e.external;
  for (int k = 0; k < 3; k++) c->books[BOOK_MOMENTUM + k] = e.momentum[k];
  c->books[BOOK_SCALE] = e.scale;
  c->books[BOOK_EXTERNAL] = e.external;
  c->books[BOOK_STEP] = HD_NAN;
  for (int64_t g = 0; g < c->t->bodies.count; g++) c->reaches[REACHES * g + REACH_LEAST] = 1e300;
  return HD_OK;
}

static double worst_momentum(const nbody_run *c, const energies *e) {
  double d2 = 0, scale = hd_larger(e->scale, c->books[BOOK_SCALE]);
  for (int k = 0; k < 3; k++) {
    double d = e->momentum[k] - c->books[BOOK_MOMENTUM + k];
    d2 += d * d;
  }
  return scale > 0 ? hd_sqrt(d2) / scale : 0;
}

static void put(hd_run *run, int field, double value) {
  double *at = hd_data(run, field);
  if (at) *at = value;
}

/* Of each group, where they are asked for. */
static hd_status put_bound(hd_run *run) {
  const nbody_run *c = run->self;
  double *mass = hd_data(run, NBODY_BOUND_MASS), *place = hd_data(run, NBODY_DENSITY_CENTRE);
  int64_t first = 0;
  for (int64_t g = 0; (mass || place) && g < c->t->bodies.count; g++) {
    int64_t count = nbody_group_count(nbody_group_of(c->t, g));
    nbody_centre centre;
    if (mass) HD_TRY(nbody_bound_mass(run, first, count, &mass[g]));
    if (place) {
      HD_TRY(nbody_density_centre(run, first, count, &centre));
      memcpy(place + 3 * g, centre.x, sizeof centre.x);
    }
    first += count;
  }
  return HD_OK;
}

static void put3(hd_run *run, int field, const double value[3]) {
  double *at = hd_data(run, field);
  for (int k = 0; at && k < 3; k++) at[k] = value[k];
}

hd_status nbody_ledger_entry(hd_run *run) {
  nbody_run *c = run->self;
  energies e;
  HD_TRY(nbody_force_now(run, true));
  add_up(c, &e);
  double before = c->books[BOOK_ENERGY], error = (e.kinetic + e.self + e.external - before) / hd_abs(before);
  if (before == 0) error = HD_NAN;
  c->books[BOOK_WORST_ENERGY] = hd_larger(hd_abs(error), c->books[BOOK_WORST_ENERGY]);
  c->books[BOOK_WORST_MOMENTUM] = hd_larger(worst_momentum(c, &e), c->books[BOOK_WORST_MOMENTUM]);
  note_reach(c);
  put(run, NBODY_ENTRY_TIME, *c->now);
  put(run, NBODY_KINETIC, e.kinetic);
  put(run, NBODY_SELF_ENERGY, e.self);
  put(run, NBODY_EXTERNAL_ENERGY, e.external);
  put(run, NBODY_ENERGY_ERROR, error);
  put3(run, NBODY_MOMENTUM, e.momentum);
  put3(run, NBODY_ANGULAR_MOMENTUM, e.spin);
  put3(run, NBODY_MASS_CENTRE, e.centre);
  put(run, NBODY_VIRIAL, e.virial != 0 ? 2 * e.kinetic / hd_abs(e.virial) : HD_NAN);
  put(run, NBODY_STEP_LENGTH, c->books[BOOK_STEP]);
  put(run, NBODY_EXTERNAL_WORK, c->books[BOOK_EXTERNAL] - e.external);
  int64_t *steps = hd_data(run, NBODY_STEPS);
  if (steps) *steps = c->counts[COUNT_STEPS];
  double residual[3];
  nbody_impulse_residual(run, e.momentum, c->books + BOOK_MOMENTUM, residual);
  put3(run, NBODY_IMPULSE_RESIDUAL, residual);
  double *radius = hd_data(run, NBODY_LAGRANGE);
  int64_t first = 0;
  for (int64_t g = 0; radius && g < c->t->bodies.count; g++) {
    int64_t count = nbody_group_count(nbody_group_of(c->t, g));
    nbody_lagrange(c, first, count, nbody_fractions, NBODY_FRACTIONS_COUNT, radius + g * NBODY_FRACTIONS_COUNT);
    first += count;
  }
  return put_bound(run);
}
