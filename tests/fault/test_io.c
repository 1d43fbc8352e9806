/* Every allocation and every file operation of store, rows, checkpoint, product and result fails in turn. */
#include "faulty.h"
#include "io/result.h"

enum { SNAPSHOT, EVENT, CLASS, CELL };
/* clang-format off */
static const hd_dim dims[] = {{"snapshot", "", HD_ROWS, "output.snapshots", NULL},
                              {"event", "", HD_ROWS, NULL, "event_cell"}, {"class", "", 0, NULL, NULL},
                              {"cell", "", HD_BLOCKS, NULL, NULL}, {0}};
enum { RHO, SPEED, EVENT_CELL, TABLE, DEMAND };
static const hd_field fields[] = {{"density", "class,cell", HD_F64, "veh/m", "snapshot", NULL, HD_STATE | HD_OUT, "rho"},
                                  {"speed", "cell", HD_F64, "m/s", "snapshot", NULL, HD_OUT, "v"},
                                  {"event_cell", "", HD_I64, "1", "event", NULL, HD_OUT, "where"},
                                  {"table", "cell", HD_F64, "1", NULL, "tables", HD_OUT, "shared"},
                                  {"demand", "class", HD_F64, "veh/s", NULL, NULL, HD_STATE | HD_INPUT, "inflow"}, {0}};
static const hd_stage stages[] = {{"tables", "", "", 0, NULL}, {0}};
static const hd_solver solver = {HD_SOLVER_ABI, sizeof(hd_solver), .name = "roads", .bits = 1, .dims = dims,
                                 .fields = fields, .stages = stages};
/* clang-format on */
static const hd_hash key = {1, 2};
static const hd_result_head head = {"roads", "Roads", NULL, "solver: roads\n", NULL, NULL, 0, 0};

typedef struct names {
  char rows[128], checkpoint[128], product[128], result[128];
} names;

static names names_in(const char *folder) {
  names n;
  snprintf(n.rows, sizeof n.rows, "%s/rows", folder);
  snprintf(n.checkpoint, sizeof n.checkpoint, "%s/checkpoint", folder);
  snprintf(n.product, sizeof n.product, "%s/product", folder);
  snprintf(n.result, sizeof n.result, "%s/result.h5", folder);
  return n;
}

static hd_status step(hd_run *run, int64_t n) {
  double *rho = hd_data(run, RHO);
  for (int i = 0; i < 40; i++) rho[i] = (double)(i + n);
  for (int64_t block = 0; block < 3; block++) HD_TRY(hd_emit(run, block, EVENT, &(int64_t){(block * 7 + n) % 20}));
  if (n == 1) hd_part_failed(run, CELL, 3, 0.5, "part");
  if (n == 1) hd_warn(run, "warning");
  HD_TRY(hd_store_settle(run->store));
  HD_TRY(hd_store_row_begin(run->store, SNAPSHOT));
  HD_TRY(hd_store_row_end(run->store, SNAPSHOT));
  return hd_store_set(run->store, "demand", 0, 1, &(double){(double)n});
}

static hd_status first_half(hd_run *run, const names *n) {
  HD_TRY(hd_store_building(run->store, 0));
  HD_TRY(hd_size(run, CELL, 20));
  ((double *)hd_data(run, TABLE))[7] = 0.5;
  HD_TRY(hd_store_stage_save(run->store, 0, n->product, &key));
  HD_TRY(hd_store_building(run->store, -1));
  HD_TRY(hd_size(run, CLASS, 2));
  HD_TRY(hd_ranges(run, CLASS, 2, (const char *[]){"a", "b"}, (int64_t[]){0, 1, 2}));
  for (int64_t i = 0; i < 3; i++) HD_TRY(step(run, i));
  return hd_store_save(run->store, n->checkpoint, &key, "12345678", 8);
}

/* How the result is written: made in memory up to `small` bytes, rows in files of their own above `split`. */
typedef struct sizes {
  size_t small, split;
} sizes;

