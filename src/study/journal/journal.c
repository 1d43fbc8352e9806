/* The journal's file: a magic word, then records of length, CRC-32C and payload; the first says what study it is.
 *
 * Payloads are bytes in fixed order (packed.h), never structs, so that a journal can be read years later. A group of
 * records is written by one call and made durable by one sync.
 */
#include "study/journal/journal.h"

#include "base/crc32c.h"
#include "study/journal/packed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAGIC = 16, HEAD = 8, RECORD_MOST = 1 << 26 };
static const char magic[MAGIC] = "heddle journal1"; /* and a 0 */

enum { KIND_STUDY = 1, KIND_MEMBER = 2 };

struct hd_journal {
  hd_ctx *ctx;
  char path[HD_PATH_ROOM];
  int file;
  int64_t size;      /* of the file, in whole records */
  hd_packed waiting; /* records that were added and not written */
  int64_t pending;
};

/* -- payloads -------------------------------------------------------------------------------------------------------- */

static void pack_texts(hd_packed *to, const char *const *list, int64_t count) {
  hd_pack_int(to, count);
  for (int64_t i = 0; i < count; i++) hd_pack_text(to, list[i]);
}

void hd_study_record_pack(hd_packed *to, const hd_study_record *study) {
  hd_pack_int(to, KIND_STUDY);
  hd_pack_hash(to, &study->identity);
  hd_pack_int(to, study->members);
  hd_pack_int(to, study->shard);
  hd_pack_int(to, study->shards);
  hd_pack_int(to, study->exempt);
  hd_pack_text(to, study->solver ? study->solver : "");
  hd_pack_text(to, study->file ? study->file : "");
  pack_texts(to, study->name, study->names);
  pack_texts(to, study->word, study->words);
}

void hd_member_record_pack(hd_packed *to, const hd_member_record *record) {
  hd_pack_int(to, KIND_MEMBER);
  hd_pack_int(to, record->member);
  hd_pack_hash(to, &record->identity);
  hd_pack_hash(to, &record->digest);
  hd_pack_int(to, record->state);
  hd_pack_int(to, record->failure);
  hd_pack_int(to, record->attempt);
  hd_pack_int(to, record->signal_or_exit);
  hd_pack_real(to, record->seconds);
  hd_pack_real(to, record->memory);
  hd_pack_int(to, record->failed_parts);
  hd_pack_int(to, record->built << 32 | record->mapped);
  hd_pack_text(to, record->reason ? record->reason : "");
  hd_pack_int(to, record->values);
  hd_pack_bytes(to, record->value, sizeof(double) * (size_t)record->values);
}

/* Texts of the study outlive the file's contents: they are copied into the arena. */
static hd_status keep_text(hd_arena *arena, const char *text, const char **out) {
  char *copy;
  HD_TRY(hd_arena_text(arena, text, strlen(text), &copy));
  *out = copy;
  return HD_OK;
}

static hd_status unpack_texts(hd_unpacked *from, hd_arena *arena, const char *const **list, int64_t *count) {
  void *memory;
  int64_t n = hd_unpacked_count(from, sizeof(int64_t) + 1);
  HD_TRY(hd_arena_take(arena, sizeof(char *) * (size_t)(n + 1), &memory));
  const char **text = memory;
  for (int64_t i = 0; i < n; i++) HD_TRY(keep_text(arena, hd_unpacked_text(from), &text[i]));
  *list = text;
  *count = n;
  return HD_OK;
}

hd_status hd_study_record_unpack(hd_unpacked *from, hd_arena *arena, hd_study_record *study) {
  if (hd_unpacked_int(from) != KIND_STUDY) from->failed = true;
  study->identity = hd_unpacked_hash(from);
  study->members = hd_unpacked_int(from);
  study->shard = hd_unpacked_int(from);
  study->shards = hd_unpacked_int(from);
  study->exempt = hd_unpacked_int(from) != 0;
  HD_TRY(keep_text(arena, hd_unpacked_text(from), &study->solver));
  HD_TRY(keep_text(arena, hd_unpacked_text(from), &study->file));
  HD_TRY(unpack_texts(from, arena, &study->name, &study->names));
  HD_TRY(unpack_texts(from, arena, &study->word, &study->words));
  return hd_unpacked_status(from);
}

hd_status hd_member_record_unpack(hd_unpacked *from, hd_packed *values, hd_member_record *record) {
  if (hd_unpacked_int(from) != KIND_MEMBER) from->failed = true;
  record->member = hd_unpacked_int(from);
  record->identity = hd_unpacked_hash(from);
  record->digest = hd_unpacked_hash(from);
  record->state = (hd_member_state)hd_unpacked_int(from);
  record->failure = (hd_failure)hd_unpacked_int(from);
  record->attempt = (int)hd_unpacked_int(from);
  record->signal_or_exit = (int)hd_unpacked_int(from);
  record->seconds = hd_unpacked_real(from);
  record->memory = hd_unpacked_real(from);
  record->failed_parts = hd_unpacked_int(from);
  record->mapped = hd_unpacked_int(from);
  record->built = record->mapped >> 32;
  record->mapped &= 0xffffffff;
  record->reason = hd_unpacked_text(from);
  record->values = hd_unpacked_count(from, sizeof(double));
  hd_packed_clear(values);
  for (int64_t i = 0; i < record->values; i++) hd_pack_real(values, hd_unpacked_real(from));
  HD_TRY(hd_packed_status(values));
  record->value = (const double *)(const void *)values->at;
  return hd_unpacked_status(from);
}

