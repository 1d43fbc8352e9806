/* heddle sweep FILE and heddle converge FILE; resume, export, plot and report of a study's folder. */
#include "cli/log_file.h"
#include "cli/progress.h"
#include "cli/study_outcome.h"

#include <errno.h>
#include <string.h>

typedef struct sweep_job {
  hd_ctx *ctx;
  const cli_args *args;
  const char *file;
  hd_arena arena;
  hd_case *kase;
  hd_study_spec spec;
  hd_study *study;
  char folder[HD_PATH_ROOM];
  cli_study_progress progress;
  cli_study_kind kind;
  hd_text convergence; /* as JSON */
} sweep_job;

/* -- what people see --------------------------------------------------------------------------------------------------- */

/* The first failed members, each with what repeats it. */
static void say_failures(const sweep_job *job) {
  const hd_study *study = job->study;
  int shown = 0;
  for (int64_t i = 0; i < study->count; i++) {
    hd_text command;
    if (study->member[i].state != HD_MEMBER_FAILED) continue;
    if (++shown > 5) continue;
    hd_text_init(&command, job->ctx);
    cli_member_command(&command, job->file, job->args, i);
    cli_warning("member %lld failed (%s): %s", (long long)i, hd_failure_text(study->member[i].failure),
                study->reason[i] ? study->reason[i] : "");
    cli_hint("%s", hd_text_of(&command));
    hd_text_free(&command);
  }
  if (shown > 5) cli_warning("and %d more; the table says which", shown - 5);
}

static void say_done(const sweep_job *job, double seconds, bool nothing_to_do, const char *files) {
  const hd_study *study = job->study;
  const char *title = study->base->common.title ? study->base->common.title : job->file;
  int64_t waiting = study->mine - study->done - study->failed;
  char failed[48] = "", left[48] = "", shard[64] = "";
  if (job->args->quiet) return;
  if (study->failed) snprintf(failed, sizeof failed, ", %lld failed", (long long)study->failed);
  if (waiting) snprintf(left, sizeof left, ", %lld left", (long long)waiting);
  if (study->mine != study->count)
    snprintf(shard, sizeof shard, " (part %lld of %lld)", (long long)study->options.shard + 1,
             (long long)study->options.shards);
  if (nothing_to_do) cli_say("%s holds this study already, complete; --force computes it again", job->folder);
  cli_say("%s: %lld of %lld members done%s%s%s in %.3g s", title, (long long)study->done, (long long)study->mine,
          failed, left, shard, seconds);
  if (study->reused)
    cli_say("%lld of them were computed by other studies; table.csv says which, --force computes all of them here",
            (long long)study->reused);
  cli_say("results in %s: %s", job->folder, files);
}

static void print_json(const sweep_job *job, double seconds, const char *state) {
  const hd_study *study = job->study;
  hd_text json, command;
  bool first = true;
  hd_text_init(&json, job->ctx);
  hd_print(&json, "{\n  \"study\": ");
  hd_json_text(&json, job->folder);
  hd_print(&json,
           ",\n  \"state\": \"%s\",\n  \"members\": %lld,\n  \"done\": %lld,\n  \"failed\": %lld,\n  \"computed\": "
           "%lld,\n  \"reused\": %lld",
           state, (long long)study->mine, (long long)study->done, (long long)study->failed, (long long)study->computed,
           (long long)study->reused);
  if (study->base->solver->stages)
    hd_print(&json, ",\n  \"stages_built\": %lld,\n  \"stages_mapped\": %lld", (long long)study->stages_built,
             (long long)study->stages_mapped);
  hd_print(&json, ",\n  \"seconds\": ");
  hd_json_number(&json, seconds);
  hd_print(&json, ",\n  \"failures\": [");
  for (int64_t i = 0; i < study->count; i++) {
    if (study->member[i].state != HD_MEMBER_FAILED) continue;
    hd_text_init(&command, job->ctx);
    cli_member_command(&command, job->file, job->args, i);
    hd_print(&json, "%s\n    {\"member\": %lld, \"failure\": \"%s\", \"message\": ", first ? "" : ",", (long long)i,
             hd_failure_text(study->member[i].failure));
    hd_json_text(&json, study->reason[i] ? study->reason[i] : "");
    hd_print(&json, ", \"command\": ");
    hd_json_text(&json, hd_text_of(&command));
    hd_print(&json, "}");
    hd_text_free(&command);
    first = false;
  }
  hd_print(&json, "%s]", first ? "" : "\n  ");
  if (job->convergence.length) hd_print(&json, ",\n  \"convergence\": %s", hd_text_of(&job->convergence));
  hd_print(&json, "\n}\n");
  cli_write(hd_text_of(&json), json.length);
  hd_text_free(&json);
}

