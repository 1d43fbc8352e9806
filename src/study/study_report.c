/* The report of a study, for someone who has not seen heddle before: what was varied, what came out, what failed and how to
 * repeat it, the figures, the numbers, where it comes from. */
#include "heddle/math.h"
#include "io/plot.h"
#include "io/report.h"
#include "study/converge.h"
#include "study/outcome.h"
#include "study/study_figures.h"

#include <stdio.h>
#include <string.h>

enum { FAILURES_SHOWN = 20, POINTS_SHOWN = 60, MEASURES_SHOWN = 8, VALUES_SHOWN = 8, TABLES = 6, PROVENANCE = 16 };

typedef struct page {
  const hd_aggregates *a;
  const hd_study *study;
  const hd_study_telling *telling;
  hd_arena arena;
  hd_report report;
  hd_report_table table[TABLES], late[TABLES];
  hd_report_entry provenance[PROVENANCE];
} page;

/* A table being filled, row after row. */
typedef struct sheet {
  page *p;
  const char **cell;
  int64_t columns, room, used;
} sheet;

static hd_status keep(page *p, hd_text *text, const char **out) {
  char *kept;
  hd_status status = hd_text_status(text);
  if (status == HD_OK) status = hd_arena_text(&p->arena, hd_text_of(text), text->length, &kept);
  if (status == HD_OK) *out = kept;
  hd_text_free(text);
  return status;
}

static hd_status begin_sheet(page *p, int64_t columns, int64_t rows, sheet *s) {
  void *memory;
  HD_TRY(hd_arena_take(&p->arena, sizeof(char *) * (size_t)(columns * rows + 1), &memory));
  *s = (sheet){.p = p, .cell = memory, .columns = columns, .room = columns * rows};
  return HD_OK;
}

static hd_status add_cell(sheet *s, hd_text *text) { return keep(s->p, text, &s->cell[s->used++]); }
static hd_status add_word(sheet *s, const char *word) {
  s->cell[s->used++] = word;
  return HD_OK;
}

static hd_status add_number(sheet *s, double value) {
  hd_text text;
  hd_text_init(&text, s->p->study->ctx);
  if (hd_is_nan(value)) hd_print(&text, "\xE2\x80\x93");
  else hd_plot_number(&text, value, 5);
  return add_cell(s, &text);
}

static hd_status add_unit(sheet *s, const char *unit) {
  hd_text text;
  hd_text_init(&text, s->p->study->ctx);
  hd_plot_unit(&text, unit);
  return add_cell(s, &text);
}

static void put_table(hd_report_table *to, const sheet *s, const char *title, const char *doc,
                      const char *const *columns, const bool *numbers) {
  *to = (hd_report_table){.title = title,
                          .doc = doc,
                          .column = columns,
                          .number = numbers,
                          .cell = s->cell,
                          .columns = s->columns,
                          .rows = s->columns ? s->used / s->columns : 0};
}

/* -- what was varied --------------------------------------------------------------------------------------------------- */