/* -- reading --------------------------------------------------------------------------------------------------------- */

/* A journal's bytes while it is read. */
typedef struct scan {
  hd_ctx *ctx;
  const char *path, *text;
  size_t size, at;
  bool only_study; /* not its members */
} scan;

static uint32_t crc_of(uint32_t length, const char *payload) {
  return hd_crc32c(hd_crc32c(0, &length, sizeof length), payload, length);
}

/* The next whole record. false: the tail from here on is torn, or there is no more; `damaged`: it is not the tail. */
static bool next_record(scan *from, hd_unpacked *payload, bool *damaged) {
  uint32_t length, crc;
  *damaged = false;
  if (from->size - from->at < HEAD) return false;
  memcpy(&length, from->text + from->at, sizeof length);
  memcpy(&crc, from->text + from->at + sizeof length, sizeof crc);
  size_t left = from->size - from->at - HEAD;
  if (length <= RECORD_MOST && length <= left && crc == crc_of(length, from->text + from->at + HEAD)) {
    *payload = (hd_unpacked){.ctx = from->ctx, .at = from->text + from->at + HEAD, .left = length};
    from->at += HEAD + length;
    return true;
  }
  *damaged = true; /* unless nothing whole follows; see is_torn_tail */
  return false;
}

/* Whether no whole record follows a bad one: then it was torn while it was written, which is allowed. A flipped bit in
 * the middle has whole records behind it. */
static bool is_torn_tail(const scan *from) {
  scan probe = *from;
  for (probe.at = from->at + 1; probe.at + HEAD <= probe.size; probe.at++) {
    scan at = probe;
    hd_unpacked payload;
    uint32_t length;
    bool damaged;
    memcpy(&length, probe.text + probe.at, sizeof length);
    if (length < 3 * sizeof(int64_t) || length > probe.size - probe.at - HEAD) continue; /* no payload of ours */
    if (next_record(&at, &payload, &damaged)) return false;
  }
  return true;
}

typedef hd_status (*on_record)(void *arg, const hd_member_record *record);

static hd_status each_member(scan *from, on_record each, void *arg) {
  hd_packed values;
  hd_unpacked payload;
  bool damaged = false;
  hd_status status = HD_OK;
  hd_packed_init(&values, from->ctx);
  while (status == HD_OK && next_record(from, &payload, &damaged)) {
    hd_member_record record = {0};
    status = hd_member_record_unpack(&payload, &values, &record);
    if (status == HD_OK && each) status = each(arg, &record);
  }
  hd_packed_free(&values);
  if (status == HD_OK && damaged && !is_torn_tail(from))
    status = hd_raise(from->ctx, HD_ERR_FILE,
                      "%s is damaged at byte %zu: a record there does not match its checksum, whole ones follow",
                      from->path, from->at);
  return status;
}

static hd_status same_study(hd_ctx *ctx, const char *path, const hd_study_record *found,
                            const hd_study_record *wanted) {
  if (hd_hash_equal(&found->identity, &wanted->identity) && found->members == wanted->members &&
      found->shard == wanted->shard && found->shards == wanted->shards)
    return HD_OK;
  return hd_raise(ctx, HD_ERR_INPUT, "%s belongs to another study: the scenario, its members or the shard have changed",
                  path);
}

/* All of a journal; *whole is where the last whole record ends, 0 if not even the first one is there. `wanted`: the study it
 * must be of; NULL: any. */
static hd_status read_all(scan *from, hd_arena *arena, const hd_study_record *wanted, hd_study_record *study,
                          on_record each, void *arg, int64_t *whole) {
  hd_unpacked payload;
  bool damaged;
  *whole = 0;
  if (from->size < MAGIC && !memcmp(from->text, magic, from->size)) return HD_OK; /* torn at its very beginning */
  if (from->size < MAGIC || memcmp(from->text, magic, MAGIC))
    return hd_raise(from->ctx, HD_ERR_FILE, "%s is no journal of this version of heddle", from->path);
  from->at = MAGIC;
  if (!next_record(from, &payload, &damaged)) {
    if (!damaged || is_torn_tail(from)) return HD_OK;
    return hd_raise(from->ctx, HD_ERR_FILE, "%s is damaged at its beginning", from->path);
  }
  HD_TRY(hd_study_record_unpack(&payload, arena, study));
  if (wanted) HD_TRY(same_study(from->ctx, from->path, study, wanted));
  if (from->only_study) return HD_OK;
  HD_TRY(each_member(from, each, arg));
  *whole = (int64_t)from->at;
  return HD_OK;
}

