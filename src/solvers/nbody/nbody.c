/* The solver table and its functions. What a run is: start fills the state, rebuild the cache beside it, step moves it. */
#include "heddle/math.h"
#include "num/ias15.h"
#include "par/sum.h"
#include "solvers/nbody/run.h"

int64_t nbody_group_count(const nbody_group *g) {
  if (g->type == NBODY_TWO_BODY) return 2;
  if (g->type == NBODY_INCLINED) return 1;
  if (g->type == NBODY_PARTICLES) return g->file ? g->count : g->position.count;
  return g->count;
}

int64_t nbody_total(const nbody *t) {
  int64_t n = 0;
  for (int64_t g = 0; g < t->bodies.count; g++) n += nbody_group_count(nbody_group_of(t, g));
  return n;
}

static bool has_mass(const nbody_group *g) {
  const double *m = g->masses.item;
  bool some = false;
  if (g->type == NBODY_PARTICLES && g->file) return g->file_column[6] != NULL;
  for (int64_t i = 0; i < g->masses.count; i++) some |= m[i] > 0;
  if (g->type == NBODY_TWO_BODY || g->type == NBODY_PARTICLES) return some;
  return hd_is_nan(g->mass) || g->mass > 0;
}

bool nbody_attracts(const nbody *t) {
  bool some = false;
  for (int64_t g = 0; g < t->bodies.count; g++) some |= has_mass(nbody_group_of(t, g));
  return t->gravity.self && some && nbody_total(t) > 1;
}

/* ---- sizes ------------------------------------------------------------------------------------------------------- */

/* Lengths of all dimensions but rows. */
static void sizes(const nbody *t, int64_t *size) {
  int64_t n = nbody_total(t), parts = t->potential.count, radii = t->output.rotation_curve.count;
  bool self = nbody_attracts(t), ias15 = t->numerics.integrator == NBODY_IAS15;
  hd_ias15 method = {.size = 3 * n};
  size[NBODY_PARTICLE] = n;
  size[NBODY_AXIS] = 3;
  size[NBODY_SIX] = 6;
  size[NBODY_GROUP] = t->bodies.count;
  size[NBODY_SKY] = t->output.sky ? n : 0;
  size[NBODY_COMPONENT] = t->output.components ? parts : 0;
  size[NBODY_CURVE] = radii ? parts : 0;
  size[NBODY_RADIUS] = radii;
  size[NBODY_FRACTION] = self ? NBODY_FRACTIONS_COUNT : 0;
  size[NBODY_BOOK] = BOOKS;
  size[NBODY_COUNT] = COUNTS;
  size[NBODY_REACH] = REACHES;
  size[NBODY_ORBIT] = !nbody_is_adaptive(t) ? 0 : self || ias15 ? 1 : n;
  size[NBODY_CONTROL] = ias15 ? sizeof(hd_ias15_control) : sizeof(hd_dop853_control);
  size[NBODY_FIT] = ias15 ? hd_ias15_doubles(&method) : 0;
}

static size_t scratch_bytes(const nbody *t) {
  int64_t n = nbody_total(t);
  hd_ias15 fit = {.size = 3 * n};
  hd_dop853 whole = {.size = 6 * n};
  if (t->numerics.integrator == NBODY_IAS15) return (size_t)hd_ias15_scratch(&fit) * sizeof(double);
  return t->numerics.integrator == NBODY_DOP853 && nbody_attracts(t) ? hd_dop853_bytes(&whole, 1) : 0;
}

/* So many steps of test particles are taken at a time: some tenth of a second. */
static int64_t together(const nbody *t) {
  bool counted = t->output.snapshots.every_steps > 0 || t->output.ledger.every_steps > 0;
  return counted ? 1 : 2000000 / (nbody_total(t) + 1) + 1;
}

