/* Reading result.h5. The seal is verified before HDF5 sees a byte; what describes the result is read at once, the numbers
 * when they are asked for. */
#include "io/h5.h"
#include "io/result.h"
#include "io/view.h"

#include <math.h>
#include <string.h>

enum { MOST_FIELDS = 10000, MOST_TEXT = 1 << 24 };
static const int64_t small_file = (int64_t)256 << 20;

typedef struct entry { /* an attribute, or a measure */
  const char *group, *name, *text, *unit;
  double      number;
} entry;

typedef struct named {  /* names of a dimension */
  const char        *dim;
  int64_t            n;
  const char *const *name;
  const int64_t     *first;
} named;

typedef struct loaded {
  const double *at;
} loaded;

/* What changes while a const result is read. */
struct hd_result {
  hd_ctx          *ctx;
  hd_arena        *arena;
  hid_t            file;
  const char      *path;
  hd_result_field *field;
  loaded          *values; /* [fields] */
  int64_t          fields, entries, nameds, parts, saids;
  size_t           field_room, entry_room, named_room, values_room;
  entry           *entry;
  named           *named;
  hd_result_part  *part;
  hd_said         *said;
  hd_arena         memory;
};

typedef struct reader {
  hd_h5       h5;
  hd_result  *to;
  const char *group; /* "" is the root */
  hid_t       at;
} reader;

/* -- the seal */

static hd_status not_ours(hd_ctx *ctx, const char *path) {
  return hd_raise(ctx, HD_ERR_FILE, "%s cannot be read: it is no result of heddle's, or it is damaged or was changed since",
                  path);
}

static hd_status check_stream(hd_ctx *ctx, const char *path, int handle, int64_t size, char *piece, size_t room) {
  uint64_t sealed;
  hd_hash hash;
  hd_hasher hasher;
  char seal[HD_SEAL_BYTES];
  HD_TRY(hd_file_read_at(ctx, handle, path, seal, sizeof seal, size - HD_SEAL_BYTES));
  if (!hd_seal_read(seal, &sealed, &hash) || sealed != (uint64_t)size - HD_SEAL_BYTES) return not_ours(ctx, path);
  hd_hasher_begin(&hasher);
  for (int64_t at = 0; at < (int64_t)sealed;) {
    size_t n = (int64_t)sealed - at < (int64_t)room ? (size_t)((int64_t)sealed - at) : room;
    HD_TRY(hd_file_read_at(ctx, handle, path, piece, n, at));
    hd_hasher_add(&hasher, piece, n);
    at += (int64_t)n;
  }
  hd_hash found = hd_hasher_end(&hasher);
  return hd_hash_equal(&found, &hash) ? HD_OK : not_ours(ctx, path);
}

static hd_status check_large(hd_ctx *ctx, const char *path, int64_t size) {
  enum { PIECE = 1 << 20 };
  int handle;
  void *piece;
  HD_TRY(hd_file_open(ctx, path, false, &handle));
  hd_status status = hd_memory_take(ctx, PIECE, &piece);
  if (status == HD_OK) status = check_stream(ctx, path, handle, size, piece, PIECE);
  hd_memory_give(ctx, piece, PIECE);
  ctx->files.close(ctx->files.self, handle);
  return status;
}

static hd_status check_image(hd_ctx *ctx, const char *path, const char *image, size_t size) {
  uint64_t sealed;
  hd_hash hash;
  if (size < HD_SEAL_BYTES || !hd_seal_read(image + size - HD_SEAL_BYTES, &sealed, &hash) ||
      sealed != size - HD_SEAL_BYTES)
    return not_ours(ctx, path);
  hd_hash found = hd_hash_of(image, sealed);
  return hd_hash_equal(&found, &hash) ? HD_OK : not_ours(ctx, path);
}

/* -- helpers */

