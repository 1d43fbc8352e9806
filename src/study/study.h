/* A study: many cases, spread over the cores, nothing lost. The folder x.study holds
 *   journal      what is finished (journal.h); the durable truth
 *   study.json   how it was begun, for people
 *   study.h5     the table: parameters, measures, states and digests; fields that were asked for, with a member axis
 *   members/N/   result.h5 of members, when their files are kept
 *   figures/, report.html, log.txt
 */
#ifndef HD_STUDY_STUDY_H
#define HD_STUDY_STUDY_H

#include "run/plan.h"
#include "study/journal/journal.h"
#include "study/members/members.h"
#include "study/queue/pace.h"

#include <stdatomic.h>

typedef enum hd_isolation { HD_ISOLATE_AUTO, HD_ISOLATE_PROCESS, HD_ISOLATE_THREAD, HD_ISOLATE_NONE } hd_isolation;

typedef struct hd_study hd_study;

typedef struct hd_study_options {
  const char       *folder;
  const char       *command;     /* path of the heddle binary, for worker processes; NULL: there are none */
  int               workers;     /* 0: as many as cores */
  int               batch;       /* members handed to a worker process together; 0: some milliseconds of them */
  hd_isolation      isolate;
  int64_t           shard, shards; /* i of n; 0, 1: all */
  int               threads;     /* of each member; 0: as many as pay (spread.h) */
  bool              keep_results;  /* result.h5 of each member */
  bool              afresh;        /* nothing is taken from other studies in the store */
  const atomic_int *stop;
  void (*progress)(void *self, const hd_study *study);
  void *progress_self;
} hd_study_options;

/* One member as the study knows it. */
typedef struct hd_member {
  hd_member_state state;
  hd_failure      failure;
  uint8_t         attempts; /* in all */
  uint8_t         tried;    /* by this run of the study */
  bool            running, other_shard;
  int32_t         place;    /* among those that run (widths.h) */
  float           cost_s;   /* predicted, then measured */
  float           memory;   /* bytes, predicted; 0: not known */
  int64_t         same_as;  /* an earlier member with the same identity, of which this one takes the result; -1: none */
} hd_member;

struct hd_study {
  hd_ctx          *ctx;
  hd_arena         arena;
  hd_case         *base;
  hd_study_spec    spec;
  hd_members      *members;
  hd_study_options options;
  hd_hash          identity;  /* of the base case, the study's grammar and the names of the measures */
  hd_journal      *journal;
  hd_study_record  record;    /* as the journal begins; the words are borrowed */
  hd_member       *member;    /* [count] */
  double          *value;     /* [count][names] */
  hd_hash         *digest;    /* [count] */
  hd_hash         *id;        /* [count]; zero until known */
  char           **reason;    /* [count]; of failed members; of those that are done: the study they were taken from, or NULL */
  int64_t          count;     /* members of the whole study */
  int64_t          mine;      /* of this shard */
  int64_t          names, done, failed, running; /* done and failed are durable */
  int64_t          team;      /* workers of this run: of the running members, so many are computed and the rest handed over */
  int64_t          computed;  /* by this process */
  int64_t          reused;    /* members that were computed by other studies */
  int64_t          stages_built, stages_mapped; /* by all finished members */
  const char     **name;      /* of measures */
  double           began_s, cost_left_s, cost_done_s;
  bool             stopped;   /* on request, or limits.failures */
  hd_pace          pace;      /* predictions and times of members computed by this process */
  hd_plan_place    place;
  char            *from;      /* the study that a member was taken from last */
  const char      *store;     /* the folder shared with other studies: products of stages, what they have finished */
  bool             exempt;    /* runs programs that promise nothing: equal identity may have unequal digests */
  struct hd_identities *known;
};

/* Opens x.study or begins it, and reads what is finished. Borrows the case, whose tree holds the study's grammar. `words` go
 * into the journal, so that it can be resumed, and to worker processes; they are borrowed until the end. HD_ERR_INPUT: the
 * folder holds another study. */
hd_status hd_study_open(hd_ctx *ctx, hd_case *base, const hd_study_spec *spec, const hd_study_options *options,
                        const char *const *words, int64_t word_count, hd_study **out);
/* Computes what is left. HD_STOPPED: on request. Failed members are counted, no failure of the study; HD_ERR_LIMIT: there
 * were more than limits.failures; HD_ERR_BUG: the same case gave two results. */
hd_status hd_study_run(hd_study *study);
/* How many members hd_study_run would compute. Members that failed for reasons outside their case (time, memory, a signal, a
 * file) are tried again each time a study is gone on with. */
int64_t   hd_study_left(const hd_study *study);
/* While it runs: the range of the time left, 90 % likely. false: nothing can be said yet. */
bool      hd_study_time_left(const hd_study *study, double *low_s, double *high_s);
void      hd_study_close(hd_study *study);

/* Reads a study's journal without its scenario, also while another process writes: names, states and values. The arena owns
 * what the record points to. */
typedef struct hd_study_glance {
  hd_study_record record;
  int64_t         done, failed, failure[HD_FAILURE_BUG + 1];
  int64_t         reused;  /* of those that are done: computed by other studies */
  int64_t         stages_built, stages_mapped;
  double          seconds; /* of all members that were computed here */
} hd_study_glance;
hd_status hd_study_look(hd_arena *arena, const char *folder, hd_study_glance *glance);

/* Whether the folder holds a study (it has a journal). */
bool hd_study_is_folder(hd_ctx *ctx, const char *folder);

const char *hd_failure_text(hd_failure failure); /* "not a number", "out of time" */

/* The table: a line for each member of the shard: number, varied keys, state, measures, digest. Written whole. */
hd_status hd_study_write_table(const hd_study *study, const char *path);

#endif
