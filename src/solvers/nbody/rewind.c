/* The orbit of a group's centre from the time of its place to time.start: DOP853, tolerance 1e-12 (section 5 of the notes). */
#include "solvers/nbody/rewind.h"

#include "heddle/math.h"
#include "solvers/nbody/orbits.h"

#include <stdio.h>

bool nbody_is_rewound(const nbody *t, const nbody_group *g) {
  return !hd_is_nan(g->place.at) && g->place.at != t->time.start;
}

static hd_dop853 method_of(const nbody *t, const nbody_group *g, const nbody_potential *galaxy) {
  return (hd_dop853){.size = 6,
                     .rate = nbody_orbit_rate,
                     .self = (void *)(uintptr_t)galaxy, /* read only */
                     .relative = 1e-12,
                     .absolute = 1e-12,
                     .min_step = t ? 0x1p-40 * hd_abs(g->place.at - t->time.start) : 0,
                     .max_steps = 100000000};
}

size_t nbody_rewind_bytes(void) {
  hd_dop853 method = method_of(NULL, NULL, NULL);
  return hd_dop853_bytes(&method, 1);
}

nbody_rewound nbody_rewind(const nbody *t, const nbody_group *g, const nbody_potential *galaxy, void *scratch) {
  nbody_rewound r = {.t = t->time.start};
  for (int k = 0; k < 3; k++) {
    r.centre[k] = g->place.position[k];
    r.centre[3 + k] = g->place.velocity[k];
  }
  if (!nbody_is_rewound(t, g)) return r;
  hd_dop853 method = method_of(t, g, galaxy);
  hd_dop853_control control = {.t = g->place.at};
  hd_dop853_advance(&method, 1, &control, r.centre, t->time.start, scratch);
  r.t = control.t;
  r.step = control.step;
  r.outcome = control.outcome;
  return r;
}

void nbody_rewind_failed(const nbody *t, const char *name, const nbody_rewound *r, char *text, size_t room) {
  double distance = hd_sqrt(r->centre[0] * r->centre[0] + r->centre[1] * r->centre[1] + r->centre[2] * r->centre[2]);
  bool physical = nbody_is_physical(t), near = physical && distance < 0.1;
  const char *time = physical ? " Gyr" : "", *length = near ? " pc" : physical ? " kpc" : "";
  char why[96];
  if (r->outcome == HD_ODE_STEP_TOO_SMALL) snprintf(why, sizeof why, "step below %.2g%s", hd_abs(r->step), time);
  else snprintf(why, sizeof why, "%s", hd_ode_outcome_text((int)r->outcome));
  snprintf(text, room, "the orbit of bodies.%s cannot be integrated past %.6g%s: %s at r = %.3g%s", name, r->t, time,
           why, near ? 1e3 * distance : distance, length);
}
