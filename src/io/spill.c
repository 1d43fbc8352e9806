/* The spill file: chunks of rows, one behind the other, each with a head that carries the CRC of every column.
 *
 * It only grows. A checkpoint notes its length and the chained hash of its heads; what lies behind that length after a
 * kill is cut off. Nothing is read from it that its CRC does not confirm. */
#include "io/spill.h"

#include "base/crc32c.h"

#include <errno.h>
#include <string.h>

static const char file_magic[16] = "heddle rows 1\r\n";
static const char chunk_magic[8] = {'h', 'd', 'c', 'h', 'u', 'n', 'k', '\n'};
enum { PIECE = 1 << 20 };

typedef struct chunk_head {
  char magic[8];
  uint32_t dim, columns;
  int64_t first, rows, bytes; /* of the payload */
  uint32_t crc;               /* of head and columns, with 0 here */
  uint32_t zero;
} chunk_head;

typedef struct chunk_column {
  uint64_t width;
  uint32_t field, crc;
} chunk_column;

typedef struct chunk_table {
  chunk_head head;
  chunk_column column[];
} chunk_table;

static size_t table_bytes(size_t columns) { return sizeof(chunk_head) + columns * sizeof(chunk_column); }

static uint32_t table_crc(chunk_table *table) {
  uint32_t kept = table->head.crc;
  table->head.crc = 0;
  uint32_t crc = hd_crc32c(0, table, table_bytes(table->head.columns));
  table->head.crc = kept;
  return crc;
}

static hd_hash chained(const hd_hash *before, const chunk_table *table) {
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  hd_hasher_add(&hasher, before, sizeof *before);
  hd_hasher_add(&hasher, table, table_bytes(table->head.columns));
  return hd_hasher_end(&hasher);
}

static hd_status damaged(hd_store *store, const char *why) {
  return hd_raise(store->ctx, HD_ERR_FILE, "%s cannot be used: %s", store->spill.path, why);
}

static hd_status truncate_to(hd_store *store, int64_t length) {
  hd_files *files = &store->ctx->files;
  int error = files->truncate(files->self, store->spill.handle, length);
  if (error < 0)
    return hd_raise(store->ctx, HD_ERR_FILE, "%s cannot be written: %s", store->spill.path, strerror(-error));
  return HD_OK;
}

/* A new file; what an earlier run left under the name is gone. */
static hd_status begin(hd_store *store) {
  hd_spill *spill = &store->spill;
  if (spill->handle >= 0) return HD_OK;
  HD_TRY(hd_file_open(store->ctx, spill->path, true, &spill->handle));
  hd_status status = truncate_to(store, 0);
  if (status == HD_OK)
    status = hd_file_write_at(store->ctx, spill->handle, spill->path, file_magic, sizeof file_magic, 0);
  if (status != HD_OK) {
    hd_spill_free_handle(store);
    return status;
  }
  spill->length = sizeof file_magic;
  return HD_OK;
}

void hd_spill_free_handle(hd_store *store) {
  if (store->spill.handle >= 0) store->ctx->files.close(store->ctx->files.self, store->spill.handle);
  store->spill.handle = -1;
}

void hd_spill_free(hd_store *store) {
  hd_spill_free_handle(store);
  hd_memory_give(store->ctx, store->spill.path, store->spill.path_bytes);
  store->spill.path = NULL;
}

/* -- writing */

static hd_status write_chunk(hd_store *store, int dim, hd_chunk *chunk, chunk_table *table) {
  const hd_rows *rows = store->dim[dim].rows;
  hd_spill *spill = &store->spill;
  int64_t at = spill->length + (int64_t)table_bytes((size_t)rows->columns), payload = at;
  for (int c = 0; c < rows->columns; c++) {
    size_t bytes = (size_t)chunk->rows * rows->column[c].width;
    const char *column = hd_chunk_column(rows, chunk, c);
    table->column[c] =
        (chunk_column){rows->column[c].width, (uint32_t)rows->column[c].field, hd_crc32c(0, column, bytes)};
    HD_TRY(hd_file_write_at(store->ctx, spill->handle, spill->path, column, bytes, at));
    at += (int64_t)bytes;
  }
  table->head = (chunk_head){.dim = (uint32_t)dim,
                             .columns = (uint32_t)rows->columns,
                             .first = chunk->first,
                             .rows = chunk->rows,
                             .bytes = at - payload};
  memcpy(table->head.magic, chunk_magic, sizeof chunk_magic);
  table->head.crc = table_crc(table);
  HD_TRY(hd_file_write_at(store->ctx, spill->handle, spill->path, table, table_bytes((size_t)rows->columns),
                          spill->length));
  spill->chain = chained(&spill->chain, table);
  spill->length = at;
  chunk->at = payload;
  return HD_OK;
}

