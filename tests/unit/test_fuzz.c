/* 20,000 damaged scenarios in one process; full_fuzz.c meets a million. */
#include "fuzz/meet.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#ifndef FUZZ_COUNT
#define FUZZ_COUNT 20000
#endif

static void damaged_scenarios_are_told_in_time(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  fuzz_tally tally = fuzz_meet(ctx, 0, FUZZ_COUNT);
  hd_ctx_free(ctx);
  print_message("%d texts: %lld right, %lld wrong, %lld neither; slowest %.3f s (text %llu)\n", FUZZ_COUNT,
                (long long)tally.good, (long long)tally.wrong, (long long)tally.other, tally.longest_s,
                (unsigned long long)tally.slowest);
  assert_int_equal(tally.other, 0);
  assert_true(tally.longest_s < 1);
  assert_true(tally.good > FUZZ_COUNT / 100 && tally.wrong > FUZZ_COUNT / 2); /* the texts are near to right ones */
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(damaged_scenarios_are_told_in_time)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
