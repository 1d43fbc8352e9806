#include "io/h5.h"

#include <stdio.h>
#include <string.h>

static pthread_mutex_t one_library = PTHREAD_MUTEX_INITIALIZER;

static herr_t innermost(unsigned n, const H5E_error2_t *error, void *text) {
  if (n == 0) snprintf(text, 256, "%s", error->desc ? error->desc : "no reason given");
  return 0;
}

bool hd_h5_ok(hd_h5 *h5, int64_t result) {
  if (result >= 0 && h5->status == HD_OK) return true;
  if (h5->status != HD_OK) return false;
  char reason[256] = "no reason given";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, reason);
  h5->status = hd_raise(h5->ctx, HD_ERR_FILE, "%s: HDF5 says: %s", h5->path, reason);
  return false;
}

void hd_h5_enter(hd_h5 *h5, hd_ctx *ctx, const char *path) {
  *h5 = (hd_h5){.ctx = ctx, .path = path, .file = -1, .text = -1, .transfer = -1, .plain = -1};
  pthread_mutex_lock(&one_library);
  hd_h5_ok(h5, H5open());
  H5Eget_auto2(H5E_DEFAULT, &h5->printer, &h5->printer_arg);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  if (hd_h5_ok(h5, h5->text = H5Tcopy(H5T_C_S1))) {
    H5Tset_size(h5->text, H5T_VARIABLE);
    H5Tset_cset(h5->text, H5T_CSET_UTF8);
  }
  if (hd_h5_ok(h5, h5->transfer = H5Pcreate(H5P_DATASET_XFER))) H5Pset_buffer(h5->transfer, 1 << 15, NULL, NULL);
  if (hd_h5_ok(h5, h5->plain = H5Pcreate(H5P_DATASET_CREATE))) {
    H5Pset_obj_track_times(h5->plain, false);
    H5Pset_attr_phase_change(h5->plain, 64, 48);
  }
}

hd_status hd_h5_leave(hd_h5 *h5) {
  hd_h5_close(h5);
  if (h5->text >= 0) H5Tclose(h5->text);
  if (h5->transfer >= 0) H5Pclose(h5->transfer);
  if (h5->plain >= 0) H5Pclose(h5->plain);
  H5Eclear2(H5E_DEFAULT);
  H5Eset_auto2(H5E_DEFAULT, h5->printer, h5->printer_arg);
  pthread_mutex_unlock(&one_library);
  return h5->status;
}

/* -- files */

static hid_t access_list(hd_h5 *h5) {
  hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  if (hd_h5_ok(h5, list)) hd_h5_ok(h5, H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18));
  if (hd_h5_ok(h5, 0)) hd_h5_ok(h5, H5Pset_fclose_degree(list, H5F_CLOSE_STRONG));
  /* datasets are written and read as a whole: a sieve would clear 64 KB for each of them */
  if (hd_h5_ok(h5, 0)) hd_h5_ok(h5, H5Pset_sieve_buf_size(list, 0));
  return list;
}

/* Groups keep their links in the order of making, all in one place. */
static void orderly(hid_t list) {
  H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_link_phase_change(list, 2000, 1500);
  H5Pset_attr_phase_change(list, 2000, 1500);
  H5Pset_obj_track_times(list, false);
}

static void create(hd_h5 *h5, const char *path, hid_t list) {
  hid_t make = H5Pcreate(H5P_FILE_CREATE);
  if (hd_h5_ok(h5, make)) {
    orderly(make);
    hd_h5_ok(h5, h5->file = H5Fcreate(path, H5F_ACC_TRUNC, make, list));
    H5Pclose(make);
  }
}

/* HDF5 takes two open files in memory for one if they have one name: the address of what owns them is theirs alone. */
static const char *name_of(const void *owner, char name[32]) {
  snprintf(name, 32, "%p", owner);
  return name;
}

void hd_h5_new_in_memory(hd_h5 *h5, size_t step) {
  char name[32];
  hid_t list = access_list(h5);
  if (hd_h5_ok(h5, 0) && hd_h5_ok(h5, H5Pset_fapl_core(list, step, false))) create(h5, name_of(h5, name), list);
  if (list >= 0) H5Pclose(list);
}

void hd_h5_new(hd_h5 *h5, const char *path) {
  hid_t list = access_list(h5);
  if (hd_h5_ok(h5, 0)) create(h5, path, list);
  if (list >= 0) H5Pclose(list);
}

hd_status hd_h5_image(hd_h5 *h5, size_t more, void **image, size_t *size) {
  *image = NULL;
  *size = 0;
  if (!hd_h5_ok(h5, 0) || !hd_h5_ok(h5, H5Fflush(h5->file, H5F_SCOPE_GLOBAL))) return h5->status;
  ssize_t bytes = H5Fget_file_image(h5->file, NULL, 0);
  if (!hd_h5_ok(h5, bytes)) return h5->status;
  if ((h5->status = hd_memory_take(h5->ctx, (size_t)bytes + more, image)) != HD_OK) return h5->status;
  if (hd_h5_ok(h5, H5Fget_file_image(h5->file, *image, (size_t)bytes))) {
    *size = (size_t)bytes;
    return HD_OK;
  }
  hd_memory_give(h5->ctx, *image, (size_t)bytes + more);
  *image = NULL;
  return h5->status;
}

