#include "run/stages.h"

#include "par/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hd_status hd_store_folder(hd_ctx *ctx, const char *output, char store[HD_PATH_ROOM]) {
  const char *given = getenv("HEDDLE_STORE");
  char folder[HD_PATH_ROOM], absolute[PATH_MAX];
  if (given && given[0]) return hd_path_join(ctx, NULL, given, store, HD_PATH_ROOM);
  size_t length = strlen(output);
  while (length > 1 && output[length - 1] == '/') length--;
  if (length >= sizeof folder) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", output);
  memcpy(folder, output, length);
  folder[length] = 0;
  HD_TRY(hd_path_folder(ctx, folder, store, HD_PATH_ROOM));
  return hd_path_join(ctx, realpath(store, absolute) ? absolute : store, ".heddle", store, HD_PATH_ROOM);
}

/* A product that is wanted: its file, and the file by which its builder is agreed on. */
typedef struct product {
  hd_running *running;
  int stage;
  hd_hash key;
  bool stored; /* there is a store */
  char folder[HD_PATH_ROOM], path[HD_PATH_ROOM], claim[HD_PATH_ROOM], name[HD_HASH_HEX];
  int handle;  /* of the claim, held; -1: not */
  int threads; /* of the run itself */
} product;

static hd_ctx *ctx_of(const product *p) { return p->running->run.ctx; }

static hd_status place(product *p) {
  hd_ctx *ctx = ctx_of(p);
  const hd_running_options *options = &p->running->options;
  const char *given = options->store;
  char store[HD_PATH_ROOM], claim[HD_HASH_HEX + 8];
  const char *asked = getenv("HEDDLE_STORE");
  p->stored = given || options->folder || (asked && asked[0]);
  if (!p->stored) return HD_OK;
  if (!given) HD_TRY(hd_store_folder(ctx, options->folder ? options->folder : ".", store));
  HD_TRY(hd_path_join(ctx, given ? given : store, "stages", p->folder, sizeof p->folder));
  hd_hash_hex(&p->key, p->name);
  snprintf(claim, sizeof claim, "%s.claim", p->name);
  HD_TRY(hd_path_join(ctx, p->folder, p->name, p->path, sizeof p->path));
  return hd_path_join(ctx, p->folder, claim, p->claim, sizeof p->claim);
}

/* HD_ERR_MISSING: not there. HD_ERR_FILE: damaged or of another format; it is made again. */
static hd_status map(product *p) {
  hd_status status = hd_store_stage_map(p->running->run.store, p->stage, p->path, &p->key);
  if (status == HD_ERR_FILE) hd_log_line(ctx_of(p), HD_LOG_WARNING, "%s; it is made again", hd_ctx_message(ctx_of(p)));
  return status;
}

/* -- the claim --------------------------------------------------------------------------------------------------------- */

