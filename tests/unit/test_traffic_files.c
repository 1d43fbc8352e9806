/* What is made of a finished run: npz and csv files, and the figures as descriptions. */
#include "base/text.h"
#include "io/figure.h"
#include "io/gnuplot.h"
#include "io/result.h"
#include "solvers/traffic/npz.h"
#include "unit/traffic_road.h"

#include <unistd.h>

static char folder[64];

static const char *in_folder(const char *name) {
  static char path[2][128];
  static int turn;
  turn = !turn;
  snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
  return path[turn];
}

static const char scenario[] =
    "solver: traffic\npreset: arz2025\n%s"
    "classes:\n"
    "  motorcycles: {pressure: 10 km/h, exponent: 1.5, relaxation: 5 s, creeping: 5 km/h, free_speed: 85 km/h, sees: "
    "{motorcycles: 1, cars: 0.4}}\n"
    "  cars: {pressure: 15 km/h, exponent: 2, relaxation: 10 s, creeping: 0 km/h, free_speed: 75 km/h, sees: "
    "{motorcycles: 1, cars: 1}}\n"
    "road: {length: 1 km, cells: 8}\ninitial: {kind: random}\nboundary: ring\ntime: {end: 60 s}\noutput: {ledger: "
    "{every_steps: 2}}\n";

