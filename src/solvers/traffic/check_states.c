/* States: at the start and at the ends of the road. Densities that fit, speeds that go forwards, every class named once. */
#include "solvers/traffic/check.h"

#include "base/ctx.h"
#include "heddle/math.h"
#include "solvers/traffic/exact.h"
#include "solvers/traffic/stability.h"
#include "solvers/traffic/traffic_physics.h"

#include <string.h>

static int64_t find(const hd_items *items, const char *name) {
  for (int64_t i = 0; i < items->count; i++)
    if (!strcmp(items->name[i], name)) return i;
  return -1;
}

static const traffic_load *load_of(const hd_items *loads, const char *name) {
  int64_t at = find(loads, name);
  return at < 0 ? NULL : (const traffic_load *)loads->item + at;
}

static bool given(double value) { return !hd_is_nan(value); }

/* ---- one state --------------------------------------------------------------------------------------------------- */

/* Densities: none is above jam, nor are all together. */
static bool densities(const check *c, const hd_items *loads, const char *path) {
  char where[CHECK_WHERE];
  double sum = 0, jam = c->model.jam;
  bool right = true;
  for (int i = 0; i < c->model.n; i++) {
    const char *name = c->t->classes.name[i];
    const traffic_load *load = load_of(loads, name);
    if (!load) {
      hd_error(c->notes, path, "0 veh/km, if there are none", "%s.%s is missing", path, name);
      right = false;
      continue;
    }
    sum += load->density;
    if (load->density <= jam) continue;
    hd_note_path at = hd_notes_path("%s.%s.density", path, name);
    hd_error(c->notes, at.text, "lower it, or raise jam_density",
             "density of %s is %.6g veh/km, above the jam density %.6g veh/km%s", name, load->density * 1e3, jam * 1e3,
             check_where(c, "jam_density", where));
    right = false;
  }
  if (right && sum > jam * (1 + 1e-12)) {
    hd_error(c->notes, path, "lower a density, or raise jam_density",
             "densities of all classes are %.6g veh/km together, above the jam density %.6g veh/km%s", sum * 1e3,
             jam * 1e3, check_where(c, "jam_density", where));
    right = false;
  }
  return right;
}

/* The largest free speed of a class over these categories. */
static double fastest(const check *c, int i, unsigned categories) {
  double v = 0;
  for (int r = 0; r < TRAFFIC_CATEGORIES; r++)
    if (categories >> r & 1) v = hd_larger(v, c->model.free[i][r]);
  return v;
}

/* Speeds and markers: one of them, forwards, not above the free speed. */
static bool speeds(const check *c, const hd_items *loads, unsigned categories, const char *path) {
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
  bool right = true;
  traffic_state_of(c->t, &c->model, loads, 1, rho, y);
  traffic_pressures(&c->model, c->model.n, rho, pressure, slope);
  for (int i = 0; i < c->model.n; i++) {
    const char *name = c->t->classes.name[i];
    const traffic_load *load = load_of(loads, name);
    bool by_marker = given(load->marker), by_speed = given(load->speed);
    hd_note_path speed = hd_notes_path("%s.%s.speed", path, name), marker = hd_notes_path("%s.%s.marker", path, name);
    if (by_marker && by_speed) {
      hd_error(c->notes, speed.text, "speed = marker - pressure", "give speed or marker, not both");
      right = false;
    } else if (by_marker && load->density > c->model.vacuum && load->marker < pressure[i]) {
      hd_error(c->notes, marker.text, "give speed instead, or preset arz2025",
               "%s would drive backwards: marker %.6g m/s is below their pressure %.6g m/s here", name, load->marker,
               pressure[i]);
      right = false;
    } else if (by_speed && load->speed < 0) {
      hd_error(c->notes, speed.text, "speeds are 0 m/s or more", "%s would drive backwards: speed is %.6g m/s", name,
               load->speed);
      right = false;
    } else if (load->density > c->model.vacuum && (by_marker || by_speed)) {
      double v = by_speed ? load->speed : load->marker - pressure[i], most = fastest(c, i, categories);
      if (v > most * (1 + 1e-9))
        hd_warning(c->notes, by_speed ? speed.text : marker.text, NULL,
                   "speed of %s is %.4g km/h, above their free speed %.4g km/h", name, v * 3.6, most * 3.6);
    }
  }
  return right;
}

