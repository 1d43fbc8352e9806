/* DOP853: the Runge-Kutta method of order 8 of Dormand and Prince with error estimates of orders 5 and 3, for any number of
 * independent systems at once, each with its own step sequence. Hairer, Norsett, Wanner, Solving Ordinary Differential
 * Equations I, 2nd ed. 1993, doi:10.1007/978-3-540-78862-1, section II.10 (coefficients, error norm, first step).
 *
 *   hd_dop853 method = {.size = 6, .rate = rate, .self = galaxy, .relative = 1e-10, .absolute = 1e-10};
 *   hd_dop853_control control[n];  for all: control[i] = (hd_dop853_control){.t = start};
 *   HD_TRY(hd_alloc(run, hd_dop853_bytes(&method, n), &scratch));
 *   hd_dop853_advance(&method, n, control, y, end, scratch);        // y[size][n]; again with the next time, and so on
 *
 * With `at_once` a call may return before `end`: the same call again goes on (control.t tells).
 * A step lands on `end` exactly, whichever side it lies on; the length it was cut from is remembered. State is y and the
 * controls: saving and restoring them, or splitting n systems into groups, changes no bit. One system of many components
 * (n = 1) is served as well. The error of a step is the largest |error|/(absolute + relative |y|) over components, so that
 * no order of summation matters; PI control (beta 0.04).
 */
#ifndef HD_NUM_DOP853_H
#define HD_NUM_DOP853_H

#include <stddef.h>
#include <stdint.h>

typedef enum hd_ode_outcome {
  HD_ODE_FINE = 0,
  HD_ODE_STEP_TOO_SMALL,   /* below min_step, or too small to change t */
  HD_ODE_TOO_MANY_STEPS,
  HD_ODE_NOT_A_NUMBER,     /* the rate is not finite at the point reached */
  HD_ODE_STEP_TOO_LONG     /* ias15: the iteration does not converge even at min_step */
} hd_ode_outcome;

const char *hd_ode_outcome_text(int outcome);   /* "the step is below its limit" */

/* dy/dt of the systems which[0..n-1] at t[k]: y and rate are [size][n], column k belongs to which[k]. Column by column the
 * same bits whatever stands beside it. */
typedef void (*hd_ode_rate)(void *self, int64_t n, const int64_t *which, const double *t, const double *y, double *rate);

typedef struct hd_dop853 {
  int64_t     size;                    /* components of a system */
  hd_ode_rate rate;
  void       *self;                    /* of rate */
  double      relative, absolute;      /* tolerances */
  double      max_step, min_step;      /* lengths; 0: none */
  int64_t     max_steps;               /* accepted and rejected, since the start; 0: none */
  int64_t     at_once;                 /* steps of a system in one call; 0: all the way. Stopping so changes no bit */
} hd_dop853;

/* Of one system; begin with all but t zero. Plain numbers: to be saved as they stand. */
typedef struct hd_dop853_control {
  double  t, t_low;                    /* time reached, as a sum of two */
  double  step;                        /* length to be tried next; 0: to be found */
  double  error;                       /* of the last accepted step, for the controller */
  int64_t steps, rejected, evaluations;
  int64_t outcome;                     /* hd_ode_outcome; a system that failed is left alone from then on */
} hd_dop853_control;

size_t hd_dop853_bytes(const hd_dop853 *method, int64_t n);

/* Advances all systems that have not failed to `end`. y[size][n]. Returns how many have failed. */
int64_t hd_dop853_advance(const hd_dop853 *method, int64_t n, hd_dop853_control *control, double *y, double end,
                          void *scratch);

#endif
