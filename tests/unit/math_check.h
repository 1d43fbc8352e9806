/* The elementary functions of heddle/math.h against MPFR: shared by test_math.c (10^5 points each) and full_math.c (10^7).
 *
 * Of each function: the largest error in ulp of the exact result over random points, half of them over all exponents, half
 * in ranges where the function does something; then every edge case of a list, where zeros, infinities and NaN must be those
 * of Annex F (which MPFR follows). An ulp of a result below 2^-1022 is 2^-1074; infinity counts as 2^1024.
 */
#ifndef MATH_CHECK_H
#define MATH_CHECK_H

#include "heddle/math.h"

#include <float.h>
#include <math.h>
#include <mpfr.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MATH_PRECISION = 96 };

typedef struct range {
  double low, high;
} range;

/* One function of one argument, or of two (then `f2`, `exact2` and the ranges of x and y in turn). */
typedef struct math_case {
  const char *name;
  double (*f)(double);
  int (*exact)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  double (*f2)(double, double);
  int (*exact2)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
  range ranges[8]; /* ended by {0, 0} */
  double domain;   /* 0: all doubles; else only |x| <= domain is taken */
  double allowed;  /* ulp, or 2^-53 relative where `relative` */
  bool relative;   /* no edge cases, exponents limited to +-1000 */
  bool positive;   /* only x > 0 */
  double worst, at, at_y;
  int wrong; /* edge cases */
} math_case;

#define UNARY(f)                                                                                                       \
  static double f##_(double x) { return f(x); }
UNARY(hd_exp)
UNARY(hd_exp2)
UNARY(hd_expm1)
UNARY(hd_log)
UNARY(hd_log2)
UNARY(hd_log10)
UNARY(hd_log1p)
UNARY(hd_tanh)
UNARY(hd_sin)
UNARY(hd_cos)
UNARY(hd_sin_near)
UNARY(hd_cos_near)
UNARY(hd_sinpi)
UNARY(hd_cospi)
UNARY(hd_atan)
UNARY(hd_rcp)
UNARY(hd_rsqrt)
static double hd_pow_(double x, double y) { return hd_pow(x, y); }
static double hd_atan2_(double y, double x) { return hd_atan2(y, x); }

static int exact_rcp(mpfr_ptr r, mpfr_srcptr x, mpfr_rnd_t rnd) { return mpfr_ui_div(r, 1, x, rnd); }

