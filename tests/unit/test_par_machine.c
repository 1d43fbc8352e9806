/* Constants of a machine: measured, kept in a file, refused when damaged or of another CPU; the roofline. */
#include "par/machine.h"

#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct place {
  hd_ctx *ctx;
  char folder[64], path[128];
} place;

static int begin(void **state) {
  place *p = calloc(1, sizeof *p);
  strcpy(p->folder, "/tmp/heddle-machine-XXXXXX");
  if (!p || hd_ctx_new(&p->ctx) != HD_OK || !mkdtemp(p->folder)) return 1;
  snprintf(p->path, sizeof p->path, "%s/a/machine.yaml", p->folder);
  *state = p;
  return 0;
}

static int end(void **state) {
  place *p = *state;
  hd_folder_remove(p->ctx, p->folder);
  hd_ctx_free(p->ctx);
  free(p);
  return 0;
}

static void usual_machines_are_complete(void **state) {
  (void)state;
  for (int cores = 1; cores <= 1024; cores = cores < 10 ? cores + 1 : cores * 3 / 2) {
    hd_machine m = hd_machine_usual(cores);
    assert_true(m.threads[0] == 1 && m.threads[m.widths - 1] == cores);
    for (int p = 1; p <= cores; p++) {
      assert_true(hd_machine_bandwidth(&m, p) > 0 && hd_machine_bandwidth(&m, p) >= hd_machine_bandwidth(&m, p - 1));
      assert_true(p == 1 ? hd_machine_sync(&m, p) == 0 : hd_machine_sync(&m, p) > 0);
      assert_true(hd_machine_wake(&m, p) >= hd_machine_sync(&m, p));
    }
    assert_true(hd_machine_sync(&m, 2 * cores + 1) > 0); /* more threads than were measured */
  }
  assert_true(hd_machine_usual(0).cores == 1);
}

static void a_file_brings_back_every_bit(void **state) {
  place *p = *state;
  hd_machine m = hd_machine_usual(6), back;
  m.l1_bandwidth = 1.0 / 3;
  m.sync_s[1] = 1e-7 / 3;
  m.flops[2] = m.flops_fma[2] = 0; /* the CPU lacks the level */
  assert_int_equal(hd_machine_load(p->ctx, p->path, &back), HD_ERR_MISSING);
  assert_non_null(strstr(hd_ctx_message(p->ctx), "heddle tune"));
  assert_int_equal(hd_machine_save(p->ctx, p->path, &m), HD_OK);
  assert_int_equal(hd_machine_load(p->ctx, p->path, &back), HD_OK);
  assert_true(back.measured);
  back.measured = m.measured;
  assert_int_equal(back.widths, m.widths);
  assert_memory_equal(back.threads, m.threads, sizeof m.threads);
  assert_memory_equal(back.sync_s, m.sync_s, sizeof m.sync_s);
  assert_memory_equal(back.wake_s, m.wake_s, sizeof m.wake_s);
  assert_memory_equal(back.bandwidth, m.bandwidth, sizeof m.bandwidth);
  assert_memory_equal(back.flops, m.flops, sizeof m.flops);
  assert_memory_equal(back.roots, m.roots, sizeof m.roots);
  assert_true(back.l1_bandwidth == m.l1_bandwidth && back.l3_bytes == m.l3_bytes);
  assert_string_equal(back.cpu, m.cpu);
}

static void another_cpus_file_is_not_used(void **state) {
  place *p = *state;
  hd_machine m = hd_machine_usual(2), back = hd_machine_usual(3);
  strcpy(m.cpu, "Imaginary, family 1, model 2, stepping 3");
  assert_int_equal(hd_machine_save(p->ctx, p->path, &m), HD_OK);
  assert_int_equal(hd_machine_load(p->ctx, p->path, &back), HD_ERR_MISSING);
  assert_non_null(strstr(hd_ctx_message(p->ctx), "another CPU (Imaginary, family 1"));
  assert_true(back.cores == 3);
}

/* Each line lost, cut or spoilt is an error with the file's name, and leaves the values alone. */
static void damage_is_found(void **state) {
  place *p = *state;
  hd_machine m = hd_machine_usual(4), back = hd_machine_usual(3);
  assert_int_equal(hd_machine_save(p->ctx, p->path, &m), HD_OK);
  char *text;
  size_t size;
  assert_int_equal(hd_file_read(p->ctx, p->path, 100000, &text, &size), HD_OK);
  int lines = 0;
  for (const char *line = text; *line; line = strchr(line, '\n') + 1, lines++) {
    if (*line == '#' || !strncmp(line, "format", 6)) continue;
    static const char *const instead[] = {
        "", "cores: -1\n", "sync_s: [1, 2\n", "flops: [1, nan, 2]\n", "what is this\n", "threads: [2, 1, 3]\n"};
    for (int i = 0; i < 6; i++) {
      hd_text spoilt;
      hd_text_init(&spoilt, p->ctx);
      hd_text_add(&spoilt, text, (size_t)(line - text));
      hd_print(&spoilt, "%s", instead[i]);
      hd_print(&spoilt, "%s", strchr(line, '\n') + 1);
      assert_int_equal(hd_file_write(p->ctx, p->path, hd_text_of(&spoilt), spoilt.length, false), HD_OK);
      hd_text_free(&spoilt);
      hd_status status = hd_machine_load(p->ctx, p->path, &back);
      if (!strncmp(line, "cpu", 3) && i == 0) assert_int_equal(status, HD_ERR_MISSING);
      else assert_true(status == HD_ERR_FILE || (status == HD_ERR_MISSING && !strncmp(line, "cpu", 3)));
      assert_non_null(strstr(hd_ctx_message(p->ctx), "machine.yaml"));
      assert_true(back.cores == 3);
    }
  }
  assert_true(lines >= 18);
  hd_memory_give(p->ctx, text, size + 1);
}

