/* The one JSON object that --json prints (design 6.4): measures, facts, warnings, errors, digest, failed parts. */
#ifndef HD_CLI_JSON_H
#define HD_CLI_JSON_H

#include "run/outcome.h"

/* What a finished run adds to the object, from the run itself or from its stored result. */
typedef struct cli_json_result {
  const hd_fact_entry *measure;
  int64_t measures;
  const char *digest;
  const hd_result_part *part;
  int64_t parts;
} cli_json_result;

/* result NULL (a check, an error): its keys are left out. */
void cli_json_of_case(hd_ctx *ctx, const hd_case *kase, const cli_json_result *result);

/* From a finished run. */
hd_status cli_json_of_run(hd_running *running, const hd_outcome *outcome);

/* From FOLDER/result.h5. */
hd_status cli_json_of_stored(hd_ctx *ctx, const hd_case *kase, const char *folder);

#endif
