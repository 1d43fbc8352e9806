/* Asking a result: attributes, measures, names, and the numbers, which are read when they are asked for. */
#include "io/result_reader.h"
#include "io/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* -- asking */

static const hd_result_entry *find_entry(const hd_result *result, const char *group, const char *name) {
  for (int64_t i = 0; i < result->entries; i++)
    if (!strcmp(result->entry[i].group, group) && !strcmp(result->entry[i].name, name)) return &result->entry[i];
  return NULL;
}

const char *hd_result_text(const hd_result *result, const char *group, const char *name) {
  const hd_result_entry *e = find_entry(result, group, name);
  return e ? e->text : NULL;
}

double hd_result_number(const hd_result *result, const char *group, const char *name) {
  const hd_result_entry *e = find_entry(result, group, name);
  return e ? e->number : (double)NAN;
}

int64_t hd_result_fields(const hd_result *result, const hd_result_field **fields) {
  *fields = result->field;
  return result->fields;
}

const char *hd_result_measure(const hd_result *result, int64_t index, double *value, const char **unit) {
  for (int64_t i = 0; i < result->entries; i++) {
    const hd_result_entry *e = &result->entry[i];
    if (strcmp(e->group, "measures") != 0 || index-- > 0) continue;
    *value = e->number;
    *unit = e->unit;
    return e->name;
  }
  return NULL;
}

static const hd_result_named *find_named(const hd_result *result, const char *dim) {
  for (int64_t i = 0; i < result->nameds; i++)
    if (!strcmp(result->named[i].dim, dim)) return &result->named[i];
  return NULL;
}

int64_t hd_result_names(const hd_result *result, const char *dim, const char *const **names, const int64_t **first) {
  const hd_result_named *found = find_named(result, dim);
  *names = found ? found->name : NULL;
  *first = found ? found->first : NULL;
  return found ? found->n : 0;
}

int64_t hd_result_failed(const hd_result *result, const hd_result_part **parts) {
  *parts = result->part;
  return result->parts;
}

int64_t hd_result_warnings(const hd_result *result, const hd_said **said) {
  *said = result->said;
  return result->saids;
}

/* -- numbers */

static size_t count_of(const hd_result_field *field, int from) {
  size_t n = 1;
  for (int i = from; i < field->rank; i++) n *= (size_t)field->size[i];
  return n;
}

static void load(hd_h5 *h5, hid_t file, const hd_result_field *field, size_t n, double *to) {
  char path[600];
  snprintf(path, sizeof path, "%s%s", field->timing ? "/provenance/" : "/", field->name);
  hid_t dataset = hd_h5_ok(h5, 0) ? H5Dopen2(file, path, H5P_DEFAULT) : -1, space = -1;
  if (hd_h5_ok(h5, dataset) && hd_h5_ok(h5, space = H5Dget_space(dataset))) {
    if (H5Sget_simple_extent_npoints(space) == (hssize_t)n)
      hd_h5_ok(h5, H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, h5->transfer, to));
    else if (h5->status == HD_OK) h5->status = hd_reader_damaged(h5->ctx, h5->path);
  }
  if (space >= 0) H5Sclose(space);
  if (dataset >= 0) H5Dclose(dataset);
}

static hd_status load_own(const hd_result *result, const hd_result_field *field, double *to) {
  hd_h5 h5;
  hd_h5_enter(&h5, result->ctx, result->path);
  load(&h5, result->file, field, count_of(field, 0), to);
  return hd_h5_leave(&h5);
}

static hd_status load_rows(const hd_result *result, const hd_result_field *field, double *to) {
  size_t row = count_of(field, 1);
  hd_result with = {.ctx = result->ctx};
  for (int64_t i = 0; i < result->files; i++) {
    const hd_result_file *file = &result->rows[i];
    hd_reader r = {.to = &with};
    if (strcmp(file->dim, field->dim[0]) != 0) continue;
    HD_TRY(hd_reader_open(&r, &r, file->path, &file->seal));
    load(&r.h5, r.h5.file, field, (size_t)file->rows * row, to + (size_t)file->first * row);
    HD_TRY(hd_h5_leave(&r.h5));
  }
  return HD_OK;
}

/* The whole field, read once. */
static hd_status whole(const hd_result *result, int64_t index, const double **out) {
  const hd_result_field *field = &result->field[index];
  size_t n = 1;
  for (int i = 0; i < field->rank; i++)
    if (__builtin_mul_overflow(n, (size_t)field->size[i], &n) || n > SIZE_MAX / 64)
      return hd_raise(result->ctx, HD_ERR_MEMORY, "field %s is too large to be read at once", field->name);
  if (n && !result->values[index]) {
    void *memory;
    HD_TRY(hd_arena_take(result->arena, n * sizeof(double), &memory));
    HD_TRY(index < result->own_fields ? load_own(result, field, memory) : load_rows(result, field, memory));
    result->values[index] = memory;
  }
  *out = result->values[index];
  return HD_OK;
}

static hd_status select_part(const hd_result *result, int64_t index, const char *ranges, hd_array *out) {
  const hd_result_field *field = &result->field[index];
  hd_view view = {.rank = field->rank};
  for (int i = 0; i < field->rank; i++) {
    const hd_result_named *names = find_named(result, field->dim[i]);
    hd_view_axis(&view, i, field->size[i], names ? names->n : 0, names ? names->name : NULL,
                 names ? names->first : NULL);
  }
  HD_TRY(hd_view_narrow(result->ctx, &view, field->name, ranges));
  const double *all = NULL;
  HD_TRY(whole(result, index, &all));
  hd_view_shape(&view, out);
  out->unit = field->unit;
  out->at = all;
  if (!ranges[0]) return HD_OK;
  void *memory;
  HD_TRY(hd_arena_take(result->arena, (size_t)hd_view_count(&view) * sizeof(double), &memory));
  double *to = memory;
  int64_t at[HD_VIEW_RANK];
  for (size_t i = 0; hd_view_next(&view, i, at); i++) to[i] = all[hd_view_place(&view, at)];
  out->at = to;
  return HD_OK;
}

hd_status hd_read(const hd_result *result, const char *name, hd_array *out) {
  size_t length = strcspn(name, "@");
  *out = (hd_array){0};
  for (int64_t i = 0; i < result->fields; i++) {
    const hd_result_field *field = &result->field[i];
    if (strlen(field->name) != length || memcmp(field->name, name, length) != 0) continue;
    if (field->text) return hd_raise(result->ctx, HD_ERR_INPUT, "%s holds names, not numbers", field->name);
    return select_part(result, i, name + length, out);
  }
  return hd_raise(result->ctx, HD_ERR_INPUT, "%s has no field %s", result->path, name);
}
