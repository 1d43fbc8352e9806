/* Due positions of count, every, every_steps and list. */
#include "run/schedule.h"

#include <math.h>

static double sign_of(const hd_due *due) { return due->end < due->start ? -1.0 : 1.0; }

/* Whether `at` has come as far as `wanted`, in the direction of the run. */
static bool reached(const hd_due *due, double at, double wanted) { return sign_of(due) * at >= sign_of(due) * wanted; }

/* Due position k before the end; the end itself once past it. Not for every_steps. */
static double position(const hd_due *due, int64_t k) {
  const hd_schedule *s = due->schedule;
  double at = due->end;
  if (s->count > 1) at = due->start + (due->end - due->start) * ((double)k / (double)(s->count - 1));
  else if (s->every > 0) at = due->start + sign_of(due) * s->every * (double)k;
  else if (s->at_count > 0) {
    bool listed_start = s->at[0] == due->start;
    int64_t item = listed_start ? k : k - 1; /* the start is a row also where the list leaves it out */
    at = item < 0 ? due->start : item < s->at_count ? s->at[item] : due->end;
  }
  return reached(due, at, due->end) ? due->end : at;
}

static bool by_position(const hd_due *due) { return due->schedule && due->schedule->every_steps <= 0; }

double hd_due_position(const hd_due *due) { return by_position(due) ? position(due, due->next) : due->end; }

bool hd_due_now(const hd_due *due, double at, int64_t steps, bool last) {
  if (!due->schedule) return false;
  if (last) return true;
  return by_position(due) ? reached(due, at, position(due, due->next)) : steps % due->schedule->every_steps == 0;
}

void hd_due_taken(hd_due *due, double at) {
  if (!by_position(due)) return;
  while (reached(due, at, position(due, due->next)) && position(due, due->next) != due->end) due->next++;
}

int64_t hd_due_count(const hd_due *due, double steps) {
  const hd_schedule *s = due->schedule;
  if (!s) return 0;
  if (s->count > 0) return s->count;
  if (s->every > 0) return (int64_t)(fabs(due->end - due->start) / s->every) + 2;
  if (s->every_steps > 0) return (int64_t)(steps / (double)s->every_steps) + 2;
  return s->at_count + 2;
}
