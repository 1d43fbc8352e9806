/* The snapshot that is due: positions, velocities, potentials, and what they look like from the Sun. */
#include "solvers/nbody/run.h"

typedef struct columns {
  double *position, *velocity, *self, *external, *acceleration;
  double *sky[10]; /* in the order of the fields */
  double *component, *component_acceleration;
} columns;

static void put_state(const nbody_run *c, const columns *to, int64_t i) {
  double speed = c->t->speed_out, square = c->t->potential_out;
  for (int k = 0; k < 3; k++) {
    if (to->position) to->position[3 * i + k] = c->x[k * c->n + i];
    if (to->velocity) to->velocity[3 * i + k] = c->v[k * c->n + i] * speed;
    if (to->acceleration) to->acceleration[3 * i + k] = c->a[k * c->n + i] * square;
  }
  if (to->self) to->self[i] = c->self_potential[i] * square;
  if (to->external) to->external[i] = c->external_potential[i] * square;
}

static void put_sky(const nbody_run *c, const columns *to, int64_t i) {
  int64_t n = c->n;
  const double x[3] = {c->x[i], c->x[n + i], c->x[2 * n + i]}, v[3] = {c->v[i], c->v[n + i], c->v[2 * n + i]};
  nbody_sky s = nbody_sky_of(&c->view, x, v);
  const double value[10] = {s.distance, s.phi1, s.phi2, s.radial_velocity, s.pm_phi1_cosphi2, s.pm_phi2, s.ra,
                            s.dec,      s.l,    s.b};
  for (int k = 0; k < 10; k++) to->sky[k][i] = value[k];
}

static void put_components(const nbody_run *c, const columns *to, int64_t i) {
  int64_t n = c->n;
  const double x[3] = {c->x[i], c->x[n + i], c->x[2 * n + i]}, square = c->t->potential_out;
  for (int64_t k = 0; k < c->t->potential.count; k++) {
    nbody_potential part = nbody_potential_part(&c->galaxy, k);
    double a[3];
    nbody_acceleration_at(&part, x, a);
    to->component[k * n + i] = nbody_potential_at(&part, x) * square;
    for (int j = 0; j < 3; j++) to->component_acceleration[3 * (k * n + i) + j] = a[j] * square;
  }
}

static hd_status put_block(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const columns *to = arg;
  int64_t first = block * NBODY_TILE, end = first + NBODY_TILE < c->n ? first + NBODY_TILE : c->n;
  for (int64_t i = first; i < end; i++) {
    put_state(c, to, i);
    if (to->sky[0]) put_sky(c, to, i);
    if (to->component) put_components(c, to, i);
  }
  return HD_OK;
}

hd_status nbody_snapshot(hd_run *run) {
  nbody_run *c = run->self;
  columns to = {.position = hd_data(run, NBODY_POSITION),
                .velocity = hd_data(run, NBODY_VELOCITY),
                .self = hd_data(run, NBODY_SELF_POTENTIAL),
                .external = hd_data(run, NBODY_EXTERNAL_POTENTIAL),
                .acceleration = hd_data(run, NBODY_ACCELERATION),
                .component = hd_data(run, NBODY_COMPONENT_POTENTIAL),
                .component_acceleration = hd_data(run, NBODY_COMPONENT_ACCELERATION)};
  for (int k = 0; k < 10; k++) to.sky[k] = hd_data(run, NBODY_DISTANCE + k);
  double *time = hd_data(run, NBODY_SNAPSHOT_TIME);
  if (time) *time = *c->now;
  HD_TRY(nbody_force_now(run, true));
  return hd_for_blocks(run, c->blocks, put_block, &to);
}
