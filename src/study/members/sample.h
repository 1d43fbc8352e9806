/* Points of a sample: number i of key k is a function of (seed, path of the key, i) alone. */
#ifndef HD_STUDY_SAMPLE_H
#define HD_STUDY_SAMPLE_H

#include "study/members/grammar.h"

enum { HD_SOBOL_KEYS = 21 };

/* Where point `i` of `count` lies in (0, 1) for one key. `place`: which of the sampled keys, its dimension for Sobol points.
 * random: independent draws. latin: one point in each of `count` equal strata, in an order of the key's own. sobol: Joe and
 * Kuo's points (doi:10.1137/070709359) with a digital shift that depends on seed and key. */
double hd_sample_at(hd_sample_method method, uint64_t seed, const char *path, int place, int64_t i, int64_t count);

/* The value at u of the law of a key: uniform, log-uniform, normal (by quantile). Whole numbers for HD_INT. */
double hd_sample_value(const hd_vary *vary, double u);

#endif
