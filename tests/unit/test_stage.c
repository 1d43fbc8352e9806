/* Stages: built, stored under a key, mapped read-only by another store, refused when they do not fit. */
#include "io/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FIBRE, POINT };
static const hd_dim dims[] = {{"fibre", "", 0, NULL, NULL}, {"point", "", 0, NULL, NULL}, {0}};
enum { DIAMETER, FIRST, FOOTPRINT, RECRUITED };
/* clang-format off */
static const hd_field fields[] = {{"diameter", "fibre", HD_F64, "um", NULL, "population", HD_OUT, ""},
                                  {"first", "fibre", HD_I64, "1", NULL, "population", HD_OUT, ""},
                                  {"footprint", "fibre,point", HD_F64, "mV/uA", NULL, "footprints", HD_OUT, ""},
                                  {"recruited", "fibre", HD_U8, "1", NULL, NULL, HD_STATE | HD_OUT, ""}, {0}};
enum { POPULATION, FOOTPRINTS };
static const hd_stage stages[] = {{"population", "", "", 0, NULL}, {"footprints", "", "", 0, NULL}, {0}};
static const hd_solver solver = {HD_SOLVER_ABI, sizeof(hd_solver), .name = "nerve", .bits = 1, .dims = dims,
                                 .fields = fields, .stages = stages};
/* clang-format on */
static const hd_hash key = {5, 6}, other = {7, 8};

static void products_are_shared(void **state) {
  (void)state;
  hd_run run = {0}, second = {0};
  char folder[] = "/tmp/heddle-stage-XXXXXX", path[80], next[80];
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/population", folder);
  snprintf(next, sizeof next, "%s/footprints", folder);
  assert_int_equal(hd_ctx_new(&run.ctx), HD_OK);
  second.ctx = run.ctx;
  assert_int_equal(hd_store_new(run.ctx, &solver, false, NULL, &run.store), HD_OK);
  assert_int_equal(hd_store_building(run.store, POPULATION), HD_OK);
  assert_int_equal(hd_size(&run, FIBRE, 9), HD_OK);
  assert_int_equal(hd_size(&run, FIBRE, 12), HD_OK);
  assert_int_equal(hd_ranges(&run, FIBRE, 2, (const char *[]){"big", "small"}, (int64_t[]){0, 4, 12}), HD_OK);
  double *diameter = hd_data(&run, DIAMETER);
  assert_null(hd_data(&run, FOOTPRINT));
  for (int i = 0; i < 12; i++) diameter[i] = i + 0.5, ((int64_t *)hd_data(&run, FIRST))[i] = i * 3;
  assert_int_equal(hd_store_stage_save(run.store, POPULATION, path, &key), HD_OK);
  assert_int_equal(hd_store_building(run.store, FOOTPRINTS), HD_OK);
  assert_int_equal(hd_size(&run, FIBRE, 13), HD_ERR_BUG); /* belongs to the population */
  assert_int_equal(hd_size(&run, POINT, 3), HD_OK);
  for (int i = 0; i < 36; i++) ((double *)hd_data(&run, FOOTPRINT))[i] = i;
  assert_int_equal(hd_store_stage_save(run.store, FOOTPRINTS, next, &key), HD_OK);
  assert_int_equal(hd_store_building(run.store, -1), HD_OK);
  assert_int_equal(hd_store_stage_map(run.store, POPULATION, path, &key), HD_OK); /* the own product, now mapped */
  assert_true(((double *)hd_data(&run, DIAMETER))[11] == 11.5);

  assert_int_equal(hd_store_new(run.ctx, &solver, false, NULL, &second.store), HD_OK);
  assert_int_equal(hd_store_stage_map(second.store, POPULATION, path, &other), HD_ERR_FILE);
  assert_int_equal(hd_store_stage_map(second.store, FOOTPRINTS, path, &key), HD_ERR_FILE);
  assert_int_equal(hd_store_stage_map(second.store, POPULATION, "/nowhere/x", &key), HD_ERR_MISSING);
  assert_int_equal(hd_count(&second, FIBRE), 0);
  assert_int_equal(hd_store_stage_map(second.store, POPULATION, path, &key), HD_OK);
  assert_int_equal(hd_count(&second, FIBRE), 12);
  assert_int_equal((uintptr_t)hd_data(&second, DIAMETER) % 64, 0);
  assert_true(((double *)hd_data(&second, DIAMETER))[11] == 11.5);
  assert_non_null(hd_data(&second, RECRUITED));
  assert_int_equal(hd_store_stage_map(second.store, FOOTPRINTS, next, &key), HD_OK);
  hd_array a;
  assert_int_equal(hd_store_get(second.store, "footprint@small", &a), HD_OK);
  assert_true(a.size[0] == 8 && a.size[1] == 3 && a.at[23] == 35);
  assert_int_equal(hd_size(&second, FIBRE, 13), HD_ERR_BUG);

  char saved[80]; /* a checkpoint leaves the products where they are */
  snprintf(saved, sizeof saved, "%s/checkpoint", folder);
  ((uint8_t *)hd_data(&second, RECRUITED))[3] = 1;
  assert_int_equal(hd_store_save(second.store, saved, &key, NULL, 0), HD_OK);
  ((uint8_t *)hd_data(&second, RECRUITED))[3] = 0;
  assert_int_equal(hd_store_load(second.store, saved, &key, NULL, 0), HD_OK);
  assert_int_equal(((uint8_t *)hd_data(&second, RECRUITED))[3], 1);
  assert_true(((double *)hd_data(&second, DIAMETER))[11] == 11.5);

  const void *mapped = hd_data(&second, DIAMETER); /* another run in this store: the same map, if the key is the same */
  assert_int_equal(hd_store_renew(second.store), HD_OK);
  assert_null(hd_data(&second, DIAMETER));
  assert_int_equal(hd_store_stage_map(second.store, POPULATION, "/nowhere/x", &other), HD_ERR_MISSING);
  assert_int_equal(hd_store_stage_map(second.store, POPULATION, path, &key), HD_OK);
  assert_ptr_equal(hd_data(&second, DIAMETER), mapped);
  assert_int_equal(hd_count(&second, FIBRE), 12);
  assert_int_equal(hd_store_stage_map(second.store, FOOTPRINTS, next, &key), HD_OK);
  assert_int_equal(hd_store_renew(second.store), HD_OK);
  hd_store_free(second.store);
  hd_store_free(run.store);
  hd_folder_remove(run.ctx, folder);
  hd_ctx_free(run.ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(products_are_shared)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
