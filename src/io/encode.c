/* Decoded structs back to a tree. What is absent is left out; a number is written in the unit of its entry, where the same
 * text gives the same bits. */
#include "io/encode.h"

#include "base/ctx.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct encoder {
  hd_arena *arena;
  const hd_table *tables;
  int count;
  bool bare; /* a declared dimensionless system: numbers without units */
} encoder;

static hd_status encode(encoder *e, const hd_param *p, const void *base, hd_node **out);

static hd_status text_node(encoder *e, const char *text, bool quoted, hd_node **out) {
  const hd_place nowhere = {0};
  HD_TRY(hd_node_scalar(e->arena, text, nowhere, out));
  (*out)->quoted = quoted;
  return HD_OK;
}

static hd_status map_node(encoder *e, hd_node_kind kind, hd_node **out) {
  const hd_place nowhere = {0};
  return hd_node_new(e->arena, kind, nowhere, out);
}

static bool has_unit(const encoder *e, const hd_param *p) {
  return p->unit && *p->unit && strcmp(p->unit, "1") && (!e->bare || (p->flags & HD_SCALE));
}

static hd_status encode_real(encoder *e, const char *unit, bool with_unit, const double *value, int count,
                             hd_node **out) {
  char text[HD_NUMBER_ROOM];
  hd_text all;
  hd_text_init(&all, e->arena->ctx);
  for (int i = 0; i < count; i++) {
    hd_number_print(value[i], text);
    hd_print(&all, "%s%s", i ? " " : "", text);
  }
  if (with_unit) hd_print(&all, " %s", unit);
  hd_status status = hd_text_status(&all);
  if (status == HD_OK) status = text_node(e, hd_text_of(&all), false, out);
  hd_text_free(&all);
  return status;
}

static hd_status encode_int(encoder *e, int64_t value, hd_node **out) {
  char text[32];
  snprintf(text, sizeof text, "%lld", (long long)value);
  return text_node(e, text, false, out);
}

static hd_status encode_whole(encoder *e, const int64_t *value, hd_node **out) {
  if (*value == INT64_MIN) return HD_OK;
  return encode_int(e, *value, out);
}

static hd_status encode_choice(encoder *e, const hd_param *p, int index, hd_node **out) {
  hd_choice choice;
  char *name;
  if (!hd_choice_at(p->of, index, &choice)) return HD_OK;
  HD_TRY(map_node(e, HD_NODE_SCALAR, out));
  HD_TRY(hd_arena_text(e->arena, choice.name, choice.length, &name));
  (*out)->text = name;
  return HD_OK;
}

static hd_status encode_ref(encoder *e, const hd_param *p, int index, hd_node **out) {
  hd_found found;
  if (index < 0 || !hd_params_find(e->tables, e->count, p->of, &found)) return HD_OK;
  const hd_items *items = hd_found_at(&found);
  if (!items || index >= items->count || !items->name) return HD_OK;
  return text_node(e, items->name[index], false, out);
}

static void add_key(hd_node *map, const char *key, hd_node *child) {
  child->key = key;
  hd_node_add(map, child);
}

/* Of entries that exclude each other `check` may have filled in all: the first of the table is written. */
static bool is_said(const hd_param *p, const hd_node *map) {
  for (const char *at = p->instead; at && *at; at += strspn(at, " ")) {
    size_t length = strcspn(at, " ");
    if (hd_node_get_n(map, at, length)) return true;
    at += length;
  }
  return false;
}

/* The keys of a list into a map; a group that is empty is left out, unless it is all there is. */
static hd_status encode_keys(encoder *e, const hd_param *list, const void *base, hd_node *map) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++) {
    hd_node *child = NULL, *there;
    if (!p->key || (p->flags & (HD_REFUSED | HD_LATER))) continue;
    if (p->kind == HD_GROUP && (there = hd_node_get(map, p->key))) {
      HD_TRY(encode_keys(e, p->sub, base, there)); /* a group that an earlier table began */
      continue;
    }
    if (hd_node_get(map, p->key) || is_said(p, map)) continue;
    HD_TRY(encode(e, p, base, &child));
    bool empty = child && p->kind == HD_GROUP && !child->count;
    if (child && !empty) add_key(map, p->key, child);
  }
  return HD_OK;
}

