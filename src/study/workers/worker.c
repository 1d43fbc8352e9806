#include "study/workers/worker.h"

#include "study/workers/compute.h"
#include "study/workers/process.h"
#include "study/study_inside.h"

#include <math.h>
#include <string.h>

/* Records are kept back that long while there is more to compute, or until they are so many. */
static const double flush_s = 0.001;
enum { FLUSH_BYTES = 16 * 1024 };

struct hd_worker {
  hd_ctx *ctx;
  hd_arena arena;
  hd_process process;
  hd_study_record record;
  const char *results, *store; /* NULL: none */
  hd_study *study;
  hd_plan_place place;
  hd_bench bench;
  int threads; /* of each member; 0: what the page says */
  hd_packed out;
  double *values;
  double flushed_s;
  int64_t memory, memory_base; /* the limit in force, and what was there before the first member */
};

/* -- the order --------------------------------------------------------------------------------------------------------- */

hd_status hd_worker_order(const hd_study *study, hd_packed *out) {
  size_t begun = hd_frame_begin(out);
  hd_study_record_pack(out, &study->record);
  hd_frame_end(out, begun);
  begun = hd_frame_begin(out);
  hd_pack_text(out, study->options.keep_results ? study->options.folder : "");
  hd_pack_text(out, study->store ? study->store : "");
  hd_pack_int(out, study->options.threads);
  hd_frame_end(out, begun);
  return hd_packed_status(out);
}

static hd_status read_order(hd_worker *w) {
  const hd_worker_page *page = w->process.page;
  size_t size = (size_t)page->order_size;
  hd_unpacked payload;
  int64_t first = hd_frame_next(w->ctx, page->order, size, &payload);
  if (first <= 0) return hd_raise(w->ctx, HD_ERR_FILE, "the order of a worker is damaged");
  HD_TRY(hd_study_record_unpack(&payload, &w->arena, &w->record));
  if (hd_frame_next(w->ctx, page->order + first, size - (size_t)first, &payload) <= 0)
    return hd_raise(w->ctx, HD_ERR_FILE, "the order of a worker is damaged");
  w->results = hd_unpacked_text(&payload);
  w->store = hd_unpacked_text(&payload);
  w->threads = (int)hd_unpacked_int(&payload);
  if (!*w->results) w->results = NULL;
  if (!*w->store) w->store = NULL;
  return hd_unpacked_status(&payload);
}

/* -- joining and leaving ----------------------------------------------------------------------------------------------- */

hd_status hd_worker_join(hd_ctx *ctx, hd_worker **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_worker), &memory));
  hd_worker *w = memory;
  w->ctx = ctx;
  hd_arena_init(&w->arena, ctx);
  hd_packed_init(&w->out, ctx);
  hd_status status = hd_process_join(ctx, &w->process);
  if (status == HD_OK) status = read_order(w);
  if (status == HD_OK) *out = w;
  else hd_worker_leave(w);
  return status;
}

const hd_study_record *hd_worker_study(const hd_worker *worker) { return &worker->record; }

void hd_worker_leave(hd_worker *w) {
  if (!w) return;
  hd_memory_give(w->ctx, w->values, sizeof(double) * (size_t)(w->record.names + 1));
  hd_packed_free(&w->out);
  hd_process_forget(&w->process);
  hd_arena_free(&w->arena);
  hd_memory_give(w->ctx, w, sizeof *w);
}

/* -- what it says ------------------------------------------------------------------------------------------------------ */

static hd_status flush(hd_worker *w, double now) {
  w->flushed_s = now;
  if (!w->out.size) return HD_OK;
  hd_status status = hd_packed_status(&w->out);
  if (status == HD_OK) status = hd_process_write(w->ctx, &w->process, w->out.at, w->out.size);
  hd_packed_clear(&w->out);
  return status;
}

static double now_s(const hd_worker *w) { return w->ctx->clock.steady_s(w->ctx->clock.self); }

static hd_status say(hd_worker *w, int kind, hd_status what, const char *text) {
  size_t begun = hd_frame_begin(&w->out);
  hd_pack_int(&w->out, kind);
  hd_pack_int(&w->out, what);
  hd_pack_text(&w->out, text);
  hd_frame_end(&w->out, begun);
  return flush(w, now_s(w));
}

void hd_worker_refuse(hd_worker *worker, hd_status status) {
  say(worker, HD_FRAME_BROKEN, status, hd_ctx_message(worker->ctx));
}

