/* The clock, as a table so that tests can make it jump. Never read by a solver. */
#ifndef HD_BASE_CLOCK_H
#define HD_BASE_CLOCK_H

#include <stdint.h>

typedef struct hd_clock {
  void *self;
  double (*steady_s)(void *self);   /* monotonic seconds from an arbitrary start */
  double (*cpu_s)(void *self);      /* CPU seconds of the process */
  int64_t (*calendar_s)(void *self); /* seconds since 1970-01-01 UTC; may jump */
  void (*sleep_s)(void *self, double seconds);
} hd_clock;

hd_clock hd_clock_system(void);

/* The moment in so many seconds on CLOCK_MONOTONIC, for waits that end by then (pthread_cond_timedwait). */
struct timespec;
void hd_clock_after(double seconds, struct timespec *out);

#endif
