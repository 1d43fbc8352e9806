/* The rounds of the pair force: which tiles meet when. */
#include "solvers/nbody/pair.h"

int64_t nbody_pair_tiles(int64_t n) { return (n + NBODY_TILE - 1) / NBODY_TILE; }

int64_t nbody_pair_rounds(int64_t n) { return nbody_pair_tiles(n) / 2 + 1; }

/* In the last round of an even number of tiles I meets J and J meets I: half of them are enough. */
int64_t nbody_pair_tasks(int64_t n, int64_t round) {
  int64_t tiles = nbody_pair_tiles(n);
  return round > 0 && 2 * round == tiles ? round : tiles;
}
