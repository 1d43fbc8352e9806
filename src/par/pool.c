/* The pool. One word `go` counts the regions; workers wait for it to change. Each region has a word of claims for every
 * 32 parts: the region's number above, one bit for each part below. Setting a bit by compare-and-swap is taking the part;
 * because the number is in the word, a thread that comes late to a finished region can take nothing of the next one.
 * `pending` counts the parts not finished; who brings it to 0 wakes the caller if it sleeps.
 *
 * Sleeping is announced before the kernel compares the word, waking is decided after the word was changed (both
 * sequentially consistent), so no wake-up is lost.
 */
#include "par/pool.h"

#include <limits.h>
#include <stdalign.h>
#include <string.h>
#include <xmmintrin.h>

enum { WORD = 32, WORDS = HD_POOL_THREADS_MAX / WORD, CACHE_LINE = 64 };

static const double spin_s = 20e-6;    /* before a thread sleeps */
static const double stolen_s = 300e-6; /* between two looks at the clock while spinning: the core was taken away */
static const double calm_s = 10e-3;    /* nobody spins for so long after that */
static const unsigned default_mode = 0x1F80, mode_bits = 0x8040 | 0x6000; /* FTZ, DAZ, rounding */

typedef struct worker {
  alignas(CACHE_LINE) hd_pool *pool;
  int index;
  pthread_t thread;
  unsigned seen; /* the last region it knew when it was made */
  int off_cpu;   /* where it was placed away from; -1: not placed */
  atomic_bool quit;
} worker;

struct hd_pool {
  hd_ctx *ctx;
  hd_threads os;
  int threads, cores, awake;
  worker **worker; /* [threads], 0 unused */
  int *lane_of;    /* [slots], a hash table from thread to lane; -1: free */
  int slots;
  pthread_t caller;

  /* the region: written before its claims are opened, read after one was taken */
  hd_pool_work *work;
  void *arg;

  alignas(CACHE_LINE) atomic_uint go;
  atomic_int parts;  /* of the newest region: a hint whether to spin for the next one */
  atomic_int active; /* awake, for the workers */
  alignas(CACHE_LINE) _Atomic uint64_t claim[WORDS];
  alignas(CACHE_LINE) atomic_uint pending;
  atomic_uint caller_sleeps;
  alignas(CACHE_LINE) atomic_uint asleep[WORDS]; /* one bit for each worker */
  alignas(CACHE_LINE) _Atomic double calm_until;
  atomic_bool mode_bad;
};

bool hd_float_mode_good(void) { return (_mm_getcsr() & mode_bits) == 0; }

hd_status hd_float_mode_bad(hd_ctx *ctx) {
  unsigned mode = _mm_getcsr();
  return hd_raise(ctx, HD_ERR_MISSING,
                  "the processor is set to %s (control word 0x%04x), so results would differ from other machines: "
                  "a library in this process was built with -ffast-math, or a block of the solver changed the setting",
                  mode & 0x6000 ? "round other than to nearest" : "flush small numbers to zero", mode);
}

/* -- waiting ----------------------------------------------------------------------------------------------------------- */

static double now(const hd_pool *pool) { return pool->os.now_s(pool->os.self); }

/* Spins until *word differs from `old`; false: it is time to sleep. */
static bool spin(hd_pool *pool, atomic_uint *word, unsigned old) {
  if (atomic_load_explicit(word, memory_order_acquire) != old) return true;
  double start = now(pool), last = start;
  if (start < atomic_load_explicit(&pool->calm_until, memory_order_relaxed)) return false;
  for (;;) {
    for (int i = 0; i < 16; i++) {
      if (atomic_load_explicit(word, memory_order_acquire) != old) return true;
      _mm_pause();
    }
    double t = now(pool);
    if (t - last > stolen_s) {
      atomic_store_explicit(&pool->calm_until, t + calm_s, memory_order_relaxed);
      return false;
    }
    if (t - start > spin_s) return false;
    last = t;
  }
}

static unsigned bit(int index) { return 1u << (index % WORD); }