hd_status hd_spill_chunk(hd_store *store, int dim, hd_chunk *chunk) {
  size_t bytes = table_bytes((size_t)store->dim[dim].rows->columns);
  void *table;
  HD_TRY(begin(store));
  HD_TRY(hd_memory_take(store->ctx, bytes, &table));
  hd_status status = write_chunk(store, dim, chunk, table);
  hd_memory_give(store->ctx, table, bytes);
  HD_TRY(status);
  hd_memory_give(store->ctx, chunk->memory, chunk->bytes);
  store->row_memory -= chunk->bytes;
  chunk->memory = NULL;
  return HD_OK;
}

hd_status hd_spill_flush(hd_store *store) {
  bool wrote = false;
  for (int i = 0; i < store->dims; i++) {
    hd_rows *rows = store->dim[i].rows;
    for (size_t k = 0; rows && k < rows->chunks; k++) {
      if (!rows->chunk[k].memory) continue;
      if (!store->spill.path)
        return hd_raise(store->ctx, HD_ERR_BUG, "a checkpoint needs a store with a spill file for its rows");
      HD_TRY(hd_spill_chunk(store, i, &rows->chunk[k]));
      wrote = true;
    }
  }
  return wrote ? hd_file_sync(store->ctx, store->spill.handle, store->spill.path) : HD_OK;
}

/* -- reading */

/* The table of the chunk whose head is at `at`, of a dimension with `columns` kept ones; verified. */
static hd_status read_table(hd_store *store, int64_t at, size_t columns, chunk_table *table) {
  size_t bytes = table_bytes(columns);
  HD_TRY(hd_file_read_at(store->ctx, store->spill.handle, store->spill.path, table, bytes, at));
  if (memcmp(table->head.magic, chunk_magic, sizeof chunk_magic) != 0 || table->head.columns != columns ||
      table->head.crc != table_crc(table))
    return damaged(store, "the head of a chunk of rows is damaged");
  return HD_OK;
}

static hd_status read_column(hd_store *store, const hd_chunk *chunk, const hd_rows *rows, int dim, int column,
                             chunk_table *table, void *to) {
  size_t bytes = (size_t)chunk->rows * rows->column[column].width;
  int64_t at = chunk->at;
  HD_TRY(read_table(store, chunk->at - (int64_t)table_bytes((size_t)rows->columns), (size_t)rows->columns, table));
  if (table->head.dim != (uint32_t)dim || table->head.first != chunk->first || table->head.rows != chunk->rows)
    return damaged(store, "it holds other rows than expected");
  for (int c = 0; c < column; c++) at += chunk->rows * (int64_t)rows->column[c].width;
  HD_TRY(hd_file_read_at(store->ctx, store->spill.handle, store->spill.path, to, bytes, at));
  if (hd_crc32c(0, to, bytes) == table->column[column].crc) return HD_OK;
  return hd_raise(store->ctx, HD_ERR_FILE, "%s cannot be used: rows %lld to %lld of %s are damaged (CRC)",
                  store->spill.path, (long long)chunk->first, (long long)(chunk->first + chunk->rows - 1),
                  store->field[rows->column[column].field].is.name);
}

hd_status hd_spill_read(hd_store *store, int dim, const hd_chunk *chunk, int column, void *to) {
  const hd_rows *rows = store->dim[dim].rows;
  size_t bytes = table_bytes((size_t)rows->columns);
  void *table;
  HD_TRY(hd_memory_take(store->ctx, bytes, &table));
  hd_status status = read_column(store, chunk, rows, dim, column, table, to);
  hd_memory_give(store->ctx, table, bytes);
  return status;
}

/* -- going on after a kill */

static hd_status check_payload(hd_store *store, const chunk_table *table, int64_t at, char *piece) {
  for (uint32_t c = 0; c < table->head.columns; c++) {
    uint64_t left = table->column[c].width * (uint64_t)table->head.rows;
    uint32_t crc = 0;
    while (left) {
      size_t n = left < PIECE ? left : PIECE;
      HD_TRY(hd_file_read_at(store->ctx, store->spill.handle, store->spill.path, piece, n, at));
      crc = hd_crc32c(crc, piece, n);
      at += (int64_t)n;
      left -= n;
    }
    if (crc != table->column[c].crc) return damaged(store, "rows in it are damaged (CRC)");
  }
  return HD_OK;
}

