/* heddle worker: a process that computes members of another heddle's study. It loads the scenario itself, so that nothing but
 * numbers of members need be handed over. */
#include "cli/study.h"
#include "study/workers/worker.h"

#include <signal.h>

/* Ctrl-C and the like are for the study, which stops its workers itself; they were held back until here. */
static void ignore_signals(void) {
  static const int ignored[] = {SIGINT, SIGTERM, SIGUSR1, SIGPIPE};
  sigset_t none;
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static hd_status work(hd_ctx *ctx, hd_worker *worker) {
  const hd_study_record *record = hd_worker_study(worker);
  cli_args args = {.member = -1};
  hd_study_spec spec;
  hd_case *kase;
  cli_study_args(record, &args);
  hd_case_options options = cli_case_options(&args);
  hd_status status = hd_case_load(ctx, record->file, &options, &kase);
  if (status == HD_OK) status = cli_read_study(kase, &args, &spec);
  if (status == HD_OK) status = hd_worker_serve(worker, kase, &spec);
  else hd_worker_refuse(worker, status);
  hd_case_free(kase);
  return status;
}

int cli_worker(void) {
  hd_ctx *ctx;
  hd_worker *worker;
  ignore_signals();
  if (hd_ctx_new(&ctx) != HD_OK) return hd_status_exit_code(HD_ERR_MEMORY);
  hd_status status = hd_worker_join(ctx, &worker);
  if (status == HD_OK) status = work(ctx, worker);
  else cli_fail(ctx, status);
  hd_worker_leave(worker);
  hd_ctx_free(ctx);
  return hd_status_exit_code(status);
}
