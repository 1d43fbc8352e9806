/* Which member has an identity: a table that answers in constant time, for a million members. */
#ifndef HD_STUDY_IDENTITIES_H
#define HD_STUDY_IDENTITIES_H

#include "base/ctx.h"
#include "base/hash.h"

typedef struct hd_identities hd_identities;

hd_status hd_identities_new(hd_ctx *ctx, int64_t count, hd_identities **out); /* room for so many */
void      hd_identities_free(hd_identities *table);

/* The member that has this identity; if none has, `member` has it from now on. Zero is no identity: gives `member`. */
int64_t hd_identities_claim(hd_identities *table, const hd_hash *identity, int64_t member);

/* The member that has this identity; -1: none. */
int64_t hd_identities_find(const hd_identities *table, const hd_hash *identity);

#endif
