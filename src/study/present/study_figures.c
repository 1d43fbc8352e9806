/* The figures of a study: what there is to draw from, which measures are shown, all of them together, their drawing. */
#include "study/present/study_figures.h"

#include "heddle/math.h"
#include "io/gnuplot.h"
#include "run/outcome.h"
#include "study/converge/converge.h"
#include "study/present/outcome.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MOST = 48 };

/* -- the board --------------------------------------------------------------------------------------------------------- */

hd_status hd_board_numbers(hd_drawing_board *b, int64_t count, double **out) {
  void *memory;
  HD_TRY(hd_arena_take(&b->arena, sizeof(double) * (size_t)(count > 0 ? count : 1), &memory));
  *out = memory;
  return HD_OK;
}

hd_status hd_board_begin(hd_drawing_board *b, const char *name, const char *title, const char *doc, hd_figure **out) {
  hd_study_figures *to = b->to;
  *out = NULL;
  if (to->count == HD_STUDY_FIGURES) return hd_raise(b->a->study->ctx, HD_ERR_BUG, "too many figures of a study");
  HD_TRY(hd_figure_new(b->a->study->ctx, name, title, b->note, out));
  to->figure[to->count] = *out;
  to->doc[to->count++] = doc;
  return HD_OK;
}

/* Texts, and a few whole numbers with gaps ("surface category 1, 2, 3, 9"), stand side by side. */
bool hd_board_as_names(const hd_lattice_key *key) {
  enum { CATEGORIES = 12 };
  if (!key->number) return true;
  if (!key->whole || key->count > CATEGORIES || key->log || !key->value) return false;
  for (int64_t i = 0; i < key->count; i++)
    if (hd_abs(key->value[i]) >= CATEGORIES) return false;
  return strcmp(key->unit, "1") == 0;
}

hd_axis hd_board_axis(const hd_lattice_key *key, bool as_names, char label[HD_LATTICE_LABEL]) {
  hd_axis axis = {.label = label, .low = HD_NAN, .high = HD_NAN};
  hd_lattice_label(key, label);
  if (key->number) axis.unit = key->unit;
  if (as_names) {
    axis.names = key->text;
    axis.name_count = key->count;
    if (key->number) axis.unit = NULL;
    return axis;
  }
  bool positive = key->log;
  for (int64_t i = 0; key->value && i < key->count; i++) positive &= key->value[i] > 0;
  axis.log = positive;
  return axis;
}

hd_axis hd_board_measure(const hd_drawing_board *b, int64_t name) {
  return (hd_axis){
      .label = b->a->study->name[name], .unit = hd_study_unit(b->a->study, name), .low = HD_NAN, .high = HD_NAN};
}

const char *hd_board_words(const hd_drawing_board *b, int64_t name, char room[HD_LATTICE_LABEL]) {
  hd_lattice_words(hd_study_doc(b->a->study, name), room, HD_LATTICE_LABEL);
  if (!room[0] || strlen(room) > WORDS_MOST) snprintf(room, HD_LATTICE_LABEL, "%.100s", b->a->study->name[name]);
  return room;
}

/* The first measures that are not the same everywhere; errors of rounding only where they were asked for. */
static void choose_measures(hd_drawing_board *b) {
  const hd_study *study = b->a->study;
  for (int64_t k = 0; k < study->names && b->measures < HD_STUDY_PANELS; k++) {
    const hd_statistics *s = &b->a->all[k];
    bool rounding = !strcmp(hd_study_unit(study, k), "1") && hd_abs(s->least) < 1e-9 && hd_abs(s->greatest) < 1e-9;
    if (rounding && !study->spec.measures) continue;
    if (s->count > 1 && s->least < s->greatest) b->measure[b->measures++] = k;
  }
}

/* -- all --------------------------------------------------------------------------------------------------------------- */

