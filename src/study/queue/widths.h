/* The threads of the members that are running: which of them there are, how many cores they hold, and how many each may use
 * (spread.h decides). As long as members wait, each gets one core; a few are so long, or so few, that they get more.
 */
#ifndef HD_STUDY_WIDTHS_H
#define HD_STUDY_WIDTHS_H

#include "study/queue/queue.h"
#include "study/queue/spread.h"
#include "study/workers/workers.h"

typedef struct hd_width {
  int64_t          member;
  int              threads;
  bool             known;   /* `seen` holds what the cost model says of it */
  hd_spread_member seen;    /* cost_s: of the whole member */
  double           began_s;
} hd_width;

typedef struct hd_widths {
  hd_study *study;
  int       cores, workers;   /* workers: members at a time at most */
  hd_width *at;               /* [count] running, fed ahead among them */
  int64_t   count;
  size_t    room;
  int       used;             /* cores held */
  bool      wide;             /* some member has more than one */
  bool      changed;          /* a member began or ended since the cores were spread */
  int64_t   ended;            /* the last member that did */
  bool      any_ended;
  int64_t  *first;            /* [firsts] the members that begin with first_threads of their own */
  int      *first_threads;
  int       firsts;
} hd_widths;

/* For a queue that is made and not yet touched. */
hd_status hd_widths_begin(hd_widths *w, hd_study *study, const hd_queue *queue, int workers);
void      hd_widths_free(hd_widths *w);

bool      hd_widths_may_start(const hd_widths *w); /* another member, beside those that run */
hd_status hd_widths_started(hd_widths *w, int64_t member, int *threads);
void      hd_widths_ended(hd_widths *w, int64_t member);

/* No other member can start now: cores that nobody holds go to those that run. */
hd_status hd_widths_spread(hd_widths *w, const hd_workers *workers, void *team);

#endif
