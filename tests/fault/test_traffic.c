/* Each allocation and each call to the file system of an import and of the field's files is made to fail: a clean error, no
 * leak, no half-written file, and never another scenario than the one that is meant. */
#include "faulty.h"
#include "run/case.h"
#include "run/outcome.h"
#include "solvers/traffic/traffic.h"

#include <math.h>

static const char base[] =
    "alpha: 0.4\nV_creeping_kmh: 5.0\nrho_jam_veh_km: 250.0\npressure: {gamma_m: 1.5, gamma_c: 2.0, K_m_kmh: 10.0, "
    "K_c_kmh: 15.0}\n"
    "relaxation: {tau_m_sec: 5.0, tau_c_sec: 10.0}\nVmax_kmh: {c: {1: 75.0, 4: 25.0}, m: {1: 85.0, 4: "
    "45.0}}\ncfl_number: 0.8\n";
static const char scenario[] =
    "N: 4\nxmin: 0\nxmax: 40\nt_final: 2\noutput_dt: 1\nroad: {quality_type: from_file, quality_file: quality.txt}\n"
    "initial_conditions: {type: uniform_equilibrium, rho_m: 20, rho_c: 10, R_val: 1}\n"
    "boundary_conditions: {left: {type: inflow, state: null}, right: {type: time_dependent, schedule: [[0, 1, wall], "
    "[1, 9, outflow]]}}\n"
    "mass_conservation_check: {frequency_steps: 10}\n";
static const char heddle[] = "solver: traffic\nimport: {arz: {base: base.yml, scenario: scenario.yml}}\n";

static char inputs[64];
static hd_hash identity; /* of the case that is meant */

static const char *input(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", inputs, name);
  return path;
}

static hd_status load(hd_ctx *ctx, const char *folder, void *arg) {
  (void)folder, (void)arg;
  hd_case *kase;
  hd_status status = hd_case_load(ctx, input("heddle.yaml"), NULL, &kase);
  if (status == HD_OK && memcmp(&kase->identity, &identity, sizeof identity) != 0)
    fail_msg("another scenario was read");
  hd_case_free(kase);
  return status;
}

static void an_import_with_each_call_failing(void **state) {
  (void)state;
  int64_t points = faulty_drive(load, NULL, NULL, FAULTY_ONCE);
  print_message("%lld failure points\n", (long long)points);
  assert_true(points > 30);
}

/* ---- files of a result ---- */

static hd_status write_files(hd_ctx *ctx, const char *folder, void *arg) {
  (void)arg;
  hd_result *result;
  HD_TRY(hd_result_open(ctx, input("result.h5"), &result));
  hd_status status = HD_OK;
  for (const hd_format *f = traffic_formats; f->name && status == HD_OK; f++) {
    char path[300];
    snprintf(path, sizeof path, "%s/result.%s", folder, f->suffix);
    if (f->write) status = f->write(result, path);
  }
  hd_result_close(result);
  return status;
}

static void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  static const char *const names[] = {"result.npz", "ledger.csv", "profiles.csv"};
  (void)arg;
  int there = 0;
  for (int i = 0; i < 3; i++) {
    char path[300], whole[128], *text, *same;
    size_t size, expected;
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    if (!hd_file_exists(ctx, path)) continue;
    there++;
    snprintf(whole, sizeof whole, "%s/%s", inputs, names[i]);
    assert_int_equal(hd_file_read(ctx, path, 1 << 20, &text, &size), HD_OK);
    assert_int_equal(hd_file_read(ctx, whole, 1 << 20, &same, &expected), HD_OK);
    if (size != expected || memcmp(text, same, size) != 0) fail_msg("%s is not whole", names[i]);
    hd_memory_give(ctx, text, size + 1);
    hd_memory_give(ctx, same, expected + 1);
  }
  assert_true(told == HD_OK ? there == 3 : there < 3);
}

static void files_with_each_call_failing(void **state) {
  hd_ctx *ctx = *state;
  if (write_files(ctx, inputs, NULL) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  int64_t points = faulty_drive(write_files, look, NULL, FAULTY_ONCE);
  points += faulty_drive(write_files, look, NULL, FAULTY_ON);
  print_message("%lld failure points\n", (long long)points);
  assert_true(points > 60);
}

static hd_status make_result(hd_ctx *ctx, hd_case *kase) {
  hd_running *running;
  hd_outcome outcome;
  hd_write_options write = {.durable = false};
  hd_running_options options = {.threads = 1};
  (void)ctx;
  HD_TRY(hd_running_new(kase, &options, &running));
  hd_status status = hd_running_advance(running, INFINITY);
  if (status == HD_OK) status = hd_running_finish(running);
  if (status == HD_OK) status = hd_outcome_collect(running, &outcome);
  if (status == HD_OK) {
    status = hd_outcome_write(running, &outcome, &write, inputs);
    hd_outcome_free(&outcome);
  }
  hd_running_free(running);
  return status;
}

static int setup(void **state) {
  hd_ctx *ctx;
  hd_case *kase;
  strcpy(inputs, "/tmp/heddle-inputs-XXXXXX");
  if (!mkdtemp(inputs) || hd_ctx_new(&ctx) != HD_OK) return 1;
  *state = ctx;
  if (hd_file_write(ctx, input("base.yml"), base, sizeof base - 1, false) != HD_OK) return 1;
  if (hd_file_write(ctx, input("scenario.yml"), scenario, sizeof scenario - 1, false) != HD_OK) return 1;
  if (hd_file_write(ctx, input("quality.txt"), "1\n1\n4\n4\n", 8, false) != HD_OK) return 1;
  if (hd_file_write(ctx, input("heddle.yaml"), heddle, sizeof heddle - 1, false) != HD_OK) return 1;
  hd_status status = hd_case_load(ctx, input("heddle.yaml"), NULL, &kase);
  identity = kase->identity;
  if (status == HD_OK) status = make_result(ctx, kase);
  if (status != HD_OK) print_error("%s\n", hd_ctx_message(ctx));
  hd_case_free(kase);
  return status != HD_OK;
}

static int teardown(void **state) {
  hd_folder_remove(*state, inputs);
  hd_ctx_free(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(an_import_with_each_call_failing),
                                     cmocka_unit_test(files_with_each_call_failing)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
