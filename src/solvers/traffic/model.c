/* From parameters to what the physics reads: classes resolved into a model, states into rho and y, the road into
 * categories. Pure functions. */
#include "solvers/traffic/traffic.h"
#include "solvers/traffic/traffic_physics.h"

#include <string.h>

static int64_t find(const hd_items *items, const char *name) {
  for (int64_t i = 0; i < items->count; i++)
    if (!strcmp(items->name[i], name)) return i;
  return -1;
}

static const traffic_class *class_at(const traffic *t, int i) { return (const traffic_class *)t->classes.item + i; }

static void free_speeds_of(const traffic_class *c, double *free) {
  if (c->free_speed_form == 0) {
    for (int r = 0; r < TRAFFIC_CATEGORIES; r++) free[r] = c->free_speed;
    return;
  }
  for (int64_t k = 0; k < c->free_speeds.count; k++) {
    const char *name = c->free_speeds.name[k];
    if (name[0] >= '1' && name[0] <= '9' && !name[1]) free[name[0] - '0'] = ((const double *)c->free_speeds.item)[k];
  }
}

void traffic_model_of(const traffic *t, traffic_model *m) {
  memset(m, 0, sizeof *m);
  m->n = (int)(t->classes.count < TRAFFIC_CLASSES ? t->classes.count : TRAFFIC_CLASSES);
  m->jam = t->jam_density * (double)t->road.lanes;
  m->per_jam = 1 / m->jam;
  m->vacuum = traffic_max(t->numerics.vacuum, 1e-100); /* so that products of two densities are not lost */
  for (int i = 0; i < m->n; i++) {
    const traffic_class *c = class_at(t, i);
    m->pressure[i] = c->pressure;
    m->exponent[i] = c->exponent;
    m->power[i] = traffic_power_of(c->exponent);
    m->tau[i] = c->relaxation;
    m->creep[i] = c->creeping;
    free_speeds_of(c, m->free[i]);
    for (int j = 0; j < m->n; j++) {
      int64_t at = i == j ? -1 : find(&c->sees, t->classes.name[j]);
      m->sees[i][j] = at < 0 ? 1 : ((const double *)c->sees.item)[at];
    }
  }
}

bool traffic_wants_exact(const traffic *t) {
  return t->output.compare_form == 0 && t->output.compare == TRAFFIC_EXACT_SOLUTION;
}

void traffic_state_of(const traffic *t, const traffic_model *m, const hd_items *loads, int category,
                      double rho[TRAFFIC_CLASSES], double y[TRAFFIC_CLASSES]) {
  const traffic_load *load[TRAFFIC_CLASSES];
  double pressure[TRAFFIC_CLASSES], slope[TRAFFIC_CLASSES];
  for (int i = 0; i < m->n; i++) {
    int64_t at = find(loads, t->classes.name[i]);
    load[i] = at < 0 ? NULL : (const traffic_load *)loads->item + at;
    rho[i] = load[i] ? load[i]->density : 0;
  }
  traffic_pressures(m, m->n, rho, pressure, slope);
  double occupancy = traffic_occupancy(m, m->n, rho);
  for (int i = 0; i < m->n; i++) {
    double v = traffic_equilibrium(m->creep[i], m->free[i][category] - m->creep[i], occupancy);
    double w = v + pressure[i];
    if (load[i] && load[i]->speed == load[i]->speed) w = load[i]->speed + pressure[i];
    if (load[i] && load[i]->marker == load[i]->marker) w = load[i]->marker;
    y[i] = rho[i] * w;
  }
}

/* The first cell of a stretch: its border moved to the nearest face. */
static int64_t nearest_face(const traffic *t, double x) {
  double face = (x - t->road.start) / t->road.length * (double)t->road.cells;
  if (!(face > 0)) return 0;
  return face >= (double)t->road.cells ? t->road.cells : (int64_t)(face + 0.5);
}

int traffic_category_at(const traffic *t, int64_t cell) {
  if (t->road.quality_form == 0) return (int)t->road.quality;
  if (t->road.quality_form == 2) {
    int64_t rows = t->road.quality_rows.size[0];
    return rows ? (int)t->road.quality_rows.at[cell < rows ? cell : rows - 1] : 9;
  }
  const traffic_stretch *stretch = t->road.stretches.item;
  int category = t->road.stretches.count ? (int)stretch[0].category : 9;
  for (int64_t k = 1; k < t->road.stretches.count; k++)
    if (cell >= nearest_face(t, stretch[k].from)) category = (int)stretch[k].category;
  return category;
}

void traffic_categories(const traffic *t, uint8_t *category) {
  const traffic_stretch *stretch = t->road.stretches.item;
  int64_t done = 0, count = t->road.quality_form == 1 ? t->road.stretches.count : 0;
  for (int64_t k = 0; k < count; k++) { /* stretches ascend: each cell is written once */
    int64_t end = k + 1 < count ? nearest_face(t, stretch[k + 1].from) : t->road.cells;
    for (; done < end; done++) category[done] = (uint8_t)stretch[k].category;
  }
  for (; done < t->road.cells; done++) category[done] = (uint8_t)traffic_category_at(t, done);
}
