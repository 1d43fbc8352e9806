/* For tests of the traffic solver without scenario files: parameters written by hand, and a run driven through the
 * store, the pool and the solver's functions as run/ drives it.
 */
#ifndef TESTS_TRAFFIC_ROAD_H
#define TESTS_TRAFFIC_ROAD_H

#include "io/store.h"
#include "par/exec.h"
#include "solvers/traffic/ledger.h"
#include "solvers/traffic/run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KMH (1 / 3.6)

static const char *const road_classes[] = {"motorcycles", "cars"};
static const char *const road_categories[] = {"1", "2", "3", "4", "5", "9"};
static const double road_free_m[] = {85 * KMH, 70 * KMH, 50 * KMH, 45 * KMH, 30 * KMH, 50 * KMH};
static const double road_free_c[] = {75 * KMH, 60 * KMH, 35 * KMH, 25 * KMH, 10 * KMH, 35 * KMH};
static const char *const road_sees[] = {"cars"};
static const double road_alpha[] = {0.4};

/* A road of the preset, 1 km, category 1, at rest. */
typedef struct road {
  traffic t;
  traffic_class classes[2];
  traffic_load load[3][2];      /* states */
  traffic_stretch stretch[8];
  traffic_phase phase[2][4];
  traffic_wave wave[2];
} road;

static inline void road_preset(road *r, bool predecessor) {
  memset(r, 0, sizeof *r);
  r->classes[0] = (traffic_class){.pressure = (predecessor ? 10 : 220) * KMH, .exponent = predecessor ? 1.5 : 1, .relaxation = 5,
                                  .creeping = 5 * KMH, .free_speed_form = 1,
                                  .free_speeds = {(void *)road_free_m, road_categories, 6}, .sees = {(void *)road_alpha, road_sees, 1}};
  r->classes[1] = (traffic_class){.pressure = (predecessor ? 15 : 90) * KMH, .exponent = predecessor ? 2 : 1, .relaxation = 10,
                                  .free_speed_form = 1, .free_speeds = {(void *)road_free_c, road_categories, 6}};
  traffic *t = &r->t;
  t->classes = (hd_items){r->classes, road_classes, 2};
  t->jam_density = 0.25;
  t->source = true;
  t->road.length = 1000;
  t->road.cells = 100;
  t->road.quality = 1;
  t->road.lanes = 1;
  t->initial.quality = INT64_MIN;
  t->left.only.kind = t->right.only.kind = TRAFFIC_RING;
  t->boundary_form = 1;
  t->numerics.courant = 0.9;
  t->numerics.vacuum = 1e-10;
  t->numerics.max_step = NAN;
  t->numerics.min_step = 1e-9;
  t->time.end = 60;
  t->time.steps = INT64_MIN;
  t->output.queue_speed = 10 * KMH;
}

/* One class with constants of its own, no source. */
static inline void road_one_class(road *r, double pressure, double exponent) {
  road_preset(r, false);
  r->classes[0] = r->classes[1];
  r->classes[0].pressure = pressure;
  r->classes[0].exponent = exponent;
  r->t.classes = (hd_items){r->classes, road_classes + 1, 1};
  r->t.source = false;
}

/* State k of the road: density, and marker or (marker NaN) speed or (both NaN) equilibrium, for each class. */
static inline hd_items road_state(road *r, int k, double rho_1, double w_1, double rho_2, double w_2) {
  bool one = r->t.classes.count == 1;
  r->load[k][0] = (traffic_load){rho_1, NAN, w_1};
  r->load[k][1] = (traffic_load){rho_2, NAN, w_2};
  return (hd_items){r->load[k], one ? road_classes + 1 : road_classes, one ? 1 : 2};
}

/* ---- comparing ---- */

static inline void near_relative(double got, double want, double tolerance) {
  if (!(fabs(got - want) <= tolerance * fabs(want))) fail_msg("%.17g is not %.17g to %g", got, want, tolerance);
}

static inline void same_number(double got, double want) {
  if (!(got == want)) fail_msg("%.17g is not %.17g", got, want);
}

/* ---- a run ---- */

typedef struct drive {
  hd_ctx *ctx;
  hd_store *store;
  hd_exec *exec;
  hd_run run;
  hd_progress progress;
} drive;

static inline traffic_run *drive_cache(drive *d) { return d->run.self; }

static inline void drive_start(drive *d, const road *r, int threads) {
  memset(d, 0, sizeof *d);
  assert_int_equal(hd_ctx_new(&d->ctx), HD_OK);
  assert_int_equal(hd_store_new(d->ctx, &hd_solver_traffic, false, NULL, &d->store), HD_OK);
  assert_int_equal(hd_exec_new(d->ctx, threads, 0, &d->exec), HD_OK);
  d->run = (hd_run){.params = &r->t, .seed = 1, .until = r->t.time.end, .exec = d->exec, .store = d->store, .ctx = d->ctx};
  d->run.self = calloc(1, hd_solver_traffic.self_size);
  if (hd_solver_traffic.start(&d->run) != HD_OK || hd_solver_traffic.rebuild(&d->run) != HD_OK)
    fail_msg("%s", hd_ctx_message(d->ctx));
}

static inline void drive_row(drive *d, int dim) {
  assert_int_equal(hd_store_row_begin(d->store, dim), HD_OK);
  assert_int_equal(hd_solver_traffic.observe(&d->run, dim), HD_OK);
  assert_int_equal(hd_store_row_end(d->store, dim), HD_OK);
}

/* Steps until `until`; an entry of the ledger there. */
static inline void drive_until(drive *d, double until) {
  d->run.until = until;
  do {
    if (hd_solver_traffic.step(&d->run, &d->progress) != HD_OK) fail_msg("%s", hd_ctx_message(d->ctx));
  } while (d->progress.at < until && !d->progress.done);
  drive_row(d, TRAFFIC_ENTRY);
}

static inline double drive_get(drive *d, const char *field, int64_t index) {
  hd_array a;
  if (hd_store_get(d->store, field, &a) != HD_OK) fail_msg("%s", hd_ctx_message(d->ctx));
  return a.at[index];
}

static inline double drive_measure(drive *d, const char *name) {
  for (const hd_measure *m = traffic_measures; m->name; m++) {
    if (strcmp(m->name, name) != 0) continue;
    double value;
    assert_int_equal(m->value(&d->run, name, NULL, &value), HD_OK);
    return value;
  }
  fail_msg("no measure %s", name);
  return NAN;
}

static inline void drive_end(drive *d) {
  free(d->run.self);
  hd_exec_free(d->exec);
  hd_store_free(d->store);
  hd_ctx_free(d->ctx);
}

#endif
