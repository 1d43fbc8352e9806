/* A study of small roads: opened, and computed or not; states and measures can be put in by hand. */
#ifndef HD_TESTS_STUDY_WORLD_H
#define HD_TESTS_STUDY_WORLD_H

#include "study/present/aggregate.h"
#include "study_case.h"

typedef struct world {
  hd_ctx *ctx;
  hd_case *base;
  hd_study_spec spec;
  hd_study *study;
  hd_arena arena;
  char folder[64], file[96], path[96];
} world;

static inline int set_up(void **state) {
  static world w;
  memset(&w, 0, sizeof w);
  strcpy(w.folder, "/tmp/heddle-study-XXXXXX");
  assert_non_null(mkdtemp(w.folder));
  snprintf(w.file, sizeof w.file, "%s/road.yaml", w.folder);
  snprintf(w.path, sizeof w.path, "%s/road.study", w.folder);
  assert_int_equal(hd_ctx_new(&w.ctx), HD_OK);
  hd_arena_init(&w.arena, w.ctx);
  *state = &w;
  return 0;
}

static inline int tear_down(void **state) {
  world *w = *state;
  hd_arena_free(&w->arena);
  hd_study_close(w->study);
  hd_case_free(w->base);
  hd_folder_remove(w->ctx, w->folder);
  hd_ctx_free(w->ctx);
  return 0;
}

static inline void load(world *w, const char *more) {
  char text[2000];
  snprintf(text, sizeof text,
           "solver: traffic\ntitle: Small roads\nroad: {length: 1 km, cells: 30, quality: 1}\n"
           "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
           "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 10 s}\n%s\n",
           more);
  study_case_of_file(w->ctx, w->file, text, NULL, &w->base);
  study_case_read(w->base, &w->spec);
}

static inline hd_study *open_study(world *w, hd_study_options options) {
  options.folder = w->path;
  return study_case_open(w->base, &w->spec, &options);
}

static inline void begin(world *w, const char *more) {
  load(w, more);
  w->study = open_study(w, (hd_study_options){0});
}

/* Member i is done in 0.25 s (i + 1) with value of(i, k) for measure k. */
static inline void finish_all(world *w, double (*of)(int64_t member, int64_t name)) {
  for (int64_t i = 0; i < w->study->count; i++) {
    w->study->member[i].state = HD_MEMBER_DONE;
    w->study->member[i].cost_s = 0.25f * (float)(i + 1);
    w->study->digest[i] = w->study->id[i] = (hd_hash){(uint64_t)i + 1, 7};
    for (int64_t k = 0; k < w->study->names; k++) w->study->value[i * w->study->names + k] = of(i, k);
  }
  w->study->done = w->study->count;
}

#endif
