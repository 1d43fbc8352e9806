/* Measures (section 6): what a table of a study shows of one run. Evaluated at the end of it. */
#include "solvers/traffic/ledger.h"
#include "solvers/traffic/run.h"
#include "solvers/traffic/traffic_physics.h"
#include "solvers/traffic/watch.h"

#include <string.h>

static const double NONE = __builtin_nan("");

/* The class an argument names; -1 for all of them, when there is no argument. */
static hd_status class_of(hd_run *run, const char *argument, int *index) {
  const traffic *t = run->params;
  *index = -1;
  if (!argument) return HD_OK;
  for (int i = 0; i < (int)t->classes.count; i++)
    if (!strcmp(t->classes.name[i], argument)) *index = i;
  return *index >= 0 ? HD_OK : hd_fail(run, HD_ERR_INPUT, "unknown class '%s'", argument);
}

/* Of one class, or the sum over all. */
static hd_status total(hd_run *run, const char *argument, double (*of)(const hd_run *, int), double *value) {
  const traffic_run *c = run->self;
  int which;
  HD_TRY(class_of(run, argument, &which));
  *value = 0;
  for (int i = 0; i < c->model.n; i++)
    if (which < 0 || which == i) *value += of(run, i);
  return HD_OK;
}

/* ---- books ------------------------------------------------------------------------------------------------------- */

static double worst(const traffic_run *c, int account) {
  double most = 0;
  for (int i = 0; i < c->model.n; i++) most = traffic_max(c->books[account * c->model.n + i], most);
  return most;
}

static hd_status mass_drift(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name, (void)argument;
  *value = worst(run->self, BOOK_MASS_WORST);
  return HD_OK;
}

static hd_status ledger_residual(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name, (void)argument;
  *value = traffic_max(worst(run->self, BOOK_MASS_WORST), worst(run->self, BOOK_MARKER_WORST));
  return HD_OK;
}

static hd_status vehicle_time(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  return total(run, argument, traffic_ledger_time, value);
}

static hd_status vehicle_distance(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  return total(run, argument, traffic_ledger_distance, value);
}

static double delay_of(const hd_run *run, int i) {
  return traffic_ledger_time(run, i) - traffic_ledger_free_time(run, i);
}

static hd_status delay(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  return total(run, argument, delay_of, value);
}

static hd_status travel_time(hd_run *run, const char *name, const char *argument, double *value) {
  const traffic_run *c = run->self;
  double time, way;
  HD_TRY(vehicle_time(run, name, argument, &time));
  HD_TRY(vehicle_distance(run, name, argument, &way));
  *value = way > 0 ? c->t->road.length * (time / way) : NONE;
  return HD_OK;
}

static hd_status throughput(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  const traffic_run *c = run->self;
  double duration = *c->now - c->t->time.start;
  HD_TRY(total(run, argument, traffic_ledger_left, value));
  *value = duration > 0 ? *value / duration : NONE;
  return HD_OK;
}

static hd_status queue(hd_run *run, const char *name, const char *argument, double *value) {
  const traffic_run *c = run->self;
  int group;
  HD_TRY(class_of(run, argument, &group));
  if (group < 0) group = c->model.n;
  if (!strcmp(name, "queue_end")) return traffic_queue_now(run, group, value);
  *value = traffic_queue_longest(run, group);
  return HD_OK;
}

static hd_status first_mode(hd_run *run, const char *name, const char *argument, double *value) {
  const traffic_run *c = run->self;
  int group;
  HD_TRY(class_of(run, argument, &group));
  if (group < 0) group = c->model.n;
  *value = !strcmp(name, "growth_rate") ? traffic_mode_growth(run, group) : traffic_mode_speed(run, group);
  return HD_OK;
}

static hd_status extreme(hd_run *run, const char *name, const char *argument, double *value) {
  (void)argument;
  const traffic_run *c = run->self;
  *value = !strcmp(name, "density_min")     ? c->extremes[EXTREME_DENSITY_MIN]
           : !strcmp(name, "density_max")   ? c->extremes[EXTREME_DENSITY_MAX]
           : !strcmp(name, "occupancy_max") ? c->extremes[EXTREME_OCCUPANCY_MAX]
                                            : c->extremes[EXTREME_SPEED_MIN];
  if (!(*value < __builtin_inf())) *value = NONE; /* no class was anywhere */
  return HD_OK;
}

