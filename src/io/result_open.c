/* Opening result.h5: the seal is verified before HDF5 sees a byte; what describes the result is read at once. */
#include "io/result_reader.h"

#include <string.h>

static const int64_t small_file = (int64_t)256 << 20;

/* -- the seal */

hd_status hd_reader_damaged(hd_ctx *ctx, const char *path) {
  return hd_raise(ctx, HD_ERR_FILE,
                  "%s cannot be read: it is no result of heddle's, or it is damaged or was changed since", path);
}

static bool same(const hd_hash *found, const hd_hash *sealed, const hd_hash *want) {
  return hd_hash_equal(found, sealed) && (!want || hd_hash_equal(found, want));
}

static hd_status check_stream(hd_ctx *ctx, const char *path, int handle, int64_t size, const hd_hash *want, char *piece,
                              size_t room) {
  uint64_t sealed;
  hd_hash hash;
  hd_hasher hasher;
  char seal[HD_SEAL_BYTES];
  HD_TRY(hd_file_read_at(ctx, handle, path, seal, sizeof seal, size - HD_SEAL_BYTES));
  if (!hd_seal_read(seal, &sealed, &hash) || sealed != (uint64_t)size - HD_SEAL_BYTES)
    return hd_reader_damaged(ctx, path);
  hd_hasher_begin(&hasher);
  for (int64_t at = 0; at < (int64_t)sealed;) {
    size_t n = (int64_t)sealed - at < (int64_t)room ? (size_t)((int64_t)sealed - at) : room;
    HD_TRY(hd_file_read_at(ctx, handle, path, piece, n, at));
    hd_hasher_add(&hasher, piece, n);
    at += (int64_t)n;
  }
  hd_hash found = hd_hasher_end(&hasher);
  return same(&found, &hash, want) ? HD_OK : hd_reader_damaged(ctx, path);
}

static hd_status check_large(hd_ctx *ctx, const char *path, int64_t size, const hd_hash *want) {
  enum { PIECE = 1 << 20 };
  int handle;
  void *piece;
  HD_TRY(hd_file_open(ctx, path, false, &handle));
  hd_status status = hd_memory_take(ctx, PIECE, &piece);
  if (status == HD_OK) status = check_stream(ctx, path, handle, size, want, piece, PIECE);
  hd_memory_give(ctx, piece, PIECE);
  ctx->files.close(ctx->files.self, handle);
  return status;
}

static hd_status check_image(hd_ctx *ctx, const char *path, const char *image, size_t size, const hd_hash *want) {
  uint64_t sealed;
  hd_hash hash;
  if (size < HD_SEAL_BYTES || !hd_seal_read(image + size - HD_SEAL_BYTES, &sealed, &hash) ||
      sealed != size - HD_SEAL_BYTES)
    return hd_reader_damaged(ctx, path);
  hd_hash found = hd_hash_of(image, sealed);
  return same(&found, &hash, want) ? HD_OK : hd_reader_damaged(ctx, path);
}

/* -- opening */

hd_status hd_reader_open(hd_reader *r, const void *owner, const char *path, const hd_hash *seal) {
  hd_ctx *ctx = r->to->ctx;
  hd_file_info info;
  int error = ctx->files.info(ctx->files.self, path, &info);
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be read: %s", path, strerror(-error));
  if (!info.exists) return hd_raise(ctx, HD_ERR_MISSING, "%s is not there", path);
  if (info.folder || info.size < HD_SEAL_BYTES) return hd_reader_damaged(ctx, path);
  if (info.size > small_file) {
    HD_TRY(check_large(ctx, path, info.size, seal));
    hd_h5_enter(&r->h5, ctx, path);
    hd_h5_open(&r->h5, path);
    return HD_OK;
  }
  char *image;
  size_t size;
  HD_TRY(hd_file_read(ctx, path, (size_t)small_file, &image, &size));
  hd_status status = check_image(ctx, path, image, size, seal);
  if (status == HD_OK) {
    hd_h5_enter(&r->h5, ctx, path);
    hd_h5_open_image(&r->h5, owner, image, size - HD_SEAL_BYTES);
  }
  hd_memory_give(ctx, image, size + 1);
  return status;
}

typedef hd_status (*group_reader)(hd_reader *r);

static hd_status read_root(hd_reader *r) {
  HD_TRY(hd_reader_attributes(r));
  HD_TRY(hd_reader_fields(r));
  return hd_reader_names(r);
}

static hd_status read_provenance(hd_reader *r) {
  HD_TRY(hd_reader_attributes(r));
  return hd_reader_fields(r);
}

