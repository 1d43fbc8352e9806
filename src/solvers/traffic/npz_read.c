/* Reading one member of an .npz archive, which may be hostile: every number of the file is checked before it is used. */
#include "solvers/traffic/npz.h"

#include <string.h>
#include <zlib.h>

typedef struct archive {
  hd_ctx *ctx;
  const char *path;
  const unsigned char *at;
  uint64_t size;
} archive;

typedef struct entry {
  uint64_t at, packed, size; /* of the local header; of the data as stored, as unpacked */
  uint32_t crc;
  unsigned method, flags;
} entry;

static uint64_t number(const unsigned char *at, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++) value |= (uint64_t)at[i] << (8 * i);
  return value;
}

static hd_status wrong(const archive *a, const char *what) {
  return hd_raise(a->ctx, HD_ERR_INPUT, "%s is not an archive of arrays that can be read: %s", a->path, what);
}

static bool within(const archive *a, uint64_t at, uint64_t length) { return at <= a->size && length <= a->size - at; }

/* The central directory, from the record at the end of the file (and its zip64 form). */
static hd_status directory(const archive *a, uint64_t *at, uint64_t *entries) {
  uint64_t lowest = a->size > 65557 ? a->size - 65557 : 0;
  if (a->size < 22) return wrong(a, "it is too short");
  for (uint64_t end = a->size - 22 + 1; end-- > lowest;) {
    const unsigned char *r = a->at + end;
    if (number(r, 4) != 0x06054b50u) continue;
    *entries = number(r + 10, 2);
    *at = number(r + 16, 4);
    if (*at != 0xffffffffu) return within(a, *at, 0) ? HD_OK : wrong(a, "its directory lies outside");
    if (end < 20 || number(r - 20, 4) != 0x07064b50u) return wrong(a, "its zip64 locator is missing");
    uint64_t wide = number(r - 20 + 8, 8);
    if (!within(a, wide, 56) || number(a->at + wide, 4) != 0x06064b50u) return wrong(a, "its zip64 record is missing");
    *entries = number(a->at + wide + 32, 8);
    *at = number(a->at + wide + 48, 8);
    return within(a, *at, 0) ? HD_OK : wrong(a, "its directory lies outside");
  }
  return wrong(a, "it has no directory");
}

/* Sizes that did not fit into 32 bits, from the zip64 field. */
static hd_status wide_sizes(const archive *a, const unsigned char *extra, uint64_t length, entry *e) {
  uint64_t *wide[3] = {&e->size, &e->packed, &e->at};
  for (uint64_t i = 0; i + 4 <= length;) {
    uint64_t id = number(extra + i, 2), n = number(extra + i + 2, 2), at = i + 4;
    if (n > length - at) break;
    if (id == 1)
      for (int k = 0; k < 3; k++)
        if (*wide[k] == 0xffffffffu) {
          if (at + 8 > i + 4 + n) return wrong(a, "a zip64 size is missing");
          *wide[k] = number(extra + at, 8);
          at += 8;
        }
    i += 4 + n;
  }
  return HD_OK;
}

static hd_status find(const archive *a, const char *name, entry *e) {
  uint64_t at = 0, entries = 0;
  size_t length = strlen(name);
  HD_TRY(directory(a, &at, &entries));
  for (uint64_t i = 0; i < entries; i++) {
    const unsigned char *r = a->at + at;
    if (!within(a, at, 46) || number(r, 4) != 0x02014b50u) return wrong(a, "its directory is damaged");
    uint64_t n = number(r + 28, 2), extra = number(r + 30, 2), all = 46 + n + extra + number(r + 32, 2);
    if (!within(a, at, all)) return wrong(a, "its directory is damaged");
    if (n == length + 4 && !memcmp(r + 46, name, length) && !memcmp(r + 46 + length, ".npy", 4)) {
      *e = (entry){number(r + 42, 4),           number(r + 20, 4),           number(r + 24, 4),
                   (uint32_t)number(r + 16, 4), (unsigned)number(r + 10, 2), (unsigned)number(r + 8, 2)};
      return wide_sizes(a, r + 46 + n, extra, e);
    }
    at += all;
  }
  return hd_raise(a->ctx, HD_ERR_MISSING, "%s has no member '%s'", a->path, name);
}

/* zlib takes its memory through the context; each piece remembers its size. */
static voidpf zlib_take(voidpf ctx, uInt items, uInt size) {
  void *memory;
  size_t bytes = (size_t)items * size + 64;
  if (hd_memory_take(ctx, bytes, &memory) != HD_OK) return NULL;
  memcpy(memory, &bytes, sizeof bytes);
  return (char *)memory + 64;
}
static void zlib_give(voidpf ctx, voidpf at) {
  if (!at) return;
  size_t bytes;
  void *memory = (char *)at - 64;
  memcpy(&bytes, memory, sizeof bytes);
  hd_memory_give(ctx, memory, bytes);
}

