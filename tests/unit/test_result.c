/* result.h5: written from a store, read back, the same bytes each time; damage and strangers are refused. */
#include "io/result.h"

#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SNAPSHOT, ENTRY, CROSSING, CLASS, CELL, FIBRE };
/* clang-format off */
static const hd_dim dims[] = {{"snapshot", "", HD_ROWS, "output.snapshots", NULL},
                              {"entry", "ledger", HD_ROWS, "output.ledger", NULL},
                              {"crossing", "spike", HD_ROWS, NULL, "crossing_fibre"}, {"class", "vehicle class", 0, NULL, NULL},
                              {"cell", "", HD_BLOCKS, NULL, NULL}, {"fibre", "", 0, NULL, NULL}, {0}};
enum { RHO, SPEED, TIME, X, SECONDS, SHARE, ENTRY_TIME, FIBRE_OF, WHEN, DONE, ASKED, SINGLE };
static const hd_field fields[] = {
    {"density", "class,cell", HD_F64, "veh/m", "snapshot", NULL, HD_STATE | HD_OUT, "vehicles per length"},
    {"speed", "class,cell", HD_F32, "m/s", "snapshot", NULL, HD_OUT | HD_MAY_BE_NAN, "speed"},
    {"snapshot_time", "", HD_F64, "s", "snapshot", NULL, HD_OUT | HD_COORD, "time of the snapshot"},
    {"x", "cell", HD_F64, "m", NULL, NULL, HD_OUT | HD_COORD, "centre of the cell"},
    {"entry_seconds", "", HD_F64, "s", "entry", NULL, HD_OUT | HD_TIMING, "computing time"},
    {"share", "class", HD_F64, "1", "entry", NULL, HD_OUT, "share"},
    {"entry", "", HD_F64, "s", "entry", NULL, HD_OUT, "time of the entry"},
    {"crossing_fibre", "", HD_I32, "1", "crossing", NULL, HD_OUT, "fibre"},
    {"crossing_time", "", HD_F64, "ms", "crossing", NULL, HD_OUT, "time of passing"},
    {"done", "fibre", HD_U8, "1", NULL, NULL, HD_STATE | HD_OUT, "1 if done"},
    {"psi", "cell", HD_F64, "1", NULL, NULL, HD_OUT | HD_ASKED, "large"},
    {"queue", "cell", HD_FLOAT, "veh", NULL, NULL, HD_STATE | HD_OUT, "waiting"}, {0}};
static const hd_solver solver = {HD_SOLVER_ABI, sizeof(hd_solver), .name = "mixed", .bits = 1, .axis = "time",
                                 .axis_unit = "s", .dims = dims, .fields = fields};
/* clang-format on */
typedef struct crossing {
  int32_t fibre;
  double time;
} crossing;

static char folder[64], path[80];

static int set_up(void **state) {
  static hd_run run;
  strcpy(folder, "/tmp/heddle-result-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/result.h5", folder);
  assert_int_equal(hd_ctx_new(&run.ctx), HD_OK);
  *state = &run;
  return 0;
}

static int tear_down(void **state) {
  hd_run *run = *state;
  if (!getenv("HEDDLE_KEEP")) hd_folder_remove(run->ctx, folder);
  else fprintf(stderr, "kept %s\n", folder);
  hd_ctx_free(run->ctx);
  return 0;
}

static void compute(hd_run *run, int64_t cells) {
  assert_int_equal(hd_store_new(run->ctx, &solver, false, NULL, &run->store), HD_OK);
  assert_int_equal(hd_size(run, CLASS, 2), HD_OK);
  assert_int_equal(hd_size(run, CELL, cells), HD_OK);
  assert_int_equal(hd_size(run, FIBRE, 5), HD_OK);
  assert_int_equal(hd_ranges(run, CLASS, 2, (const char *[]){"motorcycles", "cars"}, (int64_t[]){0, 1, 2}), HD_OK);
  assert_int_equal(hd_ranges(run, CELL, 2, (const char *[]){"in", "aus\u00e4n"}, (int64_t[]){0, cells / 3, cells}),
                   HD_OK);
  for (int64_t i = 0; i < cells; i++) ((double *)hd_data(run, X))[i] = 20.0 * (double)i + 10;
  for (int64_t i = 0; i < cells; i++) ((double *)hd_data(run, SINGLE))[i] = (double)i;
  for (int row = 0; row < 13; row++) {
    double *rho = hd_data(run, RHO);
    for (int64_t i = 0; i < 2 * cells; i++) rho[i] = (double)(row * 1000 + i) / 7;
    hd_store_row_begin(run->store, SNAPSHOT);
    for (int64_t i = 0; i < 2 * cells; i++) ((float *)hd_data(run, SPEED))[i] = i % 5 ? (float)row : (float)NAN;
    *(double *)hd_data(run, TIME) = row * 5.0;
    assert_int_equal(hd_store_row_end(run->store, SNAPSHOT), HD_OK);
    hd_store_row_begin(run->store, ENTRY);
    *(double *)hd_data(run, ENTRY_TIME) = row;
    assert_int_equal(hd_store_row_end(run->store, ENTRY), HD_OK);
    crossing c = {(row * 3) % 4, row + 0.5};
    assert_int_equal(hd_emit(run, row % 3, CROSSING, &c), HD_OK);
    assert_int_equal(hd_store_settle(run->store), HD_OK);
  }
  hd_part_failed(run, FIBRE, 3, 0.75, "membrane potential left %d mV", 1000);
  hd_part_failed(run, FIBRE, 1, 0.25, "no convergence");
  hd_warn(run, "step %d was repeated", 3);
}

