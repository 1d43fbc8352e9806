/* The exact Riemann solution of one class without source, for the power-law pressure P = K (rho/rho_jam)^gamma. Host and
 * device; SI units.
 *
 *   riemann_wave wave = riemann_solve(riemann_law_of(&model), left, right);    // the solution at every x/t
 *   riemann_state here = riemann_at(&wave, 0.0);
 *   riemann_flux(law, left, right, vacuum, &mass, &marker);                    // Godunov's flux
 *
 * The marker w = v + P keeps its left value through the first wave (a shock where the right state is slower, a fan where
 * it is faster); then a contact moves with the right speed, across which density and marker jump. Where the right state is
 * faster than the left marker, the fan ends in vacuum. Aw, Rascle 2000, doi:10.1137/S0036139997332099.
 */
#ifndef TRAFFIC_RIEMANN_H
#define TRAFFIC_RIEMANN_H

#include "solvers/traffic/traffic_physics.h"

typedef struct riemann_law {
  double pressure;     /* K > 0, m/s */
  double exponent;     /* gamma */
  traffic_power power; /* gamma, as a kind */
  double jam_density;  /* veh/m */
} riemann_law;

typedef struct riemann_state {
  double density, speed, marker; /* density 0: empty; speed and marker then say nothing */
} riemann_state;

typedef enum riemann_kind { RIEMANN_NONE, RIEMANN_SHOCK, RIEMANN_FAN } riemann_kind;

typedef struct riemann_wave {
  riemann_law law;
  riemann_kind kind;                 /* of the first wave */
  riemann_state left, middle, right; /* middle: between first wave and contact; empty: vacuum */
  double head, tail;                 /* left and right edge of the first wave, m/s; equal for a shock */
  double contact;                    /* speed of the contact, m/s; right edge of a vacuum */
} riemann_wave;

HD_FN riemann_law riemann_law_of(const traffic_model *m) {
  riemann_law law = {m->pressure[0], m->exponent[0], m->power[0], m->jam};
  return law;
}

HD_FN double riemann_pressure(riemann_law law, double density) {
  double less;
  return law.pressure * traffic_to_the(density / law.jam_density, law.power, law.exponent, &less);
}

/* The density at which the pressure is p; 0 for p <= 0. */
HD_FN double riemann_density(riemann_law law, double p) {
  double x = p > 0 ? p / law.pressure : 0;
  if (law.power == TRAFFIC_2) return law.jam_density * __builtin_sqrt(x);
  if (law.power != TRAFFIC_1) x = x > 0 ? hd_pow(x, 1 / law.exponent) : 0;
  return law.jam_density * x;
}

/* A state from density and speed; from density and marker. */
HD_FN riemann_state riemann_with_speed(riemann_law law, double density, double speed) {
  riemann_state s = {density, speed, speed + riemann_pressure(law, density)};
  return s;
}
HD_FN riemann_state riemann_with_marker(riemann_law law, double density, double marker) {
  riemann_state s = {density, marker - riemann_pressure(law, density), marker};
  return s;
}

/* States with density <= 0 are vacuum. */
HD_FN riemann_wave riemann_solve(riemann_law law, riemann_state left, riemann_state right) {
  riemann_wave wave = {law, RIEMANN_NONE, left, left, right, right.speed, right.speed, right.speed};
  int right_empty = right.density <= 0;
  if (left.density <= 0) { /* nothing comes from the left */
    if (right_empty) wave.head = wave.tail = wave.contact = 0;
    return wave;
  }
  double v = right_empty ? left.marker : traffic_min(right.speed, left.marker), p = left.marker - v;
  wave.contact = right_empty ? left.marker : right.speed;
  wave.head = wave.tail = left.speed - law.exponent * (left.marker - left.speed);
  if (v == left.speed) return wave;
  riemann_state middle = {riemann_density(law, p), v, left.marker};
  if (v > left.speed) {
    wave.kind = RIEMANN_FAN;
    wave.middle = middle;
    wave.tail = v - law.exponent * p;
  } else if (middle.density > left.density) { /* else the speeds differ by rounding only */
    wave.kind = RIEMANN_SHOCK;
    wave.middle = middle;
    wave.head = wave.tail = (middle.density * v - left.density * left.speed) / (middle.density - left.density);
  }
  return wave;
}

/* The state at x/t = xi. */
HD_FN riemann_state riemann_at(const riemann_wave *wave, double xi) {
  if (xi >= wave->contact) return wave->right;
  if (xi < wave->head) return wave->left;
  if (xi >= wave->tail) return wave->middle;
  double p = (wave->left.marker - xi) / (1 + wave->law.exponent);
  riemann_state s = {riemann_density(wave->law, p), wave->left.marker - p, wave->left.marker};
  return s;
}

/* Mass (veh/s) and marker flux through a face at rest. Densities at or below `vacuum` count as empty. */
HD_FN void riemann_flux(riemann_law law, riemann_state left, riemann_state right, double vacuum, double *mass,
                        double *marker) {
  if (left.density <= vacuum) left.density = 0;
  if (right.density <= vacuum) right.density = 0;
  riemann_wave wave = riemann_solve(law, left, right);
  riemann_state s = riemann_at(&wave, 0);
  *mass = s.density > 0 ? s.density * s.speed : 0;
  *marker = s.density > 0 ? *mass * s.marker : 0;
}

#endif
