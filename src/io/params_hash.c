/* The identity of a case: a hash over paths and bits. Floating-point numbers by their bits (-0 as 0), texts with their
 * length, files by their contents; what is absent is in it as absent. */
#include "io/encode.h"

#include "base/ctx.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 1024, TILE = 2048 };

typedef struct hashing {
  hd_ctx *ctx;
  hd_hasher hasher;
  const hd_table *tables;
  int count;
  const char *only; /* NULL: everything */
  size_t length, waiting;
  char path[PATH], tile[TILE]; /* small pieces wait in the tile */
} hashing;

static hd_status hash_value(hashing *h, const hd_param *p, const void *base, bool inside);

static void flush(hashing *h) {
  hd_hasher_add(&h->hasher, h->tile, h->waiting);
  h->waiting = 0;
}

static void add(hashing *h, const void *bytes, size_t size) {
  if (size > TILE - h->waiting) flush(h);
  if (size > TILE) {
    hd_hasher_add(&h->hasher, bytes, size);
  } else if (size) {
    memcpy(h->tile + h->waiting, bytes, size);
    h->waiting += size;
  }
}

static void add_text(hashing *h, const char *text, uint64_t length) {
  add(h, &length, sizeof length);
  add(h, text, length);
}

static size_t enter(hashing *h, const char *key) {
  size_t before = h->length, size = strlen(key), room;
  if (before && before < PATH - 1) h->path[h->length++] = '.';
  room = PATH - 1 - h->length;
  if (size > room) size = room;
  memcpy(h->path + h->length, key, size);
  h->path[h->length += size] = 0;
  return before;
}

static size_t enter_item(hashing *h, int64_t index) {
  size_t before = h->length;
  int n = snprintf(h->path + h->length, sizeof h->path - h->length, "[%lld]", (long long)index);
  h->length += n < 0 ? 0 : (size_t)n < sizeof h->path - h->length ? (size_t)n : sizeof h->path - h->length - 1;
  return before;
}

static void leave(hashing *h, size_t before) {
  h->length = before;
  h->path[before] = 0;
}

/* Is the present path one of those asked for, or below one? */
static bool is_asked(const hashing *h) {
  for (const char *at = h->only; at && *at; at += strspn(at, " ")) {
    size_t n = strcspn(at, " ");
    bool begins = n <= h->length && !memcmp(at, h->path, n);
    if (begins && (n == h->length || h->path[n] == '.' || h->path[n] == '[')) return true;
    at += n;
  }
  return !h->only;
}

static void put(hashing *h, char kind, const void *bytes, size_t size) {
  add_text(h, h->path, h->length);
  add(h, &kind, 1);
  add(h, bytes, size);
}

static void put_int(hashing *h, char kind, int64_t value) { put(h, kind, &value, sizeof value); }

static void put_reals(hashing *h, const double *value, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    double v = isnan(value[i]) ? (double)NAN : value[i] + 0.0;
    uint64_t bits = 0x7ff8000000000000u;
    if (!isnan(v)) memcpy(&bits, &v, sizeof bits);
    put(h, 'r', &bits, sizeof bits);
  }
}

static void put_text(hashing *h, const char *text) {
  put(h, text ? 't' : 'n', NULL, 0);
  if (text) add_text(h, text, strlen(text));
}

static hd_status put_file(hashing *h, const char *path) {
  const void *at;
  size_t size;
  put(h, path ? 'f' : 'n', NULL, 0);
  if (!path) return HD_OK;
  HD_TRY(hd_file_map(h->ctx, path, &at, &size));
  int64_t length = (int64_t)size;
  add(h, &length, sizeof length);
  add(h, at, size);
  hd_file_unmap(h->ctx, at, size);
  return HD_OK;
}

static hd_status put_node(hashing *h, const hd_node *node) {
  hd_text text;
  hd_text_init(&text, h->ctx);
  if (node) hd_node_print(&text, node);
  hd_status status = hd_text_status(&text);
  put_text(h, node ? hd_text_of(&text) : NULL);
  hd_text_free(&text);
  return status;
}

static void put_schedule(hashing *h, const hd_schedule *s) {
  put_int(h, 'i', s->count);
  put_reals(h, &s->every, 1);
  put_int(h, 'i', s->every_steps);
  put_int(h, 'i', s->at_count);
  put_reals(h, s->at, s->at_count);
}

