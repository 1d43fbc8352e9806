/* The ranges of a panel's axes from the data that can be shown, and tick marks where gnuplot's own will not do.
 *
 * heddle chooses every range itself: gnuplot stops at data without a range (constant, empty, not a number), and the same
 * figure must look the same everywhere. No libm: decades are found by decimal text. */
#include "base/number.h"
#include "heddle/math.h"
#include "io/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The decade of a positive number: d for d.ddd x 10^d. */
static int decade(double value) {
  char text[32];
  snprintf(text, sizeof text, "%.15e", value);
  return atoi(strchr(text, 'e') + 1);
}

static double power_of_ten(int exponent) {
  double value;
  hd_number_read("1", exponent, &value);
  return value;
}

double hd_plot_edge(const double *centre, int64_t n, int64_t k, bool log) {
  if (!centre) return (double)k - 0.5;
  if (n == 1) return log ? centre[0] * (k ? 1.5 : 1 / 1.5) : centre[0] + (k ? 0.5 : -0.5);
  int64_t left = k == 0 ? 0 : k == n ? n - 2 : k - 1;
  double a = centre[left], b = centre[left + 1];
  if (k > 0 && k < n) return log ? sqrt(a) * sqrt(b) : a + (b - a) / 2;
  if (log) return k ? b * sqrt(b / a) : a * sqrt(a / b);
  return k ? b + (b - a) / 2 : a - (b - a) / 2;
}

double hd_plot_spacing(const hd_mark *mark) {
  double least = INFINITY;
  for (int64_t i = 1; i < mark->nx; i++) {
    double step = fabs(mark->x[i] - mark->x[i - 1]);
    if (step > 0 && step < least) least = step;
  }
  return isfinite(least) ? least : 1;
}

/* Beyond, a span or a decade would be infinite. */
bool hd_plot_shows(const hd_plot_range *range, double value) {
  return fabs(value) < 1e300 && (!range->log || value > 1e-300);
}

static void meet(hd_plot_range *range, double value) {
  range->used = true;
  if (!hd_plot_shows(range, value)) return;
  if (!range->values || value < range->low) range->low = value;
  if (!range->values || value > range->high) range->high = value;
  range->values++;
}

static void meet_all(hd_plot_range *range, const double *value, int64_t n) {
  range->used = true;
  for (int64_t i = 0; value && i < n; i++) meet(range, value[i]);
}

static void meet_edges(hd_plot_range *range, const double *centre, int64_t n) {
  range->used = true;
  if (n == 0) return;
  meet(range, hd_plot_edge(centre, n, 0, range->log));
  meet(range, hd_plot_edge(centre, n, n, range->log));
}

static void meet_discs(hd_plot_range *range, const double *centre, const double *radius, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    if (!isfinite(radius[i])) continue;
    meet(range, centre[i] - radius[i]);
    meet(range, centre[i] + radius[i]);
  }
}

static void meet_bars(hd_plot_range *x, const hd_mark *mark) {
  double half = hd_plot_spacing(mark) / 2;
  for (int64_t i = 0; i < mark->nx; i++) {
    meet(x, mark->x[i] - half);
    meet(x, mark->x[i] + half);
  }
}

static void meet_mark(const hd_mark *mark, hd_plot_range *x, hd_plot_range *y, hd_plot_range *colour) {
  switch (mark->shape) {
    case HD_IMAGE:
      meet_edges(x, mark->x, mark->nx);
      meet_edges(y, mark->y, mark->ny);
      meet_all(colour, mark->z, mark->nx * mark->ny);
      return;
    case HD_DISCS:
      meet_discs(x, mark->x, mark->z, mark->nx);
      meet_discs(y, mark->y, mark->z, mark->nx);
      return;
    case HD_BARS:
      meet_bars(x, mark);
      if (!y->log) meet(y, 0);
      meet_all(y, mark->y, mark->nx);
      return;
    case HD_BAND: meet_all(y, mark->z, mark->nx); break;
    case HD_LINE:
    case HD_POINTS:
      if (mark->z) meet_all(colour, mark->z, mark->nx);
      break;
    case HD_STAIRS:
    case HD_OUTLINE:
    case HD_RULE: break;
  }
  meet_all(x, mark->x, mark->nx);
  meet_all(y, mark->y, mark->nx);
}

