/* The matrices C and S of the linearised equations, and the search for the fastest wave.
 *
 *   C, row rho_i: v_i delta_ij - rho_i Gamma_ij on rho_j, rho_i on w_i      row w_i: v_i on w_i
 *   S, row rho_i: 0                                                         row w_i: (dVe_i/drho_j + Gamma_ij)/tau_i on rho_j,
 *                                                                                    -1/tau_i on w_i
 */
#include "solvers/traffic/stability.h"

#include "heddle/math.h"
#include "math/linear.h"
#include "solvers/traffic/traffic_physics.h"

#include <string.h>

enum { SIZE = 2 * TRAFFIC_CLASSES };

typedef struct waves {
  int n; /* rows: twice the classes that are there */
  double C[SIZE][SIZE], S[SIZE][SIZE];
} waves;

static void linearise(const traffic_model *m, int category, const double *rho, waves *w) {
  double pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
  double occupancy = traffic_occupancy(m, m->n, rho);
  int here[TRAFFIC_CLASSES], n = 0;
  traffic_pressures(m, m->n, rho, pressure, slope);
  for (int i = 0; i < m->n; i++)
    if (rho[i] > m->vacuum) here[n++] = i;
  memset(w->C, 0, sizeof w->C);
  memset(w->S, 0, sizeof w->S);
  w->n = 2 * n;
  for (int a = 0; a < n; a++) {
    int i = here[a];
    double span = m->free[i][category] - m->creep[i], v = traffic_equilibrium(m->creep[i], span, occupancy);
    double fall = occupancy < 1 ? -span * m->per_jam : 0; /* dVe_i/drho_j, the same for all j */
    for (int b = 0; b < n; b++) {
      double gamma = slope[i] * m->sees[i][here[b]];
      w->C[a][b] = (a == b ? v : 0) - rho[i] * gamma;
      w->S[n + a][b] = (fall + gamma) / m->tau[i];
    }
    w->C[a][n + a] = rho[i];
    w->C[n + a][n + a] = v;
    w->S[n + a][n + a] = -1 / m->tau[i];
  }
}

static double rate_of(const waves *w, double wavelength) {
  hd_complex matrix[SIZE * SIZE], value[SIZE];
  double k = 2 * HD_PI / wavelength;
  if (!w->n) return HD_NAN;
  for (int a = 0; a < w->n; a++)
    for (int b = 0; b < w->n; b++) matrix[a * w->n + b] = (hd_complex){w->S[a][b], -k * w->C[a][b]};
  return hd_eigen_complex(w->n, matrix, value) ? value[0].re : HD_NAN;
}

double traffic_growth_rate(const traffic_model *model, int category, const double *rho, double wavelength) {
  waves w;
  linearise(model, category, rho, &w);
  return rate_of(&w, wavelength);
}

/* Samples evenly in log(wavelength); golden section between the neighbours of the largest, unless it is at an end. */
double traffic_worst_growth(const traffic_model *model, int category, const double *rho, double shortest,
                            double longest, double *wavelength) {
  enum { SAMPLES = 40, SECTIONS = 24 };
  waves w;
  linearise(model, category, rho, &w);
  double step = hd_log(longest / shortest) / SAMPLES, worst = rate_of(&w, shortest);
  *wavelength = shortest;
  for (int i = 1; i <= SAMPLES && longest > shortest; i++) {
    double at = i == SAMPLES ? longest : shortest * hd_exp(i * step), rate = rate_of(&w, at);
    if (rate > worst) worst = rate, *wavelength = at;
  }
  if (!(*wavelength > shortest && *wavelength < longest)) return worst;
  double low = *wavelength * hd_exp(-step), high = *wavelength * hd_exp(step);
  for (int i = 0; i < SECTIONS; i++) {
    double a = high - 0.6180339887498949 * (high - low), b = low + 0.6180339887498949 * (high - low);
    double rate_a = rate_of(&w, a), rate_b = rate_of(&w, b);
    if (rate_a > rate_b) high = b;
    else low = a;
    if (rate_a > worst) worst = rate_a, *wavelength = a;
    if (rate_b > worst) worst = rate_b, *wavelength = b;
  }
  return worst;
}