static bool one_state(const check *c, const hd_items *loads, unsigned categories, const char *path) {
  return densities(c, loads, path) && speeds(c, loads, categories, path);
}

/* ---- growth and capacity ----------------------------------------------------------------------------------------- */

/* Growth on a state at equilibrium speeds; the fastest of all states is told at the end. */
static void growth(check *c, const hd_items *loads, unsigned categories, const char *path) {
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES], wavelength, shortest = 2 * c->t->road.cell;
  if (!c->t->source) return;
  traffic_state_of(c->t, &c->model, loads, 1, rho, y);
  for (int r = 0; r < TRAFFIC_CATEGORIES; r++) {
    if (!(categories >> r & 1)) continue;
    double rate =
        traffic_worst_growth(&c->model, r, rho, shortest, hd_larger(shortest, c->t->road.length), &wavelength);
    if (given(c->growth) ? !(rate > c->growth) : !given(rate)) continue;
    c->growth = rate;
    c->wavelength = wavelength;
    c->growing = hd_notes_path("%s", path);
  }
}

/* Can every stretch of the road carry, in equilibrium, what flows in at the left end? */
static void capacity(check *c, const hd_items *loads, const char *path) {
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES],
      flow[TRAFFIC_CLASSES];
  double out[TRAFFIC_CLASSES], total = 0, least = HD_INFINITY;
  int first = traffic_category_at(c->t, 0);
  if (!(c->categories & (c->categories - 1))) return; /* one category: no step */
  traffic_state_of(c->t, &c->model, loads, first, rho, y);
  traffic_pressures(&c->model, c->model.n, rho, pressure, slope);
  for (int i = 0; i < c->model.n; i++) {
    flow[i] = rho[i] > 0 ? hd_larger(0, y[i] - rho[i] * pressure[i]) : 0;
    total += flow[i];
  }
  if (!(total > 0)) return;
  for (int r = 1; r < TRAFFIC_CATEGORIES; r++) {
    if (!(c->categories >> r & 1)) continue;
    double most = traffic_exact_capacity(&c->model, r, flow);
    least = hd_smaller(most, least);
    if (r == first || !hd_is_nan(traffic_exact_quality_step(&c->model, r, flow, out))) continue;
    hd_note_path where = hd_notes_path("road.quality");
    for (int64_t k = c->t->road.quality_form == 1 ? c->t->road.stretches.count : 0; k-- > 0;)
      if (((const traffic_stretch *)c->t->road.stretches.item)[k].category == r)
        where = hd_notes_path("road.quality[%lld]", (long long)k);
    hd_warning(c->notes, where.text, "a queue will grow upstream of it",
               "the stretch of category %d cannot carry the inflow of %s: %.4g of %.4g veh/s", r, path, most, total);
  }
  hd_fact(c->notes, "quality_step_capacity", "veh/s", least);
}

/* ---- the start --------------------------------------------------------------------------------------------------- */

static void no_speeds(const check *c, const hd_items *loads) {
  for (int64_t i = 0; i < loads->count; i++) {
    const traffic_load *load = (const traffic_load *)loads->item + i;
    if (!given(load->speed) && !given(load->marker)) continue;
    hd_note_path at = hd_notes_path("initial.state.%s.%s", loads->name[i], given(load->speed) ? "speed" : "marker");
    hd_error(c->notes, at.text, "or kind: uniform", "equilibrium takes densities only: speeds follow from them");
  }
}

static void split(const check *c) {
  const traffic *t = c->t;
  if (t->initial.split >= t->road.start && t->initial.split <= t->road.start + t->road.length) return;
  hd_error(c->notes, "initial.split", "put it on the road",
           "the split at %g m is not on the road, which is from %g m to %g m", t->initial.split, t->road.start,
           t->road.start + t->road.length);
}

static void hump(const check *c) {
  const traffic *t = c->t;
  double sum = 0;
  for (int i = 0; i < c->model.n; i++) {
    int64_t at = find(&t->initial.peak, t->classes.name[i]);
    if (at >= 0) sum += ((const double *)t->initial.peak.item)[at];
  }
  if (sum > c->model.jam * (1 + 1e-12))
    hd_error(c->notes, "initial.peak", "lower it, or raise jam_density",
             "densities at the top are %.6g veh/km together, above the jam density %.6g veh/km", sum * 1e3,
             c->model.jam * 1e3);
}

