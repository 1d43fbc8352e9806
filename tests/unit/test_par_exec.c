/* Blocks on threads as a solver sees them: the lowest failure with its message, scratch memory, nesting refused, stop,
 * batch, widths changed at every region, ranks. hd-label-tsan */
#include "par/exec.h"

#include "par/sum.h"

#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int widths[] = {1, 2, 3, 5, 8};
enum { WIDTHS = 5, BLOCKS = 103 };

static int many_cores(void *self, hd_ctx *ctx) { return (void)self, (void)ctx, 64; }

/* A run on so many threads that are all awake, whose regions are always spread. */
static hd_run run_of(hd_ctx *ctx, int threads, size_t per_thread) {
  hd_run run = {.ctx = ctx};
  hd_threads os = hd_threads_system();
  os.cores = many_cores;
  assert_int_equal(hd_exec_new_with(ctx, &os, threads, per_thread, &run.exec), HD_OK);
  hd_exec_cost(run.exec, (double)INFINITY);
  return run;
}

static hd_status square(hd_run *run, int64_t block, void *arg) {
  (void)run;
  ((double *)arg)[block] += (double)(block * block);
  return HD_OK;
}

static void each_block_once(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (int w = 0; w < WIDTHS; w++) {
    hd_run run = run_of(ctx, widths[w], 0);
    for (int64_t blocks = 0; blocks < 40; blocks++) {
      double x[40] = {0};
      for (int again = 0; again < 3; again++) assert_int_equal(hd_for_blocks(&run, blocks, square, x), HD_OK);
      for (int64_t b = 0; b < 40; b++) assert_true(x[b] == (b < blocks ? 3.0 * (double)(b * b) : 0));
    }
    hd_exec_free(run.exec);
  }
  hd_ctx_free(ctx);
}

static void width_changes_at_every_region(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_run run = run_of(ctx, 1, 100);
  double x[BLOCKS] = {0};
  for (int round = 0; round < 100; round++) {
    int width = widths[round % WIDTHS];
    assert_int_equal(hd_exec_resize(run.exec, width), HD_OK);
    assert_int_equal(hd_exec_threads(run.exec), width);
    assert_int_equal(hd_for_blocks(&run, BLOCKS, square, x), HD_OK);
  }
  for (int64_t b = 0; b < BLOCKS; b++) assert_true(x[b] == 100.0 * (double)(b * b));
  assert_int_equal(hd_exec_resize(run.exec, 0), HD_ERR_INPUT);
  assert_int_equal(hd_exec_threads(run.exec), widths[99 % WIDTHS]);
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
}

/* Whether the cost is learned, given small or given large: the same blocks run. */
static void every_way_to_decide_runs_all_blocks(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  static const double costs[] = {0, 1e-9, 1e-6, 1};
  for (int i = 0; i < 4; i++) {
    hd_run run = run_of(ctx, 3, 0);
    hd_exec_cost(run.exec, costs[i]);
    double x[BLOCKS] = {0};
    for (int round = 0; round < 500; round++) assert_int_equal(hd_for_blocks(&run, BLOCKS, square, x), HD_OK);
    for (int64_t b = 0; b < BLOCKS; b++) assert_true(x[b] == 500.0 * (double)(b * b));
    hd_exec_free(run.exec);
  }
  hd_ctx_free(ctx);
}

/* -- serial or wide, by a clock of the test's own ----------------------------------------------------------------------- */

typedef struct pretended {
  double at_s, step_s; /* the time, and by how much each look at it moves it on: what a region seems to take */
  int wakes;
} pretended;

static double pretended_clock(void *self) {
  pretended *p = self;
  return p->at_s += p->step_s;
}

static int two_cores(void *self, hd_ctx *ctx) { return (void)self, (void)ctx, 2; }
static double real_now(void *self) { return (void)self, hd_threads_system().now_s(NULL); }
static int count_wakes(void *self) {
  return ((pretended *)self)->wakes++, -1;
} /* asked only before threads are woken */

