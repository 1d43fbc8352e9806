/* Convergence: what the levels of a study say about the order of a method.
 *
 * Levels are the members of `converge.over`; the first key gives the length h that orders refer to: a whole number (cells,
 * steps, what is without unit and whole on all levels) counts pieces, h = 1/number; any other number (a cell, a step) is h
 * itself. Levels are put from coarse to fine. With a norm, the fields at the ends of the runs are compared, kept in
 * members/N/result.h5; with a measure, numbers of the journal.
 *
 *   hd_converge_prepare(study);            before hd_study_run: levels without their files are computed again
 *   hd_study_run(study);
 *   hd_converge(study, &arena, &table);
 */
#ifndef HD_STUDY_CONVERGE_H
#define HD_STUDY_CONVERGE_H

#include "io/figure.h"
#include "study/converge/orders.h"
#include "study/study.h"

typedef struct hd_convergence_level {
  int64_t            member;
  const char *const *value; /* [keys], as text with unit */
  double             h, number; /* number: of the first key; not-a-number where it is none */
  double             steps; /* the measure of that name; not-a-number: there is none */
} hd_convergence_level;

/* One field or measure against one reference. */
typedef struct hd_convergence_line {
  const char        *name, *unit; /* unit of the error */
  const char        *against; /* "finest", "exact", "initial", a file, "56.22 m/s", "successive"; "truth": it is an error itself */
  bool               differences; /* successive: error[i] is the difference of the levels i and i + 1 */
  double            *value;  /* [levels]: of a measure; NULL: a field */
  double            *error;  /* [levels]; not-a-number where a level has none: the reference itself, the last of differences */
  double            *order;  /* [levels]: from the level before; not-a-number where there is none */
  int64_t            left_out; /* elements that are not-a-number, over all levels */
  hd_orders          orders;
} hd_convergence_line;

typedef struct hd_convergence {
  const char *const    *key;
  int64_t               keys, levels, lines;
  int64_t               missing; /* levels of the study that are not done; the table is about the others */
  hd_convergence_level *level;
  hd_convergence_line  *line;    /* by field; the reference asked for, then successive differences */
  hd_study_norm         norm;
} hd_convergence;

bool hd_converge_is(const hd_study *study); /* the study is one of convergence */

/* A word of the journal of every study of convergence. */
#define HD_CONVERGE_WORD "study=converge"

/* Takes over the levels that the folder holds already, of the same scenario with other levels, norm, reference or measure: a
 * new journal takes the place of the one at `path`. Before the journal is opened with `record`. Results of levels that are
 * asked for no more stay, in members/IDENTITY. */
hd_status hd_converge_adopt(hd_study *study, const char *path, const hd_study_record *record);

/* Marks done levels without a result.h5 of their digest as waiting; counts done anew. */
hd_status hd_converge_prepare(hd_study *study);

/* The table, from levels that are done. No lines: fewer than two of them. Lives in the arena. */
hd_status hd_converge(const hd_study *study, hd_arena *arena, hd_convergence *out);

/* -- shown: as text for people, CSV (one line per field, reference and level; one per field and reference), JSON (an
 *    object), a log-log figure with slopes; one sentence for a report. */
void      hd_converge_print(const hd_convergence *table, hd_text *out);
void      hd_converge_print_csv(const hd_convergence *table, hd_text *out);
void      hd_converge_print_orders_csv(const hd_convergence *table, hd_text *out);
void      hd_converge_print_json(const hd_convergence *table, hd_text *out);
void      hd_converge_print_sentence(const hd_convergence *table, hd_text *out);
/* As the group `convergence` of a file (io/dataset.h); the arena must live until it is written. */
typedef struct hd_dataset hd_dataset;
hd_status hd_converge_add(const hd_convergence *table, hd_arena *arena, hd_dataset *to);
hd_status hd_converge_figure(hd_ctx *ctx, const hd_convergence *table, const char *note, hd_figure **out);

const char *hd_converge_norm_name(hd_study_norm norm); /* "l1"; "measure" */

#endif
