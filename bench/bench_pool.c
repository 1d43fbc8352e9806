/* heddle's pool beside OpenMP's: an empty region, a region in which all threads meet, both after 5 ms of idling, a region
 * of real work, and eight threads on the cores of this machine. The marks are row 5 of the acceptance table, for two
 * threads on two idle cores.
 *
 * An empty region of the pool may be done by one thread that takes over the parts of the others; "all threads meet" cannot:
 * every part waits for all the others, so it is the true price of bringing two cores together.
 */
#include "bench.h"

#include "par/exec.h"
#include "par/limits.h"
#include "par/pool.h"

#ifdef HD_BENCH_OPENMP
#include "pool_openmp.h"
#endif

enum { BLOCKS = 64, CELLS = 2048 };

typedef struct job {
  hd_pool *pool;
  int threads, rounds; /* rounds: how often each block goes over its cells */
  atomic_int here;
  double cell[BLOCKS][CELLS];
} job;

static void nothing(void *arg, int part, int lane) { (void)arg, (void)part, (void)lane; }

static void meet(void *arg, int part, int lane) {
  job *j = arg;
  (void)part, (void)lane;
  int goal = (atomic_fetch_add(&j->here, 1) / j->threads + 1) * j->threads;
  while (atomic_load_explicit(&j->here, memory_order_acquire) < goal) __builtin_ia32_pause();
}

static void one_block(void *arg, int block) {
  job *j = arg;
  double *x = j->cell[block];
  for (int r = 0; r < j->rounds; r++)
    for (int i = 0; i < CELLS; i++) x[i] = 0.5 * x[i] + 0.25;
}

static void some_blocks(void *arg, int part, int lane) {
  job *j = arg;
  (void)lane;
  for (int b = part * BLOCKS / j->threads; b < (part + 1) * BLOCKS / j->threads; b++) one_block(j, b);
}

static void run(job *j, hd_pool_work *work) {
  if (hd_pool_run(j->pool, j->threads, work, j) != HD_OK) abort();
}
static void pool_empty(void *arg) { run(arg, nothing); }
static void pool_meet(void *arg) { run(arg, meet); }
static void pool_work(void *arg) { run(arg, some_blocks); }

static void serial_work(void *arg) {
  for (int b = 0; b < BLOCKS; b++) one_block(arg, b);
}

#ifdef HD_BENCH_OPENMP
static void peer_empty(void *arg) { omp_empty(((job *)arg)->threads); }
static void peer_meet(void *arg) { omp_meet(((job *)arg)->threads); }
static void peer_work(void *arg) { omp_work(((job *)arg)->threads, BLOCKS, one_block, arg); }
#define PEER(call) (call).best
#else
#define PEER(call) 0
#endif

static void wide(job *j, int threads) {
  j->threads = threads;
  j->here = 0;
  if (hd_pool_resize(j->pool, threads) != HD_OK) abort();
}

static void two_threads(job *j) {
  wide(j, 2);
  double omp = PEER(bench_time(30, 2000, peer_empty, j));
  bench_row("empty region, 2 threads", bench_time(30, 2000, pool_empty, j), "us", 1e6, (bench_mark){2, omp});
  omp = PEER(bench_time(30, 2000, peer_meet, j));
  bench_row("region in which 2 threads meet", bench_time(30, 2000, pool_meet, j), "us", 1e6, (bench_mark){2, omp});
  omp = PEER(bench_after_idle(100, 5e-3, peer_empty, j));
  bench_row("empty region, after 5 ms idle", bench_after_idle(100, 5e-3, pool_empty, j), "us", 1e6,
            (bench_mark){60, omp});
  omp = PEER(bench_after_idle(100, 5e-3, peer_meet, j));
  bench_row("2 threads meet, after 5 ms idle", bench_after_idle(100, 5e-3, pool_meet, j), "us", 1e6,
            (bench_mark){60, omp});
}

/* What hd_for_blocks adds to a step, beside calling the work directly: a road of 100 cells is one block of 0.3 us. */
typedef struct step {
  hd_run run;
  int64_t blocks;
} step;

static hd_status small_block(hd_run *run, int64_t block, void *arg) {
  (void)run, (void)block, (void)arg;
  __asm__ volatile("" ::: "memory");
  return HD_OK;
}

static void region_of_blocks(void *arg) {
  step *s = arg;
  if (hd_for_blocks(&s->run, s->blocks, small_block, NULL) != HD_OK) abort();
}

static void small_steps(hd_ctx *ctx) {
  step s = {.run = {.ctx = ctx}, .blocks = 1};
  if (hd_exec_new(ctx, 2, 0, &s.run.exec) != HD_OK) abort();
  bench_row("hd_for_blocks, one empty block", bench_time(30, 20000, region_of_blocks, &s), "ns", 1e9, (bench_mark){0});
  s.blocks = 8;
  bench_row("hd_for_blocks, 8 empty blocks, 2 threads", bench_time(30, 20000, region_of_blocks, &s), "ns", 1e9,
            (bench_mark){0});
  hd_exec_free(s.run.exec);
}

/* Marks: as fast as OpenMP to 5 %; eight threads at most twice as slow as one thread per core. */
static void real_work(job *j, int cores, int passes) {
  char what[80];
  int rounds = passes == 1 ? 60 : 500,
      repeat = passes == 1 ? 20 : 1; /* some rounds escape what else the machine does */
  j->rounds = passes;
  bench_result one = bench_time(rounds, repeat, serial_work, j);
  snprintf(what, sizeof what, "%.0f us of work, serial", one.best * 1e6);
  bench_row(what, one, "us", 1e6, (bench_mark){0});
  wide(j, cores);
  double omp = PEER(bench_time(rounds, repeat, peer_work, j));
  bench_result fit = bench_time(rounds, repeat, pool_work, j);
  snprintf(what, sizeof what, "  on %d threads, one per core", cores);
  bench_row(what, fit, "us", 1e6, (bench_mark){omp * 1.05e6, omp});
  wide(j, 4 * cores);
  omp = PEER(bench_time(rounds / 5, repeat, peer_work, j));
  snprintf(what, sizeof what, "  on %d threads, four per core", 4 * cores);
  bench_row(what, bench_time(rounds, repeat, pool_work, j), "us", 1e6, (bench_mark){fit.best * 2e6, omp});
}

int main(int argc, char **argv) {
  hd_ctx *ctx;
  job *j = calloc(1, sizeof *j);
  if (!j || hd_ctx_new(&ctx) != HD_OK || hd_pool_new(ctx, NULL, 2, &j->pool) != HD_OK) return 3;
  int cores = hd_limits_read(ctx).cores;
  char title[80];
  snprintf(title, sizeof title, "fork, join, waking; %d cores; the peer is OpenMP", cores);
  bench_begin(argc, argv, "pool", title);
  if (cores >= 2) two_threads(j);
  small_steps(ctx);
  real_work(j, cores, 1);
  real_work(j, cores, 40);
#ifndef HD_BENCH_OPENMP
  bench_note("built without OpenMP: no peer");
#endif
  hd_pool_free(j->pool);
  hd_ctx_free(ctx);
  free(j);
  return bench_end();
}
