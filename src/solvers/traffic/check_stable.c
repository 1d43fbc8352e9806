/* time.steps: is the step that it asks for stable at the start? The rule is that of the step itself (section 4.4 of the
 * solver's notes): dt <= dx/S, S the largest a+ of a cell's left face less a- of its right one. */
#include "solvers/traffic/check.h"

#include "base/ctx.h"
#include "heddle/math.h"
#include "solvers/traffic/boundary.h"
#include "solvers/traffic/traffic_physics.h"

enum { ROW = 512 };

/* What a cell contributes to its faces. */
typedef struct fastest {
  double low, high; /* characteristic speeds while relaxation moves v towards Ve */
  double
      front[TRAFFIC_CLASSES]; /* max(v, Ve) + P of a class that is there: less the pressure ahead, its front's speed */
  double pressure[TRAFFIC_CLASSES];
  bool here[TRAFFIC_CLASSES];
} fastest;

static fastest of_cell(const check *c, const double *rho, const double *y, int category) {
  const traffic_model *m = &c->model;
  double slope[TRAFFIC_CLASSES], up[TRAFFIC_CLASSES], down[TRAFFIC_CLASSES], other;
  double occupancy = traffic_occupancy(m, m->n, rho);
  fastest f;
  traffic_pressures(m, m->n, rho, f.pressure, slope);
  for (int i = 0; i < m->n; i++) {
    double ve = traffic_equilibrium(m->creep[i], m->free[i][category] - m->creep[i], occupancy);
    f.here[i] = rho[i] > m->vacuum;
    double v = f.here[i] ? y[i] / rho[i] - f.pressure[i] : 0;
    up[i] = f.here[i] && c->t->source ? hd_larger(v, ve) : v;
    down[i] = f.here[i] && c->t->source ? hd_smaller(v, ve) : v;
    f.front[i] = up[i] + f.pressure[i];
  }
  traffic_speeds(m, m->n, rho, up, slope, &other, &f.high);
  traffic_speeds(m, m->n, rho, down, slope, &f.low, &other);
  return f;
}

static double rightgoing(const check *c, const fastest *l, const fastest *r) {
  double a = hd_larger(hd_larger(l->high, r->high), 0);
  for (int i = 0; i < c->model.n; i++)
    if (l->here[i] && !r->here[i]) a = hd_larger(a, l->front[i] - r->pressure[i]);
  return a;
}
static double leftgoing(const fastest *l, const fastest *r) { return hd_smaller(hd_smaller(l->low, r->low), 0); }

typedef struct sweep {
  const check *c;
  double *rho, *y; /* [class][ROW] */
  fastest before, now;
  double enters;  /* a+ of the left face of `now` */
  double largest; /* S */
} sweep;

/* The next cell to the right. */
static void advance(sweep *s, fastest next) {
  s->largest = hd_larger(s->enters - leftgoing(&s->now, &next), s->largest);
  s->enters = rightgoing(s->c, &s->now, &next);
  s->before = s->now;
  s->now = next;
}

static fastest outside(const check *c, int side) {
  traffic_end end;
  double next;
  int64_t edge = side ? c->t->road.cells - 1 : 0;
  if (traffic_end_at(c->t, &c->model, 0, side, c->t->time.start, &end, &next) != HD_OK)
    end = (traffic_end){.kind = TRAFFIC_WALL};
  return of_cell(c, end.rho, end.y, traffic_category_at(c->t, edge));
}

static hd_status largest_speed(const check *c, double *largest) {
  const traffic *t = c->t;
  double rho[TRAFFIC_CLASSES], y[TRAFFIC_CLASSES];
  void *memory;
  size_t bytes = (size_t)c->model.n * ROW * sizeof(double);
  HD_TRY(hd_arena_take(hd_notes_arena(c->notes), 2 * bytes, &memory));
  sweep s = {.c = c, .rho = memory, .y = (double *)memory + (size_t)c->model.n * ROW};
  for (int64_t first = 0; first < t->road.cells; first += ROW) {
    int64_t count = t->road.cells - first < ROW ? t->road.cells - first : ROW;
    HD_TRY(traffic_initial(t, &c->model, 0, first, count, s.rho, s.y));
    for (int64_t j = 0; j < count; j++) {
      for (int i = 0; i < c->model.n; i++) {
        rho[i] = s.rho[i * count + j];
        y[i] = s.y[i * count + j];
      }
      fastest cell = of_cell(c, rho, y, traffic_category_at(t, first + j));
      if (first + j) {
        advance(&s, cell);
        continue;
      }
      fastest left = outside(c, 0);
      s.now = cell;
      s.enters = rightgoing(c, &left, &cell);
    }
  }
  advance(&s, outside(c, 1));
  *largest = s.largest;
  return HD_OK;
}

void check_fixed_step(check *c) {
  traffic *t = c->t;
  double largest;
  if (t->time.steps == INT64_MIN || !(t->time.end > t->time.start)) return;
  if (hd_notes_count(c->notes, HD_NOTE_ERROR)) return; /* of states that are wrong nothing follows */
  c->status = largest_speed(c, &largest);
  if (c->status != HD_OK || !(largest > 0)) return;
  double step = (t->time.end - t->time.start) / (double)t->time.steps, stable = t->road.cell / largest;
  if (step <= stable * (1 + 1e-9)) return;
  double least = -hd_floor(-(t->time.end - t->time.start) / stable);
  hd_note_path hint = hd_notes_path("time.steps >= %.0f", least);
  hd_error(c->notes, "time.steps", hint.text, "step %.3g s is %.3g times the stable one (%.3g s) at t = %g", step,
           step / stable, stable, t->time.start);
}
