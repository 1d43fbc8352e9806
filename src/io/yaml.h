/* YAML 1.2 (JSON is a subset) into a tree of nodes, through libfyaml. Hostile input is an error, never a crash or a hang.
 *
 * Errors go to the notes; then *root is NULL. An empty document is an empty map. Duplicate keys, several documents, tags
 * other than the core ones, keys that are not plain text, invalid UTF-8 and too deep, too long or too large texts are
 * errors. Aliases are copied in.
 */
#ifndef HD_IO_YAML_H
#define HD_IO_YAML_H

#include "io/node.h"
#include "io/notes.h"

enum {
  HD_YAML_BYTES = 8 << 20,  /* largest text */
  HD_YAML_LINE = 1 << 20,   /* longest line, in bytes: libfyaml looks for the end of a flow collection on its line */
  HD_YAML_DEPTH = 48,       /* deepest nesting */
  HD_YAML_NODES = 1 << 19   /* most values, after aliases are copied */
};

hd_status hd_yaml_parse(hd_arena *arena, const hd_source *source, hd_notes *notes, hd_node **root);

/* Reads a file: *source and its text are taken from the arena, its name is `path`, its folder the file's. A file that
 * cannot be read is HD_ERR_INPUT or HD_ERR_FILE, raised. */
hd_status hd_yaml_file(hd_arena *arena, const char *path, hd_notes *notes, const hd_source **source, hd_node **root);

/* A built-in text (preset, default): `text` must stay. */
hd_status hd_yaml_text(hd_arena *arena, const char *name, const char *text, hd_notes *notes, hd_node **root);

#endif
