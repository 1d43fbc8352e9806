/* Threads of this process as workers. Two lists under one mutex: members that wait, attempts that are done. Members are fed
 * ahead, so that a worker never waits for the journal, and both lists change hands in batches: tiny members would spend
 * their time on the lock and on waking each other.
 */
#include "par/threads.h"
#include "study/workers/compute.h"
#include "study/workers/workers.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Members are fed so far ahead for each worker, by what they last, and taken and given back in batches of that time. */
static const double ahead_s = 20e-3, batch_s = 50e-6;
/* A worker that took longer than this over a batch wakes the study's thread; others are seen when it wakes to feed. */
static const double long_s = 10e-3;
enum { AHEAD_LEAST = 2, AHEAD_MOST = 256, BATCH_MOST = 32, WORKERS_MOST = 1024 };

typedef struct slot {
  hd_attempt attempt;        /* first */
  struct slot *next, *older; /* older: made before it */
  int64_t member;
  int number;
  atomic_int width;
} slot;

typedef struct list {
  slot *first, **last;
  int64_t count;
} list;

typedef struct team {
  hd_study *study;
  hd_threads threads;
  int count;
  pthread_t thread[WORKERS_MOST];

  /* of the study's thread */
  hd_arena arena; /* slots */
  slot *idle, *shown, *newest;
  list fed, back;    /* not handed over yet; finished, not shown yet */
  int64_t under_way; /* slots in no list of idle ones */
  double mean_s;     /* of the newest members; 0: not known */

  pthread_mutex_t mutex;
  pthread_cond_t work, done;
  list waiting, finished;
  atomic_int sleeping; /* workers; changed under the mutex */
  bool collecting;     /* the study's thread sleeps */
  bool closing;
  atomic_int stopping; /* running members are abandoned */
} team;

/* -- lists ------------------------------------------------------------------------------------------------------------- */

static void clear(list *l) { *l = (list){.last = &l->first}; }

static void append(list *l, slot *s) {
  s->next = NULL;
  *l->last = s;
  l->last = &s->next;
  l->count++;
}

static slot *take_first(list *l) {
  slot *s = l->first;
  if (!s) return NULL;
  l->first = s->next;
  l->count--;
  if (!l->first) l->last = &l->first;
  return s;
}

static void move(list *from, list *to) {
  if (!from->first) return;
  *to->last = from->first;
  to->last = from->last;
  to->count += from->count;
  clear(from);
}

static double mean_of(double mean, double seconds) { return mean > 0 ? mean + 0.1 * (seconds - mean) : seconds; }

/* How many members last so long, between the two bounds. */
static int64_t as_many(double seconds, double mean_s, int64_t least, int64_t most) {
  double many = mean_s > 0 ? seconds / mean_s : 0;
  return many < (double)least ? least : many > (double)most ? most : (int64_t)many;
}

/* -- the workers ------------------------------------------------------------------------------------------------------- */

static hd_status begin_ctx(const team *t, hd_ctx **ctx) {
  const hd_ctx *from = t->study->ctx;
  return hd_ctx_new_with(&from->memory, &from->files, &from->clock, ctx);
}

/* Whether the study's thread has something to do now: to feed, to take, or to show what took long. */
static bool is_worth_waking(const team *t, bool took_long) {
  if (!t->collecting) return false; /* under_way stands still meanwhile */
  int64_t few = t->under_way / 2;
  return took_long || t->waiting.count <= few || t->finished.count >= few;
}

/* Gives what is done and takes a batch; false: the study is over. */
static bool exchange(team *t, list *done, bool took_long, list *mine, int64_t most) {
  pthread_mutex_lock(&t->mutex);
  move(done, &t->finished);
  if (is_worth_waking(t, took_long)) pthread_cond_signal(&t->done);
  while (!t->waiting.count && !t->closing) {
    atomic_fetch_add_explicit(&t->sleeping, 1, memory_order_relaxed);
    pthread_cond_wait(&t->work, &t->mutex);
    atomic_fetch_sub_explicit(&t->sleeping, 1, memory_order_relaxed);
  }
  int64_t share = t->waiting.count / t->count;
  for (int64_t n = share < most ? share : most; !t->closing && (n > 0 || !mine->count); n--)
    append(mine, take_first(&t->waiting));
  pthread_mutex_unlock(&t->mutex);
  return mine->count > 0;
}

