/* hd_read_table of heddle/solver.h: CSV with units in the header, "density [veh/km]" or "density (veh/km)".
 *
 * Fields are separated by commas, semicolons or tabs (the header decides) and may stand in quotes; empty lines and lines
 * that begin with # are passed over. A single column without unit needs no header. Every cell is one finite number. A
 * column with HD_ASKED may be absent (its array then has no rows); columns that nobody asked for are a warning.
 */
#include "base/ctx.h"
#include "base/number.h"
#include "base/units.h"
#include "io/notes_list.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 256, ENOUGH = 20 };
static const size_t largest = (size_t)1 << 30;

typedef struct table {
  hd_notes *notes;
  hd_ctx *ctx;
  const char *file, *text, *end, *line; /* line: begin of the present one */
  const hd_source *source;              /* made with the first error */
  int32_t number;                       /* of the present line */
  char separator;
  int wanted; /* columns asked for */
  const hd_field *column;
  int of[COLUMNS]; /* which column a field of the line belongs to, or -1 */
  int fields;
  hd_unit unit[COLUMNS]; /* of a field, as the header says; */
  hd_unit to[COLUMNS];   /* of a column */
  double *at[COLUMNS];
  size_t room[COLUMNS]; /* of a column, in numbers */
  int64_t rows;
  int64_t errors;
  hd_status status;
} table;

typedef struct cell {
  const char *at;
  size_t length;
  const char *from;
} cell; /* from: its first byte in the line */

/* The text is kept from the first note on, so that its line can be shown. */
static const hd_source *source_of(table *t) {
  void *memory;
  char *text, *name;
  if (t->source) return t->source;
  t->status = hd_arena_take(&t->notes->arena, sizeof(hd_source), &memory);
  if (t->status == HD_OK) t->status = hd_arena_text(&t->notes->arena, t->text, (size_t)(t->end - t->text), &text);
  if (t->status == HD_OK) t->status = hd_arena_text(&t->notes->arena, t->file, strlen(t->file), &name);
  if (t->status != HD_OK) return NULL;
  hd_source *source = memory;
  *source = (hd_source){.name = name, .folder = "", .text = text, .size = (size_t)(t->end - t->text)};
  return t->source = source;
}

static int32_t characters(const char *from, const char *to) {
  int32_t n = 0;
  for (; from < to; from++) n += ((unsigned char)*from & 0xc0) != 0x80;
  return n;
}

static void note(table *t, hd_note_level level, const cell *c, const char *hint, const char *fmt, ...) HD_FORMAT(5, 6);
static void note(table *t, hd_note_level level, const cell *c, const char *hint, const char *fmt, ...) {
  va_list args;
  hd_place place = {.source = source_of(t), .line = t->number, .column = 1, .width = 1};
  if (c) place.column = characters(t->line, c->from) + 1;
  if (c && c->length) place.width = characters(c->at, c->at + c->length);
  t->errors += level == HD_NOTE_ERROR;
  va_start(args, fmt);
  hd_note_at_v(t->notes, level, place, NULL, hint, fmt, args);
  va_end(args);
}

/* Cuts the next field off a line; false after the last. In quotes, "" is a quote: the number inside has none. */
static bool next_cell(const char **rest, const char *end, char separator, cell *c) {
  const char *at = *rest;
  if (!at) return false;
  while (at < end && *at == ' ') at++;
  c->from = at;
  bool quoted = at < end && *at == '"';
  if (quoted) {
    const char *close = at + 1;
    while (close < end && *close != '"') close++;
    *c = (cell){at + 1, (size_t)(close - at) - 1, at};
    at = close < end ? close + 1 : end;
    while (at < end && *at != separator) at++;
  } else {
    const char *start = at;
    while (at < end && *at != separator) at++;
    *c = (cell){start, (size_t)(at - start), start};
  }
  while (c->length && c->at[c->length - 1] == ' ') c->length--;
  *rest = at < end ? at + 1 : NULL;
  return true;
}

/* The next line that says something, without its end. */
static bool next_line(table *t, const char **next, const char **end) {
  while (*next < t->end) {
    t->line = *next;
    const char *feed = memchr(t->line, '\n', (size_t)(t->end - t->line));
    *end = feed ? feed : t->end;
    *next = feed ? feed + 1 : t->end;
    t->number++;
    if (*end > t->line && (*end)[-1] == '\r') --*end;
    const char *first = t->line;
    while (first < *end && *first == ' ') first++;
    if (first < *end && *first != '#') return true;
  }
  return false;
}

