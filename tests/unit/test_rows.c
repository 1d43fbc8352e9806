/* Rows: scheduled, emitted from threads in the order (step, block, call), sorted by a column, spilled, digested.
 * hd-label-tsan */
#include "io/store.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SNAPSHOT, CROSSING, CELL };
/* clang-format off */
static const hd_dim dims[] = {{"snapshot", "", HD_ROWS, "output.snapshots", NULL},
                              {"crossing", "", HD_ROWS, NULL, "crossing_fibre"}, {"cell", "", HD_BLOCKS, NULL, NULL}, {0}};
enum { RHO, TIME, SPEED, FIBRE, FLAG, AT };
static const hd_field fields[] = {{"density", "cell", HD_F64, "veh/m", "snapshot", NULL, HD_STATE | HD_OUT, ""},
                                  {"time", "", HD_F64, "s", "snapshot", NULL, HD_OUT | HD_COORD, ""},
                                  {"speed", "cell", HD_F32, "m/s", "snapshot", NULL, HD_OUT, ""},
                                  {"crossing_fibre", "", HD_I32, "1", "crossing", NULL, HD_OUT, ""},
                                  {"crossing_flag", "", HD_U8, "1", "crossing", NULL, HD_OUT, ""},
                                  {"crossing_time", "", HD_F64, "ms", "crossing", NULL, HD_OUT, ""}, {0}};
/* clang-format on */
static const hd_solver solver = {HD_SOLVER_ABI, sizeof(hd_solver), .name = "mixed",
                                 .bits = 1,     .dims = dims,      .fields = fields};
typedef struct crossing {
  int32_t fibre;
  uint8_t flag;
  double time;
} crossing;

static char folder[64], spill[80];

