/* When the rows of one dimension are due. Positions are on the solver's axis; steps are counted in integers.
 *
 * Due position k is a product, never a sum of steps; both ends are always included; rows that coincide are one row. Where
 * a solver's steps do not land on a due position (fixed steps), the row is taken after the step that reaches it.
 */
#ifndef HD_RUN_SCHEDULE_H
#define HD_RUN_SCHEDULE_H

#include "heddle/solver.h"

typedef struct hd_due {
  const hd_schedule *schedule; /* NULL: never */
  double start, end;
  int64_t next; /* index of the next due position that was not taken */
} hd_due;

/* The next due position not yet taken; the end of the axis when only that is left. */
double hd_due_position(const hd_due *due);

/* Whether a row is due at this position after so many steps. `last`: the run is done here. */
bool hd_due_now(const hd_due *due, double at, int64_t steps, bool last);

/* Marks everything up to this position as taken. */
void hd_due_taken(hd_due *due, double at);

/* How many rows this makes in all, at most; steps: the predicted number of steps. */
int64_t hd_due_count(const hd_due *due, double steps);

#endif
