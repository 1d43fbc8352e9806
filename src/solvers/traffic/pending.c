/* Entry points of files that are being written: checks, exact solutions of a case, figures, formats. Whoever lands one of
 * them removes its lines here; with the last the file goes. Only the defaults that other entries decide are filled in. */
#include "solvers/traffic/traffic.h"

hd_status traffic_check(void *params, hd_notes *notes) {
  traffic *t = params;
  (void)notes;
  if (t->road.cells == INT64_MIN) t->road.cells = (int64_t)(t->road.length / t->road.cell + 0.999999);
  t->road.cell = t->road.length / (double)t->road.cells;
  if (!(t->numerics.courant > 0)) t->numerics.courant = t->compat ? 0.8 : 0.9;
  return HD_OK;
}

hd_status traffic_exact(const traffic *t, const traffic_model *model, double time, int64_t cells, double *density,
                        double *speed, double *marker) {
  (void)t, (void)model, (void)time, (void)cells, (void)density, (void)speed, (void)marker;
  return HD_OK;
}

double traffic_exact_value(const traffic *t, const traffic_model *model, const char *name) {
  (void)t, (void)model, (void)name;
  return __builtin_nan("");
}

const hd_drawing traffic_figures[] = {{0}};
const hd_format traffic_formats[] = {{0}};
