/* Reading a command line by the tables of commands.c. */
#include "cli/options.h"

#include "base/number.h"
#include "base/units.h"
#include "cli/print.h"

#include <string.h>

const cli_option cli_options[] = {
    {CLI_SET, "set", "KEY=VALUE", "override a key of the scenario; may be repeated"},
    {CLI_PLUGIN, "plugin", "FILE.so", "open a plug-in that brings a solver; may be repeated"},
    {CLI_THREADS, "threads", "N", "use N threads instead of choosing; never changes a result"},
    {CLI_DEVICE, "device", "NAME", "cpu (default); auto takes a device that is here; cuda needs its plug-in"},
    {CLI_OUTPUT, "output", "FOLDER", "write there instead of NAME.out in the working folder"},
    {CLI_FORCE, "force", NULL, "replace what is in the output folder"},
    {CLI_JSON, "json", NULL, "print one JSON object on standard output"},
    {CLI_DRY_RUN, "dry-run", NULL, "say what would be done, and compute nothing"},
    {CLI_CHECKPOINT, "checkpoint-every", "2s|100steps", "write checkpoints that often"},
    {CLI_FORMAT, "format", "NAME", "a format of the solver (heddle new SOLVER --reference lists them)"},
    {CLI_FIGURE, "figure", "NAME", "draw this figure; may be repeated"},
    {CLI_FROM, "from", "FILE", "write the scenario that a file of another program describes"},
    {CLI_SCHEMA, "schema", NULL, "print the JSON Schema of the solver's scenarios"},
    {CLI_REFERENCE, "reference", NULL, "print the reference of the solver: parameters, fields, measures"},
    {CLI_KERNEL, "kernel", "NAME", "only this kernel"},
    {CLI_REPEATS, "repeats", "N", "best of N (default 5)"},
    {CLI_TOLERANCE, "tolerance", "X", "differences up to X, relative to the largest value, count as equal (default 0)"},
    {CLI_NO_FIGURES, "no-figures", NULL, "draw nothing"},
    {CLI_QUIET, "quiet", NULL, "no progress line and no closing lines"},
    {CLI_GRID, "grid", "KEY=VALUES",
     "every combination: road.cells=100,200 or KEY={from: 1, to: 9, count: 5}; repeatable"},
    {CLI_ZIP, "zip", "KEY=VALUES", "values that advance together; repeatable"},
    {CLI_SAMPLE, "sample", "KEY=LAW",
     "drawn values: uniform(1 km, 2 km), log_uniform(..), normal(mean, sd); repeatable"},
    {CLI_SAMPLES, "samples", "[METHOD:]N", "how many points of --sample, by latin (default), random or sobol"},
    {CLI_REPEAT, "repeat", "N", "N members of each kind with seeds of their own"},
    {CLI_MEMBER, "member", "N", "the member number N of the study that the file describes, counted from 0"},
    {CLI_MEMBERS, "members", "FILE.csv",
     "members from a table: a header of keys, \"road.cells, time.end [s]\", a line each"},
    {CLI_OVER, "over", "KEY=VALUES",
     "levels: road.cells=50,100,200 or KEY={from: 50, by: 2, count: 5}; repeatable keys advance together"},
    {CLI_NORM, "norm", "NAME", "compare fields by l1, l2 or max"},
    {CLI_TRUTH, "reference", "WHAT", "compare with successive (default), finest, exact, initial, a result or a value"},
    {CLI_MEASURE, "measure", "NAME", "a measure to tabulate (repeatable); of converge: compare it instead of fields"},
    {CLI_WORKERS, "workers", "N", "members computed at the same time (default: as many as cores)"},
    {CLI_ISOLATE, "isolate", "HOW",
     "process (default): a crash costs one member; thread: in threads of this process; none: one after the other"},
    {CLI_SHARD, "shard", "I/N", "only part I of N parts of the study, I from 1"},
    {CLI_EMIT, "emit", "FORM",
     "print the study as jobs for parallel (GNU), hq (HyperQueue) or slurm instead of computing it"},
    {CLI_PARTS, "parts", "N", "into how many jobs --emit cuts the study (default: one for each member, at most 64)"},
    {CLI_PROGRESS, "progress", "HOW",
     "line (default on a terminal), json (an object in each line of standard error) or none"},
    {CLI_KEEP, "keep-results", NULL, "keep result.h5 of each member, in FOLDER/members/N"},
    {CLI_HELP, "help", NULL, "show this help"},
    {CLI_END, NULL, NULL, NULL}};

