/* Archives of arrays: what is written reads back, also with zip64 records; damaged archives are errors. That NumPy opens
 * them is shown by tests/cli/traffic_npz.sh. */
#include "solvers/traffic/npz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static char path[64];

static int setup(void **state) {
  hd_ctx *ctx;
  snprintf(path, sizeof path, "/tmp/heddle-%ld.npz", (long)getpid());
  if (hd_ctx_new(&ctx) != HD_OK) return 1;
  *state = ctx;
  return 0;
}
static int teardown(void **state) {
  remove(path);
  hd_ctx_free(*state);
  return 0;
}

static void write_two(hd_ctx *ctx, uint64_t large) {
  hd_npz *npz;
  double times[3] = {0, 1.5, 3}, states[24], quality[4] = {1, 1, 4, 9};
  for (int i = 0; i < 24; i++) states[i] = i * .1;
  assert_int_equal(hd_npz_create(ctx, path, &npz), HD_OK);
  hd_npz_large_from(npz, large);
  assert_int_equal(hd_npz_member(npz, "times", 'f', 1, (int64_t[]){3}), HD_OK);
  assert_int_equal(hd_npz_put(npz, times, 3), HD_OK);
  assert_int_equal(hd_npz_member(npz, "states", 'f', 3, (int64_t[]){3, 2, 4}), HD_OK);
  for (int i = 0; i < 24; i += 8) assert_int_equal(hd_npz_put(npz, states + i, 8), HD_OK);
  assert_int_equal(hd_npz_member(npz, "quality", 'i', 1, (int64_t[]){4}), HD_OK);
  assert_int_equal(hd_npz_put(npz, quality, 4), HD_OK);
  assert_int_equal(hd_npz_finish(npz), HD_OK);
}

static void read_two(hd_ctx *ctx) {
  hd_arena arena;
  hd_array times, states;
  hd_arena_init(&arena, ctx);
  assert_int_equal(hd_npz_read(ctx, path, "states", &arena, &states), HD_OK);
  assert_int_equal(hd_npz_read(ctx, path, "times", &arena, &times), HD_OK);
  assert_int_equal(times.rank, 1);
  assert_int_equal(times.size[0], 3);
  assert_true(times.at[1] == 1.5);
  assert_int_equal(states.rank, 3);
  assert_true(states.size[0] == 3 && states.size[1] == 2 && states.size[2] == 4);
  for (int i = 0; i < 24; i++) assert_true(states.at[i] == i * .1);
  assert_int_equal(hd_npz_read(ctx, path, "speeds", &arena, &times), HD_ERR_MISSING);
  assert_int_equal(hd_npz_read(ctx, path, "quality", &arena, &times), HD_ERR_INPUT); /* int64 is not asked for */
  hd_arena_free(&arena);
}

static void what_is_written_reads_back(void **state) {
  write_two(*state, 0xffffffffu);
  read_two(*state);
  char temporary[96];
  snprintf(temporary, sizeof temporary, "%s.part", path);
  assert_false(hd_file_exists(*state, temporary));
}

static void zip64_records_too(void **state) {
  write_two(*state, 100); /* all members and the directory are "large" */
  read_two(*state);
}

static void a_member_must_be_complete(void **state) {
  hd_npz *npz;
  remove(path);
  assert_int_equal(hd_npz_create(*state, path, &npz), HD_OK);
  assert_int_equal(hd_npz_member(npz, "times", 'f', 1, (int64_t[]){3}), HD_OK);
  assert_int_equal(hd_npz_put(npz, (double[]){1, 2}, 2), HD_OK);
  assert_int_equal(hd_npz_put(npz, (double[]){3, 4}, 2), HD_ERR_BUG);
  assert_int_equal(hd_npz_finish(npz), HD_ERR_BUG);
  assert_false(hd_file_exists(*state, path));
  assert_int_equal(hd_npz_create(*state, path, &npz), HD_OK);
  hd_npz_abandon(npz);
  assert_false(hd_file_exists(*state, path));
}

