/* What the machine is made of, through hwloc. Loading it takes milliseconds: for `heddle tune`, `heddle doctor` and questions
 * of NUMA only. How much of the machine may be used is par/limits.h, which is quick. */
#ifndef HD_PAR_TOPOLOGY_H
#define HD_PAR_TOPOLOGY_H

#include "base/ctx.h"

typedef struct hd_cache {
  int64_t bytes;
  int cores;
} hd_cache; /* of one; cores that share it. 0, 0: there is none */

typedef struct hd_topology {
  int packages, nodes; /* nodes: of memory (NUMA) */
  int cores, threads;  /* threads: logical CPUs, of the allowed ones */
  hd_cache l1, l2, l3; /* l1: of data */
  int64_t memory;      /* bytes of all nodes; 0: unknown */
} hd_topology;

/* synthetic: NULL for this machine, or a machine in hwloc's words, "pack:2 numa:2 l3:1 core:16 pu:2". HD_ERR_INPUT: those
 * words are none; HD_ERR_MISSING: hwloc fails. */
hd_status hd_topology_read(hd_ctx *ctx, const char *synthetic, hd_topology *out);

/* "2 packages, 4 NUMA nodes, 64 cores, 128 threads, L1 32 KiB, L2 1 MiB, L3 32 MiB for 8 cores, 256 GiB" */
void hd_topology_text(const hd_topology *topology, char *out, size_t room);

#endif
