/* study.h5: the study as columns over its members, as blocks over the axes of its grid, and put together. */
#include "heddle/math.h"
#include "io/dataset.h"
#include "io/result.h"
#include "run/outcome.h"
#include "study/converge/converge.h"
#include "study/present/fields.h"
#include "study/present/outcome.h"

#include <stdio.h>
#include <string.h>

enum { RANK_MOST = 5, STUDY_FORMAT = 1 };

typedef struct writing {
  const hd_aggregates *a;
  const hd_study *study;
  hd_dataset *to;
  hd_arena arena;
  int64_t *mine, count; /* members of this shard */
} writing;

static hd_status take(writing *w, int64_t count, size_t size, void **out) {
  return hd_arena_take(&w->arena, size * (size_t)(count > 0 ? count : 1), out);
}

/* -- names ------------------------------------------------------------------------------------------------------------- */

static bool is_taken(const writing *w, const char *name) {
  static const char *const ours[] = {"member",   "state", "failure",      "message", "digest",
                                     "identity", "seed",  "failed_parts", "sample",  "repeat"};
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    if (!strcmp(ours[i], name)) return true;
  for (int64_t k = 0; k < w->a->lattice.keys; k++)
    if (!strcmp(w->a->lattice.key[k].path, name)) return true;
  return false;
}

/* Of a measure as a variable: a slash would be a folder, a name of ours gets a tail. */
static void variable_name(const writing *w, int64_t name, const char *tail, char *out, size_t room) {
  snprintf(out, room, "%s%s%s", w->study->name[name], is_taken(w, w->study->name[name]) ? "_measure" : "", tail);
  for (char *c = out; *c; c++)
    if (*c == '/') *c = '|';
}

/* -- columns over members ---------------------------------------------------------------------------------------------- */

static hd_status add_over_members(writing *w, const char *group, hd_dataset_variable v) {
  v.group = group;
  v.dim[0] = "member";
  v.rank = 1;
  return hd_dataset_add(w->to, v);
}

/* Values of a key of the members listed; texts are the key's own. */
static hd_status key_column(writing *w, int64_t k, hd_dataset_variable *v) {
  const hd_lattice *l = &w->a->lattice;
  const hd_lattice_key *key = &l->key[k];
  void *memory;
  HD_TRY(take(w, w->count, 8, &memory));
  *v = (hd_dataset_variable){.name = key->path, .doc = key->doc, .at = memory, .coordinate = true};
  v->texts = !key->number;
  v->type = key->whole ? HD_I64 : HD_F64;
  if (key->number) v->unit = key->unit;
  for (int64_t i = 0; i < w->count; i++) {
    double number = hd_lattice_number(l, k, w->mine[i]);
    if (v->texts) ((const char **)memory)[i] = key->text[w->mine[i] / key->stride % key->count];
    else if (key->whole) ((int64_t *)memory)[i] = (int64_t)number;
    else ((double *)memory)[i] = number;
  }
  return HD_OK;
}

static hd_status add_keys(writing *w) {
  const hd_lattice *l = &w->a->lattice;
  bool seed = false;
  hd_dataset_variable v;
  void *memory;
  for (int64_t k = 0; k < l->keys; k++) {
    HD_TRY(key_column(w, k, &v));
    HD_TRY(add_over_members(w, "", v));
    seed |= !strcmp(l->key[k].path, "seed");
  }
  if (seed) return HD_OK;
  HD_TRY(take(w, w->count, 8, &memory));
  for (int64_t i = 0; i < w->count; i++) ((int64_t *)memory)[i] = w->study->base->common.seed;
  return add_over_members(
      w, "", (hd_dataset_variable){.name = "seed", .doc = "of all random numbers", .type = HD_I64, .at = memory});
}

static double value_of(const writing *w, int64_t member, int64_t name) {
  bool done = w->study->member[member].state == HD_MEMBER_DONE;
  double value = w->study->value[member * w->study->names + name];
  return done && value == value ? value : HD_NAN;
}

