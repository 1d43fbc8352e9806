/* Measures from what the program wrote: a JSON object, a row of a table, or regular expressions. */
#include "solvers/command/command.h"

#include "base/ctx.h"
#include "base/number.h"
#include "io/yaml.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { MEASURES_MOST = 500, FILE_MOST = 16 << 20, DEEPEST = 8 };

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* A whole number or decimal text; the words for not-a-number and infinity are not numbers, and *bad says so. */
static bool read_number(const char *text, size_t length, double *value, bool *bad) {
  static const char *const words[] = {"nan", "inf", "infinity"};
  char copy[64], *p = copy;
  while (length && is_blank(*text)) text++, length--;
  while (length && is_blank(text[length - 1])) length--;
  *bad = false;
  if (!length || length >= sizeof copy) return false;
  memcpy(copy, text, length);
  copy[length] = 0;
  if (*p == '+') p++;
  size_t used = hd_number_read(p, 0, value);
  if (used && !p[used]) return true;
  if (*p == '-') p++;
  for (char *q = p; *q; q++)
    if (*q >= 'A' && *q <= 'Z') *q = (char)(*q - 'A' + 'a');
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) *bad |= !strcmp(p, words[i]);
  return false;
}

/* -- the list ---------------------------------------------------------------------------------------------------------------- */

/* A name can be asked for in `measure` and stand in a result. */
static bool is_name(const char *name) {
  for (const char *p = name; *p; p++)
    if (*p == '@' || *p == '/' || (unsigned char)*p < 0x21 || *p == 0x7f) return false;
  return *name && strlen(name) < 100;
}

static bool is_kept(const command *c, const char *name) {
  const char *const *names = c->names.item;
  for (int64_t i = 0; i < c->names.count; i++)
    if (!strcmp(names[i], name)) return true;
  return !c->names.count;
}

static bool is_there(const command_measured *m, const char *name) {
  for (int64_t i = 0; i < m->count; i++)
    if (!strcmp(m->name[i], name)) return true;
  return false;
}

static hd_status add(hd_run *run, command_measured *m, const char *name, double value) {
  char *copy;
  if (!is_kept(run->params, name)) return HD_OK;
  if (!is_name(name)) {
    hd_warn(run, "the measure '%.100s' of the program is left out: a name has no space, no / and no @", name);
    return HD_OK;
  }
  if (is_there(m, name)) return hd_fail(run, HD_ERR_NUMERIC, "the program gave the measure '%s' twice", name);
  if (m->count >= MEASURES_MOST)
    return hd_fail(run, HD_ERR_NUMERIC, "the program gave more than %d measures; choose with measures.names",
                   MEASURES_MOST);
  HD_TRY(hd_arena_text(&m->arena, name, strlen(name), &copy));
  m->name[m->count] = copy;
  m->value[m->count++] = value;
  return HD_OK;
}

static hd_status not_a_number(hd_run *run, const char *name) {
  if (!is_kept(run->params, name)) return HD_OK;
  return hd_fail(run, HD_ERR_NUMERIC, "the program gave a measure '%.100s' that is not a number", name);
}

/* -- JSON ---------------------------------------------------------------------------------------------------------------------- */

static hd_status add_object(hd_run *run, command_measured *m, const hd_node *map, const char *before, int depth);

static hd_status add_value(hd_run *run, command_measured *m, const hd_node *node, const char *name, int depth) {
  double value;
  bool bad = false;
  if (node->kind == HD_NODE_MAP) return depth < DEEPEST ? add_object(run, m, node, name, depth + 1) : HD_OK;
  if (node->kind == HD_NODE_NULL) return add(run, m, name, (double)NAN); /* not defined here */
  if (node->kind != HD_NODE_SCALAR || node->quoted) return HD_OK;
  if (!strcmp(node->text, "true")) return add(run, m, name, 1);
  if (!strcmp(node->text, "false")) return add(run, m, name, 0);
  if (read_number(node->text, strlen(node->text), &value, &bad)) return add(run, m, name, value);
  return bad ? not_a_number(run, name) : HD_OK;
}

static hd_status add_object(hd_run *run, command_measured *m, const hd_node *map, const char *before, int depth) {
  char name[256];
  for (const hd_node *c = map->child; c; c = c->next) {
    int n = snprintf(name, sizeof name, "%s%s%s", before, *before ? "." : "", c->key);
    if (n > 0 && (size_t)n < sizeof name) HD_TRY(add_value(run, m, c, name, depth));
  }
  return HD_OK;
}

