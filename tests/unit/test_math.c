/* The elementary functions against MPFR, 10^5 points each (full_math.c: 10^7), and the helpers around them. */
#include "math_check.h"

static void functions_are_within_one_ulp(void **state) {
  (void)state;
  check_math(100000);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(functions_are_within_one_ulp)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
