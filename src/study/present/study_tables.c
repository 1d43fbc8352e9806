/* The tables of a study's page. A sheet fills one, cell after cell; its first failure is remembered and told at its end. */
#include "heddle/math.h"
#include "io/plot.h"
#include "study/converge/converge.h"
#include "study/present/study_page.h"

#include <string.h>

enum { FAILURES_SHOWN = 20, POINTS_SHOWN = 60, MEASURES_SHOWN = 8, VALUES_SHOWN = 8 };

typedef struct sheet {
  hd_page *p;
  const char **cell;
  int64_t columns, room, used;
  hd_text text; /* of the cell being written */
  hd_status status;
} sheet;

static hd_status begin_sheet(hd_page *p, int64_t columns, int64_t rows, sheet *s) {
  void *memory;
  HD_TRY(hd_arena_take(&p->arena, sizeof(char *) * (size_t)(columns * rows + 1), &memory));
  *s = (sheet){.p = p, .cell = memory, .columns = columns, .room = columns * rows};
  hd_text_init(&s->text, p->study->ctx);
  return HD_OK;
}

/* What was printed into s->text is the next cell. */
static void end_cell(sheet *s) {
  hd_status status = s->used < s->room ? hd_page_keep(s->p, &s->text, &s->cell[s->used]) : HD_OK;
  hd_text_init(&s->text, s->p->study->ctx);
  s->used++;
  if (s->status == HD_OK) s->status = status;
}

static void add_word(sheet *s, const char *word) {
  if (s->used < s->room) s->cell[s->used] = word;
  s->used++;
}

static void add_number(sheet *s, double value) {
  if (hd_is_nan(value)) hd_print(&s->text, "\xE2\x80\x93");
  else hd_plot_number(&s->text, value, 5);
  end_cell(s);
}

/* A table without rows is left out of the page. */
static hd_status end_sheet(sheet *s, bool late, const char *title, const char *doc, const char *const *columns,
                           const bool *numbers) {
  hd_report *report = &s->p->report;
  hd_report_table *to = late ? &s->p->late[report->late_table_count++] : &s->p->table[report->table_count++];
  *to = (hd_report_table){.title = title,
                          .doc = doc,
                          .column = columns,
                          .number = numbers,
                          .cell = s->cell,
                          .columns = s->columns,
                          .rows = s->used / s->columns};
  hd_text_free(&s->text);
  return s->status;
}

/* -- what was varied --------------------------------------------------------------------------------------------------- */

static void print_values(const hd_page *p, int64_t k, hd_text *out) {
  const hd_lattice *l = &p->a->lattice;
  const hd_lattice_key *key = &l->key[k];
  int64_t shown = key->count <= VALUES_SHOWN ? key->count : 3;
  if (key->repeated) {
    hd_print(out, "%lld seeds", (long long)key->count);
    return;
  }
  if (key->sampled) {
    double low = HD_INFINITY, high = -HD_INFINITY;
    for (int64_t i = 0; i < p->study->count; i++) {
      double x = hd_lattice_number(l, k, i);
      low = x < low ? x : low;
      high = x > high ? x : high;
    }
    hd_plot_number(out, low, 5);
    hd_print(out, " to ");
    hd_plot_number(out, high, 5);
    if (strcmp(key->unit, "1") != 0) hd_print(out, " %s", key->unit);
    return;
  }
  for (int64_t i = 0; i < shown; i++) {
    if (i) hd_print(out, ", ");
    hd_lattice_print(l, k, i * key->stride, out);
  }
  if (shown == key->count) return;
  hd_print(out, ", \xE2\x80\xA6, ");
  hd_lattice_print(l, k, (key->count - 1) * key->stride, out);
  hd_print(out, " (%lld values)", (long long)key->count);
}

static void print_manner(const hd_page *p, int64_t k, hd_text *out) {
  static const char *const method[] = {"at random", "in a Latin hypercube", "as a Sobol sequence"};
  const hd_lattice *l = &p->a->lattice;
  const hd_lattice_key *key = &l->key[k];
  if (key->repeated) hd_print(out, "repeated with seeds of their own");
  else if (key->sampled)
    hd_print(out, "drawn %s, %lld points", method[p->study->spec.sample_method], (long long)l->samples);
  else if (key->count < 2) hd_print(out, "one value");
  else
    for (int64_t a = 0; a < l->axes; a++)
      for (int64_t i = 0; i < l->axis[a].keys; i++)
        if (l->axis[a].key[i] == k && i == 0) hd_print(out, "every value%s", l->axes > 1 ? " with every other" : "");
        else if (l->axis[a].key[i] == k) hd_print(out, "together with %s", l->key[l->axis[a].key[0]].path);
}

