#include "study/journal/identities.h"

struct hd_identities {
  hd_ctx *ctx;
  size_t room; /* a power of two, at most half full */
  struct entry {
    hd_hash identity;
    int64_t member; /* + 1; 0: free */
  } * entry;
};

hd_status hd_identities_new(hd_ctx *ctx, int64_t count, hd_identities **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_identities), &memory));
  hd_identities *table = memory;
  table->ctx = ctx;
  table->room = 16;
  while (table->room < 2 * (size_t)count) table->room *= 2;
  hd_status status = hd_memory_take(ctx, table->room * sizeof(struct entry), &memory);
  if (status == HD_OK) {
    table->entry = memory;
    *out = table;
  } else {
    hd_memory_give(ctx, table, sizeof *table);
  }
  return status;
}

void hd_identities_free(hd_identities *table) {
  if (!table) return;
  hd_memory_give(table->ctx, table->entry, table->room * sizeof(struct entry));
  hd_memory_give(table->ctx, table, sizeof *table);
}

int64_t hd_identities_claim(hd_identities *table, const hd_hash *identity, int64_t member) {
  if (!identity->low && !identity->high) return member;
  size_t at = (size_t)identity->low & (table->room - 1);
  for (; table->entry[at].member; at = (at + 1) & (table->room - 1))
    if (hd_hash_equal(&table->entry[at].identity, identity)) return table->entry[at].member - 1;
  table->entry[at].identity = *identity;
  table->entry[at].member = member + 1;
  return member;
}

int64_t hd_identities_find(const hd_identities *table, const hd_hash *identity) {
  size_t at = (size_t)identity->low & (table->room - 1);
  for (; table->entry[at].member; at = (at + 1) & (table->room - 1))
    if (hd_hash_equal(&table->entry[at].identity, identity)) return table->entry[at].member - 1;
  return -1;
}
