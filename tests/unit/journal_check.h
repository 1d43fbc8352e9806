/* Journals of the tests: how one is made, damaged and read back. */
#ifndef HD_TESTS_JOURNAL_CHECK_H
#define HD_TESTS_JOURNAL_CHECK_H

#include "study/journal/journal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RECORDS = 12, NAMES = 3 };

typedef struct seen {
  int64_t count;
  bool    wrong;
} seen;

static const char *const measure_names[NAMES] = {"travel_time", "mass_drift", "sigma_x@0.9"};
static const char *const study_words[2] = {"set=road.cells=3", "plugin=/there/own.so"};

static inline hd_study_record study_of_test(void) {
  return (hd_study_record){.identity = {11, 12}, .members = RECORDS, .shards = 1, .names = NAMES, .name = measure_names,
                           .file = "/there/road.yaml", .words = 2, .word = study_words};
}

static inline hd_member_record record_of_test(int64_t i, double value[NAMES]) {
  for (int k = 0; k < NAMES; k++) value[k] = (double)i * 0.1 + k;
  if (i % 4 == 1) value[1] = NAN;
  return (hd_member_record){.member = i,
                            .identity = {(uint64_t)i + 1, 7},
                            .digest = {(uint64_t)i * 977, 5},
                            .state = i % 5 == 4 ? HD_MEMBER_FAILED : HD_MEMBER_DONE,
                            .failure = i % 5 == 4 ? HD_FAILURE_NUMERIC : HD_FAILURE_NONE,
                            .attempt = 1 + (int)(i % 2),
                            .signal_or_exit = (int)i % 3,
                            .seconds = 0.25 * (double)i,
                            .memory = 1e6,
                            .failed_parts = i % 2,
                            .values = NAMES,
                            .value = value,
                            .reason = i % 5 == 4 ? "density of cars is not a number" : ""};
}

/* Each record must be the next one that was written, in every member. */
static inline hd_status see(void *arg, const hd_member_record *r) {
  seen            *s = arg;
  double           value[NAMES];
  hd_member_record want = record_of_test(s->count++, value);
  s->wrong |= r->member != want.member || !hd_hash_equal(&r->identity, &want.identity) ||
              !hd_hash_equal(&r->digest, &want.digest) || r->state != want.state || r->failure != want.failure ||
              r->attempt != want.attempt || r->signal_or_exit != want.signal_or_exit || r->seconds != want.seconds ||
              r->memory != want.memory || r->failed_parts != want.failed_parts || r->values != NAMES ||
              memcmp(r->value, value, sizeof value) != 0 || strcmp(r->reason, want.reason) != 0;
  return HD_OK;
}

static inline hd_status add_records(hd_journal *journal, int64_t from, int64_t to) {
  for (int64_t i = from; i < to; i++) {
    double           value[NAMES];
    hd_member_record record = record_of_test(i, value);
    HD_TRY(hd_journal_add(journal, &record));
    if (i % 3 == 2) HD_TRY(hd_journal_commit(journal));
  }
  return hd_journal_commit(journal);
}

/* Opens, adds what is missing, closes, reads: all records must be there. False: damage was said. */
static inline bool repair(hd_ctx *ctx, const char *path) {
  hd_study_record study = study_of_test();
  hd_journal     *journal;
  seen            before = {0}, after = {0};
  hd_arena        arena;
  hd_status       status = hd_journal_open(ctx, path, &study, see, &before, &journal);
  assert_false(before.wrong);
  if (status != HD_OK) {
    assert_int_equal(status, HD_ERR_FILE);
    assert_true(strlen(hd_ctx_message(ctx)) > 0);
    return false;
  }
  assert_true(before.count <= RECORDS);
  assert_int_equal(add_records(journal, before.count, RECORDS), HD_OK);
  hd_journal_close(journal);
  hd_arena_init(&arena, ctx);
  assert_int_equal(hd_journal_read(ctx, path, &arena, &study, see, &after), HD_OK);
  assert_false(after.wrong);
  assert_int_equal(after.count, RECORDS);
  assert_string_equal(study.name[2], "sigma_x@0.9");
  assert_string_equal(study.word[1], "plugin=/there/own.so");
  hd_arena_free(&arena);
  return true;
}

static inline void make_journal(hd_ctx *ctx, const char *path, char **bytes, size_t *size) {
  hd_study_record study = study_of_test();
  hd_journal     *journal;
  hd_file_remove(ctx, path);
  assert_int_equal(hd_journal_open(ctx, path, &study, see, &(seen){0}, &journal), HD_OK);
  assert_int_equal(add_records(journal, 0, RECORDS), HD_OK);
  hd_journal_close(journal);
  assert_int_equal(hd_file_read(ctx, path, 1 << 24, bytes, size), HD_OK);
}

/* Flips `count` single bits, one at a time, spread evenly over the journal; returns how often it was said. */
static inline int64_t flip_bits(hd_ctx *ctx, const char *path, int64_t count) {
  char   *bytes;
  size_t  size;
  int64_t said = 0;
  make_journal(ctx, path, &bytes, &size);
  for (int64_t i = 0; i < count; i++) {
    int64_t bit = count >= (int64_t)size * 8 ? i % ((int64_t)size * 8) : i * (int64_t)size * 8 / count;
    bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    assert_int_equal(hd_file_write(ctx, path, bytes, size, false), HD_OK);
    said += !repair(ctx, path);
    bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
  }
  hd_memory_give(ctx, bytes, size + 1);
  return said;
}

#endif
