/* A study of small roads for tests that put its members together: opened, not computed; states and measures are put in by hand.
 */
#ifndef HD_TESTS_STUDY_WORLD_H
#define HD_TESTS_STUDY_WORLD_H

#include "study/present/aggregate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
  strcpy(w.folder, "/tmp/heddle-aggregate-XXXXXX");
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

static inline void begin(world *w, const char *more) {
  char text[2000];
  hd_table tables[2];
  hd_study_options options = {.folder = w->path};
  snprintf(text, sizeof text,
           "solver: traffic\ntitle: Small roads\nroad: {length: 1 km, cells: 30, quality: 1}\n"
           "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33 veh/km}}\n"
           "boundary: {left: {kind: inflow, state: initial}, right: wall}\ntime: {end: 10 s}\n%s\n",
           more);
  assert_int_equal(hd_file_write(w->ctx, w->file, text, strlen(text), false), HD_OK);
  if (hd_case_load(w->ctx, w->file, NULL, &w->base) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
  hd_case_tables(w->base, tables);
  assert_int_equal(hd_study_read(&w->base->arena, w->base->tree, w->base->solver, tables, 2, w->base->notes, &w->spec),
                   HD_OK);
  if (hd_study_open(w->ctx, w->base, &w->spec, &options, NULL, 0, &w->study) != HD_OK)
    fail_msg("%s", hd_ctx_message(w->ctx));
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
