/* Collecting what a finished run says, and writing it into its folder. */
#include "run/outcome.h"

#include "base/isa.h"
#include "run/present.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ENTRIES_MAX = 512, FACTS_MAX = 64 };

static hd_status keep_text(hd_arena *arena, const char *text, const char **out) {
  char *copy;
  HD_TRY(hd_arena_text(arena, text, strlen(text), &copy));
  *out = copy;
  return HD_OK;
}

static hd_status add_text(hd_outcome *outcome, const char *name, const char *text) {
  hd_fact_entry *entry = &outcome->provenance[outcome->provenances++];
  *entry = (hd_fact_entry){.name = name, .is_text = true};
  return keep_text(&outcome->arena, text, &entry->text);
}

static void add_number(hd_outcome *outcome, const char *name, const char *unit, double number) {
  outcome->provenance[outcome->provenances++] = (hd_fact_entry){.name = name, .unit = unit, .number = number};
}

/* -- measures -------------------------------------------------------------------------------------------------------- */

static hd_status add_measure(hd_running *running, hd_outcome *outcome, const char *name, bool asked) {
  const hd_measure *entry = hd_measure_find(running->solver, name);
  double value;
  HD_TRY(hd_running_measure(running, name, &value));
  if (isnan(value) && !asked) return HD_OK; /* not defined for this case */
  bool timing = entry->flags & HD_TIMING;
  if ((timing ? outcome->provenances : outcome->measures) >= ENTRIES_MAX)
    return hd_raise(running->run.ctx, HD_ERR_LIMIT, "more than %d measures", ENTRIES_MAX);
  hd_fact_entry *into = timing ? &outcome->provenance[outcome->provenances++] : &outcome->measure[outcome->measures++];
  const char *unit = hd_case_measure_unit(running->kase, entry);
  *into = (hd_fact_entry){.name = name, .unit = unit, .number = value};
  return HD_OK;
}

static bool is_told(const hd_outcome *outcome, const char *name) {
  for (int64_t i = 0; i < outcome->provenances; i++)
    if (!strcmp(outcome->provenance[i].name, name)) return true;
  return false;
}

static bool is_known(const hd_outcome *outcome, const char *name) {
  for (int64_t i = 0; i < outcome->measures; i++)
    if (!strcmp(outcome->measure[i].name, name)) return true;
  return is_told(outcome, name); /* timings */
}

/* Of a solver that takes any name ("*"): those that label its field `measured`. */
static hd_status measure_labelled(hd_running *running, hd_outcome *outcome) {
  hd_array measured;
  const hd_measure *any = hd_measure_find(running->solver, "*");
  if (!any || hd_store_get(running->run.store, "measured", &measured) != HD_OK || !measured.names) return HD_OK;
  int64_t count = measured.size[0];
  void *memory;
  HD_TRY(hd_arena_take(&outcome->arena, sizeof(char *) * (size_t)(count + 1), &memory));
  const char **name = memory;
  for (int64_t i = 0; i < count; i++) HD_TRY(keep_text(&outcome->arena, measured.names[i], &name[i]));
  for (int64_t i = 0; i < count; i++) HD_TRY(add_measure(running, outcome, name[i], false));
  return HD_OK;
}

/* All without argument that are defined here, then those the scenario asks for. */
static hd_status measure_all(hd_running *running, hd_outcome *outcome) {
  for (const hd_measure *m = running->solver->measures; m && m->name; m++)
    if (strcmp(m->name, "*")) HD_TRY(add_measure(running, outcome, m->name, false));
  HD_TRY(measure_labelled(running, outcome));
  const hd_items *asked = &running->kase->common.measure;
  const char *const *names = asked->item;
  for (int64_t i = 0; i < asked->count; i++)
    if (!is_known(outcome, names[i])) HD_TRY(add_measure(running, outcome, names[i], true));
  return HD_OK;
}

