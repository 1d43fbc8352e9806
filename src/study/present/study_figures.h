/* The figures of a study as descriptions, without drawing them; for study_figures*.c, the report and tests. */
#ifndef HD_STUDY_STUDY_FIGURES_H
#define HD_STUDY_STUDY_FIGURES_H

#include "io/figure.h"
#include "study/present/aggregate.h"

enum { HD_STUDY_FIGURES = 24, HD_STUDY_PANELS = 6 };

typedef struct hd_study_figures {
  hd_figure *figure[HD_STUDY_FIGURES];
  const char *doc[HD_STUDY_FIGURES]; /* a line for below the figure */
  int64_t count;
} hd_study_figures;

/* All that say something about this study: measures against one key with a band over repeats (against), one line for each
 * value of a second key (lines), maps of two keys (maps), small multiples of three (multiples-MEASURE), clouds over sampled
 * keys (scatter) and which of these matter (importance), how often each value came over repeats alone (distribution), up to
 * twelve members side by side where results were kept (members-NAME), which members failed (failed), how long they took
 * (times). */
hd_status hd_study_figures_make(const hd_aggregates *aggregates, hd_study_figures *out);
void hd_study_figures_free(hd_study_figures *figures);

/* -- shared by the files that make them -- */

typedef struct hd_drawing_board {
  const hd_aggregates *a;
  hd_study_figures *to;
  hd_arena arena;                             /* what the figures are made from; they copy it */
  const char *note;                           /* compat: ... */
  int64_t measure[HD_STUDY_PANELS], measures; /* those that vary */
} hd_drawing_board;

hd_status hd_board_numbers(hd_drawing_board *b, int64_t count, double **out);
hd_status hd_board_begin(hd_drawing_board *b, const char *name, const char *title, const char *doc, hd_figure **out);

/* An axis of a key, with names where its values are texts or unevenly chosen categories (`as_names`). */
hd_axis hd_board_axis(const hd_lattice_key *key, bool as_names, char label[HD_LATTICE_LABEL]);
bool hd_board_as_names(const hd_lattice_key *key);
hd_axis hd_board_measure(const hd_drawing_board *b, int64_t name);
const char *hd_board_words(const hd_drawing_board *b, int64_t name, char room[HD_LATTICE_LABEL]); /* of its text */

hd_status hd_board_axes(hd_drawing_board *b);         /* against; lines, maps; multiples */
hd_status hd_board_samples(hd_drawing_board *b);      /* scatter, importance */
hd_status hd_board_distribution(hd_drawing_board *b); /* where nothing but the seed varies */
hd_status hd_board_kept(hd_drawing_board *b);         /* members-NAME */
hd_status hd_board_failed(hd_drawing_board *b);
hd_status hd_board_times(hd_drawing_board *b);

#endif
