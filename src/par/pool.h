/* heddle's own threads: fork, run parts, join.
 *
 *   hd_pool *pool;
 *   HD_TRY(hd_pool_new(ctx, NULL, 4, &pool));
 *   HD_TRY(hd_pool_run(pool, 4, work, arg));     work(arg, part, lane) once for each part 0..3, then returns
 *   HD_TRY(hd_pool_resize(pool, 8));
 *   hd_pool_free(pool);
 *
 * Part p belongs to thread p, so the same data meets the same core in every region. A thread that is done takes over
 * parts that their owner has not begun: a core taken away by someone else, or a thread still waking up, delays nobody.
 * Which thread ran a part is therefore not to be seen in a result; `lane` only says whose scratch memory to use.
 *
 * Idle threads spin for some 20 us and then sleep. No more threads are awake than the process has cores, and nobody spins
 * for a while after one of them lost its core in the middle of spinning (others use the machine).
 *
 * Calls that make, resize or run come from one thread at a time, and never from inside a part.
 */
#ifndef HD_PAR_POOL_H
#define HD_PAR_POOL_H

#include "par/threads.h"

typedef struct hd_pool hd_pool;
typedef void hd_pool_work(void *arg, int part, int lane);

enum { HD_POOL_THREADS_MAX = 1024 };

/* threads: 1 .. HD_POOL_THREADS_MAX, the caller's among them. os: NULL, the system's. HD_ERR_LIMIT: the system refuses
 * a thread (nothing is left behind). */
hd_status hd_pool_new(hd_ctx *ctx, const hd_threads *os, int threads, hd_pool **out);
void hd_pool_free(hd_pool *pool); /* NULL is allowed */

/* On failure the old number stays. Also reads anew how many cores there are. */
hd_status hd_pool_resize(hd_pool *pool, int threads);
int hd_pool_threads(const hd_pool *pool);
int hd_pool_awake(const hd_pool *pool); /* threads that may run at the same time: min(threads, cores) */

/* parts: 1 .. threads. Fails (HD_ERR_MISSING, nothing computed is to be trusted) when a thread's floating-point control
 * word flushes small numbers to zero or rounds other than to nearest: design, section 4, rule 9. */
hd_status hd_pool_run(hd_pool *pool, int parts, hd_pool_work *work, void *arg);

/* The lane of the calling thread, inside a part. */
int hd_pool_lane(const hd_pool *pool);

/* How many sleeping threads a region of so many parts would have to wake. */
int hd_pool_sleepers(const hd_pool *pool, int parts);

/* The control word as rule 9 wants it? And the failure if not. */
bool hd_float_mode_good(void);
hd_status hd_float_mode_bad(hd_ctx *ctx);

#endif
