/* Checkpoints: what is saved comes back, rows go on where the checkpoint was, bad files are refused and change nothing. */
#include "io/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SNAPSHOT, EVENT, CLASS, CELL };
/* clang-format off */
static const hd_dim dims[] = {{"snapshot", "", HD_ROWS, "output.snapshots", NULL}, {"event", "", HD_ROWS, NULL, NULL},
                              {"class", "", 0, NULL, NULL}, {"cell", "", HD_BLOCKS, NULL, NULL}, {0}};
enum { RHO, NOW, SPEED, EXTRA, WHAT, DEMAND };
static const hd_field fields[] = {{"density", "class,cell", HD_FLOAT, "veh/m", "snapshot", NULL, HD_STATE | HD_OUT, ""},
                                  {"now", "", HD_F64, "s", NULL, NULL, HD_STATE, ""},
                                  {"speed", "cell", HD_F64, "m/s", "snapshot", NULL, HD_OUT, ""},
                                  {"extra", "cell", HD_F64, "m/s", "snapshot", NULL, HD_OUT | HD_ASKED, ""},
                                  {"event_what", "", HD_I64, "1", "event", NULL, HD_OUT, ""},
                                  {"demand", "class", HD_F64, "1", NULL, NULL, HD_STATE | HD_INPUT, ""}, {0}};
/* clang-format on */
static hd_solver solver = {HD_SOLVER_ABI, sizeof(hd_solver), .name = "roads",
                           .bits = 3,     .dims = dims,      .fields = fields};
static const hd_hash mine = {1, 2}, other = {1, 3};

static char folder[64], spill[80], saved[80];
typedef struct mark {
  int64_t step;
  double width;
} mark;

