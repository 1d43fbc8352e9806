/* Threads of the system, as a table so that tests can refuse one, pretend other cores, or make time jump. */
#ifndef HD_PAR_THREADS_H
#define HD_PAR_THREADS_H

#include "base/ctx.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct hd_threads {
  void *self;
  int (*create)(void *self, void *(*body)(void *), void *arg, pthread_t *out); /* 0 or an errno value */
  void (*join)(void *self, pthread_t thread);
  int (*cores)(void *self, hd_ctx *ctx); /* that this process may use now: affinity and quota */
  double (*now_s)(void *self);           /* monotonic; called by all threads of a pool */
  int (*cpu)(void *self);                /* on which the calling thread runs; -1: unknown */
  /* Before a sleeping thread is woken: not on `cpu`, where the caller computes. Some kernels would put it there and leave it
   * waiting for milliseconds beside an idle CPU. With as many lanes as CPUs each gets its own. */
  void (*place)(void *self, pthread_t thread, int cpu, int lane, int lanes);
} hd_threads;

/* The system's: threads that take no signals, limits of par/limits.h, the monotonic clock. */
hd_threads hd_threads_system(void);

/* Waits while *word is `expected`, until woken through one of the bits of `mask`; may also return early. */
void hd_futex_wait(atomic_uint *word, unsigned expected, unsigned mask);
/* Wakes all that wait on word with a bit of `mask`. */
void hd_futex_wake(atomic_uint *word, unsigned mask);

#endif
