/* A figure as a description: panels, axes, marks over arrays. Filled through hd_panel and hd_add (heddle/solver.h), drawn
 * by io/gnuplot.h, shown by io/report.h.
 *
 *   hd_figure *figure;
 *   hd_figure_new(ctx, "profiles", "Profiles", NULL, &figure);
 *   hd_panel(figure, "Density", (hd_axis){.label = "position", .unit = "km", .low = NAN, .high = NAN}, y, none, false);
 *   hd_add(figure, (hd_mark){.shape = HD_LINE, .label = "cars", .x = x, .y = rho, .nx = n});
 *
 * Shapes and what they need (wrong ones are HD_ERR_BUG with the figure's name; NaN is a gap everywhere):
 *   LINE     x, y [nx]; z [nx]: colour along the line    STAIRS   x, y [nx]: y[i] holds from x[i] to x[i + 1]
 *   POINTS   x, y [nx]; z [nx]: colour                   BAND     x, y, z [nx]: between y and z
 *   BARS     x, y [nx]: from 0 (log axis: bottom) to y   IMAGE    z [ny][nx]; x [nx], y [ny]: centres, either may be NULL
 *   DISCS    x, y, z [nx]: radius in units of x          OUTLINE  x, y [nx]: closed polygons, NaN between two
 *   RULE     x [nx]: vertical lines, or y [nx]: horizontal lines
 *
 * Colours. A label has one colour in the whole figure. A mark that is not HD_SOLID and follows a solid one in its panel
 * has that one's colour (its exact solution dashed, its first snapshot faint). Rules, and outlines without label, are grey.
 */
#ifndef HD_IO_FIGURE_H
#define HD_IO_FIGURE_H

#include "base/ctx.h"
#include "heddle/solver.h"

enum { HD_FIGURE_PANELS = 24, HD_FIGURE_MARKS = 4096, HD_FIGURE_NAME = 128 };

typedef struct hd_panel_of {
  const char *title; /* NULL: none */
  hd_axis x, y;
  hd_axis colour; /* of the colour bar; of the second y axis in a panel that has marks with `right` */
  bool equal_scales;
  int64_t first, count; /* marks */
} hd_panel_of;

struct hd_figure {
  hd_ctx *ctx;
  hd_arena arena;   /* all that the members below point to */
  const char *name; /* of its files: letters, digits, "_", "-", "." */
  const char *title;
  const char *note; /* printed on the figure: compat, preset; NULL: none */
  hd_panel_of *panel;
  hd_mark *mark;
  int64_t panels, marks;
  size_t panel_room, mark_room;
};

/* Texts are copied. HD_ERR_BUG if the name cannot be one of a file. */
hd_status hd_figure_new(hd_ctx *ctx, const char *name, const char *title, const char *note, hd_figure **out);
void hd_figure_free(hd_figure *figure); /* NULL is allowed */

/* One of a solver's figures of a result; HD_ERR_MISSING if there is nothing to show (a figure without panels).
 * frame -1: the figure; from 0 on: a frame of an animation, named name-0001, ... */
hd_status hd_figure_make(hd_ctx *ctx, const hd_drawing *drawing, const hd_result *result, int64_t frame,
                         const char *note, hd_figure **out);

#endif
