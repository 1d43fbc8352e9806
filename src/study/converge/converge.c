/* From levels that are done to a table of errors and orders. */
#include "study/converge/converge.h"

#include "base/number.h"
#include "heddle/math.h"
#include "run/running.h"
#include "study/workers/compute.h"
#include "study/converge/profiles.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double same_place = 1e-6; /* ends of runs, relative */

typedef struct converging {
  const hd_study *study;
  hd_arena *arena;
  hd_convergence *table;
  hd_profiles *last, *truth; /* [levels]; truth: the exact solution or the start */
  hd_profiles file;          /* of reference FILE */
  bool finest_done;
} converging;

static hd_status take(const converging *c, int64_t count, size_t size, void **out) {
  return hd_arena_take(c->arena, size * (size_t)(count + 1), out);
}

static hd_status keep_text(const converging *c, const char *text, const char **out) {
  char *kept;
  HD_TRY(hd_arena_text(c->arena, text, strlen(text), &kept));
  *out = kept;
  return HD_OK;
}

bool hd_converge_is(const hd_study *study) { return study->spec.over.count > 0; }

/* -- levels ------------------------------------------------------------------------------------------------------------ */

/* Of the first key. A parameter that may be a number or something else (of a program) is a number if its text is one. */
static double number_of(const hd_study *study, int64_t member) {
  double number = NAN;
  hd_text text;
  hd_text_init(&text, study->ctx);
  hd_status status = hd_members_value(study->members, member, 0, &number, &text);
  const char *digits = hd_text_of(&text);
  if (status == HD_OK && isnan(number) && study->spec.over.at[0].param->kind == HD_EITHER &&
      hd_number_read(digits, 0, &number) != strlen(digits))
    number = NAN;
  hd_text_free(&text);
  return number;
}

/* Whether the first key counts pieces: a whole number by its kind, or without a unit and whole on all levels (what the
 * parameter of a program is). */
static bool counts_pieces(const hd_study *study) {
  const hd_param *p = study->spec.over.at[0].param;
  if (p->kind == HD_INT) return true;
  if (p->kind == HD_REAL && p->unit && strcmp(p->unit, "1")) return false;
  for (int64_t i = 0; i < study->count; i++) {
    double number = number_of(study, i);
    if (!(number >= 1) || hd_round(number) != number) return false;
  }
  return true;
}

static double length_of(double number, bool pieces) {
  if (!(number > 0)) return NAN;
  return pieces ? 1 / number : number;
}

static hd_status print_values(const converging *c, int64_t member, const char *const **out) {
  void *memory;
  HD_TRY(take(c, c->table->keys, sizeof(char *), &memory));
  const char **value = memory;
  for (int64_t k = 0; k < c->table->keys; k++) {
    hd_text text;
    hd_text_init(&text, c->arena->ctx);
    hd_status status = hd_members_value(c->study->members, member, k, NULL, &text);
    if (status == HD_OK) status = keep_text(c, hd_text_of(&text), &value[k]);
    hd_text_free(&text);
    HD_TRY(status);
  }
  *out = value;
  return HD_OK;
}

static double measured(const hd_study *study, int64_t member, const char *name) {
  for (int64_t k = 0; k < study->names; k++)
    if (!strcmp(study->name[k], name)) return study->value[member * study->names + k];
  return NAN;
}

/* Levels that are done, from coarse to fine. */
static hd_status collect_levels(converging *c) {
  const hd_study *study = c->study;
  hd_convergence *t = c->table;
  double finest = INFINITY;
  bool pieces = counts_pieces(study);
  void *memory;
  HD_TRY(take(c, study->count, sizeof(hd_convergence_level), &memory));
  t->level = memory;
  t->keys = hd_members_keys(study->members, &t->key, NULL);
  for (int64_t i = 0; i < study->count; i++) {
    double number = number_of(study, i), h = length_of(number, pieces);
    bool done = study->member[i].state == HD_MEMBER_DONE;
    if (h < finest || i == 0 || hd_is_nan(h)) c->finest_done = done, finest = h;
    if (!done) {
      t->missing++;
      continue;
    }
    int64_t place = t->levels++;
    for (; place > 0 && t->level[place - 1].h < h; place--) t->level[place] = t->level[place - 1];
    t->level[place] = (hd_convergence_level){.member = i, .h = h, .number = number};
    t->level[place].steps = measured(study, i, "steps");
    HD_TRY(print_values(c, i, &t->level[place].value));
  }
  return HD_OK;
}

/* -- lines ------------------------------------------------------------------------------------------------------------- */

