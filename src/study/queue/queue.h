/* Which member is computed next: longest first. A member starts only if its predicted memory fits beside those that run
 * already, in what the machine has left when it is asked; one at a time always goes. Members that come back go first;
 * members that ran out of memory go last, with nothing beside them.
 */
#ifndef HD_STUDY_QUEUE_H
#define HD_STUDY_QUEUE_H

#include "study/study.h"

typedef struct hd_waiting {
  int64_t member;
  float   cost_s;
} hd_waiting;

typedef struct hd_pile {
  int64_t *at;
  int64_t  count;
  size_t   room;
} hd_pile;

typedef struct hd_queue {
  hd_study   *study;
  hd_waiting *at;          /* [count], longest first */
  int64_t     next, count; /* before `next` all were taken */
  hd_pile     back, alone; /* came back; are to run alone */
  bool        alone_runs;
  double      reserved;    /* bytes predicted of those that run */
  double      fits;        /* bytes that all that run may be predicted to need; 0: not known */
  double      idle;        /* bytes that were available with nothing running */
  double      largest;     /* bytes of the largest member that ran: for those whose need was not predicted */
  double      read_s;      /* when `fits` was found */
} hd_queue;

/* Members that are left, with their predicted cost and memory as far as they are few enough to look at each. */
hd_status hd_queue_make(hd_study *study, hd_queue *q);
void      hd_queue_free(hd_queue *q);

bool hd_queue_waits(const hd_queue *q); /* some member does */

/* Takes the next member that may start now. false: none waits, or none fits beside those that run. */
bool      hd_queue_take(hd_queue *q, int64_t *member);
/* A member that was taken no longer runs. `need`: bytes that it was found to need, 0: not known. */
void      hd_queue_leave(hd_queue *q, int64_t member, double need);
/* It is to be taken again, at once or with nothing beside it. */
hd_status hd_queue_return(hd_queue *q, int64_t member, bool alone);

#endif
