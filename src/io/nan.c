/* Not-a-number: found, named by coordinates, and made the same one wherever it is stored or hashed. */
#include "io/store_parts.h"

#include <stdio.h>
#include <string.h>

enum { TILE = 1024 };

/* The tile's loop has no exit, so that it becomes vector instructions. */
#define NAN_FIND(name, type)                                                                                           \
  static int64_t name(const type *at, int64_t count) {                                                                 \
    for (int64_t from = 0; from < count; from += TILE) {                                                               \
      int64_t n = count - from < TILE ? count - from : TILE;                                                           \
      int bad = 0;                                                                                                     \
      for (int64_t i = 0; i < n; i++) bad |= at[from + i] != at[from + i];                                             \
      for (int64_t i = 0; bad && i < n; i++)                                                                           \
        if (at[from + i] != at[from + i]) return from + i;                                                             \
    }                                                                                                                  \
    return -1;                                                                                                         \
  }
NAN_FIND(find_double, double)
NAN_FIND(find_float, float)

int64_t hd_nan_find(const void *at, size_t element, int64_t count) {
  return element == 8 ? find_double(at, count) : find_float(at, count);
}

void hd_nan_same(void *at, size_t element, int64_t count) {
  static const uint64_t wide = 0x7ff8000000000000;
  static const uint32_t narrow = 0x7fc00000;
  char *base = at;
  for (int64_t i = 0, next; i < count && (next = hd_nan_find(base + (size_t)i * element, element, count - i)) >= 0;) {
    i += next;
    memcpy(base + (size_t)i * element, element == 8 ? (const void *)&wide : &narrow, element);
    i++;
  }
}

static void describe(const hd_store *store, const hd_field_state *field, int64_t index, char *out, size_t room) {
  int64_t place[HD_FIELD_RANK];
  for (int i = field->rank - 1; i >= 0; i--) {
    place[i] = index % store->dim[field->dim[i]].count;
    index /= store->dim[field->dim[i]].count;
  }
  size_t at = 0;
  out[0] = 0;
  for (int i = 0; i < field->rank && at < room; i++) {
    const hd_dim_state *d = &store->dim[field->dim[i]];
    at += (size_t)snprintf(out + at, room - at, "%s%s %lld", i ? ", " : " at ", d->is.name, (long long)place[i]);
    for (int64_t k = 0; k < d->names.n && at < room; k++)
      if (place[i] >= d->names.first[k] && place[i] < d->names.first[k + 1])
        at += (size_t)snprintf(out + at, room - at, " (%s)", d->names.name[k]);
  }
}

hd_status hd_store_scan(hd_store *store) {
  for (int i = 0; i < store->fields; i++) {
    const hd_field_state *field = &store->field[i];
    if ((field->is.flags & (HD_STATE | HD_MAY_BE_NAN)) != HD_STATE || !hd_is_float(store, field) || !store->data[i])
      continue;
    int64_t bad = hd_nan_find(store->data[i], field->element, (int64_t)(field->bytes / field->element));
    if (bad < 0) continue;
    char place[256];
    describe(store, field, bad, place, sizeof place);
    return hd_raise(store->ctx, HD_ERR_NUMERIC, "%s is not a number%s", field->is.name, place);
  }
  return HD_OK;
}