static int set_up(void **state) {
  static hd_run run;
  strcpy(folder, "/tmp/heddle-save-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(spill, sizeof spill, "%s/rows", folder);
  snprintf(saved, sizeof saved, "%s/checkpoint", folder);
  assert_int_equal(hd_ctx_new(&run.ctx), HD_OK);
  *state = &run;
  return 0;
}

static int tear_down(void **state) {
  hd_run *run = *state;
  hd_folder_remove(run->ctx, folder);
  hd_ctx_free(run->ctx);
  return 0;
}

static void open_store(hd_run *run) {
  assert_int_equal(hd_store_new(run->ctx, &solver, false, spill, &run->store), HD_OK);
}

static void start(hd_run *run) {
  assert_int_equal(hd_size(run, CLASS, 2), HD_OK);
  assert_int_equal(hd_size(run, CELL, 40), HD_OK);
  assert_int_equal(hd_ranges(run, CLASS, 2, (const char *[]){"a", "b"}, (int64_t[]){0, 1, 2}), HD_OK);
}

static void step(hd_run *run, int64_t n) {
  double *rho = hd_data(run, RHO), *now = hd_data(run, NOW);
  *now += 1;
  for (int i = 0; i < 80; i++) rho[i] = rho[i] * 0.5 + (double)(i + n);
  for (int64_t k = 0; k < n % 3; k++) assert_int_equal(hd_emit(run, k, EVENT, &n), HD_OK);
  if (n == 4) hd_part_failed(run, CELL, 7, 4.5, "fell off"), hd_warn(run, "careful");
  if (n == 5) assert_int_equal(hd_store_set(run->store, "demand", 1, 1, (double[]){0.5}), HD_OK);
  assert_int_equal(hd_store_settle(run->store), HD_OK);
  assert_int_equal(hd_store_row_begin(run->store, SNAPSHOT), HD_OK);
  *(double *)hd_data(run, SPEED) = (double)n;
  assert_int_equal(hd_store_row_end(run->store, SNAPSHOT), HD_OK);
}

static hd_hash digest_of(hd_run *run) {
  hd_hash digest;
  assert_int_equal(hd_store_digest(run->store, &digest), HD_OK);
  return digest;
}

static hd_hash straight(hd_run *run) {
  open_store(run);
  start(run);
  for (int64_t n = 0; n < 20; n++) step(run, n);
  hd_hash digest = digest_of(run);
  hd_store_free(run->store);
  return digest;
}

static void resumed_is_the_same_run(void **state) {
  hd_run *run = *state;
  hd_hash expected = straight(run);
  for (int64_t at = 1; at < 20; at += 6) {
    open_store(run);
    start(run);
    for (int64_t n = 0; n < at / 2; n++) step(run, n);
    assert_int_equal(hd_store_save(run->store, saved, &mine, &(mark){at / 2, 0}, sizeof(mark)), HD_OK);
    for (int64_t n = at / 2; n < at; n++) step(run, n);
    mark m = {at, 0.25};
    assert_int_equal(hd_store_save(run->store, saved, &mine, &m, sizeof m), HD_OK);
    hd_store_row_memory(run->store, 0); /* what comes now is spilled, and lost with the kill */
    for (int64_t n = at; n < 20; n++) step(run, n + 1);
    hd_store_free(run->store);

    open_store(run);
    m = (mark){0, 0};
    assert_int_equal(hd_store_load(run->store, saved, &mine, &m, sizeof m), HD_OK);
    assert_true(m.step == at && m.width == 0.25);
    assert_int_equal(hd_count(run, CELL), 40);
    assert_int_equal(hd_store_rows(run->store, SNAPSHOT), at);
    for (int64_t n = at; n < 20; n++) step(run, n);
    hd_hash digest = digest_of(run);
    assert_true(hd_hash_equal(&digest, &expected));
    hd_array a;
    assert_int_equal(hd_store_get(run->store, "density@b", &a), HD_OK);
    const hd_failed_part *part;
    assert_int_equal(hd_store_failed(run->store, &part), 1);
    assert_string_equal(part[0].text, "fell off");
    const hd_said *said;
    assert_int_equal(hd_store_warnings(run->store, &said), 1);
    hd_store_free(run->store);
  }
}

static void expect_refused(hd_run *run, const hd_hash *identity, size_t bytes, const char *why) {
  char extra[64];
  double before = *(double *)hd_data(run, NOW);
  assert_int_equal(hd_store_load(run->store, saved, identity, extra, bytes), HD_ERR_FILE);
  if (!strstr(hd_ctx_message(run->ctx), why)) fail_msg("%s\nis not about: %s", hd_ctx_message(run->ctx), why);
  assert_true(*(double *)hd_data(run, NOW) == before);
}

static void foreign_checkpoints_are_refused(void **state) {
  hd_run *run = *state;
  open_store(run);
  start(run);
  step(run, 1);
  assert_int_equal(hd_store_save(run->store, saved, &mine, "12345678", 8), HD_OK);
  expect_refused(run, &other, 8, "another case");
  expect_refused(run, &mine, 9, "another size");
  solver.bits = 4;
  expect_refused(run, &mine, 8, "release 3");
  solver.bits = 3;
  hd_store_free(run->store);

  assert_int_equal(hd_store_new(run->ctx, &solver, true, spill, &run->store), HD_OK);
  expect_refused(run, &mine, 8, "precision");
  hd_store_free(run->store);
  open_store(run);
  assert_int_equal(hd_store_ask(run->store, (const char *[]){"extra"}, 1), HD_OK);
  expect_refused(run, &mine, 8, "other fields were asked");
  hd_solver renamed = solver;
  renamed.name = "nbody";
  hd_store_free(run->store);
  assert_int_equal(hd_store_new(run->ctx, &renamed, false, spill, &run->store), HD_OK);
  expect_refused(run, &mine, 8, "of solver roads, not nbody");
  hd_store_free(run->store);
  open_store(run);
  assert_int_equal(hd_store_load(run->store, "/nowhere/checkpoint", &mine, NULL, 0), HD_ERR_MISSING);
  hd_store_free(run->store);
}

/* Every bit of a checkpoint and of its rows matters, or is outside what is read. */
static void damage(hd_run *run, const char *path, bool every_byte_counts) {
  char *bytes;
  size_t size;
  mark m;
  assert_int_equal(hd_file_read(run->ctx, path, 1 << 20, &bytes, &size), HD_OK);
  open_store(run);
  for (size_t at = 0; at < size; at += 1 + at / 97) {
    bytes[at] ^= (char)(1 << at % 8);
    assert_int_equal(hd_file_write(run->ctx, path, bytes, size, false), HD_OK);
    bytes[at] ^= (char)(1 << at % 8);
    hd_status status = hd_store_load(run->store, saved, &mine, &m, sizeof m);
    assert_true(status == HD_ERR_FILE || (!every_byte_counts && status == HD_OK));
    if (status == HD_OK) assert_true(m.step == 3 && hd_store_rows(run->store, SNAPSHOT) == 3);
  }
  for (size_t cut = 0; cut < size; cut += 1 + cut / 23) {
    assert_int_equal(hd_file_write(run->ctx, path, bytes, cut, false), HD_OK);
    assert_int_equal(hd_store_load(run->store, saved, &mine, &m, sizeof m), HD_ERR_FILE);
  }
  assert_int_equal(hd_file_write(run->ctx, path, bytes, size, false), HD_OK);
  assert_int_equal(hd_store_load(run->store, saved, &mine, &m, sizeof m), HD_OK);
  hd_store_free(run->store);
  hd_memory_give(run->ctx, bytes, size + 1);
}

static void damaged_checkpoints_are_refused(void **state) {
  hd_run *run = *state;
  open_store(run);
  start(run);
  for (int64_t n = 0; n < 3; n++) step(run, n);
  assert_int_equal(hd_store_save(run->store, saved, &mine, &(mark){3, 0}, sizeof(mark)), HD_OK);
  hd_store_free(run->store);
  damage(run, saved, false); /* the gaps between sections are not read */
  damage(run, spill, true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {TEST(resumed_is_the_same_run), TEST(foreign_checkpoints_are_refused),
                                     TEST(damaged_checkpoints_are_refused)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
