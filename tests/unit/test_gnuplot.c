/* Drawing: pictures that are well formed and hold their labels, the same bytes twice, hostile texts without effect, and what
 * happens without gnuplot. Where gnuplot is not installed the drawing tests are skipped, the others run. */
#include "base/text.h"
#include "gallery.h"
#include "io/gnuplot.h"
#include "io/program.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct world {
  hd_ctx *ctx;
  char folder[64];
  int warnings;
  char warning[2048];
} world;

static void hear(void *self, hd_log_level level, const char *text) {
  world *w = self;
  if (level != HD_LOG_WARNING) return;
  w->warnings++;
  snprintf(w->warning, sizeof w->warning, "%s", text);
}

static void world_new(world *w) {
  memset(w, 0, sizeof *w);
  snprintf(w->folder, sizeof w->folder, "/tmp/heddle-figures-XXXXXX");
  assert_non_null(mkdtemp(w->folder));
  assert_int_equal(hd_ctx_new(&w->ctx), HD_OK);
  w->ctx->log = (hd_listener){w, hear};
}

static void world_free(world *w) {
  assert_int_equal(hd_folder_remove(w->ctx, w->folder), HD_OK);
  hd_ctx_free(w->ctx);
}

static void contents(world *w, const char *name, char **text, size_t *size) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", w->folder, name);
  if (hd_file_read(w->ctx, path, 64 << 20, text, size) != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
}

static bool there(world *w, const char *name) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", w->folder, name);
  return hd_file_exists(w->ctx, path);
}

static int files_with(world *w, const char *end) {
  int found = 0;
  DIR *d = opendir(w->folder);
  for (struct dirent *e; (e = readdir(d)) != NULL;) found += strstr(e->d_name, end) != NULL;
  closedir(d);
  return found;
}

/* Every tag is closed in order, "<" and "&" stand only where XML allows them. */
static void check_xml(const char *text) {
  char open[64][32];
  int depth = 0, elements = 0;
  for (const char *c = text; *c; c++) {
    if (*c == '&') {
      size_t n = strcspn(c, ";");
      assert_true(n > 1 && n < 8);
    }
    assert_true(strncmp(c, "]]>", 3) != 0);
    if (*c != '<') continue;
    const char *end = strchr(c, '>');
    assert_non_null(end);
    if (c[1] == '?') continue;
    size_t n = strcspn(c + 1 + (c[1] == '/'), " \t\n/>");
    assert_true(n > 0 && n < 32);
    if (c[1] == '/') {
      assert_true(depth > 0 && strncmp(open[depth - 1], c + 2, n) == 0 && !open[depth - 1][n]);
      depth--;
    } else if (end[-1] != '/') {
      assert_true(depth < 64);
      snprintf(open[depth++], 32, "%.*s", (int)n, c + 1);
    }
    elements++;
    c = end;
  }
  assert_int_equal(depth, 0);
  assert_true(elements > 20);
}

static bool draw(world *w, hd_figure **figures, int64_t count) {
  bool drawn;
  hd_status status =
      hd_figures_draw(w->ctx, (const hd_figure *const *)figures, count, w->folder, HD_DRAW_SVG | HD_DRAW_PNG, &drawn);
  if (status != HD_OK) fail_msg("%s", hd_ctx_message(w->ctx));
  return drawn;
}

static bool gnuplot_is_here(hd_ctx *ctx) {
  static const char *const argv[] = {"gnuplot", "--version", NULL};
  return hd_program_run(ctx, &(hd_program){.argv = argv, .folder = "/", .limit_s = 10}, NULL) == HD_OK;
}

static void check_picture(world *w, const char *name, const char *label) {
  char file[64], *svg, *png;
  size_t size;
  snprintf(file, sizeof file, "%s.svg", name);
  contents(w, file, &svg, &size);
  check_xml(svg);
  assert_non_null(strstr(svg, label));
  assert_null(strstr(svg, "stroke=\"black\"")); /* all black is the page's colour */
  assert_null(strstr(svg, "stroke='black'"));
  assert_null(strstr(svg, "fill=\"black\" font"));
  assert_null(strstr(svg, "rgb(0,0,0)"));
  hd_memory_give(w->ctx, svg, size + 1);
  snprintf(file, sizeof file, "%s.png", name);
  contents(w, file, &png, &size);
  assert_true(size > 5000 && memcmp(png, "\x89PNG\r\n\x1a\n", 8) == 0);
  hd_memory_give(w->ctx, png, size + 1);
}