static hd_status counter(hd_run *run, const char *name, const char *argument, double *value) {
  (void)argument;
  const traffic_run *c = run->self;
  *value = (double)c->counts[!strcmp(name, "steps") ? COUNT_STEPS : COUNT_CELL_STEPS];
  return HD_OK;
}

/* ---- errors: L1 against the exact averages or the start ---------------------------------------------------------- */

enum { DENSITY, SPEED, MARKER };

static double quantity(const traffic_model *m, const double *rho, const double *y, int i, int what) {
  double pressure[TRAFFIC_CLASSES] = {0}, slope[TRAFFIC_CLASSES] = {0};
  if (what == DENSITY) return rho[i];
  if (!(rho[i] > m->vacuum)) return NONE;
  if (what == MARKER) return y[i] / rho[i];
  traffic_pressures(m, m->n, rho, pressure, slope);
  return y[i] / rho[i] - pressure[i];
}

static void cell_state(const traffic_run *c, int64_t j, double *rho, double *y) {
  for (int i = 0; i < c->model.n; i++) {
    rho[i] = c->rho[i * c->cells + j];
    y[i] = c->y[i * c->cells + j];
  }
}

/* Cells where one of the two has no vehicles of the class count for the density only. */
static double difference(double a, double b) {
  double d = a - b;
  return d != d ? 0 : d < 0 ? -d : d;
}

/* Density, flow and marker density of a cell, by the operations that a stored profile has gone through: a run has no error
 * against itself. */
static void add_cell(const traffic_run *c, int64_t j, double sum[3][TRAFFIC_CLASSES]) {
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
  cell_state(c, j, rho, y);
  traffic_pressures(&c->model, c->model.n, rho, pressure, slope);
  for (int i = 0; i < c->model.n; i++) {
    bool here = rho[i] > c->model.vacuum;
    sum[DENSITY][i] += rho[i];
    double w = here ? y[i] / rho[i] : 0;
    sum[SPEED][i] += here ? rho[i] * (w - pressure[i]) : 0;
    sum[MARKER][i] += here ? rho[i] * w : 0;
  }
}

static double mean_of(const traffic_run *c, const double *of, int what) {
  if (what == DENSITY) return of[DENSITY];
  return of[DENSITY] > c->model.vacuum ? of[what] / of[DENSITY] : NONE;
}

static hd_status against_initial(hd_run *run, int what, double *sum) {
  const traffic_run *c = run->self;
  double rho[TRAFFIC_CLASSES] = {0}, y[TRAFFIC_CLASSES] = {0}, rho_0[TRAFFIC_CLASSES] = {0}, y_0[TRAFFIC_CLASSES] = {0};
  for (int64_t j = 0; j < c->cells; j++) {
    HD_TRY(traffic_initial(c->t, &c->model, run->seed, j, 1, rho_0, y_0));
    cell_state(c, j, rho, y);
    for (int i = 0; i < c->model.n; i++)
      *sum += difference(quantity(&c->model, rho, y, i, what), quantity(&c->model, rho_0, y_0, i, what));
  }
  return HD_OK;
}

static hd_status against_exact(hd_run *run, int what, double *sum) {
  const traffic_run *c = run->self;
  double rho[TRAFFIC_CLASSES] = {0}, y[TRAFFIC_CLASSES] = {0}, *exact;
  size_t cells = (size_t)c->cells;
  void *memory;
  HD_TRY(hd_alloc(run, 3 * cells * sizeof(double), &memory));
  exact = memory;
  HD_TRY(traffic_exact(c->t, &c->model, *c->now - c->t->time.start, c->cells, exact, exact + cells, exact + 2 * cells));
  for (int64_t j = 0; j < c->cells; j++) {
    cell_state(c, j, rho, y);
    *sum += difference(quantity(&c->model, rho, y, 0, what), exact[(int64_t)what * c->cells + j]);
  }
  return HD_OK;
}

