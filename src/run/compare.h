/* Two stored results, field by field: what `heddle diff` prints. */
#ifndef HD_RUN_COMPARE_H
#define HD_RUN_COMPARE_H

#include "io/result.h"

typedef enum hd_difference_kind {
  HD_EQUAL,
  HD_DIFFERENT,
  HD_SHAPES_DIFFER,
  HD_ONLY_IN_A,
  HD_ONLY_IN_B
} hd_difference_kind;

typedef struct hd_difference {
  const char *field;
  hd_difference_kind kind;
  double l1, l2, max;            /* mean |a - b|, root mean square, largest; over elements where neither is NaN */
  double scale;                  /* largest |a| or |b| */
  int64_t elements, nan_differs; /* where one alone is not a number */
} hd_difference;

/* All fields of both, those of A first; the list and its names live in the arena. tolerance: of max, relative to scale. */
hd_status hd_compare(hd_arena *arena, const hd_result *a, const hd_result *b, double tolerance, hd_difference **out,
                     int64_t *count);

#endif
