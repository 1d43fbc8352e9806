/* The nearest of some names to a misspelt one: the smallest edit distance, if it is small against the length. */
#ifndef HD_BASE_NEAREST_H
#define HD_BASE_NEAREST_H

#include <stddef.h>

typedef struct hd_nearest {
  const char *word;   /* what was written */
  size_t      length;
  const char *best;   /* NULL: nothing near; belongs to the caller */
  size_t      best_length;
  int         halves; /* twice the distance of `best`; a letter in the wrong case costs one */
} hd_nearest;

void hd_nearest_begin(hd_nearest *nearest, const char *word, size_t length);
void hd_nearest_try(hd_nearest *nearest, const char *name, size_t length);

/* Letters to insert, remove, replace or swap with the next; case counts little. Texts above 64 bytes: 1000. */
int hd_edit_distance(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