/* -- the folder -------------------------------------------------------------------------------------------------------- */

static const char *const ours[] = {"journal",     "study.json", "plan.json",    "table.csv",  "study.h5",
                                   "report.html", "log.txt",    "converge.csv", "orders.csv", "progress.json"};
static const char *const our_folders[] = {"figures", "members"};

static int count_names(void *arg, const char *name) {
  (void)name;
  ++*(int *)arg;
  return 0;
}

/* What an earlier study left goes, unless another heddle is at work there. */
static hd_status clear(hd_ctx *ctx, const char *folder) {
  char path[HD_PATH_ROOM];
  int lock;
  if (hd_study_is_folder(ctx, folder)) {
    HD_TRY(hd_path_join(ctx, folder, "journal", path, sizeof path));
    HD_TRY(hd_file_open(ctx, path, true, &lock));
    int error = ctx->files.lock(ctx->files.self, lock, false);
    ctx->files.close(ctx->files.self, lock);
    if (error == -EWOULDBLOCK) return hd_raise(ctx, HD_ERR_FILE, "another heddle works on the study of %s", folder);
  }
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
    HD_TRY(hd_path_join(ctx, folder, ours[i], path, sizeof path));
    HD_TRY(hd_file_remove(ctx, path));
  }
  for (size_t i = 0; i < sizeof our_folders / sizeof *our_folders; i++) {
    HD_TRY(hd_path_join(ctx, folder, our_folders[i], path, sizeof path));
    HD_TRY(hd_folder_remove(ctx, path));
  }
  return HD_OK;
}

static bool may_enter(const sweep_job *job) {
  int count = 0;
  if (job->args->force || hd_study_is_folder(job->ctx, job->folder) || !hd_file_exists(job->ctx, job->folder))
    return true;
  job->ctx->files.list(job->ctx->files.self, job->folder, count_names, &count);
  if (!count) return true;
  cli_error("%s exists and holds something else", job->folder);
  cli_hint("--force begins a study in it, --output FOLDER writes elsewhere");
  return false;
}

static hd_status write_origin(const sweep_job *job, const char *const *words, int64_t count) {
  char path[HD_PATH_ROOM], identity[HD_HASH_HEX];
  hd_text json;
  HD_TRY(hd_path_join(job->ctx, job->folder, "study.json", path, sizeof path));
  if (hd_file_exists(job->ctx, path)) return HD_OK;
  hd_hash_hex(&job->study->identity, identity);
  hd_text_init(&json, job->ctx);
  hd_print(&json, "{\n  \"format\": 1,\n  \"identity\": \"%s\",\n  \"file\": ", identity);
  hd_json_text(&json, job->file);
  hd_print(&json, ",\n  \"members\": %lld,\n  \"words\": [", (long long)job->study->count);
  for (int64_t i = 0; i < count; i++) {
    if (i) hd_print(&json, ", ");
    hd_json_text(&json, words[i]);
  }
  hd_print(&json, "]\n}\n");
  hd_status status = hd_text_status(&json);
  if (status == HD_OK) status = hd_file_write(job->ctx, path, hd_text_of(&json), json.length, false);
  hd_text_free(&json);
  return status;
}

/* -- the study --------------------------------------------------------------------------------------------------------- */

static bool wants_figures(const sweep_job *job) {
  const hd_common *common = &job->study->base->common;
  return !job->args->no_figures && (common->figures_kind == 0 || common->figures.count > 0);
}

/* Figures and report wait for the end of the study; what is there is tabulated in any case. */
static hd_status write_outcome(const sweep_job *job, bool whole, const char **files) {
  cli_outcome what = {.tables = true, .figures = whole && wants_figures(job), .report = whole};
  bool drawn;
  HD_TRY(cli_study_write(job->study, job->file, job->args, job->folder, &what, &drawn));
  *files = drawn   ? "table.csv, study.h5, report.html, figures"
           : whole ? "table.csv, study.h5, report.html"
                   : "table.csv, study.h5";
  return HD_OK;
}

