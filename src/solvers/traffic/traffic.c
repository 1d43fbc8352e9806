/* The solver table and its functions. What a run is: start fills the state, rebuild the cache beside it, step moves it. */
#include "solvers/traffic/traffic.h"

#include "heddle/math.h"
#include "solvers/traffic/compat.h"
#include "solvers/traffic/godunov.h"
#include "solvers/traffic/ledger.h"
#include "solvers/traffic/queue_step.h"
#include "solvers/traffic/snapshot.h"
#include "solvers/traffic/traffic_physics.h"
#include "solvers/traffic/traffic_step.h"
#include "solvers/traffic/watch.h"

static int64_t blocks_of(int64_t cells) { return (cells + TRAFFIC_BLOCK - 1) / TRAFFIC_BLOCK; }

/* Blocks of nearly equal size, borders on multiples of 8 cells: never a block with less than two cells beside another. */
static int64_t first_of(int64_t cells, int64_t blocks, int64_t block) {
  return block == blocks ? cells : block * cells / blocks / 8 * 8;
}

static double fastest_possible(const traffic *t, const traffic_model *m) {
  double v = 0;
  for (int i = 0; i < m->n; i++)
    for (int r = 0; r < TRAFFIC_CATEGORIES; r++) v = traffic_max(v, m->free[i][r]);
  return t->compat ? v : 1.3 * v; /* waves against the traffic add some */
}

static hd_status plan(const void *params, hd_plan *p) {
  const traffic *t = params;
  traffic_model m;
  traffic_model_of(t, &m);
  int64_t cells = t->road.cells, blocks = blocks_of(cells);
  p->size[TRAFFIC_CLASS] = m.n;
  p->size[TRAFFIC_CELL] = cells;
  p->size[TRAFFIC_EXACT] = traffic_wants_exact(t) ? m.n : 0;
  p->size[TRAFFIC_ACCOUNT] = BOOK_ACCOUNTS;
  p->size[TRAFFIC_EXTREME] = EXTREMES;
  p->size[TRAFFIC_COUNT] = COUNTS;
  p->size[TRAFFIC_WATCH_DIM] = WATCHES;
  p->size[TRAFFIC_GROUP] = m.n + 1;
  double dx = t->road.length / (double)cells, v = fastest_possible(t, &m);
  p->steps = t->time.steps != INT64_MIN ? (double)t->time.steps
                                        : (t->time.end - t->time.start) * v / (t->numerics.courant * dx);
  p->work[t->compat ? TRAFFIC_ARZ2025_KERNEL : TRAFFIC_FIRST_ORDER_KERNEL] = p->steps * (double)cells;
  p->blocks = t->compat ? 1 : blocks;
  p->regions = t->compat ? 0 : 1;
  p->scratch = (size_t)cells * 2 + (size_t)blocks * (2 * sizeof(traffic_edges) + sizeof(traffic_report));
  return HD_OK;
}

/* ---- start ------------------------------------------------------------------------------------------------------- */

static hd_status fill_block(hd_run *run, int64_t block, void *arg) {
  (void)arg;
  traffic_run *c = run->self;
  int64_t first = c->first[block], count = c->first[block + 1] - first;
  double rho[TRAFFIC_CLASSES * 8], y[TRAFFIC_CLASSES * 8];
  for (int64_t j = 0; j < count; j += 8) {
    int64_t part = count - j < 8 ? count - j : 8;
    HD_TRY(traffic_initial(c->t, &c->model, run->seed, first + j, part, rho, y));
    for (int i = 0; i < c->model.n; i++) {
      for (int64_t q = 0; q < part; q++) {
        c->rho[i * c->cells + first + j + q] = rho[i * part + q];
        c->y[i * c->cells + first + j + q] = y[i * part + q];
      }
    }
  }
  return HD_OK;
}

/* Fields may have moved since the last time. */
static void find_fields(hd_run *run) {
  traffic_run *c = run->self;
  c->rho = hd_data(run, TRAFFIC_DENSITY);
  c->y = hd_data(run, TRAFFIC_MARKER_DENSITY);
  c->now = hd_data(run, TRAFFIC_NOW);
  c->books = hd_data(run, TRAFFIC_BOOKS);
  c->extremes = hd_data(run, TRAFFIC_EXTREMES);
  c->counts = hd_data(run, TRAFFIC_COUNTS);
  c->watch = hd_data(run, TRAFFIC_WATCH);
}

