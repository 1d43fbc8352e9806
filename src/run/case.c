/* From a file to a checked case: layers of the scenario, decoding, the solver's check, identity.
 *
 * Order of the layers, later ones win: preset < inherits < import < file < --set (design 6.1).
 */
#include "run/case.h"

#include "io/decode.h"
#include "io/encode.h"
#include "io/merge.h"
#include "io/yaml.h"
#include "run/params_copy.h"

#include <stdio.h>
#include <string.h>

enum { LAYERS_MAX = 16 };

/* Everything a load needs besides the case. */
typedef struct loading {
  hd_case *kase;
  const hd_case_options *options;
  hd_node *layer[LAYERS_MAX]; /* the file first, then what it inherits */
  const hd_source *source[LAYERS_MAX];
  int layers;
  bool import_failed; /* what it stands for is missing: that would only hide its own errors */
  hd_table tables[2];
} loading;

void hd_case_tables(const hd_case *kase, hd_table tables[2]) {
  hd_case *writable = (hd_case *)(uintptr_t)kase; /* the tables of a finished case are only read */
  tables[0] = (hd_table){hd_common_params, &writable->common};
  tables[1] = (hd_table){kase->solver->params, kase->params};
}

bool hd_case_dimensionless(const hd_case *kase) {
  hd_table tables[2];
  hd_case_tables(kase, tables);
  return hd_params_dimensionless(tables, 2);
}

const char *hd_case_axis_unit(const hd_case *kase, char out[32]) {
  const char *unit = kase->solver->axis_unit;
  bool none = !unit || !strcmp(unit, "1") || hd_case_dimensionless(kase);
  snprintf(out, 32, "%s%s", none ? "" : " ", none ? "" : unit);
  return out;
}

const char *hd_case_measure_unit(const hd_case *kase, const hd_measure *measure) {
  return !(measure->flags & HD_TIMING) && hd_case_dimensionless(kase) ? "1" : measure->unit;
}

static bool has_errors(const hd_case *kase) { return hd_notes_count(kase->notes, HD_NOTE_ERROR) > 0; }

/* -- the files ------------------------------------------------------------------------------------------------------- */

static bool is_loaded(const loading *load, const char *path) {
  for (int i = 0; i < load->layers; i++)
    if (!strcmp(load->source[i]->name, path)) return true;
  return false;
}

/* Reads the files that the newest layer inherits from, one after the other. */
static hd_status read_parents(loading *load) {
  hd_case *kase = load->kase;
  for (;;) {
    const hd_node *layer = load->layer[load->layers - 1], *inherits = hd_node_get(layer, "inherits");
    char path[HD_PATH_ROOM];
    if (!inherits || inherits->kind != HD_NODE_SCALAR) return HD_OK; /* another kind is an error of decoding */
    HD_TRY(hd_path_join(kase->ctx, load->source[load->layers - 1]->folder, inherits->text, path, sizeof path));
    if (is_loaded(load, path) || load->layers == LAYERS_MAX) {
      hd_note_at(kase->notes, HD_NOTE_ERROR, inherits->place, "inherits",
                 "a scenario may inherit from at most 15 others", "%s inherits from itself in the end", path);
      return HD_OK;
    }
    hd_file_info info = {0};
    int failed = kase->ctx->files.info(kase->ctx->files.self, path, &info);
    if (failed || !info.exists || info.folder) {
      hd_note_at(kase->notes, HD_NOTE_ERROR, inherits->place, "inherits",
                 "paths are relative to the file they stand in", info.folder ? "%s is a folder" : "there is no file %s",
                 path);
      return HD_OK;
    }
    hd_node *root;
    const hd_source *source;
    HD_TRY(hd_yaml_file(&kase->arena, path, kase->notes, &source, &root));
    if (!root) return HD_OK;
    load->layer[load->layers] = root;
    load->source[load->layers++] = source;
  }
}

/* -- the solver ------------------------------------------------------------------------------------------------------ */

