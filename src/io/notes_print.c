/* Notes as text with the line and a caret (design 6.4), and as JSON. */
#include "base/number.h"
#include "io/notes_list.h"
#include "io/yaml_text.h"

#include <string.h>

enum { SHOWN = 140 }; /* characters of a source line; a longer one is cut around the place */

static const char *line_start(const hd_source *source, int32_t line) {
  const char *at = source->text;
  for (int32_t n = 1; at && n < line; n++) {
    const char *feed = strchr(at, '\n');
    at = feed ? feed + 1 : NULL;
  }
  return at;
}

static bool continues(char byte) { return ((unsigned char)byte & 0xc0) == 0x80; }

/* Characters of a line; columns count these. */
static int32_t characters(const char *at, const char *end) {
  int32_t n = 0;
  for (; at < end; at++) n += !continues(*at);
  return n;
}

static const char *skip(const char *at, const char *end, int32_t n) {
  while (at < end && n > 0) {
    at++;
    while (at < end && continues(*at)) at++;
    n--;
  }
  return at;
}

static void add_plain(hd_text *out, const char *at, const char *end) {
  while (at < end) {
    int n = hd_utf8_length((const unsigned char *)at, (const unsigned char *)end);
    bool plain = n > 1 || (n && (unsigned char)*at >= ' ' && *at != 0x7f);
    hd_text_add(out, plain ? at : *at == '\t' ? " " : "?", plain ? (size_t)n : 1);
    at += n ? n : 1;
  }
}

static void print_source(hd_text *out, const hd_place *place) {
  const char *start = line_start(place->source, place->line);
  if (!start) return;
  const char *end = start + strcspn(start, "\r\n");
  int32_t length = characters(start, end), first = 0, column = place->column;
  if (column < 1 || column > length + 1) return;
  if (length > SHOWN && column > SHOWN / 2) first = column - SHOWN / 2;
  if (first > length - SHOWN) first = length > SHOWN ? length - SHOWN : 0;
  const char *from = skip(start, end, first), *to = skip(from, end, SHOWN);
  hd_print(out, "%5d | %s", place->line, first ? "..." : "");
  add_plain(out, from, to);
  hd_print(out, "%s\n", to < end ? "..." : "");
  int32_t before = column - 1 - first + (first ? 3 : 0), room = length - column + 1;
  int32_t width = place->width < 1 ? 1 : place->width;
  if (width > room) width = room > 0 ? room : 1;
  if (width > SHOWN) width = SHOWN;
  hd_print(out, "      | %*s", (int)before, "");
  for (int32_t i = 0; i < width; i++) hd_text_add(out, "^", 1);
  hd_text_add(out, "\n", 1);
}

static void print_note(hd_text *out, const hd_note *note) {
  static const char *const levels[] = {"error", "warning", "fact"};
  if (note->place.source) {
    hd_print(out, "%s:", note->place.source->name);
    if (note->place.line > 0) hd_print(out, "%d:%d:", note->place.line, note->place.column);
    hd_text_add(out, " ", 1);
  }
  hd_print(out, "%s: %s\n", levels[note->level], note->message);
  if (note->place.source && note->place.line > 0) print_source(out, &note->place);
  if (note->hint) hd_print(out, "  hint: %s\n", note->hint);
}

static void print_fact(hd_text *out, const hd_note *note) {
  char number[HD_NUMBER_ROOM];
  if (*note->message) {
    hd_print(out, "%s: %s\n", note->name, note->message);
    return;
  }
  hd_number_print(note->value, number);
  bool unit = note->unit && strcmp(note->unit, "1") && *note->unit;
  hd_print(out, "%s: %s%s%s\n", note->name, number, unit ? " " : "", unit ? note->unit : "");
}

void hd_notes_print(hd_text *out, hd_notes *notes, hd_note_level level) {
  const hd_note *note;
  int64_t shown = 0;
  for (; (note = hd_notes_get(notes, level, shown)); shown++) {
    if (level == HD_NOTE_FACT) print_fact(out, note);
    else if (shown < HD_NOTES_SHOWN) print_note(out, note);
    else break;
  }
  int64_t more = hd_notes_count(notes, level) - shown;
  if (more > 0) hd_print(out, "and %lld more\n", (long long)more);
}

static void json_note(hd_text *out, const hd_note *note) {
  hd_text_add(out, "{\"file\": ", 9);
  if (note->place.source) hd_json_text(out, note->place.source->name);
  else hd_text_add(out, "null", 4);
  if (note->place.source && note->place.line > 0)
    hd_print(out, ", \"line\": %d, \"column\": %d", note->place.line, note->place.column);
  else hd_print(out, ", \"line\": null, \"column\": null");
  hd_print(out, ", \"message\": ");
  hd_json_text(out, note->message);
  hd_print(out, ", \"hint\": ");
  if (note->hint) hd_json_text(out, note->hint);
  else hd_text_add(out, "null", 4);
  hd_text_add(out, "}", 1);
}

void hd_notes_print_json(hd_text *out, hd_notes *notes, hd_note_level level) {
  const hd_note *note;
  bool facts = level == HD_NOTE_FACT;
  hd_text_add(out, facts ? "{" : "[", 1);
  for (int64_t i = 0; (note = hd_notes_get(notes, level, i)); i++) {
    if (i) hd_text_add(out, ", ", 2);
    if (!facts) {
      json_note(out, note);
      continue;
    }
    hd_json_text(out, note->name);
    hd_print(out, ": {\"value\": ");
    if (*note->message) hd_json_text(out, note->message);
    else hd_json_number(out, note->value);
    hd_print(out, ", \"unit\": ");
    hd_json_text(out, note->unit ? note->unit : "1");
    hd_text_add(out, "}", 1);
  }
  hd_text_add(out, facts ? "}" : "]", 1);
}
