/* Ranks, as a table: none here (one rank), MPI in a plug-in.
 *
 * Every call is collective over the ranks of one run and made by the thread that drives it. Nothing adds floating-point
 * numbers between ranks: values travel, and each rank sums them in the one order of par/sum.h.
 */
#ifndef HD_PAR_COMM_H
#define HD_PAR_COMM_H

#include "base/ctx.h"

#include <stddef.h>
#include <stdint.h>

/* One piece sent to or received from another rank. */
typedef struct hd_message {
  int rank;
  bool receive;
  void *at;
  size_t bytes;
} hd_message;

typedef struct hd_comm {
  void *self;
  int rank, size;
  hd_status (*barrier)(void *self, hd_ctx *ctx);
  hd_status (*broadcast)(void *self, hd_ctx *ctx, int root, void *data, size_t bytes);
  /* All ranks get the pieces of all, in the order of ranks: piece r is all[first[r]] .. all[first[r + 1]], in bytes. Every
   * rank knows `first` (hd_comm_firsts makes it); `mine` may be that place in `all` itself. */
  hd_status (*gather)(void *self, hd_ctx *ctx, const void *mine, void *all, const size_t *first);
  /* Sends and receives any number of pieces; those between two ranks match in order. */
  hd_status (*exchange)(void *self, hd_ctx *ctx, const hd_message *message, int count);
  /* The failure of the lowest rank that has one, with its message, becomes the failure of this thread on every rank. */
  hd_status (*agree)(void *self, hd_ctx *ctx, hd_status mine);
  void (*close)(void *self);
} hd_comm;

hd_comm hd_comm_none(void);

/* The first of `parts` contiguous pieces of `count` things: piece p is first(p) .. first(p + 1) - 1. The same formula gives
 * blocks to ranks and to threads. */
int64_t hd_part_first(int64_t count, int parts, int part);

/* first[0 .. size] in bytes for the gather, when this rank has `bytes`. */
hd_status hd_comm_firsts(const hd_comm *comm, hd_ctx *ctx, size_t bytes, size_t *first);

#endif