static bool has_report(const sweep_job *job) {
  char path[HD_PATH_ROOM];
  return hd_path_join(job->ctx, job->folder, "report.html", path, sizeof path) == HD_OK &&
         hd_file_exists(job->ctx, path);
}

static void log_end(const sweep_job *job, hd_status status, double seconds) {
  const hd_study *study = job->study;
  for (int64_t i = 0; i < study->count; i++)
    if (study->member[i].state == HD_MEMBER_FAILED)
      hd_log_line(job->ctx, HD_LOG_INFO, "member %lld failed (%s): %s", (long long)i,
                  hd_failure_text(study->member[i].failure), study->reason[i] ? study->reason[i] : "");
  hd_log_line(job->ctx, HD_LOG_INFO, "%lld of %lld members done, %lld failed, %lld computed in %.3g s: %s",
              (long long)study->done, (long long)study->mine, (long long)study->failed, (long long)study->computed,
              seconds, hd_status_text(status));
}

static int end_study(sweep_job *job, hd_status status, double seconds, bool nothing_to_do) {
  int exit_code = hd_status_exit_code(status);
  const char *files = "table.csv";
  hd_problem problem;
  cli_study_progress_end(&job->progress, job->study);
  hd_problem_take(job->ctx, &problem);
  bool whole = (status == HD_OK || status == HD_ERR_LIMIT) && !(nothing_to_do && has_report(job));
  log_end(job, status, seconds);
  hd_status written = write_outcome(job, whole, &files);
  if (written == HD_OK && status == HD_OK && hd_converge_is(job->study))
    written = cli_converge_leave(job->study, job->args, &job->convergence);
  if (status != HD_OK && status != HD_STOPPED) {
    hd_problem_put(job->ctx, &problem);
    exit_code = cli_fail(job->ctx, status);
  } else if (written != HD_OK) {
    exit_code = cli_fail(job->ctx, written);
  } else if (status == HD_OK && job->study->failed) {
    exit_code = hd_status_exit_code(HD_ERR_NUMERIC);
  }
  say_done(job, seconds, nothing_to_do, files);
  say_failures(job);
  if (status == HD_STOPPED) cli_hint("heddle resume %s goes on from there", job->folder);
  if (job->args->json)
    print_json(job, seconds, status == HD_OK ? "complete" : status == HD_STOPPED ? "stopped" : "broken");
  return exit_code;
}

static hd_status open_study(sweep_job *job) {
  const char *const *words;
  int64_t count;
  hd_study_options options = {.folder = job->folder,
                              .command = "/proc/self/exe",
                              .workers = job->args->workers,
                              .shard = job->args->shard,
                              .shards = job->args->shards,
                              .afresh = job->args->force || cli_is_asked("HEDDLE_AFRESH"),
                              .stop = cli_stop_flag(),
                              .keep_results = job->args->keep || job->spec.over.count > 0,
                              .progress = cli_study_progress_show,
                              .progress_self = &job->progress};
  const char *progress = job->args->progress ? job->args->progress : "line";
  job->progress = (cli_study_progress){.folder = job->folder};
  job->progress.json = !strcmp(progress, "json");
  job->progress.line = !strcmp(progress, "line") && cli_is_terminal() && !job->args->quiet && !job->args->json;
  options.isolate = cli_isolation(job->args);
  HD_TRY(cli_study_words(&job->arena, job->args, job->spec.over.count > 0, &words, &count));
  HD_TRY(hd_study_open(job->ctx, job->kase, &job->spec, &options, words, count, &job->study));
  return write_origin(job, words, count);
}

static int say_what_would_be_done(sweep_job *job) {
  hd_members *members;
  hd_status status = hd_members_new(job->kase, &job->spec, &members);
  if (status != HD_OK) return cli_fail(job->ctx, status);
  cli_say("would compute %lld members of %s into %s", (long long)hd_members_count(members), job->file, job->folder);
  hd_members_free(members);
  return 0;
}

