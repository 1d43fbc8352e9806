/* The tree that a scenario is read into: maps, lists and scalars, each knowing the file, line and column it came from.
 *
 * Nodes live in an arena. Trees are changed only while they are put together (merge.h, set.h); nodes remember their own
 * source through every merge, so an error is always shown where the value was written.
 */
#ifndef HD_IO_NODE_H
#define HD_IO_NODE_H

#include "base/memory.h"
#include "base/text.h"

#include <stdint.h>

/* A text that nodes came from. Lives as long as the trees read from it. */
typedef struct hd_source {
  const char *name;    /* as shown in messages: "riemann.yaml", "--set", "preset arz2025" */
  const char *folder;  /* its paths are relative to this; NULL or "": the working folder */
  const char *text;    /* ended by 0 */
  size_t      size;
} hd_source;

/* Line and column count from 1, columns and width in characters (not bytes). source NULL: nowhere. */
typedef struct hd_place {
  const hd_source *source;
  int32_t          line, column, width;
} hd_place;

typedef enum hd_node_kind { HD_NODE_NULL, HD_NODE_SCALAR, HD_NODE_LIST, HD_NODE_MAP } hd_node_kind;

typedef struct hd_node hd_node;
struct hd_node {
  hd_node_kind kind;
  bool         quoted;           /* a scalar in quotes or a block scalar: text, whatever it looks like */
  const char  *key;              /* inside a map; else NULL */
  const char  *text;             /* of a scalar; of the others NULL */
  hd_place     place, key_place; /* of the value, of the key */
  hd_node     *child, *last, *next;
  int64_t      count;            /* children */
};

hd_status hd_node_new(hd_arena *arena, hd_node_kind kind, hd_place place, hd_node **out);
hd_status hd_node_scalar(hd_arena *arena, const char *text, hd_place place, hd_node **out); /* text is copied */
/* A shallow copy without parent; its children are shared. */
hd_status hd_node_clone(hd_arena *arena, const hd_node *node, hd_node **out);
/* A deep copy. */
hd_status hd_node_copy(hd_arena *arena, const hd_node *node, hd_node **out);
/* A map with `value` (cloned) as its only key, standing where the value stands: a scalar widened to its group. */
hd_status hd_node_wrap(hd_arena *arena, const hd_node *value, const char *key, hd_node **map);
void      hd_node_add(hd_node *parent, hd_node *child); /* child must have no parent; in a map it has its key */

void      hd_node_drop(hd_node *map, const char *key);  /* takes a key out of a map; it is no error if it is not there */

hd_node *hd_node_get(const hd_node *map, const char *key);                  /* NULL: no such key, or no map */
hd_node *hd_node_get_n(const hd_node *map, const char *key, size_t length);
hd_node *hd_node_at(const hd_node *list, int64_t index);                    /* of a list; NULL */
hd_node *hd_node_find(const hd_node *root, const char *path);               /* "a.b[2].c"; NULL */

/* One piece of a path: a key or an index. Returns the rest, or NULL if there is none left; length 0: a syntax error. */
typedef struct hd_step_of_path { const char *key; size_t length; int64_t index; } hd_step_of_path; /* index -1: a key */
const char *hd_path_step(const char *path, hd_step_of_path *step);

/* Writes YAML that reads back to the same tree: block style, short groups of scalars on one line. A node's key is not
 * written. */
void hd_node_print(hd_text *out, const hd_node *node);

/* Writes a scalar as YAML, in quotes where it must be. */
void hd_node_print_scalar(hd_text *out, const char *text, bool quoted);

/* Where to show what is missing from a whole file: at its first key. */
static inline hd_place hd_root_place(const hd_node *root) {
  if (!root) return (hd_place){0};
  return root->child && root->child->key_place.source == root->place.source ? root->child->key_place : root->place;
}

#endif
