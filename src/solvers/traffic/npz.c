/* Writing .npz: local header, data, then the checksum patched into the header; the central directory comes last. */
#include "solvers/traffic/npz.h"

#include "base/text.h"

#include <string.h>
#include <zlib.h>

enum { MEMBERS = 16, NAME = 48, PIECE = 4096 };

typedef struct member {
  char name[NAME]; /* with .npy */
  char kind;
  bool large;         /* zip64 */
  int64_t items;      /* still to come */
  uint64_t at, bytes; /* of the local header; of the data */
  uint32_t crc;
} member;

struct hd_npz {
  hd_ctx *ctx;
  int handle, count;
  uint64_t at, large;
  char path[HD_PATH_ROOM], temporary[HD_PATH_ROOM];
  member of[MEMBERS];
};

/* A record being laid out, little endian. */
typedef struct record {
  unsigned char at[256];
  size_t length;
} record;

static void put(record *r, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) r->at[r->length++] = (unsigned char)(value >> (8 * i));
}

static hd_status append(hd_npz *npz, const void *bytes, size_t length) {
  HD_TRY(hd_file_write_at(npz->ctx, npz->handle, npz->temporary, bytes, length, (int64_t)npz->at));
  npz->at += length;
  return HD_OK;
}

hd_status hd_npz_create(hd_ctx *ctx, const char *path, hd_npz **out) {
  *out = NULL;
  size_t length = strlen(path);
  if (length + sizeof ".part" > HD_PATH_ROOM) return hd_raise(ctx, HD_ERR_INPUT, "the path is too long: %s", path);
  void *memory;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_npz), &memory));
  hd_npz *npz = memory;
  npz->ctx = ctx;
  npz->large = 0xffffffffu;
  memcpy(npz->path, path, length + 1);
  memcpy(npz->temporary, path, length);
  memcpy(npz->temporary + length, ".part", sizeof ".part");
  hd_status status = hd_file_remove(ctx, npz->temporary);
  if (status == HD_OK) status = hd_file_open(ctx, npz->temporary, true, &npz->handle);
  if (status != HD_OK) {
    hd_memory_give(ctx, npz, sizeof *npz);
    return status;
  }
  *out = npz;
  return HD_OK;
}

void hd_npz_large_from(hd_npz *npz, uint64_t bytes) { npz->large = bytes; }

/* The record in front of a member's data; written again, with the checksum, when the member is complete. */
static void local_header(const member *m, record *r) {
  size_t name = strlen(m->name);
  r->length = 0;
  put(r, 0x04034b50u, 4);
  put(r, m->large ? 45 : 20, 2);
  put(r, 0, 4);           /* flags; method: stored */
  put(r, 0x00210000u, 4); /* 1980-01-01, 00:00: the same bytes for the same numbers */
  put(r, m->crc, 4);
  put(r, m->large ? 0xffffffffu : m->bytes, 4);
  put(r, m->large ? 0xffffffffu : m->bytes, 4);
  put(r, name, 2);
  put(r, m->large ? 20 : 0, 2);
  memcpy(r->at + r->length, m->name, name);
  r->length += name;
  if (!m->large) return;
  put(r, 1, 2); /* zip64: both sizes */
  put(r, 16, 2);
  put(r, m->bytes, 8);
  put(r, m->bytes, 8);
}

/* The dictionary of an .npy header, padded so that the data begin at a multiple of 64. */
static void npy_header(char kind, int rank, const int64_t *size, hd_text *text) {
  hd_text_add(text, "\x93NUMPY\x01\x00\x00\x00", 10);
  hd_print(text, "{'descr': '<%c8', 'fortran_order': False, 'shape': (", kind);
  for (int i = 0; i < rank; i++) hd_print(text, i ? ", %lld" : "%lld", (long long)size[i]);
  hd_print(text, rank == 1 ? ",), }" : "), }");
  while ((text->length + 1) % 64 && !text->failed) hd_text_add(text, " ", 1);
  hd_text_add(text, "\n", 1);
  if (!text->failed) text->at[8] = (char)(text->length - 10);
}

static hd_status member_done(hd_npz *npz) {
  if (!npz->count) return HD_OK;
  const member *m = &npz->of[npz->count - 1];
  if (m->items) return hd_raise(npz->ctx, HD_ERR_BUG, "%s: %lld numbers are missing", m->name, (long long)m->items);
  record r;
  local_header(m, &r);
  return hd_file_write_at(npz->ctx, npz->handle, npz->temporary, r.at, r.length, (int64_t)m->at);
}

static hd_status member_begin(hd_npz *npz, member *m, const hd_text *header) {
  HD_TRY(hd_text_status(header));
  m->bytes = (uint64_t)m->items * 8 + header->length;
  m->large = m->bytes >= npz->large || m->at >= npz->large;
  record r;
  local_header(m, &r);
  HD_TRY(append(npz, r.at, r.length));
  m->crc = (uint32_t)crc32(0, (const Bytef *)header->at, (uInt)header->length);
  return append(npz, header->at, header->length);
}

