/* Draws figures with gnuplot, a program that is called (never linked), as SVG and PNG.
 *
 * Beside each picture stay its script NAME.gp and its data NAME.dat, NAME-1.bin, ..., so that a user can change and redraw it:
 *   gnuplot NAME.gp                     draws NAME.svg
 *   gnuplot -e 'kind = "png"' NAME.gp   draws NAME.png
 * All figures of a call are drawn by one process. Files appear whole. The same figure gives the same bytes.
 */
#ifndef HD_IO_GNUPLOT_H
#define HD_IO_GNUPLOT_H

#include "io/figure.h"

enum { HD_DRAW_SVG = 1, HD_DRAW_PNG = 2 };

/* Writes scripts and data into `folder` (made if missing) and draws. Where gnuplot is missing, too old or fails, one warning
 * is logged, scripts and data stay, *drawn (may be NULL) is false and the status is HD_OK. Fails on files and memory only. */
hd_status hd_figures_draw(hd_ctx *ctx, const hd_figure *const *figures, int64_t count, const char *folder,
                          unsigned formats, bool *drawn);

/* As text, for tests and for those who draw themselves: the script, and the text data it reads. */
hd_status hd_figure_script(const hd_figure *figure, hd_text *script);
hd_status hd_figure_data(const hd_figure *figure, hd_text *data);

/* Averages an image [ny][nx] over whole blocks of pixels until it is at most [most_y][most_x]; NaN pixels do not count.
 * `out` holds at least most_x * most_y numbers; returns the new sizes. */
void hd_image_reduce(const double *z, int64_t nx, int64_t ny, int64_t most_x, int64_t most_y, double *out,
                     int64_t *out_nx, int64_t *out_ny);

#endif
