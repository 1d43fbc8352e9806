/* Named ranges of a dimension: links of cells, populations of neurons, or one name for each index. */
#include "io/store_parts.h"

#include <string.h>

void hd_names_drop(hd_store *store, int dim) {
  hd_names *names = &store->dim[dim].names;
  hd_memory_give(store->ctx, names->memory, names->bytes);
  *names = (hd_names){0};
}

static hd_status check(hd_store *store, int dim, int64_t n, const char *const *name, const int64_t *first) {
  const hd_dim_state *d = &store->dim[dim];
  bool fits = n >= 0 && n < INT32_MAX && (n == 0 || first[0] >= 0);
  for (int64_t i = 0; fits && i < n; i++) fits = name[i] && first[i] <= first[i + 1];
  if (!fits) return hd_raise(store->ctx, HD_ERR_BUG, "ranges of %s are not ascending, or one has no name", d->is.name);
  if (n && first[n] > d->count)
    return hd_raise(store->ctx, HD_ERR_BUG, "ranges of %s end at %lld, behind its length %lld", d->is.name,
                    (long long)first[n], (long long)d->count);
  return HD_OK;
}

hd_status hd_names_set(hd_store *store, int dim, int64_t n, const char *const *names, const int64_t *first) {
  HD_TRY(check(store, dim, n, names, first));
  size_t tables = hd_up64((size_t)n * sizeof(char *)) + hd_up64((size_t)(n + 1) * sizeof(int64_t)), texts = 0;
  for (int64_t i = 0; i < n; i++) texts += strlen(names[i]) + 1;
  hd_names fresh = {.n = n, .bytes = tables + texts};
  HD_TRY(hd_memory_take(store->ctx, fresh.bytes, &fresh.memory));
  fresh.name = fresh.memory;
  fresh.first = (int64_t *)(void *)((char *)fresh.memory + hd_up64((size_t)n * sizeof(char *)));
  char *text = (char *)fresh.memory + tables;
  fresh.each = n && first[0] == 0 && n == store->dim[dim].count;
  for (int64_t i = 0; i < n; i++) {
    size_t length = strlen(names[i]) + 1;
    fresh.name[i] = memcpy(text, names[i], length);
    text += length;
    fresh.first[i] = first[i];
    fresh.each &= first[i + 1] - first[i] == 1;
  }
  if (n) fresh.first[n] = first[n];
  hd_names_drop(store, dim);
  store->dim[dim].names = fresh;
  return HD_OK;
}

hd_status hd_names_unpack(hd_store *store, int dim, int64_t n, hd_unpack *from) {
  static const char damaged[] = "a list of ranges is damaged";
  if (n == 0) return HD_OK;
  if (from->bad || n < 0 || n > from->end - from->at) return hd_raise(store->ctx, HD_ERR_FILE, damaged);
  size_t bytes = (size_t)n * (sizeof(char *) + sizeof(int64_t)) + sizeof(int64_t);
  void *memory;
  HD_TRY(hd_memory_take(store->ctx, bytes, &memory));
  const char **name = memory;
  int64_t *first = (int64_t *)(void *)(name + n);
  for (int64_t i = 0; i < n; i++) name[i] = hd_unpack_text(from);
  for (int64_t i = 0; i <= n; i++) first[i] = hd_unpack_i64(from);
  hd_status status = from->bad ? hd_raise(store->ctx, HD_ERR_FILE, damaged) : hd_names_set(store, dim, n, name, first);
  hd_memory_give(store->ctx, memory, bytes);
  return status;
}
