/* The store: made from the solver's tables, lengths and arrays. Rows are in rows.c and emit.c, what was told in told.c. */
#include "io/spill.h"

#include <string.h>

static const hd_dim setting_dim = {"setting", "inputs set while the run went on", HD_ROWS, NULL, NULL};
static const hd_field setting_fields[] = {
    {"setting_step", "", HD_I64, "1", "setting", NULL, HD_OUT, "step at which the input takes effect"},
    {"setting_field", "", HD_I32, "1", "setting", NULL, HD_OUT, "number of the input field in the solver's table"},
    {"setting_index", "", HD_I64, "1", "setting", NULL, HD_OUT, "element of the field"},
    {"setting_value", "", HD_F64, "1", "setting", NULL, HD_OUT, "value, in the unit of the field"}};
static const size_t row_limit = (size_t)64 << 20;
enum { SETTING_FIELDS = sizeof setting_fields / sizeof *setting_fields };

size_t hd_element_bytes(hd_type type, bool single) {
  switch (type) {
    case HD_F64:
    case HD_I64: return 8;
    case HD_F32:
    case HD_I32: return 4;
    case HD_FLOAT: return single ? 4 : 8;
    case HD_U8: return 1;
  }
  return 0;
}

bool hd_is_float(const hd_store *store, const hd_field_state *field) {
  (void)store;
  return field->is.type == HD_F64 || field->is.type == HD_F32 || field->is.type == HD_FLOAT;
}

static int count_fields(const hd_solver *solver) {
  int n = 0;
  while (solver->fields && solver->fields[n].name) n++;
  return n;
}

static int count_dims(const hd_solver *solver) {
  int n = 0;
  while (solver->dims && solver->dims[n].name) n++;
  return n;
}

static int count_stages(const hd_solver *solver) {
  int n = 0;
  while (solver->stages && solver->stages[n].name) n++;
  return n;
}

static bool has_inputs(const hd_solver *solver) {
  for (int i = 0; i < count_fields(solver); i++)
    if (solver->fields[i].flags & HD_INPUT) return true;
  return false;
}

static bool same(const char *name, const char *text, size_t length) {
  return name && strlen(name) == length && memcmp(name, text, length) == 0;
}

int hd_field_find(const hd_store *store, const char *name, size_t length) {
  for (int i = 0; i < store->fields; i++)
    if (same(store->field[i].is.name, name, length)) return i;
  return -1;
}

int hd_dim_find(const hd_store *store, const char *name, size_t length) {
  for (int i = 0; i < store->dims; i++)
    if (same(store->dim[i].is.name, name, length)) return i;
  return -1;
}

/* -- tables -> descriptors */

static hd_status bad_table(hd_store *store, const hd_field *field, const char *what, const char *name) {
  return hd_raise(store->ctx, HD_ERR_BUG, "solver %s, field %s: %s '%s'", store->solver->name, field->name, what, name);
}

static hd_status link_dims(hd_store *store, hd_field_state *field) {
  const char *at = field->is.dims ? field->is.dims : "";
  while (*at) {
    size_t length = strcspn(at, ",");
    int dim = hd_dim_find(store, at, length);
    if (dim < 0 || store->dim[dim].rows) return bad_table(store, &field->is, "dims has no fixed dimension", at);
    if (field->rank == HD_FIELD_RANK)
      return bad_table(store, &field->is, "more than four dimensions in", field->is.dims);
    field->dim[field->rank++] = dim;
    at += length + (at[length] == ',');
  }
  return HD_OK;
}

static hd_status link_field(hd_store *store, int index) {
  hd_field_state *field = &store->field[index];
  field->element = hd_element_bytes(field->is.type, store->single);
  field->rows = field->stage = -1;
  if (!field->element) return bad_table(store, &field->is, "unknown type of", field->is.name);
  HD_TRY(link_dims(store, field));
  if (hd_field_find(store, field->is.name, strlen(field->is.name)) != index)
    return bad_table(store, &field->is, "two fields are named", field->is.name);
  if (field->is.rows) {
    field->rows = hd_dim_find(store, field->is.rows, strlen(field->is.rows));
    if (field->rows < 0 || !store->dim[field->rows].rows)
      return bad_table(store, &field->is, "rows is no dimension with HD_ROWS:", field->is.rows);
    if (field->rank == HD_FIELD_RANK)
      return bad_table(store, &field->is, "more than four dimensions with", field->is.rows);
  }
  for (int i = 0; field->is.stage && i < store->stages; i++)
    if (!strcmp(store->solver->stages[i].name, field->is.stage)) field->stage = i;
  if (field->is.stage && field->stage < 0) return bad_table(store, &field->is, "there is no stage", field->is.stage);
  field->kept = (field->is.flags & HD_OUT) && !(field->is.flags & HD_ASKED);
  return HD_OK;
}