static hd_status encode_items(encoder *e, const hd_param *p, const hd_items *items, bool named, hd_node **out) {
  HD_TRY(map_node(e, named ? HD_NODE_MAP : HD_NODE_LIST, out));
  for (int64_t i = 0; i < items->count; i++) {
    hd_node *child = NULL;
    HD_TRY(encode(e, p->sub, (const char *)items->item + (size_t)i * p->size, &child));
    if (!child) HD_TRY(map_node(e, HD_NODE_MAP, &child));
    if (named) add_key(*out, items->name[i], child);
    else hd_node_add(*out, child);
  }
  return HD_OK;
}

static hd_status encode_variant(encoder *e, const hd_param *p, const void *base, int which, hd_node **out) {
  hd_node *kind;
  if (which < 0) return HD_OK;
  HD_TRY(map_node(e, HD_NODE_MAP, out));
  HD_TRY(text_node(e, p->sub[which].key, false, &kind));
  add_key(*out, p->of, kind);
  return encode_keys(e, p->sub[which].sub, base, *out);
}

static hd_status encode_schedule(encoder *e, const hd_param *p, const hd_schedule *s, hd_node **out) {
  hd_node *child;
  if (s->count > 0) return encode_int(e, s->count, out);
  if (s->every > 0 || s->every_steps > 0) {
    HD_TRY(map_node(e, HD_NODE_MAP, out));
    if (s->every > 0) HD_TRY(encode_real(e, p->unit, has_unit(e, p), &s->every, 1, &child));
    else HD_TRY(encode_int(e, s->every_steps, &child));
    add_key(*out, s->every > 0 ? "every" : "every_steps", child);
    return HD_OK;
  }
  if (!s->at_count) return HD_OK;
  HD_TRY(map_node(e, HD_NODE_LIST, out));
  for (int64_t i = 0; i < s->at_count; i++) {
    HD_TRY(encode_real(e, p->unit, has_unit(e, p), &s->at[i], 1, &child));
    hd_node_add(*out, child);
  }
  return HD_OK;
}

static hd_status encode_many(encoder *e, const hd_param *p, const void *base, hd_node **out) {
  const void *at = (const char *)base + p->at;
  switch (p->kind) {
    case HD_GROUP: HD_TRY(map_node(e, HD_NODE_MAP, out)); return encode_keys(e, p->sub, base, *out);
    case HD_NAMED:
    case HD_LIST: {
      const hd_items *items = at;
      if (!items->count && !items->item) return HD_OK;
      return encode_items(e, p, items, p->kind == HD_NAMED, out);
    }
    case HD_EITHER: {
      int which = *(const int *)at;
      return which < 0 ? HD_OK : encode(e, &p->sub[which], base, out);
    }
    case HD_VARIANT: return encode_variant(e, p, base, *(const int *)at, out);
    case HD_SCHEDULE: return encode_schedule(e, p, at, out);
    case HD_ANY: {
      const hd_node *node = p->size ? *(const hd_node *const *)at : NULL;
      return node ? hd_node_copy(e->arena, node, out) : HD_OK;
    }
    default: return HD_OK;
  }
}

/* *out stays NULL where the value is absent. */
static hd_status encode(encoder *e, const hd_param *p, const void *base, hd_node **out) {
  const void *at = (const char *)base + p->at;
  switch (p->kind) {
    case HD_BOOL: return text_node(e, *(const bool *)at ? "true" : "false", false, out);
    case HD_INT: return encode_whole(e, at, out);
    case HD_REAL:
      if (isnan(*(const double *)at)) return HD_OK;
      return encode_real(e, p->unit, has_unit(e, p), at, p->count > 1 ? p->count : 1, out);
    case HD_TEXT:
    case HD_PATH: {
      const char *text = *(const char *const *)at;
      return text ? text_node(e, text, p->kind == HD_TEXT, out) : HD_OK;
    }
    case HD_CHOICE: return encode_choice(e, p, *(const int *)at, out);
    case HD_REF: return encode_ref(e, p, *(const int *)at, out);
    default: return encode_many(e, p, base, out);
  }
}

hd_status hd_encode(hd_arena *arena, const hd_table *tables, int count, hd_node **root) {
  encoder e = {arena, tables, count, hd_params_dimensionless(tables, count)};
  HD_TRY(map_node(&e, HD_NODE_MAP, root));
  for (int t = 0; t < count; t++) HD_TRY(encode_keys(&e, tables[t].params, tables[t].into, *root));
  return HD_OK;
}
