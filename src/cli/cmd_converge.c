/* heddle converge FILE: levels as members of a study (cmd_sweep.c), then their errors and orders. */
#include "cli/study.h"

#include <string.h>

int cli_converge(hd_ctx *ctx, const cli_args *args) { return cli_study_of(ctx, args, CLI_CONVERGENCE); }

static hd_status write_csv(const hd_study *study, const hd_convergence *table, const char *name,
                           void (*print)(const hd_convergence *, hd_text *)) {
  char path[HD_PATH_ROOM];
  hd_text csv;
  HD_TRY(hd_path_join(study->ctx, study->options.folder, name, path, sizeof path));
  hd_text_init(&csv, study->ctx);
  print(table, &csv);
  hd_status status = hd_text_status(&csv);
  if (status == HD_OK) status = hd_file_write(study->ctx, path, hd_text_of(&csv), csv.length, true);
  hd_text_free(&csv);
  return status;
}

static hd_status show(const hd_study *study, const hd_convergence *table) {
  hd_text text;
  hd_text_init(&text, study->ctx);
  hd_converge_print(table, &text);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) cli_write(hd_text_of(&text), text.length);
  hd_text_free(&text);
  return status;
}

static hd_status leave(const hd_study *study, const cli_args *args, const hd_convergence *table, hd_text *json) {
  if (table->missing)
    cli_warning("%lld of %lld levels are not done; the orders are those of the others", (long long)table->missing,
                (long long)study->count);
  if (!table->lines) return HD_OK;
  HD_TRY(write_csv(study, table, "converge.csv", hd_converge_print_csv));
  HD_TRY(write_csv(study, table, "orders.csv", hd_converge_print_orders_csv));
  if (!args->json) return show(study, table);
  hd_converge_print_json(table, json);
  return hd_text_status(json);
}

hd_status cli_converge_leave(const hd_study *study, const cli_args *args, hd_text *json) {
  hd_arena arena;
  hd_convergence table;
  hd_arena_init(&arena, study->ctx);
  hd_status status = hd_converge(study, &arena, &table);
  if (status == HD_OK) status = leave(study, args, &table, json);
  hd_arena_free(&arena);
  return status;
}
