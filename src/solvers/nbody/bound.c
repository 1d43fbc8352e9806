/* Density centre and bound mass. Neighbours are looked for along one axis, in order of the coordinate; what leaves is taken off
 * the potentials of what is left. Blocks of 256 bodies write their own part only, sums follow the fixed tree. */
#include "solvers/nbody/bound.h"

#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/run.h"

#include <string.h>

enum { NEIGHBOURS = 6, MANY = 10000 };

/* Arrays of all bodies, kept until the run ends. */
typedef struct nbody_crowd {
  double *x[3], *m;       /* in the order of `index` */
  double *value;          /* by body: potential, density */
  int64_t *index, *spare; /* bodies of the group, counted from its first */
} nbody_crowd;

typedef struct job {
  nbody_crowd *crowd;
  int64_t first, count; /* the group; how many of it */
  int64_t from, to;     /* sources, places in the crowd */
  double factor;
  int along;
  bool massless;
} job;

static hd_status open_crowd(hd_run *run, nbody_crowd **out) {
  nbody_run *c = run->self;
  size_t n = (size_t)c->n;
  void *memory;
  if (!c->crowd) {
    HD_TRY(hd_alloc(run, sizeof(nbody_crowd), &memory));
    nbody_crowd *crowd = memory;
    HD_TRY(hd_alloc(run, NBODY_CROWD_BYTES * n, &memory));
    double *at = memory;
    for (int k = 0; k < 3; k++) crowd->x[k] = at + (size_t)k * n;
    crowd->m = at + 3 * n;
    crowd->value = at + 4 * n;
    crowd->index = (int64_t *)(at + 5 * n);
    crowd->spare = (int64_t *)(at + 6 * n);
    c->crowd = crowd;
  }
  *out = c->crowd;
  return HD_OK;
}

static hd_status over_blocks(hd_run *run, job *j, hd_status (*work)(hd_run *, int64_t, void *)) {
  int64_t blocks = (j->count + NBODY_TILE - 1) / NBODY_TILE;
  if (blocks == 0) return HD_OK;
  return blocks == 1 ? work(run, 0, j) : hd_for_blocks(run, blocks, work, j);
}

static int64_t block_of(const job *j, int64_t block, int64_t *count) {
  int64_t at = block * NBODY_TILE;
  *count = j->count - at < NBODY_TILE ? j->count - at : NBODY_TILE;
  return at;
}

/* Copies places and masses into the order of `index`. */
static void gather(const nbody_run *c, const job *j, int64_t n) {
  nbody_crowd *crowd = j->crowd;
  for (int k = 0; k < 3; k++)
    for (int64_t i = 0; i < n; i++) crowd->x[k][i] = c->x[k * c->n + j->first + crowd->index[i]];
  for (int64_t i = 0; i < n; i++) crowd->m[i] = j->massless ? 1 : c->mass[j->first + crowd->index[i]];
}

/* ---- potentials of a group alone ---------------------------------------------------------------------------------- */

static hd_status pull_block(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const job *j = arg;
  const nbody_crowd *crowd = j->crowd;
  double out[NBODY_TILE] = {0};
  int64_t count, at = block_of(j, block, &count);
  HD_ISA_PICK(nbody_pull)
  ((const double *const *)crowd->x, crowd->m, c->t->gravity.softening, at, count, j->from, j->to, out);
  for (int64_t i = 0; i < count; i++) crowd->value[crowd->index[at + i]] += j->factor * out[i];
  return HD_OK;
}

static bool alone(const nbody_run *c, int64_t first, int64_t count) {
  for (int64_t i = 0; i < c->n; i++)
    if ((i < first || i >= first + count) && c->mass[i] != 0) return false;
  return true;
}

/* Fills value with the potential of the group's own bodies, index with 0 .. count - 1, and gathers. */
static hd_status own_potential(hd_run *run, job *j) {
  nbody_run *c = run->self;
  nbody_crowd *crowd = j->crowd;
  for (int64_t i = 0; i < j->count; i++) crowd->index[i] = i;
  gather(c, j, j->count);
  if (alone(c, j->first, j->count)) {
    HD_TRY(nbody_force_now(run, true));
    memcpy(crowd->value, c->self_potential + j->first, (size_t)j->count * sizeof(double));
    return HD_OK;
  }
  memset(crowd->value, 0, (size_t)j->count * sizeof(double));
  j->from = 0;
  j->to = j->count;
  j->factor = -c->t->gravity_constant;
  return over_blocks(run, j, pull_block);
}