static hd_status link_by(hd_store *store, int dim) {
  hd_dim_state *d = &store->dim[dim];
  if (!d->rows || !d->is.by) return HD_OK;
  int by = hd_field_find(store, d->is.by, strlen(d->is.by));
  bool fits = by >= 0 && store->field[by].rows == dim && !store->field[by].rank && store->field[by].kept &&
              !hd_is_float(store, &store->field[by]) && d->rows->emitted;
  if (!fits)
    return hd_raise(store->ctx, HD_ERR_BUG, "solver %s, dimension %s: '%s' is no stored integer column of emitted rows",
                    store->solver->name, d->is.name, d->is.by);
  return HD_OK;
}

static hd_status link_tables(hd_store *store) {
  const hd_solver *solver = store->solver;
  for (int i = 0; i < store->dims; i++) {
    hd_dim_state *d = &store->dim[i];
    d->is = i < store->own_dims ? solver->dims[i] : setting_dim;
    if (hd_dim_find(store, d->is.name, strlen(d->is.name)) != i)
      return hd_raise(store->ctx, HD_ERR_BUG, "solver %s: two dimensions are named %s", solver->name, d->is.name);
    if (!(d->is.flags & HD_ROWS)) d->rows = NULL;
    else *d->rows = (hd_rows){.emitted = !d->is.when, .column = d->rows->column, .from = d->rows->from, .by = -1};
  }
  for (int i = 0; i < store->fields; i++) {
    store->field[i].is = i < store->own_fields ? solver->fields[i] : setting_fields[i - store->own_fields];
    HD_TRY(link_field(store, i));
  }
  for (int i = 0; i < store->dims; i++) HD_TRY(link_by(store, i));
  return HD_OK;
}

/* One piece of memory for all tables: what depends on the numbers of fields and dimensions. */
static hd_status take_tables(hd_store *store) {
  size_t f = (size_t)store->fields, d = (size_t)store->dims, s = (size_t)store->stages;
  /* clang-format off */
  size_t part[] = {hd_up64(f * sizeof(void *)),          hd_up64(f * sizeof(hd_field_state)),
                   hd_up64(d * sizeof(hd_dim_state)),    hd_up64(d * sizeof(hd_rows)),
                   hd_up64(d * f * sizeof(hd_column)),   hd_up64(d * f * sizeof(void *)),
                   hd_up64(s * sizeof(hd_stage_map)),    sizeof(pthread_mutex_t)};
  /* clang-format on */
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) store->tables_bytes += part[i];
  HD_TRY(hd_memory_take(store->ctx, store->tables_bytes, &store->tables));
  char *at = store->tables;
  store->data = (void **)(void *)at;
  store->field = (hd_field_state *)(void *)(at += part[0]);
  store->dim = (hd_dim_state *)(void *)(at += part[1]);
  hd_rows *rows = (hd_rows *)(void *)(at += part[2]);
  hd_column *column = (hd_column *)(void *)(at += part[3]);
  const void **from = (const void **)(void *)(at += part[4]);
  store->map = (hd_stage_map *)(void *)(at += part[5]);
  store->told.mutex = (pthread_mutex_t *)(void *)(at + part[6]);
  pthread_mutex_init(store->told.mutex, NULL);
  for (size_t i = 0; i < d; i++) {
    store->dim[i].rows = &rows[i];
    rows[i].column = &column[i * f];
    rows[i].from = &from[i * f];
  }
  return HD_OK;
}

/* -- arrays */

bool hd_field_elements(const hd_store *store, const hd_field_state *field, size_t *count) {
  size_t n = 1;
  bool fits = true;
  for (int i = 0; i < field->rank; i++) fits &= !__builtin_mul_overflow(n, (size_t)store->dim[field->dim[i]].count, &n);
  *count = n;
  return fits && n <= SIZE_MAX / 16;
}

/* Does the store hold memory for it: states, rows being written, what finish fills, the stage being built. */
static bool wants_memory(const hd_store *store, const hd_field_state *field) {
  if (field->stage >= 0) return field->stage == store->building || (field->bytes && !field->mapped);
  if (field->rows >= 0 && store->dim[field->rows].rows->emitted) return false;
  return field->is.flags & (HD_STATE | HD_INPUT) || field->kept || !(field->is.flags & HD_OUT);
}

