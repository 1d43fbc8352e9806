/* Exact solutions. A Riemann solution is integrated piece by piece, so that means keep all digits: constant pieces are
 * trivial; in a fan P = (w - xi)/(1 + gamma), and the antiderivatives of rho and rho P are -gamma rho P and
 * -gamma (1 + gamma)/(1 + 2 gamma) rho P^2. */
#include "solvers/traffic/exact.h"

/* ---- Riemann problems -------------------------------------------------------------------------------------------- */

typedef struct integral {
  double vehicles, flow, markers; /* of rho, rho v, rho w over xi */
} integral;

static void add_constant(integral *sum, riemann_state s, double from, double to) {
  if (!(to > from) || !(s.density > 0)) return;
  sum->vehicles += s.density * (to - from);
  sum->flow += s.density * s.speed * (to - from);
  sum->markers += s.density * s.marker * (to - from);
}

static void add_fan(integral *sum, const riemann_wave *wave, double from, double to) {
  if (!(to > from)) return;
  double g = wave->law.exponent, w = wave->left.marker;
  double p0 = (w - from) / (1 + g), p1 = hd_larger((w - to) / (1 + g), 0);
  double a = riemann_density(wave->law, p0) * p0, b = riemann_density(wave->law, p1) * p1;
  double vehicles = g * (a - b), pressure = g * (1 + g) / (1 + 2 * g) * (a * p0 - b * p1);
  sum->vehicles += vehicles;
  sum->flow += w * vehicles - pressure;
  sum->markers += w * vehicles;
}

exact_mean traffic_exact_mean(const riemann_wave *wave, double from, double to) {
  integral sum = {0};
  add_constant(&sum, wave->left, from, hd_smaller(to, wave->head));
  if (wave->kind == RIEMANN_FAN) add_fan(&sum, wave, hd_larger(from, wave->head), hd_smaller(to, wave->tail));
  add_constant(&sum, wave->middle, hd_larger(from, wave->tail), hd_smaller(to, wave->contact));
  add_constant(&sum, wave->right, hd_larger(from, wave->contact), to);
  bool empty = !(sum.vehicles > 0);
  return (exact_mean){sum.vehicles / (to - from), empty ? HD_NAN : sum.flow / sum.vehicles,
                      empty ? HD_NAN : sum.markers / sum.vehicles};
}

exact_mean traffic_exact_cell(const riemann_wave *wave, double split, double time, double from, double to) {
  if (time > 0) return traffic_exact_mean(wave, (from - split) / time, (to - split) / time);
  riemann_wave start = *wave; /* all waves still stand at the split */
  start.kind = RIEMANN_NONE;
  start.head = start.tail = start.contact = 0;
  return traffic_exact_mean(&start, from - split, to - split);
}

/* ---- stop line --------------------------------------------------------------------------------------------------- */

exact_stop_line traffic_exact_stop(riemann_law law, riemann_state arriving) {
  exact_stop_line line;
  double w = arriving.marker, g = law.exponent;
  line.queue_density = riemann_density(law, w);
  line.queue_speed = -arriving.density * arriving.speed / (line.queue_density - arriving.density);
  line.density = riemann_density(law, w / (1 + g)); /* d/drho of rho (w - P) is w - (1 + gamma) P */
  line.speed = g * w / (1 + g);
  line.flow = line.density * line.speed;
  line.start_speed = -g * w;
  return line;
}

/* ---- quality step ------------------------------------------------------------------------------------------------ */

typedef struct stretch {
  const traffic_model *model;
  const double *flow;
  int category;
} stretch;

static double span_of(const stretch *s, int i) { return s->model->free[i][s->category] - s->model->creep[i]; }
static double speed_at(const stretch *s, int i, double gap) { return s->model->creep[i] + span_of(s, i) * gap; }

/* The occupancy that the flows need where drivers see the gap. */
static double needed(const stretch *s, double gap) {
  double x = 0;
  for (int i = 0; i < s->model->n; i++)
    if (s->flow[i] > 0) x += s->flow[i] / (speed_at(s, i, gap) * s->model->jam);
  return x;
}

/* How much gap the flows leave beyond the one that drivers see: concave in the gap; and its derivative, which falls. */
static double excess(const stretch *s, double gap) { return 1 - gap - needed(s, gap); }
static double slope(const stretch *s, double gap) {
  double d = -1;
  for (int i = 0; i < s->model->n; i++) {
    double v = speed_at(s, i, gap);
    if (s->flow[i] > 0) d += s->flow[i] * span_of(s, i) / (v * v * s->model->jam);
  }
  return d;
}

/* f(low) > 0 >= f(high): halves until no number lies between. */
static double bisect(double (*f)(const stretch *, double), const stretch *s, double low, double high) {
  for (;;) {
    double middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) return low;
    if (f(s, middle) > 0) low = middle;
    else high = middle;
  }
}

static const double least_gap = 1e-12;

double traffic_exact_quality_step(const traffic_model *model, int category, const double *flow, double *density) {
  stretch s = {model, flow, category};
  double gap = 1;
  if (needed(&s, 1) > 0) {
    double top = slope(&s, 1) >= 0 ? 1 : slope(&s, least_gap) <= 0 ? least_gap : bisect(slope, &s, least_gap, 1);
    if (!(excess(&s, top) >= 0)) return HD_NAN;
    gap = bisect(excess, &s, top, 1);
  }
  for (int i = 0; i < model->n; i++) density[i] = flow[i] > 0 ? flow[i] / speed_at(&s, i, gap) : 0;
  return gap;
}

/* At gap g the flow fits (1 - g)/needed(g) times. The inverse is a sum of terms c/((1 - g) Ve(g)), which are log-convex, so
 * there is one maximum: golden section. */
double traffic_exact_capacity(const traffic_model *model, int category, const double *flow) {
  stretch s = {model, flow, category};
  double total = 0, low = least_gap, high = 1 - least_gap;
  for (int i = 0; i < model->n; i++) total += flow[i];
  if (!(total > 0)) return HD_INFINITY;
  for (int k = 0; k < 100; k++) {
    double a = high - 0.6180339887498949 * (high - low), b = low + 0.6180339887498949 * (high - low);
    if ((1 - a) / needed(&s, a) > (1 - b) / needed(&s, b)) high = b;
    else low = a;
  }
  double gap = 0.5 * (low + high);
  return total * (1 - gap) / needed(&s, gap);
}
