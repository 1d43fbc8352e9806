/* The members of a study: which case each one is. Member i is a function of the scenario and of i alone.
 *
 * Order: grid x zip x sample x repeat, the last one fastest; the rows of a member file in file order; the levels of a
 * convergence study in the order given. Members keep the scenario's seed unless `seed` is varied; `repeat` derives it.
 */
#ifndef HD_STUDY_MEMBERS_H
#define HD_STUDY_MEMBERS_H

#include "run/case.h"
#include "study/members/grammar.h"

typedef struct hd_members hd_members;

/* The members that a base case describes. Borrows the case. HD_ERR_INPUT: what the file says makes none, or too many. */
hd_status hd_members_new(const hd_case *base, const hd_study_spec *spec, hd_members **out);
void      hd_members_free(hd_members *members);
int64_t   hd_members_count(const hd_members *members);

/* The varied keys, "road.cells", and their values in member i as text with units, for tables and for --set. */
int64_t     hd_members_keys(const hd_members *members, const char *const **keys, const char *const **units);
hd_status   hd_members_value(const hd_members *members, int64_t i, int64_t key, double *number, hd_text *text);

/* A varied key as a column: member i has value (i / stride) % count of it. Keys that advance together have one stride. */
typedef struct hd_member_key {
  const char     *path, *unit; /* unit "": none */
  const hd_param *param;
  const hd_vary  *vary;  /* NULL: of a file of members, or of repeat */
  const hd_node *const *node; /* [count]: values as they are written, NULL in a range; NULL: sampled or repeated */
  const double   *number; /* [count]: the same in the parameter's unit, NaN where it is none; NULL with node */
  bool            sampled, repeated;
  int64_t         stride, count;
} hd_member_key;
hd_member_key hd_members_key(const hd_members *members, int64_t key);

/* The same as an override, "road.cells=200", for `heddle run --set`: values as YAML on one line, files by absolute path. */
hd_status   hd_members_set(const hd_members *members, int64_t i, int64_t key, hd_text *text);

/* The case of member i: a copy of the base case's parameters with the varied ones put in, checked, with its identity. Costs
 * about a microsecond where all varied keys are plain numbers. HD_ERR_INPUT with the reason where the values are impossible.
 * Several may be alive at once and may be made on several threads, each with a ctx of its own. */
hd_status hd_members_case(const hd_members *members, hd_ctx *ctx, int64_t i, hd_case **out);
/* The same in place of *kase (NULL: none yet), a member's case made before in `ctx`: its memory is used again. */
hd_status hd_members_case_again(const hd_members *members, hd_ctx *ctx, int64_t i, hd_case **kase);

#endif
