/* Worker processes when the system's calls around them fail, each in turn: a clear message or fewer workers, no process and
 * no handle left, and what was done is right. And where nobody may wait for children (SIGCHLD ignored): studies and programs
 * end.
 */
#include "faulty.h"
#include "io/program.h"
#include "study/workers/process.h"
#include "study_case.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

static const char scenario[] =
    "solver: traffic\nroad: {length: 200 m, cells: 10, quality: 1}\n"
    "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
    "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 2 s}\n"
    "sweep: {grid: {road.cells: [10, 11, 12]}}\nmeasure: [vehicle_time]\n";

enum { MEMBERS = 3 };

typedef struct broken {
  hd_process_calls sound;
  int64_t calls, n; /* the n-th call fails; n = 0: none */
  bool on;          /* and all after it that start a process: no handles, no processes are to be had any more */
} broken;

static bool fails(void *self, bool starts) {
  broken *b = self;
  int64_t call = ++b->calls;
  return b->n && (call == b->n || (b->on && starts && call > b->n));
}

static int break_pair(void *self, int ends[2]) {
  return fails(self, true) ? -EMFILE : ((broken *)self)->sound.pair(NULL, ends);
}
static int break_pipe(void *self, int ends[2]) {
  return fails(self, true) ? -EMFILE : ((broken *)self)->sound.pipe(NULL, ends);
}
static int break_shared(void *self, size_t bytes) {
  return fails(self, true) ? -ENOMEM : ((broken *)self)->sound.shared(NULL, bytes);
}
static int break_map(void *self, int handle, size_t bytes, void **at) {
  return fails(self, true) ? -ENOMEM : ((broken *)self)->sound.map(NULL, handle, bytes, at);
}
static int break_above(void *self, int handle) {
  return fails(self, true) ? -EMFILE : ((broken *)self)->sound.above(NULL, handle);
}
static int break_spawn(void *self, const char *command, const int handles[3], pid_t *pid) {
  return fails(self, true) ? -EAGAIN : ((broken *)self)->sound.spawn(NULL, command, handles, pid);
}
static int64_t break_read(void *self, int handle, void *to, size_t room) {
  return fails(self, false) ? -EIO : ((broken *)self)->sound.read(NULL, handle, to, room);
}
static int break_poll(void *self, struct pollfd *all, int count, int wait_ms) {
  return fails(self, false) ? -ENOMEM : ((broken *)self)->sound.poll(NULL, all, count, wait_ms);
}
static int break_wait(void *self, pid_t pid, int *status, double *most_bytes) {
  return fails(self, false) ? -EINTR : ((broken *)self)->sound.wait(NULL, pid, status, most_bytes);
}

static int handles(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  assert_non_null(folder);
  while (readdir(folder)) count++;
  closedir(folder);
  return count;
}

typedef struct outcome {
  hd_status status;
  int64_t done, failed;
  hd_hash digest[MEMBERS];
  hd_member_state state[MEMBERS];
  char message[512];
} outcome;

static outcome study(const char *folder, const hd_process_calls *calls) {
  outcome o = {0};
  hd_ctx *ctx;
  hd_case *base;
  hd_study_spec spec;
  char path[128];
  hd_study_options options = {
      .folder = path, .workers = 2, .isolate = HD_ISOLATE_PROCESS, .command = HD_BUILD "/heddle"};
  snprintf(path, sizeof path, "%s/roads.study", folder);
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  ctx->processes = calls;
  snprintf(o.message, sizeof o.message, "%s/roads.yaml", folder);
  study_case_of_file(ctx, o.message, scenario, NULL, &base);
  study_case_read(base, &spec);
  hd_study *s = study_case_open(base, &spec, &options);
  o.status = hd_study_run(s);
  snprintf(o.message, sizeof o.message, "%s", hd_ctx_message(ctx));
  o.done = s->done, o.failed = s->failed;
  for (int i = 0; i < MEMBERS; i++) o.digest[i] = s->digest[i], o.state[i] = s->member[i].state;
  hd_study_close(s);
  hd_case_free(base);
  hd_ctx_free(ctx);
  return o;
}

static void clear(const char *folder) {
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
  hd_ctx_free(ctx);
}

static bool try(const outcome *sound, int64_t n, bool on) {
  char folder[] = "/tmp/heddle-processes-XXXXXX";
  broken b = {.sound = hd_process_calls_system(), .n = n, .on = on};
  hd_process_calls calls = {&b,          break_pair,  break_pipe, break_shared, break_map,
                            break_above, break_spawn, break_read, break_poll,   break_wait};
  int before = handles();
  assert_non_null(mkdtemp(folder));
  outcome o = study(folder, &calls);
  bool reached = b.calls >= n;
  if (waitpid(-1, NULL, WNOHANG) != -1) fail_msg("call %lld: a process is left", (long long)n);
  if (handles() != before) fail_msg("call %lld: %d handles are left", (long long)n, handles() - before);
  if (o.status != HD_OK && (o.status != HD_ERR_MISSING || !o.message[0]))
    fail_msg("call %lld: status %d: %s", (long long)n, (int)o.status, o.message);
  if (o.status == HD_OK && o.done + o.failed != MEMBERS)
    fail_msg("call %lld: %lld done", (long long)n, (long long)o.done);
  for (int i = 0; i < MEMBERS; i++)
    if (o.state[i] == HD_MEMBER_DONE) assert_true(hd_hash_equal(&o.digest[i], &sound->digest[i]));
  o = study(folder, NULL); /* goes on */
  if (o.status != HD_OK || o.done != MEMBERS) fail_msg("call %lld: %s", (long long)n, o.message);
  for (int i = 0; i < MEMBERS; i++)
    if (o.state[i] == HD_MEMBER_DONE) assert_true(hd_hash_equal(&o.digest[i], &sound->digest[i]));
  clear(folder);
  return reached;
}

static outcome undisturbed(void) {
  char folder[] = "/tmp/heddle-processes-XXXXXX";
  assert_non_null(mkdtemp(folder));
  outcome o = study(folder, NULL);
  if (o.status != HD_OK) fail_msg("%s", o.message);
  assert_int_equal(o.done, MEMBERS);
  clear(folder);
  return o;
}

static void each_call_fails(void **state) {
  (void)state;
  outcome sound = undisturbed();
  int64_t once = 1, on = 1;
  while (try(&sound, once, false)) once++;
  for (; on <= 16; on++) try(&sound, on, true); /* eight to start each of two workers */
  print_message("%lld calls failed once, %lld for good\n", (long long)once - 1, (long long)on - 1);
  assert_true(once > 16);
}

static void children_that_are_nobodys(void **state) {
  (void)state;
  hd_ctx *ctx;
  outcome sound = undisturbed();
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  hd_program program = {.argv = (const char *const[]){"true", NULL}, .folder = "/", .limit_s = 10};
  assert_int_equal(hd_program_run(ctx, &program, NULL), HD_OK);
  signal(SIGCHLD, SIG_IGN); /* as in a program started by one that ignores it */
  outcome same = undisturbed();
  assert_int_equal(hd_program_run(ctx, &program, NULL), HD_ERR_MISSING);
  assert_non_null(strstr(hd_ctx_message(ctx), "SIGCHLD"));
  signal(SIGCHLD, SIG_DFL);
  hd_ctx_free(ctx);
  for (int i = 0; i < MEMBERS; i++) assert_true(hd_hash_equal(&same.digest[i], &sound.digest[i]));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_call_fails), cmocka_unit_test(children_that_are_nobodys)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
