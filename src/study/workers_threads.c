/* Threads of this process as workers. Two lists under one mutex: members that wait, attempts that are done. Members are fed
 * ahead, so that a worker never waits for the journal. */
#include "par/threads.h"
#include "study/compute.h"
#include "study/workers.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { AHEAD = 2, WORKERS_MOST = 1024 };

typedef struct slot {
  hd_attempt attempt; /* first */
  struct slot *next;
  int64_t member;
  int number;
} slot;

typedef struct team {
  hd_study *study;
  hd_threads threads;
  pthread_mutex_t mutex;
  pthread_cond_t work, done;
  slot *slots, *idle, *waiting, **last_waiting, *finished, **last_finished, *shown;
  int64_t slot_count, idle_count;
  atomic_int stopping; /* raised at the end: running members are abandoned */
  bool closing;
  int count;
  pthread_t thread[WORKERS_MOST];
} team;

static hd_status begin_ctx(const team *t, hd_ctx **ctx) {
  const hd_ctx *from = t->study->ctx;
  return hd_ctx_new_with(&from->memory, &from->files, &from->clock, ctx);
}

static slot *take(team *t) {
  pthread_mutex_lock(&t->mutex);
  while (!t->waiting && !t->closing) pthread_cond_wait(&t->work, &t->mutex);
  slot *s = t->closing ? NULL : t->waiting;
  if (s) {
    t->waiting = s->next;
    if (!t->waiting) t->last_waiting = &t->waiting;
  }
  pthread_mutex_unlock(&t->mutex);
  return s;
}

static void give(team *t, slot *s) {
  pthread_mutex_lock(&t->mutex);
  s->next = NULL;
  *t->last_finished = s;
  t->last_finished = &s->next;
  pthread_cond_signal(&t->done);
  pthread_mutex_unlock(&t->mutex);
}

static void *body(void *arg) {
  team *t = arg;
  hd_study *study = t->study;
  hd_ctx *ctx = NULL;
  hd_bench bench = {0};
  hd_status begun = begin_ctx(t, &ctx);
  for (slot *s; (s = take(t));) {
    hd_compute_options options = {.threads = 1,
                                  .store = study->store,
                                  .time_s = NAN,
                                  .memory_bytes = NAN,
                                  .stop = &t->stopping,
                                  .place = &study->place,
                                  .bench = &bench,
                                  .results = study->options.keep_results ? study->options.folder : NULL};
    hd_attempt *a = &s->attempt;
    a->status = begun;
    a->record = (hd_member_record){.member = s->member};
    if (begun == HD_OK)
      a->status = hd_member_compute(study->members, ctx, s->member, study->name, study->names, &options, a->values,
                                    a->reason, &a->record);
    if (a->status != HD_OK && ctx) hd_problem_take(ctx, &a->problem);
    a->record.attempt = s->number;
    give(t, s);
  }
  hd_bench_free(&bench);
  hd_ctx_free(ctx);
  return NULL;
}

/* What waits is given back as if it had been stopped before its start. */
static void stop(void *self) {
  team *t = self;
  atomic_store(&t->stopping, 1);
  pthread_mutex_lock(&t->mutex);
  for (slot *s = t->waiting; s; s = s->next) {
    s->attempt.status = HD_STOPPED;
    s->attempt.record = (hd_member_record){.member = s->member};
  }
  *t->last_finished = t->waiting;
  if (t->waiting) t->last_finished = t->last_waiting;
  t->waiting = NULL;
  t->last_waiting = &t->waiting;
  pthread_mutex_unlock(&t->mutex);
}

static void end(void *self) {
  team *t = self;
  if (!t) return;
  hd_ctx *ctx = t->study->ctx;
  atomic_store(&t->stopping, 1);
  pthread_mutex_lock(&t->mutex);
  t->closing = true;
  pthread_cond_broadcast(&t->work);
  pthread_mutex_unlock(&t->mutex);
  for (int i = 0; i < t->count; i++) t->threads.join(t->threads.self, t->thread[i]);
  pthread_mutex_destroy(&t->mutex);
  pthread_cond_destroy(&t->work);
  pthread_cond_destroy(&t->done);
  for (int64_t i = 0; t->slots && i < t->slot_count; i++)
    hd_memory_give(ctx, t->slots[i].attempt.values, sizeof(double) * (size_t)(t->study->names + 1));
  hd_memory_give(ctx, t->slots, sizeof(slot) * (size_t)t->slot_count);
  hd_memory_give(ctx, t, sizeof *t);
}

static hd_status make_slots(team *t, int count) {
  void *memory;
  t->slot_count = (int64_t)(AHEAD + 1) * count;
  HD_TRY(hd_memory_take(t->study->ctx, sizeof(slot) * (size_t)t->slot_count, &memory));
  t->slots = memory;
  for (int64_t i = 0; i < t->slot_count; i++) {
    HD_TRY(hd_memory_take(t->study->ctx, sizeof(double) * (size_t)(t->study->names + 1), &memory));
    t->slots[i].attempt.values = memory;
    t->slots[i].next = t->idle;
    t->idle = &t->slots[i];
    t->idle_count++;
  }
  return HD_OK;
}

static hd_status start(hd_study *study, int count, void **self) {
  void *memory;
  *self = NULL;
  HD_TRY(hd_memory_take(study->ctx, sizeof(team), &memory));
  team *t = *self = memory;
  pthread_condattr_t steady;
  t->study = study;
  t->threads = hd_threads_system();
  t->last_waiting = &t->waiting;
  t->last_finished = &t->finished;
  pthread_mutex_init(&t->mutex, NULL);
  pthread_cond_init(&t->work, NULL);
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_cond_init(&t->done, &steady);
  pthread_condattr_destroy(&steady);
  if (count > WORKERS_MOST) count = WORKERS_MOST;
  HD_TRY(make_slots(t, count));
  for (; t->count < count; t->count++) {
    int error = t->threads.create(t->threads.self, body, t, &t->thread[t->count]);
    if (error && t->count) break; /* fewer workers than wished */
    if (error) return hd_raise(study->ctx, HD_ERR_MISSING, "no thread can be started: %s", strerror(error));
  }
  return HD_OK;
}

static int64_t room(void *self) {
  const team *t = self;
  return t->idle_count;
}

static hd_status feed(void *self, int64_t member, int attempt) {
  team *t = self;
  slot *s = t->idle;
  t->idle = s->next;
  t->idle_count--;
  s->member = member;
  s->number = attempt;
  s->next = NULL;
  pthread_mutex_lock(&t->mutex);
  *t->last_waiting = s;
  t->last_waiting = &s->next;
  pthread_cond_signal(&t->work);
  pthread_mutex_unlock(&t->mutex);
  return HD_OK;
}

static hd_status collect(void *self, double wait_s, hd_attempt **out) {
  team *t = self;
  struct timespec until;
  if (t->shown) {
    t->shown->next = t->idle;
    t->idle = t->shown;
    t->idle_count++;
    t->shown = NULL;
  }
  *out = NULL;
  hd_clock_after(wait_s, &until);
  pthread_mutex_lock(&t->mutex);
  while (!t->finished && wait_s > 0 && pthread_cond_timedwait(&t->done, &t->mutex, &until) != ETIMEDOUT)
    ;
  slot *s = t->finished;
  if (s) {
    t->finished = s->next;
    if (!t->finished) t->last_finished = &t->finished;
  }
  pthread_mutex_unlock(&t->mutex);
  t->shown = s;
  *out = s ? &s->attempt : NULL;
  return HD_OK;
}

const hd_workers hd_workers_threads = {"thread", start, room, feed, collect, stop, end};
