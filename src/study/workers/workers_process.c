/* Processes of the heddle binary as workers. Each is fed some milliseconds of members ahead through its page, so that tiny
 * members cost neither a system call nor a switch of context each; longer ones are handed over one by one. When a process
 * dies, the member that its page names is to blame, those behind it go back to the queue, and another takes its place.
 */
#include "io/program.h"
#include "study/workers/process.h"
#include "study/study_inside.h"
#include "study/workers/worker.h"
#include "study/workers/workers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double thread_memory = 16e6; /* address space that a thread needs for itself */
enum { PIECE = 64 * 1024, STARTS_MOST = 3 };

static const double ahead_s = 0.005;   /* of predicted work that may lie before a worker */
static const double overhead_s = 1e-6; /* of a member, beyond its own seconds */
static const double give_up_s = 1.0;   /* idle workers end within that long, or are killed */
static const double grace_least_s = 2, grace_most_s = 10, grace_share = 0.1; /* beyond limits.time */
static const double memory_share = 0.9; /* of what is available, that all members together may take */
static const double memory_beyond = 1.5, memory_least = 256e6; /* a member may need so much more than was predicted */

/* A member that was given to a worker and has not come back. */
typedef struct given {
  int64_t member;
  int attempt;
  float seconds;  /* expected */
  double memory;  /* bytes that it may take; 0: no limit */
  uint32_t place; /* in the page */
} given;

typedef struct worker {
  hd_process process;
  given *given; /* [HD_WORKER_AHEAD], a ring: positions first, first + 1, ... */
  uint32_t first, count;
  double load_s; /* expected, of all given */
  char *at;      /* what it said and was not read yet: from `read` to `size` */
  size_t read, size, room;
  bool ready, late; /* said that it is; was killed because of the time */
  bool ended;       /* it said its last */
  bool held_up;     /* its member takes longer than what may lie ahead: nothing is put behind it */
  bool buried;
  hd_process_end end; /* how, once it was waited for */
  int fruitless;      /* processes in a row that ended without any member to blame */
} worker;

typedef struct team {
  hd_study *study;
  hd_packed order, values;
  worker *worker;
  const hd_process **processes; /* [count], for waiting */
  bool *has_said;               /* [count] */
  int count, turn;
  int64_t *back; /* members that come back uncomputed */
  int64_t backs;
  size_t back_room;
  double known_s, known_predicted_s; /* of members that came back: measured; predicted */
  int64_t known;
  double share; /* bytes that each worker may take; 0: not known */
  bool stopping;
  hd_attempt attempt;
} team;

static double now_s(const team *t) { return hd_study_now_s(t->study); }

/* -- starting ---------------------------------------------------------------------------------------------------------- */

static hd_status start_process(team *t, worker *w) {
  hd_process_forget(&w->process);
  w->ready = w->ended = w->late = w->buried = false;
  w->read = w->size = 0;
  return hd_process_start(t->study->ctx, t->study->options.command, t->order.at, t->order.size, &w->process);
}

static hd_status make_worker(team *t, worker *w) {
  void *memory;
  w->process = (hd_process){.wake = -1, .records = -1};
  HD_TRY(hd_memory_take(t->study->ctx, sizeof(given) * HD_WORKER_AHEAD, &memory));
  w->given = memory;
  HD_TRY(hd_memory_take(t->study->ctx, 2 * PIECE, &memory));
  w->at = memory;
  w->room = 2 * PIECE;
  return start_process(t, w);
}

static hd_status make_team(team *t, int count) {
  hd_arena *arena = &t->study->arena;
  void *memory;
  HD_TRY(hd_worker_order(t->study, &t->order));
  HD_TRY(hd_arena_take(arena, sizeof(worker) * (size_t)count, &memory));
  t->worker = memory;
  HD_TRY(hd_arena_take(arena, sizeof(hd_process *) * (size_t)count, &memory));
  t->processes = memory;
  HD_TRY(hd_arena_take(arena, sizeof(bool) * (size_t)count, &memory));
  t->has_said = memory;
  for (; t->count < count; t->count++) {
    worker *w = &t->worker[t->count];
    hd_status status = make_worker(t, w);
    t->processes[t->count] = &w->process;
    if (status == HD_OK) continue;
    t->count++;                                                 /* to be freed, too */
    if (status == HD_ERR_MISSING && t->count > 1) return HD_OK; /* fewer workers than wished */
    return status;
  }
  return HD_OK;
}

