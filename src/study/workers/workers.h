/* Where members are computed: a table, so that threads, processes and the caller itself look the same to the study.
 *
 * The study's own thread calls all of these: it feeds numbers of members, collects records and writes the journal.
 */
#ifndef HD_STUDY_WORKERS_H
#define HD_STUDY_WORKERS_H

#include "study/study.h"

/* A finished attempt, with memory of its own. */
typedef struct hd_attempt {
  hd_member_record record; /* value and reason point into this struct's memory */
  hd_status        status; /* HD_OK, or HD_STOPPED: the member goes back to the queue; else the environment failed */
  hd_problem       problem;
  double          *values;
  char             reason[512];
} hd_attempt;

typedef struct hd_workers {
  const char *name;
  hd_status (*start)(hd_study *study, int count, void **self);
  int64_t (*room)(void *self);                                /* members it would take now */
  /* threads: as many as it may use; by_itself: nothing runs beside it, so it may take all memory there is */
  hd_status (*feed)(void *self, int64_t member, int attempt, int threads, bool by_itself);
  void (*widen)(void *self, int64_t member, int threads); /* another number from its next step on, if it still runs */
  /* The next finished attempt; waits up to wait_s for one. NULL: none yet. Valid until the next collect. */
  hd_status (*collect)(void *self, double wait_s, hd_attempt **out);
  /* Running members are to stop at their next safe point; those that wait come back, with HD_STOPPED. */
  void (*stop)(void *self);
  void (*end)(void *self);                                    /* what is running is abandoned; NULL is allowed */
} hd_workers;

/* Threads cannot be ended: what never comes to a safe point is waited for. Processes can, and a crash costs one of them. */
extern const hd_workers hd_workers_none;    /* in the calling thread, one after the other */
extern const hd_workers hd_workers_threads; /* threads of this process, each with a context of its own */
extern const hd_workers hd_workers_process; /* processes of the heddle binary, fed ahead */

#endif