static hd_status plan(const void *params, hd_plan *p) {
  const nbody *t = params;
  int64_t n = nbody_total(t);
  bool self = nbody_attracts(t), single = t->numerics.precision == 1;
  double forces = t->numerics.integrator == NBODY_RK4 ? 4 : 1;
  const nbody_composition *c = nbody_composition_of((nbody_integrator)t->numerics.integrator);
  if (c) forces = c->stages;
  sizes(t, p->size);
  double steps = nbody_is_adaptive(t) ? 1000 : (double)t->time.steps;
  if (t->time.end == t->time.start) steps = 0;
  if (nbody_is_adaptive(t)) forces = 12;
  if (self) p->work[single ? NBODY_SINGLE_KERNEL : NBODY_PAIR_KERNEL] = steps * forces * (double)n * (double)n;
  if (t->potential.count) p->work[NBODY_GALAXY_KERNEL] = steps * forces * (double)n;
  p->steps = nbody_is_adaptive(t) ? 100 : self ? steps : hd_round(0.5 + steps / (double)together(t) - 1e-9);
  p->blocks = self ? (n + NBODY_TILE - 1) / NBODY_TILE : (n + NBODY_ORBITS - 1) / NBODY_ORBITS;
  p->regions = self ? (int)(forces * (double)(nbody_pair_rounds(n) + 1)) : 1;
  p->scratch = (size_t)n * (7 * sizeof(double)) + scratch_bytes(t);
  if (self) p->scratch += (size_t)n * NBODY_CROWD_BYTES;
  if (t->numerics.integrator == NBODY_RK4 && self) p->scratch += (size_t)n * 12 * sizeof(double);
  if (single) p->scratch += (size_t)n * 4 * sizeof(float);
  if (self) p->scratch += (size_t)n * 4 * sizeof(double);
  if (!self && nbody_is_adaptive(t)) p->per_thread = nbody_orbits_adaptive_bytes(n < NBODY_ORBITS ? n : NBODY_ORBITS);
  return HD_OK;
}

/* ---- start, rebuild ---------------------------------------------------------------------------------------------- */

static void find_fields(hd_run *run) {
  nbody_run *c = run->self;
  double *state = hd_data(run, NBODY_STATE);
  c->x = state;
  c->v = state + 3 * c->n;
  c->mass = hd_data(run, NBODY_MASS);
  c->now = hd_data(run, NBODY_NOW);
  c->books = hd_data(run, NBODY_BOOKS);
  c->counts = hd_data(run, NBODY_COUNTS);
  c->reaches = hd_data(run, NBODY_REACHES);
}

static hd_status take(hd_run *run, int64_t count, double **out) {
  void *memory;
  HD_TRY(hd_alloc(run, (size_t)(count > 0 ? count : 1) * sizeof(double), &memory));
  *out = memory;
  return HD_OK;
}

static hd_status open_galaxy(hd_run *run) {
  nbody_run *c = run->self;
  const nbody *t = c->t;
  void *memory;
  const nbody_component *parts = t->potential.item;
  HD_TRY(hd_alloc(run, nbody_potential_bytes(t->potential.count, parts) + 64, &memory));
  return nbody_potential_prepare(run->ctx, t->potential.count, parts, t->gravity_constant, nbody_kiloparsec(t), memory,
                                 &c->galaxy);
}

/* What needs no state; once in a run. */
static hd_status set_up(hd_run *run) {
  nbody_run *c = run->self;
  const nbody *t = c->t = run->params;
  void *memory;
  c->n = nbody_total(t);
  find_fields(run);
  if (c->a) return HD_OK;
  c->blocks = (c->n + NBODY_TILE - 1) / NBODY_TILE;
  c->self = nbody_attracts(t);
  c->single = t->numerics.precision == 1;
  c->pair_double = HD_ISA_PICK(nbody_pair_double);
  c->pair_single = HD_ISA_PICK(nbody_pair_single);
  c->galaxy_force = HD_ISA_PICK(nbody_accelerations);
  c->galaxy_potential = HD_ISA_PICK(nbody_potentials);
  c->orbits = HD_ISA_PICK(nbody_orbits);
  HD_TRY(open_galaxy(run));
  nbody_view_prepare(&t->observer, &c->view);
  HD_TRY(take(run, c->n, &c->self_potential));
  HD_TRY(take(run, c->n, &c->external_potential));
  HD_TRY(take(run, 2 * c->n, &c->sums));
  for (int k = 0; k < 4 && c->self && t->numerics.integrator == NBODY_RK4; k++)
    HD_TRY(take(run, 3 * c->n, &c->work[k]));
  if (c->single) {
    HD_TRY(hd_alloc(run, (size_t)c->n * 4 * sizeof(float), &memory));
    c->rounded = memory;
  }
  if (c->self) HD_TRY(take(run, 4 * c->n, &c->partner));
  HD_TRY(hd_alloc(run, (size_t)c->blocks, &memory));
  c->empty = memory;
  HD_TRY(hd_alloc(run, scratch_bytes(t) + 64, &c->scratch));
  return take(run, 3 * c->n, &c->a);
}