/* The whole text, or its last line that begins an object: programs talk before they answer. */
static const char *object_in(const char *text, size_t length) {
  const char *p = text + strspn(text, " \t\r\n"), *last = NULL;
  if (*p == '{') return p;
  for (p = text; p && p < text + length; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
    if (*p == '{') last = p;
  return last;
}

static hd_status read_json(hd_run *run, const char *what, const char *text, size_t length, command_measured *m) {
  const char *object = object_in(text, length);
  hd_notes *notes;
  hd_node *root = NULL;
  if (!object) return hd_fail(run, HD_ERR_NUMERIC, "there is no JSON object in %s of the program", what);
  const hd_source source = {.name = what, .text = object, .size = length - (size_t)(object - text)};
  HD_TRY(hd_notes_new(run->ctx, &notes));
  hd_status status = hd_yaml_parse(&m->arena, &source, notes, &root);
  if (status == HD_OK && (hd_notes_count(notes, HD_NOTE_ERROR) || !root || root->kind != HD_NODE_MAP)) {
    const hd_note *note = hd_notes_get(notes, HD_NOTE_ERROR, 0);
    status = hd_fail(run, HD_ERR_NUMERIC, "%s of the program is not JSON: line %d: %.300s", what,
                     note ? note->place.line : 1, note ? note->message : "an object is expected");
  }
  if (status == HD_OK && root) status = add_object(run, m, root, "", 0);
  hd_notes_free(notes);
  return status;
}

/* -- CSV ----------------------------------------------------------------------------------------------------------------------- */

typedef struct cell {
  const char *at;
  size_t length;
} cell;

/* The next cell of a line that ends at `end`; quotes around it are taken off. */
static bool next_cell(const char **at, const char *end, cell *out) {
  const char *p = *at;
  if (!p || p > end) return false;
  if (p < end && *p == '"') {
    const char *close = memchr(p + 1, '"', (size_t)(end - p - 1));
    if (close) {
      *out = (cell){p + 1, (size_t)(close - p - 1)};
      p = memchr(close, ',', (size_t)(end - close));
      *at = p ? p + 1 : NULL;
      return true;
    }
  }
  const char *comma = memchr(p, ',', (size_t)(end - p));
  *out = (cell){p, (size_t)((comma ? comma : end) - p)};
  *at = comma ? comma + 1 : NULL;
  return true;
}

/* The next line that is not empty; false: there is none. */
static bool next_line(const char **at, const char *end, cell *out) {
  while (*at < end) {
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    size_t n = (size_t)((stop ? stop : end) - *at);
    *out = (cell){*at, n};
    *at += n + (stop != NULL);
    while (out->length && is_blank(out->at[out->length - 1])) out->length--;
    if (out->length) return true;
  }
  return false;
}

/* "speed [m/s]" is the measure speed. */
static void name_of(cell header, char name[128]) {
  const char *unit = memchr(header.at, '[', header.length);
  if (unit) header.length = (size_t)(unit - header.at);
  while (header.length && is_blank(*header.at)) header.at++, header.length--;
  while (header.length && is_blank(header.at[header.length - 1])) header.length--;
  if (header.length > 127) header.length = 127;
  memcpy(name, header.at, header.length);
  name[header.length] = 0;
}

static bool find_row(const char *row, const char *at, const char *end, cell *line) {
  int64_t wanted = 0, number = 0;
  bool fits;
  if (!strcmp(row, "first")) wanted = 1;
  else if (strcmp(row, "last")) hd_integer_read(row, &wanted, &fits);
  while (next_line(&at, end, line))
    if (++number == wanted) return true;
  return !wanted && number > 0;
}

static hd_status read_csv(hd_run *run, const char *what, const char *text, size_t length, command_measured *m) {
  const command *c = run->params;
  const char *at = text, *end = text + length;
  cell header, line = {0}, head, body;
  if (!next_line(&at, end, &header)) return hd_fail(run, HD_ERR_NUMERIC, "%s of the program is empty", what);
  if (!find_row(c->row, at, end, &line))
    return hd_fail(run, HD_ERR_NUMERIC, "%s of the program has no row '%s' below its header", what, c->row);
  const char *names = header.at, *cells = line.at;
  while (next_cell(&names, header.at + header.length, &head)) {
    char name[128];
    double value = NAN;
    bool bad;
    name_of(head, name);
    if (!next_cell(&cells, line.at + line.length, &body))
      return hd_fail(run, HD_ERR_NUMERIC, "row '%s' in %s of the program ends before the column '%s'", c->row, what,
                     name);
    if (!body.length) HD_TRY(add(run, m, name, value)); /* an empty cell: not defined here */
    else if (read_number(body.at, body.length, &value, &bad)) HD_TRY(add(run, m, name, value));
    else if (bad) HD_TRY(not_a_number(run, name));
  }
  return HD_OK;
}

/* -- patterns -------------------------------------------------------------------------------------------------------------------- */

const char *command_pattern_wrong(const char *pattern, char *out, size_t room) {
  regex_t regex;
  int error = regcomp(&regex, pattern, REG_EXTENDED);
  if (!error) return regfree(&regex), NULL;
  regerror(error, &regex, out, room);
  return out;
}

/* The text of the last line that matches: its first ( ), or all that matched. The lines of `text` end with 0. */
static bool last_match(const regex_t *regex, const char *text, size_t length, cell *out) {
  bool found = false;
  for (const char *line = text; line < text + length; line += strlen(line) + 1) {
    regmatch_t part[2];
    if (regexec(regex, line, 2, part, 0)) continue;
    const regmatch_t *of = regex->re_nsub && part[1].rm_so >= 0 ? &part[1] : &part[0];
    *out = (cell){line + of->rm_so, (size_t)(of->rm_eo - of->rm_so)};
    found = true;
  }
  return found;
}

static hd_status read_pattern(hd_run *run, const char *what, const char *name, const char *pattern, const char *text,
                              size_t length, command_measured *m) {
  regex_t regex;
  cell match = {0};
  double value;
  bool bad;
  if (regcomp(&regex, pattern, REG_EXTENDED)) return hd_fail(run, HD_ERR_INPUT, "%s is no regular expression", pattern);
  bool found = last_match(&regex, text, length, &match);
  regfree(&regex);
  if (!found)
    return hd_fail(run, HD_ERR_NUMERIC, "measure '%s': no line in %s of the program matches %s", name, what, pattern);
  if (!read_number(match.at, match.length, &value, &bad))
    return hd_fail(run, HD_ERR_NUMERIC, "measure '%s': '%.*s' in %s of the program is not a number", name,
                   (int)(match.length < 60 ? match.length : 60), match.at, what);
  return add(run, m, name, value);
}

static hd_status read_patterns(hd_run *run, const char *what, const char *text, size_t length, command_measured *m) {
  const command *c = run->params;
  const char *const *pattern = c->patterns.item;
  void *memory;
  HD_TRY(hd_memory_take(run->ctx, length + 1, &memory));
  char *lines = memory;
  for (size_t i = 0; i < length; i++) lines[i] = text[i] == '\n' ? 0 : text[i];
  hd_status status = HD_OK;
  for (int64_t i = 0; status == HD_OK && i < c->patterns.count; i++)
    status = read_pattern(run, what, c->patterns.name[i], pattern[i], lines, length, m);
  hd_memory_give(run->ctx, memory, length + 1);
  return status;
}

/* -- whole ------------------------------------------------------------------------------------------------------------------------ */

typedef hd_status reader(hd_run *run, const char *what, const char *text, size_t length, command_measured *m);

static hd_status read_from(hd_run *run, reader *read, const char *from, const command_place *place,
                           const hd_text *output, command_measured *m) {
  char path[HD_PATH_ROOM], *text;
  size_t size;
  if (!strcmp(from, "stdout")) return read(run, "the output", hd_text_of(output), output->length, m);
  HD_TRY(hd_path_join(run->ctx, place->folder, from, path, sizeof path));
  if (!hd_file_exists(run->ctx, path))
    return hd_fail(run, HD_ERR_NUMERIC, "the program did not write the file %s, which measures are read from", from);
  hd_status status = hd_file_read(run->ctx, path, FILE_MOST, &text, &size);
  if (status == HD_ERR_INPUT)
    return hd_fail(run, HD_ERR_NUMERIC, "%s of the program is larger than the %d bytes that are read here", from,
                   FILE_MOST);
  HD_TRY(status);
  status = read(run, from, text, size, m);
  hd_memory_give(run->ctx, text, size + 1);
  return status;
}

static hd_status check_all_are_there(hd_run *run, const command_measured *m) {
  const command *c = run->params;
  const char *const *names = c->names.item;
  for (int64_t i = 0; i < c->names.count; i++)
    if (!is_there(m, names[i])) return hd_fail(run, HD_ERR_NUMERIC, "the program gave no measure '%s'", names[i]);
  return HD_OK;
}

hd_status command_measure(hd_run *run, const command_place *place, const hd_text *output, command_measured *m) {
  const command *c = run->params;
  void *names, *values, *first;
  HD_TRY(hd_arena_take(&m->arena, MEASURES_MOST * sizeof(char *), &names));
  HD_TRY(hd_arena_take(&m->arena, MEASURES_MOST * sizeof(double), &values));
  HD_TRY(hd_arena_take(&m->arena, (MEASURES_MOST + 1) * sizeof(int64_t), &first));
  m->name = names;
  m->value = values;
  m->first = first;
  for (int64_t i = 0; i <= MEASURES_MOST; i++) m->first[i] = i;
  if (c->json) HD_TRY(read_from(run, read_json, c->json, place, output, m));
  if (c->csv) HD_TRY(read_from(run, read_csv, c->csv, place, output, m));
  if (c->patterns.count) HD_TRY(read_from(run, read_patterns, c->from, place, output, m));
  return check_all_are_there(run, m);
}
