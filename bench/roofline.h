/* The machine's constants for benchmarks that print a share of the roofline: the user's own if `heddle tune` was run here,
 * else measured now (some seconds).
 *
 *   hd_machine m = bench_machine(ctx);
 *   hd_roofline roof = hd_machine_roofline(&m, hd_isa(), kernel, working_bytes);
 *   printf("%.0f %% of the roofline (%s)", 100 * rate / roof.units_per_s, roof.limit);
 */
#ifndef HD_BENCH_ROOFLINE_H
#define HD_BENCH_ROOFLINE_H

#include "par/limits.h"
#include "par/machine.h"

static inline hd_machine bench_machine(hd_ctx *ctx) {
  char path[HD_PATH_ROOM];
  int cores = hd_limits_read(ctx).cores;
  hd_machine m = hd_machine_usual(cores);
  if (hd_machine_path(ctx, path, sizeof path) == HD_OK && hd_machine_load(ctx, path, &m) == HD_OK) return m;
  (void)hd_machine_measure(ctx, cores, &m); /* on failure the usual values stay, and m.measured says so */
  return m;
}

#endif
