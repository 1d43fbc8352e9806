/* Fields by name for the library: "density", "density@cars", converted to double; and inputs set from outside. */
#include "io/store_parts.h"

#include <string.h>

typedef struct view {
  int     rank;
  int64_t size[HD_FIELD_RANK], from[HD_FIELD_RANK], to[HD_FIELD_RANK];
  bool    drop[HD_FIELD_RANK]; /* an index was named: the axis goes */
} view;

static hd_status no_such(hd_store *store, const char *name) {
  char list[512] = "";
  for (int i = 0; i < store->own_fields; i++)
    if (strlen(list) + strlen(store->field[i].is.name) + 3 < sizeof list)
      strcat(strcat(list, list[0] ? ", " : ""), store->field[i].is.name);
  return hd_raise(store->ctx, HD_ERR_INPUT, "%s has no field %s; it has %s", store->solver->name, name, list);
}

/* Applies "@range" to the view. */
static hd_status narrow(hd_store *store, const hd_field_state *field, const char *range, size_t length, view *v) {
  for (int i = 0; i < v->rank; i++) {
    const hd_names *names = &store->dim[field->dim[i]].names;
    for (int64_t k = 0; k < names->n; k++) {
      if (strlen(names->name[k]) != length || memcmp(names->name[k], range, length) != 0) continue;
      v->from[i] = names->first[k];
      v->to[i] = names->first[k + 1] < v->size[i] ? names->first[k + 1] : v->size[i];
      v->drop[i] = names->each;
      return HD_OK;
    }
  }
  return hd_raise(store->ctx, HD_ERR_INPUT, "field %s has no range named %.*s", field->is.name, (int)length, range);
}

static double element_of(const hd_store *store, const hd_field_state *field, const char *at) {
  union { double f64; float f32; int64_t i64; int32_t i32; uint8_t u8; } value;
  memcpy(&value, at, field->element);
  switch (field->is.type) {
  case HD_F64: return value.f64;
  case HD_F32: return value.f32;
  case HD_FLOAT: return store->single ? (double)value.f32 : value.f64;
  case HD_I64: return (double)value.i64;
  case HD_I32: return value.i32;
  case HD_U8: return value.u8;
  }
  return 0;
}

static bool put_element(const hd_store *store, const hd_field_state *field, double number, char *at) {
  union { double f64; float f32; int64_t i64; int32_t i32; uint8_t u8; } value = {0};
  bool fits = true;
  switch (field->is.type) {
  case HD_F64: value.f64 = number; break;
  case HD_F32: value.f32 = (float)number; break;
  case HD_FLOAT:
    if (store->single) value.f32 = (float)number;
    else value.f64 = number;
    break;
  case HD_I64:
    fits = number >= -9007199254740992.0 && number <= 9007199254740992.0;
    if (fits) value.i64 = (int64_t)number;
    fits = fits && (double)value.i64 == number;
    break;
  case HD_I32:
    fits = number >= INT32_MIN && number <= INT32_MAX;
    if (fits) value.i32 = (int32_t)number;
    fits = fits && value.i32 == number;
    break;
  case HD_U8:
    fits = number >= 0 && number <= UINT8_MAX;
    if (fits) value.u8 = (uint8_t)number;
    fits = fits && value.u8 == number;
    break;
  }
  if (fits) memcpy(at, &value, field->element);
  return fits;
}

/* The bytes of the field: its array, or the newest row read into `row`. */
static hd_status newest(hd_store *store, int index, void *row, const char **at) {
  const hd_field_state *field = &store->field[index];
  *at = store->data[index];
  if (field->rows < 0 || field->is.flags & (HD_STATE | HD_INPUT)) return HD_OK;
  const hd_rows *rows = store->dim[field->rows].rows;
  int column = hd_rows_column(store, field->rows, index);
  if (column < 0)
    return hd_raise(store->ctx, HD_ERR_INPUT, "field %s is not stored in this run; name it in output.fields",
                    field->is.name);
  if (!rows->count) return hd_raise(store->ctx, HD_ERR_INPUT, "field %s has no row yet", field->is.name);
  *at = row;
  return hd_rows_read(store, field->rows, column, rows->count - 1, 1, row);
}