static hd_status read_group(hd_reader *r, const char *name, group_reader read) {
  if (!hd_h5_ok(&r->h5, 0)) return r->h5.status;
  if (name[0] && H5Lexists(r->h5.file, name, H5P_DEFAULT) <= 0) return HD_OK;
  r->at = H5Gopen2(r->h5.file, name[0] ? name : "/", H5P_DEFAULT);
  r->group = name;
  if (!hd_h5_ok(&r->h5, r->at)) return r->h5.status;
  hd_status status = read(r);
  H5Gclose(r->at);
  return status;
}

static hd_status read_all(hd_reader *r) {
  HD_TRY(read_group(r, "", read_root));
  double version = hd_result_number(r->to, "", "format_version");
  if (!(version == HD_RESULT_FORMAT))
    return hd_raise(r->to->ctx, HD_ERR_FILE, "%s cannot be read: it has format %g, this version reads %d", r->to->path,
                    version, HD_RESULT_FORMAT);
  HD_TRY(read_group(r, "measures", hd_reader_measures));
  HD_TRY(read_group(r, "failed_parts", hd_reader_failed));
  HD_TRY(read_group(r, "warnings", hd_reader_warnings));
  HD_TRY(read_group(r, "files", hd_reader_files));
  return read_group(r, "provenance", read_provenance);
}

static hd_status read_main(hd_result *result) {
  hd_reader r = {.to = result};
  HD_TRY(hd_reader_open(&r, result, result->path, NULL));
  hd_status status = read_all(&r);
  if (status == HD_OK) {
    result->file = r.h5.file;
    r.h5.file = -1;
  }
  hd_status left = hd_h5_leave(&r.h5);
  hd_reader_close(&r);
  result->own_fields = result->fields;
  return status == HD_OK ? left : status;
}

static hd_status read_row_file(hd_result *result, const hd_result_file *file) {
  hd_reader r = {.to = result, .rows = file->dim};
  HD_TRY(hd_reader_open(&r, &r, file->path, &file->seal));
  hd_status status = read_group(&r, "", hd_reader_fields);
  hd_status left = hd_h5_leave(&r.h5);
  hd_reader_close(&r);
  return status == HD_OK ? left : status;
}

/* The first file of each dimension tells which fields its rows have; their length is that of all files. */
static hd_status read_row_files(hd_result *result) {
  for (int64_t i = 0; i < result->files; i++) {
    int64_t before = result->fields, rows = 0;
    if (result->rows[i].first) continue;
    HD_TRY(read_row_file(result, &result->rows[i]));
    for (int64_t k = 0; k < result->files; k++) {
      if (strcmp(result->rows[k].dim, result->rows[i].dim) != 0) continue;
      if (result->rows[k].first != rows) return hd_reader_damaged(result->ctx, result->path);
      rows += result->rows[k].rows;
    }
    for (int64_t k = before; k < result->fields; k++) result->field[k].size[0] = rows;
  }
  return HD_OK;
}

static hd_status open_result(hd_result *result, const char *path) {
  void *values;
  HD_TRY(hd_reader_keep(result, path, &result->path));
  HD_TRY(read_main(result));
  HD_TRY(read_row_files(result));
  HD_TRY(hd_arena_take(&result->memory, (size_t)result->fields * sizeof *result->values, &values));
  result->values = values;
  return HD_OK;
}

hd_status hd_result_open(hd_ctx *ctx, const char *path, hd_result **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_result), &memory));
  hd_result *result = memory;
  *result = (hd_result){.ctx = ctx, .file = -1, .path = path};
  hd_arena_init(&result->memory, ctx);
  result->arena = &result->memory;
  hd_status status = open_result(result, path);
  if (status == HD_OK) *out = result;
  else hd_result_close(result);
  return hd_while(ctx, status, "opening the result %s", path);
}

hd_ctx *hd_result_ctx(const hd_result *result) { return result->ctx; }

void hd_result_close(hd_result *result) {
  if (!result) return;
  hd_ctx *ctx = result->ctx;
  if (result->file >= 0) {
    hd_h5 h5;
    hd_h5_enter(&h5, ctx, result->path);
    h5.file = result->file;
    hd_h5_leave(&h5);
  }
  hd_memory_give(ctx, result->field, result->field_room * sizeof *result->field);
  hd_memory_give(ctx, result->entry, result->entry_room * sizeof *result->entry);
  hd_memory_give(ctx, result->named, result->named_room * sizeof *result->named);
  hd_arena_free(&result->memory);
  hd_memory_give(ctx, result, sizeof *result);
}
