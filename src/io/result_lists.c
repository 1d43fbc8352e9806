/* Texts and small lists of a result: names of dimensions, failed parts, warnings, files of rows. */
#include "io/result_reader.h"

#include <stdio.h>
#include <string.h>

static const int64_t most = (int64_t)1 << 32; /* longer lists of names are none of ours */

static hd_status read_texts(hd_reader *r, hid_t at, const char *name, int64_t n, const char ***out) {
  void *memory, *taken;
  if (n < 0 || n > most) return hd_reader_damaged(r->to->ctx, r->to->path);
  HD_TRY(hd_arena_take(&r->to->memory, (size_t)n * sizeof(char *), &memory));
  HD_TRY(hd_memory_take(r->to->ctx, (size_t)n * sizeof(char *), &taken));
  *out = memory;
  char **text = taken;
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT), space = -1;
  hd_status status = HD_OK;
  if (hd_h5_ok(&r->h5, dataset) && hd_h5_ok(&r->h5, space = H5Dget_space(dataset)) &&
      H5Sget_simple_extent_npoints(space) == n &&
      hd_h5_ok(&r->h5, H5Dread(dataset, r->h5.text, H5S_ALL, H5S_ALL, r->h5.transfer, text)))
    for (int64_t i = 0; i < n && status == HD_OK; i++) status = hd_reader_keep(r->to, text[i], &(*out)[i]);
  else if (r->h5.status == HD_OK) status = hd_reader_damaged(r->to->ctx, r->to->path);
  for (int64_t i = 0; i < n; i++) hd_h5_free(text[i]);
  if (space >= 0) H5Sclose(space);
  if (dataset >= 0) H5Dclose(dataset);
  hd_memory_give(r->to->ctx, taken, (size_t)n * sizeof(char *));
  return status != HD_OK ? status : r->h5.status;
}

static hd_status read_numbers(hd_reader *r, hid_t at, const char *name, hid_t type, int64_t n, void **out) {
  if (n < 0 || n > most) return hd_reader_damaged(r->to->ctx, r->to->path);
  HD_TRY(hd_arena_take(&r->to->memory, (size_t)n * 8, out));
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT), space = -1;
  hd_status status = HD_OK;
  if (hd_h5_ok(&r->h5, dataset) && hd_h5_ok(&r->h5, space = H5Dget_space(dataset))) {
    if (H5Sget_simple_extent_npoints(space) == n)
      hd_h5_ok(&r->h5, H5Dread(dataset, type, H5S_ALL, H5S_ALL, r->h5.transfer, *out));
    else status = hd_reader_damaged(r->to->ctx, r->to->path);
  }
  if (space >= 0) H5Sclose(space);
  if (dataset >= 0) H5Dclose(dataset);
  return status != HD_OK ? status : r->h5.status;
}

static bool has_field(const hd_result *result, const char *dim, const char *ending) {
  size_t length = strlen(dim);
  for (int64_t i = 0; i < result->fields; i++)
    if (!strncmp(result->field[i].name, dim, length) && !strcmp(result->field[i].name + length, ending)) return true;
  return false;
}

static bool ascend(const int64_t *first, int64_t n) {
  bool fits = n == 0 || first[0] >= 0;
  for (int64_t i = 0; i < n; i++) fits &= first[i] <= first[i + 1];
  return fits;
}

/* Names of each index (the text coordinate `dim`), or ranges (`dim`_range with `dim`_first and `dim`_count). */
static hd_status read_names(hd_reader *r, const hd_result_field *field) {
  hd_result *to = r->to;
  hd_result_named new = {.n = field->size[0]};
  const char **name;
  size_t length = strlen(field->name);
  bool ranges = length > 6 && !strcmp(field->name + length - 6, "_range");
  char *dim;
  void *list = to->named, *first, *count;
  HD_TRY(hd_arena_text(&to->memory, field->name, ranges ? length - 6 : length, &dim));
  if (ranges && (!has_field(to, dim, "_first") || !has_field(to, dim, "_count"))) return HD_OK;
  HD_TRY(read_texts(r, r->at, field->name, new.n, &name));
  if (ranges) {
    char other[512];
    snprintf(other, sizeof other, "%s_count", dim);
    HD_TRY(read_numbers(r, r->at, other, H5T_NATIVE_INT64, new.n, &count));
    HD_TRY(hd_arena_take(&to->memory, (size_t)(new.n + 1) * 8, &first));
    snprintf(other, sizeof other, "%s_first", dim);
    void *start;
    HD_TRY(read_numbers(r, r->at, other, H5T_NATIVE_INT64, new.n, &start));
    memcpy(first, start, (size_t) new.n * 8);
    if (new.n) ((int64_t *)first)[new.n] = ((int64_t *)start)[new.n - 1] + ((int64_t *)count)[new.n - 1];
    if (!ascend(first, new.n)) return hd_reader_damaged(to->ctx, to->path);
  } else {
    HD_TRY(hd_arena_take(&to->memory, (size_t)(new.n + 1) * 8, &first));
    for (int64_t i = 0; i <= new.n; i++) ((int64_t *)first)[i] = i;
  }
  hd_status status = hd_memory_grow(to->ctx, &list, &to->named_room, (size_t)to->nameds + 1, sizeof new);
  to->named = list;
  HD_TRY(status);
  new.dim = dim;
  new.name = name;
  new.first = first;
  to->named[to->nameds++] = new;
  return HD_OK;
}

