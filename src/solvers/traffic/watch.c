/* The longest queue, and the first Fourier mode of the density. */
#include "solvers/traffic/watch.h"

#include "heddle/math.h"
#include "solvers/traffic/ledger.h"
#include "solvers/traffic/queue_step.h"

#include <string.h>

static double *watched(const traffic_run *c, int what, int group) { return &c->watch[what * (c->model.n + 1) + group]; }

/* ---- queues ------------------------------------------------------------------------------------------------------ */

static void count_block(const traffic_run *c, int64_t block, int64_t *cells) {
  int64_t first = c->first[block], count = c->first[block + 1] - first;
  memset(cells, 0, (size_t)(c->model.n + 1) * sizeof *cells);
  c->count_queue(&c->model, c->rho + first, c->y + first, c->cells, count, c->t->output.queue_speed, cells);
}

/* Only where a class is slower than queue_speed can the mean of the vehicles be: elsewhere the sweep has said it all. */
void traffic_watch_block(hd_run *run, int64_t block) {
  traffic_run *c = run->self;
  int64_t *cells = c->queue + block * (c->model.n + 1);
  if (c->report[block].speed_min < c->t->output.queue_speed) count_block(c, block, cells);
  else memset(cells, 0, (size_t)(c->model.n + 1) * sizeof *cells);
}

static hd_status count_work(hd_run *run, int64_t block, void *arg) {
  const traffic_run *c = run->self;
  (void)arg;
  count_block(c, block, c->queue + block * (c->model.n + 1));
  return HD_OK;
}

static int64_t queue_cells(const traffic_run *c, int group) {
  int64_t cells = 0;
  for (int64_t b = 0; b < c->blocks; b++) cells += c->queue[b * (c->model.n + 1) + group];
  return cells;
}

static void keep_longest(traffic_run *c) {
  for (int g = 0; g <= c->model.n; g++) {
    double cells = (double)queue_cells(c, g), *most = watched(c, WATCH_QUEUE_MAX, g);
    if (cells > *most) *most = cells;
  }
}

hd_status traffic_queue_now(hd_run *run, int group, double *length) {
  const traffic_run *c = run->self;
  HD_TRY(hd_for_blocks(run, c->blocks, count_work, NULL));
  *length = (double)queue_cells(c, group) * c->link.dx;
  return HD_OK;
}

double traffic_queue_longest(const hd_run *run, int group) {
  const traffic_run *c = run->self;
  return *watched(c, WATCH_QUEUE_MAX, group) * c->link.dx;
}

/* ---- the first Fourier mode -------------------------------------------------------------------------------------- */

typedef struct mode {
  double re, im;
} mode;

/* The density of the first cell is taken off: it has no mode, and less is lost in the sum. Turned on by multiplication
 * within 64 cells, which costs some 1e-14. */
static mode mode_of(const traffic_run *c, int i) {
  enum { STRETCH = 64 };
  const double *rho = c->rho + i * c->cells;
  hd_sine_cosine turn = hd_sincospi(2 / (double)c->cells);
  mode sum = {0, 0};
  for (int64_t first = 0; first < c->cells; first += STRETCH) {
    hd_sine_cosine at = hd_sincospi(2 * ((double)first / (double)c->cells));
    for (int64_t j = first; j < c->cells && j < first + STRETCH; j++) {
      double r = rho[j] - rho[0], cosine = at.cos;
      sum.re += r * at.cos;
      sum.im -= r * at.sin;
      at.cos = cosine * turn.cos - at.sin * turn.sin;
      at.sin = at.sin * turn.cos + cosine * turn.sin;
    }
  }
  return sum;
}

static void modes(const traffic_run *c, mode *of /* [n + 1] */) {
  int n = c->model.n;
  of[n] = (mode){0, 0};
  for (int i = 0; i < n; i++) {
    of[i] = mode_of(c, i);
    of[n].re += of[i].re;
    of[n].im += of[i].im;
  }
}

