/* Exact solutions that the solver is compared with: Riemann problems of one class, the stop line, the quality step.
 *
 * Closed forms, or roots found to the last bits; SI units (veh/m, m/s, veh/s). Derivations: README.md. What the solver
 * itself calls, traffic_exact and traffic_exact_value, is declared in traffic.h.
 */
#ifndef TRAFFIC_EXACT_H
#define TRAFFIC_EXACT_H

#include "solvers/traffic/riemann.h"
#include "solvers/traffic/traffic.h"

/* Means over a stretch of road. Speed and marker are those of the vehicles there, so that flow = density x speed; NaN
 * where there are none. */
typedef struct exact_mean {
  double density, speed, marker;
} exact_mean;

/* The mean over xi = x/t in [from, to], from < to. */
exact_mean traffic_exact_mean(const riemann_wave *wave, double from, double to);

/* The mean over the cell [from, to] metres, `time` >= 0 after a jump at `split`. */
exact_mean traffic_exact_cell(const riemann_wave *wave, double split, double time, double from, double to);

/* The wave of a case with a Riemann start and one class. */
riemann_wave traffic_exact_wave(const traffic *t, const traffic_model *model);

/* One class arriving at a line where the speed is 0, and its discharge into an empty road at green. */
typedef struct exact_stop_line {
  double queue_density, queue_speed; /* behind the line; speed of the back of the queue (< 0), m/s */
  double flow, density, speed;       /* at the line from green on: the maximum of rho (w - P) */
  double start_speed;                /* of the start wave that runs back into the queue (< 0), m/s */
} exact_stop_line;
exact_stop_line traffic_exact_stop(riemann_law law, riemann_state arriving);

/* The steady state far downstream of a quality step: every class keeps its flow q_i = rho_i Ve_i, where
 * Ve_i = Vcr_i + (Vmax_i - Vcr_i) g, on a stretch of `category`. Returns the gap g of the free-flow state, the largest root
 * in (0, 1] of g = 1 - sum q_i/(Ve_i(g) rho_jam), and its densities [class]. NaN: the stretch cannot carry these flows. */
double traffic_exact_quality_step(const traffic_model *model, int category, const double *flow, double *density);

/* The largest total flow of the same mix that a stretch of `category` carries, veh/s; infinite without flow. */
double traffic_exact_capacity(const traffic_model *model, int category, const double *flow);

#endif
