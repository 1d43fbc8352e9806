#include "study/members/sample.h"

#include "base/number.h"
#include "heddle/math.h"

#include <stdio.h>

/* -- Sobol points ------------------------------------------------------------------------------------------------------ */

/* Primitive polynomial (degree, inner coefficients) and first direction numbers of each dimension after the first: the
 * beginning of Joe and Kuo's table new-joe-kuo-6. */
static const struct direction {
  unsigned degree, inner, m[7];
} directions[HD_SOBOL_KEYS] = {{0, 0, {0}},
                               {1, 0, {1}},
                               {2, 1, {1, 3}},
                               {3, 1, {1, 3, 1}},
                               {3, 2, {1, 1, 1}},
                               {4, 1, {1, 1, 3, 3}},
                               {4, 4, {1, 3, 5, 13}},
                               {5, 2, {1, 1, 5, 5, 17}},
                               {5, 4, {1, 1, 5, 5, 5}},
                               {5, 7, {1, 1, 7, 11, 19}},
                               {5, 11, {1, 1, 5, 1, 1}},
                               {5, 13, {1, 1, 1, 3, 11}},
                               {5, 14, {1, 3, 5, 5, 31}},
                               {6, 1, {1, 3, 3, 9, 7, 49}},
                               {6, 13, {1, 1, 1, 15, 21, 21}},
                               {6, 16, {1, 3, 1, 13, 27, 49}},
                               {6, 19, {1, 1, 1, 15, 7, 5}},
                               {6, 22, {1, 3, 1, 15, 13, 25}},
                               {6, 25, {1, 1, 5, 5, 19, 61}},
                               {7, 1, {1, 3, 7, 11, 23, 15, 103}},
                               {7, 4, {1, 3, 7, 13, 13, 15, 69}}};

static uint32_t sobol(int place, uint64_t i) {
  const struct direction *d = &directions[place];
  uint32_t v[32], point = 0;
  for (unsigned k = 0; k < 32; k++) {
    if (!d->degree) {
      v[k] = 1u << (31 - k);
    } else if (k < d->degree) {
      v[k] = d->m[k] << (31 - k);
    } else {
      v[k] = v[k - d->degree] ^ v[k - d->degree] >> d->degree;
      for (unsigned j = 1; j < d->degree; j++)
        if (d->inner >> (d->degree - 1 - j) & 1) v[k] ^= v[k - j];
    }
    if (i >> k & 1) point ^= v[k];
  }
  return point;
}

/* -- Latin hypercubes -------------------------------------------------------------------------------------------------- */

/* A keyed order of 0 .. count - 1: a Feistel network on an even number of bits, repeated until it stays below count. */
static uint64_t order(hd_key key, uint64_t i, uint64_t count) {
  unsigned half = 1;
  while (half < 31 && 1ull << (2 * half) < count) half++;
  uint64_t mask = (1ull << half) - 1;
  do {
    uint64_t left = i >> half, right = i & mask;
    for (uint32_t round = 0; round < 8; round++) {
      uint64_t mixed = left ^ (hd_random4(key, right, 1, round, 0).v[0] & mask);
      left = right;
      right = mixed;
    }
    i = left << half | right;
  } while (i >= count);
  return i;
}

double hd_sample_at(hd_sample_method method, uint64_t seed, const char *path, int place, int64_t i, int64_t count) {
  char name[512];
  uint64_t at = (uint64_t)i;
  snprintf(name, sizeof name, "sample %s", path);
  hd_key key = hd_stream(seed, name);
  double u = hd_uniform(key, at, 0, 0, 0);
  switch (method) {
    case HD_SAMPLE_RANDOM: return u;
    case HD_SAMPLE_LATIN: return ((double)order(key, at, (uint64_t)count) + u) / (double)count;
    case HD_SAMPLE_SOBOL: return ((double)(sobol(place, at) ^ hd_random4(key, 0, 2, 0, 0).v[0]) + 0.5) * 0x1p-32;
  }
  return u;
}

/* -- laws -------------------------------------------------------------------------------------------------------------- */

static double ratio(const double n[8], const double d[8], double x) {
  double a = n[7], b = d[7];
  for (int i = 6; i >= 0; i--) {
    a = hd_fma(a, x, n[i]);
    b = hd_fma(b, x, d[i]);
  }
  return a / b;
}

/* The quantile of the normal law: Wichura's algorithm AS 241 (doi:10.2307/2347330), relative error about 1e-16. */
static double normal_quantile(double u) {
  static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                              1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                              3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static const double b[8] = {1.0,
                              4.2313330701600911252e+1,
                              6.8718700749205790830e+2,
                              5.3941960214247511077e+3,
                              2.1213794301586595867e+4,
                              3.9307895800092710610e+4,
                              2.8729085735721942674e+4,
                              5.2264952788528545610e+3};
  static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                              3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double d[8] = {1.0,
                              2.05319162663775882187e0,
                              1.67638483018380384940e0,
                              6.89767334985100004550e-1,
                              1.48103976427480074590e-1,
                              1.51986665636164571966e-2,
                              5.47593808499534494600e-4,
                              1.05075007164441684324e-9};
  static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                              2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[8] = {1.0,
                              5.99832206555887937690e-1,
                              1.36929880922735805310e-1,
                              1.48753612908506148525e-2,
                              7.86869131145613259100e-4,
                              1.84631831751005468180e-5,
                              1.42151175831644588870e-7,
                              2.04426310338993978564e-15};
  double q = u - 0.5;
  if (hd_abs(q) <= 0.425) return q * ratio(a, b, 0.180625 - q * q);
  double r = hd_sqrt(-hd_log(q < 0 ? u : 1.0 - u));
  double x = r <= 5.0 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5.0);
  return q < 0 ? -x : x;
}

double hd_sample_value(const hd_vary *vary, double u) {
  bool whole = vary->param->kind == HD_INT;
  double a = vary->a, b = vary->b, x = u;
  switch (vary->form) {
    case HD_VARY_UNIFORM:
      if (whole) return hd_smaller(b, hd_floor(a + u * (b - a + 1.0)));
      x = a + u * (b - a);
      break;
    case HD_VARY_LOG_UNIFORM: x = hd_exp(hd_log(a) + u * (hd_log(b) - hd_log(a))); break;
    case HD_VARY_NORMAL: x = a + b * normal_quantile(u); break;
    default: break;
  }
  if (whole) return hd_round(x);
  x = hd_short_number(x);
  return vary->form == HD_VARY_NORMAL ? x : hd_clamp(x, a, b);
}
