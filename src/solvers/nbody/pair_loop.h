/* The pair sum of pair_kernel.c in one precision: included with REAL, LANES, ROWS and N(name) defined. */

/* What a row of lanes has gathered from a tile: sums of m d / s^3 and m / s. */
typedef struct N(sums) {
  N(lanes) x[ROWS], y[ROWS], z[ROWS], p[ROWS];
} N(sums);

/* Sources first .. last - 1 of a tile onto ROWS rows of targets. `number`: of the targets in the tile, where it is their
 * own: the source of the same number is left out. The first `hard` rows take root and division of the processor. */
HD_FN void N(tile)(const N(sources) *s, int64_t first, int64_t last, REAL eps2, const N(lanes) *x, const N(lanes) *y,
                   const N(lanes) *z, const N(lanes) *number, bool own, int hard, bool potential, N(sums) *sum) {
  N(lanes) soft = N(all)(eps2);
  N(sums) a;
  for (int r = 0; r < ROWS; r++) a.x[r] = a.y[r] = a.z[r] = a.p[r] = N(all)(0);
  for (int64_t j = first; j < last; j++) {
    N(lanes) xj = N(all)(s->x[j]), yj = N(all)(s->y[j]), zj = N(all)(s->z[j]), m = N(all)(s->m[j]);
    N(lanes) at = N(all)((REAL)(j - first));
    for (int r = 0; r < ROWS; r++) {
      N(lanes) dx = xj - x[r], dy = yj - y[r], dz = zj - z[r], mj = m;
      N(lanes) s2 = N(fma)(dx, dx, N(fma)(dy, dy, N(fma)(dz, dz, soft)));
      if (own) {
        N(mask) self = N(same)(number[r], at);
        s2 = N(pick)(self, N(all)(1), s2);
        mj = N(pick)(self, N(all)(0), m);
      }
      N(lanes) near, weight;
      if (r < hard) {
        weight = mj / (s2 * N(root)(s2));
        near = weight * s2; /* not computed unless wanted */
      } else {
        N(lanes) inverse = N(rsqrt)(s2);
        near = mj * inverse;
        weight = near * (inverse * inverse);
      }
      a.x[r] = N(fma)(weight, dx, a.x[r]);
      a.y[r] = N(fma)(weight, dy, a.y[r]);
      a.z[r] = N(fma)(weight, dz, a.z[r]);
      if (potential) a.p[r] = a.p[r] + near;
    }
  }
  *sum = a;
}

/* All targets of a block from all tiles. */
HD_FN void N(block)(const N(sources) *s, REAL eps2, int64_t first, int64_t count, bool potential, double *out) {
  enum { STEP = LANES * ROWS };
  REAL x[3][TILE], number[TILE], part[4][TILE];
  for (int64_t i = 0; i < (count + STEP - 1) / STEP * STEP; i++) {
    int64_t from = first + (i < count ? i : count - 1); /* lanes beyond the last target repeat it */
    x[0][i] = s->x[from];
    x[1][i] = s->y[from];
    x[2][i] = s->z[from];
    number[i] = (REAL)(i < count ? i : count - 1);
  }
  for (int64_t tile = 0; tile * TILE < s->n; tile++) {
    int64_t from = tile * TILE, to = from + TILE < s->n ? from + TILE : s->n;
    if (s->empty && s->empty[tile]) continue;
    for (int64_t i = 0; i < count; i += STEP) {
      N(lanes) tx[ROWS], ty[ROWS], tz[ROWS], tn[ROWS];
      N(sums) sum;
      for (int r = 0; r < ROWS; r++) {
        tx[r] = N(load)(x[0] + i + r * LANES);
        ty[r] = N(load)(x[1] + i + r * LANES);
        tz[r] = N(load)(x[2] + i + r * LANES);
        tn[r] = N(load)(number + i + r * LANES);
      }
      bool own = from == first, hard = i / UNIT % 4 == 0;
      enum { SOME = STEP == 4 * UNIT ? 1 : ROWS };
      if (own && hard) N(tile)(s, from, to, eps2, tx, ty, tz, tn, true, SOME, potential, &sum);
      else if (own) N(tile)(s, from, to, eps2, tx, ty, tz, tn, true, 0, potential, &sum);
      else if (hard) N(tile)(s, from, to, eps2, tx, ty, tz, tn, false, SOME, potential, &sum);
      else N(tile)(s, from, to, eps2, tx, ty, tz, tn, false, 0, potential, &sum);
      for (int r = 0; r < ROWS; r++) {
        N(store)(part[0] + i + r * LANES, sum.x[r]);
        N(store)(part[1] + i + r * LANES, sum.y[r]);
        N(store)(part[2] + i + r * LANES, sum.z[r]);
        if (potential) N(store)(part[3] + i + r * LANES, sum.p[r]);
      }
    }
    for (int k = 0; k < 3 + potential; k++)
      for (int64_t i = 0; i < count; i++) out[k * TILE + i] += (double)part[k][i];
  }
}