/* Does this mark want air around its outermost points? (On x, lines fill the panel from side to side.) */
static bool wants_air(const hd_mark *mark, bool x) {
  if (mark->shape == HD_IMAGE) return false;
  if (!x) return true;
  return mark->shape == HD_POINTS || mark->shape == HD_DISCS || mark->shape == HD_OUTLINE || mark->shape == HD_BARS;
}

static double log_floor(double value) { /* 1, 2 or 5 times a power of ten, at most `value` */
  double base = power_of_ten(decade(value));
  return value >= 5 * base ? 5 * base : value >= 2 * base ? 2 * base : base;
}

static double log_ceiling(double value) {
  double low = log_floor(value);
  if (low >= value) return value;
  double base = power_of_ten(decade(low));
  return low >= 5 * base ? 10 * base : low >= 2 * base ? 5 * base : 2 * base;
}

static void widen_log(hd_plot_range *range, bool air) {
  if (!range->values) range->low = 1, range->high = 10;
  else if (range->low == range->high || air) {
    double low = range->low, high = range->high;
    range->low = log_floor(low);
    range->high = log_ceiling(high);
    if (range->low >= range->high) range->low = low / 2, range->high = high * 2;
  }
  if (range->low < 1e-300) range->low = 1e-300;
  if (range->high > 1e300) range->high = 1e300;
}

static void widen_linear(hd_plot_range *range, double air) {
  if (!range->values) {
    range->low = 0;
    range->high = 1;
    return;
  }
  double low = range->low, high = range->high, most = hd_larger(fabs(low), fabs(high)), span = high - low;
  if (!(span > most * 1e-12)) { /* constant but for rounding */
    double half = most > 0 ? most * 0.05 : 1;
    range->low = low - half;
    range->high = high + half;
    return;
  }
  if (air <= 0) return;
  if (low >= 0 && low < 0.3 * high) range->low = 0; /* amounts are compared from zero */
  else range->low = low - air * span;
  if (high <= 0 && high > 0.3 * low) range->high = 0;
  else range->high = high + air * span;
}

/* Ends that the solver chose; the other end gives way where it must. */
static void obey(hd_plot_range *range, const hd_axis *axis) {
  if (!isnan(axis->low)) range->low = axis->low;
  if (!isnan(axis->high)) range->high = axis->high;
  if (range->low < range->high) return;
  double step = range->log ? range->low * 9 : hd_larger(1, fabs(range->low) * 0.1);
  if (isnan(axis->high)) range->high = range->low + step;
  else range->low = range->log ? range->high / 10 : range->high - step;
}

double hd_plot_step(const hd_plot_range *range, int most) {
  static const double more[] = {2, 2.5, 2}; /* 1, 2, 5, 10 */
  double span = range->high - range->low,
         count = most < 3    ? 3
                 : most > 10 ? 10
                             : most,
         step = power_of_ten(decade(span / count));
  for (int k = 0; span > step * count; k++) step *= more[k % 3];
  return step;
}

/* Characters of a tick of one digit in this decade: 0.0002, 20000, 2e-05. */
static int length_in_decade(int d) { return d < -4 || d > 5 ? 5 : d < 0 ? 2 - d : d + 1; }

