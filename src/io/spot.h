/* Where a node stands in the tables: the entries that describe it. For merge.c and set.c. */
#ifndef HD_IO_SPOT_H
#define HD_IO_SPOT_H

#include "io/node.h"
#include "io/params.h"

enum { HD_SPOT_LISTS = 8 };

/* A group: p NULL or HD_GROUP, with the entry lists of all tables that share it. Anything else: p alone. Nothing known:
 * p NULL and no lists. */
typedef struct hd_spot {
  const hd_param *p;
  const hd_param *list[HD_SPOT_LISTS];
  int             n;
} hd_spot;

hd_spot hd_spot_of_tables(const hd_table *tables, int count);
hd_spot hd_spot_of(const hd_param *p);

/* The spot of a key of a map that is described by `spot`; `node` is the map (it decides among variants), or NULL. */
hd_spot hd_spot_key(const hd_spot *spot, const hd_node *node, const char *key, size_t length);
hd_spot hd_spot_item(const hd_spot *spot); /* of a list */

/* Alternatives (HD_EITHER, at any depth) resolved by the form of a node. */
hd_spot hd_spot_resolve(const hd_spot *spot, const hd_node *node);

#endif
