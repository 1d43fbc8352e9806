/* Galaxies for the tests of nbody: memory, set-up, comparisons. Units of kpc, Msun, km/s: G in kpc (km/s)^2/Msun. */
#ifndef NBODY_GALAXY_H
#define NBODY_GALAXY_H

#include "solvers/nbody/potential.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define G_KM_S 4.300917270036279e-6
#define G_GYR 4.498502151469552e-6
#define KM_S 0.9777922216807892 /* of 1 kpc/Gyr */

typedef struct galaxy {
  hd_ctx *ctx;
  void *memory;
  nbody_potential p;
} galaxy;

static inline void galaxy_new(galaxy *g, int64_t count, const nbody_component *c, double G) {
  size_t bytes = nbody_potential_bytes(count, c);
  assert_int_equal(hd_ctx_new(&g->ctx), HD_OK);
  g->memory = aligned_alloc(64, (bytes + 64) / 64 * 64);
  assert_int_equal(nbody_potential_prepare(g->ctx, count, c, G, 1, g->memory, &g->p), HD_OK);
}

static inline void galaxy_free(galaxy *g) {
  free(g->memory);
  hd_ctx_free(g->ctx);
}

static inline void near_to(double value, double expected, double tolerance, const char *what, int line) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("line %d: %s is %.17g, expected %.17g, off by %.3g", line, what, value, expected, value - expected);
}
#define NEAR(value, expected, tolerance) near_to((value), (expected), (tolerance), #value, __LINE__)
#define NEAR_RELATIVE(value, expected, tolerance)                                                                      \
  near_to((value), (expected), (tolerance) * fabs(expected), #value, __LINE__)

#endif
