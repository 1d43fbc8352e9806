/* The files of a result. Small ones are made in memory and written as any other file; large ones by HDF5 under a temporary
 * name. Both end with a seal behind the HDF5 part and are put in place whole. */
#include "io/result_writer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* -- files */

/* Before the file is closed. */
static void close_handles(hd_writer *w) {
  for (int i = 0; i < w->plan.variables; i++)
    if (w->dataset[i] >= 0) H5Dclose(w->dataset[i]);
  for (int i = 0; i < HD_GROUPS; i++)
    if (w->group[i] >= 0) H5Gclose(w->group[i]);
  if (w->back_type >= 0) H5Tclose(w->back_type);
  if (w->list_type >= 0) H5Tclose(w->list_type);
}

static hd_status write_small(hd_writer *w, hd_ctx *ctx, const char *path) {
  void *image = NULL;
  size_t size = 0;
  hd_h5_enter(&w->h5, ctx, path);
  hd_h5_new_in_memory(&w->h5, (w->plan.bytes / 4 + (64 << 10)) & ~(size_t)0xfff);
  hd_status status = w->fill(w);
  close_handles(w);
  if (status == HD_OK) status = hd_h5_image(&w->h5, HD_SEAL_BYTES, &image, &size);
  hd_status left = hd_h5_leave(&w->h5);
  if (status == HD_OK) status = left;
  if (status == HD_OK) {
    w->seal = hd_hash_of(image, size);
    hd_seal_make((char *)image + size, size, &w->seal);
    status = hd_file_write(ctx, path, image, size + HD_SEAL_BYTES, true);
  }
  hd_memory_give(ctx, image, size + HD_SEAL_BYTES);
  return status;
}

static hd_status seal_file(hd_ctx *ctx, const char *path, int handle, char *piece, size_t room, hd_hash *seal) {
  hd_file_info info;
  int error = ctx->files.info(ctx->files.self, path, &info);
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be read: %s", path, strerror(-error));
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  for (int64_t at = 0; at < info.size;) {
    size_t n = info.size - at < (int64_t)room ? (size_t)(info.size - at) : room;
    HD_TRY(hd_file_read_at(ctx, handle, path, piece, n, at));
    hd_hasher_add(&hasher, piece, n);
    at += (int64_t)n;
  }
  *seal = hd_hasher_end(&hasher);
  hd_seal_make(piece, (uint64_t)info.size, seal);
  return hd_file_write_at(ctx, handle, path, piece, HD_SEAL_BYTES, info.size);
}

static hd_status add_seal(hd_ctx *ctx, const char *path, hd_hash *seal) {
  enum { PIECE = 1 << 20 };
  int handle;
  void *piece;
  HD_TRY(hd_file_open(ctx, path, true, &handle));
  hd_status status = hd_memory_take(ctx, PIECE, &piece);
  if (status == HD_OK) status = seal_file(ctx, path, handle, piece, PIECE, seal);
  hd_memory_give(ctx, piece, PIECE);
  hd_status closed = hd_file_close(ctx, handle, path);
  return status == HD_OK ? closed : status;
}

static hd_status write_large(hd_writer *w, hd_ctx *ctx, const char *path) {
  char temporary[HD_PATH_ROOM];
  int n = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
  if (n < 0 || (size_t)n >= sizeof temporary) return hd_raise(ctx, HD_ERR_INPUT, "the path %s is too long", path);
  hd_h5_enter(&w->h5, ctx, path);
  hd_h5_new(&w->h5, temporary);
  hd_status status = w->fill(w);
  close_handles(w);
  hd_status left = hd_h5_leave(&w->h5);
  if (status == HD_OK) status = left;
  if (status == HD_OK) status = add_seal(ctx, temporary, &w->seal);
  if (status == HD_OK) status = hd_file_publish(ctx, temporary, path, true);
  if (status != HD_OK) ctx->files.remove(ctx->files.self, temporary);
  return status;
}

hd_status hd_writer_write(hd_writer *w, const char *path, size_t small) {
  hd_ctx *ctx = w->plan.arena.ctx;
  size_t n = (size_t)w->plan.variables, one = sizeof(hid_t) + sizeof(hobj_ref_t) + HD_VARIABLE_RANK * sizeof *w->back;
  void *lists;
  HD_TRY(hd_arena_take(&w->plan.arena, n * one, &lists));
  w->back = lists;
  w->reference = (hobj_ref_t *)(void *)(w->back + n * HD_VARIABLE_RANK);
  w->dataset = (hid_t *)(void *)(w->reference + n);
  w->back_type = w->list_type = -1;
  for (size_t i = 0; i < n; i++) w->dataset[i] = -1;
  for (int i = 0; i < HD_GROUPS; i++) w->group[i] = -1;
  return w->plan.bytes <= small ? write_small(w, ctx, path) : write_large(w, ctx, path);
}

