/* The solver table: one step is the whole program. Between its start and its end nothing can be saved; a stop ends it. */
#include "solvers/command/command.h"

#include "base/ctx.h"
#include "io/program.h"
#include "par/exec.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT_MOST = 16 << 20, SAID = 1000, SAID_LINES = 12 };
static const double grace_s = 3; /* Ctrl-C is answered within 10 s */

typedef struct command_run {
  command_place place;
  command_measured measured;
} command_run;

static hd_status plan(const void *params, hd_plan *p) {
  const command *c = params;
  p->size[COMMAND_MEASURE] = c->names.count + c->patterns.count;
  p->blocks = 1;
  p->steps = 1;
  p->regions = 1;
  return HD_OK;
}

static hd_status start(hd_run *run) { return hd_size(run, COMMAND_MEASURE, 0); }

static hd_status rebuild(hd_run *run) {
  command_run *r = run->self;
  hd_arena_init(&r->measured.arena, run->ctx);
  return HD_OK;
}

static void end(hd_run *run) {
  command_run *r = run->self;
  command_place_remove(run->ctx, &r->place);
  if (r->measured.arena.ctx) hd_arena_free(&r->measured.arena);
}

/* -- the command line --------------------------------------------------------------------------------------------------------- */

/* count texts, each with its names filled in, ended by NULL; those of `before`, if any, stand before a '='. */
static hd_status fill_all(hd_run *run, int64_t count, const char *const *text, const char *const *before,
                          const char ***out) {
  command_run *r = run->self;
  void *memory;
  HD_TRY(hd_arena_take(&r->measured.arena, (size_t)(count + 1) * sizeof(char *), &memory));
  const char **list = memory;
  for (int64_t i = 0; i < count; i++) {
    hd_text filled;
    char *kept = NULL;
    hd_text_init(&filled, run->ctx);
    if (before) hd_print(&filled, "%s=", before[i]);
    command_fill(run->params, run->seed, text[i], COMMAND_SINGLE, &filled);
    hd_status status = hd_text_status(&filled);
    if (status == HD_OK) status = hd_arena_text(&r->measured.arena, hd_text_of(&filled), filled.length, &kept);
    hd_text_free(&filled);
    HD_TRY(status);
    list[i] = kept;
  }
  *out = list;
  return HD_OK;
}

static void log_command(hd_run *run, const char *const *argv, const char *folder) {
  hd_text line;
  hd_text_init(&line, run->ctx);
  for (; *argv; argv++) hd_print(&line, "%s'%.200s'", line.length ? " " : "", *argv);
  if (!line.failed) hd_log_line(run->ctx, HD_LOG_INFO, "runs %.3000s in %s", hd_text_of(&line), folder);
  hd_text_free(&line);
}

static bool must_end(void *self) { return hd_exec_stop_asked(self); }

static hd_status run_program(hd_run *run, hd_program_end *end) {
  const command *c = run->params;
  command_run *r = run->self;
  const char **argv, **settings;
  HD_TRY(command_place_make(run, &r->place));
  HD_TRY(fill_all(run, c->words, c->word, NULL, &argv));
  HD_TRY(fill_all(run, c->environment.count, c->environment.item, c->environment.name, &settings));
  if (c->program) argv[0] = c->program;
  log_command(run, argv, r->place.folder);
  const hd_program program = {.argv = argv,
                              .folder = r->place.folder,
                              .limit_s = hd_exec_time_left(run->exec),
                              .grace_s = grace_s,
                              .input = *r->place.input ? r->place.input : NULL,
                              .settings = settings,
                              .stopping = must_end,
                              .stopping_self = run->exec,
                              .most = OUTPUT_MOST};
  return hd_program_follow(run->ctx, &program, end);
}

/* -- its end -------------------------------------------------------------------------------------------------------------------- */

/* Its last lines, on standard error if there are any. */
static const char *last_words(const hd_program_end *end) {
  const hd_text *said = end->messages.length ? &end->messages : &end->output;
  const char *text = hd_text_of(said), *at = text + said->length;
  for (int lines = 0; at > text && at > text + said->length - SAID; at--)
    if (at[-1] == '\n' && at < text + said->length && ++lines == SAID_LINES) break;
  return at;
}

static hd_status judge(hd_run *run, const hd_program_end *end) {
  const command *c = run->params;
  const char *name = c->word[0], *said = last_words(end);
  bool silent = !*said;
  const char *before = silent ? "" : "; its last words:\n";
  if (end->stopped)
    return hd_fail(run, HD_STOPPED, "%s was ended after %.3g s; a resume runs it again from its beginning", name,
                   end->seconds);
  if (end->late)
    return hd_fail(run, HD_ERR_LIMIT, "%s was ended after %.3g s, the limit of limits.time%s%s", name, end->seconds,
                   before, said);
  if (end->signal)
    return hd_fail(run, HD_ERR_NUMERIC, "%s was ended by signal %d, %s%s%s", name, end->signal,
                   hd_program_signal_name(end->signal), before, said);
  if (end->exit_code)
    return hd_fail(run, HD_ERR_NUMERIC, "%s ended with exit code %d%s%s", name, end->exit_code, before, said);
  return HD_OK;
}