/* How many digits tell two ticks apart, and how many characters the longest has. */
static void tick_text(hd_plot_range *range) {
  double span = range->high - range->low, most = hd_larger(fabs(range->low), fabs(range->high));
  range->digits = 6;
  range->chars = 5;
  if (range->log) {
    int low = length_in_decade(decade(range->low)), high = length_in_decade(decade(range->high));
    if (low > high) high = low;
    if (range->high / range->low < 100 && high > range->chars)
      range->chars = high; /* else powers of ten are written so */
    return;
  }
  int digits = decade(most) - decade(span) + 3, places = -decade(hd_plot_step(range, 8)), whole = decade(most) + 1;
  range->digits = digits < 6 ? 6 : digits > 15 ? 15 : digits;
  range->chars = (whole > 1 ? whole : 1) + (places > 0 ? 1 + places : 0) + (range->low < 0);
  if (whole > range->digits || whole < -3) range->chars = 7 + (range->low < 0); /* 1.25e+06 */
}

/* `air`: share of the span that is left free beyond the outermost points. */
static void finish(hd_plot_range *range, const hd_axis *axis, double air) {
  if (range->log) widen_log(range, air > 0);
  else if (axis->name_count) {
    range->low = -0.5;
    range->high = (double)axis->name_count - 0.5;
  } else widen_linear(range, air);
  obey(range, axis);
  tick_text(range);
  for (int64_t i = 0; i < axis->name_count; i++) {
    int length = hd_plot_length(axis->names[i]);
    if (i == 0) range->chars = 1;
    if (length > range->chars) range->chars = length > 18 ? 18 : length;
  }
}

void hd_plot_ranges(const hd_figure *figure, const hd_panel_of *panel, hd_plot_range range[HD_PLOT_AXES]) {
  bool air_x = false, air_y = false, right = false;
  memset(range, 0, HD_PLOT_AXES * sizeof *range);
  range[HD_PLOT_X].log = panel->x.log;
  range[HD_PLOT_Y].log = panel->y.log;
  range[HD_PLOT_RIGHT].log = range[HD_PLOT_COLOUR].log = panel->colour.log;
  for (int64_t i = panel->first; i < panel->first + panel->count; i++) {
    const hd_mark *mark = &figure->mark[i];
    meet_mark(mark, &range[HD_PLOT_X], &range[mark->right ? HD_PLOT_RIGHT : HD_PLOT_Y], &range[HD_PLOT_COLOUR]);
    air_x = air_x || wants_air(mark, true);
    air_y = air_y || wants_air(mark, false);
    right = right || mark->right;
  }
  range[HD_PLOT_RIGHT].used = right;
  finish(&range[HD_PLOT_X], &panel->x, air_x ? 0.02 : 0);
  finish(&range[HD_PLOT_Y], &panel->y, air_y ? 0.05 : 0);
  finish(&range[HD_PLOT_RIGHT], &panel->colour, 0.05);
  finish(&range[HD_PLOT_COLOUR], &panel->colour, 0);
}

static void put_tick(hd_text *out, int *ticks, const char *name, double at) {
  hd_print(out, "%s", (*ticks)++ ? ", " : "(");
  if (name) {
    hd_plot_quote(out, name, 18);
  } else {
    hd_print(out, "'");
    hd_plot_number(out, at, 6);
    hd_print(out, "'");
  }
  hd_print(out, " ");
  hd_plot_number(out, at, 15);
}

bool hd_plot_ticks(hd_text *out, const hd_axis *axis, const hd_plot_range *range, int most) {
  int ticks = 0;
  if (axis->name_count) {
    int64_t every = (axis->name_count + most - 1) / most;
    for (int64_t i = 0; i < axis->name_count; i += every) put_tick(out, &ticks, axis->names[i], (double)i);
  } else if (range->log && range->high / range->low < 100) { /* less than two decades: 1, 2, 5 */
    static const int at[] = {1, 2, 5};
    for (int d = decade(range->low); d <= decade(range->high); d++)
      for (int k = 0; k < 3; k++) {
        double tick = at[k] * power_of_ten(d);
        if (tick >= range->low * (1 - 1e-12) && tick <= range->high * (1 + 1e-12)) put_tick(out, &ticks, NULL, tick);
      }
    if (!ticks) put_tick(out, &ticks, NULL, range->low), put_tick(out, &ticks, NULL, range->high);
  }
  if (ticks) hd_print(out, ")");
  return ticks > 0;
}