void hd_h5_open_image(hd_h5 *h5, const void *owner, const void *image, size_t size) {
  hid_t list = access_list(h5);
  char name[32];
  union {
    const void *in;
    void *out;
  } at = {image}; /* HDF5 copies it */
  if (hd_h5_ok(h5, 0) && hd_h5_ok(h5, H5Pset_fapl_core(list, (size_t)1 << 20, false)) &&
      hd_h5_ok(h5, H5Pset_file_image(list, at.out, size)))
    hd_h5_ok(h5, h5->file = H5Fopen(name_of(owner, name), H5F_ACC_RDONLY, list));
  if (list >= 0) H5Pclose(list);
}

void hd_h5_open(hd_h5 *h5, const char *path) {
  hid_t list = access_list(h5);
  if (hd_h5_ok(h5, 0)) hd_h5_ok(h5, h5->file = H5Fopen(path, H5F_ACC_RDONLY, list));
  if (list >= 0) H5Pclose(list);
}

void hd_h5_close(hd_h5 *h5) {
  if (h5->file < 0) return;
  hid_t file = h5->file;
  h5->file = -1;
  hd_h5_ok(h5, H5Fclose(file));
}

/* -- what is in them */

hid_t hd_h5_group(hd_h5 *h5, const char *name) {
  hid_t group = -1, list = hd_h5_ok(h5, 0) ? H5Pcreate(H5P_GROUP_CREATE) : -1;
  if (hd_h5_ok(h5, list)) {
    orderly(list);
    hd_h5_ok(h5, group = H5Gcreate2(h5->file, name, H5P_DEFAULT, list, H5P_DEFAULT));
  }
  if (list >= 0) H5Pclose(list);
  return group;
}

static void put(hd_h5 *h5, hid_t at, const char *name, hid_t type, const void *value) {
  if (!hd_h5_ok(h5, 0)) return;
  hid_t space = H5Screate(H5S_SCALAR), attribute = -1;
  if (hd_h5_ok(h5, space)) hd_h5_ok(h5, attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
  if (attribute >= 0) {
    hd_h5_ok(h5, H5Awrite(attribute, type, value));
    H5Aclose(attribute);
  }
  if (space >= 0) H5Sclose(space);
}

void hd_h5_put_text(hd_h5 *h5, hid_t at, const char *name, const char *text) {
  if (text) put(h5, at, name, h5->text, &text);
}
void hd_h5_put_number(hd_h5 *h5, hid_t at, const char *name, double number) {
  put(h5, at, name, H5T_NATIVE_DOUBLE, &number);
}
void hd_h5_put_integer(hd_h5 *h5, hid_t at, const char *name, int64_t number) {
  put(h5, at, name, H5T_NATIVE_INT64, &number);
}

/* Opens an attribute of one element and of the wanted class; -1: there is none. */
static hid_t attribute_of(hd_h5 *h5, hid_t at, const char *name, H5T_class_t wanted, H5T_class_t or) {
  if (!hd_h5_ok(h5, 0) || H5Aexists(at, name) <= 0) return -1;
  hid_t attribute = H5Aopen(at, name, H5P_DEFAULT);
  if (attribute < 0) return -1;
  hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  H5T_class_t is = H5Tget_class(type);
  bool fits = (is == wanted || is == or) && H5Sget_simple_extent_npoints(space) == 1;
  if (fits && is == H5T_STRING) fits = H5Tis_variable_str(type) > 0;
  H5Tclose(type);
  H5Sclose(space);
  if (fits) return attribute;
  H5Aclose(attribute);
  return -1;
}

bool hd_h5_get_text(hd_h5 *h5, hid_t at, const char *name, char **text) {
  *text = NULL;
  hid_t attribute = attribute_of(h5, at, name, H5T_STRING, H5T_STRING);
  if (attribute < 0) return false;
  herr_t done = H5Aread(attribute, h5->text, text);
  H5Aclose(attribute);
  return done >= 0 && *text;
}

bool hd_h5_get_number(hd_h5 *h5, hid_t at, const char *name, double *number) {
  hid_t attribute = attribute_of(h5, at, name, H5T_FLOAT, H5T_INTEGER);
  if (attribute < 0) return false;
  herr_t done = H5Aread(attribute, H5T_NATIVE_DOUBLE, number);
  H5Aclose(attribute);
  return done >= 0;
}

void hd_h5_free(char *text) {
  if (text) H5free_memory(text);
}

hid_t hd_h5_dataset(hd_h5 *h5, hid_t at, const char *name, hid_t type, int rank, const hsize_t *size,
                    const void *data) {
  if (!hd_h5_ok(h5, 0)) return -1;
  hid_t space = rank ? H5Screate_simple(rank, size, NULL) : H5Screate(H5S_SCALAR), dataset = -1;
  if (hd_h5_ok(h5, space))
    hd_h5_ok(h5, dataset = H5Dcreate2(at, name, type, space, H5P_DEFAULT, h5->plain, H5P_DEFAULT));
  bool any = dataset >= 0 && H5Sget_simple_extent_npoints(space) > 0;
  if (any && data) hd_h5_ok(h5, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, h5->transfer, data));
  if (space >= 0) H5Sclose(space);
  return dataset;
}

/* -- the seal */

static const char seal_magic[8] = {'h', 'd', 's', 'e', 'a', 'l', '1', '\n'};

void hd_seal_make(void *seal, uint64_t size, const hd_hash *hash) {
  char *at = seal;
  memcpy(at, hash, sizeof *hash);
  memcpy(at + 16, &size, sizeof size);
  memcpy(at + 24, seal_magic, sizeof seal_magic);
}

bool hd_seal_read(const void *seal, uint64_t *size, hd_hash *hash) {
  const char *at = seal;
  memcpy(hash, at, sizeof *hash);
  memcpy(size, at + 16, sizeof *size);
  return memcmp(at + 24, seal_magic, sizeof seal_magic) == 0;
}
