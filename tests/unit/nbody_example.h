/* For acceptance checks of the nbody solver: an example scenario with overrides, through the library.
 *
 *   example e;
 *   open_example(&e, "kepler", SET("time.steps=1000"));
 *   must(&e, hd_advance(e.run, INFINITY));
 *   near(measure(&e, "position_error"), 2.596e-2, 0.05);
 *   close_example(&e);
 */
#ifndef TESTS_NBODY_EXAMPLE_H
#define TESTS_NBODY_EXAMPLE_H

#include "heddle/heddle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct example {
  hd_ctx *ctx;
  hd_run *run;
} example;

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline void must(example *e, hd_status status) {
  if (status != HD_OK) fail_msg("%s", hd_ctx_message(e->ctx));
}

/* Opens an example with overrides, ended by NULL. */
static inline void open_example(example *e, const char *name, const char *const *set) {
  char path[1024];
  int count = 0;
  while (set && set[count]) count++;
  snprintf(path, sizeof path, "%s/examples/nbody/%s.yaml", HD_SOURCE, name);
  assert_int_equal(hd_ctx_new(&e->ctx), HD_OK);
  must(e, hd_open(e->ctx, path, &(hd_options){.set = set, .set_count = count, .threads = 1}, &e->run));
}

static inline void run_example(example *e, const char *name, const char *const *set) {
  open_example(e, name, set);
  must(e, hd_advance(e->run, INFINITY));
}

static inline void close_example(example *e) {
  hd_close(e->run);
  hd_ctx_free(e->ctx);
}

static inline const double *field(example *e, const char *name) {
  hd_array a;
  must(e, hd_get(e->run, name, &a));
  return a.at;
}

static inline double measure(example *e, const char *name) {
  double value;
  must(e, hd_measure_value(e->run, name, &value));
  return value;
}

static inline void near(double got, double want, double relative) {
  if (!(fabs(got - want) <= relative * fabs(want))) fail_msg("%.17g is not %.17g to %g", got, want, relative);
}

static inline void close_to(double got, double want, double by) {
  if (!(fabs(got - want) <= by)) fail_msg("%.17g is not %.17g to %g", got, want, by);
}

static inline void at_most(double got, double bound) {
  if (!(got <= bound)) fail_msg("%.17g is above %g", got, bound);
}

/* Position and velocity of a body: kpc, km/s. */
static inline void state_of(example *e, int body, double out[6]) {
  const double *x = field(e, "position");
  for (int k = 0; k < 3; k++) out[k] = x[3 * body + k];
  x = field(e, "velocity");
  for (int k = 0; k < 3; k++) out[3 + k] = x[3 * body + k];
}

/* Distance of two states in space. */
static inline double apart(const double *a, const double *b) {
  return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

#endif
