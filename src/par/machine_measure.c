/* Measuring a machine, for `heddle tune`: each rate is the best of some rounds of a few milliseconds, so that what else the
 * machine does at the same time spoils it little; synchronisation likewise, waking is a median. Some seconds in all. */
#include "par/machine.h"

#include "par/limits.h"
#include "par/machine_probe.h"
#include "par/pool.h"
#include "par/topology.h"

#include <string.h>

enum { ROUNDS = 9, MEETINGS = 200, WAKES = 21 };
static const double round_s = 6e-3, near_one = 1.0000000001, idle_s = 2e-3;
static const double enough_s = 0.2; /* of meeting, on a busy machine */
static const int64_t most_bytes = (int64_t)1 << 30, least_bytes = (int64_t)64 << 20;

typedef double probe(int64_t turns, double near_one);
typedef void triad(double *a, const double *b, const double *c, double s, int64_t n);
typedef struct level {
  hd_probe_ops (*per_turn)(void);
  probe *flops, *fma, *adds, *multiplies, *divides, *roots;
} level;

#define LEVEL(v)                                                                                                       \
  {                                                                                                                    \
    hd_probe_per_turn_##v, hd_probe_flops_##v, hd_probe_fma_##v, hd_probe_adds_##v, hd_probe_multiplies_##v,           \
        hd_probe_divides_##v, hd_probe_roots_##v                                                                       \
  }
static const level levels[HD_MACHINE_LEVELS] = {LEVEL(v2), LEVEL(v3), LEVEL(v4)};

static double now(hd_ctx *ctx) { return ctx->clock.steady_s(ctx->clock.self); }

/* -- arithmetic -------------------------------------------------------------------------------------------------------- */

static double turns_per_s(hd_ctx *ctx, probe *loop, volatile double *sink) {
  int64_t turns = 1000;
  double seconds = 0, best = 0;
  for (; turns < (int64_t)1 << 40; turns *= 2) {
    double start = now(ctx);
    *sink = loop(turns, near_one);
    seconds = now(ctx) - start;
    if (seconds >= round_s) break;
  }
  for (int r = 0; r < ROUNDS; r++) {
    double start = now(ctx);
    *sink = loop(turns, near_one);
    seconds = now(ctx) - start;
    if (seconds > 0 && (double)turns / seconds > best) best = (double)turns / seconds;
  }
  return best;
}

static void arithmetic(hd_ctx *ctx, hd_machine *m) {
  volatile double sink = 0;
  for (int l = 0; l < HD_MACHINE_LEVELS; l++) {
    if ((int)hd_isa_of_cpu() < HD_ISA_V2 + l) continue;
    hd_probe_ops one = levels[l].per_turn();
    m->flops[l] = one.flops * turns_per_s(ctx, levels[l].flops, &sink);
    m->flops_fma[l] = l ? one.flops_fma * turns_per_s(ctx, levels[l].fma, &sink) : m->flops[0];
    m->adds[l] = one.adds * turns_per_s(ctx, levels[l].adds, &sink);
    m->multiplies[l] = one.multiplies * turns_per_s(ctx, levels[l].multiplies, &sink);
    m->divides[l] = one.divides * turns_per_s(ctx, levels[l].divides, &sink);
    m->roots[l] = one.roots * turns_per_s(ctx, levels[l].roots, &sink);
  }
}

/* -- memory ------------------------------------------------------------------------------------------------------------ */

/* Three arrays for each part, one behind the other. */
typedef struct stream {
  double *at;
  int64_t n; /* doubles of one array of one part */
  int64_t again;
  triad *loop;
} stream;

static void stream_part(void *arg, int part, int lane) {
  const stream *s = arg;
  double *a = s->at + 3 * s->n * part;
  (void)lane;
  for (int64_t i = 0; i < s->again; i++) s->loop(a, a + s->n, a + 2 * s->n, 0.5, s->n);
}

static hd_status stream_rate(hd_ctx *ctx, hd_pool *pool, int parts, stream s, double *bytes_per_s) {
  double best = 0, seconds = 0;
  for (s.again = 1; s.again < (int64_t)1 << 40; s.again *= 2) {
    double start = now(ctx);
    HD_TRY(hd_pool_run(pool, parts, stream_part, &s));
    seconds = now(ctx) - start;
    if (seconds >= round_s) break;
  }
  for (int r = 0; r < ROUNDS; r++) {
    double start = now(ctx);
    HD_TRY(hd_pool_run(pool, parts, stream_part, &s));
    seconds = now(ctx) - start;
    double bytes = 24.0 * (double)s.n * parts * (double)s.again;
    if (seconds > 0 && bytes / seconds > best) best = bytes / seconds;
  }
  *bytes_per_s = best;
  return HD_OK;
}

static triad *best_triad(void) { return HD_ISA_PICK(hd_probe_triad); }

/* One core on `bytes` in all. */
static hd_status cache_rate(hd_ctx *ctx, hd_pool *pool, double bytes, double *out) {
  void *at;
  int64_t n = (int64_t)(bytes / 24) / 8 * 8;
  if (n < 8) return HD_OK;
  HD_TRY(hd_memory_take(ctx, (size_t)n * 24, &at));
  hd_status status = stream_rate(ctx, pool, 1, (stream){at, n, 1, best_triad()}, out);
  hd_memory_give(ctx, at, (size_t)n * 24);
  return status;
}

