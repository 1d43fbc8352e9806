/* Putting a scenario together: preset < inherits < import < file < --set (design 6.1). Pure functions on trees.
 *
 * Maps merge key by key; lists, variants (maps with a `kind`), schedules and alternatives of another form replace; null
 * removes; keys that exclude each other (`instead`) replace each other; a scalar that stands for a group is widened to
 * the group where it must. A variant without its kind in the upper layer changes the one below. Marks stay those of the
 * layer a value came from.
 */
#ifndef HD_IO_MERGE_H
#define HD_IO_MERGE_H

#include "io/node.h"
#include "io/notes.h"
#include "io/params.h"

/* `over` on `base` (either may be NULL) into a new tree; the old ones stay as they are. Their subtrees may be shared. */
hd_status hd_node_merge(hd_arena *arena, const hd_table *tables, int count, const hd_node *base, const hd_node *over,
                        hd_node **out);

/* The same for the value of one entry (p may be NULL: not in a table). */
hd_status hd_node_merge_value(hd_arena *arena, const hd_param *p, const hd_node *base, const hd_node *over, hd_node **out);

/* Adds `key: null` to `upper` for every key of `lower` that it lacks, so that merging `upper` on `lower` gives `upper` again:
 * what a resolved case says against its preset. */
hd_status hd_node_mask(hd_arena *arena, const hd_table *tables, int count, const hd_node *lower, hd_node *upper);

/* Overrides "a.b[2].c=VALUE", VALUE being YAML; errors are noted with positions in a source named "--set", one line for
 * each text. Lists count from 0; an index may be at most one past the end. */
hd_status hd_node_set(hd_arena *arena, const hd_table *tables, int count, hd_notes *notes, const hd_node *root,
                      const char *const *texts, int text_count, hd_node **out);

/* Sets one path to a value (a node without parent), as --set does: members of a study. Errors are noted at its place. */
hd_status hd_node_put(hd_arena *arena, const hd_table *tables, int count, hd_notes *notes, const hd_node *root,
                      const char *path, const hd_node *value, hd_node **out);

#endif
