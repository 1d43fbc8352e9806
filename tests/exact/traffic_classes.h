/* The two classes of the presets by their numbers, without a scenario: gains of pressure in km/h, exponents, sight. */
#ifndef TESTS_TRAFFIC_CLASSES_H
#define TESTS_TRAFFIC_CLASSES_H

#include "solvers/traffic/traffic_physics.h"

#define KMH (1 / 3.6)

static inline traffic_model two_classes(double K_m, double K_c, double gamma_m, double gamma_c, double alpha) {
  static const double speeds[2][TRAFFIC_CATEGORIES] = {{0, 85, 70, 50, 45, 30, 0, 0, 0, 50},
                                                       {0, 75, 60, 35, 25, 10, 0, 0, 0, 35}};
  traffic_model m = {.n = 2,
                     .jam = .25,
                     .per_jam = 1 / .25,
                     .vacuum = 1e-10,
                     .sees = {{1, alpha}, {1, 1}},
                     .tau = {5, 10},
                     .creep = {5 * KMH, 0},
                     .pressure = {K_m * KMH, K_c * KMH},
                     .exponent = {gamma_m, gamma_c}};
  for (int i = 0; i < 2; i++) {
    m.power[i] = m.exponent[i] == 1 ? TRAFFIC_1 : m.exponent[i] == 1.5 ? TRAFFIC_1_5 : TRAFFIC_2;
    for (int c = 0; c < TRAFFIC_CATEGORIES; c++) m.free[i][c] = speeds[i][c] * KMH;
  }
  return m;
}

#endif
