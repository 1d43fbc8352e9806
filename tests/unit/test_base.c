/* The ground floor: status, context and its chain, memory and arenas, files as a whole. */
#include "base/ctx.h"
#include "base/isa.h"
#include "base/text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void status_has_name_text_exit_code(void **state) {
  (void)state;
  assert_string_equal(hd_status_name(HD_ERR_INPUT), "ERR_INPUT");
  assert_int_equal(hd_status_exit_code(HD_OK), 0);
  assert_int_equal(hd_status_exit_code(HD_ERR_NUMERIC), 1);
  assert_int_equal(hd_status_exit_code(HD_ERR_INPUT), 2);
  assert_int_equal(hd_status_exit_code(HD_ERR_MEMORY), 3);
  assert_int_equal(hd_status_exit_code(HD_ERR_BUG), 4);
  assert_int_equal(hd_status_exit_code(HD_STOPPED), 5);
  assert_int_equal(hd_status_exit_code((hd_status)99), 4);
}

static void message_keeps_the_chain(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_string_equal(hd_ctx_message(ctx), "");
  hd_status s = hd_raise(ctx, HD_ERR_FILE, "%s is gone", "a.h5");
  s = hd_while(ctx, s, "reading the result");
  assert_int_equal(s, HD_ERR_FILE);
  assert_string_equal(hd_ctx_message(ctx), "a.h5 is gone\n  while reading the result");
  hd_problem kept;
  hd_problem_take(ctx, &kept);
  hd_raise(ctx, HD_ERR_BUG, "other");
  hd_problem_put(ctx, &kept);
  assert_string_equal(hd_ctx_message(ctx), "a.h5 is gone\n  while reading the result");
  assert_int_equal(hd_while(ctx, HD_OK, "nothing"), HD_OK);
  hd_ctx_free(ctx);
}

static void memory_is_aligned_zeroed_and_grows(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_arena arena;
  hd_arena_init(&arena, ctx);
  for (size_t bytes = 1; bytes < 100000; bytes = bytes * 3 + 1) {
    void *at;
    assert_int_equal(hd_arena_take(&arena, bytes, &at), HD_OK);
    assert_int_equal((uintptr_t)at % 64, 0);
    for (size_t i = 0; i < bytes; i++) assert_int_equal(((char *)at)[i], 0);
    memset(at, 255, bytes);
  }
  hd_arena_free(&arena);
  void *large;
  assert_int_equal(hd_memory_take(ctx, (size_t)40 << 20, &large), HD_OK);
  assert_int_equal(((char *)large)[12345678], 0);
  hd_memory_give(ctx, large, (size_t)40 << 20);
  void *list = NULL;
  size_t room = 0;
  for (size_t n = 1; n <= 1000; n++) {
    assert_int_equal(hd_memory_grow(ctx, &list, &room, n, sizeof(int)), HD_OK);
    ((int *)list)[n - 1] = (int)n;
  }
  for (size_t n = 1; n <= 1000; n++) assert_int_equal(((int *)list)[n - 1], n);
  hd_memory_give(ctx, list, room * sizeof(int));
  hd_ctx_free(ctx);
}

static void files_are_written_whole(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  char folder[] = "/tmp/heddle-base-XXXXXX", path[256];
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/a/b/c", folder);
  assert_int_equal(hd_folder_make(ctx, path), HD_OK);
  assert_int_equal(hd_folder_make(ctx, path), HD_OK);
  snprintf(path, sizeof path, "%s/a/b/c/file", folder);
  assert_int_equal(hd_file_write(ctx, path, "one\n", 4, true), HD_OK);
  assert_int_equal(hd_file_write(ctx, path, "two", 3, false), HD_OK);
  char *text;
  size_t size;
  assert_int_equal(hd_file_read(ctx, path, 100, &text, &size), HD_OK);
  assert_int_equal(size, 3);
  assert_string_equal(text, "two");
  hd_memory_give(ctx, text, size + 1);
  assert_int_equal(hd_file_read(ctx, path, 2, &text, &size), HD_ERR_INPUT);
  assert_int_equal(hd_file_read(ctx, folder, 2, &text, &size), HD_ERR_FILE);
  assert_non_null(strstr(hd_ctx_message(ctx), "Is a directory"));
  const void *at;
  assert_int_equal(hd_file_map(ctx, path, &at, &size), HD_OK);
  assert_memory_equal(at, "two", 3);
  hd_file_unmap(ctx, at, size);
  assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
  assert_false(hd_file_exists(ctx, folder));
  assert_int_equal(hd_file_read(ctx, path, 100, &text, &size), HD_ERR_FILE);
  hd_ctx_free(ctx);
}

static void text_grows(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_text text;
  hd_text_init(&text, ctx);
  assert_string_equal(hd_text_of(&text), "");
  for (int i = 0; i < 1000; i++) hd_print(&text, "%d,", i);
  assert_int_equal(text.length, 10 * 2 + 90 * 3 + 900 * 4);
  assert_int_equal(hd_text_status(&text), HD_OK);
  hd_text_free(&text);
  hd_ctx_free(ctx);
}

static void level_is_one_the_cpu_has(void **state) {
  (void)state;
  assert_true(hd_isa() <= hd_isa_of_cpu());
  assert_string_equal(hd_isa_name(HD_ISA_V3), "x86-64-v3");
}

int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(status_has_name_text_exit_code), cmocka_unit_test(message_keeps_the_chain),
      cmocka_unit_test(memory_is_aligned_zeroed_and_grows), cmocka_unit_test(files_are_written_whole),
      cmocka_unit_test(text_grows), cmocka_unit_test(level_is_one_the_cpu_has)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
