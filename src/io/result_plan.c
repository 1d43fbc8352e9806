#include "io/result_plan.h"

#include <stdio.h>
#include <string.h>

static int scale_find(const hd_result_plan *plan, const char *name, hd_variable_group group) {
  for (int i = 0; i < plan->scales; i++)
    if (plan->scale[i].group == group && !strcmp(plan->scale[i].name, name)) return i;
  return -1;
}

static int scale_add(hd_result_plan *plan, const char *name, int64_t size, hd_variable_group group) {
  int known = scale_find(plan, name, group);
  if (known >= 0) return known;
  plan->scale[plan->scales] = (hd_scale){name, size, group, -1};
  return plan->scales++;
}

static hd_variable *variable_add(hd_result_plan *plan, hd_variable v) {
  v.own = -1;
  for (int i = 0; v.rank == 1 && i < plan->scales; i++)
    if (plan->scale[i].group == v.group && !strcmp(plan->scale[i].name, v.name) && v.scale[0] == i) v.own = i;
  if (v.own >= 0) plan->scale[v.own].variable = plan->variables;
  plan->bytes += v.bytes;
  plan->variable[plan->variables] = v;
  return &plan->variable[plan->variables++];
}

static hd_status joined(hd_result_plan *plan, const char *a, const char *b, const char **out) {
  void *memory;
  HD_TRY(hd_arena_take(&plan->arena, strlen(a) + strlen(b) + 1, &memory));
  *out = strcat(strcpy(memory, a), b);
  return HD_OK;
}

static hd_type plain_type(const hd_store *store, hd_type type) {
  return type != HD_FLOAT ? type : store->single ? HD_F32 : HD_F64;
}

/* -- fields */

bool hd_field_is_stored(const hd_store *store, int index) {
  const hd_field_state *field = &store->field[index];
  size_t count;
  if (!field->kept || !hd_field_elements(store, field, &count) || !count) return false;
  return field->rows >= 0 || store->data[index];
}

/* Of the rows in files of their own, only the numbers (times of snapshots) are in the result too. */
static bool is_elsewhere(const hd_result_plan *plan, const hd_field_state *field) {
  for (int64_t i = 0; i < plan->slice.files; i++)
    if (field->rank > 0 && plan->slice.file[i].dim == field->rows) return true;
  return false;
}

/* A coordinate of rows in a file of their own goes there too. */
static bool is_coordinate_of(const hd_store *store, const hd_field_state *field, int rows) {
  if (!(field->is.flags & HD_COORD) || field->rows >= 0 || field->rank != 1) return false;
  for (int i = 0; i < store->fields; i++)
    for (int k = 0; store->field[i].rows == rows && k < store->field[i].rank; k++)
      if (store->field[i].dim[k] == field->dim[0]) return true;
  return false;
}

static bool is_stored(const hd_result_plan *plan, int index) {
  const hd_field_state *field = &plan->store->field[index];
  if (!hd_field_is_stored(plan->store, index)) return false;
  if (!plan->slice.only) return !is_elsewhere(plan, field);
  return field->rows == plan->slice.only->dim || is_coordinate_of(plan->store, field, plan->slice.only->dim);
}

/* Dimensions of what lies elsewhere are named in the result too. */
static bool is_used(const hd_result_plan *plan, int dim) {
  const hd_store *store = plan->store;
  for (int i = 0; i < store->fields; i++) {
    if (plan->slice.only ? !is_stored(plan, i) : !hd_field_is_stored(store, i)) continue;
    if (store->field[i].rows == dim) return true;
    for (int k = 0; k < store->field[i].rank; k++)
      if (store->field[i].dim[k] == dim) return true;
  }
  return false;
}

static void add_field(hd_result_plan *plan, int index) {
  hd_store *store = plan->store;
  const hd_field_state *field = &store->field[index];
  hd_variable v = {.name = field->is.name,
                   .unit = field->is.unit ? field->is.unit : "1",
                   .doc = field->is.doc,
                   .group = field->is.flags & HD_TIMING ? HD_IN_PROVENANCE : HD_IN_ROOT,
                   .type = plain_type(store, field->is.type),
                   .source = HD_FROM_ARRAY,
                   .at = store->data[index],
                   .coordinate = field->is.flags & HD_COORD,
                   .bytes = field->bytes};
  if (field->rows >= 0) {
    const hd_rows *rows = store->dim[field->rows].rows;
    v.source = HD_FROM_ROWS;
    v.at = NULL;
    v.dim = field->rows;
    v.column = hd_rows_column(store, field->rows, index);
    v.bytes = rows->column[v.column].width * (size_t)(plan->slice.only ? plan->slice.only->rows : rows->count);
    v.scale[v.rank++] = scale_find(plan, store->dim[field->rows].is.name, HD_IN_ROOT);
  } else if (!field->mapped && hd_is_float(store, field))
    hd_nan_same(store->data[index], field->element, (int64_t)(field->bytes / field->element));
  for (int k = 0; k < field->rank; k++)
    v.scale[v.rank++] = scale_find(plan, store->dim[field->dim[k]].is.name, HD_IN_ROOT);
  variable_add(plan, v);
}