static void print_values(const page *p, int64_t k, hd_text *out) {
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
    hd_print(out, strcmp(key->unit, "1") ? " %s" : "", key->unit);
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

static void print_manner(const page *p, int64_t k, hd_text *out) {
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

static hd_status varied(page *p) {
  static const char *const columns[] = {"parameter", "meaning", "values", "how"};
  const hd_lattice *l = &p->a->lattice;
  sheet s;
  HD_TRY(begin_sheet(p, 4, l->keys, &s));
  for (int64_t k = 0; k < l->keys; k++) {
    hd_text values, manner;
    hd_text_init(&values, p->study->ctx);
    hd_text_init(&manner, p->study->ctx);
    print_values(p, k, &values);
    print_manner(p, k, &manner);
    hd_text meaning;
    hd_text_init(&meaning, p->study->ctx);
    hd_print(&meaning, "%s%s%s", l->key[k].labelled ? l->key[k].doc : "", l->key[k].labelled ? ": " : "",
             l->key[k].text_of);
    HD_TRY(add_word(&s, l->key[k].path));
    hd_status one = add_cell(&s, &meaning), two = add_cell(&s, &values), three = add_cell(&s, &manner);
    HD_TRY(one);
    HD_TRY(two);
    HD_TRY(three);
  }
  put_table(&p->table[p->report.table_count++], &s, "What was varied",
            "All other parameters are those of the scenario, which stands at the end of this page.", columns, NULL);
  return HD_OK;
}

/* -- what came out ----------------------------------------------------------------------------------------------------- */

static hd_status measures(page *p) {
  static const char *const columns[] = {"measure", "meaning", "unit", "members", "mean", "standard deviation",
                                        "5 %",     "median",  "95 %"};
  static const bool numbers[] = {false, false, false, true, true, true, true, true, true};
  const hd_study *study = p->study;
  sheet s;
  HD_TRY(begin_sheet(p, 9, study->names, &s));
  for (int64_t k = 0; k < study->names; k++) {
    const hd_statistics *all = &p->a->all[k];
    hd_text doc;
    if (!all->count) continue;
    hd_text_init(&doc, study->ctx);
    hd_print(&doc, "%.*s", (int)strcspn(hd_study_doc(study, k), ";"), hd_study_doc(study, k));
    HD_TRY(add_word(&s, study->name[k]));
    HD_TRY(add_cell(&s, &doc));
    HD_TRY(add_unit(&s, hd_study_unit(study, k)));
    HD_TRY(add_number(&s, (double)all->count));
    HD_TRY(add_number(&s, all->mean));
    HD_TRY(add_number(&s, all->sd));
    HD_TRY(add_number(&s, all->quantile[0]));
    HD_TRY(add_number(&s, all->quantile[2]));
    HD_TRY(add_number(&s, all->quantile[4]));
  }
  put_table(&p->table[p->report.table_count++], &s, "What came out, over all members",
            "5 %, median and 95 %: so many of the members lie below this value. Failed members are left out.", columns,
            numbers);
  return HD_OK;
}

static void print_place(const page *p, int64_t point, hd_text *out) {
  const hd_lattice *l = &p->a->lattice;
  bool first = true;
  for (int64_t k = 0; k < l->keys; k++) {
    const hd_lattice_key *key = &l->key[k];
    if (key->count < 2 || (p->a->at && (key->sampled || key->repeated))) continue;
    hd_print(out, "%s%s = ", first ? "" : ", ", hd_lattice_name(key));
    hd_lattice_print(l, k, point * l->each, out);
    first = false;
  }
}

/* The points with the least and the greatest value (mean) of a measure; -1: no value. */
static void ends_of(const page *p, int64_t name, int64_t *least, int64_t *greatest) {
  double low = HD_NAN, high = HD_NAN;
  *least = *greatest = -1;
  for (int64_t i = 0; i < p->a->lattice.points; i++) {
    double x = hd_aggregate_mean(p->a, i, name);
    if (hd_is_nan(x)) continue;
    if (!(x >= low)) low = x, *least = i;
    if (!(x <= high)) high = x, *greatest = i;
  }
}

static hd_status ends(page *p) {
  static const char *const columns[] = {"measure", "least", "at", "greatest", "at"};
  static const bool numbers[] = {false, true, false, true, false};
  sheet s;
  HD_TRY(begin_sheet(p, 5, p->study->names, &s));
  for (int64_t k = 0; k < p->study->names && p->a->lattice.points > 1; k++) {
    int64_t at[2];
    ends_of(p, k, &at[0], &at[1]);
    if (at[0] < 0 || at[0] == at[1]) continue;
    HD_TRY(add_word(&s, p->study->name[k]));
    for (int i = 0; i < 2; i++) {
      hd_text place;
      HD_TRY(add_number(&s, hd_aggregate_mean(p->a, at[i], k)));
      hd_text_init(&place, p->study->ctx);
      print_place(p, at[i], &place);
      HD_TRY(add_cell(&s, &place));
    }
  }
  put_table(&p->table[p->report.table_count++], &s, "Where each measure is least and greatest",
            p->a->at ? "Means over the members of a point." : NULL, columns, numbers);
  return HD_OK;
}

/* -- orders of convergence ----------------------------------------------------------------------------------------------- */

static hd_status orders(page *p) {
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
    HD_TRY(add_word(&s, line->name));
    HD_TRY(add_word(&s, line->against));
    HD_TRY(add_number(&s, line->orders.mean));
    HD_TRY(add_number(&s, line->orders.mean_error));
    HD_TRY(add_number(&s, line->orders.fit));
    HD_TRY(add_number(&s, line->orders.fit_error));
  }
  put_table(&p->table[p->report.table_count++], &s, "Observed orders of convergence",
            "The error falls as the length of a cell or step to this power; converge.csv has the errors of the levels.",
            columns, numbers);
  return HD_OK;
}

/* -- what failed ------------------------------------------------------------------------------------------------------- */

static hd_status failures(page *p) {
  static const char *const columns[] = {"member", "with", "failure", "what happened", "to repeat it alone"};
  static const bool numbers[] = {true, false, false, false, false};
  const hd_study *study = p->study;
  int64_t kind[HD_FAILURE_BUG + 1] = {0}, shown = 0;
  sheet s;
  hd_text sum;
  if (!study->failed) return HD_OK;
  HD_TRY(begin_sheet(p, 5, FAILURES_SHOWN, &s));
  for (int64_t i = 0; i < study->count; i++) {
    hd_text number, place, command;
    if (study->member[i].state != HD_MEMBER_FAILED) continue;
    kind[study->member[i].failure]++;
    if (shown++ >= FAILURES_SHOWN) continue;
    hd_text_init(&number, study->ctx);
    hd_text_init(&place, study->ctx);
    hd_text_init(&command, study->ctx);
    hd_print(&number, "%lld", (long long)i);
    for (int64_t k = 0, first = 1; k < p->a->lattice.keys; k++) {
      if (p->a->lattice.key[k].count < 2) continue;
      hd_print(&place, "%s%s = ", first ? "" : ", ", hd_lattice_name(&p->a->lattice.key[k]));
      hd_lattice_print(&p->a->lattice, k, i, &place);
      first = 0;
    }
    if (p->telling->member_command) p->telling->member_command(p->telling->self, &command, i);
    hd_status a = add_cell(&s, &number), b = add_cell(&s, &place);
    add_word(&s, hd_failure_text(study->member[i].failure));
    hd_text reason; /* its first line: the rest shows a place in a file */
    hd_text_init(&reason, study->ctx);
    const char *why = study->reason[i] ? study->reason[i] : "";
    hd_print(&reason, "%.*s", (int)strcspn(why, "\n"), why);
    hd_status d = add_cell(&s, &reason);
    hd_status c = add_cell(&s, &command);
    HD_TRY(a);
    HD_TRY(b);
    HD_TRY(c);
    HD_TRY(d);
  }
  hd_text_init(&sum, study->ctx);
  hd_print(&sum, "%lld of %lld members have no result:", (long long)study->failed, (long long)study->mine);
  for (int f = 1; f <= HD_FAILURE_BUG; f++)
    if (kind[f]) hd_print(&sum, " %lld %s;", (long long)kind[f], hd_failure_text((hd_failure)f));
  hd_print(&sum, "%s the list is below.", study->done ? " the others are not touched by this;" : "");
  const char *doc = NULL, **line;
  void *memory;
  HD_TRY(keep(p, &sum, &doc));
  HD_TRY(hd_arena_take(&p->arena, sizeof *line, &memory));
  line = memory;
  *line = doc;
  p->report.errors = line;
  p->report.error_count = 1;
  put_table(&p->table[p->report.table_count++], &s, "Members that failed",
            shown > FAILURES_SHOWN ? "The first twenty; all are in table.csv and study.h5." : NULL, columns, numbers);
  return HD_OK;
}

/* -- the numbers ------------------------------------------------------------------------------------------------------- */

/* A column for each key of the grid, then the measures: means with the half-width of their interval where a point is several
 * members. */
static hd_status points(page *p) {
  const hd_lattice *l = &p->a->lattice;
  const hd_study *study = p->study;
  int64_t key[HD_LATTICE_KEYS], keys = 0, name[MEASURES_SHOWN], names = 0;
  int64_t rows = l->points < POINTS_SHOWN ? l->points : POINTS_SHOWN;
  sheet s;
  void *memory;
  for (int64_t k = 0; k < l->keys; k++)
    if (l->key[k].count > 1 && !(p->a->at && (l->key[k].sampled || l->key[k].repeated))) key[keys++] = k;
  for (int64_t k = 0; k < study->names && names < MEASURES_SHOWN; k++)
    if (p->a->all[k].count) name[names++] = k;
  if (l->points < 2 || !names) return HD_OK;
  int64_t columns = keys + names + 1;
  HD_TRY(hd_arena_take(&p->arena, (sizeof(char *) + sizeof(bool)) * (size_t)columns, &memory));
  const char **column = memory;
  bool *number = (bool *)(column + columns);
  HD_TRY(begin_sheet(p, columns, rows, &s));
  for (int64_t i = 0; i < keys; i++) column[i] = hd_lattice_name(&l->key[key[i]]);
  for (int64_t i = 0; i < names; i++) {
    hd_text head;
    hd_text_init(&head, study->ctx);
    hd_axis axis = {.label = study->name[name[i]], .unit = hd_study_unit(study, name[i])};
    hd_plot_label(&head, &axis);
    HD_TRY(keep(p, &head, &column[keys + i]));
    number[keys + i] = true;
  }
  column[columns - 1] = p->a->at ? "done" : "state";
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t i = 0; i < keys; i++) {
      hd_text value;
      hd_text_init(&value, study->ctx);
      hd_lattice_print(l, key[i], r * l->each, &value);
      HD_TRY(add_cell(&s, &value));
    }
    for (int64_t i = 0; i < names; i++) {
      hd_text value;
      double mean = hd_aggregate_mean(p->a, r, name[i]);
      hd_text_init(&value, study->ctx);
      if (hd_is_nan(mean)) hd_print(&value, "\xE2\x80\x93");
      else hd_plot_number(&value, mean, 5);
      if (p->a->at && p->a->at[r * study->names + name[i]].count > 1) {
        hd_print(&value, " \xC2\xB1 ");
        hd_plot_number(&value, p->a->at[r * study->names + name[i]].high - mean, 3);
      }
      HD_TRY(add_cell(&s, &value));
    }
    hd_text state;
    hd_text_init(&state, study->ctx);
    if (p->a->at) hd_print(&state, "%lld of %lld", (long long)p->a->done[r], (long long)l->each);
    else hd_print(&state, "%s", p->a->done[r] ? "done" : p->a->failed[r] ? "failed" : "waiting");
    HD_TRY(add_cell(&s, &state));
  }
  bool cut = rows < l->points;
  put_table(&p->late[p->report.late_table_count++], &s, p->a->at ? "Means at each point" : "The members",
            p->a->at
                ? cut ? "The first sixty; all are in study.h5. \xC2\xB1: half the 95 % confidence interval of the mean."
                      : "\xC2\xB1: half the 95 % confidence interval of the mean (Student)."
            : cut ? "The first sixty; all are in table.csv and study.h5."
                  : "All of them are in table.csv and study.h5, too.",
            column, number);
  return HD_OK;
}

