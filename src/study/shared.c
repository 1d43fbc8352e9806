#include "study/shared.h"

#include "study/journal/identities.h"
#include "study/study_inside.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MOST = 2 * HD_PATH_ROOM };

/* -- the list ---------------------------------------------------------------------------------------------------------- */

static hd_status list_folder(hd_study *study, char path[HD_PATH_ROOM]) {
  return hd_path_join(study->ctx, study->store, "studies", path, HD_PATH_ROOM);
}

static bool own_folder(const hd_study *study, char absolute[PATH_MAX]) {
  return realpath(study->options.folder, absolute) != NULL;
}

/* Its name is the hash of what it says, so that a study is listed once. */
static hd_status enlist(hd_study *study, const char *folder) {
  char list[HD_PATH_ROOM], path[HD_PATH_ROOM], name[HD_HASH_HEX];
  hd_hash hash = hd_hash_of(folder, strlen(folder));
  hd_hash_hex(&hash, name);
  HD_TRY(list_folder(study, list));
  HD_TRY(hd_path_join(study->ctx, list, name, path, sizeof path));
  if (hd_file_exists(study->ctx, path)) return HD_OK;
  HD_TRY(hd_folder_make(study->ctx, list));
  return hd_file_write(study->ctx, path, folder, strlen(folder), false);
}

/* -- what others have finished ----------------------------------------------------------------------------------------- */

typedef struct taking {
  hd_study *study;
  hd_arena arena;         /* of the journal that is read */
  const char *own, *from; /* folders */
  hd_study_record other;
  int64_t *column; /* [names] of ours among theirs; NULL: not looked for yet */
  double *value;   /* [names] */
  bool learnt;     /* identities of the members that are left are in study->known */
  hd_status status;
} taking;

/* Impossible values are found when it is their turn. */
static hd_status learn(hd_study *study) {
  for (int64_t i = 0; i < study->count && !hd_study_stop_asked(study); i++) {
    hd_case *kase;
    if (!hd_study_is_left(study, i)) continue;
    hd_status status = hd_members_case(study->members, study->ctx, i, &kase);
    if (status == HD_OK) {
      study->id[i] = kase->identity;
      int64_t first = hd_identities_claim(study->known, &kase->identity, i);
      if (first != i) study->member[i].same_as = first;
    }
    hd_case_free(kase);
    if (status != HD_OK && status != HD_ERR_INPUT) return status;
  }
  return HD_OK;
}

/* Where our measures stand among theirs; *fits: all are there, and it is of use otherwise too. */
static hd_status compare(taking *t, bool *fits) {
  hd_study *study = t->study;
  void *memory;
  *fits = !t->other.exempt && !strcmp(t->other.solver, study->base->solver->name);
  if (!*fits) return HD_OK;
  HD_TRY(hd_arena_take(&t->arena, sizeof(int64_t) * (size_t)(study->names + 1), &memory));
  t->column = memory;
  for (int64_t k = 0; k < study->names; k++) {
    int64_t at = 0;
    while (at < t->other.names && strcmp(t->other.name[at], study->name[k])) at++;
    t->column[k] = at;
    *fits &= at < t->other.names;
  }
  if (*fits && !t->learnt) HD_TRY(learn(study));
  t->learnt |= *fits;
  return HD_OK;
}

static hd_status disagree(const taking *t, int64_t member, const hd_member_record *other) {
  char one[HD_HASH_HEX], two[HD_HASH_HEX];
  hd_hash_hex(&t->study->digest[member], one);
  hd_hash_hex(&other->digest, two);
  return hd_raise(t->study->ctx, HD_ERR_BUG,
                  "member %lld here and member %lld of %s are the same case, but their results differ (digests %s and "
                  "%s): a defect of a machine, of the solver or of heddle; the study stops",
                  (long long)member, (long long)other->member, t->from, one, two);
}

static hd_status take(taking *t, int64_t member, const hd_member_record *other) {
  hd_study *study = t->study;
  hd_member_record record = *other;
  for (int64_t k = 0; k < study->names; k++) {
    if (t->column[k] >= other->values) return HD_OK;
    t->value[k] = other->value[t->column[k]];
  }
  record.member = member;
  record.values = study->names;
  record.value = t->value;
  record.built = record.mapped = 0;
  record.reason = other->reason[0] ? other->reason : t->from; /* where it was computed */
  HD_TRY(hd_study_take_record(study, &record));
  return hd_journal_add(study->journal, &record);
}