static const char *name_of(const hashing *h, const char *path, int index) {
  hd_found found;
  if (index < 0 || !hd_params_find(h->tables, h->count, path, &found)) return NULL;
  const hd_items *items = hd_found_at(&found);
  return items && items->name && index < items->count ? items->name[index] : NULL;
}

static hd_status hash_keys(hashing *h, const hd_param *list, const void *base, bool inside) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++) {
    if (!p->key || (p->flags & (HD_PLAN | HD_SHOW | HD_REFUSED | HD_LATER))) continue;
    size_t before = enter(h, p->key);
    hd_status status = hash_value(h, p, base, inside || is_asked(h));
    leave(h, before);
    HD_TRY(status);
  }
  return HD_OK;
}

static hd_status hash_items(hashing *h, const hd_param *p, const hd_items *items, bool inside) {
  if (inside) put_int(h, 'i', items->count);
  for (int64_t i = 0; i < items->count; i++) {
    bool named = p->kind == HD_NAMED;
    size_t before = named ? enter(h, items->name[i]) : enter_item(h, i);
    bool asked = inside || is_asked(h);
    if (asked && named) put_text(h, items->name[i]);
    hd_status status = hash_value(h, p->sub, (const char *)items->item + (size_t)i * p->size, asked);
    leave(h, before);
    HD_TRY(status);
  }
  return HD_OK;
}

/* `inside`: the path is asked for; else only what is below may be. */
static hd_status hash_many(hashing *h, const hd_param *p, const void *base, bool inside) {
  const void *at = (const char *)base + p->at;
  int which;
  switch (p->kind) {
    case HD_GROUP: return hash_keys(h, p->sub, base, inside);
    case HD_NAMED:
    case HD_LIST: return hash_items(h, p, at, inside);
    case HD_EITHER:
      which = *(const int *)at;
      if (inside) put_int(h, 'e', which);
      return which < 0 ? HD_OK : hash_value(h, &p->sub[which], base, inside);
    case HD_VARIANT:
      which = *(const int *)at;
      if (inside) put_text(h, which < 0 ? NULL : p->sub[which].key);
      return which < 0 ? HD_OK : hash_keys(h, p->sub[which].sub, base, inside);
    default: return HD_OK;
  }
}

static hd_status hash_value(hashing *h, const hd_param *p, const void *base, bool inside) {
  const void *at = (const char *)base + p->at;
  if (p->kind >= HD_GROUP && p->kind <= HD_VARIANT) return hash_many(h, p, base, inside);
  if (!inside) return HD_OK;
  switch (p->kind) {
    case HD_BOOL: put_int(h, 'b', *(const bool *)at); break;
    case HD_INT: put_int(h, 'i', *(const int64_t *)at); break;
    case HD_REAL: put_reals(h, at, p->count > 1 ? p->count : 1); break;
    case HD_TEXT: put_text(h, *(const char *const *)at); break;
    case HD_PATH: return put_file(h, *(const char *const *)at);
    case HD_CHOICE: {
      hd_choice choice;
      bool there = hd_choice_at(p->of, *(const int *)at, &choice);
      put(h, there ? 'c' : 'n', there ? choice.name : NULL, there ? choice.length : 0);
      break;
    }
    case HD_REF: put_text(h, name_of(h, p->of, *(const int *)at)); break;
    case HD_SCHEDULE: put_schedule(h, at); break;
    default: return p->size ? put_node(h, *(const hd_node *const *)at) : HD_OK;
  }
  return HD_OK;
}

hd_status hd_params_hash(hd_ctx *ctx, const hd_table *tables, int count, const char *only, hd_hash *out) {
  hashing h; /* the large parts stay as they are */
  h.ctx = ctx;
  h.tables = tables;
  h.count = count;
  h.only = only;
  h.length = h.waiting = 0;
  h.path[0] = 0;
  hd_hasher_begin(&h.hasher);
  for (int t = 0; t < count; t++) HD_TRY(hash_keys(&h, tables[t].params, tables[t].into, !only));
  flush(&h);
  *out = hd_hasher_end(&h.hasher);
  return HD_OK;
}