static const hd_fact_entry measures[] = {{"mass_drift", NULL, "1", 1e-15, false},
                                         {"travel_time@cars", NULL, "s", NAN, false}};
static const hd_fact_entry provenance[] = {{"version", "0.1.0", NULL, 0, true}, {"seconds", NULL, "s", 0.25, false}};
static const hd_result_head head = {"mixed", "A mixed bag", "arz2025", "solver: mixed\n", measures, provenance, 2, 2};

static void what_is_written_is_read(void **state) {
  hd_run *run = *state;
  compute(run, 100);
  if (hd_result_write(run->store, &head, path) != HD_OK) fail_msg("%s", hd_ctx_message(run->ctx));
  hd_hash digest;
  char hex[HD_HASH_HEX];
  hd_store_digest(run->store, &digest);
  hd_hash_hex(&digest, hex);
  hd_store_free(run->store);
  hd_result *result;
  if (hd_result_open(run->ctx, path, &result) != HD_OK) fail_msg("%s", hd_ctx_message(run->ctx));
  assert_string_equal(hd_result_text(result, "", "title"), "A mixed bag");
  assert_string_equal(hd_result_text(result, "", "compat"), "arz2025");
  assert_null(hd_result_text(result, "", "nothing"));
  assert_string_equal(hd_result_text(result, "provenance", "scenario"), "solver: mixed\n");
  assert_string_equal(hd_result_text(result, "provenance", "digest"), hex);
  assert_true(hd_result_number(result, "provenance", "seconds") == 0.25);
  assert_true(hd_result_number(result, "measures", "mass_drift") == 1e-15);
  assert_true(isnan(hd_result_number(result, "measures", "travel_time@cars")));
  double value;
  const char *unit;
  assert_string_equal(hd_result_measure(result, 1, &value, &unit), "travel_time@cars");
  assert_string_equal(unit, "s");
  assert_null(hd_result_measure(result, 2, &value, &unit));

  hd_array a;
  assert_int_equal(hd_read(result, "density", &a), HD_OK);
  assert_true(a.rank == 3 && a.size[0] == 13 && a.size[1] == 2 && a.size[2] == 100);
  assert_true(a.at[12 * 200 + 199] == (12 * 1000 + 199) / 7.0);
  assert_string_equal(a.unit, "veh/m");
  assert_int_equal(hd_read(result, "speed@cars", &a), HD_OK);
  assert_true(a.rank == 2 && a.size[1] == 100 && isnan(a.at[0]) && a.at[101] == 1);
  assert_int_equal(hd_read(result, "density@in@motorcycles", &a), HD_OK);
  assert_true(a.rank == 2 && a.size[0] == 13 && a.size[1] == 33 && a.at[33] == 1000 / 7.0);
  assert_int_equal(hd_read(result, "crossing_fibre", &a), HD_OK);
  for (int i = 0; i < 13; i++) assert_true(i == 0 || a.at[i] >= a.at[i - 1]);
  assert_int_equal(hd_read(result, "crossing_offset", &a), HD_OK);
  assert_true(a.size[0] == 6 && a.at[0] == 0 && a.at[1] == 4 && a.at[2] == 7 && a.at[5] == 13);
  assert_int_equal(hd_read(result, "crossing_time", &a), HD_OK);
  assert_true(a.at[0] == 0.5 && a.at[1] == 4.5 && a.at[4] == 3.5);
  assert_int_equal(hd_read(result, "entry_seconds", &a), HD_OK);
  assert_int_equal(hd_read(result, "psi", &a), HD_ERR_INPUT);
  assert_int_equal(hd_read(result, "class", &a), HD_ERR_INPUT);

  const char *const *names;
  const int64_t *first;
  assert_int_equal(hd_result_names(result, "class", &names, &first), 2);
  assert_string_equal(names[1], "cars");
  assert_int_equal(hd_result_names(result, "cell", &names, &first), 2);
  assert_string_equal(names[1], "aus\u00e4n");
  assert_int_equal(first[2], 100);
  assert_int_equal(hd_result_names(result, "fibre", &names, &first), 0);
  const hd_result_field *field;
  int64_t n = hd_result_fields(result, &field), found = 0;
  for (int64_t i = 0; i < n; i++)
    if (!strcmp(field[i].name, "density")) {
      found++;
      assert_string_equal(field[i].dim[0], "snapshot");
      assert_string_equal(field[i].dim[1], "class");
      assert_string_equal(field[i].doc, "vehicles per length");
    }
  assert_int_equal(found, 1);
  const hd_result_part *part;
  assert_int_equal(hd_result_failed(result, &part), 2);
  assert_true(part[1].index == 3 && part[1].at == 0.75 && !strcmp(part[1].dim, "fibre"));
  assert_string_equal(part[1].text, "membrane potential left 1000 mV");
  const hd_said *said;
  assert_int_equal(hd_result_warnings(result, &said), 1);
  assert_string_equal(said[0].text, "step 3 was repeated");
  hd_result_close(result);
}

