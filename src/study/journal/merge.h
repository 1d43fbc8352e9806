/* Merging the parts of one study, computed on several machines (--shard i/n), into one journal. */
#ifndef HD_STUDY_MERGE_H
#define HD_STUDY_MERGE_H

#include "study/journal/journal.h"

typedef struct hd_merge_report {
  hd_study_record study;   /* of the merged one; texts live in the arena */
  int64_t done, failed, missing, added;
  const uint8_t *there;    /* [study.members]: 0: missing */
} hd_merge_report;

/* Puts what the journals of the folders say into the journal of `target`, which is begun if it is not there; durable when this
 * returns. The folders stay as they are. HD_ERR_INPUT: they belong to different studies; HD_ERR_BUG: two of them have
 * different results of the same case. */
hd_status hd_study_merge(hd_arena *arena, const char *const *folders, int64_t count, const char *target,
                         hd_merge_report *report);

#endif
