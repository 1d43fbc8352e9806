/* Merging by the tables: what is a map in YAML may be a group, names, a variant or an alternative, and each has its rule. */
#include "io/merge.h"

#include "io/name_set.h"
#include "io/spot.h"

#include <string.h>

enum { DEEPEST = 64, MANY = 24 };

static hd_status merge(hd_arena *arena, const hd_spot *spot, const hd_node *base, const hd_node *over, int depth,
                       hd_node **out);

/* Children of a map by key; many are put in an index. */
typedef struct keys {
  const hd_node *map;
  hd_name_set names;
  bool indexed;
} keys;

static hd_status index_keys(hd_arena *arena, const hd_node *map, keys *k) {
  *k = (keys){.map = map};
  if (!map || map->count < MANY) return HD_OK;
  hd_name_set_init(&k->names, arena);
  for (hd_node *c = map->child; c; c = c->next) {
    bool fresh;
    HD_TRY(hd_name_set_add(&k->names, c->key, c, NULL, &fresh));
  }
  k->indexed = true;
  return HD_OK;
}

static const hd_node *look_up(const keys *k, const char *key) {
  if (!k->indexed) return hd_node_get(k->map, key);
  int64_t i = hd_name_set_find(&k->names, key, strlen(key));
  return i < 0 ? NULL : k->names.value[i];
}

/* Does a key of the upper layer stand in place of this one? */
static bool is_replaced(const hd_spot *spot, const hd_node *over, const char *key) {
  for (const hd_node *c = over->child; c; c = c->next) {
    if (c->kind == HD_NODE_NULL) continue;
    hd_spot own = hd_spot_key(spot, over, c->key, strlen(c->key));
    if (own.p && own.p->instead && hd_text_lists(own.p->instead, ' ', key)) return true;
  }
  return false;
}

static hd_status merge_maps(hd_arena *arena, const hd_spot *spot, const hd_node *base, const hd_node *over, int depth,
                            hd_node **out) {
  keys above, below;
  hd_node *child;
  HD_TRY(index_keys(arena, over, &above));
  HD_TRY(index_keys(arena, base, &below));
  HD_TRY(hd_node_new(arena, HD_NODE_MAP, over->place, out));
  (*out)->key = over->key;
  (*out)->key_place = over->key_place;
  bool exclusive = spot->n > 0 || (spot->p && spot->p->kind == HD_VARIANT);
  for (const hd_node *c = base->child; c; c = c->next) {
    const hd_node *o = look_up(&above, c->key);
    if (!o && exclusive && is_replaced(spot, over, c->key)) continue;
    if (o) {
      hd_spot own = hd_spot_key(spot, base, c->key, strlen(c->key));
      HD_TRY(merge(arena, &own, c, o, depth + 1, &child));
    } else HD_TRY(hd_node_clone(arena, c, &child));
    hd_node_add(*out, child);
  }
  for (const hd_node *o = over->child; o; o = o->next) {
    if (look_up(&below, o->key)) continue;
    HD_TRY(hd_node_clone(arena, o, &child));
    hd_node_add(*out, child);
  }
  return HD_OK;
}

static const hd_param *bare_of(const hd_spot *spot) {
  for (int t = 0; t < spot->n; t++)
    for (const hd_param *p = spot->list[t]; !hd_param_end(p); p++)
      if (p->flags & HD_BARE) return p;
  return NULL;
}

static hd_status merge_group(hd_arena *arena, const hd_spot *spot, const hd_node *base, const hd_node *over, int depth,
                             hd_node **out) {
  const hd_param *bare = bare_of(spot);
  hd_node *wide;
  bool map = over->kind == HD_NODE_MAP;
  if (map && base->kind == HD_NODE_MAP) return merge_maps(arena, spot, base, over, depth, out);
  if (!bare || base->kind == HD_NODE_NULL || (!map && base->kind != HD_NODE_MAP))
    return hd_node_clone(arena, over, out);
  HD_TRY(hd_node_wrap(arena, map ? base : over, bare->key, &wide));
  return map ? merge_maps(arena, spot, wide, over, depth, out) : merge_maps(arena, spot, base, wide, depth, out);
}

