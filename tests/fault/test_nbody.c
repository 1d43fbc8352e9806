/* nbody with every twentieth call failing (full_nbody.c: every one), on two threads. */
#include "nbody_runs.h"

static story *const stories[] = {&group, &orbits, &few, &galaxy};
enum { STORIES = 4 };

static int setup(void **state) {
  if (make_inputs(state)) return 1;
  for (int i = 0; i < STORIES; i++) sound_run(*state, stories[i]);
  return 0;
}

static void every_twentieth_call_fails(void **state) {
  (void)state;
  for (int i = 0; i < STORIES; i++) calls_fail(stories[i], FAULTY_ONCE, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_twentieth_call_fails)};
  return cmocka_run_group_tests(tests, setup, remove_inputs);
}