const cli_option *cli_option_of(cli_key key) {
  const cli_option *o = cli_options;
  while (o->key != CLI_END && o->key != key) o++;
  return o;
}

const cli_command *cli_command_named(const char *name) {
  for (const cli_command *c = cli_commands; c->name; c++)
    if (!strcmp(c->name, name)) return c;
  return NULL;
}

static bool takes(const cli_command *command, cli_key key) {
  if (key == CLI_HELP) return true;
  for (int i = 0; command->options[i] != CLI_END; i++)
    if (command->options[i] == key) return true;
  return false;
}

/* The option of a command that a word such as "--set=a=1" names; its value if given with "=". */
static const cli_option *match(const cli_command *command, const char *word, const char **value) {
  size_t length = strcspn(word, "=");
  *value = word[length] ? word + length + 1 : NULL;
  for (const cli_option *o = cli_options; o->key != CLI_END; o++)
    if (strlen(o->name) == length && !memcmp(o->name, word, length) && takes(command, o->key)) return o;
  return NULL;
}

static void explain_unknown(const cli_command *command, const char *word) {
  const char *names[CLI_MANY];
  int count = 0;
  for (const cli_option *o = cli_options; o->key != CLI_END && count < CLI_MANY; o++)
    if (takes(command, o->key)) names[count++] = o->name;
  char given[64];
  size_t length = strcspn(word, "=");
  snprintf(given, sizeof given, "%.*s", (int)length, word);
  const char *nearest = cli_nearest(given, names, count);
  cli_error("heddle %s has no option --%s", command->name, given);
  if (nearest) cli_hint("did you mean --%s?", nearest);
  else cli_hint("heddle %s --help lists its options", command->name);
}

static bool push(const char **list, int *count, const char *value, const char *name) {
  if (*count == CLI_MANY) {
    cli_error("more than %d times --%s", CLI_MANY, name);
    return false;
  }
  list[(*count)++] = value;
  return true;
}

static bool read_count(const char *text, const char *name, int *out) {
  int64_t value;
  bool fits;
  if (hd_integer_read(text, &value, &fits) && value >= 1 && value <= 4096) {
    *out = (int)value;
    return true;
  }
  cli_error("--%s is %s; a whole number from 1 to 4096 is expected", name, text);
  return false;
}

/* "3/16": part 3 of 16 */
static bool read_shard(const char *text, cli_args *args) {
  char first[32];
  const char *slash = strchr(text, '/');
  bool fits[2];
  if (slash && (size_t)(slash - text) < sizeof first) {
    memcpy(first, text, (size_t)(slash - text));
    first[slash - text] = 0;
    if (hd_integer_read(first, &args->shard, &fits[0]) && hd_integer_read(slash + 1, &args->shards, &fits[1]) &&
        args->shard >= 1 && args->shard <= args->shards && args->shards <= 1000000) {
      args->shard--;
      return true;
    }
  }
  cli_error("--shard is %s; I/N with I from 1 to N is expected", text);
  return false;
}

static bool read_member(const char *text, int64_t *member) {
  bool fits;
  if (hd_integer_read(text, member, &fits) && *member >= 0) return true;
  cli_error("--member is %s; a whole number from 0 on is expected", text);
  return false;
}

static bool read_emit(const char *text, cli_args *args) {
  args->emit = text;
  if (!strcmp(text, "parallel") || !strcmp(text, "hq") || !strcmp(text, "slurm")) return true;
  cli_error("--emit is %s; parallel, hq or slurm is expected", text);
  return false;
}

static bool read_isolate(const char *text, cli_args *args) {
  args->isolate = text;
  if (!strcmp(text, "process") || !strcmp(text, "thread") || !strcmp(text, "none")) return true;
  cli_error("--isolate is %s; process, thread or none is expected", text);
  return false;
}

static bool read_progress(const char *text, cli_args *args) {
  args->progress = text;
  if (!strcmp(text, "line") || !strcmp(text, "json") || !strcmp(text, "none")) return true;
  cli_error("--progress is %s; line, json or none is expected", text);
  return false;
}

/* "2s", "5 min", "100steps" */
static bool read_interval(const char *text, cli_args *args) {
  const char *steps = strstr(text, "step");
  if (steps) {
    double value;
    if (hd_number_read(text, 0, &value) && value >= 1 && value < 9e15) {
      args->checkpoint_steps = (int64_t)value;
      return true;
    }
  } else {
    hd_unit seconds, found;
    const char *at;
    if (hd_unit_read("s", &seconds, &at) &&
        hd_quantity_read(text, &seconds, false, &args->checkpoint_s, &found, &at) == HD_QUANTITY_OK &&
        args->checkpoint_s > 0)
      return true;
  }
  cli_error("--checkpoint-every is '%s'; a time such as 2s or a number of steps such as 100steps is expected", text);
  return false;
}