static void the_gallery_is_drawn_twice_alike(void **state) {
  (void)state;
  world a, b;
  world_new(&a);
  if (!gnuplot_is_here(a.ctx)) {
    world_free(&a);
    skip();
  }
  world_new(&b);
  hd_ctx *ctx = a.ctx;
  hd_figure *all[] = {gallery_lines(ctx), gallery_maps(ctx),  gallery_points(ctx),  gallery_bars(ctx),
                      gallery_discs(ctx), gallery_empty(ctx), gallery_hostile(ctx), gallery_all(ctx)};
  const char *label[] = {"density [veh/km]",
                         "time [s]",
                         "second order",
                         "L2/3E",
                         "threshold [\xC2\xB5\x41]",
                         "no data",
                         "system(\xE2\x80\x99touch pwned",
                         "hollow"};
  assert_true(draw(&a, all, 8));
  assert_true(draw(&b, all, 8));
  assert_int_equal(a.warnings, 0);
  for (size_t i = 0; i < 8; i++) {
    check_picture(&a, all[i]->name, label[i]);
    for (int png = 0; png < 2; png++) {
      char file[64], *first, *second;
      size_t one, two;
      snprintf(file, sizeof file, "%s%s", all[i]->name, png ? ".png" : ".svg");
      contents(&a, file, &first, &one);
      contents(&b, file, &second, &two);
      assert_true(one == two && memcmp(first, second, one) == 0);
      hd_memory_give(a.ctx, first, one + 1);
      hd_memory_give(b.ctx, second, two + 1);
    }
    hd_figure_free(all[i]);
  }
  assert_int_equal(files_with(&a, "pwned"), 0);
  assert_int_equal(files_with(&a, ".part"), 0);
  assert_int_equal(files_with(&a, ".tmp"), 0);
  world_free(&b);
  world_free(&a);
}

/* PATH for one test: a folder of its own, with a stand-in for gnuplot or without. */
static char *path_to(world *w, const char *script) {
  char *old = strdup(getenv("PATH")), path[512];
  snprintf(path, sizeof path, "%s/bin", w->folder);
  assert_int_equal(mkdir(path, 0755), 0);
  if (script) {
    snprintf(path, sizeof path, "%s/bin/gnuplot", w->folder);
    FILE *f = fopen(path, "w");
    fprintf(f, "#!/bin/sh\n%s\n", script);
    fclose(f);
    assert_int_equal(chmod(path, 0755), 0);
  }
  snprintf(path, sizeof path, "%s/bin", w->folder);
  setenv("PATH", path, 1);
  return old;
}

static void path_back(char *old) {
  setenv("PATH", old, 1);
  free(old);
}

static void no_picture_fails_no_run(const char *script, const char *says) {
  world w;
  world_new(&w);
  hd_figure *f = gallery_lines(w.ctx);
  char *old = path_to(&w, script);
  assert_false(draw(&w, &f, 1));
  path_back(old);
  assert_int_equal(w.warnings, 1);
  assert_non_null(strstr(w.warning, says));
  assert_non_null(strstr(w.warning, w.folder));
  assert_true(there(&w, "profiles.gp") && there(&w, "profiles.dat"));
  assert_false(there(&w, "profiles.svg") || there(&w, "profiles.png"));
  assert_int_equal(files_with(&w, ".part"), 0);
  hd_figure_free(f);
  world_free(&w);
}

static void without_gnuplot_data_remain(void **state) {
  (void)state;
  no_picture_fails_no_run(NULL, "Install gnuplot");
}

static void a_gnuplot_that_fails_is_quoted(void **state) {
  (void)state;
  no_picture_fails_no_run("echo half > profiles.svg.part; echo it hurts >&2; exit 3", "it hurts");
}

static void a_gnuplot_that_draws_nothing_is_noticed(void **state) {
  (void)state;
  no_picture_fails_no_run("exit 0", "profiles.svg");
}

static void a_program_is_stopped_in_time(void **state) {
  (void)state;
  world w;
  hd_text said;
  world_new(&w);
  hd_text_init(&said, w.ctx);
  static const char *const argv[] = {"sh", "-c", "echo begun; sleep 30 & sleep 30", NULL};
  double start = w.ctx->clock.steady_s(w.ctx->clock.self);
  const hd_program sleeps = {.argv = argv, .folder = w.folder, .limit_s = 0.3};
  assert_int_equal(hd_program_run(w.ctx, &sleeps, &said), HD_ERR_LIMIT);
  assert_true(w.ctx->clock.steady_s(w.ctx->clock.self) - start < 5);
  assert_non_null(strstr(hd_text_of(&said), "begun"));
  hd_text_free(&said);
  static const char *const missing[] = {"no-such-program-here", NULL};
  const hd_program nowhere = {.argv = missing, .folder = w.folder, .limit_s = 1};
  assert_int_equal(hd_program_run(w.ctx, &nowhere, NULL), HD_ERR_MISSING);
  assert_non_null(strstr(hd_ctx_message(w.ctx), "not found on PATH"));
  static const char *const talks[] = {"sh", "-c", "yes | head -c 1000000; exit 7", NULL};
  hd_text_init(&said, w.ctx);
  const hd_program talker = {.argv = talks, .folder = w.folder, .limit_s = 10};
  assert_int_equal(hd_program_run(w.ctx, &talker, &said), HD_ERR_FILE);
  assert_non_null(strstr(hd_ctx_message(w.ctx), "exit code 7"));
  assert_true(said.length > 0 && said.length <= 64 * 1024);
  hd_text_free(&said);
  world_free(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gallery_is_drawn_twice_alike), cmocka_unit_test(without_gnuplot_data_remain),
      cmocka_unit_test(a_gnuplot_that_fails_is_quoted), cmocka_unit_test(a_gnuplot_that_draws_nothing_is_noticed),
      cmocka_unit_test(a_program_is_stopped_in_time)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
