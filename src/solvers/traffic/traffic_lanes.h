/* The pointwise physics of traffic_physics.h for HD_LANES cells at once; for traffic_step.c.
 *
 * With rho_i Gamma_ii = `own` and 4 rho_1 Gamma_12 rho_2 Gamma_21 = 4 `coupling`. Where all exponents are 1 both are parts
 * of the pressures, P_1 = rho_1 Gamma_11 + rho_2 Gamma_12 and P_2 = rho_1 Gamma_21 + rho_2 Gamma_22, and cost nothing.
 */
#ifndef TRAFFIC_LANES_H
#define TRAFFIC_LANES_H

#include "base/lanes.h"
#include "solvers/traffic/traffic_physics.h"

/* Only the first n of each are used. */
typedef struct traffic_lanes_model {
  const traffic_model *m;
  hd_lanes sees[TRAFFIC_CLASSES][TRAFFIC_CLASSES]; /* A_ij / rho_jam */
  hd_lanes push[TRAFFIC_CLASSES][TRAFFIC_CLASSES]; /* K_i A_ij / rho_jam = Gamma_ij where gamma = 1 */
  hd_lanes pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES], creep[TRAFFIC_CLASSES];
  hd_lanes per_jam, vacuum;
} traffic_lanes_model;

HD_FN void traffic_lanes_model_of(const traffic_model *m, traffic_lanes_model *out) {
  out->m = m;
  for (int i = 0; i < m->n; i++) {
    for (int j = 0; j < m->n; j++) {
      out->sees[i][j] = hd_lanes_all(m->sees[i][j] * m->per_jam);
      out->push[i][j] = hd_lanes_all(m->pressure[i] * m->sees[i][j] * m->per_jam);
    }
    out->pressure[i] = hd_lanes_all(m->pressure[i]);
    out->slope[i] = hd_lanes_all(m->pressure[i] * m->exponent[i] * m->per_jam);
    out->creep[i] = hd_lanes_all(m->creep[i]);
  }
  out->per_jam = hd_lanes_all(m->per_jam);
  out->vacuum = hd_lanes_all(m->vacuum);
}

/* g, the free part of the road. */
HD_FN hd_lanes traffic_lanes_room(const traffic_lanes_model *m, int n, const hd_lanes *rho) {
  hd_lanes sum = rho[0];
  for (int j = 1; j < n; j++) sum = sum + rho[j];
  return hd_lanes_larger(hd_lanes_all(0), hd_lanes_all(1) - sum * m->per_jam);
}

/* x^gamma, and x^(gamma - 1) in *less. */
HD_FN hd_lanes traffic_lanes_to_the(hd_lanes x, traffic_power power, double gamma, hd_lanes *less) {
  hd_lanes root;
  switch (power) {
    case TRAFFIC_1: *less = hd_lanes_all(1); return x;
    case TRAFFIC_1_5: root = hd_lanes_sqrt(x); *less = root; return x * root;
    case TRAFFIC_2: *less = x; return x * x;
    case TRAFFIC_2_5: root = hd_lanes_sqrt(x); *less = x * root; return x * x * root;
    case TRAFFIC_3: *less = x * x; return x * x * x;
    default: break;
  }
  double t[HD_LANES];
  hd_lanes_store(t, hd_lanes_larger(x, hd_lanes_all(1e-30)));
  for (int i = 0; i < HD_LANES; i++) t[i] = hd_pow(t[i], gamma - 1);
  *less = hd_lanes_load(t);
  return x * *less;
}

/* P_i, p_i' = dP_i/dx_i / rho_jam (not with `linear`: all exponents are 1), own and, for two classes, coupling. */
HD_FN void traffic_lanes_pressures(const traffic_lanes_model *m, int n, int linear, const hd_lanes *rho,
                                   hd_lanes *pressure, hd_lanes *slope, hd_lanes *own, hd_lanes *coupling) {
  if (linear && n == 1) {
    pressure[0] = own[0] = m->push[0][0] * rho[0];
    *coupling = hd_lanes_all(0);
    return;
  }
  if (linear && n == 2) {
    hd_lanes of_second = m->push[0][1] * rho[1], of_first = m->push[1][0] * rho[0];
    own[0] = m->push[0][0] * rho[0];
    own[1] = m->push[1][1] * rho[1];
    pressure[0] = own[0] + of_second;
    pressure[1] = of_first + own[1];
    *coupling = of_second * of_first;
    return;
  }
  for (int i = 0; i < n; i++) {
    hd_lanes felt = m->sees[i][0] * rho[0], less;
    for (int j = 1; j < n; j++) felt = felt + m->sees[i][j] * rho[j];
    pressure[i] = m->pressure[i] * traffic_lanes_to_the(felt, m->m->power[i], m->m->exponent[i], &less);
    slope[i] = m->slope[i] * less;
    own[i] = rho[i] * (slope[i] * hd_lanes_all(m->m->sees[i][i]));
  }
  *coupling = hd_lanes_all(0);
  if (n == 2)
    *coupling = (rho[0] * (slope[0] * hd_lanes_all(m->m->sees[0][1]))) * (rho[1] * (slope[1] * hd_lanes_all(m->m->sees[1][0])));
}