static hd_status keep(hd_result *result, const char *text, const char **out) {
  char *copy;
  size_t length = text ? strnlen(text, MOST_TEXT) : 0;
  HD_TRY(hd_arena_text(&result->memory, text ? text : "", length, &copy));
  *out = copy;
  return HD_OK;
}

static hd_status add_entry(reader *r, entry e) {
  hd_result *to = r->to;
  void *list = to->entry;
  hd_status status = hd_memory_grow(to->ctx, &list, &to->entry_room, (size_t)to->entries + 1, sizeof e);
  to->entry = list;
  HD_TRY(status);
  HD_TRY(keep(to, e.name, &e.name));
  if (e.text) HD_TRY(keep(to, e.text, &e.text));
  if (e.unit) HD_TRY(keep(to, e.unit, &e.unit));
  e.group = r->group;
  to->entry[to->entries++] = e;
  return HD_OK;
}

static herr_t note(reader *r, hd_status status) {
  if (status != HD_OK && r->h5.status == HD_OK) r->h5.status = status;
  return r->h5.status == HD_OK ? 0 : 1; /* 1 ends the iteration */
}

static herr_t each_attribute(hid_t at, const char *name, const H5A_info_t *info, void *arg) {
  reader *r = arg;
  entry e = {.name = name, .number = NAN};
  char *text = NULL;
  hd_status status = HD_OK;
  (void)info;
  if (hd_h5_get_text(&r->h5, at, name, &text)) e.text = text;
  if (text || hd_h5_get_number(&r->h5, at, name, &e.number)) status = add_entry(r, e);
  hd_h5_free(text);
  return note(r, status);
}

/* -- measures: scalars, with a unit */

static herr_t each_measure(hid_t at, const char *name, const H5L_info_t *info, void *arg) {
  reader *r = arg;
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT);
  (void)info;
  if (!hd_h5_ok(&r->h5, dataset)) return 1;
  entry e = {.name = name, .number = NAN};
  char *unit = NULL, *text = NULL;
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  bool scalar = H5Sget_simple_extent_npoints(space) == 1;
  if (hd_h5_get_text(&r->h5, dataset, "units", &unit)) e.unit = unit;
  if (scalar && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0) {
    hd_h5_ok(&r->h5, H5Dread(dataset, r->h5.text, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text));
    e.text = text;
  } else if (scalar) hd_h5_ok(&r->h5, H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &e.number));
  hd_status status = hd_h5_ok(&r->h5, 0) ? add_entry(r, e) : r->h5.status;
  hd_h5_free(unit);
  hd_h5_free(text);
  H5Tclose(type);
  H5Sclose(space);
  H5Dclose(dataset);
  return note(r, status);
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

static hd_status dim_name(reader *r, hid_t dataset, hobj_ref_t *reference, const char **out) {
  char name[512] = "";
  hid_t scale = H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, reference);
  if (!hd_h5_ok(&r->h5, scale)) return r->h5.status;
  H5Iget_name(scale, name, sizeof name);
  H5Oclose(scale);
  const char *slash = strrchr(name, '/');
  return keep(r->to, slash ? slash + 1 : name, out);
}

static hd_status read_dims(reader *r, hid_t dataset, hd_result_field *field) {
  for (int i = 0; i < field->rank; i++) field->dim[i] = field->rank == 1 ? field->name : "";
  if (H5Aexists(dataset, "DIMENSION_LIST") <= 0) return HD_OK; /* a coordinate is its own dimension */
  hid_t attribute = H5Aopen(dataset, "DIMENSION_LIST", H5P_DEFAULT);
  if (!hd_h5_ok(&r->h5, attribute)) return r->h5.status;
  hid_t space = H5Aget_space(attribute), type = H5Tvlen_create(H5T_STD_REF_OBJ);
  hvl_t list[4] = {{0}};
  hd_status status = HD_OK;
  if (H5Sget_simple_extent_npoints(space) == field->rank && hd_h5_ok(&r->h5, H5Aread(attribute, type, list))) {
    for (int i = 0; i < field->rank && status == HD_OK; i++)
      if (list[i].len == 1) status = dim_name(r, dataset, list[i].p, &field->dim[i]);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, list);
  }
  H5Tclose(type);
  H5Sclose(space);
  H5Aclose(attribute);
  return status != HD_OK ? status : r->h5.status;
}