/* -- the frame --------------------------------------------------------------------------------------------------------- */

static hd_status print_doc(page *p, const char **out) {
  const hd_lattice *l = &p->a->lattice;
  hd_text text;
  int64_t keys = 0;
  hd_text_init(&text, p->study->ctx);
  for (int64_t k = 0; k < l->keys; k++) keys += l->key[k].count > 1 && !l->key[k].repeated;
  hd_print(&text, "A study: one scenario was computed %lld times, each time with other values of ",
           (long long)p->study->count);
  for (int64_t k = 0, n = 0; k < l->keys; k++) {
    if (l->key[k].count < 2 || l->key[k].repeated) continue;
    hd_print(&text, "%s%s",
             n == 0          ? ""
             : n + 1 == keys ? " and "
                             : ", ",
             l->key[k].doc[0] ? l->key[k].doc : l->key[k].path);
    n++;
  }
  if (!keys) hd_print(&text, "the random numbers");
  else if (l->repeats > 1) hd_print(&text, ", %lld times each with other random numbers", (long long)l->repeats);
  hd_print(&text,
           ". Each computation is a \xE2\x80\x9Cmember\xE2\x80\x9D; what is read off it is a "
           "\xE2\x80\x9Cmeasure\xE2\x80\x9D. "
           "Members depend on nothing but their own values, so any of them can be repeated alone and gives the "
           "same bits on any machine.");
  return keep(p, &text, out);
}

