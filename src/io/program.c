/* posix_spawn into a process group of its own, so that Ctrl-C reaches heddle alone, which then ends the whole group. One
 * loop polls both outputs and the process itself (pidfd), so that neither a full pipe nor a grandchild that keeps a pipe
 * open holds anything up. */
#include "io/program.h"

#include "base/ctx.h"
#include "io/program_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64 * 1024, POLL_MS = 50 };

extern char **environ;

/* -- environment ------------------------------------------------------------------------------------------------------ */

static bool same_name(const char *a, const char *b) {
  size_t n = strcspn(a, "=");
  return n == strcspn(b, "=") && !memcmp(a, b, n);
}

static bool is_replaced(const char *setting, const char *const *settings) {
  for (; settings && *settings; settings++)
    if (same_name(setting, *settings)) return true;
  return false;
}

/* fontconfig keeps its cache at HOME; the rest of the environment could change what is drawn. */
static bool passes(const hd_program *program, const char *setting) {
  if (is_replaced(setting, program->settings)) return false;
  return !program->bare || same_name(setting, "PATH=") || same_name(setting, "HOME=");
}

/* `room` entries of the list are taken; its texts belong to others. */
static hd_status environment(hd_ctx *ctx, const hd_program *program, const char ***list, size_t *room) {
  static const char plain[] = "LC_ALL=C.UTF-8";
  size_t n = 2, at = 0;
  void *memory;
  for (char **e = environ; e && *e; e++) n++;
  for (const char *const *s = program->settings; s && *s; s++) n++;
  HD_TRY(hd_memory_take(ctx, n * sizeof(char *), &memory));
  *list = memory;
  *room = n;
  for (char **e = environ; e && *e; e++)
    if (passes(program, *e)) (*list)[at++] = *e;
  if (program->bare) (*list)[at++] = plain;
  for (const char *const *s = program->settings; s && *s; s++) (*list)[at++] = *s;
  return HD_OK;
}

/* -- start ------------------------------------------------------------------------------------------------------------ */

typedef struct child {
  pid_t pid;
  int out, err;     /* our ends of its outputs; -1: closed */
  int handle;       /* pidfd; -1: there is none on this system, it is asked instead */
  bool ended, lost; /* lost: nobody may wait for it, as this process ignores SIGCHLD */
  int status;
} child;

static int prepare(const hd_program *program, posix_spawn_file_actions_t *files, posix_spawnattr_t *how, int out,
                   int err) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  const char *input = program->input ? program->input : "/dev/null";
  int error = posix_spawn_file_actions_addopen(files, 0, input, O_RDONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(files, out, 1);
  if (!error) error = posix_spawn_file_actions_adddup2(files, program->together ? out : err, 2);
  if (!error) error = posix_spawn_file_actions_addchdir_np(files, program->folder);
  if (!error) error = posix_spawnattr_setpgroup(how, 0);
  if (!error) error = posix_spawnattr_setsigmask(how, &none);
  if (!error) error = posix_spawnattr_setsigdefault(how, &all);
  short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  return error ? error : posix_spawnattr_setflags(how, flags);
}

static int spawn(const hd_program *program, const char *const *env, int out, int err, pid_t *pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  union {
    const char *const *in;
    char *const *out;
  } argv = {program->argv}, environment = {env}; /* posix_spawn takes them without const */
  int error = posix_spawn_file_actions_init(&files);
  if (error) return error;
  error = posix_spawnattr_init(&how);
  if (!error) {
    error = prepare(program, &files, &how, out, err);
    if (!error) error = posix_spawnp(pid, program->argv[0], &files, &how, argv.out, environment.out);
    posix_spawnattr_destroy(&how);
  }
  posix_spawn_file_actions_destroy(&files);
  return error;
}

static void close_all(int *handle, int count) {
  for (int i = 0; i < count; i++)
    if (handle[i] >= 0) close(handle[i]);
}

