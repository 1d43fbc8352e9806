/* The constants of a machine by which heddle plans: measured once by `heddle tune`, kept in the user's cache folder.
 *
 *   hd_machine m = hd_machine_usual(hd_limits_read(ctx).cores);       cautious values, never wrong by much
 *   if (hd_machine_path(ctx, path, sizeof path) == HD_OK && hd_machine_load(ctx, path, &m) == HD_OK) ... measured ones
 *
 *   HD_TRY(hd_machine_measure(ctx, cores, &m));                       some seconds, on an idle machine
 *   HD_TRY(hd_machine_save(ctx, path, &m));
 *
 * Rates are per second and of FP64; per core where nothing else is said. They change plans, never results.
 */
#ifndef HD_PAR_MACHINE_H
#define HD_PAR_MACHINE_H

#include "base/ctx.h"
#include "base/isa.h"
#include "heddle/solver.h"

enum { HD_MACHINE_WIDTHS = 12, HD_MACHINE_LEVELS = 3, HD_MACHINE_CPU = 128 };

typedef struct hd_machine {
  char cpu[HD_MACHINE_CPU]; /* "AMD EPYC, family 25, model 17, stepping 1" */
  bool measured;
  double measured_s; /* seconds since 1970 */
  double cores;
  /* by number of threads: 1, 2, 4, ... and all cores */
  int widths;
  double threads[HD_MACHINE_WIDTHS];   /* ascending, the first is 1 */
  double sync_s[HD_MACHINE_WIDTHS];    /* a region in which all of them meet, spinning */
  double wake_s[HD_MACHINE_WIDTHS];    /* the same after they slept */
  double bandwidth[HD_MACHINE_WIDTHS]; /* bytes of memory, all of them together: a = b + s c, counted as 24 bytes */
  /* one core, the same loop in its caches; sizes in bytes, 0: there is none */
  double l1_bytes, l2_bytes, l3_bytes, l1_bandwidth, l2_bandwidth, l3_bandwidth;
  /* one core, by level x86-64-v2, v3, v4 (0: the CPU lacks it) */
  double flops[HD_MACHINE_LEVELS];     /* multiplications and additions, separate instructions */
  double flops_fma[HD_MACHINE_LEVELS]; /* fused ones, counted as two; v2 has none: the value of flops */
  /* streams of one kind alone: below flops where the kinds have units of their own */
  double adds[HD_MACHINE_LEVELS], multiplies[HD_MACHINE_LEVELS];
  double divides[HD_MACHINE_LEVELS], roots[HD_MACHINE_LEVELS];
} hd_machine;

/* This CPU in words, from the processor itself. */
void hd_machine_cpu(char out[HD_MACHINE_CPU]);

hd_machine hd_machine_usual(int cores);
/* The same without the name of the CPU: reading that takes some 20 us under a hypervisor. */
hd_machine hd_machine_unnamed(int cores);
hd_status hd_machine_measure(hd_ctx *ctx, int cores, hd_machine *out);

/* A YAML file of numbers. load: HD_ERR_MISSING when there is none or it was measured on another CPU; HD_ERR_FILE, with the
 * line, when it is damaged; *out is unchanged then. */
hd_status hd_machine_save(hd_ctx *ctx, const char *path, const hd_machine *machine);
hd_status hd_machine_load(hd_ctx *ctx, const char *path, hd_machine *out);
/* The user's: XDG_CACHE_HOME or ~/.cache, heddle/machine.yaml. HD_ERR_MISSING: neither is set. */
hd_status hd_machine_path(hd_ctx *ctx, char *out, size_t room);

/* By the number of threads, between the measured ones in proportion. */
double hd_machine_sync(const hd_machine *machine, int threads);
double hd_machine_wake(const hd_machine *machine, int threads);
double hd_machine_bandwidth(const hd_machine *machine, int threads);

/* What one core can do at most, in units per second, of a loop that needs so much per unit and works on `working_bytes`:
 * the smallest of flops, bytes, divides and roots, each against its measured rate. The limit is named ("flops", "bytes (L2)").
 *
 * Divisions and roots take turns in one unit on all x86-64 cores: their times add up ("divides + roots").
 * A kernel that tells its additions from its multiplications is held against three rates, of streams of additions alone,
 * of multiplications alone and of both mixed: its time is at least the largest of the three. Where all units do everything
 * (Intel) the three rates are one and the third decides; where additions and multiplications have units of their own (AMD
 * Zen: minima and maxima go with additions, comparisons and fma with multiplications) a kernel with more of one kind cannot
 * fill the units of the other, and the first two decide. A kernel that does not tell is held against flops alone. */
typedef struct hd_roofline {
  double units_per_s;
  const char *limit;
} hd_roofline;
hd_roofline hd_machine_roofline(const hd_machine *machine, hd_isa_level level, const hd_kernel *kernel,
                                double working_bytes);

#endif
