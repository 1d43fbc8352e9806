/* Directions by rotation matrices, angles by atan2: no loss of digits at poles, no trigonometry per body but at the end. */
#include "solvers/nbody/frame.h"

const double nbody_gd1[9] = {-0.4776303088, -0.1738432154, 0.8611897727, /* Koposov, Rix, Hogg 2010 */
                             0.510844589,   -0.8524449229, 0.111245042,  /**/
                             0.7147776536,  0.4930681392,  0.4959603976};
const double nbody_pal5[9] = {-0.6558203595, -0.7549138934, -0.0021642207, /* Price-Whelan 2018 */
                              -0.6286570070, 0.5477192750,  -0.5520814915, /**/
                              0.4179593651,  -0.3607057264, -0.8337873479};

double nbody_rotation_error(const double r[9]) {
  double worst = 0;
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      double product = r[3 * i] * r[3 * j] + r[3 * i + 1] * r[3 * j + 1] + r[3 * i + 2] * r[3 * j + 2];
      worst = hd_larger(hd_abs(product - (i == j)), worst);
    }
  }
  return worst;
}

/* Galactic -> equatorial directions, from the galactic north pole (right ascension a, declination d) and the galactic
 * longitude l of the celestial pole: section 3.5, with angles from the direction a written as a matrix and turned by a. */
static void equatorial_matrix(double m[9]) {
  const double degree = HD_PI / 180;
  hd_sine_cosine d = hd_sincos(27.12825118085622 * degree), l = hd_sincos(122.9319185680026 * degree);
  hd_sine_cosine a = hd_sincos(192.85948 * degree);
  double near[9] = {-d.sin * l.cos, -d.sin * l.sin, d.cos, /* towards a on the equator */
                    l.sin,          -l.cos,         0,     /* a quarter further */
                    d.cos * l.cos,  d.cos * l.sin,  d.sin};
  for (int k = 0; k < 3; k++) {
    m[k] = a.cos * near[k] - a.sin * near[3 + k];
    m[3 + k] = a.sin * near[k] + a.cos * near[3 + k];
    m[6 + k] = near[6 + k];
  }
}

static void multiply(const double a[9], const double b[9], double c[9]) {
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
}

void nbody_view_prepare(const nbody_observer *o, nbody_view *view) {
  static const double unit[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  for (int c = 0; c < 3; c++) {
    view->sun_position[c] = o->sun_position[c];
    view->sun_velocity[c] = o->sun_velocity[c];
  }
  view->sign = o->handedness == 0 ? -1 : 1;
  equatorial_matrix(view->equatorial);
  const double *rotation = o->frame == NBODY_GD1      ? nbody_gd1
                           : o->frame == NBODY_PAL5   ? nbody_pal5
                           : o->frame == NBODY_CUSTOM ? o->rotation
                                                      : unit;
  multiply(rotation, o->frame == NBODY_FRAME_GALACTIC ? unit : view->equatorial, view->turn);
}

static void turn(const double m[9], const double x[3], double out[3]) {
  for (int i = 0; i < 3; i++) out[i] = hd_fma(m[3 * i + 2], x[2], hd_fma(m[3 * i + 1], x[1], m[3 * i] * x[0]));
}

static double degrees(double radians) { return radians * (180 / HD_PI); }
static double from_zero(double angle) { return angle < 0 ? angle + 360 : angle; }
static double latitude(const double e[3]) { return degrees(hd_atan2(e[2], hd_sqrt(e[0] * e[0] + e[1] * e[1]))); }

nbody_sky nbody_sky_of(const nbody_view *view, const double x[3], const double v[3]) {
  double X[3], V[3], equatorial[3], e[3], de[3];
  for (int c = 0; c < 3; c++) {
    X[c] = (c == 0 ? view->sign : 1) * (x[c] - view->sun_position[c]);
    V[c] = (c == 0 ? view->sign : 1) * (v[c] - view->sun_velocity[c]);
  }
  turn(view->equatorial, X, equatorial);
  turn(view->turn, X, e);
  turn(view->turn, V, de);
  double d2 = X[0] * X[0] + X[1] * X[1] + X[2] * X[2], flat2 = e[0] * e[0] + e[1] * e[1], flat = hd_sqrt(flat2);
  double size = hd_sqrt(flat2 + e[2] * e[2]), along = e[0] * de[0] + e[1] * de[1];
  nbody_sky s = {.distance = hd_sqrt(d2), .phi1 = degrees(hd_atan2(e[1], e[0])), .phi2 = latitude(e)};
  if (s.distance > 0) s.radial_velocity = NBODY_KM_S * ((X[0] * V[0] + X[1] * V[1] + X[2] * V[2]) / s.distance);
  if (flat > 0) { /* d phi1 cos phi2 = (e_x de_y - e_y de_x)/flat^2 flat/size */
    s.pm_phi1_cosphi2 = NBODY_MAS_YR * ((e[0] * de[1] - e[1] * de[0]) / (flat * size));
    s.pm_phi2 = NBODY_MAS_YR * ((de[2] * flat2 - e[2] * along) / (flat * size * size));
  }
  s.ra = from_zero(degrees(hd_atan2(equatorial[1], equatorial[0])));
  s.dec = latitude(equatorial);
  s.l = from_zero(degrees(hd_atan2(X[1], X[0])));
  s.b = latitude(X);
  return s;
}
