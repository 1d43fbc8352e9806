/* A study gives what its members give alone, whoever computes them; the same case is computed once; two results of one case
 * stop it; limits and stops. hd-label-tsan */
#include "run/running.h"
#include "unit/study_world.h"

#include <math.h>
#include <unistd.h>

enum { MEMBERS = 64 };

static void alone(world *w, const hd_study *study, int64_t i, hd_hash *digest, double *measure) {
  hd_case *kase;
  hd_running *running;
  hd_running_options options = {.threads = 1};
  assert_int_equal(hd_members_case(study->members, w->ctx, i, &kase), HD_OK);
  assert_int_equal(hd_running_new(kase, &options, &running), HD_OK);
  assert_int_equal(hd_running_advance(running, INFINITY), HD_OK);
  assert_int_equal(hd_running_finish(running), HD_OK);
  assert_int_equal(hd_store_digest(running->run.store, digest), HD_OK);
  assert_int_equal(hd_running_measure(running, "vehicle_time", measure), HD_OK);
  hd_running_free(running);
  hd_case_free(kase);
}

static void members_are_what_they_are_alone(void **state) {
  world *w = *state;
  hd_hash digest[MEMBERS];
  double measure[MEMBERS];
  load(w, "sweep: {grid: {road.quality: [1, 2], road.cells: {from: 20, to: 51, count: 32}}}\nmeasure: [vehicle_time]");
  static const struct {
    int workers, batch;
    hd_isolation isolate;
  } ways[] = {{1, 0, HD_ISOLATE_NONE},    {1, 0, HD_ISOLATE_THREAD},  {2, 0, HD_ISOLATE_THREAD},
              {5, 0, HD_ISOLATE_THREAD},  {1, 0, HD_ISOLATE_PROCESS}, {2, 0, HD_ISOLATE_PROCESS},
              {5, 0, HD_ISOLATE_PROCESS}, {2, 1, HD_ISOLATE_PROCESS}};
  for (size_t how = 0; how < sizeof ways / sizeof *ways; how++) {
    hd_study_options options = {.workers = ways[how].workers,
                                .batch = ways[how].batch,
                                .isolate = ways[how].isolate,
                                .command = HD_BUILD "/heddle",
                                .afresh = true};
    hd_study *study = open_study(w, options);
    assert_int_equal(study->count, MEMBERS);
    for (int64_t i = 0; how == 0 && i < MEMBERS; i++) alone(w, study, i, &digest[i], &measure[i]);
    if (hd_study_run(study) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
    assert_int_equal(study->done, MEMBERS);
    assert_int_equal(study->computed, MEMBERS);
    for (int64_t i = 0; i < MEMBERS; i++) {
      assert_true(hd_hash_equal(&study->digest[i], &digest[i]));
      assert_memory_equal(&study->value[i], &measure[i], sizeof(double));
    }
    hd_study_close(study);
    study = open_study(w, (hd_study_options){.workers = 1}); /* what the journal says */
    assert_int_equal(study->done, MEMBERS);
    for (int64_t i = 0; i < MEMBERS; i++) {
      assert_true(hd_hash_equal(&study->digest[i], &digest[i]));
      assert_memory_equal(&study->value[i], &measure[i], sizeof(double));
    }
    hd_study_close(study);
    assert_int_equal(hd_folder_remove(w->ctx, w->path), HD_OK);
  }
}

static void the_same_case_is_computed_once(void **state) {
  world *w = *state;
  load(w, "sweep: {grid: {road.length: [1 km, 1000 m, 2 km], road.cells: [20, 30]}}");
  hd_study *study = open_study(w, (hd_study_options){.workers = 2});
  assert_int_equal(hd_study_run(study), HD_OK);
  assert_int_equal(study->done, 6);
  assert_int_equal(study->computed, 4);
  assert_true(hd_hash_equal(&study->digest[0], &study->digest[2]));
  assert_true(hd_hash_equal(&study->digest[1], &study->digest[3]));
  assert_false(hd_hash_equal(&study->digest[0], &study->digest[4]));
  hd_study_close(study);
}

static void two_results_of_one_case_stop_the_study(void **state) {
  world *w = *state;
  load(w, "sweep: {grid: {road.length: [1 km, 2 km], road.cells: [20, 30]}}\nmeasure: [vehicle_time]");
  hd_study *study = open_study(w, (hd_study_options){.workers = 1});
  hd_case *kase;
  double value = 1;
  assert_int_equal(hd_members_case(study->members, w->ctx, 1, &kase), HD_OK);
  hd_member_record record = {.member = 0,
                             .identity = kase->identity,
                             .digest = {1, 2},
                             .state = HD_MEMBER_DONE,
                             .attempt = 1,
                             .values = 1,
                             .value = &value,
                             .reason = ""};
  hd_case_free(kase);
  assert_int_equal(hd_journal_add(study->journal, &record), HD_OK);
  assert_int_equal(hd_journal_commit(study->journal), HD_OK);
  record.member = 1;
  record.digest.low = 3;
  assert_int_equal(hd_journal_add(study->journal, &record), HD_OK);
  assert_int_equal(hd_journal_commit(study->journal), HD_OK);
  hd_study_close(study);
  hd_study_options options = {.folder = w->path, .workers = 1};
  assert_int_equal(hd_study_open(w->ctx, w->base, &w->spec, &options, NULL, 0, &study), HD_ERR_BUG);
  assert_non_null(strstr(hd_ctx_message(w->ctx), "same case"));
}

static void failures_are_told_apart_and_limited(void **state) {
  world *w = *state;
  load(w, "sweep: {grid: {initial.state.cars: [33 veh/km, 400 veh/km, 20 veh/km, 500 veh/km]}}");
  hd_study *study = open_study(w, (hd_study_options){.workers = 2});
  assert_int_equal(hd_study_run(study), HD_OK);
  assert_int_equal(study->done, 2);
  assert_int_equal(study->failed, 2);
  assert_int_equal(study->member[1].failure, HD_FAILURE_INPUT);
  assert_non_null(strstr(study->reason[3], "jam density"));
  assert_true(isnan(study->value[study->names]));
  hd_study_close(study);
  study = open_study(w, (hd_study_options){.workers = 2}); /* remembered */
  assert_int_equal(study->failed, 2);
  assert_non_null(strstr(study->reason[3], "jam density"));
  hd_study_close(study);
  assert_int_equal(hd_folder_remove(w->ctx, w->path), HD_OK);
  w->spec.limit_failures = 0;
  study = open_study(w, (hd_study_options){.isolate = HD_ISOLATE_NONE});
  assert_int_equal(hd_study_run(study), HD_ERR_LIMIT);
  hd_study_close(study);
}

static void count_members(void *self, const hd_study *study) {
  atomic_int *stop = self;
  if (study->done >= 3) atomic_store(stop, 1);
}

static void stopped_and_gone_on_with(void **state) {
  world *w = *state;
  atomic_int stop = 0;
  load(w, "sweep: {grid: {road.cells: {from: 300, to: 331, count: 32}}}");
  hd_study *study =
      open_study(w, (hd_study_options){.workers = 2, .stop = &stop, .progress = count_members, .progress_self = &stop});
  hd_status status = hd_study_run(study);
  int64_t done = study->done;
  assert_true(status == HD_STOPPED || (status == HD_OK && done == 32));
  hd_study_close(study);
  study = open_study(w, (hd_study_options){.workers = 2});
  assert_int_equal(study->done, done);
  assert_int_equal(hd_study_run(study), HD_OK);
  assert_int_equal(study->done, 32);
  assert_int_equal(study->computed, 32 - done);
  hd_study_close(study);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(members_are_what_they_are_alone),
      TEST(the_same_case_is_computed_once),
      TEST(two_results_of_one_case_stop_the_study),
      TEST(failures_are_told_apart_and_limited),
      TEST(stopped_and_gone_on_with),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
