/* The books (section 4.6): what entered, left and was added since the start, so that every entry of the ledger can say
 * what is missing. Time integrals are compensated sums (Neumaier, doi:10.1002/zamm.19740540106): 1e5 steps lose no digit.
 *
 * They live in state fields, so a resumed run goes on with the same bits.
 */
#ifndef TRAFFIC_LEDGER_H
#define TRAFFIC_LEDGER_H

#include "solvers/traffic/traffic.h"

/* Accounts: field `books`, [account][class]. Each sum is followed by its compensation. */
enum {
  BOOK_MASS_AT_START, BOOK_MARKER_AT_START,
  BOOK_IN, BOOK_IN_REST, BOOK_OUT, BOOK_OUT_REST,                      /* vehicles through the left and the right end */
  BOOK_MARKER_IN, BOOK_MARKER_IN_REST, BOOK_MARKER_OUT, BOOK_MARKER_OUT_REST,
  BOOK_SOURCE, BOOK_SOURCE_REST,                                       /* of y */
  BOOK_SEAM, BOOK_SEAM_REST,                                           /* vehicles past the seam of a ring */
  BOOK_TIME, BOOK_TIME_REST,                                           /* integral of the vehicles on the road, veh s */
  BOOK_MOMENT_AT_START,                                                /* sum of x rho dx, veh m */
  BOOK_FREE_MOMENT_AT_START,                                           /* the same with the time to x at free speed, veh s */
  BOOK_MASS_WORST, BOOK_MARKER_WORST,                                  /* largest residual met at an entry */
  BOOK_ACCOUNTS
};

/* Field `extremes`. */
enum {
  EXTREME_DENSITY_MIN, EXTREME_DENSITY_MAX, EXTREME_OCCUPANCY_MAX, EXTREME_SPEED_MIN, EXTREME_STEP_LENGTH, EXTREMES
};

/* Field `counts`. */
enum { COUNT_STEPS, COUNT_REPEATED, COUNT_FALLBACK, COUNT_CELL_STEPS, COUNT_FIXED_DONE, COUNTS };

/* Adds to a compensated sum; *rest is what *sum has lost. */
static inline void traffic_add(double *sum, double *rest, double value) {
  double total = *sum + value, larger = *sum >= 0 ? *sum : -*sum, smaller = value >= 0 ? value : -value;
  *rest += larger >= smaller ? (*sum - total) + value : (value - total) + *sum;
  *sum = total;
}

/* Opens the books: mass and y of the state at the start. */
hd_status traffic_ledger_open(hd_run *run);

/* One step of length dt: fluxes through the left and the right end, [class], and what the source added to y. */
void traffic_ledger_step(hd_run *run, double dt, const double *in, const double *out, const double *marker_in,
                         const double *marker_out, const double *source);

/* Writes the entry that is due. */
hd_status traffic_ledger_entry(hd_run *run);

/* Since the start, of one class: vehicles that left (on a ring: passed its seam), integral of the vehicles on the road
 * (veh s), and the way they have driven (veh m). */
double traffic_ledger_left(const hd_run *run, int class_index);
double traffic_ledger_time(const hd_run *run, int class_index);
double traffic_ledger_distance(const hd_run *run, int class_index);
/* The time that this way takes at the free speed of each place (veh s). The rest of the time is delay. */
double traffic_ledger_free_time(const hd_run *run, int class_index);

#endif
