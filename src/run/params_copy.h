/* A copy of a decoded parameter struct whose items are its own, so that a check may fill in what is `auto`. */
#ifndef HD_RUN_PARAMS_COPY_H
#define HD_RUN_PARAMS_COPY_H

#include "base/memory.h"
#include "heddle/solver.h"

/* Copies `size` bytes from `from` to `into` and the items (HD_LIST, HD_NAMED) below them into the arena. Texts, lists of
 * times and names are shared. */
hd_status hd_params_copy(hd_arena *arena, const hd_param *params, const void *from, size_t size, void *into);

#endif
