/* `check`: dependent defaults, errors and warnings across keys, facts. Files are read in check_files.c. */
#include "solvers/nbody/check.h"

#include "base/ctx.h"
#include "heddle/math.h"
#include "io/notes.h"
#include "solvers/nbody/frame.h"
#include "solvers/nbody/rewind.h"

#include <stdio.h>
#include <string.h>

/* ---- units ------------------------------------------------------------------------------------------------------- */

static void units(nbody *t, hd_notes *notes) {
  bool physical = nbody_is_physical(t), scaled = !hd_is_nan(t->units.length) && !hd_is_nan(t->units.mass);
  t->gravity_constant = physical ? NBODY_G : 1;
  t->speed_out = physical ? NBODY_KM_S : 1;
  t->potential_out = physical ? NBODY_KM_S * NBODY_KM_S : 1;
  if (hd_is_nan(t->gravity.softening)) t->gravity.softening = physical ? 1e-4 : 0;
  hd_fact(notes, "G_code", physical ? "kpc^3/Msun/Gyr^2" : "1", t->gravity_constant);
  if (physical && (!hd_is_nan(t->units.length) || !hd_is_nan(t->units.mass)))
    hd_error(notes, "units.system", "units.system: nbody",
             "units.length and units.mass are for a dimensionless system");
  if (physical || !scaled) return;
  double L = t->units.length, T = hd_sqrt(L * L * L / (NBODY_G * t->units.mass));
  hd_fact(notes, "length_unit", "kpc", L);
  hd_fact(notes, "mass_unit", "Msun", t->units.mass);
  hd_fact(notes, "time_unit", "Gyr", T);
  hd_fact(notes, "gigayear", "1", 1 / T);
  hd_fact(notes, "velocity_unit", "km/s", L / T * NBODY_KM_S);
}

/* ---- potential --------------------------------------------------------------------------------------------------- */

static void one_component(const nbody_component *c, const char *name, hd_notes *notes) {
  hd_note_path path = hd_notes_path("potential.%s", name);
  bool virial = !hd_is_nan(c->virial_mass), lean = !hd_is_nan(c->concentration);
  if (c->type == NBODY_NFW && virial != lean)
    hd_error(notes, path.text, "give mass and scale_radius, or virial_mass and concentration",
             "virial_mass and concentration of an nfw go together");
  if (c->type == NBODY_EXPONENTIAL_DISK && c->height > 3 * c->radial_scale)
    hd_error(notes, path.text, "height <= 3 radial_scale",
             "the fit of Smith et al. (2015) ends at a height of 3 radial scales");
}

static void potential(const nbody *t, hd_notes *notes) {
  for (int64_t i = 0; i < t->potential.count; i++)
    one_component((const nbody_component *)t->potential.item + i, t->potential.name[i], notes);
}

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static double sampled_mass(const nbody_group *g) {
  if (!hd_is_nan(g->mass)) return g->mass;
  if (g->type != NBODY_PLUMMER || hd_is_nan(g->slope)) return 0;
  double mean = 0; /* over 64 equal shares of the mass function */
  for (int k = 0; k < 64; k++) {
    double u = (k + 0.5) / 64, p = 1 + g->slope;
    mean += hd_abs(p) < 1e-9
                ? g->minimum * hd_exp(u * hd_log(g->maximum / g->minimum))
                : hd_pow(hd_pow(g->minimum, p) + u * (hd_pow(g->maximum, p) - hd_pow(g->minimum, p)), 1 / p);
  }
  return mean / 64 * (double)g->count;
}

double nbody_dynamical_time(const nbody *t, const nbody_group *g) {
  double mass = 0, radius = HD_NAN;
  if (g->type == NBODY_PLUMMER) mass = sampled_mass(g), radius = g->scale_radius;
  if (g->type == NBODY_TWO_BODY && g->masses.count == 2) {
    mass = ((const double *)g->masses.item)[0] + ((const double *)g->masses.item)[1];
    radius = g->pericentre;
  }
  return mass > 0 && t->gravity.self ? hd_sqrt(radius * radius * radius / (t->gravity_constant * mass)) : HD_NAN;
}