static hd_status add_line(converging *c, const char *name, const char *unit, const char *against,
                          hd_convergence_line **out) {
  hd_convergence *t = c->table;
  void *memory;
  hd_convergence_line *line = *out = &t->line[t->lines++];
  *line = (hd_convergence_line){.unit = unit, .differences = !strcmp(against, "successive")};
  HD_TRY(keep_text(c, name, &line->name));
  HD_TRY(keep_text(c, against, &line->against));
  HD_TRY(take(c, t->levels, sizeof(double), &memory));
  line->error = memory;
  HD_TRY(take(c, t->levels, sizeof(double), &memory));
  line->order = memory;
  for (int64_t i = 0; i < t->levels; i++) line->error[i] = NAN;
  return HD_OK;
}

static hd_status end_line(const converging *c, hd_convergence_line *line) {
  void *memory;
  HD_TRY(take(c, c->table->levels, sizeof(double), &memory));
  double *h = memory;
  for (int64_t i = 0; i < c->table->levels; i++) h[i] = c->table->level[i].h;
  hd_orders_of(h, line->error, c->table->levels, line->differences, line->order, &line->orders);
  return HD_OK;
}

static const char *reference_word(const hd_study_spec *spec) {
  static const char *const words[] = {"successive", "finest", "exact", "initial"};
  return spec->reference < HD_REFERENCE_FILE ? words[spec->reference] : spec->reference_file;
}

/* -- measures ---------------------------------------------------------------------------------------------------------- */

static hd_status value_of_file(const converging *c, double *value) {
  hd_result *result;
  const char *file = c->study->spec.reference_file;
  HD_TRY(hd_result_open(c->arena->ctx, file, &result));
  *value = hd_result_number(result, "measures", c->study->spec.norm_measure);
  hd_result_close(result);
  if (!hd_is_nan(*value)) return HD_OK;
  return hd_raise(c->arena->ctx, HD_ERR_INPUT, "%s has no measure %s", file, c->study->spec.norm_measure);
}

static hd_status reference_text(const converging *c, const char *unit, char out[HD_PATH_ROOM]) {
  const hd_study_spec *spec = &c->study->spec;
  char digits[HD_NUMBER_ROOM];
  hd_number_print(spec->reference_value, digits);
  bool shown = unit && strcmp(unit, "1") && unit[0];
  if (spec->reference == HD_REFERENCE_VALUE)
    snprintf(out, HD_PATH_ROOM, "%s%s%s", digits, shown ? " " : "", shown ? unit : "");
  else snprintf(out, HD_PATH_ROOM, "%s", reference_word(spec));
  return HD_OK;
}

static hd_status measure_lines(converging *c) {
  const hd_study_spec *spec = &c->study->spec;
  hd_convergence *t = c->table;
  const hd_measure *measure = hd_measure_find(c->study->base->solver, spec->norm_measure);
  bool is_error = measure && (measure->flags & HD_ERROR), against_file = spec->reference == HD_REFERENCE_FILE;
  double reference = spec->reference_value;
  char against[HD_PATH_ROOM];
  void *memory;
  const char *unit = measure ? hd_case_measure_unit(c->study->base, measure) : NULL;
  if (!unit) unit = "1";
  HD_TRY(take(c, t->levels, sizeof(double), &memory));
  double *value = memory;
  for (int64_t i = 0; i < t->levels; i++) value[i] = measured(c->study, t->level[i].member, spec->norm_measure);
  for (int64_t i = 0; i < t->levels; i++)
    if (hd_is_nan(value[i]))
      return hd_raise(c->arena->ctx, HD_ERR_INPUT, "the measure %s is not defined for level %s", spec->norm_measure,
                      t->level[i].value[0]);
  if (against_file) HD_TRY(value_of_file(c, &reference));
  if (spec->reference == HD_REFERENCE_FINEST) reference = value[t->levels - 1];
  HD_TRY(reference_text(c, unit, against));
  hd_convergence_line *line;
  if (is_error ||
      (spec->reference != HD_REFERENCE_SUCCESSIVE && (spec->reference != HD_REFERENCE_FINEST || c->finest_done))) {
    int64_t count = spec->reference == HD_REFERENCE_FINEST && !is_error ? t->levels - 1 : t->levels;
    HD_TRY(add_line(c, spec->norm_measure, unit, is_error ? "truth" : against, &line));
    line->value = value;
    for (int64_t i = 0; i < count; i++) line->error[i] = hd_abs(is_error ? value[i] : value[i] - reference);
    HD_TRY(end_line(c, line));
  }
  if (is_error) return HD_OK;
  HD_TRY(add_line(c, spec->norm_measure, unit, "successive", &line));
  line->value = value;
  for (int64_t i = 0; i + 1 < t->levels; i++) line->error[i] = hd_abs(value[i] - value[i + 1]);
  return end_line(c, line);
}

