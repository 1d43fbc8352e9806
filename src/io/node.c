/* Trees: making, finding. Printing is in node_print.c. */
#include "io/node.h"

#include <stdlib.h>
#include <string.h>

hd_status hd_node_new(hd_arena *arena, hd_node_kind kind, hd_place place, hd_node **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_arena_take(arena, sizeof(hd_node), &memory));
  *out = memory;
  **out = (hd_node){.kind = kind, .place = place};
  return HD_OK;
}

hd_status hd_node_scalar(hd_arena *arena, const char *text, hd_place place, hd_node **out) {
  char *copy;
  HD_TRY(hd_node_new(arena, HD_NODE_SCALAR, place, out));
  HD_TRY(hd_arena_text(arena, text, strlen(text), &copy));
  (*out)->text = copy;
  return HD_OK;
}

hd_status hd_node_clone(hd_arena *arena, const hd_node *node, hd_node **out) {
  HD_TRY(hd_node_new(arena, node->kind, node->place, out));
  **out = *node;
  (*out)->next = NULL;
  return HD_OK;
}

hd_status hd_node_copy(hd_arena *arena, const hd_node *node, hd_node **out) {
  HD_TRY(hd_node_clone(arena, node, out));
  (*out)->child = (*out)->last = NULL;
  (*out)->count = 0;
  for (const hd_node *c = node->child; c; c = c->next) {
    hd_node *copy;
    HD_TRY(hd_node_copy(arena, c, &copy));
    hd_node_add(*out, copy);
  }
  return HD_OK;
}

hd_status hd_node_wrap(hd_arena *arena, const hd_node *value, const char *key, hd_node **map) {
  hd_node *child;
  HD_TRY(hd_node_new(arena, HD_NODE_MAP, value->place, map));
  HD_TRY(hd_node_clone(arena, value, &child));
  (*map)->key = value->key;
  (*map)->key_place = value->key_place;
  child->key = key;
  child->key_place = value->place;
  hd_node_add(*map, child);
  return HD_OK;
}

void hd_node_add(hd_node *parent, hd_node *child) {
  child->next = NULL;
  if (parent->last) parent->last->next = child;
  else parent->child = child;
  parent->last = child;
  parent->count++;
}

void hd_node_drop(hd_node *map, const char *key) {
  hd_node *before = NULL, *c = map->child;
  while (c && strcmp(c->key, key)) before = c, c = c->next;
  if (!c) return;
  if (before) before->next = c->next;
  else map->child = c->next;
  if (map->last == c) map->last = before;
  map->count--;
}

hd_node *hd_node_get_n(const hd_node *map, const char *key, size_t length) {
  if (!map || map->kind != HD_NODE_MAP) return NULL;
  for (hd_node *c = map->child; c; c = c->next)
    if (!strncmp(c->key, key, length) && !c->key[length]) return c;
  return NULL;
}

hd_node *hd_node_get(const hd_node *map, const char *key) { return hd_node_get_n(map, key, strlen(key)); }

hd_node *hd_node_at(const hd_node *list, int64_t index) {
  if (!list || list->kind != HD_NODE_LIST || index < 0) return NULL;
  hd_node *c = list->child;
  while (c && index--) c = c->next;
  return c;
}

const char *hd_path_step(const char *path, hd_step_of_path *step) {
  *step = (hd_step_of_path){.key = path, .index = -1};
  if (*path == '.') step->key = ++path;
  if (!*path) return NULL;
  if (*path == '[') {
    char *end;
    step->length = (size_t)strcspn(path, "]");
    if (path[1] < '0' || path[1] > '9') return step->length = 0, path;
    step->index = strtoll(path + 1, &end, 10);
    if (*end != ']') return step->length = 0, path;
    step->length++;
    return end + 1;
  }
  step->length = strcspn(path, ".[");
  return path + step->length;
}

hd_node *hd_node_find(const hd_node *root, const char *path) {
  hd_step_of_path step;
  hd_node *at = NULL;
  for (const char *rest = path; root && (rest = hd_path_step(rest, &step)); root = at) {
    if (!step.length) return NULL;
    at = step.index >= 0 ? hd_node_at(root, step.index) : hd_node_get_n(root, step.key, step.length);
    if (!at) return NULL;
  }
  return at;
}
