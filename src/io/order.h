/* The stable order of integer keys: emitted rows by block, stored rows by their column, rows of a file by their numbers. */
#ifndef HD_IO_ORDER_H
#define HD_IO_ORDER_H

#include "base/ctx.h"

/* order[i] is the index of the i-th smallest key; equal keys keep their order. */
hd_status hd_order_of(hd_ctx *ctx, const int64_t *key, int64_t n, int64_t *order);

#endif