static hd_status read_field(reader *r, const char *name, hid_t dataset, hd_result_field *field) {
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  hsize_t size[32];
  H5T_class_t class = H5Tget_class(type);
  int rank = H5Sget_simple_extent_ndims(space);
  bool fits = rank >= 0 && rank <= 4 && (class == H5T_STRING || class == H5T_FLOAT || class == H5T_INTEGER);
  if (fits) H5Sget_simple_extent_dims(space, size, NULL);
  H5Tclose(type);
  H5Sclose(space);
  if (!fits) return not_ours(r->to->ctx, r->to->path);
  char *unit, *doc;
  *field = (hd_result_field){.rank = rank, .text = class == H5T_STRING, .timing = r->group[0] != 0, .unit = "1"};
  HD_TRY(keep(r->to, name, &field->name));
  for (int i = 0; i < rank; i++) field->size[i] = (int64_t)size[i];
  if (hd_h5_get_text(&r->h5, dataset, "units", &unit)) {
    hd_status status = keep(r->to, unit, &field->unit);
    hd_h5_free(unit);
    HD_TRY(status);
  }
  if (hd_h5_get_text(&r->h5, dataset, "long_name", &doc)) {
    hd_status status = keep(r->to, doc, &field->doc);
    hd_h5_free(doc);
    HD_TRY(status);
  }
  return read_dims(r, dataset, field);
}

static herr_t each_field(hid_t at, const char *name, const H5L_info_t *info, void *arg) {
  reader *r = arg;
  hd_result *to = r->to;
  H5O_info_t object;
  (void)info;
  if (!hd_h5_ok(&r->h5, H5Oget_info_by_name2(at, name, &object, H5O_INFO_BASIC, H5P_DEFAULT))) return 1;
  if (object.type != H5O_TYPE_DATASET || to->fields >= MOST_FIELDS) return 0;
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT);
  if (!hd_h5_ok(&r->h5, dataset)) return 1;
  hd_status status = HD_OK;
  if (!is_bare_scale(dataset)) {
    void *list = to->field;
    status = hd_memory_grow(to->ctx, &list, &to->field_room, (size_t)to->fields + 1, sizeof *to->field);
    to->field = list;
    if (status == HD_OK) status = read_field(r, name, dataset, &to->field[to->fields]);
    to->fields += status == HD_OK;
  }
  H5Dclose(dataset);
  return note(r, status);
}

/* -- texts and small lists of the file */

static hd_status read_texts(reader *r, hid_t at, const char *name, int64_t n, const char ***out) {
  void *memory, *taken;
  HD_TRY(hd_arena_take(&r->to->memory, (size_t)n * sizeof(char *), &memory));
  HD_TRY(hd_memory_take(r->to->ctx, (size_t)n * sizeof(char *), &taken));
  *out = memory;
  char **text = taken;
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT), space = -1;
  hd_status status = HD_OK;
  if (hd_h5_ok(&r->h5, dataset) && hd_h5_ok(&r->h5, space = H5Dget_space(dataset)) &&
      H5Sget_simple_extent_npoints(space) == n &&
      hd_h5_ok(&r->h5, H5Dread(dataset, r->h5.text, H5S_ALL, H5S_ALL, H5P_DEFAULT, text)))
    for (int64_t i = 0; i < n && status == HD_OK; i++) status = keep(r->to, text[i], &(*out)[i]);
  else if (r->h5.status == HD_OK) status = not_ours(r->to->ctx, r->to->path);
  for (int64_t i = 0; i < n; i++) hd_h5_free(text[i]);
  if (space >= 0) H5Sclose(space);
  if (dataset >= 0) H5Dclose(dataset);
  hd_memory_give(r->to->ctx, taken, (size_t)n * sizeof(char *));
  return status != HD_OK ? status : r->h5.status;
}

