/* The store of a run: every array of its field table, allocated from the table alone, and the rows that grow.
 *
 * The solver sees it through hd_size, hd_count, hd_ranges, hd_data, hd_emit, hd_part_failed of heddle/solver.h, which are
 * implemented in this folder. Checkpoint, digest and result.h5 are loops over the same tables.
 */
#ifndef HD_IO_STORE_H
#define HD_IO_STORE_H

#include "base/ctx.h"
#include "base/hash.h"
#include "heddle/solver.h"

typedef struct hd_store hd_store;

/* Rows go to `spill` (a file of the store's own, with CRC per chunk) when they outgrow memory; NULL: memory only. */
hd_status hd_store_new(hd_ctx *ctx, const hd_solver *solver, bool single, const char *spill, hd_store **out);
void      hd_store_free(hd_store *store);

/* Predicted bytes of all fields for the lengths of a plan (rows excluded). */
size_t hd_store_predict(const hd_solver *solver, bool single, const int64_t *size);

/* Which HD_ASKED fields to keep: the names of output.fields (NULL: the standard ones). Before the first row. */
hd_status hd_store_ask(hd_store *store, const char *const *names, int64_t count);

/* -- rows. A scheduled row: begin, the solver's observe fills hd_data, end. Emitted rows of a step: settle orders them by
 *    (block, call) after every step and appends them. `at` is stored by the solver in a field of its own. */
hd_status hd_store_row_begin(hd_store *store, int dim);
hd_status hd_store_row_end(hd_store *store, int dim);
hd_status hd_store_settle(hd_store *store);
int64_t   hd_store_rows(const hd_store *store, int dim);

/* -- not-a-number: HD_ERR_NUMERIC, naming field and index, if a state field holds one (fields with HD_STATE). */
hd_status hd_store_scan(hd_store *store);

/* -- digests (design 4.10): XXH3-128 over logical elements; of a field, and of the run (states at the end + stored rows). */
hd_status hd_store_digest_field(hd_store *store, int field, hd_hash *out);
hd_status hd_store_digest(hd_store *store, hd_hash *out);

/* -- checkpoint: HD_STATE fields, lengths, ranges, progress of the rows, failed parts, `extra` bytes of the run's own.
 *    Written whole. load verifies CRC and identity; a bad file is HD_ERR_FILE with the reason, and the store is unchanged. */
hd_status hd_store_save(hd_store *store, const char *path, const hd_hash *identity, const void *extra, size_t bytes);
hd_status hd_store_load(hd_store *store, const char *path, const hd_hash *identity, void *extra, size_t bytes);

/* -- stages: fields of one stage, stored under their key and mapped read-only. */
hd_status hd_store_stage_save(hd_store *store, int stage, const char *path, const hd_hash *key);
hd_status hd_store_stage_map(hd_store *store, int stage, const char *path, const hd_hash *key); /* HD_ERR_MISSING: not there */
/* Which stage's fields hd_data may write now (-1: none). */
void      hd_store_building(hd_store *store, int stage);

/* -- failed parts, in the order (dim, index) */
typedef struct hd_failed_part { int dim; int64_t index; double at; const char *text; } hd_failed_part;
int64_t hd_store_failed(const hd_store *store, const hd_failed_part **parts);

/* -- warnings of hd_warn, once per text, with how often */
typedef struct hd_said { const char *text; int64_t times; } hd_said;
int64_t hd_store_warnings(const hd_store *store, const hd_said **said);

/* -- reading, for heddle.h: "density", "density@cars"; a state field, or the newest row of an output field */
hd_status hd_store_get(hd_store *store, const char *name, hd_array *out);
hd_status hd_store_set(hd_store *store, const char *name, int64_t first, int64_t count, const double *values);

#endif