static hd_status inflate_all(const archive *a, const unsigned char *from, uint64_t packed, unsigned char *to,
                             uint64_t size) {
  z_stream z = {.zalloc = zlib_take, .zfree = zlib_give, .opaque = a->ctx};
  z.next_in = (z_const Bytef *)(uintptr_t)from;
  z.next_out = to;
  if (inflateInit2(&z, -MAX_WBITS) != Z_OK) return hd_raise(a->ctx, HD_ERR_MEMORY, "no memory to inflate %s", a->path);
  int result = Z_OK;
  while (result == Z_OK) {
    if (!z.avail_in) {
      z.avail_in = packed > 1u << 30 ? 1u << 30 : (uInt)packed;
      packed -= z.avail_in;
    }
    if (!z.avail_out) {
      z.avail_out = size > 1u << 30 ? 1u << 30 : (uInt)size;
      size -= z.avail_out;
    }
    uInt in = z.avail_in, out = z.avail_out;
    result = inflate(&z, Z_NO_FLUSH);
    if (result == Z_BUF_ERROR && ((!z.avail_in && packed) || (!z.avail_out && size))) result = Z_OK;
    else if (result == Z_OK && in == z.avail_in && out == z.avail_out) result = Z_DATA_ERROR;
  }
  bool whole = result == Z_STREAM_END && !z.avail_out && !size;
  inflateEnd(&z);
  return whole ? HD_OK : wrong(a, "a deflated member is damaged");
}

static const char *after(const char *in, const char *key) {
  const char *found = strstr(in, key);
  if (!found) return NULL;
  found += strlen(key);
  while (*found == ' ') found++;
  return found;
}

/* The shape out of the dictionary text; the product of the sizes must be the number of doubles that follow. */
static hd_status shape_of(const archive *a, const char *dict, uint64_t doubles, hd_array *out) {
  const char *descr = after(dict, "'descr':"), *order = after(dict, "'fortran_order':"), *at = after(dict, "'shape':");
  if (!descr || !order || !at) return wrong(a, "a member has no header of numpy");
  if (strncmp(descr, "'<f8'", 5)) return wrong(a, "the member is not float64, little endian ('<f8')");
  if (strncmp(order, "False", 5)) return wrong(a, "the member is in Fortran order");
  if (*at++ != '(') return wrong(a, "a member has no shape");
  uint64_t all = 1;
  for (out->rank = 0;;) {
    while (*at == ' ' || *at == ',') at++;
    if (*at == ')') break;
    uint64_t n = 0;
    if (*at < '0' || *at > '9' || out->rank == 4) return wrong(a, "a member has no shape of at most 4 axes");
    for (; *at >= '0' && *at <= '9'; at++) {
      if (n > doubles) return wrong(a, "a member is shorter than its shape");
      n = 10 * n + (uint64_t)(*at - '0');
    }
    if (n && all > doubles / n) return wrong(a, "a member is shorter than its shape");
    all *= n;
    out->size[out->rank++] = (int64_t)n;
  }
  return all == doubles ? HD_OK : wrong(a, "a member does not have the length of its shape");
}

static hd_status parse_npy(const archive *a, const unsigned char *npy, uint64_t size, hd_arena *arena, hd_array *out) {
  if (size < 12 || memcmp(npy, "\x93NUMPY", 6)) return wrong(a, "the member is not an .npy array");
  if (npy[6] < 1 || npy[6] > 3) return wrong(a, "the member has an unknown version of .npy");
  int wide = npy[6] == 1 ? 2 : 4;
  uint64_t length = number(npy + 8, wide), first = 8 + (uint64_t)wide + length;
  if (length > 65536 || first > size || (size - first) % 8) return wrong(a, "the member's header is damaged");
  char *dict;
  void *values;
  HD_TRY(hd_arena_text(arena, (const char *)npy + 8 + wide, length, &dict));
  HD_TRY(shape_of(a, dict, (size - first) / 8, out));
  HD_TRY(hd_arena_take(arena, size - first ? size - first : 8, &values));
  memcpy(values, npy + first, size - first);
  out->at = values;
  out->unit = "1";
  return HD_OK;
}

static hd_status read_entry(const archive *a, const entry *e, hd_arena *arena, hd_array *out) {
  if (!within(a, e->at, 30) || number(a->at + e->at, 4) != 0x04034b50u) return wrong(a, "a member's header is missing");
  uint64_t first = e->at + 30 + number(a->at + e->at + 26, 2) + number(a->at + e->at + 28, 2);
  if (!within(a, first, e->packed)) return wrong(a, "a member ends outside the file");
  if (e->flags & 1) return wrong(a, "it is encrypted");
  if (e->method != 0 && e->method != 8) return wrong(a, "a member is compressed in an unknown way");
  if (e->method == 0 && e->size != e->packed) return wrong(a, "a member's length is wrong");
  /* deflate packs at most 1032 to 1 */
  if (e->method == 8 && e->size / 1032 > e->packed) return wrong(a, "a member's length is wrong");
  const unsigned char *npy = a->at + first;
  if (e->method == 8) {
    void *unpacked;
    HD_TRY(hd_arena_take(arena, e->size + 1, &unpacked));
    HD_TRY(inflate_all(a, npy, e->packed, unpacked, e->size));
    npy = unpacked;
  }
  uint32_t crc = 0;
  for (uint64_t done = 0; done < e->size;) {
    uint64_t n = e->size - done < 1u << 30 ? e->size - done : 1u << 30;
    crc = (uint32_t)crc32(crc, npy + done, (uInt)n);
    done += n;
  }
  if (crc != e->crc) return wrong(a, "a member's checksum is wrong");
  return parse_npy(a, npy, e->size, arena, out);
}

hd_status hd_npz_read(hd_ctx *ctx, const char *path, const char *name, hd_arena *arena, hd_array *out) {
  *out = (hd_array){0};
  const void *at;
  size_t size;
  HD_TRY(hd_file_map(ctx, path, &at, &size));
  archive a = {ctx, path, at, size};
  entry e = {0};
  hd_status status = find(&a, name, &e);
  if (status == HD_OK) status = read_entry(&a, &e, arena, out);
  hd_file_unmap(ctx, at, size);
  return status;
}
