/* posix_spawn with its own process group, so that Ctrl-C reaches heddle alone, and one pipe for both outputs. */
#include "io/program.h"

#include "base/ctx.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID = 64 * 1024, SETTINGS = 3 };

/* PATH and HOME as they are (fontconfig keeps its cache there); the rest of the environment could change what is drawn. */
typedef struct environment {
  char text[SETTINGS][4200];
  char *list[SETTINGS + 1];
} environment;

static void fill(environment *env) {
  const char *name[SETTINGS] = {"PATH", "HOME", "LC_ALL"};
  int n = 0;
  for (int i = 0; i < SETTINGS; i++) {
    const char *value = i == 2 ? "C.UTF-8" : getenv(name[i]);
    if (!value || strlen(value) > 4000) continue;
    snprintf(env->text[n], sizeof env->text[n], "%s=%s", name[i], value);
    env->list[n] = env->text[n];
    n++;
  }
  env->list[n] = NULL;
}

static int start(const hd_program *program, int out, pid_t *pid) {
  environment env;
  fill(&env);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawn_file_actions_init(&files);
  if (error) return error;
  error = posix_spawnattr_init(&how);
  if (!error) {
    error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(&files, out, 1);
    if (!error) error = posix_spawn_file_actions_adddup2(&files, out, 2);
    if (!error) error = posix_spawn_file_actions_addchdir_np(&files, program->folder);
    if (!error) error = posix_spawnattr_setpgroup(&how, 0);
    if (!error) error = posix_spawnattr_setsigmask(&how, &none);
    if (!error) error = posix_spawnattr_setsigdefault(&how, &all);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (!error) error = posix_spawnattr_setflags(&how, flags);
    union {
      const char *const *in;
      char *const *out;
    } argv = {program->argv}; /* posix_spawn takes it without const */
    if (!error) error = posix_spawnp(pid, program->argv[0], &files, &how, argv.out, env.list);
    posix_spawnattr_destroy(&how);
  }
  posix_spawn_file_actions_destroy(&files);
  return error;
}

/* Reads until the program closes its outputs; false: the time is over. */
static bool listen(hd_ctx *ctx, int in, double limit_s, hd_text *said) {
  double end = ctx->clock.steady_s(ctx->clock.self) + limit_s;
  for (;;) {
    double left = end - ctx->clock.steady_s(ctx->clock.self);
    if (left <= 0) return false;
    struct pollfd one = {.fd = in, .events = POLLIN};
    int ready = poll(&one, 1, left > 1 ? 1000 : (int)(left * 1000) + 1);
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    char bytes[4096];
    ssize_t n = read(in, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    if (said && said->length + (size_t)n <= SAID) hd_text_add(said, bytes, (size_t)n);
  }
}

hd_status hd_program_run(hd_ctx *ctx, const hd_program *program, hd_text *said) {
  int ends[2], status = 0;
  pid_t pid;
  const char *name = program->argv[0];
  if (pipe2(ends, O_CLOEXEC) < 0)
    return hd_raise(ctx, HD_ERR_MISSING, "%s cannot be started: %s", name, strerror(errno));
  int error = start(program, ends[1], &pid);
  close(ends[1]);
  if (error) {
    close(ends[0]);
    return hd_raise(ctx, HD_ERR_MISSING, "%s cannot be started: %s", name,
                    error == ENOENT ? "not found on PATH" : strerror(error));
  }
  bool ended = listen(ctx, ends[0], program->limit_s, said);
  close(ends[0]);
  if (!ended) kill(-pid, SIGKILL);
  pid_t waited;
  do waited = waitpid(pid, &status, 0);
  while (waited < 0 && errno == EINTR);
  if (!ended) return hd_raise(ctx, HD_ERR_LIMIT, "%s was stopped after %g s", name, program->limit_s);
  if (waited == pid && WIFEXITED(status) && WEXITSTATUS(status) == 127)
    return hd_raise(ctx, HD_ERR_MISSING, "%s cannot be started", name);
  if (waited == pid && WIFEXITED(status) && WEXITSTATUS(status))
    return hd_raise(ctx, HD_ERR_FILE, "%s ended with exit code %d", name, WEXITSTATUS(status));
  if (waited == pid && WIFSIGNALED(status))
    return hd_raise(ctx, HD_ERR_FILE, "%s was ended by signal %d", name, WTERMSIG(status));
  return said ? hd_text_status(said) : HD_OK;
}
