/* What random bodies are drawn from (section 3.4 of the solver's notes). Each draw has a place of its own in the stream of
 * its group, (number of the body, purpose), so that no sample depends on another. */
#ifndef NBODY_SAMPLE_H
#define NBODY_SAMPLE_H

#include "heddle/math.h"

enum { NBODY_DRAW_RADIUS = 1, NBODY_DRAW_DIRECTION, NBODY_DRAW_SPEED, NBODY_DRAW_MOTION, NBODY_DRAW_MASS, NBODY_DRAW_ANGLE };

/* Share of the stars of a Plummer sphere that are slower than q of the escape speed at their place, and the q of a share. */
double nbody_plummer_slower(double q);
double nbody_plummer_speed(double share);

/* A body of a Plummer sphere of scale radius 1 and G M = 1, at rest at the origin, among the innermost `truncate` of the
 * mass: x, y, z, vx, vy, vz. */
void nbody_plummer_body(hd_key key, uint64_t body, double truncate, double out[6]);

/* A unit vector, isotropic. */
void nbody_direction(hd_key key, uint64_t body, uint32_t purpose, double out[3]);

/* Of dN/dm ~ m^slope between minimum and maximum, at share u. */
double nbody_power_law_mass(double slope, double minimum, double maximum, double u);

/* Relative orbit with pericentre on the x axis: position and velocity [x y z vx vy vz] a time t after pericentre; mu = G M. */
void nbody_kepler(double mu, double pericentre, double eccentricity, double t, double out[6]);

#endif
