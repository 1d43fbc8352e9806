/* The tables of a potential, filled at set-up (some milliseconds); compiled per level for its fma. */
#ifndef NBODY_POTENTIAL_TABLES_H
#define NBODY_POTENTIAL_TABLES_H

#include "base/isa.h"
#include "solvers/nbody/potential_terms.h"

enum { NBODY_OCTAVES_BELOW = 44, NBODY_OCTAVES_ABOVE = 36, NBODY_BINS = 32 * (NBODY_OCTAVES_BELOW + NBODY_OCTAVES_ABOVE) };

/* Fills t->force, and but for nfw t->energy and what continues it, from kind, p, norm, alpha and beta. Room for NBODY_BINS
 * rows each. */
HD_ISA_DECLARE(void, nbody_term_tables, (nbody_term *t, double *force, double *energy));

#endif
