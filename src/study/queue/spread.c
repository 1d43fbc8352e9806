#include "study/queue/spread.h"

/* Rounds in which p threads take the blocks. */
static int64_t rounds(const hd_spread_member *member, int64_t p) {
  return member->blocks > p ? (member->blocks + p - 1) / p : 1;
}

/* The fewest threads that need no more rounds than so many. */
static int64_t fewest(const hd_spread_member *member, int64_t count) {
  int64_t p = member->blocks > 0 ? (member->blocks + count - 1) / count : 1;
  return p > 1 ? p : 1;
}

/* The next number of threads that makes the member faster; 0: there is none. */
static int next_share(const hd_spread_member *member, int threads) {
  int64_t now = rounds(member, threads);
  int64_t p = now > 1 ? fewest(member, now - 1) : 0;
  return p <= member->useful ? (int)p : 0;
}

/* The threads that a member deserves of `cores`, when `total_s` is to be done: its part, or the nearest that helps. */
static int share(int cores, const hd_spread_member *member, double total_s) {
  double part = total_s > 0 ? member->cost_s / total_s * cores : 1;
  int most = member->useful < cores ? member->useful : cores;
  int p = part < 1 || most < 1 ? 1 : part < most ? (int)part : most;
  p = (int)fewest(member, rounds(member, p));
  int more = next_share(member, p);
  return more && more <= cores && more / part < part / p ? more : p;
}

static double total_of(const hd_spread_member *member, int64_t n) {
  double total_s = 0;
  for (int64_t i = 0; i < n; i++) total_s += member[i].cost_s;
  return total_s;
}

/* Cores that are left over, to those whose threads have most to do. */
static void give_rest(int cores, const hd_spread_member *member, int64_t n, int *threads) {
  for (int64_t i = 0; i < n; i++) cores -= threads[i];
  while (cores > 0) {
    int64_t neediest = -1;
    for (int64_t i = 0; i < n; i++) {
      int next = next_share(&member[i], threads[i]);
      if (!next || next - threads[i] > cores) continue;
      if (neediest < 0 || member[i].cost_s * threads[neediest] > member[neediest].cost_s * threads[i]) neediest = i;
    }
    if (neediest < 0) return;
    int more = next_share(&member[neediest], threads[neediest]) - threads[neediest];
    threads[neediest] += more;
    cores -= more;
  }
}

int hd_spread_begin(int cores, const hd_spread_member *member, int64_t n, int64_t others, double others_s,
                    int *threads) {
  double total_s = total_of(member, n) + others_s;
  int workers = 0, left = cores;
  while (workers < n && left > 0) {
    int wanted = share(cores, &member[workers], total_s);
    threads[workers] = wanted < left ? wanted : left;
    left -= threads[workers++];
  }
  if (workers == n && !others) give_rest(cores, member, n, threads);
  return workers;
}

void hd_spread_end(int cores, const hd_spread_member *member, int64_t n, int *threads) {
  double total_s = total_of(member, n);
  int64_t left = cores;
  for (int64_t i = 0; i < n; i++) {
    int64_t others = n - i - 1, wanted = share(cores, &member[i], total_s);
    if (wanted > left - others) wanted = left - others > 1 ? left - others : 1;
    wanted = fewest(&member[i], rounds(&member[i], wanted));
    threads[i] = (int)wanted;
    left -= wanted;
  }
  give_rest(cores, member, n, threads);
}
