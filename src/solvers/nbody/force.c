/* Forces on all bodies: pairs in rounds of tiles that meet (pair.h), then the galaxy, block by block of 256 bodies. */
#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/run.h"

#include <string.h>

typedef struct job {
  const double *x; /* [3][n] */
  double *a, *self, *external;
  const d_sources *pairs;
  const f_sources *rounded;
  int64_t round;
  nbody_sums sums;
} job;

/* Two functions, since what their blocks cost differs. */
static hd_status meet(hd_run *run, int64_t tile, void *arg) {
  const nbody_run *c = run->self;
  const job *j = arg;
  if (j->rounded) c->pair_single(j->rounded, c->t->gravity.softening, j->round, tile, &j->sums);
  else c->pair_double(j->pairs, c->t->gravity.softening, j->round, tile, &j->sums);
  return HD_OK;
}
static hd_status meet_itself(hd_run *run, int64_t tile, void *arg) { return meet(run, tile, arg); }

static void finish_pairs(const nbody_run *c, const job *j, int64_t first, int64_t count) {
  double G = c->t->gravity_constant;
  for (int k = 0; k < 3; k++) {
    double *restrict a = j->a + k * c->n + first;
    const double *restrict b = j->sums.partner[k] + first;
    for (int64_t i = 0; i < count; i++) a[i] = G * (a[i] + b[i]);
  }
  for (int64_t i = first; j->self && i < first + count; i++) j->self[i] = -(G * (j->self[i] + j->sums.partner[3][i]));
}

static hd_status finish(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const job *j = arg;
  int64_t first = block * NBODY_TILE, count = c->n - first < NBODY_TILE ? c->n - first : NBODY_TILE, n = c->n;
  const double *const x[3] = {j->x + first, j->x + n + first, j->x + 2 * n + first};
  double *const a[3] = {j->a + first, j->a + n + first, j->a + 2 * n + first};
  if (c->self) finish_pairs(c, j, first, count);
  else
    for (int k = 0; k < 3; k++) memset(a[k], 0, (size_t)count * sizeof(double));
  if (!c->self && j->self) memset(j->self + first, 0, (size_t)count * sizeof(double));
  if (c->galaxy.terms) c->galaxy_force(&c->galaxy, count, x, a);
  if (!j->external) return HD_OK;
  memset(j->external + first, 0, (size_t)count * sizeof(double));
  if (c->galaxy.terms) c->galaxy_potential(&c->galaxy, count, x, j->external + first);
  return HD_OK;
}

/* Coordinates relative to the mass centre, rounded to float. */
static void round_sources(const nbody_run *c, const double *x, f_sources *out) {
  int64_t n = c->n;
  for (int k = 0; k < 3; k++) {
    double centre = c->total_mass > 0 ? hd_sum_products(c->mass, x + k * n, n) / c->total_mass : 0;
    for (int64_t i = 0; i < n; i++) c->rounded[k * n + i] = (float)(x[k * n + i] - centre);
  }
  for (int64_t i = 0; i < n; i++) c->rounded[3 * n + i] = (float)c->mass[i];
  *out = (f_sources){n, c->rounded, c->rounded + n, c->rounded + 2 * n, c->rounded + 3 * n, c->empty};
}

/* Of so many bodies a force takes some seconds, and a stop does not wait for the end of the step. */
static const int64_t long_force = 140000;

/* The blocks write through the pointers. NOLINTNEXTLINE(readability-non-const-parameter) */
hd_status nbody_force(hd_run *run, const double *x, double *a, double *self_potential, double *external_potential) {
  nbody_run *c = run->self;
  d_sources pairs = {c->n, x, x + c->n, x + 2 * c->n, c->mass, c->empty};
  f_sources rounded;
  job j = {.x = x, .pairs = &pairs, .a = a, .self = self_potential, .external = external_potential};
  for (int k = 0; c->self && k < 3 + (self_potential != NULL); k++) {
    j.sums.owner[k] = k < 3 ? a + k * c->n : self_potential;
    j.sums.partner[k] = c->partner + k * c->n;
  }
  if (c->self && c->single) {
    round_sources(c, x, &rounded);
    j.rounded = &rounded;
  }
  for (; c->self && j.round < nbody_pair_rounds(c->n); j.round++) {
    if (c->n >= long_force && hd_stopping(run))
      return hd_fail(run, HD_STOPPED,
                     "stopped within a step; what the newest checkpoint does not hold is computed again");
    int64_t tasks = nbody_pair_tasks(c->n, j.round);
    if (tasks == 1) HD_TRY(meet(run, 0, &j));
    else HD_TRY(hd_for_blocks(run, tasks, j.round ? meet : meet_itself, &j));
  }
  return c->blocks == 1 ? finish(run, 0, &j) : hd_for_blocks(run, c->blocks, finish, &j);
}

hd_status nbody_force_now(hd_run *run, bool potential) {
  nbody_run *c = run->self;
  if (c->force_known && (c->potential_known || !potential)) return HD_OK;
  HD_TRY(nbody_force(run, c->x, c->a, potential ? c->self_potential : NULL, potential ? c->external_potential : NULL));
  c->force_known = true;
  c->potential_known = potential;
  return HD_OK;
}
