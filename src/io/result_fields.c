/* What a result has: attributes, measures, and the fields with their dimensions. */
#include "io/result_reader.h"

#include <math.h>
#include <string.h>

enum { MOST_FIELDS = 10000, MOST_TEXT = 1 << 24 };

hd_status hd_reader_keep(hd_result *result, const char *text, const char **out) {
  char *copy;
  size_t length = text ? strnlen(text, MOST_TEXT) : 0;
  HD_TRY(hd_arena_text(&result->memory, text ? text : "", length, &copy));
  *out = copy;
  return HD_OK;
}

static hd_status add_entry(hd_reader *r, hd_result_entry e) {
  hd_result *to = r->to;
  void *list = to->entry;
  hd_status status = hd_memory_grow(to->ctx, &list, &to->entry_room, (size_t)to->entries + 1, sizeof e);
  to->entry = list;
  HD_TRY(status);
  HD_TRY(hd_reader_keep(to, e.name, &e.name));
  if (e.text) HD_TRY(hd_reader_keep(to, e.text, &e.text));
  if (e.unit) HD_TRY(hd_reader_keep(to, e.unit, &e.unit));
  e.group = r->group;
  to->entry[to->entries++] = e;
  return HD_OK;
}

int hd_reader_note(hd_reader *r, hd_status status) {
  if (status != HD_OK && r->h5.status == HD_OK) r->h5.status = status;
  return r->h5.status == HD_OK ? 0 : 1; /* 1 ends the iteration */
}

static herr_t each_attribute(hid_t at, const char *name, const H5A_info_t *info, void *arg) {
  hd_reader *r = arg;
  hd_result_entry e = {.name = name, .number = NAN};
  char *text = NULL;
  hd_status status = HD_OK;
  (void)info;
  if (hd_h5_get_text(&r->h5, at, name, &text)) e.text = text;
  if (text || hd_h5_get_number(&r->h5, at, name, &e.number)) status = add_entry(r, e);
  hd_h5_free(text);
  return hd_reader_note(r, status);
}

/* -- measures: scalars, with a unit */

static herr_t each_measure(hid_t at, const char *name, const H5L_info_t *info, void *arg) {
  hd_reader *r = arg;
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT);
  (void)info;
  if (!hd_h5_ok(&r->h5, dataset)) return 1;
  hd_result_entry e = {.name = name, .number = NAN};
  char *unit = NULL, *text = NULL;
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  bool scalar = H5Sget_simple_extent_npoints(space) == 1;
  if (hd_h5_get_text(&r->h5, dataset, "units", &unit)) e.unit = unit;
  if (scalar && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0) {
    hd_h5_ok(&r->h5, H5Dread(dataset, r->h5.text, H5S_ALL, H5S_ALL, r->h5.transfer, &text));
    e.text = text;
  } else if (scalar) hd_h5_ok(&r->h5, H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, r->h5.transfer, &e.number));
  hd_status status = hd_h5_ok(&r->h5, 0) ? add_entry(r, e) : r->h5.status;
  hd_h5_free(unit);
  hd_h5_free(text);
  H5Tclose(type);
  H5Sclose(space);
  H5Dclose(dataset);
  return hd_reader_note(r, status);
}

/* -- fields */

static bool is_bare_scale(hid_t dataset) {
  char name[128] = "";
  hid_t attribute = H5Aexists(dataset, "NAME") > 0 ? H5Aopen(dataset, "NAME", H5P_DEFAULT) : -1;
  if (attribute < 0) return false;
  hid_t type = H5Aget_type(attribute);
  if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 && H5Tget_size(type) < sizeof name)
    H5Aread(attribute, type, name);
  H5Tclose(type);
  H5Aclose(attribute);
  return !strncmp(name, "This is a netCDF dimension", 26);
}

/* A reference is the address of the dataset (asking HDF5 for the name of an open one makes it search the file). */
static const char *name_at(const hd_reader *r, hobj_ref_t reference) {
  for (size_t i = 0; i < r->datasets; i++)
    if (r->dataset[i].address == reference) return r->dataset[i].name;
  return "";
}

static hd_status read_dims(hd_reader *r, hid_t dataset, hd_result_field *field) {
  for (int i = 0; i < field->rank; i++) field->dim[i] = field->rank == 1 ? field->name : "";
  if (H5Aexists(dataset, "DIMENSION_LIST") <= 0) return HD_OK; /* a coordinate is its own dimension */
  hid_t attribute = H5Aopen(dataset, "DIMENSION_LIST", H5P_DEFAULT);
  if (!hd_h5_ok(&r->h5, attribute)) return r->h5.status;
  hid_t space = H5Aget_space(attribute), type = H5Tvlen_create(H5T_STD_REF_OBJ);
  hvl_t list[4] = {{0}};
  if (H5Sget_simple_extent_npoints(space) == field->rank && hd_h5_ok(&r->h5, H5Aread(attribute, type, list))) {
    for (int i = 0; i < field->rank; i++)
      if (list[i].len == 1) field->dim[i] = name_at(r, *(hobj_ref_t *)list[i].p);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, list);
  }
  H5Tclose(type);
  H5Sclose(space);
  H5Aclose(attribute);
  return r->h5.status;
}

