/* What a finished run leaves: measures, digest, provenance; result.h5, the field's files, figures and the report. */
#ifndef HD_RUN_OUTCOME_H
#define HD_RUN_OUTCOME_H

#include "io/result.h"
#include "run/running.h"

typedef struct hd_outcome {
  hd_arena arena;
  hd_fact_entry *measure, *provenance; /* measures without timings; timings are provenance */
  int64_t measures, provenances;
  int64_t failed_parts;
  char digest[HD_HASH_HEX];
} hd_outcome;

/* Asks the solver for its measures and heddle for digest and provenance; the run is finished. */
hd_status hd_outcome_collect(hd_running *running, hd_outcome *outcome);
void hd_outcome_free(hd_outcome *outcome);

/* The name of the choice `compat` in force, NULL if there is none or it is "none"; printed on all that is drawn. */
hd_status hd_case_compat(const hd_case *kase, hd_arena *arena, const char **out);

typedef struct hd_write_options {
  bool figures;        /* as output.figures says; false: none */
  bool durable;        /* survives a power cut */
  const char *command; /* how to repeat, for the report; NULL: left out */
} hd_write_options;

/* result.h5, output.formats, figures/, report.html into a folder. Each file appears whole; result.h5 comes last but for
 * what is drawn from it. */
hd_status hd_outcome_write(hd_running *running, const hd_outcome *outcome, const hd_write_options *options,
                           const char *folder);

#endif
