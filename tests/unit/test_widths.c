/* Who gets which cores while a study goes on: few members share all of them, many get one each, and what becomes free at
 * the end goes to those that run. */
#include "study/queue/widths.h"
#include "study/study_inside.h"
#include "study_case.h"

#include <math.h>
#include <unistd.h>

typedef struct world {
  hd_ctx *ctx;
  hd_case *base;
  hd_study_spec spec;
  hd_study *study;
  hd_queue queue;
  hd_widths widths;
  char folder[64];
} world;

static int widened[64]; /* by member */

static void widen(void *self, int64_t member, int threads) {
  (void)self;
  widened[member] = threads;
}

static const hd_workers recorder = {.name = "recorder", .widen = widen};

/* `count` roads of 100,000 cells, the first perhaps 20 times as long in time, on so many cores. */
static void begin(world *w, int count, int cores, bool one_long) {
  char text[1000];
  hd_study_options options = {.folder = w->folder};
  memset(w, 0, sizeof *w);
  memset(widened, 0, sizeof widened);
  strcpy(w->folder, "/tmp/heddle-widths-XXXXXX");
  assert_non_null(mkdtemp(w->folder));
  options.folder = w->folder;
  char list[600] = "";
  for (int i = 0; i < count; i++)
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%d s", i ? ", " : "", one_long && !i ? 200 : 10);
  snprintf(text, sizeof text,
           "solver: traffic\nroad: {length: 1000 km, cells: 100000, quality: 3}\n"
           "initial: {kind: equilibrium, state: {motorcycles: 50 veh/km, cars: 20 veh/km}}\n"
           "boundary: ring\ntime: {end: 10 s}\n"
           "sweep: {zip: {time.end: [%s], seed: {from: 1, to: %d, count: %d}}}\n",
           list, count, count);
  assert_int_equal(hd_ctx_new(&w->ctx), HD_OK);
  if (hd_case_load_text(w->ctx, "roads", text, strlen(text), NULL, &w->base) != HD_OK)
    fail_msg("%s", hd_ctx_message(w->ctx));
  study_case_read(w->base, &w->spec);
  w->study = study_case_open(w->base, &w->spec, &options);
  assert_int_equal(hd_plan_place_read(w->ctx, &w->study->place), HD_OK);
  w->study->place.limits.cores = cores;
  w->study->place.machine = hd_machine_usual(cores);
  assert_int_equal(hd_queue_make(w->study, &w->queue), HD_OK);
  assert_int_equal(hd_widths_begin(&w->widths, w->study, &w->queue, count < cores ? count : cores), HD_OK);
}

static void end(world *w) {
  hd_widths_free(&w->widths);
  hd_queue_free(&w->queue);
  hd_study_close(w->study);
  hd_case_free(w->base);
  hd_folder_remove(w->ctx, w->folder);
  hd_ctx_free(w->ctx);
}

/* As the study does: starts as many as may, then spreads what nobody can take. Returns the cores of those that started. */
static int start(world *w, int64_t *started, int64_t *count) {
  int threads, sum = 0;
  int64_t member;
  *count = 0;
  while (*count < 8 && hd_widths_may_start(&w->widths) && hd_queue_take(&w->queue, &member)) {
    assert_int_equal(hd_widths_started(&w->widths, member, &threads), HD_OK);
    widened[member] = threads;
    started[(*count)++] = member;
    sum += threads;
  }
  assert_int_equal(hd_widths_spread(&w->widths, &recorder, NULL), HD_OK);
  return sum;
}

static void finish(world *w, int64_t member) {
  hd_queue_leave(&w->queue, member, 0);
  hd_widths_ended(&w->widths, member);
  if (!hd_queue_waits(&w->queue)) assert_int_equal(hd_widths_spread(&w->widths, &recorder, NULL), HD_OK);
}

static void few_members_share_the_cores(void **state) {
  (void)state;
  world w;
  int64_t started[8], count;
  begin(&w, 3, 8, false);
  assert_int_equal(start(&w, started, &count), 8);
  assert_int_equal(count, 3);
  finish(&w, started[0]);
  assert_int_equal(widened[started[1]] + widened[started[2]], 8);
  assert_int_equal(widened[started[1]], 4);
  finish(&w, started[2]);
  assert_int_equal(widened[started[1]], 7); /* 49 blocks: seven rounds, with 8 as with 7 */
  finish(&w, started[1]);
  end(&w);
}

static void many_get_one_each(void **state) {
  (void)state;
  world w;
  int64_t started[8], count;
  begin(&w, 6, 4, false);
  assert_int_equal(start(&w, started, &count), 6); /* two of them are fed ahead */
  for (int i = 0; i < 6; i++) assert_int_equal(widened[started[i]], 1);
  for (int i = 0; i < 4; i++) finish(&w, started[i]);
  assert_int_equal(widened[started[4]], 2);
  assert_int_equal(widened[started[5]], 2);
  finish(&w, started[4]);
  assert_int_equal(widened[started[5]], 4);
  end(&w);
}

static void a_long_one_begins_with_several(void **state) {
  (void)state;
  world w;
  int64_t started[8], count;
  begin(&w, 9, 4, true);
  assert_int_equal(start(&w, started, &count), 4);
  assert_int_equal(widened[started[0]], 3); /* 20 of 28 */
  assert_int_equal(count, 2);
  finish(&w, started[1]);
  assert_int_equal(start(&w, started + 1, &count), 1); /* the core goes to the next that waits */
  assert_int_equal(count, 1);
  assert_int_equal(widened[started[0]], 3);
  end(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(few_members_share_the_cores), cmocka_unit_test(many_get_one_each),
                                     cmocka_unit_test(a_long_one_begins_with_several)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
