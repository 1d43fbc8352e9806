/* The spill file of a store's rows (inside io/). */
#ifndef HD_IO_SPILL_H
#define HD_IO_SPILL_H

#include "io/store_parts.h"

/* Appends a chunk and gives its memory back. The file is made when the first chunk comes. */
hd_status hd_spill_chunk(hd_store *store, int dim, hd_chunk *chunk);

/* A column of a chunk that lies in the file; verified. */
hd_status hd_spill_read(hd_store *store, int dim, const hd_chunk *chunk, int column, void *to);

/* Every row so far goes to the file and is made durable. */
hd_status hd_spill_flush(hd_store *store);

/* A store without rows takes those of the first `length` bytes of its file, after verifying all of them; then cut drops
 * what lies behind. The layout of the rows must be known. */
hd_status hd_spill_resume(hd_store *store, int64_t length, const hd_hash *chain);
hd_status hd_spill_cut(hd_store *store);

void hd_spill_free_handle(hd_store *store);
void hd_spill_free(hd_store *store);

#endif
