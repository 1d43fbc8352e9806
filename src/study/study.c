/* A study's folder: opening it, reading what is finished, and what each record of it says. */
#include "study/study_inside.h"

#include "run/stages.h"
#include "study/converge/converge.h"
#include "study/journal/identities.h"

#include <math.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static hd_status keep_text(hd_arena *arena, const char *text, char **out) {
  return hd_arena_text(arena, text, strlen(text), out);
}

static void name_also(hd_study *study, const char *name) {
  for (int64_t i = 0; i < study->names; i++)
    if (!strcmp(study->name[i], name)) return;
  study->name[study->names++] = name;
}

/* What a table of convergence shows beside errors. */
static void name_for_converge(hd_study *study) {
  for (const hd_measure *m = study->base->solver->measures; m && m->name; m++)
    if (!strcmp(m->name, "steps")) name_also(study, m->name);
  if (study->spec.norm == HD_NORM_MEASURE) name_also(study, study->spec.norm_measure);
}

/* Those asked for, or all that are no timings and take no argument. */
static hd_status name_measures(hd_study *study) {
  const hd_measure *all = study->base->solver->measures;
  int64_t count = study->spec.measure_count;
  void *memory;
  for (const hd_measure *m = all; !study->spec.measures && m && m->name; m++) count++;
  HD_TRY(hd_arena_take(&study->arena, sizeof(char *) * (size_t)(count + 3), &memory));
  study->name = memory;
  for (int64_t i = 0; i < study->spec.measure_count; i++) study->name[study->names++] = study->spec.measures[i];
  for (const hd_measure *m = all; !study->spec.measures && m && m->name; m++)
    if (!(m->flags & HD_TIMING) && strcmp(m->name, "*")) study->name[study->names++] = m->name;
  if (hd_converge_is(study)) name_for_converge(study);
  return HD_OK;
}

static hd_status identify(hd_study *study) {
  static const char *const keys[] = {"sweep", "converge"};
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  hd_hasher_add(&hasher, &study->base->identity, sizeof study->base->identity);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const hd_node *node = hd_node_get(study->base->tree, keys[i]);
    if (i && node) node = hd_node_get(node, "over"); /* references and norms change no level */
    hd_text text;
    hd_text_init(&text, study->ctx);
    if (node) hd_node_print(&text, node);
    hd_hasher_text(&hasher, hd_text_of(&text));
    hd_status status = hd_text_status(&text);
    hd_text_free(&text);
    HD_TRY(status);
  }
  if (study->spec.members) {
    const void *at;
    size_t size;
    HD_TRY(hd_file_map(study->ctx, study->spec.members, &at, &size));
    hd_hasher_add(&hasher, at, size);
    hd_file_unmap(study->ctx, at, size);
  }
  for (int64_t i = 0; i < study->names; i++) hd_hasher_text(&hasher, study->name[i]);
  study->identity = hd_hasher_end(&hasher);
  return HD_OK;
}

static hd_status make_arrays(hd_study *study) {
  size_t n = (size_t)study->count;
  void *memory;
  HD_TRY(hd_arena_take(&study->arena, n * sizeof(hd_member), &memory));
  study->member = memory;
  HD_TRY(hd_arena_take(&study->arena, (n * (size_t)study->names + 1) * sizeof(double), &memory));
  study->value = memory;
  HD_TRY(hd_arena_take(&study->arena, n * sizeof(hd_hash), &memory));
  study->digest = memory;
  HD_TRY(hd_arena_take(&study->arena, n * sizeof(hd_hash), &memory));
  study->id = memory;
  HD_TRY(hd_arena_take(&study->arena, n * sizeof(char *), &memory));
  study->reason = memory;
  int64_t shards = study->options.shards > 1 ? study->options.shards : 1;
  for (int64_t i = 0; i < study->count; i++) {
    study->member[i].other_shard = i % shards != study->options.shard;
    study->member[i].same_as = -1;
    study->mine += !study->member[i].other_shard;
    for (int64_t k = 0; k < study->names; k++) study->value[i * study->names + k] = NAN;
  }
  return hd_identities_new(study->ctx, study->count, &study->known);
}

/* The same case must give the same bits. */
static hd_status check_digest(hd_study *study, const hd_member_record *record) {
  char one[HD_HASH_HEX], other[HD_HASH_HEX];
  int64_t first = hd_identities_claim(study->known, &record->identity, record->member);
  bool again = study->member[record->member].state == HD_MEMBER_DONE;
  if (first == record->member && !again) return HD_OK;
  if (first != record->member && study->member[first].state != HD_MEMBER_DONE) return HD_OK;
  if (study->exempt || hd_hash_equal(&study->digest[first], &record->digest)) return HD_OK;
  hd_hash_hex(&study->digest[first], one);
  hd_hash_hex(&record->digest, other);
  return hd_raise(
      study->ctx, HD_ERR_BUG,
      "members %lld and %lld are the same case, but their results differ (digests %s and %s): a defect of this "
      "machine, of the solver or of heddle; the study stops",
      (long long)first, (long long)record->member, one, other);
}

/* Many members in a row come from one study: its name is kept once. */
static hd_status keep_reason(hd_study *study, const hd_member_record *record) {
  char **reason = &study->reason[record->member];
  if (!record->reason || !record->reason[0]) return HD_OK;
  if (record->state == HD_MEMBER_FAILED) return keep_text(&study->arena, record->reason, reason);
  if (!study->from || strcmp(study->from, record->reason))
    HD_TRY(keep_text(&study->arena, record->reason, &study->from));
  *reason = study->from;
  return HD_OK;
}

