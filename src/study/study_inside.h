/* What the files that make a study share; for others there is study.h. */
#ifndef HD_STUDY_STUDY_INSIDE_H
#define HD_STUDY_STUDY_INSIDE_H

#include "study/study.h"

/* The study without its folder and journal: its members, the names of its measures and its identity. */
hd_status hd_study_describe(hd_ctx *ctx, hd_case *base, const hd_study_spec *spec, const hd_study_options *options,
                            hd_study **out);

/* What a record says becomes part of the study. HD_ERR_BUG: the same case gave two results. */
hd_status hd_study_take_record(hd_study *study, const hd_member_record *record);

void hd_study_count_finished(hd_study *study);

/* Whether the member is to be computed here and is not finished. */
static inline bool hd_study_is_left(const hd_study *study, int64_t i) {
  return study->member[i].state == HD_MEMBER_WAITING && !study->member[i].other_shard;
}

static inline double hd_study_now_s(const hd_study *study) {
  return study->ctx->clock.steady_s(study->ctx->clock.self);
}

static inline bool hd_study_stop_asked(const hd_study *study) {
  return study->options.stop && atomic_load(study->options.stop);
}

#endif