/* -- fields ------------------------------------------------------------------------------------------------------------ */

/* A level that is the same case as an earlier one has its files there. */
static int64_t holder_of(const hd_study *study, int64_t member) {
  for (int64_t i = 0; i < member; i++)
    if (study->member[i].state == HD_MEMBER_DONE && hd_hash_equal(&study->id[i], &study->id[member])) return i;
  return member;
}

static hd_status result_path(const hd_study *study, int64_t member, char path[HD_PATH_ROOM]) {
  char folder[HD_PATH_ROOM];
  HD_TRY(hd_member_folder(study->ctx, study->options.folder, holder_of(study, member), folder));
  return hd_path_join(study->ctx, folder, "result.h5", path, HD_PATH_ROOM);
}

static hd_status read_level(const converging *c, int64_t i) {
  char path[HD_PATH_ROOM];
  hd_result *result;
  const hd_solver *solver = c->study->base->solver;
  hd_study_reference reference = c->study->spec.reference;
  HD_TRY(result_path(c->study, c->table->level[i].member, path));
  HD_TRY(hd_result_open(c->arena->ctx, path, &result));
  hd_status status = hd_profiles_read(c->arena, solver, result, HD_PROFILE_LAST, &c->last[i]);
  if (status == HD_OK && reference == HD_REFERENCE_EXACT)
    status = hd_profiles_read(c->arena, solver, result, HD_PROFILE_EXACT, &c->truth[i]);
  if (status == HD_OK && reference == HD_REFERENCE_INITIAL)
    status = hd_profiles_read(c->arena, solver, result, HD_PROFILE_FIRST, &c->truth[i]);
  hd_result_close(result);
  return hd_while(c->arena->ctx, status, "reading %s", path);
}

static hd_status read_file(converging *c) {
  hd_result *result;
  const hd_solver *solver = c->study->base->solver;
  const char *file = c->study->spec.reference_file;
  HD_TRY(hd_result_open(c->arena->ctx, file, &result));
  const char *made_by = hd_result_text(result, "", "solver");
  hd_status status =
      made_by && !strcmp(made_by, solver->name)
          ? hd_profiles_read(c->arena, solver, result, HD_PROFILE_LAST, &c->file)
          : hd_raise(c->arena->ctx, HD_ERR_INPUT, "%s is no result of the solver %s", file, solver->name);
  hd_result_close(result);
  return status;
}

static hd_status read_levels(converging *c) {
  const hd_convergence *t = c->table;
  void *memory;
  HD_TRY(take(c, t->levels, sizeof(hd_profiles), &memory));
  c->last = memory;
  HD_TRY(take(c, t->levels, sizeof(hd_profiles), &memory));
  c->truth = memory;
  for (int64_t i = 0; i < t->levels; i++) HD_TRY(read_level(c, i));
  if (c->study->spec.reference == HD_REFERENCE_FILE) HD_TRY(read_file(c));
  if (!c->last[0].count)
    return hd_raise(c->arena->ctx, HD_ERR_INPUT, "%s stores no field that levels could be compared by; name a measure",
                    c->study->base->solver->title);
  return HD_OK;
}

static hd_status check_places(const converging *c) {
  const hd_convergence *t = c->table;
  char unit[32];
  hd_case_axis_unit(c->study->base, unit);
  for (int64_t i = 1; i < t->levels; i++) {
    double a = c->last[0].position, b = c->last[i].position;
    if (hd_is_nan(a) || hd_abs(a - b) <= same_place * hd_larger(hd_abs(a), hd_abs(b))) continue;
    return hd_raise(
        c->arena->ctx, HD_ERR_INPUT, "%s = %s ends at %s %.9g%s, %s = %s at %.9g%s: they cannot be compared", t->key[0],
        t->level[0].value[0], c->study->base->solver->axis, a, unit, t->key[0], t->level[i].value[0], b, unit);
  }
  return HD_OK;
}

static int64_t elements_of(const hd_profile *p) {
  int64_t n = 1;
  for (int i = 0; i < p->rank; i++) n *= p->axis[i].size;
  return n;
}

/* On the coarser of the two grids. */
static hd_status distance(const converging *c, const hd_profile *a, const hd_profile *b, hd_convergence_line *line,
                          double *out) {
  hd_profile restricted;
  int64_t left_out;
  const hd_profile *fine = elements_of(b) >= elements_of(a) ? b : a, *coarse = fine == b ? a : b;
  HD_TRY(hd_profile_restrict(c->arena, fine, coarse, &restricted));
  *out = hd_profile_distance(coarse, &restricted, c->table->norm, &left_out);
  line->left_out += left_out;
  return HD_OK;
}