static mode mode_now(const traffic_run *c, int group) {
  mode of[TRAFFIC_CLASSES + 1];
  modes(c, of);
  return of[group];
}

static double length_of(mode m) { return hd_sqrt(m.re * m.re + m.im * m.im); }

/* The phase of `m` less the last one, by less than half a turn. */
static double turned(const traffic_run *c, int group, mode m) {
  double by = hd_atan2(m.im, m.re) - *watched(c, WATCH_PHASE, group);
  return by > HD_PI ? by - 2 * HD_PI : by < -HD_PI ? by + 2 * HD_PI : by;
}

static bool is_ring(const traffic_run *c) {
  return c->t->boundary_form == 0 || (!c->t->left.schedule.count && c->t->left.only.kind == TRAFFIC_RING);
}

/* No wave passes more than a cell in a step, so that a look every third of the cells sees less than half a turn. */
static void follow_modes(traffic_run *c) {
  mode of[TRAFFIC_CLASSES + 1];
  if (!is_ring(c) || c->counts[COUNT_STEPS] % (c->cells < 3 ? 1 : c->cells / 3)) return;
  modes(c, of);
  for (int g = 0; g <= c->model.n; g++) {
    *watched(c, WATCH_TURNS, g) += turned(c, g, of[g]);
    *watched(c, WATCH_PHASE, g) = hd_atan2(of[g].im, of[g].re);
  }
}

static mode mode_at_start(const traffic_run *c, int group) {
  return (mode){*watched(c, WATCH_REAL_AT_START, group), *watched(c, WATCH_IMAGINARY_AT_START, group)};
}

/* Is there a mode, or only what sums have lost? */
static bool is_wave(const traffic_run *c, mode m) {
  double vehicles = 0;
  for (int i = 0; i < c->model.n; i++) vehicles += c->books[BOOK_MASS_AT_START * c->model.n + i];
  return length_of(m) > 1e-12 * (vehicles / c->link.dx);
}

static double since_start(const traffic_run *c) { return *c->now - c->t->time.start; }

double traffic_mode_growth(const hd_run *run, int group) {
  const traffic_run *c = run->self;
  if (!is_ring(c) || !(since_start(c) > 0)) return HD_NAN;
  mode was = mode_at_start(c, group), is = mode_now(c, group);
  if (!is_wave(c, was) || !is_wave(c, is)) return HD_NAN;
  return hd_log(length_of(is) / length_of(was)) / since_start(c);
}

double traffic_mode_speed(const hd_run *run, int group) {
  const traffic_run *c = run->self;
  if (!is_ring(c) || !(since_start(c) > 0)) return HD_NAN;
  mode is = mode_now(c, group);
  if (!is_wave(c, mode_at_start(c, group)) || !is_wave(c, is)) return HD_NAN;
  double phase = *watched(c, WATCH_TURNS, group) + turned(c, group, is);
  return -phase / (2 * HD_PI) * (c->link.dx * (double)c->cells) / since_start(c);
}

/* ---- during the run ---------------------------------------------------------------------------------------------- */

hd_status traffic_watch_open(hd_run *run) {
  traffic_run *c = run->self;
  mode of[TRAFFIC_CLASSES + 1];
  HD_TRY(hd_for_blocks(run, c->blocks, count_work, NULL));
  keep_longest(c);
  if (!is_ring(c)) return HD_OK;
  modes(c, of);
  for (int g = 0; g <= c->model.n; g++) {
    *watched(c, WATCH_REAL_AT_START, g) = of[g].re;
    *watched(c, WATCH_IMAGINARY_AT_START, g) = of[g].im;
    *watched(c, WATCH_PHASE, g) = hd_atan2(of[g].im, of[g].re);
  }
  return HD_OK;
}

hd_status traffic_watch_step(hd_run *run) {
  traffic_run *c = run->self;
  if (c->t->compat) HD_TRY(hd_for_blocks(run, c->blocks, count_work, NULL));
  keep_longest(c);
  follow_modes(c);
  return HD_OK;
}
