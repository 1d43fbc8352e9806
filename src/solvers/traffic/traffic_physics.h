/* Pointwise physics of multi-class Aw-Rascle-Zhang traffic: closures, characteristic speeds, face flux. Host and
 * device, no libm, no globals. One source for every kernel: n is a compile-time constant there and a number elsewhere.
 *
 *   x_i = sum_j A_ij rho_j / rho_jam      X = sum_j rho_j / rho_jam      g = max(0, 1 - X)
 *   P_i = K_i x_i^gamma_i                 pressure, m/s
 *   Ve_i = Vcr_i + (Vmax_i - Vcr_i) g     equilibrium speed, m/s
 *   v_i = w_i - P_i
 *
 * Aw, Rascle 2000, doi:10.1137/S0036139997332099; Zhang 2002, doi:10.1016/S0191-2615(00)00050-3.
 */
#ifndef TRAFFIC_PHYSICS_H
#define TRAFFIC_PHYSICS_H

#include "heddle/math.h"
#include "solvers/traffic/traffic_model.h"

HD_FN double traffic_max(double a, double b) { return a > b ? a : b; }
HD_FN double traffic_min(double a, double b) { return a < b ? a : b; }

/* Selects as bit masks, all ones or none: no compiler makes a branch of them, so loops over cells stay vectorised. */
HD_FN uint64_t traffic_present(const traffic_model *m, double rho) { return -(uint64_t)(rho > m->vacuum); }
/* The same where it is known that nobody is absent: the selects then cost nothing. */
HD_FN uint64_t traffic_present_in(const traffic_model *m, int dense, double rho) {
  return dense ? ~(uint64_t)0 : traffic_present(m, rho);
}
HD_FN double   traffic_keep(uint64_t mask, double x) { return hd_of_bits(hd_bits_of(x) & mask); }   /* x, or 0 */
HD_FN double   traffic_pick(uint64_t mask, double x, double other) {
  return hd_of_bits((hd_bits_of(x) & mask) | (hd_bits_of(other) & ~mask));
}

HD_FN traffic_power traffic_power_of(double gamma) {
  return gamma == 1 ? TRAFFIC_1 : gamma == 1.5 ? TRAFFIC_1_5 : gamma == 2 ? TRAFFIC_2
       : gamma == 2.5 ? TRAFFIC_2_5 : gamma == 3 ? TRAFFIC_3 : TRAFFIC_ANY;
}

/* x^gamma, and x^(gamma - 1) in *less; x >= 0. (For gamma < 1 the slope at x = 0 is that at 1e-30: finite, and met by
 * absent classes only.) */
HD_FN double traffic_to_the(double x, traffic_power power, double gamma, double *less) {
  double root;
  switch (power) {
    case TRAFFIC_1: *less = 1; return x;
    case TRAFFIC_1_5: root = hd_sqrt(x); *less = root; return x * root;
    case TRAFFIC_2: *less = x; return x * x;
    case TRAFFIC_2_5: root = hd_sqrt(x); *less = x * root; return x * x * root;
    case TRAFFIC_3: *less = x * x; return x * x * x;
    default: *less = hd_pow(x > 1e-30 ? x : 1e-30, gamma - 1); return x * *less;
  }
}

/* x_i, the density that class i feels, relative to jam. */
HD_FN double traffic_felt(const traffic_model *m, int n, int i, const double *rho) {
  double sum = m->sees[i][0] * rho[0];
  for (int j = 1; j < n; j++) sum = sum + m->sees[i][j] * rho[j];
  return sum * m->per_jam;
}

HD_FN double traffic_occupancy(const traffic_model *m, int n, const double *rho) {
  double sum = rho[0]; /* NOLINT(clang-analyzer-core.uninitialized.Assign): there is a class at least */
  for (int j = 1; j < n; j++) sum = sum + rho[j];
  return sum * m->per_jam;
}

/* Pressures P_i and slopes p_i' = dP_i/dx_i / rho_jam, so that Gamma_ij = p_i' A_ij; m/s and m^2/(s veh). */
HD_FN void traffic_pressures(const traffic_model *m, int n, const double *rho, double *pressure, double *slope) {
  for (int i = 0; i < n; i++) {
    double less, all = traffic_to_the(traffic_felt(m, n, i, rho), m->power[i], m->exponent[i], &less);
    pressure[i] = m->pressure[i] * all;
    slope[i] = m->pressure[i] * m->exponent[i] * m->per_jam * less;
  }
}

