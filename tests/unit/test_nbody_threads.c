/* nbody on three threads gives the bits of one: each way in which its work is cut into blocks. hd-label-tsan */
#include "run/outcome.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* More than two tiles of 256, no multiple of one. */
#define CLUSTER                                                                                                        \
  "solver: nbody\n"                                                                                                    \
  "preset: milky_way_2014\n"                                                                                           \
  "bodies:\n"                                                                                                          \
  "  cluster: {type: plummer, count: 600, mass: 6e4 Msun, scale_radius: 20 pc, place: {position: 8 0 0 kpc,\n"         \
  "            velocity: 0 220 0 km/s}}\n"                                                                             \
  "  dust: {type: circle, count: 77, radius: 7 kpc, speed: 220 km/s}\n"                                                \
  "output: {snapshots: 2, ledger: 3, figures: [], components: true}\n"
/* More than two blocks of 1024, and one that cannot be followed. */
#define ORBITS                                                                                                         \
  "solver: nbody\n"                                                                                                    \
  "potential: {hole: {type: point, mass: 1e11 Msun}}\n"                                                                \
  "gravity: {self: false}\n"                                                                                           \
  "bodies: {ring: {type: circle, count: 2100, radius: 8 kpc, speed: 200 km/s},\n"                                      \
  "         lost: {type: particles, position: [1e-9 0 0 kpc]}}\n"                                                      \
  "output: {snapshots: 2, ledger: 3, figures: []}\n"

static void digest_of(hd_ctx *ctx, const char *yaml, int threads, char digest[HD_HASH_HEX]) {
  hd_case *kase;
  hd_running *running = NULL;
  hd_outcome outcome;
  hd_running_options options = {.threads = threads};
  hd_status status = hd_case_load_text(ctx, "cluster.yaml", yaml, strlen(yaml), NULL, &kase);
  if (status == HD_OK) status = hd_running_new(kase, &options, &running);
  if (status != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  assert_int_equal(hd_exec_threads(running->run.exec), threads);
  status = hd_running_advance(running, INFINITY);
  if (status == HD_OK) status = hd_running_finish(running);
  if (status == HD_OK) status = hd_outcome_collect(running, &outcome);
  if (status != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  memcpy(digest, outcome.digest, HD_HASH_HEX);
  hd_outcome_free(&outcome);
  hd_running_free(running);
  hd_case_free(kase);
}

static void same_on_three(const char *yaml) {
  hd_ctx *ctx;
  char one[HD_HASH_HEX], three[HD_HASH_HEX];
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  digest_of(ctx, yaml, 1, one);
  digest_of(ctx, yaml, 3, three);
  assert_string_equal(one, three);
  hd_ctx_free(ctx);
}

static void leapfrog(void **state) {
  (void)state;
  same_on_three(CLUSTER "time: {end: 2 Myr, steps: 4}\n");
}

static void single_precision(void **state) {
  (void)state;
  same_on_three(CLUSTER "time: {end: 2 Myr, steps: 2}\nnumerics: {integrator: rk4, precision: single}\n");
}

static void steps_of_their_own(void **state) {
  (void)state;
  same_on_three(CLUSTER "time: {end: 0.1 Myr}\nnumerics: {integrator: ias15}\n");
  same_on_three(CLUSTER "time: {end: 0.1 Myr}\nnumerics: {integrator: dop853, tolerance: 1e-6}\n");
}

static void orbits(void **state) {
  (void)state;
  same_on_three(ORBITS "time: {end: 20 Myr, steps: 20}\n");
  same_on_three(ORBITS "time: {end: 20 Myr}\nnumerics: {integrator: dop853, max_steps: 100}\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(leapfrog), cmocka_unit_test(single_precision),
                                     cmocka_unit_test(steps_of_their_own), cmocka_unit_test(orbits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
