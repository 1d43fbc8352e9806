/* A tree of nodes into parameter structs, by their tables. All errors of a scenario are noted, none stops the rest. */
#ifndef HD_IO_DECODE_H
#define HD_IO_DECODE_H

#include "io/node.h"
#include "io/notes.h"
#include "io/params.h"

/* Fills the structs of all tables from `root` (NULL: an empty scenario, defaults only). Lists, texts and names are taken
 * from the arena; nodes kept by HD_ANY (a const hd_node *) are the tree's. Returns HD_OK also with errors noted: ask
 * hd_notes_count. The structs are zeroed first by the caller. */
hd_status hd_decode(hd_arena *arena, const hd_table *tables, int count, const hd_node *root, hd_notes *notes);

/* One group apart from the scenario: options of a format, one entry of a table. `node` may be a scalar (HD_BARE). */
hd_status hd_decode_group(hd_arena *arena, const hd_param *params, void *into, const hd_node *node, const char *path,
                          hd_notes *notes);

/* One value apart from the structs, for studies: is `node` right for this leaf entry (HD_BOOL to HD_REF)? Its number, where
 * it has one, goes to *value (NULL: nobody asks). Errors are noted under `path`. */
hd_status hd_decode_leaf(hd_arena *arena, const hd_table *tables, int count, const hd_node *root, const hd_param *p,
                         const hd_node *node, const char *path, hd_notes *notes, double *value, bool *good);

#endif
