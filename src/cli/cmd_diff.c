/* heddle diff A B: two results, field by field. Exit code 0: equal, 1: different. */
#include "cli/commands.h"
#include "run/compare.h"

#include <string.h>

static const char *const kinds[] = {"equal", "different", "shapes differ", "only in A", "only in B"};

static hd_status open_result(hd_ctx *ctx, const char *given, hd_result **out) {
  char path[HD_PATH_ROOM];
  hd_file_info info = {0};
  *out = NULL;
  ctx->files.info(ctx->files.self, given, &info);
  HD_TRY(hd_path_join(ctx, info.folder ? given : NULL, info.folder ? "result.h5" : given, path, sizeof path));
  if (!hd_file_exists(ctx, path)) return hd_raise(ctx, HD_ERR_INPUT, "there is no result %s", path);
  return hd_result_open(ctx, path, out);
}

static void print_text(hd_text *out, const hd_difference *d, int64_t count) {
  hd_print(out, "%-24s %-14s %12s %12s %12s\n", "field", "", "L1 (mean)", "L2 (rms)", "largest");
  for (int64_t i = 0; i < count; i++) {
    hd_print(out, "%-24s %-14s", d[i].field, kinds[d[i].kind]);
    if (d[i].kind <= HD_DIFFERENT) hd_print(out, " %12.4g %12.4g %12.4g", d[i].l1, d[i].l2, d[i].max);
    if (d[i].nan_differs) hd_print(out, "  (%lld not-a-number in one alone)", (long long)d[i].nan_differs);
    hd_print(out, "\n");
  }
}

static void print_json(hd_text *out, const hd_difference *d, int64_t count, bool equal) {
  hd_print(out, "{\n  \"equal\": %s,\n  \"fields\": {", equal ? "true" : "false");
  for (int64_t i = 0; i < count; i++) {
    hd_print(out, "%s\n    ", i ? "," : "");
    hd_json_text(out, d[i].field);
    hd_print(out, ": {\"state\": \"%s\", \"l1\": ", kinds[d[i].kind]);
    hd_json_number(out, d[i].l1);
    hd_print(out, ", \"l2\": ");
    hd_json_number(out, d[i].l2);
    hd_print(out, ", \"max\": ");
    hd_json_number(out, d[i].max);
    hd_print(out, "}");
  }
  hd_print(out, "\n  }\n}\n");
}

static hd_status compare(hd_arena *arena, const cli_args *args, hd_result *a, hd_result *b, int *exit_code) {
  hd_difference *d;
  int64_t count;
  bool equal = true;
  hd_text out;
  HD_TRY(hd_compare(arena, a, b, args->tolerance, &d, &count));
  for (int64_t i = 0; i < count; i++) equal = equal && d[i].kind == HD_EQUAL;
  hd_text_init(&out, arena->ctx);
  if (args->json) print_json(&out, d, count, equal);
  else print_text(&out, d, count);
  cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  if (!args->json) cli_say(equal ? "equal" : "different");
  *exit_code = equal ? 0 : 1;
  return HD_OK;
}

int cli_diff(hd_ctx *ctx, const cli_args *args) {
  hd_result *a = NULL, *b = NULL;
  hd_arena arena;
  int exit_code = 0;
  hd_arena_init(&arena, ctx);
  hd_status status = open_result(ctx, args->argument[0], &a);
  if (status == HD_OK) status = open_result(ctx, args->argument[1], &b);
  if (status == HD_OK) status = compare(&arena, args, a, b, &exit_code);
  if (status != HD_OK) exit_code = cli_fail(ctx, status);
  if (a) hd_result_close(a);
  if (b) hd_result_close(b);
  hd_arena_free(&arena);
  return exit_code;
}
