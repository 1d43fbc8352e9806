/* Tables of numbers and texts as an HDF5 file with dimension scales, `units` and `long_name`, as result.h5 has them: opens in
 * xarray, group by group, with nothing of ours. Written whole, with a seal behind the HDF5 part.
 *
 *   hd_dataset *d;
 *   hd_dataset_new(ctx, &d);
 *   hd_dataset_dim(d, "", "member", 64);
 *   hd_dataset_add(d, (hd_dataset_variable){.name = "travel_time", .unit = "s", .dim = {"member"}, .rank = 1, .at = x});
 *   hd_dataset_text(d, "provenance", "command", "heddle sweep x.yaml");
 *   hd_dataset_write(d, "x.study/study.h5");
 */
#ifndef HD_IO_DATASET_H
#define HD_IO_DATASET_H

#include "base/ctx.h"
#include "heddle/solver.h"

typedef struct hd_dataset hd_dataset;

typedef struct hd_dataset_variable {
  const char *group;      /* NULL or "": the root; "grid", "aggregates", "convergence", "provenance" */
  const char *name, *unit, *doc; /* unit, doc NULL: none is written */
  const char *dim[5];     /* names of dimensions of the same group; a variable named like its one dimension is its coordinate */
  int         rank;
  hd_type     type;       /* never HD_FLOAT */
  bool        texts;      /* `at` is const char *[]; type means nothing */
  bool        coordinate; /* named in the group's attribute `coordinates` */
  const void *at;         /* elements, last dimension fastest; must live until the file is written */
} hd_dataset_variable;

hd_status hd_dataset_new(hd_ctx *ctx, hd_dataset **out);
void      hd_dataset_free(hd_dataset *dataset); /* NULL is allowed */

/* Names are copied. A dimension that is there already is left as it is. */
hd_status hd_dataset_dim(hd_dataset *dataset, const char *group, const char *name, int64_t size);
hd_status hd_dataset_add(hd_dataset *dataset, hd_dataset_variable variable);

/* Attributes of a group. */
hd_status hd_dataset_text(hd_dataset *dataset, const char *group, const char *name, const char *text);
hd_status hd_dataset_number(hd_dataset *dataset, const char *group, const char *name, double number);

hd_status hd_dataset_write(hd_dataset *dataset, const char *path);

#endif
