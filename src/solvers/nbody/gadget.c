/* Gadget HDF5: groups Header, Units, Parameters, PartType1 (PartType4 for groups of stars), Engine (of heddle's own). */
#include "solvers/nbody/gadget.h"

#include "heddle/math.h"
#include "io/h5.h"
#include "io/notes.h"
#include "solvers/nbody/result_case.h"

#include <stdio.h>
#include <string.h>

enum { TYPES = 6, HALO = 1, STARS = 4 };
static const double cm_of_kpc = 3.0856775814913673e21, g_of_unit = 1.988409870698051e43, cm_s_of_km_s = 1e5;

/* ---- writing ----------------------------------------------------------------------------------------------------- */

typedef struct snapshot {
  hd_array position, velocity, mass, id, self, external, time, group;
  bool physical;
  double length, weight, speed; /* units in cm, g, cm/s */
  const bool *star;             /* [group] */
  int64_t n, seed_steps;
} snapshot;

static void put_row(hd_h5 *h5, hid_t at, const char *name, hid_t type, const void *six) {
  hsize_t size = TYPES;
  if (!hd_h5_ok(h5, 0)) return;
  hid_t space = H5Screate_simple(1, &size, NULL), attribute = -1;
  if (hd_h5_ok(h5, space)) hd_h5_ok(h5, attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
  if (attribute >= 0) {
    hd_h5_ok(h5, H5Awrite(attribute, type, six));
    H5Aclose(attribute);
  }
  if (space >= 0) H5Sclose(space);
}

/* Time in units of length over speed: kpc/(km/s) is 0.97779 Gyr. */
static double time_in_file(const snapshot *s, int64_t k) {
  return s->physical ? s->time.at[k] / NBODY_KM_S : s->time.at[k];
}

static void put_header(hd_h5 *h5, const snapshot *s, int64_t k, const int64_t count[TYPES]) {
  static const char *const zero[] = {"Redshift", "BoxSize", "Omega0", "OmegaLambda"};
  static const char *const flag[] = {"Flag_Sfr",      "Flag_Cooling", "Flag_StellarAge",     "Flag_Metals",
                                     "Flag_Feedback", "Flag_IC_Info", "Flag_DoublePrecision"};
  uint32_t low[TYPES], high[TYPES];
  double table[TYPES] = {0};
  hid_t header = hd_h5_group(h5, "Header");
  for (int i = 0; i < TYPES; i++) low[i] = (uint32_t)count[i], high[i] = (uint32_t)((uint64_t)count[i] >> 32);
  put_row(h5, header, "NumPart_ThisFile", H5T_NATIVE_UINT32, low);
  put_row(h5, header, "NumPart_Total", H5T_NATIVE_UINT32, low);
  put_row(h5, header, "NumPart_Total_HighWord", H5T_NATIVE_UINT32, high);
  put_row(h5, header, "MassTable", H5T_NATIVE_DOUBLE, table);
  hd_h5_put_number(h5, header, "Time", time_in_file(s, k));
  for (int i = 0; i < 4; i++) hd_h5_put_number(h5, header, zero[i], 0);
  hd_h5_put_number(h5, header, "HubbleParam", 1);
  hd_h5_put_integer(h5, header, "NumFilesPerSnapshot", 1);
  for (int i = 0; i < 7; i++) hd_h5_put_integer(h5, header, flag[i], i == 6);
  if (header >= 0) H5Gclose(header);
}

/* `Parameters` without HubbleParam and Omega: with them pynbody takes the snapshot for a cosmological one. */
static void put_units(hd_h5 *h5, const snapshot *s, int64_t k) {
  static const char *const groups[] = {"Units", "Parameters"};
  for (int i = 0; i < 2; i++) {
    hid_t group = hd_h5_group(h5, groups[i]);
    hd_h5_put_number(h5, group, "UnitLength_in_cm", s->length);
    hd_h5_put_number(h5, group, "UnitMass_in_g", s->weight);
    hd_h5_put_number(h5, group, "UnitVelocity_in_cm_per_s", s->speed);
    if (i == 1 && s->physical) hd_h5_put_number(h5, group, "Time_GYR", s->time.at[k]);
    if (group >= 0) H5Gclose(group);
  }
  hid_t engine = hd_h5_group(h5, "Engine");
  hd_h5_put_text(h5, engine, "code", "heddle nbody");
  hd_h5_put_integer(h5, engine, "steps", s->seed_steps);
  hd_h5_put_integer(h5, engine, "snapshot", k);
  if (engine >= 0) H5Gclose(engine);
}

static int type_of(const snapshot *s, int64_t i) { return s->star && s->star[(int64_t)s->group.at[i]] ? STARS : HALO; }

static void put_data(hd_h5 *h5, hid_t group, const char *name, hid_t type, int rank, int64_t n, const void *data) {
  hsize_t size[2] = {(hsize_t)n, 3};
  hid_t dataset = hd_h5_dataset(h5, group, name, type, rank, size, data);
  if (dataset >= 0) H5Dclose(dataset);
}

static void put_bodies(hd_h5 *h5, const snapshot *s, int64_t k, int type, int64_t count, double *row, uint64_t *id) {
  char name[32];
  const hd_array *from[2] = {&s->position, &s->velocity};
  static const char *const names[2] = {"Coordinates", "Velocities"};
  if (!count) return;
  snprintf(name, sizeof name, "PartType%d", type);
  hid_t group = hd_h5_group(h5, name);
  for (int f = 0; f < 2; f++) {
    int64_t to = 0;
    for (int64_t i = 0; i < s->n; i++)
      for (int a = 0; a < 3 && type_of(s, i) == type; a++) row[to++] = from[f]->at[3 * (k * s->n + i) + a];
    put_data(h5, group, names[f], H5T_NATIVE_DOUBLE, 2, count, row);
  }
  int64_t to = 0;
  for (int64_t i = 0; i < s->n; i++)
    if (type_of(s, i) == type) id[to++] = (uint64_t)s->id.at[i];
  put_data(h5, group, "ParticleIDs", H5T_NATIVE_UINT64, 1, count, id);
  to = 0;
  for (int64_t i = 0; i < s->n; i++)
    if (type_of(s, i) == type) row[to++] = s->physical ? s->mass.at[i] * 1e-10 : s->mass.at[i];
  put_data(h5, group, "Masses", H5T_NATIVE_DOUBLE, 1, count, row);
  to = 0;
  for (int64_t i = 0; i < s->n; i++)
    if (type_of(s, i) == type) row[to++] = s->self.at[k * s->n + i] + s->external.at[k * s->n + i];
  put_data(h5, group, "Potential", H5T_NATIVE_DOUBLE, 1, count, row);
  if (group >= 0) H5Gclose(group);
}

static hd_status write_one(const hd_result *result, const snapshot *s, int64_t k, const char *path, double *row,
                           uint64_t *id) {
  hd_ctx *ctx = hd_result_ctx(result);
  hd_h5 h5;
  void *image = NULL;
  size_t size = 0;
  int64_t count[TYPES] = {0};
  for (int64_t i = 0; i < s->n; i++) count[type_of(s, i)]++;
  hd_h5_enter(&h5, ctx, path);
  hd_h5_new_in_memory(&h5, (size_t)1 << 20);
  put_header(&h5, s, k, count);
  put_units(&h5, s, k);
  for (int type = 0; type < TYPES; type++) put_bodies(&h5, s, k, type, count[type], row, id);
  hd_status status = hd_h5_image(&h5, 0, &image, &size), left = hd_h5_leave(&h5);
  if (status == HD_OK) status = left;
  if (status == HD_OK) status = hd_file_write(ctx, path, image, size, false);
  hd_memory_give(ctx, image, size);
  return status;
}

static hd_status read_result(const hd_result *result, hd_arena *arena, snapshot *s) {
  nbody *t;
  void *memory;
  bool known;
  HD_TRY(hd_read(result, "position", &s->position));
  HD_TRY(hd_read(result, "velocity", &s->velocity));
  HD_TRY(hd_read(result, "mass", &s->mass));
  HD_TRY(hd_read(result, "id", &s->id));
  HD_TRY(hd_read(result, "group", &s->group));
  HD_TRY(hd_read(result, "self_potential", &s->self));
  HD_TRY(hd_read(result, "external_potential", &s->external));
  HD_TRY(hd_read(result, "snapshot_time", &s->time));
  s->n = s->position.size[1];
  s->physical = true;
  s->length = cm_of_kpc, s->weight = g_of_unit, s->speed = cm_s_of_km_s;
  double steps = hd_result_number(result, "measures", "steps");
  s->seed_steps = steps == steps ? (int64_t)steps : 0;
  HD_TRY(hd_arena_take(arena, sizeof *t, &memory));
  t = memory;
  HD_TRY(nbody_case_of(result, arena, t, &known));
  if (!known) return HD_OK;
  s->physical = nbody_is_physical(t);
  if (!s->physical) {
    bool scaled = !hd_is_nan(t->units.length) && !hd_is_nan(t->units.mass);
    double L = t->units.length, T = hd_sqrt(L * L * L / (NBODY_G * t->units.mass));
    s->length = scaled ? L * cm_of_kpc : 1;
    s->weight = scaled ? t->units.mass * 1e-10 * g_of_unit : 1;
    s->speed = scaled ? L / T * NBODY_KM_S * cm_s_of_km_s : 1;
  }
  HD_TRY(hd_arena_take(arena, (size_t)t->bodies.count * sizeof(bool), &memory));
  bool *star = memory;
  for (int64_t g = 0; g < t->bodies.count; g++) star[g] = nbody_group_of(t, g)->star;
  s->star = star;
  return HD_OK;
}

static hd_status write_all(const hd_result *result, const char *path, hd_arena *arena) {
  snapshot s = {0};
  char folder[HD_PATH_ROOM], name[64], file[HD_PATH_ROOM];
  void *row, *id;
  HD_TRY(read_result(result, arena, &s));
  HD_TRY(hd_arena_take(arena, (size_t)s.n * 3 * sizeof(double) + 1, &row));
  HD_TRY(hd_arena_take(arena, (size_t)s.n * sizeof(uint64_t) + 1, &id));
  HD_TRY(hd_path_folder(hd_result_ctx(result), path, folder, sizeof folder));
  for (int64_t k = 0; k < s.position.size[0]; k++) {
    snprintf(name, sizeof name, "snapshot_%03lld.hdf5", (long long)k);
    HD_TRY(hd_path_join(hd_result_ctx(result), folder, name, file, sizeof file));
    HD_TRY(write_one(result, &s, k, file, row, id));
  }
  return HD_OK;
}

hd_status nbody_gadget_write(const hd_result *result, const char *path) {
  hd_arena arena;
  hd_arena_init(&arena, hd_result_ctx(result));
  hd_status status = write_all(result, path, &arena);
  hd_arena_free(&arena);
  return status;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct reading {
  hd_h5 h5;
  nbody *t;
  nbody_group *group;
  hd_notes *notes;
  const char *path;
  double table[TYPES], length, weight, speed; /* of the file, in kpc, Msun, kpc/Gyr */
  int64_t count[TYPES];
  double *column[7];
  int64_t *id;
} reading;

static bool read_row(hd_h5 *h5, hid_t at, const char *name, double six[TYPES]) {
  if (!hd_h5_ok(h5, 0) || H5Aexists(at, name) <= 0) return false;
  hid_t attribute = H5Aopen(at, name, H5P_DEFAULT);
  if (attribute < 0) return false;
  hid_t space = H5Aget_space(attribute);
  bool fits = H5Sget_simple_extent_npoints(space) == TYPES && H5Aread(attribute, H5T_NATIVE_DOUBLE, six) >= 0;
  H5Sclose(space);
  H5Aclose(attribute);
  return fits;
}

static double number_of(hd_h5 *h5, const char *group, const char *name, double otherwise) {
  double value = otherwise;
  if (!hd_h5_ok(h5, 0) || H5Lexists(h5->file, group, H5P_DEFAULT) <= 0) return otherwise;
  hid_t at = H5Gopen2(h5->file, group, H5P_DEFAULT);
  if (at < 0) return otherwise;
  if (!hd_h5_get_number(h5, at, name, &value)) value = otherwise;
  H5Gclose(at);
  return value;
}

static bool read_header(reading *r) {
  hd_h5 *h5 = &r->h5;
  double six[TYPES];
  if (!hd_h5_ok(h5, 0)) return false;
  hid_t header = H5Lexists(h5->file, "Header", H5P_DEFAULT) > 0 ? H5Gopen2(h5->file, "Header", H5P_DEFAULT) : -1;
  bool right = header >= 0 && read_row(h5, header, "NumPart_ThisFile", six);
  if (right && !read_row(h5, header, "MassTable", r->table)) memset(r->table, 0, sizeof r->table);
  if (header >= 0) H5Gclose(header);
  if (!right) {
    hd_error(r->notes, r->path, NULL, "%s has no Header of a Gadget snapshot", r->group->file);
    return false;
  }
  for (int i = 0; i < TYPES; i++) r->count[i] = (int64_t)six[i];
  bool cosmology = number_of(h5, "Header", "Redshift", 0) != 0 || number_of(h5, "Header", "HubbleParam", 1) != 1 ||
                   number_of(h5, "Header", "Omega0", 0) != 0;
  if (cosmology) hd_error(r->notes, r->path, NULL, "cosmological snapshots are not supported: %s", r->group->file);
  if (number_of(h5, "Header", "NumFilesPerSnapshot", 1) != 1) {
    hd_error(r->notes, r->path, "join them first", "%s is one of several files of a snapshot", r->group->file);
    return false;
  }
  bool scaled = !hd_is_nan(r->t->units.length) && !hd_is_nan(r->t->units.mass);
  r->length = r->weight = r->speed = 1;
  if (nbody_is_physical(r->t) || scaled) {
    r->length = number_of(h5, "Units", "UnitLength_in_cm", cm_of_kpc) / cm_of_kpc;
    r->weight = number_of(h5, "Units", "UnitMass_in_g", g_of_unit) / g_of_unit * 1e10;
    r->speed = number_of(h5, "Units", "UnitVelocity_in_cm_per_s", cm_s_of_km_s) / cm_s_of_km_s / NBODY_KM_S;
  }
  if (scaled) {
    double L = r->t->units.length, M = r->t->units.mass;
    r->length /= L;
    r->weight /= M;
    r->speed *= hd_sqrt(L * L * L / (NBODY_G * M)) / L;
  }
  return !cosmology;
}

/* A dataset of `width` numbers for each of `count` bodies; false: it is not there, or of another shape. */
static bool read_data(reading *r, hid_t group, const char *name, hid_t type, int64_t count, int width, void *to) {
  if (!hd_h5_ok(&r->h5, 0) || H5Lexists(group, name, H5P_DEFAULT) <= 0) return false;
  hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
  if (dataset < 0) return false;
  hid_t space = H5Dget_space(dataset);
  bool fits = H5Sget_simple_extent_npoints(space) == count * width;
  H5Sclose(space);
  fits = fits && hd_h5_ok(&r->h5, H5Dread(dataset, type, H5S_ALL, H5S_ALL, r->h5.transfer, to));
  H5Dclose(dataset);
  return fits;
}

static void read_vectors(reading *r, hid_t group, const char *name, double unit, int64_t first, int64_t count,
                         int column, double *row) {
  if (!read_data(r, group, name, H5T_NATIVE_DOUBLE, count, 3, row)) {
    hd_error(r->notes, r->path, NULL, "%s has no %s of %lld bodies", r->group->file, name, (long long)count);
    return;
  }
  for (int64_t i = 0; i < count; i++)
    for (int k = 0; k < 3; k++) {
      if (!hd_is_finite(row[3 * i + k])) {
        hd_error(r->notes, r->path, NULL, "%s: %s of body %lld is not a finite number", r->group->file, name,
                 (long long)i);
        return;
      }
      r->column[column + k][first + i] = row[3 * i + k] * unit;
    }
}

static void read_type(reading *r, int type, int64_t first, double *row) {
  char name[32];
  int64_t count = r->count[type];
  snprintf(name, sizeof name, "PartType%d", type);
  hid_t group = H5Lexists(r->h5.file, name, H5P_DEFAULT) > 0 ? H5Gopen2(r->h5.file, name, H5P_DEFAULT) : -1;
  if (group < 0) {
    hd_error(r->notes, r->path, NULL, "%s has no %s", r->group->file, name);
    return;
  }
  read_vectors(r, group, "Coordinates", r->length, first, count, 0, row);
  read_vectors(r, group, "Velocities", r->speed, first, count, 3, row);
  bool masses = read_data(r, group, "Masses", H5T_NATIVE_DOUBLE, count, 1, row);
  for (int64_t i = 0; i < count; i++) r->column[6][first + i] = (masses ? row[i] : r->table[type]) * r->weight;
  if (!read_data(r, group, "ParticleIDs", H5T_NATIVE_INT64, count, 1, r->id + first))
    for (int64_t i = 0; i < count; i++) r->id[first + i] = first + i;
  H5Gclose(group);
}

static hd_status read_bodies(reading *r) {
  int64_t n = 0, first = 0, most = 1;
  void *memory, *row;
  hd_arena *arena = hd_notes_arena(r->notes);
  for (int i = 0; i < TYPES; i++) {
    n += r->count[i];
    most = r->count[i] > most ? r->count[i] : most;
  }
  if (n < 1) {
    hd_error(r->notes, r->path, NULL, "%s has no bodies", r->group->file);
    return HD_OK;
  }
  for (int k = 0; k < 7; k++) {
    HD_TRY(hd_arena_take(arena, (size_t)n * sizeof(double), &memory));
    r->column[k] = memory;
  }
  HD_TRY(hd_arena_take(arena, (size_t)n * sizeof(int64_t), &memory));
  r->id = memory;
  HD_TRY(hd_arena_take(arena, (size_t)most * 3 * sizeof(double), &row));
  for (int i = 0; i < TYPES; i++) {
    if (r->count[i] > 0) read_type(r, i, first, row);
    first += r->count[i];
  }
  for (int k = 0; k < 7; k++) r->group->file_column[k] = r->column[k];
  r->group->file_id = r->id;
  r->group->count = n;
  return HD_OK;
}

hd_status nbody_gadget_read(nbody *t, nbody_group *group, const char *path, hd_notes *notes) {
  reading r = {.t = t, .group = group, .notes = notes, .path = path};
  hd_ctx *ctx = hd_notes_arena(notes)->ctx;
  hd_status status = HD_OK;
  hd_h5_enter(&r.h5, ctx, group->file);
  hd_h5_open(&r.h5, group->file);
  if (read_header(&r)) status = read_bodies(&r);
  hd_status left = hd_h5_leave(&r.h5);
  if (status == HD_ERR_MEMORY || left == HD_ERR_MEMORY) return HD_ERR_MEMORY;
  if (left != HD_OK) hd_error(notes, path, NULL, "%s cannot be read as HDF5", group->file);
  return status;
}
