/* A worker process and what connects it with its study. Here alone study/ meets the operating system.
 *
 *   page      shared memory: what the worker is to compute next and what it is at; it outlives the worker
 *   wake      a socket: a byte wakes a worker that sleeps; its end says that the study is gone
 *   records   a pipe: frames (packed.h) from the worker
 *
 * The worker is the heddle binary, started by posix_spawn with nothing open but these three.
 */
#ifndef HD_STUDY_PROCESS_H
#define HD_STUDY_PROCESS_H

#include "base/ctx.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/types.h>

enum { HD_WORKER_AHEAD = 4096 }; /* members that may wait in a worker's page; a power of two */

/* A member that waits in a page. */
typedef struct hd_handed {
  int64_t member;
  int64_t memory; /* bytes that it may take; 0: no limit */
  bool by_itself; /* nothing runs beside it: what the machine has left is read again */
  atomic_int threads; /* that it may use; changes while it runs */
} hd_handed;

typedef struct hd_worker_page {
  _Atomic uint64_t turn;     /* members given << 32 | members taken, both since the worker began */
  atomic_int       sleeps;   /* the worker waits for a byte */
  atomic_int       stop;     /* its run is to stop at the next safe point */
  atomic_llong     running;  /* the member that it computes, plus one; 0: none */
  atomic_llong     began_us; /* when it began with it, on the steady clock */
  int64_t          order_size;
  hd_handed        handed[HD_WORKER_AHEAD];
  char             order[];  /* what study it is (worker.h) */
} hd_worker_page;

/* The system's calls on the study's side that can fail, each with a count or 0, or -errno. Tests put a table into the context
 * of which one fails. */
typedef struct hd_process_calls {
  void *self;
  int (*pair)(void *self, int ends[2]);       /* sockets: who reads hears when the other end is closed */
  int (*pipe)(void *self, int ends[2]);       /* the first end, from which is read, never waits */
  int (*shared)(void *self, size_t bytes);    /* a handle of zeroed memory */
  int (*map)(void *self, int handle, size_t bytes, void **at);
  int (*above)(void *self, int handle);       /* another handle of the same, 16 or more */
  int (*spawn)(void *self, const char *command, const int handles[3], pid_t *pid); /* wake, records, page of the child */
  int64_t (*read)(void *self, int handle, void *to, size_t room);
  int (*poll)(void *self, struct pollfd *all, int count, int wait_ms);
  int (*wait)(void *self, pid_t pid, int *status, double *most_bytes);             /* 0: it runs; 1: it has ended */
} hd_process_calls;

hd_process_calls hd_process_calls_system(void);

typedef struct hd_process {
  pid_t            pid;           /* 0: none */
  int              wake, records; /* -1: closed */
  hd_worker_page  *page;
  size_t           page_size;
  hd_process_calls calls;
} hd_process;

/* How a process ended. */
typedef struct hd_process_end {
  int    signal;     /* 0: it ended by itself */
  int    exit_code;  /* -1: not known, as where children are nobody's to wait for (SIGCHLD ignored) */
  double most_bytes; /* of memory that it held at once */
} hd_process_end;

/* -- the study's side */

/* `command` is the path of the heddle binary. HD_ERR_MISSING: it cannot be started. */
hd_status hd_process_start(hd_ctx *ctx, const char *command, const void *order, size_t size, hd_process *out);
void      hd_process_wake(const hd_process *process);
/* Bytes of records that are there now; 0: it closed its end; -1: none now. */
int64_t   hd_process_read(const hd_process *process, void *to, size_t room);
/* Until one of them has records, or closed its end, or seconds passed. `ready` says for each whether it has. */
void      hd_process_wait(const hd_process *const *all, int count, double seconds, bool *ready);
/* Whether it has ended; then it is gone for good and `end` says how. */
bool      hd_process_ended(hd_process *process, hd_process_end *end);
void      hd_process_kill(const hd_process *process);
void      hd_process_hang_up(hd_process *process); /* closes what connects: it ends when it has nothing to do */
void      hd_process_forget(hd_process *process);  /* frees what a process that ended has left */

/* -- the worker's side */

/* Takes what it was started with; dies with its study from here on. HD_ERR_INPUT: nobody started it as a worker. */
hd_status hd_process_join(hd_ctx *ctx, hd_process *out);
hd_status hd_process_sleep(const hd_process *process); /* until woken; HD_STOPPED: the study is gone */
hd_status hd_process_write(hd_ctx *ctx, const hd_process *process, const void *from, size_t size);
/* No more memory than so many bytes beyond what it has at the first call; 0: no limit. */
void      hd_process_limit(hd_ctx *ctx, int64_t bytes, int64_t *base);

#endif
