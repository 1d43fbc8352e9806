/* The pool: every part once at any width, resizing between regions, late and absent threads, refused threads, the
 * floating-point mode. hd-label-tsan */
#include "par/pool.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <xmmintrin.h>

#include <cmocka.h>

enum { MOST = 64 };

/* The system's threads with as many cores as a test wants, and the n-th thread refused. */
typedef struct fake {
  hd_threads real;
  int cores, left; /* threads that are still granted */
  int cpu, placed;
  _Atomic double ahead_s, jump_s; /* added to the clock; by how much more at each look */
  _Atomic double frozen_s;        /* > 0: the clock stands still there */
} fake;

static int fake_create(void *self, void *(*body)(void *), void *arg, pthread_t *out) {
  fake *f = self;
  return f->left-- > 0 ? f->real.create(f->real.self, body, arg, out) : EAGAIN;
}
static void fake_join(void *self, pthread_t thread) { ((fake *)self)->real.join(NULL, thread); }
static int fake_cores(void *self, hd_ctx *ctx) { return (void)ctx, ((fake *)self)->cores; }
static double fake_now(void *self) {
  fake *f = self;
  if (f->frozen_s > 0) return f->frozen_s;
  f->ahead_s = f->ahead_s + f->jump_s;
  return f->real.now_s(NULL) + f->ahead_s;
}

/* The caller seems to move to another CPU all the time. */
static int fake_cpu(void *self) { return ((fake *)self)->cpu++ % 3; }
static void fake_place(void *self, pthread_t thread, int cpu, int lane, int lanes) {
  fake *f = self;
  f->placed++;
  assert_in_range(lane, 1, lanes - 1);
  f->real.place(NULL, thread, cpu, lane, lanes);
}

static hd_threads table(fake *f, int cores, int threads) {
  f->real = hd_threads_system();
  f->cores = cores;
  f->left = threads;
  f->ahead_s = 0;
  f->jump_s = 0;
  f->frozen_s = 0;
  f->cpu = f->placed = 0;
  return (hd_threads){f, fake_create, fake_join, fake_cores, fake_now, fake_cpu, fake_place};
}

typedef struct count {
  hd_pool *pool;
  atomic_int of_part[MOST], wrong_lane;
  int plain[MOST]; /* the thread sanitizer sees whether the region's end orders these */
  int slow_part;
} count;

