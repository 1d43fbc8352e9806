/* A program that heddle runs must not outlive it, not even a heddle that is killed with -9.
 *
 * Beside each context that runs programs stands a guard: a small shell that knows the process group of the program and reads
 * from a socket. When heddle dies, however it does, the system closes the socket, and the guard kills the group.
 */
#ifndef HD_IO_PROGRAM_GUARD_H
#define HD_IO_PROGRAM_GUARD_H

#include "base/ctx.h"

#include <sys/types.h>

/* Starts the guard of the context unless it is there. Without a shell there is none, and the log says so. */
void hd_guard_begin(hd_ctx *ctx);

/* From now on the group dies with heddle; 0: there is none any more. */
void hd_guard_group(hd_ctx *ctx, pid_t group);

#endif
