/* What a member costs, counted: memory taken, files opened and synced, cases made. And that nothing of an earlier member is
 * left where its case and run are used again. Opens a plug-in: hd-exports */
#include "run/running.h"
#include "study/queue/costs.h"
#include "study/workers/compute.h"
#include "study_case.h"

#include <math.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct world {
  hd_memory memory;
  hd_files files;
  atomic_llong taken, opened, synced, fail_at; /* fail_at: the piece of memory that is not to be had; 0: none */
  hd_ctx *ctx;
  hd_case *base;
  hd_study_spec spec;
  char folder[64], file[96], study[96];
} world;

static void *take(void *self, size_t bytes) {
  world *w = self;
  if (++w->taken == w->fail_at) return NULL;
  return w->memory.take(w->memory.self, bytes);
}

static void give(void *self, void *at, size_t bytes) {
  world *w = self;
  w->memory.give(w->memory.self, at, bytes);
}

static int open_file(void *self, const char *path, int flags, unsigned mode) {
  world *w = self;
  w->opened++;
  return w->files.open(w->files.self, path, flags, mode);
}

static int sync_file(void *self, int handle) {
  world *w = self;
  w->synced++;
  return w->fail_at ? 0 : w->files.sync(w->files.self, handle); /* not hundreds of times */
}

static int set_up(void **state) {
  world *w = calloc(1, sizeof *w);
  strcpy(w->folder, "/tmp/heddle-overhead-XXXXXX");
  assert_non_null(mkdtemp(w->folder));
  snprintf(w->file, sizeof w->file, "%s/empty.yaml", w->folder);
  snprintf(w->study, sizeof w->study, "%s/empty.study", w->folder);
  w->memory = hd_memory_system();
  w->files = hd_files_system();
  hd_memory memory = {w, take, give};
  hd_files files = w->files;
  files.self = w; /* the system's needs none */
  files.open = open_file;
  files.sync = sync_file;
  assert_int_equal(hd_ctx_new_with(&memory, &files, NULL, &w->ctx), HD_OK);
  *state = w;
  return 0;
}

static void unload(world *w) {
  w->fail_at = 0;
  hd_case_free(w->base);
  w->base = NULL;
}

static int tear_down(void **state) {
  world *w = *state;
  unload(w);
  hd_folder_remove(w->ctx, w->folder);
  hd_ctx_free(w->ctx);
  free(w);
  return 0;
}

static void load(world *w, const char *text) {
  static const char *const plugin = HD_BUILD "/tests/plugins/empty.so";
  hd_case_options options = {.plugin = &plugin, .plugin_count = 1};
  study_case_of_file(w->ctx, w->file, text, &options, &w->base);
  study_case_read(w->base, &w->spec);
}

static void load_empty(world *w, int64_t members) {
  char text[200];
  snprintf(text, sizeof text, "solver: empty\nsweep: {grid: {x: {from: 0, to: 1, count: %lld}}}\n", (long long)members);
  load(w, text);
}

static hd_study *open_study(world *w, hd_study_options options) {
  options.folder = w->study;
  return study_case_open(w->base, &w->spec, &options);
}

typedef struct work {
  long long taken, opened, synced;
  double seconds;
} work;

static work run(world *w, int64_t members, hd_study_options options) {
  load_empty(w, members);
  hd_study *study = open_study(w, options);
  double began = w->ctx->clock.steady_s(w->ctx->clock.self);
  work before = {w->taken, w->opened, w->synced, 0};
  if (hd_study_run(study) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
  work done = {w->taken - before.taken, w->opened - before.opened, w->synced - before.synced,
               w->ctx->clock.steady_s(w->ctx->clock.self) - began};
  assert_int_equal(study->done, members);
  assert_int_equal(study->computed, members);
  for (int64_t i = 0; i < members; i += members / 7) assert_true(study->value[i] == (double)i / (double)(members - 1));
  hd_study_close(study);
  assert_int_equal(hd_folder_remove(w->ctx, w->study), HD_OK);
  unload(w);
  return done;
}

static void a_member_takes_no_memory_and_opens_no_file(void **state) {
  world *w = *state;
  const hd_study_options how[] = {{.isolate = HD_ISOLATE_NONE}, {.isolate = HD_ISOLATE_THREAD, .workers = 2}};
  for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
    work one = run(w, 1001, how[i]), two = run(w, 5001, how[i]);
    print_message("4000 more members: %lld pieces of memory, %lld files opened\n", two.taken - one.taken,
                  two.opened - one.opened);
    assert_true(two.taken - one.taken < 400); /* the threads' lists, the journal's buffer */
    /* limits are read again after a second, a commit comes at most each 20 ms, however many members there are */
    assert_true((double)two.opened <= (double)one.opened + 20 + 40 * two.seconds);
    assert_true((double)two.synced <= 8 + two.seconds / 0.02);
  }
}