static void count_one(void *arg, int part, int lane) {
  count *c = arg;
  atomic_fetch_add(&c->of_part[part], 1);
  c->plain[part]++;
  if (hd_pool_lane(c->pool) != lane) atomic_fetch_add(&c->wrong_lane, 1);
  if (part == c->slow_part) nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static void every_part_once_at_any_width(void **state) {
  (void)state;
  hd_ctx *ctx;
  fake f;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  static const int widths[] = {1, 2, 3, 5, 8, 33, 64};
  for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
    for (int cores = 1; cores <= 64; cores *= 4) {
      hd_threads os = table(&f, cores, 1000);
      count c = {.slow_part = -1};
      assert_int_equal(hd_pool_new(ctx, &os, widths[w], &c.pool), HD_OK);
      assert_int_equal(hd_pool_threads(c.pool), widths[w]);
      assert_int_equal(hd_pool_awake(c.pool), widths[w] < cores ? widths[w] : cores);
      for (int round = 0; round < 200; round++) {
        c.slow_part = round % 50 == 0 ? round % widths[w] : -1;
        assert_int_equal(hd_pool_run(c.pool, 1 + round % widths[w], count_one, &c), HD_OK);
      }
      int expected[MOST] = {0};
      for (int round = 0; round < 200; round++)
        for (int p = 0; p <= round % widths[w]; p++) expected[p]++;
      for (int p = 0; p < widths[w]; p++) {
        assert_int_equal(c.of_part[p], expected[p]);
        assert_int_equal(c.plain[p], expected[p]);
      }
      assert_int_equal(c.wrong_lane, 0);
      hd_pool_free(c.pool);
    }
  hd_ctx_free(ctx);
}

static void resized_at_every_region(void **state) {
  (void)state;
  hd_ctx *ctx;
  fake f;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_threads os = table(&f, 16, 100000);
  count c = {.slow_part = -1};
  assert_int_equal(hd_pool_new(ctx, &os, 1, &c.pool), HD_OK);
  static const int widths[] = {3, 1, 8, 2, 2, 5, 16, 1, 40};
  int runs = 0;
  for (int round = 0; round < 90; round++) {
    int width = widths[round % 9];
    assert_int_equal(hd_pool_resize(c.pool, width), HD_OK);
    assert_int_equal(hd_pool_run(c.pool, width, count_one, &c), HD_OK);
    runs++;
  }
  assert_int_equal(c.of_part[0], runs);
  assert_int_equal(c.of_part[39], 10);
  assert_int_equal(c.wrong_lane, 0);
  hd_pool_free(c.pool);
  hd_ctx_free(ctx);
}

static void wrong_numbers_are_refused(void **state) {
  (void)state;
  hd_ctx *ctx;
  hd_pool *pool;
  count c = {.slow_part = -1};
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_int_equal(hd_pool_new(ctx, NULL, 0, &pool), HD_ERR_INPUT);
  assert_null(pool);
  assert_int_equal(hd_pool_new(ctx, NULL, HD_POOL_THREADS_MAX + 1, &pool), HD_ERR_INPUT);
  assert_string_equal(hd_ctx_message(ctx), "1025 threads were asked for; 1 to 1024 are possible");
  assert_int_equal(hd_pool_new(ctx, NULL, 2, &pool), HD_OK);
  assert_int_equal(hd_pool_run(pool, 3, count_one, &c), HD_ERR_BUG);
  assert_int_equal(hd_pool_run(pool, 0, count_one, &c), HD_ERR_BUG);
  hd_pool_free(pool);
  hd_ctx_free(ctx);
}

static void a_refused_thread_is_a_clean_error(void **state) {
  (void)state;
  hd_ctx *ctx;
  hd_pool *pool;
  fake f;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (int granted = 0; granted < 4; granted++) {
    hd_threads os = table(&f, 16, granted);
    assert_int_equal(hd_pool_new(ctx, &os, 5, &pool), HD_ERR_LIMIT);
    assert_null(pool);
    assert_non_null(strstr(hd_ctx_message(ctx), "the system refuses thread"));
  }
  hd_threads os = table(&f, 16, 3);
  count c = {.slow_part = -1};
  assert_int_equal(hd_pool_new(ctx, &os, 3, &pool), HD_OK);
  c.pool = pool;
  assert_int_equal(hd_pool_resize(pool, 6), HD_ERR_LIMIT); /* one more is granted, then none: the old width stays */
  assert_int_equal(hd_pool_threads(pool), 3);
  assert_int_equal(hd_pool_run(pool, 3, count_one, &c), HD_OK);
  for (int p = 0; p < 3; p++) assert_int_equal(c.of_part[p], 1);
  hd_pool_free(pool);
  hd_ctx_free(ctx);
}

/* The clock jumps between two looks, as when a core is taken away; then it stands still. A thread that spun now would spin
 * for ever: all fall asleep at once, because that core is not forgotten yet. The work is done all the same. On a busy
 * machine a thread can miss the jumps; then the clock goes on, and they are tried again. */
static bool fall_asleep_at_once(fake *f, count *c) {
  f->frozen_s = 0;
  for (int round = 0; round < 50; round++) assert_int_equal(hd_pool_run(c->pool, 4, count_one, c), HD_OK);
  f->frozen_s = fake_now(f);
  for (int round = 0; round < 50; round++) assert_int_equal(hd_pool_run(c->pool, 4, count_one, c), HD_OK);
  for (int waited_ms = 0; waited_ms < 500; waited_ms++) {
    if (hd_pool_sleepers(c->pool, 4) == 3) return true;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
  return false;
}

static void a_stolen_core_stops_the_spinning(void **state) {
  (void)state;
  hd_ctx *ctx;
  fake f;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_threads os = table(&f, 16, 100);
  count c = {.slow_part = 1};
  assert_int_equal(hd_pool_new(ctx, &os, 4, &c.pool), HD_OK);
  f.jump_s = 1e-3;
  int tries = 1;
  while (!fall_asleep_at_once(&f, &c) && tries < 20) tries++;
  f.frozen_s = 0; /* whatever follows, nobody spins for ever */
  assert_true(tries < 20);
  for (int p = 0; p < 4; p++) assert_int_equal(c.plain[p], 100 * tries);
  assert_true(f.placed > 0); /* sleeping threads were kept off the caller's CPU */
  hd_pool_free(c.pool);
  hd_ctx_free(ctx);
}

static void set_flush(void *arg, int part, int lane) {
  (void)arg, (void)part;
  if (lane) _mm_setcsr(_mm_getcsr() | 0x8000);
}

static void meet(void *arg, int part, int lane) {
  (void)part, (void)lane;
  atomic_int *here = arg;
  atomic_fetch_add(here, 1);
  while (*here % 2) {}
  set_flush(NULL, part, lane);
}

static void flushing_is_found(void **state) {
  (void)state;
  hd_ctx *ctx;
  fake f;
  count c = {.slow_part = -1};
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_threads os = table(&f, 16, 100);
  assert_int_equal(hd_pool_new(ctx, &os, 2, &c.pool), HD_OK);
  unsigned before = _mm_getcsr();
  static const unsigned bad[] = {0x8000, 0x0040, 0x2000, 0x6000};
  for (int i = 0; i < 4; i++) {
    _mm_setcsr(before | bad[i]);
    hd_status status = hd_pool_run(c.pool, 2, count_one, &c);
    _mm_setcsr(before);
    assert_int_equal(status, HD_ERR_MISSING);
    assert_non_null(strstr(hd_ctx_message(ctx), i < 2 ? "flush small numbers to zero" : "round other than to nearest"));
  }
  assert_int_equal(c.plain[0], 0);
  atomic_int here = 0;
  assert_int_equal(hd_pool_run(c.pool, 2, meet, &here), HD_OK); /* both threads are there; the worker sets its flag */
  bool found = false;
  for (int i = 0; i < 1000 && !found; i++) { /* as soon as that worker takes part again */
    c.slow_part = 0;
    found = hd_pool_run(c.pool, 2, count_one, &c) == HD_ERR_MISSING;
  }
  assert_true(found);
  hd_pool_free(c.pool);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_part_once_at_any_width),     cmocka_unit_test(resized_at_every_region),
      cmocka_unit_test(wrong_numbers_are_refused),        cmocka_unit_test(a_refused_thread_is_a_clean_error),
      cmocka_unit_test(a_stolen_core_stops_the_spinning), cmocka_unit_test(flushing_is_found)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
