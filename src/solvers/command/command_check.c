/* What can be known before the program runs: names, files, expressions, and which program it is. */
#include "solvers/command/command.h"

#include "base/ctx.h"
#include "base/nearest.h"
#include "base/number.h"
#include "io/notes.h"
#include "io/program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATE_MOST = 16 << 20, PATH_OF = 256 };

static const char *const *texts(const hd_items *items) { return items->item; }

/* -- names ---------------------------------------------------------------------------------------------------------------- */

/* `where`: file and line of a template; NULL: the text is in the scenario. */
static void note_unknown(const command *c, hd_notes *notes, const char *path, const char *where, command_piece name) {
  char hint[PATH_OF] = "parameters: {NAME: VALUE} makes one; {{NAME}} in run and environment is the plain text {NAME}";
  const char *open = where ? "{{" : "{", *close = where ? "}}" : "}";
  hd_nearest near;
  hd_nearest_begin(&near, name.at, name.length);
  for (int64_t i = 0; i < c->parameters.count; i++)
    hd_nearest_try(&near, c->parameters.name[i], strlen(c->parameters.name[i]));
  if (near.best) snprintf(hint, sizeof hint, "did you mean %s%.100s%s?", open, near.best, close);
  hd_error(notes, path, hint, "%s%s%.*s%s: there is no parameter '%.*s'", where ? where : "", open, (int)name.length,
           name.at, close, (int)name.length, name.at);
}

static void check_names(const command *c, hd_notes *notes, const char *path, const char *text) {
  command_piece unknown;
  if (command_unknown(c, text, COMMAND_SINGLE, &unknown)) note_unknown(c, notes, path, NULL, unknown);
}

static void check_parameters(const command *c, hd_notes *notes) {
  for (int64_t i = 0; i < c->parameters.count; i++) {
    char path[PATH_OF];
    snprintf(path, sizeof path, "parameters.%.200s", c->parameters.name[i]);
    if (!command_is_name(c->parameters.name[i]))
      hd_error(notes, path, "use letters, digits, _ and -", "'%s' cannot be a name: {%s} would be read as text",
               c->parameters.name[i], c->parameters.name[i]);
    if (!strcmp(c->parameters.name[i], "seed"))
      hd_error(notes, "parameters.seed", "write `seed: 7` beside `parameters`; {seed} and the JSON object have it",
               "seed is a key of every scenario, not a parameter of this program");
  }
  for (int64_t i = 0; i < c->environment.count; i++) {
    char path[PATH_OF];
    snprintf(path, sizeof path, "environment.%.200s", c->environment.name[i]);
    if (strchr(c->environment.name[i], '='))
      hd_error(notes, path, NULL, "'%s' cannot be the name of an environment variable", c->environment.name[i]);
    check_names(c, notes, path, texts(&c->environment)[i]);
  }
}

/* -- the program ------------------------------------------------------------------------------------------------------------ */

/* Absolute path of the folder that the value at `path` is relative to. */
static hd_status base_of(hd_notes *notes, const char *path, const char **out) {
  hd_place place = hd_notes_place(notes, path);
  const char *folder = place.source && place.source->folder && *place.source->folder ? place.source->folder : ".";
  char absolute[PATH_MAX], *kept;
  const char *found = realpath(folder, absolute);
  HD_TRY(hd_arena_text(hd_notes_arena(notes), found ? found : folder, strlen(found ? found : folder), &kept));
  *out = kept;
  return HD_OK;
}

static hd_status find_beside(command *c, hd_notes *notes, hd_ctx *ctx, const char *path) {
  const char *base;
  char whole[HD_PATH_ROOM], *kept;
  HD_TRY(base_of(notes, path, &base));
  HD_TRY(hd_path_join(ctx, base, c->word[0], whole, sizeof whole));
  if (!hd_file_exists(ctx, whole)) {
    hd_error(notes, path, "a path is relative to the file that it stands in", "there is no program %s", whole);
    return HD_OK;
  }
  HD_TRY(hd_arena_text(hd_notes_arena(notes), whole, strlen(whole), &kept));
  c->program = kept;
  return HD_OK;
}

static void find_on_path(const command *c, hd_notes *notes, hd_ctx *ctx, const char *path, char *out, size_t room) {
  if (hd_program_find(ctx, c->word[0], out, room)) return;
  snprintf(out, room, "%s", c->word[0]);
  hd_warning(notes, path, "install it, or name its file with a slash: ./model, /opt/tool/bin/model",
             "there is no program '%s' on PATH here: a run will fail", c->word[0]);
}

/* The fact `runs`: the command line as it will be given, not as a shell would read it. */
static hd_status say_program(const command *c, hd_notes *notes, hd_ctx *ctx, const char *path) {
  char found[HD_PATH_ROOM];
  hd_text line;
  hd_text_init(&line, ctx);
  if (c->program) snprintf(found, sizeof found, "%s", c->program);
  else find_on_path(c, notes, ctx, path, found, sizeof found);
  hd_print(&line, "%s", found);
  for (int64_t i = 1; i < c->words; i++) {
    bool plain = *c->word[i] && !strpbrk(c->word[i], " \t\n'\"");
    hd_print(&line, plain ? " %s" : " '%s'", c->word[i]);
  }
  hd_status status = hd_text_status(&line);
  if (status == HD_OK) hd_note_fact(notes, "runs", hd_text_of(&line));
  hd_text_free(&line);
  return status;
}

