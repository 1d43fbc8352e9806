/* IAS15 on few bodies with known ends (checks 9, 10 and 11 of nbody): an eccentric binary over 100 orbits, the periodic three-body
 * orbit of Li and Liao, the figure eight, the Pythagorean problem; stops and restarts; failures; a force that depends on time. */
#include "heddle/math.h"
#include "num/ias15.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 3 };

typedef struct bodies {
  int n;
  double m[MOST], x[3 * MOST], v[3 * MOST];
} bodies;

/* Newton's force, G = 1. */
static void pull(void *self, double t, const double *x, double *a) {
  const bodies *b = self;
  (void)t;
  for (int i = 0; i < b->n; i++) {
    double sum[3] = {0};
    for (int j = 0; j < b->n; j++) {
      if (j == i) continue;
      double d[3] = {x[3 * j] - x[3 * i], x[3 * j + 1] - x[3 * i + 1], x[3 * j + 2] - x[3 * i + 2]};
      double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2], k = b->m[j] / (r2 * sqrt(r2));
      for (int c = 0; c < 3; c++) sum[c] += k * d[c];
    }
    for (int c = 0; c < 3; c++) a[3 * i + c] = sum[c];
  }
}

static double energy(const bodies *b) {
  long double e = 0;
  for (int i = 0; i < b->n; i++) {
    for (int c = 0; c < 3; c++) e += .5L * b->m[i] * b->v[3 * i + c] * b->v[3 * i + c];
    for (int j = 0; j < i; j++) {
      long double r2 = 0;
      for (int c = 0; c < 3; c++)
        r2 += (long double)(b->x[3 * i + c] - b->x[3 * j + c]) * (b->x[3 * i + c] - b->x[3 * j + c]);
      e -= b->m[i] * b->m[j] / sqrtl(r2);
    }
  }
  return (double)e;
}

typedef struct drive {
  hd_ias15 method;
  hd_ias15_control control;
  double *memory, *scratch;
} drive;

static void start(drive *d, bodies *b) {
  *d = (drive){.method = {.size = 3 * b->n, .rate = pull, .self = b}};
  d->memory = calloc((size_t)hd_ias15_doubles(&d->method), sizeof(double));
  d->scratch = calloc((size_t)hd_ias15_scratch(&d->method), sizeof(double));
}

static void go(drive *d, bodies *b, double end) {
  assert_int_equal(hd_ias15_advance(&d->method, &d->control, b->x, b->v, d->memory, end, d->scratch), HD_ODE_FINE);
  assert_true(d->control.t == end && d->control.t_low == 0);
}

static void stop(drive *d) {
  free(d->memory);
  free(d->scratch);
}

static double apart(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum);
}

static bodies binary(void) {
  bodies b = {.n = 2, .m = {1, 1}};
  double speed = sqrt(2 * 1.9 / .1);
  b.x[0] = -.05;
  b.x[3] = .05;
  b.v[1] = -speed / 2;
  b.v[4] = speed / 2;
  return b;
}

static bodies li_liao(void) {
  bodies b = {.n = 3, .m = {1, 1, 1}};
  double x[9] = {-1.0024277970, .0041695061, 0, 1.0024277970, -.0041695061, 0, 0, 0, 0};
  double v[9] = {.3489048974, .5306305100, 0, .3489048974, .5306305100, 0, -.6978097948, -1.06126102, 0};
  memcpy(b.x, x, sizeof x);
  memcpy(b.v, v, sizeof v);
  return b;
}

static bodies pythagorean(void) {
  bodies b = {.n = 3, .m = {3, 4, 5}};
  double x[9] = {1, 3, 0, -2, -1, 0, 1, -1, 0};
  memcpy(b.x, x, sizeof x);
  return b;
}

static void binary_over_100_orbits(void **state) {
  (void)state;
  bodies b = binary(), first = b;
  drive d;
  start(&d, &b);
  double e = energy(&b);
  assert_true(fabs(e + .5) < 1e-14);
  go(&d, &b, 444.28829381583662);
  print_message("100 orbits: dE/E %.2g, off by %.2g, %.1f steps per orbit, %d refused\n", fabs(energy(&b) / e - 1),
                apart(b.x, first.x, 6), (double)d.control.steps / 100, (int)d.control.rejected);
  assert_true(fabs(energy(&b) / e - 1) < 1e-13);
  assert_true(apart(b.x, first.x, 6) < 3e-11);
  assert_in_range(d.control.steps, 20000, 27000); /* 236 an orbit by the rule of 2015 */
  stop(&d);
}

static void periodic_orbits_return(void **state) {
  (void)state;
  bodies b = li_liao(), first = b;
  drive d;
  start(&d, &b);
  go(&d, &b, 6.3490473929);
  double miss = hypot(apart(b.x, first.x, 9), apart(b.v, first.v, 9));
  print_message("Li and Liao: returns within %.3g\n", miss);
  assert_true(fabs(miss - 6.6e-10) < 1e-10);
  stop(&d);
  double x[9] = {.97000436, -.24308753, 0, -.97000436, .24308753, 0, 0, 0, 0};
  double v[9] = {.466203685, .43236573, 0, .466203685, .43236573, 0, -.93240737, -.86473146, 0};
  memcpy(b.x, x, sizeof x);
  memcpy(b.v, v, sizeof v);
  start(&d, &b);
  go(&d, &b, 6.32591398);
  assert_true(hypot(apart(b.x, x, 9), apart(b.v, v, 9)) < 1e-7); /* eight digits are given */
  stop(&d);
}

