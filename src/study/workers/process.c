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

/* -- the system's calls ------------------------------------------------------------------------------------------------ */

static int call_pair(void *self, int ends[2]) {
  (void)self;
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ? -errno : 0;
}

static int call_pipe(void *self, int ends[2]) {
  (void)self;
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  fcntl(ends[0], F_SETFL, O_NONBLOCK); /* cannot fail: the handle is there */
  return 0;
}

static int call_shared(void *self, size_t bytes) {
  (void)self;
  int handle = memfd_create("heddle-worker", MFD_CLOEXEC);
  if (handle < 0) return -errno;
  if (ftruncate(handle, (off_t)bytes) == 0) return handle;
  int error = errno;
  close(handle);
  return -error;
}

static int call_map(void *self, int handle, size_t bytes, void **at) {
  (void)self;
  *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
  return *at == MAP_FAILED ? -errno : 0;
}

static int call_above(void *self, int handle) {
  (void)self;
  int moved = fcntl(handle, F_DUPFD_CLOEXEC, 16);
  return moved < 0 ? -errno : moved;
}

/* Ctrl-C is for the study alone: until the worker ignores it, it is held back. */
static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, const int handles[3]) {
  sigset_t held, all;
  sigfillset(&all);
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGUSR1);
  int error = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(files, 2, 1); /* standard output is for the study's own words */
  for (int i = 0; i < 3 && !error; i++) error = posix_spawn_file_actions_adddup2(files, handles[i], WAKE + i);
  if (!error) error = posix_spawnattr_setsigmask(how, &held);
  if (!error) error = posix_spawnattr_setsigdefault(how, &all);
  return error ? error : posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int call_spawn(void *self, const char *command, const int handles[3], pid_t *pid) {
  char name[] = "heddle", verb[] = "worker", *argv[] = {name, verb, NULL};
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  (void)self;
  int error = posix_spawn_file_actions_init(&files);
  if (error) return -error;
  error = posix_spawnattr_init(&how);
  if (!error) {
    error = prepare(&files, &how, handles);
    if (!error) error = posix_spawn(pid, command, &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
  }
  posix_spawn_file_actions_destroy(&files);
  return -error;
}

static int64_t call_read(void *self, int handle, void *to, size_t room) {
  (void)self;
  ssize_t n = read(handle, to, room);
  return n < 0 ? -errno : n;
}

static int call_poll(void *self, struct pollfd *all, int count, int wait_ms) {
  (void)self;
  int n = poll(all, (nfds_t)count, wait_ms);
  return n < 0 ? -errno : n;
}

static int call_wait(void *self, pid_t pid, int *status, double *most_bytes) {
  struct rusage usage;
  (void)self;
  pid_t found = wait4(pid, status, WNOHANG, &usage);
  if (found == pid) *most_bytes = (double)usage.ru_maxrss * 1024;
  return found < 0 ? -errno : found == pid;
}

hd_process_calls hd_process_calls_system(void) {
  return (hd_process_calls){NULL,       call_pair,  call_pipe, call_shared, call_map,
                            call_above, call_spawn, call_read, call_poll,   call_wait};
}

/* -- start ------------------------------------------------------------------------------------------------------------- */

static void close_handle(int *handle) {
  if (*handle >= 0) close(*handle);
  *handle = -1;
}

/* What the child gets must not lie where it is to be put. */
static int move_up(const hd_process *p, int *handle) {
  int moved = p->calls.above(p->calls.self, *handle);
  if (moved < 0) return moved;
  close(*handle);
  *handle = moved;
  return 0;
}

static int make_page(hd_process *p, const void *order, size_t size, int *handle) {
  void *at;
  p->page_size = sizeof(hd_worker_page) + size;
  *handle = p->calls.shared(p->calls.self, p->page_size);
  if (*handle < 0) return *handle;
  int error = p->calls.map(p->calls.self, *handle, p->page_size, &at);
  if (error < 0) return error;
  p->page = at;
  p->page->order_size = (int64_t)size;
  memcpy(p->page->order, order, size);
  return 0;
}

/* child: wake, records, page */
static int connect_both(hd_process *p, const void *order, size_t size, int child[3]) {
  int ends[2], error = p->calls.pair(p->calls.self, ends);
  if (error < 0) return error;
  p->wake = ends[0], child[0] = ends[1];
  error = p->calls.pipe(p->calls.self, ends);
  if (error < 0) return error;
  p->records = ends[0], child[1] = ends[1];
  error = make_page(p, order, size, &child[2]);
  for (int i = 0; i < 3 && error >= 0; i++) error = move_up(p, &child[i]);
  return error;
}

hd_status hd_process_start(hd_ctx *ctx, const char *command, const void *order, size_t size, hd_process *out) {
  int child[3] = {-1, -1, -1};
  *out = (hd_process){.wake = -1, .records = -1, .calls = ctx->processes ? *ctx->processes : hd_process_calls_system()};
  int error = connect_both(out, order, size, child);
  if (error >= 0) error = out->calls.spawn(out->calls.self, command, child, &out->pid);
  for (int i = 0; i < 3; i++) close_handle(&child[i]);
  if (error >= 0) return HD_OK;
  out->pid = 0;
  hd_process_forget(out);
  return hd_raise(ctx, HD_ERR_MISSING, "a worker process cannot be started from %s: %s", command, strerror(-error));
}

/* -- the study's side ---------------------------------------------------------------------------------------------------- */

void hd_process_wake(const hd_process *process) {
  char byte = 1;
  ssize_t sent;
  do sent = send(process->wake, &byte, 1, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR); /* that it is gone is seen elsewhere */
}

int64_t hd_process_read(const hd_process *process, void *to, size_t room) {
  int64_t n = process->calls.read(process->calls.self, process->records, to, room);
  if (n >= 0) return n;
  return n == -EAGAIN || n == -EINTR ? -1 : 0; /* what can no longer be read is as good as closed */
}

void hd_process_wait(const hd_process *const *all, int count, double seconds, bool *ready) {
  struct pollfd polled[POLLED_MOST];
  if (count > POLLED_MOST) count = POLLED_MOST;
  if (count < 1) return;
  for (int i = 0; i < count; i++)
    polled[i] = (struct pollfd){.fd = all[i]->pid ? all[i]->records : -1, .events = POLLIN};
  const hd_process_calls *calls = &all[0]->calls;
  int n = calls->poll(calls->self, polled, count, seconds > 0 ? (int)(seconds * 1e3) + 1 : 0);
  bool none = n == 0 || n == -EINTR; /* any other failure: each is asked */
  for (int i = 0; i < count; i++) ready[i] = !none && polled[i].fd >= 0 && (n < 0 || polled[i].revents);
}

bool hd_process_ended(hd_process *process, hd_process_end *end) {
  int status = 0, ended;
  double most_bytes = 0;
  if (!process->pid) return false;
  ended = process->calls.wait(process->calls.self, process->pid, &status, &most_bytes);
  if (ended == 0 || (ended < 0 && ended != -ECHILD)) return false;
  process->pid = 0;
  *end = (hd_process_end){.signal = ended > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                          .exit_code = ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                          .most_bytes = most_bytes};
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
