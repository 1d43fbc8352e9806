/* heddle sweep FILE and heddle converge FILE, heddle resume FOLDER of a study, heddle export FOLDER of a study. */
#include "cli/study.h"

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
  double shown_s;
  bool line; /* there is one to clear */
  cli_study_kind kind;
  hd_text convergence; /* as JSON */
} sweep_job;

/* -- what people see --------------------------------------------------------------------------------------------------- */

static void print_time(char *text, size_t room, double seconds) {
  long s = (long)(seconds + 0.5);
  if (s < 60) snprintf(text, room, "%ld s", s);
  else if (s < 3600) snprintf(text, room, "%ld min %ld s", s / 60, s % 60);
  else snprintf(text, room, "%ld h %ld min", s / 3600, s % 3600 / 60);
}

static void show_progress(void *self, const hd_study *study) {
  sweep_job *job = self;
  double now = job->ctx->clock.steady_s(job->ctx->clock.self), passed = now - study->began_s;
  char left[64] = "", failed[48] = "";
  if (now - job->shown_s < 0.2) return;
  job->shown_s = now;
  int64_t waiting = study->mine - study->done - study->failed;
  if (passed > 1 && study->computed > 0 && waiting > 0) {
    char time[48];
    double more = study->cost_done_s > 0 ? passed * study->cost_left_s / study->cost_done_s
                                         : passed * (double)waiting / (double)study->computed;
    print_time(time, sizeof time, more > 0 ? more : 0);
    snprintf(left, sizeof left, ", about %s left", time);
  }
  if (study->failed) snprintf(failed, sizeof failed, ", %lld failed", (long long)study->failed);
  fprintf(stderr, "\r\033[K%lld of %lld members done%s, %lld running, %.3g/s%s", (long long)study->done,
          (long long)study->mine, failed, (long long)study->running,
          passed > 0 ? (double)study->computed / passed : 0.0, left);
  fflush(stderr);
  job->line = true;
}

static void clear_progress(sweep_job *job) {
  if (job->line) fprintf(stderr, "\r\033[K");
  job->line = false;
}

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

static void say_done(const sweep_job *job, double seconds, bool nothing_to_do) {
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
  cli_say("results in %s: table.csv", job->folder);
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

static const char *const ours[] = {"journal",     "study.json", "plan.json",    "table.csv", "study.h5",
                                   "report.html", "log.txt",    "converge.csv", "orders.csv"};
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

static hd_status write_table(const sweep_job *job) {
  char path[HD_PATH_ROOM];
  HD_TRY(hd_path_join(job->ctx, job->folder, "table.csv", path, sizeof path));
  return hd_study_write_table(job->study, path);
}

/* -- the study --------------------------------------------------------------------------------------------------------- */

static int end_study(sweep_job *job, hd_status status, double seconds, bool nothing_to_do) {
  int exit_code = hd_status_exit_code(status);
  clear_progress(job);
  hd_problem problem;
  hd_problem_take(job->ctx, &problem);
  hd_status written = write_table(job);
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
  say_done(job, seconds, nothing_to_do);
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
                              .progress_self = job,
                              .keep_results = job->spec.over.count > 0};
  bool terminal = cli_is_terminal() && !job->args->quiet && !job->args->json;
  if (terminal) options.progress = show_progress;
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
  int64_t waiting = hd_study_left(job->study);
  if (waiting) status = hd_study_run(job->study);
  return end_study(job, status, job->ctx->clock.steady_s(job->ctx->clock.self) - began, waiting == 0);
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

/* -- export ------------------------------------------------------------------------------------------------------------ */

/* Opens the study without computing; the table goes beside the journal or into --output. */
static int export_table(sweep_job *job, const char *output) {
  char path[HD_PATH_ROOM];
  int exit_code;
  hd_status status = HD_OK;
  hd_arena_init(&job->arena, job->ctx);
  job->kase = cli_load_study(job->ctx, job->file, job->args, &job->spec, &exit_code);
  if (job->kase) {
    status = open_study(job);
    if (status == HD_OK) status = hd_folder_make(job->ctx, output);
    if (status == HD_OK) status = hd_path_join(job->ctx, output, "table.csv", path, sizeof path);
    if (status == HD_OK) status = hd_study_write_table(job->study, path);
    exit_code = status == HD_OK ? 0 : cli_fail(job->ctx, status);
    if (status == HD_OK)
      cli_say("%s: %lld members, %lld of them done", path, (long long)job->study->mine, (long long)job->study->done);
  }
  hd_study_close(job->study);
  hd_case_free(job->kase);
  hd_arena_free(&job->arena);
  return exit_code;
}

int cli_export_study(hd_ctx *ctx, const cli_args *given) {
  const char *folder = given->argument[0];
  hd_arena arena;
  cli_args args;
  hd_study_record record;
  if (!given->format || strcmp(given->format, "csv")) {
    cli_error("a study is exported as csv: --format csv");
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  hd_arena_init(&arena, ctx);
  hd_status status = read_origin(&arena, folder, given, &args, &record);
  int exit_code;
  if (status == HD_OK) {
    sweep_job job = {.ctx = ctx, .args = &args, .file = record.file};
    snprintf(job.folder, sizeof job.folder, "%s", folder);
    exit_code = export_table(&job, given->output ? given->output : folder);
  } else {
    exit_code = cli_fail(ctx, status);
  }
  hd_arena_free(&arena);
  return exit_code;
}