/* -- names of dimensions */

static hd_status add_names(hd_result_plan *plan, int dim) {
  const hd_dim_state *d = &plan->store->dim[dim];
  const hd_names *names = &d->names;
  bool taken = hd_field_find(plan->store, d->is.name, strlen(d->is.name)) >= 0;
  if (!names->n) return HD_OK;
  if (names->each && names->n == d->count) {
    if (taken) return HD_OK;
    variable_add(plan, (hd_variable){.name = d->is.name,
                                     .doc = d->is.doc,
                                     .source = HD_FROM_TEXTS,
                                     .rank = 1,
                                     .scale = {scale_find(plan, d->is.name, HD_IN_ROOT)},
                                     .at = names->name});
    return HD_OK;
  }
  const char *range, *first, *count;
  HD_TRY(joined(plan, d->is.name, "_range", &range));
  HD_TRY(joined(plan, d->is.name, "_first", &first));
  HD_TRY(joined(plan, d->is.name, "_count", &count));
  void *counts;
  HD_TRY(hd_arena_take(&plan->arena, (size_t)names->n * sizeof(int64_t), &counts));
  for (int64_t i = 0; i < names->n; i++) ((int64_t *)counts)[i] = names->first[i + 1] - names->first[i];
  int scale = scale_add(plan, range, names->n, HD_IN_ROOT);
  size_t bytes = (size_t)names->n * sizeof(int64_t);
  hd_variable v = {
      .name = range, .doc = "names of ranges", .source = HD_FROM_TEXTS, .rank = 1, .scale = {scale}, .at = names->name};
  variable_add(plan, v);
  v = (hd_variable){.name = first,
                    .unit = "1",
                    .doc = "first index of a range",
                    .type = HD_I64,
                    .rank = 1,
                    .source = HD_FROM_ARRAY,
                    .scale = {scale},
                    .at = names->first,
                    .bytes = bytes,
                    .coordinate = true};
  if (hd_field_find(plan->store, first, strlen(first)) < 0) variable_add(plan, v);
  v.name = count;
  v.doc = "length of a range";
  v.at = counts;
  if (hd_field_find(plan->store, count, strlen(count)) < 0) variable_add(plan, v);
  return HD_OK;
}

/* -- offsets of sorted rows: the rows of index i are offset[i] to offset[i + 1] */

/* The dimension that the sorting column counts: crossing_fibre counts fibres. */
static int counted_dim(const hd_store *store, const char *by) {
  for (const char *at = strchr(by, '_'); at; at = strchr(at + 1, '_')) {
    int dim = hd_dim_find(store, at + 1, strlen(at + 1));
    if (dim >= 0 && !store->dim[dim].rows) return dim;
  }
  return -1;
}

static hd_status count_rows(void *arg, int64_t first, int64_t rows, const void *at, size_t bytes) {
  int64_t *n = arg, *count = n + 1, width = rows ? (int64_t)bytes / rows : 1;
  (void)first;
  for (int64_t i = 0; i < rows; i++) {
    int64_t wide = 0;
    int32_t narrow;
    if (width == 8) memcpy(&wide, (const char *)at + 8 * i, 8);
    else if (width == 4) memcpy(&narrow, (const char *)at + 4 * i, 4), wide = narrow;
    else wide = ((const uint8_t *)at)[i];
    if (wide < 0 || wide >= *n) *n = -1; /* no index: no offsets */
    if (*n < 0) return HD_OK;
    count[wide + 1]++;
  }
  return HD_OK;
}

