/* One run from scenario to result, with every allocation and every file operation of ours made to fail in turn.
 *
 * After each failure: a status with a message, nothing leaked, no half-written file; result.h5 is whole or not there.
 */
#include "faulty.h"

#include "run/outcome.h"

#include <math.h>

static const char scenario[] =
    "solver: traffic\n"
    "title: A queue behind a wall\n"
    "road: {length: 200 m, cells: 10, quality: 1}\n"
    "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
    "boundary: {left: {kind: inflow, state: initial}, right: wall}\n"
    "time: {end: 4 s}\n"
    "output: {snapshots: {every: 2 s}, ledger: 3}\n";

static hd_status finish(hd_running *running, const char *folder) {
  hd_outcome outcome;
  hd_write_options write = {.durable = true, .command = "heddle run wall.yaml"};
  HD_TRY(hd_running_advance(running, INFINITY));
  HD_TRY(hd_running_finish(running));
  HD_TRY(hd_outcome_collect(running, &outcome));
  hd_status status = hd_outcome_write(running, &outcome, &write, folder);
  hd_outcome_free(&outcome);
  return status;
}

static hd_status compute(hd_case *kase, const char *folder) {
  hd_running_options options = {.threads = 2, .folder = folder, .resume = true, .checkpoint_every_steps = 3};
  hd_running *running;
  HD_TRY(hd_running_new(kase, &options, &running));
  hd_status status = finish(running, folder);
  hd_running_free(running);
  return status;
}

static hd_status run_all(hd_ctx *ctx, const char *folder, void *arg) {
  (void)arg;
  hd_case *kase;
  hd_status status = hd_case_load_text(ctx, "wall.yaml", scenario, sizeof scenario - 1, NULL, &kase);
  if (status == HD_OK) status = compute(kase, folder);
  hd_case_free(kase);
  return status;
}

static void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  (void)arg;
  char path[HD_PATH_ROOM];
  hd_result *result;
  snprintf(path, sizeof path, "%s/result.h5", folder);
  if (told == HD_OK) assert_true(hd_file_exists(ctx, path));
  if (!hd_file_exists(ctx, path)) return;
  assert_int_equal(hd_result_open(ctx, path, &result), HD_OK);
  hd_result_close(result);
}

static void every_point_fails_cleanly(void **state) {
  (void)state;
  int64_t once = faulty_drive(run_all, look, NULL, FAULTY_ONCE);
  printf("a run: %lld failure points, each clean\n", (long long)once);
  assert_true(once > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_point_fails_cleanly)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
