/* The loops by which a machine is measured, one set for each x86-64 level: only for this folder. */
#ifndef HD_PAR_MACHINE_PROBE_H
#define HD_PAR_MACHINE_PROBE_H

#include "base/isa.h"

#include <stdint.h>

/* What one turn of a loop does, in operations on doubles. */
typedef struct hd_probe_ops {
  double flops, flops_fma, adds, multiplies, divides, roots;
} hd_probe_ops;
HD_ISA_DECLARE(hd_probe_ops, hd_probe_per_turn, (void));

/* `turns` turns of independent chains in registers; the value returned only keeps the work alive. */
HD_ISA_DECLARE(double, hd_probe_flops, (int64_t turns, double near_one));
HD_ISA_DECLARE(double, hd_probe_fma, (int64_t turns, double near_one));
HD_ISA_DECLARE(double, hd_probe_adds, (int64_t turns, double near_one));
HD_ISA_DECLARE(double, hd_probe_multiplies, (int64_t turns, double near_one));
HD_ISA_DECLARE(double, hd_probe_divides, (int64_t turns, double near_one));
HD_ISA_DECLARE(double, hd_probe_roots, (int64_t turns, double near_one));

/* a = b + s c */
HD_ISA_DECLARE(void, hd_probe_triad, (double *a, const double *b, const double *c, double s, int64_t n));

#endif