static hd_status read_numbers(reader *r, hid_t at, const char *name, hid_t type, int64_t n, void **out) {
  HD_TRY(hd_arena_take(&r->to->memory, (size_t)n * 8, out));
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT), space = -1;
  hd_status status = HD_OK;
  if (hd_h5_ok(&r->h5, dataset) && hd_h5_ok(&r->h5, space = H5Dget_space(dataset))) {
    if (H5Sget_simple_extent_npoints(space) == n)
      hd_h5_ok(&r->h5, H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *out));
    else status = not_ours(r->to->ctx, r->to->path);
  }
  if (space >= 0) H5Sclose(space);
  if (dataset >= 0) H5Dclose(dataset);
  return status != HD_OK ? status : r->h5.status;
}

static bool has_field(const hd_result *result, const char *dim, const char *ending) {
  size_t length = strlen(dim);
  for (int64_t i = 0; i < result->fields; i++)
    if (!strncmp(result->field[i].name, dim, length) && !strcmp(result->field[i].name + length, ending)) return true;
  return false;
}

/* Names of each index (the text coordinate `dim`), or ranges (`dim`_range with `dim`_first and `dim`_count). */
static hd_status read_names(reader *r, const hd_result_field *field) {
  hd_result *to = r->to;
  named new = {.n = field->size[0]};
  const char **name;
  size_t length = strlen(field->name);
  bool ranges = length > 6 && !strcmp(field->name + length - 6, "_range");
  char *dim;
  void *list = to->named, *first, *count;
  HD_TRY(hd_arena_text(&to->memory, field->name, ranges ? length - 6 : length, &dim));
  if (ranges && (!has_field(to, dim, "_first") || !has_field(to, dim, "_count"))) return HD_OK;
  HD_TRY(read_texts(r, r->at, field->name, new.n, &name));
  if (ranges) {
    char other[512];
    snprintf(other, sizeof other, "%s_count", dim);
    HD_TRY(read_numbers(r, r->at, other, H5T_NATIVE_INT64, new.n, &count));
    HD_TRY(hd_arena_take(&to->memory, (size_t)(new.n + 1) * 8, &first));
    snprintf(other, sizeof other, "%s_first", dim);
    void *start;
    HD_TRY(read_numbers(r, r->at, other, H5T_NATIVE_INT64, new.n, &start));
    memcpy(first, start, (size_t)new.n * 8);
    if (new.n) ((int64_t *)first)[new.n] = ((int64_t *)start)[new.n - 1] + ((int64_t *)count)[new.n - 1];
  } else {
    HD_TRY(hd_arena_take(&to->memory, (size_t)(new.n + 1) * 8, &first));
    for (int64_t i = 0; i <= new.n; i++) ((int64_t *)first)[i] = i;
  }
  hd_status status = hd_memory_grow(to->ctx, &list, &to->named_room, (size_t)to->nameds + 1, sizeof new);
  to->named = list;
  HD_TRY(status);
  new.dim = dim;
  new.name = name;
  new.first = first;
  to->named[to->nameds++] = new;
  return HD_OK;
}

static int64_t length_of(reader *r, hid_t at, const char *name) {
  hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT);
  if (!hd_h5_ok(&r->h5, dataset)) return 0;
  hid_t space = H5Dget_space(dataset);
  int64_t n = H5Sget_simple_extent_npoints(space);
  H5Sclose(space);
  H5Dclose(dataset);
  return n < 0 ? 0 : n;
}

