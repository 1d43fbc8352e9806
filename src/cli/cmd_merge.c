/* heddle merge FOLDER... --output FOLDER: the parts of a study become one. */
#include "cli/study.h"
#include "study/journal/merge.h"

#include <string.h>

/* "3, 7-12, 40": the members that no part has, as far as they fit. */
static void print_missing(hd_text *out, const hd_merge_report *report) {
  int shown = 0;
  for (int64_t i = 0; i < report->study.members; i++) {
    if (report->there[i]) continue;
    int64_t last = i;
    while (last + 1 < report->study.members && !report->there[last + 1]) last++;
    if (++shown > 12) {
      hd_print(out, ", ...");
      return;
    }
    hd_print(out, last > i ? "%s%lld-%lld" : "%s%lld", shown > 1 ? ", " : "", (long long)i, (long long)last);
    i = last;
  }
}

static void say(hd_ctx *ctx, const cli_args *args, const hd_merge_report *report) {
  hd_text missing;
  if (!args->quiet)
    cli_say("%s: %lld of %lld members done, %lld failed, %lld missing; %lld came from %d part%s", args->output,
            (long long)report->done, (long long)report->study.members, (long long)report->failed,
            (long long)report->missing, (long long)report->added, args->arguments, args->arguments == 1 ? "" : "s");
  if (!report->missing) return;
  hd_text_init(&missing, ctx);
  print_missing(&missing, report);
  cli_warning("no part has these members: %s", hd_text_of(&missing));
  cli_hint("merge the parts that have them too, or let heddle resume %s compute them", args->output);
  hd_text_free(&missing);
}

static void print_json(hd_ctx *ctx, const cli_args *args, const hd_merge_report *report) {
  hd_text json;
  bool first = true;
  hd_text_init(&json, ctx);
  hd_print(&json, "{\n  \"study\": ");
  hd_json_text(&json, args->output);
  hd_print(
      &json, ",\n  \"members\": %lld,\n  \"done\": %lld,\n  \"failed\": %lld,\n  \"added\": %lld,\n  \"missing\": [",
      (long long)report->study.members, (long long)report->done, (long long)report->failed, (long long)report->added);
  for (int64_t i = 0; i < report->study.members; i++) {
    if (report->there[i]) continue;
    hd_print(&json, first ? "%lld" : ", %lld", (long long)i);
    first = false;
  }
  hd_print(&json, "]\n}\n");
  cli_write(hd_text_of(&json), json.length);
  hd_text_free(&json);
}

/* Tables, figures and report are made from the scenario, which may be on another machine. */
static int make_outcome(hd_ctx *ctx, const cli_args *args, const hd_merge_report *report) {
  cli_args plain = {.member = -1, .quiet = args->quiet || args->json, .no_figures = args->no_figures};
  if (hd_file_exists(ctx, report->study.file)) return cli_present_study(ctx, &plain, args->output, CLI_LEAVE);
  cli_warning("the scenario %s is not here, so that tables, figures and report are not made", report->study.file);
  cli_hint("heddle plot %s makes them where the scenario is", args->output);
  return 0;
}

int cli_merge(hd_ctx *ctx, const cli_args *args) {
  hd_arena arena;
  hd_merge_report report;
  if (!args->output) {
    cli_error("where shall the study be?");
    cli_hint("heddle merge %s ... --output FOLDER", args->argument[0]);
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  hd_arena_init(&arena, ctx);
  hd_status status = hd_study_merge(&arena, args->argument, args->arguments, args->output, &report);
  int exit_code = status == HD_OK ? make_outcome(ctx, args, &report) : cli_fail(ctx, status);
  if (status == HD_OK) {
    if (args->json) print_json(ctx, args, &report);
    say(ctx, args, &report);
    if (!exit_code && report.failed) exit_code = hd_status_exit_code(HD_ERR_NUMERIC);
    if (!exit_code && report.missing) exit_code = hd_status_exit_code(HD_STOPPED);
  }
  hd_arena_free(&arena);
  return exit_code;
}
