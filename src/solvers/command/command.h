/* command: any program as a run. The parameter struct, what `check` leaves in it, and the rooms of the solver. */
#ifndef HD_COMMAND_H
#define HD_COMMAND_H

#include "base/memory.h"
#include "base/text.h"
#include "heddle/solver.h"

extern const hd_solver hd_solver_command;

extern const hd_param command_params[];
extern const hd_dim command_dims[];
extern const hd_field command_fields[];

enum { COMMAND_MEASURE, COMMAND_LINE, COMMAND_BYTE, COMMAND_MESSAGE_LINE, COMMAND_MESSAGE_BYTE }; /* dimensions */
enum {                                                                                            /* fields */
  COMMAND_MEASURED,
  COMMAND_EXIT_CODE,
  COMMAND_OUTPUT,
  COMMAND_OUTPUT_LINE,
  COMMAND_MESSAGES,
  COMMAND_MESSAGES_LINE,
  COMMAND_SECONDS
};

/* A value of `parameters`: as it was written, so that a program is given what a reader of the file expects. */
typedef enum command_form { COMMAND_TEXT, COMMAND_WHOLE, COMMAND_REAL, COMMAND_TRUTH } command_form;
typedef struct command_value {
  int form;
  const char *text;
  int64_t whole;
  double real;
  bool truth;
} command_value;

typedef struct command_template {
  const char *from, *to;
} command_template;

typedef struct command {
  int run_is_line; /* `run` is a list (0) or one text (1) */
  hd_items run;    /* const char * */
  const char *run_line;
  hd_items parameters;  /* command_value */
  hd_items environment; /* const char * */
  int templates_are_one;
  hd_items templates; /* command_template */
  command_template template_one;
  int input; /* COMMAND_NOTHING, COMMAND_JSON */
  hd_items files;
  const char *json, *csv, *row, *from; /* of `measures` */
  hd_items patterns, names;            /* const char * */
  bool deterministic;
  const char *folder;
  /* from check */
  const char *const *word; /* the command line with its {names} */
  int64_t words;
  const char *program; /* absolute, where the command line names a file; NULL: found on PATH when it runs */
  const char *base;    /* absolute path of `folder`'s beginning: the folder of the scenario */
  const command_template *template;
  int64_t template_count;
} command;

enum { COMMAND_NOTHING, COMMAND_JSON };

/* -- names.c: {name} and {{name}} ---------------------------------------------------------------------------------------- */

/* How a text names a parameter. COMMAND_SINGLE, in arguments and settings: {name}; {{name}} is the text {name}.
 * COMMAND_DOUBLE, in templates: {{name}}. What looks otherwise is text. */
typedef enum command_braces { COMMAND_SINGLE, COMMAND_DOUBLE } command_braces;

/* The next piece of *at; false: there is none. `name`: the piece is a name, else text. */
typedef struct command_piece {
  const char *at;
  size_t length;
  bool name;
} command_piece;
bool command_next(const char **at, command_braces braces, command_piece *piece);

/* Whether {name} can stand for it. */
bool command_is_name(const char *name);
/* NULL: there is no such parameter. */
const command_value *command_find(const command *c, const char *name, size_t length);
/* The first name in the text that is no parameter and not `seed`; false: there is none. */
bool command_unknown(const command *c, const char *text, command_braces braces, command_piece *unknown);
/* The text with its names replaced by their values. */
void command_fill(const command *c, uint64_t seed, const char *text, command_braces braces, hd_text *out);
/* All parameters and the seed as one JSON object. */
void command_json(const command *c, uint64_t seed, hd_text *out);

/* Splits a line into words at spaces; 'text', "text" and \c are taken as they are. NULL and *wrong: a quote is open. */
hd_status command_split(hd_arena *arena, const char *line, const char *const **word, int64_t *words, const char **wrong);

/* -- command_check.c ----------------------------------------------------------------------------------------------------- */

hd_status command_check(void *params, hd_notes *notes);

/* -- place.c: where it runs ------------------------------------------------------------------------------------------------ */

typedef struct command_place {
  char folder[4096], input[4096]; /* input "": none */
  char own[4096];                 /* a fresh folder, removed at the end; "": there is none */
  bool locked;                    /* `folder` is one of the user's: nobody else's program runs there meanwhile */
  int lock;
} command_place;

/* Whether `files` are copied to where it runs: to a fresh folder, and to one of the member's own. */
bool command_copies(const command *c);
/* Makes the folder and puts files, templates and the input there. */
hd_status command_place_make(hd_run *run, command_place *place);
void command_place_remove(hd_ctx *ctx, command_place *place);

/* -- readers.c: measures from what the program wrote ------------------------------------------------------------------------ */

typedef struct command_measured {
  hd_arena arena;
  const char **name;
  double *value;
  int64_t *first; /* [count + 1], for hd_ranges */
  int64_t count, room;
} command_measured;

hd_status command_measure(hd_run *run, const command_place *place, const hd_text *output, command_measured *out);
/* A regular expression of `pattern` that does not compile: what is wrong with it; NULL: nothing. */
const char *command_pattern_wrong(const char *pattern, char *out, size_t room);

#endif
