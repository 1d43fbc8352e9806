/* The inside of an exec: only for this folder. */
#ifndef HD_PAR_EXEC_INSIDE_H
#define HD_PAR_EXEC_INSIDE_H

#include "par/exec.h"

struct hd_exec {
  hd_ctx           *ctx;
  int               threads;
  size_t            per_thread;
  char             *scratch;
  size_t            used;
  bool              inside; /* a region is running */
  double            seconds_per_block;
  int64_t           batch;
  const atomic_int *stop;
  void             *gathered;
  size_t            gathered_room;
};

#endif
