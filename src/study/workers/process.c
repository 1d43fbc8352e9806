#include "study/workers/process.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAKE = 3, RECORDS = 4, PAGE = 5 }; /* handles in the worker */
enum { POLLED_MOST = 4096 };

extern char **environ;

/* -- start ------------------------------------------------------------------------------------------------------------- */

static void close_handle(int *handle) {
  if (*handle >= 0) close(*handle);
  *handle = -1;
}

/* What the child gets must not lie where it is to be put. */
static int move_up(int *handle) {
  int moved = fcntl(*handle, F_DUPFD_CLOEXEC, 16);
  if (moved < 0) return errno;
  close(*handle);
  *handle = moved;
  return 0;
}

static int make_page(hd_process *p, const void *order, size_t size, int *file) {
  p->page_size = sizeof(hd_worker_page) + size;
  *file = memfd_create("heddle-worker", MFD_CLOEXEC);
  if (*file < 0 || ftruncate(*file, (off_t)p->page_size) < 0) return errno;
  void *at = mmap(NULL, p->page_size, PROT_READ | PROT_WRITE, MAP_SHARED, *file, 0);
  if (at == MAP_FAILED) return errno;
  p->page = at;
  p->page->order_size = (int64_t)size;
  memcpy(p->page->order, order, size);
  return 0;
}

typedef struct ends {
  int wake, records, page; /* the child's */
} ends;

static int connect_both(hd_process *p, const void *order, size_t size, ends *child) {
  int pair[2], pipe_ends[2], error;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) return errno;
  p->wake = pair[0], child->wake = pair[1];
  if (pipe2(pipe_ends, O_CLOEXEC) < 0) return errno;
  p->records = pipe_ends[0], child->records = pipe_ends[1];
  if (fcntl(p->records, F_SETFL, O_NONBLOCK) < 0) return errno;
  error = make_page(p, order, size, &child->page);
  if (!error) error = move_up(&child->wake);
  if (!error) error = move_up(&child->records);
  if (!error) error = move_up(&child->page);
  return error;
}

