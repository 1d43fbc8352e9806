/* Initial states and boundaries of the predecessor's files. */
#include "solvers/traffic/arz.h"

#include "heddle/math.h"
#include "solvers/traffic/traffic_physics.h"

#include <string.h>

/* ---- states ---------------------------------------------------------------------------------------------------------- */

typedef struct load {
  double rho[2], w[2]; /* SI */
} load;

/* [rho_m, w_m, rho_c, w_c]; densities in veh/m, or in veh/km with `per_km`. */
static bool read_state(arz_writer *w, const hd_node *node, bool per_km, const char *hint, load *s) {
  double v[4], unit = per_km ? 1e-3 : 1;
  if (!node || node->kind != HD_NODE_LIST || node->count != 4) {
    arz_wrong(&w->a, node ? node : w->a.root, NULL, "a state is a list of four numbers: rho_m, w_m, rho_c, w_c");
    return false;
  }
  for (int i = 0; i < 4; i++)
    if (!arz_number(&w->a, hd_node_at(node, i), &v[i])) return false;
  *s = (load){{v[0], v[2]}, {v[1], v[3]}};
  for (int i = 0; i < 2; i++)
    if (!(s->rho[i] >= 0)) {
      arz_wrong(&w->a, hd_node_at(node, 2 * i), NULL, "a density of %g is below 0", s->rho[i]);
      return false;
    }
  double all = (s->rho[0] + s->rho[1]) * unit;
  if (all <= w->jam || hd_is_nan(w->jam)) return true;
  arz_wrong(&w->a, node, hint, "%g veh/km are above the jam density of %g veh/km", all * 1e3, w->jam * 1e3);
  return false;
}

/* {motorcycles: {density: .., marker: ..}, cars: ..}; markers that are not-a-number are left out. */
static void put_state(arz_writer *w, load s, const char *unit) {
  for (int i = 0; i < 2; i++) {
    hd_print(w->out, i ? ", cars: {density: " : "{motorcycles: {density: ");
    arz_put_number(w, s.rho[i], unit);
    if (!hd_is_nan(s.w[i])) {
      hd_print(w->out, ", marker: ");
      arz_put_number(w, s.w[i], "m/s");
    }
    hd_print(w->out, "}");
  }
  hd_print(w->out, "}");
}

/* ---- initial --------------------------------------------------------------------------------------------------------- */

#define INITIAL "initial_conditions"

static const hd_node *initial_key(arz_writer *w, const char *path, const char *hint) {
  const hd_node *node = arz_find(&w->a, path);
  if (!node) arz_wrong(&w->a, arz_find(&w->a, INITIAL), hint, "%s is missing", path);
  return node;
}

static bool initial_number(arz_writer *w, const char *path, double *value) {
  const hd_node *node = initial_key(w, path, NULL);
  return node && arz_number(&w->a, node, value);
}

static void initial_state(arz_writer *w, const char *path, const char *key) {
  load s;
  const hd_node *node = initial_key(w, path, NULL);
  if (!node || !read_state(w, node, false, "densities here are in veh/m", &s)) return;
  hd_print(w->out, "  %s: ", key);
  put_state(w, s, "veh/m");
  hd_print(w->out, "\n");
}

static void initial_quantity(arz_writer *w, const char *path, const char *key, const char *unit) {
  double value;
  if (!initial_number(w, path, &value)) return;
  hd_print(w->out, "  %s: ", key);
  arz_put_number(w, value, unit);
  hd_print(w->out, "\n");
}

static void initial_riemann(arz_writer *w) {
  hd_print(w->out, "  kind: riemann\n");
  initial_state(w, INITIAL ".U_L", "left");
  initial_state(w, INITIAL ".U_R", "right");
  initial_quantity(w, INITIAL ".split_pos", "split", "m");
}