static hd_status start(hd_ctx *ctx, const hd_program *program, child *c) {
  int ends[4] = {-1, -1, -1, -1};
  const char **env, *name = program->argv[0];
  size_t room;
  HD_TRY(environment(ctx, program, &env, &room));
  int error = pipe2(ends, O_CLOEXEC) < 0 || pipe2(ends + 2, O_CLOEXEC) < 0 ? errno : 0;
  if (!error) error = spawn(program, env, ends[1], ends[3], &c->pid);
  hd_memory_give(ctx, env, room * sizeof(char *));
  if (error) {
    close_all(ends, 4);
    return hd_raise(ctx, HD_ERR_MISSING, "%s cannot be started: %s", name,
                    error != ENOENT     ? strerror(error)
                    : strchr(name, '/') ? "there is no such file"
                                        : "not found on PATH");
  }
  close(ends[1]);
  close(ends[3]);
  c->out = ends[0];
  c->err = ends[2];
  c->handle = pidfd_open(c->pid, 0);
  return HD_OK;
}

/* -- until it ends ------------------------------------------------------------------------------------------------------ */

/* Keeps the last `most` bytes or a little more; cut() makes it exact. */
static void keep(hd_text *text, const char *bytes, size_t n, size_t most, int64_t *lost) {
  if (text->length + n > 2 * most && text->length > most) {
    size_t drop = text->length - most;
    memmove(text->at, text->at + drop, most + 1);
    text->length = most;
    *lost += (int64_t)drop;
  }
  hd_text_add(text, bytes, n);
}

static void cut(hd_text *text, size_t most, int64_t *lost) {
  if (text->length <= most) return;
  size_t drop = text->length - most;
  memmove(text->at, text->at + drop, most + 1);
  text->length = most;
  *lost += (int64_t)drop;
}

/* One read; closes the handle at its end. */
static void take(int *handle, hd_text *text, size_t most, int64_t *lost) {
  char bytes[16384];
  ssize_t n = read(*handle, bytes, sizeof bytes);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n > 0) {
    keep(text, bytes, (size_t)n, most, lost);
    return;
  }
  close(*handle);
  *handle = -1;
}

static void ask(child *c) {
  if (c->ended) return;
  pid_t found = waitpid(c->pid, &c->status, WNOHANG);
  c->lost = found < 0 && errno == ECHILD;
  c->ended = found == c->pid || c->lost;
}

/* What is in the pipes now; false: nothing. `ms` is how long it may take until there is something, or it has ended. */
static bool listen(child *c, size_t most, int ms, hd_program_end *end) {
  struct pollfd all[3] = {{.fd = c->out, .events = POLLIN},
                          {.fd = c->err, .events = POLLIN},
                          {.fd = c->ended ? -1 : c->handle, .events = POLLIN}};
  if (poll(all, 3, ms) <= 0) return false;
  if (all[0].revents) take(&c->out, &end->output, most, &end->output_lost);
  if (all[1].revents) take(&c->err, &end->messages, most, &end->messages_lost);
  return all[0].revents || all[1].revents;
}

static double now_s(hd_ctx *ctx) { return ctx->clock.steady_s(ctx->clock.self); }

static void follow(hd_ctx *ctx, const hd_program *program, child *c, size_t most, hd_program_end *end) {
  double began = now_s(ctx), asked = INFINITY; /* when it was asked to end */
  bool killed = false;
  while (!c->ended) {
    double now = now_s(ctx), left = program->limit_s - (now - began);
    if (isinf(asked)) {
      end->stopped = program->stopping && program->stopping(program->stopping_self);
      end->late = !end->stopped && left <= 0;
      if (end->stopped || end->late) {
        asked = now;
        if (program->grace_s > 0) kill(-c->pid, SIGTERM);
      }
    }
    if (!killed && now - asked >= program->grace_s) killed = !kill(-c->pid, SIGKILL);
    bool quiet = c->handle < 0 && c->out < 0 && c->err < 0;
    int ms = quiet ? 1 : !killed && left > 0 && left < POLL_MS * 1e-3 ? (int)(left * 1e3) + 1 : POLL_MS;
    listen(c, most, ms, end);
    ask(c);
  }
  kill(-c->pid, SIGKILL); /* what it left behind */
  while ((c->out >= 0 || c->err >= 0) && listen(c, most, 0, end)) continue;
  end->seconds = now_s(ctx) - began;
}