#define MATH_CASES                                                                                                     \
  {                                                                                                                    \
    {"exp", hd_exp_, mpfr_exp, .ranges = {{-1, 1}, {-50, 50}, {-746, 710}, {-746, -707}, {709, 710}}},                 \
        {"exp2", hd_exp2_, mpfr_exp2, .ranges = {{-1, 1}, {-50, 50}, {-1076, 1025}, {-1076, -1021}}},                  \
        {"expm1", hd_expm1_, mpfr_expm1, .ranges = {{-1, 1}, {-1e-3, 1e-3}, {-40, 50}, {-1, 710}, {709, 710}}},        \
        {"log", hd_log_, mpfr_log, .ranges = {{0, 2}, {0.5, 2}, {0.99, 1.01}, {0, 1e10}, {0, 1e-307}}},                \
        {"log2", hd_log2_, mpfr_log2, .ranges = {{0, 2}, {0.5, 2}, {0.99, 1.01}, {0, 1e10}}},                          \
        {"log10", hd_log10_, mpfr_log10, .ranges = {{0, 2}, {0.5, 2}, {0.99, 1.01}, {0, 1e10}}},                       \
        {"log1p", hd_log1p_, mpfr_log1p, .ranges = {{-1, 1}, {-0.5, 0.5}, {-0.01, 0.01}, {-1, 1e6}, {-1, -0.999}}},    \
        {"tanh", hd_tanh_, mpfr_tanh, .ranges = {{-1, 1}, {-0.01, 0.01}, {-3, 3}, {-22, 22}}},                         \
        {"sin", hd_sin_, mpfr_sin, .ranges = {{-0.8, 0.8}, {-4, 4}, {-1000, 1000}, {-1e10, 1e10}, {-1e22, 1e22}}},     \
        {"cos", hd_cos_, mpfr_cos, .ranges = {{-0.8, 0.8}, {-4, 4}, {-1000, 1000}, {-1e10, 1e10}, {-1e22, 1e22}}},     \
        {"sin_near", hd_sin_near_, mpfr_sin, .ranges = {{-4, 4}, {-1e5, 1e5}, {-0x1p30, 0x1p30}}, .domain = 0x1p30},   \
        {"cos_near", hd_cos_near_, mpfr_cos, .ranges = {{-4, 4}, {-1e5, 1e5}, {-0x1p30, 0x1p30}}, .domain = 0x1p30},   \
        {"sinpi", hd_sinpi_, mpfr_sinpi, .ranges = {{-1, 1}, {-0.25, 0.25}, {-1000, 1000}, {-0x1p52, 0x1p52}}},        \
        {"cospi", hd_cospi_, mpfr_cospi, .ranges = {{-1, 1}, {-0.25, 0.25}, {-1000, 1000}, {-0x1p52, 0x1p52}}},        \
        {"atan", hd_atan_, mpfr_atan, .ranges = {{-1, 1}, {-0.5, 0.5}, {-10, 10}, {-1e3, 1e3}}},                       \
        {"rcp", hd_rcp_, exact_rcp, .ranges = {{1, 2}, {-4, 4}}, .allowed = 1.3, .relative = true},                    \
        {"rsqrt",        hd_rsqrt_,        mpfr_rec_sqrt,   .ranges = {{1, 4}, {0.5, 1}},                              \
         .allowed = 1.3, .relative = true, .positive = true},                                                          \
        {"pow", .f2 = hd_pow_, .exact2 = mpfr_pow,                                                                     \
         .ranges = {{0, 10}, {-10, 10}, {0, 2}, {-1100, 1100}, {0.99, 1.01}, {-70000, 70000}}},                        \
        {"atan2", .f2 = hd_atan2_, .exact2 = mpfr_atan2, .ranges = {{-1, 1}, {-1, 1}, {-10, 10}, {-1000, 1000}}},      \
  }

static uint64_t random_bits(const char *name, int64_t i, uint32_t draw) {
  hd_random_bits b = hd_random4(hd_stream(1, name), (uint64_t)i, 0, 0, draw);
  return (uint64_t)b.v[1] << 32 | b.v[0];
}

static double in_range(range r, uint64_t bits) {
  return r.low + (r.high - r.low) * hd_uniform_of_bits((uint32_t)bits, (uint32_t)(bits >> 32));
}

/* Point i of a case, its argument number `draw` of `count`. */
static double point(const math_case *c, int64_t i, uint32_t draw, uint32_t count) {
  uint64_t bits = random_bits(c->name, i, draw);
  uint32_t ranges = 0;
  while (ranges * count < 8 && (c->ranges[ranges * count].low < 0 || c->ranges[ranges * count].high > 0)) ranges++;
  if (i % 2) return in_range(c->ranges[(uint64_t)(i / 2) % ranges * count + draw], bits);
  double x = hd_of_bits(bits);
  if (i % 4 && c->f2) x = hd_of_bits((bits & 0x800fffffffffffffu) | (uint64_t)(1023 - 12 + (bits >> 52) % 24) << 52);
  if (c->relative) {
    uint64_t exponent = 23 + (bits >> 52 & 0x7ff) % 2000;
    x = hd_of_bits((bits & 0x800fffffffffffffu) | exponent << 52);
  }
  if (c->positive) x = hd_abs(x);
  if (c->domain != 0 && !(hd_abs(x) <= c->domain)) x = 1 / x;
  return x;
}

