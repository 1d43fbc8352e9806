/* The predecessor's scenario files, row by row of the table of keys: what each becomes, or the error it gives. The files
 * are of our own, with the keys and values of the predecessor's.
 */
#include "solvers/traffic/arz.h"
#include "traffic_case.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[64], base_path[128], scenario_path[128], quality_path[128];

#define PRESSURE "pressure: {gamma_m: 1.5, gamma_c: 2.0, K_m_kmh: 10.0, K_c_kmh: 15.0}\n"
#define VMAX                                                                                                           \
  "Vmax_kmh:\n  c: {1: 75.0, 2: 60.0, 3: 35.0, 4: 25.0, 5: 10.0, 9: 35.0}\n"                                           \
  "  m: {1: 85.0, 2: 70.0, 3: 50.0, 4: 45.0, 5: 30.0, 9: 50.0}\n"
#define PHYSICS                                                                                                        \
  "alpha: 0.4\nV_creeping_kmh: 5.0\nrho_jam_veh_km: 250.0\n" PRESSURE                                                  \
  "relaxation: {tau_m_sec: 5.0, tau_c_sec: 10.0}\n" VMAX
static const char base[] = PHYSICS
    "flux_composition: {urban: {m: 0.75, c: 0.25}}\ncfl_number: 0.8\nghost_cells: 2\node_solver: RK45\node_rtol: "
    "1.0e-6\n"
    "ode_atol: 1.0e-6\nepsilon: 1.0e-10\n";

/* Parts of a scenario that are right; a test replaces one. */
#define GRID "N: 100\nxmin: 0.0\nxmax: 1000.0\n"
#define TIMES "t_final: 60.0\noutput_dt: 5.0\n"
#define LEFT "  U_L: [20.0e-3, 25.0, 10.0e-3, 22.0]\n"
#define STATES "initial_conditions:\n  type: riemann\n" LEFT "  U_R: [80.0e-3, 8.0, 40.0e-3, 6.0]\n  split_pos: 500.0\n"
#define ENDS                                                                                                           \
  "boundary_conditions:\n  left: {type: inflow, state: [20.0e-3, 25.0, 10.0e-3, 22.0]}\n  right: {type: outflow}\n"
#define RING "boundary_conditions:\n  left: {type: periodic}\n  right: {type: periodic}\n"
#define SINE                                                                                                           \
  "initial_conditions:\n  type: sine_wave_perturbation\n  R_val: 3\n  background_state: {rho_m: 50.0e-3, rho_c: "      \
  "20.0e-3}\n"                                                                                                         \
  "  perturbation: {amplitude: 5.0e-3, wave_number: 1}\n"