static void compute(team *t, slot *s, hd_ctx *ctx, hd_status begun, hd_bench *bench) {
  const hd_study *study = t->study;
  hd_compute_options options = {.threads = study->options.threads,
                                .width = &s->width,
                                .store = study->store,
                                .time_s = NAN,
                                .memory_bytes = NAN,
                                .stop = &t->stopping,
                                .place = &study->place,
                                .bench = bench,
                                .results = study->options.keep_results ? study->options.folder : NULL};
  hd_attempt *a = &s->attempt;
  a->status = begun;
  a->record = (hd_member_record){.member = s->member};
  if (begun == HD_OK && atomic_load_explicit(&t->stopping, memory_order_relaxed)) a->status = HD_STOPPED;
  else if (begun == HD_OK)
    a->status = hd_member_compute(study->members, ctx, s->member, study->name, study->names, &options, a->values,
                                  a->reason, &a->record);
  a->problem.status = HD_OK;
  if (a->status != HD_OK && ctx) hd_problem_take(ctx, &a->problem);
  a->record.attempt = s->number;
}

static void *body(void *arg) {
  team *t = arg;
  hd_ctx *ctx = NULL;
  hd_bench bench = {0};
  list mine, done;
  double mean_s = 0, since_s = 0;
  hd_status begun = begin_ctx(t, &ctx);
  clear(&mine);
  clear(&done);
  while (exchange(t, &done, since_s > long_s, &mine, as_many(batch_s, mean_s, 1, BATCH_MOST))) {
    since_s = 0;
    for (slot *s; (s = take_first(&mine));) {
      compute(t, s, ctx, begun, &bench);
      mean_s = mean_of(mean_s, s->attempt.record.seconds);
      since_s += s->attempt.record.seconds;
      append(&done, s);
    }
  }
  hd_bench_free(&bench);
  hd_ctx_free(ctx);
  return NULL;
}

/* -- the study's thread -------------------------------------------------------------------------------------------------- */

/* What was fed becomes work; the mutex is held. */
static void hand_over(team *t) {
  int64_t fresh = t->fed.count;
  move(&t->fed, &t->waiting);
  int sleeping = atomic_load_explicit(&t->sleeping, memory_order_relaxed);
  if (!sleeping) return;
  if (fresh > 1) pthread_cond_broadcast(&t->work);
  else if (fresh == 1) pthread_cond_signal(&t->work);
}

/* What waits is given back as if it had been stopped before its start. */
static void stop(void *self) {
  team *t = self;
  atomic_store(&t->stopping, 1);
  pthread_mutex_lock(&t->mutex);
  move(&t->fed, &t->waiting);
  for (slot *s = t->waiting.first; s; s = s->next) {
    s->attempt.status = HD_STOPPED;
    s->attempt.record = (hd_member_record){.member = s->member};
  }
  move(&t->waiting, &t->finished);
  pthread_mutex_unlock(&t->mutex);
}

static void end(void *self) {
  team *t = self;
  if (!t) return;
  atomic_store(&t->stopping, 1);
  pthread_mutex_lock(&t->mutex);
  t->closing = true;
  pthread_cond_broadcast(&t->work);
  pthread_mutex_unlock(&t->mutex);
  for (int i = 0; i < t->count; i++) t->threads.join(t->threads.self, t->thread[i]);
  pthread_mutex_destroy(&t->mutex);
  pthread_cond_destroy(&t->work);
  pthread_cond_destroy(&t->done);
  hd_arena_free(&t->arena);
  hd_memory_give(t->study->ctx, t, sizeof *t);
}

