/* From a case to its open study, for tests: what goes wrong on the way fails the test. */
#ifndef HD_TESTS_STUDY_CASE_H
#define HD_TESTS_STUDY_CASE_H

#include "study/study.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline void study_case_of_file(hd_ctx *ctx, const char *file, const char *text, const hd_case_options *options,
                                      hd_case **base) {
  assert_int_equal(hd_file_write(ctx, file, text, strlen(text), false), HD_OK);
  if (hd_case_load(ctx, file, options, base) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
}

static inline void study_case_read(hd_case *base, hd_study_spec *spec) {
  hd_table tables[2];
  hd_case_tables(base, tables);
  if (hd_study_read(&base->arena, base->tree, base->solver, tables, 2, base->notes, spec) != HD_OK ||
      hd_notes_status(base->notes) != HD_OK)
    fail_msg("%s", hd_ctx_message(base->ctx));
}

static inline hd_study *study_case_open(hd_case *base, hd_study_spec *spec, const hd_study_options *options) {
  hd_study *study;
  if (hd_study_open(base->ctx, base, spec, options, NULL, 0, &study) != HD_OK)
    fail_msg("%s", hd_ctx_message(base->ctx));
  return study;
}

#endif
