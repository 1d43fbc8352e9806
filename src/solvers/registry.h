/* The solvers built in, one line each in registry.c. */
#ifndef HD_SOLVERS_REGISTRY_H
#define HD_SOLVERS_REGISTRY_H

#include "heddle/solver.h"

extern const hd_solver *const hd_solvers[];   /* ended by NULL */

#endif