/* The error of `got` in ulp of `exact`, or in 2^-53 of it. Zeros, infinities, NaN and signs must agree: 1e9 if not. */
static double error_of(double got, mpfr_ptr exact, mpfr_ptr room, bool relative) {
  if (mpfr_nan_p(exact) || got != got) return mpfr_nan_p(exact) && got != got ? 0 : 1e9;
  if (mpfr_inf_p(exact)) return isinf(got) && signbit(got) == mpfr_signbit(exact) ? 0 : 1e9;
  if (mpfr_zero_p(exact)) return got == 0 && signbit(got) == mpfr_signbit(exact) ? 0 : 1e9;
  if (signbit(got) != mpfr_signbit(exact)) return 1e9;
  if (isinf(got)) {
    if (mpfr_get_exp(exact) > 1024) return 0;
    mpfr_set_si_2exp(room, got > 0 ? 1 : -1, 1024, MPFR_RNDN);
  } else {
    if (mpfr_get_exp(exact) > 1026) return 1e9;
    mpfr_set_d(room, got, MPFR_RNDN);
  }
  long exponent = mpfr_get_exp(exact) - 1;
  mpfr_sub(room, room, exact, MPFR_RNDN);
  if (relative) mpfr_div(room, room, exact, MPFR_RNDN);
  long shift = relative ? 53 : 52 - (exponent < -1022 ? -1022 : exponent);
  mpfr_mul_2si(room, room, shift, MPFR_RNDN);
  return fabs(mpfr_get_d(room, MPFR_RNDN));
}

typedef struct reference {
  mpfr_t x, y, exact, room;
} reference;

static double error_at(const math_case *c, double x, double y, reference *r) {
  mpfr_set_d(r->x, x, MPFR_RNDN);
  if (c->f2) {
    mpfr_set_d(r->y, y, MPFR_RNDN);
    c->exact2(r->exact, r->x, r->y, MPFR_RNDN);
    return error_of(c->f2(x, y), r->exact, r->room, c->relative);
  }
  c->exact(r->exact, r->x, MPFR_RNDN);
  return error_of(c->f(x), r->exact, r->room, c->relative);
}

static const double edges[] = {0.0,
                               0x1p-1074,
                               0x1.8p-1073,
                               0x1p-1050,
                               0x0.fffffffffffffp-1022,
                               0x1p-1022,
                               0x1.0000000000001p-1022,
                               0x1p-1000,
                               0x1p-600,
                               0x1p-100,
                               0x1p-60,
                               0x1p-54,
                               0x1p-53,
                               0x1p-52,
                               0x1p-29,
                               0x1p-28,
                               0x1p-27,
                               1e-8,
                               1e-3,
                               0.25,
                               0x1.5555555555555p-2,
                               0x1.62e42fefa39efp-2,
                               0x1.a827999fcef31p-2,
                               0x1.a827999fcef32p-2,
                               0.5,
                               0x1.6a09e667f3bccp-1,
                               0x1.6a09e667f3bcdp-1,
                               0.75,
                               0x1.921fb54442d18p-1,
                               0x1.921fb54442d19p-1,
                               0x1.fffffffffffffp-1,
                               1.0,
                               0x1.0000000000001p+0,
                               1.25,
                               0x1.6a09e667f3bccp+0,
                               0x1.6a09e667f3bcdp+0,
                               1.5,
                               0x1.921fb54442d18p+0,
                               2.0,
                               2.5,
                               3.0,
                               0x1.921fb54442d18p+1,
                               4.0,
                               5.0,
                               6.5,
                               7.0,
                               10.0,
                               19.0,
                               20.0,
                               21.0,
                               22.0,
                               37.0,
                               45.0,
                               46.0,
                               100.0,
                               255.5,
                               708.0,
                               709.0,
                               0x1.62e42fefa39efp+9,
                               0x1.62e42fefa39f0p+9,
                               710.0,
                               711.0,
                               0x1.6232bdd7abcd2p+9,
                               744.0,
                               0x1.74910d52d3051p+9,
                               0x1.74910d52d3052p+9,
                               746.0,
                               747.0,
                               1000.0,
                               1022.0,
                               1023.0,
                               0x1.fffffffffffffp+9,
                               1024.0,
                               1025.0,
                               1074.0,
                               1074.5,
                               1075.0,
                               1075.5,
                               1076.0,
                               1080.0,
                               1e5,
                               0x1p30,
                               0x1.0000000000001p+30,
                               0x1p31,
                               0x1p51,
                               0x1.0000000000001p+51,
                               0x1.0000000000003p+51,
                               0x1p52,
                               0x1.0000000000001p+52,
                               0x1.fffffffffffffp+52,
                               0x1p53,
                               0x1.0000000000001p+53,
                               0x1.6ac5b262ca1ffp+849 /* closest to a multiple of pi/2 */,
                               1e22,
                               0x1p100,
                               0x1p600,
                               0x1p1000,
                               0x1p1023,
                               0x1.fffffffffffffp+1023,
                               (double)INFINITY,
                               (double)NAN};
