/* Files of the field beside result.h5: NumPy archives and CSV tables; and the predecessor's scenario files (arz.h). */
#include "base/number.h"
#include "base/text.h"
#include "heddle/math.h"
#include "solvers/traffic/arz.h"
#include "solvers/traffic/npz.h"
#include "solvers/traffic/result_case.h"

#include <string.h>

/* What all of them read. */
typedef struct profiles {
  hd_array density, speed, marker, time, x;
  const char *const *class_name;
  int64_t snapshots, classes, cells;
} profiles;

static hd_status read_profiles(const hd_result *result, profiles *p) {
  const int64_t *first;
  HD_TRY(hd_read(result, "density", &p->density));
  HD_TRY(hd_read(result, "marker", &p->marker));
  HD_TRY(hd_read(result, "speed", &p->speed));
  HD_TRY(hd_read(result, "snapshot_time", &p->time));
  HD_TRY(hd_read(result, "x", &p->x));
  p->snapshots = p->density.size[0];
  p->classes = p->density.size[1];
  p->cells = p->density.size[2];
  if (hd_result_names(result, "class", &p->class_name, &first) != p->classes)
    return hd_raise(hd_result_ctx(result), HD_ERR_FILE, "the result has no names of classes");
  return HD_OK;
}

/* ---- npz: times (T), states (T, 2n, N) = density, marker of each class, x, quality ------------------------------------ */

static hd_status put_members(const hd_result *result, const profiles *p, hd_npz *npz) {
  hd_array quality;
  HD_TRY(hd_read(result, "quality", &quality));
  HD_TRY(hd_npz_member(npz, "times", 'f', 1, &p->snapshots));
  HD_TRY(hd_npz_put(npz, p->time.at, p->snapshots));
  HD_TRY(hd_npz_member(npz, "states", 'f', 3, (int64_t[]){p->snapshots, 2 * p->classes, p->cells}));
  for (int64_t row = 0; row < p->snapshots * p->classes; row++) {
    HD_TRY(hd_npz_put(npz, p->density.at + row * p->cells, p->cells));
    HD_TRY(hd_npz_put(npz, p->marker.at + row * p->cells, p->cells));
  }
  HD_TRY(hd_npz_member(npz, "x", 'f', 1, &p->cells));
  HD_TRY(hd_npz_put(npz, p->x.at, p->cells));
  HD_TRY(hd_npz_member(npz, "quality", 'i', 1, &p->cells));
  return hd_npz_put(npz, quality.at, p->cells);
}

static hd_status write_npz(const hd_result *result, const char *path) {
  profiles p;
  hd_npz *npz;
  HD_TRY(read_profiles(result, &p));
  HD_TRY(hd_npz_create(hd_result_ctx(result), path, &npz));
  hd_status status = put_members(result, &p, npz);
  if (status == HD_OK) return hd_npz_finish(npz);
  hd_npz_abandon(npz);
  return status;
}

/* ---- csv: ledger.csv and profiles.csv --------------------------------------------------------------------------------- */

enum { FLUSH_AT = 1 << 20 };

typedef struct csv {
  hd_ctx *ctx;
  hd_text text; /* not yet written */
  int handle;
  int64_t at;
  char path[HD_PATH_ROOM], temporary[HD_PATH_ROOM];
} csv;

static hd_status csv_begin(csv *c, hd_ctx *ctx, const char *beside, const char *name) {
  char folder[HD_PATH_ROOM];
  *c = (csv){.ctx = ctx};
  hd_text_init(&c->text, ctx);
  HD_TRY(hd_path_folder(ctx, beside, folder, sizeof folder));
  HD_TRY(hd_path_join(ctx, folder, name, c->path, sizeof c->path));
  size_t length = strlen(c->path);
  if (length + sizeof ".part" > sizeof c->temporary)
    return hd_raise(ctx, HD_ERR_INPUT, "the path is too long: %s", c->path);
  memcpy(c->temporary, c->path, length);
  memcpy(c->temporary + length, ".part", sizeof ".part");
  HD_TRY(hd_file_remove(ctx, c->temporary));
  return hd_file_open(ctx, c->temporary, true, &c->handle);
}

static hd_status csv_flush(csv *c) {
  HD_TRY(hd_text_status(&c->text));
  HD_TRY(hd_file_write_at(c->ctx, c->handle, c->temporary, hd_text_of(&c->text), c->text.length, c->at));
  c->at += (int64_t)c->text.length;
  c->text.length = 0;
  return HD_OK;
}

/* Closes; puts the file in its place if all went well. */
static hd_status csv_end(csv *c, hd_status status) {
  if (status == HD_OK) status = csv_flush(c);
  hd_text_free(&c->text);
  hd_status closed = hd_file_close(c->ctx, c->handle, c->temporary);
  if (status == HD_OK) status = closed;
  if (status == HD_OK) return hd_file_publish(c->ctx, c->temporary, c->path, false);
  c->ctx->files.remove(c->ctx->files.self, c->temporary);
  return status;
}

