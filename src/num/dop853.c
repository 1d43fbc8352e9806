/* Step control of DOP853 for groups of systems. Up to GROUP systems stand side by side, one per column; those that have arrived
 * or failed leave, and the others close up. No column reads another, so packing changes no bit. The numbers of a single
 * system are columns of their own in the arithmetic, which is the same. */
#include "num/dop853.h"

#include "heddle/math.h"
#include "math/array.h"
#include "num/dop853_kernel.h"

enum { GROUP = 64, STAGES = HD_DOP853_STAGES, ARRAYS = STAGES + 3 };

static const double nodes[STAGES] = {0,
                                     .0526001519587677318785587544488,
                                     .0789002279381515978178381316732,
                                     .118350341907227396726757197510,
                                     .281649658092772603273242802490,
                                     1.0 / 3,
                                     .25,
                                     4.0 / 13,
                                     .651282051282051282051282051282,
                                     .6,
                                     6.0 / 7,
                                     1};

/* Hairer, Norsett, Wanner: safety, smallest and largest change of a step, PI exponents. */
static const double safety = 0.9, shrink_most = 1.0 / 3, grow_most = 6, beta = 0.04, exponent = 0.125 - 0.04 * 0.2;

const char *hd_ode_outcome_text(int outcome) {
  static const char *const text[] = {"done", "the step fell below its limit", "the number of steps reached its limit",
                                     "the rate of change is not a number", "the iteration does not converge"};
  return text[outcome >= 0 && outcome <= HD_ODE_STEP_TOO_LONG ? outcome : 0];
}

/* Systems side by side; arrays are [size][count]. */
typedef struct group {
  const hd_dop853 *method;
  hd_dop853_control *control; /* of all systems */
  double end;
  int64_t count, which[GROUP], taken[GROUP]; /* taken: steps in this call */
  double t[GROUP], step[GROUP], fifth[GROUP], third[GROUP];
  bool landing[GROUP], again[GROUP], gone[GROUP]; /* ends at the end; was rejected before; leaves */
  double *y, *y_new, *k_new, *k[STAGES];
  double *wide[3]; /* step, fifth, third of each number of a single system; NULL in groups */
} group;

size_t hd_dop853_bytes(const hd_dop853 *m, int64_t n) {
  return (size_t)(m->size * (n == 1 ? ARRAYS + 3 : GROUP * ARRAYS)) * sizeof(double);
}

static void lay_out(group *g, int64_t n, double *at) {
  int64_t length = g->method->size * (n == 1 ? 1 : GROUP);
  double **const arrays[3] = {&g->y, &g->y_new, &g->k_new};
  for (int i = 0; i < 3; i++, at += length) *arrays[i] = at;
  for (int i = 0; i < STAGES; i++, at += length) g->k[i] = at;
  for (int i = 0; i < 3; i++, at += length) g->wide[i] = n == 1 ? at : NULL;
}

static hd_dop853_control *control_of(const group *g, int64_t column) { return &g->control[g->which[column]]; }

static double remaining(const group *g, const hd_dop853_control *c) { return (g->end - c->t) - c->t_low; }

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* Those that leave take their numbers to y[size][n]; the others close up. */
static void close_up(group *g, double *y, int64_t n) {
  int64_t size = g->method->size, old = g->count, stay[GROUP], count = 0;
  for (int64_t i = 0; i < old; i++) {
    if (!g->gone[i]) stay[count++] = i;
    else
      for (int64_t c = 0; c < size; c++) y[c * n + g->which[i]] = g->y[c * old + i];
  }
  if (count == old) return;
  for (int64_t c = 0; c < size; c++) {
    for (int64_t j = 0; j < count; j++) {
      g->y[c * count + j] = g->y[c * old + stay[j]];
      g->k[0][c * count + j] = g->k[0][c * old + stay[j]];
    }
  }
  for (int64_t j = 0; j < count; j++) {
    g->which[j] = g->which[stay[j]];
    g->taken[j] = g->taken[stay[j]];
    g->step[j] = g->step[stay[j]];
    g->landing[j] = g->landing[stay[j]];
    g->again[j] = g->again[stay[j]];
    g->gone[j] = false;
  }
  g->count = count;
}

static void fail(group *g, int64_t column, hd_ode_outcome outcome) {
  control_of(g, column)->outcome = outcome;
  g->gone[column] = true;
}