/* Both averaged over the cells of the coarser grid; speed is flow over density then. */
static void against_result(const traffic_run *c, int what, double *sum) {
  int64_t n = c->model.n, cells = c->t->output.reference_cells, each = c->cells / cells;
  const double *reference = c->t->output.reference;
  for (int64_t j = 0; j < cells; j++) {
    double mine[3][TRAFFIC_CLASSES] = {{0}};
    for (int64_t k = 0; k < each; k++) add_cell(c, j * each + k, mine);
    for (int i = 0; i < n; i++) {
      double there[3], here[3];
      for (int q = 0; q < 3; q++) {
        there[q] = reference[(q * n + i) * cells + j];
        here[q] = mine[q][i] / (double)each;
      }
      *sum += (double)each * difference(mean_of(c, here, what), mean_of(c, there, what));
    }
  }
}

static hd_status error_of(hd_run *run, const char *name, const char *argument, double *value) {
  (void)argument;
  const traffic_run *c = run->self;
  int what = !strcmp(name, "error_density") ? DENSITY : !strcmp(name, "error_speed") ? SPEED : MARKER;
  double sum = 0;
  *value = NONE;
  if (traffic_wants_exact(c->t)) HD_TRY(against_exact(run, what, &sum));
  else if (c->t->output.reference) against_result(c, what, &sum);
  else if (c->t->output.compare_form == 0 && c->t->output.compare == TRAFFIC_START)
    HD_TRY(against_initial(run, what, &sum));
  else return HD_OK;
  *value = sum * c->link.dx;
  return HD_OK;
}

static hd_status exact_value(hd_run *run, const char *name, const char *argument, double *value) {
  (void)argument;
  const traffic_run *c = run->self;
  *value = traffic_wants_exact(c->t) ? traffic_exact_value(c->t, &c->model, name + strlen("exact_")) : NONE;
  return HD_OK;
}

/* clang-format off */
const hd_measure traffic_measures[] = {
  {"mass_drift", "1", "largest missing mass of any class, relative", 0, mass_drift},
  {"ledger_residual", "1", "largest missing mass or y, relative", 0, ledger_residual},
  {"error_density", "veh", "L1 of the density against `compare`", HD_ERROR, error_of},
  {"error_speed", "m^2/s", "L1 of the speed against `compare`", HD_ERROR, error_of},
  {"error_marker", "m^2/s", "L1 of the marker against `compare`", HD_ERROR, error_of},
  {"travel_time", "s", "mean time for the length of the road; @CLASS", 0, travel_time},
  {"throughput", "veh/s", "vehicles that left, over time; @CLASS", 0, throughput},
  {"vehicle_time", "veh s", "time vehicles spent on the road; @CLASS", 0, vehicle_time},
  {"vehicle_distance", "veh m", "way vehicles drove; @CLASS", 0, vehicle_distance},
  {"delay", "veh s", "vehicle_time less the time the same way takes at free speed; @CLASS", 0, delay},
  {"queue_max", "m", "longest length of road, in all queues together, below output.queue_speed; @CLASS", 0, queue},
  {"queue_end", "m", "the same at the end; @CLASS", 0, queue},
  {"growth_rate", "1/s", "of the first Fourier mode of the density on a ring, mean; @CLASS", 0, first_mode},
  {"wave_speed", "m/s", "of the phase of this mode, mean; @CLASS", 0, first_mode},
  {"density_min", "veh/m", "smallest density of any class", 0, extreme},
  {"density_max", "veh/m", "largest density of any class", 0, extreme},
  {"occupancy_max", "1", "largest occupancy", 0, extreme},
  {"speed_min", "m/s", "lowest speed of any class", 0, extreme},
  {"steps", "1", "time steps", 0, counter},
  {"cell_steps", "1", "cells times steps", 0, counter},
  {"exact_middle_density", "veh/m", "density between first wave and contact", 0, exact_value},
  {"exact_middle_speed", "m/s", "speed between first wave and contact", 0, exact_value},
  {"exact_shock_speed", "m/s", "speed of the shock", 0, exact_value},
  {"exact_fan_head", "m/s", "left edge of the fan", 0, exact_value},
  {"exact_fan_tail", "m/s", "right edge of the fan", 0, exact_value},
  {"exact_contact_speed", "m/s", "speed of the contact", 0, exact_value},
  {0}};
/* clang-format on */
