/* Relaxation towards equilibrium, solved exactly: rho is frozen in the source, which is then linear in y (section 3.3).
 *
 *   y(t + h) = rho E + (y - rho E) exp(-h/tau),   E = Ve + P
 *
 * Written so that y = rho E stays y to the last bit.
 */
#ifndef TRAFFIC_RELAX_H
#define TRAFFIC_RELAX_H

#include "solvers/traffic/traffic_physics.h"

/* decay = exp(-h/tau), target = rho E */
HD_FN double traffic_relax(double y, double target, double decay) { return target + (y - target) * decay; }

#endif