hd_status hd_page_varied(hd_page *p) {
  static const char *const columns[] = {"parameter", "meaning", "values", "how"};
  const hd_lattice *l = &p->a->lattice;
  sheet s;
  HD_TRY(begin_sheet(p, 4, l->keys, &s));
  for (int64_t k = 0; k < l->keys; k++) {
    const hd_lattice_key *key = &l->key[k];
    add_word(&s, key->path);
    hd_print(&s.text, "%s%s%s", key->labelled ? key->doc : "", key->labelled ? ": " : "", key->text_of);
    end_cell(&s);
    print_values(p, k, &s.text);
    end_cell(&s);
    print_manner(p, k, &s.text);
    end_cell(&s);
  }
  return end_sheet(&s, false, "What was varied",
                   "All other parameters are those of the scenario, which stands at the end of this page.", columns,
                   NULL);
}

/* -- what came out ----------------------------------------------------------------------------------------------------- */

hd_status hd_page_measures(hd_page *p) {
  static const char *const columns[] = {"measure", "meaning", "unit", "members", "mean", "standard deviation",
                                        "5 %",     "median",  "95 %"};
  static const bool numbers[] = {false, false, false, true, true, true, true, true, true};
  const hd_study *study = p->study;
  sheet s;
  HD_TRY(begin_sheet(p, 9, study->names, &s));
  for (int64_t k = 0; k < study->names; k++) {
    const hd_statistics *all = &p->a->all[k];
    const char *doc = hd_study_doc(study, k);
    if (!all->count) continue;
    add_word(&s, study->name[k]);
    hd_print(&s.text, "%.*s", (int)strcspn(doc, ";"), doc);
    end_cell(&s);
    hd_plot_unit(&s.text, hd_study_unit(study, k));
    end_cell(&s);
    add_number(&s, (double)all->count);
    add_number(&s, all->mean);
    add_number(&s, all->sd);
    for (int q = 0; q < HD_QUANTILES; q += 2) add_number(&s, all->quantile[q]);
  }
  return end_sheet(&s, false, "What came out, over all members",
                   "5 %, median and 95 %: so many of the members lie below this value. Failed members are left out.",
                   columns, numbers);
}

/* Advances together with a key before it, which says where on the axis a member is. */
static bool follows(const hd_lattice *l, int64_t key) {
  for (int64_t a = 0; a < l->axes; a++)
    for (int64_t i = 1; i < l->axis[a].keys; i++)
      if (l->axis[a].key[i] == key) return true;
  return false;
}

static void print_place(const hd_page *p, int64_t point, hd_text *out) {
  const hd_lattice *l = &p->a->lattice;
  bool first = true;
  for (int64_t k = 0; k < l->keys; k++) {
    const hd_lattice_key *key = &l->key[k];
    if (key->count < 2 || follows(l, k) || (p->a->at && (key->sampled || key->repeated))) continue;
    hd_print(out, "%s%s = ", first ? "" : ", ", hd_lattice_name(key));
    hd_lattice_print(l, k, point * l->each, out);
    first = false;
  }
}

/* The points with the least and the greatest value (mean) of a measure; -1: no value. */
static void ends_of(const hd_page *p, int64_t name, int64_t *least, int64_t *greatest) {
  double low = HD_NAN, high = HD_NAN;
  *least = *greatest = -1;
  for (int64_t i = 0; i < p->a->lattice.points; i++) {
    double x = hd_aggregate_mean(p->a, i, name);
    if (hd_is_nan(x)) continue;
    if (!(x >= low)) low = x, *least = i;
    if (!(x <= high)) high = x, *greatest = i;
  }
}

