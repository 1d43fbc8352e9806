/* The report of a study, for someone who has not seen heddle before: what was varied, what came out, what failed and how to
 * repeat it, the figures, the numbers, where it comes from. The tables are made in study_tables.c. */
#include "heddle/math.h"
#include "io/plot.h"
#include "run/outcome.h"
#include "study/present/study_figures.h"
#include "study/present/study_page.h"

#include <stdio.h>
#include <string.h>

hd_status hd_page_keep(hd_page *page, hd_text *text, const char **out) {
  char *kept;
  hd_status status = hd_text_status(text);
  if (status == HD_OK) status = hd_arena_text(&page->arena, hd_text_of(text), text->length, &kept);
  if (status == HD_OK) *out = kept;
  hd_text_free(text);
  return status;
}

static hd_status print_doc(hd_page *p, const char **out) {
  const hd_lattice *l = &p->a->lattice;
  hd_text text;
  int64_t keys = 0;
  hd_text_init(&text, p->study->ctx);
  for (int64_t k = 0; k < l->keys; k++) keys += l->key[k].count > 1 && !l->key[k].repeated;
  hd_print(&text, "A study: one scenario was computed %lld times, each time with other values of ",
           (long long)p->study->count);
  for (int64_t k = 0, n = 0; k < l->keys; k++) {
    if (l->key[k].count < 2 || l->key[k].repeated) continue;
    hd_print(&text, "%s%s",
             n == 0          ? ""
             : n + 1 == keys ? " and "
                             : ", ",
             l->key[k].doc[0] ? l->key[k].doc : l->key[k].path);
    n++;
  }
  if (!keys) hd_print(&text, "the random numbers");
  else if (l->repeats > 1) hd_print(&text, ", %lld times each with other random numbers", (long long)l->repeats);
  hd_print(&text,
           ". Each computation is a \xE2\x80\x9Cmember\xE2\x80\x9D; what is read off it is a "
           "\xE2\x80\x9Cmeasure\xE2\x80\x9D. "
           "Members depend on nothing but their own values, so any of them can be repeated alone and gives the "
           "same bits on any machine.");
  return hd_page_keep(p, &text, out);
}

static hd_status print_state(hd_page *p, const char **out) {
  const hd_study *study = p->study;
  int64_t waiting = study->mine - study->done - study->failed;
  hd_text text;
  hd_text_init(&text, study->ctx);
  hd_print(&text, "%lld of %lld members done", (long long)study->done, (long long)study->mine);
  if (study->failed) hd_print(&text, ", %lld failed", (long long)study->failed);
  if (waiting) hd_print(&text, ", %lld not computed yet", (long long)waiting);
  if (p->a->seconds.count) {
    hd_print(&text, "; ");
    hd_plot_number(&text, p->a->seconds.mean * (double)p->a->seconds.count, 3);
    hd_print(&text, " s of computing");
  }
  return hd_page_keep(p, &text, out);
}

static hd_status provenance(hd_page *p) {
  const hd_study *study = p->study;
  const char *identity;
  hd_text text;
  char hex[HD_HASH_HEX];
  hd_report_entry *e = p->provenance;
  int64_t n = 0;
  hd_hash_hex(&study->identity, hex);
  hd_text_init(&text, study->ctx);
  hd_print(&text, "%s", hex);
  HD_TRY(hd_page_keep(p, &text, &identity));
  e[n++] = (hd_report_entry){.name = "heddle", .text = hd_version(), .doc = "version"};
  e[n++] = (hd_report_entry){.name = "solver", .text = study->base->solver->name, .doc = study->base->solver->title};
  e[n++] = (hd_report_entry){.name = "scenario", .text = study->base->file, .doc = "the file"};
  e[n++] = (hd_report_entry){.name = "identity", .text = identity, .doc = "of scenario, study and measures"};
  e[n++] = (hd_report_entry){.name = "members", .number = (double)study->mine};
  e[n++] = (hd_report_entry){.name = "done", .number = (double)study->done};
  e[n++] = (hd_report_entry){.name = "failed", .number = (double)study->failed};
  if (p->a->seconds.count) {
    const hd_statistics *s = &p->a->seconds;
    e[n++] = (hd_report_entry){
        .name = "computed", .number = (double)s->count, .doc = "members; the others are equal to one of them"};
    e[n++] = (hd_report_entry){.name = "mean time", .number = s->mean, .unit = "s", .doc = "of one member on one core"};
    e[n++] = (hd_report_entry){.name = "least time", .number = s->least, .unit = "s"};
    e[n++] = (hd_report_entry){.name = "greatest time", .number = s->greatest, .unit = "s"};
  }
  p->report.provenance = e;
  p->report.provenance_count = n;
  return HD_OK;
}

