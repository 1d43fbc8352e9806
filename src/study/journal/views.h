/* Each member of a study as its journal tells, without the scenario: for `heddle explain FOLDER`. */
#ifndef HD_STUDY_VIEWS_H
#define HD_STUDY_VIEWS_H

#include "study/journal/journal.h"

typedef struct hd_member_view {
  hd_member_state state;
  hd_failure      failure;  /* of the last attempt; also of a member that waits to be tried again */
  int             attempts, signal_or_exit;
  bool            other_part; /* belongs to another shard */
  double          seconds;
  int64_t         failed_parts;
  const char     *reason;   /* of the failure; or the study it was taken from; "" */
} hd_member_view;

/* views[study.members]; all that is returned lives in the arena. */
hd_status hd_study_views(hd_arena *arena, const char *folder, hd_study_record *study, const hd_member_view **views);

#endif
