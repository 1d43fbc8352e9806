/* Cells in a queue, in loops over cells that vectorise. v < speed is asked as y - rho P < speed rho: no division. */
#include "solvers/traffic/queue_step.h"

#include "solvers/traffic/traffic_physics.h"

enum { ROW = 256 }; /* cells looked at at once, in the first-level cache */

typedef struct row {
  double felt[ROW];               /* x_i; then the flow rho_i v_i */
  double flow[ROW], density[ROW]; /* of all classes */
} row;

static inline __attribute__((always_inline)) void pressures(double *x, int count, double K, traffic_power power,
                                                            double gamma) {
  double less;
  HD_INDEPENDENT
  for (int j = 0; j < count; j++) x[j] = K * traffic_to_the(x[j], power, gamma, &less);
}

static void pressures_of(const traffic_model *m, int i, double *x, int count) {
  switch (m->power[i]) {
    case TRAFFIC_1: pressures(x, count, m->pressure[i], TRAFFIC_1, 1); break;
    case TRAFFIC_1_5: pressures(x, count, m->pressure[i], TRAFFIC_1_5, 1.5); break;
    case TRAFFIC_2: pressures(x, count, m->pressure[i], TRAFFIC_2, 2); break;
    case TRAFFIC_2_5: pressures(x, count, m->pressure[i], TRAFFIC_2_5, 2.5); break;
    case TRAFFIC_3: pressures(x, count, m->pressure[i], TRAFFIC_3, 3); break;
    case TRAFFIC_ANY: pressures(x, count, m->pressure[i], TRAFFIC_ANY, m->exponent[i]); break;
  }
}

static void felt_by(const traffic_model *m, int i, const double *rho, int64_t stride, double *x, int count) {
  for (int j = 0; j < count; j++) x[j] = m->sees[i][0] * rho[j];
  for (int k = 1; k < m->n; k++) {
    const double *other = rho + k * stride;
    for (int j = 0; j < count; j++) x[j] = x[j] + m->sees[i][k] * other[j];
  }
  for (int j = 0; j < count; j++) x[j] = x[j] * m->per_jam;
}

static int64_t slow_of_class(const traffic_model *m, row *r, const double *rho, const double *y, double speed,
                             int count) {
  int64_t slow = 0;
  HD_INDEPENDENT
  for (int j = 0; j < count; j++) {
    uint64_t here = traffic_present(m, rho[j]);
    double flow = traffic_keep(here, y[j] - rho[j] * r->felt[j]), there = traffic_keep(here, rho[j]);
    r->flow[j] += flow;
    r->density[j] += there;
    slow += flow < speed * there;
  }
  return slow;
}

void HD_ISA(traffic_queue)(const traffic_model *m, const double *rho, const double *y, int64_t stride, int64_t count,
                           double speed, int64_t *cells) {
  row r;
  for (int64_t first = 0; first < count; first += ROW) {
    int part = count - first < ROW ? (int)(count - first) : ROW;
    for (int j = 0; j < part; j++) r.flow[j] = r.density[j] = 0;
    for (int i = 0; i < m->n; i++) {
      felt_by(m, i, rho + first, stride, r.felt, part);
      pressures_of(m, i, r.felt, part);
      cells[i] += slow_of_class(m, &r, rho + i * stride + first, y + i * stride + first, speed, part);
    }
    int64_t slow = 0;
    for (int j = 0; j < part; j++) slow += r.flow[j] < speed * r.density[j];
    cells[m->n] += slow;
  }
}