/* ---- density ------------------------------------------------------------------------------------------------------- */

/* The nearest so far, ascending; of two at one distance the one found first. */
typedef struct nearest {
  double r2[NEIGHBOURS], m[NEIGHBOURS];
} nearest;

static void take(nearest *b, double r2, double m) {
  int k = NEIGHBOURS - 1;
  if (!(r2 < b->r2[k])) return;
  for (; k > 0 && r2 < b->r2[k - 1]; k--) b->r2[k] = b->r2[k - 1], b->m[k] = b->m[k - 1];
  b->r2[k] = r2;
  b->m[k] = m;
}

/* From place i outwards, the nearer side first, until a coordinate alone is farther than the sixth. */
static double density_at(const nbody_crowd *crowd, int along, int64_t i, int64_t n) {
  const double *x = crowd->x[0], *y = crowd->x[1], *z = crowd->x[2], *s = crowd->x[along];
  nearest best;
  for (int k = 0; k < NEIGHBOURS; k++) best.r2[k] = HD_INFINITY, best.m[k] = 0;
  for (int64_t left = i - 1, right = i + 1; left >= 0 || right < n;) {
    bool go_left = right >= n || (left >= 0 && s[i] - s[left] <= s[right] - s[i]);
    int64_t k = go_left ? left-- : right++;
    double d = s[k] - s[i], dx = x[k] - x[i], dy = y[k] - y[i], dz = z[k] - z[i];
    if (d * d > best.r2[NEIGHBOURS - 1]) break;
    take(&best, dx * dx + dy * dy + dz * dz, crowd->m[k]);
  }
  double mass = 0, r2 = best.r2[NEIGHBOURS - 1];
  for (int k = 0; k < NEIGHBOURS - 1; k++) mass += best.m[k];
  return mass > 0 ? mass / (r2 * hd_sqrt(r2)) : 0;
}

static hd_status density_block(hd_run *run, int64_t block, void *arg) {
  (void)run;
  const job *j = arg;
  int64_t count, at = block_of(j, block, &count);
  for (int64_t i = at; i < at + count; i++)
    j->crowd->value[j->crowd->index[i]] = density_at(j->crowd, j->along, i, j->count);
  return HD_OK;
}

static void weigh_by_mass(const nbody_run *c, const job *j) {
  for (int64_t i = 0; i < j->count; i++) j->crowd->value[i] = j->massless ? 1 : c->mass[j->first + i];
}

static int widest(const nbody_run *c, int64_t first, int64_t count) {
  double most = -1;
  int along = 0;
  for (int k = 0; k < 3; k++) {
    const double *x = c->x + k * c->n + first;
    double low = x[0], high = x[0];
    for (int64_t i = 1; i < count; i++) low = hd_smaller(x[i], low), high = hd_larger(x[i], high);
    if (high - low > most) most = high - low, along = k;
  }
  return along;
}

/* Densities into value. Where some are infinite (six others at the same place), these are 1 and the rest 0. */
static hd_status densities(hd_run *run, job *j) {
  const nbody_run *c = run->self;
  nbody_crowd *crowd = j->crowd;
  bool endless = false;
  j->along = widest(c, j->first, j->count);
  nbody_order(c->x + j->along * c->n + j->first, j->count, crowd->index);
  gather(c, j, j->count);
  HD_TRY(over_blocks(run, j, density_block));
  for (int64_t i = 0; i < j->count; i++) endless |= !hd_is_finite(crowd->value[i]);
  for (int64_t i = 0; endless && i < j->count; i++) crowd->value[i] = hd_is_finite(crowd->value[i]) ? 0 : 1;
  if (!(hd_sum_values(crowd->value, j->count) > 0)) weigh_by_mass(c, j);
  return HD_OK;
}

