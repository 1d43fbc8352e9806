/* heddle explain FOLDER: the state of each member of a study and its reason, and why this plan was chosen; of a run, how far
 * it is. */
#include "cli/study.h"
#include "run/folder.h"
#include "study/doing.h"
#include "study/journal/views.h"

#include <errno.h>
#include <string.h>

bool cli_is_computed(hd_ctx *ctx, const char *folder, const char *lock) {
  char path[HD_PATH_ROOM];
  int handle;
  if (hd_path_join(ctx, folder, lock, path, sizeof path) != HD_OK || !hd_file_exists(ctx, path)) return false;
  if (hd_file_open(ctx, path, false, &handle) != HD_OK) return false;
  int error = ctx->files.lock(ctx->files.self, handle, false);
  ctx->files.close(ctx->files.self, handle);
  return error == -EWOULDBLOCK;
}

/* -- a study ----------------------------------------------------------------------------------------------------------- */

typedef struct explained {
  const char *folder;
  hd_study_record record;
  const hd_member_view *view;
  hd_doing doing;
  bool has_plan, computed;
} explained;

static bool is_running(const explained *e, int64_t member) {
  for (int64_t i = 0; e->computed && i < e->doing.members; i++)
    if (e->doing.member[i] == member) return true;
  return false;
}

static bool is_tried_again(const hd_member_view *view) {
  return view->attempts > 0 && view->failure != HD_FAILURE_NONE;
}

/* One word, and what there is to say about it. */
static const char *state_of(const explained *e, int64_t member) {
  const hd_member_view *view = &e->view[member];
  if (view->state == HD_MEMBER_DONE) return "done";
  if (view->state == HD_MEMBER_FAILED) return "failed";
  if (view->other_part) return "elsewhere";
  return is_running(e, member) ? "running" : "waiting";
}

static void print_failure(hd_text *out, const hd_member_view *view, bool whole) {
  size_t length = whole ? strlen(view->reason) : strcspn(view->reason, "\n");
  hd_print(out, "%s", hd_failure_text(view->failure));
  if (view->signal_or_exit && view->failure == HD_FAILURE_SIGNAL) hd_print(out, " (%d)", view->signal_or_exit);
  if (view->attempts > 1) hd_print(out, ", attempt %d", view->attempts);
  if (length) hd_print(out, ": %.*s", (int)length, view->reason);
}

static void print_reason(hd_text *out, const explained *e, int64_t member, bool whole) {
  const hd_member_view *view = &e->view[member];
  if (view->state == HD_MEMBER_DONE) {
    if (view->reason[0]) hd_print(out, "computed by the study %s", view->reason);
    else hd_print(out, "computed in %.3g s", view->seconds);
    if (view->failed_parts) hd_print(out, "; %lld of its parts failed", (long long)view->failed_parts);
  } else if (view->state == HD_MEMBER_FAILED) {
    print_failure(out, view, whole);
  } else if (view->other_part) {
    hd_print(out, "belongs to part %lld of %lld, this folder is part %lld", (long long)(member % e->record.shards) + 1,
             (long long)e->record.shards, (long long)e->record.shard + 1);
  } else if (is_running(e, member)) {
    hd_print(out, "attempt %d", view->attempts + 1);
  } else if (is_tried_again(view)) {
    hd_print(out, "is tried again: ");
    print_failure(out, view, whole);
  } else if (!e->computed) {
    hd_print(out, "nobody computes the study; heddle resume %s goes on", e->folder);
  } else if (e->doing.waits[0]) {
    hd_print(out, "%s", e->doing.waits);
  } else {
    hd_print(out, "all workers are busy");
  }
}

static void count_states(const explained *e, hd_text *out) {
  static const char *const names[] = {"done", "failed", "running", "waiting", "elsewhere"};
  int64_t count[5] = {0};
  for (int64_t i = 0; i < e->record.members; i++)
    for (int k = 0; k < 5; k++) count[k] += !strcmp(state_of(e, i), names[k]);
  for (int k = 0; k < 5; k++)
    if (count[k]) hd_print(out, ", %lld %s", (long long)count[k], names[k]);
}