/* The number of the next region after `seen`. */
static unsigned await_go(worker *me, unsigned seen) {
  hd_pool *pool = me->pool;
  bool wanted = me->index < atomic_load_explicit(&pool->parts, memory_order_relaxed) &&
                me->index < atomic_load_explicit(&pool->active, memory_order_relaxed);
  if (!wanted || !spin(pool, &pool->go, seen)) {
    atomic_fetch_or(&pool->asleep[me->index / WORD], bit(me->index));
    while (atomic_load(&pool->go) == seen) hd_futex_wait(&pool->go, seen, bit(me->index));
    atomic_fetch_and(&pool->asleep[me->index / WORD], ~bit(me->index));
  }
  return atomic_load_explicit(&pool->go, memory_order_acquire);
}

static void await_parts(hd_pool *pool) {
  unsigned left;
  while ((left = atomic_load_explicit(&pool->pending, memory_order_acquire)) != 0) {
    if (spin(pool, &pool->pending, left)) continue;
    atomic_store(&pool->caller_sleeps, 1);
    while ((left = atomic_load(&pool->pending)) != 0) hd_futex_wait(&pool->pending, left, UINT_MAX);
    atomic_store(&pool->caller_sleeps, 0);
  }
}

/* -- taking parts ------------------------------------------------------------------------------------------------------ */

static bool take(hd_pool *pool, unsigned region, int part) {
  _Atomic uint64_t *word = &pool->claim[part / WORD];
  uint64_t old = atomic_load_explicit(word, memory_order_acquire);
  for (;;) {
    if (old >> WORD != region || old & bit(part)) return false;
    if (atomic_compare_exchange_weak_explicit(word, &old, old | bit(part), memory_order_acq_rel, memory_order_acquire))
      return true;
  }
}

/* A part that nobody has begun, the next one after mine first; -1: none is left. Only while holding a part. */
static int take_other(hd_pool *pool, unsigned region, int mine, int parts) {
  int words = (parts + WORD - 1) / WORD;
  for (int w = 0; w < words; w++) {
    int at = (mine / WORD + w) % words;
    for (;;) {
      uint64_t old = atomic_load_explicit(&pool->claim[at], memory_order_relaxed);
      unsigned left = old >> WORD == region ? ~(unsigned)old : 0;
      if (!left) break;
      unsigned above = w ? left : left & ~(bit(mine) | (bit(mine) - 1));
      int part = at * WORD + __builtin_ctz(above ? above : left);
      if (take(pool, region, part)) return part;
    }
  }
  return -1;
}

/* Runs the part that was taken and then others; `pending` falls once, by all of them. */
static void work_from(hd_pool *pool, unsigned region, int part, int lane, int parts) {
  hd_pool_work *work = pool->work;
  void *arg = pool->arg;
  unsigned done = 0;
  bool good = hd_float_mode_good();
  if (!good) atomic_store_explicit(&pool->mode_bad, true, memory_order_relaxed);
  for (int mine = part; part >= 0; part = take_other(pool, region, mine, parts)) {
    if (good) work(arg, part, lane);
    done++;
  }
  if (atomic_fetch_sub(&pool->pending, done) == done && lane && atomic_load(&pool->caller_sleeps))
    hd_futex_wake(&pool->pending, UINT_MAX);
}

static void *body(void *arg) {
  worker *me = arg;
  hd_pool *pool = me->pool;
  _mm_setcsr(default_mode);
  unsigned seen = me->seen;
  for (;;) {
    seen = await_go(me, seen);
    if (atomic_load_explicit(&me->quit, memory_order_acquire)) return NULL;
    if (take(pool, seen, me->index))
      work_from(pool, seen, me->index, me->index, atomic_load_explicit(&pool->parts, memory_order_relaxed));
  }
}

/* -- regions ----------------------------------------------------------------------------------------------------------- */

/* The workers 1 .. n-1 that sleep, word by word. */
static unsigned sleepers(const hd_pool *pool, int word, int n) {
  int last = n - word * WORD;
  unsigned mask = last >= WORD ? UINT_MAX : last <= 0 ? 0 : bit(last) - 1;
  return mask & atomic_load(&pool->asleep[word]);
}

static void wake(hd_pool *pool, int n) {
  for (int w = 0; w * WORD < n; w++) {
    unsigned mask = sleepers(pool, w, n);
    if (!mask) continue;
    int cpu = pool->os.cpu(pool->os.self);
    for (unsigned left = mask; left; left &= left - 1) {
      worker *sleeper = pool->worker[w * WORD + __builtin_ctz(left)];
      if (sleeper->off_cpu == cpu) continue;
      pool->os.place(pool->os.self, sleeper->thread, cpu, sleeper->index, pool->awake);
      sleeper->off_cpu = cpu;
    }
    hd_futex_wake(&pool->go, mask);
  }
}

