/* Exact fluxes at the faces between cells j and j + 1, j = 0 .. count - 1, of a row of cells with one class. */
#ifndef TRAFFIC_GODUNOV_H
#define TRAFFIC_GODUNOV_H

#include "solvers/traffic/traffic_model.h"

void traffic_godunov_faces(const traffic_model *m, const double *rho, const double *y, double *flux,
                           double *marker_flux, int count);

#endif