hd_status hd_page_ends(hd_page *p) {
  static const char *const columns[] = {"measure", "least", "at", "greatest", "at"};
  static const bool numbers[] = {false, true, false, true, false};
  sheet s;
  HD_TRY(begin_sheet(p, 5, p->study->names, &s));
  for (int64_t k = 0; k < p->study->names && p->a->lattice.points > 1; k++) {
    int64_t at[2];
    ends_of(p, k, &at[0], &at[1]);
    if (at[0] < 0 || at[0] == at[1]) continue;
    add_word(&s, p->study->name[k]);
    for (int i = 0; i < 2; i++) {
      add_number(&s, hd_aggregate_mean(p->a, at[i], k));
      print_place(p, at[i], &s.text);
      end_cell(&s);
    }
  }
  return end_sheet(&s, false, "Where each measure is least and greatest",
                   p->a->at ? "Means over the members of a point." : NULL, columns, numbers);
}

hd_status hd_page_orders(hd_page *p) {
  static const char *const columns[] = {"what",           "error against",        "order, mean",
                                        "standard error", "order, least squares", "standard error"};
  static const bool numbers[] = {false, false, true, true, true, true};
  hd_convergence table;
  sheet s;
  if (!hd_converge_is(p->study)) return HD_OK;
  HD_TRY(hd_converge(p->study, &p->arena, &table));
  HD_TRY(begin_sheet(p, 6, table.lines, &s));
  for (int64_t i = 0; i < table.lines; i++) {
    const hd_convergence_line *line = &table.line[i];
    add_word(&s, line->name);
    add_word(&s, line->against);
    add_number(&s, line->orders.mean);
    add_number(&s, line->orders.mean_error);
    add_number(&s, line->orders.fit);
    add_number(&s, line->orders.fit_error);
  }
  return end_sheet(
      &s, false, "Observed orders of convergence",
      "The error falls as the length of a cell or step to this power; converge.csv has the errors of the levels.",
      columns, numbers);
}

/* -- what failed ------------------------------------------------------------------------------------------------------- */

static void print_member(const hd_page *p, int64_t member, hd_text *out) {
  const hd_lattice *l = &p->a->lattice;
  bool first = true;
  for (int64_t k = 0; k < l->keys; k++) {
    if (l->key[k].count < 2) continue;
    hd_print(out, "%s%s = ", first ? "" : ", ", hd_lattice_name(&l->key[k]));
    hd_lattice_print(l, k, member, out);
    first = false;
  }
}

/* One row; of the reason its first line: the rest shows a place in a file. */
static void add_failure(sheet *s, int64_t member) {
  const hd_page *p = s->p;
  const char *why = p->study->reason[member] ? p->study->reason[member] : "";
  hd_print(&s->text, "%lld", (long long)member);
  end_cell(s);
  print_member(p, member, &s->text);
  end_cell(s);
  add_word(s, hd_failure_text(p->study->member[member].failure));
  hd_print(&s->text, "%.*s", (int)strcspn(why, "\n"), why);
  end_cell(s);
  if (p->telling->member_command) p->telling->member_command(p->telling->self, &s->text, member);
  end_cell(s);
}

static hd_status sum_up_failures(hd_page *p, const int64_t *kind) {
  const hd_study *study = p->study;
  hd_text sum;
  void *memory;
  HD_TRY(hd_arena_take(&p->arena, sizeof(char *), &memory));
  const char **line = memory;
  hd_text_init(&sum, study->ctx);
  hd_print(&sum, "%lld of %lld members have no result:", (long long)study->failed, (long long)study->mine);
  for (int f = 1; f <= HD_FAILURE_BUG; f++)
    if (kind[f]) hd_print(&sum, " %lld %s;", (long long)kind[f], hd_failure_text((hd_failure)f));
  hd_print(&sum, "%s the list is below.", study->done ? " the others are not touched by this;" : "");
  HD_TRY(hd_page_keep(p, &sum, line));
  p->report.errors = line;
  p->report.error_count = 1;
  return HD_OK;
}

hd_status hd_page_failures(hd_page *p) {
  static const char *const columns[] = {"member", "with", "failure", "what happened", "to repeat it alone"};
  static const bool numbers[] = {true, false, false, false, false};
  int64_t kind[HD_FAILURE_BUG + 1] = {0}, found = 0;
  sheet s;
  if (!p->study->failed) return HD_OK;
  HD_TRY(begin_sheet(p, 5, FAILURES_SHOWN, &s));
  for (int64_t i = 0; i < p->study->count; i++) {
    if (p->study->member[i].state != HD_MEMBER_FAILED) continue;
    kind[p->study->member[i].failure]++;
    if (found++ < FAILURES_SHOWN) add_failure(&s, i);
  }
  HD_TRY(end_sheet(&s, false, "Members that failed",
                   found > FAILURES_SHOWN ? "The first twenty; all are in table.csv and study.h5." : NULL, columns,
                   numbers));
  return sum_up_failures(p, kind);
}