static hd_status read_failed(reader *r) {
  hd_result *to = r->to;
  const char **dim, **text;
  void *index, *at, *memory;
  int64_t n = length_of(r, r->at, "message");
  HD_TRY(read_texts(r, r->at, "dimension", n, &dim));
  HD_TRY(read_texts(r, r->at, "message", n, &text));
  HD_TRY(read_numbers(r, r->at, "index", H5T_NATIVE_INT64, n, &index));
  HD_TRY(read_numbers(r, r->at, "at", H5T_NATIVE_DOUBLE, n, &at));
  HD_TRY(hd_arena_take(&to->memory, (size_t)n * sizeof(hd_result_part), &memory));
  to->part = memory;
  to->parts = n;
  for (int64_t i = 0; i < n; i++)
    to->part[i] = (hd_result_part){dim[i], text[i], ((int64_t *)index)[i], ((double *)at)[i]};
  return HD_OK;
}

static hd_status read_warnings(reader *r) {
  hd_result *to = r->to;
  const char **text;
  void *times, *memory;
  int64_t n = length_of(r, r->at, "text");
  HD_TRY(read_texts(r, r->at, "text", n, &text));
  HD_TRY(read_numbers(r, r->at, "times", H5T_NATIVE_INT64, n, &times));
  HD_TRY(hd_arena_take(&to->memory, (size_t)n * sizeof(hd_said), &memory));
  to->said = memory;
  to->saids = n;
  for (int64_t i = 0; i < n; i++) to->said[i] = (hd_said){text[i], ((int64_t *)times)[i]};
  return HD_OK;
}

/* -- opening */

typedef hd_status (*group_reader)(reader *r);

static hd_status read_root(reader *r) {
  hd_h5_ok(&r->h5, H5Aiterate2(r->at, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, each_attribute, r));
  hd_h5_ok(&r->h5, H5Literate(r->at, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, each_field, r));
  HD_TRY(r->h5.status);
  for (int64_t i = 0; i < r->to->fields; i++)
    if (r->to->field[i].text && r->to->field[i].rank == 1) HD_TRY(read_names(r, &r->to->field[i]));
  return HD_OK;
}

static hd_status read_measures(reader *r) {
  hd_h5_ok(&r->h5, H5Literate(r->at, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, each_measure, r));
  return r->h5.status;
}

static hd_status read_provenance(reader *r) {
  hd_h5_ok(&r->h5, H5Aiterate2(r->at, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, each_attribute, r));
  hd_h5_ok(&r->h5, H5Literate(r->at, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, each_field, r));
  return r->h5.status;
}

static hd_status read_group(reader *r, const char *name, group_reader read) {
  if (!hd_h5_ok(&r->h5, 0)) return r->h5.status;
  if (name[0] && H5Lexists(r->h5.file, name, H5P_DEFAULT) <= 0) return HD_OK;
  r->at = H5Gopen2(r->h5.file, name[0] ? name : "/", H5P_DEFAULT);
  r->group = name;
  if (!hd_h5_ok(&r->h5, r->at)) return r->h5.status;
  hd_status status = read(r);
  H5Gclose(r->at);
  return status;
}

static hd_status read_all(reader *r) {
  HD_TRY(read_group(r, "", read_root));
  HD_TRY(read_group(r, "measures", read_measures));
  HD_TRY(read_group(r, "failed_parts", read_failed));
  HD_TRY(read_group(r, "warnings", read_warnings));
  HD_TRY(read_group(r, "provenance", read_provenance));
  void *values = NULL;
  HD_TRY(hd_arena_take(&r->to->memory, (size_t)r->to->fields * sizeof(loaded), &values));
  r->to->values = values;
  double version = hd_result_number(r->to, "", "format_version");
  if (!(version == HD_RESULT_FORMAT))
    return hd_raise(r->to->ctx, HD_ERR_FILE, "%s cannot be read: it has format %g, this version reads %d", r->to->path,
                    version, HD_RESULT_FORMAT);
  return HD_OK;
}