static const hd_node *find_in_layers(const loading *load, const char *key) {
  for (int i = 0; i < load->layers; i++) {
    const hd_node *node = hd_node_get(load->layer[i], key);
    if (node) return node;
  }
  return NULL;
}

static void list_solvers(const hd_case *kase, hd_text *out) {
  const hd_solver *solver;
  for (int i = 0; (solver = hd_solver_set_at(kase->solvers, i)); i++)
    hd_print(out, "%s%s", i ? ", " : "", solver->name);
}

static void find_solver(loading *load) {
  hd_case *kase = load->kase;
  const hd_node *node = find_in_layers(load, "solver");
  hd_text known;
  hd_text_init(&known, kase->ctx);
  list_solvers(kase, &known);
  if (!node) {
    hd_place place = load->layer[0]->place;
    hd_note_at(kase->notes, HD_NOTE_ERROR, place, "solver", "begin the file with `solver: NAME`",
               "the scenario does not say which solver computes it; known are %s", hd_text_of(&known));
  } else if (node->kind != HD_NODE_SCALAR) {
    hd_note_at(kase->notes, HD_NOTE_ERROR, node->place, "solver", NULL, "a name of a solver is expected: %s",
               hd_text_of(&known));
  } else if (!(kase->solver = hd_solver_set_find(kase->solvers, node->text))) {
    hd_note_at(kase->notes, HD_NOTE_ERROR, node->place, "solver", "a solver of a plug-in needs --plugin FILE.so",
               "unknown solver '%s'; known are %s", node->text, hd_text_of(&known));
  }
  hd_text_free(&known);
}

/* -- import ---------------------------------------------------------------------------------------------------------- */

static const hd_format *format_named(const hd_solver *solver, const char *name) {
  for (const hd_format *f = solver->formats; f && f->name; f++)
    if (f->read && !strcmp(f->name, name)) return f;
  return NULL;
}

static hd_status apply_sets(loading *load, const char *prefix, const hd_node *tree, hd_node **out);

/* The options of a format as they are given, and those with HD_OUTER from the scenario: `all` layers without imports. */
static hd_status with_outer(loading *load, const hd_param *options, const hd_node *entry, const hd_node *all,
                            const hd_node **out) {
  hd_arena *arena = &load->kase->arena;
  const hd_param *bare = options;
  hd_node *map = NULL, *set, *copy;
  *out = entry;
  while (bare->doc && !(bare->flags & HD_BARE)) bare++;
  for (const hd_param *p = options; p->doc; p++) {
    if (!(p->flags & HD_OUTER) || hd_node_get(entry, p->key)) continue;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s=", p->key);
    HD_TRY(apply_sets(load, prefix, all, &set));
    const hd_node *outer = hd_node_get(set, p->key);
    if (!outer || outer->kind == HD_NODE_NULL || (entry->kind != HD_NODE_MAP && !bare->doc)) continue;
    if (!map && entry->kind == HD_NODE_MAP) HD_TRY(hd_node_copy(arena, entry, &map));
    if (!map) {
      HD_TRY(hd_node_new(arena, HD_NODE_MAP, entry->place, &map));
      HD_TRY(hd_node_copy(arena, entry, &copy));
      copy->key = bare->key;
      hd_node_add(map, copy);
    }
    HD_TRY(hd_node_copy(arena, outer, &copy));
    hd_node_add(map, copy);
    *out = map;
  }
  return HD_OK;
}

