/* Random numbers: Random123's known answers and the packaged Random123 itself, then what the derived draws promise. */
#include "heddle/math.h"

#include <Random123/philox.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The lines "philox4x32 10" of kat_vectors in Random123's distribution: counter, key, result. */
static void philox_gives_known_answers(void **state) {
  (void)state;
  static const uint32_t known[3][10] = {{0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
                                         0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0,
                                         0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
  for (int i = 0; i < 3; i++) {
    const uint32_t *k = known[i];
    hd_random_bits b = hd_philox(k[0], k[1], k[2], k[3], k[4], k[5]);
    assert_memory_equal(b.v, k + 6, sizeof b.v);
  }
}

static void philox_equals_random123(void **state) {
  (void)state;
  uint64_t u = 1;
  for (int i = 0; i < 100000; i++) {
    uint32_t w[6];
    for (int j = 0; j < 6; j++) w[j] = (uint32_t)(u = hd_mix64(u + 1));
    philox4x32_ctr_t c = {{w[0], w[1], w[2], w[3]}};
    philox4x32_key_t k = {{w[4], w[5]}};
    philox4x32_ctr_t r = philox4x32(c, k);
    hd_random_bits b = hd_philox(w[0], w[1], w[2], w[3], w[4], w[5]);
    assert_memory_equal(b.v, r.v, sizeof b.v);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(philox_gives_known_answers),
                                     cmocka_unit_test(philox_equals_random123)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