static hd_status start(hd_study *study, int count, void **self) {
  void *memory;
  *self = NULL;
  if (!study->options.command)
    return hd_raise(study->ctx, HD_ERR_MISSING, "worker processes need the path of the heddle binary");
  HD_TRY(hd_memory_take(study->ctx, sizeof(team), &memory));
  team *t = *self = memory;
  t->study = study;
  hd_packed_init(&t->order, study->ctx);
  hd_packed_init(&t->values, study->ctx);
  double available = (double)study->place.limits.available;
  t->share = available > 0 ? memory_share * available / count : 0;
  return make_team(t, count);
}

/* -- feeding ----------------------------------------------------------------------------------------------------------- */

/* What a member will take, by its prediction set right by those before it, or like those; NaN: nothing is known. */
static double expected_s(const team *t, int64_t member) {
  double predicted = t->study->member[member].cost_s;
  if (!t->known) return NAN;
  if (predicted > 0 && t->known_predicted_s > 0) return overhead_s + predicted * t->known_s / t->known_predicted_s;
  return overhead_s + t->known_s / (double)t->known;
}

static bool takes_more(const team *t, const worker *w) {
  int batch = t->study->options.batch;
  if (!w->ready || w->ended) return false;
  if (!w->count) return true;
  if (!t->known || w->held_up || w->count >= HD_WORKER_AHEAD || (batch > 0 && (int64_t)w->count >= batch)) return false;
  return w->load_s + overhead_s + t->known_s / (double)t->known < ahead_s;
}

static int64_t room(void *self) {
  const team *t = self;
  for (int i = 0; i < t->count; i++)
    if (takes_more(t, &t->worker[i])) return 1;
  return 0;
}

/* Bytes that a member may take. */
static double allowed(const team *t, int64_t member, bool by_itself) {
  double limit = t->study->spec.limit_memory_bytes, predicted = t->study->member[member].memory;
  double wished = predicted * memory_beyond + memory_least, share = by_itself ? t->share * t->count : t->share;
  double stacks = thread_memory * t->study->place.limits.cores;
  if (!isnan(limit)) return limit + stacks;
  if (share <= 0) return 0;
  return stacks + (wished > share ? wished : share);
}

static hd_status feed(void *self, int64_t member, int attempt, int threads, bool by_itself) {
  team *t = self;
  worker *w = NULL;
  for (int i = 0; i < t->count; i++) {
    worker *other = &t->worker[i];
    if (takes_more(t, other) && (!w || (w->count && (!other->count || other->load_s < w->load_s)))) w = other;
  }
  if (!w) return hd_raise(t->study->ctx, HD_ERR_BUG, "a member was fed to workers that have no room");
  double seconds = expected_s(t, member);
  if (isnan(seconds)) seconds = 0;
  hd_worker_page *page = w->process.page;
  uint32_t place = (uint32_t)(atomic_load(&page->turn) >> 32);
  given one = {member, attempt, (float)seconds, allowed(t, member, by_itself), place};
  w->given[(w->first + w->count) % HD_WORKER_AHEAD] = one;
  w->count++;
  w->load_s += (double)one.seconds;
  hd_handed *handed = &page->handed[place % HD_WORKER_AHEAD];
  handed->member = member;
  handed->memory = (int64_t)one.memory;
  handed->by_itself = by_itself;
  atomic_store(&handed->threads, threads);
  atomic_fetch_add(&page->turn, 1ULL << 32);
  if (atomic_exchange(&page->sleeps, 0)) hd_process_wake(&w->process);
  return HD_OK;
}

static void widen(void *self, int64_t member, int threads) {
  team *t = self;
  for (int i = 0; i < t->count; i++) {
    const worker *w = &t->worker[i];
    for (uint32_t k = 0; k < w->count; k++) {
      const given *g = &w->given[(w->first + k) % HD_WORKER_AHEAD];
      if (g->member == member) atomic_store(&w->process.page->handed[g->place % HD_WORKER_AHEAD].threads, threads);
    }
  }
}

