/* A study: many cases, spread over the cores, nothing lost. The folder x.study holds
 *   journal      what is finished (journal.h); the durable truth
 *   study.json   how it was begun, for people
 *   study.h5     the table: parameters, measures, states and digests; fields that were asked for, with a member axis
 *   members/N/   result.h5 of members, when their files are kept
 *   figures/, report.html, log.txt
 */
#ifndef HD_STUDY_STUDY_H
#define HD_STUDY_STUDY_H

#include "study/journal.h"
#include "study/members.h"

#include <stdatomic.h>

typedef enum hd_isolation { HD_ISOLATE_AUTO, HD_ISOLATE_PROCESS, HD_ISOLATE_THREAD, HD_ISOLATE_NONE } hd_isolation;

typedef struct hd_study_options {
  const char       *folder;
  const char       *command;     /* path of the heddle binary, for worker processes */
  int               workers;     /* 0: as many as cores */
  hd_isolation      isolate;
  int64_t           shard, shards; /* i of n; 0, 1: all */
  bool              keep_results;  /* result.h5 of each member */
  const atomic_int *stop;
  void (*progress)(void *self, const struct hd_study *study);
  void *progress_self;
} hd_study_options;

/* One member as the study knows it. */
typedef struct hd_member {
  hd_member_state state;
  hd_failure      failure;
  uint8_t         attempts;
  bool            running;
  float           cost_s;   /* predicted, then measured */
} hd_member;

typedef struct hd_study {
  hd_ctx          *ctx;
  hd_case         *base;
  hd_study_spec    spec;
  hd_members      *members;
  hd_study_options options;
  hd_journal      *journal;
  hd_member       *member;    /* [count] */
  double          *value;     /* [count][names] */
  hd_hash         *digest;    /* [count] */
  int64_t          count, names, done, failed, running;
  const char     **name;      /* of measures */
  double           began_s;
} hd_study;

#endif
