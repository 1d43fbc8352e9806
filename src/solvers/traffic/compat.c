/* compat: arz2025. The predecessor's algorithm of April 2025 (section 7.1), step by step as it computes, defects included:
 * the marker is advected with flux w, wave speeds ignore the coupling of classes, a floor creates vehicles. For comparison
 * with published results only; every figure and report of such a run says so.
 *
 * Its adaptive Runge-Kutta integration of the source is replaced by the closed form, which differs by less than 1e-9.
 */
#include "heddle/math.h"
#include "solvers/traffic/compat.h"
#include "solvers/traffic/ledger.h"
#include "solvers/traffic/traffic_physics.h"
#include "solvers/traffic/watch.h"

static const double EPS = 1e-10;

/* One cell as the predecessor holds it: rho, w, and what follows from them. */
typedef struct point {
  double rho[TRAFFIC_CLASSES], w[TRAFFIC_CLASSES], v[TRAFFIC_CLASSES];
  double low, high; /* of its 2n characteristic speeds */
} point;

static double clip(double x) { return hd_clamp(x, 0, 1 - EPS); }

static void pressures(const traffic_model *m, const double *rho, double *p) {
  for (int i = 0; i < m->n; i++) {
    double less, x = traffic_felt(m, m->n, i, rho);
    p[i] = rho[i] <= EPS || x * m->jam <= EPS
               ? 0
               : m->pressure[i] * traffic_to_the(clip(x), m->power[i], m->exponent[i], &less);
  }
}

/* v_i and v_i - rho_i P'_i; densities floored at EPS. */
static void speeds(const traffic_model *m, point *at) {
  double rho[TRAFFIC_CLASSES], p[TRAFFIC_CLASSES];
  for (int i = 0; i < m->n; i++) rho[i] = hd_larger(at->rho[i], EPS);
  pressures(m, at->rho, p);
  at->low = __builtin_inf();
  at->high = -__builtin_inf();
  for (int i = 0; i < m->n; i++) {
    double less, x = traffic_felt(m, m->n, i, rho);
    traffic_to_the(clip(x), m->power[i], m->exponent[i], &less);
    double slope = x <= EPS ? 0 : m->pressure[i] * m->exponent[i] * m->per_jam * less;
    at->v[i] = at->w[i] - p[i];
    double back = at->v[i] - rho[i] * slope;
    at->low = hd_smaller(at->low, hd_smaller(at->v[i], back));
    at->high = hd_larger(at->high, hd_larger(at->v[i], back));
  }
}

static void relax(const traffic_model *m, point *at, int category, const double *decay) {
  double p[TRAFFIC_CLASSES], occupancy = traffic_occupancy(m, m->n, at->rho);
  pressures(m, at->rho, p);
  for (int i = 0; i < m->n; i++) {
    double e = traffic_equilibrium(m->creep[i], m->free[i][category] - m->creep[i], occupancy) + p[i];
    if (at->rho[i] > EPS) at->w[i] = e + (at->w[i] - e) * decay[i];
  }
}

static void flux(const traffic_model *m, const point *l, const point *r, double *rho, double *w) {
  double right = hd_larger(0, hd_larger(l->high, r->high)), left = hd_smaller(0, hd_smaller(l->low, r->low));
  double width = right - left;
  for (int i = 0; i < m->n; i++) {
    double f = l->rho[i] * l->v[i], g = r->rho[i] * r->v[i];
    rho[i] = width < EPS ? 0.5 * (f + g) : (right * f - left * g + right * left * (r->rho[i] - l->rho[i])) / width;
    w[i] = width < EPS ? 0.5 * (l->w[i] + r->w[i])
                       : (right * l->w[i] - left * r->w[i] + right * left * (r->w[i] - l->w[i])) / width;
  }
}

/* -- the state between two steps is rho and y; a step works on points with one ghost on each side -- */

static void load(const traffic_run *c, point *cell) {
  for (int64_t j = 0; j < c->cells; j++) {
    for (int i = 0; i < c->model.n; i++) {
      double rho = c->rho[i * c->cells + j];
      cell[j + 1].rho[i] = rho;
      cell[j + 1].w[i] = rho > 0 ? c->y[i * c->cells + j] / rho : 0;
    }
  }
}

static void store(traffic_run *c, const point *cell) {
  for (int64_t j = 0; j < c->cells; j++) {
    for (int i = 0; i < c->model.n; i++) {
      c->rho[i * c->cells + j] = cell[j + 1].rho[i];
      c->y[i * c->cells + j] = cell[j + 1].rho[i] * cell[j + 1].w[i];
    }
  }
}

static void ghosts(const traffic_run *c, point *cell) {
  for (int side = 0; side < 2; side++) {
    const traffic_end *end = &c->link.end[side];
    point *ghost = &cell[side ? c->cells + 1 : 0];
    int64_t copy = end->kind == TRAFFIC_RING ? (side ? 1 : c->cells) : (side ? c->cells : 1);
    *ghost = cell[copy];
    for (int i = 0; end->kind == TRAFFIC_INFLOW && i < c->model.n; i++) {
      ghost->rho[i] = end->rho[i];
      ghost->w[i] = end->rho[i] > 0 ? end->y[i] / end->rho[i] : 0;
    }
  }
}

static void relax_all(const traffic_run *c, point *cell, double dt) {
  double decay[TRAFFIC_CLASSES];
  if (!c->sources) return;
  for (int i = 0; i < c->model.n; i++) decay[i] = hd_exp(-0.5 * dt / (c->model.tau[i] + 1e-10));
  for (int64_t j = -1; j <= c->cells; j++) {
    int64_t near = j < 0 ? 0 : j == c->cells ? j - 1 : j;
    relax(&c->model, &cell[j + 1], c->category[near], decay);
  }
}

