/* Runs of nbody in which every allocation and every call to the file system of heddle's fails in turn.
 *
 * A run goes half its way, saves, is taken up again from its checkpoint, and leaves a result with the field's files. After
 * each failure: a message, nothing leaked, no half-written file; what lies there is what a sound run leaves; and the run,
 * gone on with on sound tables, ends with the bits of a run that nothing happened to.
 */
#ifndef HD_TESTS_NBODY_RUNS_H
#define HD_TESTS_NBODY_RUNS_H

#include "faulty.h"
#include "io/result.h"
#include "run/outcome.h"

#include <math.h>

typedef struct story {
  const char *name, *yaml; /* a scenario without `solver:`; its last line is `output:` without `formats` */
  double half;             /* of its time, in Gyr or bare: where it is interrupted */
  int64_t least;           /* it has at least so many failure points */
  bool a_part_fails;
  char digest[HD_HASH_HEX]; /* of a sound run; "" while it is the one */
} story;

/* Stars that attract each other inside a galaxy, and dust. */
static story group = {.name = "group",
                      .yaml =
                          "seed: 3\n"
                          "time: {end: 6 Myr, steps: 6}\n"
                          "potential: {disk: {type: miyamoto_nagai, mass: 1e11 Msun, a: 3 kpc, b: 280 pc}}\n"
                          "bodies:\n"
                          "  stars: {type: plummer, count: 7, mass: 1e3 Msun, scale_radius: 20 pc, star: true,\n"
                          "          place: {position: 8 0 0 kpc, velocity: 0 220 0 km/s}}\n"
                          "  dust: {type: circle, count: 3, radius: 7 kpc, speed: 220 km/s}\n"
                          "output: {snapshots: 3, ledger: 3, formats: [csv, gadget], figures: []}\n",
                      .half = 0.003,
                      .least = 400};
/* Test particles, of which one cannot be followed. */
static story orbits = {.name = "orbits",
                       .yaml =
                           "time: {end: 6 Myr}\n"
                           "potential: {hole: {type: point, mass: 1e11 Msun}}\n"
                           "bodies:\n"
                           "  some: {type: particles, file: group/snapshot_000.csv}\n"
                           "  lost: {type: particles, position: [1e-9 0 0 kpc]}\n"
                           "gravity: {self: false}\n"
                           "numerics: {integrator: dop853, max_steps: 200}\n"
                           "output: {snapshots: 3, ledger: 3, formats: [csv], figures: []}\n",
                       .half = 0.003,
                       .a_part_fails = true,
                       .least = 300};
static story few = {.name = "few",
                    .yaml =
                        "time: {end: 6 Myr}\n"
                        "bodies: {all: {type: particles, file: group/snapshot_000.hdf5}}\n"
                        "numerics: {integrator: ias15}\n"
                        "output: {snapshots: 3, ledger: 3, formats: [gadget], figures: []}\n",
                    .half = 0.003,
                    .least = 300};
/* All that a run can store, in a galaxy of tables, compared with a result. */
static story galaxy = {
    .name = "galaxy",
    .yaml =
        "preset: milky_way_2014\n"
        "time: {start: 6 Myr, end: 0 Myr, steps: 4}\n"
        "potential: {bar: {type: triaxial_nfw, mass: 1e9 Msun, scale_radius: 9 kpc, q1: 0.9, q2: 0.8}}\n"
        "bodies: {all: {type: particles, file: group/snapshot_002.hdf5}}\n"
        "numerics: {integrator: yoshida4, precision: single}\n"
        "output: {snapshots: 3, ledger: 3, formats: [csv, gadget], figures: [], components: true,\n"
        "         rotation_curve: [1 kpc, 8 kpc], compare: group/result.h5}\n",
    .half = 0.003,
    .least = 400};

static story *const stories[] = {&group, &orbits, &few, &galaxy};
enum { STORIES = 4 };

static char inputs[64];       /* the files that runs read, and in a folder for each story what sound runs leave */
static hd_plan_place machine; /* read once: tests/fault/test_run.c reads it with each call failing */

static inline const char *input(const char *name) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", inputs, name);
  return path;
}

static inline hd_running_options how(const char *folder) {
  return (hd_running_options){
      .threads = 2, .folder = folder, .resume = true, .checkpoint_every_steps = 2, .place = &machine};
}

static inline hd_status first_half(const hd_case *kase, const story *s, const char *folder) {
  hd_running *running;
  hd_running_options options = how(folder);
  HD_TRY(hd_running_new(kase, &options, &running));
  hd_status status = hd_running_advance(running, s->half);
  if (status == HD_OK) status = hd_running_save(running);
  hd_running_free(running);
  return status;
}

