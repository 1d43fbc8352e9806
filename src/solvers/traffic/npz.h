/* NumPy's .npz archives of plain numbers: a zip file of .npy members. No pickle is written, none is ever loaded.
 *
 *   hd_npz *npz;
 *   hd_npz_create(ctx, "run.npz", &npz);
 *   hd_npz_member(npz, "times", 'f', 1, (int64_t[]){count});
 *   hd_npz_put(npz, times, count);                             // in any number of pieces
 *   hd_npz_finish(npz);                                        // in place as a whole; hd_npz_abandon instead: nothing is
 *
 * Members are stored (not deflated), npy header version 1.0, little endian, C order. Archives and members above 4 GiB
 * carry zip64 records. Format: APPNOTE.TXT of PKWARE; numpy.lib.format.
 */
#ifndef HD_TRAFFIC_NPZ_H
#define HD_TRAFFIC_NPZ_H

#include "base/ctx.h"

typedef struct hd_npz hd_npz;

hd_status hd_npz_create(hd_ctx *ctx, const char *path, hd_npz **out);
/* Begins a member: kind 'f' is float64, 'i' int64; rank 0 to 4. */
hd_status hd_npz_member(hd_npz *npz, const char *name, char kind, int rank, const int64_t *size);
hd_status hd_npz_put(hd_npz *npz, const double *values, int64_t count); /* converted to the member's kind */
hd_status hd_npz_finish(hd_npz *npz);                                   /* frees; on failure too */
void hd_npz_abandon(hd_npz *npz);                                       /* removes what was written; NULL is allowed */

/* Sizes from this on are written as zip64 (default 0xffffffff). Tests lower it. */
void hd_npz_large_from(hd_npz *npz, uint64_t bytes);

/* Reads one member of float64 in C order, stored or deflated, into the arena; other members are not touched.
 * HD_ERR_MISSING: no member of that name. HD_ERR_INPUT: not such an archive, with the reason. */
hd_status hd_npz_read(hd_ctx *ctx, const char *path, const char *name, hd_arena *arena, hd_array *out);

#endif