/* Ctrl-C is for the study alone: until the worker ignores it, it is held back. */
static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, const ends *child) {
  sigset_t held, all;
  sigfillset(&all);
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGUSR1);
  int error = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(files, 2, 1); /* standard output is for the study's own words */
  if (!error) error = posix_spawn_file_actions_adddup2(files, child->wake, WAKE);
  if (!error) error = posix_spawn_file_actions_adddup2(files, child->records, RECORDS);
  if (!error) error = posix_spawn_file_actions_adddup2(files, child->page, PAGE);
  if (!error) error = posix_spawnattr_setsigmask(how, &held);
  if (!error) error = posix_spawnattr_setsigdefault(how, &all);
  return error ? error : posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(const char *command, const ends *child, pid_t *pid) {
  char name[] = "heddle", verb[] = "worker", *argv[] = {name, verb, NULL};
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  int error = posix_spawn_file_actions_init(&files);
  if (error) return error;
  error = posix_spawnattr_init(&how);
  if (!error) {
    error = prepare(&files, &how, child);
    if (!error) error = posix_spawn(pid, command, &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
  }
  posix_spawn_file_actions_destroy(&files);
  return error;
}

hd_status hd_process_start(hd_ctx *ctx, const char *command, const void *order, size_t size, hd_process *out) {
  ends child = {-1, -1, -1};
  *out = (hd_process){.wake = -1, .records = -1};
  int error = connect_both(out, order, size, &child);
  if (!error) error = spawn(command, &child, &out->pid);
  close_handle(&child.wake);
  close_handle(&child.records);
  close_handle(&child.page);
  if (!error) return HD_OK;
  out->pid = 0;
  hd_process_forget(out);
  return hd_raise(ctx, HD_ERR_MISSING, "a worker process cannot be started from %s: %s", command, strerror(error));
}

/* -- the study's side ---------------------------------------------------------------------------------------------------- */

void hd_process_wake(const hd_process *process) {
  char byte = 1;
  ssize_t sent;
  do sent = send(process->wake, &byte, 1, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR); /* that it is gone is seen elsewhere */
}

int64_t hd_process_read(const hd_process *process, void *to, size_t room) {
  ssize_t n = read(process->records, to, room);
  return n >= 0 ? n : -1;
}

void hd_process_wait(const hd_process *const *all, int count, double seconds, bool *ready) {
  struct pollfd polled[POLLED_MOST];
  if (count > POLLED_MOST) count = POLLED_MOST;
  for (int i = 0; i < count; i++)
    polled[i] = (struct pollfd){.fd = all[i]->pid ? all[i]->records : -1, .events = POLLIN};
  int n = poll(polled, (nfds_t)count, seconds > 0 ? (int)(seconds * 1e3) + 1 : 0);
  for (int i = 0; i < count; i++) ready[i] = n > 0 && polled[i].revents;
}

bool hd_process_ended(hd_process *process, hd_process_end *end) {
  struct rusage usage;
  int status;
  if (!process->pid || wait4(process->pid, &status, WNOHANG, &usage) != process->pid) return false;
  process->pid = 0;
  *end = (hd_process_end){.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                          .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                          .most_bytes = (double)usage.ru_maxrss * 1024};
  return true;
}

void hd_process_kill(const hd_process *process) {
  if (process->pid) kill(process->pid, SIGKILL);
}

void hd_process_hang_up(hd_process *process) {
  close_handle(&process->wake);
  close_handle(&process->records);
}

void hd_process_forget(hd_process *process) {
  hd_process_hang_up(process);
  if (process->page) munmap(process->page, process->page_size);
  process->page = NULL;
}

/* -- the worker's side --------------------------------------------------------------------------------------------------- */

/* Nothing else is inherited, and programs that the worker starts inherit nothing of this. */
static int keep_to_itself(void) {
  close_range(PAGE + 1, ~0U, 0);
  for (int handle = WAKE; handle <= PAGE; handle++)
    if (fcntl(handle, F_SETFD, FD_CLOEXEC) < 0) return errno;
  return 0;
}

static int map_page(hd_process *p) {
  struct stat info;
  if (fstat(PAGE, &info) < 0) return errno;
  if ((size_t)info.st_size < sizeof(hd_worker_page)) return EINVAL;
  p->page_size = (size_t)info.st_size;
  void *at = mmap(NULL, p->page_size, PROT_READ | PROT_WRITE, MAP_SHARED, PAGE, 0);
  if (at == MAP_FAILED) return errno;
  p->page = at;
  return p->page->order_size == info.st_size - (off_t)sizeof(hd_worker_page) ? 0 : EINVAL;
}

hd_status hd_process_join(hd_ctx *ctx, hd_process *out) {
  *out = (hd_process){.wake = WAKE, .records = RECORDS};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NAME, "heddle worker");
  int error = keep_to_itself();
  if (!error) error = map_page(out);
  return error ? hd_raise(ctx, HD_ERR_INPUT, "heddle worker is started by heddle sweep, not by hand") : HD_OK;
}

hd_status hd_process_sleep(const hd_process *process) {
  char bytes[64];
  ssize_t n;
  do n = read(process->wake, bytes, sizeof bytes);
  while (n < 0 && errno == EINTR);
  return n > 0 ? HD_OK : HD_STOPPED;
}

hd_status hd_process_write(hd_ctx *ctx, const hd_process *process, const void *from, size_t size) {
  const char *at = from;
  while (size) {
    ssize_t n = write(process->records, at, size);
    if (n < 0 && errno != EINTR) return hd_raise(ctx, HD_STOPPED, "the study is gone: %s", strerror(errno));
    if (n > 0) at += n, size -= (size_t)n;
  }
  return HD_OK;
}

/* Bytes of private memory that can be written, which is what RLIMIT_DATA counts; 0: not known. */
static int64_t data_bytes(hd_ctx *ctx) {
  char text[256];
  int handle;
  if (hd_file_open(ctx, "/proc/self/statm", false, &handle) != HD_OK) return 0;
  int64_t n = ctx->files.read(ctx->files.self, handle, text, sizeof text - 1, 0);
  ctx->files.close(ctx->files.self, handle);
  text[n > 0 ? n : 0] = 0;
  char *at = text;
  for (int field = 0; field < 5 && at; field++) at = strchr(at + (field > 0), ' '); /* the sixth number */
  return at ? strtol(at, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

void hd_process_limit(hd_ctx *ctx, int64_t bytes, int64_t *base) {
  struct rlimit limit;
  if (!*base) *base = data_bytes(ctx);
  if (!*base || getrlimit(RLIMIT_DATA, &limit) < 0) return;
  limit.rlim_cur = bytes > 0 ? (rlim_t)(*base + bytes) : limit.rlim_max;
  if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_DATA, &limit);
}