static void initial_hump(arz_writer *w) {
  double m, c;
  hd_print(w->out, "  kind: hump\n");
  initial_state(w, INITIAL ".background_state", "background");
  if (initial_number(w, INITIAL ".rho_m_max", &m) && initial_number(w, INITIAL ".rho_c_max", &c)) {
    hd_print(w->out, "  peak: {motorcycles: ");
    arz_put_number(w, m, "veh/m");
    hd_print(w->out, ", cars: ");
    arz_put_number(w, c, "veh/m");
    hd_print(w->out, "}\n");
  }
  initial_quantity(w, INITIAL ".center", "centre", "m");
  initial_quantity(w, INITIAL ".width", "width", "m");
}

static const hd_node *category_of_state(arz_writer *w, int64_t *category) {
  const hd_node *node = initial_key(w, INITIAL ".R_val", "give the road category whose equilibrium is meant: R_val: 1");
  return node && arz_whole(&w->a, node, category) ? node : NULL;
}

/* Densities in veh/km. */
static void initial_equilibrium(arz_writer *w) {
  load s = {.w = {HD_NAN, HD_NAN}};
  int64_t category;
  hd_print(w->out, "  kind: equilibrium\n");
  if (!initial_number(w, INITIAL ".rho_m", &s.rho[0]) || !initial_number(w, INITIAL ".rho_c", &s.rho[1])) return;
  if ((s.rho[0] + s.rho[1]) * 1e-3 > w->jam)
    arz_wrong(&w->a, arz_find(&w->a, INITIAL ".rho_m"), "densities of uniform_equilibrium are in veh/km",
              "%g veh/km are above the jam density of %g veh/km", s.rho[0] + s.rho[1], w->jam * 1e3);
  hd_print(w->out, "  state: ");
  put_state(w, s, "veh/km");
  hd_print(w->out, "\n");
  if (category_of_state(w, &category)) hd_print(w->out, "  quality: %lld\n", (long long)category);
}

static double base_number(arz_writer *w, const char *path) {
  double value = HD_NAN;
  const hd_node *node = arz_find(&w->a, path);
  return node && arz_number(&w->a, node, &value) ? value : HD_NAN;
}

/* The equilibrium marker Ve + P at a category that is not the road's own. */
static void equilibrium_markers(arz_writer *w, int64_t category, load *s) {
  double alpha = base_number(w, "alpha"), creeping = base_number(w, "V_creeping_kmh") / 3.6;
  double gap = hd_larger(0, 1 - (s->rho[0] + s->rho[1]) / w->jam);
  for (int i = 0; i < 2; i++) {
    const hd_node *speeds = arz_find(&w->a, i ? "Vmax_kmh.c" : "Vmax_kmh.m");
    double free = HD_NAN, gamma = base_number(w, i ? "pressure.gamma_c" : "pressure.gamma_m"), less;
    for (const hd_node *child = speeds ? speeds->child : NULL; child; child = child->next) {
      int64_t key;
      if (arz_whole_text(child->key, child->key + strlen(child->key), &key) && key == category)
        arz_number(&w->a, child, &free);
    }
    double x = (i ? s->rho[0] + s->rho[1] : s->rho[0] + alpha * s->rho[1]) / w->jam, creep = i ? 0 : creeping;
    double pressure = base_number(w, i ? "pressure.K_c_kmh" : "pressure.K_m_kmh") / 3.6 *
                      traffic_to_the(x, traffic_power_of(gamma), gamma, &less);
    s->w[i] = creep + (free / 3.6 - creep) * gap + pressure;
    if (hd_is_nan(s->w[i]))
      arz_wrong(&w->a, arz_find(&w->a, INITIAL ".R_val"), "give import.arz.base, with a Vmax of this category",
                "the equilibrium of category %lld, which is not the road's, cannot be computed", (long long)category);
  }
}

