/* A heddle scenario from the predecessor's merged files, group by group in the order of the table in README.md. */
#include "solvers/traffic/arz.h"

#include "base/number.h"
#include "heddle/math.h"
#include "io/params.h"

#include <string.h>

/* ---- words ----------------------------------------------------------------------------------------------------------- */

void arz_put_number(arz_writer *w, double value, const char *unit) {
  char text[HD_NUMBER_ROOM];
  hd_number_print(value, text);
  hd_print(w->out, unit ? "%s %s" : "%s", text, unit);
}

/* "key: VALUE unit" of a number that may be absent; false: it is. */
bool arz_put_key(arz_writer *w, const char *before, const char *path, const char *key, const char *unit) {
  double value;
  const hd_node *node = arz_find(&w->a, path);
  if (!node || !arz_number(&w->a, node, &value)) return false;
  hd_print(w->out, "%s%s: ", before, key);
  arz_put_number(w, value, unit);
  hd_print(w->out, "\n");
  return true;
}

/* The first of two places that is there; both with different numbers are a conflict. */
const hd_node *arz_either(arz_writer *w, const char *first, const char *second) {
  const hd_node *a = arz_find(&w->a, first), *b = arz_find(&w->a, second);
  double x, y;
  if (!a || !b) return a ? a : b;
  if (arz_number(&w->a, a, &x) && arz_number(&w->a, b, &y) && x != y) {
    if (w->a.compat) arz_warn(&w->a, b, NULL, "%s is ignored beside %s, as the predecessor does", second, first);
    else
      arz_wrong(&w->a, b, "remove one of them, or list it in import.arz.ignore",
                "%s is %s here, but %s is %s in %s, line %d", second, arz_text(b), first, arz_text(a),
                a->place.source ? a->place.source->name : "", a->place.line);
  }
  return a;
}

void arz_required(arz_writer *w, const hd_node *node, const char *what) {
  if (!node) arz_wrong(&w->a, w->a.root, NULL, "%s is missing", what);
}

/* What is missing. With a base file the predecessor needs it; without one the preset's value stays, and this is said. */
static void missing(arz_writer *w, const char *what, hd_text *list) {
  if (w->a.based) arz_wrong(&w->a, w->a.root, NULL, "%s is missing in both files", what);
  else hd_print(list, list->length ? ", %s" : "%s", what);
}

/* ---- classes --------------------------------------------------------------------------------------------------------- */

static const char categories[] = "123459"; /* of the presets */

static void free_speeds(arz_writer *w, const char *path, hd_text *list) {
  const hd_node *map = arz_find(&w->a, path);
  if (!map) {
    missing(w, path, list);
    return;
  }
  const char *between = "";
  hd_print(w->out, "    free_speed: {");
  for (const hd_node *child = map->child; child; child = child->next) {
    double value;
    if (!arz_number(&w->a, child, &value)) continue;
    hd_print(w->out, "%s%s: ", between, child->key);
    arz_put_number(w, value, "km/h");
    between = ", ";
  }
  for (const char *c = categories; *c; c++) /* a category that they do not have is unknown here too */
    if (!hd_node_get_n(map, c, 1)) {
      hd_print(w->out, "%s%c: null", between, *c);
      between = ", ";
    }
  hd_print(w->out, "}\n");
}

static void class_of(arz_writer *w, bool cars, hd_text *list) {
  hd_print(w->out, "  %s:\n", cars ? "cars" : "motorcycles");
  const struct {
    const char *path[2], *key, *unit;
  } keys[] = {{{"pressure.K_m_kmh", "pressure.K_c_kmh"}, "pressure", "km/h"},
              {{"pressure.gamma_m", "pressure.gamma_c"}, "exponent", NULL},
              {{"relaxation.tau_m_sec", "relaxation.tau_c_sec"}, "relaxation", "s"}};
  size_t before = w->out->length;
  for (int i = 0; i < 3; i++)
    if (!arz_put_key(w, "    ", keys[i].path[cars], keys[i].key, keys[i].unit)) missing(w, keys[i].path[cars], list);
  if (cars) hd_print(w->out, "    creeping: 0 km/h\n");
  else if (!arz_put_key(w, "    ", "V_creeping_kmh", "creeping", "km/h")) missing(w, "V_creeping_kmh", list);
  free_speeds(w, cars ? "Vmax_kmh.c" : "Vmax_kmh.m", list);
  if (cars) hd_print(w->out, "    sees: {motorcycles: 1}\n");
  else if (!arz_put_key(w, "    sees:\n      ", "alpha", "cars", NULL)) missing(w, "alpha", list);
  if (w->out->length == before) hd_print(w->out, "    {}\n");
}

