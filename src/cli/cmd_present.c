/* heddle plot, report and export: from a stored result, without running anything. */
#include "cli/commands.h"
#include "run/present.h"
#include "study/study.h"

#include <string.h>

/* A result, the folder it lies in and the solver that made it. */
typedef struct stored {
  hd_solver_set *solvers;
  const hd_solver *solver;
  hd_result *result;
  char folder[HD_PATH_ROOM];
} stored;

static hd_status locate(hd_ctx *ctx, const char *given, char path[HD_PATH_ROOM], char folder[HD_PATH_ROOM]) {
  hd_file_info info;
  int error = ctx->files.info(ctx->files.self, given, &info);
  if (error < 0 || !info.exists) return hd_raise(ctx, HD_ERR_INPUT, "there is no result %s", given);
  if (!info.folder) {
    HD_TRY(hd_path_folder(ctx, given, folder, HD_PATH_ROOM));
    return hd_path_join(ctx, NULL, given, path, HD_PATH_ROOM);
  }
  HD_TRY(hd_path_join(ctx, NULL, given, folder, HD_PATH_ROOM));
  HD_TRY(hd_path_join(ctx, given, "result.h5", path, HD_PATH_ROOM));
  return hd_file_exists(ctx, path) ? HD_OK : hd_raise(ctx, HD_ERR_INPUT, "%s holds no result.h5", given);
}

static void leave(stored *from) {
  if (from->result) hd_result_close(from->result);
  hd_solver_set_free(from->solvers);
}

static hd_status enter(hd_ctx *ctx, const cli_args *args, const char *given, stored *from) {
  char path[HD_PATH_ROOM];
  *from = (stored){0};
  HD_TRY(locate(ctx, given, path, from->folder));
  HD_TRY(hd_solver_set_new(ctx, args->plugin, args->plugins, &from->solvers));
  HD_TRY(hd_result_open(ctx, path, &from->result));
  const char *name = hd_result_text(from->result, "", "solver");
  from->solver = name ? hd_solver_set_find(from->solvers, name) : NULL;
  if (from->solver) return HD_OK;
  return hd_raise(ctx, HD_ERR_MISSING, "%s was made by the solver '%s', which is not here; --plugin FILE.so brings it",
                  path, name ? name : "?");
}

static hd_status plot(hd_ctx *ctx, const cli_args *args, stored *from) {
  bool drawn;
  HD_TRY(hd_result_draw(ctx, from->solver, from->result, args->figures ? args->figure : NULL, args->figures,
                        HD_DRAW_SVG | HD_DRAW_PNG, from->folder, &drawn));
  if (drawn) cli_say("figures in %s/figures", from->folder);
  else cli_say("scripts and data in %s/figures; gnuplot, which draws them, was not found or failed", from->folder);
  return HD_OK;
}

static hd_status report(hd_ctx *ctx, const cli_args *args, stored *from) {
  (void)args;
  const char *file = hd_result_text(from->result, "provenance", "scenario_file");
  char command[HD_PATH_ROOM];
  snprintf(command, sizeof command, "heddle run %s", file ? file : "SCENARIO.yaml");
  HD_TRY(hd_result_report(ctx, from->solver, from->result, command, from->folder));
  cli_say("%s/report.html", from->folder);
  return HD_OK;
}

static hd_status export(hd_ctx *ctx, const cli_args *args, stored *from) {
  if (!args->format) return hd_raise(ctx, HD_ERR_INPUT, "export needs --format NAME");
  const char *folder = args->output ? args->output : from->folder;
  HD_TRY(hd_folder_make(ctx, folder));
  HD_TRY(hd_result_export(ctx, from->solver, from->result, args->format, folder));
  cli_say("result in format %s in %s", args->format, folder);
  return HD_OK;
}

static void on_warning(void *self, hd_log_level level, const char *text) {
  (void)self;
  if (level == HD_LOG_WARNING) cli_warning("%s", text);
}

static int for_each(hd_ctx *ctx, const cli_args *args, hd_status (*work)(hd_ctx *, const cli_args *, stored *)) {
  int worst = 0;
  ctx->log = (hd_listener){NULL, on_warning};
  for (int i = 0; i < args->arguments; i++) {
    stored from;
    if (work != export && hd_study_is_folder(ctx, args->argument[i])) {
      int code = cli_present_study(ctx, args, args->argument[i], work == plot ? CLI_PLOT : CLI_REPORT);
      if (code > worst) worst = code;
      continue;
    }
    hd_status status = enter(ctx, args, args->argument[i], &from);
    if (status == HD_OK) status = work(ctx, args, &from);
    int exit_code = status == HD_OK ? 0 : cli_fail(ctx, status);
    if (exit_code > worst) worst = exit_code;
    leave(&from);
  }
  return worst;
}

int cli_plot(hd_ctx *ctx, const cli_args *args) { return for_each(ctx, args, plot); }
int cli_report(hd_ctx *ctx, const cli_args *args) { return for_each(ctx, args, report); }
int cli_export(hd_ctx *ctx, const cli_args *args) {
  return hd_study_is_folder(ctx, args->argument[0]) ? cli_export_study(ctx, args) : for_each(ctx, args, export);
}
