/* Parameter tables read as data: where an entry is, what its choices and range are. Decode, encode, merge, template,
 * reference and schema all walk the tables through this.
 */
#ifndef HD_IO_PARAMS_H
#define HD_IO_PARAMS_H

#include "base/units.h"
#include "heddle/solver.h"

/* A table and the struct it fills. Several describe one scenario (the common keys of heddle, the solver's own); groups
 * of the same name in several tables (`output`, `numerics`) are one group in the file. */
typedef struct hd_table {
  const hd_param *params;
  void           *into; /* NULL where only the table is needed */
} hd_table;

static inline bool hd_param_end(const hd_param *p) { return !p->doc; }

/* -- choices: of = "first_order|muscl!|weno5!|nbody~" */
typedef enum hd_choice_state { HD_CHOICE_NONE, HD_CHOICE_HERE, HD_CHOICE_LATER } hd_choice_state;
typedef struct hd_choice { const char *name; size_t length; bool later, bare; } hd_choice;
int  hd_choice_count(const char *of);
bool hd_choice_at(const char *of, int index, hd_choice *choice);
int  hd_choice_find(const char *of, const char *name, hd_choice *choice); /* index, or -1 */

/* -- ranges: "(0, 1]", ">= 0", "[0.05 us, 50 us]"; bounds in `unit` */
typedef struct hd_range { double low, high; bool low_open, high_open; } hd_range;
bool hd_range_read(const char *text, const hd_unit *unit, hd_range *range); /* false: the table is wrong */
bool hd_range_holds(const hd_range *range, double value);

/* -- finding an entry by path, "output.snapshots", "classes.cars.pressure", "road.quality[1].category" */
typedef struct hd_found {
  const hd_param *param;
  int             table; /* which of the tables */
  void           *base;  /* the struct that param->at counts in; NULL if tables had no struct, or the item is not there */
} hd_found;
bool hd_params_find(const hd_table *tables, int count, const char *path, hd_found *found);
static inline void *hd_found_at(const hd_found *found) {
  return found->base ? (char *)found->base + found->param->at : NULL;
}

/* The value of a leaf, by path; false: there is no such entry of this kind, or its value is absent. */
bool hd_params_real(const hd_table *tables, int count, const char *path, double *value);
bool hd_params_int(const hd_table *tables, int count, const char *path, int64_t *value);
const char *hd_params_text(const hd_table *tables, int count, const char *path); /* NULL */
const hd_schedule *hd_params_schedule(const hd_table *tables, int count, const char *path);

/* Whether a choice among the decoded values declares a dimensionless system (`~`): numbers then stand without units. */
bool hd_params_dimensionless(const hd_table *tables, int count);

/* The wrong entries of a table itself (a unit that is no unit, a bad range, a default that its own range excludes): for
 * the unit test of every solver; the tables need their structs. HD_ERR_BUG, raised with the path. */
hd_status hd_params_verify(hd_ctx *ctx, const hd_table *tables, int count);

#endif