static void classes(arz_writer *w) {
  hd_text list;
  hd_text_init(&list, w->a.ctx);
  hd_print(w->out, "classes:\n");
  class_of(w, false, &list);
  class_of(w, true, &list);
  if (!arz_put_key(w, "", "rho_jam_veh_km", "jam_density", "veh/km")) missing(w, "rho_jam_veh_km", &list);
  const hd_node *jam = arz_find(&w->a, "rho_jam_veh_km");
  if (!jam || !arz_number(&w->a, jam, &w->jam)) w->jam = HD_NAN;
  w->jam *= 1e-3;
  if (list.length)
    arz_warn(&w->a, w->a.root, "give the predecessor's base file as import.arz.base",
             "without a base file these stay as in the preset: %s", hd_text_of(&list));
  hd_text_free(&list);
}

/* ---- numerics, time, output ------------------------------------------------------------------------------------------ */

/* A scheme by its name; one that this version or compat does not have is told where it stands. */
static void scheme(arz_writer *w, const char *theirs, const char *path, const char *plain, const char *better) {
  const hd_node *node = arz_find(&w->a, theirs);
  hd_table table = {traffic_params, NULL};
  hd_found found;
  hd_choice choice;
  const char *said = arz_text(node);
  if (!node) return;
  if (!hd_params_find(&table, 1, path, &found) || (!arz_is(said, plain) && !arz_is(said, better)) ||
      hd_choice_find(found.param->of, said, &choice) < 0) {
    hd_text hint;
    hd_text_init(&hint, w->a.ctx);
    hd_print(&hint, "known are %s, %s", plain, better);
    arz_wrong(&w->a, node, hd_text_of(&hint), "unknown %s '%s'", theirs, said);
    hd_text_free(&hint);
  } else if (w->a.compat && !arz_is(said, plain)) {
    arz_wrong(&w->a, node, "remove compat", "%s is not part of what compat: arz2025 reproduces", said);
  } else if (choice.later) {
    arz_wrong(&w->a, node, NULL, "%s is not in this version", said);
  } else {
    hd_print(w->out, "  %s: %s\n", path + strlen("numerics."), said);
  }
}

static void courant(arz_writer *w) {
  const hd_node *node = arz_find(&w->a, "cfl_number"), *old = arz_find(&w->a, "numerical.cfl_number");
  double value;
  if (old && w->a.compat) arz_warn(&w->a, old, NULL, "numerical.cfl_number is ignored, as the predecessor does");
  else if (old) node = arz_either(w, "cfl_number", "numerical.cfl_number");
  if (!node || !arz_number(&w->a, node, &value)) return;
  if (!(value > 0)) {
    arz_wrong(&w->a, node, "it is a number in (0, 1]", "a cfl_number of %g", value);
    return;
  }
  if (value > 1) {
    arz_warn(&w->a, node, NULL, "a cfl_number of %g is limited to 1", value);
    value = 1;
  }
  hd_print(w->out, "  courant: ");
  arz_put_number(w, value, NULL);
  hd_print(w->out, "\n");
}

static void without_effect(arz_writer *w) {
  static const char *const keys[] = {"flux_composition", "ode_solver",  "ode_rtol",
                                     "ode_atol",         "ghost_cells", "grid.num_ghost_cells"};
  const hd_node *first = NULL;
  hd_text list;
  hd_text_init(&list, w->a.ctx);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const hd_node *node = arz_find(&w->a, keys[i]);
    if (!node) continue;
    hd_print(&list, first ? ", %s" : "%s", keys[i]);
    if (!first) first = node;
  }
  if (first)
    hd_note_at(w->a.notes, HD_NOTE_WARNING, first->key_place, "import.arz", NULL, "read, but without effect here: %s",
               hd_text_of(&list));
  hd_text_free(&list);
}

