/* The commands, one file each: cmd_<name>.c. Each returns an exit code (design 6.4). */
#ifndef HD_CLI_COMMANDS_H
#define HD_CLI_COMMANDS_H

#include "cli/options.h"
#include "cli/json.h"
#include "cli/print.h"

#include <stdatomic.h>

int cli_new(hd_ctx *ctx, const cli_args *args);
int cli_check(hd_ctx *ctx, const cli_args *args);
int cli_explain(hd_ctx *ctx, const cli_args *args);
int cli_run(hd_ctx *ctx, const cli_args *args);
int cli_resume(hd_ctx *ctx, const cli_args *args);
int cli_sweep(hd_ctx *ctx, const cli_args *args);
int cli_merge(hd_ctx *ctx, const cli_args *args);
int cli_converge(hd_ctx *ctx, const cli_args *args);
int cli_status(hd_ctx *ctx, const cli_args *args);
int cli_plot(hd_ctx *ctx, const cli_args *args);
int cli_report(hd_ctx *ctx, const cli_args *args);
int cli_export(hd_ctx *ctx, const cli_args *args);
int cli_diff(hd_ctx *ctx, const cli_args *args);
int cli_tune(hd_ctx *ctx, const cli_args *args);
int cli_bench(hd_ctx *ctx, const cli_args *args);
int cli_doctor(hd_ctx *ctx, const cli_args *args);
int cli_completion(hd_ctx *ctx, const cli_args *args);
int cli_man(hd_ctx *ctx, const cli_args *args);

int cli_worker(void); /* a process that computes members for another heddle; nobody types it */

/* -- shared by several commands */

int cli_export_study(hd_ctx *ctx, const cli_args *args); /* export, of a folder that holds a study */
/* What a study leaves, made from what is there: as `plot` does, as `report` does, or as the end of the study does, with the
 * figures that the scenario asks for. */
typedef enum cli_presenting { CLI_PLOT, CLI_REPORT, CLI_LEAVE } cli_presenting;
int cli_present_study(hd_ctx *ctx, const cli_args *args, const char *folder, cli_presenting how);
int cli_resume_study(hd_ctx *ctx, const cli_args *args); /* resume, of a folder that holds a study */

/* Loads a case and shows what its notes say: every error (exit code in *exit_code) and warning. NULL after an error. */
hd_case *cli_load(hd_ctx *ctx, const char *file, const hd_case_options *options, bool json, int *exit_code);

/* "riemann.out" for "dir/riemann.yaml"; --output as it is. */
void cli_output_folder(const char *file, const char *output, char *folder, size_t room);

/* The flag that Ctrl-C, SIGTERM raise; the second Ctrl-C ends the process. Installed once. */
const atomic_int *cli_stop_flag(void);

/* One run from start, or from its checkpoint, to its files; prints what people want to know. */
int cli_compute(hd_ctx *ctx, const cli_args *args, const char *file, const hd_case_options *options, bool resume);

void cli_help(FILE *to);
void cli_help_of(const cli_command *command, FILE *to);

#endif