static void put(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static int setup(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/heddle-arz-%ld", (long)getpid());
  snprintf(base_path, sizeof base_path, "%s/base.yml", folder);
  snprintf(scenario_path, sizeof scenario_path, "%s/scenario.yml", folder);
  snprintf(quality_path, sizeof quality_path, "%s/quality.txt", folder);
  return mkdir(folder, 0777);
}
static int teardown(void **state) {
  (void)state;
  remove(base_path);
  remove(scenario_path);
  remove(quality_path);
  return rmdir(folder);
}

/* Reads scenario (and base, unless NULL), decodes and checks what comes out. `more` is put behind, as the heddle file. */
static void import_with(traffic_case *c, const char *below, const char *scenario, arz_options options, const char *more,
                        hd_text *yaml) {
  traffic_case_begin(c);
  put(scenario_path, scenario);
  if (below) put(base_path, below);
  options.scenario = scenario_path;
  options.base = below ? base_path : NULL;
  hd_text_init(yaml, c->ctx);
  assert_int_equal(arz_import(&options, yaml, c->notes), HD_OK);
  if (hd_notes_count(c->notes, HD_NOTE_ERROR)) return;
  hd_print(yaml, "%s", more);
  traffic_case_text(c, hd_text_of(yaml));
}

static void import(traffic_case *c, const char *scenario) {
  hd_text yaml;
  import_with(c, base, scenario, (arz_options){0}, "", &yaml);
  hd_text_free(&yaml);
}

static void import_compat(traffic_case *c, const char *scenario) {
  hd_text yaml;
  import_with(c, base, scenario, (arz_options){.compat = TRAFFIC_COMPAT_ARZ2025}, "compat: arz2025\n", &yaml);
  hd_text_free(&yaml);
}

static const traffic_class *class_of(const traffic_case *c, int i) {
  return (const traffic_class *)c->t.classes.item + i;
}
static const traffic_load *load_of(const hd_items *state, int i) { return (const traffic_load *)state->item + i; }
static double free_of(const traffic_class *k, const char *category) {
  for (int64_t i = 0; i < k->free_speeds.count; i++)
    if (!strcmp(k->free_speeds.name[i], category)) return ((const double *)k->free_speeds.item)[i];
  return NAN;
}

static void near_to(double value, double expected, int line) {
  if (!(fabs(value - expected) <= 1e-15 * fabs(expected)))
    fail_msg("line %d: %.17g, expected %.17g", line, value, expected);
}
#define NEAR(value, expected) near_to((value), (expected), __LINE__)

static void physics_grid_time_and_states(void **state) {
  (void)state;
  traffic_case c;
  import(&c, "scenario_name: 'riemann: test'\n" GRID TIMES "road_quality_definition: 3\n" STATES ENDS);
  assert_case_right(&c);
  assert_string_equal(c.common.title, "riemann: test");
  assert_int_equal(c.t.classes.count, 2);
  assert_string_equal(c.t.classes.name[0], "motorcycles");
  NEAR(class_of(&c, 0)->pressure, 10 / 3.6);
  NEAR(class_of(&c, 1)->pressure, 15 / 3.6);
  NEAR(class_of(&c, 0)->exponent, 1.5);
  NEAR(class_of(&c, 1)->exponent, 2);
  NEAR(class_of(&c, 0)->relaxation, 5);
  NEAR(class_of(&c, 1)->relaxation, 10);
  NEAR(class_of(&c, 0)->creeping, 5 / 3.6);
  assert_true(class_of(&c, 1)->creeping == 0);
  NEAR(free_of(class_of(&c, 0), "4"), 45 / 3.6);
  NEAR(free_of(class_of(&c, 1), "9"), 35 / 3.6);
  traffic_model m;
  traffic_model_of(&c.t, &m);
  NEAR(m.sees[0][1], .4);
  NEAR(m.sees[1][0], 1);
  NEAR(m.jam, .25);
  assert_int_equal(c.t.road.cells, 100);
  NEAR(c.t.road.length, 1000);
  assert_true(c.t.road.start == 0 && c.t.road.quality == 3);
  NEAR(c.t.time.end, 60);
  NEAR(c.t.output.snapshots.every, 5);
  assert_int_equal(c.t.initial.kind, TRAFFIC_RIEMANN);
  NEAR(load_of(&c.t.initial.left, 0)->density, .02);
  NEAR(load_of(&c.t.initial.left, 1)->marker, 22);
  NEAR(load_of(&c.t.initial.right, 1)->density, .04);
  NEAR(load_of(&c.t.initial.right, 0)->marker, 8);
  NEAR(c.t.initial.split, 500);
  assert_int_equal(c.t.left.only.kind, TRAFFIC_INFLOW);
  NEAR(load_of(&c.t.left.only.state, 0)->density, .02);
  assert_int_equal(c.t.right.only.kind, TRAFFIC_OPEN);
  NEAR(c.t.numerics.courant, .8);
  NEAR(c.t.numerics.vacuum, 1e-10);
  assert_case_warning(&c,
                      "read, but without effect here: flux_composition, ode_solver, ode_rtol, ode_atol, ghost_cells");
  assert_true(fabs(traffic_case_fact(&c, "linear_growth_rate") - .165231888) < 1e-9);
  traffic_case_free(&c);
}

static void nested_keys_and_no_road(void **state) {
  (void)state;
  traffic_case c;
  import(&c,
         "grid: {N: 200, xmin: -100.0, xmax: 900.0}\nsimulation: {t_final_sec: 180.0, output_dt_sec: 1.0}\n" STATES ENDS
         "mass_conservation_check: {frequency_steps: 10, output_file_pattern: 'mass_N{N}.csv'}\n");
  assert_case_right(&c);
  assert_int_equal(c.t.road.cells, 200);
  NEAR(c.t.road.start, -100);
  NEAR(c.t.road.length, 1000);
  NEAR(c.t.time.end, 180);
  assert_int_equal(c.t.road.quality, 1);
  assert_int_equal(c.t.output.ledger.every_steps, 10);
  assert_int_equal(c.common.formats.count, 1);
  assert_string_equal(((const char *const *)c.common.formats.item)[0], "csv");
  traffic_case_free(&c);
}

static void scenario_is_merged_over_base(void **state) {
  (void)state;
  traffic_case c;
  import(&c, GRID TIMES "pressure: {K_m_kmh: 5.0}\nrelaxation: {tau_c_sec: 1}\nVmax_kmh: {c: {1: 80}}\n" STATES ENDS);
  assert_case_right(&c);
  NEAR(class_of(&c, 0)->pressure, 5 / 3.6);
  NEAR(class_of(&c, 1)->pressure, 15 / 3.6);
  NEAR(class_of(&c, 1)->relaxation, 1);
  NEAR(free_of(class_of(&c, 1), "1"), 80 / 3.6);
  NEAR(free_of(class_of(&c, 1), "2"), 60 / 3.6);
  traffic_case_free(&c);
}

static void roads(void **state) {
  (void)state;
  traffic_case c;
  import(&c, "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road: {quality_type: uniform, quality_value: 2}\n" RING SINE);
  assert_case_right(&c);
  assert_int_equal(c.t.road.quality, 2);
  traffic_case_free(&c);
  import(&c, "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road: {quality_type: list, quality_values: [1, 1, 4, 9]}\n" RING SINE);
  assert_case_right(&c);
  for (int j = 0; j < 4; j++) assert_int_equal(traffic_category_at(&c.t, j), "1149"[j] - 48);
  traffic_case_free(&c);
  put(quality_path, "1\n1 # still good\n\n4\n9\n");
  import(&c,
         "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road: {quality_type: from_file, quality_file: quality.txt}\n" RING SINE);
  assert_case_right(&c);
  for (int j = 0; j < 4; j++) assert_int_equal(traffic_category_at(&c.t, j), "1149"[j] - 48);
  traffic_case_free(&c);
  import(&c, "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road_quality_definition: quality.txt\n" RING SINE);
  assert_case_right(&c);
  assert_int_equal(traffic_category_at(&c.t, 3), 9);
  traffic_case_free(&c);
  import(&c, "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road_quality: {type: uniform, R_uniform: 3}\n" RING SINE);
  assert_case_right(&c);
  assert_int_equal(c.t.road.quality, 3);
  traffic_case_free(&c);
}

static void initial_states(void **state) {
  (void)state;
  traffic_case c;
  import(&c, GRID TIMES RING "initial_conditions: {type: uniform, state: [0.05, 20, 0.02, 15]}\n");
  assert_case_right(&c);
  assert_int_equal(c.t.initial.kind, TRAFFIC_UNIFORM);
  NEAR(load_of(&c.t.initial.state, 1)->marker, 15);
  traffic_case_free(&c);
  import(&c, GRID TIMES RING
         "initial_conditions: {type: density_hump, background_state: [0.05, 20, 0.02, 15], center: 400, width: 50, "
         "rho_m_max: 0.1, rho_c_max: 0.03}\n");
  assert_case_right(&c);
  assert_int_equal(c.t.initial.kind, TRAFFIC_HUMP);
  NEAR(((const double *)c.t.initial.peak.item)[1], .03);
  NEAR(c.t.initial.centre, 400);
  NEAR(c.t.initial.width, 50);
  traffic_case_free(&c);
  import(&c, GRID TIMES RING "initial_conditions: {type: uniform_equilibrium, rho_m: 100.0, rho_c: 33.33, R_val: 2}\n");
  assert_case_right(&c);
  assert_int_equal(c.t.initial.kind, TRAFFIC_EQUILIBRIUM);
  NEAR(load_of(&c.t.initial.state, 0)->density, .1);
  NEAR(load_of(&c.t.initial.state, 1)->density, .03333);
  assert_int_equal(c.t.initial.quality, 2);
  traffic_case_free(&c);
  import(&c, GRID TIMES RING SINE "road: {quality_type: uniform, quality_value: 3}\n"); /* R_val is the road's own */
  assert_case_right(&c);
  assert_int_equal(c.t.initial.kind, TRAFFIC_WAVES);
  const traffic_wave *wave = c.t.initial.waves.item;
  assert_int_equal(wave->index, 0);
  NEAR(wave->amplitude, .005);
  assert_true(wave->number == 1 && wave->phase == 0 && isnan(load_of(&c.t.initial.background, 0)->marker));
  traffic_case_free(&c);
  import(&c, GRID TIMES RING SINE); /* category 1, but the equilibrium of category 3 */
  assert_case_right(&c);
  assert_true(fabs(load_of(&c.t.initial.background, 0)->marker - 10.6992944380) < 1e-10);
  assert_true(fabs(load_of(&c.t.initial.background, 1)->marker - 7.3266666667) < 1e-10);
  traffic_case_free(&c);
}

static void boundaries(void **state) {
  (void)state;
  traffic_case c;
  import(&c, GRID TIMES RING SINE);
  assert_case_right(&c);
  assert_true(c.t.left.only.kind == TRAFFIC_RING && c.t.right.only.kind == TRAFFIC_RING);
  traffic_case_free(&c);
  import(
      &c, GRID
      "t_final: 180\noutput_dt: 1\ninitial_conditions: {type: uniform_equilibrium, rho_m: 100, rho_c: 33.33, R_val: "
      "1}\n"
      "boundary_conditions:\n  left: {type: inflow, state: null}\n  right:\n    type: time_dependent\n    schedule:\n"
      "      - [0.0, 60.0, 'wall_capped_reflection']\n      - [60.0, 1.0e9, 'outflow', null]\n");
  assert_case_right(&c);
  assert_true(c.t.left.only.kind == TRAFFIC_INFLOW && c.t.left.only.state_form == 0);
  assert_int_equal(c.t.right.schedule.count, 2);
  const traffic_phase *phase = c.t.right.schedule.item;
  assert_true(phase[0].kind == TRAFFIC_WALL && phase[0].from == 0 && phase[1].kind == TRAFFIC_OPEN &&
              phase[1].from == 60);
  traffic_case_free(&c);
  import(&c, GRID TIMES STATES
         "boundary_conditions:\n  left: {type: wall}\n  right:\n    type: time_dependent\n    schedule:\n"
         "      - [0, 30, inflow, [0.01, 20, 0.01, 20]]\n      - [30, 60, wall]\n");
  assert_case_right(&c);
  phase = c.t.right.schedule.item;
  assert_true(c.t.left.only.kind == TRAFFIC_WALL && phase[0].kind == TRAFFIC_INFLOW);
  NEAR(load_of(&phase[0].state, 1)->density, .01);
  traffic_case_free(&c);
}

static void inflow_of_july_is_in_veh_per_km(void **state) {
  (void)state;
  traffic_case c;
  hd_text yaml;
  const char *text = GRID TIMES STATES
      "boundary_conditions:\n  left:\n    type: inflow\n    state: [15.0, 21.86, 5.0, 19.18]\n  right: {type: "
      "outflow}\n";
  import(&c, text);
  assert_case_hint(&c, 14, "20000 veh/km are above the jam density of 250 veh/km", "import.arz.inflow_units: veh_km");
  traffic_case_free(&c);
  import_with(&c, base, text, (arz_options){.inflow_units = ARZ_VEH_KM}, "", &yaml);
  assert_case_right(&c);
  NEAR(load_of(&c.t.left.only.state, 0)->density, .015);
  NEAR(load_of(&c.t.left.only.state, 0)->marker, 21.86);
  hd_text_free(&yaml);
  traffic_case_free(&c);
}

static void keys_that_the_predecessor_ignores(void **state) {
  (void)state;
  traffic_case c;
  hd_text yaml;
  const char *text = "numerical: {N: 50, cfl_number: 0.8}\nxmin: 0\nxmax: 500\n" TIMES STATES ENDS
                     "grid: {num_ghost_cells: 3}\n"
                     "inherits: some/where/base.yml\n"; /* the same name as the base that is given */
  import(&c, text);
  assert_case_right(&c);
  assert_int_equal(c.t.road.cells, 50);
  assert_case_warning(&c, "grid.num_ghost_cells");
  traffic_case_free(&c);
  import(&c,
         "N: 100\n"
         "numerical: {N: 50}\nxmin: 0\nxmax: 500\n" TIMES STATES ENDS);
  assert_case_error(&c, 2, "numerical.N is 50 here, but N is 100 in");
  traffic_case_free(&c);
  import(&c, GRID TIMES STATES ENDS "numerical: {cfl_number: 0.5}\n");
  assert_case_hint(&c, 14, "numerical.cfl_number is 0.5 here, but cfl_number is 0.8 in", "import.arz.ignore");
  traffic_case_free(&c);
  import(&c, GRID TIMES STATES ENDS "road: {quality_type: uniform, quality_value: 1}\nroad_quality_definition: 3\n");
  assert_case_error(&c, 15, "road_quality_definition is not the road that road describes in");
  traffic_case_free(&c);
  import(&c, GRID TIMES STATES ENDS
         "road: {quality_type: uniform, quality_value: 3}\nroad_quality_definition: 3\n"); /* they agree */
  assert_case_right(&c);
  traffic_case_free(&c);
  import(&c, GRID TIMES STATES ENDS "inherits: other.yml\n");
  assert_case_error(&c, 14, "inherits names other.yml, but import.arz.base is");
  traffic_case_free(&c);
  import_with(&c, base, GRID TIMES STATES ENDS "numerical: {cfl_number: 0.5}\nspatial: {N: 3}\n",
              (arz_options){.ignore = {(void *)(const char *[]){"numerical.cfl_number", "spatial"}, NULL, 2}}, "",
              &yaml);
  assert_case_right(&c);
  NEAR(c.t.numerics.courant, .8);
  hd_text_free(&yaml);
  traffic_case_free(&c);
}

static void the_base_can_be_inherited(void **state) {
  (void)state;
  traffic_case c;
  hd_text yaml;
  put(base_path, base);
  import_with(&c, NULL, GRID TIMES STATES ENDS "inherits: config/base.yml\n", (arz_options){0}, "", &yaml);
  assert_case_right(&c);
  NEAR(class_of(&c, 1)->pressure, 15 / 3.6);
  hd_text_free(&yaml);
  traffic_case_free(&c);
  import_with(&c, NULL, GRID TIMES STATES ENDS "inherits: none.yml\n", (arz_options){0}, "", &yaml);
  assert_case_hint(&c, 14, "none.yml is neither beside the scenario nor in the working folder", "import.arz.base");
  hd_text_free(&yaml);
  traffic_case_free(&c);
}

static void the_usual_base_is_taken_from_beside(void **state) {
  (void)state;
  traffic_case c;
  hd_text yaml;
  char usual[128];
  snprintf(usual, sizeof usual, "%s/config_base.yml", folder);
  put(usual, base);
  import_with(&c, NULL, GRID TIMES STATES ENDS, (arz_options){0}, "", &yaml);
  remove(usual);
  assert_case_right(&c);
  assert_case_warning(&c, "config_base.yml, as the predecessor takes it");
  NEAR(class_of(&c, 1)->pressure, 15 / 3.6);
  hd_text_free(&yaml);
  traffic_case_free(&c);
}

static void without_base_the_preset_stands_and_this_is_said(void **state) {
  (void)state;
  traffic_case c;
  hd_text yaml;
  import_with(&c, NULL,
              GRID TIMES RING "initial_conditions: {type: uniform_equilibrium, rho_m: 50, rho_c: 20, R_val: 1}\n",
              (arz_options){0}, "", &yaml);
  assert_case_right(&c);
  NEAR(class_of(&c, 0)->pressure, 220 / 3.6);
  assert_case_warning(&c, "without a base file these stay as in the preset: pressure.K_m_kmh");
  hd_text_free(&yaml);
  traffic_case_free(&c);
}

static void compat_ignores_and_refuses_as_the_predecessor_would(void **state) {
  (void)state;
  traffic_case c;
  import_compat(&c, GRID TIMES STATES ENDS
                "road_quality_definition: 3\nnumerical: {cfl_number: 0.5}\ninherits: other.yml\n"
                "grid: {num_ghost_cells: 2}\nroad_quality: {type: uniform, R_uniform: 5}\n");
  assert_case_right(&c);
  assert_int_equal(c.t.road.quality, 1); /* the run that was timed */
  assert_case_warning(&c, "road_quality_definition is ignored");
  assert_case_warning(&c, "road_quality is ignored");
  assert_case_warning(&c, "numerical.cfl_number is ignored");
  assert_case_warning(&c, "inherits is ignored");
  traffic_case_free(&c);
  import_compat(&c, "numerical: {N: 50}\nxmin: 0\nxmax: 500\n" TIMES STATES ENDS);
  assert_case_error(&c, 0, "the number of cells, grid.N or N, is missing");
  assert_case_warning(&c, "numerical.N is ignored");
  traffic_case_free(&c);
  static const struct {
    const char *text, *message;
    int line;
  } refused[] = {
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: outflow}\n  right: {type: wall}\n",
       "wall is not part of", 13},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: wall_capped_reflection}\n  right: {type: outflow}\n",
       "wall_capped_reflection is not part of", 12},
      {GRID TIMES STATES
       "boundary_conditions:\n  left: {type: outflow}\n  right: {type: time_dependent, schedule: [[0, 60, outflow]]}\n",
       "time_dependent is not part of", 13},
      {GRID TIMES STATES ENDS "spatial_scheme: weno5\n", "weno5 is not part of", 14},
      {GRID TIMES STATES ENDS "time_scheme: ssprk3\n", "ssprk3 is not part of", 14},
  };
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    import_compat(&c, refused[i].text);
    traffic_case_noted(&c, HD_NOTE_ERROR, refused[i].line, refused[i].message, "remove compat", __FILE__, (int)i);
    traffic_case_free(&c);
  }
}

