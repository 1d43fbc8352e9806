/* pendulums: a solver outside heddle's tree, against include/heddle alone. README.md walks through it.
 *
 * theta'' = -(g / length) sin(theta), let go at rest;  a string breaks above  g cos(theta) + length theta'^2 = strength
 *
 * A batch of independent pendulums, each taken from start to end, where most solvers move all cells through time. */
#include "heddle/math.h"
#include "heddle/solver.h"

static const double g = 9.80665; /* m/s2, standard gravity (CGPM 1901) */

/* clang-format off */
typedef struct params { int64_t count; double length, largest, strength, end, step; } params;
typedef struct swing { double theta, omega; } swing;
typedef struct crossing { int64_t pendulum; double time; } crossing; /* a row: its fields in the order of the table */

#define AT(member) .at = offsetof(params, member)
static const hd_param parameters[] = {
  {"pendulums", HD_INT, .value = "16", .range = "[1, 1000000]", AT(count), .doc = "how many"},
  {"length", HD_REAL, "m", .value = "1 m", .range = "> 0", AT(length), .doc = "of the strings"},
  {"largest", HD_REAL, "rad", .value = "175 deg", .range = "(0 deg, 180 deg)", AT(largest), .doc = "the widest angle"},
  {"strength", HD_REAL, "m/s2", .value = "48.5 m/s2", .range = "> 0", AT(strength), .doc = "tension per mass borne"},
  {"time", HD_GROUP, .sub = (const hd_param[]){
    {"end", HD_REAL, "s", .range = "> 0", AT(end), .doc = "how long each one is followed"},
    {"step", HD_REAL, "s", .value = "1 ms", .range = "> 0", AT(step), .doc = "cut a little so that steps fit"}, {0}},
   .doc = "from 0 s to the end"}, {0}};
enum { PENDULUM, CROSSING };
static const hd_dim dims[] = {{"pendulum", "pendulums", HD_BLOCKS, NULL, NULL},
  {"crossing", "passages through the lowest point", HD_ROWS, NULL, "crossing_pendulum"}, {0}};
enum { AMPLITUDE, EXACT, DONE, PERIOD, CROSSING_PENDULUM, CROSSING_TIME };
static const hd_field fields[] = {
  {"amplitude", "pendulum", HD_F64, "rad", NULL, "table", HD_OUT, "angle of release"},
  {"exact_period", "pendulum", HD_F64, "s", NULL, "table", HD_OUT, "2 pi sqrt(length / g) / agm(1, cos(angle / 2))"},
  {"done", "", HD_I64, "1", NULL, NULL, HD_STATE, "pendulums finished: with `period` all that a checkpoint must know"},
  {"period", "pendulum", HD_F64, "s", NULL, NULL, HD_STATE | HD_OUT, "from the crossings; 0: too few, or it broke"},
  {"crossing_pendulum", "", HD_I64, "1", "crossing", NULL, HD_OUT, "which one"},
  {"crossing_time", "", HD_F64, "s", "crossing", NULL, HD_OUT, "when"}, {0}};
/* clang-format on */

/* The stage: made once for these parameters, stored under their hash, and shared by all runs that ask for the same. */
static hd_status make_table(hd_run *run) {
  const params *p = run->params;
  HD_TRY(hd_size(run, PENDULUM, p->count));
  double *amplitude = hd_data(run, AMPLITUDE), *exact = hd_data(run, EXACT);
  for (int64_t i = 0; i < p->count; i++) {
    amplitude[i] = p->largest * (double)(i + 1) / (double)p->count;
    double a = 1, b = hd_cos(amplitude[i] / 2);
    for (int k = 0; k < 8; k++) { /* the arithmetic-geometric mean doubles its digits each time */
      double mean = (a + b) / 2;
      b = hd_sqrt(a * b);
      a = mean;
    }
    exact[i] = 2 * HD_PI * hd_sqrt(p->length / g) / a;
  }
  return HD_OK;
}

static hd_status check(void *decoded, hd_notes *notes) {
  const params *p = decoded;
  double most = g * (3 - 2 * hd_cos(p->largest));
  if (most > p->strength)
    hd_warning(notes, "strength", "raise it, or lower `largest`", "the widest swing pulls with %.4g m/s2", most);
  hd_fact(notes, "small_angle_period", "s", 2 * HD_PI * hd_sqrt(p->length / g));
  return HD_OK;
}

static hd_status plan(const void *decoded, hd_plan *plan) {
  const params *p = decoded;
  plan->size[PENDULUM] = plan->blocks = p->count;
  plan->regions = 1;
  return HD_OK;
}
static hd_status start(hd_run *run) { return hd_size(run, PENDULUM, ((const params *)run->params)->count); }

