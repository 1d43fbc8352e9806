/* Loading a case for a command, and what all commands do with output folders. */
#include "cli/commands.h"
#include "run/plan.h"
#include "study/members/check.h"

#include <string.h>

static void show(hd_ctx *ctx, hd_notes *notes, hd_note_level level) {
  hd_text text;
  if (!hd_notes_count(notes, level)) return;
  hd_text_init(&text, ctx);
  hd_notes_print(&text, notes, level);
  fputs(hd_text_of(&text), stderr);
  hd_text_free(&text);
}

hd_case *cli_load(hd_ctx *ctx, const char *file, const hd_case_options *options, bool json, int *exit_code) {
  hd_case *kase;
  hd_status status = hd_case_load(ctx, file, options, &kase);
  if ((status == HD_OK || status == HD_ERR_INPUT) && kase && kase->params) {
    hd_status study = hd_study_check(kase);
    if (study != HD_OK) status = study;
  }
  bool wrong = kase && kase->notes && hd_notes_count(kase->notes, HD_NOTE_ERROR) > 0;
  *exit_code = 0;
  if (wrong) {
    *exit_code = hd_status_exit_code(HD_ERR_INPUT);
    if (json) cli_json_of_case(ctx, kase, NULL);
    else show(ctx, kase->notes, HD_NOTE_ERROR);
  } else if (status != HD_OK) {
    *exit_code = cli_fail(ctx, status);
  }
  if (*exit_code == 0) hd_plan_warn(kase, 0);
  if (!json && kase && kase->notes) show(ctx, kase->notes, HD_NOTE_WARNING);
  if (*exit_code == 0) return kase;
  hd_case_free(kase);
  return NULL;
}

void cli_output_folder(const char *file, const char *output, char *folder, size_t room) {
  const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file, *dot = strrchr(name, '.');
  if (output) snprintf(folder, room, "%s", output);
  else snprintf(folder, room, "%.*s.out", dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
}
