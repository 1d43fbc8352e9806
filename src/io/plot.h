/* How a figure becomes gnuplot's: text that cannot harm, ranges, boxes on the page, colours, thinned data. Internal to the
 * drawing (plot_*.c, gnuplot.c, report.c). Lengths are pixels of the SVG; all of it is a function of the figure alone. */
#ifndef HD_IO_PLOT_H
#define HD_IO_PLOT_H

#include "base/text.h"
#include "io/figure.h"

/* -- text (plot_text.c) */

/* 'text' for a gnuplot script: nothing in it is interpreted; control characters become spaces, bad UTF-8 "?". At most `most`
 * characters are shown, the last one "...". */
void hd_plot_quote(hd_text *out, const char *text, int most);
/* The same for HTML and XML, in texts and in "attributes". */
void hd_plot_escape(hd_text *out, const char *text);
/* A number with so many digits, "." in every locale. */
void hd_plot_number(hd_text *out, double value, int digits);
/* A unit as people write it: "um^2" is "µm²". Nothing for NULL, "" and "1". */
void hd_plot_unit(hd_text *out, const char *unit);
/* "density [veh/km]" */
void hd_plot_label(hd_text *out, const hd_axis *axis);
int hd_plot_length(const char *text); /* characters, not bytes; 0 for NULL */

/* -- ranges (plot_range.c) */

typedef struct hd_plot_range {
  bool used, log;
  double low, high;
  int digits;     /* that tell two ticks apart */
  int chars;      /* of the longest tick label */
  int64_t values; /* finite numbers (positive ones, if log) that were found */
} hd_plot_range;

enum { HD_PLOT_X, HD_PLOT_Y, HD_PLOT_RIGHT, HD_PLOT_COLOUR, HD_PLOT_AXES };

void hd_plot_ranges(const hd_figure *figure, const hd_panel_of *panel, hd_plot_range range[HD_PLOT_AXES]);
/* Can this number be shown on that axis? */
bool hd_plot_shows(const hd_plot_range *range, double value);
/* Tick marks as gnuplot's list ("('a' 0, 'b' 1)"), where gnuplot's own choice will not do: names, short log ranges. */
bool hd_plot_ticks(hd_text *out, const hd_axis *axis, const hd_plot_range *range, int most);

/* The distance of ticks (1, 2 or 5 times a power of ten) of which at most about `most` fit the range. */
double hd_plot_step(const hd_plot_range *range, int most);

/* The lower and upper edge of the k-th of n centres; NULL centres: 0, 1, 2, ... */
double hd_plot_edge(const double *centre, int64_t n, int64_t k, bool log);

/* The least distance of neighbouring bars; 1 if there is none. */
double hd_plot_spacing(const hd_mark *mark);

/* -- colours (palette.c) */

enum { HD_PLOT_GREY = -1 };
void hd_plot_colours(const hd_figure *figure, int *colour); /* [marks]: a number, or HD_PLOT_GREY */
const char *hd_plot_rgb(int colour, bool dashed);           /* "0072B2" */
int hd_plot_dash(int colour);                               /* the colours come again, dashed */
extern const char *const hd_plot_night; /* CSS rules: what is too dark on a dark page */
const char *hd_plot_ramp_of(const hd_figure *figure, const hd_panel_of *panel); /* gnuplot's `set palette defined` */

/* -- boxes (plot_layout.c) */

typedef struct hd_plot_box {
  hd_plot_range range[HD_PLOT_AXES];
  int left, top, width, height; /* of the plotted area */
  int title_top, legend_top;
  int y_label, right_label, x_label; /* middle lines of the labels beside the area, to its right, below it */
  int legend_columns, entries;       /* 0: no legend */
  bool turned;                       /* x names are set at an angle */
} hd_plot_box;

typedef struct hd_plot_page {
  int width, height;
  hd_plot_box box[HD_FIGURE_PANELS];
  int colour[HD_FIGURE_MARKS];
  bool explained[HD_FIGURE_MARKS]; /* has an entry in its panel's legend */
  int64_t block[HD_FIGURE_MARKS];  /* of the text file, or number of the image file; -1: nothing to show */
} hd_plot_page;

void hd_plot_layout(const hd_figure *figure, hd_plot_page *page);

/* -- data: one text file, a block per mark with something to show (plot_data.c); images as float32 (plot_image.c) */

/* An image with at most so many cells each way: means of blocks of pixels, and of their centres. */
typedef struct hd_plot_cells {
  double *z, *x, *y;
  int64_t nx, ny;
  size_t bytes;
} hd_plot_cells;

hd_status hd_plot_cells_make(const hd_figure *figure, const hd_mark *mark, int64_t most, hd_plot_cells *out);
void hd_plot_cells_free(const hd_figure *figure, hd_plot_cells *cells);

typedef struct hd_plot_image {
  float *at; /* [ny][nx], lowest row first */
  size_t bytes;
  int64_t nx, ny;
  double x0, dx, y0, dy; /* of the first centre, and between centres */
} hd_plot_image;

hd_status hd_plot_image_make(const hd_figure *figure, const hd_mark *mark, hd_plot_image *image);
void hd_plot_image_free(const hd_figure *figure, hd_plot_image *image);

/* An image on a logarithmic axis is drawn from boxes in the text file instead. */
bool hd_plot_boxed(const hd_plot_box *box, const hd_mark *mark);
void hd_plot_blocks(const hd_figure *figure, hd_plot_page *page); /* gives every mark its block or image file */
hd_status hd_plot_data(const hd_figure *figure, const hd_plot_page *page, hd_text *out);

/* Which points of a long line to keep (ascending numbers): the first, least, greatest and last of each of many bins.
 * Returns how many; `keep` has room for n. */
int64_t hd_plot_thin_line(const double *x, const double *y, int64_t n, int64_t *keep);
/* Which of many points to keep: one per pixel. `seen` holds nx * ny zeros. */
int64_t hd_plot_thin_points(const hd_plot_box *box, const hd_mark *mark, uint8_t *seen, int64_t nx, int64_t ny,
                            int64_t *keep);
int64_t hd_image_block(int64_t n, int64_t most); /* pixels averaged into one */

/* -- script (plot_script.c) */
hd_status hd_plot_script(const hd_figure *figure, const hd_plot_page *page, hd_text *out);

/* -- SVG (plot_svg.c) */

/* gnuplot's SVG made small, titled, and readable on light and dark: black becomes the page's colour.
 * id NULL: a file of its own, with its own background; else for a page that has many: no head, names begin with `id`. */
void hd_plot_svg(hd_text *out, const char *svg, const char *title, const char *id);

#endif
