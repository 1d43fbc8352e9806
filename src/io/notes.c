/* Notes: kept in an arena of their own, sorted when first read. Text for people and JSON are in notes_print.c. */
#include "io/notes_list.h"

#include "base/ctx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 2000, MESSAGE = 1024 };

hd_status hd_notes_new(hd_ctx *ctx, hd_notes **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_notes), &memory));
  *out = memory;
  (*out)->ctx = ctx;
  hd_arena_init(&(*out)->arena, ctx);
  return HD_OK;
}

void hd_notes_free(hd_notes *notes) {
  if (!notes) return;
  hd_memory_give(notes->ctx, notes->note, notes->room * sizeof *notes->note);
  hd_arena_free(&notes->arena);
  hd_memory_give(notes->ctx, notes, sizeof *notes);
}

void hd_notes_clear(hd_notes *notes) {
  hd_arena_reset(&notes->arena);
  *notes = (hd_notes){.ctx = notes->ctx, .arena = notes->arena, .note = notes->note, .room = notes->room};
}

hd_arena *hd_notes_arena(hd_notes *notes) { return &notes->arena; }

hd_note_path hd_notes_path(const char *fmt, ...) {
  hd_note_path path;
  va_list args;
  va_start(args, fmt);
  vsnprintf(path.text, sizeof path.text, fmt, args);
  va_end(args);
  return path;
}

hd_place hd_notes_place(const hd_notes *notes, const char *path) {
  const hd_node *node = notes->root ? hd_node_find(notes->root, path) : NULL;
  return node ? node->place : (hd_place){0};
}

void hd_notes_root(hd_notes *notes, const hd_node *root) { notes->root = root; }

static const char *keep(hd_notes *notes, const char *text) {
  char *copy = NULL;
  if (text && hd_arena_text(&notes->arena, text, strlen(text), &copy) != HD_OK) notes->failed = true;
  return copy;
}

static bool same(const hd_note *a, const hd_note *b) {
  return a->level == b->level && a->place.source == b->place.source && a->place.line == b->place.line &&
         a->place.column == b->place.column && !strcmp(a->message, b->message);
}

static void add(hd_notes *notes, hd_note note) {
  void *at = notes->note;
  for (size_t i = 0; i < notes->kept; i++)
    if (note.level != HD_NOTE_FACT && same(&notes->note[i], &note)) return;
  notes->counted[note.level]++;
  if (notes->kept >= KEPT) return;
  if (hd_memory_grow(notes->ctx, &at, &notes->room, notes->kept + 1, sizeof *notes->note) != HD_OK) {
    notes->failed = true;
    return;
  }
  notes->note = at;
  notes->note[notes->kept] = note;
  notes->kept++;
  notes->sorted = false;
}

void hd_note_at_v(hd_notes *notes, hd_note_level level, hd_place place, const char *path, const char *hint,
                  const char *fmt, va_list args) {
  char message[MESSAGE];
  if (!notes) return;
  if (notes->kept >= KEPT) {
    notes->counted[level]++;
    return;
  }
  vsnprintf(message, sizeof message, fmt, args);
  hd_note note = {.level = level, .place = place, .message = message};
  for (size_t i = 0; i < notes->kept; i++)
    if (same(&notes->note[i], &note)) return;
  note.message = keep(notes, message);
  note.path = keep(notes, path);
  note.hint = keep(notes, hint);
  if (note.message) add(notes, note);
}

void hd_note_at(hd_notes *notes, hd_note_level level, hd_place place, const char *path, const char *hint,
                const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(notes, level, place, path, hint, fmt, args);
  va_end(args);
}

/* The value itself, or the key of the nearest group above that the tree has. */
static hd_place place_of(const hd_notes *notes, const char *path) {
  const hd_node *at = notes->root;
  hd_step_of_path step;
  if (!at) return (hd_place){0};
  for (const char *rest = path; path && (rest = hd_path_step(rest, &step)) && step.length;) {
    const hd_node *next = step.index >= 0 ? hd_node_at(at, step.index) : hd_node_get_n(at, step.key, step.length);
    if (!next) {
      if (at == notes->root) return hd_root_place(at);
      return at->kind == HD_NODE_SCALAR || !at->key ? at->place : at->key_place;
    }
    at = next;
  }
  return at == notes->root ? hd_root_place(at) : at->place;
}