static hd_status open_in(hd_result *result, const void *image, size_t size) {
  reader r = {.to = result};
  hd_h5_enter(&r.h5, result->ctx, result->path);
  if (image) hd_h5_open_image(&r.h5, result, image, size);
  else hd_h5_open(&r.h5, result->path);
  hd_status status = read_all(&r);
  if (status == HD_OK) {
    result->file = r.h5.file;
    r.h5.file = -1;
  }
  hd_status left = hd_h5_leave(&r.h5);
  return status == HD_OK ? left : status;
}

static hd_status open_file(hd_result *result, const char *path) {
  hd_ctx *ctx = result->ctx;
  hd_file_info info;
  HD_TRY(keep(result, path, &result->path));
  int error = ctx->files.info(ctx->files.self, path, &info);
  if (error < 0) return hd_raise(ctx, HD_ERR_FILE, "%s cannot be read: %s", path, strerror(-error));
  if (!info.exists) return hd_raise(ctx, HD_ERR_MISSING, "%s is not there", path);
  if (info.folder || info.size < HD_SEAL_BYTES) return not_ours(ctx, path);
  if (info.size > small_file) {
    HD_TRY(check_large(ctx, path, info.size));
    return open_in(result, NULL, 0);
  }
  char *image;
  size_t size;
  HD_TRY(hd_file_read(ctx, path, (size_t)small_file, &image, &size));
  hd_status status = check_image(ctx, path, image, size);
  if (status == HD_OK) status = open_in(result, image, size - HD_SEAL_BYTES);
  hd_memory_give(ctx, image, size + 1);
  return status;
}

hd_status hd_result_open(hd_ctx *ctx, const char *path, hd_result **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_result), &memory));
  hd_result *result = memory;
  *result = (hd_result){.ctx = ctx, .file = -1, .path = path};
  hd_arena_init(&result->memory, ctx);
  result->arena = &result->memory;
  hd_status status = open_file(result, path);
  if (status == HD_OK) *out = result;
  else hd_result_close(result);
  return hd_while(ctx, status, "opening the result %s", path);
}

hd_ctx *hd_result_ctx(const hd_result *result) { return result->ctx; }

void hd_result_close(hd_result *result) {
  if (!result) return;
  hd_ctx *ctx = result->ctx;
  if (result->file >= 0) {
    hd_h5 h5;
    hd_h5_enter(&h5, ctx, result->path);
    h5.file = result->file;
    hd_h5_leave(&h5);
  }
  hd_memory_give(ctx, result->field, result->field_room * sizeof *result->field);
  hd_memory_give(ctx, result->entry, result->entry_room * sizeof *result->entry);
  hd_memory_give(ctx, result->named, result->named_room * sizeof *result->named);
  hd_arena_free(&result->memory);
  hd_memory_give(ctx, result, sizeof *result);
}

/* -- asking */

static const entry *find_entry(const hd_result *result, const char *group, const char *name) {
  for (int64_t i = 0; i < result->entries; i++)
    if (!strcmp(result->entry[i].group, group) && !strcmp(result->entry[i].name, name)) return &result->entry[i];
  return NULL;
}

const char *hd_result_text(const hd_result *result, const char *group, const char *name) {
  const entry *e = find_entry(result, group, name);
  return e ? e->text : NULL;
}

double hd_result_number(const hd_result *result, const char *group, const char *name) {
  const entry *e = find_entry(result, group, name);
  return e ? e->number : (double)NAN;
}

int64_t hd_result_fields(const hd_result *result, const hd_result_field **fields) {
  *fields = result->field;
  return result->fields;
}

const char *hd_result_measure(const hd_result *result, int64_t index, double *value, const char **unit) {
  for (int64_t i = 0; i < result->entries; i++) {
    const entry *e = &result->entry[i];
    if (strcmp(e->group, "measures") != 0 || index-- > 0) continue;
    *value = e->number;
    *unit = e->unit;
    return e->name;
  }
  return NULL;
}