static hd_status second_half(hd_run *run, const names *n, const sizes *s) {
  char extra[8];
  hd_array a;
  hd_result *result;
  HD_TRY(hd_store_stage_map(run->store, 0, n->product, &key));
  HD_TRY(hd_store_load(run->store, n->checkpoint, &key, extra, sizeof extra));
  for (int64_t i = 3; i < 6; i++) HD_TRY(step(run, i));
  HD_TRY(hd_store_scan(run->store));
  HD_TRY(hd_store_get(run->store, "density@b", &a));
  HD_TRY(hd_result_write_in(run->store, &head, n->result, s->small, s->split));
  HD_TRY(hd_result_open(run->ctx, n->result, &result));
  hd_status status = hd_read(result, "density@b", &a);
  hd_result_close(result);
  return status;
}

static hd_status work(hd_ctx *ctx, const char *folder, void *arg) {
  names n = names_in(folder);
  hd_run run = {.ctx = ctx};
  HD_TRY(hd_store_new(ctx, &solver, false, n.rows, &run.store));
  hd_store_row_memory(run.store, 1000);
  hd_status status = first_half(&run, &n);
  hd_store_free(run.store);
  HD_TRY(status);
  HD_TRY(hd_store_new(ctx, &solver, false, n.rows, &run.store));
  hd_store_row_memory(run.store, 1000);
  status = second_half(&run, &n, arg);
  hd_store_free(run.store);
  return status;
}

/* What is there is whole: a checkpoint loads with its rows, a product maps, a result opens. */
static void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  names n = names_in(folder);
  hd_run run = {.ctx = ctx};
  hd_array a;
  (void)arg;
  assert_int_equal(hd_store_new(ctx, &solver, false, n.rows, &run.store), HD_OK);
  if (hd_file_exists(ctx, n.product)) assert_int_equal(hd_store_stage_map(run.store, 0, n.product, &key), HD_OK);
  if (hd_file_exists(ctx, n.checkpoint)) {
    char extra[8];
    if (hd_store_load(run.store, n.checkpoint, &key, extra, sizeof extra) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
    assert_int_equal(hd_store_rows(run.store, SNAPSHOT), 3);
  }
  hd_store_free(run.store);
  if (!hd_file_exists(ctx, n.result)) {
    assert_int_not_equal(told, HD_OK);
    return;
  }
  hd_result *result;
  assert_int_equal(hd_result_open(ctx, n.result, &result), HD_OK);
  assert_int_equal(hd_read(result, "density", &a), HD_OK);
  assert_true(a.size[0] == 6 && a.at[5 * 40 + 39] == 44);
  hd_result_close(result);
}

/* Calls before `first` are those of another drive. */
static void drive(size_t small, size_t split, faulty_mode mode, int64_t first) {
  sizes s = {small, split};
  int64_t points = faulty_drive_from(work, look, &s, mode, first);
  print_message("%lld failure points\n", (long long)points);
  assert_true(points > 50);
}

static void every_call_fails_once(void **state) {
  (void)state;
  drive(1 << 20, 1 << 30, FAULTY_ONCE, 1);
}

static void the_disk_goes_away(void **state) {
  (void)state;
  drive(1 << 20, 1 << 30, FAULTY_ON, 1);
}

static void large_results_too(void **state) {
  (void)state;
  drive(0, 1 << 30, FAULTY_ONCE, 250);
}

static void rows_in_files_of_their_own(void **state) {
  (void)state;
  drive(1 << 20, 1000, FAULTY_ONCE, 250);
}

int main(void) {
  /* clang-format off */
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_fails_once), cmocka_unit_test(the_disk_goes_away),
                                     cmocka_unit_test(large_results_too), cmocka_unit_test(rows_in_files_of_their_own)};
  /* clang-format on */
  return cmocka_run_group_tests(tests, NULL, NULL);
}
