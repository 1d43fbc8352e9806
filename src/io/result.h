/* result.h5: written whole from a store, read by name. Opens in xarray, ParaView and MATLAB with nothing of ours. */
#ifndef HD_IO_RESULT_H
#define HD_IO_RESULT_H

#include "io/store.h"

/* One thing under /provenance: text, or a number. */
typedef struct hd_fact_entry { const char *name, *text, *unit; double number; bool is_text; } hd_fact_entry;

typedef struct hd_result_head {
  const char *solver, *title, *compat;  /* compat: NULL or a name, printed on all that is drawn */
  const char *scenario;                 /* the resolved case as YAML */
  const hd_fact_entry *measures, *provenance;
  int64_t measure_count, provenance_count;
} hd_result_head;

/* Writes all HD_OUT fields, rows, coordinates, ranges, measures, failed parts, warnings, digests. Byte-stable apart from
 * /provenance. */
hd_status hd_result_write(hd_store *store, const hd_result_head *head, const char *path);

hd_status hd_result_open(hd_ctx *ctx, const char *path, hd_result **out);
void      hd_result_close(hd_result *result);
/* Attributes and measures: NULL or NaN if there is none of that name. Group "" is the root. */
const char *hd_result_text(const hd_result *result, const char *group, const char *name);
double      hd_result_number(const hd_result *result, const char *group, const char *name);

/* What the report and `heddle diff` are made of; all of it lives as long as the result.
 * Entries of the group "measures" or "provenance", in the order they were written; warnings; failed parts; names of fields
 * (without coordinates). */
int64_t hd_result_entries(const hd_result *result, const char *group, const hd_fact_entry **entries);
int64_t hd_result_warnings(const hd_result *result, const hd_said **said);
int64_t hd_result_failed(const hd_result *result, const hd_failed_part **parts);
const char *hd_result_dim_name(const hd_result *result, int dim); /* of hd_failed_part.dim */
int64_t hd_result_fields(const hd_result *result, const char *const **names);

#endif
