/* The arithmetic of a DOP853 step over rows of numbers; compiled per level. For dop853.c. */
#ifndef HD_NUM_DOP853_KERNEL_H
#define HD_NUM_DOP853_KERNEL_H

#include "base/isa.h"

#include <stdint.h>

enum { HD_DOP853_STAGES = 12 };

/* rows x columns numbers, rows `stride` apart; step[column]. */
typedef struct hd_dop853_rows {
  int64_t rows, columns, stride;
  const double *step, *y;
  const double *k[HD_DOP853_STAGES];   /* rates of the stages */
} hd_dop853_rows;

/* The place of stage 1 .. 11 (counted from 0) from those before it, and after the last stage the new place (stage 12). */
HD_ISA_DECLARE(void, hd_dop853_stage, (const hd_dop853_rows *r, int stage, double *out));

/* Per column the largest error estimates of orders 5 and 3 (without the step's length), relative to absolute + relative |y|. */
HD_ISA_DECLARE(void, hd_dop853_errors,
               (const hd_dop853_rows *r, const double *y_new, double absolute, double relative, double *fifth, double *third));

#endif