static hd_status keep_text(hd_run *run, const hd_text *text, int bytes, int lines, int byte_field, int line_field) {
  int64_t count = 0;
  const char *at = hd_text_of(text);
  for (size_t i = 0; i < text->length; i++) count += i == 0 || at[i - 1] == '\n';
  HD_TRY(hd_size(run, bytes, (int64_t)text->length));
  HD_TRY(hd_size(run, lines, count));
  if (!count) return HD_OK;
  memcpy(hd_data(run, byte_field), at, text->length);
  int64_t *first = hd_data(run, line_field);
  for (size_t i = 0; i < text->length; i++)
    if (i == 0 || at[i - 1] == '\n') *first++ = (int64_t)i;
  return HD_OK;
}

static hd_status keep_measures(hd_run *run) {
  const command_run *r = run->self;
  const command_measured *m = &r->measured;
  HD_TRY(hd_size(run, COMMAND_MEASURE, m->count));
  if (!m->count) return HD_OK;
  memcpy(hd_data(run, COMMAND_MEASURED), m->value, (size_t)m->count * sizeof(double));
  return hd_ranges(run, COMMAND_MEASURE, m->count, m->name, m->first);
}

static hd_status keep(hd_run *run, const hd_program_end *end) {
  command_run *r = run->self;
  if (end->output_lost + end->messages_lost)
    hd_warn(run, "the program wrote more than is kept: of each of its two outputs the last %d bytes are", OUTPUT_MOST);
  HD_TRY(keep_text(run, &end->output, COMMAND_BYTE, COMMAND_LINE, COMMAND_OUTPUT, COMMAND_OUTPUT_LINE));
  HD_TRY(keep_text(run, &end->messages, COMMAND_MESSAGE_BYTE, COMMAND_MESSAGE_LINE, COMMAND_MESSAGES,
                   COMMAND_MESSAGES_LINE));
  *(int64_t *)hd_data(run, COMMAND_EXIT_CODE) = end->exit_code;
  *(double *)hd_data(run, COMMAND_SECONDS) = end->seconds;
  HD_TRY(command_measure(run, &r->place, &end->output, &r->measured));
  return keep_measures(run);
}

static hd_status step(hd_run *run, hd_progress *progress) {
  command_run *r = run->self;
  hd_program_end end;
  hd_program_end_init(&end, run->ctx);
  hd_status status = run_program(run, &end);
  if (status == HD_OK) status = judge(run, &end);
  if (status == HD_OK) status = keep(run, &end);
  hd_program_end_free(&end);
  command_place_remove(run->ctx, &r->place);
  *progress = (hd_progress){1, 1, true};
  return status;
}

/* -- measures --------------------------------------------------------------------------------------------------------------------- */

static hd_status seconds(hd_run *run, const char *name, const char *argument, double *value) {
  (void)name, (void)argument;
  *value = *(const double *)hd_data(run, COMMAND_SECONDS);
  return HD_OK;
}

static hd_status any(hd_run *run, const char *name, const char *argument, double *value) {
  const command_run *r = run->self;
  const command_measured *m = &r->measured;
  char given[600];
  size_t n = 0;
  for (int64_t i = 0; i < m->count && !argument; i++)
    if (!strcmp(m->name[i], name)) return *value = m->value[i], HD_OK;
  given[0] = 0;
  for (int64_t i = 0; i < m->count && n + 110 < sizeof given; i++)
    n += (size_t)snprintf(given + n, sizeof given - n, "%s%s", i ? ", " : "", m->name[i]);
  return hd_fail(run, HD_ERR_NUMERIC, "the program gave no measure '%s%s%s'; it gave: %s", name, argument ? "@" : "",
                 argument ? argument : "", *given ? given : "none");
}

/* clang-format off */
static const hd_measure measures[] = {
  {"seconds", "s", "from the start of the program to its end", HD_TIMING, seconds},
  {"*", "1", "what `measures` reads from the program's output", 0, any}, {0}};

const hd_solver hd_solver_command = {
  .abi = HD_SOLVER_ABI, .size = sizeof(hd_solver), .name = "command", .title = "Any program",
  .doc = "runs a program of yours with parameters, and reads its measures back", .bits = 1, .caps = HD_FOREIGN,
  .axis = "program", .axis_unit = "1", .params_size = sizeof(command), .self_size = sizeof(command_run),
  .params = command_params, .dims = command_dims, .fields = command_fields, .measures = measures,
  .check = command_check, .plan = plan, .start = start, .rebuild = rebuild, .step = step, .end = end};
/* clang-format on */
