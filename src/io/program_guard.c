#include "io/program_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* It lives in a session of its own, so that no Ctrl-C reaches it, and ends when the socket does. */
static const char script[] =
    "trap '' HUP INT QUIT TERM USR1 USR2; g=0; while read -r n; do g=$n; done; [ \"$g\" -gt 1 ] && kill -s KILL -- "
    "\"-$g\"";

static int spawn(int input, pid_t *pid) {
  static const char *const argv[] = {"sh", "-c", script, NULL}, *const env[] = {NULL};
  union {
    const char *const *in;
    char *const *out;
  } words = {argv}, settings = {env}; /* posix_spawn takes them without const */
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  int error = posix_spawn_file_actions_init(&files);
  if (error) return error;
  error = posix_spawnattr_init(&how);
  if (!error) {
    error = posix_spawn_file_actions_adddup2(&files, input, 0);
    if (!error) error = posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    if (!error) error = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if (!error) error = posix_spawn_file_actions_addchdir_np(&files, "/");
    if (!error) error = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID);
    if (!error) error = posix_spawn(pid, "/bin/sh", &files, &how, words.out, settings.out);
    posix_spawnattr_destroy(&how);
  }
  posix_spawn_file_actions_destroy(&files);
  return error;
}

static void end(hd_ctx *ctx) {
  close(ctx->guard);
  while (waitpid(ctx->guard_pid, NULL, 0) < 0 && errno == EINTR) continue;
  ctx->guard = -1;
  ctx->guard_end = NULL;
}

void hd_guard_begin(hd_ctx *ctx) {
  int ends[2] = {-1, -1};
  pid_t pid = 0;
  if (ctx->guard_end) return;
  int error = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ? errno : spawn(ends[1], &pid);
  if (ends[1] >= 0) close(ends[1]);
  if (!error) {
    ctx->guard = ends[0];
    ctx->guard_pid = pid;
    ctx->guard_end = end;
    return;
  }
  if (ends[0] >= 0) close(ends[0]);
  hd_log_line(ctx, HD_LOG_WARNING, "a program would outlive a killed heddle: its guard cannot be started: %s",
              strerror(error));
}

void hd_guard_group(hd_ctx *ctx, pid_t group) {
  char line[32];
  if (!ctx->guard_end) return;
  int n = snprintf(line, sizeof line, "%ld\n", (long)group);
  if (send(ctx->guard, line, (size_t)n, MSG_NOSIGNAL) != n)
    hd_log_line(ctx, HD_LOG_WARNING, "the guard of programs is gone: %s", strerror(errno));
}
