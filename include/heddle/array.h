/* heddle/array.h: numbers handed out to a reader, from a running field, a result or a file. */
#ifndef HEDDLE_ARRAY_H
#define HEDDLE_ARRAY_H

#include <stdint.h>

typedef struct hd_array {
  const double      *at;      /* dense, last index fastest; belongs to the object it was read from */
  int64_t            size[4]; /* of each of the `rank` axes */
  int                rank;    /* 0: one number */
  const char        *unit;    /* of the numbers; "1": none */
  const char *const *names;   /* of the first axis, where it has names; else NULL */
} hd_array;

#endif
