/* The first-order step against a plain implementation of sections 4.2 to 4.5 written here, on random states with empty
 * cells, every boundary, several blocks and threads; walls, positivity, mass, events. hd-label-tsan
 */
#include "heddle/math.h"
#include "solvers/traffic/traffic_physics.h"
#include "unit/traffic_road.h"

/* ---- the plain implementation: whole arrays with one ghost cell at each end -------------------------------------- */

enum { MOST = 6000 };
typedef struct plain {
  const traffic *t;
  traffic_model m;
  int64_t cells;
  double rho[2][MOST + 2], y[2][MOST + 2];
  traffic_end end[2];
} plain;

static void plain_relax(plain *p, double dt) {
  for (int64_t j = 1; j <= p->cells; j++) {
    double rho[2] = {p->rho[0][j], p->rho[1][j]}, pressure[2], slope[2];
    int category = traffic_category_at(p->t, j - 1);
    traffic_pressures(&p->m, p->m.n, rho, pressure, slope);
    for (int i = 0; i < p->m.n; i++) {
      double g = fmax(0, 1 - traffic_occupancy(&p->m, p->m.n, rho));
      double e = p->m.creep[i] + (p->m.free[i][category] - p->m.creep[i]) * g + pressure[i];
      p->y[i][j] = rho[i] * e + (p->y[i][j] - rho[i] * e) * exp(-dt / p->m.tau[i]);
    }
  }
}

static void plain_ghosts(plain *p) {
  for (int side = 0; side < 2; side++) {
    int64_t at = side ? p->cells + 1 : 0, inner = side ? p->cells : 1, other = side ? 1 : p->cells;
    for (int i = 0; i < p->m.n; i++) {
      traffic_kind kind = p->end[side].kind;
      int64_t from = kind == TRAFFIC_RING ? other : inner;
      p->rho[i][at] = kind == TRAFFIC_FREE ? 0 : kind == TRAFFIC_INFLOW ? p->end[side].rho[i] : p->rho[i][from];
      p->y[i][at] = kind == TRAFFIC_FREE ? 0 : kind == TRAFFIC_INFLOW ? p->end[side].y[i] : p->y[i][from];
    }
  }
}

/* a+, a- and the flux between cells j and j + 1 by the words of 4.2. */
static void plain_face(const plain *p, int64_t j, double *plus, double *minus, double *f, double *g) {
  int n = p->m.n;
  double rho[2][2], v[2][2], pressure[2][2], slope[2][2], w[2][2] = {{0}};
  bool here[2][2];
  for (int s = 0; s < 2; s++) {
    for (int i = 0; i < n; i++) rho[s][i] = p->rho[i][j + s];
    traffic_pressures(&p->m, n, rho[s], pressure[s], slope[s]);
    for (int i = 0; i < n; i++) {
      here[s][i] = rho[s][i] > p->m.vacuum;
      if (here[s][i]) w[s][i] = p->y[i][j + s] / rho[s][i];
      v[s][i] = here[s][i] ? w[s][i] - pressure[s][i] : 0;
    }
  }
  *plus = *minus = 0;
  for (int s = 0; s < 2; s++) {
    double low, high;
    traffic_speeds(&p->m, n, rho[s], v[s], slope[s], &low, &high);
    *plus = fmax(*plus, high);
    *minus = fmin(*minus, low);
  }
  for (int i = 0; i < n; i++)
    if (here[0][i] && !here[1][i]) *plus = fmax(*plus, fmax(v[0][i], w[0][i] - pressure[1][i]));
  double width = *plus - *minus;
  for (int i = 0; i < n; i++) {
    double y_l = p->y[i][j], y_r = p->y[i][j + 1];
    f[i] =
        width < 1e-14
            ? 0
            : (*plus * rho[0][i] * v[0][i] - *minus * rho[1][i] * v[1][i] + *plus * *minus * (rho[1][i] - rho[0][i])) /
                  width;
    g[i] = width < 1e-14 ? 0 : (*plus * y_l * v[0][i] - *minus * y_r * v[1][i] + *plus * *minus * (y_r - y_l)) / width;
  }
  if ((p->end[0].kind == TRAFFIC_WALL && j == 0) || (p->end[1].kind == TRAFFIC_WALL && j == p->cells))
    f[0] = f[1] = g[0] = g[1] = 0;
}