static void wrong_files(void **state) {
  (void)state;
  static const struct {
    const char *text, *message, *hint;
    int line;
  } wrong[] = {
      {GRID TIMES STATES ENDS "spatial_scheme: weno5\n", "weno5 is not in this version", NULL, 14},
      {GRID TIMES STATES ENDS "time_scheme: 'ssprk3'\n", "ssprk3 is not in this version", NULL, 14},
      {GRID TIMES STATES ENDS "spatial_scheme: weno\n", "unknown spatial_scheme 'weno'", "known are first_order, weno5",
       14},
      {GRID TIMES STATES ENDS "spatial: {N: 200}\n", "unknown key 'spatial'", "import.arz.ignore", 14},
      {GRID TIMES STATES ENDS "numerical: {scheme: weno5}\n", "unknown key 'numerical.scheme'", NULL, 14},
      {GRID TIMES STATES ENDS "epsilonn: 1.0e-9\n", "unknown key 'epsilonn'", "did you mean 'epsilon'?", 14},
      {GRID TIMES STATES ENDS "pressure: 3\n", "pressure must be a map of keys", NULL, 14},
      {"N: 1e2.5\nxmin: 0\nxmax: 10\n" TIMES STATES ENDS, "'1e2.5' is not a number", NULL, 1},
      {"N: 10.5\nxmin: 0\nxmax: 10\n" TIMES STATES ENDS, "10.5 is not a whole number", NULL, 1},
      {"N: '10'\nxmin: 0\nxmax: 10\n" TIMES STATES ENDS, "'10' is not a number", NULL, 1},
      {"N: 10\nxmin: 10\nxmax: 10\n" TIMES STATES ENDS, "xmax 10 is not beyond xmin 10", NULL, 3},
      {GRID "output_dt: 5\n" STATES ENDS, "the end of the simulation, simulation.t_final_sec or t_final, is missing",
       NULL, 0},
      {GRID TIMES ENDS, "initial_conditions.type is missing", NULL, 0},
      {GRID TIMES ENDS "initial_conditions: {type: gaussian}\n", "unknown type 'gaussian' of initial_conditions",
       "known are uniform", 9},
      {GRID TIMES RING "initial_conditions: {type: uniform, state: [0.1, 3, 0.1]}\n",
       "a state is a list of four numbers", NULL, 9},
      {GRID TIMES RING "initial_conditions: {type: uniform, state: [0.1, 3, -0.1, 3]}\n",
       "a density of -0.1 is below 0", NULL, 9},
      {GRID TIMES RING "initial_conditions: {type: uniform, state: [0.2, 3, 0.1, 3]}\n",
       "300 veh/km are above the jam density of 250 veh/km", NULL, 9},
      {GRID TIMES RING
       "initial_conditions: {type: sine_wave_perturbation, background_state: {rho_m: 0.05, rho_c: 0.025}, "
       "perturbation: {amplitude: 0.005, wave_number: 1}}\n",
       "initial_conditions.R_val is missing", "R_val: 1", 9},
      {GRID TIMES RING
       "initial_conditions: {type: uniform_equilibrium, rho_m: 1, rho_c: 1, R_val: 1, U_L: [1, 1, 1, 1]}\n",
       "initial_conditions.U_L has no effect with type uniform_equilibrium", "remove it", 9},
      {GRID TIMES RING "initial_conditions: {type: uniform_equilibrium, rho_m: 180, rho_c: 80, R_val: 3}\n",
       "260 veh/km are above the jam density of 250 veh/km", "in veh/km", 9},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: inflow}\n", "boundary_conditions.right.type is missing",
       "outflow", 0},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: inflow}\n  right: {type: open}\n",
       "unknown type 'open' of a boundary", "known are", 13},
      {GRID TIMES STATES
       "boundary_conditions:\n  left: {type: inflow}\n  right: {type: outflow, state: [0, 0, 0, 0]}\n",
       "a state has no effect with type outflow", NULL, 13},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: outflow}\n  right: {type: time_dependent, schedule: "
                         "[[0, 20, wall], [30, 90, outflow]]}\n",
       "nothing holds from 20 s to 30 s", NULL, 13},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: outflow}\n  right: {type: time_dependent, schedule: "
                         "[[0, 20, wall], [20, 50, outflow]]}\n",
       "nothing holds from 50 s to 60 s", NULL, 13},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: outflow}\n  right: {type: time_dependent, schedule: "
                         "[[0, 20, wall], [10, 90, outflow]]}\n",
       "two entries hold from 10 s to 20 s", NULL, 13},
      {GRID TIMES STATES "boundary_conditions:\n  left: {type: outflow}\n  right: {type: time_dependent}\n",
       "time_dependent needs a schedule", NULL, 13},
      {GRID TIMES STATES ENDS "road: {quality_type: list, quality_values: [1, 2]}\n", "2 categories for 100 cells",
       NULL, 14},
      {GRID TIMES STATES ENDS "road: {quality_type: piecewise}\n", "unknown quality_type 'piecewise'",
       "uniform, list, from_file", 14},
      {GRID TIMES STATES ENDS "road: {quality_type: from_file, quality_file: none.txt}\n", "none.txt is neither beside",
       NULL, 14},
      {GRID TIMES STATES ENDS "road: {quality_value: 7}\n", "category 7 has no free speed for motorcycles", NULL, 0},
      {GRID TIMES STATES ENDS "cfl_number: 0\n", "a cfl_number of 0", "(0, 1]", 14},
      {"- a\n- b\n", "a file of the predecessor is a map of keys", NULL, 1},
      {GRID TIMES STATES ENDS "alpha: [1\n", "", NULL, 0},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    traffic_case c;
    import(&c, wrong[i].text);
    traffic_case_noted(&c, HD_NOTE_ERROR, wrong[i].line, wrong[i].message, wrong[i].hint, __FILE__, (int)i);
    traffic_case_free(&c);
  }
}