static void numerics(arz_writer *w) {
  hd_print(w->out, "numerics:\n");
  size_t before = w->out->length;
  courant(w);
  arz_put_key(w, "  ", "epsilon", "vacuum", "veh/m");
  scheme(w, "spatial_scheme", "numerics.scheme", "first_order", "weno5");
  scheme(w, "time_scheme", "numerics.integrator", "euler", "ssprk3");
  if (w->out->length == before) hd_print(w->out, "  {}\n");
  without_effect(w);
}

static void time_and_output(arz_writer *w) {
  const hd_node *end = arz_either(w, "simulation.t_final_sec", "t_final");
  const hd_node *every = arz_either(w, "simulation.output_dt_sec", "output_dt"), *steps;
  int64_t frequency;
  double value;
  arz_required(w, end, "the end of the simulation, simulation.t_final_sec or t_final,");
  arz_required(w, every, "the time between outputs, simulation.output_dt_sec or output_dt,");
  if (end && arz_number(&w->a, end, &value)) {
    hd_print(w->out, "time: {end: ");
    arz_put_number(w, value, "s");
    hd_print(w->out, "}\n");
  }
  hd_print(w->out, "output:\n");
  if (every && arz_number(&w->a, every, &value)) {
    hd_print(w->out, "  snapshots: {every: ");
    arz_put_number(w, value, "s");
    hd_print(w->out, "}\n");
  }
  steps = arz_find(&w->a, "mass_conservation_check.frequency_steps");
  if (steps && arz_whole(&w->a, steps, &frequency))
    hd_print(w->out, "  ledger: {every_steps: %lld}\n  formats: [csv]\n", (long long)frequency);
}

static void title(arz_writer *w) {
  const hd_node *name = arz_find(&w->a, "scenario_name");
  if (!name) return;
  hd_print(w->out, "title: ");
  hd_node_print_scalar(w->out, arz_text(name), true);
  hd_print(w->out, "\n");
}

/* ---- the format ------------------------------------------------------------------------------------------------------ */

static const hd_param one_key[] = {{.kind = HD_TEXT, .doc = "dotted path of a key to pass over"}, {0}};
const hd_param arz_params[] = {
    {"scenario", HD_PATH, .at = offsetof(arz_options, scenario), .flags = HD_BARE,
     .doc = "the predecessor's scenario file"},
    {"base", HD_PATH, .at = offsetof(arz_options, base), .flags = HD_OPTIONAL,
     .doc = "its base file (config_base.yml)"},
    {"section", HD_TEXT, .at = offsetof(arz_options, section), .flags = HD_OPTIONAL,
     .doc = "the part of the scenario file to read, where it holds several"},
    {"inflow_units", HD_CHOICE, .of = "si|veh_km", .value = "si", .at = offsetof(arz_options, inflow_units),
     .doc = "densities of inflow states: veh/m, or veh/km (files of July 2025)"},
    {"ignore", HD_LIST, .sub = one_key, .at = offsetof(arz_options, ignore), .size = sizeof(const char *),
     .flags = HD_OPTIONAL, .doc = "keys to pass over although the predecessor does not know them"},
    {"compat", HD_CHOICE, .of = "none|arz2025", .value = "none", .at = offsetof(arz_options, compat), .flags = HD_OUTER,
     .doc = "that of the scenario: under arz2025 keys that the predecessor ignores are ignored"},
    {0}};

hd_status arz_import(const void *options, hd_text *yaml, hd_notes *notes) {
  const arz_options *given = options;
  hd_status status = HD_OK;
  arz_writer w = {.a = {.ctx = yaml->ctx, .notes = notes, .options = given, .status = &status}, .out = yaml};
  w.a.arena = hd_notes_arena(notes);
  w.a.compat = given->compat == TRAFFIC_COMPAT_ARZ2025;
  HD_TRY(arz_read(&w.a));
  if (!w.a.root) return HD_OK;
  title(&w);
  classes(&w);
  arz_road(&w);
  arz_initial(&w);
  arz_boundary(&w);
  numerics(&w);
  time_and_output(&w);
  return status == HD_OK ? hd_text_status(yaml) : status;
}
