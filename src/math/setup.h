/* Functions that only set-up needs: correctly rounded by MPFR, therefore the same bits on any system.
 *
 * Slow (some microseconds each; large arguments of gamma_inc and the Bessel functions much more): for tables, populations
 * and meshes, never in a step. No error is possible: outside its domain a function is NaN, at a pole infinite, as in C99
 * Annex F. Threads may call them at the same time; MPFR's constants of the thread are freed before they return.
 */
#ifndef HD_MATH_SETUP_H
#define HD_MATH_SETUP_H

/* clang-format off */
#define HD_SETUP_UNARY(X)                                                                                              \
  X(erf) X(erfc) X(asin) X(acos) X(sinh) X(cosh) X(asinh) X(acosh) X(atanh) X(cbrt)                                    \
  X(digamma) X(zeta) X(eint) X(j0) X(j1) X(y0) X(y1)                                                                   \
  X(exp) X(log) X(sin) X(cos) X(tan) X(atan) X(tanh)
#define HD_SETUP_BINARY(X) X(hypot) X(agm) X(beta) X(pow)
/* clang-format on */

#define HD_SETUP_UNARY_DECLARE_(f) double hd_setup_##f(double x);
#define HD_SETUP_BINARY_DECLARE_(f) double hd_setup_##f(double x, double y);
HD_SETUP_UNARY(HD_SETUP_UNARY_DECLARE_)        /* eint: the exponential integral Ei; j0 .. y1: Bessel functions */
HD_SETUP_BINARY(HD_SETUP_BINARY_DECLARE_)      /* agm: arithmetic-geometric mean (complete elliptic integrals) */
double hd_setup_tgamma(double x);              /* the gamma function */
double hd_setup_lgamma(double x);              /* log |gamma(x)| */
double hd_setup_gamma_inc(double a, double x); /* upper incomplete gamma function, integral of t^(a-1) e^-t from x on */
double hd_setup_jn(int n, double x);           /* Bessel function of the first kind, integer order */
double hd_setup_yn(int n, double x);           /* of the second kind */

#endif
