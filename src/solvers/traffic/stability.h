/* Linear stability of uniform traffic (README.md): the growth rate of waves on a state in equilibrium.
 *
 * A wave number k grows with max Re eig(S - i k C) of the equations linearised in (rho_j, w_j). Negative at every wave
 * length: stop-and-go waves die out. SI units.
 */
#ifndef TRAFFIC_STABILITY_H
#define TRAFFIC_STABILITY_H

#include "solvers/traffic/traffic_model.h"

/* The rate, 1/s, of waves of `wavelength` (m) on the densities rho [class] of a road of `category`, at equilibrium speeds.
 * Classes at or below vacuum are left out; NaN if none is left. */
double traffic_growth_rate(const traffic_model *model, int category, const double *rho, double wavelength);

/* The largest rate over wave lengths from `shortest` to `longest`, and where it is. */
double traffic_worst_growth(const traffic_model *model, int category, const double *rho, double shortest,
                            double longest, double *wavelength);

#endif