/* What `import` of a layer stands for; NULL if it has none, or after an error. */
static hd_status read_import(loading *load, const hd_node *layer, const hd_node *all, hd_node **out) {
  hd_case *kase = load->kase;
  const hd_node *import = hd_node_get(layer, "import"), *entry;
  *out = NULL;
  if (!import) return HD_OK;
  entry = import->kind == HD_NODE_MAP ? import->child : NULL;
  if (!entry || entry->next) {
    hd_note_at(kase->notes, HD_NOTE_ERROR, import->place, "import", "import: {FORMAT: FILE}", "one format is expected");
    return HD_OK;
  }
  const hd_format *format = format_named(kase->solver, entry->key);
  if (!format) {
    hd_note_at(kase->notes, HD_NOTE_ERROR, entry->key_place, "import", "`heddle new --help` lists the formats",
               "%s cannot read the format '%s'", kase->solver->name, entry->key);
    return HD_OK;
  }
  char label[128], *path;
  void *options;
  hd_text yaml;
  hd_node *root;
  snprintf(label, sizeof label, "import.%s", format->name);
  HD_TRY(hd_arena_text(&kase->arena, label, strlen(label), &path));
  HD_TRY(with_outer(load, format->options, entry, all, &entry));
  HD_TRY(hd_arena_take(&kase->arena, format->options_size ? format->options_size : 1, &options));
  HD_TRY(hd_decode_group(&kase->arena, format->options, options, entry, path, kase->notes));
  if (has_errors(kase)) return HD_OK;
  hd_text_init(&yaml, kase->ctx);
  hd_status status = format->read(options, &yaml, kase->notes);
  if (status == HD_OK) status = hd_text_status(&yaml);
  if (status == HD_OK && !has_errors(kase)) {
    char *kept;
    status = hd_arena_text(&kase->arena, hd_text_of(&yaml), yaml.length, &kept);
    if (status == HD_OK) status = hd_yaml_text(&kase->arena, path, kept, kase->notes, &root);
    if (status == HD_OK) *out = root;
  }
  hd_text_free(&yaml);
  return status == HD_ERR_INPUT && has_errors(kase) ? HD_OK : status;
}

/* -- presets --------------------------------------------------------------------------------------------------------- */

static const char *default_preset(const hd_solver *solver) {
  for (const hd_param *p = solver->params; p->doc; p++)
    if (p->key && !strcmp(p->key, "preset")) return p->value;
  return NULL;
}

/* The tree of the preset in force; an unknown name is left to the choice of the solver's table. */
static hd_status read_preset(loading *load, const hd_node *tree, hd_node **out) {
  hd_case *kase = load->kase;
  const hd_node *named = hd_node_get(tree, "preset");
  const char *name = named && named->kind == HD_NODE_SCALAR ? named->text : default_preset(kase->solver);
  *out = NULL;
  for (const hd_preset *p = kase->solver->presets; name && p && p->name; p++) {
    if (strcmp(p->name, name)) continue;
    char label[128], *kept;
    snprintf(label, sizeof label, "preset %s", name);
    HD_TRY(hd_arena_text(&kase->arena, label, strlen(label), &kept));
    return hd_yaml_text(&kase->arena, kept, p->yaml, kase->notes, out);
  }
  return HD_OK;
}

/* -- putting it together --------------------------------------------------------------------------------------------- */

/* Applies those overrides that begin with `prefix` (NULL: all of them). */
static hd_status apply_sets(loading *load, const char *prefix, const hd_node *tree, hd_node **out) {
  const hd_case_options *options = load->options;
  int count = options ? options->set_count : 0, chosen = 0;
  void *memory;
  HD_TRY(hd_arena_take(&load->kase->arena, sizeof(char *) * (size_t)(count + 1), &memory));
  const char **texts = memory;
  for (int i = 0; i < count; i++)
    if (!prefix || !strncmp(options->set[i], prefix, strlen(prefix))) texts[chosen++] = options->set[i];
  return hd_node_set(&load->kase->arena, load->tables, 2, load->kase->notes, tree, texts, chosen, out);
}

static hd_status merge_layers(loading *load) {
  hd_case *kase = load->kase;
  hd_arena *arena = &kase->arena;
  hd_node *tree = NULL, *all = NULL, *import, *preset, *with_preset;
  HD_TRY(apply_sets(load, "import", load->layer[0], &load->layer[0]));
  for (int i = load->layers - 1; i >= 0; i--) HD_TRY(hd_node_merge(arena, load->tables, 2, all, load->layer[i], &all));
  for (int i = load->layers - 1; i >= 0; i--) {
    HD_TRY(read_import(load, load->layer[i], all, &import));
    if (!import && hd_node_get(load->layer[i], "import")) load->import_failed = true;
    if (import) HD_TRY(hd_node_merge(arena, load->tables, 2, tree, import, &tree));
    HD_TRY(hd_node_merge(arena, load->tables, 2, tree, load->layer[i], &tree));
  }
  HD_TRY(apply_sets(load, "preset=", tree, &with_preset));
  HD_TRY(read_preset(load, with_preset, &preset));
  kase->preset = preset;
  if (preset) HD_TRY(hd_node_merge(arena, load->tables, 2, preset, tree, &tree));
  return apply_sets(load, NULL, tree, &kase->tree);
}

