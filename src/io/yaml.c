/* libfyaml's events into nodes. Texts are looked at first (yaml_text.c), because libfyaml 0.7.12 can hang on bytes that
 * are no UTF-8. Marks are counted here from byte positions: columns in characters, lines by line feed. */
#include "io/yaml.h"

#include "base/ctx.h"
#include "io/name_set.h"
#include "io/yaml_text.h"

#include <libfyaml.h>
#include <string.h>

static const char *const too_deep = "no scenario needs that many: a bracket may not be closed";

typedef struct frame {
  hd_node *node;
  hd_node *key;      /* a map: the key whose value comes next (only key and key_place are set) */
  hd_name_set names; /* keys of a map */
  const char *anchor;
} frame;

typedef struct reader {
  hd_arena *arena;
  const hd_source *source;
  hd_notes *notes;
  size_t start; /* bytes of a byte order mark */
  size_t at;    /* where line and column stand */
  int32_t line, column;
  int64_t nodes;
  frame stack[HD_YAML_DEPTH];
  int depth, documents;
  hd_node *root;
  hd_name_set anchors;
  bool bad;
} reader;

/* Line and column of a byte; tokens come nearly in order, so this is a short walk. */
static void move_to(reader *r, size_t to) {
  if (to > r->source->size) to = r->source->size;
  if (to < r->at) { /* back, by at most a line or so */
    size_t line_begin = r->at;
    while (line_begin > to || (line_begin > 0 && r->source->text[line_begin - 1] != '\n')) {
      line_begin--;
      if (r->source->text[line_begin] == '\n') r->line--;
    }
    r->at = line_begin;
    r->column = 1;
  }
  for (; r->at < to; r->at++) {
    unsigned char byte = (unsigned char)r->source->text[r->at];
    if (byte == '\n') r->line++, r->column = 1;
    else if ((byte & 0xc0) != 0x80 && r->at >= r->start) r->column++;
  }
}

static hd_place place_at(reader *r, size_t from, size_t to) {
  move_to(r, from);
  hd_place place = {.source = r->source, .line = r->line, .column = r->column};
  for (size_t i = from; i < to && i < r->source->size && r->source->text[i] != '\n' && r->source->text[i] != '\r'; i++)
    place.width += ((unsigned char)r->source->text[i] & 0xc0) != 0x80;
  return place;
}

static hd_place place_of(reader *r, struct fy_token *token, struct fy_event *event) {
  const struct fy_mark *from = token ? fy_token_start_mark(token) : fy_event_start_mark(event);
  const struct fy_mark *to = token ? fy_token_end_mark(token) : NULL;
  size_t begin = from ? from->input_pos + r->start : r->at;
  return place_at(r, begin, to ? to->input_pos + r->start : begin + 1);
}

static void complain(reader *r, hd_place place, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);
static void complain(reader *r, hd_place place, const char *hint, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(r->notes, HD_NOTE_ERROR, place, NULL, hint, fmt, args);
  va_end(args);
  r->bad = true;
}

static hd_status token_text(reader *r, struct fy_token *token, char **text) {
  size_t length = 0;
  const char *at = token ? fy_token_get_text(token, &length) : "";
  return hd_arena_text(r->arena, at ? at : "", length, text);
}

static bool count_nodes(reader *r, int64_t more, hd_place place) {
  r->nodes += more;
  if (r->nodes <= HD_YAML_NODES) return true;
  complain(r, place, "long tables belong in CSV files", "more than %d values in one file", HD_YAML_NODES);
  return false;
}