static hd_status give_back(team *t, int64_t member) {
  void *at = t->back;
  HD_TRY(hd_memory_grow(t->study->ctx, &at, &t->back_room, (size_t)t->backs + 1, sizeof *t->back));
  t->back = at;
  t->back[t->backs++] = member;
  return HD_OK;
}

/* What the worker did not begin goes back to the queue. */
static hd_status take_back(team *t, worker *w) {
  hd_worker_page *page = w->process.page;
  uint64_t turn = atomic_load(&page->turn);
  while (!atomic_compare_exchange_weak(&page->turn, &turn, (turn >> 32 << 32) | turn >> 32)) continue;
  for (uint32_t left = (uint32_t)(turn >> 32) - (uint32_t)turn; left; left--) {
    const given *last = &w->given[(w->first + --w->count) % HD_WORKER_AHEAD];
    w->load_s -= (double)last->seconds;
    HD_TRY(give_back(t, last->member));
  }
  return HD_OK;
}

/* A worker is idle, so the queue is empty: it gets what lies before others. */
static hd_status balance(team *t) {
  bool idle = false;
  for (int i = 0; i < t->count && !idle; i++) idle = t->worker[i].ready && !t->worker[i].count && !t->worker[i].ended;
  for (int i = 0; i < t->count && idle; i++)
    if (t->worker[i].count > 1) HD_TRY(take_back(t, &t->worker[i]));
  return HD_OK;
}

/* -- reading ----------------------------------------------------------------------------------------------------------- */

static hd_status listen(team *t, worker *w) {
  if (w->read) memmove(w->at, w->at + w->read, w->size - w->read);
  w->size -= w->read;
  w->read = 0;
  void *at = w->at;
  HD_TRY(hd_memory_grow(t->study->ctx, &at, &w->room, w->size + PIECE, 1));
  w->at = at;
  int64_t n = hd_process_read(&w->process, w->at + w->size, w->room - w->size);
  if (n > 0) w->size += (size_t)n;
  if (n == 0) hd_process_kill(&w->process); /* dead, or as good as dead: nobody would hear of it */
  w->ended |= n == 0;
  return HD_OK;
}

static hd_status damaged(const team *t) {
  return hd_raise(t->study->ctx, HD_ERR_BUG, "a worker process said something that cannot be understood");
}

static hd_status take_word(team *t, worker *w, int64_t kind, hd_unpacked *payload) {
  hd_unpacked_int(payload);
  hd_status said = (hd_status)hd_unpacked_int(payload);
  const char *text = hd_unpacked_text(payload);
  if (hd_unpacked_status(payload) != HD_OK) return damaged(t);
  w->ready = kind == HD_FRAME_READY;
  return w->ready ? HD_OK : hd_raise(t->study->ctx, said, "%s", text);
}

static void pop(worker *w) {
  w->load_s -= (double)w->given[w->first % HD_WORKER_AHEAD].seconds;
  w->first++;
  if (!--w->count) w->load_s = 0;
}

static hd_status take_record(team *t, worker *w, hd_unpacked *payload, hd_attempt **out) {
  hd_attempt *a = &t->attempt;
  const given *g = &w->given[w->first % HD_WORKER_AHEAD];
  if (hd_member_record_unpack(payload, &t->values, &a->record) != HD_OK || !w->count || a->record.member != g->member)
    return damaged(t);
  a->record.attempt = g->attempt;
  a->status = a->record.state == HD_MEMBER_WAITING ? HD_STOPPED : HD_OK;
  if (a->record.state == HD_MEMBER_DONE) {
    t->known++;
    t->known_s += a->record.seconds;
    t->known_predicted_s += (double)t->study->member[g->member].cost_s;
  }
  pop(w);
  w->fruitless = 0;
  *out = a;
  return HD_OK;
}

/* The next frame that the worker sent, if there is a whole one. */
static hd_status take_frame(team *t, worker *w, hd_attempt **out) {
  hd_unpacked payload;
  int64_t kind, n;
  while (!*out && (n = hd_frame_next(t->study->ctx, w->at + w->read, w->size - w->read, &payload)) != 0) {
    if (n < 0 || payload.left < sizeof kind) return damaged(t);
    memcpy(&kind, payload.at, sizeof kind);
    w->read += (size_t)n;
    if (kind == HD_FRAME_RECORD) HD_TRY(take_record(t, w, &payload, out));
    else HD_TRY(take_word(t, w, kind, &payload));
  }
  return HD_OK;
}