/* No wave may take a density below 0, nor all of them above jam. */
static void waves(const check *c) {
  const traffic *t = c->t;
  const traffic_wave *wave = t->initial.waves.item;
  double swing[TRAFFIC_CLASSES] = {0}, top = 0;
  int64_t last[TRAFFIC_CLASSES] = {0};
  for (int64_t k = 0; k < t->initial.waves.count; k++) {
    if (wave[k].index < 0 || wave[k].index >= c->model.n) continue;
    swing[wave[k].index] += hd_abs(wave[k].amplitude);
    last[wave[k].index] = k;
  }
  for (int i = 0; i < c->model.n; i++) {
    const traffic_load *load = load_of(&t->initial.background, t->classes.name[i]);
    if (!load) return;
    top += load->density + swing[i];
    hd_note_path at = hd_notes_path("initial.waves[%lld].amplitude", (long long)last[i]);
    if (swing[i] > load->density)
      hd_error(c->notes, at.text, "smaller amplitudes, or more vehicles in the background",
               "waves of %.6g veh/km take the density of %s, %.6g veh/km, below 0", swing[i] * 1e3, t->classes.name[i],
               load->density * 1e3);
  }
  if (top > c->model.jam * (1 + 1e-12))
    hd_error(c->notes, "initial.waves", "smaller amplitudes, or raise jam_density",
             "with their waves densities reach %.6g veh/km together, above the jam density %.6g veh/km", top * 1e3,
             c->model.jam * 1e3);
}

/* ---- a start from a file --------------------------------------------------------------------------------------------- */

enum { DENSITY, SPEED, MARKER, KINDS };

typedef struct start_table {
  hd_note_path name[KINDS * TRAFFIC_CLASSES]; /* "density_cars" */
  hd_field column[2 + KINDS * TRAFFIC_CLASSES];
  hd_array found[1 + KINDS * TRAFFIC_CLASSES];
} start_table;

/* x, then density and speed or marker of each class, found by the names in the header: what profiles.csv has too. */
static hd_status read_start(const check *c, start_table *table) {
  static const char *const kinds[] = {"density", "speed", "marker"}, *const units[] = {"veh/m", "m/s", "m/s"};
  memset(table->column, 0, sizeof table->column);
  table->column[0] = (hd_field){.name = "x", .type = HD_F64, .unit = "m", .doc = "centre of the cell"};
  for (int i = 0; i < c->model.n; i++)
    for (int k = 0; k < KINDS; k++) {
      int at = KINDS * i + k;
      table->name[at] = hd_notes_path("%s_%s", kinds[k], c->t->classes.name[i]);
      table->column[1 + at] = (hd_field){.name = table->name[at].text,
                                         .type = HD_F64,
                                         .unit = units[k],
                                         .flags = k == DENSITY ? 0u : HD_ASKED,
                                         .doc = "of a class"};
    }
  return hd_read_table(c->notes, c->t->initial.file, table->column, table->found);
}

static bool columns_of_classes(check *c, const start_table *table) {
  traffic *t = c->t;
  bool right = true;
  t->initial.rows[0] = table->found[0];
  t->initial.rows_are_speeds = 0;
  for (int i = 0; i < c->model.n; i++) {
    const hd_array *of = &table->found[1 + KINDS * i];
    bool speed = of[SPEED].size[0] > 0, marker = of[MARKER].size[0] > 0;
    if (speed == marker) {
      hd_error(c->notes, "initial.file", NULL, "%s has %s of %s: one of them is expected", t->initial.file,
               speed ? "speed and marker" : "neither speed nor marker", t->classes.name[i]);
      right = false;
    }
    t->initial.rows[1 + 2 * i] = of[DENSITY];
    t->initial.rows[2 + 2 * i] = speed ? of[SPEED] : of[MARKER];
    if (speed) t->initial.rows_are_speeds |= 1u << i;
  }
  return right;
}