/* -- the numbers ------------------------------------------------------------------------------------------------------- */

/* Which columns the last table has. */
typedef struct chosen {
  int64_t key[HD_LATTICE_KEYS], keys, name[MEASURES_SHOWN], names;
} chosen;

static chosen choose(const hd_page *p) {
  const hd_lattice *l = &p->a->lattice;
  chosen c = {.keys = 0};
  for (int64_t k = 0; k < l->keys; k++)
    if (l->key[k].count > 1 && !(p->a->at && (l->key[k].sampled || l->key[k].repeated))) c.key[c.keys++] = k;
  for (int64_t k = 0; k < p->study->names && c.names < MEASURES_SHOWN; k++)
    if (p->a->all[k].count) c.name[c.names++] = k;
  return c;
}

static hd_status name_columns(hd_page *p, const chosen *c, const char **column, bool *number) {
  for (int64_t i = 0; i < c->keys; i++) column[i] = hd_lattice_name(&p->a->lattice.key[c->key[i]]);
  for (int64_t i = 0; i < c->names; i++) {
    hd_text head;
    hd_text_init(&head, p->study->ctx);
    hd_axis axis = {.label = p->study->name[c->name[i]], .unit = hd_study_unit(p->study, c->name[i])};
    hd_plot_label(&head, &axis);
    HD_TRY(hd_page_keep(p, &head, &column[c->keys + i]));
    number[c->keys + i] = true;
  }
  column[c->keys + c->names] = p->a->at ? "done" : "state";
  return HD_OK;
}

/* Means with the half-width of their interval where a point is several members. */
static void add_point(sheet *s, const chosen *c, int64_t point) {
  const hd_aggregates *a = s->p->a;
  for (int64_t i = 0; i < c->keys; i++) {
    hd_lattice_print(&a->lattice, c->key[i], point * a->lattice.each, &s->text);
    end_cell(s);
  }
  for (int64_t i = 0; i < c->names; i++) {
    double mean = hd_aggregate_mean(a, point, c->name[i]);
    const hd_statistics *at = a->at ? &a->at[point * a->study->names + c->name[i]] : NULL;
    if (hd_is_nan(mean)) hd_print(&s->text, "\xE2\x80\x93");
    else hd_plot_number(&s->text, mean, 5);
    if (at && at->count > 1) {
      hd_print(&s->text, " \xC2\xB1 ");
      hd_plot_number(&s->text, at->high - mean, 3);
    }
    end_cell(s);
  }
  if (a->at) hd_print(&s->text, "%lld of %lld", (long long)a->done[point], (long long)a->lattice.each);
  else hd_print(&s->text, "%s", a->done[point] ? "done" : a->failed[point] ? "failed" : "waiting");
  end_cell(s);
}

hd_status hd_page_points(hd_page *p) {
  static const char *const docs[2][2] = {
      {"All of them are in table.csv and study.h5, too.", "The first sixty; all are in table.csv and study.h5."},
      {"\xC2\xB1: half the 95 % confidence interval of the mean (Student).",
       "The first sixty; all are in study.h5. \xC2\xB1: half the 95 % confidence interval of the mean."}};
  int64_t points = p->a->lattice.points, rows = points < POINTS_SHOWN ? points : POINTS_SHOWN;
  chosen c = choose(p);
  int64_t columns = c.keys + c.names + 1;
  sheet s;
  void *memory;
  if (points < 2 || !c.names) return HD_OK;
  HD_TRY(hd_arena_take(&p->arena, (sizeof(char *) + sizeof(bool)) * (size_t)columns, &memory));
  const char **column = memory;
  bool *number = (bool *)(column + columns);
  HD_TRY(name_columns(p, &c, column, number));
  HD_TRY(begin_sheet(p, columns, rows, &s));
  for (int64_t r = 0; r < rows; r++) add_point(&s, &c, r);
  return end_sheet(&s, true, p->a->at ? "Means at each point" : "The members", docs[p->a->at != NULL][rows < points],
                   column, number);
}