int hd_pool_sleepers(const hd_pool *pool, int parts) {
  int n = parts < pool->awake ? parts : pool->awake, count = 0;
  for (int w = 0; w * WORD < n; w++) count += __builtin_popcount(sleepers(pool, w, n));
  return count;
}

hd_status hd_pool_run(hd_pool *pool, int parts, hd_pool_work *work, void *arg) {
  if (!hd_float_mode_good()) return hd_float_mode_bad(pool->ctx);
  if (parts < 1 || parts > pool->threads)
    return hd_raise(pool->ctx, HD_ERR_BUG, "a region of %d parts on a pool of %d threads", parts, pool->threads);
  pool->caller = pthread_self();
  if (parts == 1) {
    work(arg, 0, 0);
    return HD_OK;
  }
  unsigned region = atomic_load_explicit(&pool->go, memory_order_relaxed) + 1;
  pool->work = work;
  pool->arg = arg;
  atomic_store_explicit(&pool->parts, parts, memory_order_relaxed);
  atomic_store_explicit(&pool->pending, (unsigned)parts, memory_order_relaxed);
  for (int w = 0; w * WORD < parts; w++) {
    int last = parts - w * WORD;
    unsigned taken = last >= WORD ? 0 : ~(bit(last) - 1);
    if (w == 0) taken |= 1; /* the caller's */
    atomic_store_explicit(&pool->claim[w], (uint64_t)region << WORD | taken, memory_order_release);
  }
  atomic_store(&pool->go, region);
  wake(pool, parts < pool->awake ? parts : pool->awake);
  work_from(pool, region, 0, 0, parts);
  await_parts(pool);
  if (!atomic_load_explicit(&pool->mode_bad, memory_order_relaxed)) return HD_OK;
  atomic_store_explicit(&pool->mode_bad, false, memory_order_relaxed);
  return hd_raise(pool->ctx, HD_ERR_MISSING, "a block of the solver changed the processor's rounding or flushing");
}

/* -- threads ----------------------------------------------------------------------------------------------------------- */

static int slot_of(const hd_pool *pool, pthread_t thread) {
  uint64_t key;
  memcpy(&key, &thread, sizeof key);
  return (int)((key * 0x9E3779B97F4A7C15u) >> 32 & (uint64_t)(pool->slots - 1));
}

int hd_pool_lane(const hd_pool *pool) {
  pthread_t self = pthread_self();
  if (pool->threads == 1 || pthread_equal(self, pool->caller)) return 0;
  for (int s = slot_of(pool, self); pool->lane_of[s] >= 0; s = (s + 1) & (pool->slots - 1))
    if (pthread_equal(self, pool->worker[pool->lane_of[s]]->thread)) return pool->lane_of[s];
  return 0;
}

static void index_lanes(hd_pool *pool) {
  for (int s = 0; s < pool->slots; s++) pool->lane_of[s] = -1;
  for (int i = 1; i < pool->threads; i++) {
    int s = slot_of(pool, pool->worker[i]->thread);
    while (pool->lane_of[s] >= 0) s = (s + 1) & (pool->slots - 1);
    pool->lane_of[s] = i;
  }
}

static hd_status start(hd_pool *pool, int index) {
  void *at;
  HD_TRY(hd_memory_take(pool->ctx, sizeof(worker), &at));
  worker *w = at;
  w->pool = pool;
  w->index = index;
  w->off_cpu = -1;
  w->seen = atomic_load_explicit(&pool->go, memory_order_relaxed);
  atomic_init(&w->quit, false);
  int error = pool->os.create(pool->os.self, body, w, &w->thread);
  if (error) {
    hd_memory_give(pool->ctx, w, sizeof *w);
    return hd_raise(pool->ctx, HD_ERR_LIMIT, "the system refuses thread %d: %s", index + 1, strerror(error));
  }
  pool->worker[index] = w;
  return HD_OK;
}

