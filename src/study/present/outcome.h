/* What a study leaves besides its journal and table: study.h5, figures and the report. All of it follows from the open study
 * and is made again, without computing, by `heddle plot`.
 */
#ifndef HD_STUDY_OUTCOME_H
#define HD_STUDY_OUTCOME_H

#include "study/present/aggregate.h"

/* What a caller knows about how the study was asked for. */
typedef struct hd_study_telling {
  const char *command; /* "heddle sweep FILE ...": computes it */
  /* Prints the command that repeats member i alone; NULL: left out. */
  void (*member_command)(const void *self, hd_text *out, int64_t member);
  const void *self;
} hd_study_telling;

/* study.h5, whole. Opens in xarray with nothing of ours: dimension `member` with varied keys as columns, measures, states,
 * digests; group `grid`: the measures over the axes of a grid; groups `aggregates`, `convergence` and `provenance`. */
hd_status hd_study_write_h5(const hd_aggregates *aggregates, const hd_study_telling *telling, const char *path);

/* Figures into folder/figures: all that say something, or those named. HD_ERR_INPUT: no figure of this name, with those that
 * there are. Without gnuplot scripts and data are left and *drawn is false. */
hd_status hd_study_draw(const hd_aggregates *aggregates, const char *const *names, int64_t count, unsigned formats,
                        const char *folder, bool *drawn);

/* folder/report.html with the figures found in folder/figures. */
hd_status hd_study_report(const hd_aggregates *aggregates, const hd_study_telling *telling, const char *folder);

#endif
