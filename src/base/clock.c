/* The system's clocks. */
#include "base/clock.h"

#include <time.h>

static double seconds_of(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double steady(void *self) {
  (void)self;
  return seconds_of(CLOCK_MONOTONIC);
}

static double cpu(void *self) {
  (void)self;
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

static int64_t calendar(void *self) {
  (void)self;
  return (int64_t)time(NULL);
}

static void pause_for(void *self, double seconds) {
  (void)self;
  if (!(seconds > 0)) return;
  struct timespec t = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&t, NULL);
}

hd_clock hd_clock_system(void) { return (hd_clock){NULL, steady, cpu, calendar, pause_for}; }

void hd_clock_after(double seconds, struct timespec *out) {
  clock_gettime(CLOCK_MONOTONIC, out);
  int64_t ns = out->tv_nsec + (int64_t)(seconds * 1e9);
  out->tv_sec += (time_t)(ns / 1000000000);
  out->tv_nsec = (long)(ns % 1000000000);
}
