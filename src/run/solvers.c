#include "run/solvers.h"

#include "solvers/registry.h"

#include <dlfcn.h>
#include <string.h>

typedef struct plugin {
  void *handle;
  const char *path;
  const hd_solver *solver;
  hd_hash hash; /* of the file */
} plugin;

struct hd_solver_set {
  hd_ctx *ctx;
  hd_arena arena;
  plugin *plugins;
  int count;
};

static hd_status verify(hd_ctx *ctx, const char *path, const hd_solver *solver) {
  if (!solver || solver->abi != HD_SOLVER_ABI)
    return hd_raise(ctx, HD_ERR_MISSING, "%s was built for interface %u of heddle, this is %u", path,
                    solver ? solver->abi : 0, HD_SOLVER_ABI);
  if (solver->size < offsetof(hd_solver, end) || !solver->name || !solver->params || !solver->step || !solver->fields)
    return hd_raise(ctx, HD_ERR_MISSING, "%s: its solver lacks a name, parameters, fields or a step", path);
  return HD_OK;
}

static hd_status hash_file(hd_ctx *ctx, const char *path, hd_hash *hash) {
  const void *at;
  size_t size;
  HD_TRY(hd_file_map(ctx, path, &at, &size));
  *hash = hd_hash_of(at, size);
  hd_file_unmap(ctx, at, size);
  return HD_OK;
}

static hd_status open_plugin(hd_solver_set *solvers, const char *given) {
  hd_ctx *ctx = solvers->ctx;
  plugin *into = &solvers->plugins[solvers->count];
  char path[HD_PATH_ROOM], *kept;
  bool plain = !strchr(given, '/'); /* dlopen would search the system's folders for it */
  HD_TRY(hd_path_join(ctx, plain ? "." : NULL, given, path, sizeof path));
  HD_TRY(hash_file(ctx, path, &into->hash));
  HD_TRY(hd_arena_text(&solvers->arena, path, strlen(path), &kept));
  into->path = kept;
  into->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!into->handle) return hd_raise(ctx, HD_ERR_MISSING, "the plug-in %s cannot be opened: %s", given, dlerror());
  solvers->count++;
  union {
    void *object;
    hd_plugin_entry function;
  } entry = {dlsym(into->handle, "hd_plugin")};
  if (!entry.object) return hd_raise(ctx, HD_ERR_MISSING, "%s is no plug-in of heddle: it has no hd_plugin", given);
  into->solver = entry.function();
  HD_TRY(verify(ctx, given, into->solver));
  for (int i = 0; i < solvers->count - 1; i++)
    if (!strcmp(solvers->plugins[i].solver->name, into->solver->name))
      return hd_raise(ctx, HD_ERR_INPUT, "two plug-ins bring a solver '%s'", into->solver->name);
  return HD_OK;
}

hd_status hd_solver_set_new(hd_ctx *ctx, const char *const *plugins, int count, hd_solver_set **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_solver_set), &memory));
  hd_solver_set *solvers = memory;
  solvers->ctx = ctx;
  hd_arena_init(&solvers->arena, ctx);
  hd_status status = hd_arena_take(&solvers->arena, sizeof(plugin) * (size_t)(count + 1), &memory);
  solvers->plugins = memory;
  for (int i = 0; i < count && status == HD_OK; i++) status = open_plugin(solvers, plugins[i]);
  if (status == HD_OK) *out = solvers;
  else hd_solver_set_free(solvers);
  return status;
}

void hd_solver_set_free(hd_solver_set *solvers) {
  if (!solvers) return;
  for (int i = 0; i < solvers->count; i++) dlclose(solvers->plugins[i].handle);
  hd_arena_free(&solvers->arena);
  hd_memory_give(solvers->ctx, solvers, sizeof *solvers);
}

const hd_solver *hd_solver_set_at(const hd_solver_set *solvers, int index) {
  if (index < solvers->count) return solvers->plugins[index].solver;
  for (int i = 0; hd_solvers[i]; i++)
    if (i == index - solvers->count) return hd_solvers[i];
  return NULL;
}

const hd_solver *hd_solver_set_find(const hd_solver_set *solvers, const char *name) {
  const hd_solver *solver;
  for (int i = 0; (solver = hd_solver_set_at(solvers, i)); i++)
    if (!strcmp(solver->name, name)) return solver;
  return NULL;
}

static const plugin *plugin_of(const hd_solver_set *solvers, const hd_solver *solver) {
  for (int i = 0; i < solvers->count; i++)
    if (solvers->plugins[i].solver == solver) return &solvers->plugins[i];
  return NULL;
}

const char *hd_solver_set_path(const hd_solver_set *solvers, const hd_solver *solver) {
  const plugin *found = plugin_of(solvers, solver);
  return found ? found->path : NULL;
}

hd_hash hd_solver_set_hash(const hd_solver_set *solvers, const hd_solver *solver) {
  const plugin *found = plugin_of(solvers, solver);
  return found ? found->hash : (hd_hash){0};
}
