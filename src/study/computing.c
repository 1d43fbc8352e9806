/* A study being computed: members go from the queue to the workers, what comes back goes into the journal or, if it failed
 * for reasons that may pass, back into the queue. */
#include "study/doing.h"
#include "study/queue/queue.h"
#include "study/shared.h"
#include "study/study_inside.h"
#include "study/queue/widths.h"
#include "study/workers/workers.h"

#include <string.h>

/* Records become durable that often; a worker that has nothing to say is asked again after so long; one that was told to
 * stop has so long to come to a safe point. */
static const double commit_every_s = 0.1, wait_s = 0.1, stop_within_s = 10, tell_every_s = 1;
enum { TRIES_MOST = 3 };

typedef struct computing {
  hd_study *study;
  hd_queue queue;
  hd_widths widths;
  const hd_workers *workers;
  void *team;
  int64_t new_done, new_failed; /* in the journal, not yet durable */
  double committed_s;
  bool held;      /* a member could start but for memory */
  hd_doing doing; /* for those who look from outside */
  char why[200];
  double told_s;
} computing;

/* -- who is tried again ------------------------------------------------------------------------------------------------ */

/* What a new day may cure: tried again by each run of the study. */
static bool is_tried_again(const hd_member *member) {
  hd_failure f = member->failure;
  return member->state == HD_MEMBER_FAILED && !member->other_shard &&
         (f == HD_FAILURE_TIME || f == HD_FAILURE_MEMORY || f == HD_FAILURE_SIGNAL || f == HD_FAILURE_EXIT ||
          f == HD_FAILURE_FILE);
}

int64_t hd_study_left(const hd_study *study) {
  int64_t left = 0;
  for (int64_t i = 0; i < study->count; i++) left += hd_study_is_left(study, i) || is_tried_again(&study->member[i]);
  return left;
}

static void try_again(hd_study *study) {
  for (int64_t i = 0; i < study->count; i++) {
    study->member[i].tried = 0;
    if (is_tried_again(&study->member[i])) study->member[i].state = HD_MEMBER_WAITING;
  }
  hd_study_count_finished(study);
}

/* Within one run of the study: what follows from the case alone is final at once, and so is time, which the user gave; the
 * same error twice is final; who ran out of memory gets the machine for itself once. */
static bool is_final(const computing *c, const hd_member *member, hd_failure failure) {
  switch (failure) {
    case HD_FAILURE_SIGNAL:
    case HD_FAILURE_EXIT:
    case HD_FAILURE_FILE: return member->failure == failure || member->tried + 1 >= TRIES_MOST;
    case HD_FAILURE_MEMORY: return c->queue.alone_runs || c->workers == &hd_workers_none;
    default: return true;
  }
}

bool hd_study_time_left(const hd_study *study, double *low_s, double *high_s) {
  hd_pace_work left = {0};
  int workers = study->options.workers > 0 ? study->options.workers : study->place.limits.cores;
  for (int64_t i = 0; i < study->count; i++)
    if (hd_study_is_left(study, i) && study->member[i].same_as < 0) hd_pace_leave(&left, study->member[i].cost_s);
  return hd_pace_left(&study->pace, &left, study->options.isolate == HD_ISOLATE_NONE ? 1 : workers, low_s, high_s);
}

/* -- what comes back --------------------------------------------------------------------------------------------------- */

static hd_status write_down(computing *c, const hd_member_record *record) {
  HD_TRY(hd_study_take_record(c->study, record));
  HD_TRY(hd_journal_add(c->study->journal, record));
  c->new_done += record->state == HD_MEMBER_DONE;
  c->new_failed += record->state == HD_MEMBER_FAILED;
  return HD_OK;
}

/* From here on the members are shown as done. */
static hd_status commit(computing *c) {
  HD_TRY(hd_journal_commit(c->study->journal));
  c->study->done += c->new_done;
  c->study->failed += c->new_failed;
  c->new_done = c->new_failed = 0;
  c->committed_s = hd_study_now_s(c->study);
  return HD_OK;
}

