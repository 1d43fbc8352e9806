/* Which fields of a result are compared, and their numbers. */
#include "study/converge/profiles.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* -- the solver's tables ----------------------------------------------------------------------------------------------- */

static const hd_field *field_named(const hd_solver *solver, const char *name) {
  for (const hd_field *f = solver->fields; f && f->name; f++)
    if (!strcmp(f->name, name)) return f;
  return NULL;
}

static const char *truth_of(const char *name) { return strncmp(name, "exact_", 6) ? NULL : name + 6; }

static bool is_scheduled(const hd_solver *solver, const char *rows) {
  for (const hd_dim *d = solver->dims; d && d->name; d++)
    if (!strcmp(d->name, rows)) return d->when != NULL;
  return false;
}

static bool is_computed(const hd_solver *solver, const hd_field *f) {
  const char *of = truth_of(f->name);
  bool real = f->type == HD_F64 || f->type == HD_F32 || f->type == HD_FLOAT;
  if (!real || !(f->flags & HD_OUT) || (f->flags & (HD_TIMING | HD_COORD | HD_WIDTH | HD_GIVEN))) return false;
  if (f->stage || !f->dims[0] || (of && field_named(solver, of))) return false;
  return !f->rows || is_scheduled(solver, f->rows);
}

/* The field with this flag that runs along `dim` alone. */
static const hd_field *along(const hd_solver *solver, const char *dim, unsigned flag) {
  for (const hd_field *f = solver->fields; f && f->name; f++)
    if ((f->flags & flag) && !f->rows && !strcmp(f->dims, dim)) return f;
  return NULL;
}

static bool has_positions(const hd_solver *solver, const hd_result_field *stored, int first) {
  for (int i = first; i < stored->rank; i++)
    if (along(solver, stored->dim[i], HD_COORD)) return true;
  return false;
}

/* -- reading ----------------------------------------------------------------------------------------------------------- */

typedef struct reading {
  hd_arena *arena;
  const hd_solver *solver;
  const hd_result *result;
  hd_profile_which which;
  hd_profiles *out;
} reading;

static const hd_result_field *stored_field(const reading *r, const char *name) {
  const hd_result_field *fields;
  int64_t count = hd_result_fields(r->result, &fields);
  for (int64_t i = 0; i < count; i++)
    if (!strcmp(fields[i].name, name) && !fields[i].text && !fields[i].timing) return &fields[i];
  return NULL;
}

static hd_status keep_numbers(const reading *r, const double *from, int64_t count, const double **out) {
  void *memory;
  HD_TRY(hd_arena_take(r->arena, (size_t)(count + 1) * sizeof(double), &memory));
  if (count) memcpy(memory, from, (size_t)count * sizeof(double));
  *out = memory;
  return HD_OK;
}

static hd_status keep_text(const reading *r, const char *text, const char **out) {
  char *kept;
  HD_TRY(hd_arena_text(r->arena, text, strlen(text), &kept));
  *out = kept;
  return HD_OK;
}

static hd_status read_along(const reading *r, const hd_field *field, int64_t size, const double **out,
                            const char **unit) {
  hd_array array;
  if (!field || !stored_field(r, field->name)) return HD_OK;
  HD_TRY(hd_read(r->result, field->name, &array));
  if (array.rank != 1 || array.size[0] != size) return HD_OK;
  *unit = field->unit;
  return keep_numbers(r, array.at, size, out);
}

static hd_status read_axis(const reading *r, const hd_result_field *stored, int i, hd_profile_axis *axis) {
  *axis = (hd_profile_axis){.size = stored->size[i]};
  HD_TRY(keep_text(r, stored->dim[i], &axis->dim));
  HD_TRY(read_along(r, along(r->solver, axis->dim, HD_COORD), axis->size, &axis->at, &axis->unit));
  if (!axis->at) return HD_OK;
  return read_along(r, along(r->solver, axis->dim, HD_WIDTH), axis->size, &axis->width, &axis->unit);
}

/* The names of the first axis behind the rows, where each index has one; NULL: there are none. */
static const char *const *names_of(const reading *r, const hd_result_field *stored, int first) {
  const char *const *name;
  const int64_t *ranges;
  if (first >= stored->rank || along(r->solver, stored->dim[first], HD_COORD)) return NULL;
  return hd_result_names(r->result, stored->dim[first], &name, &ranges) == stored->size[first] ? name : NULL;
}

