/* {name} in arguments, settings and templates; the parameters as JSON; a line split into words. Nothing of a value is ever
 * read again: braces, quotes, newlines and $( ) in it reach the program as they are. */
#include "solvers/command/command.h"

#include "base/number.h"
#include "io/notes.h"

#include <stdio.h>
#include <string.h>

static const char ends_a_name[] = ".[]{}@,:\"'\\/$()<>|&;=*?! \t\r\n";

/* The name that begins at `at` and ends with `closing`; 0: there is none. */
static size_t name_length(const char *at, const char *closing) {
  size_t n = strcspn(at, ends_a_name);
  return n && *at != '-' && !strncmp(at + n, closing, strlen(closing)) ? n : 0;
}

bool command_is_name(const char *name) { return name_length(name, "") == strlen(name) && *name; }

bool command_next(const char **at, command_braces braces, command_piece *piece) {
  const char *begin = *at, *p = begin;
  if (!*p) return false;
  for (; *p; p++) {
    bool doubled = p[0] == '{' && p[1] == '{';
    size_t n = p[0] != '{' ? 0 : doubled ? name_length(p + 2, "}}") : name_length(p + 1, "}");
    if (!n || (braces == COMMAND_DOUBLE && !doubled)) continue;
    if (p > begin) break; /* the text before it first */
    bool name = braces == COMMAND_DOUBLE || !doubled;
    *piece = (command_piece){p + (name && doubled ? 2 : 1), name ? n : n + 2, name};
    *at = p + n + (doubled ? 4 : 2);
    return true;
  }
  *piece = (command_piece){begin, (size_t)(p - begin), false};
  *at = p;
  return true;
}

const command_value *command_find(const command *c, const char *name, size_t length) {
  const command_value *values = c->parameters.item;
  for (int64_t i = 0; i < c->parameters.count; i++)
    if (strlen(c->parameters.name[i]) == length && !memcmp(c->parameters.name[i], name, length)) return &values[i];
  return NULL;
}

static bool is_seed(const char *name, size_t length) { return length == 4 && !memcmp(name, "seed", 4); }

bool command_unknown(const command *c, const char *text, command_braces braces, command_piece *unknown) {
  while (command_next(&text, braces, unknown))
    if (unknown->name && !is_seed(unknown->at, unknown->length) && !command_find(c, unknown->at, unknown->length))
      return true;
  return false;
}

static void print_value(const command_value *v, hd_text *out) {
  char number[HD_NUMBER_ROOM];
  switch ((command_form)v->form) {
    case COMMAND_TEXT: hd_text_add(out, v->text, strlen(v->text)); break;
    case COMMAND_WHOLE: hd_print(out, "%lld", (long long)v->whole); break;
    case COMMAND_REAL: hd_text_add(out, number, hd_number_print(v->real, number)); break;
    case COMMAND_TRUTH: hd_print(out, "%s", v->truth ? "true" : "false"); break;
  }
}

void command_fill(const command *c, uint64_t seed, const char *text, command_braces braces, hd_text *out) {
  command_piece piece;
  while (command_next(&text, braces, &piece)) {
    const command_value *value = piece.name ? command_find(c, piece.at, piece.length) : NULL;
    if (value) print_value(value, out);
    else if (piece.name && is_seed(piece.at, piece.length)) hd_print(out, "%llu", (unsigned long long)seed);
    else hd_text_add(out, piece.at, piece.length);
  }
}

void command_json(const command *c, uint64_t seed, hd_text *out) {
  const command_value *values = c->parameters.item;
  hd_print(out, "{\"seed\": %llu", (unsigned long long)seed);
  for (int64_t i = 0; i < c->parameters.count; i++) {
    hd_print(out, ", ");
    hd_json_text(out, c->parameters.name[i]);
    hd_print(out, ": ");
    if (values[i].form == COMMAND_TEXT) hd_json_text(out, values[i].text);
    else print_value(&values[i], out);
  }
  hd_print(out, "}\n");
}

/* -- one line into words ---------------------------------------------------------------------------------------------------- */

/* Takes one word into `to`, which is long enough; false: a quote is open. */
static bool take_word(const char **at, char *to) {
  const char *p = *at;
  char quote = 0;
  for (; *p && (quote || !strchr(" \t\r\n", *p)); p++) {
    if (quote ? *p == quote : *p == '"' || *p == '\'') quote = quote ? 0 : *p;
    else {
      bool escape = *p == '\\' && p[1] && quote != '\'' && (!quote || strchr("\"\\", p[1]));
      if (escape) p++;
      *to++ = *p;
    }
  }
  *to = 0;
  *at = p;
  return !quote;
}

hd_status command_split(hd_arena *arena, const char *line, const char *const **word, int64_t *words,
                        const char **wrong) {
  void *list;
  char *to;
  size_t length = strlen(line);
  *words = 0;
  *wrong = NULL;
  HD_TRY(hd_arena_take(arena, (length / 2 + 2) * sizeof(char *), &list));
  HD_TRY(hd_arena_text(arena, line, length, &to));
  const char **into = list;
  *word = into;
  for (;; to += strlen(to) + 1) {
    line += strspn(line, " \t\r\n");
    if (!*line) return HD_OK;
    into[(*words)++] = to;
    if (!take_word(&line, to)) return *wrong = to, HD_OK;
  }
}