void hd_error(hd_notes *notes, const char *path, const char *hint, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(notes, HD_NOTE_ERROR, place_of(notes, path), path, hint, fmt, args);
  va_end(args);
}

void hd_warning(hd_notes *notes, const char *path, const char *hint, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(notes, HD_NOTE_WARNING, place_of(notes, path), path, hint, fmt, args);
  va_end(args);
}

static void add_fact(hd_notes *notes, const char *name, const char *unit, double value, const char *text) {
  const char *message = keep(notes, text);
  if (!message) return;
  for (size_t i = 0; i < notes->kept; i++) { /* the newest value of a name */
    hd_note *old = &notes->note[i];
    if (old->level == HD_NOTE_FACT && !strcmp(old->name, name)) {
      old->value = value;
      old->unit = keep(notes, unit);
      old->message = message;
      return;
    }
  }
  hd_note note = {
      .level = HD_NOTE_FACT, .message = message, .name = keep(notes, name), .unit = keep(notes, unit), .value = value};
  if (note.name) add(notes, note);
}

void hd_fact(hd_notes *notes, const char *name, const char *unit, double value) {
  add_fact(notes, name, unit, value, "");
}

void hd_note_fact(hd_notes *notes, const char *name, const char *text) { add_fact(notes, name, "1", NAN, text); }

int64_t hd_notes_count(const hd_notes *notes, hd_note_level level) { return notes->counted[level]; }

/* Sources in the order: that of the root, then as they first appeared; notes without a place at the end. */
static int source_rank(const hd_notes *notes, const hd_source *source) {
  if (!source) return 1 << 30;
  if (notes->root && notes->root->place.source == source) return -1;
  for (size_t i = 0; i < notes->kept; i++)
    if (notes->note[i].place.source == source) return (int)i;
  return 0;
}

typedef struct ranked {
  hd_note note;
  int rank, arrived;
} ranked;

static int compare(const void *x, const void *y) {
  const ranked *a = x, *b = y;
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  if (a->note.level == HD_NOTE_FACT || b->note.level == HD_NOTE_FACT) return a->arrived - b->arrived;
  if (a->note.place.line != b->note.place.line) return a->note.place.line < b->note.place.line ? -1 : 1;
  if (a->note.place.column != b->note.place.column) return a->note.place.column < b->note.place.column ? -1 : 1;
  return a->arrived - b->arrived;
}

static void sort(hd_notes *notes) {
  void *memory;
  if (notes->sorted || !notes->kept) return;
  if (hd_arena_take(&notes->arena, notes->kept * sizeof(ranked), &memory) != HD_OK) {
    notes->failed = true; /* shown in the order of arrival */
    return;
  }
  ranked *list = memory;
  for (size_t i = 0; i < notes->kept; i++)
    list[i] = (ranked){notes->note[i], source_rank(notes, notes->note[i].place.source), (int)i};
  qsort(list, notes->kept, sizeof *list, compare);
  for (size_t i = 0; i < notes->kept; i++) notes->note[i] = list[i].note;
  notes->sorted = true;
}

const hd_note *hd_notes_get(hd_notes *notes, hd_note_level level, int64_t index) {
  sort(notes);
  for (size_t i = 0; i < notes->kept; i++)
    if (notes->note[i].level == level && index-- == 0) return &notes->note[i];
  return NULL;
}

hd_status hd_notes_status(hd_notes *notes) {
  hd_text text;
  if (notes->failed) return hd_raise(notes->ctx, HD_ERR_MEMORY, "out of memory while noting errors");
  if (!notes->counted[HD_NOTE_ERROR]) return HD_OK;
  hd_text_init(&text, notes->ctx);
  hd_notes_print(&text, notes, HD_NOTE_ERROR);
  size_t length = text.length;
  while (length && text.at[length - 1] == '\n') text.at[--length] = 0;
  hd_status status = hd_raise(notes->ctx, HD_ERR_INPUT, "%s", hd_text_of(&text));
  hd_text_free(&text);
  return status;
}