/* What traffic_lanes_velocities divides by in advance: of two classes 1/(rho_1 rho_2), one division for both; else the
 * markers w_i = y_i/rho_i. Of classes that are not here numbers that say nothing. */
HD_FN void traffic_lanes_shares(int n, const hd_lane_mask *here, const hd_lanes *rho, const hd_lanes *y,
                                hd_lanes *share) {
  hd_lanes one = hd_lanes_all(1);
  for (int i = 0; i < n && n != 2; i++) share[i] = y[i] / hd_lanes_pick(here[i], rho[i], one);
  if (n == 2) share[0] = one / (hd_lanes_pick(here[0], rho[0], one) * hd_lanes_pick(here[1], rho[1], one));
}

/* v_i = w_i - P_i, or 0 where the class is not here. */
HD_FN void traffic_lanes_velocities(int n, const hd_lane_mask *here, const hd_lanes *rho, const hd_lanes *y,
                                    const hd_lanes *share, const hd_lanes *pressure, hd_lanes *v) {
  for (int i = 0; i < n; i++) {
    hd_lanes marker = share[n == 2 ? 0 : i];
    if (n == 2) marker = y[i] * (hd_lanes_pick(here[1 - i], rho[1 - i], hd_lanes_all(1)) * marker);
    v[i] = hd_lanes_keep(here[i], marker - pressure[i]);
  }
}

/* Smallest and largest characteristic speed: traffic_speeds. v is 0 where the class is not here. */
HD_FN void traffic_lanes_speeds(const traffic_lanes_model *m, int n, const hd_lane_mask *here, const hd_lanes *rho,
                                const hd_lanes *v, const hd_lanes *slope, const hd_lanes *own, hd_lanes coupling,
                                hd_lanes *low, hd_lanes *high) {
  if (n == 1) {
    hd_lanes back = v[0] - own[0];
    *low = hd_lanes_keep(here[0], hd_lanes_smaller(back, v[0]));
    *high = hd_lanes_keep(here[0], hd_lanes_larger(back, v[0]));
  } else if (n == 2) { /* a class that is absent takes the speed of the other */
    hd_lanes half = hd_lanes_all(0.5), u1 = hd_lanes_pick(here[0], v[0], v[1]), u2 = hd_lanes_pick(here[1], v[1], v[0]);
    hd_lanes a = u1 - hd_lanes_keep(here[0], own[0]), c = u2 - hd_lanes_keep(here[1], own[1]);
    hd_lanes mean = half * (a + c), d = half * (a - c);
    hd_lanes root = hd_lanes_sqrt(d * d + hd_lanes_keep(hd_mask_and(here[0], here[1]), coupling));
    *low = hd_lanes_smaller(mean - root, hd_lanes_smaller(u1, u2));
    *high = hd_lanes_larger(mean + root, hd_lanes_larger(u1, u2));
  } else { /* Gershgorin, scaled with sqrt(rho_i) */
    hd_lanes lo = hd_lanes_all(__builtin_inf()), hi = hd_lanes_all(-__builtin_inf());
    for (int i = 0; i < n; i++) {
      hd_lanes centre = v[i] - own[i], radius = hd_lanes_all(0);
      for (int j = 0; j < n; j++) {
        if (j == i) continue;
        hd_lanes part = hd_lanes_sqrt(rho[i] * rho[j]) * slope[i] * hd_lanes_all(m->m->sees[i][j]);
        radius = radius + hd_lanes_keep(here[j], part);
      }
      lo = hd_lanes_pick(here[i], hd_lanes_smaller(lo, hd_lanes_smaller(centre - radius, v[i])), lo);
      hi = hd_lanes_pick(here[i], hd_lanes_larger(hi, hd_lanes_larger(centre + radius, v[i])), hi);
    }
    hd_lane_mask nobody = hd_lanes_above(lo, hi);
    *low = hd_lanes_pick(nobody, hd_lanes_all(0), lo);
    *high = hd_lanes_pick(nobody, hd_lanes_all(0), hi);
  }
}

/* traffic_weight */
HD_FN hd_lanes traffic_lanes_weight(hd_lanes right, hd_lanes left) {
  hd_lanes width = right - left;
  return hd_lanes_pick(hd_lanes_above(hd_lanes_all(1e-14), width), hd_lanes_all(0), hd_lanes_all(1) / width);
}

#endif
