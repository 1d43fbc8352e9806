#include "cli/progress.h"

#include "base/text.h"
#include "cli/json.h"
#include "cli/print.h"
#include "io/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
  char left[64] = "", unit[32];
  if (passed > 1 && gained > 0) {
    char time[48];
    duration(passed / gained * (1 - fraction), time, sizeof time);
    snprintf(left, sizeof left, ", about %s left", time);
  }
  fprintf(stderr, "\r\033[K%s %3.0f %%, %s %.4g%s, %.3g steps/s%s", running->solver->name, 100 * fraction,
          running->solver->axis, running->now.at, hd_case_axis_unit(running->kase, unit),
          running->step_cost_s > 0 ? 1 / running->step_cost_s : 0, left);
  fflush(stderr);
  progress->shown = true;
}

void cli_progress_clear(cli_progress *progress) {
  if (progress->shown) fprintf(stderr, "\r\033[K");
  progress->shown = false;
}

/* -- studies ----------------------------------------------------------------------------------------------------------- */

static const double line_every_s = 0.2, json_every_s = 0.5, file_every_s = 1;

/* What is known at a moment; what the line, the objects and the file say. */
typedef struct moment {
  double members, done, failed, running, seconds, rate, low_s, high_s; /* low_s, high_s: NaN, not known */
} moment;

static const struct {
  const char *name;
  size_t at;
} entries[] = {{"members", offsetof(moment, members)},  {"done", offsetof(moment, done)},
               {"failed", offsetof(moment, failed)},    {"running", offsetof(moment, running)},
               {"seconds", offsetof(moment, seconds)},  {"rate", offsetof(moment, rate)},
               {"left_least", offsetof(moment, low_s)}, {"left_most", offsetof(moment, high_s)}};
enum { ENTRIES = sizeof entries / sizeof *entries };

static moment moment_of(const hd_study *study) {
  double now = study->ctx->clock.steady_s(study->ctx->clock.self);
  moment m = {.members = (double)study->mine,
              .done = (double)study->done,
              .failed = (double)study->failed,
              .running = (double)(study->running < study->team ? study->running : study->team),
              .seconds = now - study->began_s};
  m.rate = m.seconds > 0 ? (double)study->computed / m.seconds : 0;
  hd_study_time_left(study, &m.low_s, &m.high_s);
  return m;
}

/* "12 to 15 s", "3 min", "1.5 to 2 h": whole numbers from 10 on, and one number where both are the same. */
static void print_range(double low, double high, char *text, size_t room) {
  double unit = high < 90 ? 1 : high < 5400 ? 60 : 3600;
  const char *name = high < 90 ? "s" : high < 5400 ? "min" : "h";
  char a[32], b[32];
  snprintf(a, sizeof a, low / unit < 10 && unit > 1 ? "%.1f" : "%.0f", floor(low / unit * 10) / 10);
  snprintf(b, sizeof b, high / unit < 10 && unit > 1 ? "%.1f" : "%.0f", ceil(high / unit * 10) / 10);
  if (high < 1) snprintf(text, room, "less than 1 s");
  else if (!strcmp(a, b)) snprintf(text, room, "about %s %s", a, name);
  else snprintf(text, room, "%s to %s %s", a, b, name);
}

static void print_line(hd_text *out, const moment *m) {
  char left[96];
  hd_print(out, "%.0f of %.0f members done", m->done, m->members);
  if (m->failed > 0) hd_print(out, ", %.0f failed", m->failed);
  hd_print(out, ", %.0f running, %.3g/s", m->running, m->rate);
  if (isnan(m->low_s)) return;
  print_range(m->low_s, m->high_s, left, sizeof left);
  hd_print(out, ", %s left", left);
}

static void print_json(hd_text *out, const moment *m) {
  hd_print(out, "{");
  for (int i = 0; i < ENTRIES; i++) {
    hd_print(out, "%s\"%s\": ", i ? ", " : "", entries[i].name);
    hd_json_number(out, *(const double *)(const void *)((const char *)m + entries[i].at));
  }
  hd_print(out, "}\n");
}

static bool file_path(hd_ctx *ctx, const char *folder, char path[HD_PATH_ROOM]) {
  return hd_path_join(ctx, folder, "progress.json", path, HD_PATH_ROOM) == HD_OK;
}

/* Whoever asks from elsewhere reads it; no failure of the study if it cannot be written. */
static void write_file(const cli_study_progress *p, hd_ctx *ctx, const hd_text *json) {
  char path[HD_PATH_ROOM];
  if (!file_path(ctx, p->folder, path)) return;
  hd_file_write(ctx, path, hd_text_of(json), json->length, false);
}

void cli_study_progress_show(void *self, const hd_study *study) {
  cli_study_progress *p = self;
  double now = study->ctx->clock.steady_s(study->ctx->clock.self);
  bool show = (p->line || p->json) && now - p->shown_s >= (p->json ? json_every_s : line_every_s);
  bool write = now - p->written_s >= file_every_s && now - study->began_s >= file_every_s;
  if (!show && !write) return;
  hd_text text, json;
  moment m = moment_of(study);
  hd_text_init(&text, study->ctx);
  hd_text_init(&json, study->ctx);
  print_json(&json, &m);
  print_line(&text, &m);
  if (show && p->json) fprintf(stderr, "%s", hd_text_of(&json));
  else if (show) fprintf(stderr, "\r\033[K%s", hd_text_of(&text));
  if (show) {
    fflush(stderr);
    p->shown_s = now;
    p->shown = !p->json;
  }
  if (write) {
    p->written_s = now;
    write_file(p, study->ctx, &json);
  }
  hd_text_free(&text);
  hd_text_free(&json);
}

void cli_study_progress_end(cli_study_progress *p, const hd_study *study) {
  char path[HD_PATH_ROOM];
  if (p->shown) fprintf(stderr, "\r\033[K");
  p->shown = false;
  if (file_path(study->ctx, p->folder, path)) hd_file_remove(study->ctx, path); /* an earlier one's, too */
  if (!p->json) return;
  hd_text json;
  moment m = moment_of(study);
  m.low_s = m.high_s = m.done + m.failed < m.members ? NAN : 0;
  hd_text_init(&json, study->ctx);
  print_json(&json, &m);
  fprintf(stderr, "%s", hd_text_of(&json));
  fflush(stderr);
  hd_text_free(&json);
}

/* Our own flat object of numbers and nulls. */
static bool read_moment(const char *text, moment *m) {
  for (int i = 0; i < ENTRIES; i++) {
    char key[32];
    double *to = (double *)(void *)((char *)m + entries[i].at);
    snprintf(key, sizeof key, "\"%s\": ", entries[i].name);
    const char *at = strstr(text, key);
    if (!at) return false;
    at += strlen(key);
    *to = strncmp(at, "null", 4) ? strtod(at, NULL) : NAN;
  }
  return true;
}

bool cli_study_progress_read(hd_ctx *ctx, const char *folder, hd_text *line, hd_text *json) {
  char path[HD_PATH_ROOM], *text;
  size_t size;
  moment m;
  if (!file_path(ctx, folder, path) || !hd_file_exists(ctx, path)) return false;
  if (hd_file_read(ctx, path, 1 << 16, &text, &size) != HD_OK) return false;
  bool good = read_moment(text, &m);
  if (good) {
    print_line(line, &m);
    hd_text_add(json, text, size && text[size - 1] == '\n' ? size - 1 : size);
  }
  hd_memory_give(ctx, text, size + 1);
  return good;
}
