/* The predecessor's files into one tree: base below scenario, `inherits`, and the keys that are known. */
#include "solvers/traffic/arz.h"

#include "base/file.h"
#include "base/nearest.h"
#include "base/number.h"
#include "heddle/math.h"
#include "io/yaml.h"

#include <string.h>
#include <strings.h>

void arz_wrong(const arz *a, const hd_node *at, const char *hint, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(a->notes, HD_NOTE_ERROR, at ? at->place : (hd_place){0}, "import.arz", hint, fmt, args);
  va_end(args);
}

void arz_warn(const arz *a, const hd_node *at, const char *hint, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(a->notes, HD_NOTE_WARNING, at ? at->place : (hd_place){0}, "import.arz", hint, fmt, args);
  va_end(args);
}

bool arz_right(const arz *a, hd_status status) {
  if (*a->status == HD_OK) *a->status = status;
  return status == HD_OK;
}

const char *arz_text(const hd_node *node) { return node && node->kind == HD_NODE_SCALAR ? node->text : ""; }
bool arz_is(const char *text, const char *name) { return !strcasecmp(text, name); }

/* ---- numbers --------------------------------------------------------------------------------------------------------- */

/* 0o17 and 0xff of the core schema; false: not of that form. */
static bool read_based(const char *text, double *value) {
  int base = !strncmp(text, "0o", 2) ? 8 : !strncmp(text, "0x", 2) ? 16 : 0;
  if (!base || !text[2]) return false;
  *value = 0;
  for (const char *c = text + 2; *c; c++) {
    int digit = *c >= '0' && *c <= '9'   ? *c - '0'
                : *c >= 'a' && *c <= 'f' ? *c - 'a' + 10
                : *c >= 'A' && *c <= 'F' ? *c - 'A' + 10
                                         : 99;
    if (digit >= base) return false;
    *value = *value * base + digit;
  }
  return true;
}

bool arz_number(const arz *a, const hd_node *node, double *value) {
  const char *text = arz_text(node), *digits = text + (text[0] == '+');
  if (node && node->kind == HD_NODE_SCALAR && !node->quoted) {
    size_t used = hd_number_read(digits, 0, value);
    if (used && !digits[used] && hd_is_finite(*value)) return true;
    if (read_based(text, value)) return true;
  }
  arz_wrong(a, node, NULL, "'%s' is not a number", text);
  return false;
}

bool arz_whole(const arz *a, const hd_node *node, int64_t *value) {
  double number = HD_NAN;
  if (!arz_number(a, node, &number)) return false;
  *value = hd_abs(number) < 0x1p53 ? (int64_t)number : 0;
  if ((double)*value == number) return true;
  arz_wrong(a, node, NULL, "%s is not a whole number", arz_text(node));
  return false;
}

/* ---- keys ------------------------------------------------------------------------------------------------------------ */

/* What the predecessor reads. A path that ends in .* : whatever is below. `type`: used by this kind of initial state only. */
static const struct {
  const char *path, *type;
} known[] = {
    {"alpha", 0},
    {"V_creeping_kmh", 0},
    {"rho_jam_veh_km", 0},
    {"pressure.gamma_m", 0},
    {"pressure.gamma_c", 0},
    {"pressure.K_m_kmh", 0},
    {"pressure.K_c_kmh", 0},
    {"relaxation.tau_m_sec", 0},
    {"relaxation.tau_c_sec", 0},
    {"Vmax_kmh.m.*", 0},
    {"Vmax_kmh.c.*", 0},
    {"grid.N", 0},
    {"grid.xmin", 0},
    {"grid.xmax", 0},
    {"grid.num_ghost_cells", 0},
    {"N", 0},
    {"xmin", 0},
    {"xmax", 0},
    {"simulation.t_final_sec", 0},
    {"simulation.output_dt_sec", 0},
    {"t_final", 0},
    {"output_dt", 0},
    {"road.quality_type", 0},
    {"road.quality_value", 0},
    {"road.quality_values", 0},
    {"road.quality_file", 0},
    {"road_quality_definition", 0},
    {"road_quality.type", 0},
    {"road_quality.R_uniform", 0},
    {"inherits", 0},
    {"initial_conditions.type", 0},
    {"initial_conditions.state", "uniform"},
    {"initial_conditions.U_L", "riemann"},
    {"initial_conditions.U_R", "riemann"},
    {"initial_conditions.split_pos", "riemann"},
    {"initial_conditions.background_state", "density_hump"},
    {"initial_conditions.center", "density_hump"},
    {"initial_conditions.width", "density_hump"},
    {"initial_conditions.rho_m_max", "density_hump"},
    {"initial_conditions.rho_c_max", "density_hump"},
    {"initial_conditions.background_state.rho_m", "sine_wave_perturbation"},
    {"initial_conditions.background_state.rho_c", "sine_wave_perturbation"},
    {"initial_conditions.perturbation.amplitude", "sine_wave_perturbation"},
    {"initial_conditions.perturbation.wave_number", "sine_wave_perturbation"},
    {"initial_conditions.R_val", "sine_wave_perturbation uniform_equilibrium"},
    {"initial_conditions.rho_m", "uniform_equilibrium"},
    {"initial_conditions.rho_c", "uniform_equilibrium"},
    {"boundary_conditions.left.type", 0},
    {"boundary_conditions.left.state", 0},
    {"boundary_conditions.left.schedule", 0},
    {"boundary_conditions.right.type", 0},
    {"boundary_conditions.right.state", 0},
    {"boundary_conditions.right.schedule", 0},
    {"cfl_number", 0},
    {"epsilon", 0},
    {"spatial_scheme", 0},
    {"time_scheme", 0},
    {"mass_conservation_check.frequency_steps", 0},
    {"mass_conservation_check.output_file_pattern", 0},
    {"scenario_name", 0},
    {"flux_composition.*", 0},
    {"ode_solver", 0},
    {"ode_rtol", 0},
    {"ode_atol", 0},
    {"ghost_cells", 0},
    {"numerical.cfl_number", 0},
    {"numerical.N", 0},
};
enum { KNOWN = sizeof known / sizeof known[0] };