static void a_bad_quality_file_is_named_with_its_line(void **state) {
  (void)state;
  traffic_case c;
  put(quality_path, "1\n1\n1 2\n9\n");
  import(&c,
         "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road: {quality_type: from_file, quality_file: quality.txt}\n" RING SINE);
  assert_case_error(&c, 3, "'1 2' is not one whole number");
  const hd_note *note = hd_notes_get(c.notes, HD_NOTE_ERROR, 0);
  assert_non_null(strstr(note->place.source->name, "quality.txt"));
  traffic_case_free(&c);
  put(quality_path, "1\n1\n1\n9\n9\n");
  import(&c,
         "N: 4\nxmin: 0\nxmax: 40\n" TIMES "road: {quality_type: from_file, quality_file: quality.txt}\n" RING SINE);
  assert_case_error(&c, 6, "has more than 4 categories for 4 cells");
  traffic_case_free(&c);
}

static void errors_name_the_imported_file(void **state) {
  (void)state;
  traffic_case c;
  hd_text shown;
  import(&c, GRID TIMES STATES ENDS "spatial: {N: 200}\n");
  hd_text_init(&shown, c.ctx);
  hd_notes_print(&shown, c.notes, HD_NOTE_ERROR);
  assert_non_null(strstr(hd_text_of(&shown), "scenario.yml:14:1: error: unknown key 'spatial'"));
  assert_non_null(strstr(hd_text_of(&shown), "   14 | spatial: {N: 200}\n"));
  hd_text_free(&shown);
  traffic_case_free(&c);
}