static hd_status identify(hd_case *kase) {
  hd_table tables[2];
  hd_hash params, plugin = hd_solver_set_hash(kase->solvers, kase->solver);
  hd_case_tables(kase, tables);
  HD_TRY(hd_params_hash(kase->ctx, tables, 2, NULL, &params));
  hd_hasher hasher;
  hd_hasher_begin(&hasher);
  hd_hasher_text(&hasher, kase->solver->name);
  hd_hasher_add(&hasher, &kase->solver->bits, sizeof kase->solver->bits);
  hd_hasher_add(&hasher, &params, sizeof params);
  hd_hasher_add(&hasher, &plugin, sizeof plugin);
  kase->identity = hd_hasher_end(&hasher);
  return HD_OK;
}

hd_status hd_case_settle(hd_case *kase) {
  if (kase->solver->check) {
    hd_status status = kase->solver->check(kase->params, kase->notes);
    if (status != HD_OK && !(status == HD_ERR_INPUT && has_errors(kase))) return status;
  }
  return has_errors(kase) ? HD_OK : identify(kase);
}

static hd_status keep_unchecked(hd_case *kase) {
  HD_TRY(hd_arena_take(&kase->arena, kase->solver->params_size, &kase->unchecked));
  kase->unchecked_common = kase->common;
  return hd_params_copy(&kase->arena, kase->solver->params, kase->params, kase->solver->params_size, kase->unchecked);
}

/* All that follows the reading of the file itself. Errors of the input are notes; the status is about the rest. */
static hd_status resolve(loading *load) {
  hd_case *kase = load->kase;
  void *params;
  HD_TRY(read_parents(load));
  find_solver(load);
  if (!kase->solver) return HD_OK;
  HD_TRY(hd_arena_take(&kase->arena, kase->solver->params_size, &params));
  kase->params = params;
  hd_case_tables(kase, load->tables);
  HD_TRY(merge_layers(load));
  hd_notes_root(kase->notes, kase->tree);
  if (load->import_failed) return HD_OK;
  HD_TRY(hd_decode(&kase->arena, load->tables, 2, kase->tree, kase->notes));
  if (has_errors(kase)) return HD_OK;
  HD_TRY(keep_unchecked(kase));
  return hd_case_settle(kase);
}

static hd_status load_case(hd_ctx *ctx, const char *file, const char *text, size_t length,
                           const hd_case_options *options, hd_case *kase) {
  loading load = {.kase = kase, .options = options};
  if (options) kase->options = *options;
  hd_node *root = NULL;
  char *name;
  HD_TRY(hd_arena_text(&kase->arena, file, strlen(file), &name));
  kase->file = name;
  HD_TRY(hd_notes_new(ctx, &kase->notes));
  HD_TRY(hd_solver_set_new(ctx, options ? options->plugin : NULL, options ? options->plugin_count : 0, &kase->solvers));
  if (text) {
    void *memory;
    char folder[HD_PATH_ROOM], *kept;
    HD_TRY(hd_arena_take(&kase->arena, sizeof(hd_source), &memory));
    HD_TRY(hd_path_folder(ctx, file, folder, sizeof folder));
    HD_TRY(hd_arena_text(&kase->arena, folder, strlen(folder), &kept));
    hd_source *source = memory;
    *source = (hd_source){.name = name, .folder = kept, .text = text, .size = length};
    load.source[0] = source;
    HD_TRY(hd_yaml_parse(&kase->arena, source, kase->notes, &root));
  } else {
    if (!hd_file_exists(ctx, file)) return hd_raise(ctx, HD_ERR_INPUT, "there is no file %s", file);
    HD_TRY(hd_yaml_file(&kase->arena, file, kase->notes, &load.source[0], &root));
  }
  load.layer[0] = root;
  load.layers = 1;
  if (root) HD_TRY(resolve(&load));
  return hd_notes_status(kase->notes);
}

