/* Memory: one table through which heddle takes and gives back all of it, and arenas that are freed as a whole.
 *
 * Ownership is by arena (design 6.5): case > stage product > run > step > block. Nothing is reference counted.
 */
#ifndef HD_BASE_MEMORY_H
#define HD_BASE_MEMORY_H

#include "heddle/status.h"

#include <stddef.h>

typedef struct hd_ctx hd_ctx;

/* Where memory comes from. Tests put a table here that fails at the n-th call. */
typedef struct hd_memory {
  void *self;
  void *(*take)(void *self, size_t bytes);           /* 64-byte aligned, zeroed; NULL: none left */
  void (*give)(void *self, void *at, size_t bytes);  /* at may be NULL */
} hd_memory;

/* The system's: aligned, huge pages advised from 8 MB on. */
hd_memory hd_memory_system(void);

/* 64-byte aligned, zeroed memory; HD_ERR_MEMORY with a message. bytes = 0 gives NULL and HD_OK. */
hd_status hd_memory_take(hd_ctx *ctx, size_t bytes, void **out);
void      hd_memory_give(hd_ctx *ctx, void *at, size_t bytes);

/* Makes room for `need` items of `size` bytes in *at, doubling *room (items); new room is zeroed. */
hd_status hd_memory_grow(hd_ctx *ctx, void **at, size_t *room, size_t need, size_t size);

/* An arena: pieces of any size, all freed at once. Not for several threads. */
typedef struct hd_arena_chunk hd_arena_chunk;
typedef struct hd_arena {
  hd_ctx         *ctx;
  hd_arena_chunk *chunk; /* newest first */
} hd_arena;

void      hd_arena_init(hd_arena *arena, hd_ctx *ctx);
hd_status hd_arena_take(hd_arena *arena, size_t bytes, void **out);                     /* 64-byte aligned, zeroed */
hd_status hd_arena_text(hd_arena *arena, const char *text, size_t length, char **out);  /* a copy, ended by 0 */
void      hd_arena_free(hd_arena *arena);                                               /* empty and usable again */
void      hd_arena_reset(hd_arena *arena);                                              /* the same; keeps a small chunk */

#endif
