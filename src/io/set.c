/* One value at a path, by the same rules as merging: --set, and the members of a study. Maps on the way are copied, so the
 * tree that was given stays as it is. */
#include "io/merge.h"

#include "base/ctx.h"
#include "io/spot.h"
#include "io/yaml.h"
#include "io/yaml_text.h"

#include <string.h>

enum { LAST_INDEX = 1 << 20 };

typedef struct setter {
  hd_arena *arena;
  hd_notes *notes;
  const char *path; /* the whole of it */
  hd_place place;   /* where its first character stands */
  bool exact;       /* the path itself stands in the source: mark the piece that is wrong */
  const hd_node *value;
  bool failed;
} setter;

static void complain(setter *s, const char *at, size_t length, const char *hint, const char *fmt, ...) HD_FORMAT(5, 6);
static void complain(setter *s, const char *at, size_t length, const char *hint, const char *fmt, ...) {
  va_list args;
  hd_place place = s->place;
  if (s->exact) {
    place.column += (int32_t)(at - s->path);
    place.width = (int32_t)length;
  }
  s->failed = true;
  va_start(args, fmt);
  hd_note_at_v(s->notes, HD_NOTE_ERROR, place, s->path, hint, fmt, args);
  va_end(args);
}

static hd_status set(setter *s, const hd_spot *spot, const hd_node *node, const char *rest, hd_node **out);

/* A map to set a key in: the node itself, or what a scalar stands for. */
static hd_status as_map(setter *s, const hd_spot *spot, const hd_node *node, hd_node **map) {
  const char *key = NULL;
  if (node && node->kind == HD_NODE_MAP) return hd_node_clone(s->arena, node, map);
  hd_spot own = node ? hd_spot_resolve(spot, node) : *spot;
  if (node && node->kind == HD_NODE_SCALAR && own.p && own.p->kind == HD_VARIANT) key = own.p->of;
  for (int t = 0; t < spot->n && node && node->kind == HD_NODE_SCALAR; t++)
    for (const hd_param *p = spot->list[t]; !hd_param_end(p); p++)
      if (p->flags & HD_BARE) key = p->key;
  if (key) return hd_node_wrap(s->arena, node, key, map);
  HD_TRY(hd_node_new(s->arena, HD_NODE_MAP, node ? node->place : s->value->place, map));
  if (node) {
    (*map)->key = node->key;
    (*map)->key_place = node->key_place;
  }
  return HD_OK;
}

static bool excludes(const hd_param *p, const char *key) {
  size_t n = strlen(key);
  for (const char *at = p ? p->instead : NULL; at && *at; at += strspn(at, " ")) {
    size_t length = strcspn(at, " ");
    if (length == n && !memcmp(at, key, n)) return true;
    at += length;
  }
  return false;
}

static hd_status set_key(setter *s, const hd_spot *spot, const hd_node *node, const hd_step_of_path *step,
                         const char *after, hd_node **out) {
  hd_node *map, *child;
  char *key;
  bool done = false, removes = !*after && s->value->kind == HD_NODE_NULL;
  HD_TRY(as_map(s, spot, node, &map));
  hd_spot below = hd_spot_key(spot, map, step->key, step->length);
  const hd_node *first = map->child;
  map->child = map->last = NULL;
  map->count = 0;
  for (const hd_node *c = first; c; c = c->next) {
    bool here = !strncmp(c->key, step->key, step->length) && !c->key[step->length];
    if (!here && !removes && excludes(below.p, c->key)) continue;
    if (here) {
      HD_TRY(set(s, &below, c, after, &child));
      child->key = c->key;
      child->key_place = *after ? c->key_place : s->value->key_place;
      done = true;
    } else HD_TRY(hd_node_clone(s->arena, c, &child));
    hd_node_add(map, child);
  }
  if (!done) {
    HD_TRY(set(s, &below, NULL, after, &child));
    HD_TRY(hd_arena_text(s->arena, step->key, step->length, &key));
    child->key = key;
    child->key_place = s->value->key_place;
    if (s->exact) {
      child->key_place.column = s->place.column + (int32_t)(step->key - s->path);
      child->key_place.width = (int32_t)step->length;
    }
    hd_node_add(map, child);
  }
  *out = map;
  return HD_OK;
}