static const named *find_named(const hd_result *result, const char *dim) {
  for (int64_t i = 0; i < result->nameds; i++)
    if (!strcmp(result->named[i].dim, dim)) return &result->named[i];
  return NULL;
}

int64_t hd_result_names(const hd_result *result, const char *dim, const char *const **names, const int64_t **first) {
  const named *found = find_named(result, dim);
  *names = found ? found->name : NULL;
  *first = found ? found->first : NULL;
  return found ? found->n : 0;
}

int64_t hd_result_failed(const hd_result *result, const hd_result_part **parts) {
  *parts = result->part;
  return result->parts;
}

int64_t hd_result_warnings(const hd_result *result, const hd_said **said) {
  *said = result->said;
  return result->saids;
}

/* -- numbers */

static hd_status load(const hd_result *result, int64_t index, double *to) {
  const hd_result_field *field = &result->field[index];
  hd_h5 h5;
  hd_h5_enter(&h5, result->ctx, result->path);
  char path[600];
  snprintf(path, sizeof path, "%s%s", field->timing ? "/provenance/" : "/", field->name);
  hid_t dataset = hd_h5_ok(&h5, 0) ? H5Dopen2(result->file, path, H5P_DEFAULT) : -1;
  if (hd_h5_ok(&h5, dataset)) {
    hd_h5_ok(&h5, H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, to));
    H5Dclose(dataset);
  }
  return hd_h5_leave(&h5);
}

/* The whole field, read once. */
static hd_status whole(const hd_result *result, int64_t index, const double **out) {
  const hd_result_field *field = &result->field[index];
  size_t n = 1;
  for (int i = 0; i < field->rank; i++)
    if (__builtin_mul_overflow(n, (size_t)field->size[i], &n) || n > SIZE_MAX / 64)
      return hd_raise(result->ctx, HD_ERR_MEMORY, "field %s is too large to be read at once", field->name);
  if (n && !result->values[index].at) {
    void *memory;
    HD_TRY(hd_arena_take(result->arena, n * sizeof(double), &memory));
    HD_TRY(load(result, index, memory));
    result->values[index].at = memory;
  }
  *out = result->values[index].at;
  return HD_OK;
}

static hd_status select_part(const hd_result *result, int64_t index, const char *ranges, hd_array *out) {
  const hd_result_field *field = &result->field[index];
  hd_view view = {.rank = field->rank};
  for (int i = 0; i < field->rank; i++) {
    const named *names = find_named(result, field->dim[i]);
    hd_view_axis(&view, i, field->size[i], names ? names->n : 0, names ? names->name : NULL, names ? names->first : NULL);
  }
  HD_TRY(hd_view_narrow(result->ctx, &view, field->name, ranges));
  const double *all = NULL;
  HD_TRY(whole(result, index, &all));
  hd_view_shape(&view, out);
  out->unit = field->unit;
  out->at = all;
  if (!ranges[0]) return HD_OK;
  void *memory;
  HD_TRY(hd_arena_take(result->arena, (size_t)hd_view_count(&view) * sizeof(double), &memory));
  double *to = memory;
  int64_t at[HD_VIEW_RANK];
  for (size_t i = 0; hd_view_next(&view, i, at); i++) to[i] = all[hd_view_place(&view, at)];
  out->at = to;
  return HD_OK;
}

hd_status hd_read(const hd_result *result, const char *name, hd_array *out) {
  size_t length = strcspn(name, "@");
  *out = (hd_array){0};
  for (int64_t i = 0; i < result->fields; i++) {
    const hd_result_field *field = &result->field[i];
    if (strlen(field->name) != length || memcmp(field->name, name, length) != 0) continue;
    if (field->text) return hd_raise(result->ctx, HD_ERR_INPUT, "%s holds names, not numbers", field->name);
    return select_part(result, i, name + length, out);
  }
  return hd_raise(result->ctx, HD_ERR_INPUT, "%s has no field %s", result->path, name);
}