/* Two classes on 8 cells, cars absent from half of them; three snapshots, an entry every two steps and at the end. */
static void make_result(hd_result **result, hd_ctx *ctx, const char *extra) {
  road r;
  drive d;
  char text[2048];
  road_preset(&r, true);
  r.t.road.cells = 8;
  r.t.initial.kind = TRAFFIC_RIEMANN;
  r.t.initial.left = road_state(&r, 0, .02, 25, .01, 22);
  r.t.initial.right = road_state(&r, 1, .08, 8, 0, 6);
  r.t.initial.split = 500;
  drive_start(&d, &r, 1);
  drive_row(&d, TRAFFIC_SNAPSHOT);
  drive_row(&d, TRAFFIC_ENTRY);
  drive_until(&d, 1);
  drive_until(&d, 2);
  drive_row(&d, TRAFFIC_SNAPSHOT);
  drive_until(&d, 3);
  drive_row(&d, TRAFFIC_SNAPSHOT);
  if (hd_solver_traffic.finish) assert_int_equal(hd_solver_traffic.finish(&d.run), HD_OK);
  snprintf(text, sizeof text, scenario, extra);
  hd_result_head head = {.solver = "traffic", .title = "test", .scenario = text};
  if (hd_result_write(d.store, &head, in_folder("result.h5")) != HD_OK) fail_msg("%s", hd_ctx_message(d.ctx));
  drive_end(&d);
  if (hd_result_open(ctx, in_folder("result.h5"), result) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
}

static int setup(void **state) {
  hd_ctx *ctx;
  snprintf(folder, sizeof folder, "/tmp/heddle-files-%ld", (long)getpid());
  if (hd_ctx_new(&ctx) != HD_OK || hd_folder_make(ctx, folder) != HD_OK) return 1;
  *state = ctx;
  return 0;
}
static int teardown(void **state) {
  hd_folder_remove(*state, folder);
  hd_ctx_free(*state);
  return 0;
}

static const hd_format *format_of(const char *name) {
  const hd_format *f = traffic_formats;
  while (f->name && strcmp(f->name, name)) f++;
  assert_non_null(f->name);
  return f;
}

static void write_format(hd_ctx *ctx, const hd_result *result, const char *name, const char *file) {
  if (format_of(name)->write(result, in_folder(file)) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
}

static void npz_has_times_and_states(void **state) {
  hd_result *result;
  hd_arena arena;
  hd_array times, states, x, density, marker;
  make_result(&result, *state, "");
  write_format(*state, result, "npz", "result.npz");
  hd_arena_init(&arena, *state);
  assert_int_equal(hd_npz_read(*state, in_folder("result.npz"), "times", &arena, &times), HD_OK);
  assert_int_equal(hd_npz_read(*state, in_folder("result.npz"), "states", &arena, &states), HD_OK);
  assert_int_equal(hd_npz_read(*state, in_folder("result.npz"), "x", &arena, &x), HD_OK);
  assert_true(times.size[0] == 3 && times.at[0] == 0 && times.at[2] == 3);
  assert_true(states.rank == 3 && states.size[0] == 3 && states.size[1] == 4 && states.size[2] == 8);
  assert_true(x.size[0] == 8 && x.at[0] == 62.5);
  assert_int_equal(hd_read(result, "density", &density), HD_OK);
  assert_int_equal(hd_read(result, "marker", &marker), HD_OK);
  for (int s = 0; s < 3; s++)
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 8; j++) {
        assert_true(states.at[(s * 4 + 2 * i) * 8 + j] == density.at[(s * 2 + i) * 8 + j]);
        double w = marker.at[(s * 2 + i) * 8 + j], stored = states.at[(s * 4 + 2 * i + 1) * 8 + j];
        assert_true(w == stored || (isnan(w) && isnan(stored)));
      }
  assert_true(isnan(states.at[(0 * 4 + 3) * 8 + 7])); /* no cars on the right at the start */
  hd_arena_free(&arena);
  hd_result_close(result);
}

/* The lines of a file; the text is freed with the context's memory by the caller. */
static int64_t lines_of(hd_ctx *ctx, const char *name, char **text, size_t *size, const char **line, int64_t most) {
  int64_t n = 0;
  if (hd_file_read(ctx, in_folder(name), 1 << 20, text, size) != HD_OK) fail_msg("%s", hd_ctx_message(ctx));
  for (char *at = *text; *at && n < most; n++) {
    line[n] = at;
    at += strcspn(at, "\n");
    if (*at) *at++ = 0;
  }
  return n;
}

static void csv_tables(void **state) {
  hd_result *result;
  hd_array mass;
  char *text;
  size_t size;
  const char *line[64];
  make_result(&result, *state, "");
  assert_int_equal(hd_read(result, "mass", &mass), HD_OK);
  write_format(*state, result, "csv", "result.csv");
  assert_int_equal(lines_of(*state, "ledger.csv", &text, &size, line, 64), 1 + 4);
  assert_string_equal(line[0], "time_sec,mass_motorcycles [veh],mass_cars [veh]");
  assert_true(!strncmp(line[1], "0,50,5", 6));
  double t, m, c;
  assert_int_equal(sscanf(line[4], "%lf,%lf,%lf", &t, &m, &c), 3);
  assert_true(t == 3 && m == mass.at[3 * 2] && c == mass.at[3 * 2 + 1]);
  hd_memory_give(*state, text, size + 1);
  assert_int_equal(lines_of(*state, "profiles.csv", &text, &size, line, 64), 1 + 3 * 8);
  assert_string_equal(line[0],
                      "time [s],x [m],density_motorcycles [veh/m],speed_motorcycles [m/s],marker_motorcycles [m/s],"
                      "density_cars [veh/m],speed_cars [m/s],marker_cars [m/s]");
  assert_true(!strncmp(line[1], "0,62.5,0.02,", 12));
  assert_non_null(strstr(line[8], ",0,,")); /* no cars: no speed, no marker */
  hd_memory_give(*state, text, size + 1);
  hd_result_close(result);
}

/* Under compat: the predecessor's columns, and no row at the end unless it falls on a multiple of the interval. */
static void ledger_of_the_predecessor(void **state) {
  hd_result *result;
  hd_array done;
  char *text;
  size_t size;
  const char *line[64];
  make_result(&result, *state, "compat: arz2025\n");
  assert_int_equal(hd_read(result, "cell_steps", &done), HD_OK);
  bool on_a_multiple = (int64_t)done.at[3] / 8 % 2 == 0;
  write_format(*state, result, "csv", "result.csv");
  assert_int_equal(lines_of(*state, "ledger.csv", &text, &size, line, 64), on_a_multiple ? 5 : 4);
  assert_string_equal(line[0], "time_sec,mass_m,mass_c");
  hd_memory_give(*state, text, size + 1);
  hd_result_close(result);
}

static const hd_drawing *drawing_of(const char *name) {
  const hd_drawing *f = traffic_figures;
  while (f->name && strcmp(f->name, name)) f++;
  assert_non_null(f->name);
  return f;
}

static void figures_are_described(void **state) {
  static const struct {
    const char *name;
    int64_t panels, marks;
    const char *unit; /* of y in the first panel */
  } expected[] = {{"profiles", 2, 8, "veh/km"}, {"density_map", 3, 3, "s"}, {"speed_map", 3, 3, "s"},
                  {"mass_error", 1, 2, ""},     {"step_length", 1, 1, "s"}, {"flow_density", 2, 4, "veh/h"}};
  hd_result *result;
  make_result(&result, *state, "");
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    hd_figure *figure;
    if (hd_figure_make(*state, drawing_of(expected[i].name), result, -1, NULL, &figure) != HD_OK)
      fail_msg("%s", hd_ctx_message(*state));
    assert_int_equal(figure->panels, expected[i].panels);
    assert_int_equal(figure->marks, expected[i].marks);
    assert_string_equal(figure->panel[0].y.unit, expected[i].unit);
    for (int64_t m = 0; m < figure->marks; m++) {
      const hd_mark *mark = &figure->mark[m];
      const double *of = mark->shape == HD_IMAGE ? mark->z : mark->y;
      int64_t finite = 0, n = mark->shape == HD_IMAGE ? mark->nx * mark->ny : mark->nx;
      for (int64_t k = 0; k < n; k++) finite += isfinite(of[k]) != 0;
      assert_true(finite > 0); /* nothing is empty */
    }
    hd_figure_free(figure);
  }
  hd_result_close(result);
}

