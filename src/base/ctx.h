/* The context: what every floor needs and nothing owns globally. Several may live in one process.
 *
 * It holds the tables through which heddle reaches memory, files, the clock and the log, so that a test can make each
 * call fail, and the error of each thread together with the chain of what was being done.
 */
#ifndef HD_BASE_CTX_H
#define HD_BASE_CTX_H

#include "heddle/heddle.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"

#include <pthread.h>

#define HD_PROBLEM_TEXT 2048

/* What went wrong on one thread: the innermost message, then "while ..." lines outwards. */
typedef struct hd_problem {
  pthread_t thread;
  hd_status status; /* HD_OK: none */
  char      text[HD_PROBLEM_TEXT];
} hd_problem;

enum { HD_PROBLEM_SLOTS = 256 };

struct hd_ctx {
  hd_memory       memory;
  hd_files        files;
  hd_clock        clock;
  hd_listener     log;
  const struct hd_process_calls *processes; /* how study/ starts workers (study/workers/process.h); NULL: the system's */
  pthread_mutex_t mutex; /* guards problems */
  int             problems;
  int             guard, guard_pid;      /* of the programs that were started (io/program_guard.h) */
  void          (*guard_end)(hd_ctx *);  /* called when the context is freed; NULL: there is no guard */
  hd_problem      problem[HD_PROBLEM_SLOTS]; /* one per thread that ever failed; the last slot is shared by the rest */
};

/* Makes a context on given tables (NULL: the system's). The context itself comes from `memory`. */
hd_status hd_ctx_new_with(const hd_memory *memory, const hd_files *files, const hd_clock *clock, hd_ctx **out);

/* Records the innermost message of a failure on this thread, forgetting an earlier one; returns `status`. */
hd_status hd_raise(hd_ctx *ctx, hd_status status, const char *fmt, ...) HD_FORMAT(3, 4);

/* Adds "while ..." to the failure of this thread, when `status` is one; returns `status`. */
hd_status hd_while(hd_ctx *ctx, hd_status status, const char *fmt, ...) HD_FORMAT(3, 4);

/* Copies the failure of this thread, or moves one made on another thread to this one. */
void hd_problem_take(hd_ctx *ctx, hd_problem *out);
void hd_problem_put(hd_ctx *ctx, const hd_problem *problem);

/* HD_TRY that says what was being done when `call` failed. */
#define HD_TRY_WHILE(ctx, call, ...)                                                                                   \
  do {                                                                                                                 \
    hd_status hd_try_status_ = (call);                                                                                 \
    if (hd_try_status_ != HD_OK) return hd_while((ctx), hd_try_status_, __VA_ARGS__);                                  \
  } while (0)

#endif
