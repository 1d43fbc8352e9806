/* IAS15. At the nodes h_n of a step the acceleration is
 *
 *   a(h) = a0 + g1 h + g2 h (h - h1) + g3 h (h - h1)(h - h2) + .. + g7 h (h - h1) .. (h - h6)         (Newton's form)
 *        = a0 + b0 h + b1 h^2 + .. + b6 h^7.
 *
 * A pass goes through the nodes 1 to 7: place from the b, acceleration there, g_n from it, then the b. Places of a step that
 * was refused are predicted from the last one accepted, whose b and e (what had been predicted for it) are kept. */
#include "num/ias15.h"

#include "heddle/math.h"

enum { B = 7, PASSES = 12 };

/* Zeros of P7 + P8, moved to [0, 1). */
static const double node[8] = {0,
                               0.05626256053692214646566,
                               0.1802406917368923649876,
                               0.3526247171131696373740,
                               0.5471536263305553830015,
                               0.7342101772154105315232,
                               0.8853209468390957680904,
                               0.9775206135612875018912};

static const double safety = 0.25, far_ahead = 20; /* a step four times longer at most; no prediction beyond 20 times */

typedef struct step {
  const hd_ias15 *m;
  hd_ias15_control *c;
  double *x, *v, *x_low, *v_low, *b_last, *e_last; /* state: [size], [B][size] */
  double *a0, *a, *place, *g, *b, *e;              /* scratch: [size], [B][size] */
  double newton[B][B];                             /* b_j = sum_k newton[k][j] g_k */
} step;

int64_t hd_ias15_doubles(const hd_ias15 *m) { return (2 + 2 * B) * m->size; }
int64_t hd_ias15_scratch(const hd_ias15 *m) { return (3 + 3 * B) * m->size; }

/* Coefficients of h (h - h1) .. (h - h_k) without the first factor h. */
static void expand_newton(double newton[B][B]) {
  for (int k = 0; k < B; k++) {
    for (int j = 0; j < B; j++) newton[k][j] = k == 0 && j == 0;
    for (int j = 0; k > 0 && j < B; j++)
      newton[k][j] = (j > 0 ? newton[k - 1][j - 1] : 0) - node[k] * (j < k ? newton[k - 1][j] : 0);
  }
}

static void lay_out(step *s, double *memory, double *scratch) {
  int64_t n = s->m->size;
  s->x_low = memory;
  s->v_low = memory + n;
  s->b_last = memory + 2 * n;
  s->e_last = memory + (2 + B) * n;
  s->a0 = scratch;
  s->a = scratch + n;
  s->place = scratch + 2 * n;
  s->g = scratch + 3 * n;
  s->b = scratch + (3 + B) * n;
  s->e = scratch + (3 + 2 * B) * n;
  expand_newton(s->newton);
}

static double largest(const double *a, int64_t n) {
  double most = 0;
  for (int64_t i = 0; i < n; i++) {
    if (hd_is_nan(a[i])) return a[i];
    most = hd_larger(hd_abs(a[i]), most);
  }
  return most;
}

static void find_rate(step *s, double since, const double *x, double *a) {
  s->m->rate(s->m->self, s->c->t + (s->c->t_low + since), x, a);
  s->c->evaluations++;
}

/* ---- a step ------------------------------------------------------------------------------------------------------ */

/* e, the b that the last step foretells for one of length dt, and b: e with what it had missed last time (Everhart). */
static void predict(step *s, double dt) {
  int64_t n = s->m->size;
  double q = s->c->last == 0 ? 0 : dt / s->c->last, power[B + 1] = {1};
  if (!(q > 0 && q <= far_ahead)) q = 0;
  for (int k = 1; k <= B; k++) power[k] = power[k - 1] * q;
  static const double binomial[B][B] = {{1, 2, 3, 4, 5, 6, 7},   {0, 1, 3, 6, 10, 15, 21}, {0, 0, 1, 4, 10, 20, 35},
                                        {0, 0, 0, 1, 5, 15, 35}, {0, 0, 0, 0, 1, 6, 21},   {0, 0, 0, 0, 0, 1, 7},
                                        {0, 0, 0, 0, 0, 0, 1}};
  for (int k = 0; k < B; k++) {
    for (int64_t i = 0; i < n; i++) {
      double sum = 0;
      for (int j = B - 1; j >= k; j--) sum += binomial[k][j] * s->b_last[j * n + i];
      s->e[k * n + i] = power[k + 1] * sum;
      s->b[k * n + i] = q > 0 ? s->e[k * n + i] + (s->b_last[k * n + i] - s->e_last[k * n + i]) : 0;
    }
  }
}

