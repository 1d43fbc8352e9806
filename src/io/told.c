/* What a solver tells from any thread: failed parts, warnings, and the failure that ends the run. */
#include "io/store_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD_TEXT = 512, MOST_WARNINGS = 1000 };

static void give_text(hd_ctx *ctx, const char *text) {
  union {
    const char *in;
    void *out;
  } at = {text};
  if (text) hd_memory_give(ctx, at.out, strlen(text) + 1);
}

static hd_status keep_text(hd_ctx *ctx, const char *text, const char **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, strlen(text) + 1, &memory));
  *out = strcpy(memory, text);
  return HD_OK;
}

hd_status hd_told_part(hd_store *store, int dim, int64_t index, double at, const char *text) {
  hd_told *told = &store->told;
  void *list = told->part;
  hd_failed_part part = {dim, index, at, NULL};
  hd_status status = hd_memory_grow(store->ctx, &list, &told->part_room, told->parts + 1, sizeof part);
  told->part = list;
  HD_TRY(status);
  HD_TRY(keep_text(store->ctx, text, &part.text));
  told->part[told->parts++] = part;
  told->parts_sorted = false;
  return HD_OK;
}

hd_status hd_told_warning(hd_store *store, const char *text, int64_t times) {
  hd_told *told = &store->told;
  for (size_t i = 0; i < told->saids; i++)
    if (!strcmp(told->said[i].text, text)) {
      told->said[i].times += times;
      return HD_OK;
    }
  void *list = told->said;
  hd_said said = {NULL, times};
  hd_status status = hd_memory_grow(store->ctx, &list, &told->said_room, told->saids + 1, sizeof said);
  told->said = list;
  HD_TRY(status);
  HD_TRY(keep_text(store->ctx, text, &said.text));
  told->said[told->saids++] = said;
  return HD_OK;
}

static void note(hd_store *store, hd_status status) {
  store->told.lost |= status != HD_OK;
  atomic_store_explicit(&store->pending, true, memory_order_relaxed);
}

void hd_part_failed(hd_run *run, int dim, int64_t index, double at, const char *fmt, ...) {
  char text[TOLD_TEXT];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  hd_store *store = run->store;
  pthread_mutex_lock(store->told.mutex);
  note(store, hd_told_part(store, dim, index, at, text));
  pthread_mutex_unlock(store->told.mutex);
}

void hd_warn(hd_run *run, const char *fmt, ...) {
  char text[TOLD_TEXT];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  hd_store *store = run->store;
  pthread_mutex_lock(store->told.mutex);
  note(store, hd_told_warning(store, text, 1));
  pthread_mutex_unlock(store->told.mutex);
}

hd_status hd_fail(hd_run *run, hd_status status, const char *fmt, ...) {
  char text[HD_PROBLEM_TEXT];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  return hd_raise(run->ctx, status, "%s", text);
}

static int compare_parts(const void *left, const void *right) {
  const hd_failed_part *a = left, *b = right;
  if (a->dim != b->dim) return a->dim < b->dim ? -1 : 1;
  if (a->index != b->index) return a->index < b->index ? -1 : 1;
  if (a->at < b->at || a->at > b->at) return a->at < b->at ? -1 : 1;
  return strcmp(a->text, b->text);
}

static int compare_saids(const void *left, const void *right) {
  const hd_said *a = left, *b = right;
  return strcmp(a->text, b->text);
}

/* Sorts what this step said; beyond the limit texts are counted and dropped (the same ones in every run). */
hd_status hd_told_settle(hd_store *store) {
  hd_told *told = &store->told;
  if (told->saids > told->settled) {
    qsort(told->said + told->settled, told->saids - told->settled, sizeof *told->said, compare_saids);
    for (; told->saids > MOST_WARNINGS; told->dropped++) give_text(store->ctx, told->said[--told->saids].text);
    told->settled = told->saids;
  }
  if (!told->lost) return HD_OK;
  return hd_raise(store->ctx, HD_ERR_MEMORY, "out of memory while noting a failed part or a warning");
}

void hd_told_free(hd_store *store) {
  hd_told *told = &store->told;
  for (size_t i = 0; i < told->parts; i++) give_text(store->ctx, told->part[i].text);
  for (size_t i = 0; i < told->saids; i++) give_text(store->ctx, told->said[i].text);
  hd_memory_give(store->ctx, told->part, told->part_room * sizeof *told->part);
  hd_memory_give(store->ctx, told->said, told->said_room * sizeof *told->said);
  told->part = NULL;
  told->said = NULL;
  told->parts = told->part_room = told->saids = told->said_room = told->settled = 0;
  told->dropped = 0;
  told->lost = told->parts_sorted = false;
}

int64_t hd_store_failed(hd_store *store, const hd_failed_part **parts) {
  hd_told *told = &store->told;
  if (!told->parts_sorted && told->parts) {
    qsort(told->part, told->parts, sizeof *told->part, compare_parts);
    size_t kept = 1;
    for (size_t i = 1; i < told->parts; i++) {
      const hd_failed_part *last = &told->part[kept - 1], *next = &told->part[i];
      if (next->dim == last->dim && next->index == last->index) give_text(store->ctx, next->text);
      else told->part[kept++] = *next;
    }
    told->parts = kept;
    told->parts_sorted = true;
  }
  *parts = told->part;
  return (int64_t)told->parts;
}

int64_t hd_store_warnings(hd_store *store, const hd_said **said) {
  *said = store->told.said;
  return (int64_t)store->told.saids;
}
