/* What the command says to people (standard error) and to programs (standard output). */
#ifndef HD_CLI_PRINT_H
#define HD_CLI_PRINT_H

#include "base/ctx.h"
#include "base/text.h"

#include <stdio.h>

void cli_error(const char *fmt, ...) HD_FORMAT(1, 2); /* "heddle: error: ..." */
void cli_warning(const char *fmt, ...) HD_FORMAT(1, 2);
void cli_hint(const char *fmt, ...) HD_FORMAT(1, 2);
void cli_say(const char *fmt, ...) HD_FORMAT(1, 2); /* a line for people, on standard error */

/* Data on standard output. A closed pipe or a full disk gives exit code 3 at the end (cli_flush). */
void cli_write(const char *text, size_t length);
int cli_flush(int exit_code);

bool cli_is_terminal(void); /* standard error is one */

/* Whether a variable of the environment is set to anything but nothing and 0. */
bool cli_is_asked(const char *variable);

/* The name nearest to a misspelt one; NULL: nothing near. */
const char *cli_nearest(const char *word, const char *const *names, int count);

/* Prints the failure of the context and returns the exit code of its status. */
int cli_fail(hd_ctx *ctx, hd_status status);

#endif
