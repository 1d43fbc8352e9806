/* Two tiles meet, in one precision: included by pair_kernel.c with REAL, N(name), UNIT, LANES, ROWS, SCALE, SMALLEST, KEEPS_S2. */

enum { N(UNITS) = TILE / UNIT, N(PARTS) = UNIT / LANES, N(W) = ROWS * UNIT / LANES };

/* Bodies by eights: x, y, z, m; or their sums ax, ay, az, p. Beyond the last body: its place without mass. */
typedef struct N(tile) {
  _Alignas(64) REAL at[N(UNITS)][4][UNIT];
} N(tile);

/* What is computed ahead for ROWS owners and one unit of partners. */
typedef struct N(ring) {
  _Alignas(64) REAL s2[SLOTS][N(W)][LANES];
  _Alignas(64) REAL begun[SLOTS][N(W)][LANES];
} N(ring);

/* Sums of ROWS owners, in lanes. */
typedef struct N(sums) {
  N(lanes) at[4][N(W)];
} N(sums);

typedef struct N(meeting) {
  const N(tile) *owner, *partner;
  int rows, units; /* owners, a multiple of ROWS; units of partners */
  REAL soft;
  REAL (*to_owner)[TILE];
  N(tile) *to_partner;
} N(meeting);

HD_FN const REAL *N(row)(const N(tile) *t, int i) { return t->at[i / UNIT][0] + i % UNIT; }

