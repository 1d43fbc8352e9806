/* The table of convergence as text, CSV, JSON and a sentence. */
#include "study/converge/converge.h"

#include "base/number.h"
#include "io/notes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *hd_converge_norm_name(hd_study_norm norm) {
  static const char *const name[] = {"l1", "l2", "max", "measure"};
  return name[norm];
}

/* Lines of one field or measure stand together: the first behind those of line `from`. */
static int64_t next_name(const hd_convergence *t, int64_t from) {
  int64_t i = from;
  while (i < t->lines && !strcmp(t->line[i].name, t->line[from].name)) i++;
  return i;
}

static bool has_steps(const hd_convergence *t) {
  for (int64_t i = 0; i < t->levels; i++)
    if (!isnan(t->level[i].steps)) return true;
  return false;
}

static const char *unit_of(const hd_convergence_line *line) {
  return line->unit && line->unit[0] && strcmp(line->unit, "1") ? line->unit : NULL;
}

/* -- for people -------------------------------------------------------------------------------------------------------- */

static void print_order(hd_text *out, double order) {
  if (isnan(order)) hd_print(out, "  %7s", "");
  else hd_print(out, "  %7.3f", order);
}

static int width_of(const hd_convergence *t, int64_t key) {
  size_t width = strlen(t->key[key]);
  for (int64_t i = 0; i < t->levels; i++)
    if (strlen(t->level[i].value[key]) > width) width = strlen(t->level[i].value[key]);
  return (int)width;
}

static void print_title(const hd_convergence *t, const hd_convergence_line *line, hd_text *out) {
  const char *unit = unit_of(line);
  hd_print(out, "%s", line->name);
  if (t->norm != HD_NORM_MEASURE) hd_print(out, ", %s norm", hd_converge_norm_name(t->norm));
  hd_print(out, unit ? ", %s\n" : "\n", unit);
}

static void print_head(const hd_convergence *t, int64_t first, int64_t end, bool steps, hd_text *out) {
  for (int64_t k = 0; k < t->keys; k++) hd_print(out, "  %*s", width_of(t, k), t->key[k]);
  if (steps) hd_print(out, "  %9s", "steps");
  if (t->line[first].value) hd_print(out, "  %14s", "value");
  for (int64_t l = first; l < end; l++) {
    const char *against = t->line[l].against, *slash = strrchr(against, '/');
    hd_print(out, "  %14s  %7s", slash && strlen(against) > 14 ? slash + 1 : against, "order");
  }
  hd_print(out, "\n");
}

static void print_level(const hd_convergence *t, int64_t i, int64_t first, int64_t end, bool steps, hd_text *out) {
  const hd_convergence_level *level = &t->level[i];
  for (int64_t k = 0; k < t->keys; k++) hd_print(out, "  %*s", width_of(t, k), level->value[k]);
  if (steps) hd_print(out, "  %9.0f", level->steps);
  if (t->line[first].value) hd_print(out, "  %14.8g", t->line[first].value[i]);
  for (int64_t l = first; l < end; l++) {
    if (isnan(t->line[l].error[i])) hd_print(out, "  %14s", "");
    else hd_print(out, "  %14.6e", t->line[l].error[i]);
    print_order(out, t->line[l].order[i]);
  }
  while (out->length && out->at && out->at[out->length - 1] == ' ') out->at[--out->length] = 0;
  hd_print(out, "\n");
}

static void print_with_error(hd_text *out, const char *what, double value, double error) {
  hd_print(out, "%s %.3f", what, value);
  if (!isnan(error)) hd_print(out, " +- %.3f", error);
}

static void print_summary(const hd_convergence_line *line, hd_text *out) {
  const hd_orders *o = &line->orders;
  if (isnan(o->mean) && isnan(o->fit)) return;
  hd_print(out, "  order, %s:", line->against);
  if (!isnan(o->mean)) print_with_error(out, " mean", o->mean, o->mean_error);
  if (!isnan(o->fit))
    print_with_error(out, isnan(o->mean) ? " least squares" : ", least squares", o->fit, o->fit_error);
  hd_print(out, "\n");
}

void hd_converge_print(const hd_convergence *t, hd_text *out) {
  bool steps = has_steps(t);
  for (int64_t first = 0, end; first < t->lines; first = end) {
    int64_t left_out = 0;
    end = next_name(t, first);
    if (first) hd_print(out, "\n");
    print_title(t, &t->line[first], out);
    print_head(t, first, end, steps, out);
    for (int64_t i = 0; i < t->levels; i++) print_level(t, i, first, end, steps, out);
    for (int64_t l = first; l < end; l++) {
      print_summary(&t->line[l], out);
      left_out += t->line[l].left_out;
    }
    if (left_out) hd_print(out, "  %lld elements that are not a number were left out\n", (long long)left_out);
  }
}

void hd_converge_print_sentence(const hd_convergence *t, hd_text *out) {
  if (!t->lines) return;
  hd_print(out, "Observed orders in %s over %lld levels (%s to %s), by least squares:", t->key[0], (long long)t->levels,
           t->level[0].value[0], t->level[t->levels - 1].value[0]);
  const char *comma = " ";
  for (int64_t l = 0; l < t->lines; l++) {
    const hd_convergence_line *line = &t->line[l];
    bool only = next_name(t, l) == l + 1 && (!l || strcmp(t->line[l - 1].name, line->name));
    if (isnan(line->orders.fit) || (!only && line->differences)) continue;
    hd_print(out, "%s%s", comma, line->name);
    print_with_error(out, "", line->orders.fit, line->orders.fit_error);
    hd_print(out, " (%s)", line->against);
    comma = ", ";
  }
  hd_print(out, ".");
}

