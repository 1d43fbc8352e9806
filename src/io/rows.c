/* Rows: columns side by side in chunks, which lie in memory or in the spill file. */
#include "io/store_parts.h"

#include "io/order.h"
#include "io/spill.h"

#include <string.h>

static const size_t first_chunk = (size_t)64 << 10, largest_chunk = (size_t)4 << 20;

/* -- layout */

static size_t elements_bytes(const hd_store *store, const hd_field_state *field) {
  size_t count;
  return hd_field_elements(store, field, &count) ? count * field->element : 0;
}

/* Offsets are those of the C struct whose members are the fields of the dimension, in the order of the table. */
static void layout(hd_store *store, int dim) {
  hd_rows *rows = store->dim[dim].rows;
  size_t at = 0, align = 1;
  rows->columns = 0;
  for (int i = 0; i < store->fields; i++) {
    const hd_field_state *field = &store->field[i];
    if (field->rows != dim) continue;
    size_t width = elements_bytes(store, field);
    at = (at + field->element - 1) / field->element * field->element;
    if (field->element > align) align = field->element;
    if (field->kept) rows->column[rows->columns++] = (hd_column){.field = i, .width = width, .from = at};
    at += width;
  }
  rows->struct_bytes = (at + align - 1) / align * align;
  rows->by = -1;
  for (int c = 0; store->dim[dim].is.by && c < rows->columns; c++)
    if (!strcmp(store->field[rows->column[c].field].is.name, store->dim[dim].is.by)) rows->by = c;
}

void hd_rows_layout(hd_store *store) {
  for (int i = 0; i < store->dims; i++)
    if (store->dim[i].rows && !store->dim[i].rows->count) layout(store, i);
}

int hd_rows_column(const hd_store *store, int dim, int field) {
  const hd_rows *rows = dim >= 0 ? store->dim[dim].rows : NULL;
  for (int c = 0; rows && c < rows->columns; c++)
    if (rows->column[c].field == field) return c;
  return -1;
}

/* -- chunks */

static size_t row_bytes(const hd_rows *rows) {
  size_t sum = 0;
  for (int c = 0; c < rows->columns; c++) sum += rows->column[c].width;
  return sum;
}

static size_t chunk_bytes(const hd_rows *rows, int64_t room) {
  size_t sum = 0;
  for (int c = 0; c < rows->columns; c++) sum += hd_up64((size_t)room * rows->column[c].width);
  return sum;
}

static char *chunk_column(const hd_rows *rows, const hd_chunk *chunk, int column) {
  size_t at = 0;
  for (int c = 0; c < column; c++) at += hd_up64((size_t)chunk->room * rows->column[c].width);
  return chunk->memory + at;
}

const char *hd_chunk_column(const hd_rows *rows, const hd_chunk *chunk, int column) {
  return chunk_column(rows, chunk, column);
}

static hd_status spill_full(hd_store *store) {
  for (int i = 0; i < store->dims; i++) {
    hd_rows *rows = store->dim[i].rows;
    for (size_t k = 0; rows && k < rows->chunks; k++) {
      hd_chunk *chunk = &rows->chunk[k];
      if (chunk->memory && chunk->rows == chunk->room) HD_TRY(hd_spill_chunk(store, i, chunk));
    }
  }
  return HD_OK;
}

static hd_status new_chunk(hd_store *store, hd_rows *rows) {
  size_t one = row_bytes(rows), target = first_chunk;
  for (size_t k = 0; k < rows->chunks && target < largest_chunk; k++) target *= 2;
  if (store->spill.path && target > store->row_limit / 8) target = store->row_limit / 8;
  hd_chunk chunk = {.first = rows->count, .room = one < target ? (int64_t)(target / one) : 1};
  chunk.bytes = chunk_bytes(rows, chunk.room);
  if (store->spill.path && store->row_memory + chunk.bytes > store->row_limit) HD_TRY(spill_full(store));
  void *list = rows->chunk, *memory;
  hd_status status = hd_memory_grow(store->ctx, &list, &rows->chunk_room, rows->chunks + 1, sizeof chunk);
  rows->chunk = list;
  HD_TRY(status);
  HD_TRY(hd_memory_take(store->ctx, chunk.bytes, &memory));
  chunk.memory = memory;
  store->row_memory += chunk.bytes;
  rows->chunk[rows->chunks++] = chunk;
  return HD_OK;
}