static void sampled(const nbody_group *g, const char *path, hd_notes *notes) {
  bool power = g->masses_form == 1 && !hd_is_nan(g->slope);
  if (hd_is_nan(g->mass) && !power) hd_error(notes, path, "mass: of all bodies together", "%s.mass is missing", path);
  if (power && !(g->maximum > g->minimum))
    hd_error(notes, path, NULL, "the largest mass %g is not above the smallest %g", g->maximum, g->minimum);
  if (g->masses_form == 1 && !power && !g->shares.count)
    hd_error(notes, path, "masses: {groups: [{fraction: 0.5, weight: 1}, ...]}",
             "masses has neither groups nor a power law");
}

static hd_status one_group(nbody *t, nbody_group *g, const char *name, hd_notes *notes) {
  hd_note_path path = hd_notes_path("bodies.%s", name);
  if (g->type == NBODY_PLUMMER) sampled(g, path.text, notes);
  if (g->type == NBODY_TWO_BODY) {
    const double *m = g->masses.item;
    if (g->masses.count != 2)
      hd_error(notes, path.text, "masses: [M1, M2]", "a two_body has %lld masses", (long long)g->masses.count);
    else if (!(m[0] + m[1] > 0)) hd_error(notes, path.text, NULL, "the bodies of a two_body have no mass");
  }
  if (g->type != NBODY_PARTICLES) return HD_OK;
  if (g->file) return nbody_check_file(t, g, name, notes);
  if (!g->position.count) hd_error(notes, path.text, "position: [[x, y, z], ...]", "%s has no bodies", path.text);
  if (g->velocity.count && g->velocity.count != g->position.count)
    hd_error(notes, path.text, NULL, "%lld positions and %lld velocities", (long long)g->position.count,
             (long long)g->velocity.count);
  if (g->masses.count && g->masses.count != g->position.count)
    hd_error(notes, path.text, NULL, "%lld positions and %lld masses", (long long)g->position.count,
             (long long)g->masses.count);
  return HD_OK;
}

static hd_status bodies(nbody *t, hd_notes *notes) {
  if (!t->bodies.count) hd_error(notes, "bodies", "bodies: {cluster: {type: plummer, ...}}", "there are no bodies");
  for (int64_t i = 0; i < t->bodies.count; i++)
    HD_TRY(one_group(t, (nbody_group *)t->bodies.item + i, t->bodies.name[i], notes));
  return HD_OK;
}

/* ---- integrator and steps ---------------------------------------------------------------------------------------- */

/* Mean position of listed bodies or of a file, beside the place; else 0. */
static void add_mean_position(const nbody_group *g, double centre[3]) {
  int64_t n = nbody_group_count(g);
  const double *list = g->position.item;
  if (g->type != NBODY_PARTICLES || n < 1) return;
  for (int k = 0; k < 3; k++) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += g->file ? (g->file_column[k] ? g->file_column[k][i] : 0) : list[3 * i + k];
    centre[k] += sum / (double)n;
  }
}

/* Distance of the group's start from the centre of the galaxy; 0: none to go by. An orbit that cannot be rewound is noted. */
static double start_radius(const nbody *t, int64_t i, const nbody_potential *galaxy, void *scratch, hd_notes *notes) {
  const nbody_group *g = nbody_group_of(t, i);
  char why[256];
  nbody_rewound r = nbody_rewind(t, g, galaxy, scratch);
  if (r.outcome != HD_ODE_FINE) {
    hd_note_path path = hd_notes_path("bodies.%s.place", t->bodies.name[i]);
    nbody_rewind_failed(t, t->bodies.name[i], &r, why, sizeof why);
    hd_error(notes, path.text, "a start nearer to place.at, or another place", "%s", why);
    return 0;
  }
  double *x = r.centre;
  add_mean_position(g, x);
  double radius = hd_sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
  if (radius > 0) return radius;
  return g->type == NBODY_SPHERE || g->type == NBODY_CIRCLE || g->type == NBODY_INCLINED ? g->radius : 0;
}