static int set_up(void **state) {
  static hd_run run;
  strcpy(folder, "/tmp/heddle-rows-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(spill, sizeof spill, "%s/rows", folder);
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

static void take_row(hd_run *run, int64_t number) {
  double *rho = hd_data(run, RHO);
  for (int64_t i = 0; i < hd_count(run, CELL); i++) rho[i] = (double)(number * 1000 + i);
  assert_int_equal(hd_store_row_begin(run->store, SNAPSHOT), HD_OK);
  float *speed = hd_data(run, SPEED);
  for (int64_t i = 0; i < hd_count(run, CELL); i++) assert_true(speed[i] == 0);
  for (int64_t i = 0; i < hd_count(run, CELL); i++) speed[i] = i % 3 ? (float)number : (float)NAN;
  *(double *)hd_data(run, TIME) = 0.5 * (double)number;
  assert_int_equal(hd_store_row_end(run->store, SNAPSHOT), HD_OK);
}

static void emit_step(hd_run *run, int64_t block, int step) {
  for (int call = 0; call < (int)(block % 4); call++) {
    crossing row = {(int32_t)((block * 7 + step) % 11), (uint8_t)call, (double)(step * 100000 + block * 10 + call)};
    assert_int_equal(hd_emit(run, block, CROSSING, &row), HD_OK);
  }
}

typedef struct worker {
  hd_run *run;
  int step, from, by;
  int64_t blocks;
} worker;

static void *work(void *arg) {
  const worker *w = arg;
  for (int64_t block = w->from; block < w->blocks; block += w->by) emit_step(w->run, block, w->step);
  if (w->step == 1)
    for (int64_t block = w->from; block < w->blocks; block += w->by)
      if (block % 50 == 3) {
        hd_part_failed(w->run, CELL, block, 0.5, "part %d left the road", (int)block);
        hd_warn(w->run, "warning %d", (int)(block % 4));
      }
  return NULL;
}

/* Four steps over 300 blocks by `threads` threads, with a scheduled row after each. */
static hd_hash compute(hd_run *run, int threads, bool spilled, size_t memory) {
  assert_int_equal(hd_store_new(run->ctx, &solver, false, spilled ? spill : NULL, &run->store), HD_OK);
  hd_store_row_memory(run->store, memory);
  assert_int_equal(hd_size(run, CELL, 300), HD_OK);
  for (int step = 0; step < 4; step++) {
    pthread_t thread[8];
    worker w[8];
    for (int i = 0; i < threads; i++) {
      w[i] = (worker){run, step, threads - 1 - i, threads, 300};
      assert_int_equal(pthread_create(&thread[i], NULL, work, &w[i]), 0);
    }
    for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL);
    assert_int_equal(hd_store_settle(run->store), HD_OK);
    take_row(run, step);
  }
  hd_hash digest;
  assert_int_equal(hd_store_digest(run->store, &digest), HD_OK);
  return digest;
}

static void digest_does_not_see_threads_or_chunks(void **state) {
  hd_run *run = *state;
  hd_hash one = compute(run, 1, false, 1 << 26);
  assert_int_equal(hd_store_rows(run->store, CROSSING), 4 * 75 * (0 + 1 + 2 + 3));
  assert_int_equal(hd_store_rows(run->store, SNAPSHOT), 4);
  hd_store_free(run->store);
  for (int threads = 2; threads <= 8; threads += 3)
    for (int spilled = 0; spilled < 2; spilled++) {
      hd_hash other = compute(run, threads, spilled, 1000);
      assert_true(hd_hash_equal(&one, &other));
      hd_store_free(run->store);
    }
}

static void digest_sees_every_element(void **state) {
  hd_run *run = *state;
  hd_hash before = compute(run, 1, false, 1 << 26), after;
  double *rho = hd_data(run, RHO);
  rho[299] = 0;
  hd_store_digest(run->store, &before);
  rho[299] = -0.0;
  hd_store_digest(run->store, &after);
  assert_false(hd_hash_equal(&before, &after));
  uint64_t odd[2] = {0xfff8000000000001, 0x7ff8000000000000};
  memcpy(&rho[7], &odd[0], 8);
  hd_store_digest(run->store, &before);
  memcpy(&rho[7], &odd[1], 8);
  hd_store_digest(run->store, &after);
  assert_true(hd_hash_equal(&before, &after));
  take_row(run, 9);
  hd_store_digest(run->store, &after);
  assert_false(hd_hash_equal(&before, &after));
  hd_store_free(run->store);
}

static void newest_row_is_read(void **state) {
  hd_run *run = *state;
  compute(run, 2, true, 0);
  hd_array a;
  assert_int_equal(hd_store_get(run->store, "time", &a), HD_OK);
  assert_true(a.rank == 0 && a.at[0] == 1.5);
  assert_int_equal(hd_store_get(run->store, "speed", &a), HD_OK);
  assert_true(a.rank == 1 && a.size[0] == 300 && isnan(a.at[0]) && a.at[1] == 3);
  assert_int_equal(hd_store_get(run->store, "crossing_time", &a), HD_OK);
  assert_true(a.at[0] == 3 * 100000 + 299 * 10 + 2);
  hd_store_free(run->store);
}

static void parts_and_warnings_are_ordered(void **state) {
  hd_run *run = *state;
  compute(run, 3, false, 1 << 26);
  const hd_failed_part *part;
  const hd_said *said;
  hd_part_failed(run, CELL, 53, 0.25, "earlier");
  assert_int_equal(hd_store_failed(run->store, &part), 6);
  for (int i = 0; i < 6; i++) assert_int_equal(part[i].index, 3 + 50 * i);
  assert_string_equal(part[1].text, "earlier");
  assert_string_equal(part[2].text, "part 103 left the road");
  assert_int_equal(hd_store_warnings(run->store, &said), 2);
  assert_string_equal(said[0].text, "warning 1");
  assert_int_equal(said[1].times, 3);
  hd_store_free(run->store);
}

static void spilled_rows_are_verified(void **state) {
  hd_run *run = *state;
  hd_hash digest;
  compute(run, 1, true, 0);
  struct stat file;
  assert_int_equal(stat(spill, &file), 0);
  assert_true(file.st_size > 300 * 12 * 2);
  FILE *f = fopen(spill, "r+b");
  fseek(f, file.st_size / 2, SEEK_SET);
  int byte = fgetc(f);
  fseek(f, file.st_size / 2, SEEK_SET);
  fputc(byte ^ 4, f);
  fclose(f);
  take_row(run, 5);
  emit_step(run, 3, 5); /* a digest already known is not made again */
  assert_int_equal(hd_store_settle(run->store), HD_OK);
  assert_int_equal(hd_store_digest(run->store, &digest), HD_ERR_FILE);
  assert_non_null(strstr(hd_ctx_message(run->ctx), "CRC"));
  hd_store_free(run->store);
}

static void lengths_of_rows_are_fixed(void **state) {
  hd_run *run = *state;
  compute(run, 1, false, 1 << 26);
  assert_int_equal(hd_size(run, CELL, 301), HD_OK);
  assert_int_equal(hd_store_row_begin(run->store, SNAPSHOT), HD_OK);
  assert_int_equal(hd_store_row_end(run->store, SNAPSHOT), HD_ERR_BUG);
  assert_int_equal(hd_store_row_end(run->store, CELL), HD_ERR_BUG);
  assert_int_equal(hd_store_row_begin(run->store, CROSSING), HD_ERR_BUG);
  assert_int_equal(hd_emit(run, 0, SNAPSHOT, ""), HD_ERR_BUG);
  assert_int_equal(hd_emit(run, -1, CROSSING, ""), HD_ERR_BUG);
  assert_null(hd_data(run, AT));
  hd_store_free(run->store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {TEST(digest_does_not_see_threads_or_chunks), TEST(digest_sees_every_element),
                                     TEST(newest_row_is_read),                    TEST(parts_and_warnings_are_ordered),
                                     TEST(spilled_rows_are_verified),             TEST(lengths_of_rows_are_fixed)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
