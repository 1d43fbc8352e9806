#include "study/journal/views.h"

#include <string.h>

typedef struct viewing {
  hd_arena *arena;
  hd_study_record *study;
  hd_member_view *view;
  const char *last; /* reason, for many members in a row that have the same */
} viewing;

static hd_status begin(viewing *v) {
  void *memory;
  int64_t shards = v->study->shards > 1 ? v->study->shards : 1;
  HD_TRY(hd_arena_take(v->arena, sizeof(hd_member_view) * (size_t)(v->study->members + 1), &memory));
  v->view = memory;
  for (int64_t i = 0; i < v->study->members; i++) {
    v->view[i].other_part = i % shards != v->study->shard;
    v->view[i].reason = "";
  }
  return HD_OK;
}

static hd_status keep(viewing *v, const char *reason, const char **out) {
  char *kept;
  *out = "";
  if (!reason || !reason[0]) return HD_OK;
  if (!v->last || strcmp(v->last, reason)) {
    HD_TRY(hd_arena_text(v->arena, reason, strlen(reason), &kept));
    v->last = kept;
  }
  *out = v->last;
  return HD_OK;
}

static hd_status on_record(void *arg, const hd_member_record *record) {
  viewing *v = arg;
  if (!v->view) HD_TRY(begin(v));
  if (record->member < 0 || record->member >= v->study->members) return HD_OK;
  hd_member_view *view = &v->view[record->member];
  if (view->state == HD_MEMBER_DONE) return HD_OK;
  view->state = record->state;
  view->failure = record->failure;
  view->attempts = record->attempt;
  view->signal_or_exit = record->signal_or_exit;
  view->seconds = record->seconds;
  view->failed_parts = record->failed_parts;
  return keep(v, record->reason, &view->reason);
}

hd_status hd_study_views(hd_arena *arena, const char *folder, hd_study_record *study, const hd_member_view **views) {
  viewing v = {.arena = arena, .study = study};
  char path[HD_PATH_ROOM];
  HD_TRY(hd_path_join(arena->ctx, folder, "journal", path, sizeof path));
  HD_TRY(hd_journal_read(arena->ctx, path, arena, study, on_record, &v));
  if (!study->members) return hd_raise(arena->ctx, HD_ERR_INPUT, "%s holds a study that was not begun", folder);
  if (!v.view) HD_TRY(begin(&v));
  *views = v.view;
  return HD_OK;
}
