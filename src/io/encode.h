/* The way back: decoded structs as a tree with units, and the hash that is a case's identity.
 *
 * hd_encode's tree, printed and read again, gives the same identity; `heddle explain` prints it, result.h5 keeps it.
 */
#ifndef HD_IO_ENCODE_H
#define HD_IO_ENCODE_H

#include "base/hash.h"
#include "io/node.h"
#include "io/params.h"

/* Every value that is there, in table order, defaults included. */
hd_status hd_encode(hd_arena *arena, const hd_table *tables, int count, hd_node **root);

/* Hash over the bits of all parameters that can change a stored number (neither HD_PLAN nor HD_SHOW) with their paths.
 * `only`: NULL, or paths between spaces, "seed nerve.population electrodes": these and all below them; names that are no
 * parameters are passed over. HD_PATH: the contents of the file, whatever its name. */
hd_status hd_params_hash(hd_ctx *ctx, const hd_table *tables, int count, const char *only, hd_hash *out);

#endif