static void plain_step(plain *p, double dt) {
  static double f[MOST + 1][2], g[MOST + 1][2];
  double plus, minus, dx = p->t->road.length / (double)p->cells;
  if (p->t->source) plain_relax(p, dt / 2);
  plain_ghosts(p);
  for (int64_t j = 0; j <= p->cells; j++) plain_face(p, j, &plus, &minus, f[j], g[j]);
  for (int64_t j = 1; j <= p->cells; j++) {
    for (int i = 0; i < p->m.n; i++) {
      p->rho[i][j] -= dt / dx * (f[j][i] - f[j - 1][i]);
      p->y[i][j] -= dt / dx * (g[j][i] - g[j - 1][i]);
    }
  }
  if (p->t->source) plain_relax(p, dt / 2);
}

/* S of the rule without source, from the lambda of the cells. */
static double plain_fastest(plain *p) {
  double most = 0, f[2], g[2];
  plain_ghosts(p);
  for (int64_t j = 1; j <= p->cells; j++) {
    double plus, minus, other;
    plain_face(p, j - 1, &plus, &other, f, g);
    plain_face(p, j, &other, &minus, f, g);
    most = fmax(most, plus - minus);
  }
  return most;
}

/* ---- the step against it ----------------------------------------------------------------------------------------- */

typedef struct setting {
  int64_t cells;
  int classes;
  traffic_kind left, right;
  bool source, mixed;
} setting;

static void set_road(road *r, const setting *s) {
  if (s->classes == 1) road_one_class(r, 30, 2);
  else road_preset(r, s->mixed);
  r->t.source = s->source;
  r->t.road.cells = s->cells;
  r->t.road.length = 10 * (double)s->cells;
  if (s->mixed) { /* a new quality every so often */
    r->t.road.quality_form = 1;
    for (int k = 0; k < 8; k++)
      r->stretch[k] = (traffic_stretch){(double)k * r->t.road.length / 8 + 3, (int64_t[]){1, 4, 3, 5, 2, 9, 1, 3}[k]};
    r->t.road.stretches = (hd_items){r->stretch, NULL, 8};
  }
  r->t.initial.kind = TRAFFIC_RANDOM;
  r->t.initial.empty = .5;
  hd_items state = road_state(r, 0, .03, 20, .01, 18);
  r->t.left.only = (traffic_phase){.kind = (int)s->left, .state_form = 1, .state = state};
  r->t.right.only = (traffic_phase){.kind = (int)s->right, .state_form = 1, .state = state};
}

static double worst_difference(const plain *p, const traffic_run *c) {
  double worst = 0;
  for (int i = 0; i < p->m.n; i++) {
    for (int64_t j = 0; j < p->cells; j++) {
      worst = fmax(worst, fabs(c->rho[i * c->cells + j] - p->rho[i][j + 1]));
      worst = fmax(worst, fabs(c->y[i * c->cells + j] - p->y[i][j + 1]) / 100);
    }
  }
  return worst;
}

static void matches_plain(const setting *s) {
  static plain p;
  road r;
  drive d;
  set_road(&r, s);
  drive_start(&d, &r, 1);
  traffic_run *c = drive_cache(&d);
  p = (plain){.t = &r.t, .m = c->model, .cells = s->cells, .end = {c->link.end[0], c->link.end[1]}};
  for (int i = 0; i < p.m.n; i++)
    for (int64_t j = 0; j < s->cells; j++)
      p.rho[i][j + 1] = c->rho[i * c->cells + j], p.y[i][j + 1] = c->y[i * c->cells + j];
  if (!s->source && s->right != TRAFFIC_FREE) {
    double stable = INFINITY;
    for (int64_t b = 0; b < c->blocks; b++) stable = fmin(stable, c->stable[b]);
    near_relative(stable, 10 / plain_fastest(&p), 1e-12);
  }
  double now = 0;
  for (int k = 0; k < 20; k++) {
    assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
    plain_step(&p, d.progress.at - now);
    now = d.progress.at;
    double worst = worst_difference(&p, c);
    if (!(worst < 1e-12))
      fail_msg("%lld cells, %d classes, ends %d %d, step %d: off by %g", (long long)s->cells, s->classes, s->left,
               s->right, k, worst);
  }
  drive_row(&d, TRAFFIC_ENTRY);
  assert_true(drive_measure(&d, "density_min") >= 0);
  assert_true(drive_measure(&d, "ledger_residual") < 1e-13);
  drive_end(&d);
}

static void step_is_the_specified_one(void **state) {
  (void)state;
  static const traffic_kind ends[][2] = {{TRAFFIC_RING, TRAFFIC_RING},
                                         {TRAFFIC_INFLOW, TRAFFIC_OPEN},
                                         {TRAFFIC_WALL, TRAFFIC_FREE},
                                         {TRAFFIC_FREE, TRAFFIC_WALL},
                                         {TRAFFIC_OPEN, TRAFFIC_INFLOW}};
  static const int64_t cells[] = {1, 2, 3, 7, 100, 255, 256, 257, 258, 259, 513, 2049, 5000};
  for (size_t e = 0; e < sizeof ends / sizeof *ends; e++)
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
      for (int form = 0; form < 4; form++)
        matches_plain(&(setting){cells[k], form == 3 ? 1 : 2, ends[e][0], ends[e][1], form > 0 && form < 3, form == 2});
}

