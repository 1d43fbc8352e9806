/* The whole-file verbs, on the table of the context. The system's own table is in file_system.c. */
#include "base/ctx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static hd_status failed(hd_ctx *ctx, int error, const char *verb, const char *path) {
  char reason[128];
  const char *text = strerror_r(error, reason, sizeof reason);
  hd_status status = error == ENOMEM ? HD_ERR_MEMORY : HD_ERR_FILE;
  return hd_raise(ctx, status, "%s cannot be %s: %s", path, verb, text);
}

hd_status hd_file_open(hd_ctx *ctx, const char *path, bool write, int *handle) {
  int flags = write ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC;
  *handle = ctx->files.open(ctx->files.self, path, flags, 0666);
  if (*handle < 0) return failed(ctx, -*handle, write ? "opened for writing" : "read", path);
  return HD_OK;
}

hd_status hd_file_close(hd_ctx *ctx, int handle, const char *path) {
  int error = ctx->files.close(ctx->files.self, handle);
  return error < 0 ? failed(ctx, -error, "closed", path) : HD_OK;
}

hd_status hd_file_read_at(hd_ctx *ctx, int handle, const char *path, void *to, size_t bytes, int64_t at) {
  char *next = to;
  while (bytes) {
    int64_t n = ctx->files.read(ctx->files.self, handle, next, bytes, at);
    if (n < 0) return failed(ctx, (int)-n, "read", path);
    if (n == 0) return hd_raise(ctx, HD_ERR_FILE, "%s ends too early", path);
    next += n;
    at += n;
    bytes -= (size_t)n;
  }
  return HD_OK;
}

hd_status hd_file_write_at(hd_ctx *ctx, int handle, const char *path, const void *from, size_t bytes, int64_t at) {
  const char *next = from;
  while (bytes) {
    int64_t n = ctx->files.write(ctx->files.self, handle, next, bytes, at);
    if (n <= 0) return failed(ctx, n ? (int)-n : ENOSPC, "written", path);
    next += n;
    at += n;
    bytes -= (size_t)n;
  }
  return HD_OK;
}

hd_status hd_file_sync(hd_ctx *ctx, int handle, const char *path) {
  int error = ctx->files.sync(ctx->files.self, handle);
  return error < 0 ? failed(ctx, -error, "made durable", path) : HD_OK;
}

hd_status hd_file_read(hd_ctx *ctx, const char *path, size_t limit, char **text, size_t *size) {
  hd_file_info info;
  *text = NULL;
  *size = 0;
  int error = ctx->files.info(ctx->files.self, path, &info);
  if (!error && info.folder) error = -EISDIR;
  if (!error && !info.exists) error = -ENOENT;
  if (error < 0) return failed(ctx, -error, "read", path);
  if (info.size < 0 || (uint64_t)info.size > limit)
    return hd_raise(ctx, HD_ERR_INPUT, "%s is %lld bytes, more than the %zu that are read here", path,
                    (long long)info.size, limit);
  int handle;
  void *memory;
  HD_TRY(hd_file_open(ctx, path, false, &handle));
  hd_status status = hd_memory_take(ctx, (size_t)info.size + 1, &memory);
  if (status == HD_OK) {
    status = hd_file_read_at(ctx, handle, path, memory, (size_t)info.size, 0);
    if (status != HD_OK) hd_memory_give(ctx, memory, (size_t)info.size + 1);
  }
  ctx->files.close(ctx->files.self, handle);
  if (status == HD_OK) {
    *text = memory;
    *size = (size_t)info.size;
  }
  return status;
}

/* The table knows no modes: a copy may always be executed, as far as the user's umask allows. */
hd_status hd_file_copy(hd_ctx *ctx, const char *from, const char *to) {
  const void *at;
  size_t size;
  HD_TRY(hd_file_map(ctx, from, &at, &size));
  int handle = ctx->files.open(ctx->files.self, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0777);
  hd_status status = handle < 0 ? failed(ctx, -handle, "create", to) : HD_OK;
  if (status == HD_OK) {
    status = hd_file_write_at(ctx, handle, to, at, size, 0);
    if (status == HD_OK) status = hd_file_close(ctx, handle, to);
    else ctx->files.close(ctx->files.self, handle);
  }
  hd_file_unmap(ctx, at, size);
  return status;
}

static hd_status sync_folder_of(hd_ctx *ctx, const char *path) {
  char folder[HD_PATH_ROOM];
  HD_TRY(hd_path_folder(ctx, path, folder, sizeof folder));
  int handle;
  HD_TRY(hd_file_open(ctx, folder, false, &handle));
  hd_status status = hd_file_sync(ctx, handle, folder);
  ctx->files.close(ctx->files.self, handle);
  return status;
}

static hd_status rename_durably(hd_ctx *ctx, const char *temporary, const char *path, bool durable) {
  int error = ctx->files.rename(ctx->files.self, temporary, path);
  if (error < 0) return failed(ctx, -error, "put in place", path);
  return durable ? sync_folder_of(ctx, path) : HD_OK;
}

hd_status hd_file_publish(hd_ctx *ctx, const char *temporary, const char *path, bool durable) {
  hd_status status = HD_OK;
  if (durable) {
    int handle;
    HD_TRY(hd_file_open(ctx, temporary, true, &handle));
    status = hd_file_sync(ctx, handle, temporary);
    ctx->files.close(ctx->files.self, handle);
  }
  return status == HD_OK ? rename_durably(ctx, temporary, path, durable) : status;
}

