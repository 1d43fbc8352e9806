/* Two passes over the journals: which record of a member counts, then these records into the new journal. */
#include "study/journal/merge.h"

#include "study/journal/identities.h"

#include <string.h>

enum { GROUP = 4096 }; /* records between two commits */

/* What is known of a member. */
typedef struct chosen {
  hd_hash identity, digest;
  int64_t record; /* its number in the journal it is taken from */
  int32_t folder; /* TARGET: the merged journal has it already */
  uint8_t state;  /* 0: missing; 1 + hd_member_state */
} chosen;

enum { TARGET = -1 };

typedef struct merging {
  hd_ctx *ctx;
  const char *const *folders;
  const char *target;
  int64_t count;
  hd_study_record study, other; /* of the first folder; of the one that is read */
  chosen *member;               /* [members] */
  hd_identities *known;
  int32_t folder; /* that is read */
  int64_t record; /* in it */
  hd_journal *journal;
  hd_merge_report *report;
} merging;

static const char *name_of(const merging *m, int32_t folder) {
  return folder == TARGET ? m->target : m->folders[folder];
}

static hd_status check_same(const merging *m, const char *folder) {
  const hd_study_record *a = &m->study, *b = &m->other;
  bool same = hd_hash_equal(&a->identity, &b->identity) && a->members == b->members && a->names == b->names;
  for (int64_t k = 0; same && k < a->names; k++) same = !strcmp(a->name[k], b->name[k]);
  if (same) return HD_OK;
  return hd_raise(m->ctx, HD_ERR_INPUT,
                  "%s belongs to another study than %s: the scenario, its members or its measures differ", folder,
                  m->folders[0]);
}

static hd_status disagree(const merging *m, int64_t first, int64_t second, const hd_hash *digest) {
  char one[HD_HASH_HEX], two[HD_HASH_HEX];
  hd_hash_hex(&m->member[first].digest, one);
  hd_hash_hex(digest, two);
  return hd_raise(m->ctx, HD_ERR_BUG,
                  "member %lld of %s and member %lld of %s are the same case, but their results differ (digests %s and "
                  "%s): a defect of a machine, of the solver or of heddle; nothing is merged",
                  (long long)first, name_of(m, m->member[first].folder), (long long)second, name_of(m, m->folder), one,
                  two);
}

static hd_status check_digest(merging *m, const hd_member_record *record) {
  const chosen *had = &m->member[record->member];
  int64_t first = hd_identities_claim(m->known, &record->identity, record->member);
  if (m->study.exempt) return HD_OK;
  if (had->state == 1 + HD_MEMBER_DONE && !hd_hash_equal(&had->identity, &record->identity))
    return hd_raise(m->ctx, HD_ERR_INPUT, "member %lld is another case in %s than in %s", (long long)record->member,
                    name_of(m, m->folder), name_of(m, had->folder));
  if (had->state == 1 + HD_MEMBER_DONE && !hd_hash_equal(&had->digest, &record->digest))
    return disagree(m, record->member, record->member, &record->digest);
  const chosen *same = &m->member[first];
  if (first != record->member && same->state == 1 + HD_MEMBER_DONE && !hd_hash_equal(&same->digest, &record->digest))
    return disagree(m, first, record->member, &record->digest);
  return HD_OK;
}

/* A result counts more than a failure, a failure more than an attempt; of the same kind the later one in a journal does. */
static uint8_t weight(int state) {
  return state == 1 + HD_MEMBER_DONE ? 3 : state == 1 + HD_MEMBER_FAILED ? 2 : state ? 1 : 0;
}

static hd_status choose(void *arg, const hd_member_record *record) {
  merging *m = arg;
  int64_t number = m->record++;
  if (record->member < 0 || record->member >= m->study.members || record->values > m->study.names)
    return hd_raise(m->ctx, HD_ERR_FILE, "%s has a record of member %lld, which the study does not have",
                    name_of(m, m->folder), (long long)record->member);
  if (record->state == HD_MEMBER_DONE) HD_TRY(check_digest(m, record));
  chosen *c = &m->member[record->member];
  uint8_t state = (uint8_t)(1 + record->state);
  bool later = c->folder == m->folder && weight(state) >= weight(c->state) && weight(c->state) < 3;
  if (weight(state) > weight(c->state) || later)
    *c = (chosen){record->identity, record->digest, number, m->folder, state};
  return HD_OK;
}