/* ---- properties -------------------------------------------------------------------------------------------------- */

static void uniform_equilibrium_never_moves(void **state) {
  (void)state;
  for (int quality = 1; quality <= 9; quality = quality == 5 ? 9 : quality + 1) {
    road r;
    drive d;
    road_preset(&r, quality % 2);
    r.t.road.quality = quality;
    r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
    r.t.initial.state = road_state(&r, 0, .05, NAN, .02, NAN);
    drive_start(&d, &r, 1);
    traffic_run *c = drive_cache(&d);
    double rho = c->rho[0], y = c->y[0], y_c = c->y[100];
    d.run.until = 1e9;
    r.t.time.end = 1e9;
    for (int k = 0; k < 1000; k++) assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
    for (int j = 0; j < 100; j++) {
      near_relative(c->rho[j], rho, 1e-13);
      near_relative(c->y[j], y, 1e-13);
      near_relative(c->y[100 + j], y_c, 1e-13);
    }
    drive_end(&d);
  }
}

static void wall_lets_nothing_through(void **state) {
  (void)state;
  road r;
  drive d;
  set_road(&r, &(setting){50, 2, TRAFFIC_WALL, TRAFFIC_WALL, true, false});
  drive_start(&d, &r, 1);
  drive_until(&d, 60);
  for (int i = 0; i < 2; i++) {
    same_number(drive_get(&d, "inflow", i), 0);
    same_number(drive_get(&d, "outflow", i), 0);
  }
  assert_true(drive_measure(&d, "mass_drift") < 1e-13);
  drive_end(&d);
}

static void threads_do_not_change_a_bit(void **state) {
  (void)state;
  static double reference[2][2 * 5000];
  for (int threads = 1; threads <= 3; threads++) {
    road r;
    drive d;
    set_road(&r, &(setting){5000, 2, TRAFFIC_INFLOW, TRAFFIC_FREE, true, true});
    drive_start(&d, &r, threads);
    hd_exec_cost(d.exec, INFINITY); /* wide, however small */
    for (int k = 0; k < 50; k++) assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
    traffic_run *c = drive_cache(&d);
    if (threads == 1) {
      memcpy(reference[0], c->rho, sizeof reference[0]);
      memcpy(reference[1], c->y, sizeof reference[1]);
    }
    assert_memory_equal(reference[0], c->rho, sizeof reference[0]);
    assert_memory_equal(reference[1], c->y, sizeof reference[1]);
    drive_end(&d);
  }
}

static void rebuild_in_the_middle_changes_nothing(void **state) {
  (void)state;
  road r;
  drive a, b;
  set_road(&r, &(setting){300, 2, TRAFFIC_INFLOW, TRAFFIC_OPEN, true, true});
  drive_start(&a, &r, 1);
  drive_start(&b, &r, 1);
  for (int k = 0; k < 40; k++) {
    assert_int_equal(hd_solver_traffic.step(&a.run, &a.progress), HD_OK);
    if (k == 17) assert_int_equal(hd_solver_traffic.rebuild(&b.run), HD_OK);
    assert_int_equal(hd_solver_traffic.step(&b.run, &b.progress), HD_OK);
  }
  same_number(a.progress.at, b.progress.at);
  assert_memory_equal(drive_cache(&a)->y, drive_cache(&b)->y, 600 * sizeof(double));
  drive_end(&a);
  drive_end(&b);
}

/* Schedule borders and asked-for times are hit exactly. */
static void events_are_hit(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, false);
  r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
  r.t.initial.state = road_state(&r, 0, .1, NAN, .03333, NAN);
  r.t.left.only = (traffic_phase){.kind = TRAFFIC_INFLOW, .state_form = 0};
  r.phase[1][0] = (traffic_phase){.from = 0, .kind = TRAFFIC_WALL};
  r.phase[1][1] = (traffic_phase){.from = 10.1, .kind = TRAFFIC_FREE};
  r.t.right = (traffic_border){{.kind = -1}, {r.phase[1], NULL, 2}};
  drive_start(&d, &r, 1);
  double before = 0;
  bool met = false;
  d.run.until = 7.3;
  while (d.progress.at < 7.3) assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
  same_number(d.progress.at, 7.3);
  d.run.until = 60;
  while (!d.progress.done) {
    assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
    assert_true(d.progress.at > before);
    if (d.progress.at <= 10.1) same_number(drive_cache(&d)->books[BOOK_OUT * 2], 0);
    if (d.progress.at == 10.1) met = true;
    before = d.progress.at;
  }
  assert_true(met);
  same_number(before, 60);
  assert_true(drive_cache(&d)->books[BOOK_OUT * 2] > 1);
  drive_row(&d, TRAFFIC_ENTRY);
  assert_true(drive_measure(&d, "ledger_residual") < 1e-13);
  drive_end(&d);
}