/* A key: the node that follows gets it. */
static hd_status take_key(reader *r, frame *top, struct fy_event *event) {
  char *text;
  struct fy_token *token = event->type == FYET_SCALAR ? event->scalar.value : NULL;
  hd_place place = place_of(r, token, event);
  if (!token) {
    complain(r, place, "a key is a name: `name: value`", "a key that is not a name");
    return HD_OK;
  }
  HD_TRY(token_text(r, token, &text));
  if (!*text || strlen(text) > 200) {
    complain(r, place, "a key is a name: `name: value`", *text ? "a key of more than 200 bytes" : "an empty key");
    return HD_OK;
  }
  hd_node *key;
  int64_t index;
  bool fresh;
  HD_TRY(hd_node_new(r->arena, HD_NODE_NULL, place, &key));
  key->key = text;
  key->key_place = place;
  HD_TRY(hd_name_set_add(&top->names, text, key, &index, &fresh));
  if (!fresh) {
    const hd_node *first = top->names.value[index];
    complain(r, place, "remove one of them", "%s is given twice, first in line %d", text, first->key_place.line);
  }
  top->key = key;
  return HD_OK;
}

static hd_status remember(reader *r, const char *anchor, hd_node *node) {
  int64_t index;
  bool fresh;
  if (!anchor) return HD_OK;
  HD_TRY(hd_name_set_add(&r->anchors, anchor, node, &index, &fresh));
  r->anchors.value[index] = node;
  return HD_OK;
}

/* Hangs a finished or just opened value into the tree. */
static void attach(reader *r, hd_node *node) {
  if (!r->depth) {
    r->root = node;
    return;
  }
  frame *top = &r->stack[r->depth - 1];
  if (top->node->kind == HD_NODE_MAP) {
    node->key = top->key->key;
    node->key_place = top->key->key_place;
    top->key = NULL;
  }
  hd_node_add(top->node, node);
}

static int64_t size_of(const hd_node *node) {
  int64_t n = 1;
  for (const hd_node *c = node->child; c; c = c->next) n += size_of(c);
  return n;
}

static int height_of(const hd_node *node) {
  int height = 0;
  for (const hd_node *c = node->child; c; c = c->next) {
    int h = height_of(c);
    if (h > height) height = h;
  }
  return height + 1;
}

static hd_status take_alias(reader *r, struct fy_event *event) {
  char *name;
  hd_node *copy;
  hd_place place = place_of(r, event->alias.anchor, event);
  place.column--; /* the star */
  place.width++;
  HD_TRY(token_text(r, event->alias.anchor, &name));
  int64_t index = hd_name_set_find(&r->anchors, name, strlen(name));
  const hd_node *node = index < 0 ? NULL : r->anchors.value[index];
  if (!node) {
    complain(r, place, "an alias *NAME copies a value that is marked &NAME above",
             "*%s names no anchor that is finished before here", name);
    return HD_OK;
  }
  if (!count_nodes(r, size_of(node), place)) return HD_OK;
  if (height_of(node) + r->depth > HD_YAML_DEPTH) {
    complain(r, place, too_deep, "nested more than %d levels deep", HD_YAML_DEPTH);
    return HD_OK;
  }
  HD_TRY(hd_node_copy(r->arena, node, &copy));
  copy->key = NULL;
  attach(r, copy);
  return HD_OK;
}

static bool is_null(const char *text) {
  return !*text || !strcmp(text, "~") || !strcmp(text, "null") || !strcmp(text, "Null") || !strcmp(text, "NULL");
}

static hd_status take_scalar(reader *r, struct fy_event *event) {
  struct fy_token *token = event->scalar.value;
  char *text, *anchor = NULL;
  hd_node *node;
  HD_TRY(token_text(r, token, &text));
  HD_TRY(hd_node_new(r->arena, HD_NODE_SCALAR, place_of(r, token, event), &node));
  node->quoted = token && fy_token_scalar_style(token) != FYSS_PLAIN;
  if (strlen(text) != (token ? fy_token_get_text_length(token) : 0))
    complain(r, node->place, "leave it out", "a text with a zero byte in it");
  if (!node->quoted && is_null(text)) node->kind = HD_NODE_NULL;
  else node->text = text;
  if (event->scalar.anchor) HD_TRY(token_text(r, event->scalar.anchor, &anchor));
  attach(r, node);
  return remember(r, anchor, node);
}