enum { EDGES = sizeof edges / sizeof edges[0] };

static void check_edge(math_case *c, double x, double y, reference *r) {
  double e = error_at(c, x, y, r);
  if (e > c->worst && e < 1e9) c->worst = e, c->at = x, c->at_y = y;
  if (e <= c->allowed) return;
  if (c->wrong++ < 10)
    printf("  %s(%a%s%.0a): got %a, error %g ulp\n", c->name, x, c->f2 ? ", " : " ", y, c->f2 ? c->f2(x, y) : c->f(x),
           e);
}

static void check_edges(math_case *c, reference *r) {
  for (int i = 0; i < 2 * EDGES; i++) {
    double x = i % 2 ? -edges[i / 2] : edges[i / 2];
    if (c->domain != 0 && !(hd_abs(x) <= c->domain)) {
      if (c->f(x) == c->f(x)) c->wrong++;
      continue;
    }
    for (int j = 0; j < (c->f2 ? 2 * EDGES : 1); j++) check_edge(c, x, j % 2 ? -edges[j / 2] : edges[j / 2], r);
  }
}

typedef struct math_job {
  pthread_mutex_t mutex;
  math_case *cases;
  int count, next; /* next piece: case, then part */
  int64_t points;
} math_job;

enum { PARTS = 16 };

/* Takes pieces of the work, 1/16 of a case each, until none is left. */
static void *math_work(void *arg) {
  math_job *job = arg;
  reference r;
  mpfr_inits2(MATH_PRECISION, r.x, r.y, r.exact, r.room, (mpfr_ptr)0);
  for (;;) {
    pthread_mutex_lock(&job->mutex);
    int piece = job->next++;
    pthread_mutex_unlock(&job->mutex);
    if (piece >= job->count * PARTS) break;
    math_case c = job->cases[piece / PARTS];
    int part = piece % PARTS;
    c.worst = 0, c.wrong = 0;
    for (int64_t i = job->points * part / PARTS; i < job->points * (part + 1) / PARTS; i++) {
      double x = point(&c, i, 0, c.f2 ? 2 : 1), y = c.f2 ? point(&c, i, 1, 2) : 0;
      double e = error_at(&c, x, y, &r);
      if (e > c.worst) c.worst = e, c.at = x, c.at_y = y;
    }
    pthread_mutex_lock(&job->mutex);
    math_case *of = &job->cases[piece / PARTS];
    if (c.worst > of->worst) of->worst = c.worst, of->at = c.at, of->at_y = c.at_y;
    pthread_mutex_unlock(&job->mutex);
  }
  mpfr_clears(r.x, r.y, r.exact, r.room, (mpfr_ptr)0);
  mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE);
  return NULL;
}

/* All functions; prints the table and asserts. */
static void check_math(int64_t points) {
  math_case cases[] = MATH_CASES;
  enum { COUNT = sizeof cases / sizeof cases[0] };
  for (int i = 0; i < COUNT; i++)
    if (cases[i].allowed == 0) cases[i].allowed = 1.0;
  math_job job = {.mutex = PTHREAD_MUTEX_INITIALIZER, .cases = cases, .count = COUNT, .points = points};
  pthread_t other;
  assert_int_equal(pthread_create(&other, NULL, math_work, &job), 0);
  math_work(&job);
  pthread_join(other, NULL);
  reference r;
  mpfr_inits2(MATH_PRECISION, r.x, r.y, r.exact, r.room, (mpfr_ptr)0);
  int bad = 0;
  printf("%lld points each, errors in ulp (rcp, rsqrt: in 2^-53, relative)\n", (long long)points);
  for (int i = 0; i < COUNT; i++) {
    math_case *c = &cases[i];
    if (!c->relative) check_edges(c, &r);
    printf("  %-9s %8.4f  at %a", c->name, c->worst, c->at);
    if (c->f2) printf(", %a", c->at_y);
    printf("%s\n", c->wrong ? "  EDGE CASES WRONG" : "");
    bad += c->worst > c->allowed || c->wrong;
  }
  mpfr_clears(r.x, r.y, r.exact, r.room, (mpfr_ptr)0);
  mpfr_free_cache();
  assert_int_equal(bad, 0);
}

#endif
