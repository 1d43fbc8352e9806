#include "io/sections.h"

#include "base/crc32c.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char magic[8] = {'H', 'E', 'D', 'D', 'L', 'E', '\r', '\n'};
enum { ALIGN = 64 };

typedef struct file_head {
  char magic[8];
  uint32_t crc; /* of the head with 0 here */
  uint32_t format;
  char kind[16], solver[64];
  uint32_t bits, single;
  hd_hash key;
  uint64_t count, size; /* sections; bytes of the file */
  uint32_t table_crc;
  char zero[116];
} file_head;
_Static_assert(sizeof(file_head) == 256, "the head of a file of sections");

typedef struct table_entry {
  char name[HD_SECTION_NAME];
  uint64_t at, bytes;
  uint32_t crc, zero;
} table_entry;
_Static_assert(sizeof(table_entry) == 96, "an entry of the table");

static uint64_t up(uint64_t bytes) { return (bytes + ALIGN - 1) / ALIGN * ALIGN; }

static uint32_t head_crc(const file_head *head) {
  file_head copy = *head;
  copy.crc = 0;
  return hd_crc32c(0, &copy, sizeof copy);
}

hd_status hd_section_name(hd_ctx *ctx, hd_section *section, const char *part, const char *name) {
  int n = snprintf(section->name, sizeof section->name, "%s %s", part, name);
  if (n < 0 || (size_t)n >= sizeof section->name) return hd_raise(ctx, HD_ERR_BUG, "the name %s is too long", name);
  return HD_OK;
}

/* -- writing */

static hd_status fill_head(hd_ctx *ctx, const hd_sections_head *from, file_head *head) {
  *head = (file_head){.format = HD_SECTIONS_FORMAT, .bits = from->bits, .single = from->single, .key = from->key};
  memcpy(head->magic, magic, sizeof magic);
  if (strlen(from->kind) >= sizeof head->kind || strlen(from->solver) >= sizeof head->solver)
    return hd_raise(ctx, HD_ERR_BUG, "the name %s is too long", from->solver);
  strcpy(head->kind, from->kind);
  strcpy(head->solver, from->solver);
  return HD_OK;
}

static hd_status write_all(hd_ctx *ctx, const char *path, int handle, const file_head *head, const table_entry *entry,
                           const hd_section *section) {
  int error = ctx->files.truncate(ctx->files.self, handle, 0);
  if (!error) error = ctx->files.truncate(ctx->files.self, handle, (int64_t)head->size);
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be written: %s", path, strerror(-error));
  HD_TRY(hd_file_write_at(ctx, handle, path, head, sizeof *head, 0));
  HD_TRY(hd_file_write_at(ctx, handle, path, entry, head->count * sizeof *entry, sizeof *head));
  for (uint64_t i = 0; i < head->count; i++)
    HD_TRY(hd_file_write_at(ctx, handle, path, section[i].at, section[i].bytes, (int64_t)entry[i].at));
  return HD_OK;
}

static hd_status write_temporary(hd_ctx *ctx, const char *path, const file_head *head, const table_entry *entry,
                                 const hd_section *section) {
  int handle;
  HD_TRY(hd_file_open(ctx, path, true, &handle));
  hd_status status = write_all(ctx, path, handle, head, entry, section);
  hd_status closed = hd_file_close(ctx, handle, path);
  return status == HD_OK ? closed : status;
}

hd_status hd_sections_write(hd_ctx *ctx, const char *path, const hd_sections_head *from, const hd_section *section,
                            size_t count) {
  file_head head;
  void *memory;
  char temporary[HD_PATH_ROOM];
  HD_TRY(fill_head(ctx, from, &head));
  int n = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
  if (n < 0 || (size_t)n >= sizeof temporary) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", path);
  HD_TRY(hd_memory_take(ctx, (count + 1) * sizeof(table_entry), &memory));
  table_entry *entry = memory;
  uint64_t at = up(sizeof head + count * sizeof *entry);
  for (size_t i = 0; i < count; i++) {
    entry[i].at = at;
    entry[i].bytes = section[i].bytes;
    entry[i].crc = hd_crc32c(0, section[i].at, section[i].bytes);
    memcpy(entry[i].name, section[i].name, sizeof entry[i].name);
    at = up(at + section[i].bytes);
  }
  head.count = count;
  head.size = at;
  head.table_crc = hd_crc32c(0, entry, count * sizeof *entry);
  head.crc = head_crc(&head);
  hd_status status = write_temporary(ctx, temporary, &head, entry, section);
  if (status == HD_OK) status = hd_file_publish(ctx, temporary, path, true);
  if (status != HD_OK) ctx->files.remove(ctx->files.self, temporary);
  hd_memory_give(ctx, memory, (count + 1) * sizeof(table_entry));
  return status;
}

/* -- reading */

static hd_status unusable(hd_ctx *ctx, const char *path, const char *why) {
  return hd_raise(ctx, HD_ERR_FILE, "%s cannot be used: %s", path, why);
}

