/* The sky of the progenitor (specification 3.8, check 15), rotations, poles, proper motions against differences. */
#include "unit/nbody_galaxy.h"

#include "solvers/nbody/frame.h"

#define LEFT_SUN .sun_position = {8, 0, 0}
static const double place[3] = {11.8, .79, 6.4}, speed[3] = {109.5, -254.5, -90.3}; /* kpc, km/s */

static nbody_sky see(const nbody_observer *o, const double x[3], const double v[3]) {
  nbody_view view;
  double inner[3] = {v[0] / KM_S, v[1] / KM_S, v[2] / KM_S};
  nbody_view_prepare(o, &view);
  return nbody_sky_of(&view, x, inner);
}

static void progenitor_today(void **state) {
  (void)state;
  nbody_observer o = {.frame = NBODY_GD1, LEFT_SUN};
  nbody_sky s = see(&o, place, speed);
  NEAR(s.l, 168.2557975740, 1e-10);
  NEAR(s.b, 58.7654805511, 1e-10);
  NEAR(s.ra, 161.0611015842, 1e-10);
  NEAR(s.dec, 45.5913675155, 1e-10);
  NEAR(s.distance, 7.484924849322136, 1e-10);
  NEAR(s.phi1, -26.8893048272499, 1e-10);
  NEAR(s.phi2, -.3908325159340, 1e-10);
  NEAR(s.radial_velocity, -48.4807806764905, 1e-8);
  NEAR(s.pm_phi1_cosphi2, -8.096067336031, 1e-8);
  NEAR(s.pm_phi2, -.1846275964317, 1e-8);
  double reflex[3] = {-11.1, 232.24, 7.25};
  for (int c = 0; c < 3; c++) o.sun_velocity[c] = reflex[c] / KM_S;
  s = see(&o, place, speed);
  NEAR(s.phi1, -26.8893048272499, 1e-10);
  NEAR(s.radial_velocity, -73.5564633023485, 1e-8);
  NEAR(s.pm_phi1_cosphi2, -13.89097134804, 1e-8);
  NEAR(s.pm_phi2, -3.167902477287, 1e-8);
}

static void progenitor_long_ago(void **state) {
  (void)state;
  static const double x[3] = {-15.5008793924, .0031347086, -11.5965797895},
                      v[3] = {-102.7103307192, 199.3388174134, -77.0478149281};
  nbody_observer o = {.frame = NBODY_GD1, LEFT_SUN};
  nbody_sky s = see(&o, x, v);
  NEAR(s.phi1, 130.2193, 1e-4);
  NEAR(s.phi2, -24.7667, 1e-4);
}

/* ra 145.2722916667, dec 31.8532222222 -> phi1 -45.26718871, phi2 +0.07703595: through a galactic place in that direction. */
static void pure_rotation(void **state) {
  (void)state;
  nbody_observer o = {.frame = NBODY_FRAME_EQUATORIAL, .handedness = 1};
  nbody_view view;
  double ra = 145.2722916667 * HD_PI / 180, dec = 31.8532222222 * HD_PI / 180, x[3];
  double e[3] = {cos(ra) * cos(dec), sin(ra) * cos(dec), sin(dec)};
  nbody_view_prepare(&o, &view);
  assert_true(nbody_rotation_error(view.equatorial) < 1e-15);
  for (int c = 0; c < 3; c++)
    x[c] = view.equatorial[c] * e[0] + view.equatorial[3 + c] * e[1] + view.equatorial[6 + c] * e[2];
  nbody_sky s = see(&o, x, speed);
  NEAR(s.ra, 145.2722916667, 1e-12);
  NEAR(s.dec, 31.8532222222, 1e-12);
  NEAR(s.phi1, s.ra, 1e-12);
  NEAR(s.phi2, s.dec, 1e-12);
  o.frame = NBODY_GD1;
  s = see(&o, x, speed);
  NEAR(s.phi1, -45.26718871, 6e-9);
  NEAR(s.phi2, .07703595, 6e-9);
}

/* The galactic centre and the north galactic pole in J2000 as everybody prints them. */
static void known_directions(void **state) {
  (void)state;
  nbody_observer o = {.frame = NBODY_FRAME_GALACTIC, LEFT_SUN};
  nbody_sky s = see(&o, (const double[]){0, 0, 0}, (const double[]){0, 0, 0});
  NEAR(s.ra, 266.405, 1e-3);
  NEAR(s.dec, -28.936, 1e-3);
  NEAR(s.l, 0, 1e-13);
  NEAR(s.distance, 8, 0);
  s = see(&o, (const double[]){8, 0, 5}, speed);
  NEAR(s.ra, 192.85948, 1e-10);
  NEAR(s.dec, 27.12825118085622, 1e-10);
  NEAR(s.phi2, 90, 0);
  assert_true(isfinite(s.pm_phi1_cosphi2) && isfinite(s.pm_phi2));
  s = see(&o, (const double[]){8, 0, 0}, speed); /* at the Sun itself */
  assert_true(s.distance == 0 && s.radial_velocity == 0 && s.phi1 == 0 && s.b == 0 && s.pm_phi2 == 0);
}

/* All frames and both hands: proper motions are the derivatives of the angles, whatever the rotation. */
static void proper_motions_are_derivatives(void **state) {
  (void)state;
  for (int frame = NBODY_FRAME_GALACTIC; frame <= NBODY_CUSTOM; frame++) {
    for (int hand = 0; hand < 2; hand++) {
      nbody_observer o = {.frame = frame,
                          .rotation = {0, 1, 0, 0, 0, 1, 1, 0, 0},
                          .handedness = hand,
                          .sun_position = {hand ? -8.2 : 8, .1, .02},
                          .sun_velocity = {11, 230, -7}};
      double h = 1e-5, left[3], right[3]; /* Gyr */
      for (int c = 0; c < 3; c++) {
        double v = speed[c] / KM_S - o.sun_velocity[c]; /* relative to the Sun, which stands at its place */
        left[c] = place[c] - h * v;
        right[c] = place[c] + h * v;
      }
      nbody_sky s = see(&o, place, speed), a = see(&o, left, speed), b = see(&o, right, speed);
      double mas = 3600e3 / 1e9 / (2 * h); /* degrees per 2 h -> mas/yr */
      NEAR_RELATIVE((b.phi1 - a.phi1) * mas * cos(s.phi2 * HD_PI / 180), s.pm_phi1_cosphi2, 1e-5);
      NEAR((b.phi2 - a.phi2) * mas, s.pm_phi2, 1e-4 * fabs(s.pm_phi2) + 1e-6);
      NEAR((b.distance - a.distance) / (2 * h) * KM_S, s.radial_velocity, 1e-4);
    }
  }
}

static void rotations(void **state) {
  (void)state;
  assert_true(nbody_rotation_error(nbody_gd1) < 1e-8);
  assert_true(nbody_rotation_error(nbody_pal5) < 2e-8); /* ten digits are published */
  double r[9] = {1, 0, 0, 0, 1, 0, 0, .003, 1};
  NEAR(nbody_rotation_error(r), .003, 1e-15);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(progenitor_today),
                                     cmocka_unit_test(progenitor_long_ago),
                                     cmocka_unit_test(pure_rotation),
                                     cmocka_unit_test(known_directions),
                                     cmocka_unit_test(proper_motions_are_derivatives),
                                     cmocka_unit_test(rotations)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
