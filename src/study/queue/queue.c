#include "study/queue/queue.h"

#include "study/queue/costs.h"
#include "study/study_inside.h"

#include <stdlib.h>

enum { LOOK_AHEAD = 64 }; /* how far a member may overtake those that do not fit */

/* Limits are read again when they are so old; those that ask for little can wait longer. */
static const double stale_s = 0.02, stale_small_s = 1.0, small = 0.25;

/* -- making it --------------------------------------------------------------------------------------------------------- */

/* Longest first, then by number. */
static int compare(const void *a, const void *b) {
  const hd_waiting *x = a, *y = b;
  return x->cost_s > y->cost_s ? -1 : x->cost_s < y->cost_s ? 1 : x->member < y->member ? -1 : 1;
}

static void sort(hd_queue *q) {
  for (int64_t k = 1; k < q->count; k++) {
    if (compare(&q->at[k - 1], &q->at[k]) < 0) continue;
    qsort(q->at, (size_t)q->count, sizeof *q->at, compare);
    return;
  }
}

static hd_status put(hd_queue *q, hd_pile *pile, int64_t member) {
  void *at = pile->at;
  HD_TRY(hd_memory_grow(q->study->ctx, &at, &pile->room, (size_t)pile->count + 1, sizeof *pile->at));
  pile->at = at;
  pile->at[pile->count++] = member;
  return HD_OK;
}

hd_status hd_queue_make(hd_study *study, hd_queue *q) {
  void *memory;
  int64_t left = 0;
  *q = (hd_queue){.study = study};
  for (int64_t i = 0; i < study->count; i++) left += hd_study_is_left(study, i);
  HD_TRY(hd_arena_take(&study->arena, sizeof(hd_waiting) * (size_t)(left + 1), &memory));
  q->at = memory;
  HD_TRY(hd_costs_find(study, left));
  for (int64_t i = 0; i < study->count && !hd_study_stop_asked(study); i++) {
    if (!hd_study_is_left(study, i)) continue;
    if (study->member[i].same_as >= 0) continue;
    study->cost_left_s += study->member[i].cost_s;
    if (study->member[i].failure == HD_FAILURE_MEMORY) HD_TRY(put(q, &q->alone, i)); /* in an earlier attempt */
    else q->at[q->count++] = (hd_waiting){i, study->member[i].cost_s};
  }
  sort(q);
  return HD_OK;
}

static void free_pile(hd_queue *q, hd_pile *pile) {
  hd_memory_give(q->study->ctx, pile->at, pile->room * sizeof *pile->at);
  *pile = (hd_pile){0};
}

void hd_queue_free(hd_queue *q) {
  if (!q->study) return;
  free_pile(q, &q->back);
  free_pile(q, &q->alone);
}

/* -- admission --------------------------------------------------------------------------------------------------------- */

static double need_of(const hd_queue *q, int64_t member) {
  double predicted = q->study->member[member].memory;
  return predicted > 0 ? predicted : q->largest;
}

/* What is available now, and what those that run took of it already: that they took all they may need is not sure, so it
 * is never more than was available with nothing running. */
static void read_limits(hd_queue *q, double now) {
  hd_limits limits = hd_limits_read(q->study->ctx);
  double available = (double)limits.available;
  if (q->study->running == 0 || available > q->idle) q->idle = available;
  q->fits = available + q->reserved < q->idle ? available + q->reserved : q->idle;
  q->read_s = now;
}

/* One at a time always goes: whether a member is possible at all, its run says. */
static bool fits(hd_queue *q, int64_t member) {
  double wanted = q->reserved + need_of(q, member), now = hd_study_now_s(q->study), age = now - q->read_s;
  if (q->read_s == 0 || age > stale_small_s || (wanted > small * q->fits && age > stale_s)) read_limits(q, now);
  return q->study->running == 0 || q->fits <= 0 || wanted <= q->fits;
}

static bool took(hd_queue *q, int64_t member, int64_t *out) {
  q->reserved += need_of(q, member);
  q->study->member[member].running = true;
  q->study->running++;
  *out = member;
  return true;
}

static bool take_back(hd_queue *q, int64_t *member) {
  for (int64_t k = q->back.count - 1; k >= 0 && k >= q->back.count - LOOK_AHEAD; k--) {
    int64_t i = q->back.at[k];
    if (!fits(q, i)) continue;
    q->back.at[k] = q->back.at[--q->back.count];
    return took(q, i, member);
  }
  return false;
}

static bool take_new(hd_queue *q, int64_t *member) {
  for (int64_t k = q->next; k < q->count && k < q->next + LOOK_AHEAD; k++) {
    int64_t i = q->at[k].member;
    if (i < 0 || !fits(q, i)) continue;
    q->at[k].member = -1;
    while (q->next < q->count && q->at[q->next].member < 0) q->next++;
    return took(q, i, member);
  }
  return false;
}

bool hd_queue_waits(const hd_queue *q) { return q->next < q->count || q->back.count > 0 || q->alone.count > 0; }

bool hd_queue_take(hd_queue *q, int64_t *member) {
  if (q->alone_runs) return false;
  if (take_back(q, member) || take_new(q, member)) return true;
  if (q->alone.count == 0 || q->study->running > 0) return false;
  q->alone_runs = true;
  return took(q, q->alone.at[--q->alone.count], member);
}

void hd_queue_leave(hd_queue *q, int64_t member, double need) {
  q->study->running--;
  q->study->member[member].running = false;
  q->alone_runs = false;
  q->reserved -= need_of(q, member);
  if (q->study->running == 0 || q->reserved < 0) q->reserved = 0; /* also where a need was learnt meanwhile */
  if (need > q->largest) q->largest = need;
}

hd_status hd_queue_return(hd_queue *q, int64_t member, bool alone) {
  return put(q, alone ? &q->alone : &q->back, member);
}
