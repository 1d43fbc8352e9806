/* How a run computes: its threads, scratch memory, ranks and devices. The solver sees it through hd_for_blocks, hd_sum,
 * hd_min, hd_scratch, hd_gather, hd_halo, hd_share, hd_batch, hd_stopping and hd_seconds of heddle/solver.h, which are
 * implemented in this folder on run->exec and run->ctx alone.
 *
 *   hd_exec *exec;
 *   HD_TRY(hd_exec_new(ctx, 2, plan.per_thread, &exec));
 *   run.exec = exec;  run.ctx = ctx;
 *   ... steps ...
 *   HD_TRY(hd_exec_resize(exec, 4));               between two regions
 *   hd_exec_free(exec);
 *
 * Which thread takes which block never changes a result. One exec is used by one thread at a time.
 */
#ifndef HD_PAR_EXEC_H
#define HD_PAR_EXEC_H

#include "base/ctx.h"
#include "heddle/solver.h"
#include "par/comm.h"
#include "par/device.h"
#include "par/machine.h"
#include "par/threads.h"

#include <stdatomic.h>

typedef struct hd_exec hd_exec;

/* threads >= 1, the caller's among them. per_thread: bytes of hd_scratch of each thread (plan.per_thread). */
hd_status hd_exec_new(hd_ctx *ctx, int threads, size_t per_thread, hd_exec **out);
/* The same on a given table of threads (NULL: the system's). */
hd_status hd_exec_new_with(hd_ctx *ctx, const hd_threads *os, int threads, size_t per_thread, hd_exec **out);
/* As new, for another run with so many threads and so much scratch; false: it was made for other numbers. */
bool hd_exec_renew(hd_exec *exec, int threads, size_t per_thread);
void hd_exec_free(hd_exec *exec); /* NULL is allowed */

/* Between two regions: another number of threads (a run is widened). On failure the old number stays. */
hd_status hd_exec_resize(hd_exec *exec, int threads);
int hd_exec_threads(const hd_exec *exec);
/* While set: asked before a region, at most some 50 times a second, how many threads there should be from now on. NULL: no
 * more. The number stays as it was last. */
void hd_exec_widen(hd_exec *exec, int (*wanted)(void *self), void *self);

/* Regions of less than 20 x the synchronisation cost run serially. The cost of a block is learned from the regions
 * themselves, one estimate per work function; a value > 0 here is used instead (INFINITY: always wide; 0: learn). */
void hd_exec_cost(hd_exec *exec, double seconds_per_block);

/* The machine's measured constants: what a region costs and how long waking takes, by the number of threads. Copied; NULL:
 * usual values. */
void hd_exec_machine(hd_exec *exec, const hd_machine *machine);

/* A flag that may be raised from a signal handler: hd_stopping then says so. NULL: never. */
void hd_exec_stop_flag(hd_exec *exec, const atomic_int *flag);

/* When the run must be over, on the clock of the context (limits.time); 0: never. Only for a solver whose step cannot
 * be left and which ends something instead: another program. */
void hd_exec_deadline(hd_exec *exec, double steady_s);
double hd_exec_time_left(const hd_exec *exec);
bool hd_exec_stop_asked(const hd_exec *exec); /* by the flag; hd_stopping is also true once no time is left */

/* What hd_seconds says. */
void hd_exec_taken(hd_exec *exec, double seconds);

/* How many independent blocks a batch solver should take in one step (hd_batch). Unless set: 4 for each thread. */
void hd_exec_batch(hd_exec *exec, int64_t blocks);

/* Ranks and a device; NULL: none. The comm table is copied, the device is not. Blocks are spread over ranks by
 * hd_part_first; every call with a run is then collective. */
void hd_exec_comm(hd_exec *exec, const hd_comm *comm);
void hd_exec_device(hd_exec *exec, const hd_device *device);
const hd_comm *hd_exec_comm_of(const hd_exec *exec);
const hd_device *hd_exec_device_of(const hd_exec *exec);

#endif