static hd_status too_long(hd_store *store, const hd_field_state *field) {
  return hd_raise(store->ctx, HD_ERR_MEMORY, "field %s would have more elements than memory can hold", field->is.name);
}

/* Memory for fields that should have some and have none yet. */
static hd_status take_missing(hd_store *store) {
  for (int i = 0; i < store->fields; i++) {
    hd_field_state *field = &store->field[i];
    size_t count;
    if (store->data[i] || field->mapped || !wants_memory(store, field)) continue;
    if (!hd_field_elements(store, field, &count)) return too_long(store, field);
    HD_TRY(hd_memory_take(store->ctx, count * field->element, &store->data[i]));
    field->bytes = count * field->element;
  }
  return HD_OK;
}

static void copy_resized(const hd_store *store, const hd_field_state *field, int dim, int64_t count, char *to,
                         const char *from) {
  int64_t old = store->dim[dim].count, kept = old < count ? old : count;
  size_t outer = 1, inner = field->element;
  int axis = 0;
  while (field->dim[axis] != dim) outer *= (size_t)store->dim[field->dim[axis++]].count;
  for (int i = axis + 1; i < field->rank; i++) inner *= (size_t)store->dim[field->dim[i]].count;
  for (size_t i = 0; i < outer; i++)
    memcpy(to + i * (size_t)count * inner, from + i * (size_t)old * inner, (size_t)kept * inner);
}

static int times_used(const hd_field_state *field, int dim) {
  int n = 0;
  for (int i = 0; i < field->rank; i++) n += field->dim[i] == dim;
  return n;
}

/* A field over the dimension twice ("cell,cell") cannot keep its elements by one copy; axis by axis it can. */
static void copy_square(const hd_store *store, const hd_field_state *field, int dim, int64_t count, char *to,
                        const char *from) {
  int64_t size[HD_FIELD_RANK], wide[HD_FIELD_RANK], at[HD_FIELD_RANK] = {0};
  for (int i = 0; i < field->rank; i++) {
    size[i] = store->dim[field->dim[i]].count;
    wide[i] = field->dim[i] == dim ? count : size[i];
    if (size[i] > wide[i]) size[i] = wide[i]; /* what is kept */
    if (!size[i]) return;
  }
  for (int axis = 0; axis >= 0;) {
    size_t old = 0, fresh = 0;
    for (int i = 0; i < field->rank; i++) {
      old = old * (size_t)store->dim[field->dim[i]].count + (size_t)at[i];
      fresh = fresh * (size_t)wide[i] + (size_t)at[i];
    }
    memcpy(to + fresh * field->element, from + old * field->element, field->element);
    for (axis = field->rank - 1; axis >= 0 && ++at[axis] == size[axis]; axis--) at[axis] = 0;
  }
}

/* Takes the new array of every field over `dim` into fresh[]; nothing of the store changes. */
static hd_status take_fresh(hd_store *store, int dim, int64_t count, void **fresh, size_t *bytes) {
  int64_t old = store->dim[dim].count;
  for (int i = 0; i < store->fields; i++) {
    hd_field_state *field = &store->field[i];
    size_t n;
    if (!times_used(field, dim)) continue;
    if (field->mapped || (field->stage >= 0 && field->bytes && field->stage != store->building))
      return hd_raise(store->ctx, HD_ERR_BUG,
                      "the length of %s belongs to stage %s and cannot change from %lld to %lld",
                      store->dim[dim].is.name, field->is.stage, (long long)old, (long long)count);
    if (!wants_memory(store, field)) continue;
    store->dim[dim].count = count;
    bool fits = hd_field_elements(store, field, &n);
    store->dim[dim].count = old;
    if (!fits) return too_long(store, field);
    bytes[i] = n * field->element;
    HD_TRY_WHILE(store->ctx, hd_memory_take(store->ctx, bytes[i], &fresh[i]), "making field %s with %lld of %s",
                 field->is.name, (long long)count, store->dim[dim].is.name);
    if (!store->data[i] || !fresh[i]) continue;
    if (times_used(field, dim) == 1) copy_resized(store, field, dim, count, fresh[i], store->data[i]);
    else copy_square(store, field, dim, count, fresh[i], store->data[i]);
  }
  return HD_OK;
}

