/* Members one after the other in the calling thread. */
#include "study/workers/compute.h"
#include "study/workers/workers.h"

#include <math.h>

typedef struct alone {
  hd_study *study;
  bool fed, stopping;
  int64_t member;
  int attempt;
  atomic_int width;
  hd_attempt done;
  hd_bench bench;
} alone;

static void end(void *self) {
  alone *a = self;
  if (!a) return;
  hd_bench_free(&a->bench);
  hd_memory_give(a->study->ctx, a->done.values, sizeof(double) * (size_t)(a->study->names + 1));
  hd_memory_give(a->study->ctx, a, sizeof *a);
}

static hd_status start(hd_study *study, int count, void **self) {
  void *memory;
  (void)count;
  *self = NULL;
  HD_TRY(hd_memory_take(study->ctx, sizeof(alone), &memory));
  alone *a = *self = memory;
  a->study = study;
  HD_TRY(hd_memory_take(study->ctx, sizeof(double) * (size_t)(study->names + 1), &memory));
  a->done.values = memory;
  return HD_OK;
}

static int64_t room(void *self) {
  const alone *a = self;
  return a->fed ? 0 : 1;
}

static hd_status feed(void *self, int64_t member, int attempt, int threads, bool by_itself) {
  (void)by_itself;
  alone *a = self;
  atomic_store(&a->width, threads);
  a->fed = true;
  a->member = member;
  a->attempt = attempt;
  return HD_OK;
}

static void widen(void *self, int64_t member, int threads) {
  alone *a = self;
  if (a->fed && a->member == member) atomic_store(&a->width, threads);
}

static hd_status collect(void *self, double wait_s, hd_attempt **out) {
  alone *a = self;
  hd_study *study = a->study;
  (void)wait_s;
  *out = NULL;
  if (!a->fed) return HD_OK;
  a->fed = false;
  *out = &a->done;
  if (a->stopping) {
    a->done.status = HD_STOPPED;
    a->done.record = (hd_member_record){.member = a->member};
    return HD_OK;
  }
  hd_compute_options options = {.threads = study->options.threads,
                                .width = &a->width,
                                .store = study->store,
                                .time_s = NAN,
                                .memory_bytes = NAN,
                                .stop = study->options.stop,
                                .place = &study->place,
                                .bench = &a->bench,
                                .results = study->options.keep_results ? study->options.folder : NULL};
  a->done.status = hd_member_compute(study->members, study->ctx, a->member, study->name, study->names, &options,
                                     a->done.values, a->done.reason, &a->done.record);
  a->done.record.attempt = a->attempt;
  return HD_OK;
}

static void stop(void *self) {
  alone *a = self;
  a->stopping = true;
}

const hd_workers hd_workers_none = {"none", start, room, feed, widen, collect, stop, end};
