/* The store of a run: every array of its field table, allocated from the table alone, and the rows that grow.
 *
 * The solver sees it through hd_size, hd_count, hd_ranges, hd_data, hd_emit, hd_part_failed of heddle/solver.h, which are
 * implemented in this folder. Checkpoint, digest and result.h5 are loops over the same tables.
 *
 * Order of a run: new, ask, (stages: building, stage_save or stage_map), the solver's start or load, then steps, each
 * followed by settle; row_begin, observe, row_end where a row is due; at the end digest and hd_result_write.
 *
 * What hd_data gives. A state field: its array. An output field with scheduled rows: the row being written, zeroed by
 * row_begin. A field of an emitted dimension: NULL. A field whose length is 0: NULL. Pointers hold until the next hd_size.
 */
#ifndef HD_IO_STORE_H
#define HD_IO_STORE_H

#include "base/ctx.h"
#include "base/hash.h"
#include "heddle/solver.h"

typedef struct hd_store hd_store;

/* Rows go to `spill` (a file of the store's own, with CRC per chunk) when they outgrow memory and at checkpoints; NULL:
 * memory only. The path is copied. HD_ERR_BUG: the solver's tables do not fit together, with the entry's name. */
hd_status hd_store_new(hd_ctx *ctx, const hd_solver *solver, bool single, const char *spill, hd_store **out);
void      hd_store_free(hd_store *store); /* NULL is allowed; files stay */
/* Makes a store without a spill file what hd_store_new would give for another run of the same solver in the same context and
 * precision; its memory is used again. */
hd_status hd_store_renew(hd_store *store);

/* Of a declared dimensionless system: the unit of every field is "1" in what is read and written. Before the first row. */
void hd_store_dimensionless(hd_store *store, bool yes);

/* Predicted bytes of all fields for the lengths of a plan (rows excluded). */
size_t hd_store_predict(const hd_solver *solver, bool single, const int64_t *size);
/* Bytes of one row of a rows dimension (fields that must be asked for excluded). */
size_t hd_store_predict_row(const hd_solver *solver, bool single, const int64_t *size, int dim);

/* Names of output.fields: HD_ASKED fields to keep beside the standard ones. Before the first row. HD_ERR_INPUT: no such
 * output field. */
hd_status hd_store_ask(hd_store *store, const char *const *names, int64_t count);

/* Bytes of rows kept in memory before they are spilled (64 MB unless told). */
void hd_store_row_memory(hd_store *store, size_t bytes);

/* -- rows. A scheduled row: begin, the solver's observe fills hd_data, end. Emitted rows of a step: settle orders them by
 *    (block, call) after every step and appends them. `at` is stored by the solver in a field of its own. Settle also
 *    reports memory that ran out in hd_part_failed or hd_warn. It costs nothing when nothing happened. */
hd_status hd_store_row_begin(hd_store *store, int dim);
hd_status hd_store_row_end(hd_store *store, int dim);
hd_status hd_store_settle(hd_store *store);
int64_t   hd_store_rows(const hd_store *store, int dim);

/* -- not-a-number: HD_ERR_NUMERIC, naming field and index, if a state field holds one (HD_STATE without HD_MAY_BE_NAN). */
hd_status hd_store_scan(hd_store *store);

/* -- digests (design 4.10): XXH3-128 over logical elements, little endian; every NaN counts as the same one, -0 and 0
 *    differ. Of a field: of what is stored (its rows, if it has any; else its array). Of the run: state fields, stored rows
 *    and what `finish` left; no timings, no stages. Neither depends on chunks, checkpoints or threads. */
hd_status hd_store_digest_field(hd_store *store, int field, hd_hash *out);
hd_status hd_store_digest(hd_store *store, hd_hash *out);

/* -- checkpoint: HD_STATE fields, lengths, ranges, progress of the rows, failed parts, `extra` bytes of the run's own.
 *    Written whole; rows so far are made durable in the spill file first. load verifies all of it before it changes the
 *    store, then cuts the spill file to what the checkpoint knows. HD_ERR_FILE: not usable, with the reason. */
hd_status hd_store_save(hd_store *store, const char *path, const hd_hash *identity, const void *extra, size_t bytes);
hd_status hd_store_load(hd_store *store, const char *path, const hd_hash *identity, void *extra, size_t bytes);

/* -- stages: fields of one stage, stored under their key and mapped read-only. */
hd_status hd_store_stage_save(hd_store *store, int stage, const char *path, const hd_hash *key);
hd_status hd_store_stage_map(hd_store *store, int stage, const char *path, const hd_hash *key); /* HD_ERR_MISSING: not there */
/* Which stage is being built (-1: none): only then have the fields of a stage that is not mapped memory to write to. */
hd_status hd_store_building(hd_store *store, int stage);

/* -- failed parts, in the order (dim, index); one for each. Valid until the next part fails. */
typedef struct hd_failed_part { int dim; int64_t index; double at; const char *text; } hd_failed_part;
int64_t hd_store_failed(hd_store *store, const hd_failed_part **parts);

/* -- warnings of hd_warn, once per text, with how often; in order of (step, text) */
typedef struct hd_said { const char *text; int64_t times; } hd_said;
int64_t hd_store_warnings(hd_store *store, const hd_said **said);

/* -- reading and setting, for heddle.h: "density", "density@cars" (a named range: its slice; where each index has a name,
 *    that index). A state field or its array; of an output field the newest row. Valid until the next call. Set writes
 *    elements of an HD_INPUT field and records them as rows (step, field, index, value), so that they can be played back. */
hd_status hd_store_get(hd_store *store, const char *name, hd_array *out);
hd_status hd_store_set(hd_store *store, const char *name, int64_t first, int64_t count, const double *values);
void      hd_store_step(hd_store *store, int64_t step); /* the step at which inputs set from now on take effect */

#endif