static void put_value(csv *c, const char *before, double value) {
  char text[HD_NUMBER_ROOM];
  hd_number_print(value, text);
  hd_print(&c->text, "%s%s", before, text);
}

/* The predecessor's names of columns, for its readers. */
static const char *short_name(const char *class_name) {
  return !strcmp(class_name, "motorcycles") ? "m" : !strcmp(class_name, "cars") ? "c" : class_name;
}

/* The predecessor's table has no row at the end, unless that falls on a multiple of its interval in steps. */
static hd_status ledger_rows(const hd_result *result, const traffic_result_case *of, int64_t cells, int64_t *rows) {
  hd_array done;
  int64_t every = of->t.output.ledger.every_steps;
  if (!of->known || of->t.compat != TRAFFIC_COMPAT_ARZ2025 || every <= 0 || *rows < 2) return HD_OK;
  HD_TRY(hd_read(result, "cell_steps", &done));
  int64_t steps = (int64_t)done.at[*rows - 1] / (cells > 0 ? cells : 1);
  if (steps % every) --*rows;
  return HD_OK;
}

static hd_status put_ledger(const hd_result *result, const profiles *p, csv *c) {
  hd_array time, mass;
  hd_arena arena;
  traffic_result_case of;
  HD_TRY(hd_read(result, "entry_time", &time));
  HD_TRY(hd_read(result, "mass", &mass));
  int64_t rows = time.size[0];
  hd_arena_init(&arena, c->ctx);
  hd_status status = traffic_case_of(result, &arena, &of);
  if (status == HD_OK) status = ledger_rows(result, &of, p->cells, &rows);
  hd_arena_free(&arena);
  HD_TRY(status);
  bool theirs = of.imported || (of.known && of.t.compat == TRAFFIC_COMPAT_ARZ2025);
  hd_print(&c->text, "time_sec");
  for (int64_t i = 0; i < p->classes; i++)
    hd_print(&c->text, theirs ? ",mass_%s" : ",mass_%s [veh]",
             theirs ? short_name(p->class_name[i]) : p->class_name[i]);
  hd_print(&c->text, "\n");
  for (int64_t k = 0; k < rows; k++) {
    put_value(c, "", time.at[k]);
    for (int64_t i = 0; i < p->classes; i++) put_value(c, ",", mass.at[k * p->classes + i]);
    hd_print(&c->text, "\n");
    if (c->text.length >= FLUSH_AT) HD_TRY(csv_flush(c));
  }
  return HD_OK;
}

static hd_status put_profiles(const hd_result *result, const profiles *p, csv *c) {
  (void)result;
  hd_print(&c->text, "time [s],x [m]");
  for (int64_t i = 0; i < p->classes; i++)
    hd_print(&c->text, ",density_%s [veh/m],speed_%s [m/s],marker_%s [m/s]", p->class_name[i], p->class_name[i],
             p->class_name[i]);
  hd_print(&c->text, "\n");
  for (int64_t s = 0; s < p->snapshots; s++)
    for (int64_t j = 0; j < p->cells; j++) {
      put_value(c, "", p->time.at[s]);
      put_value(c, ",", p->x.at[j]);
      for (int64_t i = 0; i < p->classes; i++) {
        int64_t at = (s * p->classes + i) * p->cells + j;
        put_value(c, ",", p->density.at[at]);
        if (hd_is_nan(p->speed.at[at])) hd_print(&c->text, ",,"); /* the class is absent */
        else {
          put_value(c, ",", p->speed.at[at]);
          put_value(c, ",", p->marker.at[at]);
        }
      }
      hd_print(&c->text, "\n");
      if (c->text.length >= FLUSH_AT) HD_TRY(csv_flush(c));
    }
  return HD_OK;
}

static hd_status write_csv(const hd_result *result, const char *path) {
  static const struct {
    const char *name;
    hd_status (*put)(const hd_result *, const profiles *, csv *);
  } tables[] = {{"ledger.csv", put_ledger}, {"profiles.csv", put_profiles}};
  profiles p;
  HD_TRY(read_profiles(result, &p));
  for (int i = 0; i < 2; i++) {
    csv c;
    HD_TRY(csv_begin(&c, hd_result_ctx(result), path, tables[i].name));
    HD_TRY(csv_end(&c, tables[i].put(result, &p, &c)));
  }
  return HD_OK;
}

const hd_format traffic_formats[] = {
    {.name = "npz",
     .suffix = "npz",
     .doc = "NumPy archive: times, states (density, marker of each class), x, quality",
     .write = write_npz},
    {.name = "csv", .suffix = "csv", .doc = "ledger.csv (mass of each class) and profiles.csv", .write = write_csv},
    {.name = "arz",
     .suffix = "yml",
     .doc = "scenario of the predecessor ARZ code, and its base file",
     .read = arz_import,
     .options = arz_params,
     .options_size = sizeof(arz_options)},
    {0}};
