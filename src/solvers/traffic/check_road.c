/* The road: its cells, and categories that cover it completely, each known to every class. */
#include "solvers/traffic/check.h"

#include "heddle/math.h"

#include <string.h>

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static bool cells(check *c) {
  traffic *t = c->t;
  if (t->road.cells == INT64_MIN) {
    if (hd_is_nan(t->road.cell)) {
      hd_error(c->notes, "road", "cells: 100, or cell: 10 m", "the road has neither `cells` nor `cell`");
      return false;
    }
    double most = t->road.length / t->road.cell,
           count = -hd_floor(-most * (1 - 1e-12)); /* 1 km in 10 m: 100, not 101 */
    if (!(count <= 0x1p31)) {
      hd_error(c->notes, "road.cell", "at most 2^31 cells", "%g m in cells of %g m are %g cells", t->road.length,
               t->road.cell, count);
      return false;
    }
    t->road.cells = count < 1 ? 1 : (int64_t)count;
  }
  t->road.cell = t->road.length / (double)t->road.cells;
  if (!hd_is_finite(t->road.start + t->road.length) || !(t->road.cell > 0)) {
    hd_error(c->notes, "road.length", NULL, "a road of %g m from %g m has no cells", t->road.length, t->road.start);
    return false;
  }
  return true;
}

/* ---- categories -------------------------------------------------------------------------------------------------- */

static void known_categories(const traffic_class *k, char *out, size_t room) {
  size_t used = 0;
  out[0] = 0;
  for (int64_t i = 0; i < k->free_speeds.count && used + 8 < room; i++) {
    const char *name = k->free_speeds.name[i];
    size_t length = strlen(name);
    if (length > 4) continue;
    if (used) memcpy(out + used, ", ", 3), used += 2;
    memcpy(out + used, name, length + 1);
    used += length;
  }
}

bool check_category(const check *c, int64_t category, const char *path) {
  const traffic_class *k = c->t->classes.item;
  for (int i = 0; i < c->model.n; i++) {
    if (category >= 1 && category < TRAFFIC_CATEGORIES && c->model.free[i][category] > 0) continue;
    char known[64], where[CHECK_WHERE];
    hd_note_path speeds = hd_notes_path("classes.%s.free_speed", c->t->classes.name[i]), hint;
    known_categories(&k[i], known, sizeof known);
    hint = hd_notes_path("known are %s%s", known, check_where(c, speeds.text, where));
    hd_error(c->notes, path, hint.text, "category %lld has no free speed for %s", (long long)category,
             c->t->classes.name[i]);
    return false;
  }
  return true;
}

static bool one_category(check *c) {
  if (!check_category(c, c->t->road.quality, "road.quality")) return false;
  c->categories = 1u << c->t->road.quality;
  return true;
}

static bool stretches(check *c) {
  const traffic *t = c->t;
  const traffic_stretch *s = t->road.stretches.item;
  double end = t->road.start + t->road.length, slack = 1e-9 * t->road.length;
  bool right = true;
  if (!t->road.stretches.count) {
    hd_error(c->notes, "road.quality", "begin with {from: START, category: 1}", "the list of stretches is empty");
    return false;
  }
  if (s[0].from > t->road.start + slack) {
    hd_error(c->notes, "road.quality[0].from", "begin where the road begins",
             "no category from %g m to %g m: the first stretch begins behind the start of the road", t->road.start,
             s[0].from);
    right = false;
  }
  for (int64_t i = 0; i < t->road.stretches.count; i++) {
    hd_note_path from = hd_notes_path("road.quality[%lld].from", (long long)i);
    hd_note_path category = hd_notes_path("road.quality[%lld].category", (long long)i);
    right = check_category(c, s[i].category, category.text) && right;
    if (i && !(s[i].from > s[i - 1].from)) {
      hd_error(c->notes, from.text, "put the stretches in order", "the stretch from %g m follows the one from %g m",
               s[i].from, s[i - 1].from);
      right = false;
    }
    if (s[i].from >= end || s[i].from < t->road.start - slack) {
      hd_error(c->notes, from.text, "put it on the road", "%g m is not on the road, which is from %g m to %g m",
               s[i].from, t->road.start, end);
      right = false;
    }
    if (s[i].category >= 1 && s[i].category < TRAFFIC_CATEGORIES) c->categories |= 1u << s[i].category;
  }
  return right;
}

/* One category per line and cell. */
static bool from_file(check *c) {
  traffic *t = c->t;
  const hd_field column[] = {{.name = "category", .type = HD_U8, .unit = "1", .doc = "quality category"}, {0}};
  hd_array rows;
  c->status = hd_read_table(c->notes, t->road.quality_file, column, &rows);
  if (c->status != HD_OK) return false;
  if (rows.size[0] != t->road.cells) {
    hd_error(c->notes, "road.quality.file", "one category per line and cell", "%s has %lld categories for %lld cells",
             t->road.quality_file, (long long)rows.size[0], (long long)t->road.cells);
    return false;
  }
  for (int64_t j = 0; j < rows.size[0]; j++) {
    int64_t category = rows.at[j] >= 0 && rows.at[j] < TRAFFIC_CATEGORIES ? (int64_t)rows.at[j] : 0;
    if ((double)category != rows.at[j] || !check_category(c, category, "road.quality.file")) {
      hd_error(c->notes, "road.quality.file", "categories are 1 to 9", "%s, row %lld: %g is no category of this road",
               t->road.quality_file, (long long)j + 1, rows.at[j]);
      return false;
    }
    c->categories |= 1u << category;
  }
  t->road.quality_rows = rows;
  return true;
}

bool check_road(check *c) {
  if (!cells(c)) return false;
  switch (c->t->road.quality_form) {
    case 0: return one_category(c);
    case 1: return stretches(c);
    default: return from_file(c);
  }
}

unsigned check_categories_between(const check *c, double from, double to) {
  const traffic *t = c->t;
  if (t->road.quality_form == 0) return c->categories;
  double per_cell = (double)t->road.cells / t->road.length;
  double last = (double)(t->road.cells - 1), a = hd_clamp(hd_floor((from - t->road.start) * per_cell), 0, last);
  double b = hd_clamp(hd_floor((to - t->road.start) * per_cell), a, last);
  unsigned bits = 0;
  if (t->road.quality_form == 1) { /* stretches are few, cells may be many */
    const traffic_stretch *s = t->road.stretches.item;
    for (int64_t i = 0; i < t->road.stretches.count; i++) {
      double next = i + 1 < t->road.stretches.count ? s[i + 1].from : t->road.start + t->road.length;
      if (s[i].from <= to && next > from) bits |= 1u << s[i].category;
    }
    return bits;
  }
  for (int64_t cell = (int64_t)a; cell <= (int64_t)b; cell++) bits |= 1u << traffic_category_at(t, cell);
  return bits;
}