hd_status hd_study_take_record(hd_study *study, const hd_member_record *record) {
  if (record->member < 0 || record->member >= study->count || (record->values && record->values != study->names))
    return hd_raise(study->ctx, HD_ERR_FILE, "the journal has a record of member %lld, which this study does not have",
                    (long long)record->member);
  hd_member *member = &study->member[record->member];
  if (record->state == HD_MEMBER_DONE) HD_TRY(check_digest(study, record));
  study->stages_built += record->built;
  study->stages_mapped += record->mapped;
  if (member->state == HD_MEMBER_DONE) return HD_OK;
  member->state = HD_MEMBER_WAITING;
  study->id[record->member] = record->identity;
  member->attempts = (uint8_t)(record->attempt < 255 ? record->attempt : 255);
  member->failure = record->failure;
  if (record->state == HD_MEMBER_WAITING) return HD_OK;
  member->state = record->state;
  member->cost_s = (float)record->seconds;
  study->digest[record->member] = record->digest;
  for (int64_t k = 0; k < record->values; k++) study->value[record->member * study->names + k] = record->value[k];
  study->reused += record->state == HD_MEMBER_DONE && record->reason && record->reason[0];
  return keep_reason(study, record);
}

static hd_status take_old_record(void *arg, const hd_member_record *record) {
  return hd_study_take_record(arg, record);
}

void hd_study_count_finished(hd_study *study) {
  study->done = study->failed = 0;
  for (int64_t i = 0; i < study->count; i++) {
    study->done += study->member[i].state == HD_MEMBER_DONE;
    study->failed += study->member[i].state == HD_MEMBER_FAILED;
  }
}

static hd_status open_journal(hd_study *study, const char *const *words, int64_t count) {
  char path[HD_PATH_ROOM], resolved[PATH_MAX], *kept;
  const char *absolute = realpath(study->base->file, resolved);
  HD_TRY(keep_text(&study->arena, absolute ? absolute : study->base->file, &kept));
  study->record = (hd_study_record){.identity = study->identity,
                                    .members = study->count,
                                    .shard = study->options.shard,
                                    .shards = study->options.shards > 1 ? study->options.shards : 1,
                                    .names = study->names,
                                    .name = study->name,
                                    .solver = study->base->solver->name,
                                    .exempt = study->exempt,
                                    .file = kept,
                                    .words = count,
                                    .word = words};
  HD_TRY(hd_folder_make(study->ctx, study->options.folder));
  HD_TRY(hd_path_join(study->ctx, study->options.folder, "journal", path, sizeof path));
  if (hd_converge_is(study)) HD_TRY(hd_converge_adopt(study, path, &study->record));
  return hd_journal_open(study->ctx, path, &study->record, take_old_record, study, &study->journal);
}

/* Programs promise nothing, unless the scenario says that they do. */
static bool is_exempt(const hd_case *base) {
  const bool *promised = hd_case_value(base, "deterministic", HD_BOOL);
  return (base->solver->caps & HD_FOREIGN) && !(promised && *promised);
}

static hd_status find_store(hd_study *study) {
  char folder[HD_PATH_ROOM], *kept;
  HD_TRY(hd_store_folder(study->ctx, study->options.folder, folder));
  HD_TRY(keep_text(&study->arena, folder, &kept));
  study->store = kept;
  return HD_OK;
}

/* Programs that run in one folder of the user's would write over each other's files. */
static hd_status check_folder(const hd_study *study) {
  const char *const *folder = hd_case_value(study->base, "folder", HD_TEXT);
  if (!(study->base->solver->caps & HD_FOREIGN) || !folder || !*folder || strchr(*folder, '{') || study->count < 2)
    return HD_OK;
  return hd_raise(
      study->ctx, HD_ERR_INPUT,
      "the %lld members would share the folder '%s' and write over each other's files; 'folder: %s/{NAME}', with "
      "the name of a varied parameter or {seed}, gives each its own, and so does no folder",
      (long long)study->count, *folder, *folder);
}

static hd_status describe(hd_study *study) {
  HD_TRY(hd_members_new(study->base, &study->spec, &study->members));
  study->count = hd_members_count(study->members);
  HD_TRY(check_folder(study));
  study->exempt = is_exempt(study->base);
  HD_TRY(name_measures(study));
  return identify(study);
}

static hd_status open_folder(hd_study *study, const char *const *words, int64_t count) {
  HD_TRY(find_store(study));
  HD_TRY(make_arrays(study));
  HD_TRY(open_journal(study, words, count));
  hd_study_count_finished(study);
  return hd_converge_is(study) && study->options.keep_results ? hd_converge_prepare(study) : HD_OK;
}

hd_status hd_study_describe(hd_ctx *ctx, hd_case *base, const hd_study_spec *spec, const hd_study_options *options,
                            hd_study **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_study), &memory));
  hd_study *study = memory;
  study->ctx = ctx;
  study->base = base;
  study->spec = *spec;
  study->options = *options;
  study->options.keep_results |= spec->field_count > 0;
  hd_arena_init(&study->arena, ctx);
  hd_status status = describe(study);
  if (status == HD_OK) *out = study;
  else hd_study_close(study);
  return status;
}

hd_status hd_study_open(hd_ctx *ctx, hd_case *base, const hd_study_spec *spec, const hd_study_options *options,
                        const char *const *words, int64_t word_count, hd_study **out) {
  hd_study *study;
  *out = NULL;
  HD_TRY(hd_study_describe(ctx, base, spec, options, &study));
  hd_status status = open_folder(study, words, word_count);
  if (status == HD_OK) *out = study;
  else hd_study_close(study);
  return status;
}

void hd_study_close(hd_study *study) {
  if (!study) return;
  hd_journal_close(study->journal);
  hd_identities_free(study->known);
  hd_members_free(study->members);
  hd_arena_free(&study->arena);
  hd_memory_give(study->ctx, study, sizeof *study);
}