/* Does `path` stand in the list, or (*above) lead to something that does? */
static bool is_known(const char *path, const char *type, bool *above, const char **wrong_type) {
  size_t length = strlen(path);
  *above = false;
  *wrong_type = NULL;
  for (int i = 0; i < KNOWN; i++) {
    const char *k = known[i].path, *star = strstr(k, ".*");
    bool fits =
        star ? !strncmp(path, k, (size_t)(star - k)) && (path[star - k] == '.' || !path[star - k]) : !strcmp(path, k);
    if (fits && known[i].type && !strstr(known[i].type, type)) *wrong_type = known[i].type;
    else if (fits) return true;
    else if (!strncmp(path, k, length) && k[length] == '.') *above = true;
  }
  return false;
}

static bool ignored(const arz *a, const char *path) {
  const char *const *list = a->options->ignore.item;
  for (int64_t i = 0; i < a->options->ignore.count; i++) {
    size_t length = strlen(list[i]);
    if (length && !strncmp(path, list[i], length) && (!path[length] || path[length] == '.')) return true;
  }
  return false;
}

static void unknown(const arz *a, const hd_node *node, const char *path) {
  hd_nearest nearest;
  hd_text hint;
  hd_nearest_begin(&nearest, path, strlen(path));
  for (int i = 0; i < KNOWN; i++)
    if (!strstr(known[i].path, ".*")) hd_nearest_try(&nearest, known[i].path, strlen(known[i].path));
  hd_text_init(&hint, a->ctx);
  if (nearest.best) hd_print(&hint, "did you mean '%.*s'? Otherwise ", (int)nearest.best_length, nearest.best);
  if (node->kind == HD_NODE_MAP && hd_node_get(node, "initial_conditions"))
    hd_print(&hint, "read it as import.arz.section: %s, or ", path); /* a file of several scenarios */
  hd_print(&hint, "list it in import.arz.ignore");
  hd_note_at(a->notes, HD_NOTE_ERROR, node->key_place, "import.arz", hd_text_of(&hint),
             "unknown key '%s': the predecessor does not read it", path);
  hd_text_free(&hint);
}

static void check_keys(const arz *a, const hd_node *node, const char *prefix, const char *type);

static void check_key(const arz *a, const hd_node *child, hd_text *path, const char *type) {
  const char *text = hd_text_of(path), *other;
  bool map = child->kind == HD_NODE_MAP, above, known_here = is_known(text, type, &above, &other);
  if (ignored(a, text) || (known_here && !map)) return;
  if (map && (above || known_here)) {
    hd_print(path, ".");
    if (arz_right(a, hd_text_status(path))) check_keys(a, child, hd_text_of(path), type);
  } else if (other) {
    hd_note_at(a->notes, HD_NOTE_ERROR, child->key_place, "import.arz", "remove it, or list it in import.arz.ignore",
               "%s has no effect with type %s; it belongs to %s", text, type, other);
  } else if (above && child->kind != HD_NODE_NULL) {
    arz_wrong(a, child, NULL, "%s must be a map of keys", text);
  } else if (!above) {
    unknown(a, child, text);
  }
}

/* Every key of the map `node`, whose own path is `prefix` (with a dot at its end). */
static void check_keys(const arz *a, const hd_node *node, const char *prefix, const char *type) {
  for (const hd_node *child = node->child; child; child = child->next) {
    hd_text path;
    hd_text_init(&path, a->ctx);
    hd_print(&path, "%s%s", prefix, child->key);
    if (arz_right(a, hd_text_status(&path))) check_key(a, child, &path, type);
    hd_text_free(&path);
  }
}

const hd_node *arz_find(const arz *a, const char *path) {
  const hd_node *node = ignored(a, path) ? NULL : hd_node_find(a->root, path);
  return node && node->kind != HD_NODE_NULL ? node : NULL;
}

/* ---- files ----------------------------------------------------------------------------------------------------------- */

