/* placeholder until the next commit */
#include "io/store_parts.h"
hd_status hd_spill_chunk(hd_store *store, int dim, hd_chunk *chunk) { (void)store; (void)dim; (void)chunk; return HD_OK; }
hd_status hd_spill_read(hd_store *store, int dim, const hd_chunk *chunk, int column, void *to) {
  (void)dim; (void)chunk; (void)column; (void)to;
  return hd_raise(store->ctx, HD_ERR_BUG, "no spill file");
}
void hd_spill_free(hd_store *store) { hd_memory_give(store->ctx, store->spill.path, store->spill.path_bytes); }