/* The number of the first of 200 regions that was spread although the other thread slept; 0: none. */
static int first_wide(double region_s, int blocks) {
  hd_ctx *ctx;
  pretended p = {.step_s = region_s};
  hd_clock clock = hd_clock_system();
  clock.self = &p;
  clock.steady_s = pretended_clock;
  hd_threads os = hd_threads_system();
  os.self = &p, os.cores = two_cores, os.now_s = real_now, os.cpu = count_wakes;
  hd_run run = {0};
  assert_int_equal(hd_ctx_new_with(NULL, NULL, &clock, &ctx), HD_OK);
  run.ctx = ctx;
  assert_int_equal(hd_exec_new_with(ctx, &os, 2, 0, &run.exec), HD_OK);
  hd_machine m = hd_machine_usual(2);
  m.sync_s[1] = 1e-6, m.wake_s[1] = 50e-6;
  hd_exec_machine(run.exec, &m);
  hd_clock_system().sleep_s(NULL, 60e-3); /* the other thread falls asleep */
  double x[BLOCKS] = {0};
  int first = 0;
  for (int i = 1; i <= 200 && !first; i++) {
    assert_int_equal(hd_for_blocks(&run, blocks, square, x), HD_OK);
    if (p.wakes) first = i;
  }
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
  return first;
}

static void small_regions_stay_serial(void **state) {
  (void)state;
  assert_int_equal(first_wide(1e-6, 10), 0);
  assert_int_equal(first_wide(19e-6, 10), 0);  /* less than 20 x sync */
  assert_int_equal(first_wide(300e-6, 1), 0);  /* one block */
  assert_int_equal(first_wide(300e-6, 10), 2); /* the first one is timed; 4 x wake is 200 us */
  assert_int_equal(first_wide(60e-6, 10), 5);  /* four of them add up to that */
}

typedef struct fails {
  int64_t from, every;
  bool silent;
  atomic_int *here;
} fails;

/* All threads are in the region, each in its own part, before anyone goes on; the lowest part goes last. */
static void meet(hd_run *run, int64_t block, atomic_int *here) {
  int width = hd_exec_threads(run->exec);
  for (int part = 0; part < width; part++) {
    if (block != hd_part_first(BLOCKS, width, part)) continue;
    atomic_fetch_add(here, 1);
    while (atomic_load(here) < width) sched_yield();
    if (part == 0 && width > 1) hd_clock_system().sleep_s(NULL, 1e-3);
  }
}

static hd_status fail_some(hd_run *run, int64_t block, void *arg) {
  fails *f = arg;
  if (f->here) meet(run, block, f->here);
  if (block < f->from || (block - f->from) % f->every) return HD_OK;
  if (f->silent) return HD_ERR_NUMERIC;
  hd_status s = hd_raise(run->ctx, HD_ERR_NUMERIC, "density is not a number in block %d", (int)block);
  return hd_while(run->ctx, s, "in the test");
}

static void the_lowest_failure_is_told(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (int w = 0; w < WIDTHS; w++) {
    hd_run run = run_of(ctx, widths[w], 0);
    for (int64_t from = 0; from < BLOCKS; from += 17)
      for (int64_t every = 1; every < 40; every += 19) {
        atomic_int here = 0;
        fails f = {from, every, false, &here};
        char expected[100];
        snprintf(expected, sizeof expected, "density is not a number in block %d\n  while in the test", (int)from);
        assert_int_equal(hd_for_blocks(&run, BLOCKS, fail_some, &f), HD_ERR_NUMERIC);
        assert_string_equal(hd_ctx_message(ctx), expected);
      }
    atomic_int here = 0;
    fails silent = {101, 1, true, &here}; /* no message: never that of an older failure on the same thread */
    assert_int_equal(hd_for_blocks(&run, BLOCKS, fail_some, &silent), HD_ERR_NUMERIC);
    if (widths[w] > 1) assert_string_equal(hd_ctx_message(ctx), "block 101: not a number, or no convergence");
    hd_exec_free(run.exec);
  }
  hd_ctx_free(ctx);
}

/* Thread 1 comes too late, so thread 2, whose own part failed, takes over a part that fails lower. */
typedef struct late {
  hd_threads real;
  int made;
} late;

typedef struct late_body {
  void *(*body)(void *);
  void *arg;
} late_body;

static void *begin_late(void *arg) {
  late_body mine = *(late_body *)arg;
  hd_clock_system().sleep_s(NULL, 0.1);
  return mine.body(mine.arg);
}

static int create_late(void *self, void *(*body)(void *), void *arg, pthread_t *out) {
  late *l = self;
  static late_body first;
  if (l->made++) return l->real.create(NULL, body, arg, out);
  first = (late_body){body, arg};
  return l->real.create(NULL, begin_late, &first, out);
}

