/* The decision how many threads a run gets, on machines of 1 to 128 cores with given constants, and those machines as
 * hwloc describes them. What is tested is the decision, not a time. */
#include "par/cost.h"

#include "par/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int cores_of[] = {1, 2, 3, 4, 6, 8, 16, 24, 32, 48, 64, 96, 128};
enum { MACHINES = sizeof cores_of / sizeof *cores_of };

/* Synchronisation a + b p, memory full with `full` threads. */
static hd_machine machine_of(int cores, double a, double b, double one_bandwidth, double full) {
  hd_machine m = hd_machine_usual(cores);
  for (int w = 0; w < m.widths; w++) {
    m.sync_s[w] = w ? a + b * m.threads[w] : 0;
    m.bandwidth[w] = one_bandwidth * (m.threads[w] < full ? m.threads[w] : full);
  }
  return m;
}

/* Over a grid of runs the choice is within 10 % of the best fixed number, and within 2 % of serial where that is best. */
static void the_choice_is_near_the_best_fixed_number(void **state) {
  (void)state;
  int serial = 0, wide = 0, cases = 0;
  for (int i = 0; i < MACHINES; i++)
    for (int kind = 0; kind < 3; kind++) {
      hd_machine m = kind == 0   ? machine_of(cores_of[i], 0.5e-6, 0.05e-6, 20e9, 4)
                     : kind == 1 ? machine_of(cores_of[i], 3e-6, 0.5e-6, 10e9, 8)
                                 : hd_machine_usual(cores_of[i]);
      for (double work = 1e-6; work < 1e4; work *= 40)
        for (double regions = 1; regions < 1e7; regions *= 100)
          for (int64_t blocks = 1; blocks < 100000; blocks = blocks * 9 + 1)
            for (int bytes = 0; bytes < 2; bytes++) {
              hd_work w = {0.01 * work, work, regions, bytes ? work * 5e9 : 0, blocks};
              hd_cost_choice c = hd_cost_choose(&m, &w, cores_of[i]);
              double best = hd_cost_seconds(&m, &w, 1);
              for (int p = 2; p <= cores_of[i]; p++) {
                double t = hd_cost_seconds(&m, &w, p), region = (hd_cost_seconds(&m, &w, 1) - w.serial_s) / regions;
                if (t < best && p <= blocks && region >= 20 * hd_machine_sync(&m, p)) best = t;
              }
              cases++;
              serial += c.threads == 1;
              wide += c.threads > 1 && c.threads == cores_of[i];
              assert_in_range(c.threads, 1, cores_of[i]);
              assert_true(c.threads <= blocks);
              assert_true(c.seconds <= 1.02 * best);
              assert_true(c.seconds <= 1.02 * c.serial_seconds);
              assert_true(c.seconds == hd_cost_seconds(&m, &w, c.threads));
            }
    }
  assert_true(serial > cases / 10 && wide > cases / 100); /* both happen */
}

/* Where regions that are too small are left out, the loss against the best of all fixed numbers stays within 10 %. */
static void the_rule_of_twenty_costs_little(void **state) {
  (void)state;
  hd_machine m = machine_of(2, 2e-6, 0, 20e9, 2);
  for (double region = 1e-6; region < 1e-2; region *= 1.1) {
    hd_work w = {0, 1e4 * region, 1e4, 0, 64};
    hd_cost_choice c = hd_cost_choose(&m, &w, 2);
    assert_int_equal(c.threads, region < 20 * 2e-6 ? 1 : 2);
  }
}

static void plain_cases(void **state) {
  (void)state;
  hd_machine m = machine_of(16, 1e-6, 0.1e-6, 10e9, 4);
  hd_work large = {0, 100, 1000, 0, 10000}, tiny = {0, 3e-6, 10, 0, 2}, five = {0, 100, 10, 0, 5},
          memory = {0, 1e-3, 10, 1e11, 10000};
  assert_int_equal(hd_cost_choose(&m, &large, 16).threads, 16);
  assert_int_equal(hd_cost_choose(&m, &large, 3).threads, 3);
  assert_int_equal(hd_cost_choose(&m, &tiny, 16).threads, 1);
  assert_int_equal(hd_cost_choose(&m, &five, 16).threads, 5);
  assert_int_equal(hd_cost_choose(&m, &five, 4).threads,
                   3); /* five blocks in two rounds: the fourth thread does nothing */
  assert_int_equal(hd_cost_choose(&m, &memory, 16).threads, 4);
  hd_work none = {0};
  assert_int_equal(hd_cost_choose(&m, &none, 16).threads, 1);
  assert_true(hd_cost_choose(&m, &none, 16).seconds == 0);
}

static void synthetic_machines(void **state) {
  (void)state;
  hd_ctx *ctx;
  hd_topology t;
  char words[100], text[200];
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (int i = 0; i < MACHINES; i++) {
    snprintf(words, sizeof words, "pack:1 numa:1 l3:1 l2:%d core:1 pu:2", cores_of[i]);
    assert_int_equal(hd_topology_read(ctx, words, &t), HD_OK);
    assert_int_equal(t.cores, cores_of[i]);
    assert_int_equal(t.threads, 2 * cores_of[i]);
    assert_int_equal(t.l3.cores, cores_of[i]);
    assert_int_equal(t.l2.cores, 1);
    hd_machine m = hd_machine_usual(t.cores);
    hd_work large = {0, 1e4, 100, 0, 1 << 20};
    assert_int_equal(hd_cost_choose(&m, &large, t.cores).threads > t.cores / 2, 1);
  }
  assert_int_equal(
      hd_topology_read(ctx, "pack:2 [numa(memory=1GiB)] l3:4(size=32MiB) l2:8(size=1MiB) l1d:1(size=32KiB) core:1 pu:2",
                       &t),
      HD_OK);
  hd_topology_text(&t, text, sizeof text);
  assert_string_equal(
      text, "2 packages, 2 NUMA nodes, 64 cores, 128 threads, L1 32 KiB, L2 1 MiB, L3 32 MiB for 8 cores, 2 GiB");
  hd_topology_text(&t, text, 20);
  assert_true(strlen(text) < 20);
  assert_int_equal(hd_topology_read(ctx, "a toaster", &t), HD_ERR_INPUT);
  assert_string_equal(hd_ctx_message(ctx), "'a toaster' describes no machine");
  assert_int_equal(hd_topology_read(ctx, NULL, &t), HD_OK);
  assert_true(t.cores >= 1 && t.threads >= t.cores);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_choice_is_near_the_best_fixed_number),
                                     cmocka_unit_test(the_rule_of_twenty_costs_little), cmocka_unit_test(plain_cases),
                                     cmocka_unit_test(synthetic_machines)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
