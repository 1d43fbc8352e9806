/* A CSV file as members: commas, quotes doubled inside quotes, a unit in brackets behind a path, lines that begin with # and
 * empty lines passed over. */
#include "study/members/columns.h"

#include "study/members/grammar_read.h"

#include <string.h>

enum { BYTES_MOST = 256 << 20 };

typedef struct reader {
  const hd_case *base;
  hd_arena *arena;
  const hd_source *source;
  const char *at;
  int32_t line;
  const char *line_start;
} reader;

static hd_place place_of(const reader *r, const char *from, const char *to) {
  int32_t column = 1, width = 0;
  for (const char *c = r->line_start; c < to; c++) {
    bool begins = ((unsigned char)*c & 0xc0) != 0x80;
    if (c < from) column += begins;
    else width += begins;
  }
  return (hd_place){.source = r->source, .line = r->line, .column = column, .width = width > 0 ? width : 1};
}

static bool at_end_of_line(const reader *r) { return !*r->at || *r->at == '\n' || *r->at == '\r'; }

/* The next cell, without the spaces around it. *more: a comma follows. */
static hd_status read_cell(reader *r, char **text, hd_place *place, bool *more) {
  while (*r->at == ' ' || *r->at == '\t') r->at++;
  const char *from = r->at;
  hd_text cell;
  hd_text_init(&cell, r->arena->ctx);
  if (*r->at == '"') {
    for (r->at++; *r->at && *r->at != '\n'; r->at++) {
      if (*r->at == '"' && r->at[1] != '"') break;
      if (*r->at == '"') r->at++;
      hd_text_add(&cell, r->at, 1);
    }
    if (*r->at == '"') r->at++;
    while (*r->at == ' ' || *r->at == '\t') r->at++;
    *place = place_of(r, from, r->at);
    if (*r->at != ',' && !at_end_of_line(r))
      hd_note_at(r->base->notes, HD_NOTE_ERROR, *place, NULL, NULL, "a quote ends inside a cell");
  } else {
    while (*r->at != ',' && !at_end_of_line(r)) r->at++;
    const char *to = r->at;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t')) to--;
    hd_text_add(&cell, from, (size_t)(to - from));
    *place = place_of(r, from, to);
  }
  while (*r->at != ',' && !at_end_of_line(r)) r->at++;
  *more = *r->at == ',';
  if (*more) r->at++;
  hd_status status = hd_text_status(&cell);
  if (status == HD_OK) status = hd_arena_text(r->arena, hd_text_of(&cell), cell.length, text);
  hd_text_free(&cell);
  return status;
}

/* Goes to the next line that says something; false: there is none. */
static bool next_line(reader *r) {
  for (;;) {
    while (*r->at && *r->at != '\n') r->at++;
    if (!*r->at) return false;
    r->line_start = ++r->at;
    r->line++;
    const char *c = r->at;
    while (*c == ' ' || *c == '\t' || *c == '\r') c++;
    if (*c && *c != '\n' && *c != '#') return true;
  }
}

static hd_status read_header(reader *r, hd_column *column, const char **unit, int64_t room, int64_t *columns) {
  hd_table tables[2];
  hd_grammar g = {r->arena, r->base->tree, r->base->solver, tables, 2, r->base->notes, NULL};
  hd_case_tables(r->base, tables);
  for (bool more = true; more;) {
    char *text;
    hd_place place;
    HD_TRY(read_cell(r, &text, &place, &more));
    if (*columns == room) return hd_raise(r->arena->ctx, HD_ERR_INPUT, "%s has too many columns", r->source->name);
    char *bracket = strchr(text, '['), *close = bracket ? strchr(bracket, ']') : NULL;
    unit[*columns] = NULL;
    if (bracket && close && !close[1]) { /* a path's own brackets hold digits */
      bool digits = strspn(bracket + 1, "0123456789") == (size_t)(close - bracket - 1);
      if (!digits) {
        *bracket = *close = 0;
        unit[*columns] = bracket + 1;
        while (bracket > text && bracket[-1] == ' ') *--bracket = 0;
      }
    }
    column[*columns] = (hd_column){.path = text, .param = hd_grammar_param(&g, text, place), .from = HD_COLUMN_VALUES};
    for (int64_t k = 0; k < *columns; k++)
      if (!strcmp(column[k].path, text))
        hd_note_at(r->base->notes, HD_NOTE_ERROR, place, NULL, NULL, "%s stands twice", text);
    ++*columns;
  }
  return HD_OK;
}

