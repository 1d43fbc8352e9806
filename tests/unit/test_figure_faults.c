/* Each allocation and each call to the file system of drawing and of the report is made to fail in turn: a clean error, no
 * leak, no half-written file. gnuplot is a stand-in that writes at once. */
#include "gallery.h"
#include "io/gnuplot.h"
#include "io/report.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The system's tables, counted; the call with the number `bad` fails. */
typedef struct faulty {
  hd_memory memory;
  hd_files files;
  int64_t calls, bad, held;
} faulty;

static bool fails(void *self) {
  faulty *f = self;
  return f->calls++ == f->bad;
}

static void *take(void *self, size_t bytes) {
  faulty *f = self;
  if (fails(f)) return NULL;
  f->held += (int64_t)bytes;
  return f->memory.take(f->memory.self, bytes);
}

static void give(void *self, void *at, size_t bytes) {
  faulty *f = self;
  if (at) f->held -= (int64_t)bytes;
  f->memory.give(f->memory.self, at, bytes);
}

#define INNER(self) ((faulty *)(self))->files
static int f_open(void *self, const char *path, int flags, unsigned mode) {
  return fails(self) ? -EIO : INNER(self).open(NULL, path, flags, mode);
}
static int64_t f_read(void *self, int handle, void *to, size_t bytes, int64_t at) {
  return fails(self) ? -EIO : INNER(self).read(NULL, handle, to, bytes, at);
}
static int64_t f_write(void *self, int handle, const void *from, size_t bytes, int64_t at) {
  if (!fails(self)) return INNER(self).write(NULL, handle, from, bytes, at);
  INNER(self).write(NULL, handle, from, bytes / 2, at); /* the disk is full half-way */
  return -ENOSPC;
}
static int f_truncate(void *self, int handle, int64_t size) {
  return fails(self) ? -EIO : INNER(self).truncate(NULL, handle, size);
}
static int f_close(void *self, int handle) {
  int error = INNER(self).close(NULL, handle);
  return fails(self) ? -EIO : error;
}
static int f_rename(void *self, const char *from, const char *to) {
  return fails(self) ? -EACCES : INNER(self).rename(NULL, from, to);
}
static int f_folder(void *self, const char *path) { return fails(self) ? -EACCES : INNER(self).folder(NULL, path); }
static int f_info(void *self, const char *path, hd_file_info *info) {
  return fails(self) ? -EIO : INNER(self).info(NULL, path, info);
}

/* Removing is not made to fail: then there is nothing left to tidy up with. */
static hd_ctx *ctx_of(faulty *f) {
  hd_ctx *ctx;
  f->memory = hd_memory_system();
  f->files = hd_files_system();
  f->bad = -1;
  f->held = f->calls = 0;
  hd_memory memory = {f, take, give};
  hd_files files = f->files;
  files.self = f;
  files.open = f_open;
  files.read = f_read;
  files.write = f_write;
  files.truncate = f_truncate;
  files.close = f_close;
  files.rename = f_rename;
  files.folder = f_folder;
  files.info = f_info;
  assert_int_equal(hd_ctx_new_with(&memory, &files, NULL, &ctx), HD_OK);
  return ctx;
}

/* The same files, whole, as in the reference: what is there at all is as it should be. */
static void nothing_is_half_written(const char *folder, const char *reference) {
  DIR *d = opendir(folder);
  for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
    char command[600];
    if (e->d_name[0] == '.') continue;
    if (strstr(e->d_name, ".tmp") || strstr(e->d_name, ".part")) fail_msg("%s was left behind", e->d_name);
    if (!strchr(e->d_name, '.')) continue;
    snprintf(command, sizeof command, "cmp -s '%s/%s' '%s/%s'", folder, e->d_name, reference, e->d_name);
    if (system(command) != 0) fail_msg("%s is not whole", e->d_name);
  }
  if (d) closedir(d);
}