static hd_status add_measures(writing *w) {
  for (int64_t k = 0; k < w->study->names; k++) {
    char name[256];
    void *memory;
    HD_TRY(take(w, w->count, 8, &memory));
    for (int64_t i = 0; i < w->count; i++) ((double *)memory)[i] = value_of(w, w->mine[i], k);
    variable_name(w, k, "", name, sizeof name);
    HD_TRY(add_over_members(w, "",
                            (hd_dataset_variable){.name = name,
                                                  .unit = hd_study_unit(w->study, k),
                                                  .doc = hd_study_doc(w->study, k),
                                                  .type = HD_F64,
                                                  .at = memory}));
  }
  return HD_OK;
}

/* 32 digits of each hash that is known, "" of the others. */
static hd_status add_hashes(writing *w, const char *name, const char *doc, const hd_hash *hash) {
  const hd_hash none = {0};
  void *memory, *digits;
  HD_TRY(take(w, w->count, sizeof(char *), &memory));
  HD_TRY(take(w, w->count, HD_HASH_HEX, &digits));
  const char **text = memory;
  for (int64_t i = 0; i < w->count; i++) {
    char *hex = (char *)digits + i * HD_HASH_HEX;
    if (!hd_hash_equal(&hash[w->mine[i]], &none)) hd_hash_hex(&hash[w->mine[i]], hex);
    text[i] = hex;
  }
  return add_over_members(w, "", (hd_dataset_variable){.name = name, .doc = doc, .texts = true, .at = text});
}

static hd_status add_states(writing *w) {
  static const char *const states[] = {"waiting", "done", "failed"};
  void *memory;
  HD_TRY(take(w, 3 * w->count, sizeof(char *), &memory));
  const char **state = memory, **failure = state + w->count, **message = failure + w->count;
  for (int64_t i = 0; i < w->count; i++) {
    const hd_member *member = &w->study->member[w->mine[i]];
    const char *reason = w->study->reason[w->mine[i]];
    bool failed = member->state == HD_MEMBER_FAILED;
    state[i] = states[member->state];
    failure[i] = failed ? hd_failure_text(member->failure) : "";
    message[i] = failed && reason ? reason : "";
  }
  hd_dataset_variable v = {.texts = true};
  v.name = "state", v.doc = "done, failed or waiting", v.at = state;
  HD_TRY(add_over_members(w, "", v));
  if (w->study->failed) { /* texts are what makes the file of a million members large */
    v.name = "failure", v.doc = "what kind of failure", v.at = failure;
    HD_TRY(add_over_members(w, "", v));
    v.name = "message", v.doc = "why it failed", v.at = message;
    HD_TRY(add_over_members(w, "", v));
  }
  HD_TRY(add_hashes(w, "digest", "of all that the member's run stores", w->study->digest));
  return add_hashes(w, "identity", "of the member's case", w->study->id);
}

/* Timings change from run to run: like those of a result they are provenance. */
static hd_status add_timings(writing *w) {
  void *seconds, *attempts, *member;
  HD_TRY(take(w, w->count, 8, &seconds));
  HD_TRY(take(w, w->count, 4, &attempts));
  HD_TRY(take(w, w->count, 8, &member));
  for (int64_t i = 0; i < w->count; i++) {
    const hd_member *m = &w->study->member[w->mine[i]];
    ((double *)seconds)[i] = m->state == HD_MEMBER_WAITING ? HD_NAN : (double)m->cost_s;
    ((int32_t *)attempts)[i] = m->attempts;
    ((int64_t *)member)[i] = w->mine[i];
  }
  HD_TRY(hd_dataset_dim(w->to, "provenance", "member", w->count));
  hd_dataset_variable v = {.name = "member", .type = HD_I64, .at = member, .doc = "number of the member"};
  HD_TRY(add_over_members(w, "provenance", v));
  v = (hd_dataset_variable){.name = "seconds", .unit = "s", .doc = "of computing", .type = HD_F64, .at = seconds};
  HD_TRY(add_over_members(w, "provenance", v));
  v = (hd_dataset_variable){.name = "attempts", .doc = "until it was done or failed", .type = HD_I32, .at = attempts};
  return add_over_members(w, "provenance", v);
}

