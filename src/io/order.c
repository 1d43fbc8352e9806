/* Radix sort by 11 bits at a time, only as many passes as the range of the keys needs; insertion for a few. */
#include "io/order.h"

#include <string.h>

enum { BITS = 11, DIGITS = 1 << BITS, FEW = 48 };

static void insert(const int64_t *key, int64_t n, int64_t *order) {
  for (int64_t i = 0; i < n; i++) {
    int64_t at = i;
    for (; at > 0 && key[order[at - 1]] > key[i]; at--) order[at] = order[at - 1];
    order[at] = i;
  }
}

static void pass(const int64_t *key, uint64_t low, int shift, int64_t n, const int64_t *from, int64_t *to,
                 int64_t *start) {
  memset(start, 0, DIGITS * sizeof *start);
  for (int64_t i = 0; i < n; i++) start[(((uint64_t)key[i] - low) >> shift) & (DIGITS - 1)]++;
  int64_t sum = 0;
  for (int d = 0; d < DIGITS; d++) {
    int64_t count = start[d];
    start[d] = sum;
    sum += count;
  }
  for (int64_t i = 0; i < n; i++) to[start[(((uint64_t)key[from[i]] - low) >> shift) & (DIGITS - 1)]++] = from[i];
}

hd_status hd_order_of(hd_ctx *ctx, const int64_t *key, int64_t n, int64_t *order) {
  if (n <= FEW) {
    insert(key, n, order);
    return HD_OK;
  }
  int64_t low = key[0], high = key[0];
  bool sorted = true;
  for (int64_t i = 0; i < n; i++) {
    sorted &= key[i] >= key[i > 0 ? i - 1 : 0];
    low = key[i] < low ? key[i] : low;
    high = key[i] > high ? key[i] : high;
    order[i] = i;
  }
  uint64_t range = (uint64_t)high - (uint64_t)low;
  if (sorted) return HD_OK;
  size_t bytes = (size_t)n * sizeof(int64_t), table = DIGITS * sizeof(int64_t);
  void *memory;
  HD_TRY(hd_memory_take(ctx, bytes + table, &memory));
  int64_t *start = memory, *other = start + DIGITS, *from = order, *to = other;
  for (int shift = 0; shift < 64 && range >> shift; shift += BITS) {
    pass(key, (uint64_t)low, shift, n, from, to, start);
    int64_t *swap = from;
    from = to;
    to = swap;
  }
  if (from != order) memcpy(order, from, bytes);
  hd_memory_give(ctx, memory, bytes + table);
  return HD_OK;
}