hd_status hd_journal_read(hd_ctx *ctx, const char *path, hd_arena *arena, hd_study_record *study, on_record each,
                          void *arg) {
  scan from = {.ctx = ctx, .path = path, .only_study = !each};
  const void *at;
  int64_t whole;
  memset(study, 0, sizeof *study);
  if (!hd_file_exists(ctx, path)) return hd_raise(ctx, HD_ERR_INPUT, "there is no journal %s", path);
  HD_TRY(hd_file_map(ctx, path, &at, &from.size));
  from.text = at;
  hd_status status = from.size ? read_all(&from, arena, NULL, study, each, arg, &whole) : HD_OK;
  hd_file_unmap(ctx, at, from.size);
  return hd_while(ctx, status, "reading the journal %s", path);
}

/* -- writing --------------------------------------------------------------------------------------------------------- */

static hd_status add_record(hd_journal *journal, void (*pack)(hd_packed *, const void *), const void *record) {
  hd_packed *to = &journal->waiting;
  size_t start = to->size;
  uint32_t head[2] = {0, 0};
  hd_pack_bytes(to, head, sizeof head);
  pack(to, record);
  if (hd_packed_status(to) != HD_OK || to->size - start - HEAD > RECORD_MOST) {
    bool large = !to->failed;
    to->size = start;
    to->failed = false;
    return hd_raise(journal->ctx, large ? HD_ERR_LIMIT : HD_ERR_MEMORY,
                    large ? "a record of the journal is too large" : "out of memory for a record of the journal");
  }
  head[0] = (uint32_t)(to->size - start - HEAD);
  head[1] = crc_of(head[0], to->at + start + HEAD);
  memcpy(to->at + start, head, sizeof head);
  journal->pending++;
  return HD_OK;
}

static void pack_study_(hd_packed *to, const void *record) { hd_study_record_pack(to, record); }
static void pack_member_(hd_packed *to, const void *record) { hd_member_record_pack(to, record); }

hd_status hd_journal_add(hd_journal *journal, const hd_member_record *record) {
  return add_record(journal, pack_member_, record);
}

hd_status hd_journal_commit(hd_journal *journal) {
  if (!journal->pending) return HD_OK;
  HD_TRY(hd_file_write_at(journal->ctx, journal->file, journal->path, journal->waiting.at, journal->waiting.size,
                          journal->size));
  HD_TRY(hd_file_sync(journal->ctx, journal->file, journal->path));
  journal->size += (int64_t)journal->waiting.size;
  journal->pending = 0;
  hd_packed_clear(&journal->waiting);
  return HD_OK;
}

int64_t hd_journal_pending(const hd_journal *journal) { return journal->pending; }

void hd_journal_close(hd_journal *journal) {
  if (!journal) return;
  if (journal->file >= 0) journal->ctx->files.close(journal->ctx->files.self, journal->file);
  hd_packed_free(&journal->waiting);
  hd_memory_give(journal->ctx, journal, sizeof *journal);
}

/* -- opening --------------------------------------------------------------------------------------------------------- */

static hd_status begin(hd_journal *journal, const hd_study_record *study) {
  hd_pack_bytes(&journal->waiting, magic, MAGIC);
  HD_TRY(add_record(journal, pack_study_, study));
  return hd_journal_commit(journal);
}

static hd_status open_and_read(hd_journal *journal, const hd_study_record *study, on_record each, void *arg) {
  hd_ctx *ctx = journal->ctx;
  scan from = {.ctx = ctx, .path = journal->path};
  hd_study_record found;
  hd_arena arena;
  const void *at;
  int64_t whole = 0;
  HD_TRY(hd_file_map(ctx, journal->path, &at, &from.size));
  from.text = at;
  hd_arena_init(&arena, ctx);
  hd_status status = from.size ? read_all(&from, &arena, study, &found, each, arg, &whole) : HD_OK;
  hd_arena_free(&arena);
  hd_file_unmap(ctx, at, from.size);
  HD_TRY(status);
  int error = ctx->files.truncate(ctx->files.self, journal->file, whole); /* drops a torn tail */
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be written: %s", journal->path, strerror(-error));
  journal->size = whole;
  return whole ? HD_OK : begin(journal, study);
}

hd_status hd_journal_open(hd_ctx *ctx, const char *path, const hd_study_record *study, on_record each, void *arg,
                          hd_journal **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_journal), &memory));
  hd_journal *journal = memory;
  *journal = (hd_journal){.ctx = ctx, .file = -1};
  hd_packed_init(&journal->waiting, ctx);
  hd_status status = hd_path_join(ctx, NULL, path, journal->path, sizeof journal->path);
  if (status == HD_OK) status = hd_file_open(ctx, path, true, &journal->file);
  int error = status == HD_OK ? ctx->files.lock(ctx->files.self, journal->file, false) : 0;
  if (error < 0)
    status = hd_raise(ctx, HD_ERR_FILE,
                      error == -EWOULDBLOCK ? "another heddle works on the study of %s" : "%s cannot be locked", path);
  if (status == HD_OK) status = open_and_read(journal, study, each, arg);
  if (status == HD_OK) *out = journal;
  else hd_journal_close(journal);
  return hd_while(ctx, status, "opening the journal %s", path);
}