hd_status hd_rows_append(hd_store *store, int dim) {
  hd_rows *rows = store->dim[dim].rows;
  if (row_bytes(rows)) {
    hd_chunk *chunk = rows->chunks ? &rows->chunk[rows->chunks - 1] : NULL;
    if (!chunk || !chunk->memory || chunk->rows == chunk->room) {
      HD_TRY_WHILE(store->ctx, new_chunk(store, rows), "storing row %lld of %s", (long long)rows->count,
                   store->dim[dim].is.name);
      chunk = &rows->chunk[rows->chunks - 1];
    }
    for (int c = 0; c < rows->columns; c++) {
      const hd_field_state *field = &store->field[rows->column[c].field];
      size_t width = rows->column[c].width;
      if (!width) continue;
      char *to = chunk_column(rows, chunk, c) + (size_t)chunk->rows * width;
      memcpy(to, rows->from[c], width);
      if (hd_is_float(store, field)) hd_nan_same(to, field->element, (int64_t)(width / field->element));
    }
    chunk->rows++;
  }
  rows->count++;
  return HD_OK;
}

void hd_rows_free(hd_store *store) {
  for (int i = 0; i < store->dims; i++) {
    hd_rows *rows = store->dim[i].rows;
    if (!rows) continue;
    for (size_t k = 0; k < rows->chunks; k++)
      if (rows->chunk[k].memory) hd_memory_give(store->ctx, rows->chunk[k].memory, rows->chunk[k].bytes);
    hd_memory_give(store->ctx, rows->chunk, rows->chunk_room * sizeof(hd_chunk));
    hd_memory_give(store->ctx, rows->order, (size_t)rows->ordered * sizeof(int64_t));
    rows->chunk = NULL;
    rows->order = NULL;
    rows->chunks = rows->chunk_room = 0;
    rows->ordered = rows->count = 0;
  }
  store->row_memory = 0;
}

/* -- scheduled rows */

static hd_status check_rows(hd_store *store, int dim) {
  if (dim < 0 || dim >= store->own_dims || !store->dim[dim].rows || store->dim[dim].rows->emitted)
    return hd_raise(store->ctx, HD_ERR_BUG, "%s has no scheduled rows of dimension %d", store->solver->name, dim);
  return HD_OK;
}

hd_status hd_store_row_begin(hd_store *store, int dim) {
  HD_TRY(check_rows(store, dim));
  for (int i = 0; i < store->fields; i++) {
    hd_field_state *field = &store->field[i];
    if (field->rows == dim && !(field->is.flags & HD_STATE) && store->data[i]) memset(store->data[i], 0, field->bytes);
  }
  return HD_OK;
}

hd_status hd_store_row_end(hd_store *store, int dim) {
  HD_TRY(check_rows(store, dim));
  hd_rows *rows = store->dim[dim].rows;
  for (int c = 0; c < rows->columns; c++) {
    const hd_field_state *field = &store->field[rows->column[c].field];
    rows->from[c] = store->data[rows->column[c].field];
    if (field->bytes != rows->column[c].width)
      return hd_raise(store->ctx, HD_ERR_BUG, "field %s has rows of %s of %zu bytes, and now one of %zu",
                      field->is.name, store->dim[dim].is.name, rows->column[c].width, field->bytes);
  }
  return hd_rows_append(store, dim);
}

int64_t hd_store_rows(const hd_store *store, int dim) {
  return dim >= 0 && dim < store->dims && store->dim[dim].rows ? store->dim[dim].rows->count : 0;
}

/* -- reading back */

static size_t chunk_with(const hd_rows *rows, int64_t row) {
  size_t low = 0, high = rows->chunks;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (rows->chunk[middle].first <= row) low = middle;
    else high = middle;
  }
  return low;
}

static hd_status read_piece(hd_store *store, int dim, const hd_chunk *chunk, int column, int64_t skip, int64_t count,
                            void *to) {
  const hd_rows *rows = store->dim[dim].rows;
  size_t width = rows->column[column].width, whole = (size_t)chunk->rows * width;
  if (chunk->memory) {
    memcpy(to, chunk_column(rows, chunk, column) + (size_t)skip * width, (size_t)count * width);
    return HD_OK;
  }
  if (count == chunk->rows) return hd_spill_read(store, dim, chunk, column, to);
  void *segment;
  HD_TRY(hd_memory_take(store->ctx, whole, &segment));
  hd_status status = hd_spill_read(store, dim, chunk, column, segment);
  if (status == HD_OK) memcpy(to, (char *)segment + (size_t)skip * width, (size_t)count * width);
  hd_memory_give(store->ctx, segment, whole);
  return status;
}

hd_status hd_rows_read(hd_store *store, int dim, int column, int64_t first, int64_t count, void *to) {
  const hd_rows *rows = store->dim[dim].rows;
  size_t width = rows->column[column].width;
  char *next = to;
  for (size_t k = chunk_with(rows, first); width && count > 0; k++) {
    const hd_chunk *chunk = &rows->chunk[k];
    int64_t skip = first - chunk->first, n = chunk->rows - skip < count ? chunk->rows - skip : count;
    HD_TRY(read_piece(store, dim, chunk, column, skip, n, next));
    next += (size_t)n * width;
    first += n;
    count -= n;
  }
  return HD_OK;
}

