/* The ledger of impulse (section 4.5): what the galaxy gave, by the quadrature of the steps, so that an entry can tell what
 * self-gravity wrongly produced. Kept only where impulse_residual is asked for. */
#include "heddle/math.h"
#include "par/sum.h"
#include "solvers/nbody/run.h"

#include <string.h>

typedef struct job {
  const double *x;
  double *of_block; /* [3][blocks] */
} job;

static hd_status kick_block(hd_run *run, int64_t block, void *arg) {
  const nbody_run *c = run->self;
  const job *j = arg;
  int64_t first = block * NBODY_TILE, count = c->n - first < NBODY_TILE ? c->n - first : NBODY_TILE;
  double a[3 * NBODY_TILE];
  memset(a, 0, sizeof a);
  c->galaxy_force(&c->galaxy, count,
                  (const double *const[]){j->x + first, j->x + c->n + first, j->x + 2 * c->n + first},
                  (double *const[]){a, a + NBODY_TILE, a + 2 * NBODY_TILE});
  for (int k = 0; k < 3; k++)
    j->of_block[k * c->blocks + block] = hd_sum_products(c->mass + first, a + k * NBODY_TILE, count);
  return HD_OK;
}

hd_status nbody_kicked(hd_run *run, const double *x, double h) {
  nbody_run *c = run->self;
  double *kicks = hd_data(run, NBODY_KICKS);
  if (!kicks || !c->self || !c->galaxy.terms) return HD_OK;
  if (!c->of_block) {
    void *memory;
    HD_TRY(hd_alloc(run, 3 * (size_t)c->blocks * sizeof(double), &memory));
    c->of_block = memory;
  }
  job j = {x, c->of_block};
  HD_TRY(c->blocks == 1 ? kick_block(run, 0, &j) : hd_for_blocks(run, c->blocks, kick_block, &j));
  for (int k = 0; k < 3; k++) {
    hd_tally tally = {kicks[k], kicks[KICK_LOST + k]};
    hd_tally_add(&tally, h * hd_sum(run, c->of_block + k * c->blocks, c->blocks));
    kicks[k] = tally.sum;
    kicks[KICK_LOST + k] = tally.lost;
  }
  return HD_OK;
}

/* Of an entry: what the momentum should not have gained. momentum and before in the units of results. */
void nbody_impulse_residual(hd_run *run, const double momentum[3], const double before[3], double out[3]) {
  const nbody_run *c = run->self;
  const double *kicks = hd_data(run, NBODY_KICKS);
  bool unknown = c->galaxy.terms && nbody_is_adaptive(c->t);
  for (int k = 0; k < 3; k++) {
    double given = kicks ? (kicks[k] + kicks[KICK_LOST + k]) * c->t->speed_out : 0;
    out[k] = !c->self ? 0 : unknown ? HD_NAN : momentum[k] - before[k] - given;
  }
}
