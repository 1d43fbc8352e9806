/* Files that a case reads: particles of a group (CSV or Gadget HDF5), and the last snapshot that `output.compare` names. */
#include "solvers/nbody/check.h"

#include "base/ctx.h"
#include "heddle/math.h"
#include "io/notes.h"
#include "io/order.h"
#include "io/result.h"
#include "solvers/nbody/gadget.h"

#include <string.h>

enum { COLUMNS = 8 };

static hd_status take(hd_notes *notes, size_t bytes, void **memory) {
  return hd_arena_take(hd_notes_arena(notes), bytes ? bytes : 1, memory);
}

static const hd_field physical[COLUMNS + 1] = {{.name = "x", .unit = "kpc", .doc = "position"},
                                               {.name = "y", .unit = "kpc", .doc = "position"},
                                               {.name = "z", .unit = "kpc", .doc = "position"},
                                               {.name = "vx", .unit = "kpc/Gyr", .doc = "velocity"},
                                               {.name = "vy", .unit = "kpc/Gyr", .doc = "velocity"},
                                               {.name = "vz", .unit = "kpc/Gyr", .doc = "velocity"},
                                               {.name = "mass", .unit = "Msun", .flags = HD_ASKED, .doc = "mass"},
                                               {.name = "id", .unit = "1", .flags = HD_ASKED, .doc = "number"},
                                               {0}};

/* Whether the header, the first line that is no comment, has a unit in brackets that is not 1. */
static bool has_units(hd_ctx *ctx, const char *file) {
  char *text;
  size_t size;
  hd_problem unread; /* told by who reads the table */
  if (hd_file_read(ctx, file, (size_t)1 << 40, &text, &size) != HD_OK) return hd_problem_take(ctx, &unread), false;
  const char *line = text;
  while (*line == '#') line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
  const char *at = line + strcspn(line, "[\n");
  while (*at == '[' && !strncmp(at, "[1]", 3)) at += 3 + strcspn(at + 3, "[\n");
  bool found = *at == '[';
  hd_memory_give(ctx, text, size + 1);
  return found;
}

/* Reads the table of a dimensionless system: bare numbers, or, where the scale is given, quantities with units. */
static hd_status read_bare(nbody *t, const char *file, hd_notes *notes, hd_array rows[COLUMNS]) {
  double L = t->units.length, M = t->units.mass;
  hd_field bare[COLUMNS + 1];
  memcpy(bare, physical, sizeof bare);
  for (int i = 0; i < COLUMNS; i++) bare[i].unit = "1";
  if (hd_is_nan(L) || hd_is_nan(M) || !has_units(hd_notes_arena(notes)->ctx, file))
    return hd_read_table(notes, file, bare, rows);
  HD_TRY(hd_read_table(notes, file, physical, rows));
  double unit[COLUMNS] = {L, L, L, 0, 0, 0, M, 1};
  for (int i = 3; i < 6; i++) unit[i] = L / hd_sqrt(L * L * L / (NBODY_G * M));
  for (int i = 0; i < COLUMNS - 1; i++) {
    void *memory;
    int64_t n = rows[i].size[0];
    HD_TRY(take(notes, (size_t)n * sizeof(double), &memory));
    double *scaled = memory;
    for (int64_t k = 0; k < n; k++) scaled[k] = rows[i].at[k] / unit[i];
    rows[i].at = scaled;
  }
  return HD_OK;
}

static hd_status read_csv(nbody *t, nbody_group *g, const char *path, hd_notes *notes) {
  hd_array rows[COLUMNS];
  hd_status status =
      nbody_is_physical(t) ? hd_read_table(notes, g->file, physical, rows) : read_bare(t, g->file, notes, rows);
  if (status == HD_ERR_INPUT) {
    g->count = 0;
    return HD_OK; /* noted */
  }
  HD_TRY(status);
  g->count = rows[0].size[0];
  if (!g->count) hd_error(notes, path, NULL, "%s has no rows", g->file);
  for (int i = 0; i < 7; i++) g->file_column[i] = rows[i].size[0] ? rows[i].at : NULL;
  if (!rows[7].size[0]) return HD_OK;
  void *memory;
  HD_TRY(take(notes, (size_t)g->count * sizeof(int64_t), &memory));
  int64_t *id = memory;
  for (int64_t i = 0; i < g->count; i++) {
    double number = rows[7].at[i];
    if (hd_abs(number) <= 9007199254740992.0 && number == (double)(int64_t)number) {
      id[i] = (int64_t)number;
      continue;
    }
    hd_error(notes, path, "whole numbers up to 2^53", "the id of row %lld of %s, %g, is no whole number",
             (long long)i + 1, g->file, number);
    return HD_OK;
  }
  g->file_id = id;
  return HD_OK;
}

