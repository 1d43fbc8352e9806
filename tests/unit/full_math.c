/* The elementary functions against MPFR, 10^7 points each: test_math.c with more patience. */
#include "math_check.h"

static void functions_are_within_one_ulp(void **state) {
  (void)state;
  check_math(10000000);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(functions_are_within_one_ulp)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