/* -- what it does ------------------------------------------------------------------------------------------------------ */

/* The next member of the page; the study may take back what was not taken. false: none. */
static bool take(hd_worker *w, const hd_handed **out) {
  hd_worker_page *page = w->process.page;
  uint64_t turn = atomic_load(&page->turn);
  do {
    uint32_t given = (uint32_t)(turn >> 32), taken = (uint32_t)turn;
    if (given == taken) return false;
    *out = &page->handed[taken % HD_WORKER_AHEAD];
  } while (!atomic_compare_exchange_weak(&page->turn, &turn, (turn & ~0xffffffffULL) | (uint32_t)(turn + 1)));
  return true;
}

/* Waits for a member. HD_STOPPED: the study hung up. */
static hd_status await(hd_worker *w, const hd_handed **out) {
  hd_worker_page *page = w->process.page;
  while (!take(w, out)) {
    HD_TRY(flush(w, now_s(w)));
    atomic_store(&page->sleeps, 1);
    bool there = take(w, out); /* given before it was seen that this one sleeps */
    if (there) {
      atomic_store(&page->sleeps, 0);
      return HD_OK;
    }
    HD_TRY(hd_process_sleep(&w->process));
  }
  return HD_OK;
}

static void allow_memory(hd_worker *w, const hd_handed *handed) {
  if (handed->by_itself) hd_plan_place_read(w->ctx, &w->place);
  if (handed->memory == w->memory) return;
  hd_process_limit(w->ctx, handed->memory, &w->memory_base);
  w->memory = handed->memory;
}

/* From `running` on the page the study sees whom to blame if this process dies. */
static hd_status compute(hd_worker *w, const hd_handed *handed) {
  int64_t member = handed->member;
  hd_worker_page *page = w->process.page;
  hd_study *study = w->study;
  hd_member_record record;
  char reason[512];
  double began = now_s(w);
  hd_compute_options options = {.threads = w->threads,
                                .width = &handed->threads,
                                .bench = &w->bench,
                                .results = w->results,
                                .store = w->store,
                                .time_s = NAN,
                                .memory_bytes = NAN,
                                .stop = &page->stop,
                                .place = &w->place};
  allow_memory(w, handed);
  atomic_store_explicit(&page->began_us, (long long)(began * 1e6), memory_order_relaxed);
  atomic_store(&page->running, member + 1);
  hd_status status = hd_member_compute(study->members, w->ctx, member, study->name, study->names, &options, w->values,
                                       reason, &record);
  atomic_store(&page->running, 0);
  if (status == HD_STOPPED) record.state = HD_MEMBER_WAITING;
  else HD_TRY(status);
  size_t begun = hd_frame_begin(&w->out);
  hd_member_record_pack(&w->out, &record);
  hd_frame_end(&w->out, begun);
  double now = now_s(w);
  return w->out.size > FLUSH_BYTES || now - w->flushed_s > flush_s ? flush(w, now) : HD_OK;
}

static hd_status prepare(hd_worker *w, hd_case *base, const hd_study_spec *spec) {
  void *memory;
  hd_study_options options = {.shard = w->record.shard, .shards = w->record.shards};
  HD_TRY(hd_study_describe(w->ctx, base, spec, &options, &w->study));
  if (!hd_hash_equal(&w->study->identity, &w->record.identity) || w->study->names != w->record.names)
    return hd_raise(w->ctx, HD_ERR_INPUT, "%s, or a file that it uses, was changed while its study was computed",
                    w->record.file);
  HD_TRY(hd_memory_take(w->ctx, sizeof(double) * (size_t)(w->record.names + 1), &memory));
  w->values = memory;
  return hd_plan_place_read(w->ctx, &w->place);
}

hd_status hd_worker_serve(hd_worker *w, hd_case *base, const hd_study_spec *spec) {
  const hd_handed *handed;
  hd_status status = prepare(w, base, spec);
  if (status == HD_OK) status = say(w, HD_FRAME_READY, HD_OK, "");
  while (status == HD_OK) {
    status = await(w, &handed);
    if (status == HD_OK) status = compute(w, handed);
  }
  if (status != HD_STOPPED) hd_worker_refuse(w, status);
  hd_bench_free(&w->bench);
  hd_study_close(w->study);
  w->study = NULL;
  return status == HD_STOPPED ? HD_OK : status;
}