static hd_status fail_high_first(hd_run *run, int64_t block, void *arg) {
  atomic_int *high_failed = arg;
  if (block == 0) /* the caller's part lasts until both have failed */
    for (int ms = 0; ms < 5000 && atomic_load(high_failed) < 2; ms++) hd_clock_system().sleep_s(NULL, 1e-3);
  if (block != 4 && block != 7) return HD_OK;
  atomic_fetch_add(high_failed, 1);
  return hd_raise(run->ctx, HD_ERR_NUMERIC, "block %d", (int)block);
}

static void a_part_taken_over_fails_lower(void **state) {
  (void)state;
  hd_ctx *ctx;
  late l = {.real = hd_threads_system()};
  hd_threads os = l.real;
  os.self = &l, os.create = create_late, os.cores = many_cores;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_run run = {.ctx = ctx};
  assert_int_equal(hd_exec_new_with(ctx, &os, 3, 0, &run.exec), HD_OK);
  hd_exec_cost(run.exec, (double)INFINITY);
  atomic_int high_failed = 0;
  assert_int_equal(hd_for_blocks(&run, 9, fail_high_first, &high_failed), HD_ERR_NUMERIC);
  assert_int_equal(high_failed, 2);
  assert_string_equal(hd_ctx_message(ctx), "block 4");
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
}

static hd_status use_scratch(hd_run *run, int64_t block, void *arg) {
  int64_t *a;
  char *b;
  void *at;
  HD_TRY(hd_scratch(run, 100 * sizeof *a, &at));
  a = at;
  HD_TRY(hd_scratch(run, 5, &at));
  b = at;
  if ((uintptr_t)a % 64 || (uintptr_t)b % 64) return hd_raise(run->ctx, HD_ERR_BUG, "not aligned");
  for (int i = 0; i < 100; i++) a[i] = block * 100 + i;
  memset(b, 1, 5);
  if (arg) meet(run, block, arg);
  for (int i = 0; i < 100; i++)
    if (a[i] != block * 100 + i) return hd_raise(run->ctx, HD_ERR_BUG, "another block wrote here");
  return HD_OK;
}

static hd_status use_too_much(hd_run *run, int64_t block, void *arg) {
  (void)block, (void)arg;
  void *at;
  return hd_scratch(run, 100000, &at);
}

static void scratch_is_the_threads_own(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (int w = 0; w < WIDTHS; w++) {
    hd_run run = run_of(ctx, widths[w], 805);
    for (int round = 0; round < 50; round++) {
      atomic_int here = 0;
      assert_int_equal(hd_for_blocks(&run, BLOCKS, use_scratch, round % 5 ? NULL : &here), HD_OK);
    }
    assert_int_equal(hd_for_blocks(&run, 7, use_too_much, NULL), HD_ERR_BUG);
    assert_string_equal(hd_ctx_message(ctx),
                        "a block asks for 100000 bytes of scratch beside 0, but plan.per_thread is 805");
    void *at;
    assert_int_equal(hd_scratch(&run, 8, &at), HD_ERR_BUG);
    assert_non_null(strstr(hd_ctx_message(ctx), "outside a block"));
    hd_exec_free(run.exec);
  }
  hd_ctx_free(ctx);
}

static hd_status nested(hd_run *run, int64_t block, void *arg) {
  double x[4];
  if (arg && block == 1) return hd_exec_resize(run->exec, 2);
  return block == 1 ? hd_for_blocks(run, 4, square, x) : HD_OK;
}

static void nesting_is_refused(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (int w = 0; w < WIDTHS; w++) {
    hd_run run = run_of(ctx, widths[w], 0);
    assert_int_equal(hd_for_blocks(&run, 2, nested, NULL), HD_ERR_BUG);
    assert_string_equal(hd_ctx_message(ctx), "hd_for_blocks was called inside a block of another region");
    assert_int_equal(hd_for_blocks(&run, 2, nested, ctx), HD_ERR_BUG);
    assert_string_equal(hd_ctx_message(ctx), "the number of threads was changed inside a block");
    double x[4] = {0};
    assert_int_equal(hd_for_blocks(&run, 4, square, x), HD_OK); /* and the exec is as before */
    hd_exec_free(run.exec);
  }
  hd_ctx_free(ctx);
}

static hd_status until_stopped(hd_run *run, int64_t block, void *arg) {
  if (block == 0) atomic_store((atomic_int *)arg, 1);
  while (!hd_stopping(run)) {}
  return HD_STOPPED;
}