static void find_rate(group *g, double fraction, const double *y, double *out) {
  for (int64_t i = 0; i < g->count; i++) {
    hd_dop853_control *c = control_of(g, i);
    g->t[i] = c->t + (c->t_low + fraction * g->step[i]);
    c->evaluations++;
  }
  g->method->rate(g->method->self, g->count, g->which, g->t, y, out);
}

/* The largest |a|/(absolute + relative |y|) of a column; not a number if one of them is none. */
static double size_of(const group *g, const double *a, int64_t column) {
  double most = 0;
  for (int64_t at = column; at < g->method->size * g->count; at += g->count) {
    double part = hd_abs(a[at]) / (g->method->absolute + g->method->relative * hd_abs(g->y[at]));
    if (hd_is_nan(part)) return part;
    most = hd_larger(part, most);
  }
  return most;
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */

/* The first step by the sizes of y, y' and, after an Euler step, y''. */
static void first_steps(group *g) {
  double trial[GROUP] = {0}, slope[GROUP] = {0};
  bool any = false;
  for (int64_t i = 0; i < g->count; i++) {
    double length = hd_abs(remaining(g, control_of(g, i))), y = size_of(g, g->y, i);
    slope[i] = size_of(g, g->k[0], i);
    trial[i] = hd_smaller(slope[i] > 0 && y > 0 ? 0.01 * y / slope[i] : 1e-6 * length, length);
    g->step[i] = hd_sign_of(trial[i], remaining(g, control_of(g, i)));
    any = any || control_of(g, i)->step == 0;
  }
  if (!any) return;
  for (int64_t at = 0; at < g->method->size * g->count; at++)
    g->y_new[at] = hd_fma(g->step[at % g->count], g->k[0][at], g->y[at]);
  find_rate(g, 1, g->y_new, g->k_new);
  for (int64_t at = 0; at < g->method->size * g->count; at++) g->k_new[at] -= g->k[0][at];
  for (int64_t i = 0; i < g->count; i++) {
    hd_dop853_control *c = control_of(g, i);
    double bend = hd_larger(size_of(g, g->k_new, i) / trial[i], slope[i]);
    double step = bend > 0 ? hd_pow(0.01 / bend, 0.125) : 100 * trial[i];
    if (c->step == 0) c->step = hd_smaller(step, 100 * trial[i]);
  }
}

static void choose_steps(group *g) {
  const hd_dop853 *m = g->method;
  for (int64_t i = 0; i < g->count; i++) {
    hd_dop853_control *c = control_of(g, i);
    double left = remaining(g, c), length = hd_abs(left), step = c->step;
    if (m->max_step > 0) step = hd_smaller(step, m->max_step);
    g->landing[i] = 1.01 * step >= length;
    g->step[i] = g->landing[i] ? left : hd_sign_of(step, left);
    if (!g->landing[i] && (!(step >= m->min_step) || c->t + g->step[i] == c->t)) fail(g, i, HD_ODE_STEP_TOO_SMALL);
    else if (m->max_steps > 0 && c->steps + c->rejected >= m->max_steps) fail(g, i, HD_ODE_TOO_MANY_STEPS);
  }
}

static void take_stages(group *g) {
  hd_dop853_rows r = {g->method->size, g->count, g->count, g->step, g->y, {0}};
  double *fifth = g->fifth, *third = g->third;
  if (g->wide[0]) {
    for (int64_t c = 0; c < g->method->size; c++) g->wide[0][c] = g->step[0];
    r = (hd_dop853_rows){1, g->method->size, g->method->size, g->wide[0], g->y, {0}};
    fifth = g->wide[1];
    third = g->wide[2];
  }
  for (int k = 0; k < STAGES; k++) r.k[k] = g->k[k];
  for (int stage = 1; stage < STAGES; stage++) {
    HD_ISA_PICK(hd_dop853_stage)(&r, stage, g->y_new);
    find_rate(g, nodes[stage], g->y_new, g->k[stage]);
  }
  HD_ISA_PICK(hd_dop853_stage)(&r, STAGES, g->y_new);
  HD_ISA_PICK(hd_dop853_errors)(&r, g->y_new, g->method->absolute, g->method->relative, fifth, third);
  if (g->wide[0]) {
    g->fifth[0] = g->third[0] = 0;
    for (int64_t c = 0; c < g->method->size; c++) {
      g->fifth[0] = hd_is_nan(fifth[c]) ? fifth[c] : hd_larger(fifth[c], g->fifth[0]);
      g->third[0] = hd_larger(third[c], g->third[0]);
      if (hd_is_nan(fifth[c])) break;
    }
  }
  find_rate(g, 1, g->y_new, g->k_new);
}

/* Of each column, infinite where the new place or its rate is not a number. */
static void find_errors(const group *g, double *error) {
  for (int64_t i = 0; i < g->count; i++) {
    double five = g->fifth[i], three = g->third[i], size = hd_abs(g->step[i]);
    error[i] = five == 0 ? 0 : size * five * five / hd_sqrt(five * five + 0.01 * three * three);
    if (!hd_is_finite(error[i]) || !hd_is_finite(size_of(g, g->k_new, i))) error[i] = HD_INFINITY;
  }
}

static void judge(group *g) {
  int64_t size = g->method->size, count = g->count;
  double error[GROUP], power[GROUP], old[GROUP], by[GROUP];
  find_errors(g, error);
  for (int64_t i = 0; i < count; i++) by[i] = exponent;
  HD_ISA_PICK(hd_array_pow)(power, error, by, count);
  for (int64_t i = 0; i < count; i++) old[i] = hd_larger(control_of(g, i)->error, 1e-4), by[i] = beta;
  HD_ISA_PICK(hd_array_pow)(old, old, by, count);
  for (int64_t i = 0; i < count; i++) {
    hd_dop853_control *c = control_of(g, i);
    double step = hd_abs(g->step[i]);
    if (!(error[i] <= 1)) {
      c->rejected++;
      c->step = step * hd_larger(shrink_most, safety / power[i]);
      g->again[i] = true;
      continue;
    }
    double next = step * hd_clamp(safety * old[i] / power[i], shrink_most, grow_most);
    if (g->again[i]) next = hd_smaller(next, step);
    c->step = g->landing[i] ? hd_larger(next, c->step) : next; /* what was cut short is taken up again */
    c->error = hd_larger(error[i], 1e-4);
    c->steps++;
    g->again[i] = false;
    for (int64_t at = i; at < size * count; at += count) {
      g->y[at] = g->y_new[at];
      g->k[0][at] = g->k_new[at];
    }
    hd_pair t = hd_pair_sum(c->t, g->step[i]);
    t = hd_pair_fast_sum(t.high, t.low + c->t_low);
    c->t = g->landing[i] ? g->end : t.high;
    c->t_low = g->landing[i] ? 0 : t.low;
    g->taken[i]++;
    g->gone[i] = g->landing[i] || (g->method->at_once > 0 && g->taken[i] >= g->method->at_once);
  }
}

/* The systems from .. from + GROUP - 1, as far as they are on their way. */
static void advance_group(group *g, int64_t from, int64_t n, double *y) {
  g->count = 0;
  for (int64_t i = from; i < n && i < from + GROUP; i++)
    if (g->control[i].outcome == HD_ODE_FINE && remaining(g, &g->control[i]) != 0) g->which[g->count++] = i;
  if (g->count == 0) return;
  for (int64_t i = 0; i < g->count; i++) {
    g->again[i] = g->gone[i] = false;
    g->step[i] = 0;
    g->taken[i] = 0;
    for (int64_t c = 0; c < g->method->size; c++) g->y[c * g->count + i] = y[c * n + g->which[i]];
  }
  find_rate(g, 0, g->y, g->k[0]);
  for (int64_t i = 0; i < g->count; i++)
    if (!hd_is_finite(size_of(g, g->k[0], i))) fail(g, i, HD_ODE_NOT_A_NUMBER);
  close_up(g, y, n);
  if (g->count > 0) first_steps(g);
  while (g->count > 0) {
    choose_steps(g);
    close_up(g, y, n);
    if (g->count == 0) break;
    take_stages(g);
    judge(g);
    close_up(g, y, n);
  }
}

int64_t hd_dop853_advance(const hd_dop853 *method, int64_t n, hd_dop853_control *control, double *y, double end,
                          void *scratch) {
  group g = {.method = method, .control = control, .end = end};
  int64_t failed = 0;
  lay_out(&g, n, scratch);
  for (int64_t from = 0; from < n; from += GROUP) advance_group(&g, from, n, y);
  for (int64_t i = 0; i < n; i++) failed += control[i].outcome != HD_ODE_FINE;
  return failed;
}
