/* heddle check FILE...: errors, warnings and facts without running; memory that will not do. */
#include "cli/commands.h"
#include "run/plan.h"
#include "study/members/check.h"

static void print_facts(hd_ctx *ctx, const hd_case *kase) {
  hd_text facts;
  hd_text_init(&facts, ctx);
  hd_notes_print(&facts, kase->notes, HD_NOTE_FACT);
  cli_write(hd_text_of(&facts), facts.length);
  hd_text_free(&facts);
}

int cli_check(hd_ctx *ctx, const cli_args *args) {
  int worst = 0;
  hd_case_options options = cli_case_options(args);
  for (int i = 0; i < args->arguments; i++) {
    int exit_code;
    hd_case *kase = cli_load(ctx, args->argument[i], &options, args->json, &exit_code);
    if (exit_code > worst) worst = exit_code;
    if (!kase) continue;
    hd_plan_choice plan;
    hd_status planned = hd_study_described(kase) ? HD_OK : hd_plan_choose(kase, args->threads, &plan);
    int64_t warnings = hd_notes_count(kase->notes, HD_NOTE_WARNING);
    if (args->json) cli_json_of_case(ctx, kase, NULL);
    else print_facts(ctx, kase);
    if (planned != HD_OK) {
      exit_code = cli_fail(ctx, planned);
      if (exit_code > worst) worst = exit_code;
    } else if (!args->json)
      cli_say("%s: no errors, %lld warning%s", args->argument[i], (long long)warnings, warnings == 1 ? "" : "s");
    hd_case_free(kase);
  }
  return worst;
}