/* All widths on the same memory, four times the caches of the machine if that can be had. */
static hd_status memory_rates(hd_ctx *ctx, hd_pool *pool, double caches, hd_machine *m) {
  void *at;
  int64_t bytes = (int64_t)(4 * caches), available = hd_limits_read(ctx).available / 4;
  if (bytes < least_bytes) bytes = least_bytes;
  if (bytes > most_bytes) bytes = most_bytes;
  if (available > 0 && bytes > available) bytes = available;
  HD_TRY(hd_memory_take(ctx, (size_t)bytes, &at));
  hd_status status = HD_OK;
  for (int w = m->widths - 1; w >= 0 && status == HD_OK; w--) { /* the widest first: it places the pages */
    int parts = (int)m->threads[w];
    int64_t n = bytes / 24 / parts / 8 * 8;
    status = stream_rate(ctx, pool, parts, (stream){at, n, 1, best_triad()}, &m->bandwidth[w]);
  }
  hd_memory_give(ctx, at, (size_t)bytes);
  return status;
}

/* -- synchronisation --------------------------------------------------------------------------------------------------- */

typedef struct meeting {
  atomic_int here;
  int threads;
} meeting;

/* Every part waits for all the others: no thread can do two of them. */
static void meet(void *arg, int part, int lane) {
  meeting *m = arg;
  (void)part, (void)lane;
  int goal = (atomic_fetch_add(&m->here, 1) / m->threads + 1) * m->threads;
  while (atomic_load_explicit(&m->here, memory_order_acquire) < goal) __builtin_ia32_pause();
}

static void sort(double *x, int n) {
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && x[j] < x[j - 1]; j--) {
      double t = x[j];
      x[j] = x[j - 1];
      x[j - 1] = t;
    }
}

static hd_status synchronisation(hd_ctx *ctx, hd_pool *pool, hd_machine *m, int w) {
  meeting all = {.threads = (int)m->threads[w]};
  double best = 1, wakes[WAKES], end = now(ctx) + enough_s;
  for (int r = 0; r < 2 * ROUNDS && (r == 0 || now(ctx) < end); r++) {
    all.here = 0;
    double start = now(ctx);
    for (int i = 0; i < MEETINGS; i++) HD_TRY(hd_pool_run(pool, all.threads, meet, &all));
    double seconds = (now(ctx) - start) / MEETINGS;
    if (seconds > 0 && seconds < best) best = seconds;
  }
  for (int r = 0; r < WAKES; r++) {
    ctx->clock.sleep_s(ctx->clock.self, idle_s);
    double start = now(ctx);
    HD_TRY(hd_pool_run(pool, all.threads, meet, &all));
    wakes[r] = now(ctx) - start;
  }
  sort(wakes, WAKES);
  m->sync_s[w] = best;
  m->wake_s[w] = wakes[WAKES / 2];
  return HD_OK;
}

/* -- all of it --------------------------------------------------------------------------------------------------------- */

static hd_status measure_on(hd_ctx *ctx, hd_pool *pool, const hd_topology *t, hd_machine *m) {
  int64_t l3_caches = t->l3.cores ? (t->cores + t->l3.cores - 1) / t->l3.cores : 0;
  double caches = (double)(t->l3.bytes * l3_caches);
  arithmetic(ctx, m);
  HD_TRY(cache_rate(ctx, pool, 0.75 * m->l1_bytes, &m->l1_bandwidth));
  HD_TRY(cache_rate(ctx, pool, 0.5 * m->l2_bytes, &m->l2_bandwidth));
  HD_TRY(cache_rate(ctx, pool, 0.25 * m->l3_bytes, &m->l3_bandwidth));
  HD_TRY(memory_rates(ctx, pool, caches, m));
  for (int w = 1; w < m->widths; w++) HD_TRY(synchronisation(ctx, pool, m, w));
  return HD_OK;
}

hd_status hd_machine_measure(hd_ctx *ctx, int cores, hd_machine *out) {
  hd_topology t;
  hd_pool *pool;
  HD_TRY(hd_topology_read(ctx, NULL, &t));
  HD_TRY(hd_pool_new(ctx, NULL, cores, &pool));
  hd_machine m = hd_machine_usual(hd_pool_awake(pool));
  m.l1_bytes = (double)t.l1.bytes;
  m.l2_bytes = (double)t.l2.bytes;
  m.l3_bytes = (double)t.l3.bytes;
  m.l1_bandwidth = m.l2_bandwidth = m.l3_bandwidth = 0;
  memset(m.flops, 0, sizeof m.flops);
  memset(m.flops_fma, 0, sizeof m.flops_fma);
  memset(m.adds, 0, sizeof m.adds);
  memset(m.multiplies, 0, sizeof m.multiplies);
  memset(m.divides, 0, sizeof m.divides);
  memset(m.roots, 0, sizeof m.roots);
  hd_status status = measure_on(ctx, pool, &t, &m);
  hd_pool_free(pool);
  HD_TRY_WHILE(ctx, status, "measuring this machine");
  m.measured = true;
  m.measured_s = (double)ctx->clock.calendar_s(ctx->clock.self);
  *out = m;
  return HD_OK;
}