/* What needs fields but no state: pointers, model, blocks. Once in a run. */
static hd_status set_up(hd_run *run) {
  traffic_run *c = run->self;
  c->t = run->params;
  find_fields(run);
  if (c->first) return HD_OK;
  traffic_model_of(c->t, &c->model);
  c->cells = c->t->road.cells;
  c->blocks = blocks_of(c->cells);
  c->link = (traffic_link){.cells = c->cells, .dx = c->t->road.length / (double)c->cells};
  c->sources = c->t->source;
  size_t blocks = (size_t)c->blocks, sums = 2 * (size_t)c->model.n;
  void *memory;
  HD_TRY(hd_alloc(run, (blocks + 1) * sizeof(int64_t), &memory));
  c->first = memory;
  for (int64_t b = 0; b <= c->blocks; b++) c->first[b] = first_of(c->cells, c->blocks, b);
  HD_TRY(hd_alloc(run, blocks * sums * sizeof(double), &memory));
  c->of_block = memory;
  HD_TRY(hd_alloc(run, blocks * (size_t)(c->model.n + 1) * sizeof(int64_t), &memory));
  c->queue = memory;
  c->count_queue = HD_ISA_PICK(traffic_queue);
  HD_TRY(hd_alloc(run, (size_t)c->cells, &memory));
  c->category = memory;
  traffic_categories(c->t, c->category);
  return HD_OK;
}

static hd_status name_ranges(hd_run *run) {
  const traffic *t = run->params;
  int64_t class_first[TRAFFIC_CLASSES + 1], link_first[2] = {0, t->road.cells};
  static const char *const road[] = {"road"};
  int64_t n = t->classes.count;
  for (int64_t i = 0; i <= n; i++) class_first[i] = i;
  HD_TRY(hd_ranges(run, TRAFFIC_CLASS, n, t->classes.name, class_first));
  if (traffic_wants_exact(t)) HD_TRY(hd_ranges(run, TRAFFIC_EXACT, n, t->classes.name, class_first));
  return hd_ranges(run, TRAFFIC_CELL, 1, road, link_first);
}

static hd_status start(hd_run *run) {
  const traffic *t = run->params;
  HD_TRY(hd_size(run, TRAFFIC_CLASS, t->classes.count));
  HD_TRY(hd_size(run, TRAFFIC_CELL, t->road.cells));
  HD_TRY(hd_size(run, TRAFFIC_EXACT, traffic_wants_exact(t) ? t->classes.count : 0));
  HD_TRY(hd_size(run, TRAFFIC_ACCOUNT, BOOK_ACCOUNTS));
  HD_TRY(hd_size(run, TRAFFIC_EXTREME, EXTREMES));
  HD_TRY(hd_size(run, TRAFFIC_COUNT, COUNTS));
  HD_TRY(hd_size(run, TRAFFIC_WATCH_DIM, WATCHES));
  HD_TRY(hd_size(run, TRAFFIC_GROUP, t->classes.count + 1));
  HD_TRY(name_ranges(run));
  HD_TRY(set_up(run));
  traffic_run *c = run->self;
  HD_TRY(hd_for_blocks(run, c->blocks, fill_block, NULL));
  *c->now = t->time.start;
  *(double *)hd_data(run, TRAFFIC_LAST_STORED) = t->time.start;
  c->extremes[EXTREME_DENSITY_MIN] = c->extremes[EXTREME_SPEED_MIN] = __builtin_inf();
  HD_TRY(traffic_ledger_open(run));
  return traffic_watch_open(run);
}

/* ---- rebuild ----------------------------------------------------------------------------------------------------- */

enum { SPAN = TRAFFIC_SPAN, FIRST = TRAFFIC_FIRST, HALO = TRAFFIC_HALO };

static int category_near(const traffic_run *c, int64_t cell) {
  bool ring = c->t->boundary_form == 0 || c->t->left.only.kind == TRAFFIC_RING;
  if (cell < 0) cell = ring ? (cell + 2 * c->cells) % c->cells : 0;
  if (cell >= c->cells) cell = ring ? cell % c->cells : c->cells - 1;
  return c->category[cell];
}

static double span_of(const traffic_model *m, int i, int category) { return m->free[i][category] - m->creep[i]; }

