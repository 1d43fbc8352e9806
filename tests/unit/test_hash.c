/* Known answers: XXH3-128 (as printed by xxhsum -H2), CRC-32C (RFC 3720, B.4). */
#include "base/crc32c.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void hash_is_xxh3_128(void **state) {
  (void)state;
  char hex[HD_HASH_HEX];
  hd_hash h = hd_hash_of("", 0), back;
  hd_hash_hex(&h, hex);
  assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
  assert_true(hd_hash_read(hex, &back));
  assert_true(hd_hash_equal(&h, &back));
  assert_false(hd_hash_read("99aa06d3014798d86001c324468d497", &back));
  assert_false(hd_hash_read("99aa06d3014798d86001c324468d497fa", &back));
  assert_false(hd_hash_read("99aa06d3014798d86001c324468d497g", &back));
}

static void stream_does_not_see_the_pieces(void **state) {
  (void)state;
  unsigned char bytes[5000];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 7 + i / 256);
  hd_hash whole = hd_hash_of(bytes, sizeof bytes);
  for (size_t piece = 1; piece < 3000; piece = piece * 2 + 1) {
    hd_hasher hasher;
    hd_hasher_begin(&hasher);
    for (size_t at = 0; at < sizeof bytes; at += piece)
      hd_hasher_add(&hasher, bytes + at, sizeof bytes - at < piece ? sizeof bytes - at : piece);
    hd_hash sum = hd_hasher_end(&hasher);
    assert_true(hd_hash_equal(&sum, &whole));
  }
  hd_hasher a, b;
  hd_hasher_begin(&a);
  hd_hasher_text(&a, "ab");
  hd_hasher_text(&a, "c");
  hd_hasher_begin(&b);
  hd_hasher_text(&b, "a");
  hd_hasher_text(&b, "bc");
  hd_hash of_a = hd_hasher_end(&a), of_b = hd_hasher_end(&b);
  assert_false(hd_hash_equal(&of_a, &of_b));
}

static void crc_is_castagnoli(void **state) {
  (void)state;
  unsigned char zeros[32] = {0}, up[32];
  for (int i = 0; i < 32; i++) up[i] = (unsigned char)i;
  assert_int_equal(hd_crc32c(0, "123456789", 9), 0xe3069283u);
  assert_int_equal(hd_crc32c(0, zeros, 32), 0x8a9136aau);
  assert_int_equal(hd_crc32c(0, up, 32), 0x46dd794eu);
  for (size_t cut = 0; cut <= 32; cut++)
    assert_int_equal(hd_crc32c(hd_crc32c(0, up, cut), up + cut, 32 - cut), 0x46dd794eu);
}

int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {cmocka_unit_test(hash_is_xxh3_128), cmocka_unit_test(stream_does_not_see_the_pieces),
                                     cmocka_unit_test(crc_is_castagnoli)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
