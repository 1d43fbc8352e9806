/* The books: sums over steps, entries on schedule. */
#include "solvers/traffic/ledger.h"

#include "solvers/traffic/run.h"

/* Sums of rho and y over the cells of a block: eight lanes, then a fixed tree. */
typedef struct totals {
  double *rho, *y; /* [class][block] */
} totals;

static double sum_of(const double *at, int64_t count) {
  double lane[8] = {0};
  int64_t j = 0;
  for (; j + 8 <= count; j += 8)
    for (int k = 0; k < 8; k++) lane[k] += at[j + k];
  for (int k = 0; j < count; j++, k++) lane[k] += at[j];
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

static hd_status block_totals(hd_run *run, int64_t block, void *arg) {
  const traffic_run *c = run->self;
  totals *sums = arg;
  int64_t first = c->first[block], count = c->first[block + 1] - first;
  for (int i = 0; i < c->model.n; i++) {
    sums->rho[i * c->blocks + block] = sum_of(c->rho + i * c->cells + first, count);
    sums->y[i * c->blocks + block] = sum_of(c->y + i * c->cells + first, count);
  }
  return HD_OK;
}

/* Vehicles and y on the road, [class], by the fixed tree. */
static hd_status all_totals(hd_run *run, double *mass, double *marker) {
  traffic_run *c = run->self;
  totals sums = {c->of_block, c->of_block + c->model.n * c->blocks};
  HD_TRY(hd_for_blocks(run, c->blocks, block_totals, &sums));
  for (int i = 0; i < c->model.n; i++) {
    mass[i] = hd_sum(run, sums.rho + i * c->blocks, c->blocks) * c->link.dx;
    marker[i] = hd_sum(run, sums.y + i * c->blocks, c->blocks) * c->link.dx;
  }
  return HD_OK;
}

static bool is_ring(const traffic_run *c) { return c->link.end[0].kind == TRAFFIC_RING; }

/* Sum of x rho dx about the left end. */
static double moment(const traffic_run *c, int i) {
  double sum = 0, rest = 0;
  for (int64_t j = 0; j < c->cells; j++) traffic_add(&sum, &rest, ((double)j + 0.5) * c->rho[i * c->cells + j]);
  return (sum + rest) * c->link.dx * c->link.dx;
}

/* The same with the time to x from the left end at free speed in the place of x; *all: over the whole road, s. */
static double free_moment(const traffic_run *c, int i, double *all) {
  double sum = 0, rest = 0, time = 0, time_rest = 0;
  for (int64_t j = 0; j < c->cells; j++) {
    double half = 0.5 * c->link.dx / c->model.free[i][c->category[j]];
    traffic_add(&time, &time_rest, half);
    traffic_add(&sum, &rest, (time + time_rest) * c->rho[i * c->cells + j]);
    traffic_add(&time, &time_rest, half);
  }
  *all = time + time_rest;
  return (sum + rest) * c->link.dx;
}

static double book(const traffic_run *c, int account, int i) { /* a sum and what it has lost */
  const double *at = c->books + account * c->model.n + i;
  return at[0] + at[c->model.n];
}

hd_status traffic_ledger_open(hd_run *run) {
  traffic_run *c = run->self;
  int n = c->model.n;
  double marker[TRAFFIC_CLASSES], mass[TRAFFIC_CLASSES], all;
  HD_TRY(all_totals(run, mass, marker));
  for (int i = 0; i < n; i++) {
    c->books[BOOK_MASS_AT_START * n + i] = mass[i];
    c->books[BOOK_MARKER_AT_START * n + i] = marker[i];
    c->books[BOOK_MOMENT_AT_START * n + i] = moment(c, i);
    c->books[BOOK_FREE_MOMENT_AT_START * n + i] = free_moment(c, i, &all);
  }
  return HD_OK;
}

static void enter(traffic_run *c, int account, double dt, const double *rate) {
  int n = c->model.n;
  double *sum = c->books + account * n, *rest = sum + n;
  for (int i = 0; i < n; i++) traffic_add(&sum[i], &rest[i], dt * rate[i]);
}

void traffic_ledger_step(hd_run *run, double dt, const double *in, const double *out, const double *marker_in,
                         const double *marker_out, const double *source) {
  traffic_run *c = run->self;
  double there[TRAFFIC_CLASSES];
  for (int i = 0; i < c->model.n; i++) { /* fluxes are constant within a step: the mean number is exact */
    there[i] = c->books[BOOK_MASS_AT_START * c->model.n + i] + (book(c, BOOK_IN, i) - book(c, BOOK_OUT, i));
    if (!is_ring(c)) there[i] += 0.5 * dt * (in[i] - out[i]);
  }
  enter(c, BOOK_TIME, dt, there);
  if (is_ring(c)) {
    enter(c, BOOK_SEAM, dt, out);
  } else {
    enter(c, BOOK_IN, dt, in);
    enter(c, BOOK_OUT, dt, out);
    enter(c, BOOK_MARKER_IN, dt, marker_in);
    enter(c, BOOK_MARKER_OUT, dt, marker_out);
  }
  enter(c, BOOK_SOURCE, 1, source);
  c->extremes[EXTREME_STEP_LENGTH] = dt;
  c->counts[COUNT_STEPS]++;
  c->counts[COUNT_CELL_STEPS] += c->cells;
}

double traffic_ledger_left(const hd_run *run, int i) {
  const traffic_run *c = run->self;
  return book(c, is_ring(c) ? BOOK_SEAM : BOOK_OUT, i);
}

double traffic_ledger_time(const hd_run *run, int i) { return book(run->self, BOOK_TIME, i); }

/* A flux through a face moves vehicles by dx, so the sum over faces is the change of the first moment and what the ends
 * add to it: the half cells before the first and after the last face are those of the ends. */
double traffic_ledger_distance(const hd_run *run, int i) {
  const traffic_run *c = run->self;
  double length = c->link.dx * (double)c->cells;
  return (moment(c, i) - c->books[BOOK_MOMENT_AT_START * c->model.n + i]) + length * traffic_ledger_left(run, i);
}

/* In the same way with the time at free speed as the place of a cell: a flux through a face then uses up the time from
 * one centre to the next. */
double traffic_ledger_free_time(const hd_run *run, int i) {
  const traffic_run *c = run->self;
  double all, now = free_moment(c, i, &all);
  return (now - c->books[BOOK_FREE_MOMENT_AT_START * c->model.n + i]) + all * traffic_ledger_left(run, i);
}

/* (now - start - in + out - source), relative to what there was and came. */
static double residual(const traffic_run *c, int i, double now, int start, int in, int out, int source) {
  int n = c->model.n;
  const double *b = c->books + i;
  double came = book(c, in, i), went = book(c, out, i), added = source < 0 ? 0 : book(c, source, i);
  double there = b[start * n], scale = (there > 0 ? there : -there) + (came > 0 ? came : -came);
  double missing = (now - there) - (came - went) - added;
  return scale > 0 ? missing / scale : missing;
}

static void write_worst(double *worst, double value) {
  if ((value >= 0 ? value : -value) > *worst) *worst = value >= 0 ? value : -value;
}

hd_status traffic_ledger_entry(hd_run *run) {
  traffic_run *c = run->self;
  int n = c->model.n;
  double mass[TRAFFIC_CLASSES], marker[TRAFFIC_CLASSES];
  double *row[TRAFFIC_MARKER_RESIDUAL - TRAFFIC_MASS + 1];
  HD_TRY(all_totals(run, mass, marker));
  for (int f = TRAFFIC_MASS; f <= TRAFFIC_MARKER_RESIDUAL; f++) row[f - TRAFFIC_MASS] = hd_data(run, f);
  for (int i = 0; i < n; i++) {
    double lost = residual(c, i, mass[i], BOOK_MASS_AT_START, BOOK_IN, BOOK_OUT, -1);
    double lost_marker = residual(c, i, marker[i], BOOK_MARKER_AT_START, BOOK_MARKER_IN, BOOK_MARKER_OUT, BOOK_SOURCE);
    if (c->t->compat) lost_marker = __builtin_nan(""); /* the predecessor does not conserve y */
    double value[] = {mass[i], book(c, BOOK_IN, i), book(c, BOOK_OUT, i), lost, lost_marker};
    for (int k = 0; k < 5; k++)
      if (row[k]) row[k][i] = value[k];
    write_worst(&c->books[BOOK_MASS_WORST * n + i], lost);
    write_worst(&c->books[BOOK_MARKER_WORST * n + i], lost_marker);
  }
  const struct {
    int field;
    double value;
  } real[] = {{TRAFFIC_ENTRY_TIME, *c->now},
              {TRAFFIC_STEP_LENGTH, c->extremes[EXTREME_STEP_LENGTH]},
              {TRAFFIC_DENSITY_MIN, c->extremes[EXTREME_DENSITY_MIN]},
              {TRAFFIC_OCCUPANCY_MAX, c->extremes[EXTREME_OCCUPANCY_MAX]},
              {TRAFFIC_SPEED_MIN, c->extremes[EXTREME_SPEED_MIN]}};
  const struct {
    int field, count;
  } whole[] = {{TRAFFIC_FALLBACK_FACES, COUNT_FALLBACK},
               {TRAFFIC_REPEATED_STEPS, COUNT_REPEATED},
               {TRAFFIC_CELL_STEPS, COUNT_CELL_STEPS}};
  for (size_t k = 0; k < sizeof real / sizeof *real; k++) {
    double *at = hd_data(run, real[k].field);
    if (at) *at = real[k].value;
  }
  for (size_t k = 0; k < sizeof whole / sizeof *whole; k++) {
    int64_t *at = hd_data(run, whole[k].field);
    if (at) *at = c->counts[whole[k].count];
  }
  return HD_OK;
}
