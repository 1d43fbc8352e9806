/* What this process may use of the machine, read anew at each call: affinity, control groups (v1 and v2), memory.
 *
 * Reads a few small files through the context's table and loads no library: some 100 us. What cannot be read is no limit.
 */
#ifndef HD_PAR_LIMITS_H
#define HD_PAR_LIMITS_H

#include "base/ctx.h"

typedef struct hd_limits {
  int cores;              /* min(affinity, quota rounded up), at least 1 */
  int affinity;           /* logical CPUs in the affinity mask */
  double quota;           /* CPUs of the tightest control group; 0: none */
  int64_t memory;         /* bytes of the tightest control group; 0: none */
  int64_t memory_used;    /* bytes in that group, what can be dropped (file cache) not counted; 0 without a limit */
  int64_t memory_machine; /* bytes installed; 0: unknown */
  int64_t available;      /* bytes that may be taken now: min(limit - used, MemAvailable); 0: unknown */
} hd_limits;

hd_limits hd_limits_read(hd_ctx *ctx);

#endif
