#include "study/present/aggregate.h"

#include "heddle/math.h"
#include "run/running.h"

typedef struct gathering {
  hd_arena *arena;
  hd_aggregates *out;
  double *column; /* room for all members */
} gathering;

static hd_status take(hd_arena *arena, int64_t count, size_t size, void **out) {
  return hd_arena_take(arena, size * (size_t)(count > 0 ? count : 1), out);
}

static hd_status statistics_of_members(gathering *g, int64_t name, int64_t first, int64_t count, hd_statistics *out) {
  const hd_study *study = g->out->study;
  for (int64_t i = 0; i < count; i++) {
    bool done = study->member[first + i].state == HD_MEMBER_DONE;
    g->column[i] = done ? study->value[(first + i) * study->names + name] : HD_NAN;
  }
  return hd_statistics_of(study->ctx, g->column, count, out);
}

static hd_status count_states(gathering *g) {
  hd_aggregates *out = g->out;
  const hd_study *study = out->study;
  void *memory;
  HD_TRY(take(g->arena, out->lattice.points, sizeof(int64_t), &memory));
  out->done = memory;
  HD_TRY(take(g->arena, out->lattice.points, sizeof(int64_t), &memory));
  out->failed = memory;
  for (int64_t i = 0; i < study->count; i++) {
    bool done = study->member[i].state == HD_MEMBER_DONE, failed = study->member[i].state == HD_MEMBER_FAILED;
    out->done[i / out->lattice.each] += done;
    out->failed[i / out->lattice.each] += failed;
    g->column[i] = done || failed ? (double)study->member[i].cost_s : HD_NAN;
    if (!(g->column[i] > 0)) g->column[i] = HD_NAN; /* taken from another member */
  }
  return hd_statistics_of(study->ctx, g->column, study->count, &out->seconds);
}

static hd_status gather(gathering *g) {
  hd_aggregates *out = g->out;
  int64_t names = out->study->names, points = out->lattice.points, each = out->lattice.each;
  void *memory;
  HD_TRY(count_states(g));
  HD_TRY(take(g->arena, names, sizeof(hd_statistics), &memory));
  out->all = memory;
  for (int64_t k = 0; k < names; k++) HD_TRY(statistics_of_members(g, k, 0, out->study->count, &out->all[k]));
  if (each < 2) return HD_OK;
  HD_TRY(take(g->arena, points * names, sizeof(hd_statistics), &memory));
  out->at = memory;
  for (int64_t p = 0; p < points; p++)
    for (int64_t k = 0; k < names; k++) HD_TRY(statistics_of_members(g, k, p * each, each, &out->at[p * names + k]));
  return HD_OK;
}

hd_status hd_aggregate(hd_arena *arena, const hd_study *study, hd_aggregates *out) {
  gathering g = {.arena = arena, .out = out};
  void *memory;
  *out = (hd_aggregates){.study = study};
  HD_TRY(hd_lattice_read(arena, study->members, &study->spec, &out->lattice));
  HD_TRY(hd_memory_take(study->ctx, sizeof(double) * (size_t)study->count, &memory));
  g.column = memory;
  hd_status status = gather(&g);
  hd_memory_give(study->ctx, memory, sizeof(double) * (size_t)study->count);
  return status;
}

double hd_aggregate_mean(const hd_aggregates *a, int64_t point, int64_t name) {
  const hd_study *study = a->study;
  if (a->at) return a->at[point * study->names + name].mean;
  double value = study->value[point * study->names + name];
  return study->member[point].state == HD_MEMBER_DONE && hd_is_finite(value) ? value : HD_NAN;
}

const char *hd_study_unit(const hd_study *study, int64_t name) {
  const hd_measure *measure = hd_measure_find(study->base->solver, study->name[name]);
  const char *unit = measure ? hd_case_measure_unit(study->base, measure) : NULL;
  return unit && unit[0] ? unit : "1";
}

const char *hd_study_doc(const hd_study *study, int64_t name) {
  const hd_measure *measure = hd_measure_find(study->base->solver, study->name[name]);
  return measure && measure->doc ? measure->doc : "";
}

hd_status hd_study_print_grammar(const hd_study *study, hd_text *out) {
  static const char *const keys[] = {"sweep", "converge", "measure"};
  hd_arena arena;
  hd_node *map;
  hd_arena_init(&arena, study->ctx);
  hd_status status = hd_node_new(&arena, HD_NODE_MAP, (hd_place){0}, &map);
  for (size_t i = 0; i < sizeof keys / sizeof *keys && status == HD_OK; i++) {
    const hd_node *node = hd_node_get(study->base->tree, keys[i]);
    hd_node *copy;
    if (!node) continue;
    status = hd_node_clone(&arena, node, &copy);
    if (status == HD_OK) copy->key = keys[i], hd_node_add(map, copy);
  }
  if (status == HD_OK && map->count) hd_node_print(out, map);
  hd_arena_free(&arena);
  return status == HD_OK ? hd_text_status(out) : status;
}