static void sections(void **state) {
  (void)state;
  traffic_case c;
  hd_text yaml;
  const char *text =
      "smooth_test:\n  grid: {N: 100, xmin: 0.0, xmax: 1000.0}\n  simulation: {t_final_sec: 200.0, output_dt_sec: "
      "200.0}\n"
      "  initial_conditions:\n    type: sine_wave_perturbation\n    R_val: 1\n    background_state: {rho_m: 0.02, "
      "rho_c: 0.01}\n"
      "    perturbation: {amplitude: 0.005, wave_number: 2}\n  boundary_conditions: {left: {type: periodic}, right: "
      "{type: periodic}}\n"
      "shock_test: {}\n";
  import_with(&c, base, text, (arz_options){.section = "smooth_test"}, "", &yaml);
  assert_case_right(&c);
  NEAR(c.t.time.end, 200);
  assert_true(((const traffic_wave *)c.t.initial.waves.item)->number == 2);
  hd_text_free(&yaml);
  traffic_case_free(&c);
  import_with(&c, base, text, (arz_options){.section = "smooth"}, "", &yaml);
  assert_case_error(&c, 0, "has no section 'smooth'");
  hd_text_free(&yaml);
  traffic_case_free(&c);
  import(&c, text);
  assert_case_hint(&c, 1, "unknown key 'smooth_test'", "import.arz.section: smooth_test");
  traffic_case_free(&c);
}