static void bytes_are_the_same_each_time(void **state) {
  hd_run *run = *state;
  char *one, *two, other[96];
  size_t size, again;
  snprintf(other, sizeof other, "%s/other.h5", folder);
  compute(run, 100);
  if (hd_result_write(run->store, &head, path) != HD_OK) fail_msg("%s", hd_ctx_message(run->ctx));
  hd_store_free(run->store);
  sleep(1); /* a time stamp would differ now */
  compute(run, 100);
  assert_int_equal(hd_result_write(run->store, &head, other), HD_OK);
  hd_store_free(run->store);
  assert_int_equal(hd_file_read(run->ctx, path, 1 << 24, &one, &size), HD_OK);
  assert_int_equal(hd_file_read(run->ctx, other, 1 << 24, &two, &again), HD_OK);
  assert_int_equal(size, again);
  assert_memory_equal(one, two, size);
  hd_memory_give(run->ctx, one, size + 1);
  hd_memory_give(run->ctx, two, size + 1);
}

static void large_results_are_the_same(void **state) {
  hd_run *run = *state;
  compute(run, 3000);
  assert_int_equal(hd_result_write_in(run->store, &head, path, 0, 1 << 30), HD_OK);
  hd_store_free(run->store);
  hd_result *result;
  hd_array a;
  assert_int_equal(hd_result_open(run->ctx, path, &result), HD_OK);
  assert_int_equal(hd_read(result, "density", &a), HD_OK);
  assert_true(a.size[2] == 3000 && a.at[5] == 5 / 7.0);
  hd_result_close(result);
}

static void rows_lie_in_files_of_their_own(void **state) {
  hd_run *run = *state;
  hd_result *whole, *split;
  hd_array a, b;
  char other[96], part[96];
  snprintf(other, sizeof other, "%s/whole.h5", folder);
  compute(run, 100);
  assert_int_equal(hd_result_write_in(run->store, &head, path, 1 << 20, 10000), HD_OK);
  assert_int_equal(hd_result_write(run->store, &head, other), HD_OK);
  hd_store_free(run->store);
  assert_int_equal(hd_result_open(run->ctx, other, &whole), HD_OK);
  if (hd_result_open(run->ctx, path, &split) != HD_OK) fail_msg("%s", hd_ctx_message(run->ctx));
  static const char *const names[] = {"density", "speed@cars", "snapshot_time", "x", "crossing_time", "density@in"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    assert_int_equal(hd_read(whole, names[i], &a), HD_OK);
    assert_int_equal(hd_read(split, names[i], &b), HD_OK);
    assert_int_equal(a.rank, b.rank);
    assert_memory_equal(a.size, b.size, (size_t)a.rank * sizeof *a.size);
    assert_memory_equal(a.at, b.at,
                        8 * (size_t)(a.size[0] * (a.rank > 1 ? a.size[1] : 1) * (a.rank > 2 ? a.size[2] : 1)));
  }
  hd_result_close(whole);
  hd_result_close(split);
  if (system("python3 -c 'import xarray, h5netcdf' 2>/dev/null") == 0) {
    char command[512];
    snprintf(
        command, sizeof command,
        "cd %s && python3 -c \"import glob, xarray as x; d = x.concat([x.open_dataset(f) for f in sorted(glob.glob("
        "'result.snapshot.*.h5'))], 'snapshot', data_vars='minimal'); assert d['density'].shape == (13, 2, 100); "
        "assert d['density'].sel({'class': 'cars'}).values[12, 99] == 12199 / 7; assert 'x' in d.coords\"",
        folder);
    assert_int_equal(system(command), 0);
  }
  snprintf(part, sizeof part, "%s/result.snapshot.0001.h5", folder);
  snprintf(other, sizeof other, "%s/result.snapshot.0002.h5", folder);
  assert_int_equal(rename(other, part), 0); /* a sound file, but not the one that was listed */
  assert_int_equal(hd_result_open(run->ctx, path, &split), HD_OK);
  assert_int_equal(hd_read(split, "density", &a), HD_ERR_FILE);
  assert_int_equal(remove(part), 0);
  assert_int_equal(hd_read(split, "density", &a), HD_ERR_MISSING);
  assert_int_equal(hd_read(split, "x", &a), HD_OK);
  hd_result_close(split);
}