static inline hd_status end(hd_running *running, story *s, const char *folder, bool write) {
  hd_outcome outcome;
  hd_write_options options = {.durable = true, .command = "heddle run story.yaml"};
  HD_TRY(hd_running_advance(running, INFINITY));
  HD_TRY(hd_running_finish(running));
  HD_TRY(hd_outcome_collect(running, &outcome));
  if (!s->digest[0]) memcpy(s->digest, outcome.digest, sizeof s->digest);
  hd_status status = write ? hd_outcome_write(running, &outcome, &options, folder) : HD_OK;
  if (strcmp(s->digest, outcome.digest)) fail_msg("%s: other bits than a sound run", s->name);
  if ((outcome.failed_parts > 0) != s->a_part_fails)
    fail_msg("%s: %lld parts failed", s->name, (long long)outcome.failed_parts);
  hd_outcome_free(&outcome);
  return status;
}

static inline hd_status second_half(const hd_case *kase, story *s, const char *folder, bool write) {
  hd_running *running;
  hd_running_options options = how(folder);
  HD_TRY(hd_running_new(kase, &options, &running));
  hd_status status = end(running, s, folder, write);
  hd_running_free(running);
  return status;
}

static inline hd_status load(hd_ctx *ctx, const story *s, hd_case **kase) {
  char yaml[2048];
  int length = snprintf(yaml, sizeof yaml, "solver: nbody\n%s", s->yaml);
  return hd_case_load_text(ctx, input("story.yaml"), yaml, (size_t)length, NULL, kase);
}

static inline hd_status tell(hd_ctx *ctx, const char *folder, void *arg) {
  story *s = arg;
  hd_case *kase;
  hd_status status = load(ctx, s, &kase);
  if (status == HD_OK) status = first_half(kase, s, folder);
  if (status == HD_OK) status = second_half(kase, s, folder, true);
  hd_case_free(kase);
  return status;
}

static inline void same_file(hd_ctx *ctx, const char *path, const char *sound) {
  char *text, *same;
  size_t size, expected;
  assert_int_equal(hd_file_read(ctx, path, 1 << 24, &text, &size), HD_OK);
  assert_int_equal(hd_file_read(ctx, sound, 1 << 24, &same, &expected), HD_OK);
  if (size != expected || memcmp(text, same, size) != 0) fail_msg("%s is not whole", path);
  hd_memory_give(ctx, text, size + 1);
  hd_memory_give(ctx, same, expected + 1);
}

/* What lies there is whole, and where nothing was told of a failure all is there. */
static inline void look_at_files(hd_ctx *ctx, const char *folder, hd_status told, const story *s) {
  static const char *const names[] = {"snapshot_000.csv",  "snapshot_001.csv",  "snapshot_002.csv",
                                      "snapshot_000.hdf5", "snapshot_001.hdf5", "snapshot_002.hdf5"};
  char path[300], sound[300];
  hd_result *result;
  hd_array position;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    snprintf(sound, sizeof sound, "%s/%s/%s", inputs, s->name, names[i]);
    if (told == HD_OK && hd_file_exists(ctx, sound)) assert_true(hd_file_exists(ctx, path));
    if (hd_file_exists(ctx, path)) same_file(ctx, path, sound);
  }
  snprintf(path, sizeof path, "%s/result.h5", folder);
  if (told == HD_OK) assert_true(hd_file_exists(ctx, path));
  if (!hd_file_exists(ctx, path)) return;
  if (hd_result_open(ctx, path, &result) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  if (hd_read(result, "position", &position) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  hd_result_close(result);
}

static inline void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  story *s = arg;
  hd_case *kase;
  look_at_files(ctx, folder, told, s);
  if (load(ctx, s, &kase) != HD_OK || second_half(kase, s, folder, false) != HD_OK)
    fail_msg("%s, gone on with: %s", s->name, hd_ctx_message(ctx));
  hd_case_free(kase);
}

/* A sound run, whose files later runs may read; then one with each call failing. */
static inline void sound_run(hd_ctx *ctx, story *s) {
  char folder[128];
  snprintf(folder, sizeof folder, "%s/%s", inputs, s->name);
  if (tell(ctx, folder, s) != HD_OK) fail_msg("%s: %s", s->name, hd_ctx_message(ctx));
}

/* Of all calls every `each`-th, and the last. */
static inline void calls_fail(story *s, faulty_mode mode, int64_t each) {
  int64_t n = 1, points = 0;
  for (; faulty_try(tell, look, s, n, mode); n += each) points++;
  print_message("%s: %lld of some %lld failure points\n", s->name, (long long)points, (long long)(points * each));
  assert_true(points * each >= s->least);
}

static inline int make_inputs(void **state) {
  hd_ctx *ctx;
  strcpy(inputs, "/tmp/heddle-inputs-XXXXXX");
  if (!mkdtemp(inputs) || hd_ctx_new(&ctx) != HD_OK) return 1;
  *state = ctx;
  if (hd_plan_place_read(ctx, &machine) != HD_OK) return 1;
  for (int i = 0; i < STORIES; i++) sound_run(ctx, stories[i]);
  return 0;
}

static inline int remove_inputs(void **state) {
  hd_folder_remove(*state, inputs);
  hd_ctx_free(*state);
  return 0;
}

#endif