static hd_status read_field(hd_reader *r, const char *name, hid_t dataset, hd_result_field *field) {
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  hsize_t size[32];
  H5T_class_t class = H5Tget_class(type);
  int rank = H5Sget_simple_extent_ndims(space);
  bool fits = rank >= 0 && rank <= 4 && (class == H5T_STRING || class == H5T_FLOAT || class == H5T_INTEGER);
  if (fits) H5Sget_simple_extent_dims(space, size, NULL);
  H5Tclose(type);
  H5Sclose(space);
  if (!fits) return hd_reader_damaged(r->to->ctx, r->to->path);
  char *unit, *doc;
  *field = (hd_result_field){.rank = rank, .text = class == H5T_STRING, .timing = r->group[0] != 0, .unit = "1"};
  HD_TRY(hd_reader_keep(r->to, name, &field->name));
  for (int i = 0; i < rank; i++) field->size[i] = (int64_t)size[i];
  if (hd_h5_get_text(&r->h5, dataset, "units", &unit)) {
    hd_status status = hd_reader_keep(r->to, unit, &field->unit);
    hd_h5_free(unit);
    HD_TRY(status);
  }
  if (hd_h5_get_text(&r->h5, dataset, "long_name", &doc)) {
    hd_status status = hd_reader_keep(r->to, doc, &field->doc);
    hd_h5_free(doc);
    HD_TRY(status);
  }
  return read_dims(r, dataset, field);
}

/* Of a file of rows: what is not in the result itself. */
static bool is_wanted(const hd_reader *r, const hd_result_field *field) {
  if (!r->rows) return true;
  for (int64_t i = 0; i < r->to->fields; i++)
    if (!strcmp(r->to->field[i].name, field->name)) return false;
  return field->rank > 0 && !strcmp(field->dim[0], r->rows);
}

static hd_status add_field(hd_reader *r, const char *name, hid_t dataset) {
  hd_result *to = r->to;
  void *list = to->field;
  if (is_bare_scale(dataset) || to->fields >= MOST_FIELDS) return HD_OK;
  hd_status status = hd_memory_grow(to->ctx, &list, &to->field_room, (size_t)to->fields + 1, sizeof *to->field);
  to->field = list;
  HD_TRY(status);
  HD_TRY(read_field(r, name, dataset, &to->field[to->fields]));
  if (is_wanted(r, &to->field[to->fields])) to->fields++;
  return HD_OK;
}

static herr_t each_dataset(hid_t at, const char *name, const H5L_info_t *info, void *arg) {
  hd_reader *r = arg;
  H5O_info_t object;
  (void)info;
  if (!hd_h5_ok(&r->h5, H5Oget_info_by_name2(at, name, &object, H5O_INFO_BASIC, H5P_DEFAULT))) return 1;
  if (object.type != H5O_TYPE_DATASET) return 0;
  void *list = r->dataset;
  hd_status status = hd_memory_grow(r->to->ctx, &list, &r->dataset_room, r->datasets + 1, sizeof *r->dataset);
  r->dataset = list;
  if (status == HD_OK) {
    r->dataset[r->datasets].address = object.addr;
    status = hd_reader_keep(r->to, name, &r->dataset[r->datasets].name);
    r->datasets += status == HD_OK;
  }
  return hd_reader_note(r, status);
}

hd_status hd_reader_attributes(hd_reader *r) {
  hd_h5_ok(&r->h5, H5Aiterate2(r->at, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, each_attribute, r));
  return r->h5.status;
}

hd_status hd_reader_measures(hd_reader *r) {
  hd_h5_ok(&r->h5, H5Literate(r->at, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, each_measure, r));
  return r->h5.status;
}

/* First all datasets are listed, as a field may come before the scales of its dimensions. */
hd_status hd_reader_fields(hd_reader *r) {
  size_t first = r->datasets;
  hd_h5_ok(&r->h5, H5Literate(r->at, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, each_dataset, r));
  for (size_t i = first; i < r->datasets && hd_h5_ok(&r->h5, 0); i++) {
    hid_t dataset = H5Dopen2(r->at, r->dataset[i].name, H5P_DEFAULT);
    if (!hd_h5_ok(&r->h5, dataset)) break;
    hd_reader_note(r, add_field(r, r->dataset[i].name, dataset));
    H5Dclose(dataset);
  }
  return r->h5.status;
}

void hd_reader_close(hd_reader *r) { hd_memory_give(r->to->ctx, r->dataset, r->dataset_room * sizeof *r->dataset); }