/* Equilibrium speed of a class; span = Vmax(R) - Vcr. */
HD_FN double traffic_equilibrium(double creep, double span, double occupancy) {
  return creep + span * traffic_max(0, 1 - occupancy);
}

/* Markers w_i = y_i/rho_i of the classes that are present; of the others a number that says nothing. One division does
 * for two classes. */
HD_FN void traffic_markers(const traffic_model *m, int n, int dense, const double *rho, const double *y, double *w) {
  if (n == 2) {
    double a = traffic_pick(traffic_present_in(m, dense, rho[0]), rho[0], 1);
    double b = traffic_pick(traffic_present_in(m, dense, rho[1]), rho[1], 1);
    double both = 1 / (a * b);
    w[0] = y[0] * (b * both);
    w[1] = y[1] * (a * both);
  } else {
    for (int i = 0; i < n; i++) w[i] = y[i] / traffic_pick(traffic_present_in(m, dense, rho[i]), rho[i], 1);
  }
}

/* Smallest and largest characteristic speed (section 3.4) of speeds v at densities rho with slopes p'. Classes at or
 * below vacuum are left out; with none present both are 0, which no face flux sees. */
HD_FN void traffic_speeds_in(const traffic_model *m, int n, int dense, const double *rho, const double *v,
                             const double *slope, double *low, double *high) {
  if (n == 1) {
    uint64_t here = traffic_present_in(m, dense, rho[0]);
    double back = v[0] - rho[0] * (slope[0] * m->sees[0][0]);
    *low = traffic_keep(here, traffic_min(back, v[0]));
    *high = traffic_keep(here, traffic_max(back, v[0]));
  } else if (n == 2) {                      /* a class that is absent takes the speed of the other */
    uint64_t one = traffic_present_in(m, dense, rho[0]), two = traffic_present_in(m, dense, rho[1]);
    double r1 = traffic_keep(one, rho[0]), r2 = traffic_keep(two, rho[1]);
    double u1 = traffic_pick(one, v[0], traffic_keep(two, v[1])), u2 = traffic_pick(two, v[1], u1);
    double a = u1 - r1 * (slope[0] * m->sees[0][0]), c = u2 - r2 * (slope[1] * m->sees[1][1]);
    double d = a - c, product = (r1 * (4 * slope[0] * m->sees[0][1])) * (r2 * (slope[1] * m->sees[1][0]));
    double root = hd_sqrt(d * d + product);
    *low = traffic_min(0.5 * (a + c - root), traffic_min(u1, u2));
    *high = traffic_max(0.5 * (a + c + root), traffic_max(u1, u2));
  } else {                                  /* Gershgorin, scaled with sqrt(rho_i) */
    double lo = __builtin_inf(), hi = -__builtin_inf();
    for (int i = 0; i < n; i++) {
      if (!(rho[i] > m->vacuum)) continue;
      double centre = v[i] - rho[i] * slope[i] * m->sees[i][i], radius = 0;
      for (int j = 0; j < n; j++)
        if (j != i && rho[j] > m->vacuum) radius += hd_sqrt(rho[i] * rho[j]) * slope[i] * m->sees[i][j];
      lo = traffic_min(lo, traffic_min(centre - radius, v[i]));
      hi = traffic_max(hi, traffic_max(centre + radius, v[i]));
    }
    *low = lo <= hi ? lo : 0;
    *high = lo <= hi ? hi : 0;
  }
}

HD_FN void traffic_speeds(const traffic_model *m, int n, const double *rho, const double *v, const double *slope,
                          double *low, double *high) {
  traffic_speeds_in(m, n, 0, rho, v, slope, low, high);
}

/* The central-upwind flux (section 4.2) between bounds right = a+ >= 0 and left = a- <= 0: weight = 1/(a+ - a-), or 0 where
 * a+ - a- < 1e-14 m/s; right_weight = a+ weight, left_weight = a- weight. */
HD_FN double traffic_weight(double right, double left) {
  double width = right - left;
  return width < 1e-14 ? 0 : 1 / width;
}

/* F = ahead U_left - back U_right, with both factors >= 0 to the last bit because a- <= v <= a+: nothing can leave an
 * empty cell. The same as (a+ F_L - a- F_R + a+ a- (U_R - U_L))/(a+ - a-) with F = U v. */
HD_FN double traffic_ahead(double right_weight, double left, double v_left) { return right_weight * (v_left - left); }
HD_FN double traffic_back(double left_weight, double right, double v_right) { return left_weight * (v_right - right); }

#endif