/* ---- the centre ----------------------------------------------------------------------------------------------------- */

/* Means with the weights in value, about the group's first body so that far groups lose nothing. */
static void weighted(nbody_run *c, const job *j, nbody_centre *out) {
  double *s = c->sums, all = hd_sum_values(j->crowd->value, j->count);
  for (int k = 0; k < 6; k++) {
    const double *from = (k < 3 ? c->x + k * c->n : c->v + (k - 3) * c->n) + j->first;
    for (int64_t i = 0; i < j->count; i++) s[i] = j->crowd->value[i] * (from[i] - from[0]);
    *(k < 3 ? &out->x[k] : &out->v[k - 3]) = from[0] + (all > 0 ? hd_sum_values(s, j->count) / all : 0);
  }
}

/* Masses of the 1 % deepest into value; bodies as deep as the last of them belong to them. */
static hd_status deepest(hd_run *run, job *j) {
  const nbody_run *c = run->self;
  nbody_crowd *crowd = j->crowd;
  HD_TRY(own_potential(run, j));
  nbody_order(crowd->value, j->count, crowd->index);
  double last = crowd->value[crowd->index[j->count / 100 - 1]];
  for (int64_t i = 0; i < j->count; i++) crowd->value[i] = crowd->value[i] <= last ? c->mass[j->first + i] : 0;
  return HD_OK;
}

static hd_status begin(hd_run *run, int64_t first, int64_t count, job *j) {
  const nbody_run *c = run->self;
  *j = (job){.first = first, .count = count, .massless = !(hd_sum_values(c->mass + first, count) > 0)};
  return open_crowd(run, &j->crowd);
}

hd_status nbody_density_centre(hd_run *run, int64_t first, int64_t count, nbody_centre *out) {
  nbody_run *c = run->self;
  job j;
  HD_TRY(begin(run, first, count, &j));
  if (count <= NEIGHBOURS) weigh_by_mass(c, &j);
  else if (count > MANY && c->self && !j.massless) HD_TRY(deepest(run, &j));
  else HD_TRY(densities(run, &j));
  weighted(c, &j, out);
  return HD_OK;
}

/* ---- what is bound --------------------------------------------------------------------------------------------------- */

static bool leaves(const nbody_run *c, const job *j, const nbody_centre *at, int64_t i) {
  double v2 = 0;
  for (int k = 0; k < 3; k++) {
    double v = c->v[k * c->n + j->first + i] - at->v[k];
    v2 += v * v;
  }
  return 0.5 * v2 + j->crowd->value[i] > 0;
}

/* Puts those that leave behind those that stay, both in their order; how many stay. */
static int64_t part(const nbody_run *c, const job *j, const nbody_centre *at) {
  nbody_crowd *crowd = j->crowd;
  int64_t stay = 0, gone = 0;
  for (int64_t k = 0; k < j->count; k++) {
    int64_t i = crowd->index[k];
    if (leaves(c, j, at, i)) crowd->spare[gone++] = i;
    else crowd->index[stay++] = i;
  }
  memcpy(crowd->index + stay, crowd->spare, (size_t)gone * sizeof(int64_t));
  return stay;
}

hd_status nbody_bound_mass(hd_run *run, int64_t first, int64_t count, double *mass) {
  nbody_run *c = run->self;
  nbody_centre at;
  job j;
  *mass = HD_NAN;
  if (!c->self) return HD_OK;
  HD_TRY(nbody_density_centre(run, first, count, &at));
  HD_TRY(begin(run, first, count, &j));
  j.massless = false;
  HD_TRY(own_potential(run, &j));
  j.factor = c->t->gravity_constant;
  for (int64_t stay; (stay = part(c, &j, &at)) < j.count;) {
    gather(c, &j, j.count);
    j.from = stay;
    j.to = j.count;
    j.count = stay;
    HD_TRY(over_blocks(run, &j, pull_block));
  }
  for (int64_t k = 0; k < j.count; k++) c->sums[k] = c->mass[first + j.crowd->index[k]];
  *mass = hd_sum_values(c->sums, j.count);
  return HD_OK;
}
