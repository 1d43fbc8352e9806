/* The solvers at hand: the built-in ones and those of the plug-ins that were asked for (never by a scenario key). */
#ifndef HD_RUN_SOLVERS_H
#define HD_RUN_SOLVERS_H

#include "base/ctx.h"
#include "base/hash.h"
#include "heddle/solver.h"

typedef struct hd_solver_set hd_solver_set;

/* Opens the plug-ins. HD_ERR_MISSING: a file that is none, or was built for another interface. */
hd_status hd_solver_set_new(hd_ctx *ctx, const char *const *plugins, int count, hd_solver_set **out);
void hd_solver_set_free(hd_solver_set *solvers); /* closes them; no run may be left. NULL is allowed */

const hd_solver *hd_solver_set_find(const hd_solver_set *solvers, const char *name); /* NULL: there is none */
const hd_solver *hd_solver_set_at(const hd_solver_set *solvers, int index);          /* NULL past the last */

/* Where a solver comes from: NULL and zeros for a built-in one. */
const char *hd_solver_set_path(const hd_solver_set *solvers, const hd_solver *solver);
hd_hash hd_solver_set_hash(const hd_solver_set *solvers, const hd_solver *solver);

#endif
