/* study.h5 read back with HDF5 alone and as a user would, with xarray; the report says what it must. */
#include "base/text.h"
#include "study/present/outcome.h"
#include "unit/study_world.h"

#include <hdf5.h>
#include <math.h>

static double member_number(int64_t i, int64_t k) { return k == 0 ? 100.0 + (double)i : 0.5 * (double)i; }

static void print_command(const void *self, hd_text *out, int64_t member) {
  hd_print(out, "%s --member %lld", (const char *)self, (long long)member);
}

static const hd_study_telling telling = {"heddle sweep road.yaml --set 'a=<b>'", print_command, "heddle run road.yaml"};

static void numbers_of(hid_t file, const char *path, double *to, int64_t count) {
  hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
  if (dataset < 0) fail_msg("there is no %s", path);
  hid_t space = H5Dget_space(dataset);
  assert_int_equal(H5Sget_simple_extent_npoints(space), count);
  assert_true(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) >= 0);
  H5Sclose(space);
  H5Dclose(dataset);
}

static void text_is(hid_t file, const char *path, int64_t index, const char *expected) {
  hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1), space;
  char *text[64];
  if (dataset < 0) fail_msg("there is no %s", path);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  space = H5Dget_space(dataset);
  assert_in_range(H5Sget_simple_extent_npoints(space), index + 1, 64);
  assert_true(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0);
  assert_string_equal(text[index], expected);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(dataset);
}

static void attribute_is(hid_t file, const char *path, const char *name, const char *expected) {
  hid_t attribute = H5Aopen_by_name(file, path, name, H5P_DEFAULT, H5P_DEFAULT), type;
  char *text = NULL;
  if (attribute < 0) fail_msg("%s has no %s", path, name);
  type = H5Aget_type(attribute);
  assert_true(H5Aread(attribute, type, &text) >= 0);
  assert_string_equal(text, expected);
  H5free_memory(text);
  H5Tclose(type);
  H5Aclose(attribute);
}

/* Grid 2 x 3, zip with a text, 4 repeats: 24 members. */
static void make_study(world *w) {
  begin(w,
        "sweep:\n  grid: {road.quality: [1, 2], road.length: [1 km, 2 km, 3 km]}\n  repeat: 4\n"
        "  labels: {road.quality: kind of road}\nmeasure: [travel_time, delay]");
  finish_all(w, member_number);
  w->study->member[6].state = HD_MEMBER_FAILED;
  w->study->member[6].failure = HD_FAILURE_TIME;
  w->study->member[6].attempts = 2;
  static char reason[] = "more than 3 s <late>";
  w->study->reason[6] = reason;
  w->study->done--;
  w->study->failed++;
}

static void write(world *w, char path[128]) {
  hd_aggregates a;
  snprintf(path, 128, "%s/study.h5", w->path);
  assert_int_equal(hd_aggregate(&w->arena, w->study, &a), HD_OK);
  if (hd_study_write_h5(&a, &telling, path) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
}

static void columns_blocks_and_aggregates(void **state) {
  world *w = *state;
  char path[128];
  double x[24];
  make_study(w);
  write(w, path);
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  assert_true(file >= 0);
  numbers_of(file, "/road.length", x, 24);
  assert_true(x[0] == 1 && x[4] == 2 && x[11] == 3 && x[12] == 1);
  attribute_is(file, "/road.length", "units", "km");
  attribute_is(file, "/road.quality", "long_name", "kind of road");
  numbers_of(file, "/travel_time", x, 24);
  assert_true(x[0] == 100 && x[23] == 123 && isnan(x[6]));
  attribute_is(file, "/travel_time", "units", "s");
  text_is(file, "/state", 6, "failed");
  text_is(file, "/failure", 6, "out of time");
  text_is(file, "/message", 6, "more than 3 s <late>");
  text_is(file, "/state", 5, "done");
  text_is(file, "/digest", 2, "00000000000000070000000000000003");
  numbers_of(file, "/provenance/seconds", x, 24);
  assert_true(x[3] == 1);
  numbers_of(file, "/grid/delay", x, 24);
  assert_true(x[(1 * 3 + 2) * 4 + 1] == 10.5);
  numbers_of(file, "/grid/road.length", x, 3);
  assert_true(x[2] == 3);
  numbers_of(file, "/aggregates/travel_time_mean", x, 6);
  assert_true(x[0] == 101.5 && x[1] == (104 + 105 + 107) / 3.0);
  numbers_of(file, "/aggregates/members_failed", x, 6);
  assert_true(x[1] == 1 && x[0] == 0);
  numbers_of(file, "/aggregates/travel_time_count", x, 6);
  assert_true(x[1] == 3 && x[5] == 4);
  attribute_is(file, "/provenance", "command", telling.command);
  attribute_is(file, "/", "format", "heddle study");
  H5Fclose(file);
}

/* The same study, the same bytes: nothing in the root depends on when it was written. */
static void the_same_study_is_the_same_file(void **state) {
  world *w = *state;
  char path[128], *one, *two;
  size_t n, m;
  make_study(w);
  write(w, path);
  assert_int_equal(hd_file_read(w->ctx, path, 1 << 24, &one, &n), HD_OK);
  write(w, path);
  assert_int_equal(hd_file_read(w->ctx, path, 1 << 24, &two, &m), HD_OK);
  assert_int_equal(n, m);
  assert_memory_equal(one, two, n);
  hd_memory_give(w->ctx, one, n + 1);
  hd_memory_give(w->ctx, two, m + 1);
}

static void xarray_opens_it(void **state) {
  world *w = *state;
  char path[128], command[512];
  if (system("python3 -c 'import xarray, h5netcdf' 2>/dev/null") != 0) skip();
  make_study(w);
  write(w, path);
  snprintf(command, sizeof command, "python3 %s/tests/data/open_study_in_xarray.py %s", HD_SOURCE, path);
  assert_int_equal(system(command), 0);
}

static void contains(const char *text, const char *what) {
  if (!strstr(text, what)) fail_msg("the report does not say: %s", what);
}

static void the_report_says_it(void **state) {
  world *w = *state;
  char path[128], *text;
  size_t size;
  hd_aggregates a;
  make_study(w);
  assert_int_equal(hd_aggregate(&w->arena, w->study, &a), HD_OK);
  if (hd_study_report(&a, &telling, w->path) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
  snprintf(path, sizeof path, "%s/report.html", w->path);
  assert_int_equal(hd_file_read(w->ctx, path, 1 << 24, &text, &size), HD_OK);
  contains(text, "<h1>Small roads</h1>");
  contains(text, "23 of 24 members done, 1 failed");
  contains(text, "kind of road and length of the road, 4 times each with other random numbers");
  contains(text, "1 km, 2 km, 3 km");
  contains(text, "more than 3 s &lt;late&gt;");
  contains(text, "heddle run road.yaml --member 6");
  contains(text, "heddle sweep road.yaml --set &#39;a=&lt;b&gt;&#39;");
  contains(text, "3 of 4");
  contains(text, "101.5 \xC2\xB1 2.05");
  contains(text, "repeat: 4");
  contains(text, "</html>");
  hd_memory_give(w->ctx, text, size + 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(columns_blocks_and_aggregates), TEST(the_same_study_is_the_same_file),
                                     TEST(xarray_opens_it), TEST(the_report_says_it)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
