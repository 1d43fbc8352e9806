/* Where a group is at time.start: its place is given for one time, its orbit is that of a test particle in the galaxy.
 *
 *   HD_TRY(hd_alloc(run, nbody_rewind_bytes(), &scratch));
 *   nbody_rewound r = nbody_rewind(t, group, &galaxy, scratch);
 *   if (r.outcome) nbody_rewind_failed(t, name, &r, text, sizeof text);
 */
#ifndef NBODY_REWIND_H
#define NBODY_REWIND_H

#include "num/dop853.h"
#include "solvers/nbody/nbody.h"
#include "solvers/nbody/potential.h"

typedef struct nbody_rewound {
  double centre[6]; /* x, y, z, vx, vy, vz at time.start, or where the orbit failed */
  double t, step;   /* reached; the step it failed with */
  int64_t outcome;  /* hd_ode_outcome */
} nbody_rewound;

bool nbody_is_rewound(const nbody *t, const nbody_group *group); /* the place holds at another time */
size_t nbody_rewind_bytes(void);
nbody_rewound nbody_rewind(const nbody *t, const nbody_group *group, const nbody_potential *galaxy, void *scratch);

/* "the orbit of bodies.cluster cannot be integrated past -4.1 Gyr: step below 1e-12 Gyr at r = 2 pc" */
void nbody_rewind_failed(const nbody *t, const char *name, const nbody_rewound *rewound, char *text, size_t room);

#endif