static hd_status take_attempt(computing *c, const hd_attempt *attempt) {
  hd_study *study = c->study;
  int64_t i = attempt->record.member;
  hd_member *member = &study->member[i];
  hd_member_record record = attempt->record;
  float predicted = member->cost_s;
  bool failed = record.state == HD_MEMBER_FAILED, final = !failed || is_final(c, member, record.failure);
  bool alone = c->queue.alone_runs || record.failure == HD_FAILURE_MEMORY;
  hd_queue_leave(&c->queue, i, record.memory);
  hd_widths_ended(&c->widths, i);
  if (attempt->status == HD_STOPPED) return hd_queue_return(&c->queue, i, alone);
  if (attempt->status != HD_OK) {
    if (attempt->problem.status != HD_OK) hd_problem_put(study->ctx, &attempt->problem);
    return attempt->status;
  }
  member->tried++;
  if (!final) record.state = HD_MEMBER_WAITING;
  HD_TRY(write_down(c, &record));
  if (!final) return hd_queue_return(&c->queue, i, alone);
  study->computed++;
  hd_pace_add(&study->pace, predicted, record.seconds);
  study->cost_left_s -= predicted;
  study->cost_done_s += predicted;
  return HD_OK;
}

/* Members that are the same case as another one take its result. */
static hd_status copy_results(computing *c) {
  hd_study *study = c->study;
  for (int64_t i = 0; i < study->count; i++) {
    int64_t from = study->member[i].same_as;
    if (from < 0 || !hd_study_is_left(study, i) || study->member[from].state == HD_MEMBER_WAITING) continue;
    hd_member_record record = {.member = i,
                               .identity = study->id[from],
                               .digest = study->digest[from],
                               .state = study->member[from].state,
                               .failure = study->member[from].failure,
                               .attempt = 1,
                               .values = study->names,
                               .value = study->value + from * study->names,
                               .reason = study->reason[from] ? study->reason[from] : ""};
    HD_TRY(write_down(c, &record));
  }
  return HD_OK;
}

/* -- the loop ---------------------------------------------------------------------------------------------------------- */

static bool too_many_failed(const computing *c) {
  int64_t most = c->study->spec.limit_failures;
  return most >= 0 && c->study->failed + c->new_failed > most;
}

static bool is_over(const computing *c) { return hd_study_stop_asked(c->study) || too_many_failed(c); }

static hd_status feed(computing *c) {
  int64_t member;
  int threads;
  c->held = false;
  while (!is_over(c) && c->workers->room(c->team) > 0 && hd_widths_may_start(&c->widths)) {
    c->held = hd_queue_waits(&c->queue);
    if (!hd_queue_take(&c->queue, &member))
      return c->queue.alone_runs ? HD_OK : hd_widths_spread(&c->widths, c->workers, c->team);
    c->held = false;
    HD_TRY(hd_widths_started(&c->widths, member, &threads));
    HD_TRY(c->workers->feed(c->team, member, c->study->member[member].attempts + 1, threads, c->queue.alone_runs));
  }
  return is_over(c) || hd_widths_may_start(&c->widths) ? HD_OK : hd_widths_spread(&c->widths, c->workers, c->team);
}

static hd_status collect(computing *c) {
  hd_attempt *attempt;
  double wait = hd_journal_pending(c->study->journal) ? commit_every_s : wait_s;
  HD_TRY(c->workers->collect(c->team, wait, &attempt));
  while (attempt) {
    HD_TRY(take_attempt(c, attempt));
    HD_TRY(feed(c));
    if (is_over(c) || hd_study_now_s(c->study) - c->committed_s > commit_every_s) break;
    HD_TRY(c->workers->collect(c->team, 0, &attempt));
  }
  return HD_OK;
}

static void tell(computing *c) {
  c->told_s = hd_study_now_s(c->study);
  c->doing.waits = !c->held              ? ""
                   : c->queue.alone_runs ? "a member that ran out of memory is computed with nothing beside it"
                                         : "its predicted memory does not fit beside the members that run";
  hd_doing_write(c->study, &c->doing);
}

