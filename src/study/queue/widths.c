#include "study/queue/widths.h"

#include "study/study_inside.h"

/* What the cost model says of a member. One that cannot be planned says so itself when it is its turn. */
static hd_status foresee(const hd_study *study, int64_t i, hd_spread_member *out) {
  hd_case *kase;
  hd_plan_choice plan;
  *out = (hd_spread_member){.useful = 1, .blocks = 1};
  hd_status status = hd_members_case(study->members, study->ctx, i, &kase);
  if (status == HD_OK && hd_plan_choose_at(kase, 1, &study->place, &plan) == HD_OK) {
    int useful = hd_plan_reconsider(kase, &plan, 1, 0, study->place.limits.cores);
    *out = (hd_spread_member){plan.serial_s, useful, plan.cost.blocks};
  }
  hd_case_free(kase);
  return status == HD_ERR_INPUT ? HD_OK : status;
}

/* A member that is over so soon is not worth a look at what more threads would do; where the model does not know, the last
 * one that ended says it. */
static const double short_s = 1e-3;

static bool was_short(const hd_widths *w) {
  const hd_member *last = &w->study->member[w->ended];
  return w->any_ended && last->state == HD_MEMBER_DONE && last->cost_s < short_s; /* measured */
}

static bool is_short(const hd_widths *w, int64_t i) {
  double predicted_s = w->study->member[i].cost_s;
  return predicted_s > 0 ? predicted_s < short_s : was_short(w);
}

static hd_status spread_first(hd_widths *w, const hd_queue *queue) {
  hd_ctx *ctx = w->study->ctx;
  int64_t n = queue->count < w->cores ? queue->count : w->cores;
  double total_s = w->study->cost_left_s;
  void *memory;
  if (n == w->cores && (double)queue->at[0].cost_s * w->cores < total_s) return HD_OK; /* all get one */
  HD_TRY(hd_memory_take(ctx, sizeof(int64_t) * (size_t)w->cores, &memory));
  w->first = memory;
  HD_TRY(hd_memory_take(ctx, sizeof(int) * (size_t)w->cores, &memory));
  w->first_threads = memory;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_spread_member) * (size_t)w->cores, &memory));
  hd_spread_member *member = memory;
  hd_status status = HD_OK;
  for (int64_t i = 0; i < n && status == HD_OK; i++) {
    w->first[i] = queue->at[i].member;
    status = foresee(w->study, w->first[i], &member[i]);
    total_s -= member[i].cost_s;
  }
  if (status == HD_OK)
    w->firsts = hd_spread_begin(w->cores, member, n, queue->count - n, total_s > 0 ? total_s : 0, w->first_threads);
  hd_memory_give(ctx, member, sizeof(hd_spread_member) * (size_t)w->cores);
  return status;
}

hd_status hd_widths_begin(hd_widths *w, hd_study *study, const hd_queue *queue, int workers) {
  *w = (hd_widths){.study = study, .cores = study->place.limits.cores, .workers = workers};
  bool free_choice = study->options.threads <= 0 && workers >= (queue->count < w->cores ? queue->count : w->cores);
  return free_choice && queue->count && w->cores > 1 ? spread_first(w, queue) : HD_OK;
}

void hd_widths_free(hd_widths *w) {
  if (!w->study) return;
  hd_ctx *ctx = w->study->ctx;
  hd_memory_give(ctx, w->at, w->room * sizeof *w->at);
  hd_memory_give(ctx, w->first, sizeof(int64_t) * (size_t)w->cores);
  hd_memory_give(ctx, w->first_threads, sizeof(int) * (size_t)w->cores);
  *w = (hd_widths){0};
}

/* Members are fed ahead where each gets one core and there is a worker for each core, or where they are soon over. */
bool hd_widths_may_start(const hd_widths *w) {
  if (w->study->options.threads > 0) return w->count < w->workers;
  if (w->wide) return w->used < w->cores && w->count < w->workers;
  return w->workers >= w->cores || w->count < w->workers || was_short(w);
}

hd_status hd_widths_started(hd_widths *w, int64_t member, int *threads) {
  void *at = w->at;
  HD_TRY(hd_memory_grow(w->study->ctx, &at, &w->room, (size_t)w->count + 1, sizeof *w->at));
  w->at = at;
  *threads = 1;
  for (int i = 0; i < w->firsts; i++)
    if (w->first[i] == member) *threads = w->first_threads[i];
  if (w->used + *threads > w->cores) *threads = w->cores - w->used > 1 ? w->cores - w->used : 1;
  w->study->member[member].place = (int32_t)w->count;
  w->at[w->count++] = (hd_width){.member = member, .threads = *threads, .began_s = hd_study_now_s(w->study)};
  w->used += *threads;
  w->wide |= *threads > 1;
  w->changed = true;
  return HD_OK;
}

static void move(hd_widths *w, int64_t to, const hd_width *from) {
  w->at[to] = *from;
  w->study->member[from->member].place = (int32_t)to;
}

static void find_wide(hd_widths *w) {
  w->wide = false;
  for (int64_t i = 0; i < w->count; i++) w->wide |= w->at[i].threads > 1;
}

void hd_widths_ended(hd_widths *w, int64_t member) {
  int64_t i = w->study->member[member].place;
  int threads = w->at[i].threads;
  w->ended = member;
  w->any_ended = true;
  w->used -= threads;
  move(w, i, &w->at[--w->count]);
  w->changed = true;
  if (threads > 1) find_wide(w);
}

/* What is left of a member, which has had so many threads since it began, or fewer. */
static double left_of(const hd_width *width, double now) {
  double left_s = width->seen.cost_s - (now - width->began_s) * width->threads, least = 0.05 * width->seen.cost_s;
  return left_s > least ? left_s : least;
}

/* Most work first. */
static void sort(hd_widths *w, double now) {
  for (int64_t i = 1; i < w->count; i++) {
    hd_width one = w->at[i];
    int64_t k = i;
    for (; k > 0 && left_of(&w->at[k - 1], now) < left_of(&one, now); k--) move(w, k, &w->at[k - 1]);
    move(w, k, &one);
  }
}

hd_status hd_widths_spread(hd_widths *w, const hd_workers *workers, void *team) {
  hd_spread_member member[64];
  int threads[64];
  if (w->study->options.threads > 0 || !w->changed || !w->count || w->used >= w->cores || w->count > 64) return HD_OK;
  double now = hd_study_now_s(w->study);
  w->changed = false;
  for (int64_t i = 0; i < w->count; i++) {
    if (!w->at[i].known && is_short(w, w->at[i].member)) w->at[i].seen = (hd_spread_member){.useful = 1, .blocks = 1};
    else if (!w->at[i].known) HD_TRY(foresee(w->study, w->at[i].member, &w->at[i].seen));
    w->at[i].known = true;
  }
  sort(w, now);
  for (int64_t i = 0; i < w->count; i++) {
    member[i] = w->at[i].seen;
    member[i].cost_s = left_of(&w->at[i], now);
  }
  hd_spread_end(w->cores, member, w->count, threads);
  w->used = 0;
  for (int64_t i = 0; i < w->count; i++) {
    if (threads[i] != w->at[i].threads) workers->widen(team, w->at[i].member, threads[i]);
    w->at[i].threads = threads[i];
    w->used += threads[i];
    w->wide |= threads[i] > 1;
  }
  return HD_OK;
}
