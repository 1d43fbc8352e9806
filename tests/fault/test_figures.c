/* Each allocation and each call to the file system of drawing and of the report is made to fail: a clean error, no leak, no
 * half-written file. gnuplot is a stand-in that writes at once. */
#include "faulty.h"
#include "gallery.h"
#include "io/gnuplot.h"
#include "io/report.h"

#include <sys/stat.h>
#include <unistd.h>

static hd_status work(hd_ctx *ctx, const char *folder, void *arg) {
  char figures[300];
  bool drawn;
  hd_figure *f;
  (void)arg;
  const double x[3] = {0, 1, 2}, z[6] = {1, 2, 3, 4, 5, 6};
  static const char *const names[] = {"a", "b", "c"};
  hd_axis axis = {.label = "x", .unit = "m", .low = NAN, .high = NAN, .names = names, .name_count = 3};
  HD_TRY(hd_figure_new(ctx, "map", "Map", "compat: none", &f));
  hd_status status = hd_panel(f, "one", axis, gallery_axis("y", "m"), gallery_axis("c", NULL), false);
  if (status == HD_OK) status = hd_add(f, (hd_mark){.shape = HD_IMAGE, .z = z, .nx = 3, .ny = 2});
  if (status == HD_OK) status = hd_add(f, (hd_mark){.shape = HD_LINE, .label = "l", .x = x, .y = x, .nx = 3});
  if (status == HD_OK) status = hd_path_join(ctx, folder, "figures", figures, sizeof figures);
  const hd_figure *one = f;
  if (status == HD_OK) status = hd_figures_draw(ctx, &one, 1, figures, HD_DRAW_SVG | HD_DRAW_PNG, &drawn);
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

/* Every file that may be there, and how one knows its end. */
static const struct {
  const char *name, *end;
} whole[] = {{"figures/map.gp", "unset multiplot\nset output\n"},
             {"figures/map.dat", "\n2 2\n"},
             {"figures/map.svg", "</svg>\n"},
             {"figures/map.png", "png\n"},
             {"report.html", "</html>\n"}};

static int is_left_behind(void *arg, const char *name) {
  if (strstr(name, ".part") || strstr(name, ".tmp")) snprintf(arg, 256, "%s", name);
  return 0;
}

static void look(hd_ctx *ctx, const char *folder, hd_status told, void *arg) {
  char path[300], left[256] = "";
  int there = 0, files = (int)(sizeof whole / sizeof *whole);
  for (int i = 0; i < files; i++) {
    char *text;
    size_t size;
    snprintf(path, sizeof path, "%s/%s", folder, whole[i].name);
    if (!hd_file_exists(ctx, path)) continue;
    there++;
    assert_int_equal(hd_file_read(ctx, path, 1 << 20, &text, &size), HD_OK);
    size_t n = strlen(whole[i].end);
    if (size < n || strcmp(text + size - n, whole[i].end) != 0) fail_msg("%s is not whole", whole[i].name);
    hd_memory_give(ctx, text, size + 1);
  }
  if (told != HD_OK) assert_true(there < files);
  snprintf(path, sizeof path, "%s/figures", folder);
  if (*(faulty_mode *)arg == FAULTY_ONCE && hd_file_exists(ctx, path))
    ctx->files.list(ctx->files.self, path, is_left_behind, left);
  bool could_not_remove = told != HD_OK && strcmp(left, "draw.gp.part") == 0; /* and said so */
  if (left[0] && !could_not_remove) fail_msg("%s was left", left);
}

static void drive(faulty_mode mode) {
  char base[] = "/tmp/heddle-gnuplot-XXXXXX", tool[64], path[5000], *old = strdup(getenv("PATH"));
  assert_non_null(mkdtemp(base));
  snprintf(tool, sizeof tool, "%s/gnuplot", base);
  FILE *script = fopen(tool, "w");
  fprintf(script,
          "#!/bin/sh\n"
          "echo '<svg viewBox=\"0 0 9 9\">\n<g id=\"gnuplot_canvas\">\n<text>a</text>\n</g>\n</svg>' > map.svg.part\n"
          "echo png > map.png.part\n");
  fclose(script);
  assert_int_equal(chmod(tool, 0755), 0);
  snprintf(path, sizeof path, "%s:%s", base, old);
  setenv("PATH", path, 1);
  int64_t points = faulty_drive(work, look, &mode, mode);
  setenv("PATH", old, 1);
  free(old);
  unlink(tool);
  rmdir(base);
  print_message("%lld failure points\n", (long long)points);
  assert_true(points > 80);
}

static void each_call_fails_once(void **state) {
  (void)state;
  drive(FAULTY_ONCE);
}

static void the_disk_goes_away(void **state) {
  (void)state;
  drive(FAULTY_ON);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_call_fails_once), cmocka_unit_test(the_disk_goes_away)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
