/* A study from opening to its table, with every allocation and every file operation of ours made to fail in turn: each a clean
 * error or a member that failed, nothing leaked; what the journal says is done is what an undisturbed study says. */
#include "faulty.h"

#include "run/case.h"
#include "study/study.h"

static const char scenario[] =
    "solver: traffic\nroad: {length: 200 m, cells: 10, quality: 1}\n"
    "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
    "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 2 s}\n"
    "sweep: {grid: {road.cells: [10, 11]}}\nmeasure: [vehicle_time]\n";

enum { MEMBERS = 2 };

typedef struct wanted {
  hd_isolation isolate;
  bool known;
  hd_hash digest[MEMBERS];
} wanted;

static hd_status read_spec(hd_case *base, hd_study_spec *spec) {
  hd_table tables[2];
  hd_case_tables(base, tables);
  HD_TRY(hd_study_read(&base->arena, base->tree, base->solver, tables, 2, base->notes, spec));
  return hd_notes_status(base->notes);
}

static hd_status compute(hd_ctx *ctx, hd_case *base, const char *folder, const wanted *w, bool run, hd_study **study) {
  char path[HD_PATH_ROOM], table[HD_PATH_ROOM];
  hd_study_spec spec;
  snprintf(path, sizeof path, "%s/wall.study", folder);
  snprintf(table, sizeof table, "%s/table.csv", folder);
  hd_study_options options = {
      .folder = path, .workers = 1, .isolate = w->isolate, .command = HD_BUILD "/heddle", .afresh = true};
  HD_TRY(read_spec(base, &spec));
  HD_TRY(hd_study_open(ctx, base, &spec, &options, NULL, 0, study));
  if (!run) return HD_OK;
  HD_TRY(hd_study_run(*study));
  return hd_study_write_table(*study, table);
}

static hd_status write_scenario(hd_ctx *ctx, const char *folder, char path[HD_PATH_ROOM]) {
  snprintf(path, HD_PATH_ROOM, "%s/wall.yaml", folder);
  return hd_file_write(ctx, path, scenario, sizeof scenario - 1, false);
}

static hd_status whole_study(hd_ctx *ctx, const char *folder, void *arg) {
  char path[HD_PATH_ROOM];
  hd_case *base = NULL;
  hd_study *study = NULL;
  HD_TRY(write_scenario(ctx, folder, path));
  hd_status status = hd_case_load(ctx, path, NULL, &base);
  if (status == HD_OK) status = compute(ctx, base, folder, arg, true, &study);
  hd_study_close(study);
  hd_case_free(base);
  return status;
}

/* What is there can be gone on with, and what is done is right. */
static void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  char path[HD_PATH_ROOM];
  wanted *w = arg;
  hd_case *base;
  hd_study *study;
  assert_int_equal(write_scenario(ctx, folder, path), HD_OK);
  assert_int_equal(hd_case_load(ctx, path, NULL, &base), HD_OK);
  if (compute(ctx, base, folder, arg, false, &study) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  for (int i = 0; i < MEMBERS; i++) {
    if (!w->known) w->digest[i] = study->digest[i];
    else if (study->member[i].state == HD_MEMBER_DONE) assert_true(hd_hash_equal(&study->digest[i], &w->digest[i]));
  }
  if (told == HD_OK) assert_int_equal(study->done + study->failed, MEMBERS);
  w->known = true;
  hd_study_close(study);
  hd_case_free(base);
}

static void drive(hd_isolation isolate, const char *how) {
  wanted w = {.isolate = isolate};
  faulty_try(whole_study, look, &w, 0, FAULTY_ONCE); /* undisturbed */
  assert_true(w.known);
  int64_t once = faulty_drive(whole_study, look, &w, FAULTY_ONCE);
  printf("a study, %s: %lld failure points, each clean\n", how, (long long)once);
  assert_true(once > 100);
}

static void in_this_thread(void **state) {
  (void)state;
  drive(HD_ISOLATE_NONE, "one after the other");
}

static void in_a_process(void **state) {
  (void)state;
  drive(HD_ISOLATE_PROCESS, "in a worker process");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(in_this_thread), cmocka_unit_test(in_a_process)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
