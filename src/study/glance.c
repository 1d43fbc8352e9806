/* A study seen from outside, without its scenario: what its journal says. */
#include "study/study.h"

typedef struct glancing {
  hd_arena *arena;
  hd_study_glance *glance;
  uint8_t *state; /* [members] */
  size_t room;
} glancing;

static hd_status glance_record(void *arg, const hd_member_record *record) {
  glancing *g = arg;
  hd_study_glance *glance = g->glance;
  if (!g->state) {
    void *memory;
    g->room = (size_t)glance->record.members;
    HD_TRY(hd_arena_take(g->arena, g->room + 1, &memory));
    g->state = memory;
  }
  if (record->member < 0 || (size_t)record->member >= g->room || g->state[record->member] == 1) return HD_OK;
  if (record->failure < 0 || record->failure > HD_FAILURE_BUG) return HD_OK;
  uint8_t *state = &g->state[record->member]; /* 0: waiting, 1: done, 2 + failure: failed */
  if (*state > 1) glance->failed--, glance->failure[*state - 2]--;
  *state = record->state == HD_MEMBER_DONE ? 1 : record->state == HD_MEMBER_FAILED ? (uint8_t)(2 + record->failure) : 0;
  bool reused = *state == 1 && record->reason[0];
  glance->done += *state == 1;
  glance->reused += reused;
  glance->stages_built += record->built;
  glance->stages_mapped += record->mapped;
  if (*state > 1) glance->failed++, glance->failure[*state - 2]++;
  if (!reused) glance->seconds += record->seconds;
  return HD_OK;
}

hd_status hd_study_look(hd_arena *arena, const char *folder, hd_study_glance *glance) {
  char path[HD_PATH_ROOM];
  glancing g = {.arena = arena, .glance = glance};
  *glance = (hd_study_glance){0};
  HD_TRY(hd_path_join(arena->ctx, folder, "journal", path, sizeof path));
  HD_TRY(hd_journal_read(arena->ctx, path, arena, &glance->record, glance_record, &g));
  if (!glance->record.members) return hd_raise(arena->ctx, HD_ERR_FILE, "%s holds a study that was not begun", folder);
  return HD_OK;
}

bool hd_study_is_folder(hd_ctx *ctx, const char *folder) {
  char path[HD_PATH_ROOM];
  return hd_path_join(ctx, folder, "journal", path, sizeof path) == HD_OK && hd_file_exists(ctx, path);
}

const char *hd_failure_text(hd_failure failure) {
  static const char *const text[] = {"none",          "impossible values", "not a number",     "out of time",
                                     "out of memory", "a signal",          "a program failed", "a file cannot be read",
                                     "a bug"};
  return failure >= 0 && failure <= HD_FAILURE_BUG ? text[failure] : "unknown";
}
