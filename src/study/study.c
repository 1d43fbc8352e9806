/* A study from its folder to its end: what is finished is read from the journal, the rest is queued, fed to the workers and
 * written down. */
#include "study/study.h"

#include "study/identities.h"
#include "study/workers.h"

#include <math.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { LEARNT_MOST = 20000 }; /* members whose cost and identity are found before the first one starts */
static const double commit_every_s = 0.02, wait_s = 0.1;

/* -- opening ----------------------------------------------------------------------------------------------------------- */

static hd_status keep_text(hd_arena *arena, const char *text, char **out) {
  return hd_arena_text(arena, text, strlen(text), out);
}

/* Those asked for, or all that are no timings and take no argument. */
static hd_status name_measures(hd_study *study) {
  const hd_measure *all = study->base->solver->measures;
  int64_t count = study->spec.measure_count;
  void *memory;
  for (const hd_measure *m = all; !study->spec.measures && m && m->name; m++) count++;
  HD_TRY(hd_arena_take(&study->arena, sizeof(char *) * (size_t)(count + 1), &memory));
  study->name = memory;
  for (int64_t i = 0; i < study->spec.measure_count; i++) study->name[study->names++] = study->spec.measures[i];
  for (const hd_measure *m = all; !study->spec.measures && m && m->name; m++)
    if (!(m->flags & HD_TIMING) && strcmp(m->name, "*")) study->name[study->names++] = m->name;
  return HD_OK;
}

static hd_status identify(hd_study *study) {
  static const char *const keys[] = {"sweep", "converge"};
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  hd_hasher_add(&hasher, &study->base->identity, sizeof study->base->identity);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const hd_node *node = hd_node_get(study->base->tree, keys[i]);
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
  if ((study->base->solver->caps & HD_FOREIGN) || hd_hash_equal(&study->digest[first], &record->digest)) return HD_OK;
  hd_hash_hex(&study->digest[first], one);
  hd_hash_hex(&record->digest, other);
  return hd_raise(
      study->ctx, HD_ERR_BUG,
      "members %lld and %lld are the same case, but their results differ (digests %s and %s): a defect of this "
      "machine, of the solver or of heddle; the study stops",
      (long long)first, (long long)record->member, one, other);
}

/* What a record says becomes part of the study. */
static hd_status take_record(hd_study *study, const hd_member_record *record) {
  if (record->member < 0 || record->member >= study->count || (record->values && record->values != study->names))
    return hd_raise(study->ctx, HD_ERR_FILE, "the journal has a record of member %lld, which this study does not have",
                    (long long)record->member);
  hd_member *member = &study->member[record->member];
  if (record->state == HD_MEMBER_DONE) HD_TRY(check_digest(study, record));
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
  if (record->state == HD_MEMBER_FAILED && record->reason)
    return keep_text(&study->arena, record->reason, &study->reason[record->member]);
  return HD_OK;
}

static hd_status take_old_record(void *arg, const hd_member_record *record) { return take_record(arg, record); }

static void count_finished(hd_study *study) {
  study->done = study->failed = 0;
  for (int64_t i = 0; i < study->count; i++) {
    study->done += study->member[i].state == HD_MEMBER_DONE;
    study->failed += study->member[i].state == HD_MEMBER_FAILED;
  }
}

static hd_status open_journal(hd_study *study, const char *const *words, int64_t count) {
  char path[HD_PATH_ROOM], resolved[PATH_MAX];
  const char *absolute = realpath(study->base->file, resolved);
  hd_study_record record = {.identity = study->identity,
                            .members = study->count,
                            .shard = study->options.shard,
                            .shards = study->options.shards > 1 ? study->options.shards : 1,
                            .names = study->names,
                            .name = study->name,
                            .file = absolute ? absolute : study->base->file,
                            .words = count,
                            .word = words};
  hd_status status = hd_folder_make(study->ctx, study->options.folder);
  if (status == HD_OK) status = hd_path_join(study->ctx, study->options.folder, "journal", path, sizeof path);
  if (status == HD_OK) status = hd_journal_open(study->ctx, path, &record, take_old_record, study, &study->journal);
  return status;
}