/* What follows from the levels of a study of convergence. */
static hd_status draw_convergence(hd_drawing_board *b) {
  hd_study_figures *to = b->to;
  hd_convergence table;
  hd_text text;
  HD_TRY(hd_converge(b->a->study, &b->arena, &table));
  if (!table.lines) return HD_OK;
  HD_TRY(hd_converge_figure(b->a->study->ctx, &table, b->note, &to->figure[to->count]));
  to->doc[to->count++] = NULL;
  hd_text_init(&text, b->a->study->ctx);
  hd_converge_print_sentence(&table, &text);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK && !to->figure[to->count - 1]->panels) hd_figure_free(to->figure[--to->count]);
  else if (status == HD_OK) {
    char *kept;
    status = hd_arena_text(&to->figure[to->count - 1]->arena, hd_text_of(&text), text.length, &kept);
    if (status == HD_OK) to->doc[to->count - 1] = kept;
  }
  hd_text_free(&text);
  return status;
}

static hd_status note_compat(hd_drawing_board *b) {
  const char *compat;
  char note[160], *kept;
  HD_TRY(hd_case_compat(b->a->study->base, &b->arena, &compat));
  if (!compat) return HD_OK;
  snprintf(note, sizeof note, "compat: %s", compat);
  HD_TRY(hd_arena_text(&b->arena, note, strlen(note), &kept));
  b->note = kept;
  return HD_OK;
}

static hd_status make_all(hd_drawing_board *b) {
  const hd_lattice *l = &b->a->lattice;
  HD_TRY(note_compat(b));
  if (hd_converge_is(b->a->study)) HD_TRY(draw_convergence(b));
  if (b->measures && !b->a->study->spec.over.count) {
    HD_TRY(hd_board_axes(b));
    if (l->samples > 1) HD_TRY(hd_board_samples(b));
    if (l->axes == 0 && l->samples == 1) HD_TRY(hd_board_distribution(b));
  }
  HD_TRY(hd_board_kept(b));
  HD_TRY(hd_board_failed(b));
  return hd_board_times(b);
}

hd_status hd_study_figures_make(const hd_aggregates *aggregates, hd_study_figures *out) {
  hd_drawing_board b = {.a = aggregates, .to = out};
  *out = (hd_study_figures){.count = 0};
  hd_arena_init(&b.arena, aggregates->study->ctx);
  choose_measures(&b);
  hd_status status = make_all(&b);
  hd_arena_free(&b.arena);
  if (status != HD_OK) hd_study_figures_free(out);
  return hd_while(aggregates->study->ctx, status, "describing the figures of the study");
}

void hd_study_figures_free(hd_study_figures *figures) {
  for (int64_t i = 0; i < figures->count; i++) hd_figure_free(figures->figure[i]);
  figures->count = 0;
}

static hd_status choose(hd_ctx *ctx, const hd_study_figures *all, const char *const *names, int64_t count,
                        const hd_figure *chosen[HD_STUDY_FIGURES], int64_t *n) {
  hd_text known;
  *n = 0;
  for (int64_t i = 0; !names && i < all->count; i++) chosen[(*n)++] = all->figure[i];
  for (int64_t i = 0; names && i < count && *n < HD_STUDY_FIGURES; i++) {
    int64_t k = 0;
    while (k < all->count && strcmp(all->figure[k]->name, names[i])) k++;
    if (k < all->count) {
      chosen[(*n)++] = all->figure[k];
      continue;
    }
    hd_text_init(&known, ctx);
    for (k = 0; k < all->count; k++) hd_print(&known, " %s", all->figure[k]->name);
    hd_status status =
        hd_raise(ctx, HD_ERR_INPUT, "this study has no figure '%s'; it has%s", names[i], hd_text_of(&known));
    hd_text_free(&known);
    return status;
  }
  return HD_OK;
}

hd_status hd_study_draw(const hd_aggregates *aggregates, const char *const *names, int64_t count, unsigned formats,
                        const char *folder, bool *drawn) {
  hd_ctx *ctx = aggregates->study->ctx;
  hd_study_figures all;
  const hd_figure *chosen[HD_STUDY_FIGURES];
  char figures[HD_PATH_ROOM];
  int64_t n;
  *drawn = false;
  HD_TRY(hd_path_join(ctx, folder, "figures", figures, sizeof figures));
  HD_TRY(hd_study_figures_make(aggregates, &all));
  hd_status status = choose(ctx, &all, names, count, chosen, &n);
  if (status == HD_OK && n) status = hd_figures_draw(ctx, chosen, n, figures, formats, drawn);
  hd_study_figures_free(&all);
  return hd_while(ctx, status, "drawing figures into %s", figures);
}
