/* Digests: of fields as they are stored, and of the run. */
#include "io/store_parts.h"

#include <string.h>

enum { TILE_BYTES = 8192 };

/* Pieces with a NaN pass through a copy in which every NaN is the same one. */
static void add_elements(hd_hasher *hasher, const hd_store *store, const hd_field_state *field, const void *at,
                         size_t bytes) {
  if (!hd_is_float(store, field)) {
    hd_hasher_add(hasher, at, bytes);
    return;
  }
  for (size_t from = 0; from < bytes; from += TILE_BYTES) {
    size_t n = bytes - from < TILE_BYTES ? bytes - from : TILE_BYTES;
    const char *tile = (const char *)at + from;
    int64_t count = (int64_t)(n / field->element);
    if (hd_nan_find(tile, field->element, count) < 0) {
      hd_hasher_add(hasher, tile, n);
      continue;
    }
    _Alignas(64) char copy[TILE_BYTES];
    memcpy(copy, tile, n);
    hd_nan_same(copy, field->element, count);
    hd_hasher_add(hasher, copy, n);
  }
}

static hd_hash digest_array(const hd_store *store, int field) {
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  if (store->data[field])
    add_elements(&hasher, store, &store->field[field], store->data[field], store->field[field].bytes);
  return hd_hasher_end(&hasher);
}

static hd_status add_piece(void *arg, int64_t first, int64_t rows, const void *at, size_t bytes) {
  (void)first;
  (void)rows;
  hd_hasher_add(arg, at, bytes);
  return HD_OK;
}

static hd_status digest_rows(hd_store *store, int dim, int column, hd_hash *out) {
  hd_rows *rows = store->dim[dim].rows;
  hd_column *known = &rows->column[column];
  hd_hasher hasher;
  if (known->digested != rows->count + 1) {
    hd_hasher_begin(&hasher);
    HD_TRY(hd_rows_stream(store, dim, column, add_piece, &hasher));
    known->digest = hd_hasher_end(&hasher);
    known->digested = rows->count + 1;
  }
  *out = known->digest;
  return HD_OK;
}

hd_status hd_store_digest_field(hd_store *store, int field, hd_hash *out) {
  if (field < 0 || field >= store->fields)
    return hd_raise(store->ctx, HD_ERR_BUG, "%s has no field %d", store->solver->name, field);
  int dim = store->field[field].rows, column = hd_rows_column(store, dim, field);
  if (column >= 0) return digest_rows(store, dim, column, out);
  *out = digest_array(store, field);
  return HD_OK;
}

/* What a field is goes before what it holds, so that equal bytes of another shape or name give another digest. */
static void add_shape(hd_hasher *run, const hd_store *store, const hd_field_state *field, const char *part,
                      int64_t rows, const hd_hash *digest) {
  hd_hasher_text(run, field->is.name);
  hd_hasher_text(run, part);
  uint64_t shape[3 + HD_FIELD_RANK] = {field->element, hd_is_float(store, field), (uint64_t)rows};
  for (int i = 0; i < field->rank; i++) shape[3 + i] = (uint64_t)store->dim[field->dim[i]].count;
  hd_hasher_add(run, shape, (3 + (size_t)field->rank) * sizeof *shape);
  hd_hasher_add(run, digest, sizeof *digest);
}

hd_status hd_store_digest(hd_store *store, hd_hash *out) {
  hd_hasher run;
  hd_hasher_begin(&run);
  for (int i = 0; i < store->fields; i++) {
    const hd_field_state *field = &store->field[i];
    hd_hash digest;
    if (field->is.flags & HD_TIMING || field->stage >= 0) continue;
    int column = hd_rows_column(store, field->rows, i);
    if (field->is.flags & HD_STATE || (field->rows < 0 && field->kept)) {
      digest = digest_array(store, i);
      add_shape(&run, store, field, field->is.flags & HD_STATE ? "state" : "end", 1, &digest);
    }
    if (column >= 0) {
      HD_TRY(digest_rows(store, field->rows, column, &digest));
      add_shape(&run, store, field, "rows", store->dim[field->rows].rows->count, &digest);
    }
  }
  *out = hd_hasher_end(&run);
  return HD_OK;
}