/* There and back over the first close encounters, and the hard one at t = 50. */
static void pythagorean_problem(void **state) {
  (void)state;
  bodies b = pythagorean();
  drive d;
  start(&d, &b);
  go(&d, &b, 10);
  assert_true(fabs(b.x[0] - .778480410138) < 1e-10);
  assert_true(fabs(b.x[1] - .14139230029) < 1e-10);
  go(&d, &b, 50);
  print_message("Pythagorean problem: off by %.2g at t = 50\n", hypot(b.x[0] + 2.70146140927, b.x[1] + 3.79722268272));
  assert_true(fabs(b.x[0] + 2.70146140927) < 1e-4);
  assert_true(fabs(b.x[1] + 3.79722268272) < 1e-4);
  stop(&d);
}

/* Saved at a stop and taken up with other memory: the same bits; and backwards to the start. */
static void restart_changes_no_bit(void **state) {
  (void)state;
  bodies a = binary(), b = a, first = a;
  drive d, e;
  start(&d, &a);
  start(&e, &b);
  for (int k = 1; k <= 20; k++) go(&d, &a, .37 * k);
  for (int k = 1; k <= 7; k++) go(&e, &b, .37 * k);
  drive f;
  start(&f, &b);
  f.control = e.control;
  memcpy(f.memory, e.memory, (size_t)hd_ias15_doubles(&e.method) * sizeof(double));
  stop(&e);
  for (int k = 8; k <= 20; k++) go(&f, &b, .37 * k);
  assert_memory_equal(a.x, b.x, sizeof a.x);
  assert_memory_equal(a.v, b.v, sizeof a.v);
  assert_memory_equal(&d.control, &f.control, sizeof d.control);
  go(&d, &a, 0);
  assert_true(apart(a.x, first.x, 6) < 1e-12);
  stop(&d);
  stop(&f);
}

/* Two bodies that fall into each other, and limits of steps. */
/* A call that stops after a few steps and is made again ends with the same bits. */
static void a_few_steps_at_a_time(void **state) {
  (void)state;
  for (int64_t few = 1; few <= 7; few += 3) {
    bodies whole = pythagorean(), pieces = whole;
    drive a, b;
    int calls = 0;
    start(&a, &whole);
    start(&b, &pieces);
    go(&a, &whole, 5);
    b.method.at_once = few;
    while (b.control.t != 5 && ++calls < 10000)
      assert_int_equal(hd_ias15_advance(&b.method, &b.control, pieces.x, pieces.v, b.memory, 5, b.scratch),
                       HD_ODE_FINE);
    assert_int_equal(calls, (a.control.steps + a.control.rejected + few - 1) / few);
    assert_memory_equal(whole.x, pieces.x, sizeof whole.x);
    assert_memory_equal(whole.v, pieces.v, sizeof whole.v);
    assert_int_equal(a.control.steps, b.control.steps);
    stop(&a);
    stop(&b);
  }
}

static void failures_have_names(void **state) {
  (void)state;
  bodies b = {.n = 2, .m = {1, 1}, .x = {-1, 0, 0, 1, 0, 0}};
  drive d;
  start(&d, &b);
  d.method.min_step = 1e-9;
  assert_int_equal(hd_ias15_advance(&d.method, &d.control, b.x, b.v, d.memory, 10, d.scratch), HD_ODE_STEP_TOO_SMALL);
  assert_true(fabs(d.control.t - M_PI / sqrt(2)) < 1e-3); /* of free fall from 2: pi sqrt(8/(8 M)) */
  assert_true(fabs(b.x[0] + b.x[3]) < 1e-12 && fabs(b.x[0]) < .01);
  stop(&d);
  b = binary();
  start(&d, &b);
  d.method.max_steps = 40;
  assert_int_equal(hd_ias15_advance(&d.method, &d.control, b.x, b.v, d.memory, 10, d.scratch), HD_ODE_TOO_MANY_STEPS);
  assert_int_equal(d.control.steps + d.control.rejected, 40);
  stop(&d);
  b.x[0] = NAN;
  start(&d, &b);
  assert_int_equal(hd_ias15_advance(&d.method, &d.control, b.x, b.v, d.memory, 10, d.scratch), HD_ODE_NOT_A_NUMBER);
  stop(&d);
}

static void swing(void *self, double t, const double *x, double *a) {
  (void)self;
  a[0] = -x[0] + cos(3 * t); /* x = (cos t - cos 3t)/8 */
}

static void forces_may_depend_on_time(void **state) {
  (void)state;
  hd_ias15 m = {.size = 1, .rate = swing, .max_step = .2};
  hd_ias15_control c = {0};
  double x = 0, v = 0, *memory = calloc(16, sizeof(double)), *scratch = calloc(24, sizeof(double));
  assert_int_equal(hd_ias15_doubles(&m), 16);
  assert_int_equal(hd_ias15_scratch(&m), 24);
  assert_int_equal(hd_ias15_advance(&m, &c, &x, &v, memory, 20, scratch), HD_ODE_FINE);
  assert_true(fabs(x - (cos(20) - cos(60)) / 8) < 1e-14);
  assert_true(fabs(v - (-sin(20) + 3 * sin(60)) / 8) < 1e-14);
  assert_true(c.steps >= 100);
  free(memory);
  free(scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(binary_over_100_orbits),   cmocka_unit_test(periodic_orbits_return),
      cmocka_unit_test(pythagorean_problem),      cmocka_unit_test(restart_changes_no_bit),
      cmocka_unit_test(a_few_steps_at_a_time),    cmocka_unit_test(failures_have_names),
      cmocka_unit_test(forces_may_depend_on_time)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