hd_status hd_store_resize(hd_store *store, int dim, int64_t count) {
  if (count == store->dim[dim].count) return HD_OK;
  size_t n = (size_t)store->fields, list_bytes = n * (sizeof(void *) + sizeof(size_t));
  void *list;
  HD_TRY(hd_memory_take(store->ctx, list_bytes, &list));
  void **fresh = list;
  size_t *bytes = (size_t *)(void *)(fresh + n);
  hd_status status = take_fresh(store, dim, count, fresh, bytes);
  for (size_t i = 0; i < n; i++) {
    hd_field_state *field = &store->field[i];
    if (status != HD_OK) hd_memory_give(store->ctx, fresh[i], bytes[i]);
    else if (times_used(field, dim) && wants_memory(store, field)) {
      hd_memory_give(store->ctx, store->data[i], field->bytes);
      store->data[i] = fresh[i];
      field->bytes = bytes[i];
    }
  }
  hd_memory_give(store->ctx, list, list_bytes);
  HD_TRY(status);
  store->dim[dim].count = count;
  hd_rows_layout(store);
  return HD_OK;
}

/* -- public */

void hd_store_dimensionless(hd_store *store, bool yes) {
  store->dimensionless = yes;
  for (int f = 0; f < store->own_fields; f++)
    store->field[f].is.unit = yes && !(store->field[f].is.flags & HD_TIMING) ? "1" : store->solver->fields[f].unit;
}

hd_status hd_store_new(hd_ctx *ctx, const hd_solver *solver, bool single, const char *spill, hd_store **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_store), &memory));
  hd_store *store = memory;
  bool inputs = has_inputs(solver);
  *store = (hd_store){.ctx = ctx,
                      .solver = solver,
                      .single = single,
                      .building = -1,
                      .own_fields = count_fields(solver),
                      .own_dims = count_dims(solver),
                      .stages = count_stages(solver),
                      .row_limit = row_limit,
                      .spill = {.handle = -1}};
  store->fields = store->own_fields + (inputs ? SETTING_FIELDS : 0);
  store->dims = store->own_dims + (inputs ? 1 : 0);
  hd_status status = take_tables(store);
  if (status != HD_OK) store->fields = store->dims = store->stages = 0;
  if (status == HD_OK) status = link_tables(store);
  if (status == HD_OK) status = take_missing(store);
  if (status == HD_OK) status = hd_emit_new(store);
  if (status == HD_OK && spill) {
    store->spill.path_bytes = strlen(spill) + 1;
    status = hd_memory_take(ctx, store->spill.path_bytes, &memory);
    if (status == HD_OK) store->spill.path = memcpy(memory, spill, store->spill.path_bytes);
  }
  if (status != HD_OK) {
    hd_store_free(store);
    return hd_while(ctx, status, "making the store of %s", solver->name);
  }
  hd_rows_layout(store);
  *out = store;
  return HD_OK;
}

/* Arrays over dimensions go, for their lengths are not known yet; scalars stay. */
static void forget_fields(hd_store *store) {
  for (int i = 0; i < store->fields; i++) {
    hd_field_state *field = &store->field[i];
    field->kept = (field->is.flags & HD_OUT) && !(field->is.flags & HD_ASKED);
    if (store->data[i] && !field->mapped && !field->rank && field->stage < 0 && wants_memory(store, field)) {
      memset(store->data[i], 0, field->bytes);
      continue;
    }
    if (!field->mapped) hd_memory_give(store->ctx, store->data[i], field->bytes);
    store->data[i] = NULL;
    field->bytes = 0;
    field->mapped = false;
  }
}

hd_status hd_store_renew(hd_store *store) {
  hd_rows_free(store);
  hd_emit_forget(store);
  hd_told_free(store);
  for (int i = 0; i < store->dims; i++) {
    hd_names_drop(store, i);
    store->dim[i].count = 0;
  }
  store->building = -1;
  forget_fields(store);
  for (int i = 0; i < store->stages; i++) store->map[i].idle = store->map[i].at != NULL;
  if (store->arena.ctx) hd_arena_reset(&store->arena);
  atomic_store_explicit(&store->pending, false, memory_order_relaxed);
  store->row_limit = row_limit;
  store->step = 0;
  HD_TRY_WHILE(store->ctx, take_missing(store), "making the store of %s", store->solver->name);
  hd_rows_layout(store);
  return HD_OK;
}

void hd_store_free(hd_store *store) {
  if (!store) return;
  hd_ctx *ctx = store->ctx;
  hd_emit_free(store);
  hd_rows_free(store);
  hd_told_free(store);
  hd_spill_free(store);
  for (int i = 0; i < store->fields; i++)
    if (!store->field[i].mapped) hd_memory_give(ctx, store->data[i], store->field[i].bytes);
  for (int i = 0; i < store->dims; i++) hd_names_drop(store, i);
  for (int i = 0; i < store->stages; i++) hd_file_unmap(ctx, store->map[i].at, store->map[i].size);
  hd_memory_give(ctx, store->reading, store->reading_bytes);
  hd_arena_free(&store->arena);
  if (store->told.mutex) pthread_mutex_destroy(store->told.mutex);
  if (store->tables) hd_memory_give(ctx, store->tables, store->tables_bytes);
  hd_memory_give(ctx, store, sizeof *store);
}