/* Vmax - Vcr along a block: one number where it has one category, a row of its own where it has several. */
static hd_status block_spans(hd_run *run, int64_t block) {
  traffic_run *c = run->self;
  int64_t first = c->first[block], count = c->first[block + 1] - first;
  int n = c->model.n, category = category_near(c, first - HALO);
  double *own = NULL;
  void *memory = NULL;
  bool mixed = false;
  for (int64_t j = -HALO; j < count + HALO; j++) mixed |= category_near(c, first + j) != category;
  if (mixed) {
    HD_TRY(hd_alloc(run, (size_t)n * SPAN * sizeof(double), &memory));
    own = memory;
    for (int64_t j = -HALO; j < count + HALO; j++)
      for (int i = 0; i < n; i++) own[i * SPAN + FIRST + j] = span_of(&c->model, i, category_near(c, first + j));
  }
  c->span_step[block] = mixed;
  for (int i = 0; i < n; i++) c->span[block * n + i] = mixed ? own + i * SPAN : c->spans + (category * n + i) * 8;
  return HD_OK;
}

static hd_status build_spans(hd_run *run) {
  traffic_run *c = run->self;
  int n = c->model.n;
  void *memory;
  HD_TRY(hd_alloc(run, (size_t)TRAFFIC_CATEGORIES * (size_t)n * 8 * sizeof(double), &memory));
  c->spans = memory;
  for (int r = 0; r < TRAFFIC_CATEGORIES; r++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < 8; j++) c->spans[(r * n + i) * 8 + j] = span_of(&c->model, i, r);
  HD_TRY(hd_alloc(run, (size_t)c->blocks * (size_t)n * sizeof(double *), &memory));
  c->span = memory;
  HD_TRY(hd_alloc(run, (size_t)c->blocks * sizeof(int64_t), &memory));
  c->span_step = memory;
  for (int64_t b = 0; b < c->blocks; b++) HD_TRY(block_spans(run, b));
  return HD_OK;
}

static hd_status take_bound(hd_run *run);

/* The cache of the conservative solver. */
static hd_status build_cache(hd_run *run) {
  traffic_run *c = run->self;
  size_t blocks = (size_t)c->blocks;
  void *memory;
  HD_TRY(build_spans(run));
  for (int k = 0; k < 2; k++) {
    HD_TRY(hd_alloc(run, blocks * sizeof(traffic_edges), &memory));
    c->edges[k] = memory;
  }
  HD_TRY(hd_alloc(run, blocks * sizeof(traffic_report), &memory));
  c->report = memory;
  HD_TRY(hd_alloc(run, blocks * sizeof(double), &memory));
  c->stable = memory;
  c->sweep = HD_ISA_PICK(traffic_sweep);
  c->bound = HD_ISA_PICK(traffic_bound);
  if (c->t->numerics.flux == TRAFFIC_GODUNOV) c->faces = traffic_godunov_faces;
  return HD_OK;
}

static hd_status rebuild(hd_run *run) {
  traffic_run *c = run->self;
  HD_TRY(set_up(run));
  if (!c->points && !c->span) HD_TRY(c->t->compat ? traffic_compat_build(run) : build_cache(run));
  if (c->t->compat) return HD_OK;
  c->turn = 0;
  for (int64_t b = 0; b < c->blocks; b++) traffic_edges_of(c, b, &c->edges[0][b]);
  return take_bound(run);
}

/* ---- step -------------------------------------------------------------------------------------------------------- */

/* From the reports of the blocks: stable steps, extremes. */
static void read_reports(traffic_run *c) {
  double *e = c->extremes;
  for (int64_t b = 0; b < c->blocks; b++) {
    const traffic_report *r = &c->report[b];
    c->stable[b] = c->link.dx / r->fastest;
    e[EXTREME_DENSITY_MIN] = traffic_min(r->density_min, e[EXTREME_DENSITY_MIN]);
    e[EXTREME_DENSITY_MAX] = traffic_max(r->density_max, e[EXTREME_DENSITY_MAX]);
    e[EXTREME_OCCUPANCY_MAX] = traffic_max(r->occupancy_max, e[EXTREME_OCCUPANCY_MAX]);
    e[EXTREME_SPEED_MIN] = traffic_min(r->speed_min, e[EXTREME_SPEED_MIN]);
  }
}

