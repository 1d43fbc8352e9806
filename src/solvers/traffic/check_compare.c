/* `output.compare`: the exact solution must exist; a result must be of this road and these classes. Of a result the last
 * profile is read here, as cell averages of density, flow and marker density, and left in the parameters. */
#include "solvers/traffic/check.h"

#include "base/ctx.h"
#include "heddle/math.h"
#include "io/result.h"

#include <string.h>

static const char path[] = "output.compare";

static void exact(const check *c) {
  const traffic *t = c->t;
  if (t->classes.count != 1)
    hd_error(c->notes, path, "preset: one-class, or compare: initial",
             "exact solutions exist for one class; here are %lld", (long long)t->classes.count);
  else if (!(c->model.pressure[0] > 0)) hd_error(c->notes, path, NULL, "the exact solution needs a pressure above 0");
  if (t->source) hd_error(c->notes, path, "source: false", "the exact solution has no relaxation");
  if (t->initial.kind != TRAFFIC_RIEMANN)
    hd_error(c->notes, path, "initial.kind: riemann", "the exact solution begins with two states");
}

/* ---- a result ---------------------------------------------------------------------------------------------------- */

/* The last profile of a field, [class][cell]. */
typedef struct profiles {
  hd_array density, speed, marker, x, cell_length, time;
  const char *const *class;
  int64_t classes, cells;
  int of[TRAFFIC_CLASSES]; /* which class of the result is class i here */
} profiles;

static const double *last_of(const profiles *p, const hd_array *a) {
  return a->at + (a->size[0] - 1) * p->classes * p->cells;
}

static bool has_shape(const hd_array *a, int64_t classes, int64_t cells) {
  return a->rank == 3 && a->size[0] > 0 && a->size[1] == classes && a->size[2] == cells;
}

static hd_status read_profiles(const hd_result *result, profiles *p) {
  const int64_t *first;
  const struct {
    const char *name;
    hd_array *into;
  } fields[] = {{"density", &p->density},         {"speed", &p->speed},       {"marker", &p->marker}, {"x", &p->x},
                {"cell_length", &p->cell_length}, {"snapshot_time", &p->time}};
  for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) HD_TRY(hd_read(result, fields[k].name, fields[k].into));
  p->classes = hd_result_names(result, "class", &p->class, &first);
  p->cells = p->x.size[0];
  return HD_OK;
}

/* Every class of this road is in the result, under its name. */
static bool same_classes(const check *c, profiles *p) {
  for (int i = 0; i < c->model.n; i++) {
    p->of[i] = -1;
    for (int k = 0; k < p->classes; k++)
      if (!strcmp(p->class[k], c -> t -> classes.name[i])) p->of[i] = k;
    if (p->of[i] >= 0) continue;
    hd_error(c->notes, path, "a result of the same classes", "%s has no class '%s'", c->t->output.compare_file,
             c->t->classes.name[i]);
    return false;
  }
  return true;
}

static bool same_road(const check *c, const profiles *p) {
  const traffic *t = c->t;
  const char *file = t->output.compare_file;
  double slack = 1e-9 * t->road.length, from = p->x.at[0] - 0.5 * p->cell_length.at[0];
  double to = p->x.at[p->cells - 1] + 0.5 * p->cell_length.at[p->cells - 1], end = t->road.start + t->road.length;
  if (hd_abs(from - t->road.start) > slack || hd_abs(to - end) > slack) {
    hd_error(c->notes, path, "a result of the same road",
             "the road of %s is from %g m to %g m, this one from %g m to %g m", file, from, to, t->road.start, end);
    return false;
  }
  if (p->cells % t->road.cells && t->road.cells % p->cells) {
    hd_error(c->notes, path, "one number of cells must divide the other", "%s has %lld cells, this road %lld", file,
             (long long)p->cells, (long long)t->road.cells);
    return false;
  }
  return true;
}

static void same_time(const check *c, const profiles *p) {
  double last = p->time.at[p->time.size[0] - 1], end = c->t->time.end;
  if (hd_abs(last - end) > 1e-9 * hd_larger(hd_abs(last), hd_abs(end)))
    hd_warning(c->notes, path, "time.end", "the last profile of %s is of t = %g s, the end is at t = %g s",
               c->t->output.compare_file, last, end);
}

/* Averages over the cells of the coarser grid: density, flow, marker density, [quantity][class][cell]. */
static hd_status keep_averages(check *c, const profiles *p) {
  traffic *t = c->t;
  int64_t n = c->model.n, cells = p->cells < t->road.cells ? p->cells : t->road.cells, each = p->cells / cells;
  const double *density = last_of(p, &p->density), *speed = last_of(p, &p->speed), *marker = last_of(p, &p->marker);
  void *memory;
  HD_TRY(hd_arena_take(hd_notes_arena(c->notes), (size_t)(3 * n * cells) * sizeof(double), &memory));
  double *out = memory;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < cells; j++) {
      double sum[3] = {0};
      for (int64_t k = 0; k < each; k++) {
        int64_t at = p->of[i] * p->cells + j * each + k;
        bool here = density[at] > c->model.vacuum && !hd_is_nan(marker[at]);
        sum[0] += density[at];
        sum[1] += here ? density[at] * speed[at] : 0;
        sum[2] += here ? density[at] * marker[at] : 0;
      }
      for (int q = 0; q < 3; q++) out[(q * n + i) * cells + j] = sum[q] / (double)each;
    }
  t->output.reference = out;
  t->output.reference_cells = cells;
  return HD_OK;
}

static void fit_result(check *c, const hd_result *result) {
  profiles p;
  const char *solver = hd_result_text(result, "", "solver"), *file = c->t->output.compare_file;
  if (!solver || strcmp(solver, "traffic") != 0) {
    hd_error(c->notes, path, "a result of the solver traffic", "%s is a result of the solver %s", file,
             solver ? solver : "of an unknown name");
    return;
  }
  c->status = read_profiles(result, &p);
  if (c->status != HD_OK) return;
  const hd_array *const all[] = {&p.density, &p.speed, &p.marker};
  for (int k = 0; k < 3; k++)
    if (p.cells < 1 || p.cell_length.size[0] != p.cells || !has_shape(all[k], p.classes, p.cells)) {
      hd_error(c->notes, path, "a result with density, speed and marker", "%s holds no profiles of a road", file);
      return;
    }
  if (!same_classes(c, &p) || !same_road(c, &p)) return;
  same_time(c, &p);
  c->status = keep_averages(c, &p);
}

static void with_result(check *c) {
  hd_result *result;
  hd_status status = hd_result_open(c->ctx, c->t->output.compare_file, &result);
  if (status == HD_ERR_FILE || status == HD_ERR_MISSING)
    hd_error(c->notes, path, "the result.h5 of a run", "%s", hd_ctx_message(c->ctx));
  else c->status = status;
  if (status != HD_OK) return;
  fit_result(c, result);
  hd_result_close(result);
}

void check_compare(check *c) {
  c->t->output.reference = NULL;
  if (traffic_wants_exact(c->t)) exact(c);
  if (c->t->output.compare_form == 1) with_result(c);
}
