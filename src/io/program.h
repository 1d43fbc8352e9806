/* Runs another program to its end: the only place of heddle that does. No shell, a process group of its own, a time limit.
 *
 *   hd_program_end end;
 *   hd_program_end_init(&end, ctx);
 *   HD_TRY(hd_program_follow(ctx, &(hd_program){.argv = argv, .folder = folder, .limit_s = 60}, &end));
 *   ... end.output, end.messages, end.exit_code ...
 *   hd_program_end_free(&end);
 */
#ifndef HD_IO_PROGRAM_H
#define HD_IO_PROGRAM_H

#include "base/text.h"

typedef struct hd_program {
  const char *const *argv;      /* [0] is found on the PATH of heddle; ended by NULL */
  const char *folder;           /* where it runs */
  double limit_s;               /* it is ended after so long; INFINITY: never */
  const char *input;            /* a file that is its standard input; NULL: nothing is there to read */
  const char *const *settings;  /* "NAME=VALUE", ended by NULL; NULL: none. They replace what heddle was given */
  bool bare;                    /* of heddle's own environment it gets PATH and HOME only, and LC_ALL=C.UTF-8 */
  bool together;                /* what it writes on standard error goes to `output` too */
  double grace_s;               /* between SIGTERM and SIGKILL; 0: SIGKILL at once */
  bool (*stopping)(void *self); /* asked some 20 times a second: it is ended when this says so; NULL: never */
  void *stopping_self;
  size_t most;                  /* bytes kept of each output, the last ones; 0: 64 KiB */
} hd_program;

typedef struct hd_program_end {
  hd_text output, messages;     /* what it wrote on standard output and standard error */
  int64_t output_lost, messages_lost; /* bytes that were too many, dropped at the front */
  int exit_code;                /* -1: it was ended by a signal */
  int signal;                   /* 0: it ended by itself */
  bool stopped, late;           /* ended because of `stopping`, of limit_s */
  double seconds;
} hd_program_end;

void hd_program_end_init(hd_program_end *end, hd_ctx *ctx);
void hd_program_end_free(hd_program_end *end);

/* HD_OK whatever its end was, which is for the caller to judge. HD_ERR_MISSING: not found, or could not be started.
 * Processes that it left behind in its group are ended too. */
hd_status hd_program_follow(hd_ctx *ctx, const hd_program *program, hd_program_end *end);

/* The same, bare and together, judged. `said` (may be NULL) receives what it wrote. HD_ERR_MISSING as above. HD_ERR_LIMIT:
 * ended after limit_s. HD_ERR_FILE: it ended with an error. */
hd_status hd_program_run(hd_ctx *ctx, const hd_program *program, hd_text *said);

/* Where the program would be found: `name` itself if it holds a slash, else on PATH. False: nowhere. */
bool hd_program_find(hd_ctx *ctx, const char *name, char *out, size_t room);

/* "SIGSEGV"; "a signal" where the number has no name that is known here. */
const char *hd_program_signal_name(int number);

#endif
