/* A set of names with an index for each, for maps of many keys: links of a network, populations. */
#ifndef HD_IO_NAME_SET_H
#define HD_IO_NAME_SET_H

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct hd_name_set {
  hd_arena    *arena;
  const char **name; /* [count] in the order added */
  void       **value;
  int32_t     *slot; /* [slots], 0: free, else index + 1 */
  int64_t      count, room, slots;
} hd_name_set;

void hd_name_set_init(hd_name_set *names, hd_arena *arena);
/* Adds a name that is not there; *index (may be NULL) is where it is. *fresh false: it was there. */
hd_status hd_name_set_add(hd_name_set *names, const char *name, void *value, int64_t *index, bool *fresh);
int64_t   hd_name_set_find(const hd_name_set *names, const char *name, size_t length); /* -1 */

#endif