hd_status hd_case_load_text(hd_ctx *ctx, const char *file, const char *text, size_t length,
                            const hd_case_options *options, hd_case **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_case), &memory));
  hd_case *kase = memory;
  kase->ctx = ctx;
  hd_arena_init(&kase->arena, ctx);
  hd_status status = load_case(ctx, file, text, length, options, kase);
  *out = kase;
  return status;
}

hd_status hd_case_load(hd_ctx *ctx, const char *file, const hd_case_options *options, hd_case **out) {
  return hd_case_load_text(ctx, file, NULL, 0, options, out);
}

void hd_case_free(hd_case *kase) {
  if (!kase) return;
  hd_notes_free(kase->notes);
  if (!kase->shares_solvers) hd_solver_set_free(kase->solvers);
  hd_arena_free(&kase->arena);
  hd_memory_give(kase->ctx, kase, sizeof *kase);
}

/* -- questions to a case --------------------------------------------------------------------------------------------- */

const void *hd_case_value(const hd_case *kase, const char *path, hd_kind kind) {
  hd_table tables[2];
  hd_found found;
  hd_case_tables(kase, tables);
  if (!hd_params_find(tables, 2, path, &found) || found.param->kind != kind) return NULL;
  return hd_found_at(&found);
}

hd_status hd_case_print(const hd_case *kase, hd_text *out) {
  hd_table tables[2];
  hd_arena arena;
  hd_node *root;
  hd_case_tables(kase, tables);
  hd_arena_init(&arena, kase->ctx);
  hd_status status = hd_encode(&arena, tables, 2, &root);
  if (status == HD_OK && kase->preset) status = hd_node_mask(&arena, tables, 2, kase->preset, root);
  if (status == HD_OK) {
    hd_node_drop(root, "inherits"); /* what they gave stands here */
    hd_node_drop(root, "import");
    hd_node_print(out, root);
  }
  hd_arena_free(&arena);
  return status == HD_OK ? hd_text_status(out) : status;
}

/* Whether `needs` names `word` (words between spaces). */
static bool names(const char *needs, const char *word) {
  size_t length = strlen(word);
  for (const char *at = needs; at && (at = strstr(at, word)); at += length)
    if ((at == needs || at[-1] == ' ') && (at[length] == 0 || at[length] == ' ')) return true;
  return false;
}

hd_status hd_case_stage_key(const hd_case *kase, int stage, hd_hash *out) {
  const hd_stage *stages = kase->solver->stages, *wanted = &stages[stage];
  const char *needs = wanted->needs ? wanted->needs : "";
  hd_hash params, plugin = hd_solver_set_hash(kase->solvers, kase->solver);
  hd_table tables[2];
  hd_hasher hasher;
  hd_case_tables(kase, tables);
  HD_TRY(hd_params_hash(kase->ctx, tables, 2, needs, &params));
  hd_hasher_begin(&hasher);
  hd_hasher_text(&hasher, kase->solver->name);
  hd_hasher_text(&hasher, wanted->name);
  hd_hasher_add(&hasher, &kase->solver->bits, sizeof kase->solver->bits);
  hd_hasher_add(&hasher, &params, sizeof params);
  hd_hasher_add(&hasher, &plugin, sizeof plugin);
  for (int s = 0; s < stage; s++) {
    hd_hash earlier;
    if (!names(needs, stages[s].name)) continue;
    HD_TRY(hd_case_stage_key(kase, s, &earlier));
    hd_hasher_add(&hasher, &earlier, sizeof earlier);
  }
  *out = hd_hasher_end(&hasher);
  return HD_OK;
}