/* -- deaths ------------------------------------------------------------------------------------------------------------ */

static double limit_s(const team *t) {
  double limit = t->study->spec.limit_time_s, grace = grace_share * limit;
  return isnan(limit) ? INFINITY
                      : limit + (grace < grace_least_s  ? grace_least_s
                                 : grace > grace_most_s ? grace_most_s
                                                        : grace);
}

/* Those that are long past limits.time did not come to a safe point. */
static void look_at_time(team *t) {
  double limit = limit_s(t), now = now_s(t);
  for (int i = 0; i < t->count; i++) {
    worker *w = &t->worker[i];
    w->held_up = false;
    if (!w->ready || w->late || w->ended || !w->count || !atomic_load(&w->process.page->running)) continue;
    double passed = now - 1e-6 * (double)atomic_load(&w->process.page->began_us);
    w->held_up = passed > ahead_s;
    w->late = passed > limit;
    if (w->late) hd_process_kill(&w->process);
  }
}

static void classify(team *t, const worker *w, const hd_process_end *end, double seconds, hd_attempt *a) {
  hd_member_record *r = &a->record;
  double may = w->given[w->first % HD_WORKER_AHEAD].memory;
  bool full = end->signal && may > 0 && end->most_bytes > 0.8 * may;
  r->state = HD_MEMBER_FAILED;
  r->seconds = seconds;
  r->memory = end->most_bytes;
  r->signal_or_exit = end->signal ? end->signal : end->exit_code;
  if (w->late) {
    r->failure = HD_FAILURE_TIME;
    snprintf(a->reason, sizeof a->reason, "no safe point was reached within %.3g s, limits.time is %.3g s: ended",
             seconds, t->study->spec.limit_time_s);
  } else if (full) {
    r->failure = HD_FAILURE_MEMORY;
    snprintf(a->reason, sizeof a->reason, "ended by %s with %.3g MB of memory, of the %.3g MB that it might take",
             hd_program_signal_name(end->signal), end->most_bytes * 1e-6, may * 1e-6);
  } else if (end->signal) {
    r->failure = HD_FAILURE_SIGNAL;
    snprintf(a->reason, sizeof a->reason, "ended by %s", hd_program_signal_name(end->signal));
  } else {
    r->failure = HD_FAILURE_EXIT;
    snprintf(a->reason, sizeof a->reason, "the solver ended the process, with exit code %d", end->exit_code);
  }
}

static void blame(team *t, worker *w, const hd_process_end *end, hd_attempt **out) {
  const given *g = &w->given[w->first % HD_WORKER_AHEAD];
  double seconds = now_s(t) - 1e-6 * (double)atomic_load(&w->process.page->began_us);
  hd_attempt *a = &t->attempt;
  a->status = HD_OK;
  a->record = (hd_member_record){
      .member = g->member, .identity = t->study->id[g->member], .attempt = g->attempt, .reason = a->reason};
  classify(t, w, end, seconds, a);
  pop(w);
  w->fruitless = 0;
  *out = a;
}

static hd_status explain_fruitless(const team *t, const hd_process_end *end) {
  char how[64];
  if (end->signal) snprintf(how, sizeof how, "by %s", hd_program_signal_name(end->signal));
  else snprintf(how, sizeof how, "with exit code %d", end->exit_code);
  return hd_raise(t->study->ctx, HD_ERR_MISSING, "worker processes end before they compute anything, %s", how);
}

/* A process has ended: the member that ran is to blame. What it finished before and had not said yet is computed again. */
static hd_status bury(team *t, worker *w, hd_attempt **out) {
  int64_t running = atomic_load(&w->process.page->running) - 1;
  w->buried = true;
  w->fruitless++;
  while (w->count && running >= 0 && w->given[w->first % HD_WORKER_AHEAD].member != running) {
    HD_TRY(give_back(t, w->given[w->first % HD_WORKER_AHEAD].member));
    pop(w);
  }
  if (running >= 0 && w->count) blame(t, w, &w->end, out);
  for (; w->count; pop(w)) HD_TRY(give_back(t, w->given[w->first % HD_WORKER_AHEAD].member));
  if (w->fruitless >= STARTS_MOST) return explain_fruitless(t, &w->end);
  return t->stopping ? HD_OK : start_process(t, w);
}