/* A deflated member, as numpy.savez_compressed makes it: our own bytes, repacked. */
static void deflated_members_are_read(void **state) {
  char *stored;
  size_t size;
  write_two(*state, 0xffffffffu);
  assert_int_equal(hd_file_read(*state, path, 1 << 20, &stored, &size), HD_OK);
  const unsigned char *u = (const unsigned char *)stored;
  unsigned n = u[18] | (unsigned)u[19] << 8, first = 30 + 9; /* "times.npy" */
  unsigned char packed[1024], zip[2048];
  z_stream z = {.next_in = (Bytef *)(stored + first), .avail_in = n, .next_out = packed, .avail_out = sizeof packed};
  assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
  unsigned m = (unsigned)z.total_out, at = first + m;
  deflateEnd(&z);
  memcpy(zip, stored, first);
  zip[8] = 8;
  zip[18] = (unsigned char)m, zip[19] = (unsigned char)(m >> 8);
  memcpy(zip + first, packed, m);
  unsigned char central[46] = {0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, 8, 0};
  memcpy(central + 16, zip + 14, 12); /* checksum and both sizes */
  central[28] = 9;
  memcpy(zip + at, central, 46);
  memcpy(zip + at + 46, "times.npy", 9);
  unsigned char end[22] = {
      0x50, 0x4b, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 55, 0, 0, 0, (unsigned char)at, (unsigned char)(at >> 8)};
  memcpy(zip + at + 55, end, 22);
  assert_int_equal(hd_file_write(*state, path, zip, at + 77, false), HD_OK);
  hd_arena arena;
  hd_array times;
  hd_arena_init(&arena, *state);
  assert_int_equal(hd_npz_read(*state, path, "times", &arena, &times), HD_OK);
  assert_true(times.size[0] == 3 && times.at[2] == 3);
  for (unsigned cut = 1; cut < m; cut += 7) { /* a damaged stream: an error, never more or less than asked */
    unsigned char was = zip[first + cut];
    zip[first + cut] = (unsigned char)~was;
    assert_int_equal(hd_file_write(*state, path, zip, at + 77, false), HD_OK);
    assert_int_equal(hd_npz_read(*state, path, "times", &arena, &times), HD_ERR_INPUT);
    zip[first + cut] = was;
  }
  hd_arena_free(&arena);
  hd_memory_give(*state, stored, size + 1);
}

/* Every truncation and every changed byte: an error or the same numbers, no crash (the sanitizers run this too). */
static void hostile_archives_are_errors(void **state) {
  char *whole;
  size_t size;
  for (int form = 0; form < 2; form++) {
    write_two(*state, form ? 100 : 0xffffffffu);
    assert_int_equal(hd_file_read(*state, path, 1 << 20, &whole, &size), HD_OK);
    hd_arena arena;
    hd_array out;
    hd_arena_init(&arena, *state);
    for (size_t length = 0; length < size; length += 3) {
      assert_int_equal(hd_file_write(*state, path, whole, length, false), HD_OK);
      assert_int_not_equal(hd_npz_read(*state, path, "states", &arena, &out), HD_OK);
    }
    for (size_t i = 0; i < size; i++) {
      char was = whole[i];
      whole[i] = (char)(was ^ (i % 2 ? 0x80 : 0x3f));
      assert_int_equal(hd_file_write(*state, path, whole, size, false), HD_OK);
      if (hd_npz_read(*state, path, "states", &arena, &out) == HD_OK)
        assert_true(out.rank == 3 && out.at[23] == 23 * .1);
      whole[i] = was;
    }
    hd_arena_free(&arena);
    hd_memory_give(*state, whole, size + 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_reads_back),  cmocka_unit_test(zip64_records_too),
      cmocka_unit_test(a_member_must_be_complete),   cmocka_unit_test(deflated_members_are_read),
      cmocka_unit_test(hostile_archives_are_errors),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
