/* What is in a result file: root, variables, dimension scales, measures, provenance. Which files there are: result.c. */
#include "io/result_writer.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *const group_name[HD_GROUPS] = {NULL,   "failed_parts", "warnings",    "files",
                                                  "grid", "aggregates",   "convergence", "provenance"};

static hid_t native(hd_type type) {
  switch (type) {
    case HD_F32: return H5T_NATIVE_FLOAT;
    case HD_I64: return H5T_NATIVE_INT64;
    case HD_I32: return H5T_NATIVE_INT32;
    case HD_U8: return H5T_NATIVE_UINT8;
    default: return H5T_NATIVE_DOUBLE;
  }
}

hid_t hd_writer_group(hd_writer *w, hd_variable_group group) {
  if (w->group[group] < 0) w->group[group] = hd_h5_group(&w->h5, group_name[group]);
  return w->group[group];
}

/* -- one variable */

typedef struct rows_target {
  hd_writer *w;
  hid_t dataset, type;
  int rank;
  hsize_t size[HD_VARIABLE_RANK];
  int64_t first; /* row that is the file's first */
} rows_target;

static hd_status write_rows(void *arg, int64_t first, int64_t rows, const void *at, size_t bytes) {
  rows_target *to = arg;
  hd_h5 *h5 = &to->w->h5;
  hsize_t start[HD_VARIABLE_RANK] = {(hsize_t)(first - to->first)}, count[HD_VARIABLE_RANK];
  (void)bytes;
  memcpy(count, to->size, sizeof count);
  count[0] = (hsize_t)rows;
  if (!hd_h5_ok(h5, 0)) return h5->status;
  hid_t memory = H5Screate_simple(to->rank, count, NULL), file = H5Dget_space(to->dataset);
  if (hd_h5_ok(h5, memory) && hd_h5_ok(h5, file) &&
      hd_h5_ok(h5, H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL)))
    hd_h5_ok(h5, H5Dwrite(to->dataset, to->type, memory, file, H5P_DEFAULT, at));
  if (memory >= 0) H5Sclose(memory);
  if (file >= 0) H5Sclose(file);
  return h5->status;
}

static void write_variable(hd_writer *w, int index) {
  const hd_variable *v = &w->plan.variable[index];
  hid_t at = hd_writer_group(w, v->group), type = v->source == HD_FROM_TEXTS ? w->h5.text : native(v->type);
  const hd_row_file *only = w->plan.slice.only;
  rows_target to = {w, -1, type, v->rank, {0}, only ? only->first : 0};
  hsize_t elements = 1;
  for (int i = 0; i < v->rank; i++) elements *= to.size[i] = (hsize_t)w->plan.scale[v->scale[i]].size;
  hid_t dataset = to.dataset = hd_h5_dataset(&w->h5, at, v->name, type, v->rank, to.size, v->at);
  w->dataset[index] = dataset;
  if (dataset < 0) return;
  if (v->source == HD_FROM_ROWS && elements) {
    hd_status status =
        only ? hd_rows_stream_some(w->plan.store, v->dim, v->column, only->first, only->rows, write_rows, &to)
             : hd_rows_stream(w->plan.store, v->dim, v->column, write_rows, &to);
    if (w->h5.status == HD_OK) w->h5.status = status;
  }
  hd_h5_put_text(&w->h5, dataset, "units", v->unit);
  if (v->doc && v->doc[0]) hd_h5_put_text(&w->h5, dataset, "long_name", v->doc);
  hd_h5_ok(&w->h5, H5Rcreate(&w->reference[index], at, v->name, H5R_OBJECT, -1));
}

/* -- dimension scales, as the HDF5 specification lays them down (H5DS writes one at a time and reads all back each time) */