hd_status hd_npz_member(hd_npz *npz, const char *name, char kind, int rank, const int64_t *size) {
  HD_TRY(member_done(npz));
  size_t length = strlen(name);
  if (npz->count == MEMBERS || length + sizeof ".npy" > NAME)
    return hd_raise(npz->ctx, HD_ERR_BUG, "an archive holds at most %d members of short names", (int)MEMBERS);
  member *m = &npz->of[npz->count++];
  *m = (member){.kind = kind, .items = 1, .at = npz->at};
  memcpy(m->name, name, length);
  memcpy(m->name + length, ".npy", sizeof ".npy");
  for (int i = 0; i < rank; i++) m->items *= size[i];
  hd_text header;
  hd_text_init(&header, npz->ctx);
  npy_header(kind, rank, size, &header);
  hd_status status = member_begin(npz, m, &header);
  hd_text_free(&header);
  return status;
}

hd_status hd_npz_put(hd_npz *npz, const double *values, int64_t count) {
  if (!npz->count || count > npz->of[npz->count - 1].items)
    return hd_raise(npz->ctx, HD_ERR_BUG, "more numbers than the member of the archive was made for");
  member *m = &npz->of[npz->count - 1];
  m->items -= count;
  while (count > 0) {
    int64_t whole[PIECE];
    int64_t n = count < PIECE ? count : PIECE;
    const void *from = values;
    if (m->kind == 'i') {
      for (int64_t i = 0; i < n; i++) whole[i] = (int64_t)values[i];
      from = whole;
    }
    m->crc = (uint32_t)crc32(m->crc, from, (uInt)n * 8);
    HD_TRY(append(npz, from, (size_t)n * 8));
    values += n;
    count -= n;
  }
  return HD_OK;
}

static void central_record(const member *m, record *r) {
  size_t name = strlen(m->name);
  r->length = 0;
  put(r, 0x02014b50u, 4);
  put(r, m->large ? 45 : 20, 2); /* made by */
  put(r, m->large ? 45 : 20, 2);
  put(r, 0, 4);
  put(r, 0x00210000u, 4);
  put(r, m->crc, 4);
  put(r, m->large ? 0xffffffffu : m->bytes, 4);
  put(r, m->large ? 0xffffffffu : m->bytes, 4);
  put(r, name, 2);
  put(r, m->large ? 28 : 0, 2);
  put(r, 0, 6); /* comment, disk, internal attributes */
  put(r, 0600u << 16, 4);
  put(r, m->large ? 0xffffffffu : m->at, 4);
  memcpy(r->at + r->length, m->name, name);
  r->length += name;
  if (!m->large) return;
  put(r, 1, 2);
  put(r, 24, 2);
  put(r, m->bytes, 8);
  put(r, m->bytes, 8);
  put(r, m->at, 8);
}

static hd_status end_records(hd_npz *npz, uint64_t first) {
  uint64_t length = npz->at - first, end = npz->at;
  bool large = first >= npz->large;
  record r = {.length = 0};
  if (large) {
    put(&r, 0x06064b50u, 4);
    put(&r, 44, 8);
    put(&r, 45, 2);
    put(&r, 45, 2);
    put(&r, 0, 8);
    put(&r, (uint64_t)npz->count, 8);
    put(&r, (uint64_t)npz->count, 8);
    put(&r, length, 8);
    put(&r, first, 8);
    put(&r, 0x07064b50u, 4);
    put(&r, 0, 4);
    put(&r, end, 8);
    put(&r, 1, 4);
  }
  put(&r, 0x06054b50u, 4);
  put(&r, 0, 4);
  put(&r, (uint64_t)npz->count, 2);
  put(&r, (uint64_t)npz->count, 2);
  put(&r, length, 4);
  put(&r, large ? 0xffffffffu : first, 4);
  put(&r, 0, 2);
  return append(npz, r.at, r.length);
}

static hd_status complete(hd_npz *npz) {
  HD_TRY(member_done(npz));
  uint64_t first = npz->at;
  for (int i = 0; i < npz->count; i++) {
    record r;
    central_record(&npz->of[i], &r);
    HD_TRY(append(npz, r.at, r.length));
  }
  return end_records(npz, first);
}

hd_status hd_npz_finish(hd_npz *npz) {
  hd_ctx *ctx = npz->ctx;
  hd_status status = complete(npz);
  hd_status closed = hd_file_close(ctx, npz->handle, npz->temporary);
  if (status == HD_OK) status = closed;
  if (status == HD_OK) status = hd_file_publish(ctx, npz->temporary, npz->path, false);
  else ctx->files.remove(ctx->files.self, npz->temporary);
  hd_memory_give(ctx, npz, sizeof *npz);
  return status;
}

void hd_npz_abandon(hd_npz *npz) {
  if (!npz) return;
  hd_ctx *ctx = npz->ctx;
  ctx->files.close(ctx->files.self, npz->handle);
  ctx->files.remove(ctx->files.self, npz->temporary);
  hd_memory_give(ctx, npz, sizeof *npz);
}