static hd_status write_file(hd_store *store, const hd_result_head *head, const hd_result_slice *slice, const char *path,
                            size_t small, hd_hash *seal) {
  hd_writer w = {.head = head, .fill = hd_writer_fill};
  HD_TRY(hd_result_plan_make(&w.plan, store, slice));
  hd_status status = hd_writer_write(&w, path, small);
  hd_result_plan_free(&w.plan);
  *seal = w.seal;
  return status;
}

/* -- rows in files of their own */

static size_t wide_row(const hd_store *store, int dim) {
  const hd_rows *rows = store->dim[dim].rows;
  size_t bytes = 0;
  for (int c = 0; rows && !rows->emitted && c < rows->columns; c++)
    if (store->field[rows->column[c].field].rank > 0) bytes += rows->column[c].width;
  return bytes;
}

static size_t wide_rows(const hd_store *store) {
  size_t sum = 0;
  for (int i = 0; i < store->dims; i++)
    if (store->dim[i].rows) sum += wide_row(store, i) * (size_t)store->dim[i].rows->count;
  return sum;
}

typedef struct row_files {
  hd_row_file *file;
  size_t count, room;
  char folder[HD_PATH_ROOM];
} row_files;

static hd_status add_file(hd_store *store, row_files *files, const char *path, int dim, int64_t first, int64_t rows) {
  void *list = files->file;
  hd_status status = hd_memory_grow(store->ctx, &list, &files->room, files->count + 1, sizeof(hd_row_file));
  files->file = list;
  HD_TRY(status);
  hd_row_file *file = &files->file[files->count];
  const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  size_t length = strlen(base) > 3 && !strcmp(base + strlen(base) - 3, ".h5") ? strlen(base) - 3 : strlen(base);
  *file = (hd_row_file){.dim = dim, .first = first, .rows = rows};
  int n = snprintf(file->name, sizeof file->name, "%.*s.%s.%04zu.h5", (int)length, base, store->dim[dim].is.name,
                   files->count);
  if (n < 0 || (size_t)n >= sizeof file->name)
    return hd_raise(store->ctx, HD_ERR_INPUT, "the path %s is too long", path);
  files->count++;
  return HD_OK;
}

/* Every file as many rows as `split` holds, at least one. */
static hd_status list_files(hd_store *store, const char *path, size_t split, row_files *files) {
  HD_TRY(hd_path_folder(store->ctx, path, files->folder, sizeof files->folder));
  if (wide_rows(store) <= split) return HD_OK;
  for (int i = 0; i < store->dims; i++) {
    size_t row = wide_row(store, i);
    int64_t count = row ? store->dim[i].rows->count : 0, most = row && row < split ? (int64_t)(split / row) : 1;
    if (row * (size_t)count <= split / 16) continue; /* a ledger stays with the result */
    for (int64_t first = 0; first < count; first += most)
      HD_TRY(add_file(store, files, path, i, first, count - first < most ? count - first : most));
  }
  return HD_OK;
}

static hd_status write_files(hd_store *store, const hd_result_head *head, const char *path, size_t small,
                             row_files *files, size_t *done) {
  char name[HD_PATH_ROOM];
  hd_hash seal;
  if (files->count) HD_TRY(hd_file_remove(store->ctx, path)); /* an old one must not list the new files */
  for (; *done < files->count; ++*done) {
    hd_row_file *file = &files->file[*done];
    hd_result_slice slice = {.only = file};
    HD_TRY(hd_path_join(store->ctx, files->folder, file->name, name, sizeof name));
    HD_TRY(write_file(store, head, &slice, name, small, &file->seal));
  }
  hd_result_slice rest = {.file = files->file, .files = (int64_t)files->count};
  return write_file(store, head, &rest, path, small, &seal);
}

static void remove_files(hd_store *store, const row_files *files, size_t done) {
  char name[HD_PATH_ROOM];
  for (size_t i = 0; i < done; i++)
    if (hd_path_join(store->ctx, files->folder, files->file[i].name, name, sizeof name) == HD_OK)
      store->ctx->files.remove(store->ctx->files.self, name);
}

hd_status hd_result_write_in(hd_store *store, const hd_result_head *head, const char *path, size_t small,
                             size_t split) {
  row_files files = {.file = NULL};
  size_t done = 0;
  HD_TRY(hd_store_settle(store));
  hd_status status = list_files(store, path, split, &files);
  if (status == HD_OK) status = write_files(store, head, path, small, &files, &done);
  if (status != HD_OK && !hd_file_exists(store->ctx, path)) remove_files(store, &files, done);
  hd_memory_give(store->ctx, files.file, files.room * sizeof(hd_row_file));
  return hd_while(store->ctx, status, "writing the result %s", path);
}

hd_status hd_result_write(hd_store *store, const hd_result_head *head, const char *path) {
  return hd_result_write_in(store, head, path, (size_t)256 << 20, (size_t)1 << 30);
}