/* Interval of the profiles, as the predecessor's output_dt. */
static double output_interval(const traffic *t) {
  const hd_schedule *s = &t->output.snapshots;
  if (s->every > 0) return s->every;
  return s->count > 1 ? (t->time.end - t->time.start) / (double)(s->count - 1) : __builtin_inf();
}

static double step_length(const traffic_run *c, const point *cell, double last) {
  double fastest = 0;
  for (int64_t j = 1; j <= c->cells; j++)
    fastest = hd_larger(fastest, hd_larger(hd_abs(cell[j].low), hd_abs(cell[j].high)));
  double dt = fastest < EPS ? 1 : c->t->numerics.courant * c->link.dx / fastest;
  dt = hd_smaller(dt, c->t->time.end - *c->now);
  return hd_smaller(dt, last + output_interval(c->t) - *c->now + 1e-9);
}

static void transport(traffic_run *c, point *cell, double dt, double *in, double *out) {
  double f[2][TRAFFIC_CLASSES], g[2][TRAFFIC_CLASSES];
  const traffic_model *m = &c->model;
  point before = cell[0];
  for (int64_t j = 0; j <= c->cells + 1; j++) speeds(m, &cell[j]);
  before = cell[0];
  flux(m, &before, &cell[1], f[0], f[1]);
  for (int i = 0; i < m->n; i++) in[i] = f[0][i];
  for (int64_t j = 1; j <= c->cells; j++) {
    flux(m, &cell[j], &cell[j + 1], g[0], g[1]);
    for (int i = 0; i < m->n; i++) {
      cell[j].rho[i] = cell[j].rho[i] - dt / c->link.dx * (g[0][i] - f[0][i]);
      cell[j].w[i] = cell[j].w[i] - dt / c->link.dx * (g[1][i] - f[1][i]);
      f[0][i] = g[0][i];
      f[1][i] = g[1][i];
    }
  }
  for (int i = 0; i < m->n; i++) out[i] = f[0][i];
  for (int64_t j = 0; j <= c->cells + 1; j++)
    for (int i = 0; i < m->n; i++) cell[j].rho[i] = hd_larger(cell[j].rho[i], EPS);
}

static void extremes(traffic_run *c, const point *cell) {
  const traffic_model *m = &c->model;
  for (int64_t j = 1; j <= c->cells; j++) {
    double p[TRAFFIC_CLASSES];
    pressures(m, cell[j].rho, p);
    for (int i = 0; i < m->n; i++) {
      double *low = &c->extremes[EXTREME_DENSITY_MIN], *high = &c->extremes[EXTREME_DENSITY_MAX];
      *low = hd_smaller(*low, cell[j].rho[i]);
      *high = hd_larger(*high, cell[j].rho[i]);
      if (cell[j].rho[i] > EPS)
        c->extremes[EXTREME_SPEED_MIN] = hd_smaller(c->extremes[EXTREME_SPEED_MIN], cell[j].w[i] - p[i]);
    }
    double *crowd = &c->extremes[EXTREME_OCCUPANCY_MAX];
    *crowd = hd_larger(*crowd, traffic_occupancy(m, m->n, cell[j].rho));
  }
}

static hd_status finite(hd_run *run, const traffic_run *c, const point *cell) {
  for (int64_t j = 0; j < c->cells; j++)
    for (int i = 0; i < c->model.n; i++)
      if (!hd_is_finite(cell[j + 1].rho[i] + cell[j + 1].w[i]))
        return hd_fail(
            run, HD_ERR_NUMERIC,
            "%s in cell %lld is not a number at t = %.17g s; before: density %g veh/m, marker density %g veh/s",
            c->t->classes.name[i], (long long)j, *c->now, c->rho[i * c->cells + j], c->y[i * c->cells + j]);
  return HD_OK;
}

hd_status traffic_compat_build(hd_run *run) {
  traffic_run *c = run->self;
  double next;
  for (int side = 0; side < 2; side++)
    HD_TRY(traffic_end_at(c->t, &c->model, run->seed, side, *c->now, &c->link.end[side], &next));
  return hd_alloc(run, (size_t)(c->cells + 2) * sizeof(point), &c->points);
}

hd_status traffic_compat_step(hd_run *run, hd_progress *progress) {
  traffic_run *c = run->self;
  point *cell = c->points;
  double *last = hd_data(run, TRAFFIC_LAST_STORED), end = c->t->time.end;
  double in[TRAFFIC_CLASSES] = {0}, out[TRAFFIC_CLASSES] = {0}, none[TRAFFIC_CLASSES] = {0};
  load(c, cell);
  ghosts(c, cell);
  for (int64_t j = 1; j <= c->cells; j++) speeds(&c->model, &cell[j]);
  double dt = step_length(c, cell, *last);
  if (dt >= EPS) {
    relax_all(c, cell, dt);
    transport(c, cell, dt, in, out);
    relax_all(c, cell, dt);
    HD_TRY(finite(run, c, cell));
    store(c, cell);
    extremes(c, cell);
    *c->now = *c->now + dt;
    if (*c->now >= *last + output_interval(c->t) - 1e-9) *last = *c->now;
    traffic_ledger_step(run, dt, in, out, none, none, none);
    HD_TRY(traffic_watch_step(run));
  }
  bool done = dt < EPS || end - *c->now < EPS;
  if (done) *c->now = end;
  *progress = (hd_progress){*c->now, (*c->now - c->t->time.start) / (end - c->t->time.start), done};
  return HD_OK;
}
