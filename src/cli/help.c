/* Help, manual pages and completion scripts, all from the tables. */
#include "cli/commands.h"

#include <string.h>

void cli_help(FILE *to) {
  fprintf(to,
          "heddle %s: parallel scientific simulation, the same bits on any number of threads\n\n"
          "usage: heddle COMMAND [ARGUMENTS] [OPTIONS]\n\n",
          hd_version());
  for (const cli_command *c = cli_commands; c->name; c++) fprintf(to, "  %-11s %s\n", c->name, c->title);
  fprintf(
      to,
      "\nheddle COMMAND --help tells more, with examples. Exit codes: 0 done, 1 the run failed, 2 the input is wrong,\n"
      "3 the environment is, 4 a bug of heddle's, 5 stopped and can be resumed.\n");
}

/* Prints text in lines of at most 100 characters, each after `indent`. */
static void wrap(FILE *to, const char *text, const char *indent) {
  size_t column = 0;
  while (*text) {
    size_t word = strcspn(text, " ");
    if (column && column + word > 100) column = 0, fputc('\n', to);
    fprintf(to, "%s%.*s", column ? " " : indent, (int)word, text);
    column += word + 1;
    text += word;
    while (*text == ' ') text++;
  }
  fputc('\n', to);
}

static void print_option(FILE *to, const cli_option *option) {
  char left[48];
  snprintf(left, sizeof left, "--%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");
  fprintf(to, "  %-28s %s\n", left, option->doc);
}

void cli_help_of(const cli_command *command, FILE *to) {
  fprintf(to, "usage: heddle %s%s%s [OPTIONS]\n\n%s.\n", command->name, command->arguments[0] ? " " : "",
          command->arguments, command->title);
  wrap(to, command->doc, "");
  fprintf(to, "\nOptions:\n");
  for (int i = 0; command->options[i] != CLI_END; i++) print_option(to, cli_option_of(command->options[i]));
  print_option(to, cli_option_of(CLI_HELP));
  fprintf(to, "\nExamples:\n");
  for (const char *line = command->examples; *line;) {
    size_t length = strcspn(line, "\n");
    fprintf(to, "  %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

/* -- manual pages ---------------------------------------------------------------------------------------------------- */

/* Text for roff: backslashes, leading dots and hyphens are escaped. */
static void roff(const char *text) {
  if (*text == '.' || *text == '\'') printf("\\&");
  for (; *text; text++) {
    if (*text == '\\') printf("\\e");
    else if (*text == '-') printf("\\-");
    else putchar(*text);
  }
  putchar('\n');
}

static void man_of(const cli_command *command) {
  printf(".TH HEDDLE\\-%s 1 \"\" \"heddle %s\" \"heddle manual\"\n.SH NAME\n", command->name, hd_version());
  printf("heddle\\-%s \\- ", command->name);
  roff(command->title);
  printf(".SH SYNOPSIS\n.B heddle %s\n", command->name);
  roff(command->arguments);
  printf("[OPTIONS]\n.SH DESCRIPTION\n");
  roff(command->doc);
  printf(".SH OPTIONS\n");
  for (int i = 0;; i++) {
    const cli_option *o = cli_option_of(command->options[i] == CLI_END ? CLI_HELP : command->options[i]);
    printf(".TP\n.B \\-\\-%s", o->name);
    if (o->value) printf(" \\fI%s\\fR", o->value);
    putchar('\n');
    roff(o->doc);
    if (command->options[i] == CLI_END) break;
  }
  printf(".SH EXAMPLES\n.nf\n%s\n.fi\n", command->examples);
  printf(
      ".SH EXIT STATUS\n0 done; 1 the run, or a part of it, failed; 2 the input is wrong; 3 the environment is; "
      "4 a bug of heddle's; 5 stopped, can be resumed.\n.SH SEE ALSO\n.BR heddle (1)\n");
}

static void man_of_all(void) {
  printf(
      ".TH HEDDLE 1 \"\" \"heddle %s\" \"heddle manual\"\n.SH NAME\nheddle \\- parallel scientific simulation\n"
      ".SH SYNOPSIS\n.B heddle\nCOMMAND [ARGUMENTS] [OPTIONS]\n.SH COMMANDS\n",
      hd_version());
  for (const cli_command *c = cli_commands; c->name; c++) {
    printf(".TP\n.BR heddle\\-%s (1)\n", c->name);
    roff(c->title);
  }
  printf(
      ".SH ENVIRONMENT\n.TP\n.B HEDDLE_ISA\nv2, v3 or v4: use a lower level of the instruction set; the bits stay the "
      "same.\n.TP\n.B HEDDLE_STORE\nthe folder that studies share: products of stages, and which studies there are, so "
      "that "
      "no case is computed twice (otherwise .heddle beside the output)\n.TP\n"
      ".B HEDDLE_AFRESH\nif 1, studies take nothing from other studies, as with \\-\\-force\n.TP\n"
      ".B NO_COLOR\nno colours\n");
}

int cli_man(hd_ctx *ctx, const cli_args *args) {
  (void)ctx;
  if (!args->arguments) {
    man_of_all();
    return 0;
  }
  const cli_command *command = cli_command_named(args->argument[0]);
  if (!command) {
    cli_error("there is no command '%s'", args->argument[0]);
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  man_of(command);
  return 0;
}

/* -- completion ------------------------------------------------------------------------------------------------------ */

static void complete_bash(void) {
  printf(
      "_heddle() {\n  local word=${COMP_WORDS[COMP_CWORD]} options=\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '");
  for (const cli_command *c = cli_commands; c->name; c++) printf("%s ", c->name);
  printf("' -- \"$word\"))\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n");
  for (const cli_command *c = cli_commands; c->name; c++) {
    printf("    %s) options='", c->name);
    for (int i = 0; c->options[i] != CLI_END; i++) printf("--%s ", cli_option_of(c->options[i])->name);
    printf("--help' ;;\n");
  }
  printf(
      "  esac\n  case $word in\n    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n  esac\n}\ncomplete -o filenames -F _heddle heddle\n");
}

static void complete_zsh(void) {
  printf("#compdef heddle\nautoload -U +X bashcompinit && bashcompinit\n");
  complete_bash();
}

static void complete_fish(void) {
  for (const cli_command *c = cli_commands; c->name; c++) {
    printf("complete -c heddle -n __fish_use_subcommand -a %s -d '%s'\n", c->name, c->title);
    for (int i = 0; c->options[i] != CLI_END; i++) {
      const cli_option *o = cli_option_of(c->options[i]);
      printf("complete -c heddle -n '__fish_seen_subcommand_from %s' -l %s%s\n", c->name, o->name,
             o->value ? " -r" : "");
    }
  }
}

int cli_completion(hd_ctx *ctx, const cli_args *args) {
  (void)ctx;
  const char *shell = args->argument[0];
  if (!strcmp(shell, "bash")) complete_bash();
  else if (!strcmp(shell, "zsh")) complete_zsh();
  else if (!strcmp(shell, "fish")) complete_fish();
  else {
    cli_error("no completion for the shell '%s'; known are bash, zsh, fish", shell);
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  return 0;
}
