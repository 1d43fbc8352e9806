/* What a result holds, worked out from a store before anything is written (inside io/): the dimensions with their
 * coordinates, and the variables over them. */
#ifndef HD_IO_RESULT_PLAN_H
#define HD_IO_RESULT_PLAN_H

#include "io/store_parts.h"

enum { HD_VARIABLE_RANK = HD_FIELD_RANK + 1 };

/* Rows that lie in a file of their own. */
typedef struct hd_row_file {
  char    name[128]; /* beside the result */
  int     dim;
  int64_t first, rows;
  hd_hash seal;
} hd_row_file;

/* Which part of a result: the rows of one file (`only`), or all but the rows that lie in `file[files]`. */
typedef struct hd_result_slice {
  const hd_row_file *only;
  const hd_row_file *file;
  int64_t            files;
} hd_result_slice;

typedef enum hd_variable_group {
  HD_IN_ROOT, HD_IN_FAILED, HD_IN_WARNINGS, HD_IN_FILES, /* of a result */
  HD_IN_GRID, HD_IN_AGGREGATES, HD_IN_CONVERGENCE,       /* of a study */
  HD_IN_PROVENANCE, HD_GROUPS
} hd_variable_group;
typedef enum hd_source { HD_FROM_NOTHING, HD_FROM_ARRAY, HD_FROM_TEXTS, HD_FROM_ROWS } hd_source;

typedef struct hd_scale {
  const char       *name;
  int64_t           size;
  hd_variable_group group;
  int               variable; /* that carries its coordinate */
} hd_scale;

typedef struct hd_variable {
  const char       *name, *unit, *doc;
  hd_variable_group group;
  hd_type           type;  /* never HD_FLOAT; of no meaning for texts */
  hd_source         source;
  int               rank, scale[HD_VARIABLE_RANK];
  int               own;   /* the scale whose coordinate it is, or -1 */
  bool              coordinate;
  const void       *at;    /* elements, or const char *[] */
  int               dim, column; /* of rows */
  size_t            bytes;
} hd_variable;

typedef struct hd_result_plan {
  hd_arena     arena;
  hd_store    *store;
  hd_scale    *scale;
  hd_variable *variable; /* those with own >= 0 need not come first */
  int          scales, variables, scale_room, variable_room;
  size_t       bytes;    /* of all elements */
  hd_result_slice slice;
} hd_result_plan;

hd_status hd_result_plan_make(hd_result_plan *plan, hd_store *store, const hd_result_slice *slice);
void      hd_result_plan_free(hd_result_plan *plan);

#endif