static hd_status print_state(page *p, const char **out) {
  const hd_study *study = p->study;
  int64_t waiting = study->mine - study->done - study->failed;
  hd_text text;
  hd_text_init(&text, study->ctx);
  hd_print(&text, "%lld of %lld members done", (long long)study->done, (long long)study->mine);
  if (study->failed) hd_print(&text, ", %lld failed", (long long)study->failed);
  if (waiting) hd_print(&text, ", %lld not computed yet", (long long)waiting);
  if (p->a->seconds.count) {
    hd_print(&text, "; ");
    hd_plot_number(&text, p->a->seconds.mean * (double)p->a->seconds.count, 3);
    hd_print(&text, " s of computing");
  }
  return keep(p, &text, out);
}

static hd_status provenance(page *p) {
  const hd_study *study = p->study;
  const char *identity;
  hd_text text;
  char hex[HD_HASH_HEX];
  hd_report_entry *e = p->provenance;
  int64_t n = 0;
  hd_hash_hex(&study->identity, hex);
  hd_text_init(&text, study->ctx);
  hd_print(&text, "%s", hex);
  HD_TRY(keep(p, &text, &identity));
  e[n++] = (hd_report_entry){.name = "heddle", .text = hd_version(), .doc = "version"};
  e[n++] = (hd_report_entry){.name = "solver", .text = study->base->solver->name, .doc = study->base->solver->title};
  e[n++] = (hd_report_entry){.name = "scenario", .text = study->base->file, .doc = "the file"};
  e[n++] = (hd_report_entry){.name = "identity", .text = identity, .doc = "of scenario, study and measures"};
  e[n++] = (hd_report_entry){.name = "members", .number = (double)study->mine};
  e[n++] = (hd_report_entry){.name = "done", .number = (double)study->done};
  e[n++] = (hd_report_entry){.name = "failed", .number = (double)study->failed};
  if (p->a->seconds.count) {
    const hd_statistics *s = &p->a->seconds;
    e[n++] = (hd_report_entry){
        .name = "computed", .number = (double)s->count, .doc = "members; the others are equal to one of them"};
    e[n++] = (hd_report_entry){.name = "mean time", .number = s->mean, .unit = "s", .doc = "of one member on one core"};
    e[n++] = (hd_report_entry){.name = "least time", .number = s->least, .unit = "s"};
    e[n++] = (hd_report_entry){.name = "greatest time", .number = s->greatest, .unit = "s"};
  }
  p->report.provenance = e;
  p->report.provenance_count = n;
  return HD_OK;
}