/* A queue, its discharge, then an empty road; fixed steps that are too long are cut. */
static void fixed_steps_land_on_the_end(void **state) {
  (void)state;
  road r;
  drive d;
  set_road(&r, &(setting){100, 2, TRAFFIC_RING, TRAFFIC_RING, true, false});
  r.t.time.steps = 7;
  r.t.time.end = 10;
  drive_start(&d, &r, 1);
  for (int k = 1; k <= 7; k++) {
    assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_OK);
    same_number(d.progress.at, k == 7 ? 10 : k * (10.0 / 7));
    assert_true(d.progress.done == (k == 7));
  }
  drive_row(&d, TRAFFIC_ENTRY);
  assert_true(drive_cache(&d)->counts[COUNT_REPEATED] > 0);
  assert_true(drive_measure(&d, "density_min") >= 0);
  assert_true(drive_measure(&d, "mass_drift") < 1e-13);
  drive_end(&d);
}

static void empty_road_takes_one_step_to_each_event(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, false);
  r.t.initial.kind = TRAFFIC_UNIFORM;
  r.t.initial.state = road_state(&r, 0, 0, NAN, 0, NAN);
  r.t.left.only.kind = r.t.right.only.kind = TRAFFIC_OPEN;
  drive_start(&d, &r, 1);
  drive_until(&d, 60);
  assert_true(d.progress.done);
  same_number(drive_measure(&d, "steps"), 1);
  drive_end(&d);
}

static void a_bad_number_is_told_with_its_cell(void **state) {
  (void)state;
  road r;
  drive d;
  road_preset(&r, false);
  r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
  r.t.initial.state = road_state(&r, 0, .05, NAN, .02, NAN);
  drive_start(&d, &r, 1);
  traffic_run *c = drive_cache(&d);
  c->y[100 + 42] = 1e308;
  c->y[100 + 43] = -1e308;
  assert_int_equal(hd_solver_traffic.step(&d.run, &d.progress), HD_ERR_NUMERIC);
  if (!strstr(hd_ctx_message(d.ctx), "in cell 4")) fail_msg("%s", hd_ctx_message(d.ctx));
  drive_end(&d);
}

/* Way and time of vehicles from moments against sums over cells and steps. */
static void travel_measures(void **state) {
  (void)state;
  for (int ring = 0; ring < 2; ring++) {
    road r;
    drive d;
    road_preset(&r, false);
    r.t.initial.kind = TRAFFIC_EQUILIBRIUM;
    r.t.initial.state = road_state(&r, 0, .02, NAN, .01, NAN);
    if (!ring) {
      r.t.left.only = (traffic_phase){.kind = TRAFFIC_INFLOW, .state_form = 0};
      r.t.right.only = (traffic_phase){.kind = TRAFFIC_OPEN};
    }
    drive_start(&d, &r, 1);
    traffic_run *c = drive_cache(&d);
    double v[2], way = 0;
    for (int i = 0; i < 2; i++) {
      double gap = 1 - .03 / .25;
      v[i] = c->model.creep[i] + (c->model.free[i][1] - c->model.creep[i]) * gap;
      way += v[i] * c->rho[i * 100] * 1000 * 60;
    }
    drive_until(&d, 60);
    near_relative(drive_measure(&d, "vehicle_time"), 30 * 60, 1e-12);
    near_relative(drive_measure(&d, "vehicle_distance"), way, 1e-11);
    near_relative(drive_measure(&d, "throughput"), v[0] * .02 + v[1] * .01, 1e-11);
    drive_end(&d);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(step_is_the_specified_one),
                                     cmocka_unit_test(uniform_equilibrium_never_moves),
                                     cmocka_unit_test(wall_lets_nothing_through),
                                     cmocka_unit_test(threads_do_not_change_a_bit),
                                     cmocka_unit_test(rebuild_in_the_middle_changes_nothing),
                                     cmocka_unit_test(events_are_hit),
                                     cmocka_unit_test(fixed_steps_land_on_the_end),
                                     cmocka_unit_test(empty_road_takes_one_step_to_each_event),
                                     cmocka_unit_test(a_bad_number_is_told_with_its_cell),
                                     cmocka_unit_test(travel_measures)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
