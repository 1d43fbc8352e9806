/* Looking at a member means making its case, with all that the solver checks: a microsecond or a millisecond. */
#include "study/queue/costs.h"

#include "heddle/math.h"
#include "study/journal/identities.h"
#include "study/study_inside.h"

#include <math.h>
#include <string.h>

/* Members that are each looked at, at most; values of a key that all are; how many of a longer key are, evenly. */
enum { LOOKED_MOST = 20000, FEW = 32, PROBES = 17, FACTORS_MOST = 64 };
/* All members are looked at if that takes no longer than this, or this part of computing them. */
static const double free_s = 5e-3, part = 0.02;

typedef struct look {
  bool good; /* possible values */
  double cost_s, memory;
  hd_hash identity;
} look;

/* Keys that advance together: member i has their value (i / stride) % count. */
typedef struct factor {
  int64_t key[FACTORS_MOST], keys, stride, count;
  bool sampled;
  float *cost, *memory; /* [count], beside those of the first value; NULL: all 1 */
  int64_t *same;        /* [count]: the first value that gives the same case; NULL: itself */
} factor;

typedef struct finding {
  hd_study *study;
  hd_arena arena;
  hd_case *kase;
  look first;
  factor factor[FACTORS_MOST];
  int64_t factors;
} finding;

static hd_status look_at(finding *f, int64_t i, look *out) {
  hd_study *study = f->study;
  hd_plan_choice plan;
  *out = (look){0};
  hd_status status = hd_members_case_again(study->members, study->ctx, i, &f->kase);
  if (status == HD_ERR_INPUT) return HD_OK; /* found when it is its turn */
  HD_TRY(status);
  hd_status planned = hd_plan_choose_at(f->kase, 1, &study->place, &plan);
  *out = (look){true, planned == HD_OK ? plan.serial_s : 0, (double)plan.memory, f->kase->identity};
  return HD_OK;
}

/* -- each member ------------------------------------------------------------------------------------------------------- */

static hd_status look_at_each(finding *f) {
  hd_study *study = f->study;
  for (int64_t i = 0; i < study->count && !hd_study_stop_asked(study); i++) {
    look seen;
    if (!hd_study_is_left(study, i)) continue;
    HD_TRY(look_at(f, i, &seen));
    if (!seen.good) continue;
    study->id[i] = seen.identity;
    study->member[i].cost_s = (float)seen.cost_s;
    study->member[i].memory = (float)seen.memory; /* also where it is too much */
    int64_t first = hd_identities_claim(study->known, &seen.identity, i);
    if (first != i && !study->exempt) study->member[i].same_as = first;
  }
  return HD_OK;
}

/* -- each value of each key -------------------------------------------------------------------------------------------- */

static void find_factors(finding *f) {
  int64_t keys = hd_members_keys(f->study->members, NULL, NULL);
  for (int64_t k = 0; k < keys; k++) {
    hd_member_key key = hd_members_key(f->study->members, k);
    int64_t at = 0;
    if (key.count < 2) continue;
    while (at < f->factors && f->factor[at].stride != key.stride) at++;
    factor *into = &f->factor[at];
    if (at == f->factors) {
      f->factors++;
      into->stride = key.stride;
      into->count = key.count;
    }
    into->sampled |= key.sampled;
    into->key[into->keys++] = k;
  }
}

static hd_status take_ratios(finding *f, factor *of) {
  void *memory;
  HD_TRY(hd_arena_take(&f->arena, sizeof(float) * (size_t)of->count, &memory));
  of->cost = memory;
  HD_TRY(hd_arena_take(&f->arena, sizeof(float) * (size_t)of->count, &memory));
  of->memory = memory;
  return HD_OK;
}

static double ratio(double value, double first) { return value > 0 && first > 0 ? value / first : 1; }

static void set_ratios(const finding *f, factor *of, int64_t k, const look *seen) {
  of->cost[k] = seen->good ? (float)ratio(seen->cost_s, f->first.cost_s) : 1;
  of->memory[k] = seen->good ? (float)ratio(seen->memory, f->first.memory) : 1;
}

/* Values that give the same hash are the same; `hash` says which one a value has. */
static hd_status find_same(finding *f, factor *of, hd_status (*hash)(finding *, factor *, int64_t, hd_hash *)) {
  hd_identities *known;
  void *memory;
  hd_status status = HD_OK;
  HD_TRY(hd_arena_take(&f->arena, sizeof(int64_t) * (size_t)of->count, &memory));
  int64_t *same = memory;
  HD_TRY(hd_identities_new(f->study->ctx, of->count, &known));
  for (int64_t k = 0; k < of->count && status == HD_OK; k++) {
    hd_hash one;
    status = hash(f, of, k, &one);
    if (status != HD_OK) break;
    same[k] = hd_identities_claim(known, &one, k);
    if (same[k] != k) of->same = same;
  }
  hd_identities_free(known);
  return status;
}

/* What stands in the scenario: numbers in the parameter's unit, else texts. */
static hd_status hash_of_value(finding *f, factor *of, int64_t k, hd_hash *out) {
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  for (int64_t j = 0; j < of->keys; j++) {
    double number;
    hd_text text;
    HD_TRY(hd_members_value(f->study->members, k * of->stride, of->key[j], &number, NULL));
    number += 0.0;
    hd_hasher_add(&hasher, &number, sizeof number);
    if (!isnan(number)) continue;
    hd_text_init(&text, f->study->ctx);
    hd_status status = hd_members_value(f->study->members, k * of->stride, of->key[j], &number, &text);
    hd_hasher_text(&hasher, hd_text_of(&text));
    hd_text_free(&text);
    HD_TRY(status);
  }
  *out = hd_hasher_end(&hasher);
  return HD_OK;
}

