/* The table of convergence as a group of study.h5: errors and orders over lines (a field or measure against a reference) and
 * levels. */
#include "io/dataset.h"
#include "study/converge/converge.h"

#include <math.h>

static const char group[] = "convergence";

typedef struct adding {
  const hd_convergence *table;
  hd_arena *arena;
  hd_dataset *to;
} adding;

static hd_status numbers(const adding *a, int64_t count, double **out) {
  void *memory;
  HD_TRY(hd_arena_take(a->arena, sizeof(double) * (size_t)(count + 1), &memory));
  *out = memory;
  return HD_OK;
}

static hd_status add_texts(const adding *a, const char *name, const char *doc, const char *dim,
                           const char *(*of)(const hd_convergence *, int64_t, int64_t), int64_t which, int64_t count) {
  void *memory;
  HD_TRY(hd_arena_take(a->arena, sizeof(char *) * (size_t)(count + 1), &memory));
  const char **text = memory;
  for (int64_t i = 0; i < count; i++) text[i] = of(a->table, i, which);
  return hd_dataset_add(a->to, (hd_dataset_variable){.group = group,
                                                     .name = name,
                                                     .doc = doc,
                                                     .dim = {dim},
                                                     .rank = 1,
                                                     .texts = true,
                                                     .coordinate = true,
                                                     .at = text});
}

static const char *line_name(const hd_convergence *t, int64_t i, int64_t which) {
  (void)which;
  return t->line[i].name;
}
static const char *line_against(const hd_convergence *t, int64_t i, int64_t which) {
  (void)which;
  return t->line[i].against;
}
static const char *line_unit(const hd_convergence *t, int64_t i, int64_t which) {
  (void)which;
  return t->line[i].unit && t->line[i].unit[0] ? t->line[i].unit : "1";
}
static const char *level_value(const hd_convergence *t, int64_t i, int64_t which) { return t->level[i].value[which]; }

/* -- over levels ------------------------------------------------------------------------------------------------------- */

static hd_status add_level(const adding *a, const char *name, const char *doc, const double *at) {
  return hd_dataset_add(a->to, (hd_dataset_variable){.group = group,
                                                     .name = name,
                                                     .unit = "1",
                                                     .doc = doc,
                                                     .dim = {"level"},
                                                     .rank = 1,
                                                     .type = HD_F64,
                                                     .at = at});
}

static hd_status add_levels(const adding *a) {
  const hd_convergence *t = a->table;
  double *h, *steps, *member;
  HD_TRY(numbers(a, t->levels, &h));
  HD_TRY(numbers(a, t->levels, &steps));
  HD_TRY(numbers(a, t->levels, &member));
  for (int64_t i = 0; i < t->levels; i++) {
    h[i] = t->level[i].h;
    steps[i] = t->level[i].steps;
    member[i] = (double)t->level[i].member;
  }
  HD_TRY(add_level(a, "h", "length that orders refer to", h));
  HD_TRY(add_level(a, "steps", "steps of the run", steps));
  HD_TRY(add_level(a, "member", "number of the member", member));
  for (int64_t k = 0; k < t->keys; k++)
    HD_TRY(add_texts(a, t->key[k], "value of the level", "level", level_value, k, t->levels));
  return HD_OK;
}

/* -- over lines -------------------------------------------------------------------------------------------------------- */

static hd_status add_block(const adding *a, const char *name, const char *doc,
                           const double *(*of)(const hd_convergence_line *)) {
  const hd_convergence *t = a->table;
  double *at;
  HD_TRY(numbers(a, t->lines * t->levels, &at));
  for (int64_t l = 0; l < t->lines; l++) {
    const double *from = of(&t->line[l]);
    for (int64_t i = 0; i < t->levels; i++) at[l * t->levels + i] = from ? from[i] : (double)NAN;
  }
  return hd_dataset_add(
      a->to,
      (hd_dataset_variable){
          .group = group, .name = name, .doc = doc, .dim = {"line", "level"}, .rank = 2, .type = HD_F64, .at = at});
}

static const double *errors(const hd_convergence_line *line) { return line->error; }
static const double *orders(const hd_convergence_line *line) { return line->order; }
static const double *values(const hd_convergence_line *line) { return line->value; }

static hd_status add_summary(const adding *a) {
  static const struct {
    const char *name, *doc;
  } summary[] = {{"mean_order", "mean of the orders of the pairs"},
                 {"mean_order_error", "its standard error"},
                 {"least_squares_order", "slope of log error over log h by least squares"},
                 {"least_squares_order_error", "its standard error"},
                 {"left_out", "elements left out because one of the two is not a number"}};
  const hd_convergence *t = a->table;
  for (int k = 0; k < 5; k++) {
    double *at;
    HD_TRY(numbers(a, t->lines, &at));
    for (int64_t l = 0; l < t->lines; l++) {
      const hd_orders *o = &t->line[l].orders;
      const double all[] = {o->mean, o->mean_error, o->fit, o->fit_error, (double)t->line[l].left_out};
      at[l] = all[k];
    }
    HD_TRY(hd_dataset_add(a->to, (hd_dataset_variable){.group = group,
                                                       .name = summary[k].name,
                                                       .unit = "1",
                                                       .doc = summary[k].doc,
                                                       .dim = {"line"},
                                                       .rank = 1,
                                                       .type = HD_F64,
                                                       .at = at}));
  }
  return HD_OK;
}

hd_status hd_converge_add(const hd_convergence *table, hd_arena *arena, hd_dataset *to) {
  const adding a = {table, arena, to};
  if (!table->lines) return HD_OK;
  HD_TRY(hd_dataset_dim(to, group, "line", table->lines));
  HD_TRY(hd_dataset_dim(to, group, "level", table->levels));
  HD_TRY(hd_dataset_text(to, group, "norm", hd_converge_norm_name(table->norm)));
  HD_TRY(add_levels(&a));
  HD_TRY(add_texts(&a, "name", "field or measure", "line", line_name, 0, table->lines));
  HD_TRY(add_texts(&a, "against", "the reference", "line", line_against, 0, table->lines));
  HD_TRY(add_texts(&a, "error_unit", "unit of the errors", "line", line_unit, 0, table->lines));
  HD_TRY(add_block(&a, "error", "distance to the reference", errors));
  HD_TRY(add_block(&a, "order", "observed order from the level before", orders));
  if (table->norm == HD_NORM_MEASURE) HD_TRY(add_block(&a, "value", "the measure", values));
  return add_summary(&a);
}
