/* Images as gnuplot wants them: a regular grid of float32, lowest row first, at least two pixels each way.
 *
 * Pixels of unequal width (snapshots at chosen times) are drawn true to scale: each pixel of the regular grid takes the
 * cell it lies in. */
#include "io/gnuplot.h"
#include "io/plot.h"

#include "heddle/math.h"

#include <math.h>

enum { MOST = 2000 };

/* One direction: regular grid -> column of the reduced image. */
typedef struct way {
  int64_t cells, n;   /* cells of the image, of the regular grid */
  double first, step; /* centre of the regular grid's first, distance (positive) */
  bool regular, falls;
} way;

static way way_of(const double *centre, int64_t cells) {
  way w = {.cells = cells, .n = cells};
  double a = hd_plot_edge(centre, cells, 0, false), b = hd_plot_edge(centre, cells, cells, false);
  double low = hd_smaller(a, b), span = fabs(b - a), least = span, most = 0;
  for (int64_t i = 0; i < cells; i++) {
    double width = fabs(hd_plot_edge(centre, cells, i + 1, false) - hd_plot_edge(centre, cells, i, false));
    least = hd_smaller(least, width);
    most = hd_larger(most, width);
  }
  w.falls = b < a;
  w.regular = most - least <= 1e-3 * span / (double)cells;
  if (!w.regular) {
    double want = ceil(2 * span / least);
    w.n = want > MOST ? MOST : want < (double)cells ? cells : (int64_t)want;
  }
  if (w.n < 2) w.n = 2; /* gnuplot refuses less */
  w.step = span / (double)w.n;
  w.first = low + w.step / 2;
  return w;
}

static int64_t cell_at(const way *w, const double *centre, int64_t k, int64_t from) {
  if (w->cells == 1) return 0;
  if (w->regular) return w->falls ? w->cells - 1 - k : k;
  double at = w->first + (double)k * w->step;
  int64_t cell = w->falls ? w->cells - 1 - from : from; /* `from`: where the last pixel was, counted from the low end */
  while (w->falls ? cell > 0 && at >= hd_plot_edge(centre, w->cells, cell, false)
                  : cell < w->cells - 1 && at >= hd_plot_edge(centre, w->cells, cell + 1, false))
    cell += w->falls ? -1 : 1;
  return cell;
}

/* column[k]: the cell that pixel k shows. */
static void cells_of(const way *w, const double *centre, int64_t *column) {
  int64_t from = 0;
  for (int64_t k = 0; k < w->n; k++) {
    column[k] = cell_at(w, centre, k, from);
    from = w->falls ? w->cells - 1 - column[k] : column[k];
  }
}

static hd_status fill(hd_ctx *ctx, const hd_plot_cells *r, const way *wx, const way *wy, hd_plot_image *image) {
  void *pixels, *columns;
  size_t column_bytes = (size_t)(wx->n + wy->n) * sizeof(int64_t);
  *image = (hd_plot_image){.nx = wx->n, .ny = wy->n, .x0 = wx->first, .dx = wx->step, .y0 = wy->first, .dy = wy->step};
  image->bytes = (size_t)(wx->n * wy->n) * sizeof(float);
  HD_TRY(hd_memory_take(ctx, image->bytes, &pixels));
  hd_status status = hd_memory_take(ctx, column_bytes, &columns);
  if (status != HD_OK) {
    hd_memory_give(ctx, pixels, image->bytes);
    return status;
  }
  image->at = pixels;
  int64_t *ix = columns, *iy = ix + wx->n;
  cells_of(wx, r->x, ix);
  cells_of(wy, r->y, iy);
  for (int64_t j = 0; j < wy->n; j++)
    for (int64_t i = 0; i < wx->n; i++) image->at[j * wx->n + i] = (float)r->z[iy[j] * r->nx + ix[i]];
  hd_memory_give(ctx, columns, column_bytes);
  return HD_OK;
}

hd_status hd_plot_cells_make(const hd_figure *figure, const hd_mark *m, int64_t most, hd_plot_cells *out) {
  int64_t nx = m->nx < most ? m->nx : most, ny = m->ny < most ? m->ny : most, one;
  void *memory;
  *out = (hd_plot_cells){.bytes = (size_t)(nx * ny + nx + ny) * sizeof(double)};
  HD_TRY(hd_memory_take(figure->ctx, out->bytes, &memory));
  out->z = memory;
  out->x = out->z + nx * ny;
  out->y = out->x + nx;
  if (m->x) hd_image_reduce(m->x, m->nx, 1, most, 1, out->x, &out->nx, &one);
  if (m->y) hd_image_reduce(m->y, m->ny, 1, most, 1, out->y, &out->ny, &one);
  hd_image_reduce(m->z, m->nx, m->ny, most, most, out->z, &out->nx, &out->ny);
  int64_t bx = hd_image_block(m->nx, most), by = hd_image_block(m->ny, most);
  for (int64_t i = 0; !m->x && i < out->nx; i++) out->x[i] = (double)(i * bx) + (double)(bx - 1) / 2;
  for (int64_t j = 0; !m->y && j < out->ny; j++) out->y[j] = (double)(j * by) + (double)(by - 1) / 2;
  return HD_OK;
}

void hd_plot_cells_free(const hd_figure *figure, hd_plot_cells *cells) {
  hd_memory_give(figure->ctx, cells->z, cells->bytes);
}

hd_status hd_plot_image_make(const hd_figure *figure, const hd_mark *mark, hd_plot_image *image) {
  hd_plot_cells cells;
  HD_TRY(hd_plot_cells_make(figure, mark, MOST, &cells));
  way x = way_of(cells.x, cells.nx), y = way_of(cells.y, cells.ny);
  hd_status status = fill(figure->ctx, &cells, &x, &y, image);
  hd_plot_cells_free(figure, &cells);
  return status;
}

void hd_plot_image_free(const hd_figure *figure, hd_plot_image *image) {
  hd_memory_give(figure->ctx, image->at, image->bytes);
  image->at = NULL;
}