static void put_fixed(hd_writer *w, hid_t at, const char *name, const char *text) {
  hid_t type = hd_h5_ok(&w->h5, 0) ? H5Tcopy(H5T_C_S1) : -1, space = -1, attribute = -1;
  if (hd_h5_ok(&w->h5, type) && hd_h5_ok(&w->h5, H5Tset_size(type, strlen(text) + 1)) &&
      hd_h5_ok(&w->h5, space = H5Screate(H5S_SCALAR)) &&
      hd_h5_ok(&w->h5, attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT)))
    hd_h5_ok(&w->h5, H5Awrite(attribute, type, text));
  if (attribute >= 0) H5Aclose(attribute);
  if (space >= 0) H5Sclose(space);
  if (type >= 0) H5Tclose(type);
}

static void put_list(hd_writer *w, hid_t at, const char *name, hid_t type, hsize_t count, const void *value) {
  if (!hd_h5_ok(&w->h5, 0)) return;
  hid_t space = H5Screate_simple(1, &count, NULL), attribute = -1;
  if (hd_h5_ok(&w->h5, space) &&
      hd_h5_ok(&w->h5, attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT)))
    hd_h5_ok(&w->h5, H5Awrite(attribute, type, value));
  if (attribute >= 0) H5Aclose(attribute);
  if (space >= 0) H5Sclose(space);
}

static void mark_scale(hd_writer *w, int scale) {
  int index = w->plan.scale[scale].variable, users = 0;
  char bare[96];
  snprintf(bare, sizeof bare, "This is a netCDF dimension but not a netCDF variable.%10lld",
           (long long)w->plan.scale[scale].size);
  const hd_variable *own = &w->plan.variable[index];
  put_fixed(w, w->dataset[index], "CLASS", "DIMENSION_SCALE");
  put_fixed(w, w->dataset[index], "NAME", own->source == HD_FROM_NOTHING ? bare : own->name);
  for (int i = 0; i < w->plan.variables; i++) {
    const hd_variable *v = &w->plan.variable[i];
    for (int k = 0; v->own < 0 && k < v->rank; k++)
      if (v->scale[k] == scale) w->back[users++] = (hd_back_reference){w->reference[i], k};
  }
  if (users) put_list(w, w->dataset[index], "REFERENCE_LIST", w->back_type, (hsize_t)users, w->back);
}

static void attach_scales(hd_writer *w, int index) {
  const hd_variable *v = &w->plan.variable[index];
  hvl_t list[HD_VARIABLE_RANK];
  if (v->own >= 0 || !v->rank) return;
  for (int i = 0; i < v->rank; i++) list[i] = (hvl_t){1, &w->reference[w->plan.scale[v->scale[i]].variable]};
  put_list(w, w->dataset[index], "DIMENSION_LIST", w->list_type, (hsize_t)v->rank, list);
}

static void make_types(hd_writer *w) {
  hd_h5 *h5 = &w->h5;
  if (hd_h5_ok(h5, w->list_type = H5Tvlen_create(H5T_STD_REF_OBJ)) &&
      hd_h5_ok(h5, w->back_type = H5Tcreate(H5T_COMPOUND, sizeof(hd_back_reference)))) {
    hd_h5_ok(h5, H5Tinsert(w->back_type, "dataset", offsetof(hd_back_reference, dataset), H5T_STD_REF_OBJ));
    hd_h5_ok(h5, H5Tinsert(w->back_type, "dimension", offsetof(hd_back_reference, axis), H5T_NATIVE_INT));
  }
}

/* -- the parts of the file */

static hd_status put_coordinates(hd_writer *w) {
  hd_text names;
  hd_text_init(&names, w->h5.ctx);
  for (int i = 0; i < w->plan.variables; i++) {
    const hd_variable *v = &w->plan.variable[i];
    if (v->coordinate && v->own < 0 && v->group == HD_IN_ROOT)
      hd_print(&names, "%s%s", names.length ? " " : "", v->name);
  }
  hd_status status = hd_text_status(&names);
  if (status == HD_OK && names.length) hd_h5_put_text(&w->h5, w->group[HD_IN_ROOT], "coordinates", hd_text_of(&names));
  hd_text_free(&names);
  return status;
}

