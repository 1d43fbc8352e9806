/* The store: arrays from the table, lengths that change, named ranges, reading by name, setting inputs. */
#include "io/store.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { SNAPSHOT, CLASS, CELL, LINK };
/* clang-format off */
static const hd_dim dims[] = {{"snapshot", "", HD_ROWS, "output.snapshots", NULL}, {"class", "", 0, NULL, NULL},
                              {"cell", "", HD_BLOCKS, NULL, NULL}, {"link", "", 0, NULL, NULL}, {0}};
enum { RHO, NOW, COUNTS, SPEED, FLOW, DEMAND, PAIR, SINGLE };
static const hd_field fields[] = {
    {"density", "class,cell", HD_F64, "veh/m", "snapshot", NULL, HD_STATE | HD_OUT, ""},
    {"now", "", HD_F64, "s", NULL, NULL, HD_STATE, ""},
    {"counts", "cell,class", HD_I32, "1", NULL, NULL, HD_STATE, ""},
    {"speed", "class,cell", HD_F64, "m/s", "snapshot", NULL, HD_OUT | HD_MAY_BE_NAN, ""},
    {"flow", "cell", HD_F64, "veh/s", "snapshot", NULL, HD_OUT | HD_ASKED, ""},
    {"demand", "class", HD_F64, "veh/s", NULL, NULL, HD_STATE | HD_INPUT, ""},
    {"pair", "cell,cell", HD_U8, "1", NULL, NULL, HD_STATE, ""},
    {"single", "cell", HD_FLOAT, "1", NULL, NULL, HD_STATE, ""}, {0}};
/* clang-format on */
static const hd_solver solver = {HD_SOLVER_ABI, sizeof(hd_solver), .name = "roads",
                                 .bits = 1,     .dims = dims,      .fields = fields};

typedef struct fixture {
  hd_ctx *ctx;
  hd_run run;
} fixture;

static int set_up(void **state) {
  static fixture f;
  f = (fixture){0};
  assert_int_equal(hd_ctx_new(&f.ctx), HD_OK);
  f.run.ctx = f.ctx;
  assert_int_equal(hd_store_new(f.ctx, &solver, false, NULL, &f.run.store), HD_OK);
  *state = &f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  hd_store_free(f->run.store);
  hd_ctx_free(f->ctx);
  return 0;
}

static void arrays_come_with_lengths(void **state) {
  hd_run *run = &((fixture *)*state)->run;
  assert_non_null(hd_data(run, NOW));
  assert_null(hd_data(run, RHO));
  assert_null(hd_data(run, 99));
  assert_null(hd_data(run, -1));
  assert_int_equal(hd_size(run, CLASS, 2), HD_OK);
  assert_null(hd_data(run, RHO));
  assert_int_equal(hd_size(run, CELL, 5), HD_OK);
  assert_int_equal(hd_count(run, CELL), 5);
  double *rho = hd_data(run, RHO);
  assert_int_equal((uintptr_t)rho % 64, 0);
  for (int i = 0; i < 10; i++) assert_true(rho[i] == 0);
  assert_null(hd_data(run, FLOW)); /* nobody asked for it */
  assert_int_equal(hd_store_predict(&solver, true, (int64_t[]){0, 2, 5, 0}), 80 + 8 + 40 + 80 + 40 + 16 + 25 + 20);
  assert_int_equal(hd_size(run, CELL, 0), HD_OK);
  assert_null(hd_data(run, RHO));
}

static void resizing_keeps_what_fields_hold(void **state) {
  hd_run *run = &((fixture *)*state)->run;
  hd_size(run, CLASS, 2);
  hd_size(run, CELL, 5);
  double *rho = hd_data(run, RHO);
  int32_t *counts = hd_data(run, COUNTS);
  uint8_t *pair = hd_data(run, PAIR);
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < 5; i++) rho[k * 5 + i] = counts[i * 2 + k] = 10 * k + i;
  for (int i = 0; i < 25; i++) pair[i] = (uint8_t)i;
  assert_int_equal(hd_size(run, CELL, 7), HD_OK);
  rho = hd_data(run, RHO), counts = hd_data(run, COUNTS), pair = hd_data(run, PAIR);
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < 7; i++) {
      assert_true(rho[k * 7 + i] == (i < 5 ? 10 * k + i : 0));
      assert_int_equal(counts[i * 2 + k], i < 5 ? 10 * k + i : 0);
    }
  for (int i = 0; i < 49; i++) assert_int_equal(pair[i], i / 7 < 5 && i % 7 < 5 ? i / 7 * 5 + i % 7 : 0);
  assert_int_equal(hd_size(run, CLASS, 3), HD_OK);
  assert_int_equal(hd_size(run, CELL, 2), HD_OK);
  rho = hd_data(run, RHO), counts = hd_data(run, COUNTS), pair = hd_data(run, PAIR);
  for (int k = 0; k < 3; k++)
    for (int i = 0; i < 2; i++) {
      assert_true(rho[k * 2 + i] == (k < 2 ? 10 * k + i : 0));
      assert_int_equal(counts[i * 3 + k], k < 2 ? 10 * k + i : 0);
    }
  assert_memory_equal(pair, ((uint8_t[]){0, 1, 5, 6}), 4);
}

