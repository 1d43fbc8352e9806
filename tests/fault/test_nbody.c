/* nbody with every twentieth call failing (full_nbody.c: every one), on two threads. */
#include "nbody_runs.h"

static void every_twentieth_call_fails(void **state) {
  (void)state;
  for (int i = 0; i < STORIES; i++) calls_fail(stories[i], FAULTY_ONCE, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_twentieth_call_fails)};
  return cmocka_run_group_tests(tests, make_inputs, remove_inputs);
}