/* Bytes of a field, or of one row of it, for the lengths of a plan. */
static double predict_field(const hd_solver *solver, const hd_field *field, bool single, const int64_t *size) {
  double elements = 1;
  for (const char *at = field->dims ? field->dims : ""; *at;) {
    size_t length = strcspn(at, ",");
    for (int d = 0; d < count_dims(solver); d++)
      if (same(solver->dims[d].name, at, length)) elements *= (double)size[d];
    at += length + (at[length] == ',');
  }
  return elements * (double)hd_element_bytes(field->type, single);
}

static size_t whole_bytes(double bytes) { return bytes < 9e18 ? (size_t)bytes : SIZE_MAX; }

size_t hd_store_predict(const hd_solver *solver, bool single, const int64_t *size) {
  double total = 0;
  for (int i = 0; i < count_fields(solver); i++) total += predict_field(solver, &solver->fields[i], single, size);
  return whole_bytes(total);
}

size_t hd_store_predict_row(const hd_solver *solver, bool single, const int64_t *size, int dim) {
  double total = 0;
  for (int i = 0; i < count_fields(solver); i++) {
    const hd_field *field = &solver->fields[i];
    if (field->rows && !strcmp(field->rows, solver->dims[dim].name) && !(field->flags & HD_ASKED))
      total += predict_field(solver, field, single, size);
  }
  return whole_bytes(total);
}

hd_status hd_store_ask(hd_store *store, const char *const *names, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    int field = hd_field_find(store, names[i], strlen(names[i]));
    if (field < 0 || !(store->field[field].is.flags & HD_OUT))
      return hd_raise(store->ctx, HD_ERR_INPUT, "output.fields: %s has no output field named %s", store->solver->name,
                      names[i]);
  }
  for (int64_t i = 0; i < count; i++) store->field[hd_field_find(store, names[i], strlen(names[i]))].kept = true;
  HD_TRY(take_missing(store));
  hd_rows_layout(store);
  return HD_OK;
}

void hd_store_row_memory(hd_store *store, size_t bytes) { store->row_limit = bytes; }
void hd_store_step(hd_store *store, int64_t step) { store->step = step; }

hd_status hd_store_building(hd_store *store, int stage) {
  if (stage >= store->stages) return hd_raise(store->ctx, HD_ERR_BUG, "%s has no stage %d", store->solver->name, stage);
  store->building = stage;
  return take_missing(store);
}

static hd_status check_dim(hd_run *run, int dim, bool rows) {
  hd_store *store = run->store;
  if (dim < 0 || dim >= store->own_dims)
    return hd_raise(run->ctx, HD_ERR_BUG, "%s has no dimension %d", store->solver->name, dim);
  if (!rows && store->dim[dim].rows)
    return hd_raise(run->ctx, HD_ERR_BUG, "dimension %s grows by rows: its length cannot be set",
                    store->dim[dim].is.name);
  return HD_OK;
}

hd_status hd_size(hd_run *run, int dim, int64_t count) {
  hd_store *store = run->store;
  HD_TRY(check_dim(run, dim, false));
  if (count < 0)
    return hd_raise(run->ctx, HD_ERR_BUG, "length of %s cannot be %lld", store->dim[dim].is.name, (long long)count);
  return hd_store_resize(store, dim, count);
}

int64_t hd_count(const hd_run *run, int dim) {
  const hd_store *store = run->store;
  if (dim < 0 || dim >= store->own_dims) return 0;
  return store->dim[dim].rows ? store->dim[dim].rows->count : store->dim[dim].count;
}

void *hd_data(hd_run *run, int field) {
  const hd_store *store = run->store;
  return (unsigned)field < (unsigned)store->fields ? store->data[field] : NULL;
}

hd_status hd_ranges(hd_run *run, int dim, int64_t n, const char *const *names, const int64_t *first) {
  HD_TRY(check_dim(run, dim, false));
  return hd_names_set(run->store, dim, n, names, first);
}

hd_status hd_alloc(hd_run *run, size_t bytes, void **memory) {
  hd_store *store = run->store;
  if (!store->arena.ctx) hd_arena_init(&store->arena, store->ctx);
  return hd_arena_take(&store->arena, bytes, memory);
}
