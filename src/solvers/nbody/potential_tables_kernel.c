/* Tables: interpolation at eight Chebyshev nodes of each bin, in pairs of doubles, so that the only errors are those of the
 * function at the nodes. The energy table is the integral of the force table's polynomials, added up from outside: positive
 * pieces in a compensated sum, right for any exponent. */
#include "solvers/nbody/potential_tables.h"

#include "solvers/nbody/nbody_physics.h"

enum { ROW = NBODY_ROW };

typedef struct fit {
  double node[ROW];          /* |x| < 1/64, exact in the mantissa of s */
  hd_pair inverse[ROW][ROW]; /* values at the nodes -> coefficients */
} fit;

static hd_pair add(hd_pair a, hd_pair b) {
  hd_pair s = hd_pair_sum(a.high, b.high);
  return hd_pair_fast_sum(s.high, s.low + (a.low + b.low));
}

static hd_pair multiply(hd_pair a, double b) {
  hd_pair p = hd_pair_product(a.high, b);
  return hd_pair_fast_sum(p.high, hd_fma(a.low, b, p.low));
}

/* Column k of the inverse is the polynomial that is 1 at node k and 0 at the others. */
static void fit_prepare(fit *f) {
  for (int k = 0; k < ROW; k++) f->node[k] = hd_round(hd_cospi((2 * k + 1) / 16.0) * 0x1p43) * 0x1p-49;
  for (int k = 0; k < ROW; k++) {
    hd_pair c[ROW] = {{1, 0}};
    for (int j = 0, degree = 0; j < ROW; j++) {
      if (j == k) continue;
      hd_pair one = {1, 0}, difference = {f->node[k] - f->node[j], 0}, scale = hd_pair_ratio(one, difference);
      degree++;
      for (int i = degree; i >= 0; i--) { /* times (x - node j) scale */
        hd_pair higher = i > 0 ? c[i - 1] : (hd_pair){0, 0}, t = add(higher, multiply(c[i], -f->node[j]));
        hd_pair by_high = multiply(t, scale.high), by_low = multiply(t, scale.low);
        c[i] = add(by_high, by_low);
      }
    }
    for (int i = 0; i < ROW; i++) f->inverse[i][k] = c[i];
  }
}

static void fit_row(const fit *f, const double *value, double *row) {
  for (int i = 0; i < ROW; i++) {
    hd_pair sum = {0, 0};
    for (int k = 0; k < ROW; k++) sum = add(sum, multiply(f->inverse[i][k], value[k]));
    row[i] = sum.high;
  }
}

/* The antiderivative of a row's polynomial, 0 in the middle. */
static double antiderivative(const double *row, double x) {
  double sum = 0;
  for (int k = ROW - 1; k >= 0; k--) sum = hd_fma(sum, x, row[k] / (k + 1));
  return sum * x;
}

static double power_of_two(int64_t exponent) { return hd_of_bits((uint64_t)(exponent + 1023) << 52); }

static void fill_force(const fit *f, nbody_term *t, double *row) {
  nbody_term direct = *t; /* its table holds nothing */
  direct.force = (nbody_table){.least = 1, .beyond = 0};
  for (int64_t bin = 0; bin < NBODY_BINS; bin++, row += ROW) {
    double value[ROW], octave = power_of_two(bin / 32 - NBODY_OCTAVES_BELOW),
                       middle = 1.015625 + (double)(bin % 32) / 32;
    for (int k = 0; k < ROW; k++) value[k] = nbody_shape_far(&direct, octave * (middle + f->node[k]));
    fit_row(f, value, row);
  }
}

static void fill_energy(const fit *f, const nbody_term *t, double *row) {
  double end = power_of_two(NBODY_OCTAVES_ABOVE);
  double last = t->kind == NBODY_TERM_CUTOFF ? 2 / hd_sqrt(end) : nbody_spheroid_tail(t->alpha, t->beta, end);
  hd_pair outside = {last, 0};
  for (int64_t bin = NBODY_BINS - 1; bin >= 0; bin--) {
    const double *force = t->force.row + bin * ROW;
    double value[ROW], octave = power_of_two(bin / 32 - NBODY_OCTAVES_BELOW), top = antiderivative(force, 0x1p-6);
    for (int k = 0; k < ROW; k++) {
      hd_pair v = hd_pair_sum(outside.high, octave * (top - antiderivative(force, f->node[k])));
      value[k] = v.high + (v.low + outside.low);
    }
    fit_row(f, value, row + bin * ROW);
    outside = add(outside, (hd_pair){octave * (top - antiderivative(force, -0x1p-6)), 0});
  }
}

void HD_ISA(nbody_term_tables)(nbody_term *t, double *force, double *energy) {
  fit f;
  nbody_table shape = {
      .bins = NBODY_BINS, .least = power_of_two(-NBODY_OCTAVES_BELOW), .beyond = power_of_two(NBODY_OCTAVES_ABOVE)};
  shape.first = (int64_t)(hd_bits_of(shape.least) >> 47);
  fit_prepare(&f);
  fill_force(&f, t, force);
  t->force = shape;
  t->force.row = force;
  if (t->kind == NBODY_TERM_NFW) return;
  fill_energy(&f, t, energy);
  t->energy = shape;
  t->energy.row = energy;
  /* below the table: rho ~ s^(-alpha/2), F ~ s^(p - 3/2)/Gamma(p + 1) */
  t->power = t->kind == NBODY_TERM_CUTOFF ? t->p - 0.5 : 1 - t->alpha / 2;
  t->slope = t->kind == NBODY_TERM_CUTOFF ? t->norm / t->p : 1;
  t->innermost = nbody_table_at(&t->energy, shape.least);
}
