/* See cost.h. */
#include "par/cost.h"

#include <math.h>

static const double worth = 20, close_enough = 1.02;

double hd_cost_seconds(const hd_machine *machine, const hd_work *work, int threads) {
  int64_t blocks = work->blocks > 0 ? work->blocks : 1;
  int64_t p = threads < blocks ? threads : blocks;
  int64_t rounds = (blocks + p - 1) / p; /* blocks of the thread that has most */
  double sync = threads > 1 ? work->regions * hd_machine_sync(machine, threads) : 0;
  return work->serial_s + work->work_s * (double)rounds / (double)blocks + sync +
         work->bytes / hd_machine_bandwidth(machine, (int)p);
}

/* Infinite where a region is too small for its synchronisation. */
static double allowed_seconds(const hd_machine *machine, const hd_work *work, double region_s, int threads) {
  if (threads > 1 && region_s < worth * hd_machine_sync(machine, threads)) return (double)INFINITY;
  return hd_cost_seconds(machine, work, threads);
}

hd_cost_choice hd_cost_choose(const hd_machine *machine, const hd_work *work, int most) {
  double serial = hd_cost_seconds(machine, work, 1), best = serial;
  double region_s = (serial - work->serial_s) / (work->regions > 1 ? work->regions : 1);
  if (work->blocks < most) most = (int)work->blocks;
  for (int p = 2; p <= most; p++) {
    double seconds = allowed_seconds(machine, work, region_s, p);
    if (seconds < best) best = seconds;
  }
  int p = 1;
  while (p < most && allowed_seconds(machine, work, region_s, p) > best * close_enough) p++;
  return (hd_cost_choice){p, hd_cost_seconds(machine, work, p), serial};
}