static void damage_is_refused(void **state) {
  hd_run *run = *state;
  hd_result *result;
  char *bytes;
  size_t size;
  compute(run, 20);
  if (hd_result_write(run->store, &head, path) != HD_OK) fail_msg("%s", hd_ctx_message(run->ctx));
  hd_store_free(run->store);
  assert_int_equal(hd_file_read(run->ctx, path, 1 << 24, &bytes, &size), HD_OK);
  for (size_t cut = 0; cut < size; cut += 97) {
    assert_int_equal(hd_file_write(run->ctx, path, bytes, cut, false), HD_OK);
    assert_int_equal(hd_result_open(run->ctx, path, &result), HD_ERR_FILE);
    assert_null(result);
  }
  uint64_t random = 1;
  for (int i = 0; i < 2000; i++) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    size_t at = (random >> 20) % size;
    char before = bytes[at];
    bytes[at] = (char)(before ^ (1 << (random >> 60 & 7)));
    assert_int_equal(hd_file_write(run->ctx, path, bytes, size, false), HD_OK);
    assert_int_equal(hd_result_open(run->ctx, path, &result), HD_ERR_FILE);
    bytes[at] = before;
  }
  assert_non_null(strstr(hd_ctx_message(run->ctx), "damaged"));
  hd_memory_give(run->ctx, bytes, size + 1);
  snprintf(path, sizeof path, "%s/nothing.h5", folder);
  assert_int_equal(hd_result_open(run->ctx, path, &result), HD_ERR_MISSING);
  assert_int_equal(hd_result_open(run->ctx, folder, &result), HD_ERR_FILE);
}

static void hdf5_stays_quiet_and_ours_alone(void **state) {
  hd_run *run = *state;
  compute(run, 20);
  assert_int_equal(hd_result_write(run->store, &head, "/nowhere/at/all/result.h5"), HD_ERR_FILE);
  assert_int_equal(hd_result_write_in(run->store, &head, "/nowhere/at/all/result.h5", 0, 1 << 30), HD_ERR_FILE);
  assert_non_null(strstr(hd_ctx_message(run->ctx), "HDF5 says"));
  assert_non_null(strstr(hd_ctx_message(run->ctx), "while writing the result"));
  hd_store_free(run->store);
  H5E_auto2_t printer;
  void *arg;
  H5Eget_auto2(H5E_DEFAULT, &printer, &arg);
  assert_non_null(printer); /* what the process had set is as before */
  assert_int_equal(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
}

/* What a user does, with nothing of ours: xarray, where it is installed. */
static void xarray_opens_it(void **state) {
  hd_run *run = *state;
  if (system("python3 -c 'import xarray, h5netcdf' 2>/dev/null") != 0) skip();
  compute(run, 100);
  if (hd_result_write(run->store, &head, path) != HD_OK) fail_msg("%s", hd_ctx_message(run->ctx));
  hd_store_free(run->store);
  char command[256];
  snprintf(command, sizeof command, "python3 %s/tests/data/open_in_xarray.py %s", HD_SOURCE, path);
  assert_int_equal(system(command), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {TEST(what_is_written_is_read),    TEST(bytes_are_the_same_each_time),
                                     TEST(large_results_are_the_same), TEST(rows_lie_in_files_of_their_own),
                                     TEST(damage_is_refused),
                                     TEST(hdf5_stays_quiet_and_ours_alone), TEST(xarray_opens_it)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