static hd_status work(hd_ctx *ctx, const char *folder, bool *drawn) {
  char figures[300];
  hd_figure *f;
  const double x[3] = {0, 1, 2}, z[6] = {1, 2, 3, 4, 5, 6};
  static const char *const names[] = {"a", "b", "c"};
  hd_axis axis = {.label = "x", .unit = "m", .low = NAN, .high = NAN, .names = names, .name_count = 3};
  HD_TRY(hd_figure_new(ctx, "map", "Map", "compat: none", &f));
  hd_status status = hd_panel(f, "one", axis, gallery_axis("y", "m"), gallery_axis("c", NULL), false);
  if (status == HD_OK) status = hd_add(f, (hd_mark){.shape = HD_IMAGE, .z = z, .nx = 3, .ny = 2});
  if (status == HD_OK) status = hd_add(f, (hd_mark){.shape = HD_LINE, .label = "l", .x = x, .y = x, .nx = 3});
  if (status == HD_OK) status = hd_path_join(ctx, folder, "figures", figures, sizeof figures);
  const hd_figure *one = f;
  if (status == HD_OK) status = hd_figures_draw(ctx, &one, 1, figures, HD_DRAW_SVG | HD_DRAW_PNG, drawn);
  hd_figure_free(f);
  HD_TRY(status);
  const hd_report_figure drawings[] = {{"map", "Map", "doc"}, {"none", "None", "doc"}};
  const hd_report_entry measure = {"speed", NULL, 2.5e-7, "um/s", "doc"};
  const hd_report report = {.title = "t",
                            .solver = "s",
                            .measures = &measure,
                            .measure_count = 1,
                            .figures = drawings,
                            .figure_count = 2,
                            .figure_folder = "figures"};
  return hd_report_write(ctx, &report, folder);
}

static void each_call_fails_once(void **state) {
  (void)state;
  char base[] = "/tmp/heddle-faults-XXXXXX", bin[64], tool[64], old[4096], good[64], folder[64];
  assert_non_null(mkdtemp(base));
  snprintf(bin, sizeof bin, "%s/bin", base);
  snprintf(tool, sizeof tool, "%s/bin/gnuplot", base);
  assert_int_equal(mkdir(bin, 0755), 0);
  FILE *script = fopen(tool, "w");
  fprintf(script,
          "#!/bin/sh\n"
          "echo '<svg viewBox=\"0 0 9 9\">\n<g id=\"gnuplot_canvas\">\n<text>a</text>\n</g></svg>' > map.svg.part\n"
          "echo png > map.png.part\n");
  fclose(script);
  assert_int_equal(chmod(tool, 0755), 0);
  snprintf(old, sizeof old, "%s", getenv("PATH"));
  char path[5000];
  snprintf(path, sizeof path, "%s:%s", bin, old);
  setenv("PATH", path, 1);

  faulty f;
  bool drawn;
  hd_ctx *ctx = ctx_of(&f);
  snprintf(good, sizeof good, "%s/good", base);
  if (work(ctx, good, &drawn) != HD_OK || !drawn) fail_msg("%s", hd_ctx_message(ctx));
  int64_t points = f.calls, failed = 0;
  hd_ctx_free(ctx);
  assert_int_equal(f.held, 0);
  for (int64_t n = 1; n < points; n++) { /* the call 0 made the context */
    char figures[80], good_figures[80];
    snprintf(folder, sizeof folder, "%s/n%lld", base, (long long)n);
    ctx = ctx_of(&f);
    f.bad = n;
    hd_status status = work(ctx, folder, &drawn);
    if (status != HD_OK) {
      failed++;
      assert_true(status == HD_ERR_MEMORY || status == HD_ERR_FILE);
      assert_true(strlen(hd_ctx_message(ctx)) > 10);
    }
    f.bad = -1;
    snprintf(figures, sizeof figures, "%s/figures", folder);
    snprintf(good_figures, sizeof good_figures, "%s/figures", good);
    nothing_is_half_written(figures, good_figures);
    if (status != HD_OK) nothing_is_half_written(folder, good);
    assert_int_equal(hd_folder_remove(ctx, folder), HD_OK);
    hd_ctx_free(ctx);
    if (f.held != 0) fail_msg("%lld bytes are lost when call %lld fails", (long long)f.held, (long long)n);
  }
  setenv("PATH", old, 1);
  print_message("%lld calls made to fail, %lld of them failed the work\n", (long long)points - 1, (long long)failed);
  assert_true(points > 80 && failed > points / 2);
  ctx = ctx_of(&f);
  assert_int_equal(hd_folder_remove(ctx, base), HD_OK);
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_call_fails_once)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
