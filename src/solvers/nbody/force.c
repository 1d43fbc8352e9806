/* Forces on all bodies: pairs by the canonical sum, the galaxy by its kernels. Block by block of 256 targets. */
#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/run.h"

#include <string.h>

typedef struct job {
  const double *x; /* [3][n] */
  double *a, *self, *external;
  const d_sources *pairs;
  const f_sources *rounded;
  double G;
} job;

static void add_pairs(const nbody_run *c, const job *j, int64_t first, int64_t count) {
  double out[4 * NBODY_TILE], eps = c->t->gravity.softening;
  if (j->rounded) c->pair_single(j->rounded, eps, first, count, j->self != NULL, out);
  else c->pair_double(j->pairs, eps, first, count, j->self != NULL, out);
  for (int k = 0; k < 3; k++)
    for (int64_t i = 0; i < count; i++) j->a[k * c->n + first + i] = j->G * out[k * NBODY_TILE + i];
  for (int64_t i = 0; j->self && i < count; i++) j->self[first + i] = -(j->G * out[3 * NBODY_TILE + i]);
}

static hd_status force_block(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const job *j = arg;
  int64_t first = block * NBODY_TILE, count = c->n - first < NBODY_TILE ? c->n - first : NBODY_TILE, n = c->n;
  const double *const x[3] = {j->x + first, j->x + n + first, j->x + 2 * n + first};
  double *const a[3] = {j->a + first, j->a + n + first, j->a + 2 * n + first};
  if (c->self) add_pairs(c, j, first, count);
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

/* The blocks write through the pointers. NOLINTNEXTLINE(readability-non-const-parameter) */
hd_status nbody_force(hd_run *run, const double *x, double *a, double *self_potential, double *external_potential) {
  nbody_run *c = run->self;
  d_sources pairs = {c->n, x, x + c->n, x + 2 * c->n, c->mass, c->empty};
  f_sources rounded;
  job j = {.x = x,
           .pairs = &pairs,
           .G = c->t->gravity_constant,
           .a = a,
           .self = self_potential,
           .external = external_potential};
  if (c->self && c->single) {
    round_sources(c, x, &rounded);
    j.rounded = &rounded;
  }
  if (c->blocks == 1) return force_block(run, 0, &j);
  return hd_for_blocks(run, c->blocks, force_block, &j);
}

hd_status nbody_force_now(hd_run *run, bool potential) {
  nbody_run *c = run->self;
  if (c->force_known && (c->potential_known || !potential)) return HD_OK;
  HD_TRY(nbody_force(run, c->x, c->a, potential ? c->self_potential : NULL, potential ? c->external_potential : NULL));
  c->force_known = true;
  c->potential_known = potential;
  return HD_OK;
}