static void twenty_thousand_are_durable_and_read_back(void **state) {
  world *w = *state;
  enum { MEMBERS = 20000 };
  load_empty(w, MEMBERS);
  hd_study *study = open_study(w, (hd_study_options){.workers = 2});
  assert_int_equal(hd_study_run(study), HD_OK);
  hd_hash first = study->digest[0], last = study->digest[MEMBERS - 1];
  hd_study_close(study);
  char journal[128];
  hd_file_info info;
  snprintf(journal, sizeof journal, "%s/journal", w->study);
  assert_int_equal(w->files.info(w->files.self, journal, &info), 0);
  assert_true(info.size < MEMBERS * 256);
  long long taken = w->taken;
  study = open_study(w, (hd_study_options){.workers = 2});
  assert_int_equal(study->done, MEMBERS);
  assert_true(hd_hash_equal(&study->digest[0], &first) && hd_hash_equal(&study->digest[MEMBERS - 1], &last));
  assert_true(w->taken - taken < 100);
  assert_int_equal(hd_study_run(study), HD_OK);
  assert_int_equal(study->computed, 0);
  hd_study_close(study);
}

/* -- used again ---------------------------------------------------------------------------------------------------------- */

static void compute(const hd_members *members, hd_ctx *ctx, int64_t i, hd_bench *bench, hd_member_record *record,
                    double values[2]) {
  static const char *const names[] = {"vehicle_time", "travel_time"};
  hd_compute_options options = {.time_s = NAN, .memory_bytes = NAN, .bench = bench};
  char reason[512];
  assert_int_equal(hd_member_compute(members, ctx, i, names, 2, &options, values, reason, record), HD_OK);
}

static void mix(world *w, const char *more) {
  hd_members *members;
  char text[1000];
  snprintf(text, sizeof text,
           "solver: traffic\nroad: {length: 1 km, cells: 30, quality: 1}\n"
           "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
           "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 5 s}\n"
           "sweep: {zip: {road.cells: [30, 45, 30, 60, 45, 30, 20, 30], time.end: [5 s, 3 s, 5 s, 1 s, 4 s, 5 s, 2 s, "
           "5 s],\n"
           "  initial.state.cars: [33 veh/km, 20 veh/km, 400 veh/km, 33 veh/km, 10 veh/km, 33 veh/km, 0 veh/km, 33 "
           "veh/km]%s}}\n",
           more);
  load(w, text);
  assert_int_equal(hd_members_new(w->base, &w->spec, &members), HD_OK);
  hd_bench bench = {0};
  int64_t count = hd_members_count(members), failed = 0;
  assert_int_equal(count, 8);
  for (int64_t k = 0; k < 4 * count; k++) {
    hd_member_record fresh, again;
    double one[2], two[2];
    int64_t i = k * 5 % count;
    compute(members, w->ctx, i, NULL, &fresh, one);
    compute(members, w->ctx, i, &bench, &again, two);
    assert_int_equal(fresh.state, again.state);
    assert_int_equal(fresh.failure, again.failure);
    assert_true(hd_hash_equal(&fresh.identity, &again.identity) && hd_hash_equal(&fresh.digest, &again.digest));
    assert_memory_equal(one, two, sizeof one);
    assert_true(fresh.memory == again.memory && fresh.failed_parts == again.failed_parts);
    failed += fresh.state == HD_MEMBER_FAILED;
  }
  assert_int_equal(failed, 4);
  hd_bench_free(&bench);
  hd_members_free(members);
  unload(w);
}

