/* The journal: what a study has finished, append-only. The durable truth; study.h5 and the screen follow from it.
 *
 * A file of records: length (4 bytes), CRC-32C of length and payload (4), payload. A torn tail is dropped at the next open,
 * nothing else ever is: a damaged record before the tail is an error that names its place. Records become durable in
 * groups: hd_journal_commit syncs all that were added since the last commit.
 */
#ifndef HD_STUDY_JOURNAL_H
#define HD_STUDY_JOURNAL_H

#include "base/ctx.h"
#include "base/hash.h"
#include "study/journal/packed.h"

typedef struct hd_journal hd_journal;

typedef enum hd_member_state {
  HD_MEMBER_WAITING, HD_MEMBER_DONE, HD_MEMBER_FAILED /* for good */
} hd_member_state;

/* Why a member failed. */
typedef enum hd_failure {
  HD_FAILURE_NONE, HD_FAILURE_INPUT, HD_FAILURE_NUMERIC, HD_FAILURE_TIME, HD_FAILURE_MEMORY, HD_FAILURE_SIGNAL,
  HD_FAILURE_EXIT, HD_FAILURE_FILE, HD_FAILURE_BUG
} hd_failure;

/* One finished attempt at a member. */
typedef struct hd_member_record {
  int64_t         member;
  hd_hash         identity, digest;
  hd_member_state state;    /* WAITING: the attempt failed and will be repeated */
  hd_failure      failure;
  int             attempt;  /* from 1 */
  int             signal_or_exit;
  double          seconds;  /* of one core */
  double          memory;   /* bytes at most */
  int64_t         failed_parts;
  int64_t         built, mapped; /* stages that this member made, and that it found made */
  int64_t         values;   /* measures, in the order of the study's names */
  const double   *value;
  const char     *reason;   /* of a failure; of a member that is done: where its result was taken from; "" */
} hd_member_record;

/* What the study is: the first record. A journal of another study is refused with the reason. */
typedef struct hd_study_record {
  hd_hash            identity; /* of the base case, the study's grammar and the names of the measures */
  int64_t            members, shard, shards; /* shard 0 of 1: all of them */
  int64_t            names;
  const char *const *name;     /* of measures */
  const char        *solver;
  bool               exempt;   /* runs programs that promise nothing: equal identity may have unequal digests */
  const char        *file;     /* scenario, absolute */
  int64_t            words;
  const char *const *word;     /* overrides and plug-ins: "set=KEY=VALUE", "plugin=PATH" */
} hd_study_record;

/* Opens or begins the journal at `path` for `study` (NULL: only to read what it is) and takes its lock: HD_ERR_FILE if another
 * heddle has it. `each` is called for every member record that is there, in order; its pointers are valid during the call. */
hd_status hd_journal_open(hd_ctx *ctx, const char *path, const hd_study_record *study,
                          hd_status (*each)(void *arg, const hd_member_record *record), void *arg, hd_journal **out);
/* Reads without a lock, also while another heddle writes (`heddle status`): records up to the last whole one. each NULL: what
 * the study is, no more. */
hd_status hd_journal_read(hd_ctx *ctx, const char *path, hd_arena *arena, hd_study_record *study,
                          hd_status (*each)(void *arg, const hd_member_record *record), void *arg);

hd_status hd_journal_add(hd_journal *journal, const hd_member_record *record); /* not durable yet */
hd_status hd_journal_commit(hd_journal *journal); /* all added records are durable when this returns */
int64_t   hd_journal_pending(const hd_journal *journal);
void      hd_journal_close(hd_journal *journal);  /* without a commit */

/* Records as the bytes of their payload, which is also how workers receive and send them. Unpacked texts are copied into the
 * arena, or lie in the payload (a member's reason); `values` gives room for the doubles. */
void      hd_study_record_pack(hd_packed *to, const hd_study_record *study);
hd_status hd_study_record_unpack(hd_unpacked *from, hd_arena *arena, hd_study_record *study);
void      hd_member_record_pack(hd_packed *to, const hd_member_record *record);
hd_status hd_member_record_unpack(hd_unpacked *from, hd_packed *values, hd_member_record *record);

#endif