/* What `check` reports in numbers: the units of a dimensionless system, the step that was chosen. */
static void add_facts(const hd_case *kase, hd_outcome *outcome) {
  const hd_note *fact;
  for (int64_t i = 0; i < FACTS_MAX && (fact = hd_notes_get(kase->notes, HD_NOTE_FACT, i)); i++)
    if (!*fact->message && !is_told(outcome, fact->name)) add_number(outcome, fact->name, fact->unit, fact->value);
}

/* -- provenance ------------------------------------------------------------------------------------------------------ */

static hd_status describe(hd_running *running, hd_outcome *outcome) {
  hd_ctx *ctx = running->run.ctx;
  char identity[HD_HASH_HEX];
  hd_hash_hex(&running->kase->identity, identity);
  HD_TRY(add_text(outcome, "heddle", hd_version()));
#ifdef __clang__
  HD_TRY(add_text(outcome, "compiler", __VERSION__)); /* names itself */
#else
  HD_TRY(add_text(outcome, "compiler", "gcc " __VERSION__));
#endif
  HD_TRY(add_text(outcome, "isa", hd_isa_name(hd_isa())));
  HD_TRY(add_text(outcome, "scenario_file", running->kase->file));
  HD_TRY(add_text(outcome, "identity", identity));
  add_number(outcome, "threads", "1", running->plan.threads);
  add_number(outcome, "stages_built", "1", running->stages_built);
  add_number(outcome, "stages_mapped", "1", running->stages_mapped);
  add_number(outcome, "resumed", "1", running->resumed);
  add_number(outcome, "predicted_time", "s", running->plan.predicted_s);
  add_number(outcome, "stepping_time", "s", running->stepping_s);
  double steps = (double)(running->now.steps - running->restored_steps);
  add_number(outcome, "step_rate", "1/s", running->stepping_s > 0 ? steps / running->stepping_s : 0);
  add_number(outcome, "cpu_time", "s", ctx->clock.cpu_s(ctx->clock.self));
  add_number(outcome, "finished_at", "s since 1970", (double)ctx->clock.calendar_s(ctx->clock.self));
  return HD_OK;
}

static hd_status collect(hd_running *running, hd_outcome *outcome) {
  void *measures, *provenance;
  hd_hash digest;
  const hd_failed_part *parts;
  HD_TRY(hd_arena_take(&outcome->arena, sizeof(hd_fact_entry) * ENTRIES_MAX, &measures));
  HD_TRY(hd_arena_take(&outcome->arena, sizeof(hd_fact_entry) * (ENTRIES_MAX + FACTS_MAX + 16), &provenance));
  outcome->measure = measures;
  outcome->provenance = provenance;
  outcome->failed_parts = hd_store_failed(running->run.store, &parts);
  HD_TRY(hd_store_digest(running->run.store, &digest));
  hd_hash_hex(&digest, outcome->digest);
  HD_TRY(describe(running, outcome));
  HD_TRY(measure_all(running, outcome));
  add_facts(running->kase, outcome);
  return HD_OK;
}

hd_status hd_outcome_collect(hd_running *running, hd_outcome *outcome) {
  *outcome = (hd_outcome){0};
  hd_arena_init(&outcome->arena, running->run.ctx);
  hd_status status = collect(running, outcome);
  if (status != HD_OK) hd_outcome_free(outcome);
  return status;
}

void hd_outcome_free(hd_outcome *outcome) {
  if (outcome->arena.ctx) hd_arena_free(&outcome->arena);
}

/* -- files ----------------------------------------------------------------------------------------------------------- */

hd_status hd_case_compat(const hd_case *kase, hd_arena *arena, const char **out) {
  const int *chosen = hd_case_value(kase, "compat", HD_CHOICE);
  hd_table tables[2];
  hd_found found;
  hd_choice choice;
  char *name;
  *out = NULL;
  hd_case_tables(kase, tables);
  if (!chosen || !hd_params_find(tables, 2, "compat", &found) || !hd_choice_at(found.param->of, *chosen, &choice))
    return HD_OK;
  HD_TRY(hd_arena_text(arena, choice.name, choice.length, &name));
  if (strcmp(name, "none")) *out = name;
  return HD_OK;
}

