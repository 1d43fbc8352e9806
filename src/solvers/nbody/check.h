/* What nbody_check.c and check_files.c share: one pass over decoded parameters that notes every error with the path of the
 * value, so that the caret stands under it.
 */
#ifndef NBODY_CHECK_H
#define NBODY_CHECK_H

#include "io/notes.h"
#include "solvers/nbody/nbody.h"

/* check_files.c: reads the file of a group of particles into it; the last snapshot of output.compare. */
hd_status nbody_check_file(nbody *t, nbody_group *group, const char *name, hd_notes *notes);
hd_status nbody_check_reference(nbody *t, hd_notes *notes);

#endif