static hd_status merge_variant(hd_arena *arena, const hd_spot *spot, const hd_node *base, const hd_node *over,
                               int depth, hd_node **out) {
  hd_node *wide;
  bool changes = over->kind == HD_NODE_MAP && !hd_node_get(over, spot->p->of);
  if (!changes || base->kind == HD_NODE_NULL || base->kind == HD_NODE_LIST) return hd_node_clone(arena, over, out);
  if (base->kind == HD_NODE_MAP) return merge_maps(arena, spot, base, over, depth, out);
  HD_TRY(hd_node_wrap(arena, base, spot->p->of, &wide));
  return merge_maps(arena, spot, wide, over, depth, out);
}

/* Of the layer below, what the file said is kept where the one above only adds to the same form. */
static hd_status merge(hd_arena *arena, const hd_spot *spot, const hd_node *base, const hd_node *over, int depth,
                       hd_node **out) {
  bool known = spot->p || spot->n, both = base->kind != HD_NODE_NULL && over->kind != HD_NODE_NULL;
  if (!known || !both || depth > DEEPEST) return hd_node_clone(arena, over, out);
  if (spot->n) return merge_group(arena, spot, base, over, depth, out);
  switch (spot->p->kind) {
    case HD_NAMED:
      if (base->kind != HD_NODE_MAP || over->kind != HD_NODE_MAP) return hd_node_clone(arena, over, out);
      return merge_maps(arena, spot, base, over, depth, out);
    case HD_VARIANT: return merge_variant(arena, spot, base, over, depth, out);
    case HD_EITHER: {
      hd_spot a = hd_spot_resolve(spot, base), b = hd_spot_resolve(spot, over);
      if (!a.p || a.p == b.p) return merge(arena, &b, base, over, depth, out);
      if (a.p->kind == HD_VARIANT) return merge(arena, &a, base, over, depth, out); /* a variant without its kind */
      return hd_node_clone(arena, over, out);
    }
    default: return hd_node_clone(arena, over, out);
  }
}

hd_status hd_node_merge_value(hd_arena *arena, const hd_param *p, const hd_node *base, const hd_node *over,
                              hd_node **out) {
  hd_spot spot = hd_spot_of(p);
  return merge(arena, &spot, base, over, 0, out);
}

hd_status hd_node_merge(hd_arena *arena, const hd_table *tables, int count, const hd_node *base, const hd_node *over,
                        hd_node **out) {
  hd_spot spot = hd_spot_of_tables(tables, count);
  *out = NULL;
  if (!base && !over) return HD_OK;
  if (!base || !over) return hd_node_clone(arena, base ? base : over, out);
  if (base->kind != HD_NODE_MAP || over->kind != HD_NODE_MAP) return hd_node_clone(arena, over, out);
  return merge_maps(arena, &spot, base, over, 0, out);
}

static hd_status mask(hd_arena *arena, const hd_spot *spot, const hd_node *lower, hd_node *upper, int depth) {
  if (lower->kind != HD_NODE_MAP || upper->kind != HD_NODE_MAP || depth > DEEPEST) return HD_OK;
  bool merges = spot->n > 0 || (spot->p && spot->p->kind == HD_NAMED);
  if (!merges && spot->p && spot->p->kind == HD_EITHER) {
    hd_spot a = hd_spot_resolve(spot, lower), b = hd_spot_resolve(spot, upper);
    return a.p && a.p == b.p ? mask(arena, &a, lower, upper, depth + 1) : HD_OK;
  }
  for (const hd_node *c = merges ? lower->child : NULL; c; c = c->next) {
    hd_node *own = hd_node_get(upper, c->key);
    hd_spot below = hd_spot_key(spot, upper, c->key, strlen(c->key));
    if (own) HD_TRY(mask(arena, &below, c, own, depth + 1));
    if (own || c->kind == HD_NODE_NULL || is_replaced(spot, upper, c->key)) continue;
    HD_TRY(hd_node_new(arena, HD_NODE_NULL, c->place, &own));
    own->key = c->key;
    hd_node_add(upper, own);
  }
  return HD_OK;
}

hd_status hd_node_mask(hd_arena *arena, const hd_table *tables, int count, const hd_node *lower, hd_node *upper) {
  hd_spot spot = hd_spot_of_tables(tables, count);
  return mask(arena, &spot, lower, upper, 0);
}