static hd_status find(const converging *c, const hd_profiles *in, const char *name, const char *where,
                      const hd_profile **out) {
  *out = hd_profiles_find(in, name);
  return *out ? HD_OK : hd_raise(c->arena->ctx, HD_ERR_INPUT, "there is no field %s in %s", name, where);
}

/* What level i of a field is compared with. */
static hd_status other_of(const converging *c, int64_t i, const char *name, bool differences, const hd_profile **out) {
  const hd_convergence *t = c->table;
  if (differences) return find(c, &c->last[i + 1], name, "the next level", out);
  switch (c->study->spec.reference) {
    case HD_REFERENCE_FILE: return find(c, &c->file, name, c->study->spec.reference_file, out);
    case HD_REFERENCE_FINEST: return find(c, &c->last[t->levels - 1], name, "the finest level", out);
    default: return find(c, &c->truth[i], name, "what is stored as its truth", out);
  }
}

static hd_status field_line(converging *c, const char *name, const char *unit, bool differences) {
  hd_convergence_line *line;
  bool finest = c->study->spec.reference == HD_REFERENCE_FINEST;
  int64_t count = differences || finest ? c->table->levels - 1 : c->table->levels;
  HD_TRY(add_line(c, name, unit, differences ? "successive" : reference_word(&c->study->spec), &line));
  for (int64_t i = 0; i < count; i++) {
    const hd_profile *mine, *other;
    HD_TRY(find(c, &c->last[i], name, "a level", &mine));
    HD_TRY(other_of(c, i, name, differences, &other));
    HD_TRY(distance(c, mine, other, line, &line->error[i]));
  }
  return end_line(c, line);
}

static hd_status field_lines(converging *c) {
  const hd_study_spec *spec = &c->study->spec;
  hd_study_reference reference = spec->reference;
  HD_TRY(read_levels(c));
  HD_TRY(check_places(c));
  bool truth = reference == HD_REFERENCE_EXACT || reference == HD_REFERENCE_INITIAL, any = false;
  for (int64_t f = 0; f < c->last[0].count; f++) {
    const hd_profile *p = &c->last[0].at[f];
    const char *unit;
    HD_TRY(hd_profile_norm_unit(c->arena, p, c->table->norm, &unit));
    bool known = reference == HD_REFERENCE_FILE || (reference == HD_REFERENCE_FINEST && c->finest_done) ||
                 (truth && hd_profiles_find(&c->truth[0], p->name));
    if (known) HD_TRY(field_line(c, p->name, unit, false));
    HD_TRY(field_line(c, p->name, unit, true));
    any |= known;
  }
  if (truth && !any)
    return hd_raise(
        c->arena->ctx, HD_ERR_INPUT, "no field has %s",
        reference == HD_REFERENCE_EXACT ? "an exact solution in the results" : "rows of its start in the results");
  return HD_OK;
}

hd_status hd_converge(const hd_study *study, hd_arena *arena, hd_convergence *out) {
  converging c = {.study = study, .arena = arena, .table = out};
  void *memory;
  *out = (hd_convergence){.norm = study->spec.norm};
  HD_TRY(collect_levels(&c));
  if (out->levels < 2) return HD_OK;
  HD_TRY(take(&c, 2 * HD_PROFILES_MOST, sizeof(hd_convergence_line), &memory));
  out->line = memory;
  return hd_while(arena->ctx, out->norm == HD_NORM_MEASURE ? measure_lines(&c) : field_lines(&c),
                  "comparing the levels of %s", study->options.folder);
}

/* -- before computing -------------------------------------------------------------------------------------------------- */

/* Whether result.h5 of a member is there and is what the journal says. */
static hd_status has_result(const hd_study *study, int64_t member, bool *has) {
  char path[HD_PATH_ROOM], digest[HD_HASH_HEX];
  hd_result *result;
  *has = false;
  HD_TRY(result_path(study, member, path));
  if (!hd_file_exists(study->ctx, path)) return HD_OK;
  hd_status status = hd_result_open(study->ctx, path, &result);
  if (status == HD_ERR_FILE || status == HD_ERR_MISSING) return HD_OK; /* damaged: made again */
  HD_TRY(status);
  hd_hash_hex(&study->digest[member], digest);
  const char *stored = hd_result_text(result, "provenance", "digest");
  *has = stored && !strcmp(stored, digest);
  hd_result_close(result);
  return HD_OK;
}

hd_status hd_converge_prepare(hd_study *study) {
  bool has;
  for (int64_t i = study->count - 1; i >= 0; i--) {
    if (study->member[i].state != HD_MEMBER_DONE || study->member[i].other_shard) continue;
    HD_TRY(has_result(study, i, &has));
    if (has) continue;
    study->member[i].state = HD_MEMBER_WAITING;
    study->done--;
  }
  return HD_OK;
}
