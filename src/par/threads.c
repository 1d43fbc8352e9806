/* Threads and futexes of Linux. */
#include "par/threads.h"

#include "par/limits.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All signals are blocked in the new thread: only the command has handlers, and they run on its own thread. */
static int system_create(void *self, void *(*body)(void *), void *arg, pthread_t *out) {
  (void)self;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(out, NULL, body, arg);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

static void system_join(void *self, pthread_t thread) {
  (void)self;
  pthread_join(thread, NULL);
}

static int system_cores(void *self, hd_ctx *ctx) {
  (void)self;
  return hd_limits_read(ctx).cores;
}

static double system_now(void *self) {
  (void)self;
  hd_clock clock = hd_clock_system();
  return clock.steady_s(clock.self);
}

static int system_cpu(void *self) {
  (void)self;
  return sched_getcpu();
}

/* The caller's own mask is what the process may use: only workers are ever moved. Failing is harmless. */
static void system_place(void *self, pthread_t thread, int cpu, int lane, int lanes) {
  (void)self;
  cpu_set_t mask;
  if (cpu < 0 || cpu >= CPU_SETSIZE || pthread_getaffinity_np(pthread_self(), sizeof mask, &mask)) return;
  CPU_CLR((size_t)cpu, &mask);
  int others = CPU_COUNT(&mask);
  if (others == 0) return;
  if (others == lanes - 1) {
    size_t at = 0;
    for (int left = lane - CPU_ISSET(0, &mask); left > 0; left -= CPU_ISSET(at, &mask)) at++;
    CPU_ZERO(&mask);
    CPU_SET(at, &mask);
  }
  pthread_setaffinity_np(thread, sizeof mask, &mask);
}

hd_threads hd_threads_system(void) {
  return (hd_threads){NULL, system_create, system_join, system_cores, system_now, system_cpu, system_place};
}

void hd_futex_wait(atomic_uint *word, unsigned expected, unsigned mask) {
  syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, NULL, NULL, mask);
}

void hd_futex_wake(atomic_uint *word, unsigned mask) {
  syscall(SYS_futex, word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, mask);
}
