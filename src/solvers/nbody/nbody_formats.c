/* Files of the field beside result.h5: Gadget HDF5 snapshots (gadget.c) and CSV tables of every snapshot. */
#include "base/number.h"
#include "base/text.h"
#include "io/result.h"
#include "solvers/nbody/gadget.h"

#include <stdio.h>
#include <string.h>

typedef struct table {
  hd_array position, velocity, mass, id, group, time;
  bool sky;
  hd_array of_sky[6];
} table;

static const char *const sky_name[6] = {"distance", "phi1", "phi2", "radial_velocity", "pm_phi1_cosphi2", "pm_phi2"};

static hd_status read_table(const hd_result *result, table *t) {
  HD_TRY(hd_read(result, "position", &t->position));
  HD_TRY(hd_read(result, "velocity", &t->velocity));
  HD_TRY(hd_read(result, "mass", &t->mass));
  HD_TRY(hd_read(result, "id", &t->id));
  HD_TRY(hd_read(result, "group", &t->group));
  HD_TRY(hd_read(result, "snapshot_time", &t->time));
  const hd_result_field *fields;
  int64_t count = hd_result_fields(result, &fields);
  for (int64_t i = 0; i < count; i++) t->sky = t->sky || !strcmp(fields[i].name, "phi1");
  for (int k = 0; k < 6 && t->sky; k++) HD_TRY(hd_read(result, sky_name[k], &t->of_sky[k]));
  return HD_OK;
}

static void put(hd_text *out, const char *before, double value) {
  char text[HD_NUMBER_ROOM];
  hd_number_print(value, text);
  hd_print(out, "%s%s", before, text);
}

static void put_header(hd_text *out, const table *t) {
  static const char *const axis[3] = {"x", "y", "z"};
  hd_print(out, "id,group");
  for (int k = 0; k < 3; k++) hd_print(out, ",%s [%s]", axis[k], t->position.unit);
  for (int k = 0; k < 3; k++) hd_print(out, ",v%s [%s]", axis[k], t->velocity.unit);
  hd_print(out, ",mass [%s]", t->mass.unit);
  for (int k = 0; k < 6 && t->sky; k++) hd_print(out, ",%s [%s]", sky_name[k], t->of_sky[k].unit);
  hd_print(out, "\n");
}

/* One snapshot; `particles` reads it again. */
static hd_status put_snapshot(hd_ctx *ctx, const table *t, const char *const *names, int64_t named, int64_t s,
                              const char *path) {
  hd_text out;
  hd_text_init(&out, ctx);
  put_header(&out, t);
  int64_t n = t->position.size[1];
  for (int64_t i = 0; i < n; i++) {
    int64_t g = (int64_t)t->group.at[i];
    put(&out, "", t->id.at[i]);
    hd_print(&out, ",%s", g < named ? names[g] : "");
    for (int k = 0; k < 3; k++) put(&out, ",", t->position.at[3 * (s * n + i) + k]);
    for (int k = 0; k < 3; k++) put(&out, ",", t->velocity.at[3 * (s * n + i) + k]);
    put(&out, ",", t->mass.at[i]);
    for (int k = 0; k < 6 && t->sky; k++) put(&out, ",", t->of_sky[k].at[s * n + i]);
    hd_print(&out, "\n");
  }
  hd_status status = hd_text_status(&out);
  if (status == HD_OK) status = hd_file_write(ctx, path, hd_text_of(&out), out.length, false);
  hd_text_free(&out);
  return status;
}

static hd_status write_csv(const hd_result *result, const char *path) {
  table t = {0};
  const char *const *names = NULL;
  const int64_t *first;
  char folder[HD_PATH_ROOM], name[64], file[HD_PATH_ROOM];
  hd_ctx *ctx = hd_result_ctx(result);
  HD_TRY(read_table(result, &t));
  int64_t named = hd_result_names(result, "particle", &names, &first);
  HD_TRY(hd_path_folder(ctx, path, folder, sizeof folder));
  for (int64_t s = 0; s < t.position.size[0]; s++) {
    snprintf(name, sizeof name, "snapshot_%03lld.csv", (long long)s);
    HD_TRY(hd_path_join(ctx, folder, name, file, sizeof file));
    HD_TRY(put_snapshot(ctx, &t, names, named, s, file));
  }
  return HD_OK;
}

const hd_format nbody_formats[] = {
    {.name = "gadget",
     .suffix = "hdf5",
     .doc = "Gadget HDF5: snapshot_000.hdf5, ... of every snapshot",
     .write = nbody_gadget_write},
    {.name = "csv", .suffix = "csv", .doc = "snapshot_000.csv, ...: numbers, masses, states, sky", .write = write_csv},
    {0}};