static hd_status add_members(writing *w) {
  HD_TRY(hd_dataset_dim(w->to, "", "member", w->count));
  HD_TRY(add_over_members(
      w, "",
      (hd_dataset_variable){
          .name = "member", .doc = "number of the member, for heddle run --member", .type = HD_I64, .at = w->mine}));
  HD_TRY(add_keys(w));
  HD_TRY(add_measures(w));
  HD_TRY(add_states(w));
  return add_timings(w);
}

/* -- blocks over the axes ---------------------------------------------------------------------------------------------- */

static const char *axis_name(const hd_lattice *l, int64_t axis) { return l->key[l->axis[axis].key[0]].path; }

/* The axes as dimensions of a group, each with the values of its keys. */
static hd_status add_axes(writing *w, const char *group) {
  const hd_lattice *l = &w->a->lattice;
  for (int64_t a = 0; a < l->axes; a++) {
    const hd_lattice_axis *axis = &l->axis[a];
    HD_TRY(hd_dataset_dim(w->to, group, axis_name(l, a), axis->count));
    for (int64_t i = 0; i < axis->keys; i++) {
      const hd_lattice_key *key = &l->key[axis->key[i]];
      hd_dataset_variable v = {.group = group, .name = key->path, .doc = key->doc, .rank = 1, .coordinate = true};
      void *memory;
      HD_TRY(take(w, axis->count, 8, &memory));
      for (int64_t k = 0; key->whole && k < axis->count; k++) ((int64_t *)memory)[k] = (int64_t)key->value[k];
      v.dim[0] = axis_name(l, a);
      v.texts = !key->number;
      v.type = key->whole ? HD_I64 : HD_F64;
      v.at = v.texts ? (const void *)key->text : key->whole ? memory : key->value;
      if (key->number) v.unit = key->unit;
      HD_TRY(hd_dataset_add(w->to, v));
    }
  }
  return HD_OK;
}

static int set_axes(const hd_lattice *l, hd_dataset_variable *v) {
  v->rank = 0;
  for (int64_t a = 0; a < l->axes; a++) v->dim[v->rank++] = axis_name(l, a);
  return v->rank;
}

/* Measures as blocks: [axes][sample][repeat]. */
static hd_status add_grid(writing *w) {
  const hd_lattice *l = &w->a->lattice;
  int64_t rank = l->axes + (l->samples > 1) + (l->repeats > 1);
  if (!l->axes || rank > RANK_MOST || w->count < w->study->count) return HD_OK;
  HD_TRY(add_axes(w, "grid"));
  if (l->samples > 1) HD_TRY(hd_dataset_dim(w->to, "grid", "sample", l->samples));
  if (l->repeats > 1) HD_TRY(hd_dataset_dim(w->to, "grid", "repeat", l->repeats));
  for (int64_t k = 0; k < w->study->names; k++) {
    char name[256];
    void *memory;
    HD_TRY(take(w, w->study->count, 8, &memory));
    for (int64_t i = 0; i < w->study->count; i++) ((double *)memory)[i] = value_of(w, i, k);
    variable_name(w, k, "", name, sizeof name);
    hd_dataset_variable v = {.group = "grid", .name = name, .type = HD_F64, .at = memory};
    v.unit = hd_study_unit(w->study, k);
    v.doc = hd_study_doc(w->study, k);
    set_axes(l, &v);
    if (l->samples > 1) v.dim[v.rank++] = "sample";
    if (l->repeats > 1) v.dim[v.rank++] = "repeat";
    HD_TRY(hd_dataset_add(w->to, v));
  }
  return HD_OK;
}

/* -- aggregates -------------------------------------------------------------------------------------------------------- */

enum { MEAN, SD, LOW, HIGH, LEAST, GREATEST, STATISTICS };
static const struct {
  const char *tail, *doc;
} statistic[STATISTICS] = {{"_mean", "mean of "},
                           {"_sd", "standard deviation of "},
                           {"_low", "lower end of the 95 % confidence interval of the mean of "},
                           {"_high", "upper end of the 95 % confidence interval of the mean of "},
                           {"_least", "least "},
                           {"_greatest", "greatest "}};

