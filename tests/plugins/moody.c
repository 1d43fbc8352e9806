/* moody: a solver whose members end in every way there is, as `mood` says, for the tests of what one of them costs the
 * others. */
#include "heddle/math.h"
#include "heddle/solver.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CALM, CRASH, HANG, NOT_A_NUMBER, GREEDY, LEAVE, STARVE, SLOW };

typedef struct params {
  int mood;
  int64_t n;
} params;

#define AT(member) .at = offsetof(params, member)
/* clang-format off */
static const hd_param table[] = {
    {"mood", HD_CHOICE, .value = "calm", .of = "calm|crash|hang|nan|greedy|exit|starve|slow", AT(mood), .doc = "how it ends"},
    {"n", HD_INT, .value = "0", AT(n), .doc = "a number that is stored"}, {0}};
enum { X };
static const hd_field fields[] = {{"x", "", HD_F64, "1", NULL, NULL, HD_STATE | HD_OUT, "n"}, {0}};
/* clang-format on */

static hd_status start(hd_run *run) {
  *(double *)hd_data(run, X) = (double)((const params *)run->params)->n;
  return HD_OK;
}

/* Memory that is written, so that it is there. From the system: a sanitizer's malloc ends the process itself. */
static bool eat(size_t bytes) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  volatile char *at = memory;
  for (size_t i = 0; i < bytes; i += 4096) at[i] = 1;
  return true;
}

static hd_status step(hd_run *run, hd_progress *progress) {
  const params *p = run->params;
  volatile int turning = 1;
  /* clang-format off */
  switch (p->mood) {
    case CRASH: signal(SIGSEGV, SIG_DFL); raise(SIGSEGV); break;
    case HANG: while (turning) continue; break; /* no safe point, ever */
    case NOT_A_NUMBER: *(double *)hd_data(run, X) = NAN; break;
    case GREEDY: while (eat((size_t)16 << 20)) continue; return hd_fail(run, HD_ERR_MEMORY, "nothing is left to eat");
    case LEAVE: exit(3);
    case STARVE: while (eat((size_t)16 << 20)) continue; abort(); /* as C++ does without memory */
    case SLOW: while (!hd_stopping(run)) usleep(1000); return HD_STOPPED; /* one long step that polls */
    default: break;
  }
  /* clang-format on */
  *progress = (hd_progress){1, 1, true};
  return HD_OK;
}

static hd_status x_of(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name;
  (void)argument;
  *value = *(const double *)hd_data(run, X);
  return HD_OK;
}

static const hd_measure measures[] = {{"x", "1", "the stored number", 0, x_of}, {0}};
static const hd_solver moody = {HD_SOLVER_ABI,   sizeof(hd_solver), "moody",
                                "Moody",         "its mood",        .bits = 1,
                                .axis = "steps", .axis_unit = "1",  .params_size = sizeof(params),
                                .params = table, .fields = fields,  .measures = measures,
                                .start = start,  .step = step};
const hd_solver *hd_plugin(void) { return &moody; }
