/* The solvers built in. */
#include "solvers/registry.h"

#include "solvers/command/command.h"
#include "solvers/nbody/nbody.h"
#include "solvers/traffic/traffic.h"

const hd_solver *const hd_solvers[] = {&hd_solver_traffic, &hd_solver_nbody, &hd_solver_command, NULL};
