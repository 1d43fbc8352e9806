/* Fewer numbers for the same picture: long lines, crowded points, large images. */
#include "io/gnuplot.h"
#include "io/plot.h"

#include <math.h>

enum { LINE_BINS = 2000 };

int64_t hd_plot_thin_line(const double *x, const double *y, int64_t n, int64_t *keep) {
  bool rises = n > 4 * LINE_BINS;
  for (int64_t i = 1; rises && i < n; i++) rises = x[i] >= x[i - 1];
  if (!rises) { /* short, or a curve in the plane: no bin is a place on the page */
    for (int64_t i = 0; i < n; i++) keep[i] = i;
    return n;
  }
  int64_t kept = 0;
  for (int64_t b = 0; b < LINE_BINS; b++) {
    int64_t first = n * b / LINE_BINS, end = n * (b + 1) / LINE_BINS, least = first, most = first, gap = -1;
    for (int64_t i = first; i < end; i++) {
      if (isnan(y[i])) gap = i;
      if (y[i] < y[least] || isnan(y[least])) least = i;
      if (y[i] > y[most] || isnan(y[most])) most = i;
    }
    int64_t want[5] = {first, least, most, gap, end - 1};
    for (int64_t last = kept ? keep[kept - 1] : -1;;) { /* ascending, each once */
      int64_t next = INT64_MAX;
      for (int k = 0; k < 5; k++)
        if (want[k] > last && want[k] < next) next = want[k];
      if (next == INT64_MAX) break;
      keep[kept++] = last = next;
    }
  }
  return kept;
}

static int64_t pixel(const hd_plot_range *range, double value, int64_t n) {
  double at = (value - range->low) / (range->high - range->low) * (double)n;
  return at < 0 ? 0 : at >= (double)n ? n - 1 : (int64_t)at;
}

int64_t hd_plot_thin_points(const hd_plot_box *box, const hd_mark *mark, uint8_t *seen, int64_t nx, int64_t ny,
                            int64_t *keep) {
  const hd_plot_range *x = &box->range[HD_PLOT_X], *y = &box->range[mark->right ? HD_PLOT_RIGHT : HD_PLOT_Y];
  int64_t kept = 0;
  for (int64_t i = 0; i < mark->nx; i++) {
    if (!hd_plot_shows(x, mark->x[i]) || !hd_plot_shows(y, mark->y[i])) continue;
    uint8_t *cell = &seen[pixel(y, mark->y[i], ny) * nx + pixel(x, mark->x[i], nx)];
    if (!*cell) keep[kept++] = i;
    *cell = 1;
  }
  return kept;
}

int64_t hd_image_block(int64_t n, int64_t most) { return n > most ? (n + most - 1) / most : 1; }

void hd_image_reduce(const double *z, int64_t nx, int64_t ny, int64_t most_x, int64_t most_y, double *out,
                     int64_t *out_nx, int64_t *out_ny) {
  int64_t bx = hd_image_block(nx, most_x), by = hd_image_block(ny, most_y);
  *out_nx = (nx + bx - 1) / bx;
  *out_ny = (ny + by - 1) / by;
  for (int64_t j = 0; j < *out_ny; j++)
    for (int64_t i = 0; i < *out_nx; i++) {
      double sum = 0;
      int64_t count = 0;
      for (int64_t y = j * by; y < ny && y < (j + 1) * by; y++)
        for (int64_t x = i * bx; x < nx && x < (i + 1) * bx; x++)
          if (isfinite(z[y * nx + x])) sum += z[y * nx + x], count++;
      out[j * *out_nx + i] = count ? sum / (double)count : NAN;
    }
}