static hd_status open_group(reader *r, struct fy_event *event, hd_node_kind kind, struct fy_token *start,
                            struct fy_token *anchor) {
  hd_node *node;
  char *name = NULL;
  hd_place place = place_of(r, start, event);
  if (r->depth == HD_YAML_DEPTH) {
    complain(r, place, too_deep, "nested more than %d levels deep", HD_YAML_DEPTH);
    return HD_OK;
  }
  if (place.width < 1) place.width = 1;
  HD_TRY(hd_node_new(r->arena, kind, place, &node));
  if (anchor) HD_TRY(token_text(r, anchor, &name));
  attach(r, node);
  frame *top = &r->stack[r->depth++];
  *top = (frame){.node = node, .anchor = name};
  hd_name_set_init(&top->names, r->arena);
  return HD_OK;
}

static hd_status close_group(reader *r) {
  frame *top = &r->stack[--r->depth];
  return remember(r, top->anchor, top->node);
}

static struct fy_token *tag_of(struct fy_event *event) {
  if (event->type == FYET_SCALAR) return event->scalar.tag;
  if (event->type == FYET_MAPPING_START) return event->mapping_start.tag;
  return event->type == FYET_SEQUENCE_START ? event->sequence_start.tag : NULL;
}

static hd_status take_event(reader *r, struct fy_event *event) {
  frame *top = r->depth ? &r->stack[r->depth - 1] : NULL;
  bool value = event->type == FYET_SCALAR || event->type == FYET_ALIAS || event->type == FYET_MAPPING_START ||
               event->type == FYET_SEQUENCE_START;
  struct fy_token *tag = tag_of(event);
  if (event->type == FYET_DOCUMENT_START && r->documents++) {
    complain(r, place_of(r, NULL, event), "one file holds one scenario", "a second document begins here");
    return HD_OK;
  }
  if (tag) {
    complain(r, place_of(r, tag, event), "write the value without it", "tags are not used in scenarios");
    return HD_OK;
  }
  if (!value) {
    bool end = event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END;
    return end && r->depth ? close_group(r) : HD_OK;
  }
  if (top && top->node->kind == HD_NODE_MAP && !top->key) return take_key(r, top, event);
  hd_place here = place_of(r, NULL, event);
  if (!count_nodes(r, 1, here)) return HD_OK;
  switch (event->type) {
    case FYET_ALIAS: return take_alias(r, event);
    case FYET_MAPPING_START:
      return open_group(r, event, HD_NODE_MAP, event->mapping_start.mapping_start, event->mapping_start.anchor);
    case FYET_SEQUENCE_START:
      return open_group(r, event, HD_NODE_LIST, event->sequence_start.sequence_start, event->sequence_start.anchor);
    default: return take_scalar(r, event);
  }
}

/* What libfyaml has to say, at its line and column. */
static void take_diagnosis(reader *r, struct fy_diag *diag) {
  void *iterator = NULL;
  struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
  hd_place place = {.source = r->source, .line = r->line, .column = r->column, .width = 1};
  if (error && error->line > 0) {
    place.line = error->line;
    place.column = error->column > 0 ? error->column : 1;
  }
  const char *message = error && error->msg ? error->msg : "it cannot be read";
  complain(r, place, hd_yaml_way_out(r->source, &place, message), "this is not valid YAML: %s", message);
}

static hd_status read_events(reader *r, struct fy_parser *parser, struct fy_diag *diag) {
  struct fy_event *event;
  hd_status status = HD_OK;
  while (status == HD_OK && !r->bad && (event = fy_parser_parse(parser))) {
    bool end = event->type == FYET_STREAM_END;
    status = take_event(r, event);
    fy_parser_event_free(parser, event);
    if (end) return status;
  }
  if (status == HD_OK && !r->bad) take_diagnosis(r, diag);
  return status;
}

