/* Steps of bodies that attract each other, all of them together (section 4.2): compositions of leapfrogs, Runge-Kutta 4,
 * and the adaptive integrators of num/. Between steps x and v belong to one time; the force there is kept. */
#include "heddle/math.h"
#include "num/ias15.h"
#include "solvers/nbody/run.h"

/* y += h f */
static void add(int64_t count, double *restrict y, const double *restrict f, double h) {
  for (int64_t i = 0; i < count; i++) y[i] += h * f[i];
}

/* out = y + h f */
static void ahead(int64_t count, double *restrict out, const double *restrict y, const double *restrict f, double h) {
  for (int64_t i = 0; i < count; i++) out[i] = y[i] + h * f[i];
}

static void count_force(nbody_run *c) {
  c->counts[COUNT_FORCES]++;
  c->counts[COUNT_INTERACTIONS] += c->n * c->n;
}

static hd_status force_here(hd_run *run, bool potential) {
  nbody_run *c = run->self;
  c->force_known = c->potential_known = false;
  count_force(c);
  return nbody_force_now(run, potential);
}

static hd_status kick_drift_kick(hd_run *run, double h, bool potential) {
  nbody_run *c = run->self;
  HD_TRY(nbody_force_now(run, false));
  HD_TRY(nbody_kicked(run, c->x, 0.5 * h));
  add(3 * c->n, c->v, c->a, 0.5 * h);
  add(3 * c->n, c->x, c->v, h);
  HD_TRY(force_here(run, potential));
  HD_TRY(nbody_kicked(run, c->x, 0.5 * h));
  add(3 * c->n, c->v, c->a, 0.5 * h);
  return HD_OK;
}

static hd_status drift_kick_drift(hd_run *run, double h) {
  nbody_run *c = run->self;
  add(3 * c->n, c->x, c->v, 0.5 * h);
  HD_TRY(force_here(run, false));
  HD_TRY(nbody_kicked(run, c->x, h));
  add(3 * c->n, c->v, c->a, h);
  add(3 * c->n, c->x, c->v, 0.5 * h);
  c->force_known = c->potential_known = false;
  return HD_OK;
}

/* k1 .. k4 at x, x + h/2 v, ..: velocities and accelerations of the stages, summed with weights 1/6, 1/3, 1/3, 1/6. */
static hd_status runge_kutta_4(hd_run *run, double h) {
  static const double to[4] = {0, 0.5, 0.5, 1}, weight[4] = {1, 2, 2, 1};
  nbody_run *c = run->self;
  int64_t m = 3 * c->n;
  double *x = c->work[0], *v = c->work[1], *dx = c->work[2], *dv = c->work[3], *a = c->a;
  c->force_known = c->potential_known = false;
  for (int k = 0; k < 4; k++) {
    for (int64_t i = 0; i < m; i++) {
      double before_v = k ? v[i] : 0, before_a = k ? a[i] : 0;
      x[i] = c->x[i] + to[k] * h * before_v;
      v[i] = c->v[i] + to[k] * h * before_a;
    }
    count_force(c);
    HD_TRY(nbody_force(run, x, a, NULL, NULL));
    HD_TRY(nbody_kicked(run, x, weight[k] * h / 6));
    for (int64_t i = 0; i < m; i++) {
      dx[i] = (k ? dx[i] : 0) + weight[k] * v[i];
      dv[i] = (k ? dv[i] : 0) + weight[k] * a[i];
    }
  }
  ahead(m, x, c->x, dx, h / 6);
  ahead(m, v, c->v, dv, h / 6);
  for (int64_t i = 0; i < m; i++) c->x[i] = x[i], c->v[i] = v[i];
  return HD_OK;
}

hd_status nbody_march(hd_run *run, double h, bool potential) {
  nbody_run *c = run->self;
  nbody_integrator integrator = (nbody_integrator)c->t->numerics.integrator;
  const nbody_composition *scheme = nbody_composition_of(integrator);
  if (integrator == NBODY_RK4) return runge_kutta_4(run, h);
  if (integrator == NBODY_LEAPFROG_DKD) return drift_kick_drift(run, h);
  for (int k = 0; k < scheme->stages; k++)
    HD_TRY(kick_drift_kick(run, scheme->weight[k] * h, potential && k == scheme->stages - 1));
  return HD_OK;
}

/* ---- adaptive ---------------------------------------------------------------------------------------------------- */

