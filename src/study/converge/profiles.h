/* Fields of a result at one end of its run, as functions on their grids: what convergence compares.
 *
 * Compared are the real output fields that a run computes: with scheduled rows (of which the last is taken) or without rows,
 * with an axis beside the rows, on a grid that has positions (HD_COORD) if there are such fields at all. Left out are
 * positions, widths (HD_WIDTH), what follows from the scenario alone (HD_GIVEN), timings, products of stages, and exact_NAME,
 * which is the truth for NAME. Where the first axis has names, each name is a profile of its own: density@cars.
 */
#ifndef HD_STUDY_PROFILES_H
#define HD_STUDY_PROFILES_H

#include "io/result.h"
#include "study/members/grammar.h"

enum { HD_PROFILE_RANK = 4, HD_PROFILES_MOST = 256 };

typedef struct hd_profile_axis {
  const char   *dim;
  int64_t       size;
  const double *at;    /* position of each index; NULL: they have none */
  const double *width; /* length of each index; NULL: not stored */
  const char   *unit;  /* of both */
} hd_profile_axis;

typedef struct hd_profile {
  const char     *name, *unit; /* "density@cars" */
  int             rank;
  hd_profile_axis axis[HD_PROFILE_RANK];
  const double   *at; /* last axis fastest */
} hd_profile;

typedef enum hd_profile_which {
  HD_PROFILE_LAST,  /* the end of the run */
  HD_PROFILE_FIRST, /* its first row; fields without rows are left out */
  HD_PROFILE_EXACT  /* the last row of exact_NAME, under the name NAME */
} hd_profile_which;

typedef struct hd_profiles {
  hd_profile *at;
  int64_t     count;
  double      position; /* of the row on the solver's axis; not-a-number: not stored, or no rows */
} hd_profiles;

/* All lives in the arena; the result may be closed. */
hd_status hd_profiles_read(hd_arena *arena, const hd_solver *solver, const hd_result *result, hd_profile_which which,
                           hd_profiles *out);

const hd_profile *hd_profiles_find(const hd_profiles *profiles, const char *name); /* NULL: there is none */

/* `fine` on the grid of `coarse`, which must have the same axes: averages where whole numbers of its cells make a coarse cell,
 * values where every so many of its points is a coarse point; axes without positions must be equally long. HD_ERR_INPUT: the
 * grids do not fit, with the axis and both lengths. */
hd_status hd_profile_restrict(hd_arena *arena, const hd_profile *fine, const hd_profile *coarse, hd_profile *out);

/* || a - b || of two profiles on one grid. l1 = sum of |a - b| times the lengths of the cell along its axes, l2 the root of the
 * sum of squares times them; along an axis without positions, the mean. Elements where either is not-a-number (a class that
 * is absent) are left out and counted. */
double hd_profile_distance(const hd_profile *a, const hd_profile *b, hd_study_norm norm, int64_t *left_out);

/* The unit of that number, as text: "veh/m" over cells in m gives "veh" for l1. */
hd_status hd_profile_norm_unit(hd_arena *arena, const hd_profile *profile, hd_study_norm norm, const char **out);

#endif
