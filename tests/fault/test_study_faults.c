/* A study whose disk fails at each of its calls in turn, and stays so: a clear message, nothing that was shown as done is
 * lost, and on a sound disk the study goes on to the results of an undisturbed one. A calendar that jumps changes nothing. */
#include "faulty.h"

#include "run/running.h"
#include "study/study.h"

#include <math.h>

static const char scenario[] =
    "solver: traffic\nroad: {length: 200 m, cells: 10, quality: 1}\n"
    "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
    "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 2 s}\n"
    "sweep: {grid: {road.quality: [1, 2], road.cells: [10, 12]}}\nmeasure: [vehicle_time]\nlimits: {time: 60 s}\n";

enum { MEMBERS = 4 };

typedef struct told {
  hd_hash digest[MEMBERS]; /* of the undisturbed study */
  int64_t done;            /* shown as done before the disk failed */
  bool fails;              /* the disk of this try does */
} told;

static hd_status compute(hd_case *base, const hd_study_spec *spec, const char *folder, hd_study **study) {
  char path[HD_PATH_ROOM];
  hd_study_options options = {.folder = path, .isolate = HD_ISOLATE_NONE};
  snprintf(path, sizeof path, "%s/road.study", folder);
  HD_TRY(hd_study_open(base->ctx, base, spec, &options, NULL, 0, study));
  return hd_study_run(*study);
}

static hd_status load_and_compute(hd_ctx *ctx, const char *folder, hd_case **base, hd_study **study) {
  hd_table tables[2];
  hd_study_spec spec;
  *study = NULL;
  HD_TRY(hd_case_load_text(ctx, "road.yaml", scenario, sizeof scenario - 1, NULL, base));
  hd_case_tables(*base, tables);
  HD_TRY(hd_study_read(&(*base)->arena, (*base)->tree, (*base)->solver, tables, 2, (*base)->notes, &spec));
  return compute(*base, &spec, folder, study);
}

static hd_status whole_study(hd_ctx *ctx, const char *folder, void *arg) {
  told *t = arg;
  hd_case *base = NULL;
  hd_study *study;
  hd_status status = load_and_compute(ctx, folder, &base, &study);
  t->done = study ? study->done : 0;
  hd_study_close(study);
  hd_case_free(base);
  return status;
}

/* On a sound disk: what was told is there, and the rest is as it would have been. */
static void goes_on(hd_ctx *ctx, const char *folder, hd_status status, void *arg) {
  const told *t = arg;
  hd_case *base = NULL;
  hd_study *study;
  if (status != HD_OK && status != HD_ERR_FILE && status != HD_ERR_MEMORY) fail_msg("the status is %d", (int)status);
  if (load_and_compute(ctx, folder, &base, &study) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  assert_int_equal(study->done, MEMBERS);
  if (study->computed > MEMBERS - t->done)
    fail_msg("%lld members were done, and %lld computed again", (long long)t->done, (long long)study->computed);
  for (int64_t i = 0; i < MEMBERS; i++) assert_true(hd_hash_equal(&study->digest[i], &t->digest[i]));
  hd_study_close(study);
  hd_case_free(base);
}

static void undisturbed(told *t, const hd_clock *clock) {
  char folder[] = "/tmp/heddle-faults-XXXXXX";
  hd_ctx *ctx;
  hd_case *base = NULL;
  hd_study *study;
  assert_non_null(mkdtemp(folder));
  assert_int_equal(hd_ctx_new_with(NULL, NULL, clock, &ctx), HD_OK);
  if (load_and_compute(ctx, folder, &base, &study) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  assert_int_equal(study->done, MEMBERS);
  memcpy(t->digest, study->digest, sizeof t->digest);
  hd_study_close(study);
  hd_case_free(base);
  assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
  hd_ctx_free(ctx);
}

static void a_failing_disk_loses_nothing(void **state) {
  (void)state;
  told t = {0};
  undisturbed(&t, NULL);
  int64_t on = faulty_drive(whole_study, goes_on, &t, FAULTY_ON);
  printf("a study: its disk failed for good at each of %lld calls, nothing was lost\n", (long long)on);
  assert_true(on > 100);
}

static int64_t jumping_calendar(void *self) { return (*(int *)self)++ % 2 ? 0 : INT64_C(1) << 40; }

static void a_calendar_that_jumps_changes_nothing(void **state) {
  (void)state;
  told plain = {0}, jumps = {0};
  int calls = 0;
  hd_clock clock = hd_clock_system();
  clock.calendar_s = jumping_calendar;
  clock.self = &calls;
  undisturbed(&plain, NULL);
  undisturbed(&jumps, &clock);
  assert_memory_equal(plain.digest, jumps.digest, sizeof plain.digest);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_failing_disk_loses_nothing),
                                     cmocka_unit_test(a_calendar_that_jumps_changes_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
