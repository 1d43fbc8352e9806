/* Commands and options as tables: the single source of parsing, help, completion and manual pages. */
#ifndef HD_CLI_OPTIONS_H
#define HD_CLI_OPTIONS_H

#include "base/ctx.h"
#include "run/case.h"

typedef enum cli_key {
  CLI_END,
  CLI_SET,
  CLI_PLUGIN,
  CLI_THREADS,
  CLI_DEVICE,
  CLI_OUTPUT,
  CLI_FORCE,
  CLI_JSON,
  CLI_DRY_RUN,
  CLI_CHECKPOINT,
  CLI_FORMAT,
  CLI_FIGURE,
  CLI_FROM,
  CLI_SCHEMA,
  CLI_REFERENCE,
  CLI_KERNEL,
  CLI_REPEATS,
  CLI_TOLERANCE,
  CLI_NO_FIGURES,
  CLI_QUIET,
  CLI_GRID,
  CLI_ZIP,
  CLI_SAMPLE,
  CLI_SAMPLES,
  CLI_REPEAT,
  CLI_MEMBER,
  CLI_WORKERS,
  CLI_ISOLATE,
  CLI_SHARD,
  CLI_EMIT,
  CLI_PARTS,
  CLI_MEMBERS,
  CLI_OVER,
  CLI_NORM,
  CLI_TRUTH,
  CLI_MEASURE,
  CLI_PROGRESS,
  CLI_KEEP,
  CLI_HELP
} cli_key;

typedef struct cli_option {
  cli_key key;
  const char *name;  /* "set": --set */
  const char *value; /* name of its value in help, "KEY=VALUE"; NULL: a flag */
  const char *doc;
} cli_option;

enum { CLI_MANY = 64 };

/* A parsed command line. */
typedef struct cli_args {
  const char *argument[CLI_MANY]; /* those that are no options */
  const char *set[CLI_MANY], *plugin[CLI_MANY], *figure[CLI_MANY];
  const char *grid[CLI_MANY], *zip[CLI_MANY], *sample[CLI_MANY], *over[CLI_MANY], *measure[CLI_MANY];
  int arguments, sets, plugins, figures, grids, zips, samples, overs, measures;
  const char *device, *output, *format, *from, *kernel, *sampling, *repeat, *isolate, *emit, *progress;
  const char *members, *norm, *truth; /* truth: --reference of converge */
  int workers, parts;
  int64_t member, shard, shards; /* member -1: none; shard from 0 */
  int threads, repeats;
  double checkpoint_s, tolerance;
  int64_t checkpoint_steps;
  bool force, json, keep, dry_run, schema, reference, no_figures, quiet, help;
} cli_args;

typedef struct cli_command {
  const char *name, *arguments, *title; /* "run", "FILE", "Compute the run that a scenario describes" */
  const char *doc, *examples;
  int least, most;                               /* arguments */
  cli_key options[32];                           /* ended by CLI_END; --help is always there */
  int (*run)(hd_ctx *ctx, const cli_args *args); /* returns an exit code */
} cli_command;

extern const cli_option cli_options[];   /* ended by CLI_END */
extern const cli_command cli_commands[]; /* ended by a NULL name */

const cli_option *cli_option_of(cli_key key);
const cli_command *cli_command_named(const char *name);

/* Reads the words after the command's name. false: a message was printed, exit code 2. */
bool cli_parse(const cli_command *command, int count, char **words, cli_args *args);

static inline hd_case_options cli_case_options(const cli_args *args) {
  return (hd_case_options){args->set, args->sets, args->plugin, args->plugins};
}

#endif