/* Ends the workers from `first` on: a region without parts, in which they find their flag. */
static void stop(hd_pool *pool, int first, int end) {
  if (first >= end) return;
  for (int i = first; i < end; i++) atomic_store_explicit(&pool->worker[i]->quit, true, memory_order_release);
  atomic_fetch_add(&pool->go, 1);
  hd_futex_wake(&pool->go, UINT_MAX);
  for (int i = first; i < end; i++) {
    pool->os.join(pool->os.self, pool->worker[i]->thread);
    hd_memory_give(pool->ctx, pool->worker[i], sizeof(worker));
    pool->worker[i] = NULL;
  }
}

/* The two tables for so many threads; the old ones go only when the new ones are there. */
static hd_status tables(hd_pool *pool, int threads, worker ***list, int **lanes, int *slots) {
  void *at, *more;
  for (*slots = 4; *slots < 2 * threads;) *slots *= 2;
  HD_TRY(hd_memory_take(pool->ctx, (size_t)threads * sizeof(worker *), &at));
  hd_status s = hd_memory_take(pool->ctx, (size_t)*slots * sizeof(int), &more);
  if (s != HD_OK) hd_memory_give(pool->ctx, at, (size_t)threads * sizeof(worker *));
  *list = at;
  *lanes = more;
  return s;
}

static void give_tables(hd_pool *pool, worker **list, int threads, int *lanes, int slots) {
  hd_memory_give(pool->ctx, list, (size_t)threads * sizeof(worker *));
  hd_memory_give(pool->ctx, lanes, (size_t)slots * sizeof(int));
}

static void count_cores(hd_pool *pool, int threads) {
  pool->cores = threads > 1 ? pool->os.cores(pool->os.self, pool->ctx) : 1;
  if (pool->cores < 1) pool->cores = 1;
  int awake = threads < pool->cores ? threads : pool->cores;
  for (int i = 1; i < pool->threads && awake != pool->awake; i++)
    pool->worker[i]->off_cpu = -1; /* placed for another number */
  pool->awake = awake;
  atomic_store_explicit(&pool->active, pool->awake, memory_order_relaxed);
}

hd_status hd_pool_resize(hd_pool *pool, int threads) {
  if (threads < 1 || threads > HD_POOL_THREADS_MAX)
    return hd_raise(pool->ctx, HD_ERR_INPUT, "%d threads were asked for; 1 to %d are possible", threads,
                    HD_POOL_THREADS_MAX);
  if (threads == pool->threads) return count_cores(pool, threads), HD_OK;
  worker **list, **old_list = pool->worker;
  int *lanes, slots, old = pool->threads, kept = old < threads ? old : threads;
  HD_TRY(tables(pool, threads, &list, &lanes, &slots));
  if (kept) memcpy(list, old_list, (size_t)kept * sizeof *list);
  count_cores(pool, threads);
  pool->worker = list;
  hd_status status = HD_OK;
  int made = kept;
  while (made < threads && status == HD_OK)
    if ((status = made ? start(pool, made) : HD_OK) == HD_OK) made++;
  if (status != HD_OK) {
    stop(pool, kept ? kept : 1, made);
    pool->worker = old_list;
    count_cores(pool, old ? old : 1);
    give_tables(pool, list, threads, lanes, slots);
    return status;
  }
  pool->worker = old_list;
  stop(pool, threads, old);
  pool->worker = list;
  give_tables(pool, old_list, old, pool->lane_of, pool->slots);
  pool->threads = threads;
  pool->lane_of = lanes;
  pool->slots = slots;
  index_lanes(pool);
  return HD_OK;
}

hd_status hd_pool_new(hd_ctx *ctx, const hd_threads *os, int threads, hd_pool **out) {
  void *at;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_pool), &at));
  hd_pool *pool = at;
  pool->ctx = ctx;
  pool->os = os ? *os : hd_threads_system();
  hd_status status = hd_pool_resize(pool, threads);
  if (status != HD_OK) hd_memory_give(ctx, pool, sizeof *pool);
  else *out = pool;
  return status;
}

void hd_pool_free(hd_pool *pool) {
  if (!pool) return;
  stop(pool, 1, pool->threads);
  give_tables(pool, pool->worker, pool->threads, pool->lane_of, pool->slots);
  hd_memory_give(pool->ctx, pool, sizeof *pool);
}

int hd_pool_threads(const hd_pool *pool) { return pool->threads; }
int hd_pool_awake(const hd_pool *pool) { return pool->awake; }
