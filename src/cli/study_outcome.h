/* What a study leaves besides its journal, written from an open study: table.csv, study.h5, figures, report.html. */
#ifndef HD_CLI_STUDY_OUTCOME_H
#define HD_CLI_STUDY_OUTCOME_H

#include "cli/study.h"

typedef struct cli_outcome {
  bool tables;  /* table.csv and study.h5 */
  bool figures, report;
  const char *const *figure; /* names of figures; NULL: all */
  int figure_count;
} cli_outcome;

/* *drawn: there are pictures; false where gnuplot is missing, too. */
hd_status cli_study_write(const hd_study *study, const char *file, const cli_args *args, const char *folder,
                          const cli_outcome *what, bool *drawn);

#endif