static hd_status read_folder(merging *m, hd_arena *arena, int32_t folder,
                             hd_status (*each)(void *arg, const hd_member_record *record)) {
  char path[HD_PATH_ROOM];
  m->folder = folder;
  m->record = 0;
  HD_TRY(hd_path_join(m->ctx, m->folders[folder], "journal", path, sizeof path));
  return hd_journal_read(m->ctx, path, arena, &m->other, each, m);
}

/* The first pass. The head of each journal is looked at before its records. */
static hd_status read_all(merging *m, hd_arena *arena) {
  void *memory;
  for (int64_t f = 0; f < m->count; f++) {
    HD_TRY(read_folder(m, arena, (int32_t)f, NULL));
    if (!m->other.members) return hd_raise(m->ctx, HD_ERR_INPUT, "%s holds a study that had not begun", m->folders[f]);
    if (f == 0) m->study = m->other;
    HD_TRY(check_same(m, m->folders[f]));
  }
  HD_TRY(hd_arena_take(arena, sizeof(chosen) * (size_t)(m->study.members + 1), &memory));
  m->member = memory;
  return hd_identities_new(m->ctx, m->study.members, &m->known);
}

static hd_status add_chosen(void *arg, const hd_member_record *record) {
  merging *m = arg;
  int64_t number = m->record++;
  if (record->member < 0 || record->member >= m->study.members)
    return HD_OK; /* added by a study that is computed now */
  const chosen *c = &m->member[record->member];
  if (c->folder != m->folder || c->record != number || c->state == 1 + HD_MEMBER_WAITING) return HD_OK;
  HD_TRY(hd_journal_add(m->journal, record));
  m->report->added++;
  return hd_journal_pending(m->journal) >= GROUP ? hd_journal_commit(m->journal) : HD_OK;
}

static hd_status write_all(merging *m, hd_arena *arena) {
  for (int64_t f = 0; f < m->count; f++) HD_TRY(read_folder(m, arena, (int32_t)f, add_chosen));
  return hd_journal_commit(m->journal);
}

static hd_status count_all(merging *m, hd_arena *arena) {
  void *memory;
  HD_TRY(hd_arena_take(arena, (size_t)m->study.members + 1, &memory));
  uint8_t *there = memory;
  for (int64_t i = 0; i < m->study.members; i++) {
    there[i] = weight(m->member[i].state) > 1;
    m->report->done += weight(m->member[i].state) == 3;
    m->report->failed += weight(m->member[i].state) == 2;
    m->report->missing += !there[i];
  }
  m->report->there = there;
  m->report->study = m->study;
  return HD_OK;
}

static hd_status choose_all(merging *m, hd_arena *arena) {
  for (int64_t f = 0; f < m->count; f++) HD_TRY(read_folder(m, arena, (int32_t)f, choose));
  return HD_OK;
}

/* The folders are looked at before the target is touched; then again, after what it has already. */
static hd_status merge(merging *m, hd_arena *arena) {
  char path[HD_PATH_ROOM];
  HD_TRY(read_all(m, arena));
  HD_TRY(choose_all(m, arena));
  memset(m->member, 0, sizeof(chosen) * (size_t)m->study.members);
  hd_study_record whole = m->study;
  whole.shard = 0;
  whole.shards = 1;
  HD_TRY(hd_folder_make(m->ctx, m->target));
  HD_TRY(hd_path_join(m->ctx, m->target, "journal", path, sizeof path));
  m->folder = TARGET;
  HD_TRY(hd_journal_open(m->ctx, path, &whole, choose, m, &m->journal));
  HD_TRY(choose_all(m, arena));
  HD_TRY(write_all(m, arena));
  m->study = whole;
  return count_all(m, arena);
}

hd_status hd_study_merge(hd_arena *arena, const char *const *folders, int64_t count, const char *target,
                         hd_merge_report *report) {
  merging m = {.ctx = arena->ctx, .folders = folders, .count = count, .target = target, .report = report};
  *report = (hd_merge_report){0};
  if (count < 1) return hd_raise(arena->ctx, HD_ERR_INPUT, "nothing to merge");
  hd_status status = merge(&m, arena);
  hd_journal_close(m.journal);
  hd_identities_free(m.known);
  return hd_while(arena->ctx, status, "merging into %s", target);
}
