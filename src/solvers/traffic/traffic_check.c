/* `check`: dependent defaults, errors and warnings across keys, and the facts that `heddle check` prints. The parts are in
 * check_road.c, check_states.c and check_stable.c; here are the classes, the numerics and the order of it all. */
#include "solvers/traffic/check.h"

#include "heddle/math.h"

#include <stdio.h>
#include <string.h>

const char *check_where(const check *c, const char *path, char out[CHECK_WHERE]) {
  hd_place place = hd_notes_place(c->notes, path);
  if (!place.source) snprintf(out, CHECK_WHERE, " (default)");
  else if (!strncmp(place.source->name, "preset ", 7)) snprintf(out, CHECK_WHERE, " (%s)", place.source->name);
  else snprintf(out, CHECK_WHERE, " (line %d)", (int)place.line);
  return out;
}

/* ---- classes ----------------------------------------------------------------------------------------------------- */

static bool class_names(const check *c) {
  int64_t count = c->t->classes.count;
  if (count >= 1 && count <= TRAFFIC_CLASSES) return true;
  hd_error(c->notes, "classes", "1 to 16 classes", "a road of %lld classes", (long long)count);
  return false;
}

static bool one_class(const check *c, int64_t i) {
  const traffic_class *k = (const traffic_class *)c->t->classes.item + i;
  const char *name = c->t->classes.name[i];
  bool right = true;
  for (int64_t j = 0; k->free_speed_form == 1 && j < k->free_speeds.count; j++) {
    const char *category = k->free_speeds.name[j];
    if (category[0] >= '1' && category[0] <= '9' && !category[1]) continue;
    hd_note_path path = hd_notes_path("classes.%s.free_speed.%s", name, category);
    hd_error(c->notes, path.text, "categories are 1 to 9", "'%s' is no category of roads", category);
    right = false;
  }
  for (int64_t j = 0; j < k->sees.count; j++)
    if (!strcmp(k->sees.name[j], name) && ((const double *)k->sees.item)[j] != 1) {
      hd_note_path path = hd_notes_path("classes.%s.sees.%s", name, name);
      hd_error(c->notes, path.text, "remove it", "a class sees itself with weight 1");
      right = false;
    }
  return right;
}

static bool classes(const check *c) {
  if (!class_names(c)) return false;
  bool right = true;
  for (int64_t i = 0; i < c->t->classes.count; i++) right = one_class(c, i) && right;
  return right;
}

/* ---- numerics, time ---------------------------------------------------------------------------------------------- */

static void numerics(const check *c) {
  traffic *t = c->t;
  bool compat = t->compat == TRAFFIC_COMPAT_ARZ2025;
  if (hd_is_nan(t->numerics.courant)) t->numerics.courant = compat ? 0.8 : 0.9;
  if (t->numerics.courant > 1)
    hd_error(c->notes, "numerics.courant", "(0, 1]", "a Courant number of %g is above 1, the limit of %s",
             t->numerics.courant, compat ? "compat: arz2025" : "first_order");
  if (t->numerics.flux == TRAFFIC_GODUNOV && t->classes.count != 1)
    hd_error(c->notes, "numerics.flux", "central_upwind", "godunov is the exact flux of one class; here are %lld",
             (long long)t->classes.count);
  if (t->numerics.flux == TRAFFIC_GODUNOV && t->classes.count == 1 && !(c->model.pressure[0] > 0))
    hd_error(c->notes, "numerics.flux", "central_upwind", "godunov needs a pressure above 0");
  if (t->numerics.max_step < t->numerics.min_step)
    hd_error(c->notes, "numerics.max_step", NULL, "max_step %g s is below min_step %g s", t->numerics.max_step,
             t->numerics.min_step);
  if (t->time.end < t->time.start)
    hd_error(c->notes, "time.end", "end >= start; equal: fields once", "the end at %g s is before the start at %g s",
             t->time.end, t->time.start);
}

/* What the predecessor of April 2025 did not have, so that compat does not either. */
static void compat(const check *c) {
  const traffic *t = c->t;
  if (t->compat != TRAFFIC_COMPAT_ARZ2025) return;
  const char *hint = "or remove compat";
  if (t->classes.count > 2)
    hd_error(c->notes, "compat", hint, "compat: arz2025 is for one or two classes; here are %lld",
             (long long)t->classes.count);
  if (!t->source) hd_error(c->notes, "source", hint, "compat: arz2025 always relaxes");
  if (t->numerics.flux != TRAFFIC_CENTRAL_UPWIND)
    hd_error(c->notes, "numerics.flux", hint, "compat: arz2025 has a flux of its own");
  if (t->time.steps != INT64_MIN)
    hd_error(c->notes, "time.steps", hint, "compat: arz2025 chooses its steps by its own rule");
  if (!hd_is_nan(t->numerics.max_step))
    hd_error(c->notes, "numerics.max_step", hint, "compat: arz2025 chooses its steps by its own rule");
  const traffic_border *const border[] = {&t->left, &t->right};
  for (int side = 0; side < 2 && t->boundary_form == 1; side++) {
    hd_note_path path = hd_notes_path("boundary.%s", side ? "right" : "left");
    int kind = border[side]->only.kind;
    if (border[side]->schedule.count)
      hd_error(c->notes, path.text, hint, "schedules are not part of what compat: arz2025 reproduces");
    else if (kind == TRAFFIC_WALL || kind == TRAFFIC_FREE)
      hd_error(c->notes, path.text, hint, "%s is not part of what compat: arz2025 reproduces",
               kind == TRAFFIC_WALL ? "wall" : "free");
  }
}

static void growth(const check *c) {
  if (hd_is_nan(c->growth)) return;
  hd_fact(c->notes, "linear_growth_rate", "1/s", c->growth);
  hd_fact(c->notes, "linear_growth_wavelength", "m", c->wavelength);
  if (c->growth > 1e-9)
    hd_warning(c->notes, c->growing.text,
               "preset arz-stable is stable at every density; finer cells make it worse, not better",
               "uniform traffic of this density is unstable: waves of %.4g m grow at %.4g 1/s", c->wavelength,
               c->growth);
}

hd_status traffic_check(void *params, hd_notes *notes) {
  hd_arena *arena = hd_notes_arena(notes);
  check c = {.t = params, .notes = notes, .ctx = arena->ctx, .growth = HD_NAN, .wavelength = HD_NAN};
  if (!classes(&c)) return HD_OK;
  traffic_model_of(c.t, &c.model);
  numerics(&c);
  compat(&c);
  if (!check_road(&c)) return c.status;
  check_compare(&c);
  if (c.status != HD_OK) return c.status;
  check_initial(&c);
  if (c.status != HD_OK) return c.status;
  check_boundary(&c);
  growth(&c);
  check_fixed_step(&c);
  return c.status;
}
