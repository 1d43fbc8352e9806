#include "cli/progress.h"

#include "cli/print.h"

/* "3 s", "2 min 5 s", "4 h 10 min" */
static void duration(double seconds, char *text, size_t room) {
  long s = (long)(seconds + 0.5);
  if (s < 60) snprintf(text, room, "%ld s", s);
  else if (s < 3600) snprintf(text, room, "%ld min %ld s", s / 60, s % 60);
  else snprintf(text, room, "%ld h %ld min", s / 3600, s % 3600 / 60);
}

void cli_progress_show(void *self, const hd_running *running) {
  cli_progress *progress = self;
  hd_ctx *ctx = running->run.ctx;
  double now = ctx->clock.steady_s(ctx->clock.self), fraction = running->now.fraction;
  if (progress->first_s == 0) {
    progress->first_s = now;
    progress->first_fraction = fraction;
  }
  double passed = now - progress->first_s, gained = fraction - progress->first_fraction;
  char left[64] = "";
  if (passed > 1 && gained > 0) {
    char time[48];
    duration(passed / gained * (1 - fraction), time, sizeof time);
    snprintf(left, sizeof left, ", about %s left", time);
  }
  fprintf(stderr, "\r\033[K%s %3.0f %%, %s %.4g %s, %.3g steps/s%s", running->solver->name, 100 * fraction,
          running->solver->axis, running->now.at, running->solver->axis_unit,
          running->step_cost_s > 0 ? 1 / running->step_cost_s : 0, left);
  fflush(stderr);
  progress->shown = true;
}

void cli_progress_clear(cli_progress *progress) {
  if (progress->shown) fprintf(stderr, "\r\033[K");
  progress->shown = false;
}
