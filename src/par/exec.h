/* How a run computes: its threads, scratch memory, ranks and devices. The solver sees it through hd_for_blocks, hd_sum,
 * hd_min, hd_scratch, hd_batch and hd_stopping of heddle/solver.h, which are implemented in this folder.
 *
 * Which thread takes which block is decided by the numbers of blocks and threads alone; no result depends on it.
 */
#ifndef HD_PAR_EXEC_H
#define HD_PAR_EXEC_H

#include "base/ctx.h"
#include "heddle/solver.h"

#include <stdatomic.h>

typedef struct hd_pool hd_pool;
typedef struct hd_exec hd_exec;

/* threads >= 1. per_thread: bytes of hd_scratch of each thread (plan.per_thread). */
hd_status hd_exec_new(hd_ctx *ctx, int threads, size_t per_thread, hd_exec **out);
void      hd_exec_free(hd_exec *exec);

/* Between two regions: another number of threads (a run is widened), or the cost of one block in seconds as measured,
 * by which regions too small for their synchronisation (20 x its cost) run serially. 0: unknown, always wide. */
hd_status hd_exec_resize(hd_exec *exec, int threads);
void      hd_exec_cost(hd_exec *exec, double seconds_per_block);
int       hd_exec_threads(const hd_exec *exec);

/* A flag that may be raised from a signal handler: hd_stopping then says so. NULL: never. */
void hd_exec_stop_flag(hd_exec *exec, const atomic_int *flag);

/* How many independent blocks a batch solver should take in one step (hd_batch). */
void hd_exec_batch(hd_exec *exec, int64_t blocks);

#endif
