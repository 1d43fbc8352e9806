/* The fixed-tree sum beside a plain loop and beside the same loop compiled with -ffast-math, whose bits change with the
 * compiler. In the first cache, in the second, in memory. The mark: at least as fast as the plain loop; the peer is
 * fast-math at the same x86-64 level. */
#include "bench.h"

#include "base/isa.h"
#include "par/sum.h"
#include "sum_loops.h"

enum { SIZES = 3 };
static const int64_t sizes[SIZES] = {2048, 32768, 8 << 20};

typedef double of_one(const double *, int64_t);
typedef double of_two(const double *, const double *, int64_t);
typedef struct job {
  double *x, *y;
  int64_t n;
  of_one *one;
  of_two *two;
  volatile double sink;
} job;

static void call(void *arg) {
  job *j = arg;
  j->sink = j->one ? j->one(j->x, j->n) : j->two(j->x, j->y, j->n);
}

/* Per element. */
static bench_result timed(job *j, of_one *one, of_two *two) {
  j->one = one;
  j->two = two;
  int repeat = (int)(4000000 / j->n);
  bench_result r = bench_time(25, repeat ? repeat : 1, call, j);
  double n = (double)j->n;
  return (bench_result){r.best / n, r.median / n, r.cpu / n};
}

static void compare(job *j, const char *name, of_one *const one[3], of_two *const two[3]) {
  char what[80];
  double kib = (double)j->n * (two[0] ? 16 : 8) / 1024;
  bench_result plain = timed(j, one[0], two[0]), fast = timed(j, one[1], two[1]), tree = timed(j, one[2], two[2]);
  snprintf(what, sizeof what, "%s of %.0f KiB, plain loop", name, kib);
  bench_row(what, plain, "ns", 1e9, (bench_mark){0});
  snprintf(what, sizeof what, "%s of %.0f KiB, fixed tree", name, kib);
  bench_row(what, tree, "ns", 1e9, (bench_mark){plain.best * 1e9, fast.best});
}

int main(int argc, char **argv) {
  int64_t most = sizes[SIZES - 1];
  job j = {.x = aligned_alloc(64, (size_t)most * 8), .y = aligned_alloc(64, (size_t)most * 8)};
  if (!j.x || !j.y) return 3;
  for (int64_t i = 0; i < most; i++) j.x[i] = 1.0 / (double)(i + 1), j.y[i] = (double)(i % 7) - 3;
  char title[80];
  snprintf(title, sizeof title, "per element, %s; the peer is -ffast-math", hd_isa_name(hd_isa()));
  bench_begin(argc, argv, "sum", title);
  of_one *const sum[3] = {plain_sum, HD_ISA_PICK(fast_sum), hd_sum_values};
  of_one *const min[3] = {hd_min_values, hd_min_values, hd_min_values}, *const no_one[3] = {NULL, NULL, NULL};
  of_two *const dot[3] = {plain_dot, HD_ISA_PICK(fast_dot), hd_sum_products}, *const no_two[3] = {NULL, NULL, NULL};
  for (int s = 0; s < SIZES; s++) {
    j.n = sizes[s];
    compare(&j, "sum", sum, no_two);
    compare(&j, "sum of products", no_one, dot);
    bench_row("minimum, not a number wins", timed(&j, min[0], NULL), "ns", 1e9, (bench_mark){0});
  }
  free(j.x);
  free(j.y);
  return bench_end();
}
