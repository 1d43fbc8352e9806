#include "cli/print.h"

#include "base/nearest.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_is_terminal(void) { return isatty(STDERR_FILENO) == 1; }

static bool colours(void) {
  const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
  return cli_is_terminal() && !(no && no[0]) && !(term && !strcmp(term, "dumb"));
}

static void print(const char *before, const char *colour, const char *fmt, va_list args) HD_FORMAT(3, 0);
static void print(const char *before, const char *colour, const char *fmt, va_list args) {
  bool paint = colour && colours();
  fprintf(stderr, "%s%s%s", paint ? colour : "", before, paint ? "\033[0m" : "");
  vfprintf(stderr, fmt, args);
  fputc('\n', stderr);
}

void cli_error(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print("heddle: error: ", "\033[31m", fmt, args);
  va_end(args);
}

void cli_warning(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print("heddle: warning: ", "\033[33m", fmt, args);
  va_end(args);
}

void cli_hint(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print("  hint: ", NULL, fmt, args);
  va_end(args);
}

void cli_say(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print("", NULL, fmt, args);
  va_end(args);
}

void cli_write(const char *text, size_t length) { fwrite(text, 1, length, stdout); }

int cli_flush(int exit_code) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return exit_code;
  cli_error("standard output cannot be written");
  return exit_code ? exit_code : hd_status_exit_code(HD_ERR_FILE);
}

const char *cli_nearest(const char *word, const char *const *names, int count) {
  hd_nearest nearest;
  hd_nearest_begin(&nearest, word, strlen(word));
  for (int i = 0; i < count; i++) hd_nearest_try(&nearest, names[i], strlen(names[i]));
  return nearest.best;
}

int cli_fail(hd_ctx *ctx, hd_status status) {
  const char *message = hd_ctx_message(ctx);
  cli_error("%s", message[0] ? message : hd_status_text(status));
  if (status == HD_ERR_BUG) cli_hint("this should not happen; please report it with the scenario");
  return hd_status_exit_code(status);
}

bool cli_is_asked(const char *variable) {
  const char *value = getenv(variable);
  return value && value[0] && strcmp(value, "0");
}
