/* heddle run FILE and heddle resume FOLDER: one run from start or checkpoint to its files. */
#include "cli/commands.h"
#include "cli/log_file.h"
#include "cli/progress.h"
#include "cli/study.h"
#include "run/folder.h"
#include "run/present.h"
#include "study/members/check.h"

#include <math.h>
#include <string.h>

/* What a run of the command carries along. */
typedef struct cli_job {
  hd_ctx *ctx;
  const cli_args *args;
  const hd_case_options *options;
  hd_case *kase;
  char folder[HD_PATH_ROOM], command[HD_PATH_ROOM + 64];
  bool resume;
} cli_job;

static void say_done(const cli_job *job, const hd_running *running, const hd_outcome *outcome, double seconds) {
  if (job->args->quiet) return;
  const hd_common *common = &job->kase->common;
  bool figures =
      job->kase->solver->figures && !job->args->no_figures && (common->figures_kind == 0 || common->figures.count > 0);
  cli_say("%s: done in %.3g s, %lld steps, %d thread%s%s",
          job->kase->common.title ? job->kase->common.title : job->kase->file, seconds, (long long)running->now.steps,
          running->plan.threads, running->plan.threads == 1 ? "" : "s",
          running->resumed ? ", resumed from a checkpoint" : "");
  cli_say("digest %s", outcome->digest);
  cli_say("results in %s: result.h5, report.html%s", job->folder, figures ? ", figures" : "");
}

static void say_failed_parts(const hd_running *running) {
  const hd_failed_part *part;
  int64_t count = hd_store_failed(running->run.store, &part);
  for (int64_t i = 0; i < count && i < 20; i++)
    cli_warning("%s %lld failed at %g: %s", running->solver->dims[part[i].dim].name, (long long)part[i].index,
                part[i].at, part[i].text);
  if (count > 20) cli_warning("and %lld more; all are in result.h5 and in the report", (long long)(count - 20));
}

static void say_warnings(const hd_running *running) {
  const hd_said *said;
  int64_t count = hd_store_warnings(running->run.store, &said);
  for (int64_t i = 0; i < count; i++) cli_warning("%s%s", said[i].text, said[i].times > 1 ? " (more than once)" : "");
}

static int finish(const cli_job *job, hd_running *running, double began) {
  hd_ctx *ctx = job->ctx;
  hd_outcome outcome;
  hd_status status = hd_running_finish(running);
  if (status == HD_OK) status = hd_outcome_collect(running, &outcome);
  if (status != HD_OK) return cli_fail(ctx, status);
  hd_write_options write = {.figures = !job->args->no_figures, .durable = true, .command = job->command};
  status = hd_outcome_write(running, &outcome, &write, job->folder);
  if (status == HD_OK) status = hd_folder_complete(ctx, job->folder);
  int exit_code = status == HD_OK ? 0 : cli_fail(ctx, status);
  if (status == HD_OK) {
    say_done(job, running, &outcome, ctx->clock.steady_s(ctx->clock.self) - began);
    say_warnings(running);
    say_failed_parts(running);
    if (job->args->json) status = cli_json_of_run(running, &outcome);
    if (status != HD_OK) exit_code = cli_fail(ctx, status);
    if (outcome.failed_parts) exit_code = hd_status_exit_code(HD_ERR_NUMERIC);
  }
  hd_outcome_free(&outcome);
  return exit_code;
}

static int compute(const cli_job *job) {
  hd_ctx *ctx = job->ctx;
  cli_progress progress = {0};
  hd_running *running;
  double began = ctx->clock.steady_s(ctx->clock.self);
  bool terminal = cli_is_terminal() && !job->args->quiet && !job->args->json;
  hd_running_options options = {.threads = job->args->threads,
                                .folder = job->folder,
                                .resume = job->resume,
                                .checkpoint_every_s = job->args->checkpoint_s,
                                .checkpoint_every_steps = job->args->checkpoint_steps,
                                .stop = cli_stop_flag(),
                                .progress = terminal ? cli_progress_show : NULL,
                                .progress_self = &progress};
  hd_status status = hd_running_new(job->kase, &options, &running);
  if (status == HD_OK && running->resumed)
    hd_log_line(ctx, HD_LOG_INFO, "resumed after step %lld", (long long)running->now.steps);
  if (status == HD_OK) status = hd_running_advance(running, INFINITY);
  cli_progress_clear(&progress);
  int exit_code = hd_status_exit_code(status);
  if (status == HD_OK) {
    exit_code = finish(job, running, began);
  } else if (status == HD_STOPPED) {
    cli_say("%s", hd_ctx_message(ctx));
    cli_hint("heddle resume %s goes on from there", job->folder);
  } else {
    exit_code = cli_fail(ctx, status);
    cli_hint("%s repeats it", job->command);
  }
  hd_running_free(running);
  return exit_code;
}

/* -- the folder ------------------------------------------------------------------------------------------------------ */

/* Whether to go on in the folder, and how. *exit_code says why not. */
static bool enter(cli_job *job, int *exit_code) {
  hd_folder_state state;
  hd_status status = hd_folder_look(job->ctx, job->folder, &job->kase->identity, &state);
  *exit_code = 0;
  if (status != HD_OK) {
    *exit_code = cli_fail(job->ctx, status);
    return false;
  }
  if (job->args->force && !job->resume) return true;
  if (state == HD_FOLDER_COMPLETE) {
    if (!job->args->quiet) cli_say("%s holds this run already, complete; --force computes it again", job->folder);
    if (job->args->json) status = cli_json_of_stored(job->ctx, job->kase, job->folder);
    if (status != HD_OK) *exit_code = cli_fail(job->ctx, status);
    return false;
  }
  if (state == HD_FOLDER_OTHER) {
    if (job->resume) {
      cli_error("the scenario of %s is another one than when the run was begun", job->folder);
      cli_hint("heddle run %s --force begins anew", job->kase->file);
    } else {
      cli_error("%s exists and holds something else", job->folder);
      cli_hint("--force replaces it, --output FOLDER writes elsewhere");
    }
    *exit_code = hd_status_exit_code(HD_ERR_INPUT);
    return false;
  }
  if (state == HD_FOLDER_INCOMPLETE) job->resume = true;
  return true;
}