static void initial_waves(arz_writer *w) {
  load s = {.w = {HD_NAN, HD_NAN}};
  double amplitude, number;
  int64_t category;
  hd_print(w->out, "  kind: waves\n");
  bool all = initial_number(w, INITIAL ".background_state.rho_m", &s.rho[0]);
  all = initial_number(w, INITIAL ".background_state.rho_c", &s.rho[1]) && all;
  all = initial_number(w, INITIAL ".perturbation.amplitude", &amplitude) && all;
  all = initial_number(w, INITIAL ".perturbation.wave_number", &number) && all;
  if (!category_of_state(w, &category) || !all) return;
  if (category != w->category) equilibrium_markers(w, category, &s);
  hd_print(w->out, "  background: ");
  put_state(w, s, "veh/m");
  hd_print(w->out, "\n");
  hd_print(w->out, "  waves:\n    - {class: motorcycles, amplitude: ");
  arz_put_number(w, amplitude, "veh/m");
  hd_print(w->out, ", number: ");
  arz_put_number(w, number, NULL);
  hd_print(w->out, "}\n");
}

static void initial_uniform(arz_writer *w) {
  hd_print(w->out, "  kind: uniform\n");
  initial_state(w, INITIAL ".state", "state");
}

void arz_initial(arz_writer *w) {
  static const struct {
    const char *type;
    void (*write)(arz_writer *);
  } types[] = {{"uniform", initial_uniform},
               {"riemann", initial_riemann},
               {"density_hump", initial_hump},
               {"sine_wave_perturbation", initial_waves},
               {"uniform_equilibrium", initial_equilibrium}};
  const hd_node *type = arz_find(&w->a, INITIAL ".type");
  hd_print(w->out, "initial:\n");
  for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
    if (arz_is(arz_text(type), types[i].type)) {
      types[i].write(w);
      return;
    }
  if (!type) arz_required(w, NULL, INITIAL ".type");
  else
    arz_wrong(&w->a, type, "known are uniform, riemann, density_hump, sine_wave_perturbation, uniform_equilibrium",
              "unknown type '%s' of initial_conditions", arz_text(type));
}

/* ---- boundary -------------------------------------------------------------------------------------------------------- */

static const char *const inflow_hint =
    "if densities of inflow are in veh/km (files of July 2025), say import.arz.inflow_units: veh_km";

/* Their type as ours; NULL after an error. */
static const char *border_kind(arz_writer *w, const hd_node *type, bool in_schedule) {
  static const struct {
    const char *theirs, *ours;
    bool later; /* than what compat reproduces */
  } kinds[] = {{"periodic", "ring", false},
               {"inflow", "inflow", false},
               {"outflow", "open", false},
               {"wall", "wall", true},
               {"wall_capped_reflection", "wall", true}};
  const char *text = arz_text(type);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (!arz_is(text, kinds[i].theirs)) continue;
    if (!kinds[i].later || !w->a.compat) return kinds[i].ours;
    arz_wrong(&w->a, type, "remove compat", "%s is not part of what compat: arz2025 reproduces", text);
    return NULL;
  }
  arz_wrong(&w->a, type,
            in_schedule ? "known are inflow, outflow, wall, wall_capped_reflection"
                        : "known are periodic, inflow, outflow, wall, wall_capped_reflection, time_dependent",
            "unknown type '%s' of a boundary", text);
  return NULL;
}

static void border_state(arz_writer *w, const hd_node *state) {
  bool per_km = w->a.options->inflow_units == ARZ_VEH_KM;
  load s;
  hd_print(w->out, ", state: ");
  if (!state || state->kind == HD_NODE_NULL) hd_print(w->out, "initial");
  else if (read_state(w, state, per_km, per_km ? NULL : inflow_hint, &s)) put_state(w, s, per_km ? "veh/km" : "veh/m");
}

static bool is_null(const hd_node *node) { return !node || node->kind == HD_NODE_NULL; }

