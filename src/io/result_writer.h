/* Writing one HDF5 file of a result (inside io/). */
#ifndef HD_IO_RESULT_WRITER_H
#define HD_IO_RESULT_WRITER_H

#include "io/h5.h"
#include "io/result.h"
#include "io/result_plan.h"

/* Where a variable is used as the scale of axis `axis` of another: HDF5's list of back references. */
typedef struct hd_back_reference {
  hobj_ref_t dataset;
  int        axis;
} hd_back_reference;

typedef struct hd_writer hd_writer;
struct hd_writer {
  hd_h5                 h5;
  hd_result_plan        plan;
  const hd_result_head *head;
  hid_t                 group[HD_GROUPS]; /* -1 until something is in it */
  hid_t                *dataset;          /* [variable] */
  hobj_ref_t           *reference;        /* [variable] */
  hd_back_reference    *back;             /* [variable * rank] */
  hid_t                 back_type, list_type;
  hd_hash               seal;             /* of the file that was written */
  hd_status           (*fill)(hd_writer *w); /* puts everything into the open file */
  const void           *content;             /* for fill */
};

/* Everything of the plan and the head of a result goes into the open file. */
hd_status hd_writer_fill(hd_writer *w);

/* What `fill` is made of: the root is opened, then come the plan's variables with their dimension scales. */
hd_status hd_writer_begin(hd_writer *w);
void      hd_writer_variables(hd_writer *w);
hid_t     hd_writer_group(hd_writer *w, hd_variable_group group); /* made when it is asked for first */

/* Writes the file with w->fill from a plan and ends it with its seal; up to `small` bytes are made in memory. */
hd_status hd_writer_write(hd_writer *w, const char *path, size_t small);

#endif