static int run_in_folder(cli_job *job) {
  int exit_code, lock;
  cli_log log;
  if (!enter(job, &exit_code)) return exit_code;
  hd_status status = hd_folder_begin(job->ctx, job->folder, job->kase, job->options, !job->resume, &lock);
  if (status != HD_OK) return cli_fail(job->ctx, status);
  cli_log_open(&log, job->ctx, job->folder, job->resume);
  hd_log_line(job->ctx, HD_LOG_INFO, "heddle %s: %s", hd_version(), job->command);
  exit_code = compute(job);
  hd_log_line(job->ctx, HD_LOG_INFO, "exit code %d", exit_code);
  cli_log_close(&log);
  hd_folder_leave(job->ctx, lock);
  return exit_code;
}

static int say_what_would_be_done(const cli_job *job) {
  hd_plan_choice plan;
  hd_status status = hd_plan_choose(job->kase, job->args->threads, &plan);
  if (status != HD_OK) return cli_fail(job->ctx, status);
  cli_say("would compute %s with %d thread%s into %s: about %.3g s, %.3g MB of memory", job->kase->file, plan.threads,
          plan.threads == 1 ? "" : "s", job->folder, plan.predicted_s, (double)plan.memory * 1e-6);
  return 0;
}

static void describe_command(cli_job *job, const char *file) {
  int n = snprintf(job->command, sizeof job->command, "heddle run %s", file);
  for (int i = 0; i < job->args->plugins && n > 0 && (size_t)n < sizeof job->command; i++)
    n += snprintf(job->command + n, sizeof job->command - (size_t)n, " --plugin '%s'", job->args->plugin[i]);
  for (int i = 0; i < job->options->set_count && n > 0 && (size_t)n < sizeof job->command; i++)
    n += snprintf(job->command + n, sizeof job->command - (size_t)n, " --set '%s'", job->options->set[i]);
}

static bool device_is_here(const char *device) {
  if (!device || !strcmp(device, "cpu")) return true;
  if (!strcmp(device, "auto")) {
    cli_say("--device auto: this build has no plug-in for a device; the CPU computes");
    return true;
  }
  cli_error("the device '%s' is not here: this build has no plug-in for it", device);
  cli_hint("--device cpu, or leave it out");
  return false;
}

static int run_job(cli_job *job, const char *file) {
  int exit_code;
  if (!device_is_here(job->args->device)) return hd_status_exit_code(HD_ERR_MISSING);
  job->kase = cli_load(job->ctx, file, job->options, job->args->json, &exit_code);
  if (!job->kase) return exit_code;
  describe_command(job, file);
  if (hd_study_described(job->kase) && !job->args->quiet && job->args->member < 0)
    cli_say("%s also describes a study; run computes its base case", file);
  exit_code = job->args->dry_run ? say_what_would_be_done(job) : run_in_folder(job);
  hd_case_free(job->kase);
  return exit_code;
}

/* One member of a study is the base case with the member's values as overrides. */
static int run_member(hd_ctx *ctx, const cli_args *given) {
  hd_study_spec spec;
  hd_arena arena;
  cli_args args = *given;
  int exit_code;
  hd_case *base = cli_load_study(ctx, args.argument[0], &args, &spec, &exit_code);
  if (!base) return exit_code;
  hd_arena_init(&arena, ctx);
  hd_status status = cli_member_sets(&arena, base, &spec, &args);
  hd_case_free(base);
  hd_case_options options = cli_case_options(&args);
  cli_job job = {.ctx = ctx, .args = &args, .options = &options};
  cli_output_folder(args.argument[0], args.output, job.folder, sizeof job.folder);
  size_t length = strlen(job.folder);
  if (!args.output && length > 4)
    snprintf(job.folder + length - 4, sizeof job.folder - length + 4, "-%lld.out", (long long)args.member);
  exit_code = status == HD_OK ? run_job(&job, args.argument[0]) : cli_fail(ctx, status);
  hd_arena_free(&arena);
  return exit_code;
}

int cli_run(hd_ctx *ctx, const cli_args *args) {
  hd_case_options options = cli_case_options(args);
  cli_job job = {.ctx = ctx, .args = args, .options = &options};
  if (args->member >= 0) return run_member(ctx, args);
  cli_output_folder(args->argument[0], args->output, job.folder, sizeof job.folder);
  return run_job(&job, args->argument[0]);
}

int cli_resume(hd_ctx *ctx, const cli_args *args) {
  hd_case_options options = {0};
  cli_job job = {.ctx = ctx, .args = args, .options = &options, .resume = true};
  const char *file;
  hd_arena arena;
  if (hd_study_is_folder(ctx, args->argument[0])) return cli_resume_study(ctx, args);
  snprintf(job.folder, sizeof job.folder, "%s", args->argument[0]);
  hd_arena_init(&arena, ctx);
  hd_status status = hd_folder_origin(&arena, job.folder, &file, &options);
  int exit_code = status == HD_OK ? run_job(&job, file) : cli_fail(ctx, status);
  hd_arena_free(&arena);
  return exit_code;
}