static void stop_is_seen_inside_blocks(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_run run = run_of(ctx, 3, 0);
  atomic_int flag = 0;
  assert_false(hd_stopping(&run));
  hd_exec_stop_flag(run.exec, &flag);
  assert_false(hd_stopping(&run));
  assert_int_equal(hd_for_blocks(&run, 9, until_stopped, &flag), HD_STOPPED);
  assert_true(hd_stopping(&run));
  hd_exec_stop_flag(run.exec, NULL);
  assert_false(hd_stopping(&run));
  assert_int_equal(hd_batch(&run), 12);
  hd_exec_batch(run.exec, 100);
  assert_int_equal(hd_batch(&run), 100);
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
}

/* -- memory that fails at the n-th call --------------------------------------------------------------------------------- */

typedef struct short_memory {
  hd_memory real;
  int left;
  int64_t out;
} short_memory;

static void *take_some(void *self, size_t bytes) {
  short_memory *m = self;
  void *at = m->left-- > 0 ? m->real.take(m->real.self, bytes) : NULL;
  if (at) m->out++;
  return at;
}
static void give_some(void *self, void *at, size_t bytes) {
  short_memory *m = self;
  if (at) m->out--;
  m->real.give(m->real.self, at, bytes);
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  short_memory m = {.real = hd_memory_system()};
  int calls = 0;
  for (bool done = false; !done; calls++) {
    hd_ctx *ctx;
    hd_exec *exec;
    m.left = 1 + calls;
    hd_memory table = {&m, take_some, give_some};
    assert_int_equal(hd_ctx_new_with(&table, NULL, NULL, &ctx), HD_OK);
    hd_status status = hd_exec_new(ctx, 2, 100, &exec);
    if (status == HD_OK) {
      status = hd_exec_resize(exec, 4);
      assert_int_equal(hd_exec_threads(exec), status == HD_OK ? 4 : 2);
      done = status == HD_OK;
      hd_exec_free(exec);
    }
    if (status != HD_OK) assert_int_equal(status, HD_ERR_MEMORY);
    hd_ctx_free(ctx);
    assert_int_equal(m.out, 0);
  }
  assert_true(calls > 15);
}

/* -- three ranks: three threads, each with a run, that meet in a table made of plain memory ------------------------------ */

enum { RANKS = 3 };
typedef struct hub {
  pthread_barrier_t barrier;
  const void *mine[RANKS];
  hd_status status[RANKS];
  hd_problem problem[RANKS];
} hub;
typedef struct seat {
  hub *hub;
  int rank;
  double sum, least;
  int64_t rows;
  hd_status agreed;
  char text[100];
} seat;

static hd_status seat_gather(void *self, hd_ctx *ctx, const void *mine, void *all, const size_t *first) {
  (void)ctx;
  seat *s = self;
  s->hub->mine[s->rank] = mine;
  pthread_barrier_wait(&s->hub->barrier);
  for (int r = 0; r < RANKS; r++)
    if (first[r + 1] > first[r]) memcpy((char *)all + first[r], s->hub->mine[r], first[r + 1] - first[r]);
  pthread_barrier_wait(&s->hub->barrier);
  return HD_OK;
}

static hd_status seat_agree(void *self, hd_ctx *ctx, hd_status mine) {
  seat *s = self;
  s->hub->status[s->rank] = mine;
  hd_problem_take(ctx, &s->hub->problem[s->rank]);
  pthread_barrier_wait(&s->hub->barrier);
  hd_status all = HD_OK;
  for (int r = RANKS - 1; r >= 0; r--)
    if (s->hub->status[r] != HD_OK) {
      all = s->hub->status[r];
      hd_problem_put(ctx, &s->hub->problem[r]);
    }
  pthread_barrier_wait(&s->hub->barrier);
  return all;
}

static hd_status third(hd_run *run, int64_t block, void *arg) {
  (void)run;
  ((double *)arg)[block] = 1.0 / (3.0 + (double)block);
  return HD_OK;
}

