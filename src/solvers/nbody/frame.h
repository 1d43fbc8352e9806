/* The sky as an observer at the Sun sees it (section 3.5 of the specification).
 *
 *   nbody_view view;
 *   nbody_view_prepare(&observer, &view);
 *   nbody_sky s = nbody_sky_of(&view, x, v);        // kpc, kpc/Gyr
 *
 * X = S (x - x_s), V = S (v - v_s), S = diag(-1, 1, 1) for the left-handed frame of the stream literature. Distance and
 * radial velocity are taken there; galactic and equatorial angles from its direction; the stream's own angles from the
 * rotated equatorial direction, proper motions by the derivative of these angles. Koposov, Rix, Hogg 2010,
 * doi:10.1088/0004-637X/712/1/260 (gd1); Price-Whelan 2018 (pal5).
 */
#ifndef NBODY_FRAME_H
#define NBODY_FRAME_H

#include "heddle/math.h"
#include "solvers/nbody/model.h"

typedef struct nbody_view {
  double sun_position[3], sun_velocity[3], sign;   /* of X and V_x */
  double equatorial[9];    /* galactic directions -> equatorial, rows */
  double turn[9];          /* galactic directions -> the frame's, rows; not exactly orthonormal, as published */
} nbody_view;

typedef struct nbody_sky {
  double distance;                    /* kpc */
  double phi1, phi2;                  /* deg, phi1 in (-180, 180]; of galactic and equatorial frames l, b and ra, dec */
  double radial_velocity;             /* km/s */
  double pm_phi1_cosphi2, pm_phi2;    /* mas/yr: dphi1/dt cos phi2, dphi2/dt */
  double ra, dec, l, b;               /* deg; ra in [0, 360), l in [0, 360) */
} nbody_sky;

extern const double nbody_gd1[9], nbody_pal5[9];   /* rows, as published */

/* Largest difference of R R^T from the unit matrix; the specification refuses more than 1e-6. */
double nbody_rotation_error(const double rotation[9]);

void nbody_view_prepare(const nbody_observer *observer, nbody_view *view);

/* Of a body at x (kpc) with velocity v (kpc/Gyr). At a pole of the frame mu_1 is 0; at the Sun itself all angles are. */
nbody_sky nbody_sky_of(const nbody_view *view, const double x[3], const double v[3]);

#endif