/* The ends as they are now, and the speed bound of the present state with them. */
static hd_status take_bound(hd_run *run) {
  traffic_run *c = run->self;
  double next[2];
  for (int side = 0; side < 2; side++)
    HD_TRY(traffic_end_at(c->t, &c->model, run->seed, side, *c->now, &c->link.end[side], &next[side]));
  c->next_event = traffic_min(next[0], next[1]);
  HD_TRY(hd_for_blocks(run, c->blocks, c->bound, NULL));
  read_reports(c);
  return HD_OK;
}

static hd_status bad_number(hd_run *run, const traffic_report *r) {
  const traffic_run *c = run->self;
  double v = r->bad_rho > 0 ? r->bad_y / r->bad_rho : 0;
  return hd_fail(
      run, HD_ERR_NUMERIC,
      "%s in cell %lld of road is not a number after the step of %g s from t = %.17g s; before it: density %g "
      "veh/km, marker %g m/s",
      c->t->classes.name[r->bad_class], (long long)r->bad_cell, c->dt, *c->now, r->bad_rho * 1e3, v);
}

/* The cell that asks for the shortest step is in the slowest block; its densest cell is what a reader wants to see. */
static hd_status step_too_short(hd_run *run, double dt) {
  const traffic_run *c = run->self;
  int64_t worst = 0, at;
  for (int64_t b = 0; b < c->blocks; b++)
    if (!(c->stable[b] >= c->stable[worst])) worst = b;
  int which = 0;
  at = c->first[worst];
  for (int64_t j = at; j < c->first[worst + 1]; j++)
    for (int i = 0; i < c->model.n; i++)
      if (c->rho[i * c->cells + j] > c->rho[which * c->cells + at]) at = j, which = i;
  double rho = c->rho[which * c->cells + at];
  return hd_fail(
      run, HD_ERR_NUMERIC,
      "the step fell to %g s, below numerics.min_step %g s, at t = %.17g s; %s in cell %lld of road: density %g "
      "veh/km, marker %g m/s",
      dt, c->t->numerics.min_step, *c->now, c->t->classes.name[which], (long long)at, rho * 1e3,
      rho > 0 ? c->y[which * c->cells + at] / rho : 0);
}

static hd_status sweep_block(hd_run *run, int64_t block, void *arg) {
  const traffic_run *c = run->self;
  HD_TRY(c->sweep(run, block, arg));
  traffic_watch_block(run, block);
  return HD_OK;
}

/* One step of length dt, which is stable. Time is the caller's. */
static hd_status take(hd_run *run, double dt) {
  traffic_run *c = run->self;
  double source[TRAFFIC_CLASSES];
  c->dt = dt;
  for (int i = 0; i < c->model.n; i++) c->decay[i] = c->sources ? hd_exp(-0.5 * dt / c->model.tau[i]) : 1;
  HD_TRY(hd_for_blocks(run, c->blocks, sweep_block, NULL));
  c->turn = !c->turn;
  for (int64_t b = 0; b < c->blocks; b++)
    if (c->report[b].bad_cell >= 0) return bad_number(run, &c->report[b]);
  read_reports(c);
  for (int i = 0; i < c->model.n; i++) {
    for (int64_t b = 0; b < c->blocks; b++) c->of_block[b] = c->report[b].source[i];
    source[i] = (c->blocks == 1 ? c->of_block[0] : hd_sum(run, c->of_block, c->blocks)) * c->link.dx;
  }
  const traffic_report *l = &c->report[0], *r = &c->report[c->blocks - 1];
  traffic_ledger_step(run, dt, l->flux[0], r->flux[1], l->marker_flux[0], r->marker_flux[1], source);
  return traffic_watch_step(run);
}

/* n equal steps; a step that is not stable is taken in halves of halves. */
static hd_status step_fixed(hd_run *run) {
  traffic_run *c = run->self;
  const traffic *t = c->t;
  int64_t *done = &c->counts[COUNT_FIXED_DONE];
  double whole = (t->time.end - t->time.start) / (double)t->time.steps, left = whole;
  if (*c->now >= c->next_event) HD_TRY(take_bound(run));
  while (left > 0) {
    double dt = left, stable = hd_min(run, c->stable, c->blocks);
    for (; dt > stable; dt *= 0.5) {
      c->counts[COUNT_REPEATED]++;
      if (dt < t->numerics.min_step) return step_too_short(run, dt);
    }
    HD_TRY(take(run, dt));
    left = dt < left ? left - dt : 0;
  }
  ++*done;
  *c->now = *done == t->time.steps ? t->time.end : t->time.start + (double)*done * whole;
  return HD_OK;
}