static hd_status set_item(setter *s, const hd_spot *spot, const hd_node *node, const hd_step_of_path *step,
                          const char *after, hd_node **out) {
  hd_node *list, *child;
  hd_spot below = hd_spot_item(spot);
  int64_t i = 0, count = node && node->kind == HD_NODE_LIST ? node->count : 0;
  if (node && node->kind != HD_NODE_LIST && node->kind != HD_NODE_NULL) {
    complain(s, step->key, step->length, NULL, "%.*s is not a list", (int)(step->key - s->path), s->path);
    return hd_node_clone(s->arena, node, out);
  }
  HD_TRY(hd_node_new(s->arena, HD_NODE_LIST, node ? node->place : s->value->place, &list));
  if (step->index > count || step->index > LAST_INDEX)
    complain(s, step->key, step->length, "lists count from 0", "%.*s has %lld item%s", (int)(step->key - s->path),
             s->path, (long long)count, count == 1 ? "" : "s");
  for (const hd_node *c = count ? node->child : NULL; c; c = c->next, i++) {
    if (i == step->index) HD_TRY(set(s, &below, c, after, &child));
    else HD_TRY(hd_node_clone(s->arena, c, &child));
    hd_node_add(list, child);
  }
  if (step->index == count) {
    HD_TRY(set(s, &below, NULL, after, &child));
    hd_node_add(list, child);
  }
  if (node) list->key = node->key, list->key_place = node->key_place;
  *out = list;
  return HD_OK;
}

static hd_status set(setter *s, const hd_spot *spot, const hd_node *node, const char *rest, hd_node **out) {
  hd_step_of_path step;
  const char *after = hd_path_step(rest, &step);
  if (!after) {
    bool merge = node && node->kind == HD_NODE_MAP && s->value->kind == HD_NODE_MAP && spot->p;
    if (merge) return hd_node_merge_value(s->arena, spot->p, node, s->value, out);
    return hd_node_clone(s->arena, s->value, out);
  }
  if (!step.length) {
    complain(s, rest, strlen(rest) ? strlen(rest) : 1, "a path is written a.b[2].c", "this path cannot be read");
    return node ? hd_node_clone(s->arena, node, out) : hd_node_new(s->arena, HD_NODE_NULL, s->value->place, out);
  }
  if (step.index >= 0) return set_item(s, spot, node, &step, after, out);
  return set_key(s, spot, node, &step, after, out);
}

static hd_status put(setter *s, const hd_table *tables, int count, const hd_node *root, hd_node **out) {
  hd_node empty = {.kind = HD_NODE_MAP, .place = s->value->place};
  hd_spot spot = hd_spot_of_tables(tables, count);
  if (*s->path == '.' || *s->path == '[' || !*s->path || strstr(s->path, "..")) {
    complain(s, s->path, strlen(s->path), "a path is written a.b[2].c", "this path cannot be read");
    return root ? hd_node_clone(s->arena, root, out) : hd_node_clone(s->arena, &empty, out);
  }
  HD_TRY(set(s, &spot, root ? root : &empty, s->path, out));
  return HD_OK;
}

hd_status hd_node_put(hd_arena *arena, const hd_table *tables, int count, hd_notes *notes, const hd_node *root,
                      const char *path, const hd_node *value, hd_node **out) {
  setter s = {.arena = arena, .notes = notes, .path = path, .place = value->place, .value = value};
  return put(&s, tables, count, root, out);
}

/* All texts as one source, one in each line, so that each has a line of its own in messages. */
static hd_status make_source(hd_arena *arena, const char *const *texts, int count, hd_source **out) {
  hd_text all;
  void *memory;
  char *kept;
  hd_text_init(&all, arena->ctx);
  for (int i = 0; i < count; i++) hd_print(&all, "%s\n", texts[i]);
  hd_status status = hd_text_status(&all);
  if (status == HD_OK) status = hd_arena_text(arena, hd_text_of(&all), all.length, &kept);
  size_t size = all.length;
  hd_text_free(&all);
  HD_TRY(status);
  HD_TRY(hd_arena_take(arena, sizeof(hd_source), &memory));
  *out = memory;
  **out = (hd_source){.name = "--set", .folder = "", .text = kept, .size = size};
  return HD_OK;
}