static bool store(cli_args *args, const cli_option *option, const char *value) {
  switch (option->key) {
    case CLI_SET: return push(args->set, &args->sets, value, option->name);
    case CLI_PLUGIN: return push(args->plugin, &args->plugins, value, option->name);
    case CLI_FIGURE: return push(args->figure, &args->figures, value, option->name);
    case CLI_THREADS: return read_count(value, option->name, &args->threads);
    case CLI_REPEATS: return read_count(value, option->name, &args->repeats);
    case CLI_CHECKPOINT: return read_interval(value, args);
    case CLI_TOLERANCE:
      if (hd_number_read(value, 0, &args->tolerance) == strlen(value) && args->tolerance >= 0) return true;
      cli_error("--tolerance is %s; a number such as 1e-9 is expected", value);
      return false;
    case CLI_DEVICE: args->device = value; return true;
    case CLI_OUTPUT: args->output = value; return true;
    case CLI_FORMAT: args->format = value; return true;
    case CLI_FROM: args->from = value; return true;
    case CLI_KERNEL: args->kernel = value; return true;
    case CLI_FORCE: args->force = true; return true;
    case CLI_JSON: args->json = true; return true;
    case CLI_DRY_RUN: args->dry_run = true; return true;
    case CLI_SCHEMA: args->schema = true; return true;
    case CLI_REFERENCE: args->reference = true; return true;
    case CLI_NO_FIGURES: args->no_figures = true; return true;
    case CLI_QUIET: args->quiet = true; return true;
    case CLI_GRID: return push(args->grid, &args->grids, value, option->name);
    case CLI_ZIP: return push(args->zip, &args->zips, value, option->name);
    case CLI_SAMPLE: return push(args->sample, &args->samples, value, option->name);
    case CLI_MEMBERS: args->members = value; return true;
    case CLI_OVER: return push(args->over, &args->overs, value, option->name);
    case CLI_NORM: args->norm = value; return true;
    case CLI_TRUTH: args->truth = value; return true;
    case CLI_MEASURE: return push(args->measure, &args->measures, value, option->name);
    case CLI_SAMPLES: args->sampling = value; return true;
    case CLI_REPEAT: args->repeat = value; return true;
    case CLI_MEMBER: return read_member(value, &args->member);
    case CLI_WORKERS: return read_count(value, option->name, &args->workers);
    case CLI_ISOLATE: return read_isolate(value, args);
    case CLI_SHARD: return read_shard(value, args);
    case CLI_EMIT: return read_emit(value, args);
    case CLI_PARTS: return read_count(value, option->name, &args->parts);
    case CLI_PROGRESS: return read_progress(value, args);
    case CLI_KEEP: args->keep = true; return true;
    case CLI_HELP: args->help = true; return true;
    case CLI_END: break;
  }
  return false;
}

bool cli_parse(const cli_command *command, int count, char **words, cli_args *args) {
  bool only_arguments = false;
  *args = (cli_args){.member = -1};
  for (int i = 0; i < count; i++) {
    const char *word = words[i], *value;
    if (only_arguments || word[0] != '-' || !word[1]) {
      if (!push(args->argument, &args->arguments, word, "argument")) return false;
      continue;
    }
    if (!strcmp(word, "--")) {
      only_arguments = true;
      continue;
    }
    const cli_option *option = match(command, !strcmp(word, "-h") ? "help" : word + 1 + (word[1] == '-'), &value);
    if (!option) {
      explain_unknown(command, word + 1 + (word[1] == '-'));
      return false;
    }
    if (option->value && !value) {
      if (i + 1 == count) {
        cli_error("--%s needs a value: --%s %s", option->name, option->name, option->value);
        return false;
      }
      value = words[++i];
    } else if (!option->value && value) {
      cli_error("--%s takes no value", option->name);
      return false;
    }
    if (!store(args, option, value ? value : "")) return false;
  }
  if (args->help || (args->arguments >= command->least && args->arguments <= command->most)) return true;
  cli_error("heddle %s expects %s", command->name, command->arguments[0] ? command->arguments : "no argument");
  cli_hint("heddle %s --help", command->name);
  return false;
}