static hd_status check_head(hd_ctx *ctx, const char *path, const file_head *head, size_t size,
                            const hd_sections_head *want) {
  if (size < sizeof *head || memcmp(head->magic, magic, sizeof magic) != 0)
    return unusable(ctx, path, "it is not a file of heddle's, or cut off");
  if (head->crc != head_crc(head)) return unusable(ctx, path, "its head is damaged (CRC)");
  if (head->format != HD_SECTIONS_FORMAT)
    return hd_raise(ctx, HD_ERR_FILE, "%s cannot be used: it has format %u, this version reads %d", path, head->format,
                    HD_SECTIONS_FORMAT);
  if (head->size != size) return unusable(ctx, path, "it is cut off");
  if (strncmp(head->kind, want->kind, sizeof head->kind) != 0)
    return hd_raise(ctx, HD_ERR_FILE, "%s cannot be used: it is a %.15s, not a %s", path, head->kind, want->kind);
  if (strncmp(head->solver, want->solver, sizeof head->solver) != 0)
    return hd_raise(ctx, HD_ERR_FILE, "%s cannot be used: it is of solver %.63s, not %s", path, head->solver,
                    want->solver);
  if (head->bits != want->bits)
    return hd_raise(ctx, HD_ERR_FILE, "%s cannot be used: it was made by release %u of %s's numerics, this is %u", path,
                    head->bits, want->solver, want->bits);
  if (head->single != want->single) return unusable(ctx, path, "it was made in another precision");
  if (!hd_hash_equal(&head->key, &want->key)) return unusable(ctx, path, "it belongs to another case");
  return HD_OK;
}

static hd_status check_table(hd_ctx *ctx, const char *path, const char *file, const file_head *head, bool believed,
                             hd_section *section) {
  const table_entry *entry = (const table_entry *)(const void *)(file + sizeof *head);
  if (hd_crc32c(0, entry, head->count * sizeof *entry) != head->table_crc)
    return unusable(ctx, path, "its table is damaged (CRC)");
  for (uint64_t i = 0; i < head->count; i++) {
    if (entry[i].at > head->size || entry[i].bytes > head->size - entry[i].at || entry[i].name[HD_SECTION_NAME - 1])
      return unusable(ctx, path, "its table does not fit the file");
    section[i].at = file + entry[i].at;
    section[i].bytes = entry[i].bytes;
    memcpy(section[i].name, entry[i].name, HD_SECTION_NAME);
    if (!believed && hd_crc32c(0, section[i].at, section[i].bytes) != entry[i].crc)
      return hd_raise(ctx, HD_ERR_FILE, "%s cannot be used: '%s' in it is damaged (CRC)", path, section[i].name);
  }
  return HD_OK;
}

static hd_status verify(hd_sections *out, const char *path, const hd_sections_head *want, bool believed) {
  const file_head *head = out->at;
  HD_TRY(check_head(out->ctx, path, head, out->size, want));
  if (head->count > (out->size - sizeof *head) / sizeof(table_entry))
    return unusable(out->ctx, path, "its table does not fit the file");
  void *memory;
  out->count = head->count;
  HD_TRY(hd_memory_take(out->ctx, out->count * sizeof(hd_section), &memory));
  out->section = memory;
  return check_table(out->ctx, path, out->at, head, believed, out->section);
}

hd_status hd_sections_open(hd_ctx *ctx, const char *path, const hd_sections_head *want, hd_sections *out) {
  *out = (hd_sections){.ctx = ctx};
  if (!hd_file_exists(ctx, path)) return hd_raise(ctx, HD_ERR_MISSING, "%s is not there", path);
  HD_TRY(hd_file_map(ctx, path, &out->at, &out->size));
  hd_status status = verify(out, path, want, false);
  if (status != HD_OK) hd_sections_close(out);
  return status;
}

hd_status hd_sections_again(hd_ctx *ctx, const char *path, const void *at, size_t size, const hd_sections_head *want,
                            hd_sections *out) {
  *out = (hd_sections){.ctx = ctx, .at = at, .size = size};
  hd_status status = verify(out, path, want, true);
  if (status != HD_OK) hd_sections_close(out);
  return status;
}

void hd_sections_close(hd_sections *sections) {
  hd_memory_give(sections->ctx, sections->section, sections->count * sizeof(hd_section));
  hd_file_unmap(sections->ctx, sections->at, sections->size);
  *sections = (hd_sections){.ctx = sections->ctx};
}

const hd_section *hd_sections_find(const hd_sections *sections, const char *part, const char *name) {
  size_t length = strlen(part);
  for (size_t i = 0; i < sections->count; i++) {
    const char *have = sections->section[i].name;
    if (!strncmp(have, part, length) && have[length] == ' ' && !strcmp(have + length + 1, name))
      return &sections->section[i];
  }
  return NULL;
}

/* -- packed numbers */

hd_unpack hd_unpack_of(const hd_section *section) {
  if (!section) return (hd_unpack){.bad = true};
  return (hd_unpack){section->at, (const char *)section->at + section->bytes, false};
}

static void take(hd_unpack *from, void *to, size_t bytes) {
  memset(to, 0, bytes);
  if (from->bad || (size_t)(from->end - from->at) < bytes) {
    from->bad = true;
    return;
  }
  memcpy(to, from->at, bytes);
  from->at += bytes;
}

int64_t hd_unpack_i64(hd_unpack *from) {
  int64_t value;
  take(from, &value, sizeof value);
  return value;
}

double hd_unpack_f64(hd_unpack *from) {
  double value;
  take(from, &value, sizeof value);
  return value;
}

const char *hd_unpack_text(hd_unpack *from) {
  const char *end = from->bad ? NULL : memchr(from->at, 0, (size_t)(from->end - from->at));
  if (!end) {
    from->bad = true;
    return "";
  }
  const char *text = from->at;
  from->at = end + 1;
  return text;
}