/* Kind, and state where it has one. `type` and `state` are the predecessor's. */
static void border(arz_writer *w, const hd_node *type, const hd_node *state, bool in_schedule) {
  const char *kind = border_kind(w, type, in_schedule);
  if (!kind) return;
  hd_print(w->out, "kind: %s", kind);
  if (!strcmp(kind, "inflow")) border_state(w, state);
  else if (!is_null(state))
    arz_wrong(&w->a, state, "write null, or remove it", "a state has no effect with type %s", arz_text(type));
}

/* One entry [t0, t1, type, state]; it must begin where the one before it ends (*end; NaN: the first). */
static void phase(arz_writer *w, const hd_node *entry, double *end) {
  double from, to;
  if (entry->kind != HD_NODE_LIST || entry->count < 3 || entry->count > 4) {
    arz_wrong(&w->a, entry, NULL, "an entry of a schedule is [t0, t1, type, state]");
    return;
  }
  const hd_node *begins = hd_node_at(entry, 0), *ends = hd_node_at(entry, 1);
  if (!arz_number(&w->a, begins, &from) || !arz_number(&w->a, ends, &to)) return;
  if (hd_is_nan(*end) ? from > 0 : from > *end)
    arz_wrong(&w->a, begins, "each entry begins where the one before it ends", "nothing holds from %g s to %g s",
              hd_is_nan(*end) ? 0 : *end, from);
  else if (from < *end)
    arz_wrong(&w->a, begins, "each entry begins where the one before it ends", "two entries hold from %g s to %g s",
              from, *end);
  if (!(to > from)) arz_wrong(&w->a, ends, NULL, "the entry ends at %g s, not after %g s", to, from);
  *end = to;
  hd_print(w->out, "      - {from: ");
  arz_put_number(w, from, "s");
  hd_print(w->out, ", ");
  border(w, hd_node_at(entry, 2), hd_node_at(entry, 3), true);
  hd_print(w->out, "}\n");
}

static void schedule(arz_writer *w, const hd_node *type, const hd_node *list) {
  double end = HD_NAN, until;
  const hd_node *last = arz_find(&w->a, "simulation.t_final_sec");
  if (!last) last = arz_find(&w->a, "t_final");
  if (w->a.compat)
    arz_wrong(&w->a, type, "remove compat", "time_dependent is not part of what compat: arz2025 reproduces");
  if (!list || list->kind != HD_NODE_LIST || !list->count) {
    arz_wrong(&w->a, list ? list : type, NULL, "time_dependent needs a schedule: a list of [t0, t1, type, state]");
    return;
  }
  hd_print(w->out, "    schedule:\n");
  for (const hd_node *entry = list->child; entry; entry = entry->next) phase(w, entry, &end);
  if (last && arz_number(&w->a, last, &until) && end < until)
    arz_wrong(&w->a, hd_node_at(hd_node_at(list, list->count - 1), 1), "let the last entry hold until the end",
              "nothing holds from %g s to %g s", end, until);
}

void arz_boundary(arz_writer *w) {
  static const char *const sides[] = {"left", "right"};
  const hd_node *all = arz_find(&w->a, "boundary_conditions");
  if (!all) {
    arz_required(w, all, "boundary_conditions");
    return;
  }
  hd_print(w->out, "boundary:\n");
  for (int i = 0; i < 2; i++) {
    const hd_node *side = hd_node_get(all, sides[i]), *type = hd_node_get(side, "type"),
                  *list = hd_node_get(side, "schedule");
    if (is_null(type)) {
      arz_wrong(&w->a, side ? side : all, "the predecessor takes outflow: write it",
                "boundary_conditions.%s.type is missing", sides[i]);
      continue;
    }
    hd_print(w->out, "  %s:\n", sides[i]);
    if (arz_is(arz_text(type), "time_dependent")) {
      schedule(w, type, list);
      continue;
    }
    if (!is_null(list)) arz_wrong(&w->a, list, "remove it", "a schedule has no effect with type %s", arz_text(type));
    hd_print(w->out, "    {");
    border(w, type, hd_node_get(side, "state"), false);
    hd_print(w->out, "}\n");
  }
}
