/* Set-up functions through MPFR: 53 bits, the exponents of double, subnormal results rounded once. */
#include "math/setup.h"

#include <mpfr.h>

/* MPFR's range of exponents of this thread, as it was. */
typedef struct range {
  mpfr_exp_t least, greatest;
} range;

static range range_of_double(void) {
  range was = {mpfr_get_emin(), mpfr_get_emax()};
  mpfr_set_emin(-1073);
  mpfr_set_emax(1024);
  return was;
}

/* The double of a result and the direction in which it was rounded. */
static double rounded(mpfr_ptr r, int direction, range was) {
  mpfr_subnormalize(r, direction, MPFR_RNDN);
  double y = mpfr_get_d(r, MPFR_RNDN);
  mpfr_set_emin(was.least);
  mpfr_set_emax(was.greatest);
  mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); /* a thread of the pool that ends would leak them */
  return y;
}

#define UNARY(f)                                                                                                       \
  double hd_setup_##f(double x) {                                                                                      \
    MPFR_DECL_INIT(a, 53);                                                                                             \
    MPFR_DECL_INIT(r, 53);                                                                                             \
    range was = range_of_double();                                                                                     \
    mpfr_set_d(a, x, MPFR_RNDN);                                                                                       \
    return rounded(r, mpfr_##f(r, a, MPFR_RNDN), was);                                                                 \
  }
#define BINARY_(name, f)                                                                                               \
  double hd_setup_##name(double x, double y) {                                                                         \
    MPFR_DECL_INIT(a, 53);                                                                                             \
    MPFR_DECL_INIT(b, 53);                                                                                             \
    MPFR_DECL_INIT(r, 53);                                                                                             \
    range was = range_of_double();                                                                                     \
    mpfr_set_d(a, x, MPFR_RNDN);                                                                                       \
    mpfr_set_d(b, y, MPFR_RNDN);                                                                                       \
    return rounded(r, f(r, a, b, MPFR_RNDN), was);                                                                     \
  }
#define BINARY(f) BINARY_(f, mpfr_##f)
#define BESSEL(f)                                                                                                      \
  double hd_setup_##f(int n, double x) {                                                                               \
    MPFR_DECL_INIT(a, 53);                                                                                             \
    MPFR_DECL_INIT(r, 53);                                                                                             \
    range was = range_of_double();                                                                                     \
    mpfr_set_d(a, x, MPFR_RNDN);                                                                                       \
    return rounded(r, mpfr_##f(r, n, a, MPFR_RNDN), was);                                                              \
  }

#define mpfr_tgamma mpfr_gamma
HD_SETUP_UNARY(UNARY)
UNARY(tgamma)
HD_SETUP_BINARY(BINARY)
BINARY(gamma_inc)
BESSEL(jn)
BESSEL(yn)

double hd_setup_lgamma(double x) {
  MPFR_DECL_INIT(a, 53);
  MPFR_DECL_INIT(r, 53);
  range was = range_of_double();
  int sign;
  mpfr_set_d(a, x, MPFR_RNDN);
  return rounded(r, mpfr_lgamma(r, &sign, a, MPFR_RNDN), was);
}
