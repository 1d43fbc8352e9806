/* result.h5: written whole from a store, read by name. Opens in xarray, ParaView and MATLAB with nothing of ours.
 *
 * In the root: every stored field with its dimensions (HDF5 dimension scales), `units` and `long_name`; a field named like
 * its one dimension is that dimension's coordinate, fields with HD_COORD are named in the attribute `coordinates`; names of
 * each index are a text coordinate; named ranges are <dim>_range, <dim>_first, <dim>_count; sorted rows have <rows>_offset.
 * Groups: /measures, /failed_parts and /warnings where there are any, /provenance (timings, digests, scenario, versions).
 * Behind the HDF5 part lies a seal, 32 bytes with its length and hash, which hd_result_open verifies.
 */
#ifndef HD_IO_RESULT_H
#define HD_IO_RESULT_H

#include "io/store.h"

enum { HD_RESULT_FORMAT = 1 };

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
/* The same with other limits: files up to `small` bytes are made in memory (256 MB); where scheduled rows are more than
 * `split` bytes (1 GiB), they go to files of their own, result.snapshot.0000.h5, ..., listed in /files, which open together:
 * xarray.open_mfdataset("result.snapshot.*.h5", combine="nested", concat_dim="snapshot"). */
hd_status hd_result_write_in(hd_store *store, const hd_result_head *head, const char *path, size_t small, size_t split);

/* HD_ERR_MISSING: not there. HD_ERR_FILE: no result, damaged, or changed by other hands, with the reason. */
/* hd_read (heddle/solver.h) takes a name or "density@cars": a named range, or the index of that name. */
hd_status hd_result_open(hd_ctx *ctx, const char *path, hd_result **out);
void      hd_result_close(hd_result *result); /* NULL is allowed */
hd_ctx   *hd_result_ctx(const hd_result *result); /* it was opened with: for writers of formats */

/* Attributes and measures: NULL or NaN if there is none of that name. Group "" is the root. */
const char *hd_result_text(const hd_result *result, const char *group, const char *name);
double      hd_result_number(const hd_result *result, const char *group, const char *name);

/* What hd_read can read, in the order of the file. */
typedef struct hd_result_field {
  const char *name, *unit, *doc;
  int         rank;
  const char *dim[4];   /* names of its dimensions */
  int64_t     size[4];
  bool        text;     /* names: given by hd_result_names, not by hd_read */
  bool        timing;   /* lies under /provenance, is in no digest */
} hd_result_field;
int64_t hd_result_fields(const hd_result *result, const hd_result_field **fields);

/* The measures, by number; NULL behind the last. unit: NULL if it has none. */
const char *hd_result_measure(const hd_result *result, int64_t index, double *value, const char **unit);

/* The names of a dimension's indices, or of its ranges with their first indices [n + 1]; 0: it has none. */
int64_t hd_result_names(const hd_result *result, const char *dim, const char *const **names, const int64_t **first);

/* Failed parts and warnings, as they were stored. */
typedef struct hd_result_part { const char *dim, *text; int64_t index; double at; } hd_result_part;
int64_t hd_result_failed(const hd_result *result, const hd_result_part **parts);
int64_t hd_result_warnings(const hd_result *result, const hd_said **said);

#endif