static hd_status write_result(hd_running *running, const hd_outcome *outcome, const char *path) {
  const hd_case *kase = running->kase;
  hd_text scenario;
  hd_arena arena;
  hd_arena_init(&arena, kase->ctx);
  hd_text_init(&scenario, kase->ctx);
  hd_result_head head = {.solver = kase->solver->name,
                         .title = kase->common.title,
                         .measures = outcome->measure,
                         .measure_count = outcome->measures,
                         .provenance = outcome->provenance,
                         .provenance_count = outcome->provenances};
  hd_status status = hd_case_print(kase, &scenario);
  head.scenario = hd_text_of(&scenario);
  if (status == HD_OK) status = hd_case_compat(kase, &arena, &head.compat);
  if (status == HD_OK) status = hd_result_write(running->run.store, &head, path);
  hd_text_free(&scenario);
  hd_arena_free(&arena);
  return status;
}

static const hd_format *writer_named(const hd_solver *solver, const char *name) {
  for (const hd_format *f = solver->formats; f && f->name; f++)
    if (f->write && !strcmp(f->name, name)) return f;
  return NULL;
}

hd_status hd_result_export(hd_ctx *ctx, const hd_solver *solver, const hd_result *result, const char *format,
                           const char *folder) {
  char path[HD_PATH_ROOM], name[128];
  const hd_format *found = writer_named(solver, format);
  if (!found) {
    hd_text known;
    hd_text_init(&known, ctx);
    for (const hd_format *f = solver->formats; f && f->name; f++)
      if (f->write) hd_print(&known, " %s", f->name);
    hd_status status = hd_raise(ctx, HD_ERR_INPUT, "%s has no format '%s'; it writes%s", solver->name, format,
                                known.length ? hd_text_of(&known) : " none");
    hd_text_free(&known);
    return status;
  }
  snprintf(name, sizeof name, "result%s%s", found->suffix && found->suffix[0] != '.' ? "." : "",
           found->suffix ? found->suffix : "");
  HD_TRY(hd_path_join(ctx, folder, name, path, sizeof path));
  HD_TRY_WHILE(ctx, found->write(result, path), "writing the format %s", format);
  return HD_OK;
}

static hd_status write_beside(hd_running *running, const hd_write_options *options, hd_result *result,
                              const char *folder) {
  const hd_common *common = &running->kase->common;
  hd_ctx *ctx = running->run.ctx;
  const char *const *formats = common->formats.item;
  for (int64_t i = 0; i < common->formats.count; i++)
    HD_TRY(hd_result_export(ctx, running->solver, result, formats[i], folder));
  if (options->figures) {
    bool standard = common->figures_kind == 0, drawn;
    HD_TRY(hd_result_draw(ctx, running->solver, result, standard ? NULL : common->figures.item,
                          standard ? 0 : common->figures.count, HD_DRAW_SVG | HD_DRAW_PNG, folder, &drawn));
  }
  return hd_result_report(ctx, running->solver, result, options->command, folder);
}

hd_status hd_outcome_write(hd_running *running, const hd_outcome *outcome, const hd_write_options *options,
                           const char *folder) {
  hd_ctx *ctx = running->run.ctx;
  char path[HD_PATH_ROOM];
  hd_result *result;
  HD_TRY(hd_folder_make(ctx, folder));
  HD_TRY(hd_path_join(ctx, folder, "result.h5", path, sizeof path));
  HD_TRY_WHILE(ctx, write_result(running, outcome, path), "writing %s", path);
  const hd_common *common = &running->kase->common;
  bool nothing_drawn = common->figures_kind == 1 && common->figures.count == 0;
  if ((nothing_drawn || !options->figures) && common->formats.count == 0 && !options->command) return HD_OK;
  HD_TRY(hd_result_open(ctx, path, &result));
  hd_status status = write_beside(running, options, result, folder);
  hd_result_close(result);
  return status;
}
