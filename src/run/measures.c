/* Asking a solver for its measures: "name", or "name@argument" of a family. */
#include "run/running.h"

#include <math.h>
#include <string.h>

static const hd_measure *find(const hd_solver *solver, const char *name, size_t length) {
  const hd_measure *any = NULL;
  for (const hd_measure *m = solver->measures; m && m->name; m++) {
    if (strlen(m->name) == length && !memcmp(m->name, name, length)) return m;
    if (!strcmp(m->name, "*")) any = m;
  }
  return any;
}

const hd_measure *hd_measure_find(const hd_solver *solver, const char *name) {
  return find(solver, name, strcspn(name, "@"));
}

hd_status hd_running_measure(hd_running *running, const char *measure, double *value) {
  size_t length = strcspn(measure, "@");
  const hd_measure *found = find(running->solver, measure, length);
  char name[128];
  *value = NAN;
  if (!found || length >= sizeof name)
    return hd_raise(running->run.ctx, HD_ERR_INPUT, "%s has no measure '%.*s'", running->solver->name, (int)length,
                    measure);
  memcpy(name, measure, length);
  name[length] = 0;
  hd_exec_taken(running->run.exec, running->stepping_s);
  hd_status status = found->value(&running->run, name, measure[length] ? measure + length + 1 : NULL, value);
  return hd_while(running->run.ctx, status, "computing the measure %s", measure);
}