/* HD_STOPPED: this journal is of no use. */
static hd_status look(taking *t, const hd_member_record *other) {
  hd_study *study = t->study;
  bool fits = true;
  if (!t->column) HD_TRY(compare(t, &fits));
  if (!fits) return HD_STOPPED;
  if (other->state != HD_MEMBER_DONE) return HD_OK;
  int64_t member = hd_identities_find(study->known, &other->identity);
  if (member < 0) return HD_OK;
  if (study->member[member].state == HD_MEMBER_DONE)
    return hd_hash_equal(&study->digest[member], &other->digest) ? HD_OK : disagree(t, member, other);
  return hd_study_is_left(study, member) ? take(t, member, other) : HD_OK;
}

static hd_status on_record(void *arg, const hd_member_record *other) {
  taking *t = arg;
  return t->status = look(t, other);
}

/* What is wrong with the other journal is no failure of this study. */
static hd_status take_from(taking *t, const char *folder) {
  hd_ctx *ctx = t->study->ctx;
  char path[HD_PATH_ROOM];
  t->from = folder;
  t->column = NULL;
  t->status = HD_OK;
  HD_TRY(hd_path_join(ctx, folder, "journal", path, sizeof path));
  hd_arena_init(&t->arena, ctx);
  hd_status status = hd_journal_read(ctx, path, &t->arena, &t->other, on_record, t);
  hd_arena_free(&t->arena);
  if (status == HD_ERR_MEMORY || (t->status != HD_OK && t->status != HD_STOPPED)) return status;
  if (status != HD_OK && status != HD_STOPPED)
    hd_log_line(ctx, HD_LOG_WARNING, "nothing more is taken from %s: %s", folder, hd_ctx_message(ctx));
  return HD_OK;
}

/* A study whose folder was removed, though what held it is there, is listed no more. */
static void forget(hd_ctx *ctx, const char *entry, const char *folder) {
  char above[HD_PATH_ROOM];
  if (hd_path_folder(ctx, folder, above, sizeof above) == HD_OK && hd_file_exists(ctx, above))
    ctx->files.remove(ctx->files.self, entry);
}

static int on_entry(void *arg, const char *name) {
  taking *t = arg;
  hd_ctx *ctx = t->study->ctx;
  char list[HD_PATH_ROOM], entry[HD_PATH_ROOM], *folder;
  hd_hash hash;
  size_t size;
  if (hd_study_stop_asked(t->study)) return 1;
  if (!hd_hash_read(name, &hash) || list_folder(t->study, list) != HD_OK) return 0;
  if (hd_path_join(ctx, list, name, entry, sizeof entry) != HD_OK) return 0;
  if (hd_file_read(ctx, entry, LISTED_MOST, &folder, &size) != HD_OK) return 0;
  hd_status status = HD_OK;
  if (hd_study_is_folder(ctx, folder)) {
    if (strcmp(folder, t->own)) status = take_from(t, folder);
  } else {
    forget(ctx, entry, folder);
  }
  hd_memory_give(ctx, folder, size + 1);
  t->status = status;
  return status != HD_OK;
}

static hd_status take_all(hd_study *study, const char *own) {
  taking t = {.study = study, .own = own};
  char list[HD_PATH_ROOM];
  void *memory;
  HD_TRY(list_folder(study, list));
  HD_TRY(hd_arena_take(&study->arena, sizeof(double) * (size_t)(study->names + 1), &memory));
  t.value = memory;
  int error = study->ctx->files.list(study->ctx->files.self, list, on_entry, &t);
  if (error < 0)
    hd_log_line(study->ctx, HD_LOG_WARNING, "the studies in %s cannot be listed: %s", list, strerror(-error));
  HD_TRY(t.status);
  return hd_journal_commit(study->journal);
}

hd_status hd_shared_take(hd_study *study) {
  char own[PATH_MAX];
  if (!own_folder(study, own)) return HD_OK;
  if (enlist(study, own) != HD_OK)
    hd_log_line(study->ctx, HD_LOG_WARNING, "other studies will not find this one: %s", hd_ctx_message(study->ctx));
  if (study->exempt || study->options.afresh || study->options.keep_results) return HD_OK;
  HD_TRY_WHILE(study->ctx, take_all(study, own), "looking for what other studies have finished");
  hd_study_count_finished(study);
  return HD_OK;
}