static hd_status start(hd_study *study, int count, void **self) {
  void *memory;
  *self = NULL;
  HD_TRY(hd_memory_take(study->ctx, sizeof(team), &memory));
  team *t = *self = memory;
  pthread_condattr_t steady;
  t->study = study;
  t->threads = hd_threads_system();
  hd_arena_init(&t->arena, study->ctx);
  clear(&t->fed);
  clear(&t->back);
  clear(&t->waiting);
  clear(&t->finished);
  pthread_mutex_init(&t->mutex, NULL);
  pthread_cond_init(&t->work, NULL);
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_cond_init(&t->done, &steady);
  pthread_condattr_destroy(&steady);
  if (count > WORKERS_MOST) count = WORKERS_MOST;
  pthread_mutex_lock(&t->mutex); /* no worker looks at t->count before it stands */
  int error = 0;
  while (t->count < count && !(error = t->threads.create(t->threads.self, body, t, &t->thread[t->count]))) t->count++;
  pthread_mutex_unlock(&t->mutex);
  if (error && !t->count) return hd_raise(study->ctx, HD_ERR_MISSING, "no thread can be started: %s", strerror(error));
  return HD_OK; /* perhaps with fewer workers than wished */
}

static int64_t room(void *self) {
  const team *t = self;
  return t->count * (1 + as_many(ahead_s, t->mean_s, AHEAD_LEAST, AHEAD_MOST)) - t->under_way;
}

static hd_status new_slot(team *t) {
  void *memory;
  HD_TRY(hd_arena_take(&t->arena, sizeof(slot) + sizeof(double) * (size_t)(t->study->names + 1), &memory));
  t->idle = memory;
  t->idle->older = t->newest;
  t->newest = t->idle;
  t->idle->attempt.values = (double *)(void *)(t->idle + 1);
  return HD_OK;
}

static hd_status feed(void *self, int64_t member, int attempt, int threads, bool by_itself) {
  (void)by_itself;
  team *t = self;
  if (!t->idle) HD_TRY(new_slot(t));
  slot *s = t->idle;
  t->idle = s->next;
  s->member = member;
  s->number = attempt;
  atomic_store_explicit(&s->width, threads, memory_order_relaxed);
  append(&t->fed, s);
  t->under_way++;
  return HD_OK;
}

static void widen(void *self, int64_t member, int threads) {
  const team *t = self;
  for (slot *s = t->newest; s; s = s->older)
    if (s->member == member) atomic_store_explicit(&s->width, threads, memory_order_relaxed);
}

static void reuse_shown(team *t) {
  slot *s = t->shown;
  if (!s) return;
  s->next = t->idle;
  t->idle = s;
  t->under_way--;
  t->shown = NULL;
}

static void await(team *t, double wait_s) {
  struct timespec until;
  hd_clock_after(wait_s, &until);
  t->collecting = true;
  while (!t->finished.count && pthread_cond_timedwait(&t->done, &t->mutex, &until) != ETIMEDOUT)
    ;
  t->collecting = false;
}

static hd_status collect(void *self, double wait_s, hd_attempt **out) {
  team *t = self;
  reuse_shown(t);
  bool hungry = atomic_load_explicit(&t->sleeping, memory_order_relaxed) > 0;
  if (!t->back.count || t->fed.count >= BATCH_MOST || (hungry && t->fed.count)) {
    pthread_mutex_lock(&t->mutex);
    hand_over(t);
    if (!t->back.count && !t->finished.count && wait_s > 0) await(t, wait_s);
    move(&t->finished, &t->back);
    pthread_mutex_unlock(&t->mutex);
  }
  slot *s = t->shown = take_first(&t->back);
  *out = s ? &s->attempt : NULL;
  if (s && s->attempt.status == HD_OK) t->mean_s = mean_of(t->mean_s, s->attempt.record.seconds);
  return HD_OK;
}

const hd_workers hd_workers_threads = {"thread", start, room, feed, widen, collect, stop, end};