static void values_of_figures(void **state) {
  hd_result *result;
  hd_figure *figure;
  make_result(&result, *state, "");
  assert_int_equal(hd_figure_make(*state, drawing_of("profiles"), result, -1, NULL, &figure), HD_OK);
  assert_true(figure->panel[0].x.low == 0 && figure->panel[0].x.high == 1); /* km, the whole road */
  assert_string_equal(figure->mark[0].label, "motorcycles");
  assert_int_equal(figure->mark[1].look, HD_FAINT);
  assert_true(fabs(figure->mark[1].y[0] - 20) < 1e-12); /* veh/km at the start */
  hd_figure_free(figure);
  assert_int_equal(hd_figure_make(*state, drawing_of("density_map"), result, -1, NULL, &figure), HD_OK);
  assert_string_equal(figure->panel[2].title, "all classes");
  assert_true(figure->mark[2].nx == 8 && figure->mark[2].ny == 3 && fabs(figure->mark[2].z[0] - 30) < 1e-12);
  hd_figure_free(figure);
  assert_int_equal(hd_figure_make(*state, drawing_of("flow_density"), result, -1, NULL, &figure), HD_OK);
  const hd_mark *curve = &figure->mark[1];
  double share = 50. / 55, top = 0;
  assert_true(curve->nx == 101 && curve->y[0] == 0 && fabs(curve->x[100] - share * 250) < 1e-9);
  double v = (5 + 80 * .5) / 3.6; /* m/s at half the jam density */
  assert_true(fabs(curve->y[50] - share * .125 * v * 3600) < 1e-8);
  for (int k = 0; k <= 100; k++) top = fmax(top, curve->y[k]);
  assert_true(top > curve->y[100]);
  hd_figure_free(figure);
  hd_result_close(result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(npz_has_times_and_states),  cmocka_unit_test(csv_tables),
      cmocka_unit_test(ledger_of_the_predecessor), cmocka_unit_test(figures_are_described),
      cmocka_unit_test(values_of_figures),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
