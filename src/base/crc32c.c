/* The crc32 instruction of SSE4.2, which every x86-64-v2 machine has. */
#include "base/crc32c.h"

#include <nmmintrin.h>
#include <string.h>

uint32_t hd_crc32c(uint32_t crc, const void *bytes, size_t size) {
  const unsigned char *at = bytes;
  uint64_t sum = ~crc;
  for (; size >= 8; at += 8, size -= 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    sum = _mm_crc32_u64(sum, word);
  }
  for (; size; at++, size--) sum = _mm_crc32_u8((uint32_t)sum, *at);
  return ~(uint32_t)sum;
}
