/* push: the smallest marching solver with an input, for the tests of inputs and replay. x' = force, in `cells` cells. */
#include "heddle/solver.h"

typedef struct params {
  int64_t cells, steps;
  double start, end;
  hd_schedule snapshots;
} params;

#define AT(member) .at = offsetof(params, member)
/* clang-format off */
static const hd_param time_group[] = {
    {"start", HD_REAL, "s", .value = "0 s", AT(start), .doc = "begin"},
    {"end", HD_REAL, "s", AT(end), .doc = "end"},
    {"steps", HD_INT, .value = "10", .range = ">= 1", AT(steps), .doc = "equal steps"}, {0}};
static const hd_param output_group[] = {
    {"snapshots", HD_SCHEDULE, "s", .value = "2", AT(snapshots), .doc = "when x is stored"}, {0}};
static const hd_param table[] = {
    {"cells", HD_INT, .value = "4", .range = "[1, 1000]", AT(cells), .doc = "how many"},
    {"time", HD_GROUP, .sub = time_group, .doc = "from when to when"},
    {"output", HD_GROUP, .sub = output_group, .doc = "what is stored"}, {0}};
enum { CELL, SNAPSHOT };
static const hd_dim dims[] = {{"cell", "cells", HD_BLOCKS, NULL, NULL}, {"snapshot", "stored states", HD_ROWS, "output.snapshots", NULL}, {0}};
enum { X, FORCE, DONE };
static const hd_field fields[] = {
    {"x", "cell", HD_F64, "m", "snapshot", NULL, HD_STATE | HD_OUT, "position"},
    {"force", "cell", HD_F64, "m/s", NULL, NULL, HD_STATE | HD_INPUT, "what moves it"},
    {"done", "", HD_I64, "1", NULL, NULL, HD_STATE, "steps taken"}, {0}};
/* clang-format on */

static hd_status start(hd_run *run) { return hd_size(run, CELL, ((const params *)run->params)->cells); }

static hd_status step(hd_run *run, hd_progress *progress) {
  const params *p = run->params;
  double *x = hd_data(run, X), *force = hd_data(run, FORCE), dt = (p->end - p->start) / (double)p->steps;
  int64_t *done = hd_data(run, DONE);
  for (int64_t i = 0; i < p->cells; i++) x[i] += force[i] * dt;
  double fraction = (double)++*done / (double)p->steps;
  *progress = (hd_progress){p->start + (p->end - p->start) * fraction, fraction, *done == p->steps};
  return HD_OK;
}

static const hd_solver push = {
    HD_SOLVER_ABI,   sizeof(hd_solver),  "push",           "Push",           "x' = force",
    .bits = 1,       .caps = HD_MARCHES, .axis = "time",   .axis_unit = "s", .params_size = sizeof(params),
    .params = table, .dims = dims,       .fields = fields, .start = start,   .step = step};
const hd_solver *hd_plugin(void) { return &push; }