static hd_status check_run(command *c, hd_notes *notes, hd_ctx *ctx) {
  const char *wrong = NULL, *path = c->run_is_line ? "run" : "run[0]";
  c->word = texts(&c->run);
  c->words = c->run.count;
  if (c->run_is_line) HD_TRY(command_split(hd_notes_arena(notes), c->run_line, &c->word, &c->words, &wrong));
  if (wrong) {
    hd_error(notes, "run", "a list needs no quotes: run: [program, argument]", "a quote is not closed: %.60s", wrong);
    return HD_OK;
  }
  if (!c->words || !*c->word[0]) {
    hd_error(notes, "run", "run: [python3, model.py]", "run names no program");
    return HD_OK;
  }
  for (int64_t i = 0; i < c->words; i++) {
    char at[PATH_OF];
    snprintf(at, sizeof at, "run[%lld]", (long long)i);
    check_names(c, notes, c->run_is_line ? "run" : at, c->word[i]);
  }
  const char *first = c->word[0];
  command_piece piece;
  if (!command_next(&first, COMMAND_SINGLE, &piece) || piece.name || *first) {
    hd_error(notes, path, "parameters may stand in its arguments", "the program itself must be a plain text");
    return HD_OK;
  }
  if (strchr(c->word[0], '/')) HD_TRY(find_beside(c, notes, ctx, path));
  return say_program(c, notes, ctx, path);
}

/* -- files and templates ------------------------------------------------------------------------------------------------------ */

static const char *last_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Inside the folder where the program runs, and nowhere else. */
static bool stays_inside(const char *path) {
  if (!*path || *path == '/' || path[strlen(path) - 1] == '/') return false;
  for (const char *at = path; *at; at += *at == '/') {
    size_t n = strcspn(at, "/");
    if (n == 2 && !memcmp(at, "..", 2)) return false;
    at += n;
  }
  return true;
}

static hd_status check_template(const command *c, hd_notes *notes, hd_ctx *ctx, const command_template *t,
                                const char *path) {
  char at[PATH_OF], where[HD_PATH_ROOM + 32], *text;
  size_t size;
  command_piece unknown;
  snprintf(at, sizeof at, "%s.to", path);
  if (!stays_inside(t->to))
    hd_error(notes, at, "a name such as input.dat", "'%s' is not a file inside the folder where the program runs",
             t->to);
  HD_TRY(hd_file_read(ctx, t->from, TEMPLATE_MOST, &text, &size));
  if (strlen(text) != size) hd_error(notes, path, NULL, "%s is no text: it holds a zero byte", t->from);
  else if (command_unknown(c, text, COMMAND_DOUBLE, &unknown)) {
    int64_t line = 1;
    for (const char *p = text; p < unknown.at; p++) line += *p == '\n';
    snprintf(at, sizeof at, "%s.from", path);
    snprintf(where, sizeof where, "%s:%lld: ", t->from, (long long)line);
    note_unknown(c, notes, at, where, unknown);
  }
  hd_memory_give(ctx, text, size + 1);
  return HD_OK;
}

static hd_status check_files(command *c, hd_notes *notes, hd_ctx *ctx) {
  char path[PATH_OF];
  const char *const *file = texts(&c->files);
  c->template = c->templates_are_one == 1 ? &c->template_one : c->templates.item;
  c->template_count = c->templates_are_one == 1 ? 1 : c->templates_are_one == 0 ? c->templates.count : 0;
  for (int64_t i = 0; i < c->template_count; i++) {
    snprintf(path, sizeof path, c->templates_are_one == 1 ? "template" : "template[%lld]", (long long)i);
    HD_TRY(check_template(c, notes, ctx, &c->template[i], path));
  }
  for (int64_t i = 0; i < c->files.count && command_copies(c); i++)
    for (int64_t k = 0; k < i; k++)
      if (!strcmp(last_of(file[i]), last_of(file[k]))) {
        snprintf(path, sizeof path, "files[%lld]", (long long)i);
        hd_error(notes, path, "rename one of them", "two files are called %s: they are copied to one folder",
                 last_of(file[i]));
      }
  return HD_OK;
}

/* -- measures ------------------------------------------------------------------------------------------------------------------ */

static void check_measures(const command *c, hd_notes *notes) {
  char path[PATH_OF], wrong[200];
  int64_t row;
  bool fits;
  int kinds = (c->json != NULL) + (c->csv != NULL) + (c->patterns.count > 0);
  if (kinds > 1)
    hd_error(notes, "measures", "keep one of json, csv, pattern", "measures are read in one way, not in %d", kinds);
  if (c->row && strcmp(c->row, "last") && strcmp(c->row, "first") && (!hd_integer_read(c->row, &row, &fits) || row < 1))
    hd_error(notes, "measures.row", NULL, "row is '%s'; first, last or a number from 1 on is expected", c->row);
  if (c->names.count && !c->json && !c->csv)
    hd_error(notes, "measures.names", "the names of patterns stand before them", "names are for json and csv");
  for (int64_t i = 0; i < c->patterns.count; i++) {
    snprintf(path, sizeof path, "measures.pattern.%.200s", c->patterns.name[i]);
    const char *what = command_pattern_wrong(texts(&c->patterns)[i], wrong, sizeof wrong);
    if (what)
      hd_error(notes, path, "POSIX extended: [0-9] for a digit, \\( for a bracket", "not a regular expression: %s",
               what);
  }
}

hd_status command_check(void *params, hd_notes *notes) {
  command *c = params;
  hd_ctx *ctx = hd_notes_arena(notes)->ctx;
  if (c->folder) check_names(c, notes, "folder", c->folder);
  HD_TRY(base_of(notes, c->folder ? "folder" : "run", &c->base));
  check_parameters(c, notes);
  HD_TRY(check_run(c, notes, ctx));
  HD_TRY(check_files(c, notes, ctx));
  check_measures(c, notes);
  return HD_OK;
}
