/* Rows emitted from blocks, from any thread: kept in stripes of blocks, put in the order (step, block, call) by settle.
 *
 * A block lies in one stripe and is worked on by one thread, so that a stripe holds its rows in the order of calls; a
 * stable sort by block then gives an order that no thread can change. */
#include "io/store_parts.h"

#include "io/order.h"

#include <string.h>

hd_status hd_emit_new(hd_store *store) {
  bool any = false;
  for (int i = 0; i < store->dims; i++) any |= store->dim[i].rows && store->dim[i].rows->emitted;
  if (!any) return HD_OK;
  size_t lists = (size_t)store->dims * sizeof(hd_emitted);
  void *memory;
  HD_TRY(hd_memory_take(store->ctx, HD_STRIPES * (sizeof(hd_stripe) + lists), &memory));
  store->stripe = memory;
  for (int i = 0; i < HD_STRIPES; i++) {
    pthread_mutex_init(&store->stripe[i].mutex, NULL);
    store->stripe[i].emitted = (hd_emitted *)(void *)((char *)(store->stripe + HD_STRIPES) + (size_t)i * lists);
  }
  return HD_OK;
}

void hd_emit_free(hd_store *store) {
  if (!store->stripe) return;
  for (int i = 0; i < HD_STRIPES; i++) {
    for (int d = 0; d < store->dims; d++) {
      hd_emitted *list = &store->stripe[i].emitted[d];
      hd_memory_give(store->ctx, list->block, list->block_room * sizeof(int64_t));
      hd_memory_give(store->ctx, list->row, list->row_room);
    }
    pthread_mutex_destroy(&store->stripe[i].mutex);
  }
  hd_memory_give(store->ctx, store->stripe,
                 HD_STRIPES * (sizeof(hd_stripe) + (size_t)store->dims * sizeof(hd_emitted)));
  store->stripe = NULL;
}

void hd_emit_forget(hd_store *store) {
  for (int i = 0; store->stripe && i < HD_STRIPES; i++)
    for (int d = 0; d < store->dims; d++) store->stripe[i].emitted[d].count = 0;
}

static hd_status push(hd_ctx *ctx, hd_emitted *list, int64_t block, const void *row, size_t bytes) {
  void *blocks = list->block, *rows = list->row;
  hd_status status = hd_memory_grow(ctx, &blocks, &list->block_room, list->count + 1, sizeof(int64_t));
  list->block = blocks;
  HD_TRY(status);
  status = hd_memory_grow(ctx, &rows, &list->row_room, (list->count + 1) * bytes, 1);
  list->row = rows;
  HD_TRY(status);
  list->block[list->count] = block;
  memcpy(list->row + list->count * bytes, row, bytes);
  list->count++;
  return HD_OK;
}

hd_status hd_emit(hd_run *run, int64_t block, int dim, const void *row) {
  hd_store *store = run->store;
  if (dim < 0 || dim >= store->own_dims || !store->dim[dim].rows || !store->dim[dim].rows->emitted)
    return hd_raise(run->ctx, HD_ERR_BUG, "%s has no emitted rows of dimension %d", store->solver->name, dim);
  if (block < 0) return hd_raise(run->ctx, HD_ERR_BUG, "hd_emit from block %lld", (long long)block);
  hd_stripe *stripe = &store->stripe[block % HD_STRIPES];
  pthread_mutex_lock(&stripe->mutex);
  hd_status status = push(store->ctx, &stripe->emitted[dim], block, row, store->dim[dim].rows->struct_bytes);
  pthread_mutex_unlock(&stripe->mutex);
  atomic_store_explicit(&store->pending, true, memory_order_relaxed);
  return hd_while(run->ctx, status, "emitting a row of %s", store->dim[dim].is.name);
}

static hd_status append_struct(hd_store *store, int dim, const char *row) {
  hd_rows *rows = store->dim[dim].rows;
  for (int c = 0; c < rows->columns; c++) rows->from[c] = row + rows->column[c].from;
  return hd_rows_append(store, dim);
}

/* All rows of a dimension that wait: their blocks and where they lie, stripe by stripe. */
static hd_status settle(hd_store *store, int dim) {
  size_t n = 0, bytes = store->dim[dim].rows->struct_bytes;
  for (int i = 0; i < HD_STRIPES; i++) n += store->stripe[i].emitted[dim].count;
  if (!n) return HD_OK;
  void *memory;
  size_t size = n * (2 * sizeof(int64_t) + sizeof(char *));
  HD_TRY(hd_memory_take(store->ctx, size, &memory));
  int64_t *block = memory, *order = block + n;
  const char **row = (const char **)(void *)(order + n);
  size_t at = 0;
  for (int i = 0; i < HD_STRIPES; i++) {
    const hd_emitted *list = &store->stripe[i].emitted[dim];
    for (size_t k = 0; k < list->count; k++, at++) {
      block[at] = list->block[k];
      row[at] = list->row + k * bytes;
    }
  }
  hd_status status = hd_order_of(store->ctx, block, (int64_t)n, order);
  for (size_t i = 0; status == HD_OK && i < n; i++) status = append_struct(store, dim, row[order[i]]);
  hd_memory_give(store->ctx, memory, size);
  for (int i = 0; i < HD_STRIPES; i++) store->stripe[i].emitted[dim].count = 0;
  return status;
}

hd_status hd_emit_settle(hd_store *store) {
  for (int i = 0; store->stripe && i < store->own_dims; i++)
    if (store->dim[i].rows && store->dim[i].rows->emitted) HD_TRY(settle(store, i));
  return HD_OK;
}

hd_status hd_store_settle(hd_store *store) {
  if (!atomic_load_explicit(&store->pending, memory_order_relaxed)) return HD_OK;
  atomic_store_explicit(&store->pending, false, memory_order_relaxed);
  HD_TRY(hd_told_settle(store));
  return hd_emit_settle(store);
}