static hd_status read_row(reader *r, hd_column *column, const char *const *unit, int64_t columns, int64_t row) {
  bool more = true;
  for (int64_t k = 0; k < columns; k++) {
    char *text;
    hd_place place = place_of(r, r->at, r->at);
    hd_node *node;
    hd_text whole;
    if (!more) {
      hd_note_at(r->base->notes, HD_NOTE_ERROR, place, NULL, NULL, "the row has %lld cells, the header %lld",
                 (long long)k, (long long)columns);
      return HD_OK;
    }
    HD_TRY(read_cell(r, &text, &place, &more));
    if (!*text) hd_note_at(r->base->notes, HD_NOTE_ERROR, place, NULL, NULL, "%s: an empty cell", column[k].path);
    hd_text_init(&whole, r->arena->ctx);
    hd_print(&whole, unit[k] ? "%s %s" : "%s", text, unit[k]);
    hd_status status = hd_text_status(&whole);
    if (status == HD_OK) status = hd_node_scalar(r->arena, hd_text_of(&whole), place, &node);
    hd_text_free(&whole);
    HD_TRY(status);
    column[k].node[row] = node;
  }
  if (more)
    hd_note_at(r->base->notes, HD_NOTE_ERROR, place_of(r, r->at, r->at), NULL, NULL,
               "the row has more cells than the header");
  return HD_OK;
}

static hd_status read_all(reader *r, hd_column *column, int64_t room, int64_t *columns, int64_t *rows) {
  const char *unit[256];
  int64_t lines = 0;
  const char *c = r->at;
  while (*c == ' ' || *c == '\t' || *c == '\r') c++;
  bool there = *c && *c != '\n' && *c != '#';
  if (!there) there = next_line(r);
  if (!there) return hd_raise(r->arena->ctx, HD_ERR_INPUT, "%s holds no members", r->source->name);
  HD_TRY(read_header(r, column, unit, room < 256 ? room : 256, columns));
  HD_TRY(hd_notes_status(r->base->notes));
  for (reader ahead = *r; next_line(&ahead);) lines++;
  if (!lines) return hd_raise(r->arena->ctx, HD_ERR_INPUT, "%s has a header and no members", r->source->name);
  for (int64_t k = 0; k < *columns; k++) {
    void *nodes, *numbers;
    HD_TRY(hd_arena_take(r->arena, (size_t)lines * sizeof(hd_node *), &nodes));
    HD_TRY(hd_arena_take(r->arena, (size_t)lines * sizeof(double), &numbers));
    column[k].node = nodes;
    column[k].number = numbers;
    column[k].count = lines;
  }
  for (int64_t row = 0; row < lines && next_line(r); row++) HD_TRY(read_row(r, column, unit, *columns, row));
  *rows = lines;
  return hd_notes_status(r->base->notes);
}

hd_status hd_columns_of_file(const hd_case *base, hd_arena *arena, const char *file, hd_column *column, int64_t room,
                             int64_t *columns, int64_t *rows) {
  char *text, *kept, *name, folder[HD_PATH_ROOM], *kept_folder;
  void *memory;
  size_t size;
  *columns = 0;
  *rows = 1;
  HD_TRY(hd_file_read(base->ctx, file, BYTES_MOST, &text, &size));
  hd_status status = hd_arena_text(arena, text, size, &kept);
  hd_memory_give(base->ctx, text, size + 1);
  HD_TRY(status);
  HD_TRY(hd_arena_text(arena, file, strlen(file), &name));
  HD_TRY(hd_path_folder(base->ctx, file, folder, sizeof folder));
  HD_TRY(hd_arena_text(arena, folder, strlen(folder), &kept_folder));
  HD_TRY(hd_arena_take(arena, sizeof(hd_source), &memory));
  hd_source *source = memory;
  *source = (hd_source){.name = name, .folder = kept_folder, .text = kept, .size = size};
  reader r = {.base = base, .arena = arena, .source = source, .at = kept, .line = 1, .line_start = kept};
  return read_all(&r, column, room, columns, rows);
}