static hd_status open_study(hd_study *study, const char *const *words, int64_t count) {
  HD_TRY(hd_members_new(study->base, &study->spec, &study->members));
  study->count = hd_members_count(study->members);
  HD_TRY(name_measures(study));
  HD_TRY(identify(study));
  HD_TRY(make_arrays(study));
  HD_TRY(open_journal(study, words, count));
  count_finished(study);
  return HD_OK;
}

hd_status hd_study_open(hd_ctx *ctx, hd_case *base, const hd_study_spec *spec, const hd_study_options *options,
                        const char *const *words, int64_t word_count, hd_study **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_study), &memory));
  hd_study *study = memory;
  study->ctx = ctx;
  study->base = base;
  study->spec = *spec;
  study->options = *options;
  hd_arena_init(&study->arena, ctx);
  hd_status status = open_study(study, words, word_count);
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

/* -- the queue --------------------------------------------------------------------------------------------------------- */

typedef struct waiting {
  int64_t member;
  float cost_s;
} waiting;

typedef struct queue {
  waiting *at;
  int64_t next, count;
  int64_t new_done, new_failed; /* in the journal, not yet durable */
  double committed_s;
} queue;

static double now_s(const hd_study *study) { return study->ctx->clock.steady_s(study->ctx->clock.self); }

static bool stop_asked(const hd_study *study) { return study->options.stop && atomic_load(study->options.stop); }

static bool is_left(const hd_study *study, int64_t i) {
  return study->member[i].state == HD_MEMBER_WAITING && !study->member[i].other_shard;
}

static bool is_tried_again(const hd_member *member) {
  hd_failure f = member->failure;
  return member->state == HD_MEMBER_FAILED && !member->other_shard &&
         (f == HD_FAILURE_TIME || f == HD_FAILURE_MEMORY || f == HD_FAILURE_SIGNAL || f == HD_FAILURE_EXIT ||
          f == HD_FAILURE_FILE);
}

int64_t hd_study_left(const hd_study *study) {
  int64_t left = 0;
  for (int64_t i = 0; i < study->count; i++) left += is_left(study, i) || is_tried_again(&study->member[i]);
  return left;
}

static void try_again(hd_study *study) {
  for (int64_t i = 0; i < study->count; i++)
    if (is_tried_again(&study->member[i])) study->member[i].state = HD_MEMBER_WAITING;
  count_finished(study);
}

/* Cost and identity of a member; impossible values are found when it is its turn. */
static hd_status learn(hd_study *study, int64_t i) {
  hd_case *kase;
  hd_plan_choice plan;
  hd_status status = hd_members_case(study->members, study->ctx, i, &kase);
  if (status == HD_OK) {
    study->id[i] = kase->identity;
    if (hd_plan_choose_at(kase, 1, &study->place, &plan) == HD_OK) study->member[i].cost_s = (float)plan.serial_s;
    int64_t first = hd_identities_claim(study->known, &kase->identity, i);
    if (first != i) study->member[i].same_as = first;
  }
  hd_case_free(kase);
  return status == HD_ERR_INPUT ? HD_OK : status;
}

/* Longest first, then by number. */
static int compare(const void *a, const void *b) {
  const waiting *x = a, *y = b;
  return x->cost_s > y->cost_s ? -1 : x->cost_s < y->cost_s ? 1 : x->member < y->member ? -1 : 1;
}

static hd_status make_queue(hd_study *study, queue *q) {
  void *memory;
  int64_t left = 0;
  for (int64_t i = 0; i < study->count; i++) left += is_left(study, i);
  HD_TRY(hd_arena_take(&study->arena, sizeof(waiting) * (size_t)(left + 1), &memory));
  q->at = memory;
  for (int64_t i = 0; i < study->count && !stop_asked(study); i++) {
    if (!is_left(study, i)) continue;
    if (left <= LEARNT_MOST) HD_TRY(learn(study, i));
    if (study->member[i].same_as >= 0) continue;
    q->at[q->count++] = (waiting){i, study->member[i].cost_s};
    study->cost_left_s += study->member[i].cost_s;
  }
  qsort(q->at, (size_t)q->count, sizeof *q->at, compare);
  return HD_OK;
}