static hd_status parse_with(reader *r, struct fy_diag *diag) {
  const struct fy_parse_cfg config = {
      .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE | FYPCF_DISABLE_MMAP_OPT, .diag = diag};
  struct fy_parser *parser = fy_parser_create(&config);
  hd_status status = parser ? HD_OK : HD_ERR_MEMORY;
  if (parser && fy_parser_set_string(parser, r->source->text + r->start, r->source->size - r->start))
    status = HD_ERR_MEMORY;
  if (status) hd_raise(r->arena->ctx, status, "out of memory in the YAML reader");
  else status = read_events(r, parser, diag);
  if (parser) fy_parser_destroy(parser);
  return status;
}

static hd_status parse(reader *r) {
  struct fy_diag_cfg config;
  fy_diag_cfg_default(&config);
  config.fp = NULL;
  config.colorize = false;
  struct fy_diag *diag = fy_diag_create(&config);
  if (!diag) return hd_raise(r->arena->ctx, HD_ERR_MEMORY, "out of memory in the YAML reader");
  fy_diag_set_collect_errors(diag, true);
  hd_status status = parse_with(r, diag);
  fy_diag_destroy(diag);
  return status;
}

hd_status hd_yaml_parse(hd_arena *arena, const hd_source *source, hd_notes *notes, hd_node **root) {
  void *memory;
  *root = NULL;
  hd_place bad;
  const char *hint, *why = hd_yaml_text_fault(source, &bad, &hint);
  if (why) {
    hd_note_at(notes, HD_NOTE_ERROR, bad, NULL, hint, "%s", why);
    return HD_OK;
  }
  HD_TRY(hd_arena_take(arena, sizeof(reader), &memory));
  reader *r = memory;
  *r = (reader){.arena = arena, .source = source, .notes = notes, .line = 1, .column = 1};
  hd_name_set_init(&r->anchors, arena);
  if (source->size >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3)) r->start = 3;
  HD_TRY(parse(r));
  if (r->bad) return HD_OK;
  hd_place begin = {.source = source, .line = 1, .column = 1, .width = 1};
  if (!r->root || r->root->kind == HD_NODE_NULL) return hd_node_new(arena, HD_NODE_MAP, begin, root);
  *root = r->root;
  return HD_OK;
}

hd_status hd_yaml_text(hd_arena *arena, const char *name, const char *text, hd_notes *notes, hd_node **root) {
  void *memory;
  HD_TRY(hd_arena_take(arena, sizeof(hd_source), &memory));
  hd_source *source = memory;
  *source = (hd_source){.name = name, .folder = "", .text = text, .size = strlen(text)};
  return hd_yaml_parse(arena, source, notes, root);
}

hd_status hd_yaml_file(hd_arena *arena, const char *path, hd_notes *notes, const hd_source **source, hd_node **root) {
  char *text, folder[HD_PATH_ROOM], *kept;
  size_t size;
  void *memory;
  hd_ctx *ctx = arena->ctx;
  *source = NULL;
  *root = NULL;
  HD_TRY(hd_path_folder(ctx, path, folder, sizeof folder));
  if (!strcmp(folder, ".")) folder[0] = 0;
  HD_TRY(hd_file_read(ctx, path, HD_YAML_BYTES, &text, &size));
  hd_status status = hd_arena_text(arena, text, size, &kept);
  hd_memory_give(ctx, text, size + 1);
  HD_TRY(status);
  HD_TRY(hd_arena_take(arena, sizeof(hd_source), &memory));
  hd_source *s = memory;
  char *name, *in;
  HD_TRY(hd_arena_text(arena, path, strlen(path), &name));
  HD_TRY(hd_arena_text(arena, folder, strlen(folder), &in));
  *s = (hd_source){.name = name, .folder = in, .text = kept, .size = size};
  *source = s;
  return hd_yaml_parse(arena, s, notes, root);
}