static double pick(const hd_statistics *s, int which) {
  const double all[STATISTICS] = {s->mean, s->sd, s->low, s->high, s->least, s->greatest};
  return all[which];
}

/* One variable for each statistic of a measure; spread[count], `stride` measures apart, over the dimensions of `v`. */
static hd_status add_spreads(writing *w, int64_t name, const hd_statistics *spread, int64_t count,
                             hd_dataset_variable v) {
  char text[256], doc[512];
  int64_t names = w->study->names;
  void *memory;
  v.name = text;
  v.doc = doc;
  v.unit = hd_study_unit(w->study, name);
  v.type = HD_F64;
  for (int s = 0; s < STATISTICS; s++) {
    HD_TRY(take(w, count, 8, &memory));
    for (int64_t p = 0; p < count; p++) ((double *)memory)[p] = pick(&spread[p * names + name], s);
    variable_name(w, name, statistic[s].tail, text, sizeof text);
    snprintf(doc, sizeof doc, "%s%s", statistic[s].doc, hd_study_doc(w->study, name));
    v.at = memory;
    HD_TRY(hd_dataset_add(w->to, v));
  }
  HD_TRY(take(w, count * HD_QUANTILES, 8, &memory));
  for (int64_t p = 0; p < count; p++)
    memcpy((double *)memory + p * HD_QUANTILES, spread[p * names + name].quantile, sizeof spread->quantile);
  variable_name(w, name, "_quantile", text, sizeof text);
  snprintf(doc, sizeof doc, "quantiles of %s", hd_study_doc(w->study, name));
  v.at = memory;
  v.dim[v.rank++] = "quantile";
  HD_TRY(hd_dataset_add(w->to, v));
  HD_TRY(take(w, count, 8, &memory));
  for (int64_t p = 0; p < count; p++) ((int64_t *)memory)[p] = spread[p * names + name].count;
  variable_name(w, name, "_count", text, sizeof text);
  snprintf(doc, sizeof doc, "members with a finite %s", hd_study_doc(w->study, name));
  v.at = memory;
  v.type = HD_I64;
  v.unit = "1";
  v.rank--;
  return hd_dataset_add(w->to, v);
}

/* At each point where a point is several members, else over all members. */
static hd_status add_aggregates(writing *w) {
  const hd_aggregates *a = w->a;
  hd_dataset_variable v = {.group = "aggregates"};
  bool points = a->at != NULL, flat = points && a->lattice.axes + 1 > RANK_MOST;
  HD_TRY(hd_dataset_dim(w->to, "aggregates", "quantile", HD_QUANTILES));
  HD_TRY(hd_dataset_add(w->to, (hd_dataset_variable){.group = "aggregates",
                                                     .name = "quantile",
                                                     .unit = "1",
                                                     .doc = "share of members below",
                                                     .dim = {"quantile"},
                                                     .rank = 1,
                                                     .type = HD_F64,
                                                     .at = hd_quantile}));
  if (flat) {
    HD_TRY(hd_dataset_dim(w->to, "aggregates", "point", a->lattice.points));
    v.dim[v.rank++] = "point";
  } else if (points) {
    HD_TRY(add_axes(w, "aggregates"));
    set_axes(&a->lattice, &v);
  }
  for (int64_t k = 0; k < w->study->names; k++)
    HD_TRY(add_spreads(w, k, points ? a->at : a->all, points ? a->lattice.points : 1, v));
  if (!points) return HD_OK;
  v.type = HD_I64;
  v.unit = "1";
  v.name = "members_done", v.doc = "members that are done", v.at = a->done;
  HD_TRY(hd_dataset_add(w->to, v));
  v.name = "members_failed", v.doc = "members that failed", v.at = a->failed;
  return hd_dataset_add(w->to, v);
}

/* -- where it comes from ----------------------------------------------------------------------------------------------- */

static hd_status add_grammar(writing *w) {
  hd_text text;
  hd_text_init(&text, w->study->ctx);
  hd_status status = hd_study_print_grammar(w->study, &text);
  if (status == HD_OK) status = hd_dataset_text(w->to, "provenance", "study", hd_text_of(&text));
  hd_text_free(&text);
  return status;
}