static hd_status hash_of_case(finding *f, factor *of, int64_t k, hd_hash *out) {
  look seen;
  HD_TRY(look_at(f, k * of->stride, &seen));
  set_ratios(f, of, k, &seen);
  *out = seen.identity; /* zero of impossible ones: the same as none */
  return HD_OK;
}

static bool rises_or_falls(const finding *f, const factor *of) {
  for (int64_t j = 0; j < of->keys; j++) {
    const double *number = hd_members_key(f->study->members, of->key[j]).number;
    int64_t rising = 0, falling = 0;
    for (int64_t k = 1; number && k < of->count; k++) {
      rising += number[k] > number[k - 1];
      falling += number[k] < number[k - 1];
    }
    if (rising == of->count - 1 || falling == of->count - 1) return true;
  }
  return false;
}

/* Between the probes in proportion. */
static void interpolate(const finding *f, factor *of, const look *seen) {
  for (int64_t k = 0; k < of->count; k++) {
    double at = (double)k * (PROBES - 1) / (double)(of->count - 1);
    int low = at < PROBES - 1 ? (int)at : PROBES - 2;
    double w = at - low;
    look between = {seen[low].good && seen[low + 1].good,
                    (1 - w) * seen[low].cost_s + w * seen[low + 1].cost_s,
                    (1 - w) * seen[low].memory + w * seen[low + 1].memory,
                    {0}};
    set_ratios(f, of, k, &between);
  }
}

static hd_status look_at_some(finding *f, factor *of) {
  look seen[PROBES];
  bool varies = false, other_case = false;
  for (int p = 0; p < PROBES; p++) {
    HD_TRY(look_at(f, p * (of->count - 1) / (PROBES - 1) * of->stride, &seen[p]));
    if (!seen[p].good) continue;
    varies |= fabs(ratio(seen[p].cost_s, f->first.cost_s) - 1) > 1e-6;
    varies |= fabs(ratio(seen[p].memory, f->first.memory) - 1) > 1e-6;
    other_case |= !hd_hash_equal(&seen[p].identity, &f->first.identity);
  }
  if (varies) HD_TRY(take_ratios(f, of));
  if (((varies && of->sampled) || !other_case) && of->count <= LOOKED_MOST) { /* each is worth a look */
    if (!of->cost) HD_TRY(take_ratios(f, of));
    return find_same(f, of, hash_of_case);
  }
  if (varies) interpolate(f, of, seen);
  return rises_or_falls(f, of) ? HD_OK : find_same(f, of, hash_of_value);
}

static hd_status look_at_values(finding *f) {
  find_factors(f);
  for (int64_t g = 0; g < f->factors; g++) {
    factor *of = &f->factor[g];
    if (of->count <= FEW) {
      HD_TRY(take_ratios(f, of));
      HD_TRY(find_same(f, of, hash_of_case));
    } else {
      HD_TRY(look_at_some(f, of));
    }
  }
  return HD_OK;
}

static hd_status identity_of(finding *f, int64_t i, hd_hash *out) {
  hd_hash *known = &f->study->id[i];
  if (!known->low && !known->high) {
    look seen;
    HD_TRY(look_at(f, i, &seen));
    *known = seen.identity;
  }
  *out = *known;
  return HD_OK;
}

/* Keys may act on each other, so that two values are not the same everywhere: a result is only taken over for an equal case. */
static hd_status set_same(finding *f, int64_t i, int64_t first) {
  hd_study *study = f->study;
  hd_hash own, other;
  if (study->exempt || study->member[first].other_shard) return HD_OK;
  HD_TRY(identity_of(f, i, &own));
  HD_TRY(identity_of(f, first, &other));
  if ((own.low || own.high) && hd_hash_equal(&own, &other)) study->member[i].same_as = first;
  return HD_OK;
}

static hd_status foresee(finding *f, int64_t i) {
  hd_study *study = f->study;
  double cost = f->first.cost_s, memory = f->first.memory;
  int64_t first = i;
  for (int64_t g = 0; g < f->factors; g++) {
    const factor *of = &f->factor[g];
    int64_t k = i / of->stride % of->count;
    if (of->cost) cost *= of->cost[k];
    if (of->memory) memory *= of->memory[k];
    if (of->same) first -= (k - of->same[k]) * of->stride;
  }
  study->member[i].cost_s = (float)cost;
  study->member[i].memory = (float)memory;
  return first == i ? HD_OK : set_same(f, i, first);
}

static hd_status find(finding *f, int64_t left) {
  hd_study *study = f->study;
  double before = hd_study_now_s(study);
  HD_TRY(look_at(f, 0, &f->first));
  double between = hd_study_now_s(study);
  HD_TRY(look_at(f, 0, &f->first)); /* with what the first look has warmed */
  double after = hd_study_now_s(study), once_s = hd_smaller(between - before, after - between),
         all_s = once_s * (double)left;
  if (left <= LOOKED_MOST && (all_s <= free_s || once_s <= part * f->first.cost_s)) return look_at_each(f);
  HD_TRY(look_at_values(f));
  for (int64_t i = 0; i < study->count && !hd_study_stop_asked(study); i++)
    if (hd_study_is_left(study, i)) HD_TRY(foresee(f, i));
  return HD_OK;
}

hd_status hd_costs_find(hd_study *study, int64_t left) {
  void *memory;
  if (!left) return HD_OK;
  HD_TRY(hd_memory_take(study->ctx, sizeof(finding), &memory));
  finding *f = memory;
  f->study = study;
  hd_arena_init(&f->arena, study->ctx);
  hd_status status = find(f, left);
  hd_arena_free(&f->arena);
  hd_case_free(f->kase);
  hd_memory_give(study->ctx, f, sizeof *f);
  return status;
}
