/* Meets damaged scenarios with what `heddle check` does, in one process: no crash, none takes longer than a second. */
#ifndef FUZZ_MEET_H
#define FUZZ_MEET_H

#include "fuzz/mutate.h"
#include "run/case.h"
#include "study/members/check.h"

#include <time.h>

static inline double fuzz_cpu_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What a right case prints is the same case: the text that result.h5 keeps. */
static inline bool fuzz_reads_back(hd_ctx *ctx, const hd_case *kase) {
  hd_text yaml;
  hd_case *again = NULL;
  hd_text_init(&yaml, ctx);
  bool same = hd_case_print(kase, &yaml) == HD_OK &&
              hd_case_load_text(ctx, "fuzz.yaml", hd_text_of(&yaml), yaml.length, NULL, &again) == HD_OK &&
              hd_hash_equal(&again->identity, &kase->identity);
  if (!same) fprintf(stderr, "does not read back:\n%s%s\n", hd_text_of(&yaml), hd_ctx_message(ctx));
  hd_text_free(&yaml);
  hd_case_free(again);
  return same;
}

/* Returns the status, HD_ERR_BUG if a right case does not read back; the text must end with a 0. */
static inline hd_status fuzz_check(hd_ctx *ctx, const char *text, size_t size) {
  hd_case *kase = NULL;
  hd_status status = hd_case_load_text(ctx, "fuzz.yaml", text, size, NULL, &kase);
  if (kase && kase->params && (status == HD_OK || status == HD_ERR_INPUT)) {
    hd_status study = hd_study_check(kase);
    bool wrong = hd_notes_count(kase->notes, HD_NOTE_ERROR) > 0;
    status = study != HD_OK ? study : wrong ? HD_ERR_INPUT : status;
  }
  if (kase) {
    hd_text json;
    hd_text_init(&json, ctx);
    hd_notes_print_json(&json, kase->notes, HD_NOTE_ERROR);
    hd_notes_print(&json, kase->notes, HD_NOTE_WARNING);
    hd_text_free(&json);
  }
  if (status == HD_OK && !fuzz_reads_back(ctx, kase)) status = HD_ERR_BUG;
  hd_case_free(kase);
  return status;
}

typedef struct fuzz_tally { int64_t good, wrong, other; double longest_s; uint64_t slowest; } fuzz_tally;

/* Texts first .. first + count - 1. What is neither right nor wrong input is shown and counted in `other`. */
static inline fuzz_tally fuzz_meet(hd_ctx *ctx, uint64_t first, uint64_t count) {
  static fuzz_text text;
  fuzz_tally tally = {0};
  for (uint64_t i = first; i < first + count; i++) {
    fuzz_make(&text, i);
    double begin = fuzz_cpu_s();
    hd_status status = fuzz_check(ctx, text.at, text.size);
    double took = fuzz_cpu_s() - begin;
    tally.good += status == HD_OK;
    tally.wrong += status == HD_ERR_INPUT;
    if (status != HD_OK && status != HD_ERR_INPUT) {
      fprintf(stderr, "text %llu: %s: %s\n", (unsigned long long)i, hd_status_name(status), hd_ctx_message(ctx));
      tally.other++;
    }
    if (took > tally.longest_s) {
      tally.longest_s = took;
      tally.slowest = i;
    }
  }
  return tally;
}

#endif