/* ---- in the order of their numbers ------------------------------------------------------------------------------------ */

/* Bodies of a group stand in the order of their numbers, so that the order of the rows in a file changes no bit; rows of
 * one number keep the order of the file. */
static hd_status order_by_id(nbody_group *g, hd_notes *notes) {
  void *memory;
  int64_t n = g->count, i = 1;
  while (g->file_id && i < n && g->file_id[i - 1] <= g->file_id[i]) i++;
  if (!g->file_id || i >= n) return HD_OK;
  HD_TRY(take(notes, (size_t)n * sizeof(int64_t), &memory));
  int64_t *order = memory;
  HD_TRY(hd_order_of(hd_notes_arena(notes)->ctx, g->file_id, n, order));
  HD_TRY(take(notes, (size_t)n * sizeof(int64_t), &memory));
  int64_t *id = memory;
  for (i = 0; i < n; i++) id[i] = g->file_id[order[i]];
  g->file_id = id;
  for (int k = 0; k < 7; k++) {
    if (!g->file_column[k]) continue;
    HD_TRY(take(notes, (size_t)n * sizeof(double), &memory));
    double *column = memory;
    for (i = 0; i < n; i++) column[i] = g->file_column[k][order[i]];
    g->file_column[k] = column;
  }
  return HD_OK;
}

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

hd_status nbody_check_file(nbody *t, nbody_group *g, const char *name, hd_notes *notes) {
  hd_note_path path = hd_notes_path("bodies.%s.file", name);
  memset(g->file_column, 0, sizeof g->file_column);
  g->file_id = NULL;
  g->count = 0;
  if (ends_with(g->file, ".hdf5") || ends_with(g->file, ".h5")) HD_TRY(nbody_gadget_read(t, g, path.text, notes));
  else HD_TRY(read_csv(t, g, path.text, notes));
  for (int64_t i = 0; g->file_column[6] && i < g->count; i++)
    if (!(g->file_column[6][i] >= 0)) {
      hd_error(notes, path.text, ">= 0", "row %lld of %s has a negative mass", (long long)i + 1, g->file);
      break;
    }
  return order_by_id(g, notes);
}

/* ---- a result to compare with ------------------------------------------------------------------------------------- */

static hd_status copy_reference(nbody *t, const hd_result *result, hd_notes *notes) {
  static const char path[] = "output.compare";
  hd_array x, v;
  void *memory;
  const char *solver = hd_result_text(result, "", "solver");
  if ((solver && strcmp(solver, "nbody")) || hd_read(result, "position", &x) != HD_OK ||
      hd_read(result, "velocity", &v) != HD_OK || x.rank != 3 || x.size[0] < 1) {
    hd_error(notes, path, NULL, "%s is no result of nbody", t->output.compare_file);
    return HD_OK;
  }
  int64_t n = x.size[1], last = x.size[0] - 1;
  if (n != nbody_total(t)) {
    hd_error(notes, path, NULL, "%s has %lld bodies; here are %lld", t->output.compare_file, (long long)n,
             (long long)nbody_total(t));
    return HD_OK;
  }
  HD_TRY(take(notes, (size_t)n * 6 * sizeof(double), &memory));
  double *to = memory;
  for (int64_t i = 0; i < n; i++)
    for (int k = 0; k < 3; k++) {
      to[6 * i + k] = x.at[(last * n + i) * 3 + k];
      to[6 * i + 3 + k] = v.at[(last * n + i) * 3 + k];
    }
  t->output.reference = to;
  t->output.reference_count = n;
  return HD_OK;
}

hd_status nbody_check_reference(nbody *t, hd_notes *notes) {
  hd_ctx *ctx = hd_notes_arena(notes)->ctx;
  hd_result *result;
  hd_status status = hd_result_open(ctx, t->output.compare_file, &result);
  if (status == HD_ERR_MEMORY) return status;
  if (status != HD_OK) {
    hd_error(notes, "output.compare", NULL, "%s cannot be read: %s", t->output.compare_file, hd_ctx_message(ctx));
    return HD_OK;
  }
  status = copy_reference(t, result, notes);
  hd_result_close(result);
  return status;
}
