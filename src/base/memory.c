/* The system's memory, and arenas made of chunks. */
#include "base/ctx.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGN = 64, CHUNK = 16 * 1024 };
static const size_t huge_from = (size_t)8 << 20;
static const size_t huge_page = (size_t)2 << 20;

static size_t whole_pages(size_t bytes) { return (bytes + huge_page - 1) / huge_page * huge_page; }

/* Mapped from the beginning of a huge page. Pages arrive zeroed at first touch, so the block's owner places them. */
static void *take_pages(size_t bytes) {
  size_t whole = whole_pages(bytes);
  char *at = mmap(NULL, whole + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return NULL;
  size_t before = (huge_page - (uintptr_t)at % huge_page) % huge_page, after = huge_page - before;
  if (before) munmap(at, before);
  munmap(at + before + whole, after);
  madvise(at + before, whole, MADV_HUGEPAGE); /* a wish; failing is harmless */
  return at + before;
}

static void *system_take(void *self, size_t bytes) {
  (void)self;
  if (bytes > SIZE_MAX / 2) return NULL;
  if (bytes >= huge_from) return take_pages(bytes);
  size_t whole = (bytes + ALIGN - 1) / ALIGN * ALIGN;
  void *at = aligned_alloc(ALIGN, whole ? whole : ALIGN);
  if (at) memset(at, 0, whole);
  return at;
}

static void system_give(void *self, void *at, size_t bytes) {
  (void)self;
  if (!at) return;
  if (bytes >= huge_from) munmap(at, whole_pages(bytes));
  else free(at);
}

hd_memory hd_memory_system(void) { return (hd_memory){NULL, system_take, system_give}; }

/* bytes > 0 */
static hd_status take(hd_ctx *ctx, size_t bytes, void **out) {
  *out = ctx->memory.take(ctx->memory.self, bytes);
  return *out ? HD_OK : hd_raise(ctx, HD_ERR_MEMORY, "out of memory: %zu bytes are not to be had", bytes);
}

hd_status hd_memory_take(hd_ctx *ctx, size_t bytes, void **out) {
  *out = NULL;
  return bytes ? take(ctx, bytes, out) : HD_OK;
}

void hd_memory_give(hd_ctx *ctx, void *at, size_t bytes) {
  if (at) ctx->memory.give(ctx->memory.self, at, bytes);
}

hd_status hd_memory_grow(hd_ctx *ctx, void **at, size_t *room, size_t need, size_t size) {
  if (need <= *room) return HD_OK;
  size_t more = *room ? *room : 8;
  while (more < need && more <= SIZE_MAX / 2 / size) more *= 2;
  if (more < need) return hd_raise(ctx, HD_ERR_MEMORY, "out of memory: %zu items of %zu bytes", need, size);
  void *grown;
  HD_TRY(take(ctx, more * size, &grown));
  if (*at) memcpy(grown, *at, *room * size);
  hd_memory_give(ctx, *at, *room * size);
  *at = grown;
  *room = more;
  return HD_OK;
}

/* The header takes one aligned unit, so that what follows is aligned too. */
struct hd_arena_chunk {
  hd_arena_chunk *next;
  size_t bytes, used;
};
_Static_assert(sizeof(hd_arena_chunk) <= ALIGN, "the header of a chunk fits one aligned unit");

void hd_arena_init(hd_arena *arena, hd_ctx *ctx) { *arena = (hd_arena){.ctx = ctx}; }

hd_status hd_arena_take(hd_arena *arena, size_t bytes, void **out) {
  *out = NULL;
  if (bytes > SIZE_MAX / 4) return hd_raise(arena->ctx, HD_ERR_MEMORY, "out of memory: %zu bytes", bytes);
  size_t whole = (bytes + ALIGN - 1) / ALIGN * ALIGN;
  hd_arena_chunk *chunk = arena->chunk;
  if (!chunk || chunk->bytes - chunk->used < whole) {
    size_t total = ALIGN + (whole > CHUNK ? whole : CHUNK);
    void *fresh;
    HD_TRY(take(arena->ctx, total, &fresh));
    chunk = fresh;
    *chunk = (hd_arena_chunk){.next = arena->chunk, .bytes = total, .used = ALIGN};
    arena->chunk = chunk;
  }
  *out = (char *)chunk + chunk->used;
  chunk->used += whole;
  return HD_OK;
}

hd_status hd_arena_text(hd_arena *arena, const char *text, size_t length, char **out) {
  void *copy;
  *out = NULL;
  HD_TRY(hd_arena_take(arena, length + 1, &copy));
  memcpy(copy, text, length);
  *out = copy;
  return HD_OK;
}

/* What is kept is zeroed now, because pieces are handed out zeroed. */
void hd_arena_reset(hd_arena *arena) {
  hd_arena_chunk *kept = arena->chunk;
  while (kept && kept->next) kept = kept->next;
  if (!kept || kept->bytes > ALIGN + CHUNK) {
    hd_arena_free(arena);
    return;
  }
  while (arena->chunk != kept) {
    hd_arena_chunk *chunk = arena->chunk;
    arena->chunk = chunk->next;
    hd_memory_give(arena->ctx, chunk, chunk->bytes);
  }
  memset((char *)kept + ALIGN, 0, kept->used - ALIGN);
  kept->used = ALIGN;
}

void hd_arena_free(hd_arena *arena) {
  while (arena->chunk) {
    hd_arena_chunk *chunk = arena->chunk;
    arena->chunk = chunk->next;
    hd_memory_give(arena->ctx, chunk, chunk->bytes);
  }
}