/* One row: at the centre of its cell, densities that fit, vehicles that do not drive backwards. */
static bool row_is_right(const check *c, int64_t row) {
  const traffic *t = c->t;
  const char *file = t->initial.file;
  double rho[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES], sum = 0,
                                                                                  x = t->initial.rows[0].at[row];
  double centre = t->road.start + t->road.length * (((double)row + 0.5) / (double)t->road.cells);
  if (hd_abs(x - centre) > 1e-6 * t->road.cell) {
    hd_error(c->notes, "initial.file", "one row per cell, from left to right",
             "%s, row %lld: x is %g m, the centre of the cell %g m", file, (long long)row + 1, x, centre);
    return false;
  }
  for (int i = 0; i < c->model.n; i++) {
    rho[i] = t->initial.rows[1 + 2 * i].at[row];
    sum += rho[i];
    if (rho[i] >= 0) continue;
    hd_error(c->notes, "initial.file", NULL, "%s, row %lld: density of %s is %.6g veh/km, below 0", file,
             (long long)row + 1, t->classes.name[i], rho[i] * 1e3);
    return false;
  }
  if (sum > c->model.jam * (1 + 1e-12)) {
    hd_error(c->notes, "initial.file", "lower a density, or raise jam_density",
             "%s, row %lld: densities are %.6g veh/km together, above the jam density %.6g veh/km", file,
             (long long)row + 1, sum * 1e3, c->model.jam * 1e3);
    return false;
  }
  traffic_pressures(&c->model, c->model.n, rho, pressure, slope);
  for (int i = 0; i < c->model.n; i++) {
    bool speed = t->initial.rows_are_speeds >> i & 1;
    double v = t->initial.rows[2 + 2 * i].at[row] - (speed ? 0 : pressure[i]);
    if (v >= 0 || rho[i] <= c->model.vacuum) continue;
    hd_error(c->notes, "initial.file", NULL, "%s, row %lld: %s would drive backwards, at %.6g m/s", file,
             (long long)row + 1, t->classes.name[i], v);
    return false;
  }
  return true;
}

static void rows_of_file(check *c) {
  start_table table;
  c->status = read_start(c, &table);
  if (c->status != HD_OK || !columns_of_classes(c, &table)) return;
  int64_t rows = c->t->initial.rows[0].size[0];
  if (rows != c->t->road.cells) {
    hd_error(c->notes, "initial.file", "one row per cell", "%s has %lld rows for %lld cells", c->t->initial.file,
             (long long)rows, (long long)c->t->road.cells);
    return;
  }
  for (int64_t row = 0; row < rows && row_is_right(c, row); row++) {}
}

/* ---- the start, whatever its kind -------------------------------------------------------------------------------- */

static void state(check *c, const hd_items *loads, unsigned categories, const char *path) {
  if (one_state(c, loads, categories, path)) growth(c, loads, categories, path);
}

void check_initial(check *c) {
  traffic *t = c->t;
  bool everywhere = t->initial.kind == TRAFFIC_UNIFORM || t->initial.kind == TRAFFIC_EQUILIBRIUM;
  double low = t->road.start, high = t->road.start + t->road.length;
  if (!everywhere) t->initial.quality = INT64_MIN; /* other kinds have no such key */
  if (t->initial.quality != INT64_MIN && !check_category(c, t->initial.quality, "initial.quality")) return;
  switch ((traffic_start)t->initial.kind) {
    case TRAFFIC_EQUILIBRIUM:
      no_speeds(c, &t->initial.state);
      state(c, &t->initial.state, c->categories, "initial.state");
      break;
    case TRAFFIC_UNIFORM: state(c, &t->initial.state, c->categories, "initial.state"); break;
    case TRAFFIC_RIEMANN:
      split(c);
      state(c, &t->initial.left, check_categories_between(c, low, t->initial.split), "initial.left");
      state(c, &t->initial.right, check_categories_between(c, t->initial.split, high), "initial.right");
      break;
    case TRAFFIC_HUMP:
      hump(c);
      state(c, &t->initial.background, c->categories, "initial.background");
      break;
    case TRAFFIC_WAVES:
      state(c, &t->initial.background, c->categories, "initial.background");
      waves(c);
      break;
    case TRAFFIC_RANDOM: break;
    case TRAFFIC_FILE: rows_of_file(c); break;
  }
}

/* ---- the ends ---------------------------------------------------------------------------------------------------- */

static const char *const kind_names[] = {"a ring", "inflow", "open", "free", "a wall"};

/* What of the initial state stands at that end; NULL: it is not made of states. */
static const hd_items *initial_at(const traffic *t, int side) {
  switch ((traffic_start)t->initial.kind) {
    case TRAFFIC_UNIFORM:
    case TRAFFIC_EQUILIBRIUM: return &t->initial.state;
    case TRAFFIC_RIEMANN: return side ? &t->initial.right : &t->initial.left;
    case TRAFFIC_HUMP:
    case TRAFFIC_WAVES: return &t->initial.background;
    default: return NULL;
  }
}

