/* nbody with every call failing, once and, as when the disk goes away, for good. */
#include "nbody_runs.h"

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
  return cmocka_run_group_tests(tests, make_inputs, remove_inputs);
}
