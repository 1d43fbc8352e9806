/* Cores and memory from control groups of both versions, in containers and outside, from files that a test makes up. */
#include "par/limits.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A file system of a few texts. */
typedef struct page {
  const char *path, *text;
} page;

static int book_open(void *self, const char *path, int flags, unsigned mode) {
  (void)flags, (void)mode;
  const page *pages = self;
  for (int i = 0; pages[i].path; i++)
    if (!strcmp(pages[i].path, path)) return i;
  return -ENOENT;
}

static int64_t book_read(void *self, int handle, void *to, size_t bytes, int64_t at) {
  const char *text = ((const page *)self)[handle].text;
  size_t left = strlen(text) - (size_t)at, n = left < bytes ? left : bytes;
  memcpy(to, text + at, n);
  return (int64_t)n;
}

static int book_close(void *self, int handle) { return (void)self, (void)handle, 0; }

static hd_limits limits_of(page *pages) {
  hd_ctx *ctx;
  hd_files files = hd_files_system();
  files.self = pages, files.open = book_open, files.read = book_read, files.close = book_close;
  assert_int_equal(hd_ctx_new_with(NULL, &files, NULL, &ctx), HD_OK);
  hd_limits limits = hd_limits_read(ctx);
  hd_ctx_free(ctx);
  return limits;
}

#define MEMINFO                                                                                                        \
  { "/proc/meminfo", "MemTotal:       16000 kB\nMemFree:  1 kB\nMemAvailable:   12000 kB\n" }
#define V2_MOUNT                                                                                                       \
  {                                                                                                                    \
    "/proc/self/mountinfo",                                                                                            \
        "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"                                                               \
        "31 22 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"                             \
  }

static void nothing_readable_is_no_limit(void **state) {
  (void)state;
  page pages[] = {{0}};
  hd_limits l = limits_of(pages);
  cpu_set_t set;
  assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
  assert_int_equal(l.affinity, CPU_COUNT(&set));
  assert_int_equal(l.cores, l.affinity);
  assert_true(l.quota == 0 && l.memory == 0 && l.available == 0);
}

static void version_2_takes_the_tightest_level(void **state) {
  (void)state;
  page pages[] = {{"/proc/self/cgroup", "0::/user/job\n"},
                  V2_MOUNT,
                  MEMINFO,
                  {"/sys/fs/cgroup/user/job/cpu.max", "max 100000\n"},
                  {"/sys/fs/cgroup/user/cpu.max", "40000 100000\n"},
                  {"/sys/fs/cgroup/user/job/memory.max", "8000000\n"},
                  {"/sys/fs/cgroup/user/job/memory.current", "3000000\n"},
                  {"/sys/fs/cgroup/user/job/memory.stat", "anon 5\ninactive_file 1000000\nactive_file 7\n"},
                  {"/sys/fs/cgroup/user/memory.max", "max\n"},
                  {0}};
  hd_limits l = limits_of(pages);
  assert_true(l.quota == 0.4);
  assert_int_equal(l.cores, 1);
  assert_int_equal(l.memory, 8000000);
  assert_int_equal(l.memory_used, 2000000);
  assert_int_equal(l.memory_machine, 16384000);
  assert_int_equal(l.available, 6000000);
}

static void version_1_has_a_hierarchy_for_each(void **state) {
  (void)state;
  page pages[] = {{"/proc/self/cgroup", "9:memory:/docker/ab\n4:cpu,cpuacct:/docker/ab\n0::/\n"},
                  {"/proc/self/mountinfo",
                   "35 31 0:32 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
                   "36 31 0:33 /docker/ab /sys/fs/cgroup/cpu,cpuacct ro master:3 - cgroup cgroup rw,cpu,cpuacct\n"
                   "37 31 0:34 / /sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw\n"},
                  MEMINFO,
                  {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "110000\n"},
                  {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"},
                  {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "4096000\n"},
                  {"/sys/fs/cgroup/memory/memory.usage_in_bytes", "5096000\n"},
                  {"/sys/fs/cgroup/memory/memory.stat", "cache 1\ntotal_inactive_file 96000\n"},
                  {0}};
  hd_limits l = limits_of(pages);
  assert_true(l.quota == 1.1);
  assert_int_equal(l.cores, l.affinity < 2 ? l.affinity : 2); /* rounded up */
  assert_int_equal(l.memory, 4096000);
  assert_int_equal(l.available, 0); /* more is used than allowed */
}

static void values_that_mean_no_limit(void **state) {
  (void)state;
  page pages[] = {{"/proc/self/cgroup", "9:memory:/\n4:cpu:/\n"},
                  {"/proc/self/mountinfo",
                   "35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n"
                   "36 31 0:33 / /cg/cpu rw - cgroup cgroup rw,cpu\n"},
                  MEMINFO,
                  {"/cg/cpu/cpu.cfs_quota_us", "-1\n"},
                  {"/cg/cpu/cpu.cfs_period_us", "100000\n"},
                  {"/cg/memory/memory.limit_in_bytes", "9223372036854771712\n"},
                  {0}};
  hd_limits l = limits_of(pages);
  assert_true(l.quota == 0);
  assert_int_equal(l.cores, l.affinity);
  assert_int_equal(l.memory, 0);
  assert_int_equal(l.available, 12288000);
}

static void damaged_files_are_no_limit(void **state) {
  (void)state;
  static const char *const bad[] = {
      "", "\n", ":", "0:", "0::", "x:y:z", "0::/a/very/../strange\n", "::::::\n\n\n0::/x"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    page groups[] = {{"/proc/self/cgroup", bad[i]}, V2_MOUNT, {"/sys/fs/cgroup/cpu.max", "max"}, {0}};
    assert_int_equal(limits_of(groups).cores, limits_of(groups).affinity);
    page mounts[] = {{"/proc/self/cgroup", "0::/\n"}, {"/proc/self/mountinfo", bad[i]}, {0}};
    assert_int_equal(limits_of(mounts).cores, limits_of(mounts).affinity);
    page values[] = {{"/proc/self/cgroup", "0::/\n"},
                     V2_MOUNT,
                     {"/sys/fs/cgroup/cpu.max", bad[i]},
                     {"/sys/fs/cgroup/memory.max", bad[i]},
                     {0}};
    hd_limits l = limits_of(values);
    assert_true(l.cores == l.affinity && l.memory == 0);
  }
}

static void this_machine(void **state) {
  (void)state;
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_limits l = hd_limits_read(ctx);
  assert_in_range(l.cores, 1, l.affinity);
  assert_true(l.available > 0 && l.available <= l.memory_machine);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_readable_is_no_limit),       cmocka_unit_test(version_2_takes_the_tightest_level),
      cmocka_unit_test(version_1_has_a_hierarchy_for_each), cmocka_unit_test(values_that_mean_no_limit),
      cmocka_unit_test(damaged_files_are_no_limit),         cmocka_unit_test(this_machine)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