static hd_status commands(hd_page *p, const char *folder) {
  void *memory;
  hd_text alone, again, read;
  HD_TRY(hd_arena_take(&p->arena, sizeof(char *) * 4, &memory));
  const char **line = memory;
  int64_t n = 0;
  if (p->telling->command) line[n++] = p->telling->command;
  hd_text_init(&alone, p->study->ctx);
  hd_text_init(&again, p->study->ctx);
  hd_text_init(&read, p->study->ctx);
  if (p->telling->member_command) p->telling->member_command(p->telling->self, &alone, 0);
  hd_print(&alone, "    # member 0 alone, with all its fields and figures");
  hd_print(&again, "heddle plot %s    # tables, figures and this page again, without computing", folder);
  hd_print(&read, "python3 -c 'import xarray; print(xarray.open_dataset(\"%s/study.h5\"))'", folder);
  hd_status a = hd_page_keep(p, &alone, &line[n]), b = hd_page_keep(p, &again, &line[n + 1]),
            c = hd_page_keep(p, &read, &line[n + 2]);
  p->report.commands = line;
  p->report.command_count = n + 3;
  return a != HD_OK ? a : b != HD_OK ? b : c;
}

static hd_status figures(hd_page *p, const hd_study_figures *all, const char *folder) {
  hd_ctx *ctx = p->study->ctx;
  void *memory;
  char path[HD_PATH_ROOM], file[HD_FIGURE_NAME + 16];
  HD_TRY(hd_arena_take(&p->arena, sizeof(hd_report_figure) * (size_t)(all->count + 1), &memory));
  hd_report_figure *figure = memory;
  for (int64_t i = 0; i < all->count; i++) {
    snprintf(file, sizeof file, "figures/%s.gp", all->figure[i]->name);
    HD_TRY(hd_path_join(ctx, folder, file, path, sizeof path));
    if (!hd_file_exists(ctx, path)) continue; /* not asked for */
    figure[p->report.figure_count++] =
        (hd_report_figure){.name = all->figure[i]->name, .title = all->figure[i]->title, .doc = all->doc[i]};
  }
  p->report.figures = figure;
  p->report.figure_folder = "figures";
  return HD_OK;
}

static hd_status scenario(hd_page *p) {
  hd_text text;
  hd_text_init(&text, p->study->ctx);
  hd_status status = hd_case_print(p->study->base, &text);
  if (status == HD_OK && text.length && hd_text_of(&text)[text.length - 1] != '\n') hd_print(&text, "\n");
  if (status == HD_OK) status = hd_study_print_grammar(p->study, &text);
  hd_status kept = hd_page_keep(p, &text, &p->report.scenario);
  return status == HD_OK ? kept : status;
}

static hd_status banner(hd_page *p) {
  const char *compat;
  hd_text text;
  HD_TRY(hd_case_compat(p->study->base, &p->arena, &compat));
  if (!compat) return HD_OK;
  hd_text_init(&text, p->study->ctx);
  hd_print(&text, "Computed with compat: %s, the behaviour of a predecessor.", compat);
  return hd_page_keep(p, &text, &p->report.banner);
}

static hd_status write_page(hd_page *p, const hd_study_figures *all, const char *folder) {
  static const hd_report_link links[] = {{"study.h5", "members, measures, grid and aggregates (HDF5, opens in xarray)"},
                                         {"table.csv", "a line for each member, for a spreadsheet or pandas"},
                                         {"log.txt", "what happened, line by line"}};
  const hd_study *study = p->study;
  const char *title = study->base->common.title;
  p->report = (hd_report){.title = title && title[0] ? title : study->base->file,
                          .solver = study->base->solver->title,
                          .tables = p->table,
                          .late_tables = p->late,
                          .links = links,
                          .link_count = 3,
                          .failed = study->failed > 0};
  HD_TRY(banner(p));
  HD_TRY(print_doc(p, &p->report.doc));
  HD_TRY(print_state(p, &p->report.state));
  HD_TRY(hd_page_varied(p));
  HD_TRY(hd_page_orders(p));
  HD_TRY(hd_page_measures(p));
  HD_TRY(hd_page_ends(p));
  HD_TRY(hd_page_failures(p));
  HD_TRY(hd_page_points(p));
  HD_TRY(provenance(p));
  HD_TRY(commands(p, folder));
  HD_TRY(scenario(p));
  HD_TRY(figures(p, all, folder));
  return hd_report_write(study->ctx, &p->report, folder);
}

hd_status hd_study_report(const hd_aggregates *aggregates, const hd_study_telling *telling, const char *folder) {
  hd_page p = {.a = aggregates, .study = aggregates->study, .telling = telling};
  hd_study_figures all;
  HD_TRY(hd_study_figures_make(aggregates, &all));
  hd_arena_init(&p.arena, p.study->ctx);
  hd_status status = write_page(&p, &all, folder);
  hd_arena_free(&p.arena);
  hd_study_figures_free(&all);
  return hd_while(p.study->ctx, status, "writing the report of the study into %s", folder);
}