static int compute(sweep_job *job) {
  double began = job->ctx->clock.steady_s(job->ctx->clock.self);
  bool was_there = hd_study_is_folder(job->ctx, job->folder);
  hd_status status = open_study(job);
  if (status != HD_OK) {
    int exit_code = cli_fail(job->ctx, status);
    if (status == HD_ERR_INPUT && was_there) cli_hint("--force begins anew, --output FOLDER writes elsewhere");
    return exit_code;
  }
  cli_log log;
  hd_text command;
  int64_t waiting = hd_study_left(job->study);
  cli_log_open(&log, job->ctx, job->folder, was_there);
  hd_text_init(&command, job->ctx);
  cli_study_command(&command, hd_converge_is(job->study) ? "converge" : "sweep", job->file, job->args);
  hd_log_line(job->ctx, HD_LOG_INFO, "heddle %s: %s: %lld members, %lld to be computed", hd_version(),
              hd_text_of(&command), (long long)job->study->mine, (long long)waiting);
  hd_text_free(&command);
  if (waiting) status = hd_study_run(job->study);
  int exit_code = end_study(job, status, job->ctx->clock.steady_s(job->ctx->clock.self) - began, waiting == 0);
  cli_log_close(&log);
  return exit_code;
}

/* Each command has its kind of study; resume goes on with any. */
static bool describes_asked(const sweep_job *job) {
  bool converges = job->spec.over.count > 0;
  if (job->kind == CLI_ANY_STUDY || converges == (job->kind == CLI_CONVERGENCE)) return true;
  if (converges) {
    cli_error("%s describes levels of convergence, no sweep", job->file);
    cli_hint("heddle converge %s", job->file);
  } else {
    cli_error("%s describes no levels of convergence", job->file);
    cli_hint("give it a group `converge`, or say --over road.cells=100,200,400 or the like");
  }
  return false;
}

static bool describes_study(const sweep_job *job) {
  const hd_study_spec *spec = &job->spec;
  if (spec->member_count || spec->members || spec->over.count || job->kind == CLI_CONVERGENCE)
    return describes_asked(job);
  cli_error("%s describes no study", job->file);
  cli_hint("give it a group `sweep`, or say --grid road.cells=100,200 or the like");
  return false;
}

static int emit(sweep_job *job) {
  hd_members *members;
  hd_status status = hd_members_new(job->kase, &job->spec, &members);
  if (status != HD_OK) return cli_fail(job->ctx, status);
  int exit_code = cli_emit(job->ctx, job->file, job->args, job->folder, hd_members_count(members));
  hd_members_free(members);
  return exit_code;
}

static int sweep_case(sweep_job *job) {
  if (!describes_study(job)) return hd_status_exit_code(HD_ERR_INPUT);
  if (job->args->emit) return emit(job);
  if (job->args->dry_run) return say_what_would_be_done(job);
  if (!may_enter(job)) return hd_status_exit_code(HD_ERR_INPUT);
  hd_status status = job->args->force ? clear(job->ctx, job->folder) : HD_OK;
  return status == HD_OK ? compute(job) : cli_fail(job->ctx, status);
}

static int sweep(sweep_job *job) {
  int exit_code;
  hd_arena_init(&job->arena, job->ctx);
  hd_text_init(&job->convergence, job->ctx);
  job->kase = cli_load_study(job->ctx, job->file, job->args, &job->spec, &exit_code);
  if (job->kase) exit_code = sweep_case(job);
  hd_text_free(&job->convergence);
  hd_study_close(job->study);
  hd_case_free(job->kase);
  hd_arena_free(&job->arena);
  return exit_code;
}

static void study_folder(const char *file, const char *output, char folder[HD_PATH_ROOM]) {
  cli_output_folder(file, output, folder, HD_PATH_ROOM);
  size_t length = strlen(folder);
  if (!output && length > 4 && length + 2 < HD_PATH_ROOM) memcpy(folder + length - 4, ".study", 7);
}

int cli_study_of(hd_ctx *ctx, const cli_args *args, cli_study_kind kind) {
  sweep_job job = {.ctx = ctx, .args = args, .file = args->argument[0], .kind = kind};
  study_folder(job.file, args->output, job.folder);
  return sweep(&job);
}

int cli_sweep(hd_ctx *ctx, const cli_args *args) { return cli_study_of(ctx, args, CLI_SWEEP_STUDY); }

/* How the study in a folder was begun, as the command line that began it. */
static hd_status read_origin(hd_arena *arena, const char *folder, const cli_args *given, cli_args *args,
                             hd_study_record *record) {
  char path[HD_PATH_ROOM];
  HD_TRY(hd_path_join(arena->ctx, folder, "journal", path, sizeof path));
  HD_TRY(hd_journal_read(arena->ctx, path, arena, record, NULL, NULL));
  if (!record->members)
    return hd_raise(arena->ctx, HD_ERR_INPUT, "%s holds a study that had not begun; heddle sweep begins it", folder);
  *args = *given;
  cli_study_args(record, args);
  return HD_OK;
}

