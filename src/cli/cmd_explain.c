/* heddle explain FILE (a folder: explain_folder.c): the resolved case, the plan and what it will cost. */
#include "cli/study.h"
#include "run/plan.h"

static void print_plan(hd_text *out, const hd_case *kase, const hd_plan_choice *plan) {
  const hd_solver *solver = kase->solver;
  hd_print(out, "\n# plan\n");
  for (int d = 0; solver->dims && solver->dims[d].name && d < HD_PLAN_DIMS; d++)
    if (plan->size[d] > 0) hd_print(out, "#   %-12s %lld\n", solver->dims[d].name, (long long)plan->size[d]);
  for (int k = 0; solver->kernels && solver->kernels[k].name && k < HD_PLAN_KERNELS; k++)
    if (plan->work[k] > 0)
      hd_print(out, "#   %.3g %ss of %s\n", plan->work[k], solver->kernels[k].unit, solver->kernels[k].name);
  hd_print(out, "#   steps        about %.3g\n#   threads      %d of at most %lld useful\n", plan->plan.steps,
           plan->threads, (long long)(plan->plan.blocks > 0 ? plan->plan.blocks : 1));
  hd_print(out, "#   time         about %.3g s (%.3g s on one thread)%s\n", plan->predicted_s, plan->serial_s,
           plan->machine.measured ? "" : "; `heddle tune` makes this better");
  hd_print(out, "#   memory       about %.3g MB, stored rows %.3g MB\n", (double)plan->memory * 1e-6,
           (double)plan->rows * 1e-6);
}

static void print_json(hd_text *out, const hd_case *kase, const hd_plan_choice *plan, const char *scenario) {
  char identity[HD_HASH_HEX];
  hd_hash_hex(&kase->identity, identity);
  hd_print(out, "{\n  \"identity\": \"%s\",\n  \"steps\": ", identity);
  hd_json_number(out, plan->plan.steps);
  hd_print(out, ",\n  \"threads\": %d,\n  \"predicted_s\": ", plan->threads);
  hd_json_number(out, plan->predicted_s);
  hd_print(out, ",\n  \"memory_bytes\": %zu,\n  \"row_bytes\": %zu,\n  \"scenario\": ", plan->memory, plan->rows);
  hd_json_text(out, scenario);
  hd_print(out, "\n}\n");
}

int cli_explain(hd_ctx *ctx, const cli_args *args) {
  int exit_code;
  hd_file_info info;
  if (ctx->files.info(ctx->files.self, args->argument[0], &info) == 0 && info.folder)
    return cli_explain_folder(ctx, args->argument[0], args->json);
  hd_case_options options = cli_case_options(args);
  hd_case *kase = cli_load(ctx, args->argument[0], &options, args->json, &exit_code);
  if (!kase) return exit_code;
  hd_text scenario, out;
  hd_plan_choice plan;
  hd_text_init(&scenario, ctx);
  hd_text_init(&out, ctx);
  hd_status status = hd_case_print(kase, &scenario);
  if (status == HD_OK) status = hd_plan_choose(kase, args->threads, &plan);
  if (status == HD_OK) {
    if (args->json) print_json(&out, kase, &plan, hd_text_of(&scenario));
    else {
      hd_print(&out, "%s", hd_text_of(&scenario));
      print_plan(&out, kase, &plan);
    }
    status = hd_text_status(&out);
  }
  if (status == HD_OK) cli_write(hd_text_of(&out), out.length);
  else exit_code = cli_fail(ctx, status);
  hd_text_free(&out);
  hd_text_free(&scenario);
  hd_case_free(kase);
  return exit_code;
}
