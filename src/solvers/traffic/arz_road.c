/* The road of the predecessor's files: its cells, and its quality as a number, a list or a file. */
#include "solvers/traffic/arz.h"

#include "base/ctx.h"
#include "base/number.h"

#include <string.h>

static double position(const arz_writer *w, int64_t cell) {
  return w->start + (w->end - w->start) * ((double)cell / (double)w->cells);
}

/* Categories [count] as `quality:` text; the same text means the same road. */
static void put_stretches(arz_writer *w, const int64_t *category, int64_t count, hd_text *text) {
  bool uniform = true;
  for (int64_t i = 1; i < count; i++) uniform = uniform && category[i] == category[0];
  w->category = uniform ? category[0] : 0;
  if (uniform) {
    hd_print(text, "%lld", (long long)category[0]);
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    char from[HD_NUMBER_ROOM];
    if (i && category[i] == category[i - 1]) continue;
    hd_number_print(position(w, i), from);
    hd_print(text, "\n    - {from: %s m, category: %lld}", from, (long long)category[i]);
  }
}

static bool road_list(arz_writer *w, const hd_node *list, hd_text *text) {
  if (list->kind != HD_NODE_LIST || list->count != w->cells) {
    arz_wrong(&w->a, list, "give one category per cell", "%lld categories for %lld cells",
              list->kind == HD_NODE_LIST ? (long long)list->count : 0, (long long)w->cells);
    return false;
  }
  void *memory;
  if (!arz_right(&w->a, hd_arena_take(w->a.arena, (size_t)list->count * sizeof(int64_t), &memory))) return false;
  int64_t *category = memory, n = 0;
  bool right = true;
  for (const hd_node *child = list->child; child; child = child->next)
    right = arz_whole(&w->a, child, &category[n++]) && right;
  if (right) put_stretches(w, category, n, text);
  return right;
}

/* A file of the predecessor: beside the scenario, then in the working folder. */
static bool open_beside(arz_writer *w, const hd_node *name, hd_source *source) {
  char path[HD_PATH_ROOM], *text, *kept;
  size_t size;
  hd_ctx *ctx = w->a.ctx;
  if (!arz_right(&w->a, hd_path_join(ctx, w->a.folder, arz_text(name), path, sizeof path))) return false;
  if (!hd_file_exists(ctx, path) && !arz_right(&w->a, hd_path_join(ctx, "", arz_text(name), path, sizeof path)))
    return false;
  if (!hd_file_exists(ctx, path)) {
    arz_wrong(&w->a, name, NULL, "the file %s is neither beside the scenario nor in the working folder",
              arz_text(name));
    return false;
  }
  if (!arz_right(&w->a, hd_file_read(ctx, path, (size_t)1 << 28, &text, &size))) return false;
  *source = (hd_source){.folder = "", .size = size};
  bool right = arz_right(&w->a, hd_arena_text(w->a.arena, text, size, &kept));
  if (right) source->text = kept;
  hd_memory_give(ctx, text, size + 1);
  if (!right || !arz_right(&w->a, hd_arena_text(w->a.arena, path, strlen(path), &kept))) return false;
  source->name = kept;
  return true;
}

bool arz_whole_text(const char *first, const char *last, int64_t *value) {
  char digits[24] = "";
  bool fits;
  size_t length = (size_t)(last - first);
  if (length >= sizeof digits) return false;
  memcpy(digits, first, length);
  return hd_integer_read(digits, value, &fits) && fits;
}

/* What stands on a line before "#", without the spaces around it; false: nothing. */
static bool content(const char *at, const char *end, const char **first, const char **last) {
  const char *hash = memchr(at, '#', (size_t)(end - at));
  *first = at;
  *last = hash ? hash : end;
  while (*first < *last && (**first == ' ' || **first == '\t')) ++*first;
  while (*last > *first && ((*last)[-1] == ' ' || (*last)[-1] == '\t' || (*last)[-1] == '\r')) --*last;
  return *last > *first;
}

/* One whole number per line; one alone is the whole road. */
static bool road_file(arz_writer *w, const hd_node *name, hd_text *text) {
  void *memory;
  if (!arz_right(&w->a, hd_arena_take(w->a.arena, sizeof(hd_source), &memory))) return false;
  hd_source *source = memory;
  if (!open_beside(w, name, source)) return false;
  if (!arz_right(&w->a, hd_arena_take(w->a.arena, ((size_t)w->cells + 1) * sizeof(int64_t), &memory))) return false;
  int64_t *category = memory, n = 0;
  int32_t line = 1;
  for (const char *at = source->text, *end; *at && n <= w->cells; at = end + (*end == '\n'), line++) {
    const char *first, *last;
    end = at + strcspn(at, "\n");
    if (!content(at, end, &first, &last)) continue;
    if (arz_whole_text(first, last, &category[n++])) continue;
    hd_place place = {source, line, (int32_t)(first - at) + 1, (int32_t)(last - first)};
    hd_note_at(w->a.notes, HD_NOTE_ERROR, place, "import.arz", NULL, "'%.*s' is not one whole number",
               (int)(last - first), first);
    return false;
  }
  if (n == 1)
    for (; n < w->cells; n++) category[n] = category[0];
  if (n != w->cells) {
    arz_wrong(&w->a, name, "give one category per line and cell", "%s has %s%lld categories for %lld cells",
              source->name, n > w->cells ? "more than " : "", (long long)(n > w->cells ? w->cells : n),
              (long long)w->cells);
    return false;
  }
  put_stretches(w, category, n, text);
  return true;
}

