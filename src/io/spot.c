#include "io/spot.h"

#include <string.h>

hd_spot hd_spot_of_tables(const hd_table *tables, int count) {
  hd_spot spot = {0};
  for (int t = 0; t < count && spot.n < HD_SPOT_LISTS; t++) spot.list[spot.n++] = tables[t].params;
  return spot;
}

hd_spot hd_spot_of(const hd_param *p) {
  hd_spot spot = {.p = p};
  if (p && p->kind == HD_GROUP) spot.list[spot.n++] = p->sub;
  return spot;
}

static const hd_param *find_key(const hd_param *list, const char *key, size_t length) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++)
    if (p->key && !strncmp(p->key, key, length) && !p->key[length]) return p;
  return NULL;
}

static hd_spot key_of_lists(const hd_spot *spot, const char *key, size_t length) {
  hd_spot below = {0};
  for (int t = 0; t < spot->n; t++) {
    const hd_param *p = find_key(spot->list[t], key, length);
    if (!p) continue;
    if (!below.p) below.p = p;
    if (p->kind == HD_GROUP && below.n < HD_SPOT_LISTS) below.list[below.n++] = p->sub;
  }
  return below;
}

/* The group of a variant that a node has chosen, or the first that knows the key. */
static hd_spot key_of_variant(const hd_param *v, const hd_node *node, const char *key, size_t length) {
  const hd_node *kind = node && node->kind == HD_NODE_SCALAR ? node : hd_node_get(node, v->of);
  for (const hd_param *s = v->sub; !hd_param_end(s); s++) {
    if (kind && kind->kind == HD_NODE_SCALAR && strcmp(kind->text, s->key)) continue;
    const hd_param *p = find_key(s->sub, key, length);
    if (p) return hd_spot_of(p);
  }
  return (hd_spot){0};
}

static bool knows_all(const hd_param *list, const hd_node *node) {
  for (const hd_node *c = node ? node->child : NULL; c; c = c->next)
    if (!find_key(list, c->key, strlen(c->key))) return false;
  return true;
}

static bool fits(const hd_param *p, const hd_node *node) {
  bool map = node && node->kind == HD_NODE_MAP;
  switch (p->kind) {
    case HD_GROUP: return map && knows_all(p->sub, node);
    case HD_NAMED: return map;
    case HD_VARIANT: return map && hd_node_get(node, p->of);
    case HD_LIST: return node && node->kind == HD_NODE_LIST;
    case HD_SCHEDULE:
      return node && (node->kind == HD_NODE_LIST || hd_node_get(node, "every") || hd_node_get(node, "every_steps"));
    case HD_EITHER: return true;
    default: return node && node->kind == HD_NODE_SCALAR;
  }
}

hd_spot hd_spot_resolve(const hd_spot *spot, const hd_node *node) {
  hd_spot at = *spot;
  for (int depth = 0; at.p && at.p->kind == HD_EITHER && depth < 8; depth++) {
    const hd_param *s = at.p->sub;
    while (!hd_param_end(s) && !fits(s, node)) s++;
    at = hd_param_end(s) ? (hd_spot){0} : hd_spot_of(s);
  }
  return at;
}

hd_spot hd_spot_key(const hd_spot *spot, const hd_node *node, const char *key, size_t length) {
  if (spot->n) return key_of_lists(spot, key, length);
  if (!spot->p) return (hd_spot){0};
  switch (spot->p->kind) {
    case HD_NAMED: return hd_spot_of(spot->p->sub);
    case HD_VARIANT: return key_of_variant(spot->p, node, key, length);
    case HD_EITHER:
      for (const hd_param *s = spot->p->sub; !hd_param_end(s); s++) {
        const hd_spot alternative = hd_spot_of(s);
        hd_spot found = hd_spot_key(&alternative, node, key, length);
        if (found.p) return found;
      }
      return (hd_spot){0};
    default: return (hd_spot){0};
  }
}

hd_spot hd_spot_item(const hd_spot *spot) {
  if (spot->p && spot->p->kind == HD_LIST) return hd_spot_of(spot->p->sub);
  if (spot->p && spot->p->kind == HD_EITHER)
    for (const hd_param *s = spot->p->sub; !hd_param_end(s); s++)
      if (s->kind == HD_LIST) return hd_spot_of(s->sub);
  return (hd_spot){0};
}
