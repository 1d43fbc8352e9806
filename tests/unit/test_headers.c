/* The public headers stand beside each other and beside the context in one file. */
#include "heddle/math.h"
#include "heddle/solver.h"
#include "base/ctx.h"
#include "heddle/heddle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void one_version_everywhere(void **state) {
  (void)state;
  assert_non_null(strchr(hd_version(), '.'));
  assert_true(hd_smaller(1.0, 2.0) == 1.0 && hd_larger(1.0, 2.0) == 2.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(one_version_everywhere)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