static bool table_fits(const hd_store *store, const chunk_table *table, int64_t left) {
  const hd_rows *rows = store->dim[table->head.dim].rows;
  uint64_t bytes = 0;
  if (table->head.first != rows->count || table->head.rows < 1 || table->head.bytes > left) return false;
  for (int c = 0; c < rows->columns; c++) {
    uint64_t part;
    if (table->column[c].field != (uint32_t)rows->column[c].field || table->column[c].width != rows->column[c].width ||
        __builtin_mul_overflow(table->column[c].width, (uint64_t)table->head.rows, &part) || part > INT64_MAX / 64)
      return false;
    bytes += part;
  }
  return bytes == (uint64_t)table->head.bytes;
}

static hd_status add_chunk(hd_store *store, const chunk_table *table, int64_t payload) {
  hd_rows *rows = store->dim[table->head.dim].rows;
  hd_chunk chunk = {.first = table->head.first, .rows = table->head.rows, .room = table->head.rows, .at = payload};
  void *list = rows->chunk;
  hd_status status = hd_memory_grow(store->ctx, &list, &rows->chunk_room, rows->chunks + 1, sizeof chunk);
  rows->chunk = list;
  HD_TRY(status);
  rows->chunk[rows->chunks++] = chunk;
  rows->count += chunk.rows;
  return HD_OK;
}

/* One chunk; *at moves behind it. */
static hd_status walk_chunk(hd_store *store, int64_t length, int64_t *at, chunk_table *table, char *piece) {
  hd_spill *spill = &store->spill;
  if (length - *at < (int64_t)sizeof table->head) return damaged(store, "a chunk of rows is cut off");
  HD_TRY(hd_file_read_at(store->ctx, spill->handle, spill->path, &table->head, sizeof table->head, *at));
  uint32_t dim = table->head.dim;
  if (dim >= (uint32_t)store->dims || !store->dim[dim].rows)
    return damaged(store, "the head of a chunk of rows is damaged");
  size_t columns = (size_t)store->dim[dim].rows->columns;
  int64_t payload = *at + (int64_t)table_bytes(columns);
  if (payload > length) return damaged(store, "a chunk of rows is cut off");
  HD_TRY(read_table(store, *at, columns, table));
  if (!table_fits(store, table, length - payload)) return damaged(store, "its chunks do not follow each other");
  HD_TRY(check_payload(store, table, payload, piece));
  HD_TRY(add_chunk(store, table, payload));
  spill->chain = chained(&spill->chain, table);
  *at = payload + table->head.bytes;
  return HD_OK;
}

static hd_status walk(hd_store *store, int64_t length, char *piece, chunk_table *table) {
  hd_spill *spill = &store->spill;
  char start[sizeof file_magic];
  hd_file_info info;
  int error = store->ctx->files.info(store->ctx->files.self, spill->path, &info);
  if (error < 0 || !info.exists) return damaged(store, "it is not there");
  if (info.size < length) return damaged(store, "it is shorter than the checkpoint knows it");
  HD_TRY(hd_file_open(store->ctx, spill->path, true, &spill->handle));
  HD_TRY(hd_file_read_at(store->ctx, spill->handle, spill->path, start, sizeof start, 0));
  if (memcmp(start, file_magic, sizeof start) != 0) return damaged(store, "it is not a file of rows");
  int64_t at = sizeof file_magic;
  while (at < length) HD_TRY(walk_chunk(store, length, &at, table, piece));
  spill->length = at;
  return HD_OK;
}

hd_status hd_spill_resume(hd_store *store, int64_t length, const hd_hash *chain) {
  if (!length) return HD_OK;
  if (!store->spill.path) return hd_raise(store->ctx, HD_ERR_BUG, "the store was made without a spill file");
  size_t bytes = PIECE + table_bytes((size_t)store->fields);
  void *memory;
  HD_TRY(hd_memory_take(store->ctx, bytes, &memory));
  hd_status status = walk(store, length, memory, (chunk_table *)(void *)((char *)memory + PIECE));
  hd_memory_give(store->ctx, memory, bytes);
  HD_TRY(status);
  if (!hd_hash_equal(&store->spill.chain, chain)) return damaged(store, "it is not the file of this checkpoint");
  return HD_OK;
}

hd_status hd_spill_cut(hd_store *store) {
  return store->spill.handle < 0 ? HD_OK : truncate_to(store, store->spill.length);
}
