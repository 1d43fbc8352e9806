/* Going on with other levels: what the folder of a study of convergence holds of the same scenario is taken over, so that only
 * new levels are computed.
 *
 * A kept result.h5 says which case it is and what its digest and measures are, so that the records of a new journal are made
 * from the files. Levels of the new study lie in members/N, the others stay in members/IDENTITY until they are asked for. */
#include "study/converge/converge.h"

#include "io/result.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct kept {
  struct kept *next;
  const char *folder; /* its name in members/ */
  const char *to;     /* where it goes */
  hd_hash identity, digest;
  int64_t level; /* -1: none of the new ones */
  double seconds;
  const double *value;
} kept;

typedef struct adopting {
  hd_study *study;
  hd_arena *arena;
  const char *path; /* of the journal */
  const hd_study_record *now;
  hd_study_record before;
  kept *first;
  hd_status status; /* while a folder is listed */
} adopting;

/* -- whether it can be done -------------------------------------------------------------------------------------------- */

static bool is_about_levels(const char *word) {
  static const char *const names[] = {"over=", "norm=", "reference=", "measure="};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strncmp(word, names[i], strlen(names[i]))) return true;
  return false;
}

static const char *next_word(const hd_study_record *record, int64_t *at) {
  while (*at < record->words && is_about_levels(record->word[*at])) ++*at;
  return *at < record->words ? record->word[(*at)++] : NULL;
}

static bool same_words(const hd_study_record *a, const hd_study_record *b) {
  int64_t i = 0, j = 0;
  for (;;) {
    const char *one = next_word(a, &i), *other = next_word(b, &j);
    if (!one || !other) return one == other;
    if (strcmp(one, other)) return false;
  }
}

static bool equal_words(const hd_study_record *a, const hd_study_record *b) {
  bool equal = a->words == b->words;
  for (int64_t i = 0; equal && i < a->words; i++) equal = !strcmp(a->word[i], b->word[i]);
  return equal;
}

static bool is_convergence(const hd_study_record *record) {
  for (int64_t i = 0; i < record->words; i++)
    if (!strcmp(record->word[i], HD_CONVERGE_WORD)) return true;
  return false;
}

/* The same scenario with other levels, norm, reference or measure. */
static bool may_go_on(const adopting *a) {
  const hd_study_record *before = &a->before, *now = a->now;
  if (!before->members || before->shards > 1 || now->shards > 1) return false;
  if (hd_hash_equal(&before->identity, &now->identity) && equal_words(before, now)) return false; /* nothing to do */
  return is_convergence(before) && is_convergence(now) && !strcmp(before->file, now->file) && same_words(before, now);
}

/* -- what is there ----------------------------------------------------------------------------------------------------- */

/* false: a measure of a family that the run was not asked for. */
static bool values_of(const adopting *a, const hd_result *result, double *value) {
  for (int64_t k = 0; k < a->now->names; k++) {
    value[k] = hd_result_number(result, "measures", a->now->name[k]);
    if (isnan(value[k]) && strchr(a->now->name[k], '@')) return false;
  }
  return true;
}

static hd_status keep_text(adopting *a, const char *text, const char **out) {
  char *copy;
  HD_TRY(hd_arena_text(a->arena, text, strlen(text), &copy));
  *out = copy;
  return HD_OK;
}

static hd_status add_kept(adopting *a, const char *name, const hd_result *result) {
  const char *identity = hd_result_text(result, "provenance", "identity");
  const char *digest = hd_result_text(result, "provenance", "digest");
  void *memory, *values;
  HD_TRY(hd_arena_take(a->arena, sizeof(kept), &memory));
  HD_TRY(hd_arena_take(a->arena, sizeof(double) * (size_t)(a->now->names + 1), &values));
  kept *k = memory;
  if (!identity || !digest || !hd_hash_read(identity, &k->identity) || !hd_hash_read(digest, &k->digest)) return HD_OK;
  k->level = values_of(a, result, values) ? -1 : -2;
  k->value = values;
  k->seconds = hd_result_number(result, "provenance", "stepping_time");
  HD_TRY(keep_text(a, name, &k->folder));
  k->next = a->first;
  a->first = k;
  return HD_OK;
}

static int look_at(void *arg, const char *name) {
  adopting *a = arg;
  hd_ctx *ctx = a->study->ctx;
  char file[HD_PATH_ROOM], path[HD_PATH_ROOM];
  hd_result *result;
  if (name[0] == '.' || strlen(name) > 200) return 0;
  snprintf(file, sizeof file, "members/%s/result.h5", name);
  a->status = hd_path_join(ctx, a->study->options.folder, file, path, sizeof path);
  if (a->status != HD_OK || !hd_file_exists(ctx, path)) return a->status != HD_OK;
  hd_status opened = hd_result_open(ctx, path, &result);
  if (opened == HD_ERR_FILE || opened == HD_ERR_MISSING) return 0; /* damaged: as if it were not there */
  a->status = opened;
  if (opened == HD_OK) {
    a->status = add_kept(a, name, result);
    hd_result_close(result);
  }
  return a->status != HD_OK;
}

static hd_status look_around(adopting *a) {
  hd_ctx *ctx = a->study->ctx;
  char members[HD_PATH_ROOM];
  HD_TRY(hd_path_join(ctx, a->study->options.folder, "members", members, sizeof members));
  if (hd_file_exists(ctx, members)) ctx->files.list(ctx->files.self, members, look_at, a);
  return a->status;
}

