/* Drawing bodies, and the Kepler ellipse. Plummer: Aarseth, Henon & Wielen 1974. */
#include "solvers/nbody/sample.h"

/* 512/(7 pi) = 1/int_0^1 q^2 (1-q^2)^7/2 dq */
#define NORM (512 / (7 * HD_PI))

double nbody_plummer_slower(double q) {
  double s = q * q;
  if (q < 0.05) /* against cancellation */
    return NORM * (q * s) * (1.0 / 3 + s * (-0.7 + s * (0.625 + s * (-35.0 / 144 + s * (35.0 / 1408)))));
  double rest = hd_sqrt((1 - q) * (1 + q));
  double p = -105 + s * (1210 + s * (-2104 + s * (1488 - 384 * s)));
  return NORM * (105 * hd_atan2(q, rest) + q * rest * p) / 3840;
}

double nbody_plummer_speed(double share) {
  double low = 0, high = 1, q = 0.47;
  for (int k = 0; k < 100; k++) {
    double miss = nbody_plummer_slower(q) - share;
    if (miss > 0) high = q;
    else low = q;
    double t = (1 - q) * (1 + q), slope = NORM * q * q * t * t * t * hd_sqrt(t);
    double next = slope > 0 ? q - miss / slope : 0.5 * (low + high);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    double moved = hd_abs(next - q);
    q = next;
    if (moved <= 1e-15 || high - low <= 1e-16) break;
  }
  return q;
}

void nbody_direction(hd_key key, uint64_t body, uint32_t purpose, double out[3]) {
  hd_pair u = hd_uniform2(key, body, purpose, 0, 0);
  double z = 2 * u.high - 1, r = hd_sqrt((1 - z) * (1 + z));
  hd_sine_cosine angle = hd_sincospi(2 * u.low);
  out[0] = r * angle.cos;
  out[1] = r * angle.sin;
  out[2] = z;
}

void nbody_plummer_body(hd_key key, uint64_t body, double truncate, double out[6]) {
  double u = truncate * hd_uniform(key, body, NBODY_DRAW_RADIUS, 0, 0), way[3];
  double r = 1 / hd_sqrt(hd_pow(u, -2.0 / 3) - 1);
  double escape = hd_sqrt(2 / hd_sqrt(r * r + 1));
  double v = escape * nbody_plummer_speed(hd_uniform(key, body, NBODY_DRAW_SPEED, 0, 0));
  nbody_direction(key, body, NBODY_DRAW_DIRECTION, way);
  for (int k = 0; k < 3; k++) out[k] = r * way[k];
  nbody_direction(key, body, NBODY_DRAW_MOTION, way);
  for (int k = 0; k < 3; k++) out[3 + k] = v * way[k];
}

double nbody_power_law_mass(double slope, double minimum, double maximum, double u) {
  double p = 1 + slope;
  if (hd_abs(p) < 1e-9) return minimum * hd_exp(u * hd_log(maximum / minimum));
  double a = hd_pow(minimum, p), b = hd_pow(maximum, p);
  return hd_pow(a + u * (b - a), 1 / p);
}

/* E - e sin E = M for |M| <= pi, by safeguarded Newton. */
static double eccentric_anomaly(double M, double e) {
  double low = -HD_PI, high = HD_PI, E = M + e * hd_sin(M);
  for (int k = 0; k < 100; k++) {
    double miss = (E - e * hd_sin(E)) - M;
    if (miss > 0) high = E;
    else low = E;
    double next = E - miss / (1 - e * hd_cos(E));
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    double moved = hd_abs(next - E);
    E = next;
    if (moved <= 1e-16 * hd_abs(E)) break;
  }
  return E;
}

void nbody_kepler(double mu, double pericentre, double eccentricity, double t, double out[6]) {
  double e = eccentricity, a = pericentre / (1 - e), n = hd_sqrt(mu / a) / a, turns = n * t / (2 * HD_PI);
  double M = 2 * HD_PI * (turns - hd_round(turns)), E = eccentric_anomaly(M, e);
  double c = hd_cos(E), s = hd_sin(E), b = a * hd_sqrt((1 - e) * (1 + e)), rate = n / (1 - e * c);
  out[0] = a * (c - e);
  out[1] = b * s;
  out[2] = 0;
  out[3] = -a * s * rate;
  out[4] = b * c * rate;
  out[5] = 0;
}