static hd_status add_provenance(writing *w, const hd_study_telling *telling) {
  const hd_study *study = w->study;
  const char *title = study->base->common.title, *compat;
  char identity[HD_HASH_HEX];
  hd_text scenario;
  hd_hash_hex(&study->identity, identity);
  HD_TRY(hd_dataset_text(w->to, "", "format", "heddle study"));
  HD_TRY(hd_dataset_number(w->to, "", "format_version", STUDY_FORMAT));
  HD_TRY(hd_dataset_text(w->to, "", "solver", study->base->solver->name));
  HD_TRY(hd_dataset_text(w->to, "", "title", title ? title : ""));
  HD_TRY(hd_case_compat(study->base, &w->arena, &compat));
  HD_TRY(hd_dataset_text(w->to, "", "compat", compat));
  hd_text_init(&scenario, study->ctx);
  hd_status status = hd_case_print(study->base, &scenario);
  if (status == HD_OK) status = hd_dataset_text(w->to, "provenance", "scenario", hd_text_of(&scenario));
  hd_text_free(&scenario);
  HD_TRY(status);
  HD_TRY(add_grammar(w));
  HD_TRY(hd_dataset_text(w->to, "provenance", "scenario_file", study->base->file));
  HD_TRY(hd_dataset_text(w->to, "provenance", "command", telling->command));
  HD_TRY(hd_dataset_text(w->to, "provenance", "heddle", hd_version()));
  HD_TRY(hd_dataset_text(w->to, "provenance", "identity", identity));
  HD_TRY(hd_dataset_number(w->to, "provenance", "members", (double)study->mine));
  HD_TRY(hd_dataset_number(w->to, "provenance", "done", (double)study->done));
  HD_TRY(hd_dataset_number(w->to, "provenance", "failed", (double)study->failed));
  if (study->options.shards > 1) {
    HD_TRY(hd_dataset_number(w->to, "provenance", "shard", (double)study->options.shard + 1));
    HD_TRY(hd_dataset_number(w->to, "provenance", "shards", (double)study->options.shards));
  }
  return hd_dataset_text(w->to, "provenance", "interval",
                         "low, high: mean -+ t(0.975, count - 1) sd / sqrt(count), Student's distribution");
}

static hd_status list_members(writing *w) {
  void *memory;
  HD_TRY(take(w, w->study->mine, 8, &memory));
  w->mine = memory;
  for (int64_t i = 0; i < w->study->count; i++)
    if (!w->study->member[i].other_shard) w->mine[w->count++] = i;
  return HD_OK;
}

/* Levels that cannot be compared (their results are gone, their grids do not fit) leave the rest of the file as it is. */
static hd_status add_convergence(writing *w) {
  hd_convergence table;
  if (!hd_converge_is(w->study)) return HD_OK;
  hd_status status = hd_converge(w->study, &w->arena, &table);
  if (status == HD_ERR_INPUT || status == HD_ERR_FILE || status == HD_ERR_MISSING) return HD_OK;
  return status == HD_OK ? hd_converge_add(&table, &w->arena, w->to) : status;
}

static hd_status write_h5(writing *w, const hd_study_telling *telling, const char *path) {
  HD_TRY(list_members(w));
  HD_TRY(add_members(w));
  HD_TRY(hd_study_add_fields(w->study, &w->arena, w->mine, w->count, w->to));
  HD_TRY(add_grid(w));
  HD_TRY(add_aggregates(w));
  HD_TRY(add_convergence(w));
  HD_TRY(add_provenance(w, telling));
  return hd_dataset_write(w->to, path);
}

hd_status hd_study_write_h5(const hd_aggregates *aggregates, const hd_study_telling *telling, const char *path) {
  writing w = {.a = aggregates, .study = aggregates->study};
  hd_arena_init(&w.arena, w.study->ctx);
  hd_status status = hd_dataset_new(w.study->ctx, &w.to);
  if (status == HD_OK) status = write_h5(&w, telling, path);
  hd_dataset_free(w.to);
  hd_arena_free(&w.arena);
  return status;
}