static void print_text(hd_text *out, const explained *e) {
  hd_print(out, "# %s: %lld members", e->record.file, (long long)e->record.members);
  count_states(e, out);
  hd_print(out, "\n# plan: %s\n", e->has_plan ? e->doing.why : "none was made");
  hd_print(out, e->computed ? "# a heddle is at work on it\n" : "# nobody computes it now\n");
  for (int64_t i = 0; i < e->record.members; i++) {
    hd_print(out, "%-7lld %-9s ", (long long)i, state_of(e, i));
    print_reason(out, e, i, false);
    hd_print(out, "\n");
  }
}

static void print_member(hd_text *out, const explained *e, int64_t i) {
  const hd_member_view *view = &e->view[i];
  hd_text reason;
  hd_text_init(&reason, out->ctx);
  print_reason(&reason, e, i, true);
  hd_print(out, "%s\n    {\"member\": %lld, \"state\": \"%s\", \"attempts\": %d, \"seconds\": ", i ? "," : "",
           (long long)i, state_of(e, i), view->attempts);
  hd_json_number(out, view->seconds);
  hd_print(out, ", \"reason\": ");
  hd_json_text(out, hd_text_of(&reason));
  hd_print(out, "}");
  hd_text_free(&reason);
}

static void print_json(hd_text *out, const explained *e) {
  hd_print(out, "{\n  \"study\": ");
  hd_json_text(out, e->folder);
  hd_print(out, ",\n  \"file\": ");
  hd_json_text(out, e->record.file);
  hd_print(out, ",\n  \"running\": %s,\n  \"plan\": ", e->computed ? "true" : "false");
  if (e->has_plan) hd_json_text(out, e->doing.why);
  else hd_print(out, "null");
  hd_print(out, ",\n  \"members\": [");
  for (int64_t i = 0; i < e->record.members; i++) print_member(out, e, i);
  hd_print(out, "\n  ]\n}\n");
}

static hd_status explain_study(hd_arena *arena, const char *folder, bool json) {
  explained e = {.folder = folder, .computed = cli_is_computed(arena->ctx, folder, "journal")};
  hd_text out;
  HD_TRY(hd_study_views(arena, folder, &e.record, &e.view));
  e.doing.waits = "";
  e.has_plan = hd_doing_read(arena, folder, &e.doing) == HD_OK; /* news, which may be missing */
  hd_text_init(&out, arena->ctx);
  if (json) print_json(&out, &e);
  else print_text(&out, &e);
  hd_status status = hd_text_status(&out);
  if (status == HD_OK) cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  return status;
}

/* -- a run ------------------------------------------------------------------------------------------------------------- */

static int count_checkpoints(void *arg, const char *name) {
  *(int *)arg += !strncmp(name, "checkpoint-", 11);
  return 0;
}

static hd_status explain_run(hd_arena *arena, const char *folder, bool json) {
  hd_ctx *ctx = arena->ctx;
  hd_case_options options;
  const char *file;
  char path[HD_PATH_ROOM];
  int checkpoints = 0;
  hd_text out;
  HD_TRY(hd_folder_origin(arena, folder, &file, &options));
  HD_TRY(hd_path_join(ctx, folder, "result.h5", path, sizeof path));
  bool complete = hd_file_exists(ctx, path), computed = cli_is_computed(ctx, folder, "lock");
  ctx->files.list(ctx->files.self, folder, count_checkpoints, &checkpoints);
  const char *state = computed ? "running" : complete ? "complete" : "interrupted";
  hd_text_init(&out, ctx);
  if (json) {
    hd_print(&out, "{\n  \"run\": ");
    hd_json_text(&out, folder);
    hd_print(&out, ",\n  \"file\": ");
    hd_json_text(&out, file);
    hd_print(&out, ",\n  \"state\": \"%s\",\n  \"checkpoints\": %d\n}\n", state, checkpoints);
  } else {
    hd_print(&out, "# %s: a run of %s\n%s\n", folder, file, state);
    if (!computed && !complete)
      hd_print(&out, "# heddle resume %s goes on %s\n", folder,
               checkpoints ? "from its newest checkpoint" : "from its beginning: there is no checkpoint");
  }
  hd_status status = hd_text_status(&out);
  if (status == HD_OK) cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  return status;
}

int cli_explain_folder(hd_ctx *ctx, const char *folder, bool json) {
  hd_arena arena;
  hd_arena_init(&arena, ctx);
  hd_status status =
      hd_study_is_folder(ctx, folder) ? explain_study(&arena, folder, json) : explain_run(&arena, folder, json);
  int exit_code = status == HD_OK ? 0 : cli_fail(ctx, status);
  hd_arena_free(&arena);
  return exit_code;
}