static hd_status add(const reading *r, const hd_result_field *stored, const char *name, const char *part, int first,
                     const double *at) {
  hd_profiles *out = r->out;
  hd_ctx *ctx = r->arena->ctx;
  hd_text text;
  int64_t count = 1;
  if (out->count == HD_PROFILES_MOST)
    return hd_raise(ctx, HD_ERR_LIMIT, "more than %d fields are compared", HD_PROFILES_MOST);
  hd_profile *p = &out->at[out->count];
  *p = (hd_profile){.rank = stored->rank - first, .unit = field_named(r->solver, stored->name)->unit};
  for (int i = 0; i < p->rank; i++) {
    HD_TRY(read_axis(r, stored, first + i, &p->axis[i]));
    count *= p->axis[i].size;
  }
  hd_text_init(&text, ctx);
  hd_print(&text, part ? "%s@%s" : "%s", name, part);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = keep_text(r, hd_text_of(&text), &p->name);
  hd_text_free(&text);
  HD_TRY(status);
  HD_TRY(keep_numbers(r, at, count, &p->at));
  out->count++;
  return HD_OK;
}

/* Where the row is on the solver's axis. */
static hd_status read_position(const reading *r, const char *rows) {
  for (const hd_field *f = r->solver->fields; f && f->name; f++) {
    hd_array at;
    if (!(f->flags & HD_COORD) || !f->rows || strcmp(f->rows, rows) || f->dims[0] || !stored_field(r, f->name))
      continue;
    HD_TRY(hd_read(r->result, f->name, &at));
    if (at.rank != 1 || at.size[0] < 1) return HD_OK;
    r->out->position = at.at[r->which == HD_PROFILE_FIRST ? 0 : at.size[0] - 1];
    return HD_OK;
  }
  return HD_OK;
}

static hd_status read_field(const reading *r, const hd_field *field, const hd_result_field *stored) {
  hd_array all;
  int first = field->rows ? 1 : 0;
  int64_t row = 1;
  if (stored->rank <= first) return HD_OK;
  for (int i = 0; i < stored->rank; i++)
    if (stored->size[i] < 1) return HD_OK;
  HD_TRY(hd_read(r->result, stored->name, &all));
  for (int i = first; i < stored->rank; i++) row *= stored->size[i];
  const double *at = all.at;
  if (first) {
    HD_TRY(read_position(r, field->rows));
    if (r->which != HD_PROFILE_FIRST) at += (stored->size[0] - 1) * row;
  }
  const char *const *name = names_of(r, stored, first);
  if (!name) return add(r, stored, field->name, NULL, first, at);
  int64_t parts = stored->size[first];
  for (int64_t k = 0; k < parts; k++) HD_TRY(add(r, stored, field->name, name[k], first + 1, at + k * (row / parts)));
  return HD_OK;
}

/* The dataset that is read for a field; NULL: none. */
static const hd_result_field *dataset_of(const reading *r, const hd_field *field) {
  char name[128];
  if (r->which != HD_PROFILE_EXACT) return stored_field(r, field->name);
  snprintf(name, sizeof name, "exact_%s", field->name);
  return field_named(r->solver, name) ? stored_field(r, name) : NULL;
}

static hd_status read_all(const reading *r) {
  bool gridded = false;
  for (const hd_field *f = r->solver->fields; f && f->name; f++) {
    const hd_result_field *stored = is_computed(r->solver, f) ? stored_field(r, f->name) : NULL;
    gridded |= stored && has_positions(r->solver, stored, f->rows ? 1 : 0);
  }
  for (const hd_field *f = r->solver->fields; f && f->name; f++) {
    if (!is_computed(r->solver, f) || (r->which == HD_PROFILE_FIRST && !f->rows)) continue;
    const hd_result_field *stored = dataset_of(r, f);
    if (stored && (!gridded || has_positions(r->solver, stored, f->rows ? 1 : 0))) HD_TRY(read_field(r, f, stored));
  }
  return HD_OK;
}

hd_status hd_profiles_read(hd_arena *arena, const hd_solver *solver, const hd_result *result, hd_profile_which which,
                           hd_profiles *out) {
  void *memory;
  *out = (hd_profiles){.position = NAN};
  HD_TRY(hd_arena_take(arena, sizeof(hd_profile) * HD_PROFILES_MOST, &memory));
  out->at = memory;
  return read_all(&(reading){arena, solver, result, which, out});
}

const hd_profile *hd_profiles_find(const hd_profiles *profiles, const char *name) {
  for (int64_t i = 0; i < profiles->count; i++)
    if (!strcmp(profiles->at[i].name, name)) return &profiles->at[i];
  return NULL;
}
