/* What a study is doing and why, for those who look from outside: FOLDER/plan.json, written whole at the start, then at most
 * once a second. It is no truth, only news: the journal says what is finished. */
#ifndef HD_STUDY_DOING_H
#define HD_STUDY_DOING_H

#include "study/study.h"

enum { HD_DOING_MOST = 256 }; /* running members that are named */

typedef struct hd_doing {
  int64_t     workers, cores;
  const char *isolate; /* "thread", "process", "none" */
  const char *why;     /* this plan: "4 workers, as many as cores; each member on one thread, longest first" */
  const char *waits;   /* why members wait though a worker is free: "for memory"; "": they do not */
  int64_t     member[HD_DOING_MOST], members; /* that run now */
} hd_doing;

/* Says in `doing` what the plan is and why; `why` has room for 200 bytes. */
void hd_doing_plan(const hd_study *study, const char *isolate, int workers, int64_t left, char why[200], hd_doing *doing);

/* Writes it with the members that run now. A folder that cannot be written is passed over. */
void hd_doing_write(const hd_study *study, hd_doing *doing);

/* HD_ERR_MISSING: there is none. Texts live in the arena. */
hd_status hd_doing_read(hd_arena *arena, const char *folder, hd_doing *doing);

#endif