static void mistakes_of_a_solver_are_named(void **state) {
  fixture *f = *state;
  hd_run *run = &f->run;
  assert_int_equal(hd_size(run, SNAPSHOT, 3), HD_ERR_BUG);
  assert_int_equal(hd_size(run, 7, 3), HD_ERR_BUG);
  assert_int_equal(hd_size(run, CELL, -1), HD_ERR_BUG);
  assert_int_equal(hd_size(run, CLASS, 2), HD_OK);
  assert_int_equal(hd_size(run, CELL, INT64_MAX), HD_ERR_MEMORY);
  assert_int_equal(hd_count(run, CELL), 0);
  /* clang-format off */
  static const hd_field odd[][2] = {{{"x", "nowhere", HD_F64, "1", 0, 0, 0, ""}},
                                    {{"x", "snapshot", HD_F64, "1", 0, 0, 0, ""}},
                                    {{"x", "", HD_F64, "1", "cell", 0, 0, ""}},
                                    {{"x", "", HD_F64, "1", 0, "stage", 0, ""}},
                                    {{"x", "cell,cell,cell,cell", HD_F64, "1", "snapshot", 0, 0, ""}}};
  /* clang-format on */
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    hd_solver bad = solver;
    hd_store *store;
    bad.fields = odd[i];
    assert_int_equal(hd_store_new(f->ctx, &bad, false, NULL, &store), HD_ERR_BUG);
    assert_non_null(strstr(hd_ctx_message(f->ctx), "solver roads, field x"));
    assert_null(store);
  }
}

static void named_ranges_select(void **state) {
  fixture *f = *state;
  hd_run *run = &f->run;
  hd_size(run, CLASS, 2);
  hd_size(run, CELL, 5);
  double *rho = hd_data(run, RHO);
  for (int i = 0; i < 10; i++) rho[i] = i;
  assert_int_equal(hd_ranges(run, CLASS, 2, (const char *[]){"motorcycles", "cars"}, (int64_t[]){0, 1, 2}), HD_OK);
  assert_int_equal(hd_ranges(run, CELL, 2, (const char *[]){"in", "out"}, (int64_t[]){0, 3, 5}), HD_OK);
  assert_int_equal(hd_ranges(run, CELL, 1, (const char *[]){"all"}, (int64_t[]){0, 6}), HD_ERR_BUG);
  hd_array a;
  assert_int_equal(hd_store_get(run->store, "density", &a), HD_OK);
  assert_int_equal(a.rank, 2);
  assert_string_equal(a.names[1], "cars");
  assert_string_equal(a.unit, "veh/m");
  assert_int_equal(hd_store_get(run->store, "density@cars", &a), HD_OK);
  assert_int_equal(a.rank, 1);
  assert_int_equal(a.size[0], 5);
  assert_true(a.at[0] == 5 && a.at[4] == 9);
  assert_int_equal(hd_store_get(run->store, "density@out", &a), HD_OK);
  assert_int_equal(a.size[0] * 10 + a.size[1], 22);
  assert_true(a.at[0] == 3 && a.at[1] == 4 && a.at[2] == 8 && a.at[3] == 9);
  assert_int_equal(hd_store_get(run->store, "density@cars@out", &a), HD_OK);
  assert_true(a.rank == 1 && a.size[0] == 2 && a.at[1] == 9);
  assert_int_equal(hd_store_get(run->store, "density@buses", &a), HD_ERR_INPUT);
  assert_int_equal(hd_store_get(run->store, "speed", &a), HD_ERR_INPUT); /* no row yet */
  assert_int_equal(hd_store_get(run->store, "flow", &a), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(f->ctx), "output.fields"));
  assert_int_equal(hd_store_get(run->store, "demsity", &a), HD_ERR_INPUT);
  assert_non_null(strstr(hd_ctx_message(f->ctx), "it has density, now"));
}

static void inputs_are_set_and_recorded(void **state) {
  fixture *f = *state;
  hd_run *run = &f->run;
  hd_size(run, CLASS, 3);
  hd_store_step(run->store, 17);
  assert_int_equal(hd_store_set(run->store, "demand", 1, 2, (double[]){0.25, 0.5}), HD_OK);
  assert_true(((double *)hd_data(run, DEMAND))[2] == 0.5);
  hd_array a;
  assert_int_equal(hd_store_get(run->store, "setting_step", &a), HD_OK);
  assert_true(a.at[0] == 17);
  assert_int_equal(hd_store_get(run->store, "setting_index", &a), HD_OK);
  assert_true(a.at[0] == 2);
  assert_int_equal(hd_store_set(run->store, "demand", 2, 2, (double[]){0, 0}), HD_ERR_INPUT);
  assert_int_equal(hd_store_set(run->store, "density", 0, 1, (double[]){0}), HD_ERR_INPUT);
}

static void scan_names_the_place(void **state) {
  fixture *f = *state;
  hd_run *run = &f->run;
  hd_size(run, CLASS, 2);
  hd_size(run, CELL, 3000);
  hd_ranges(run, CLASS, 2, (const char *[]){"motorcycles", "cars"}, (int64_t[]){0, 1, 2});
  assert_int_equal(hd_store_scan(run->store), HD_OK);
  ((double *)hd_data(run, SPEED))[3] = (double)NAN; /* no state */
  assert_int_equal(hd_store_scan(run->store), HD_OK);
  ((double *)hd_data(run, RHO))[5017] = (double)NAN;
  assert_int_equal(hd_store_scan(run->store), HD_ERR_NUMERIC);
  assert_string_equal(hd_ctx_message(f->ctx), "density is not a number at class 1 (cars), cell 2017");
  ((double *)hd_data(run, RHO))[5017] = (double)INFINITY;
  assert_int_equal(hd_store_scan(run->store), HD_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {TEST(arrays_come_with_lengths),       TEST(resizing_keeps_what_fields_hold),
                                     TEST(mistakes_of_a_solver_are_named), TEST(named_ranges_select),
                                     TEST(inputs_are_set_and_recorded),    TEST(scan_names_the_place)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