/* Nothing gets in where even the fastest wave runs out. */
static void can_enter(const check *c, const hd_items *loads, const char *path) {
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES], v[TRAFFIC_CLASSES], pressure[TRAFFIC_CLASSES],
      slope[TRAFFIC_CLASSES], low, high;
  double all = 0;
  traffic_state_of(c->t, &c->model, loads, traffic_category_at(c->t, 0), rho, y);
  traffic_pressures(&c->model, c->model.n, rho, pressure, slope);
  for (int i = 0; i < c->model.n; i++) {
    v[i] = rho[i] > c->model.vacuum ? y[i] / rho[i] - pressure[i] : 0;
    all += rho[i];
  }
  traffic_speeds(&c->model, c->model.n, rho, v, slope, &low, &high);
  if (all > c->model.vacuum && high <= 0)
    hd_warning(c->notes, path, NULL, "this inflow cannot enter: its fastest wave moves at %.4g m/s", high);
}

static void phase(check *c, const traffic_phase *p, int side, const char *path) {
  hd_note_path at = hd_notes_path("%s.state", path);
  const hd_items *loads = p->state_form == 1 ? &p->state : initial_at(c->t, side);
  if (p->kind != TRAFFIC_INFLOW) {
    if (p->state_form >= 0)
      hd_error(c->notes, at.text, "remove it, or kind: inflow", "a state has no effect where the end is %s",
               kind_names[p->kind]);
    return;
  }
  if (p->state_form < 0) {
    hd_error(c->notes, path, "state: initial, or a density for each class", "inflow needs a state");
    return;
  }
  int64_t edge = side ? c->t->road.cells - 1 : 0;
  unsigned category = 1u << traffic_category_at(c->t, edge);
  if (p->state_form == 1) {
    if (!one_state(c, loads, category, at.text)) return;
    growth(c, loads, category, at.text);
  }
  if (side || !loads) return;
  can_enter(c, loads, at.text);
  capacity(c, loads, at.text);
}

static void phases(check *c, const traffic_border *border, int side, const char *path) {
  const traffic_phase *p = border->schedule.item;
  for (int64_t k = 0; k < border->schedule.count; k++) {
    hd_note_path at = hd_notes_path("%s.schedule[%lld]", path, (long long)k), from = hd_notes_path("%s.from", at.text);
    if (k == 0 && p[0].from > c->t->time.start)
      hd_error(c->notes, from.text, "the first holds from the start", "nothing holds from %g s to %g s",
               c->t->time.start, p[0].from);
    if (k && !(p[k].from > p[k - 1].from))
      hd_error(c->notes, from.text, "put them in order of time", "what holds from %g s follows what holds from %g s",
               p[k].from, p[k - 1].from);
    if (p[k].kind == TRAFFIC_RING) {
      hd_note_path kind = hd_notes_path("%s.kind", at.text);
      hd_error(c->notes, kind.text, "boundary: ring", "an end cannot be a ring for a time");
      continue;
    }
    phase(c, &p[k], side, at.text);
  }
}

void check_boundary(check *c) {
  traffic *t = c->t;
  static const char *const name[] = {"left", "right"};
  const traffic_border *const border[] = {&t->left, &t->right};
  bool ring[2];
  if (t->boundary_form == 0) return;
  for (int side = 0; side < 2; side++) {
    hd_note_path path = hd_notes_path("boundary.%s", name[side]);
    ring[side] = !border[side]->schedule.count && border[side]->only.kind == TRAFFIC_RING;
    if (border[side]->schedule.count) phases(c, border[side], side, path.text);
    else if (border[side]->only.kind < 0)
      hd_error(c->notes, path.text, "inflow, open, free, wall, ring or a schedule", "%s has no kind", name[side]);
    else phase(c, &border[side]->only, side, path.text);
  }
  if (ring[0] == ring[1]) return;
  int other = ring[0] ? 1 : 0, kind = border[other]->only.kind;
  hd_note_path path = hd_notes_path("boundary.%s", name[other]);
  const char *is = border[other]->schedule.count ? "a schedule" : kind < 0 ? "nothing" : kind_names[kind];
  hd_error(c->notes, path.text, "both ends of a ring are `ring`", "%s is a ring but %s is %s", name[!other],
           name[other], is);
}