/* Tiles without mass pull nobody. */
static void look_at_masses(nbody_run *c) {
  for (int64_t b = 0; b < c->blocks; b++) {
    c->empty[b] = true;
    for (int64_t i = b * NBODY_TILE; i < c->n && i < (b + 1) * NBODY_TILE; i++) c->empty[b] &= c->mass[i] == 0;
  }
  c->total_mass = hd_sum_values(c->mass, c->n);
}

static hd_status name_ranges(hd_run *run) {
  const nbody *t = run->params;
  int64_t first = 0, *at, *each;
  void *memory;
  HD_TRY(hd_alloc(run, ((size_t)t->bodies.count + (size_t)t->potential.count + 2) * 2 * sizeof(int64_t), &memory));
  at = memory;
  each = at + t->bodies.count + 1;
  for (int64_t g = 0; g < t->bodies.count; g++) {
    at[g] = first;
    first += nbody_group_count(nbody_group_of(t, g));
  }
  at[t->bodies.count] = first;
  HD_TRY(hd_ranges(run, NBODY_PARTICLE, t->bodies.count, t->bodies.name, at));
  if (t->output.sky) HD_TRY(hd_ranges(run, NBODY_SKY, t->bodies.count, t->bodies.name, at));
  for (int64_t i = 0; i <= t->bodies.count + t->potential.count; i++) each[i] = i;
  HD_TRY(hd_ranges(run, NBODY_GROUP, t->bodies.count, t->bodies.name, each));
  if (t->output.components && t->potential.count)
    HD_TRY(hd_ranges(run, NBODY_COMPONENT, t->potential.count, t->potential.name, each));
  if (t->output.rotation_curve.count && t->potential.count)
    HD_TRY(hd_ranges(run, NBODY_CURVE, t->potential.count, t->potential.name, each));
  return HD_OK;
}

static hd_status start(hd_run *run) {
  const nbody *t = run->params;
  int64_t size[NBODY_FIT + 1] = {0};
  sizes(t, size);
  for (int d = NBODY_PARTICLE; d <= NBODY_FIT; d++) HD_TRY(hd_size(run, d, size[d]));
  if (hd_data(run, NBODY_IMPULSE_RESIDUAL)) HD_TRY(hd_size(run, NBODY_KICK, KICKS));
  HD_TRY(name_ranges(run));
  HD_TRY(set_up(run));
  nbody_run *c = run->self;
  HD_TRY(nbody_bodies(run));
  look_at_masses(c);
  *c->now = t->time.start;
  for (int64_t i = 0; i < size[NBODY_ORBIT]; i++) {
    void *controls = hd_data(run, NBODY_CONTROLS);
    if (t->numerics.integrator == NBODY_IAS15) ((hd_ias15_control *)controls)[i].t = t->time.start;
    else ((hd_dop853_control *)controls)[i].t = t->time.start;
  }
  return nbody_ledger_open(run);
}

static hd_status rebuild(hd_run *run) {
  nbody_run *c = run->self;
  HD_TRY(set_up(run));
  look_at_masses(c);
  return HD_OK;
}

/* ---- step -------------------------------------------------------------------------------------------------------- */

static double time_of(const nbody *t, int64_t step) {
  if (step >= t->time.steps) return t->time.end;
  return t->time.start + (t->time.end - t->time.start) * ((double)step / (double)t->time.steps);
}

/* Steps from `done` on until the first that reaches run->until, at least one, at most so many. */
static int64_t steps_ahead(const hd_run *run, int64_t done, int64_t most) {
  const nbody *t = run->params;
  double sign = t->time.end < t->time.start ? -1 : 1;
  int64_t k = 1;
  while (k < most && done + k < t->time.steps && sign * time_of(t, done + k) < sign * run->until) k++;
  return k;
}

static hd_status step_fixed(hd_run *run) {
  nbody_run *c = run->self;
  const nbody *t = c->t;
  int64_t *done = &c->counts[COUNT_STEPS], k = 1;
  double h = (t->time.end - t->time.start) / (double)t->time.steps, sign = h < 0 ? -1 : 1;
  if (c->self) {
    double next = time_of(t, *done + 1);
    HD_TRY(nbody_march(run, h, sign * next >= sign * run->until));
  } else {
    k = steps_ahead(run, *done, together(t));
    HD_TRY(nbody_follow(run, h, k));
  }
  *done += k;
  *c->now = time_of(t, *done);
  c->books[BOOK_STEP] = hd_abs(h);
  return HD_OK;
}