/* `over` into `base`: maps key by key, all else replaces, null too (the predecessor's rule). */
static hd_status deep_merge(hd_arena *arena, hd_node *base, const hd_node *over) {
  for (const hd_node *child = over->child; child; child = child->next) {
    hd_node *copy, *old = hd_node_get(base, child->key);
    if (old && old->kind == HD_NODE_MAP && child->kind == HD_NODE_MAP) {
      HD_TRY(deep_merge(arena, old, child));
      continue;
    }
    HD_TRY(hd_node_copy(arena, child, &copy));
    if (!old) {
      hd_node_add(base, copy);
    } else {
      copy->next = old->next;
      *old = *copy;
    }
  }
  return HD_OK;
}

static hd_status read_map(const arz *a, const char *path, const hd_source **source, hd_node **root) {
  HD_TRY(hd_yaml_file(a->arena, path, a->notes, source, root));
  if (*root && (*root)->kind != HD_NODE_MAP) {
    arz_wrong(a, *root, NULL, "a file of the predecessor is a map of keys");
    *root = NULL;
  }
  return HD_OK;
}

static const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* `inherits` of the scenario, which the predecessor ignores: the base, unless that is given. */
static hd_status inherited(const arz *a, const hd_node *scenario, const char **base) {
  const hd_node *node = ignored(a, "inherits") ? NULL : hd_node_get(scenario, "inherits");
  *base = a->options->base;
  if (!node || node->kind == HD_NODE_NULL) return HD_OK;
  const char *name = arz_text(node);
  if (a->compat) {
    arz_warn(a, node, NULL, "inherits is ignored, as the predecessor does");
    return HD_OK;
  }
  if (*base) {
    if (strcmp(file_name(*base), file_name(name)))
      arz_wrong(a, node, "give one of them, or list inherits in import.arz.ignore",
                "inherits names %s, but import.arz.base is %s", name, *base);
    return HD_OK;
  }
  char path[HD_PATH_ROOM], *copy;
  HD_TRY(hd_path_join(a->ctx, a->folder, name, path, sizeof path));
  if (!hd_file_exists(a->ctx, path)) HD_TRY(hd_path_join(a->ctx, "", name, path, sizeof path));
  if (!hd_file_exists(a->ctx, path)) HD_TRY(hd_path_join(a->ctx, a->folder, file_name(name), path, sizeof path));
  if (!hd_file_exists(a->ctx, path)) {
    arz_wrong(a, node, "give import.arz.base", "the file %s is neither beside the scenario nor in the working folder",
              name);
    return HD_OK;
  }
  HD_TRY(hd_arena_text(a->arena, path, strlen(path), &copy));
  *base = copy;
  return HD_OK;
}

/* The base that the predecessor's command takes where it is told none, if it lies beside the scenario. */
static hd_status usual_base(const arz *a, const hd_node *scenario, const char **base) {
  char path[HD_PATH_ROOM], *copy;
  HD_TRY(hd_path_join(a->ctx, a->folder, "config_base.yml", path, sizeof path));
  if (*base || !hd_file_exists(a->ctx, path)) return HD_OK;
  arz_warn(a, scenario, "import.arz.base names another one", "the base is %s, as the predecessor takes it", path);
  HD_TRY(hd_arena_text(a->arena, path, strlen(path), &copy));
  *base = copy;
  return HD_OK;
}

static hd_node *section_of(const arz *a, hd_node *root) {
  const char *section = a->options->section;
  if (!section || !root) return root;
  hd_node *node = hd_node_get(root, section);
  if (node && node->kind == HD_NODE_MAP) return node;
  hd_nearest nearest;
  hd_nearest_begin(&nearest, section, strlen(section));
  for (const hd_node *child = root->child; child; child = child->next)
    if (child->kind == HD_NODE_MAP) hd_nearest_try(&nearest, child->key, strlen(child->key));
  hd_error(a->notes, "import.arz.section", nearest.best ? nearest.best : NULL, "%s has no section '%s'",
           a->options->scenario, section);
  return NULL;
}

hd_status arz_read(arz *a) {
  const hd_source *source;
  hd_node *scenario, *below = NULL, *empty;
  const char *base;
  HD_TRY(read_map(a, a->options->scenario, &source, &scenario));
  if (!scenario) return HD_OK;
  a->folder = source->folder;
  scenario = section_of(a, scenario);
  if (!scenario) return HD_OK;
  HD_TRY(inherited(a, scenario, &base));
  HD_TRY(usual_base(a, scenario, &base));
  if (base) HD_TRY(read_map(a, base, &source, &below));
  a->based = below != NULL;
  if (base && !below) return HD_OK;
  HD_TRY(hd_node_new(a->arena, HD_NODE_MAP, scenario->place, &empty));
  if (below) HD_TRY(deep_merge(a->arena, empty, below));
  HD_TRY(deep_merge(a->arena, empty, scenario));
  a->root = empty;
  check_keys(a, a->root, "", arz_text(hd_node_find(a->root, "initial_conditions.type")));
  return HD_OK;
}
