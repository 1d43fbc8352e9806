/* nbody with every call failing, once and, as when the disk goes away, for good. */
#include "nbody_runs.h"

static story *const stories[] = {&group, &orbits, &few, &galaxy};
enum { STORIES = 4 };

static int setup(void **state) {
  if (make_inputs(state)) return 1;
  for (int i = 0; i < STORIES; i++) sound_run(*state, stories[i]);
  return 0;
}

static void every_call_fails_once(void **state) {
  (void)state;
  for (int i = 0; i < STORIES; i++) calls_fail(stories[i], FAULTY_ONCE, 1);
}

static void the_disk_goes_away(void **state) {
  (void)state;
  for (int i = 0; i < STORIES; i++) calls_fail(stories[i], FAULTY_ON, 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_fails_once), cmocka_unit_test(the_disk_goes_away)};
  return cmocka_run_group_tests(tests, setup, remove_inputs);
}
