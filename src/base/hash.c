#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

_Static_assert(sizeof(XXH3_state_t) <= sizeof(hd_hasher), "the state fits");
_Static_assert(_Alignof(XXH3_state_t) <= _Alignof(hd_hasher), "and is aligned");

static hd_hash hash_of(XXH128_hash_t h) { return (hd_hash){h.low64, h.high64}; }

hd_hash hd_hash_of(const void *bytes, size_t size) { return hash_of(XXH3_128bits(bytes, size)); }

bool hd_hash_equal(const hd_hash *a, const hd_hash *b) { return a->low == b->low && a->high == b->high; }

void hd_hash_hex(const hd_hash *hash, char out[HD_HASH_HEX]) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 32; i++) out[i] = digits[(i < 16 ? hash->high : hash->low) >> (60 - 4 * (i & 15)) & 15];
  out[32] = 0;
}

bool hd_hash_read(const char *hex, hd_hash *out) {
  uint64_t half[2] = {0, 0};
  for (int i = 0; i < 32; i++) {
    const char *digits = "0123456789abcdef", *at = hex[i] ? strchr(digits, hex[i]) : NULL;
    if (!at) return false;
    half[i / 16] = half[i / 16] << 4 | (uint64_t)(at - digits);
  }
  *out = (hd_hash){half[1], half[0]};
  return hex[32] == 0;
}

void hd_hasher_begin(hd_hasher *hasher) { XXH3_128bits_reset((XXH3_state_t *)(void *)hasher); }

void hd_hasher_add(hd_hasher *hasher, const void *bytes, size_t size) {
  if (size) XXH3_128bits_update((XXH3_state_t *)(void *)hasher, bytes, size);
}

void hd_hasher_text(hd_hasher *hasher, const char *text) {
  uint64_t length = strlen(text);
  hd_hasher_add(hasher, &length, sizeof length);
  hd_hasher_add(hasher, text, length);
}

hd_hash hd_hasher_end(const hd_hasher *hasher) {
  return hash_of(XXH3_128bits_digest((const XXH3_state_t *)(const void *)hasher));
}
