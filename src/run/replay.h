/* Playing back the inputs that were set in an earlier run (scenario key `replay: RESULT`), at the same steps: the digest is
 * that run's again. */
#ifndef HD_RUN_REPLAY_H
#define HD_RUN_REPLAY_H

#include "run/running.h"

/* Reads the inputs of the scenario's `replay`, if it has one; those before the present step are taken as done. */
hd_status hd_replay_open(hd_running *running);

/* Sets the inputs that take effect at the next step. Costs nothing without a replay. */
hd_status hd_replay_apply(hd_running *running);

void hd_replay_close(hd_running *running);

#endif
