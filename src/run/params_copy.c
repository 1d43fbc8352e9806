#include "run/params_copy.h"

#include <string.h>

static hd_status own_keys(hd_arena *arena, const hd_param *list, void *base);

/* The struct at `base` is a plain copy already; gives it items of its own. */
static hd_status own(hd_arena *arena, const hd_param *p, void *base) {
  void *at = (char *)base + p->at, *memory;
  int which;
  switch (p->kind) {
    case HD_GROUP: return own_keys(arena, p->sub, base);
    case HD_LIST:
    case HD_NAMED: {
      hd_items *items = at;
      size_t bytes = items->count > 0 ? (size_t)items->count * p->size : 0;
      if (!bytes) return HD_OK;
      HD_TRY(hd_arena_take(arena, bytes, &memory));
      memcpy(memory, items->item, bytes);
      items->item = memory;
      for (int64_t i = 0; i < items->count; i++) HD_TRY(own(arena, p->sub, (char *)memory + (size_t)i * p->size));
      return HD_OK;
    }
    case HD_EITHER: which = *(const int *)at; return which < 0 ? HD_OK : own(arena, &p->sub[which], base);
    case HD_VARIANT: which = *(const int *)at; return which < 0 ? HD_OK : own_keys(arena, p->sub[which].sub, base);
    default: return HD_OK;
  }
}

static hd_status own_keys(hd_arena *arena, const hd_param *list, void *base) {
  for (const hd_param *p = list; p && p->doc; p++) {
    if (!p->key || (p->flags & (HD_REFUSED | HD_LATER))) continue;
    HD_TRY(own(arena, p, base));
  }
  return HD_OK;
}

hd_status hd_params_copy(hd_arena *arena, const hd_param *params, const void *from, size_t size, void *into) {
  memcpy(into, from, size);
  return own_keys(arena, params, into);
}