static bool road_uniform(arz_writer *w, const hd_node *value, hd_text *text) {
  if (!arz_whole(&w->a, value, &w->category)) return false;
  hd_print(text, "%lld", (long long)w->category);
  return true;
}

/* road: {quality_type: ...} */
static bool road_group(arz_writer *w, hd_text *text) {
  const hd_node *type = arz_find(&w->a, "road.quality_type"), *value = arz_find(&w->a, "road.quality_value");
  const hd_node *values = arz_find(&w->a, "road.quality_values"), *file = arz_find(&w->a, "road.quality_file");
  const char *name = type ? arz_text(type) : "uniform";
  bool list = arz_is(name, "list"), from_file = arz_is(name, "from_file");
  if (!list && !from_file && !arz_is(name, "uniform")) {
    arz_wrong(&w->a, type, "known are uniform, list, from_file", "unknown quality_type '%s'", name);
    return false;
  }
  const hd_node *unused[3] = {list || from_file ? value : NULL, list ? NULL : values, from_file ? NULL : file};
  for (int i = 0; i < 3; i++)
    if (unused[i])
      arz_wrong(&w->a, unused[i], "remove it", "%s has no effect with quality_type %s", unused[i]->key, name);
  if ((list && !values) || (from_file && !file)) {
    arz_wrong(&w->a, type, NULL, "quality_type %s needs %s", name, list ? "quality_values" : "quality_file");
    return false;
  }
  if (list) return road_list(w, values, text);
  if (from_file) return road_file(w, file, text);
  if (value) return road_uniform(w, value, text);
  hd_print(text, "1"); /* the predecessor's default */
  w->category = 1;
  return true;
}

/* road_quality_definition: a number, a list, or the path of a file; road_quality: {type: uniform, R_uniform: 3} */
static bool road_old(arz_writer *w, const hd_node *definition, hd_text *text) {
  if (definition->kind == HD_NODE_LIST) return road_list(w, definition, text);
  if (definition->kind == HD_NODE_MAP) {
    const hd_node *type = hd_node_get(definition, "type"), *value = hd_node_get(definition, "R_uniform");
    if (value && arz_is(arz_text(type), "uniform")) return road_uniform(w, value, text);
    arz_wrong(&w->a, definition, "or give road: {quality_type: ...}",
              "road_quality is {type: uniform, R_uniform: CATEGORY}");
    return false;
  }
  const char *said = arz_text(definition);
  int64_t value;
  if (definition->quoted || !arz_whole_text(said, said + strlen(said), &value)) return road_file(w, definition, text);
  return road_uniform(w, definition, text);
}

static void quality(arz_writer *w) {
  static const char *const names[] = {"road", "road_quality_definition", "road_quality"};
  hd_text text[3];
  const hd_node *active = NULL;
  int chosen = -1;
  int64_t category = 1;
  for (int i = 0; i < 3; i++) {
    hd_text_init(&text[i], w->a.ctx);
    const hd_node *node = arz_find(&w->a, names[i]);
    if (!node) continue;
    if (i && w->a.compat) {
      arz_warn(&w->a, node, NULL, "%s is ignored, as the predecessor does", names[i]);
      continue;
    }
    if (!(i ? road_old(w, node, &text[i]) : road_group(w, &text[i]))) continue;
    if (chosen < 0) {
      chosen = i;
      active = node;
      category = w->category;
    } else if (strcmp(hd_text_of(&text[i]), hd_text_of(&text[chosen]))) {
      arz_wrong(&w->a, node, "remove one of them, or list it in import.arz.ignore",
                "%s is not the road that %s describes in %s, line %d", names[i], names[chosen],
                active->place.source ? active->place.source->name : "", active->place.line);
    }
  }
  w->category = category;
  hd_print(w->out, "  quality: %s\n", chosen < 0 ? "1" : hd_text_of(&text[chosen]));
  for (int i = 0; i < 3; i++) {
    arz_right(&w->a, hd_text_status(&text[i]));
    hd_text_free(&text[i]);
  }
}

void arz_road(arz_writer *w) {
  const int64_t most = INT64_C(1) << 31;
  const hd_node *n = arz_either(w, "grid.N", "N"), *low = arz_either(w, "grid.xmin", "xmin"),
                *high = arz_either(w, "grid.xmax", "xmax");
  const hd_node *old = arz_find(&w->a, "numerical.N");
  if (old && w->a.compat) arz_warn(&w->a, old, NULL, "numerical.N is ignored, as the predecessor does");
  else if (old && !n) n = old;
  else if (old) arz_either(w, arz_find(&w->a, "grid.N") ? "grid.N" : "N", "numerical.N");
  arz_required(w, n, "the number of cells, grid.N or N,");
  arz_required(w, low, "the begin of the road, grid.xmin or xmin,");
  arz_required(w, high, "the end of the road, grid.xmax or xmax,");
  if (!n || !low || !high || !arz_whole(&w->a, n, &w->cells) || !arz_number(&w->a, low, &w->start) ||
      !arz_number(&w->a, high, &w->end))
    return;
  bool cells = w->cells >= 1 && w->cells <= most, length = w->end > w->start;
  if (!cells) arz_wrong(&w->a, n, NULL, "%s cells are not between 1 and 2^31", arz_text(n));
  if (!length) arz_wrong(&w->a, high, NULL, "xmax %s is not beyond xmin %s", arz_text(high), arz_text(low));
  if (!cells || !length) return;
  hd_print(w->out, "road:\n  length: ");
  arz_put_number(w, w->end - w->start, "m");
  hd_print(w->out, "\n  start: ");
  arz_put_number(w, w->start, "m");
  hd_print(w->out, "\n  cells: %lld\n", (long long)w->cells);
  quality(w);
}
