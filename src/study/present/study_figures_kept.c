/* The members side by side: of each kept result the first panel of the solver's first figure that shows something of it. */
#include "study/present/study_figures.h"

#include "io/result.h"
#include "study/converge/converge.h"
#include "study/journal/identities.h"
#include "study/workers/compute.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 12 };

/* Opens the result of a member, which one of the same identity may have kept. HD_ERR_MISSING: nobody did. */
static hd_status open_kept(const hd_study *study, int64_t member, hd_result **out) {
  char folder[HD_PATH_ROOM], path[HD_PATH_ROOM];
  int64_t keeper = hd_identities_find(study->known, &study->id[member]);
  if (study->member[member].state != HD_MEMBER_DONE) return HD_ERR_MISSING;
  HD_TRY(hd_member_folder(study->ctx, study->options.folder, keeper < 0 ? member : keeper, folder));
  HD_TRY(hd_path_join(study->ctx, folder, "result.h5", path, sizeof path));
  return hd_file_exists(study->ctx, path) ? hd_result_open(study->ctx, path, out) : HD_ERR_MISSING;
}

/* "member 3: 4.368e+11 Msun": the first key tells members of a zip apart, too. */
static hd_status title_of(const hd_drawing_board *b, int64_t member, char *out, size_t room) {
  const hd_lattice *l = &b->a->lattice;
  const hd_lattice_key *key = &l->key[0];
  hd_text text;
  hd_text_init(&text, b->a->study->ctx);
  hd_print(&text, "member %lld", (long long)member);
  if (l->keys && key->number)
    hd_print(&text, ": %.4g%s%s", hd_lattice_number(l, 0, member), strcmp(key->unit, "1") ? " " : "",
             strcmp(key->unit, "1") ? key->unit : "");
  else if (l->keys) {
    hd_print(&text, ": ");
    hd_lattice_print(l, 0, member, &text);
  }
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) snprintf(out, room, "%s", hd_text_of(&text));
  hd_text_free(&text);
  return status;
}

static hd_status copy_panel(const hd_figure *from, const char *title, hd_figure *to) {
  const hd_panel_of *panel = &from->panel[0];
  HD_TRY(hd_panel(to, title, panel->x, panel->y, panel->colour, panel->equal_scales));
  for (int64_t i = panel->first; i < panel->first + panel->count; i++) HD_TRY(hd_add(to, from->mark[i]));
  return HD_OK;
}

/* HD_ERR_MISSING: this drawing shows nothing of this result. The figure is begun with the first that shows something. */
static hd_status add_member(hd_drawing_board *b, const hd_drawing *drawing, int64_t member, hd_figure **figure) {
  char title[2 * HD_LATTICE_LABEL], name[HD_FIGURE_NAME];
  hd_result *result;
  hd_figure *one;
  HD_TRY(open_kept(b->a->study, member, &result));
  hd_status status = hd_figure_make(b->a->study->ctx, drawing, result, -1, b->note, &one);
  if (status == HD_OK) {
    snprintf(name, sizeof name, "members-%.100s", drawing->name);
    status = title_of(b, member, title, sizeof title);
    if (status == HD_OK && !*figure)
      status = hd_board_begin(
          b, name, drawing->title,
          "Members side by side, with the value of their first key, from the results that were kept.", figure);
    if (status == HD_OK) status = copy_panel(one, title, *figure);
    hd_figure_free(one);
  }
  hd_result_close(result);
  return status;
}

hd_status hd_board_kept(hd_drawing_board *b) {
  const hd_study *study = b->a->study;
  int64_t shown = study->count < SHOWN ? study->count : SHOWN;
  hd_figure *figure = NULL;
  if (!study->options.folder || hd_converge_is(study)) return HD_OK;
  for (const hd_drawing *d = study->base->solver->figures; d && d->name && !figure; d++) {
    if (d->flags & (HD_ASKED | HD_FRAMES)) continue;
    for (int64_t k = 0; k < shown; k++) {
      int64_t member = shown < 2 ? 0 : k * (study->count - 1) / (shown - 1); /* the first, the last, evenly between */
      hd_status status = add_member(b, d, member, &figure);
      if (status != HD_OK && status != HD_ERR_MISSING) return status;
    }
  }
  return HD_OK;
}
