/* The table of one rank, and what all tables share. */
#include "par/comm.h"

#include <string.h>

static hd_status none_barrier(void *self, hd_ctx *ctx) {
  (void)self, (void)ctx;
  return HD_OK;
}

static hd_status none_broadcast(void *self, hd_ctx *ctx, int root, void *data, size_t bytes) {
  (void)self, (void)data, (void)bytes;
  return root == 0 ? HD_OK : hd_raise(ctx, HD_ERR_BUG, "a broadcast from rank %d of 1", root);
}

static hd_status none_gather(void *self, hd_ctx *ctx, const void *mine, void *all, const size_t *first) {
  (void)self, (void)ctx;
  if (first[1] && mine != all) memcpy(all, mine, first[1]);
  return HD_OK;
}

static hd_status none_exchange(void *self, hd_ctx *ctx, const hd_message *message, int count) {
  (void)self, (void)message;
  return count == 0 ? HD_OK : hd_raise(ctx, HD_ERR_BUG, "%d messages between ranks, but there is one rank", count);
}

static hd_status none_agree(void *self, hd_ctx *ctx, hd_status mine) {
  (void)self, (void)ctx;
  return mine;
}

static void none_close(void *self) { (void)self; }

hd_comm hd_comm_none(void) {
  return (hd_comm){NULL, 0, 1, none_barrier, none_broadcast, none_gather, none_exchange, none_agree, none_close};
}

int64_t hd_part_first(int64_t count, int parts, int part) {
  return count / parts * part + count % parts * part / parts;
}

hd_status hd_comm_firsts(const hd_comm *comm, hd_ctx *ctx, size_t bytes, size_t *first) {
  first[0] = 0;
  if (comm->size == 1) {
    first[1] = bytes;
    return HD_OK;
  }
  void *at;
  size_t room = (size_t)(comm->size + 1) * sizeof(size_t);
  HD_TRY(hd_memory_take(ctx, room, &at));
  size_t *places = at;
  for (int r = 0; r <= comm->size; r++) places[r] = (size_t)r * sizeof(size_t);
  hd_status status = comm->gather(comm->self, ctx, &bytes, first + 1, places);
  for (int r = 0; status == HD_OK && r < comm->size; r++) first[r + 1] += first[r];
  hd_memory_give(ctx, at, room);
  return status;
}