static hd_status commands(page *p, const char *folder) {
  void *memory;
  hd_text alone, again, read;
  HD_TRY(hd_arena_take(&p->arena, sizeof(char *) * 4, &memory));
  const char **line = memory;
  int64_t n = 0;
  if (p->telling->command) line[n++] = p->telling->command;
  hd_text_init(&alone, p->study->ctx);
  hd_text_init(&again, p->study->ctx);
  hd_text_init(&read, p->study->ctx);
  if (p->telling->member_command) p->telling->member_command(p->telling->self, &alone, 0);
  hd_print(&alone, "    # member 0 alone, with all its fields and figures");
  hd_print(&again, "heddle plot %s    # tables, figures and this page again, without computing", folder);
  hd_print(&read, "python3 -c 'import xarray; print(xarray.open_dataset(\"%s/study.h5\"))'", folder);
  hd_status a = keep(p, &alone, &line[n]), b = keep(p, &again, &line[n + 1]), c = keep(p, &read, &line[n + 2]);
  p->report.commands = line;
  p->report.command_count = n + 3;
  return a != HD_OK ? a : b != HD_OK ? b : c;
}

static hd_status figures(page *p, const hd_study_figures *all, const char *folder) {
  hd_ctx *ctx = p->study->ctx;
  void *memory;
  char path[HD_PATH_ROOM], file[HD_FIGURE_NAME + 16];
  HD_TRY(hd_arena_take(&p->arena, sizeof(hd_report_figure) * (size_t)(all->count + 1), &memory));
  hd_report_figure *figure = memory;
  for (int64_t i = 0; i < all->count; i++) {
    snprintf(file, sizeof file, "figures/%s.gp", all->figure[i]->name);
    HD_TRY(hd_path_join(ctx, folder, file, path, sizeof path));
    if (!hd_file_exists(ctx, path)) continue; /* not asked for */
    figure[p->report.figure_count++] =
        (hd_report_figure){.name = all->figure[i]->name, .title = all->figure[i]->title, .doc = all->doc[i]};
  }
  p->report.figures = figure;
  p->report.figure_folder = "figures";
  return HD_OK;
}

