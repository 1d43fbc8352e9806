/* The road: its cells, and categories that cover it completely, each known to every class. */
#include "solvers/traffic/check.h"

#include "base/ctx.h"
#include "base/number.h"
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
    check_path speeds = check_at("classes.%s.free_speed", c->t->classes.name[i]), hint;
    known_categories(&k[i], known, sizeof known);
    hint = check_at("known are %s%s", known, check_where(c, speeds.text, where));
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
    check_path from = check_at("road.quality[%lld].from", (long long)i);
    check_path category = check_at("road.quality[%lld].category", (long long)i);
    right = check_category(c, s[i].category, category.text) && right;
    if (i && !(s[i].from > s[i - 1].from)) {
      hd_error(c->notes, from.text, "put the stretches in order", "the stretch from %g m follows the one from %g m",
               s[i].from, s[i - 1].from);
      right = false;
    }
    if (s[i].from >= end || s[i].from < t->road.start - slack) {
      hd_error(c->notes, from.text, NULL, "%g m is not on the road, which is from %g m to %g m", s[i].from,
               t->road.start, end);
      right = false;
    }
    if (s[i].category >= 1 && s[i].category < TRAFFIC_CATEGORIES) c->categories |= 1u << s[i].category;
  }
  return right;
}

/* Reads one whole number per line into row [cells]; *count is how many there are. Lines without anything do not count. */
static bool read_rows(check *c, char *text, const char *file, double *row, int64_t *count) {
  int64_t line = 1;
  for (char *at = text, *next; *at; at = next, line++) {
    char *first = at + strspn(at, " \t\r"), *last = at + strcspn(at, "\n");
    next = last + (*last == '\n');
    while (last > first && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r')) last--;
    if (last <= first) continue;
    *last = 0;
    bool fits;
    int64_t value;
    if (!hd_integer_read(first, &value, &fits) || !fits) {
      hd_error(c->notes, "road.quality.file", "one category per line", "%s, line %lld: '%.40s' is not a whole number",
               file, (long long)line, first);
      return false;
    }
    if (++*count > c->t->road.cells) continue;
    if (!check_category(c, value, "road.quality.file")) {
      hd_error(c->notes, "road.quality.file", NULL, "%s, line %lld, has that category", file, (long long)line);
      return false;
    }
    row[*count - 1] = (double)value;
    c->categories |= 1u << value;
  }
  return true;
}

static bool from_file(check *c) {
  traffic *t = c->t;
  const char *file = t->road.quality_file;
  char *text;
  size_t size;
  void *rows;
  if (hd_file_read(c->ctx, file, (size_t)1 << 32, &text, &size) != HD_OK) {
    hd_error(c->notes, "road.quality.file", NULL, "%s", hd_ctx_message(c->ctx));
    return false;
  }
  int64_t count = 0;
  bool right = hd_arena_take(hd_notes_arena(c->notes), (size_t)t->road.cells * sizeof(double), &rows) == HD_OK &&
               read_rows(c, text, file, rows, &count);
  hd_memory_give(c->ctx, text, size + 1);
  if (right && count != t->road.cells) {
    hd_error(c->notes, "road.quality.file", "one category per line and cell", "%s has %lld categories for %lld cells",
             file, (long long)count, (long long)t->road.cells);
    right = false;
  }
  if (right) t->road.quality_rows = (hd_array){.at = rows, .size = {count}, .rank = 1, .unit = "1"};
  return right;
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
