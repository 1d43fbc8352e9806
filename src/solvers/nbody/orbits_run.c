/* Test particles: every block of them goes its way alone, many steps at a time. */
#include "heddle/math.h"
#include "solvers/nbody/orbits.h"
#include "solvers/nbody/run.h"

typedef struct way {
  double h, end;
  int64_t steps;
} way;

int64_t nbody_follow_blocks(const nbody *t) { return (nbody_total(t) + NBODY_ORBITS - 1) / NBODY_ORBITS; }

static int64_t block_of(const nbody_run *c, int64_t block, double *state[6]) {
  int64_t first = block * NBODY_ORBITS, left = c->n - first;
  for (int k = 0; k < 6; k++) state[k] = c->x + k * c->n + first;
  return left < NBODY_ORBITS ? left : NBODY_ORBITS;
}

static hd_status fixed(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const way *w = arg;
  double *state[6];
  int64_t n = block_of(c, block, state);
  c->orbits(&c->galaxy, (nbody_integrator)c->t->numerics.integrator, n, state, w->h, w->steps);
  return HD_OK;
}

hd_status nbody_follow(hd_run *run, double h, int64_t steps) {
  nbody_run *c = run->self;
  way w = {.h = h, .steps = steps};
  c->force_known = c->potential_known = false;
  nbody_integrator integrator = (nbody_integrator)c->t->numerics.integrator;
  c->counts[COUNT_FORCES] += steps * (integrator == NBODY_RK4 ? 4 : nbody_composition_of(integrator)->stages);
  return hd_for_blocks(run, nbody_follow_blocks(c->t), fixed, &w);
}

/* ---- adaptive ---------------------------------------------------------------------------------------------------- */

static hd_status adaptive(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const nbody *t = c->t;
  const way *w = arg;
  double *state[6];
  void *scratch;
  int64_t n = block_of(c, block, state), first = block * NBODY_ORBITS;
  bool had_failed[NBODY_ORBITS];
  nbody_limits limits = nbody_limits_of(t);
  const char *unit = nbody_is_physical(t) ? " Gyr" : "", *length = nbody_is_physical(t) ? " kpc" : "";
  hd_dop853_control *control = (hd_dop853_control *)hd_data(run, NBODY_CONTROLS) + first;
  hd_dop853 method = {.size = 6,
                      .rate = nbody_orbit_rate,
                      .self = (void *)(uintptr_t)&c->galaxy,
                      .relative = t->numerics.tolerance,
                      .absolute = limits.absolute,
                      .max_step = limits.max_step,
                      .min_step = limits.min_step,
                      .max_steps = t->numerics.max_steps,
                      .at_once = 1 + 1000000 / c->n};
  HD_TRY(hd_scratch(run, nbody_orbits_adaptive_bytes(n), &scratch));
  for (int64_t i = 0; i < n; i++) had_failed[i] = control[i].outcome != HD_ODE_FINE;
  nbody_orbits_adaptive(&c->galaxy, &method, n, state, w->end, control, scratch);
  for (int64_t i = 0; i < n; i++) {
    if (had_failed[i] || control[i].outcome == HD_ODE_FINE) continue;
    double r = hd_sqrt(state[0][i] * state[0][i] + state[1][i] * state[1][i] + state[2][i] * state[2][i]);
    hd_part_failed(run, NBODY_PARTICLE, first + i, control[i].t, "%s: %.3g%s at t = %.17g%s, r = %.6g%s",
                   hd_ode_outcome_text((int)control[i].outcome), control[i].step, unit, control[i].t, unit, r, length);
  }
  return HD_OK;
}

hd_status nbody_follow_to(hd_run *run, double end) {
  nbody_run *c = run->self;
  way w = {.end = end};
  c->force_known = c->potential_known = false;
  HD_TRY(hd_for_blocks(run, nbody_follow_blocks(c->t), adaptive, &w));
  const hd_dop853_control *control = hd_data(run, NBODY_CONTROLS);
  int64_t steps = 0, forces = 0;
  double sign = c->t->time.end < c->t->time.start ? -1 : 1, behind = end;
  for (int64_t i = 0; i < c->n; i++) {
    steps = control[i].steps > steps ? control[i].steps : steps;
    forces = control[i].evaluations > forces ? control[i].evaluations : forces;
    if (control[i].outcome == HD_ODE_FINE && sign * control[i].t < sign * behind) behind = control[i].t;
  }
  *c->now = behind; /* of the orbit that is least far */
  c->counts[COUNT_STEPS] = steps;
  c->counts[COUNT_FORCES] = forces;
  if (c->n == 1) c->books[BOOK_STEP] = hd_abs(control[0].step);
  return HD_OK;
}