static hd_status round_of(computing *c) {
  hd_study *study = c->study;
  HD_TRY(feed(c));
  HD_TRY(collect(c));
  if (hd_journal_pending(study->journal) &&
      (hd_study_now_s(study) - c->committed_s > commit_every_s || !study->running))
    HD_TRY(commit(c));
  if (hd_study_now_s(study) - c->told_s > tell_every_s) tell(c);
  if (study->options.progress) study->options.progress(study->options.progress_self, study);
  return HD_OK;
}

/* Members that run are asked to stop and return to the queue; those that come to their end are kept. */
static hd_status wind_down(computing *c) {
  double until = hd_study_now_s(c->study) + stop_within_s;
  if (!c->study->running) return HD_OK;
  c->workers->stop(c->team);
  while (c->study->running > 0 && hd_study_now_s(c->study) < until) HD_TRY(round_of(c));
  return HD_OK;
}

static hd_status compute(computing *c) {
  while ((hd_queue_waits(&c->queue) || c->study->running > 0) && !is_over(c)) HD_TRY(round_of(c));
  return wind_down(c);
}

static const hd_workers *choose_workers(const hd_study *study, int64_t left, int *count) {
  int workers = study->options.workers > 0 ? study->options.workers : study->place.limits.cores;
  if (left < workers) workers = left > 1 ? (int)left : 1;
  *count = study->options.isolate == HD_ISOLATE_NONE ? 1 : workers;
  switch (study->options.isolate) {
    case HD_ISOLATE_NONE: return &hd_workers_none;
    case HD_ISOLATE_THREAD: return &hd_workers_threads;
    case HD_ISOLATE_PROCESS: return &hd_workers_process;
    default: return study->options.command ? &hd_workers_process : &hd_workers_threads;
  }
}

static hd_status finish(computing *c) {
  hd_study *study = c->study;
  HD_TRY(copy_results(c));
  HD_TRY(commit(c));
  if (too_many_failed(c))
    return hd_raise(study->ctx, HD_ERR_LIMIT, "%lld members failed; limits.failures is %lld", (long long)study->failed,
                    (long long)study->spec.limit_failures);
  if (hd_study_stop_asked(study)) {
    study->stopped = true;
    return hd_raise(study->ctx, HD_STOPPED, "stopped with %lld of %lld members done", (long long)study->done,
                    (long long)study->mine);
  }
  return HD_OK;
}

static hd_status compute_all(computing *c) {
  int count;
  int64_t left = c->queue.count + c->queue.alone.count;
  if (!left) return HD_OK;
  c->workers = choose_workers(c->study, left, &count);
  c->study->team = count;
  HD_TRY(hd_widths_begin(&c->widths, c->study, &c->queue, count));
  HD_TRY(c->workers->start(c->study, count, &c->team));
  hd_doing_plan(c->study, c->workers->name, count, left, c->why, &c->doing);
  HD_TRY(feed(c));
  tell(c);
  return compute(c);
}

hd_status hd_study_run(hd_study *study) {
  computing c = {.study = study};
  hd_problem problem;
  study->began_s = c.committed_s = hd_study_now_s(study);
  HD_TRY(hd_plan_place_read(study->ctx, &study->place));
  try_again(study);
  hd_status status = hd_shared_take(study);
  if (status == HD_OK) status = hd_queue_make(study, &c.queue);
  if (status == HD_OK) status = compute_all(&c);
  hd_problem_take(study->ctx, &problem);
  if (c.workers) c.workers->end(c.team);
  hd_widths_free(&c.widths);
  hd_queue_free(&c.queue);
  for (int64_t i = 0; i < study->count; i++) study->member[i].running = false;
  study->running = 0;
  if (status == HD_OK) return finish(&c);
  if (hd_journal_commit(study->journal) == HD_OK) hd_study_count_finished(study); /* what is there is kept */
  hd_problem_put(study->ctx, &problem);
  return status;
}