/* -- for programs ------------------------------------------------------------------------------------------------------ */

static void print_cell(hd_text *out, const char *text) {
  bool quoted = strpbrk(text, ",\"\n\r") != NULL;
  hd_print(out, quoted ? ",\"" : ",");
  for (const char *c = text; *c; c++) {
    if (*c == '"') hd_print(out, "\"");
    hd_print(out, "%c", *c == '\n' || *c == '\r' ? ' ' : *c);
  }
  if (quoted) hd_print(out, "\"");
}

static void print_number(hd_text *out, double value) {
  char digits[HD_NUMBER_ROOM];
  hd_print(out, ",");
  if (isnan(value)) return; /* an empty cell */
  hd_number_print(value, digits);
  hd_print(out, "%s", digits);
}

void hd_converge_print_csv(const hd_convergence *t, hd_text *out) {
  hd_print(out, "name,unit,norm,against,level,member");
  for (int64_t k = 0; k < t->keys; k++) print_cell(out, t->key[k]);
  hd_print(out, ",h,steps,value,error,order\n");
  for (int64_t l = 0; l < t->lines; l++) {
    const hd_convergence_line *line = &t->line[l];
    for (int64_t i = 0; i < t->levels; i++) {
      hd_print(out, "%s", line->name);
      print_cell(out, unit_of(line) ? line->unit : "1");
      print_cell(out, hd_converge_norm_name(t->norm));
      print_cell(out, line->against);
      hd_print(out, ",%lld,%lld", (long long)i, (long long)t->level[i].member);
      for (int64_t k = 0; k < t->keys; k++) print_cell(out, t->level[i].value[k]);
      print_number(out, t->level[i].h);
      print_number(out, t->level[i].steps);
      print_number(out, line->value ? line->value[i] : (double)NAN);
      print_number(out, line->error[i]);
      print_number(out, line->order[i]);
      hd_print(out, "\n");
    }
  }
}

void hd_converge_print_orders_csv(const hd_convergence *t, hd_text *out) {
  hd_print(out, "name,unit,norm,against,mean_order,standard_error,least_squares_order,standard_error_of_it,left_out\n");
  for (int64_t l = 0; l < t->lines; l++) {
    const hd_convergence_line *line = &t->line[l];
    hd_print(out, "%s", line->name);
    print_cell(out, unit_of(line) ? line->unit : "1");
    print_cell(out, hd_converge_norm_name(t->norm));
    print_cell(out, line->against);
    print_number(out, line->orders.mean);
    print_number(out, line->orders.mean_error);
    print_number(out, line->orders.fit);
    print_number(out, line->orders.fit_error);
    hd_print(out, ",%lld\n", (long long)line->left_out);
  }
}

static void print_list(hd_text *out, const char *name, const double *value, int64_t count) {
  hd_print(out, ", \"%s\": [", name);
  for (int64_t i = 0; i < count; i++) {
    if (i) hd_print(out, ", ");
    hd_json_number(out, value[i]);
  }
  hd_print(out, "]");
}

static void print_named(hd_text *out, const char *name, double value) {
  hd_print(out, ", \"%s\": ", name);
  hd_json_number(out, value);
}

static void print_json_level(const hd_convergence *t, int64_t i, hd_text *out) {
  const hd_convergence_level *level = &t->level[i];
  hd_print(out, "%s\n      {\"member\": %lld, \"values\": {", i ? "," : "", (long long)level->member);
  for (int64_t k = 0; k < t->keys; k++) {
    if (k) hd_print(out, ", ");
    hd_json_text(out, t->key[k]);
    hd_print(out, ": ");
    hd_json_text(out, level->value[k]);
  }
  hd_print(out, "}");
  print_named(out, "h", level->h);
  print_named(out, "steps", level->steps);
  hd_print(out, "}");
}

void hd_converge_print_json(const hd_convergence *t, hd_text *out) {
  hd_print(out, "{\n    \"norm\": \"%s\",\n    \"missing_levels\": %lld,\n    \"levels\": [",
           hd_converge_norm_name(t->norm), (long long)t->missing);
  for (int64_t i = 0; i < t->levels; i++) print_json_level(t, i, out);
  hd_print(out, "\n    ],\n    \"lines\": [");
  for (int64_t l = 0; l < t->lines; l++) {
    const hd_convergence_line *line = &t->line[l];
    hd_print(out, "%s\n      {\"name\": ", l ? "," : "");
    hd_json_text(out, line->name);
    hd_print(out, ", \"unit\": ");
    hd_json_text(out, unit_of(line) ? line->unit : "1");
    hd_print(out, ", \"against\": ");
    hd_json_text(out, line->against);
    if (line->value) print_list(out, "values", line->value, t->levels);
    print_list(out, "errors", line->error, t->levels);
    print_list(out, "orders", line->order, t->levels);
    print_named(out, "mean_order", line->orders.mean);
    print_named(out, "mean_order_error", line->orders.mean_error);
    print_named(out, "least_squares_order", line->orders.fit);
    print_named(out, "least_squares_order_error", line->orders.fit_error);
    hd_print(out, ", \"left_out\": %lld}", (long long)line->left_out);
  }
  hd_print(out, "\n    ]\n  }");
}
