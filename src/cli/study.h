/* What the commands of studies share: the grammar from the command line, beside that of the file. */
#ifndef HD_CLI_STUDY_H
#define HD_CLI_STUDY_H

#include "cli/commands.h"
#include "study/converge/converge.h"

/* Loads the base case of a study and reads its grammar: the file's with --grid, --zip, --sample, --samples, --repeat,
 * --members, --over, --norm, --reference and --measure put in. NULL after an error, which was shown. */
hd_case *cli_load_study(hd_ctx *ctx, const char *file, const cli_args *args, hd_study_spec *spec, int *exit_code);

/* The grammar alone, of a case that was loaded; says nothing. */
hd_status cli_read_study(hd_case *kase, const cli_args *args, hd_study_spec *spec);

hd_isolation cli_isolation(const cli_args *args); /* --isolate, or processes */

/* The command line of a study as words of its journal, and back. Texts live in the arena. */
hd_status cli_study_words(hd_arena *arena, const cli_args *args, bool converges, const char *const **words, int64_t *count);
void      cli_study_args(const hd_study_record *record, cli_args *args);

/* The overrides that make the base case of `file` its member args->member, behind those of args: into args->set. */
hd_status cli_member_sets(hd_arena *arena, const hd_case *base, const hd_study_spec *spec, cli_args *args);

/* "heddle sweep FILE ...", without what does not change a result. */
void cli_study_command(hd_text *out, const char *verb, const char *file, const cli_args *args);

/* "heddle run FILE ... --member N": repeats a member. */
void cli_member_command(hd_text *out, const char *file, const cli_args *args, int64_t member);

/* Whether another heddle holds the lock of the folder: "journal" of a study, "lock" of a run. */
bool cli_is_computed(hd_ctx *ctx, const char *folder, const char *lock);

/* heddle explain, of a folder. */
int cli_explain_folder(hd_ctx *ctx, const char *folder, bool json);

/* Prints the study as `parts` jobs (0: chosen) in the form of --emit, with how to run them and what to do afterwards. */
int cli_emit(hd_ctx *ctx, const char *file, const cli_args *args, const char *folder, int64_t members);

/* Computes the study of args->argument[0] into its folder: what `sweep` and `converge` do. */
typedef enum cli_study_kind { CLI_ANY_STUDY, CLI_SWEEP_STUDY, CLI_CONVERGENCE } cli_study_kind;
int cli_study_of(hd_ctx *ctx, const cli_args *args, cli_study_kind kind);

/* What a finished study of convergence leaves: converge.csv, orders.csv, the figure; the table on standard output, or as
 * JSON appended to `json` where the command prints that. */
hd_status cli_converge_leave(const hd_study *study, const cli_args *args, hd_text *json);

#endif
