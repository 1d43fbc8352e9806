/* heddle status FOLDER: what a study has finished, also while another heddle computes it. */
#include "cli/progress.h"
#include "cli/study.h"
#include "study/doing.h"

static int64_t mine(const hd_study_record *record) {
  int64_t shards = record->shards > 1 ? record->shards : 1;
  return record->members / shards + (record->shard < record->members % shards);
}

/* `line` and `progress`: what the heddle at work says of itself; "": nothing yet. */
static void say(const char *folder, const hd_study_glance *glance, bool running, const char *line,
                const hd_doing *doing) {
  int64_t total = mine(&glance->record), waiting = total - glance->done - glance->failed;
  cli_say("%s: %s", folder, glance->record.file);
  cli_say("%lld of %lld members done, %lld failed, %lld left; %.3g s of computing so far", (long long)glance->done,
          (long long)total, (long long)glance->failed, (long long)waiting, glance->seconds);
  if (glance->reused) cli_say("  %lld of them were computed by other studies", (long long)glance->reused);
  for (int f = 1; f <= HD_FAILURE_BUG; f++)
    if (glance->failure[f])
      cli_say("  failed: %lld, %s", (long long)glance->failure[f], hd_failure_text((hd_failure)f));
  if (running) cli_say("a heddle is at work on it%s%s", line[0] ? ": " : "", line);
  if (running && doing->why[0]) cli_say("  %s", doing->why);
  if (running && doing->waits[0]) cli_say("  a member waits though a worker is free: %s", doing->waits);
  else if (waiting) cli_hint("heddle resume %s goes on", folder);
}

static void print_json(hd_ctx *ctx, const char *folder, const hd_study_glance *glance, bool running,
                       const char *progress, const hd_doing *doing) {
  hd_text json;
  int64_t total = mine(&glance->record);
  hd_text_init(&json, ctx);
  hd_print(&json, "{\n  \"study\": ");
  hd_json_text(&json, folder);
  hd_print(&json, ",\n  \"file\": ");
  hd_json_text(&json, glance->record.file);
  hd_print(&json,
           ",\n  \"members\": %lld,\n  \"done\": %lld,\n  \"failed\": %lld,\n  \"waiting\": %lld,\n  \"running\": %s",
           (long long)total, (long long)glance->done, (long long)glance->failed,
           (long long)(total - glance->done - glance->failed), running ? "true" : "false");
  hd_print(&json, ",\n  \"reused\": %lld,\n  \"stages_built\": %lld,\n  \"stages_mapped\": %lld",
           (long long)glance->reused, (long long)glance->stages_built, (long long)glance->stages_mapped);
  bool first = true;
  hd_print(&json, ",\n  \"failures\": {");
  for (int f = 1; f <= HD_FAILURE_BUG; f++) {
    if (!glance->failure[f]) continue;
    hd_print(&json, "%s\"%s\": %lld", first ? "" : ", ", hd_failure_text((hd_failure)f), (long long)glance->failure[f]);
    first = false;
  }
  hd_print(&json, "},\n  \"seconds\": ");
  hd_json_number(&json, glance->seconds);
  hd_print(&json, ",\n  \"failures\": {");
  for (int f = 1, n = 0; f <= HD_FAILURE_BUG; f++)
    if (glance->failure[f])
      hd_print(&json, "%s\"%s\": %lld", n++ ? ", " : "", hd_failure_text((hd_failure)f), (long long)glance->failure[f]);
  hd_print(&json, "},\n  \"plan\": ");
  hd_json_text(&json, doing->why);
  hd_print(&json, ",\n  \"waits\": ");
  hd_json_text(&json, running ? doing->waits : "");
  if (progress[0]) hd_print(&json, ",\n  \"progress\": %s", progress);
  hd_print(&json, "\n}\n");
  cli_write(hd_text_of(&json), json.length);
  hd_text_free(&json);
}

int cli_status(hd_ctx *ctx, const cli_args *args) {
  const char *folder = args->argument[0];
  hd_arena arena;
  hd_study_glance glance;
  hd_arena_init(&arena, ctx);
  hd_status status = hd_study_is_folder(ctx, folder)
                         ? hd_study_look(&arena, folder, &glance)
                         : hd_raise(ctx, HD_ERR_INPUT, "%s holds no study of heddle: it has no journal", folder);
  int exit_code = 0;
  bool running = status == HD_OK && cli_is_computed(ctx, folder, "journal");
  hd_text line, progress;
  hd_text_init(&line, ctx);
  hd_text_init(&progress, ctx);
  if (running) cli_study_progress_read(ctx, folder, &line, &progress);
  hd_doing doing = {0};
  if (status != HD_OK || hd_doing_read(&arena, folder, &doing) != HD_OK) doing.why = doing.waits = "";
  if (status != HD_OK) exit_code = cli_fail(ctx, status);
  else if (args->json) print_json(ctx, folder, &glance, running, hd_text_of(&progress), &doing);
  else say(folder, &glance, running, hd_text_of(&line), &doing);
  hd_text_free(&line);
  hd_text_free(&progress);
  hd_arena_free(&arena);
  return exit_code;
}
