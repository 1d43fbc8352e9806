/* What is drawn and written from a stored result, without running anything: figures, report, the field's formats. */
#ifndef HD_RUN_PRESENT_H
#define HD_RUN_PRESENT_H

#include "io/gnuplot.h"
#include "io/report.h"
#include "io/result.h"

/* Draws figures of a result into folder/figures. names: NULL for the standard ones, else `count` names. Without gnuplot
 * scripts and data are left and *drawn is false. */
hd_status hd_result_draw(hd_ctx *ctx, const hd_solver *solver, const hd_result *result, const char *const *names,
                         int64_t count, unsigned formats, const char *folder, bool *drawn);

/* Writes folder/report.html from a result and the figures found in folder/figures. command: how to repeat, or NULL. */
hd_status hd_result_report(hd_ctx *ctx, const hd_solver *solver, const hd_result *result, const char *command,
                           const char *folder);

/* Writes folder/result.SUFFIX in one of the solver's formats. */
hd_status hd_result_export(hd_ctx *ctx, const hd_solver *solver, const hd_result *result, const char *format,
                           const char *folder);

#endif