static hd_status step_ruled(hd_run *run) {
  traffic_run *c = run->self;
  const traffic *t = c->t;
  if (*c->now >= c->next_event) HD_TRY(take_bound(run));
  double event = traffic_min(traffic_min(run->until, c->next_event), t->time.end), ahead = event - *c->now;
  if (!(ahead > 0)) return HD_OK; /* asked to advance to where it is */
  double dt = t->numerics.courant * hd_min(run, c->stable, c->blocks);
  if (dt < t->numerics.min_step) return step_too_short(run, dt);
  if (dt > t->numerics.max_step) dt = t->numerics.max_step;
  bool lands = dt >= ahead;
  if (lands) dt = ahead;
  else if (ahead < 2 * dt) dt = 0.5 * ahead;
  HD_TRY(take(run, dt));
  *c->now = lands ? event : *c->now + dt;
  return HD_OK;
}

static hd_status step(hd_run *run, hd_progress *progress) {
  traffic_run *c = run->self;
  const traffic *t = c->t;
  if (t->compat) return traffic_compat_step(run, progress);
  if (*c->now < t->time.end) HD_TRY(t->time.steps != INT64_MIN ? step_fixed(run) : step_ruled(run));
  double all = t->time.end - t->time.start;
  *progress = (hd_progress){*c->now, all > 0 ? (*c->now - t->time.start) / all : 1, *c->now >= t->time.end};
  return HD_OK;
}

/* ---- rows and the end -------------------------------------------------------------------------------------------- */

static hd_status observe(hd_run *run, int dim) {
  return dim == TRAFFIC_SNAPSHOT ? traffic_snapshot(run) : traffic_ledger_entry(run);
}

static void warn(hd_run *run) {
  const traffic_run *c = run->self;
  double crowd = c->extremes[EXTREME_OCCUPANCY_MAX], slowest = c->extremes[EXTREME_SPEED_MIN];
  if (crowd > 1)
    hd_warn(run, "the occupancy reached %.3g: the power law does not keep densities below jam density", crowd);
  if (slowest < -0.1) hd_warn(run, "the speed fell to %.3g m/s: a class was pushed backwards by a faster one", slowest);
}

static hd_status finish(hd_run *run) {
  traffic_run *c = run->self;
  warn(run);
  double *x = hd_data(run, TRAFFIC_X), *length = hd_data(run, TRAFFIC_CELL_LENGTH),
         *free = hd_data(run, TRAFFIC_FREE_SPEED);
  int32_t *link = hd_data(run, TRAFFIC_LINK), *lanes = hd_data(run, TRAFFIC_LANES);
  uint8_t *quality = hd_data(run, TRAFFIC_QUALITY);
  for (int64_t j = 0; j < c->cells; j++) {
    if (x) x[j] = c->t->road.start + c->t->road.length * (((double)j + 0.5) / (double)c->cells);
    if (length) length[j] = c->link.dx;
    if (link) link[j] = 0;
    if (lanes) lanes[j] = (int32_t)c->t->road.lanes;
    if (quality) quality[j] = c->category[j];
    for (int i = 0; free && i < c->model.n; i++) free[i * c->cells + j] = c->model.free[i][c->category[j]];
  }
  return HD_OK;
}

/* clang-format off */
const hd_solver hd_solver_traffic = {
  .abi = HD_SOLVER_ABI, .size = sizeof(hd_solver), .name = "traffic", .title = "Traffic",
  .doc = "multi-class Aw-Rascle-Zhang traffic: motorcycles and cars on roads of changing quality",
  .bits = 1, .caps = HD_MARCHES, .axis = "time", .axis_unit = "s",
  .params_size = sizeof(traffic), .self_size = sizeof(traffic_run),
  .params = traffic_params, .presets = traffic_presets, .dims = traffic_dims, .fields = traffic_fields,
  .kernels = traffic_kernels, .measures = traffic_measures, .figures = traffic_figures, .formats = traffic_formats,
  .check = traffic_check, .plan = plan, .start = start, .rebuild = rebuild, .step = step, .observe = observe,
  .finish = finish};
/* clang-format on */