/* g of the present b: from the highest down, b_k is g_k+1 and what the higher ones add. */
static void find_newton_form(step *s) {
  int64_t n = s->m->size;
  for (int64_t i = 0; i < n; i++) {
    for (int k = B - 1; k >= 0; k--) {
      double sum = s->b[k * n + i];
      for (int j = k + 1; j < B; j++) sum -= s->newton[j][k] * s->g[j * n + i];
      s->g[k * n + i] = sum;
    }
  }
}

/* The places at h of the step. */
static void go_to(step *s, double h, double dt) {
  int64_t n = s->m->size;
  const double *b = s->b;
  for (int64_t i = 0; i < n; i++) {
    double a = b[6 * n + i] * h / 72;
    for (int k = 5; k >= 0; k--) a = (a + b[k * n + i] / ((k + 2) * (k + 3))) * h;
    double ahead = h * dt * (s->v[i] + s->v_low[i] + h * dt * (s->a0[i] / 2 + a));
    s->place[i] = s->x[i] + (s->x_low[i] + ahead);
  }
}

/* g_k from the acceleration at node k, and all b again. Returns the largest change of g_k. */
static double take_in(step *s, int k) {
  int64_t n = s->m->size;
  double most = 0;
  for (int64_t i = 0; i < n; i++) {
    double slope = (s->a[i] - s->a0[i]) / node[k];
    for (int j = 1; j < k; j++) slope = (slope - s->g[(j - 1) * n + i]) / (node[k] - node[j]);
    double change = slope - s->g[(k - 1) * n + i];
    s->g[(k - 1) * n + i] = slope;
    if (hd_is_nan(change)) return change;
    most = hd_larger(hd_abs(change), most);
    for (int j = 0; j < B; j++) {
      double sum = 0;
      for (int m = B - 1; m >= j; m--) sum += s->newton[m][j] * s->g[m * n + i];
      s->b[j * n + i] = sum;
    }
  }
  return most;
}

/* Passes until b6 stands still, or its changes do not fall any more. False: not a number was met. */
static bool correct(step *s, double dt) {
  double before = 2;
  find_newton_form(s);
  for (int pass = 0; pass < PASSES; pass++) {
    double change = 0;
    for (int k = 1; k <= B; k++) {
      go_to(s, node[k], dt);
      find_rate(s, node[k] * dt, s->place, s->a);
      change = take_in(s, k);
      if (!hd_is_finite(change)) return false;
    }
    double a = largest(s->a, s->m->size);
    change = a > 0 ? change / a : 0;
    if (change < 1e-16 || (pass > 2 && change >= before)) break;
    before = change;
  }
  return true;
}

/* high + low += a + b exactly enough. */
static void add(double *high, double *low, hd_pair change) {
  hd_pair sum = hd_pair_sum(*high, change.high);
  sum = hd_pair_fast_sum(sum.high, sum.low + (*low + change.low));
  *high = sum.high;
  *low = sum.low;
}

static void accept(step *s, double dt) {
  int64_t n = s->m->size;
  const double *b = s->b;
  for (int64_t i = 0; i < n; i++) {
    double speed = b[6 * n + i] / 8, path = b[6 * n + i] / 72;
    for (int k = 5; k >= 0; k--) {
      speed += b[k * n + i] / (k + 2);
      path += b[k * n + i] / ((k + 2) * (k + 3));
    }
    hd_pair x = hd_pair_product(dt, s->v[i]), v = hd_pair_product(dt, s->a0[i]);
    hd_pair bend = hd_pair_product(dt * dt, s->a0[i] / 2 + path);
    x.low += dt * s->v_low[i] + bend.low;
    v.low += dt * speed;
    add(&s->x[i], &s->x_low[i], x);
    add(&s->x[i], &s->x_low[i], (hd_pair){bend.high, 0});
    add(&s->v[i], &s->v_low[i], v);
  }
  for (int64_t i = 0; i < B * n; i++) {
    s->b_last[i] = b[i];
    s->e_last[i] = s->e[i];
  }
}

