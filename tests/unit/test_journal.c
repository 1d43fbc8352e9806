/* The journal: what was committed comes back; torn at any byte it loses its tail only; a flipped bit is detected or costs the
 * tail, never gives a wrong record; one writer at a time; another study is refused. */
#include "faulty.h"
#include "unit/journal_check.h"

#include <unistd.h>

static char folder[64], path[96];

static int set_up(void **state) {
  hd_ctx *ctx;
  strcpy(folder, "/tmp/heddle-journal-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/journal", folder);
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  *state = ctx;
  return 0;
}

static int tear_down(void **state) {
  hd_ctx *ctx = *state;
  hd_folder_remove(ctx, folder);
  hd_ctx_free(ctx);
  return 0;
}

static void truncated_at_every_byte(void **state) {
  hd_ctx *ctx = *state;
  char *bytes;
  size_t size;
  make_journal(ctx, path, &bytes, &size);
  for (size_t length = 0; length <= size; length++) {
    assert_int_equal(hd_file_write(ctx, path, bytes, length, false), HD_OK);
    assert_true(repair(ctx, path)); /* a torn tail is never an error */
    char *again;
    size_t whole;
    assert_int_equal(hd_file_read(ctx, path, 1 << 24, &again, &whole), HD_OK);
    assert_int_equal(whole, size); /* the same bytes as undisturbed */
    assert_memory_equal(again, bytes, size);
    hd_memory_give(ctx, again, whole + 1);
  }
  hd_memory_give(ctx, bytes, size + 1);
}

static void a_tail_of_garbage_is_dropped(void **state) {
  hd_ctx *ctx = *state;
  char *bytes, longer[20000];
  size_t size;
  make_journal(ctx, path, &bytes, &size);
  for (size_t more = 1; more < 400; more += 7) {
    memcpy(longer, bytes, size);
    for (size_t i = 0; i < more; i++) longer[size + i] = (char)(i * 37 + more);
    assert_int_equal(hd_file_write(ctx, path, longer, size + more, false), HD_OK);
    assert_true(repair(ctx, path));
  }
  hd_memory_give(ctx, bytes, size + 1);
}

static void flipped_bits(void **state) {
  int64_t said = flip_bits(*state, path, 500);
  assert_true(said > 300); /* in the last records it is a torn tail */
}

static void one_writer(void **state) {
  hd_ctx *ctx = *state;
  hd_study_record study = study_of_test();
  hd_journal *first, *second;
  hd_arena arena;
  seen found = {0};
  assert_int_equal(hd_journal_open(ctx, path, &study, see, &found, &first), HD_OK);
  assert_int_equal(hd_journal_open(ctx, path, &study, see, &found, &second), HD_ERR_FILE);
  assert_non_null(strstr(hd_ctx_message(ctx), "another heddle"));
  assert_int_equal(add_records(first, 0, 5), HD_OK);
  hd_arena_init(&arena, ctx);
  assert_int_equal(hd_journal_read(ctx, path, &arena, &study, see, &found), HD_OK); /* beside the writer */
  assert_int_equal(found.count, 5);
  assert_false(found.wrong);
  hd_arena_free(&arena);
  hd_journal_close(first);
  study = study_of_test();
  assert_int_equal(hd_journal_open(ctx, path, &study, see, &(seen){0}, &second), HD_OK);
  hd_journal_close(second);
}

static void another_study_is_refused(void **state) {
  hd_ctx *ctx = *state;
  hd_study_record study = study_of_test(), other = study;
  hd_journal *journal;
  seen found = {0};
  assert_int_equal(hd_journal_open(ctx, path, &study, see, &found, &journal), HD_OK);
  assert_int_equal(add_records(journal, 0, 5), HD_OK);
  hd_journal_close(journal);
  for (int what = 0; what < 3; what++) {
    other = study;
    if (what == 0) other.identity.low++;
    if (what == 1) other.members++;
    if (what == 2) other.shards = 2;
    assert_int_equal(hd_journal_open(ctx, path, &other, see, &found, &journal), HD_ERR_INPUT);
    assert_null(journal);
    assert_int_equal(found.count, 0); /* none of its records was taken */
  }
  assert_int_equal(hd_file_write(ctx, path, "not a journal of ours", 21, false), HD_OK);
  assert_int_equal(hd_journal_open(ctx, path, &study, see, &found, &journal), HD_ERR_FILE);
}

static hd_status write_all(hd_ctx *ctx, const char *in, void *arg) {
  char file[HD_PATH_ROOM];
  hd_study_record study = study_of_test();
  hd_journal *journal;
  (void)arg;
  snprintf(file, sizeof file, "%s/journal", in);
  seen there = {0};
  HD_TRY(hd_journal_open(ctx, file, &study, see, &there, &journal));
  hd_status status = add_records(journal, there.count, RECORDS);
  hd_journal_close(journal);
  return status;
}

static void is_prefix(hd_ctx *ctx, const char *in, hd_status told, void *arg) {
  (void)arg;
  char file[HD_PATH_ROOM];
  hd_study_record study;
  seen found = {0};
  hd_arena arena;
  snprintf(file, sizeof file, "%s/journal", in);
  if (!hd_file_exists(ctx, file)) {
    assert_int_not_equal(told, HD_OK);
    return;
  }
  hd_arena_init(&arena, ctx);
  assert_int_equal(hd_journal_read(ctx, file, &arena, &study, see, &found), HD_OK);
  assert_false(found.wrong);
  if (told == HD_OK) assert_int_equal(found.count, RECORDS);
  hd_arena_free(&arena);
  assert_true(repair(ctx, file));
}

static void every_call_fails_once(void **state) {
  (void)state;
  assert_true(faulty_drive(write_all, is_prefix, NULL, FAULTY_ONCE) > 10);
  assert_true(faulty_drive(write_all, is_prefix, NULL, FAULTY_ON) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(truncated_at_every_byte, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_tail_of_garbage_is_dropped, set_up, tear_down),
      cmocka_unit_test_setup_teardown(flipped_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_writer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_study_is_refused, set_up, tear_down),
      cmocka_unit_test(every_call_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