static void the_users_file(void **state) {
  place *p = *state;
  char path[200];
  setenv("XDG_CACHE_HOME", "/x/cache", 1);
  assert_int_equal(hd_machine_path(p->ctx, path, sizeof path), HD_OK);
  assert_string_equal(path, "/x/cache/heddle/machine.yaml");
  setenv("XDG_CACHE_HOME", "relative is to be ignored", 1);
  setenv("HOME", "/home/me", 1);
  assert_int_equal(hd_machine_path(p->ctx, path, sizeof path), HD_OK);
  assert_string_equal(path, "/home/me/.cache/heddle/machine.yaml");
  unsetenv("HOME");
  assert_int_equal(hd_machine_path(p->ctx, path, sizeof path), HD_ERR_MISSING);
}

static void the_roofline_is_the_lowest_roof(void **state) {
  (void)state;
  hd_machine m = hd_machine_usual(1);
  m.flops[2] = 10e9, m.flops_fma[2] = 40e9, m.divides[2] = 2e9, m.roots[2] = 1e9;
  m.l1_bytes = 1e4, m.l1_bandwidth = 400e9, m.l2_bytes = 1e6, m.l2_bandwidth = 100e9, m.l3_bytes = 0,
  m.bandwidth[0] = 10e9;
  hd_kernel k = {.name = "k", .flops = 100, .bytes = 64};
  hd_roofline r = hd_machine_roofline(&m, HD_ISA_V4, &k, 5e3);
  assert_true(r.units_per_s == 4e8);
  assert_string_equal(r.limit, "flops");
  r = hd_machine_roofline(&m, HD_ISA_V4, &k, 1e7);
  assert_true(r.units_per_s == 10e9 / 64);
  assert_string_equal(r.limit, "bytes (memory)");
  k.divides = 10, k.roots = 8;
  r = hd_machine_roofline(&m, HD_ISA_V4, &k, 5e3);
  assert_true(fabs(r.units_per_s * 13e-9 - 1) < 1e-15); /* one unit does both, in turns */
  assert_string_equal(r.limit, "divides + roots");
}

static void additions_and_products_have_roofs_of_their_own(void **state) {
  (void)state;
  hd_machine m = hd_machine_usual(1);
  m.flops[2] = 60e9, m.flops_fma[2] = 120e9, m.adds[2] = m.multiplies[2] = 30e9; /* separate units */
  hd_kernel k = {.name = "k", .flops = 200, .adds = 120, .multiplies = 60};      /* 20 of the 60 are fma */
  hd_roofline r = hd_machine_roofline(&m, HD_ISA_V4, &k, 5e3);
  assert_true(r.units_per_s == 30e9 / 120);
  assert_string_equal(r.limit, "adds");
  k.adds = 60, k.multiplies = 120;
  assert_string_equal(hd_machine_roofline(&m, HD_ISA_V4, &k, 5e3).limit, "multiplies");
  m.adds[2] = m.multiplies[2] = 60e9; /* every unit does everything */
  r = hd_machine_roofline(&m, HD_ISA_V4, &k, 5e3);
  assert_true(r.units_per_s == 60e9 / 180);
  assert_string_equal(r.limit, "flops");
}

static void this_machine_can_be_measured(void **state) {
  place *p = *state;
  hd_machine m, back;
  assert_int_equal(hd_machine_measure(p->ctx, 2, &m), HD_OK);
  assert_true(m.measured && m.measured_s > 1.7e9);
  assert_true(m.flops[0] > 1e8 && m.adds[0] > 1e8 && m.multiplies[0] > 1e8 && m.divides[0] > 1e7 && m.roots[0] > 1e7 &&
              m.bandwidth[0] > 1e8 && m.l1_bandwidth > 1e8);
  for (int l = 0; l < HD_MACHINE_LEVELS; l++) assert_true((m.flops[l] > 0) == ((int)hd_isa_of_cpu() >= HD_ISA_V2 + l));
  for (int w = 1; w < m.widths; w++) assert_true(m.sync_s[w] > 0 && m.wake_s[w] > 0);
  assert_int_equal(hd_machine_save(p->ctx, p->path, &m), HD_OK);
  assert_int_equal(hd_machine_load(p->ctx, p->path, &back), HD_OK);
  assert_true(back.divides[0] == m.divides[0] && back.measured_s == m.measured_s);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(usual_machines_are_complete),
                                     cmocka_unit_test_setup_teardown(a_file_brings_back_every_bit, begin, end),
                                     cmocka_unit_test_setup_teardown(another_cpus_file_is_not_used, begin, end),
                                     cmocka_unit_test_setup_teardown(damage_is_found, begin, end),
                                     cmocka_unit_test_setup_teardown(the_users_file, begin, end),
                                     cmocka_unit_test(the_roofline_is_the_lowest_roof),
                                     cmocka_unit_test(additions_and_products_have_roofs_of_their_own),
                                     cmocka_unit_test_setup_teardown(this_machine_can_be_measured, begin, end)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
