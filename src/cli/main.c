/* heddle: the command. */
#include "cli/commands.h"

#include <signal.h>
#include <string.h>

static int unknown_command(const char *word) {
  const char *names[CLI_MANY];
  int count = 0;
  for (const cli_command *c = cli_commands; c->name; c++) names[count++] = c->name;
  const char *nearest = cli_nearest(word, names, count);
  cli_error("there is no command '%s'", word);
  if (nearest) cli_hint("did you mean heddle %s?", nearest);
  else cli_hint("heddle --help lists the commands");
  return hd_status_exit_code(HD_ERR_INPUT);
}

static int help(int count, char **words) {
  const cli_command *command = count > 0 ? cli_command_named(words[0]) : NULL;
  if (count > 0 && !command) return unknown_command(words[0]);
  if (command) cli_help_of(command, stdout);
  else cli_help(stdout);
  return cli_flush(0);
}

static int dispatch(const cli_command *command, int count, char **words) {
  cli_args args;
  hd_ctx *ctx;
  if (!cli_parse(command, count, words, &args)) return hd_status_exit_code(HD_ERR_INPUT);
  if (args.help) {
    cli_help_of(command, stdout);
    return cli_flush(0);
  }
  if (hd_ctx_new(&ctx) != HD_OK) {
    cli_error("%s", hd_status_text(HD_ERR_MEMORY));
    return hd_status_exit_code(HD_ERR_MEMORY);
  }
  int exit_code = command->run(ctx, &args);
  hd_ctx_free(ctx);
  return cli_flush(exit_code);
}

int main(int argc, char **argv) {
  const char *first = argc > 1 ? argv[1] : NULL;
  signal(SIGCHLD, SIG_DFL); /* whoever started heddle may have ignored it: programs and workers are waited for */
  if (!first) {
    cli_help(stderr);
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  if (!strcmp(first, "--version") || !strcmp(first, "version")) {
    printf("heddle %s\n", hd_version());
    return cli_flush(0);
  }
  if (!strcmp(first, "--help") || !strcmp(first, "-h") || !strcmp(first, "help")) return help(argc - 2, argv + 2);
  if (!strcmp(first, "worker") && argc == 2) return cli_worker(); /* for heddle alone: in no list */
  const cli_command *command = cli_command_named(first);
  return command ? dispatch(command, argc - 2, argv + 2) : unknown_command(first);
}
