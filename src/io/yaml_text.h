/* Looks at a text before the YAML reader does; for yaml.c and set.c. */
#ifndef HD_IO_YAML_TEXT_H
#define HD_IO_YAML_TEXT_H

#include "io/node.h"

/* What is wrong with the bytes (no UTF-8, control characters, directives, too long), where, and a way out; NULL: nothing. */
const char *hd_yaml_text_fault(const hd_source *source, hd_place *place, const char **hint);

/* A way out of what libfyaml complains about. */
const char *hd_yaml_way_out(const hd_source *source, const hd_place *place, const char *message);

/* Bytes of the UTF-8 character at `at`; 0: none of the well-formed ones (Unicode 15, table 3-7). */
int hd_utf8_length(const unsigned char *at, const unsigned char *end);

#endif
