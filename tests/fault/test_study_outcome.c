/* Each allocation and each call to the file system that study.h5, the table and the report need is made to fail: a clean error,
 * no leak, and the old file or the new one, never half of it. */
#include "faulty.h"

#include "base/text.h"
#include "study/present/outcome.h"
#include "unit/study_world.h"

#include <hdf5.h>

static const char *const files[] = {"study.h5", "table.csv", "report.html"};
enum { FILES = sizeof files / sizeof *files };

static double member_number(int64_t i, int64_t k) { return (double)(i * 3 + k); }

/* What there was before: files of an earlier day. */
static void leave_old_files(const world *w, const char *folder) {
  char path[300];
  for (int i = 0; i < FILES; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    assert_int_equal(hd_file_write(w->ctx, path, "old", 3, false), HD_OK);
  }
}

static hd_status write_all(hd_arena *arena, const hd_study *study, const char *folder) {
  static const hd_study_telling telling = {"heddle sweep road.yaml", NULL, NULL};
  char path[300];
  hd_aggregates a;
  HD_TRY(hd_aggregate(arena, study, &a));
  snprintf(path, sizeof path, "%s/study.h5", folder);
  HD_TRY(hd_study_write_h5(&a, &telling, path));
  snprintf(path, sizeof path, "%s/table.csv", folder);
  HD_TRY(hd_study_write_table(study, path));
  return hd_study_report(&a, &telling, folder);
}

/* The study was opened on sound tables; only its context is exchanged for the writing. */
static hd_status work(hd_ctx *ctx, const char *folder, void *arg) {
  world *w = arg;
  hd_study *study = w->study;
  hd_arena arena;
  leave_old_files(w, folder);
  hd_arena_init(&arena, ctx);
  study->ctx = w->base->ctx = ctx;
  hd_status status = write_all(&arena, study, folder);
  study->ctx = w->base->ctx = w->ctx;
  hd_arena_free(&arena);
  return status;
}

static void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  int old = 0;
  (void)arg;
  for (int i = 0; i < FILES; i++) {
    char path[300], *text;
    size_t size;
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    if (i == 0 && !hd_file_exists(ctx, path)) return; /* there was no context */
    assert_int_equal(hd_file_read(ctx, path, 1 << 24, &text, &size), HD_OK);
    bool is_old = size == 3 && !memcmp(text, "old", 3);
    old += is_old;
    if (!is_old && i == 0) {
      hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
      assert_true(file >= 0 && H5Lexists(file, "provenance", H5P_DEFAULT) > 0);
      H5Fclose(file);
      assert_memory_equal(text + size - 8, "hdseal1\n", 8);
    }
    if (!is_old && i > 0) assert_true(text[size - 1] == '\n');
    if (!is_old && i == 2) assert_non_null(strstr(text, "</html>"));
    hd_memory_give(ctx, text, size + 1);
  }
  if (told == HD_OK) assert_int_equal(old, 0);
}

static void drive(world *w, faulty_mode mode) {
  begin(w, "sweep: {grid: {road.quality: [1, 2], road.length: [1 km, 2 km, 3 km]}, repeat: 2}\nmeasure: [travel_time]");
  finish_all(w, member_number);
  w->study->member[3].state = HD_MEMBER_FAILED;
  w->study->failed = 1;
  int64_t points = faulty_drive(work, look, w, mode);
  print_message("%lld failure points\n", (long long)points);
  assert_true(points > 100);
}

static void each_call_fails_once(void **state) { drive(*state, FAULTY_ONCE); }
static void the_disk_goes_away(void **state) { drive(*state, FAULTY_ON); }

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(each_call_fails_once, set_up, tear_down),
                                     cmocka_unit_test_setup_teardown(the_disk_goes_away, set_up, tear_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
