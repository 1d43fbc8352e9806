/* Gadget HDF5 snapshots, as yt, pynbody and the Gadget family read them: kpc, km/s, 1e10 Msun, no cosmology.
 * Springel, Yoshida & White 2001, doi:10.1016/S1384-1076(01)00042-2, and the users' guide of Gadget 4. */
#ifndef NBODY_GADGET_H
#define NBODY_GADGET_H

#include "solvers/nbody/nbody.h"

/* The bodies of a snapshot as columns of the group, in the order of the file; what is wrong with it is noted at `path`. */
hd_status nbody_gadget_read(nbody *t, nbody_group *group, const char *path, hd_notes *notes);

/* Every snapshot of a result as a file of its own beside `path`: snapshot_000.hdf5, ... */
hd_status nbody_gadget_write(const hd_result *result, const char *path);

#endif
