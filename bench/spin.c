/* spin: a solver whose step is a millisecond of its thread's CPU time, for compare_queues.sh, which builds it. A solver never
 * reads the clock; this one measures heddle, as the function that the peers are given does. */
#define _POSIX_C_SOURCE 200809L
#include "heddle/solver.h"

#include <time.h>

typedef struct params {
  int64_t n;
} params;

static const hd_param table[] = {
    {"n", HD_INT, .value = "0", .at = offsetof(params, n), .doc = "tells the members apart"}, {0}};
enum { SUM };
static const hd_field fields[] = {{"sum", "", HD_I64, "1", NULL, NULL, HD_STATE | HD_OUT, "n"}, {0}};

static int64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static hd_status start(hd_run *run) {
  *(int64_t *)hd_data(run, SUM) = ((const params *)run->params)->n;
  return HD_OK;
}

static hd_status step(hd_run *run, hd_progress *progress) {
  (void)run;
  int64_t end = cpu_ns() + 1000000;
  while (cpu_ns() < end)
    ;
  *progress = (hd_progress){1, 1, true};
  return HD_OK;
}

static const hd_solver spin = {HD_SOLVER_ABI,   sizeof(hd_solver), "spin",
                               "Spin",          "a millisecond",   .bits = 1,
                               .axis = "steps", .axis_unit = "1",  .params_size = sizeof(params),
                               .params = table, .fields = fields,  .start = start,
                               .step = step};
HD_PUBLIC_BEGIN
const hd_solver *hd_plugin(void) { return &spin; }
HD_PUBLIC_END
