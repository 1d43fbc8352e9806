#include "cli/json.h"

#include "cli/print.h"

static void print_measures(hd_text *json, const cli_json_result *result) {
  hd_print(json, ",\n  \"measures\": {");
  for (int64_t i = 0; i < result->measures; i++) {
    const hd_fact_entry *m = &result->measure[i];
    hd_print(json, "%s\n    ", i ? "," : "");
    hd_json_text(json, m->name);
    hd_print(json, ": {\"value\": ");
    hd_json_number(json, m->number);
    hd_print(json, ", \"unit\": ");
    hd_json_text(json, m->unit ? m->unit : "1");
    hd_print(json, "}");
  }
  hd_print(json, "\n  },\n  \"digest\": \"%s\"", result->digest ? result->digest : "");
}

static void print_failed(hd_text *json, const cli_json_result *result) {
  hd_print(json, ",\n  \"failed_parts\": [");
  for (int64_t i = 0; i < result->parts; i++) {
    const hd_result_part *part = &result->part[i];
    hd_print(json, "%s\n    {\"part\": ", i ? "," : "");
    hd_json_text(json, part->dim);
    hd_print(json, ", \"index\": %lld, \"at\": ", (long long)part->index);
    hd_json_number(json, part->at);
    hd_print(json, ", \"reason\": ");
    hd_json_text(json, part->text);
    hd_print(json, "}");
  }
  hd_print(json, "%s]", result->parts ? "\n  " : "");
}

void cli_json_of_case(hd_ctx *ctx, const hd_case *kase, const cli_json_result *result) {
  hd_text json;
  hd_text_init(&json, ctx);
  hd_print(&json, "{\n  \"file\": ");
  hd_json_text(&json, kase->file);
  if (kase->solver) {
    hd_print(&json, ",\n  \"solver\": ");
    hd_json_text(&json, kase->solver->name);
  }
  hd_print(&json, ",\n  \"errors\": ");
  hd_notes_print_json(&json, kase->notes, HD_NOTE_ERROR);
  hd_print(&json, ",\n  \"warnings\": ");
  hd_notes_print_json(&json, kase->notes, HD_NOTE_WARNING);
  hd_print(&json, ",\n  \"facts\": ");
  hd_notes_print_json(&json, kase->notes, HD_NOTE_FACT);
  if (result) {
    print_measures(&json, result);
    print_failed(&json, result);
  }
  hd_print(&json, "\n}\n");
  cli_write(hd_text_of(&json), json.length);
  hd_text_free(&json);
}

hd_status cli_json_of_run(hd_running *running, const hd_outcome *outcome) {
  hd_ctx *ctx = running->run.ctx;
  cli_json_result result = {.measure = outcome->measure, .measures = outcome->measures, .digest = outcome->digest};
  const hd_failed_part *failed;
  hd_arena arena;
  void *memory;
  result.parts = hd_store_failed(running->run.store, &failed);
  hd_arena_init(&arena, ctx);
  hd_status status = hd_arena_take(&arena, sizeof(hd_result_part) * (size_t)(result.parts + 1), &memory);
  if (status == HD_OK) {
    hd_result_part *part = memory;
    for (int64_t i = 0; i < result.parts; i++)
      part[i] =
          (hd_result_part){running->solver->dims[failed[i].dim].name, failed[i].text, failed[i].index, failed[i].at};
    result.part = part;
    cli_json_of_case(ctx, running->kase, &result);
  }
  hd_arena_free(&arena);
  return status;
}

/* The measures of a stored result, in the arena. */
static hd_status stored_measures(hd_arena *arena, const hd_result *stored, cli_json_result *result) {
  const char *name, *unit;
  double value;
  void *memory;
  while (hd_result_measure(stored, result->measures, &value, &unit)) result->measures++;
  HD_TRY(hd_arena_take(arena, sizeof(hd_fact_entry) * (size_t)(result->measures + 1), &memory));
  hd_fact_entry *measure = memory;
  for (int64_t i = 0; (name = hd_result_measure(stored, i, &value, &unit)); i++)
    measure[i] = (hd_fact_entry){.name = name, .unit = unit, .number = value};
  result->measure = measure;
  return HD_OK;
}

hd_status cli_json_of_stored(hd_ctx *ctx, const hd_case *kase, const char *folder) {
  char path[HD_PATH_ROOM];
  hd_result *stored;
  hd_arena arena;
  cli_json_result result = {0};
  HD_TRY(hd_path_join(ctx, folder, "result.h5", path, sizeof path));
  HD_TRY(hd_result_open(ctx, path, &stored));
  hd_arena_init(&arena, ctx);
  hd_status status = stored_measures(&arena, stored, &result);
  result.digest = hd_result_text(stored, "provenance", "digest");
  result.parts = hd_result_failed(stored, &result.part);
  if (status == HD_OK) cli_json_of_case(ctx, kase, &result);
  hd_arena_free(&arena);
  hd_result_close(stored);
  return status;
}
