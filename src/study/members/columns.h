/* Varied keys as columns; for the files of members alone. */
#ifndef HD_STUDY_COLUMNS_H
#define HD_STUDY_COLUMNS_H

#include "run/case.h"
#include "study/members/grammar.h"

typedef enum hd_column_from { HD_COLUMN_VALUES, HD_COLUMN_SAMPLE, HD_COLUMN_REPEAT } hd_column_from;

/* Member i has value (i / stride) % count of the column. */
typedef struct hd_column {
  const char      *path;
  const hd_param  *param;
  const hd_vary   *vary;
  hd_column_from   from;
  int64_t          stride, count;
  const hd_node  **node;   /* [count], of HD_COLUMN_VALUES; NULL in it: the number says all */
  double          *number; /* [count], the same in the unit of the parameter; not-a-number: it is none */
  int              place;  /* among the sampled keys */
  bool             plain;  /* hd_case_plain */
  hd_case_slot     slot;   /* of a plain one */
  hd_range         range;
} hd_column;

/* The columns of a file of members: a header of paths, "road.cells, time.end [s]", then one member in each row. Numbers are
 * filled in by the caller. Errors are noted in the case's notes, with line and column of the file. */
hd_status hd_columns_of_file(const hd_case *base, hd_arena *arena, const char *file, hd_column *column, int64_t room,
                             int64_t *columns, int64_t *rows);

#endif