/* Partners `p` of owners from `o` on: s^2 and what takes long. */
HD_FN void N(look_ahead)(const REAL *o, const REAL (*p)[UNIT], N(lanes) soft, bool keep, REAL (*to_s2)[LANES], REAL (*begun)[LANES]) {
  N(lanes) s2[N(W)], y[N(W)];
  UNROLLED for (int v = 0; v < N(W); v++) {
    int r = v / N(PARTS), from = v % N(PARTS) * LANES;
    /* No tile is empty of bodies. NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
    N(lanes) dx = N(load)(p[0] + from) - N(all)(o[r]), dy = N(load)(p[1] + from) - N(all)(o[UNIT + r]),
             dz = N(load)(p[2] + from) - N(all)(o[2 * UNIT + r]);
    s2[v] = N(fma)(dx, dx, N(fma)(dy, dy, N(fma)(dz, dz, soft)));
  }
  UNROLLED for (int v = 0; v < N(W); v += 2) N(begin)(s2[v], s2[v + 1], &y[v], &y[v + 1]);
  UNROLLED for (int v = 0; v < N(W); v++) {
    if (keep) N(store)(to_s2[v], s2[v]);
    N(store)(begun[v], y[v]);
  }
}

/* Adds the pairs of ROWS owners with a unit of partners to sums of one or both; `self`: of which lane is the owner itself, or -1. */
HD_FN void N(add)(const REAL *o, const REAL (*p)[UNIT], const REAL (*s2)[LANES], const REAL (*begun)[LANES], int self,
                  bool owners, bool partners, bool potential, bool keep, N(sums) *a, REAL (*b)[UNIT]) {
  UNROLLED for (int h = 0; h < N(PARTS); h++) {
    int from = h * LANES;
    N(lanes) x = N(load)(p[0] + from), y = N(load)(p[1] + from), z = N(load)(p[2] + from), m = N(load)(p[3] + from), bx, by, bz, bp;
    if (partners) bx = N(load)(b[0] + from), by = N(load)(b[1] + from), bz = N(load)(b[2] + from);
    if (partners && potential) bp = N(load)(b[3] + from);
    UNROLLED for (int r = 0; r < ROWS; r++) {
      int v = r * N(PARTS) + h;
      N(lanes) far = keep ? N(load)(s2[v]) : N(all)(0), begin = N(load)(begun[v]);
      N(lanes) dx = x - N(all)(o[r]), dy = y - N(all)(o[UNIT + r]), dz = z - N(all)(o[2 * UNIT + r]);
      N(lanes) near, weight = N(weigh)(far, begin, potential, &near);
      if (owners) {
        N(lanes) mj = m;
        if (self >= 0) mj = N(without)(m, self + r - from);
        N(lanes) w = weight * mj;
        a->at[0][v] = N(fma)(w, dx, a->at[0][v]);
        a->at[1][v] = N(fma)(w, dy, a->at[1][v]);
        a->at[2][v] = N(fma)(w, dz, a->at[2][v]);
        if (potential) a->at[3][v] = N(fma)(near, mj, a->at[3][v]);
      }
      if (partners) {
        N(lanes) mi = N(all)(o[3 * UNIT + r]), w = weight * mi;
        bx = N(fnma)(w, dx, bx);
        by = N(fnma)(w, dy, by);
        bz = N(fnma)(w, dz, bz);
        if (potential) bp = N(fma)(near, mi, bp);
      }
    }
    if (partners) N(store)(b[0] + from, bx), N(store)(b[1] + from, by), N(store)(b[2] + from, bz);
    if (partners && potential) N(store)(b[3] + from, bp);
  }
}

/* The lanes of each owner by halves. */
HD_FN void N(fold)(const N(sums) *a, bool potential, int i, REAL (*to)[TILE]) {
  for (int k = 0; k < 3 + potential; k++)
    for (int r = 0; r < ROWS; r++) {
      REAL t[UNIT];
      UNROLLED for (int h = 0; h < N(PARTS); h++) N(store)(t + h * LANES, a->at[k][r * N(PARTS) + h]);
      UNROLLED for (int half = UNIT / 2; half > 0; half /= 2)
        UNROLLED for (int l = 0; l < half; l++) t[l] += t[l + half];
      to[k][i + r] = t[0];
    }
}

/* Where in the order of a meeting the look ahead is; past the end it begins again, in vain. */
typedef struct N(place) {
  int row, unit;
} N(place);

HD_FN void N(begin_next)(const N(meeting) *m, bool own, N(lanes) soft, bool keep, N(place) *at, int slot, N(ring) *ring) {
  N(look_ahead)(N(row)(m->owner, at->row), m->partner->at[at->unit], soft, keep, ring->s2[slot], ring->begun[slot]);
  if (++at->unit < m->units) return;
  at->row = at->row + ROWS < m->rows ? at->row + ROWS : 0;
  at->unit = own ? at->row / UNIT : 0;
}

/* All owners with all partners; own: a tile with itself, where owners meet their own unit one-sidedly and then those behind it. */
HD_FN void N(meet)(const N(meeting) *m, bool own, bool owners, bool partners, bool potential) {
  bool keep = KEEPS_S2 || potential;
  N(ring) ring;
  N(lanes) soft = N(all)(m->soft);
  N(place) ahead = {0, 0};
  int units = m->units, turn = 0;
  for (int k = 0; k < AHEAD; k++) N(begin_next)(m, own, soft, keep, &ahead, k, &ring);
  for (int i = 0; i < m->rows; i += ROWS) {
    const REAL *o = N(row)(m->owner, i);
    N(sums) a;
    UNROLLED for (int v = 0; v < N(W); v++) a.at[0][v] = a.at[1][v] = a.at[2][v] = a.at[3][v] = N(all)(0);
    int j = 0;
    if (own) {
      j = i / UNIT;
      N(begin_next)(m, own, soft, keep, &ahead, (turn + AHEAD) % SLOTS, &ring);
      N(add)(o, m->partner->at[j], ring.s2[turn % SLOTS], ring.begun[turn % SLOTS], i % UNIT, true, false, potential, keep, &a,
             m->to_partner->at[j]);
      j++, turn++;
    }
    for (; j < units; j++, turn++) {
      N(begin_next)(m, own, soft, keep, &ahead, (turn + AHEAD) % SLOTS, &ring);
      N(add)(o, m->partner->at[j], ring.s2[turn % SLOTS], ring.begun[turn % SLOTS], -1, owners, partners, potential, keep, &a,
             m->to_partner->at[j]);
    }
    if (owners) N(fold)(&a, potential, i, m->to_owner);
  }
}

/* One instance each. */
static void N(own)(const N(meeting) *m) { N(meet)(m, true, true, true, false); }
static void N(own_potential)(const N(meeting) *m) { N(meet)(m, true, true, true, true); }
static void N(both)(const N(meeting) *m) { N(meet)(m, false, true, true, false); }
static void N(both_potential)(const N(meeting) *m) { N(meet)(m, false, true, true, true); }
static void N(owners)(const N(meeting) *m) { N(meet)(m, false, true, false, false); }
static void N(partners)(const N(meeting) *m) { N(meet)(m, false, false, true, false); }

/* Copies a tile; its number of bodies. */
HD_FN int N(pack)(const N(sources) *s, int64_t tile, N(tile) *to) {
  int64_t first = tile * TILE, u = 0;
  int count = (int)(s->n - first < TILE ? s->n - first : TILE);
  const REAL *from[4] = {s->x + first, s->y + first, s->z + first, s->m + first};
  do {
    int left = count - (int)u * UNIT;
    for (int k = 0; k < 4; k++) {
      REAL *row = to->at[u][k];
      const REAL *at = from[k] + u * UNIT;
      if (left >= UNIT) memcpy(row, at, UNIT * sizeof *row);
      else
        for (int i = 0; i < UNIT; i++) row[i] = i < left ? at[i] : k < 3 ? at[left - 1] : 0;
    }
  } while (++u * UNIT < count);
  return count;
}

HD_FN void N(task)(const N(sources) *s, REAL eps2, int64_t round, int64_t tile, const nbody_sums *out) {
  int64_t tiles = (s->n + TILE - 1) / TILE, other = (tile + round) % tiles;
  bool own = round == 0, potential = out->owner[3] != NULL;
  bool owners = !s->empty || !s->empty[other], partners = !s->empty || !s->empty[tile]; /* whom the other side pulls */
  N(tile) bodies[2], to_partner;
  REAL to_owner[4][TILE];
  int from = N(pack)(s, tile, &bodies[0]), to = own ? from : N(pack)(s, other, &bodies[1]);
  N(meeting) m = {.owner = &bodies[0],
                  .partner = own ? &bodies[0] : &bodies[1],
                  .rows = (from + ROWS - 1) / ROWS * ROWS,
                  .units = (to + UNIT - 1) / UNIT,
                  .soft = eps2 > SMALLEST ? eps2 : SMALLEST,
                  .to_owner = to_owner,
                  .to_partner = &to_partner};
  memset(&to_partner, 0, sizeof to_partner);
  if (own && !owners) memset(to_owner, 0, sizeof to_owner);
  else if (own && potential) N(own_potential)(&m);
  else if (own) N(own)(&m);
  else if (!owners && !partners) return;
  else if (potential) N(both_potential)(&m);
  else if (owners && partners) N(both)(&m);
  else if (owners) N(owners)(&m);
  else N(partners)(&m);
  static const double scale[4] = SCALE;
  for (int k = 0; k < 3 + potential; k++) {
    double *restrict a = out->owner[k] + tile * TILE, *restrict b = out->partner[k] + other * TILE;
    for (int i = 0; i < from && (owners || own); i++) a[i] = (own ? 0 : a[i]) + scale[k] * (double)to_owner[k][i];
    for (int i = 0; i < to && (partners || own); i++)
      b[i] = (own ? 0 : b[i]) + scale[k] * (double)to_partner.at[i / UNIT][k][i % UNIT];
  }
}
