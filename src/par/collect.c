/* What brings blocks and ranks together: sums, minimum, gathered rows, edges.
 *
 * With several ranks every rank gets the values of all blocks and adds them in the one order of par/sum.h; of_block is
 * read at the places of this rank's blocks only.
 */
#include "par/exec_inside.h"
#include "par/sum.h"

#include <math.h>
#include <string.h>

/* The values of all blocks: of_block itself on one rank. NULL: a rank could not be reached or memory is out. */
static const double *of_all(hd_run *run, const double *of_block, int64_t blocks) {
  hd_exec *exec = run->exec;
  const hd_comm *comm = &exec->comm;
  if (comm->size == 1) return of_block;
  size_t bytes = (size_t)blocks * sizeof(double), places = (size_t)(comm->size + 1) * sizeof(size_t);
  if (hd_memory_grow(run->ctx, &exec->values, &exec->values_room, bytes + places, 1) != HD_OK) return NULL;
  size_t *first = exec->values;
  double *all = (double *)(void *)((char *)exec->values + places);
  for (int r = 0; r <= comm->size; r++) first[r] = (size_t)hd_part_first(blocks, comm->size, r) * sizeof(double);
  const double *mine = of_block + hd_part_first(blocks, comm->size, comm->rank);
  return comm->gather(comm->self, run->ctx, mine, all, first) == HD_OK ? all : NULL;
}

double hd_sum(hd_run *run, const double *of_block, int64_t blocks) {
  const double *all = of_all(run, of_block, blocks);
  return all ? hd_sum_values(all, blocks) : (double)NAN;
}

double hd_min(hd_run *run, const double *of_block, int64_t blocks) {
  const double *all = of_all(run, of_block, blocks);
  return all ? hd_min_values(all, blocks) : (double)NAN;
}

hd_status hd_gather(hd_run *run, const void *rows, size_t row, int64_t n, void **all, int64_t *n_all) {
  hd_exec *exec = run->exec;
  const hd_comm *comm = &exec->comm;
  size_t places = (size_t)(comm->size + 1) * sizeof(size_t);
  *all = NULL;
  *n_all = 0;
  HD_TRY(hd_memory_grow(run->ctx, &exec->values, &exec->values_room, places, 1));
  size_t *first = exec->values;
  HD_TRY(hd_comm_firsts(comm, run->ctx, (size_t)n * row, first));
  HD_TRY(hd_memory_grow(run->ctx, &exec->gathered, &exec->gathered_room, first[comm->size], 1));
  HD_TRY(comm->gather(comm->self, run->ctx, rows, exec->gathered, first));
  *all = exec->gathered;
  *n_all = row ? (int64_t)(first[comm->size] / row) : 0;
  return HD_OK;
}

static hd_status one_rank_only(hd_run *run, const char *what) {
  if (run->exec->comm.size == 1) return HD_OK;
  return hd_raise(run->ctx, HD_ERR_MISSING, "%s between %d ranks is not in this version", what, run->exec->comm.size);
}

hd_status hd_halo(hd_run *run, int field, int width) {
  (void)field, (void)width;
  return one_rank_only(run, "the exchange of edges");
}

hd_status hd_share(hd_run *run, int field) {
  (void)field;
  return one_rank_only(run, "sharing a field");
}