static hd_status open_galaxy(const nbody *t, hd_notes *notes, nbody_potential *galaxy, void **scratch) {
  hd_arena *arena = hd_notes_arena(notes);
  const nbody_component *parts = t->potential.item;
  void *memory;
  HD_TRY(hd_arena_take(arena, nbody_rewind_bytes(), scratch));
  HD_TRY(hd_arena_take(arena, nbody_potential_bytes(t->potential.count, parts) + 128, &memory));
  memory = (char *)memory + (64 - (uintptr_t)memory % 64) % 64;
  hd_status status = nbody_potential_prepare(arena->ctx, t->potential.count, parts, t->gravity_constant,
                                             nbody_kiloparsec(t), memory, galaxy);
  if (status != HD_ERR_INPUT) return status;
  hd_error(notes, "potential", NULL, "%s", hd_ctx_message(arena->ctx));
  return HD_OK;
}

/* The longest step that resolves every sphere, and every group's orbit from where it starts; infinity: nothing to go by. */
static hd_status longest_step(const nbody *t, hd_notes *notes, double *longest) {
  nbody_potential galaxy = {0};
  void *scratch = NULL;
  bool rewound = false;
  *longest = HD_INFINITY;
  for (int64_t i = 0; i < t->bodies.count; i++) {
    double inside = nbody_dynamical_time(t, nbody_group_of(t, i));
    if (inside > 0) *longest = hd_smaller(0.02 * inside, *longest);
    rewound |= nbody_is_rewound(t, nbody_group_of(t, i));
  }
  if (!t->potential.count) return HD_OK;
  if (rewound) HD_TRY(open_galaxy(t, notes, &galaxy, &scratch));
  if (rewound && !galaxy.terms) return HD_OK; /* noted */
  for (int64_t i = 0; i < t->bodies.count; i++) {
    double r = start_radius(t, i, &galaxy, scratch, notes);
    if (!(r > 0)) continue;
    double speed = nbody_circular_speed_of(t->potential.count, t->potential.item, t->gravity_constant, r);
    if (speed > 0) *longest = hd_smaller(0.01 * r / speed, *longest);
  }
  return HD_OK;
}

static void choose_integrator(nbody *t) {
  if (t->numerics.integrator > NBODY_AUTO) return; /* below: not given */
  bool fixed = t->time.steps != INT64_MIN || !hd_is_nan(t->time.step);
  t->numerics.integrator = fixed                  ? NBODY_LEAPFROG
                           : !nbody_attracts(t)   ? NBODY_DOP853
                           : nbody_total(t) <= 16 ? NBODY_IAS15
                                                  : NBODY_LEAPFROG;
}

static hd_status fixed_steps(nbody *t, hd_notes *notes) {
  static const double most = 1099511627776.0;
  double all = hd_abs(t->time.end - t->time.start), step = t->time.step;
  if (t->time.steps != INT64_MIN) return HD_OK;
  if (all == 0) {
    t->time.steps = 1;
    return HD_OK;
  }
  if (hd_is_nan(step)) HD_TRY(longest_step(t, notes, &step));
  if (!(step < HD_INFINITY)) {
    hd_error(notes, "time", "time.step: or time.steps:", "time.step: auto has nothing to go by here");
    return HD_OK;
  }
  double n = all / step;
  if (n > most) hd_error(notes, "time", "a longer step", "%.3g steps are more than 2^40", n);
  else t->time.steps = (int64_t)n + ((double)(int64_t)n < n);
  if (t->time.steps < 1) t->time.steps = 1;
  return HD_OK;
}

static void warn_of_step(const nbody *t, hd_notes *notes) {
  double h = hd_abs(t->time.end - t->time.start) / (double)t->time.steps;
  hd_fact(notes, "step", nbody_is_physical(t) ? "Gyr" : "1", h);
  hd_fact(notes, "steps", "1", (double)t->time.steps);
  for (int64_t i = 0; i < t->bodies.count; i++) {
    double inside = nbody_dynamical_time(t, nbody_group_of(t, i));
    if (!(inside > 0)) continue;
    hd_note_path name = hd_notes_path("internal_dynamical_time_%s", t->bodies.name[i]);
    hd_fact(notes, name.text, nbody_is_physical(t) ? "Gyr" : "1", inside);
    if (nbody_group_of(t, i)->type != NBODY_PLUMMER || !(h > 0.05 * inside)) continue;
    const char *unit = nbody_is_physical(t) ? " Myr" : "";
    double in = nbody_is_physical(t) ? 1e3 : 1;
    hd_warning(
        notes, "time", "time.step: auto",
        "the step %.3g%s is %.2g of the internal dynamical time %.3g%s of bodies.%s: it will dissolve numerically",
        h * in, unit, h / inside, inside * in, unit, t->bodies.name[i]);
  }
}

