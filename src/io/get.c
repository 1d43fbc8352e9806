/* Fields by name for the library: "density", "density@cars", converted to double; and inputs set from outside. */
#include "io/store_parts.h"
#include "io/view.h"

#include <string.h>

static hd_status no_such(hd_store *store, const char *name) {
  char list[512] = "";
  for (int i = 0; i < store->own_fields; i++)
    if (strlen(list) + strlen(store->field[i].is.name) + 3 < sizeof list)
      strcat(strcat(list, list[0] ? ", " : ""), store->field[i].is.name);
  return hd_raise(store->ctx, HD_ERR_INPUT, "%s has no field %s; it has %s", store->solver->name, name, list);
}

static double element_of(const hd_store *store, const hd_field_state *field, const char *at) {
  union {
    double f64;
    float f32;
    int64_t i64;
    int32_t i32;
    uint8_t u8;
  } value;
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
  union {
    double f64;
    float f32;
    int64_t i64;
    int32_t i32;
    uint8_t u8;
  } value = {0};
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

static hd_status view_of(hd_store *store, int index, const char *ranges, hd_view *view) {
  const hd_field_state *field = &store->field[index];
  *view = (hd_view){.rank = field->rank};
  for (int i = 0; i < view->rank; i++) {
    const hd_dim_state *d = &store->dim[field->dim[i]];
    hd_view_axis(view, i, d->count, d->names.n, d->names.name, d->names.first);
  }
  return hd_view_narrow(store->ctx, view, field->is.name, ranges);
}

hd_status hd_store_get(hd_store *store, const char *name, hd_array *out) {
  *out = (hd_array){0};
  size_t length = strcspn(name, "@");
  int index = hd_field_find(store, name, length);
  if (index < 0) return no_such(store, name);
  const hd_field_state *field = &store->field[index];
  hd_view view;
  HD_TRY(view_of(store, index, name + length, &view));
  size_t part = (size_t)hd_view_count(&view), whole = 1;
  for (int i = 0; i < view.rank; i++) whole *= (size_t)view.size[i];
  size_t numbers = hd_up64(part * sizeof(double)), bytes = numbers + hd_up64(whole * field->element) + 64;
  hd_memory_give(store->ctx, store->reading, store->reading_bytes);
  store->reading_bytes = 0;
  HD_TRY(hd_memory_take(store->ctx, bytes, &store->reading));
  store->reading_bytes = bytes;
  const char *from;
  HD_TRY(newest(store, index, (char *)store->reading + numbers, &from));
  if (whole && !from) return hd_raise(store->ctx, HD_ERR_INPUT, "field %s is not there in this run", field->is.name);
  double *to = store->reading;
  int64_t at[HD_VIEW_RANK];
  for (size_t i = 0; hd_view_next(&view, i, at); i++)
    to[i] = element_of(store, field, from + (size_t)hd_view_place(&view, at) * field->element);
  hd_view_shape(&view, out);
  out->at = to;
  out->unit = field->is.unit ? field->is.unit : "1";
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
