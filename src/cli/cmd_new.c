/* heddle new SOLVER: a scenario to begin with, the reference, the schema, or the import of another program's file. */
#include "cli/commands.h"
#include "io/decode.h"
#include "io/reference.h"
#include "io/yaml.h"

#include <string.h>

static int unknown_solver(const hd_solver_set *solvers, const char *name) {
  const char *names[CLI_MANY];
  const hd_solver *solver;
  int count = 0;
  for (int i = 0; (solver = hd_solver_set_at(solvers, i)) && count < CLI_MANY; i++) names[count++] = solver->name;
  const char *nearest = name ? cli_nearest(name, names, count) : NULL;
  if (name) cli_error("there is no solver '%s'", name);
  else cli_error("heddle new expects a solver");
  if (nearest) cli_hint("did you mean %s?", nearest);
  cli_say("solvers:");
  for (int i = 0; (solver = hd_solver_set_at(solvers, i)); i++) cli_say("  %-10s %s", solver->name, solver->doc);
  return hd_status_exit_code(HD_ERR_INPUT);
}

/* The format to read FILE with: --format, or the only one there is. */
static const hd_format *reader(const hd_solver *solver, const char *name) {
  const hd_format *only = NULL;
  for (const hd_format *f = solver->formats; f && f->name; f++) {
    if (!f->read) continue;
    if (name && !strcmp(f->name, name)) return f;
    if (name) continue;
    if (only) return NULL;
    only = f;
  }
  return only;
}

static int no_reader(const hd_solver *solver) {
  cli_error("which format? --format takes one of those that %s reads:", solver->name);
  for (const hd_format *f = solver->formats; f && f->name; f++)
    if (f->read) cli_say("  %-10s %s", f->name, f->doc);
  return hd_status_exit_code(HD_ERR_INPUT);
}

/* Reads the other program's file into YAML. All that is made on the way lives in the arena. */
static hd_status import(hd_arena *arena, const hd_solver *solver, const hd_format *format, const char *file,
                        hd_notes *notes, hd_text *out) {
  void *options;
  hd_node *node;
  hd_text path;
  hd_text_init(&path, arena->ctx);
  hd_json_text(&path, file);
  hd_status status = hd_arena_take(arena, format->options_size ? format->options_size : 1, &options);
  if (status == HD_OK) status = hd_yaml_text(arena, "--from", hd_text_of(&path), notes, &node);
  if (status == HD_OK && node) status = hd_decode_group(arena, format->options, options, node, format->name, notes);
  if (status == HD_OK) status = hd_notes_status(notes);
  hd_print(out, "solver: %s\n", solver->name);
  if (status == HD_OK) status = format->read(options, out, notes);
  if (status == HD_OK) status = hd_notes_status(notes);
  hd_text_free(&path);
  return status == HD_OK ? hd_text_status(out) : status;
}

static int write_import(hd_ctx *ctx, const hd_solver *solver, const cli_args *args, hd_text *out) {
  const hd_format *format = reader(solver, args->format);
  hd_notes *notes;
  hd_arena arena;
  if (!format) return no_reader(solver);
  hd_status status = hd_notes_new(ctx, &notes);
  if (status != HD_OK) return cli_fail(ctx, status);
  hd_arena_init(&arena, ctx);
  status = import(&arena, solver, format, args->from, notes, out);
  hd_text said;
  hd_text_init(&said, ctx);
  hd_notes_print(&said, notes, HD_NOTE_ERROR);
  hd_notes_print(&said, notes, HD_NOTE_WARNING);
  fputs(hd_text_of(&said), stderr);
  bool shown = said.length > 0 && hd_notes_count(notes, HD_NOTE_ERROR) > 0;
  hd_text_free(&said);
  hd_notes_free(notes);
  hd_arena_free(&arena);
  return status == HD_OK ? 0 : shown ? hd_status_exit_code(status) : cli_fail(ctx, status);
}

/* To --output, or to standard output. */
static int deliver(hd_ctx *ctx, const cli_args *args, const hd_text *text) {
  if (!args->output) {
    cli_write(hd_text_of(text), text->length);
    return 0;
  }
  if (hd_file_exists(ctx, args->output) && !args->force) {
    cli_error("%s exists", args->output);
    cli_hint("--force replaces it");
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  hd_status status = hd_file_write(ctx, args->output, hd_text_of(text), text->length, false);
  return status == HD_OK ? 0 : cli_fail(ctx, status);
}

static int write_for(hd_ctx *ctx, const hd_solver *solver, const cli_args *args) {
  hd_text text;
  int exit_code = 0;
  hd_text_init(&text, ctx);
  if (args->schema) hd_schema_write(&text, solver, hd_common_params);
  else if (args->reference) hd_reference_write(&text, solver, hd_common_params);
  else if (args->from) exit_code = write_import(ctx, solver, args, &text);
  else hd_template_write(&text, solver, hd_common_params);
  if (exit_code == 0 && hd_text_status(&text) != HD_OK) exit_code = cli_fail(ctx, HD_ERR_MEMORY);
  if (exit_code == 0) exit_code = deliver(ctx, args, &text);
  hd_text_free(&text);
  return exit_code;
}

int cli_new(hd_ctx *ctx, const cli_args *args) {
  hd_solver_set *solvers;
  hd_status status = hd_solver_set_new(ctx, args->plugin, args->plugins, &solvers);
  if (status != HD_OK) return cli_fail(ctx, status);
  const char *name = args->arguments ? args->argument[0] : NULL;
  const hd_solver *solver = name ? hd_solver_set_find(solvers, name) : NULL;
  int exit_code = solver ? write_for(ctx, solver, args) : unknown_solver(solvers, name);
  hd_solver_set_free(solvers);
  return exit_code;
}
