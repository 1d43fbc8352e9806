/* Blocks of a region, scratch memory, and the sums over blocks. */
#include "par/exec_inside.h"

#include <math.h>
#include <string.h>

hd_status hd_for_blocks(hd_run *run, int64_t blocks, hd_status (*work)(hd_run *, int64_t, void *), void *arg) {
  hd_exec *exec = run->exec;
  if (exec->inside) return hd_raise(run->ctx, HD_ERR_BUG, "hd_for_blocks was called inside a block of another region");
  exec->inside = true;
  hd_status status = HD_OK;
  for (int64_t b = 0; b < blocks && status == HD_OK; b++) {
    exec->used = 0;
    status = work(run, b, arg);
  }
  exec->inside = false;
  return status;
}

hd_status hd_scratch(hd_run *run, size_t bytes, void **memory) {
  hd_exec *exec = run->exec;
  *memory = NULL;
  if (!exec->inside) return hd_raise(run->ctx, HD_ERR_BUG, "hd_scratch was called outside a block; hd_alloc lasts longer");
  size_t whole = (bytes + 63) / 64 * 64;
  if (whole < bytes || whole > exec->per_thread - exec->used)
    return hd_raise(run->ctx, HD_ERR_BUG, "a block asks for %zu bytes of scratch after %zu, but plan.per_thread is %zu", bytes,
                    exec->used, exec->per_thread);
  *memory = exec->scratch + exec->used;
  exec->used += whole;
  return HD_OK;
}

/* Leaves of 256 values are summed in 32 lanes; above, halves at the largest power of two: the shape is the count's. */
enum { LANES = 32, LEAF = 256 };

static double leaf_sum(const double *x, int64_t n) {
  double lane[LANES] = {0};
  for (int64_t i = 0; i < n; i++) lane[i % LANES] += x[i];
  for (int half = LANES / 2; half; half /= 2)
    for (int i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
}

static double tree_sum(const double *x, int64_t n) {
  if (n <= LEAF) return leaf_sum(x, n);
  int64_t left = LEAF;
  while (left * 2 < n) left *= 2;
  return tree_sum(x, left) + tree_sum(x + left, n - left);
}

double hd_sum(hd_run *run, const double *of_block, int64_t blocks) {
  (void)run;
  return tree_sum(of_block, blocks);
}

double hd_min(hd_run *run, const double *of_block, int64_t blocks) {
  (void)run;
  double least = (double)INFINITY;
  for (int64_t i = 0; i < blocks; i++) {
    if (isnan(of_block[i])) return of_block[i];
    if (of_block[i] < least) least = of_block[i];
  }
  return least;
}

hd_status hd_halo(hd_run *run, int field, int width) {
  (void)run, (void)field, (void)width;
  return HD_OK;
}

hd_status hd_share(hd_run *run, int field) {
  (void)run, (void)field;
  return HD_OK;
}

hd_status hd_gather(hd_run *run, const void *rows, size_t row, int64_t n, void **all, int64_t *n_all) {
  hd_exec *exec = run->exec;
  HD_TRY(hd_memory_grow(run->ctx, &exec->gathered, &exec->gathered_room, (size_t)n * row, 1));
  if (n) memcpy(exec->gathered, rows, (size_t)n * row);
  *all = exec->gathered;
  *n_all = n;
  return HD_OK;
}