/* "density [veh/km]" into a name and a unit; false: the unit is no unit. */
static bool split_header(const cell *c, cell *name, char unit[64], bool *has_unit) {
  const char *open = NULL;
  for (size_t i = 0; i < c->length && !open; i++)
    if (c->at[i] == '[' || c->at[i] == '(') open = c->at + i;
  *name = *c;
  *has_unit = open != NULL;
  if (!open) return true;
  name->length = (size_t)(open - c->at);
  while (name->length && name->at[name->length - 1] == ' ') name->length--;
  const char *last = c->at + c->length - 1;
  if (*last != (*open == '[' ? ']' : ')')) return false;
  size_t n = (size_t)(last - open) - 1;
  if (n >= 64) return false;
  memcpy(unit, open + 1, n);
  unit[n] = 0;
  if (!strcmp(unit, "-")) unit[0] = 0;
  return true;
}

static int find_column(const table *t, const cell *name) {
  for (int i = 0; i < t->wanted; i++)
    if (strlen(t->column[i].name) == name->length && !memcmp(t->column[i].name, name->at, name->length)) return i;
  return -1;
}

static void take_header(table *t, const cell *c, int field) {
  char text[64] = "";
  cell name;
  bool has_unit;
  const char *at;
  hd_unit *unit = &t->unit[field];
  bool good = split_header(c, &name, text, &has_unit) && hd_unit_read(text, unit, &at);
  int column = t->of[field] = find_column(t, &name);
  if (column < 0) {
    note(t, HD_NOTE_WARNING, c, NULL, "column '%.*s' is not used", (int)(c->length < 80 ? c->length : 80), c->at);
    return;
  }
  const hd_field *wanted = &t->column[column];
  for (int i = 0; i < field; i++)
    if (t->of[i] == column) note(t, HD_NOTE_ERROR, c, NULL, "column %s is there twice", wanted->name);
  if (!good) note(t, HD_NOTE_ERROR, c, "write it as name [unit]", "the unit of column %s cannot be read", wanted->name);
  else if (!has_unit && !hd_unit_is_none(&t->to[column]))
    note(t, HD_NOTE_ERROR, c, "write it as name [unit]", "column %s has no unit; %s [%s] or the like is expected",
         wanted->name, wanted->name, wanted->unit);
  else if (!hd_unit_same_kind(unit, &t->to[column])) {
    const char *kind = hd_unit_kind(&t->to[column]);
    note(t, HD_NOTE_ERROR, c, NULL, "column %s is in '%s'; a %s such as %s is expected", wanted->name, text,
         kind ? kind : "unit", wanted->unit);
  }
}

static void check_columns(table *t) {
  for (int i = 0; i < t->wanted; i++) {
    bool found = false;
    for (int f = 0; f < t->fields; f++) found = found || t->of[f] == i;
    if (!found && !(t->column[i].flags & HD_ASKED))
      note(t, HD_NOTE_ERROR, NULL, t->column[i].doc, "column %s [%s] is missing", t->column[i].name, t->column[i].unit);
  }
}

static void read_header(table *t, const char *end) {
  cell c;
  const char *rest = t->line;
  size_t length = (size_t)(end - t->line);
  t->separator = memchr(t->line, ';', length)                                     ? ';'
                 : memchr(t->line, ',', length) || !memchr(t->line, '\t', length) ? ','
                                                                                  : '\t';
  while (next_cell(&rest, end, t->separator, &c)) {
    if (t->fields == COLUMNS) {
      note(t, HD_NOTE_ERROR, &c, NULL, "more than %d columns", COLUMNS);
      return;
    }
    take_header(t, &c, t->fields++);
  }
  check_columns(t);
}

static bool whole(hd_type type) { return type == HD_I64 || type == HD_I32 || type == HD_U8; }

static void take_number(table *t, const cell *c, int field) {
  char text[128];
  double value;
  int column = t->of[field];
  const char *name = t->column[column].name;
  if (!c->length) {
    note(t, HD_NOTE_ERROR, c, "every row has every number", "%s is missing", name);
    return;
  }
  size_t n = c->length < sizeof text - 1 ? c->length : sizeof text - 1;
  memcpy(text, c->at, n);
  text[n] = 0;
  bool number = hd_number_read(text, 0, &value) == c->length && isfinite(value);
  if (!number || (whole(t->column[column].type) && floor(value) != value)) {
    note(t, HD_NOTE_ERROR, c, NULL, "%s is '%.40s'; a %snumber is expected", name, text,
         whole(t->column[column].type) ? "whole " : "");
    return;
  }
  t->at[column][t->rows] = hd_unit_convert(value, &t->unit[field], &t->to[column]);
}

