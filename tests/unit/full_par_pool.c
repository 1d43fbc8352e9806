/* Half a minute of regions of every kind, one after the other and after pauses around the time at which threads fall
 * asleep: a lost wake-up would hang here, a part done twice or not at all would be counted. hd-label-tsan */
#include "par/exec.h"

#include "base/clock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_BLOCKS = 200 };
static const double seconds = 15;

typedef struct work {
  int64_t plain[MOST_BLOCKS];
  int spin, fail_from;
} work;

static int many_cores(void *self, hd_ctx *ctx) { return (void)self, (void)ctx, 64; }

static hd_status one(hd_run *run, int64_t block, void *arg) {
  work *w = arg;
  w->plain[block]++;
  for (volatile int i = 0; i < w->spin; i++) {}
  if (block < w->fail_from) return HD_OK;
  return hd_raise(run->ctx, HD_ERR_NUMERIC, "block %d", (int)block);
}

static uint64_t draw(uint64_t *state, uint64_t below) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (*state >> 33) % below;
}

static void hammer(bool pretend) {
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_run run = {.ctx = ctx};
  hd_threads os = hd_threads_system();
  if (pretend) os.cores = many_cores;
  assert_int_equal(hd_exec_new_with(ctx, &os, 2, 64, &run.exec), HD_OK);
  uint64_t random = 1, regions = 0;
  hd_clock clock = hd_clock_system();
  double end = clock.steady_s(clock.self) + seconds;
  while (clock.steady_s(clock.self) < end) {
    if (draw(&random, 100) == 0) assert_int_equal(hd_exec_resize(run.exec, 1 + (int)draw(&random, 8)), HD_OK);
    hd_exec_cost(run.exec, draw(&random, 3) ? (double)INFINITY : 0);
    int64_t blocks = (int64_t)draw(&random, MOST_BLOCKS);
    work w = {.spin = draw(&random, 4) ? 0 : (int)draw(&random, 2000), .fail_from = MOST_BLOCKS};
    if (draw(&random, 20) == 0) w.fail_from = (int)draw(&random, MOST_BLOCKS);
    hd_status status = hd_for_blocks(&run, blocks, one, &w);
    if (w.fail_from < blocks) {
      assert_int_equal(status, HD_ERR_NUMERIC);
      assert_int_equal(w.plain[w.fail_from], 1);
    } else assert_int_equal(status, HD_OK);
    for (int64_t b = 0; b < blocks && b < w.fail_from; b++) assert_int_equal(w.plain[b], 1);
    for (int64_t b = blocks; b < MOST_BLOCKS; b++) assert_int_equal(w.plain[b], 0);
    if (draw(&random, 10) == 0) clock.sleep_s(clock.self, 1e-6 * (double)draw(&random, 150));
    regions++;
  }
  print_message("%llu regions\n", (unsigned long long)regions);
  assert_true(regions > 1000);
  hd_exec_free(run.exec);
  hd_ctx_free(ctx);
}

static void all_threads_awake(void **state) { (void)state, hammer(true); }
static void as_many_as_there_are_cores(void **state) { (void)state, hammer(false); }

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(all_threads_awake), cmocka_unit_test(as_many_as_there_are_cores)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