static void *rank_body(void *arg) {
  seat *s = arg;
  hd_ctx *ctx;
  hd_ctx_new(&ctx);
  hd_run run = {.ctx = ctx};
  hd_exec_new(ctx, 1 + s->rank, 0, &run.exec);
  hd_comm comm = hd_comm_none();
  comm.self = s, comm.rank = s->rank, comm.size = RANKS, comm.gather = seat_gather, comm.agree = seat_agree;
  hd_exec_comm(run.exec, &comm);
  double x[1000] = {0};
  hd_for_blocks(&run, 1000, third, x);
  s->sum = hd_sum(&run, x, 1000);
  s->least = hd_min(&run, x, 1000);
  int64_t mine[2] = {10 * s->rank, 10 * s->rank + 1}, n;
  void *all;
  if (hd_gather(&run, mine, sizeof *mine, s->rank, &all, &n) == HD_OK) /* rank r brings r rows */
    for (int64_t i = 0; i < n; i++) s->rows = 100 * s->rows + ((int64_t *)all)[i];
  fails f = {500, 1, false, NULL};
  s->agreed = hd_for_blocks(&run, 1000, fail_some, &f);
  snprintf(s->text, sizeof s->text, "%s", hd_ctx_message(ctx));
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
  return NULL;
}

static void ranks_see_one_result(void **state) {
  (void)state;
  hub h = {0};
  seat seats[RANKS];
  pthread_t thread[RANKS];
  pthread_barrier_init(&h.barrier, NULL, RANKS);
  for (int r = 0; r < RANKS; r++) {
    seats[r] = (seat){.hub = &h, .rank = r};
    assert_int_equal(pthread_create(&thread[r], NULL, rank_body, &seats[r]), 0);
  }
  for (int r = 0; r < RANKS; r++) pthread_join(thread[r], NULL);
  pthread_barrier_destroy(&h.barrier);
  double x[1000];
  for (int64_t b = 0; b < 1000; b++) third(NULL, b, x);
  for (int r = 0; r < RANKS; r++) {
    assert_true(seats[r].sum == hd_sum_values(x, 1000));
    assert_true(seats[r].least == x[999]);
    assert_int_equal(seats[r].rows, 102021);
    assert_int_equal(seats[r].agreed, HD_ERR_NUMERIC);
    assert_string_equal(seats[r].text, "density is not a number in block 500\n  while in the test");
  }
}

static void one_rank_and_no_device(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_run run = run_of(ctx, 2, 0);
  const hd_comm *comm = hd_exec_comm_of(run.exec);
  assert_int_equal(comm->size, 1);
  assert_int_equal(comm->barrier(comm->self, ctx), HD_OK);
  assert_int_equal(comm->broadcast(comm->self, ctx, 0, NULL, 0), HD_OK);
  assert_int_equal(comm->broadcast(comm->self, ctx, 1, NULL, 0), HD_ERR_BUG);
  assert_int_equal(comm->exchange(comm->self, ctx, NULL, 1), HD_ERR_BUG);
  assert_int_equal(hd_halo(&run, 0, 1), HD_OK);
  assert_int_equal(hd_share(&run, 0), HD_OK);
  void *all;
  int64_t n;
  assert_int_equal(hd_gather(&run, "abcdef", 2, 3, &all, &n), HD_OK);
  assert_int_equal(n, 3);
  assert_memory_equal(all, "abcdef", 6);
  hd_device device;
  assert_int_equal(hd_device_open(ctx, "none", NULL, &device), HD_OK);
  assert_string_equal(device.name, "");
  hd_device_close(&device);
  static const char *const asked[] = {"gpu", "cuda:", "cuda:x", "cuda", "cuda:3"};
  for (int i = 0; i < 5; i++) {
    assert_int_equal(hd_device_open(ctx, asked[i], "/nowhere", &device), HD_ERR_MISSING);
    assert_int_equal(strncmp(hd_ctx_message(ctx), "no device: ", 11), 0);
  }
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_block_once),
                                     cmocka_unit_test(width_changes_at_every_region),
                                     cmocka_unit_test(every_way_to_decide_runs_all_blocks),
                                     cmocka_unit_test(small_regions_stay_serial),
                                     cmocka_unit_test(the_lowest_failure_is_told),
                                     cmocka_unit_test(a_part_taken_over_fails_lower),
                                     cmocka_unit_test(scratch_is_the_threads_own),
                                     cmocka_unit_test(nesting_is_refused),
                                     cmocka_unit_test(stop_is_seen_inside_blocks),
                                     cmocka_unit_test(every_allocation_may_fail),
                                     cmocka_unit_test(ranks_see_one_result),
                                     cmocka_unit_test(one_rank_and_no_device)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