static hd_status add_offset(hd_result_plan *plan, int dim) {
  hd_store *store = plan->store;
  const hd_rows *rows = store->dim[dim].rows;
  int counted = rows && rows->by >= 0 ? counted_dim(store, store->dim[dim].is.by) : -1;
  if (counted < 0) return HD_OK;
  int64_t n = store->dim[counted].count;
  void *memory;
  HD_TRY(hd_arena_take(&plan->arena, (size_t)(n + 2) * sizeof(int64_t), &memory));
  int64_t *table = memory;
  table[0] = n;
  HD_TRY(hd_rows_stream(store, dim, rows->by, count_rows, table));
  if (table[0] < 0)
    return hd_raise(store->ctx, HD_ERR_BUG, "a row of %s has a %s outside the %lld of %s", store->dim[dim].is.name,
                    store->dim[dim].is.by, (long long)n, store->dim[counted].is.name);
  for (int64_t i = 1; i <= n; i++) table[1 + i] += table[i];
  const char *name, *edge;
  HD_TRY(joined(plan, store->dim[dim].is.name, "_offset", &name));
  HD_TRY(joined(plan, store->dim[counted].is.name, "_edge", &edge));
  int scale = scale_add(plan, edge, n + 1, HD_IN_ROOT);
  variable_add(plan, (hd_variable){.name = name,
                                   .unit = "1",
                                   .doc = "rows of index i lie from [i] to before [i + 1]",
                                   .type = HD_I64,
                                   .source = HD_FROM_ARRAY,
                                   .rank = 1,
                                   .scale = {scale},
                                   .at = table + 1,
                                   .bytes = (size_t)(n + 1) * sizeof(int64_t)});
  return HD_OK;
}

/* -- failed parts and warnings */

static hd_status add_failed(hd_result_plan *plan) {
  const hd_failed_part *part;
  hd_store *store = plan->store;
  int64_t n = hd_store_failed(store, &part);
  size_t bytes = (size_t)n * 8;
  void *memory;
  if (!n) return HD_OK;
  HD_TRY(hd_arena_take(&plan->arena, 4 * bytes, &memory));
  const char **dim = memory, **text = dim + n;
  int64_t *index = (int64_t *)(void *)(text + n);
  double *at = (double *)(void *)(index + n);
  for (int64_t i = 0; i < n; i++) {
    bool known = part[i].dim >= 0 && part[i].dim < store->dims;
    dim[i] = known ? store->dim[part[i].dim].is.name : "";
    text[i] = part[i].text;
    index[i] = part[i].index;
    at[i] = part[i].at;
  }
  int scale = scale_add(plan, "part", n, HD_IN_FAILED);
  hd_variable v = {.group = HD_IN_FAILED, .source = HD_FROM_TEXTS, .rank = 1, .scale = {scale}};
  const char *axis_unit = store->solver->axis_unit && !store->dimensionless ? store->solver->axis_unit : "1";
  v.name = "dimension", v.at = dim, v.doc = "of what the part is one";
  variable_add(plan, v);
  v.name = "message", v.at = text, v.doc = "why it failed";
  variable_add(plan, v);
  v.source = HD_FROM_ARRAY, v.bytes = bytes;
  v.name = "index", v.at = index, v.doc = "which one", v.type = HD_I64, v.unit = "1";
  variable_add(plan, v);
  v.name = "at", v.at = at, v.doc = "where on the solver's axis", v.type = HD_F64, v.unit = axis_unit;
  variable_add(plan, v);
  return HD_OK;
}

static hd_status add_warnings(hd_result_plan *plan) {
  const hd_said *said;
  int64_t n = hd_store_warnings(plan->store, &said);
  void *memory;
  if (!n) return HD_OK;
  HD_TRY(hd_arena_take(&plan->arena, 2 * (size_t)n * 8, &memory));
  const char **text = memory;
  int64_t *times = (int64_t *)(void *)(text + n);
  for (int64_t i = 0; i < n; i++) {
    text[i] = said[i].text;
    times[i] = said[i].times;
  }
  int scale = scale_add(plan, "warning", n, HD_IN_WARNINGS);
  variable_add(plan, (hd_variable){.name = "text",
                                   .doc = "what was said",
                                   .group = HD_IN_WARNINGS,
                                   .at = text,
                                   .source = HD_FROM_TEXTS,
                                   .rank = 1,
                                   .scale = {scale}});
  variable_add(plan, (hd_variable){.name = "times",
                                   .unit = "1",
                                   .doc = "how often",
                                   .group = HD_IN_WARNINGS,
                                   .at = times,
                                   .type = HD_I64,
                                   .source = HD_FROM_ARRAY,
                                   .rank = 1,
                                   .scale = {scale},
                                   .bytes = (size_t)n * 8});
  return HD_OK;
}