/* The classical Runge-Kutta step of length h; k = g / length. */
static swing leap(swing s, double k, double h) {
  double a1 = -k * hd_sin(s.theta), o2 = s.omega + h / 2 * a1;
  double a2 = -k * hd_sin(s.theta + h / 2 * s.omega), o3 = s.omega + h / 2 * a2;
  double a3 = -k * hd_sin(s.theta + h / 2 * o2), o4 = s.omega + h * a3, a4 = -k * hd_sin(s.theta + h * o3);
  return (swing){s.theta + h / 6 * (s.omega + 2 * (o2 + o3) + o4), s.omega + h / 6 * (a1 + 2 * (a2 + a3) + a4)};
}

/* One pendulum from start to end. It may fail alone: the others go on. */
static hd_status follow(hd_run *run, int64_t block, void *first) {
  const params *p = run->params;
  double *period = hd_data(run, PERIOD), *amplitude = hd_data(run, AMPLITUDE);
  int64_t i = *(int64_t *)first + block, steps = (int64_t)hd_larger(1, hd_round(p->end / p->step)), passes = 0;
  double h = p->end / (double)steps, k = g / p->length, first_time = 0;
  swing s = {amplitude[i], 0}, next;
  for (int64_t n = 0; n < steps; n++, s = next) {
    next = leap(s, k, h);
    double tension = g * hd_cos(next.theta) + p->length * next.omega * next.omega;
    if (tension > p->strength) {
      hd_part_failed(run, PENDULUM, i, (double)(n + 1) * h, "the string broke at %.4g m/s2", tension);
      period[i] = 0;
      return HD_OK;
    }
    if ((s.theta > 0) == (next.theta > 0)) continue;
    double t = -s.theta / s.omega; /* Newton's method on the step itself: when is theta 0? */
    for (int again = 0; again < 4; again++) {
      swing at = leap(s, k, t);
      t -= at.theta / at.omega;
    }
    crossing row = {i, (double)n * h + t};
    if (!passes++) first_time = row.time;
    else period[i] = 2 * (row.time - first_time) / (double)(passes - 1);
    HD_TRY(hd_emit(run, i, CROSSING, &row));
  }
  return HD_OK;
}

/* A few pendulums. Between two steps a run may be stopped, saved, resumed and given other threads. */
static hd_status step(hd_run *run, hd_progress *progress) {
  int64_t *done = hd_data(run, DONE), all = hd_count(run, PENDULUM), n = hd_batch(run);
  if (n > all - *done) n = all - *done;
  HD_TRY(hd_for_blocks(run, n, follow, done));
  *done += n;
  *progress = (hd_progress){(double)*done, (double)*done / (double)all, *done == all};
  return HD_OK;
}

static hd_status period_error(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name, (void)argument;
  const double *period = hd_data(run, PERIOD), *exact = hd_data(run, EXACT);
  *value = 0;
  for (int64_t i = 0; i < hd_count(run, PENDULUM); i++)
    if (period[i] > 0) *value = hd_larger(*value, hd_abs(period[i] / exact[i] - 1));
  return HD_OK;
}

static hd_status draw(const hd_result *result, int64_t frame, hd_figure *figure) {
  (void)frame;
  hd_array time, which;
  HD_TRY(hd_read(result, "crossing_time", &time));
  HD_TRY(hd_read(result, "crossing_pendulum", &which));
  hd_axis x = {.label = "time", .unit = "s"}, y = {.label = "pendulum", .unit = "1"}, none = {0};
  HD_TRY(hd_panel(figure, "Wide swings are slow", x, y, none, false));
  return hd_add(figure, (hd_mark){HD_POINTS, NULL, time.at, which.at, .nx = time.size[0]});
}

/* clang-format off */
static const hd_stage stages[] = {{"table", "angles, exact periods", "pendulums length largest", 0, make_table}, {0}};
static const hd_measure measures[] = {{"period_error", "1", "largest relative error", HD_ERROR, period_error}, {0}};
static const hd_drawing figures[] = {{"crossings", "Passages through the lowest point", "one dot each", 0, draw}, {0}};
static const hd_solver pendulums = {
  HD_SOLVER_ABI, sizeof(hd_solver), "pendulums", "Pendulums", "independent pendulums", .bits = 1,
  .axis = "pendulums", .axis_unit = "1", .params_size = sizeof(params), .params = parameters, .dims = dims,
  .fields = fields, .stages = stages, .measures = measures, .figures = figures, .check = check, .plan = plan,
  .start = start, .step = step};
const hd_solver *hd_plugin(void) { return &pendulums; }
