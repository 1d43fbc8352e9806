/* What traffic_check.c, check_states.c and check_road.c share: one pass over decoded parameters that notes every error
 * with the path of the value, so that the caret stands under it.
 */
#ifndef TRAFFIC_CHECK_H
#define TRAFFIC_CHECK_H

#include "io/notes.h"
#include "solvers/traffic/traffic.h"

enum { CHECK_WHERE = 96 };

typedef struct check {
  traffic *t;
  hd_notes *notes;
  hd_ctx *ctx;
  traffic_model model;
  unsigned categories;       /* bit of each category on the road */
  double growth, wavelength; /* fastest wave on any state of the case, 1/s and m; NaN: none yet */
  hd_note_path growing;      /* the state it is on */
  hd_status status;          /* HD_OK, or what kept the check from its end: memory, a file */
} check;

/* Where a value was set: " (line 9)", " (preset arz2025)", " (default)". */
const char *check_where(const check *c, const char *path, char out[CHECK_WHERE]);

/* check_road.c: fills in cells and cell; false if the road cannot be used. */
bool check_road(check *c);
bool check_category(const check *c, int64_t category, const char *path);   /* known to every class, or an error */
unsigned check_categories_between(const check *c, double from, double to); /* bits; of what touches [from, to] */

/* check_compare.c: whether there is what errors are taken against; reads the profile of a result. */
void check_compare(check *c);

/* check_states.c */
void check_initial(check *c);
void check_boundary(check *c);

/* check_stable.c: time.steps against the stable step of the state at the start. */
void check_fixed_step(check *c);

#endif