static hd_status scenario(page *p) {
  hd_text text;
  hd_text_init(&text, p->study->ctx);
  hd_status status = hd_case_print(p->study->base, &text);
  if (status == HD_OK && text.length && hd_text_of(&text)[text.length - 1] != '\n') hd_print(&text, "\n");
  if (status == HD_OK) status = hd_study_print_grammar(p->study, &text);
  hd_status kept = keep(p, &text, &p->report.scenario);
  return status == HD_OK ? kept : status;
}

static hd_status write_page(page *p, const hd_study_figures *all, const char *folder) {
  static const hd_report_link links[] = {{"study.h5", "members, measures, grid and aggregates (HDF5, opens in xarray)"},
                                         {"table.csv", "a line for each member, for a spreadsheet or pandas"},
                                         {"log.txt", "what happened, line by line"}};
  const hd_study *study = p->study;
  const char *title = study->base->common.title;
  p->report = (hd_report){.title = title && title[0] ? title : study->base->file,
                          .solver = study->base->solver->title,
                          .tables = p->table,
                          .late_tables = p->late,
                          .links = links,
                          .link_count = 3,
                          .failed = study->failed > 0};
  HD_TRY(print_doc(p, &p->report.doc));
  HD_TRY(print_state(p, &p->report.state));
  HD_TRY(varied(p));
  HD_TRY(orders(p));
  HD_TRY(measures(p));
  HD_TRY(ends(p));
  HD_TRY(failures(p));
  HD_TRY(points(p));
  HD_TRY(provenance(p));
  HD_TRY(commands(p, folder));
  HD_TRY(scenario(p));
  HD_TRY(figures(p, all, folder));
  return hd_report_write(study->ctx, &p->report, folder);
}

hd_status hd_study_report(const hd_aggregates *aggregates, const hd_study_telling *telling, const char *folder) {
  page p = {.a = aggregates, .study = aggregates->study, .telling = telling};
  hd_study_figures all;
  HD_TRY(hd_study_figures_make(aggregates, &all));
  hd_arena_init(&p.arena, p.study->ctx);
  hd_status status = write_page(&p, &all, folder);
  hd_arena_free(&p.arena);
  hd_study_figures_free(&all);
  return hd_while(p.study->ctx, status, "writing the report of the study into %s", folder);
}
