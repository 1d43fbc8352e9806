/* empty: a solver whose one step does nothing, for the tests and benchmarks of what a member costs. `turns` makes the step
 * spin: so many dependent additions, a few nanoseconds each. */
#include "heddle/solver.h"

typedef struct params {
  double x;
  int64_t n, turns;
} params;

#define AT(member) .at = offsetof(params, member)
/* clang-format off */
static const hd_param table[] = {
    {"x", HD_REAL, "1", .value = "0", AT(x), .doc = "a number that is stored"},
    {"n", HD_INT, .value = "0", AT(n), .doc = "a whole number that is stored"},
    {"turns", HD_INT, .value = "0", .range = ">= 0", AT(turns), .doc = "additions in the step"}, {0}};
enum { SUM };
static const hd_field fields[] = {{"sum", "", HD_F64, "1", NULL, NULL, HD_STATE | HD_OUT, "x + n + the turns' work"}, {0}};
/* clang-format on */

static hd_status start(hd_run *run) {
  const params *p = run->params;
  *(double *)hd_data(run, SUM) = p->x + (double)p->n;
  return HD_OK;
}

static hd_status step(hd_run *run, hd_progress *progress) {
  const params *p = run->params;
  double sum = 0, *out = hd_data(run, SUM);
  for (int64_t i = 0; i < p->turns; i++) sum += 1e-3;
  *out += sum;
  *progress = (hd_progress){1, 1, true};
  return HD_OK;
}

static hd_status sum_of(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  (void)argument;
  *value = *(const double *)hd_data(run, SUM);
  return HD_OK;
}

static const hd_measure measures[] = {{"sum", "1", "the stored number", 0, sum_of}, {0}};
static const hd_solver empty = {HD_SOLVER_ABI,   sizeof(hd_solver), "empty",
                                "Empty",         "nothing at all",  .bits = 1,
                                .axis = "steps", .axis_unit = "1",  .params_size = sizeof(params),
                                .params = table, .fields = fields,  .measures = measures,
                                .start = start,  .step = step};
const hd_solver *hd_plugin(void) { return &empty; }