/* Other lengths, other times, values that fail in the check, in an order that mixes them; numbers, and schedules too. */
static void nothing_is_left_of_an_earlier_member(void **state) {
  mix(*state, "");
  mix(*state, ", output.snapshots: [2, 5, 2, 3, 2, 9, 2, 2]");
}

/* A worker whose bench lost something goes on; what cannot be done says so. */
static void memory_that_runs_out_is_a_clean_failure(void **state) {
  world *w = *state;
  load(w,
       "solver: traffic\nroad: {length: 1 km, cells: 20, quality: 1}\n"
       "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
       "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 1 s}\n"
       "sweep: {grid: {road.cells: [20, 30], road.quality: [1, 2]}}\n");
  hd_study_options options = {.folder = w->study, .isolate = HD_ISOLATE_NONE};
  bool whole = false;
  for (int n = 1; !whole; n++) {
    hd_study *study;
    w->taken = 0;
    w->fail_at = n;
    hd_status status = hd_study_open(w->ctx, w->base, &w->spec, &options, NULL, 0, &study);
    if (status == HD_OK) {
      status = hd_study_run(study);
      whole = w->taken < n;
      if (status == HD_OK) assert_int_equal(study->done + study->failed, 4);
      for (int64_t i = 0; i < 4; i++)
        if (study->member[i].state == HD_MEMBER_FAILED) assert_int_equal(study->member[i].failure, HD_FAILURE_MEMORY);
      hd_study_close(study);
    }
    assert_true(status == HD_OK || status == HD_ERR_MEMORY);
    w->fail_at = 0;
    assert_int_equal(hd_folder_remove(w->ctx, w->study), HD_OK);
    assert_true(n < 5000);
  }
}

/* -- the same case, found without making it -------------------------------------------------------------------------------- */

static hd_study *find_costs(world *w, const char *sweep) {
  char text[1000];
  snprintf(text, sizeof text, "solver: empty\nsweep: %s\n", sweep);
  load(w, text);
  hd_study *study = open_study(w, (hd_study_options){.workers = 1});
  assert_int_equal(hd_plan_place_read(w->ctx, &study->place), HD_OK);
  assert_int_equal(hd_costs_find(study, study->count), HD_OK);
  return study;
}

static void close_study(world *w, hd_study *study) {
  hd_study_close(study);
  assert_int_equal(hd_folder_remove(w->ctx, w->study), HD_OK);
  unload(w);
}

/* 40 x 1000 members: more than are looked at. */
static void equal_cases_of_many_members_are_found(void **state) {
  world *w = *state;
  hd_study *study = find_costs(w, "{grid: {n: [1, 2, 1.0, 3, 2], x: {from: 0, to: 1, count: 9000}}}");
  assert_int_equal(study->count, 45000);
  for (int64_t i = 0; i < study->count; i++) {
    int64_t n = i / 9000, x = i % 9000, same = n == 2 ? x : n == 4 ? 9000 + x : -1;
    assert_int_equal(study->member[i].same_as, same);
  }
  close_study(w, study);
  study = find_costs(w, "{sample: {method: random, count: 30000, n: {uniform: [1, 50]}}}"); /* whole numbers */
  int64_t others = 0;
  for (int64_t i = 0; i < study->count; i++) {
    int64_t same = study->member[i].same_as;
    double a, b;
    others += same < 0;
    if (same < 0) continue;
    assert_int_equal(hd_members_value(study->members, i, 0, &a, NULL), HD_OK);
    assert_int_equal(hd_members_value(study->members, same, 0, &b, NULL), HD_OK);
    assert_true(a == b && same < i && study->member[same].same_as < 0);
  }
  assert_int_equal(others, 50);
  close_study(w, study);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_member_takes_no_memory_and_opens_no_file), TEST(twenty_thousand_are_durable_and_read_back),
      TEST(nothing_is_left_of_an_earlier_member),       TEST(memory_that_runs_out_is_a_clean_failure),
      TEST(equal_cases_of_many_members_are_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
