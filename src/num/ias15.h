/* IAS15: Gauss-Radau integration of order 15 of x'' = a(t, x), for one system. Everhart 1985, doi:10.1007/978-94-009-5400-7_17;
 * Rein, Spiegel 2015, doi:10.1093/mnras/stu2164.
 *
 *   hd_ias15 method = {.size = 3 * bodies, .rate = accelerations, .self = galaxy};
 *   HD_TRY(hd_alloc(run, hd_ias15_doubles(&method) * sizeof(double), &memory));   // saved with the state, starts as zeros
 *   hd_ias15_control control = {.t = start};
 *   HD_TRY(hd_alloc(run, hd_ias15_scratch(&method) * sizeof(double), &scratch));
 *   outcome = hd_ias15_advance(&method, &control, x, v, memory, end, scratch);
 *
 * Over a step the acceleration is a0 + b0 h + .. + b6 h^7, 0 <= h <= 1, fitted at eight nodes by predictor and corrector
 * until b6 changes by less than 1e-16 of |a|. x, v and t are compensated sums (their low parts lie in `memory` and the
 * control), so the error grows like that of exact steps with rounded results: Brouwer's law. A step lands on `end` exactly.
 * With `at_once` a call may return before `end`: the same call again goes on (control.t tells).
 */
#ifndef HD_NUM_IAS15_H
#define HD_NUM_IAS15_H

#include "num/dop853.h"

/* a[size] at time t and place x[size]. */
typedef void (*hd_ias15_rate)(void *self, double t, const double *x, double *a);

typedef struct hd_ias15 {
  int64_t       size;                  /* coordinates */
  hd_ias15_rate rate;
  void         *self;
  double        tolerance;             /* epsilon of the step control; 0: 1e-9 */
  double        max_step, min_step;    /* lengths; 0: none */
  int64_t       max_steps;             /* 0: none */
  int64_t       at_once;               /* steps tried in one call; 0: all the way. Stopping so changes no bit */
} hd_ias15;

typedef struct hd_ias15_control {
  double  t, t_low;                    /* time reached, as a sum of two */
  double  step;                        /* signed length to be tried next; 0: to be found */
  double  last;                        /* signed length that the fits in memory belong to; 0: none yet */
  int64_t steps, rejected, evaluations;
  int64_t outcome;                     /* hd_ode_outcome */
} hd_ias15_control;

int64_t hd_ias15_doubles(const hd_ias15 *method);   /* of `memory`: low parts of x and v, b, e */
int64_t hd_ias15_scratch(const hd_ias15 *method);

/* From control->t to `end`; x[size], v[size]. On failure x, v and t are those of the last good step. */
hd_ode_outcome hd_ias15_advance(const hd_ias15 *method, hd_ias15_control *control, double *x, double *v, double *memory,
                                double end, double *scratch);

#endif