static hd_status fill(hd_ctx *ctx, const char *path, const void *data, size_t size, bool durable) {
  int handle;
  HD_TRY(hd_file_open(ctx, path, true, &handle));
  hd_status status = HD_OK;
  int error = ctx->files.truncate(ctx->files.self, handle, 0);
  if (error < 0) status = failed(ctx, -error, "written", path);
  if (status == HD_OK) status = hd_file_write_at(ctx, handle, path, data, size, 0);
  if (status == HD_OK && durable) status = hd_file_sync(ctx, handle, path);
  hd_status closed = hd_file_close(ctx, handle, path);
  return status == HD_OK ? closed : status;
}

hd_status hd_file_write(hd_ctx *ctx, const char *path, const void *data, size_t size, bool durable) {
  char temporary[HD_PATH_ROOM];
  int n = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
  if (n < 0 || (size_t)n >= sizeof temporary) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", path);
  hd_status status = fill(ctx, temporary, data, size, durable);
  if (status == HD_OK) status = rename_durably(ctx, temporary, path, durable);
  if (status != HD_OK) ctx->files.remove(ctx->files.self, temporary);
  return status;
}

hd_status hd_file_map(hd_ctx *ctx, const char *path, const void **at, size_t *size) {
  hd_file_info info;
  *at = NULL;
  *size = 0;
  int error = ctx->files.info(ctx->files.self, path, &info);
  if (!error && !info.exists) error = -ENOENT;
  if (error < 0) return failed(ctx, -error, "mapped", path);
  int handle;
  HD_TRY(hd_file_open(ctx, path, false, &handle));
  error = info.size ? ctx->files.map(ctx->files.self, handle, (size_t)info.size, at) : 0;
  ctx->files.close(ctx->files.self, handle);
  if (error < 0) return failed(ctx, -error, "mapped", path);
  *size = (size_t)info.size;
  return HD_OK;
}

void hd_file_unmap(hd_ctx *ctx, const void *at, size_t size) {
  if (at) ctx->files.unmap(ctx->files.self, at, size);
}

hd_status hd_folder_make(hd_ctx *ctx, const char *path) {
  char part[HD_PATH_ROOM];
  size_t length = strlen(path);
  if (length >= sizeof part) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", path);
  for (size_t i = 1; i <= length; i++) {
    if (path[i] && path[i] != '/') continue;
    memcpy(part, path, i);
    part[i] = 0;
    int error = ctx->files.folder(ctx->files.self, part);
    if (error < 0 && error != -EEXIST && !hd_file_exists(ctx, part)) return failed(ctx, -error, "made", part);
  }
  return HD_OK;
}

typedef struct removal {
  hd_ctx *ctx;
  const char *folder;
  bool (*goes)(const void *arg, const char *name);
  const void *arg;
  hd_status status;
} removal;

static int remove_entry(void *arg, const char *name) {
  removal *all = arg;
  char path[HD_PATH_ROOM];
  if (all->goes && !all->goes(all->arg, name)) return 0;
  all->status = hd_path_join(all->ctx, all->folder, name, path, sizeof path);
  if (all->status == HD_OK) all->status = hd_folder_remove(all->ctx, path);
  return all->status != HD_OK;
}

hd_status hd_folder_clear(hd_ctx *ctx, const char *path, bool (*goes)(const void *arg, const char *name),
                          const void *arg) {
  removal all = {ctx, path, goes, arg, HD_OK};
  int error = ctx->files.list(ctx->files.self, path, remove_entry, &all);
  return error < 0 ? failed(ctx, -error, "cleared", path) : all.status;
}

/* A link is removed, never followed: only what refuses to go because it is a folder with something in it is gone into. */
hd_status hd_folder_remove(hd_ctx *ctx, const char *path) {
  int error = ctx->files.remove(ctx->files.self, path);
  if (error >= 0 || error == -ENOENT) return HD_OK;
  if (error != -ENOTEMPTY && error != -EEXIST) return failed(ctx, -error, "removed", path);
  HD_TRY(hd_folder_clear(ctx, path, NULL, NULL));
  return hd_file_remove(ctx, path);
}

bool hd_file_exists(hd_ctx *ctx, const char *path) {
  hd_file_info info;
  return ctx->files.info(ctx->files.self, path, &info) == 0 && info.exists;
}

hd_status hd_file_remove(hd_ctx *ctx, const char *path) {
  int error = ctx->files.remove(ctx->files.self, path);
  return error < 0 && error != -ENOENT ? failed(ctx, -error, "removed", path) : HD_OK;
}

hd_status hd_path_join(hd_ctx *ctx, const char *folder, const char *name, char *out, size_t room) {
  bool alone = name[0] == '/' || !folder || !folder[0];
  int n = alone ? snprintf(out, room, "%s", name) : snprintf(out, room, "%s/%s", folder, name);
  if (n < 0 || (size_t)n >= room) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", name);
  return HD_OK;
}

hd_status hd_path_folder(hd_ctx *ctx, const char *path, char *out, size_t room) {
  const char *slash = strrchr(path, '/');
  int length = !slash ? 1 : slash == path ? 1 : (int)(slash - path);
  int n = snprintf(out, room, "%.*s", length, slash ? path : ".");
  if (n < 0 || (size_t)n >= room) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", path);
  return HD_OK;
}
