/* Fields of the members with a leading axis `member` (design 6.3): those that `sweep.fields` names, read from the result.h5
 * that each member then keeps under members/N. A field whose shape differs from member to member stays in their own files.
 */
#ifndef HD_STUDY_FIELDS_H
#define HD_STUDY_FIELDS_H

#include "io/dataset.h"
#include "study/study.h"

/* Adds what sweep.fields names of the members listed, NaN where a member is not done. A warning is logged for each name that
 * is left out. */
hd_status hd_study_add_fields(const hd_study *study, hd_arena *arena, const int64_t *member, int64_t count,
                              hd_dataset *to);

#endif