static void convert(const hd_store *store, const hd_field_state *field, const view *v, const char *from, double *to) {
  int64_t at[HD_FIELD_RANK];
  for (int i = 0; i < v->rank; i++) {
    at[i] = v->from[i];
    if (v->from[i] >= v->to[i]) return;
  }
  for (int axis = 0; axis >= 0;) {
    size_t offset = 0;
    for (int i = 0; i < v->rank; i++) offset = offset * (size_t)v->size[i] + (size_t)at[i];
    *to++ = element_of(store, field, from + offset * field->element);
    for (axis = v->rank - 1; axis >= 0 && ++at[axis] == v->to[axis]; axis--) at[axis] = v->from[axis];
  }
}

static hd_status view_of(hd_store *store, int index, const char *ranges, view *v) {
  const hd_field_state *field = &store->field[index];
  *v = (view){.rank = field->rank};
  for (int i = 0; i < v->rank; i++) v->size[i] = v->to[i] = store->dim[field->dim[i]].count;
  while (*ranges == '@') {
    size_t length = strcspn(++ranges, "@");
    HD_TRY(narrow(store, field, ranges, length, v));
    ranges += length;
  }
  return HD_OK;
}

hd_status hd_store_get(hd_store *store, const char *name, hd_array *out) {
  *out = (hd_array){0};
  size_t length = strcspn(name, "@"), whole = 1, part = 1;
  int index = hd_field_find(store, name, length);
  if (index < 0) return no_such(store, name);
  const hd_field_state *field = &store->field[index];
  view v;
  HD_TRY(view_of(store, index, name + length, &v));
  for (int i = 0; i < v.rank; i++) {
    whole *= (size_t)v.size[i];
    part *= v.to[i] > v.from[i] ? (size_t)(v.to[i] - v.from[i]) : 0;
  }
  size_t numbers = hd_up64(part * sizeof(double)), bytes = numbers + hd_up64(whole * field->element) + 64;
  hd_memory_give(store->ctx, store->reading, store->reading_bytes);
  store->reading_bytes = 0;
  HD_TRY(hd_memory_take(store->ctx, bytes, &store->reading));
  store->reading_bytes = bytes;
  const char *from;
  HD_TRY(newest(store, index, (char *)store->reading + numbers, &from));
  if (whole && !from)
    return hd_raise(store->ctx, HD_ERR_INPUT, "field %s is not there in this run", field->is.name);
  convert(store, field, &v, from, store->reading);
  out->at = store->reading;
  out->unit = field->is.unit ? field->is.unit : "1";
  for (int i = 0; i < v.rank; i++) {
    if (v.drop[i]) continue;
    const hd_names *names = &store->dim[field->dim[i]].names;
    if (!out->rank && names->each && names->n == v.size[i]) out->names = names->name;
    out->size[out->rank++] = v.to[i] - v.from[i];
  }
  return HD_OK;
}

static hd_status record(hd_store *store, int field, int64_t index, double value) {
  int64_t step = store->step;
  int32_t number = field;
  const void *from[] = {&step, &number, &index, &value};
  memcpy(store->dim[store->own_dims].rows->from, from, sizeof from);
  return hd_rows_append(store, store->own_dims);
}

hd_status hd_store_set(hd_store *store, const char *name, int64_t first, int64_t count, const double *values) {
  int index = hd_field_find(store, name, strlen(name));
  if (index < 0) return no_such(store, name);
  const hd_field_state *field = &store->field[index];
  if (!(field->is.flags & HD_INPUT))
    return hd_raise(store->ctx, HD_ERR_INPUT, "field %s is no input: it cannot be set", name);
  int64_t length = (int64_t)(field->bytes / field->element);
  if (first < 0 || count < 0 || first > length || count > length - first)
    return hd_raise(store->ctx, HD_ERR_INPUT, "field %s has %lld elements; %lld from %lld on are not in it", name,
                    (long long)length, (long long)count, (long long)first);
  for (int64_t i = 0; i < count; i++) {
    char *at = (char *)store->data[index] + (size_t)(first + i) * field->element;
    if (!put_element(store, field, values[i], at))
      return hd_raise(store->ctx, HD_ERR_INPUT, "field %s, element %lld: %.17g is no number of its type", name,
                      (long long)(first + i), values[i]);
    HD_TRY(record(store, index, first + i, values[i]));
  }
  return HD_OK;
}