static hd_status put_head(hd_writer *w) {
  hid_t root = w->group[HD_IN_ROOT];
  hd_h5_put_text(&w->h5, root, "format", "heddle result");
  hd_h5_put_integer(&w->h5, root, "format_version", HD_RESULT_FORMAT);
  hd_h5_put_text(&w->h5, root, "solver", w->head->solver);
  hd_h5_put_text(&w->h5, root, "title", w->head->title ? w->head->title : "");
  hd_h5_put_text(&w->h5, root, "compat", w->head->compat);
  return put_coordinates(w);
}

static void put_measures(hd_writer *w) {
  if (!w->head->measure_count || !hd_h5_ok(&w->h5, 0)) return;
  hid_t group = hd_h5_group(&w->h5, "measures");
  for (int64_t i = 0; i < w->head->measure_count; i++) {
    const hd_fact_entry *m = &w->head->measures[i];
    double number = m->number == m->number ? m->number : __builtin_nan("");
    hid_t type = m->is_text ? w->h5.text : H5T_NATIVE_DOUBLE;
    hid_t dataset = hd_h5_dataset(&w->h5, group, m->name, type, 0, NULL, m->is_text ? (const void *)&m->text : &number);
    if (dataset < 0) break;
    if (m->unit) hd_h5_put_text(&w->h5, dataset, "units", m->unit);
    H5Dclose(dataset);
  }
  if (group >= 0) H5Gclose(group);
}

static hd_status put_digests(hd_writer *w, hid_t at) {
  hd_store *store = w->plan.store;
  hd_text list;
  hd_hash hash;
  char hex[HD_HASH_HEX];
  hd_text_init(&list, w->h5.ctx);
  hd_status status = hd_store_digest(store, &hash);
  hd_hash_hex(&hash, hex);
  if (status == HD_OK) hd_h5_put_text(&w->h5, at, "digest", hex);
  for (int i = 0; i < store->fields && status == HD_OK; i++) {
    if (!hd_field_is_stored(store, i) || store->field[i].is.flags & HD_TIMING) continue;
    status = hd_store_digest_field(store, i, &hash);
    hd_hash_hex(&hash, hex);
    hd_print(&list, "%s: %s\n", store->field[i].is.name, hex);
  }
  if (status == HD_OK) status = hd_text_status(&list);
  if (status == HD_OK) hd_h5_put_text(&w->h5, at, "digests", hd_text_of(&list));
  hd_text_free(&list);
  return status;
}

static hd_status put_provenance(hd_writer *w) {
  hid_t group = hd_writer_group(w, HD_IN_PROVENANCE);
  hd_h5_put_text(&w->h5, group, "scenario", w->head->scenario);
  for (int64_t i = 0; i < w->head->provenance_count; i++) {
    const hd_fact_entry *p = &w->head->provenance[i];
    char unit[160];
    if (p->is_text) hd_h5_put_text(&w->h5, group, p->name, p->text);
    else hd_h5_put_number(&w->h5, group, p->name, p->number);
    if (p->is_text || !p->unit) continue;
    snprintf(unit, sizeof unit, "%s_unit", p->name);
    hd_h5_put_text(&w->h5, group, unit, p->unit);
  }
  return put_digests(w, group);
}

hd_status hd_writer_begin(hd_writer *w) {
  hd_h5_ok(&w->h5, w->group[HD_IN_ROOT] = hd_h5_ok(&w->h5, 0) ? H5Gopen2(w->h5.file, "/", H5P_DEFAULT) : -1);
  return w->h5.status;
}

void hd_writer_variables(hd_writer *w) {
  make_types(w);
  for (int i = 0; i < w->plan.variables && hd_h5_ok(&w->h5, 0); i++) write_variable(w, i);
  for (int i = 0; i < w->plan.scales; i++) mark_scale(w, i);
  for (int i = 0; i < w->plan.variables; i++) attach_scales(w, i);
}

hd_status hd_writer_fill(hd_writer *w) {
  HD_TRY(hd_writer_begin(w));
  HD_TRY(put_head(w));
  hd_writer_variables(w);
  if (w->plan.slice.only) return w->h5.status;
  put_measures(w);
  HD_TRY(put_provenance(w));
  return w->h5.status;
}
