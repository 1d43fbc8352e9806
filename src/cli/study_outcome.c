#include "cli/study_outcome.h"

#include "io/gnuplot.h"
#include "study/present/outcome.h"

typedef struct teller {
  const char *file;
  const cli_args *args;
} teller;

static void tell_member(const void *self, hd_text *out, int64_t member) {
  const teller *t = self;
  cli_member_command(out, t->file, t->args, member);
}

static hd_status write_files(const hd_aggregates *a, const hd_study_telling *telling, const char *folder,
                             const cli_outcome *what, bool *drawn) {
  hd_ctx *ctx = a->study->ctx;
  char path[HD_PATH_ROOM];
  if (what->tables) {
    HD_TRY(hd_path_join(ctx, folder, "table.csv", path, sizeof path));
    HD_TRY(hd_study_write_table(a->study, path));
    HD_TRY(hd_path_join(ctx, folder, "study.h5", path, sizeof path));
    HD_TRY(hd_study_write_h5(a, telling, path));
  }
  if (what->figures)
    HD_TRY(hd_study_draw(a, what->figure, what->figure_count, HD_DRAW_SVG | HD_DRAW_PNG, folder, drawn));
  return what->report ? hd_study_report(a, telling, folder) : HD_OK;
}

hd_status cli_study_write(const hd_study *study, const char *file, const cli_args *args, const char *folder,
                          const cli_outcome *what, bool *drawn) {
  hd_arena arena;
  hd_aggregates a;
  hd_text command;
  teller t = {file, args};
  *drawn = false;
  hd_arena_init(&arena, study->ctx);
  hd_text_init(&command, study->ctx);
  cli_study_command(&command, study->spec.over.count ? "converge" : "sweep", file, args);
  hd_study_telling telling = {hd_text_of(&command), tell_member, &t};
  hd_status status = hd_text_status(&command);
  if (status == HD_OK) status = hd_aggregate(&arena, study, &a);
  if (status == HD_OK) status = write_files(&a, &telling, folder, what, drawn);
  hd_text_free(&command);
  hd_arena_free(&arena);
  return status;
}