static int64_t length_of(hd_reader *r, hid_t at, const char *name) {
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT);
  if (!hd_h5_ok(&r->h5, dataset)) return 0;
  hid_t space = H5Dget_space(dataset);
  int64_t n = H5Sget_simple_extent_npoints(space);
  H5Sclose(space);
  H5Dclose(dataset);
  return n < 0 ? 0 : n;
}

hd_status hd_reader_names(hd_reader *r) {
  for (int64_t i = 0; i < r->to->fields; i++)
    if (r->to->field[i].text && r->to->field[i].rank == 1) HD_TRY(read_names(r, &r->to->field[i]));
  return HD_OK;
}

hd_status hd_reader_failed(hd_reader *r) {
  hd_result *to = r->to;
  const char **dim, **text;
  void *index, *at, *memory;
  int64_t n = length_of(r, r->at, "message");
  HD_TRY(read_texts(r, r->at, "dimension", n, &dim));
  HD_TRY(read_texts(r, r->at, "message", n, &text));
  HD_TRY(read_numbers(r, r->at, "index", H5T_NATIVE_INT64, n, &index));
  HD_TRY(read_numbers(r, r->at, "at", H5T_NATIVE_DOUBLE, n, &at));
  HD_TRY(hd_arena_take(&to->memory, (size_t)n * sizeof(hd_result_part), &memory));
  to->part = memory;
  to->parts = n;
  for (int64_t i = 0; i < n; i++)
    to->part[i] = (hd_result_part){dim[i], text[i], ((int64_t *)index)[i], ((double *)at)[i]};
  return HD_OK;
}

hd_status hd_reader_warnings(hd_reader *r) {
  hd_result *to = r->to;
  const char **text;
  void *times, *memory;
  int64_t n = length_of(r, r->at, "text");
  HD_TRY(read_texts(r, r->at, "text", n, &text));
  HD_TRY(read_numbers(r, r->at, "times", H5T_NATIVE_INT64, n, &times));
  HD_TRY(hd_arena_take(&to->memory, (size_t)n * sizeof(hd_said), &memory));
  to->said = memory;
  to->saids = n;
  for (int64_t i = 0; i < n; i++) to->said[i] = (hd_said){text[i], ((int64_t *)times)[i]};
  return HD_OK;
}

/* A file of rows lies beside the result, so its name is no path. */
hd_status hd_reader_files(hd_reader *r) {
  hd_result *to = r->to;
  const char **name = NULL, **dim = NULL, **seal = NULL;
  void *first = NULL, *rows = NULL, *memory;
  char folder[HD_PATH_ROOM], path[HD_PATH_ROOM];
  int64_t n = length_of(r, r->at, "name");
  if (n < 1) return HD_OK;
  HD_TRY(read_texts(r, r->at, "name", n, &name));
  HD_TRY(read_texts(r, r->at, "dimension", n, &dim));
  HD_TRY(read_texts(r, r->at, "seal", n, &seal));
  HD_TRY(read_numbers(r, r->at, "first", H5T_NATIVE_INT64, n, &first));
  HD_TRY(read_numbers(r, r->at, "rows", H5T_NATIVE_INT64, n, &rows));
  HD_TRY(hd_arena_take(&to->memory, (size_t)n * sizeof(hd_result_file), &memory));
  HD_TRY(hd_path_folder(to->ctx, to->path, folder, sizeof folder));
  if (!name || !dim || !seal || !first || !rows) return hd_reader_damaged(to->ctx, to->path);
  to->rows = memory;
  for (int64_t i = 0; i < n; i++) {
    hd_result_file *file = &to->rows[i];
    *file = (hd_result_file){.dim = dim[i], .first = ((int64_t *)first)[i], .rows = ((int64_t *)rows)[i]};
    if (strchr(name[i], '/') || !hd_hash_read(seal[i], &file->seal) || file->rows < 1 || file->rows > most)
      return hd_reader_damaged(to->ctx, to->path);
    HD_TRY(hd_path_join(to->ctx, folder, name[i], path, sizeof path));
    HD_TRY(hd_reader_keep(to, path, &file->path));
  }
  to->files = n;
  return HD_OK;
}