/* -- computing --------------------------------------------------------------------------------------------------------- */

static hd_status write_down(hd_study *study, queue *q, const hd_member_record *record) {
  HD_TRY(take_record(study, record));
  HD_TRY(hd_journal_add(study->journal, record));
  q->new_done += record->state == HD_MEMBER_DONE;
  q->new_failed += record->state == HD_MEMBER_FAILED;
  return HD_OK;
}

/* From here on the members are shown as done. */
static hd_status commit(hd_study *study, queue *q) {
  HD_TRY(hd_journal_commit(study->journal));
  study->done += q->new_done;
  study->failed += q->new_failed;
  q->new_done = q->new_failed = 0;
  q->committed_s = now_s(study);
  return HD_OK;
}

static hd_status take_attempt(hd_study *study, queue *q, const hd_attempt *attempt) {
  int64_t i = attempt->record.member;
  study->running--;
  study->member[i].running = false;
  if (attempt->status == HD_STOPPED) return HD_OK;
  if (attempt->status != HD_OK) {
    if (attempt->problem.status != HD_OK) hd_problem_put(study->ctx, &attempt->problem);
    return attempt->status;
  }
  float predicted = study->member[i].cost_s;
  HD_TRY(write_down(study, q, &attempt->record));
  study->computed++;
  study->cost_left_s -= predicted;
  study->cost_done_s += predicted;
  return HD_OK;
}

/* Members that are the same case as another one take its result. */
static hd_status copy_results(hd_study *study, queue *q) {
  for (int64_t i = 0; i < study->count; i++) {
    int64_t from = study->member[i].same_as;
    if (from < 0 || !is_left(study, i) || study->member[from].state == HD_MEMBER_WAITING) continue;
    hd_member_record record = {.member = i,
                               .identity = study->id[from],
                               .digest = study->digest[from],
                               .state = study->member[from].state,
                               .failure = study->member[from].failure,
                               .attempt = 1,
                               .values = study->names,
                               .value = study->value + from * study->names,
                               .reason = study->reason[from] ? study->reason[from] : ""};
    HD_TRY(write_down(study, q, &record));
  }
  return HD_OK;
}

static bool too_many_failed(const hd_study *study, const queue *q) {
  return study->spec.limit_failures >= 0 && study->failed + q->new_failed > study->spec.limit_failures;
}

static hd_status feed(hd_study *study, queue *q, const hd_workers *workers, void *self) {
  for (int64_t room = workers->room(self); room > 0 && q->next < q->count; room--) {
    int64_t i = q->at[q->next++].member;
    study->member[i].running = true;
    study->running++;
    HD_TRY(workers->feed(self, i, study->member[i].attempts + 1));
  }
  return HD_OK;
}

static hd_status collect(hd_study *study, queue *q, const hd_workers *workers, void *self) {
  hd_attempt *attempt;
  double wait = hd_journal_pending(study->journal) ? commit_every_s : wait_s;
  HD_TRY(workers->collect(self, wait, &attempt));
  while (attempt) {
    HD_TRY(take_attempt(study, q, attempt));
    HD_TRY(feed(study, q, workers, self));
    if (too_many_failed(study, q) || stop_asked(study) || now_s(study) - q->committed_s > commit_every_s) break;
    HD_TRY(workers->collect(self, 0, &attempt));
  }
  return HD_OK;
}

static hd_status compute(hd_study *study, queue *q, const hd_workers *workers, void *self) {
  while ((q->next < q->count || study->running > 0) && !stop_asked(study) && !too_many_failed(study, q)) {
    HD_TRY(feed(study, q, workers, self));
    HD_TRY(collect(study, q, workers, self));
    if (hd_journal_pending(study->journal) && (now_s(study) - q->committed_s > commit_every_s || !study->running))
      HD_TRY(commit(study, q));
    if (study->options.progress) study->options.progress(study->options.progress_self, study);
  }
  return HD_OK;
}

static const hd_workers *choose_workers(const hd_study *study, int64_t left, int *count) {
  int workers = study->options.workers > 0 ? study->options.workers : study->place.limits.cores;
  if (left < workers) workers = left > 1 ? (int)left : 1;
  *count = workers;
  if (study->options.isolate == HD_ISOLATE_NONE) return &hd_workers_none;
  return &hd_workers_threads;
}