/* Every waiting worker leaves one byte in the claim's file, so that the builder knows how many cores are idle. */
static hd_status open_claim(product *p, int *handle) {
  hd_ctx *ctx = ctx_of(p);
  *handle = ctx->files.open(ctx->files.self, p->claim, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (*handle >= 0) return HD_OK;
  return hd_raise(ctx, *handle == -ENOMEM ? HD_ERR_MEMORY : HD_ERR_FILE, "%s cannot be opened for writing: %s",
                  p->claim, strerror(-*handle));
}

static void close_claim(product *p, int handle) {
  hd_ctx *ctx = ctx_of(p);
  if (handle >= 0) ctx->files.close(ctx->files.self, handle);
}

/* Half-written products of a builder that died: NAME*.tmp. Only the claim's holder may look. */
static bool is_remains(const void *arg, const char *name) {
  size_t length = strlen(name), key = strlen(arg);
  return !strncmp(name, arg, key) && length >= key + 4 && !strcmp(name + length - 4, ".tmp");
}

static hd_status take_over(product *p, int handle) {
  hd_ctx *ctx = ctx_of(p);
  int error = ctx->files.truncate(ctx->files.self, handle, 0);
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be taken over: %s", p->claim, strerror(-error));
  return hd_folder_clear(ctx, p->folder, is_remains, p->name);
}

static double now_s(const product *p) {
  const hd_clock *clock = &ctx_of(p)->clock;
  return clock->steady_s(clock->self);
}

/* One look at the claim: HD_OK with p->handle >= 0: it is ours; with -1: somebody is building. */
static hd_status try_claim(product *p, int handle) {
  hd_ctx *ctx = ctx_of(p);
  int error = ctx->files.lock(ctx->files.self, handle, false);
  if (error == -EWOULDBLOCK) return HD_OK;
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be locked: %s", p->claim, strerror(-error));
  HD_TRY(take_over(p, handle));
  p->handle = handle;
  return HD_OK;
}

/* Until the product is there or the claim is ours. The time of a run's limit does not pass meanwhile. */
static hd_status wait_or_claim(product *p, int handle, bool *mapped) {
  hd_ctx *ctx = ctx_of(p);
  double began = now_s(p), pause = 0.001;
  bool waiting = false;
  hd_status status = HD_OK;
  for (;;) {
    HD_TRY(try_claim(p, handle));
    if (p->handle >= 0) break;
    if (!waiting)
      ctx->files.write(ctx->files.self, handle, "w", 1, 0); /* appends; without it the builder stays narrow */
    waiting = true;
    if (hd_stopping(&p->running->run))
      return hd_raise(ctx, HD_STOPPED, "stopped while another run made the stage '%s'",
                      p->running->solver->stages[p->stage].name);
    ctx->clock.sleep_s(ctx->clock.self, pause);
    if (pause < 0.02) pause *= 2;
  }
  if (waiting) {
    hd_exec *exec = p->running->run.exec;
    double waited = now_s(p) - began;
    p->running->began_s += waited;
    if (hd_exec_time_left(exec) < 1e300)
      hd_exec_deadline(exec, p->running->began_s + p->running->kase->common.limit_time_s);
  }
  status = map(p); /* by the one who held the claim before */
  *mapped = status == HD_OK;
  return status == HD_ERR_MEMORY ? status : HD_OK;
}

/* -- building ---------------------------------------------------------------------------------------------------------- */

static int most_threads(const product *p) {
  const hd_running *running = p->running;
  const hd_common *common = &running->kase->common;
  const hd_core_limit *limit = common->cores.item;
  int most = running->options.place ? running->options.place->limits.cores : hd_limits_read(ctx_of(p)).cores;
  for (int64_t i = 0; i < common->cores.count; i++)
    if (!strcmp(common->cores.name[i], running->solver->stages[p->stage].name) && limit[i].threads < most)
      most = (int)limit[i].threads;
  return most;
}

/* The run's own threads and one for each worker that waits. */
static int wanted_threads(void *self) {
  const product *p = self;
  hd_ctx *ctx = ctx_of(p);
  hd_file_info info;
  int most = most_threads(p), wanted = p->threads;
  if (ctx->files.info(ctx->files.self, p->claim, &info) == 0 && info.exists)
    wanted += info.size < most ? (int)info.size : most;
  return wanted < most ? wanted : most > 1 ? most : 1;
}

static hd_status build(product *p) {
  hd_running *running = p->running;
  const hd_stage *stage = &running->solver->stages[p->stage];
  hd_exec *exec = running->run.exec;
  hd_exec_widen(exec, wanted_threads, p);
  hd_exec_cost(exec, INFINITY); /* what is worth a stage is worth threads; its regions are too few to learn from */
  hd_status status = hd_store_building(running->run.store, p->stage);
  if (status == HD_OK) status = stage->build(&running->run);
  hd_status ended = hd_store_building(running->run.store, -1);
  hd_exec_widen(exec, NULL, NULL);
  hd_exec_cost(exec, 0);
  if (status == HD_OK) status = ended;
  if (status == HD_OK && hd_exec_threads(exec) != p->threads) status = hd_exec_resize(exec, p->threads);
  if (status == HD_OK) running->stages_built++;
  return hd_while(ctx_of(p), status, "building the stage '%s'", stage->name);
}

/* What was built is stored and mapped, so that memory is shared; then the claim has done its work. A claim that ends without
 * a product is taken over by one who waits. */
static hd_status publish(product *p) {
  hd_store *store = p->running->run.store;
  HD_TRY(hd_store_stage_save(store, p->stage, p->path, &p->key));
  HD_TRY(hd_store_stage_map(store, p->stage, p->path, &p->key));
  return hd_file_remove(ctx_of(p), p->claim);
}

/* A store that cannot be written costs sharing, not the run; but a foreign product is only the same from the same file. */
static hd_status without_store(const product *p, hd_status status) {
  bool foreign = p->running->solver->stages[p->stage].flags & HD_FOREIGN;
  if (status != HD_ERR_FILE || foreign) return status;
  hd_log_line(ctx_of(p), HD_LOG_WARNING, "the stage '%s' stays in memory: %s",
              p->running->solver->stages[p->stage].name, hd_ctx_message(ctx_of(p)));
  return HD_OK;
}

static hd_status build_claimed(product *p) {
  bool mapped = false;
  int handle = -1;
  hd_status status = hd_folder_make(ctx_of(p), p->folder);
  if (status == HD_OK) status = open_claim(p, &handle);
  if (status == HD_OK) status = wait_or_claim(p, handle, &mapped);
  if (status == HD_OK && mapped) p->running->stages_mapped++;
  status = without_store(p, status);
  if (status == HD_OK && !mapped) {
    status = build(p);
    if (status == HD_OK && p->handle >= 0) status = without_store(p, publish(p));
  }
  close_claim(p, handle);
  return status;
}

static hd_status prepare(hd_running *running, int stage) {
  product p = {.running = running, .stage = stage, .handle = -1, .threads = hd_exec_threads(running->run.exec)};
  HD_TRY(hd_case_stage_key(running->kase, stage, &p.key));
  HD_TRY(place(&p));
  if (!p.stored) return build(&p);
  hd_status status = map(&p);
  if (status == HD_OK) running->stages_mapped++;
  if (status == HD_OK || status == HD_ERR_MEMORY) return status;
  return build_claimed(&p);
}

hd_status hd_stages_prepare(hd_running *running) {
  const hd_stage *stages = running->solver->stages;
  for (int s = 0; stages && stages[s].name; s++) HD_TRY(prepare(running, s));
  return HD_OK;
}