static hd_status step(hd_run *run, hd_progress *progress) {
  nbody_run *c = run->self;
  const nbody *t = c->t;
  double all = t->time.end - t->time.start, sign = all < 0 ? -1 : 1;
  if (sign * *c->now < sign * t->time.end) {
    if (!nbody_is_adaptive(t)) HD_TRY(step_fixed(run));
    else if (sign * run->until > sign * *c->now) {
      HD_TRY(c->self || t->numerics.integrator == NBODY_IAS15 ? nbody_march_to(run, run->until)
                                                              : nbody_follow_to(run, run->until));
    }
  }
  bool done = sign * *c->now >= sign * t->time.end;
  *progress = (hd_progress){*c->now, all != 0 ? (*c->now - t->time.start) / all : 1, done};
  return HD_OK;
}

/* ---- rows and the end -------------------------------------------------------------------------------------------- */

static hd_status observe(hd_run *run, int dim) {
  return dim == NBODY_SNAPSHOT ? nbody_snapshot(run) : nbody_ledger_entry(run);
}

static void rotation_curve(hd_run *run) {
  const nbody_run *c = run->self;
  const nbody *t = c->t;
  const double *radius = t->output.rotation_curve.item;
  double *at = hd_data(run, NBODY_RADII), *speed = hd_data(run, NBODY_CIRCULAR),
         *part = hd_data(run, NBODY_CIRCULAR_COMPONENT);
  int64_t n = t->output.rotation_curve.count;
  for (int64_t i = 0; at && i < n; i++) {
    at[i] = radius[i];
    if (speed) speed[i] = nbody_circular_speed(&c->galaxy, radius[i]) * t->speed_out;
    for (int64_t k = 0; part && k < t->potential.count; k++) {
      nbody_potential one = nbody_potential_part(&c->galaxy, k);
      part[k * n + i] = nbody_circular_speed(&one, radius[i]) * t->speed_out;
    }
  }
}

static void orbit_steps(hd_run *run) {
  const nbody_run *c = run->self;
  const void *controls = hd_data(run, NBODY_CONTROLS);
  int64_t *out = hd_data(run, NBODY_ORBIT_STEPS);
  bool ias15 = c->t->numerics.integrator == NBODY_IAS15;
  for (int64_t i = 0; out && i < hd_count(run, NBODY_ORBIT); i++)
    out[i] = ias15 ? ((const hd_ias15_control *)controls)[i].steps : ((const hd_dop853_control *)controls)[i].steps;
}

static hd_status finish(hd_run *run) {
  nbody_run *c = run->self;
  int32_t *group = hd_data(run, NBODY_GROUP_OF);
  double *fraction = hd_data(run, NBODY_FRACTIONS), worst = c->books[BOOK_WORST_ENERGY];
  int64_t i = 0;
  for (int32_t g = 0; group && g < (int32_t)c->t->bodies.count; g++)
    for (int64_t k = 0; k < nbody_group_count(nbody_group_of(c->t, g)); k++) group[i++] = g;
  for (int k = 0; fraction && k < NBODY_FRACTIONS_COUNT; k++) fraction[k] = nbody_fractions[k];
  rotation_curve(run);
  orbit_steps(run);
  if (worst > c->t->numerics.energy_warning)
    hd_warn(run, "the relative energy error reached %.3g, above numerics.energy_warning %.3g", worst,
            c->t->numerics.energy_warning);
  return HD_OK;
}

/* clang-format off */
const hd_solver hd_solver_nbody = {
  .abi = HD_SOLVER_ABI, .size = sizeof(hd_solver), .name = "nbody", .title = "N-body",
  .doc = "point masses under their own gravity and in a model galaxy: stellar streams, clusters, few bodies, orbits",
  .bits = 1, .caps = HD_MARCHES | HD_BACK, .axis = "time", .axis_unit = "Gyr",
  .params_size = sizeof(nbody), .self_size = sizeof(nbody_run),
  .params = nbody_params, .presets = nbody_presets, .dims = nbody_dims, .fields = nbody_fields,
  .kernels = nbody_kernels, .measures = nbody_measures, .figures = nbody_figures, .formats = nbody_formats,
  .check = nbody_check, .plan = plan, .start = start, .rebuild = rebuild, .step = step, .observe = observe,
  .finish = finish};
/* clang-format on */