/* The files that hold the rest of the rows. */
static hd_status add_files(hd_result_plan *plan) {
  const hd_row_file *file = plan->slice.file;
  int64_t n = plan->slice.files;
  void *memory;
  if (!n) return HD_OK;
  HD_TRY(hd_arena_take(&plan->arena, (size_t)n * (5 * 8 + HD_HASH_HEX), &memory));
  const char **name = memory, **dim = name + n, **seal = dim + n;
  int64_t *first = (int64_t *)(void *)(seal + n), *rows = first + n;
  char *hex = (char *)(rows + n);
  for (int64_t i = 0; i < n; i++, hex += HD_HASH_HEX) {
    hd_hash_hex(&file[i].seal, hex);
    name[i] = file[i].name;
    dim[i] = plan->store->dim[file[i].dim].is.name;
    seal[i] = hex;
    first[i] = file[i].first;
    rows[i] = file[i].rows;
  }
  int scale = scale_add(plan, "file", n, HD_IN_FILES);
  hd_variable v = {.group = HD_IN_FILES, .source = HD_FROM_TEXTS, .rank = 1, .scale = {scale}};
  v.name = "name", v.at = name, v.doc = "beside this file";
  variable_add(plan, v);
  v.name = "dimension", v.at = dim, v.doc = "whose rows it holds";
  variable_add(plan, v);
  v.name = "seal", v.at = seal, v.doc = "hash of its HDF5 part";
  variable_add(plan, v);
  v.source = HD_FROM_ARRAY, v.type = HD_I64, v.unit = "1", v.bytes = (size_t)n * 8;
  v.name = "first", v.at = first, v.doc = "first row";
  variable_add(plan, v);
  v.name = "rows", v.at = rows, v.doc = "how many";
  variable_add(plan, v);
  return HD_OK;
}

/* A dimension without coordinate still is a dataset, marked as netCDF-4 marks it. */
static hd_status add_bare_scales(hd_result_plan *plan) {
  for (int i = 0; i < plan->scales; i++) {
    hd_scale *scale = &plan->scale[i];
    if (scale->variable >= 0) continue;
    variable_add(plan, (hd_variable){.name = scale->name,
                                     .group = scale->group,
                                     .source = HD_FROM_NOTHING,
                                     .type = HD_F32,
                                     .rank = 1,
                                     .scale = {i}});
  }
  return HD_OK;
}

static int64_t length_of(const hd_result_plan *plan, int dim) {
  const hd_dim_state *d = &plan->store->dim[dim];
  if (!d->rows) return d->count;
  return plan->slice.only ? plan->slice.only->rows : d->rows->count;
}

static hd_status fill(hd_result_plan *plan) {
  hd_store *store = plan->store;
  for (int i = 0; i < store->dims; i++)
    if (is_used(plan, i)) scale_add(plan, store->dim[i].is.name, length_of(plan, i), HD_IN_ROOT);
  for (int i = 0; i < store->dims; i++)
    if (is_used(plan, i)) HD_TRY(add_names(plan, i));
  for (int i = 0; i < store->fields; i++)
    if (is_stored(plan, i)) add_field(plan, i);
  if (!plan->slice.only) {
    for (int i = 0; i < store->dims; i++) HD_TRY(add_offset(plan, i));
    HD_TRY(add_failed(plan));
    HD_TRY(add_warnings(plan));
    HD_TRY(add_files(plan));
  }
  return add_bare_scales(plan);
}

hd_status hd_result_plan_make(hd_result_plan *plan, hd_store *store, const hd_result_slice *slice) {
  *plan = (hd_result_plan){.store = store,
                           .slice = *slice,
                           .scale_room = 3 * store->dims + 3,
                           .variable_room = store->fields + 7 * store->dims + 16};
  hd_arena_init(&plan->arena, store->ctx);
  void *scale, *variable;
  hd_status status = hd_arena_take(&plan->arena, (size_t)plan->scale_room * sizeof(hd_scale), &scale);
  if (status == HD_OK)
    status = hd_arena_take(&plan->arena, (size_t)plan->variable_room * sizeof(hd_variable), &variable);
  if (status == HD_OK) {
    plan->scale = scale;
    plan->variable = variable;
    status = fill(plan);
  }
  if (status != HD_OK) hd_result_plan_free(plan);
  return status;
}

void hd_result_plan_free(hd_result_plan *plan) { hd_arena_free(&plan->arena); }