static void move_marks(hd_node *node, const hd_source *source, int32_t line, int32_t columns) {
  hd_place *places[] = {&node->place, &node->key_place};
  for (int i = 0; i < 2; i++) {
    if (!places[i]->source) continue;
    places[i]->source = source;
    places[i]->column += columns;
    places[i]->line = line;
  }
  for (hd_node *c = node->child; c; c = c->next) move_marks(c, source, line, columns);
}

static int32_t characters(const char *from, size_t bytes) {
  int32_t n = 0;
  for (size_t i = 0; i < bytes; i++) n += ((unsigned char)from[i] & 0xc0) != 0x80;
  return n;
}

/* The value is read as YAML of its own, and its marks moved behind the equals sign. */
static hd_status read_value(hd_arena *arena, hd_notes *notes, const hd_source *all, int32_t line, const char *text,
                            const char *value, hd_node **out) {
  void *memory;
  hd_notes *own;
  int32_t skipped = characters(text, (size_t)(value - text));
  HD_TRY(hd_arena_take(arena, sizeof(hd_source), &memory));
  hd_source *source = memory;
  *source = (hd_source){.name = "--set", .folder = "", .text = value, .size = strlen(value)};
  HD_TRY(hd_notes_new(arena->ctx, &own));
  hd_status status = hd_yaml_parse(arena, source, own, out);
  for (int64_t i = 0; status == HD_OK && i < hd_notes_count(own, HD_NOTE_ERROR); i++) {
    const hd_note *note = hd_notes_get(own, HD_NOTE_ERROR, i);
    if (!note) break;
    hd_place place = {.source = all, .line = line, .column = note->place.column + skipped, .width = note->place.width};
    hd_note_at(notes, HD_NOTE_ERROR, place, NULL, note->hint, "%s", note->message);
  }
  hd_notes_free(own);
  HD_TRY(status);
  if (!*out) return HD_OK;
  bool empty = (*out)->kind == HD_NODE_MAP && !(*out)->count && !strchr(value, '{');
  if (empty) (*out)->kind = HD_NODE_NULL; /* nothing, null or ~ */
  move_marks(*out, all, line, skipped);
  (*out)->key_place = (hd_place){.source = all, .line = line, .column = 1, .width = skipped ? skipped - 1 : 1};
  return HD_OK;
}

static hd_status set_text(hd_arena *arena, const hd_table *tables, int count, hd_notes *notes, const hd_source *all,
                          int32_t line, const char *text, const hd_node *root, hd_node **out) {
  hd_place bad, place = {.source = all, .line = line, .column = 1, .width = (int32_t)strlen(text)};
  const char *equals = strchr(text, '=');
  const hd_source alone = {.name = "--set", .text = text, .size = strlen(text)};
  const char *hint, *fault = hd_yaml_text_fault(&alone, &bad, &hint);
  hd_node *value;
  char *path;
  HD_TRY(hd_node_clone(arena, root, out));
  if (!fault && strchr(text, '\n')) fault = "a line feed";
  if (fault || !equals || equals == text) {
    hd_note_at(notes, HD_NOTE_ERROR, place, NULL, "write --set road.cells=200", fault ? "%s" : "KEY=VALUE is expected",
               fault);
    return HD_OK;
  }
  HD_TRY(read_value(arena, notes, all, line, text, equals + 1, &value));
  if (!value) return HD_OK;
  HD_TRY(hd_arena_text(arena, text, (size_t)(equals - text), &path));
  setter s = {.arena = arena, .notes = notes, .path = path, .place = place, .exact = true, .value = value};
  return put(&s, tables, count, root, out);
}

hd_status hd_node_set(hd_arena *arena, const hd_table *tables, int count, hd_notes *notes, const hd_node *root,
                      const char *const *texts, int text_count, hd_node **out) {
  hd_source *all;
  const hd_node empty = {.kind = HD_NODE_MAP};
  HD_TRY(hd_node_clone(arena, root ? root : &empty, out));
  if (!text_count) return HD_OK;
  HD_TRY(make_source(arena, texts, text_count, &all));
  for (int i = 0; i < text_count; i++)
    HD_TRY(set_text(arena, tables, count, notes, all, (int32_t)i + 1, texts[i], *out, out));
  return HD_OK;
}