/* -- whole ---------------------------------------------------------------------------------------------------------------- */

void hd_program_end_init(hd_program_end *end, hd_ctx *ctx) {
  *end = (hd_program_end){0};
  hd_text_init(&end->output, ctx);
  hd_text_init(&end->messages, ctx);
}

void hd_program_end_free(hd_program_end *end) {
  hd_text_free(&end->output);
  hd_text_free(&end->messages);
}

hd_status hd_program_follow(hd_ctx *ctx, const hd_program *program, hd_program_end *end) {
  child c = {.out = -1, .err = -1, .handle = -1};
  size_t most = program->most ? program->most : MOST;
  if (!program->bare) hd_guard_begin(ctx); /* what heddle draws with ends by itself */
  HD_TRY(start(ctx, program, &c));
  if (!program->bare) hd_guard_group(ctx, c.pid);
  follow(ctx, program, &c, most, end);
  if (!program->bare) hd_guard_group(ctx, 0);
  close_all((int[]){c.out, c.err, c.handle}, 3);
  cut(&end->output, most, &end->output_lost);
  cut(&end->messages, most, &end->messages_lost);
  if (c.lost)
    return hd_raise(ctx, HD_ERR_MISSING, "how %s ended is not known: this process ignores SIGCHLD", program->argv[0]);
  end->exit_code = WIFEXITED(c.status) ? WEXITSTATUS(c.status) : -1;
  end->signal = WIFSIGNALED(c.status) ? WTERMSIG(c.status) : 0;
  HD_TRY(hd_text_status(&end->output));
  return hd_text_status(&end->messages);
}

static hd_status judge(hd_ctx *ctx, const hd_program *program, const hd_program_end *end) {
  const char *name = program->argv[0];
  if (end->late) return hd_raise(ctx, HD_ERR_LIMIT, "%s was stopped after %g s", name, program->limit_s);
  if (end->exit_code == 127) return hd_raise(ctx, HD_ERR_MISSING, "%s cannot be started", name);
  if (end->exit_code > 0) return hd_raise(ctx, HD_ERR_FILE, "%s ended with exit code %d", name, end->exit_code);
  if (end->signal) return hd_raise(ctx, HD_ERR_FILE, "%s was ended by signal %d", name, end->signal);
  return HD_OK;
}

hd_status hd_program_run(hd_ctx *ctx, const hd_program *program, hd_text *said) {
  hd_program_end end;
  hd_program plain = *program;
  plain.bare = plain.together = true;
  hd_program_end_init(&end, ctx);
  hd_status status = hd_program_follow(ctx, &plain, &end);
  if (status == HD_OK && said) {
    hd_text_add(said, hd_text_of(&end.output), end.output.length);
    status = hd_text_status(said);
  }
  if (status == HD_OK) status = judge(ctx, program, &end);
  hd_program_end_free(&end);
  return status;
}

bool hd_program_find(hd_ctx *ctx, const char *name, char *out, size_t room) {
  const char *path = getenv("PATH");
  if (strchr(name, '/')) return hd_path_join(ctx, NULL, name, out, room) == HD_OK && hd_file_exists(ctx, out);
  for (const char *at = path ? path : "/bin:/usr/bin"; *at; at += *at == ':') {
    char folder[HD_PATH_ROOM];
    size_t n = strcspn(at, ":");
    if (n < sizeof folder) {
      memcpy(folder, at, n);
      folder[n] = 0;
      if (hd_path_join(ctx, n ? folder : ".", name, out, room) == HD_OK && hd_file_exists(ctx, out)) return true;
    }
    at += n;
  }
  return false;
}

const char *hd_program_signal_name(int number) {
  static const struct {
    int number;
    const char *name;
  } known[] = {{SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
               {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGKILL, "SIGKILL"},
               {SIGSEGV, "SIGSEGV"}, {SIGPIPE, "SIGPIPE"}, {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"},
               {SIGSYS, "SIGSYS"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].number == number) return known[i].name;
  return "a signal";
}