/* Which of them are levels now, and where each goes. */
static hd_status assign(adopting *a) {
  hd_study *study = a->study;
  for (int64_t i = 0; i < study->count; i++) {
    hd_case *kase;
    hd_status status = hd_members_case(study->members, study->ctx, i, &kase);
    for (kept *k = a->first; status == HD_OK && k; k = k->next)
      if (k->level == -1 && hd_hash_equal(&k->identity, &kase->identity)) {
        k->level = i;
        break;
      }
    hd_case_free(kase);
    if (status != HD_OK && status != HD_ERR_INPUT) return status;
  }
  for (kept *k = a->first; k; k = k->next) {
    char name[64];
    if (k->level >= 0) snprintf(name, sizeof name, "%lld", (long long)k->level);
    else hd_hash_hex(&k->identity, name);
    HD_TRY(keep_text(a, name, &k->to));
  }
  return HD_OK;
}

/* -- doing it ---------------------------------------------------------------------------------------------------------- */

static hd_status move(const adopting *a, const char *from, const char *to) {
  hd_ctx *ctx = a->study->ctx;
  char one[HD_PATH_ROOM], other[HD_PATH_ROOM];
  HD_TRY(hd_path_join(ctx, a->study->options.folder, from, one, sizeof one));
  HD_TRY(hd_path_join(ctx, a->study->options.folder, to, other, sizeof other));
  HD_TRY(hd_folder_remove(ctx, other)); /* what is there is the same case, or no result */
  int error = ctx->files.rename(ctx->files.self, one, other);
  return error < 0 ? hd_raise(ctx, HD_ERR_FILE, "cannot rename %s: %s", one, strerror(-error)) : HD_OK;
}

/* In two passes, because places are exchanged. What a kill leaves under a name in between is found by the next one. */
static hd_status move_results(const adopting *a) {
  char from[300], to[300];
  for (int pass = 0; pass < 2; pass++)
    for (const kept *k = a->first; k; k = k->next) {
      if (!strcmp(k->folder, k->to)) continue;
      snprintf(from, sizeof from, pass ? "members/moving-%s" : "members/%s", k->folder);
      snprintf(to, sizeof to, pass ? "members/%s" : "members/moving-%s", pass ? k->to : k->folder);
      HD_TRY(move(a, from, to));
    }
  return HD_OK;
}

static hd_status write_journal(const adopting *a, const char *path) {
  hd_study *study = a->study;
  hd_journal *journal;
  HD_TRY(hd_file_remove(study->ctx, path));
  HD_TRY(hd_journal_open(study->ctx, path, a->now, NULL, NULL, &journal));
  hd_status status = HD_OK;
  for (const kept *k = a->first; status == HD_OK && k; k = k->next) {
    hd_member_record record = {.member = k->level,
                               .identity = k->identity,
                               .digest = k->digest,
                               .state = HD_MEMBER_DONE,
                               .attempt = 1,
                               .seconds = k->seconds,
                               .values = a->now->names,
                               .value = k->value,
                               .reason = ""};
    if (k->level >= 0) status = hd_journal_add(journal, &record);
  }
  if (status == HD_OK) status = hd_journal_commit(journal);
  hd_journal_close(journal);
  return status;
}

static hd_status go_on(adopting *a) {
  hd_ctx *ctx = a->study->ctx;
  const char *folder = a->study->options.folder;
  char fresh[HD_PATH_ROOM], origin[HD_PATH_ROOM];
  HD_TRY(look_around(a));
  HD_TRY(assign(a));
  HD_TRY(hd_path_join(ctx, folder, "journal.new", fresh, sizeof fresh));
  HD_TRY(hd_path_join(ctx, folder, "study.json", origin, sizeof origin));
  HD_TRY(write_journal(a, fresh));
  HD_TRY(move_results(a));
  HD_TRY(hd_file_remove(ctx, origin)); /* written again for the new levels */
  return hd_file_publish(ctx, fresh, a->path, true);
}

static hd_status adopt_locked(adopting *a) {
  hd_status status = hd_journal_read(a->study->ctx, a->path, a->arena, &a->before, NULL, NULL);
  if (status == HD_ERR_FILE) return HD_OK; /* opening it says what is wrong */
  HD_TRY(status);
  return may_go_on(a) ? go_on(a) : HD_OK;
}

hd_status hd_converge_adopt(hd_study *study, const char *path, const hd_study_record *record) {
  hd_arena arena;
  adopting a = {.study = study, .arena = &arena, .path = path, .now = record};
  hd_ctx *ctx = study->ctx;
  int handle;
  if (!hd_file_exists(ctx, path)) return HD_OK;
  HD_TRY(hd_file_open(ctx, path, true, &handle));
  hd_arena_init(&arena, ctx);
  bool ours = ctx->files.lock(ctx->files.self, handle, false) >= 0;
  hd_status status = ours ? adopt_locked(&a) : HD_OK; /* another heddle is at work: opening says so */
  ctx->files.close(ctx->files.self, handle);
  hd_arena_free(&arena);
  return hd_while(ctx, status, "going on with the levels in %s", study->options.folder);
}
