#include "study/journal/packed.h"

#include "base/crc32c.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "payloads are little endian, as x86-64 is");

void hd_packed_init(hd_packed *packed, hd_ctx *ctx) { *packed = (hd_packed){.ctx = ctx}; }

void hd_packed_free(hd_packed *packed) {
  if (packed->ctx) hd_memory_give(packed->ctx, packed->at, packed->room);
  *packed = (hd_packed){.ctx = packed->ctx};
}

void hd_packed_clear(hd_packed *packed) {
  packed->size = 0;
  packed->failed = false;
}

hd_status hd_packed_status(const hd_packed *packed) {
  return packed->failed ? hd_raise(packed->ctx, HD_ERR_MEMORY, "out of memory for a record") : HD_OK;
}

void hd_pack_bytes(hd_packed *to, const void *bytes, size_t size) {
  void *at = to->at;
  if (to->failed) return;
  to->failed = hd_memory_grow(to->ctx, &at, &to->room, to->size + size, 1) != HD_OK;
  to->at = at;
  if (to->failed) return;
  if (size) memcpy(to->at + to->size, bytes, size);
  to->size += size;
}

void hd_pack_int(hd_packed *to, int64_t value) { hd_pack_bytes(to, &value, sizeof value); }
void hd_pack_real(hd_packed *to, double value) { hd_pack_bytes(to, &value, sizeof value); }

void hd_pack_hash(hd_packed *to, const hd_hash *hash) {
  hd_pack_int(to, (int64_t)hash->low);
  hd_pack_int(to, (int64_t)hash->high);
}

void hd_pack_text(hd_packed *to, const char *text) {
  size_t length = strlen(text);
  hd_pack_int(to, (int64_t)length);
  hd_pack_bytes(to, text, length + 1);
}

static const char *take(hd_unpacked *from, size_t size) {
  if (from->failed || size > from->left) {
    from->failed = true;
    return NULL;
  }
  const char *at = from->at;
  from->at += size;
  from->left -= size;
  return at;
}

int64_t hd_unpacked_int(hd_unpacked *from) {
  int64_t value = 0;
  const char *at = take(from, sizeof value);
  if (at) memcpy(&value, at, sizeof value);
  return value;
}

double hd_unpacked_real(hd_unpacked *from) {
  double value = 0;
  const char *at = take(from, sizeof value);
  if (at) memcpy(&value, at, sizeof value);
  return value;
}

hd_hash hd_unpacked_hash(hd_unpacked *from) {
  hd_hash hash = {0};
  hash.low = (uint64_t)hd_unpacked_int(from);
  hash.high = (uint64_t)hd_unpacked_int(from);
  return hash;
}

const char *hd_unpacked_text(hd_unpacked *from) {
  int64_t length = hd_unpacked_int(from);
  if (length < 0 || (uint64_t)length >= from->left) from->failed = true;
  const char *text = from->failed ? NULL : take(from, (size_t)length + 1);
  if (!text || text[length]) {
    from->failed = true;
    return "";
  }
  return text;
}

int64_t hd_unpacked_count(hd_unpacked *from, size_t size) {
  int64_t count = hd_unpacked_int(from);
  if (count >= 0 && (uint64_t)count <= from->left / size) return count;
  from->failed = true;
  return 0;
}

hd_status hd_unpacked_status(const hd_unpacked *from) {
  return from->failed || from->left ? hd_raise(from->ctx, HD_ERR_FILE, "a record is damaged") : HD_OK;
}

/* -- frames ------------------------------------------------------------------------------------------------------------ */

enum { HEAD = 8, FRAME_MOST = 1 << 26 };

static uint32_t crc_of(uint32_t length, const char *payload) {
  return hd_crc32c(hd_crc32c(0, &length, sizeof length), payload, length);
}

size_t hd_frame_begin(hd_packed *to) {
  size_t begun = to->size;
  char head[HEAD] = {0};
  hd_pack_bytes(to, head, HEAD);
  return begun;
}

void hd_frame_end(hd_packed *to, size_t begun) {
  uint32_t head[2];
  if (to->failed) return;
  head[0] = (uint32_t)(to->size - begun - HEAD);
  head[1] = crc_of(head[0], to->at + begun + HEAD);
  memcpy(to->at + begun, head, HEAD);
}

int64_t hd_frame_next(hd_ctx *ctx, const char *at, size_t size, hd_unpacked *payload) {
  uint32_t head[2];
  if (size < HEAD) return 0;
  memcpy(head, at, HEAD);
  if (head[0] > FRAME_MOST) return -1;
  if (size - HEAD < head[0]) return 0;
  if (crc_of(head[0], at + HEAD) != head[1]) return -1;
  *payload = (hd_unpacked){.ctx = ctx, .at = at + HEAD, .left = head[0]};
  return HEAD + (int64_t)head[0];
}