/* Numbers by YAML 1.2: 1e9 and 010 are numbers in decimal, 0o10 and 0x10 are not. */
static void numbers_of_the_core_schema(void **state) {
  (void)state;
  traffic_case c;
  import(&c, "N: 010\nxmin: +0.\nxmax: 1e3\n" TIMES STATES ENDS);
  assert_case_right(&c);
  assert_int_equal(c.t.road.cells, 10);
  traffic_case_free(&c);
  import(&c, "N: 0x10\nxmin: .0\nxmax: 0o1750\n" TIMES STATES ENDS);
  assert_case_right(&c);
  assert_int_equal(c.t.road.cells, 16);
  NEAR(c.t.road.length, 1000);
  traffic_case_free(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(physics_grid_time_and_states),
      cmocka_unit_test(nested_keys_and_no_road),
      cmocka_unit_test(scenario_is_merged_over_base),
      cmocka_unit_test(roads),
      cmocka_unit_test(initial_states),
      cmocka_unit_test(boundaries),
      cmocka_unit_test(inflow_of_july_is_in_veh_per_km),
      cmocka_unit_test(keys_that_the_predecessor_ignores),
      cmocka_unit_test(the_base_can_be_inherited),
      cmocka_unit_test(the_usual_base_is_taken_from_beside),
      cmocka_unit_test(without_base_the_preset_stands_and_this_is_said),
      cmocka_unit_test(compat_ignores_and_refuses_as_the_predecessor_would),
      cmocka_unit_test(wrong_files),
      cmocka_unit_test(a_bad_quality_file_is_named_with_its_line),
      cmocka_unit_test(errors_name_the_imported_file),
      cmocka_unit_test(sections),
      cmocka_unit_test(numbers_of_the_core_schema),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