/* Rows by steps need steps that all bodies share. */
static void counted_rows(const nbody *t, hd_notes *notes) {
  static const char *const path[2] = {"output.snapshots", "output.ledger"};
  const hd_schedule *rows[2] = {&t->output.snapshots, &t->output.ledger};
  if (t->numerics.integrator != NBODY_DOP853 || nbody_attracts(t)) return;
  for (int k = 0; k < 2; k++)
    if (rows[k]->every_steps > 0)
      hd_error(notes, path[k], "{every: TIME}, a count or a list of times",
               "every_steps counts steps of all bodies; with dop853 each orbit has its own");
}

static hd_status steps(nbody *t, hd_notes *notes) {
  choose_integrator(t);
  counted_rows(t, notes);
  if (!nbody_is_adaptive(t)) {
    HD_TRY(fixed_steps(t, notes));
    if (t->time.steps != INT64_MIN && t->time.end != t->time.start) warn_of_step(t, notes);
    return HD_OK;
  }
  if (t->time.steps != INT64_MIN || !hd_is_nan(t->time.step))
    hd_error(notes, t->time.steps != INT64_MIN ? "time.steps" : "time.step",
             "remove it, or take an integrator of fixed steps; numerics.tolerance and max_step steer this one",
             "%s chooses its steps itself", t->numerics.integrator == NBODY_IAS15 ? "ias15" : "dop853");
  return HD_OK;
}

/* ---- observer, output -------------------------------------------------------------------------------------------- */

static void observer(const nbody *t, hd_notes *notes) {
  const nbody_observer *o = &t->observer;
  if (o->frame != NBODY_CUSTOM) return;
  if (hd_is_nan(o->rotation[0])) {
    hd_error(notes, "observer", "nine numbers, row by row", "observer.rotation is missing");
    return;
  }
  double off = nbody_rotation_error(o->rotation);
  if (!(off <= 1e-6))
    hd_error(notes, "observer.rotation", "1e-6 is allowed", "rotation differs from orthonormal by %.2g", off);
}

static void exact(const nbody *t, hd_notes *notes) {
  static const char path[] = "output.compare";
  if (t->bodies.count != 1 || nbody_group_of(t, 0)->type != NBODY_TWO_BODY)
    hd_error(notes, path, "compare: initial", "exact is the Kepler orbit of one two_body");
  else if (t->potential.count || t->gravity.softening > 0 || !t->gravity.self)
    hd_error(notes, path, "gravity: {softening: 0}",
             "exact needs bodies alone, with self-gravity and without softening");
}

static hd_status output(nbody *t, hd_notes *notes) {
  if (t->output.sky_form != 1) t->output.sky = t->potential.count > 0 && nbody_is_physical(t);
  if (t->output.sky && !nbody_is_physical(t))
    hd_error(notes, "output.sky", "units.system: galactic", "a dimensionless system has no sky");
  if (t->output.rotation_curve.count && !t->potential.count)
    hd_error(notes, "output.rotation_curve", "potential: or preset: milky_way_2014",
             "a rotation curve needs a potential");
  if (t->output.compare_form == 0 && t->output.compare == NBODY_EXACT) exact(t, notes);
  return t->output.compare_form == 1 ? nbody_check_reference(t, notes) : HD_OK;
}

hd_status nbody_check(void *params, hd_notes *notes) {
  nbody *t = params;
  units(t, notes);
  potential(t, notes);
  HD_TRY(bodies(t, notes));
  if (nbody_total(t) < 1) return HD_OK;
  HD_TRY(steps(t, notes));
  observer(t, notes);
  HD_TRY(output(t, notes));
  hd_fact(notes, "bodies", "1", (double)nbody_total(t));
  return HD_OK;
}
