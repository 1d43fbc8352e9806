/* 128-bit hashes (XXH3-128): digests of results, identities of members, keys of stages. Not against an adversary. */
#ifndef HD_BASE_HASH_H
#define HD_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hd_hash {
  uint64_t low, high;
} hd_hash;

enum { HD_HASH_HEX = 33 }; /* 32 digits and a 0 */

hd_hash hd_hash_of(const void *bytes, size_t size);
bool    hd_hash_equal(const hd_hash *a, const hd_hash *b);
void    hd_hash_hex(const hd_hash *hash, char out[HD_HASH_HEX]); /* high half first, as xxhsum prints it */
bool    hd_hash_read(const char *hex, hd_hash *out);             /* 32 digits and no more; false: they are not */

/* A stream: begin, add pieces of any size, end. The pieces do not matter, only the bytes. It may live on the stack. */
typedef struct hd_hasher {
  _Alignas(64) unsigned char state[576];
} hd_hasher;

void    hd_hasher_begin(hd_hasher *hasher);
void    hd_hasher_add(hd_hasher *hasher, const void *bytes, size_t size);
void    hd_hasher_text(hd_hasher *hasher, const char *text); /* with its length, so that "ab","c" differs from "a","bc" */
hd_hash hd_hasher_end(const hd_hasher *hasher);

#endif