static void acceleration(void *self, double t, const double *x, double *a) {
  hd_run *run = self;
  nbody_run *c = run->self;
  (void)t;
  count_force(c);
  hd_status status = nbody_force(run, x, a, NULL, NULL);
  if (c->status == HD_OK) c->status = status;
}

/* y = [x y z vx vy vz][n] as one system. */
static void rate(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *out) {
  hd_run *run = self;
  const nbody_run *c = run->self;
  (void)n, (void)which;
  for (int64_t i = 0; i < 3 * c->n; i++) out[i] = y[3 * c->n + i];
  acceleration(self, *t, y, out + 3 * c->n);
}

nbody_limits nbody_limits_of(const nbody *t) {
  double all = hd_abs(t->time.end - t->time.start);
  return (nbody_limits){
      hd_is_nan(t->numerics.absolute_tolerance) ? t->numerics.tolerance : t->numerics.absolute_tolerance,
      hd_is_nan(t->numerics.max_step) ? 0 : t->numerics.max_step,
      hd_is_nan(t->numerics.min_step) ? 0x1p-40 * all : t->numerics.min_step};
}

/* So many steps of some 30 forces are taken at a time, a tenth of a second, so that a run can stop between outputs: their
 * number follows from the case alone. */
static int64_t at_once(const nbody *t, int64_t n) {
  double steps = 3e6 / ((double)n * (double)n);
  if (t->output.snapshots.every_steps > 0 || t->output.ledger.every_steps > 0) return 1;
  return steps > 1000 ? 1000 : 1 + (int64_t)steps;
}

/* With the body that is pulled the hardest: it is the one whose motion asked for so short a step. */
static hd_status fail(hd_run *run, int64_t outcome, double reached, double step) {
  nbody_run *c = run->self;
  const int64_t *id = hd_data(run, NBODY_ID);
  const char *unit = nbody_is_physical(c->t) ? " Gyr" : "", *what = hd_ode_outcome_text((int)outcome);
  int64_t hardest = -1;
  double most = -1;
  hd_status known = nbody_force_now(run, false);
  for (int64_t i = 0; known == HD_OK && i < c->n; i++) {
    const double a[3] = {c->a[i], c->a[c->n + i], c->a[2 * c->n + i]};
    double square = a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
    if (square > most) most = square, hardest = i;
  }
  if (hardest < 0)
    return hd_fail(run, HD_ERR_NUMERIC, "%s at t = %.17g%s, step %.3g%s", what, reached, unit, hd_abs(step), unit);
  return hd_fail(run, HD_ERR_NUMERIC, "%s at t = %.17g%s, step %.3g%s; particle %lld is pulled the hardest", what,
                 reached, unit, hd_abs(step), unit, (long long)id[hardest]);
}

hd_status nbody_march_to(hd_run *run, double end) {
  nbody_run *c = run->self;
  const nbody *t = c->t;
  nbody_limits limits = nbody_limits_of(t);
  int64_t outcome, steps;
  double reached, step;
  c->force_known = c->potential_known = false;
  c->status = HD_OK;
  if (t->numerics.integrator == NBODY_IAS15) {
    hd_ias15 method = {.size = 3 * c->n,
                       .rate = acceleration,
                       .self = run,
                       .max_step = limits.max_step,
                       .min_step = limits.min_step,
                       .max_steps = t->numerics.max_steps,
                       .at_once = at_once(t, c->n)};
    hd_ias15_control *control = hd_data(run, NBODY_CONTROLS);
    outcome = hd_ias15_advance(&method, control, c->x, c->v, hd_data(run, NBODY_FITS), end, c->scratch);
    steps = control->steps, reached = control->t, step = control->step;
  } else {
    hd_dop853 method = {.size = 6 * c->n,
                        .rate = rate,
                        .self = run,
                        .relative = t->numerics.tolerance,
                        .absolute = limits.absolute,
                        .max_step = limits.max_step,
                        .min_step = limits.min_step,
                        .max_steps = t->numerics.max_steps,
                        .at_once = at_once(t, c->n)};
    hd_dop853_control *control = hd_data(run, NBODY_CONTROLS);
    hd_dop853_advance(&method, 1, control, c->x, end, c->scratch);
    outcome = control->outcome, steps = control->steps, reached = control->t, step = control->step;
  }
  HD_TRY(c->status);
  c->counts[COUNT_STEPS] = steps;
  c->books[BOOK_STEP] = hd_abs(step);
  *c->now = reached;
  if (outcome == HD_ODE_FINE) return HD_OK;
  return fail(run, outcome, reached, step);
}