static hd_status finish(hd_study *study, queue *q) {
  HD_TRY(copy_results(study, q));
  HD_TRY(commit(study, q));
  if (too_many_failed(study, q))
    return hd_raise(study->ctx, HD_ERR_LIMIT, "%lld members failed; limits.failures is %lld", (long long)study->failed,
                    (long long)study->spec.limit_failures);
  if (stop_asked(study)) {
    study->stopped = true;
    return hd_raise(study->ctx, HD_STOPPED, "stopped with %lld of %lld members done", (long long)study->done,
                    (long long)study->mine);
  }
  return HD_OK;
}

hd_status hd_study_run(hd_study *study) {
  queue q = {0};
  void *self = NULL;
  int count;
  study->began_s = q.committed_s = now_s(study);
  HD_TRY(hd_plan_place_read(study->ctx, &study->place));
  try_again(study);
  HD_TRY(make_queue(study, &q));
  const hd_workers *workers = choose_workers(study, q.count, &count);
  hd_status status = q.count ? workers->start(study, count, &self) : HD_OK;
  if (status == HD_OK) status = compute(study, &q, workers, self);
  hd_problem problem;
  hd_problem_take(study->ctx, &problem);
  workers->end(self);
  for (int64_t i = 0; i < study->count; i++) study->member[i].running = false;
  study->running = 0;
  if (status == HD_OK) return finish(study, &q);
  if (hd_journal_commit(study->journal) == HD_OK) count_finished(study); /* what is there is kept */
  hd_problem_put(study->ctx, &problem);
  return status;
}

/* -- from outside ------------------------------------------------------------------------------------------------------ */

typedef struct glancing {
  hd_arena *arena;
  hd_study_glance *glance;
  uint8_t *state; /* [members] */
  size_t room;
} glancing;

static hd_status glance_record(void *arg, const hd_member_record *record) {
  glancing *g = arg;
  hd_study_glance *glance = g->glance;
  if (!g->state) {
    void *memory;
    g->room = (size_t)glance->record.members;
    HD_TRY(hd_arena_take(g->arena, g->room + 1, &memory));
    g->state = memory;
  }
  if (record->member < 0 || (size_t)record->member >= g->room || g->state[record->member] == 1) return HD_OK;
  if (record->failure < 0 || record->failure > HD_FAILURE_BUG) return HD_OK;
  uint8_t *state = &g->state[record->member]; /* 0: waiting, 1: done, 2 + failure: failed */
  if (*state > 1) glance->failed--, glance->failure[*state - 2]--;
  *state = record->state == HD_MEMBER_DONE ? 1 : record->state == HD_MEMBER_FAILED ? (uint8_t)(2 + record->failure) : 0;
  glance->done += *state == 1;
  if (*state > 1) glance->failed++, glance->failure[*state - 2]++;
  glance->seconds += record->seconds;
  return HD_OK;
}

hd_status hd_study_look(hd_arena *arena, const char *folder, hd_study_glance *glance) {
  char path[HD_PATH_ROOM];
  glancing g = {.arena = arena, .glance = glance};
  *glance = (hd_study_glance){0};
  HD_TRY(hd_path_join(arena->ctx, folder, "journal", path, sizeof path));
  HD_TRY(hd_journal_read(arena->ctx, path, arena, &glance->record, glance_record, &g));
  if (!glance->record.members) return hd_raise(arena->ctx, HD_ERR_FILE, "%s holds a study that was not begun", folder);
  return HD_OK;
}

bool hd_study_is_folder(hd_ctx *ctx, const char *folder) {
  char path[HD_PATH_ROOM];
  return hd_path_join(ctx, folder, "journal", path, sizeof path) == HD_OK && hd_file_exists(ctx, path);
}

const char *hd_failure_text(hd_failure failure) {
  static const char *const text[] = {"none",          "impossible values", "not a number",     "out of time",
                                     "out of memory", "a signal",          "a program failed", "a file cannot be read",
                                     "a bug"};
  return failure >= 0 && failure <= HD_FAILURE_BUG ? text[failure] : "unknown";
}
