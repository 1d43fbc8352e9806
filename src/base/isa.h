/* Levels of the x86-64 instruction set: hot kernels are compiled once per level and chosen at start-up.
 *
 * A file named *_step.c (of a solver) or *_kernel.c (of a floor) is compiled three times, with HD_LEVEL = v2, v3, v4.
 * Each public function in it is named HD_ISA(f), so that the three objects live side by side:
 *
 *   kernel file:   hd_status HD_ISA(traffic_sweep)(hd_run *run, int64_t block, void *arg) { ... }
 *   header:        HD_ISA_DECLARE(hd_status, traffic_sweep, (hd_run *run, int64_t block, void *arg));
 *   caller:        hd_for_blocks(run, blocks, HD_ISA_PICK(traffic_sweep), &arg);
 *
 * The bits are the same at every level (design, section 4); only the speed differs.
 */
#ifndef HD_BASE_ISA_H
#define HD_BASE_ISA_H

typedef enum hd_isa_level { HD_ISA_V2 = 2, HD_ISA_V3 = 3, HD_ISA_V4 = 4 } hd_isa_level;

/* The level in use: what the CPU has, lowered by HEDDLE_ISA=v2|v3|v4 in the environment. Read once. */
hd_isa_level hd_isa(void);

/* What the CPU has. A level above it cannot be forced. */
hd_isa_level hd_isa_of_cpu(void);

const char *hd_isa_name(hd_isa_level level); /* "x86-64-v3" */

#define HD_ISA_JOIN_(name, level) name##_##level
#define HD_ISA_JOIN2_(name, level) HD_ISA_JOIN_(name, level)
#ifdef HD_LEVEL
#define HD_ISA(name) HD_ISA_JOIN2_(name, HD_LEVEL)
#endif
/* Before a loop whose turns do not depend on each other: arrays may be the same, but are not shifted against each other. */
#ifdef __clang__
#define HD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HD_INDEPENDENT _Pragma("GCC ivdep")
#endif
#define HD_ISA_DECLARE(type, name, args) type name##_v2 args; type name##_v3 args; type name##_v4 args
#define HD_ISA_PICK(name) (hd_isa() == HD_ISA_V4 ? name##_v4 : hd_isa() == HD_ISA_V3 ? name##_v3 : name##_v2)

#endif