int cli_resume_study(hd_ctx *ctx, const cli_args *given) {
  hd_arena arena;
  cli_args args;
  hd_study_record record;
  hd_arena_init(&arena, ctx);
  hd_status status = read_origin(&arena, given->argument[0], given, &args, &record);
  int exit_code;
  if (status == HD_OK) {
    sweep_job job = {.ctx = ctx, .args = &args, .file = record.file};
    snprintf(job.folder, sizeof job.folder, "%s", given->argument[0]);
    exit_code = sweep(&job);
  } else {
    exit_code = cli_fail(ctx, status);
  }
  hd_arena_free(&arena);
  return exit_code;
}

/* -- from what is there ------------------------------------------------------------------------------------------------ */

/* Opens the study of a folder without computing and does something with it. */
static int with_study(hd_ctx *ctx, const cli_args *given, const char *folder,
                      hd_status (*work)(sweep_job *job, const cli_args *given)) {
  hd_arena arena;
  cli_args args;
  hd_study_record record;
  int exit_code = 0;
  hd_arena_init(&arena, ctx);
  hd_status status = read_origin(&arena, folder, given, &args, &record);
  if (status != HD_OK) {
    exit_code = cli_fail(ctx, status);
    hd_arena_free(&arena);
    return exit_code;
  }
  sweep_job job = {.ctx = ctx, .args = &args, .file = record.file};
  snprintf(job.folder, sizeof job.folder, "%s", folder);
  hd_arena_init(&job.arena, ctx);
  job.kase = cli_load_study(ctx, job.file, &args, &job.spec, &exit_code);
  if (job.kase) {
    status = open_study(&job);
    if (status == HD_OK) status = work(&job, given);
    exit_code = status == HD_OK ? 0 : cli_fail(ctx, status);
  }
  hd_study_close(job.study);
  hd_case_free(job.kase);
  hd_arena_free(&job.arena);
  hd_arena_free(&arena);
  return exit_code;
}

/* The table goes beside the journal or into --output. */
static hd_status export_table(sweep_job *job, const cli_args *given) {
  char path[HD_PATH_ROOM];
  const char *output = given->output ? given->output : job->folder;
  HD_TRY(hd_folder_make(job->ctx, output));
  HD_TRY(hd_path_join(job->ctx, output, "table.csv", path, sizeof path));
  HD_TRY(hd_study_write_table(job->study, path));
  cli_say("%s: %lld members, %lld of them done", path, (long long)job->study->mine, (long long)job->study->done);
  return HD_OK;
}

int cli_export_study(hd_ctx *ctx, const cli_args *given) {
  if (!given->format || strcmp(given->format, "csv")) {
    cli_error("a study is exported as csv: --format csv");
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  return with_study(ctx, given, given->argument[0], export_table);
}

static hd_status draw(sweep_job *job, const cli_args *given) {
  cli_outcome what = {.tables = true, .figures = true, .report = true, .figure_count = given->figures};
  bool drawn;
  if (given->figures) what.figure = given->figure;
  HD_TRY(cli_study_write(job->study, job->file, job->args, job->folder, &what, &drawn));
  cli_say("%s: table.csv, study.h5, report.html%s", job->folder, drawn ? ", figures" : "");
  if (!drawn) cli_hint("no pictures: gnuplot, which draws them, was not found or failed, or there is nothing to show");
  return HD_OK;
}

static hd_status tell(sweep_job *job, const cli_args *given) {
  cli_outcome what = {.report = true};
  bool drawn;
  (void)given;
  HD_TRY(cli_study_write(job->study, job->file, job->args, job->folder, &what, &drawn));
  cli_say("%s/report.html", job->folder);
  return HD_OK;
}

static hd_status leave(sweep_job *job, const cli_args *given) {
  const char *files;
  HD_TRY(write_outcome(job, true, &files));
  if (!given->quiet) cli_say("results in %s: %s", job->folder, files);
  return HD_OK;
}

int cli_present_study(hd_ctx *ctx, const cli_args *args, const char *folder, cli_presenting how) {
  return with_study(ctx, args, folder, how == CLI_PLOT ? draw : how == CLI_REPORT ? tell : leave);
}