static hd_status make_room(table *t) {
  for (int i = 0; i < t->wanted; i++) {
    void *at = t->at[i];
    HD_TRY(hd_memory_grow(t->ctx, &at, &t->room[i], (size_t)t->rows + 1, sizeof(double)));
    t->at[i] = at;
  }
  return HD_OK;
}

static hd_status read_row(table *t, const char *end) {
  cell c;
  const char *rest = t->line;
  int field = 0;
  HD_TRY(make_room(t));
  for (; next_cell(&rest, end, t->separator, &c); field++)
    if (field < t->fields && t->of[field] >= 0) take_number(t, &c, field);
  if (field != t->fields)
    note(t, HD_NOTE_ERROR, NULL, NULL, "%d field%s in this line; %d %s expected", field, field == 1 ? "" : "s",
         t->fields, t->fields == 1 ? "is" : "are");
  t->rows++;
  return HD_OK;
}

static bool begins_with_number(const char *line, const char *end) {
  double value;
  char text[64];
  size_t n = (size_t)(end - line) < sizeof text - 1 ? (size_t)(end - line) : sizeof text - 1;
  memcpy(text, line, n);
  text[n] = 0;
  return hd_number_read(text + strspn(text, " \""), 0, &value) > 0;
}

static hd_status read_lines(table *t) {
  const char *next = t->text, *end;
  if (t->end - next >= 3 && !memcmp(next, "\xef\xbb\xbf", 3)) next += 3;
  bool header = true;
  while (t->errors < ENOUGH && t->status == HD_OK && next_line(t, &next, &end)) {
    if (memchr(t->line, 0, (size_t)(end - t->line))) {
      note(t, HD_NOTE_ERROR, NULL, NULL, "a zero byte: this is no text");
      break;
    }
    bool alone = header && t->wanted == 1 && hd_unit_is_none(&t->to[0]) && begins_with_number(t->line, end);
    if (alone) {
      t->separator = ',';
      t->fields = 1;
      t->unit[0] = t->to[0];
    } else if (header) {
      read_header(t, end);
      if (t->errors) break; /* rows mean nothing without it */
    }
    if (alone || !header) HD_TRY(read_row(t, end));
    header = false;
  }
  if (header && !t->errors) {
    t->number = 1;
    note(t, HD_NOTE_ERROR, NULL, NULL, "%s holds no table", t->file);
  }
  return t->status;
}

static bool has_column(const table *t, int column) {
  for (int f = 0; f < t->fields; f++)
    if (t->of[f] == column) return true;
  return false;
}

/* Into arrays that live as long as the notes. */
static hd_status hand_out(table *t, hd_array *out) {
  for (int i = 0; i < t->wanted; i++) {
    void *memory = NULL;
    int64_t rows = has_column(t, i) ? t->rows : 0;
    HD_TRY(hd_arena_take(&t->notes->arena, (size_t)(rows ? rows : 1) * sizeof(double), &memory));
    if (rows) memcpy(memory, t->at[i], (size_t)rows * sizeof(double));
    out[i] = (hd_array){.at = memory, .size = {rows}, .rank = 1, .unit = t->column[i].unit};
  }
  return HD_OK;
}

static hd_status read_table(table *t, hd_array *out) {
  const char *at;
  for (; t->column[t->wanted].name; t->wanted++) {
    if (t->wanted == COLUMNS || !hd_unit_read(t->column[t->wanted].unit, &t->to[t->wanted], &at))
      return hd_raise(t->ctx, HD_ERR_BUG, "column %s of a table: unit %s", t->column[t->wanted].name,
                      t->column[t->wanted].unit);
  }
  HD_TRY(read_lines(t));
  if (t->errors) return hd_raise(t->ctx, HD_ERR_INPUT, "%s has errors", t->file);
  return hand_out(t, out);
}

hd_status hd_read_table(hd_notes *notes, const char *file, const hd_field *columns, hd_array *out) {
  void *memory;
  char *text;
  size_t size;
  hd_ctx *ctx = notes->ctx;
  HD_TRY(hd_file_read(ctx, file, largest, &text, &size));
  hd_status status = hd_memory_take(ctx, sizeof(table), &memory);
  if (status == HD_OK) {
    table *t = memory;
    *t = (table){.notes = notes, .ctx = ctx, .file = file, .text = text, .end = text + size, .column = columns};
    status = read_table(t, out);
    for (int i = 0; i < t->wanted; i++) hd_memory_give(ctx, t->at[i], t->room[i] * sizeof(double));
    hd_memory_give(ctx, t, sizeof *t);
  }
  hd_memory_give(ctx, text, size + 1);
  return status;
}