/* A process that left something behind which keeps its pipe open is seen to be dead all the same. */
static hd_status look_for_deaths(team *t) {
  for (int i = 0; i < t->count; i++) {
    worker *w = &t->worker[i];
    if (w->ended || !hd_process_ended(&w->process, &w->end)) continue;
    w->ended = true;
    HD_TRY(listen(t, w));
  }
  return HD_OK;
}

/* -- collecting -------------------------------------------------------------------------------------------------------- */

static hd_status hear(team *t, hd_attempt **out) {
  for (int k = 0; k < t->count && !*out; k++) {
    worker *w = &t->worker[(t->turn + k) % t->count];
    HD_TRY(take_frame(t, w, out));
    if (*out) t->turn = (t->turn + k) % t->count;
    bool alive = w->process.pid != 0;
    if (!*out && w->ended && alive && hd_process_ended(&w->process, &w->end)) alive = false;
    if (!*out && w->ended && !alive && !w->buried) HD_TRY(bury(t, w, out));
  }
  if (*out || !t->backs) return HD_OK;
  t->attempt.status = HD_STOPPED;
  t->attempt.record = (hd_member_record){.member = t->back[--t->backs]};
  *out = &t->attempt;
  return HD_OK;
}

static hd_status await(team *t, double wait_s) {
  bool any = false;
  hd_process_wait(t->processes, t->count, wait_s, t->has_said);
  for (int i = 0; i < t->count; i++) {
    any |= t->has_said[i];
    if (t->has_said[i] && !t->worker[i].ended) HD_TRY(listen(t, &t->worker[i]));
  }
  look_at_time(t);
  return any || wait_s <= 0 ? HD_OK : look_for_deaths(t);
}

static hd_status collect(void *self, double wait_s, hd_attempt **out) {
  team *t = self;
  *out = NULL;
  HD_TRY(hear(t, out));
  if (*out) return HD_OK;
  if (wait_s > 0) HD_TRY(balance(t));
  HD_TRY(await(t, t->backs ? 0 : wait_s));
  return hear(t, out);
}

/* -- the end ----------------------------------------------------------------------------------------------------------- */

static void stop(void *self) {
  team *t = self;
  t->stopping = true;
  for (int i = 0; i < t->count; i++) {
    if (!t->worker[i].process.page) continue;
    atomic_store(&t->worker[i].process.page->stop, 1);
    (void)take_back(t, &t->worker[i]); /* without memory for that, they are waited for in vain, and killed */
  }
}

/* Who is idle ends by itself, once its study hangs up. */
static void end_processes(team *t) {
  const hd_clock *clock = &t->study->ctx->clock;
  hd_process_end end;
  double until = now_s(t) + give_up_s;
  for (int i = 0; i < t->count; i++) {
    if (!t->worker[i].ready || t->worker[i].count) hd_process_kill(&t->worker[i].process);
    hd_process_hang_up(&t->worker[i].process);
  }
  for (int i = 0; i < t->count; i++) {
    hd_process *p = &t->worker[i].process;
    while (p->pid && !hd_process_ended(p, &end)) {
      if (now_s(t) > until) hd_process_kill(p);
      clock->sleep_s(clock->self, 0.0005);
    }
    hd_process_forget(p);
  }
}

static void end(void *self) {
  team *t = self;
  if (!t) return;
  hd_ctx *ctx = t->study->ctx;
  end_processes(t);
  for (int i = 0; i < t->count; i++) {
    hd_memory_give(ctx, t->worker[i].given, t->worker[i].given ? sizeof(given) * HD_WORKER_AHEAD : 0);
    hd_memory_give(ctx, t->worker[i].at, t->worker[i].room);
  }
  hd_memory_give(ctx, t->back, t->back_room * sizeof *t->back);
  hd_packed_free(&t->order);
  hd_packed_free(&t->values);
  hd_memory_give(ctx, t, sizeof *t);
}

const hd_workers hd_workers_process = {"process", start, room, feed, widen, collect, stop, end};
