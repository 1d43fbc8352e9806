/* Ten thousand single bits of a journal flipped, one at a time: detected or repaired, never a wrong record. */
#include "unit/journal_check.h"

#include <unistd.h>

static void flipped_bits(void **state) {
  char folder[64] = "/tmp/heddle-journal-XXXXXX", path[96];
  hd_ctx *ctx;
  (void)state;
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/journal", folder);
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_true(flip_bits(ctx, path, 10000) > 6000);
  hd_folder_remove(ctx, folder);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(flipped_bits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
