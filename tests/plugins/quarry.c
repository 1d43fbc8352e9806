/* quarry: a solver whose stage is slow and tells when it is built, for the tests of sharing. Each stone takes `pause`; a
 * line "begun PROCESS" and, at the end, "built N" go to the file QUARRY_LOG, N being the most stones that were cut at once. */
#include "heddle/solver.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct params {
  int64_t stones;
  double pause, shift;
} params;

#define AT(member) .at = offsetof(params, member)
/* clang-format off */
static const hd_param table[] = {
    {"stones", HD_INT, .value = "64", .range = "[1, 100000]", AT(stones), .doc = "how many are cut"},
    {"pause", HD_REAL, "s", .value = "5 ms", .range = ">= 0", AT(pause), .doc = "for each"},
    {"shift", HD_REAL, "1", .value = "0", AT(shift), .doc = "what a member adds"}, {0}};
enum { STONE };
static const hd_dim dims[] = {{"stone", "stones", HD_BLOCKS, NULL, NULL}, {0}};
enum { SIZE, TOTAL };
static const hd_field fields[] = {
    {"size", "stone", HD_F64, "m", NULL, "quarry", HD_OUT, "of the stones"},
    {"total", "", HD_F64, "m", NULL, NULL, HD_STATE | HD_OUT, "of all stones"}, {0}};
/* clang-format on */

static void tell(const char *what, int number) {
  const char *path = getenv("QUARRY_LOG");
  char line[64];
  if (!path) return;
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  snprintf(line, sizeof line, "%s %d\n", what, number);
  if (file >= 0 && write(file, line, strlen(line)) < 0) abort();
  close(file);
}

typedef struct cutting {
  atomic_int now, most;
} cutting;

static hd_status cut(hd_run *run, int64_t block, void *arg) {
  const params *p = run->params;
  cutting *c = arg;
  int now = atomic_fetch_add(&c->now, 1) + 1, most = atomic_load(&c->most);
  while (now > most && !atomic_compare_exchange_weak(&c->most, &most, now)) {}
  struct timespec t = {.tv_nsec = (long)(p->pause * 1e9)};
  nanosleep(&t, NULL);
  ((double *)hd_data(run, SIZE))[block] = 1 / (double)(block + 1);
  atomic_fetch_sub(&c->now, 1);
  return HD_OK;
}

static hd_status build(hd_run *run) {
  const params *p = run->params;
  cutting c = {0};
  tell("begun", (int)getpid());
  HD_TRY(hd_size(run, STONE, p->stones));
  HD_TRY(hd_for_blocks(run, p->stones, cut, &c));
  tell("built", atomic_load(&c.most));
  return HD_OK;
}

static hd_status start(hd_run *run) { return hd_size(run, STONE, ((const params *)run->params)->stones); }

static hd_status step(hd_run *run, hd_progress *progress) {
  const double *size = hd_data(run, SIZE);
  double *total = hd_data(run, TOTAL);
  *total = ((const params *)run->params)->shift;
  for (int64_t i = 0; i < hd_count(run, STONE); i++) *total += size[i];
  *progress = (hd_progress){1, 1, true};
  return HD_OK;
}

static hd_status plan(const void *decoded, hd_plan *plan) {
  plan->size[STONE] = plan->blocks = ((const params *)decoded)->stones;
  return HD_OK;
}

static hd_status total(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name, (void)argument;
  *value = *(const double *)hd_data(run, TOTAL);
  return HD_OK;
}

/* clang-format off */
static const hd_stage stages[] = {{"quarry", "stones of all sizes", "stones pause", 0, build}, {0}};
static const hd_measure measures[] = {{"total", "m", "of all stones", 0, total}, {0}};
static const hd_solver quarry = {
    .abi = HD_SOLVER_ABI, .size = sizeof(hd_solver), .name = "quarry", .title = "Quarry", .doc = "a slow stage", .bits = 1,
    .axis = "stones", .axis_unit = "1", .params_size = sizeof(params), .params = table, .dims = dims, .fields = fields,
    .stages = stages, .measures = measures, .plan = plan, .start = start, .step = step};
const hd_solver *hd_plugin(void) { return &quarry; }