/* -- the stored order */

static hd_status keys_of(hd_store *store, int dim, int64_t *key) {
  const hd_rows *rows = store->dim[dim].rows;
  size_t element = rows->column[rows->by].width;
  HD_TRY(hd_rows_read(store, dim, rows->by, 0, rows->count, key));
  for (int64_t i = rows->count - 1; i >= 0 && element < 8; i--) { /* widen in place, from the end */
    int32_t narrow;
    if (element == 1) key[i] = ((const uint8_t *)key)[i];
    else {
      memcpy(&narrow, (const char *)key + 4 * i, 4);
      key[i] = narrow;
    }
  }
  return HD_OK;
}

hd_status hd_rows_order(hd_store *store, int dim, const int64_t **order) {
  hd_rows *rows = store->dim[dim].rows;
  *order = NULL;
  if (rows->by < 0 || !rows->count) return HD_OK;
  if (rows->ordered != rows->count) {
    size_t bytes = (size_t)rows->count * sizeof(int64_t);
    void *key, *fresh;
    HD_TRY(hd_memory_take(store->ctx, bytes, &key));
    hd_status status = hd_memory_take(store->ctx, bytes, &fresh);
    if (status == HD_OK) status = keys_of(store, dim, key);
    if (status == HD_OK) status = hd_order_of(store->ctx, key, rows->count, fresh);
    hd_memory_give(store->ctx, key, bytes);
    if (status != HD_OK) {
      hd_memory_give(store->ctx, fresh, bytes);
      return hd_while(store->ctx, status, "sorting the rows of %s by %s", store->dim[dim].is.name,
                      store->dim[dim].is.by);
    }
    hd_memory_give(store->ctx, rows->order, (size_t)rows->ordered * sizeof(int64_t));
    rows->order = fresh;
    rows->ordered = rows->count;
    rows->sorted_already = true;
    for (int64_t i = 0; i < rows->count; i++) rows->sorted_already &= rows->order[i] == i;
  }
  *order = rows->sorted_already ? NULL : rows->order;
  return HD_OK;
}

static hd_status stream_chunk(hd_store *store, int dim, int column, const hd_chunk *chunk, int64_t first, int64_t rows,
                              hd_rows_piece each, void *arg) {
  const hd_rows *all = store->dim[dim].rows;
  size_t width = all->column[column].width, bytes = (size_t)chunk->rows * width;
  void *segment = NULL;
  hd_status status = HD_OK;
  if (!chunk->memory) {
    HD_TRY(hd_memory_take(store->ctx, bytes, &segment));
    status = hd_spill_read(store, dim, chunk, column, segment);
  }
  const char *at = chunk->memory ? chunk_column(all, chunk, column) : segment;
  if (status == HD_OK)
    status = each(arg, first, rows, at + (size_t)(first - chunk->first) * width, (size_t)rows * width);
  hd_memory_give(store->ctx, segment, bytes);
  return status;
}

hd_status hd_rows_stream_some(hd_store *store, int dim, int column, int64_t first, int64_t count, hd_rows_piece each,
                              void *arg) {
  const hd_rows *rows = store->dim[dim].rows;
  for (size_t k = chunk_with(rows, first); count > 0; k++) {
    const hd_chunk *chunk = &rows->chunk[k];
    int64_t left = chunk->first + chunk->rows - first, n = left < count ? left : count;
    HD_TRY(stream_chunk(store, dim, column, chunk, first, n, each, arg));
    first += n;
    count -= n;
  }
  return HD_OK;
}

static hd_status stream_sorted(hd_store *store, int dim, int column, const int64_t *order, hd_rows_piece each,
                               void *arg) {
  const hd_rows *rows = store->dim[dim].rows;
  size_t width = rows->column[column].width, whole = (size_t)rows->count * width;
  void *memory;
  HD_TRY(hd_memory_take(store->ctx, 2 * whole, &memory));
  char *arrived = memory, *sorted = arrived + whole;
  hd_status status = hd_rows_read(store, dim, column, 0, rows->count, arrived);
  for (int64_t i = 0; status == HD_OK && i < rows->count; i++)
    memcpy(sorted + (size_t)i * width, arrived + (size_t)order[i] * width, width);
  if (status == HD_OK) status = each(arg, 0, rows->count, sorted, whole);
  hd_memory_give(store->ctx, memory, 2 * whole);
  return status;
}

hd_status hd_rows_stream(hd_store *store, int dim, int column, hd_rows_piece each, void *arg) {
  const int64_t *order;
  if (!store->dim[dim].rows->column[column].width) return HD_OK;
  HD_TRY(hd_rows_order(store, dim, &order));
  if (order) return stream_sorted(store, dim, column, order, each, arg);
  return hd_rows_stream_some(store, dim, column, 0, store->dim[dim].rows->count, each, arg);
}