/* ---- control ----------------------------------------------------------------------------------------------------- */

/* A hundredth of the time in which the acceleration changes by itself. */
static double first_step(step *s, double left) {
  int64_t n = s->m->size;
  double a = largest(s->a0, n), x = largest(s->x, n), v = largest(s->v, n), length = hd_abs(left);
  if (!(a > 0)) return left;
  double trial = hd_smaller(1e-6 * hd_sqrt(x / a), length);
  if (v > 0) trial = hd_smaller(trial, 1e-6 * x / v);
  if (!(trial > 0)) trial = 1e-9 * length;
  for (int64_t i = 0; i < n; i++) s->place[i] = s->x[i] + trial * (s->v[i] + 0.5 * trial * s->a0[i]);
  find_rate(s, trial, s->place, s->a);
  for (int64_t i = 0; i < n; i++) s->a[i] -= s->a0[i];
  double change = largest(s->a, n), length_by_force = change > 0 ? 0.01 * trial * a / change : 1e4 * trial;
  return hd_sign_of(hd_smaller(length_by_force, length), left);
}

static double wanted_step(const step *s, double dt) {
  int64_t n = s->m->size;
  double tolerance = s->m->tolerance > 0 ? s->m->tolerance : 1e-9;
  double a = largest(s->a, n), b6 = largest(s->b + (B - 1) * n, n);
  double wanted = b6 > 0 ? hd_pow(tolerance * a / b6, 1.0 / 7) : 1 / safety;
  return dt * hd_smaller(wanted, 1 / safety);
}

/* One accepted step at most. True: go on. */
static bool advance(step *s, double end) {
  hd_ias15_control *c = s->c;
  const hd_ias15 *m = s->m;
  double left = (end - c->t) - c->t_low, length = hd_abs(left);
  if (m->max_steps > 0 && c->steps + c->rejected >= m->max_steps) return c->outcome = HD_ODE_TOO_MANY_STEPS, false;
  if (c->step == 0) c->step = first_step(s, left);
  double dt = hd_sign_of(c->step, left);
  if (m->max_step > 0) dt = hd_sign_of(hd_smaller(hd_abs(dt), m->max_step), left);
  bool landing = 1.01 * hd_abs(dt) >= length;
  if (landing) dt = left;
  if (!landing && (!(hd_abs(dt) >= m->min_step) || c->t + dt == c->t)) return c->outcome = HD_ODE_STEP_TOO_SMALL, false;
  predict(s, dt);
  double wanted = correct(s, dt) ? wanted_step(s, dt) : safety * safety * dt;
  if (!(hd_abs(wanted) >= safety * hd_abs(dt))) { /* again, shorter */
    c->step = hd_is_finite(wanted) ? wanted : safety * dt;
    c->rejected++;
    return true;
  }
  accept(s, dt);
  c->step = landing && hd_abs(c->step) > hd_abs(wanted) ? c->step : wanted;
  c->last = dt;
  c->steps++;
  hd_pair t = hd_pair_sum(c->t, dt);
  t = hd_pair_fast_sum(t.high, t.low + c->t_low);
  c->t = landing ? end : t.high;
  c->t_low = landing ? 0 : t.low;
  if (landing) return false;
  find_rate(s, 0, s->x, s->a0);
  return true;
}

hd_ode_outcome hd_ias15_advance(const hd_ias15 *method, hd_ias15_control *control, double *x, double *v, double *memory,
                                double end, double *scratch) {
  step s = {.m = method, .c = control};
  s.x = x;
  s.v = v;
  lay_out(&s, memory, scratch);
  if (control->outcome != HD_ODE_FINE || (end - control->t) - control->t_low == 0)
    return (hd_ode_outcome)control->outcome;
  find_rate(&s, 0, x, s.a0);
  if (!hd_is_finite(largest(s.a0, method->size))) control->outcome = HD_ODE_NOT_A_NUMBER;
  else
    for (int64_t tried = 1; advance(&s, end) && tried != method->at_once; tried++) {}
  return (hd_ode_outcome)control->outcome;
}
