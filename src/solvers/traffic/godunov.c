/* Godunov's flux for one class: the exact Riemann solution at the face (section 3.7). */
#include "solvers/traffic/godunov.h"

#include "solvers/traffic/riemann.h"

static riemann_state state_of(riemann_law law, double vacuum, double rho, double y) {
  return rho > vacuum ? riemann_with_marker(law, rho, y / rho) : (riemann_state){0};
}

void traffic_godunov_faces(const traffic_model *m, const double *rho, const double *y, double *flux,
                           double *marker_flux, int count) {
  riemann_law law = riemann_law_of(m);
  riemann_state left = state_of(law, m->vacuum, rho[0], y[0]);
  for (int j = 0; j < count; j++) {
    riemann_state right = state_of(law, m->vacuum, rho[j + 1], y[j + 1]);
    riemann_flux(law, left, right, m->vacuum, &flux[j], &marker_flux[j]);
    left = right;
  }
}
