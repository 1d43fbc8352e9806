/* The keys of a study: sweep, converge, measure, limits, optimise. Paths are looked up in the parameter tables, values read as
 * the parameter reads them. */
#include "study/members/grammar.h"

#include "base/ctx.h"
#include "base/nearest.h"
#include "base/number.h"
#include "io/decode.h"
#include "run/running.h"
#include "study/members/grammar_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void hd_grammar_error(hd_grammar *g, hd_place place, const char *hint, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  hd_note_at_v(g->notes, HD_NOTE_ERROR, place, NULL, hint, fmt, args);
  va_end(args);
}

/* -- words ------------------------------------------------------------------------------------------------------------- */

static int find_word(const char *word, const char *known) {
  hd_choice c;
  return hd_choice_find(known, word, &c);
}

static void list_words(const char *known, char out[HD_GRAMMAR_WORDS]) {
  hd_choice c;
  size_t used = 0;
  out[0] = 0;
  for (int i = 0; hd_choice_at(known, i, &c) && used + c.length + 4 < HD_GRAMMAR_WORDS; i++)
    used += (size_t)snprintf(out + used, HD_GRAMMAR_WORDS - used, "%s%.*s", i ? ", " : "", (int)c.length, c.name);
}

int hd_grammar_word(hd_grammar *g, hd_place place, const char *what, const char *word, const char *known) {
  char all[HD_GRAMMAR_WORDS], hint[HD_GRAMMAR_WORDS + 20];
  hd_choice c;
  hd_nearest near;
  int index = find_word(word, known);
  if (index >= 0) return index;
  list_words(known, all);
  hd_nearest_begin(&near, word, strlen(word));
  for (int i = 0; hd_choice_at(known, i, &c); i++) hd_nearest_try(&near, c.name, c.length);
  if (near.best) snprintf(hint, sizeof hint, "did you mean '%.*s'?", (int)near.best_length, near.best);
  hd_grammar_error(g, place, near.best ? hint : NULL, "%s is '%.60s'; one of %s is expected", what, word, all);
  return -1;
}

bool hd_grammar_keys(hd_grammar *g, const hd_node *map, const char *what, const char *known) {
  char all[HD_GRAMMAR_WORDS];
  list_words(known, all);
  if (map->kind != HD_NODE_MAP) {
    hd_grammar_error(g, map->place, NULL, "%s is a map with %s", what, all);
    return false;
  }
  for (const hd_node *c = map->child; c; c = c->next) {
    char label[HD_GRAMMAR_WORDS];
    if (find_word(c->key, known) >= 0) continue;
    snprintf(label, sizeof label, "a key of %.300s", what);
    hd_grammar_word(g, c->key_place, label, c->key, known);
  }
  return true;
}

bool hd_grammar_count(hd_grammar *g, const hd_node *node, const char *what, int64_t least, int64_t *count) {
  bool fits;
  bool good = node->kind == HD_NODE_SCALAR && hd_integer_read(node->text, count, &fits) && *count >= least &&
              *count <= HD_GRAMMAR_MEMBERS;
  if (!good) {
    hd_grammar_error(g, node->place, NULL, "%s: a whole number from %lld to %d is expected", what, (long long)least,
                     HD_GRAMMAR_MEMBERS);
    *count = least;
  }
  return good;
}

/* -- paths ------------------------------------------------------------------------------------------------------------- */

/* Every full path of the tables goes past a reader. */
typedef struct near_path {
  hd_nearest whole, last;
  char path[HD_GRAMMAR_WORDS], best[HD_GRAMMAR_WORDS];
  int same;
  const char *key;
} near_path;

static void try_paths(near_path *n, const hd_param *list, int depth) {
  for (const hd_param *p = list; p && depth < 7 && !hd_param_end(p); p++) {
    size_t before = strlen(n->path);
    if (!p->key || (p->flags & (HD_REFUSED | HD_LATER))) continue;
    snprintf(n->path + before, sizeof n->path - before, "%s%s", before ? "." : "", p->key);
    const char *best = n->whole.best;
    int halves = n->whole.halves;
    hd_nearest_try(&n->whole, n->path, strlen(n->path));
    if (n->whole.halves != halves || n->whole.best != best) memcpy(n->best, n->path, sizeof n->best);
    if (!strcmp(p->key, n->key) && !n->same++) memcpy(n->best, n->path, sizeof n->best);
    if (p->kind == HD_GROUP) try_paths(n, p->sub, depth + 1);
    if (p->kind == HD_VARIANT)
      for (const hd_param *s = p->sub; !hd_param_end(s); s++) try_paths(n, s->sub, depth + 1);
    n->path[before] = 0;
  }
}

static void note_unknown(hd_grammar *g, const char *path, hd_place place) {
  char hint[HD_GRAMMAR_WORDS + 40];
  const char *dot = strrchr(path, '.');
  near_path n = {.key = dot ? dot + 1 : path};
  hd_nearest_begin(&n.whole, path, strlen(path));
  for (int t = 0; t < g->count; t++) try_paths(&n, g->tables[t].params, 0);
  bool found = n.whole.best || n.same == 1;
  snprintf(hint, sizeof hint, "did you mean '%s'?", n.best);
  hd_grammar_error(g, place, found ? hint : "paths are written road.cells, classes.cars.pressure",
                   "there is no parameter '%.100s'", path);
}

/* Names that the user gave stand in the tree: classes.cars, road.quality[1]. */
static bool names_exist(hd_grammar *g, const char *path, hd_place place) {
  char above[HD_GRAMMAR_WORDS];
  hd_table tables[8];
  hd_found found;
  hd_step_of_path step;
  for (int t = 0; t < g->count && t < 8; t++) tables[t] = (hd_table){g->tables[t].params, NULL};
  for (const char *rest = path; (rest = hd_path_step(rest, &step)) && step.length;) {
    size_t n = (size_t)(rest - path);
    const char *next = hd_path_step(rest, &step);
    if (!next || n >= sizeof above) break;
    memcpy(above, path, n);
    above[n] = 0;
    const hd_node *map = hd_node_find(g->root, above);
    if (!hd_params_find(tables, g->count, above, &found) || !map) continue;
    bool list = map->kind == HD_NODE_LIST && step.index >= map->count;
    bool name = found.param->kind == HD_NAMED && map->kind == HD_NODE_MAP && !hd_node_get_n(map, step.key, step.length);
    if (list) hd_grammar_error(g, place, "lists count from 0", "%s has %lld items", above, (long long)map->count);
    if (name) {
      hd_nearest near;
      char hint[HD_GRAMMAR_WORDS];
      hd_nearest_begin(&near, step.key, step.length);
      for (const hd_node *c = map->child; c; c = c->next) hd_nearest_try(&near, c->key, strlen(c->key));
      size_t used = (size_t)snprintf(hint, sizeof hint, near.best ? "did you mean '%s'?" : "known are ", near.best);
      for (const hd_node *c = near.best ? NULL : map->child; c && used + strlen(c->key) + 4 < sizeof hint; c = c->next)
        used += (size_t)snprintf(hint + used, sizeof hint - used, "%s%s", c == map->child ? "" : ", ", c->key);
      hd_grammar_error(g, place, hint, "there is no '%.*s' in %s", (int)step.length, step.key, above);
    }
    if (list || name) return false;
  }
  return true;
}

const hd_param *hd_grammar_param(hd_grammar *g, const char *path, hd_place place) {
  static const char *const fixed[] = {"solver",   "inherits", "import", "sweep", "converge",
                                      "optimise", "measure",  "limits", "cores"};
  hd_found found;
  hd_table tables[8];
  for (int t = 0; t < g->count && t < 8; t++) tables[t] = (hd_table){g->tables[t].params, NULL};
  if (!hd_params_find(tables, g->count, path, &found)) return note_unknown(g, path, place), NULL;
  for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
    size_t n = strlen(fixed[i]);
    if (strncmp(path, fixed[i], n) || (path[n] && path[n] != '.')) continue;
    hd_grammar_error(g, place, "members differ in what is computed", "%s cannot vary in a study", path);
    return NULL;
  }
  if (found.param->flags & (HD_REFUSED | HD_LATER)) {
    bool later = found.param->flags & HD_LATER;
    hd_grammar_error(g, place, later ? NULL : found.param->doc, "%s is not %s", path,
                     later ? "in this version" : "used");
    return NULL;
  }
  return names_exist(g, path, place) ? found.param : NULL;
}

/* -- the groups -------------------------------------------------------------------------------------------------------- */

static hd_status read_sample(hd_grammar *g, const hd_node *node) {
  const hd_node *method = hd_node_get(node, "method"), *count = hd_node_get(node, "count");
  if (node->kind != HD_NODE_MAP) {
    hd_grammar_error(g, node->place, "{method: latin, count: 64, KEY: {uniform: [a, b]}}", "sample is a map");
    return HD_OK;
  }
  if (method && method->kind == HD_NODE_SCALAR) {
    int which = hd_grammar_word(g, method->place, "method", method->text, "random|latin|sobol");
    g->spec->sample_method = which < 0 ? HD_SAMPLE_RANDOM : (hd_sample_method)which;
  } else hd_grammar_error(g, node->key_place, "method: random, latin or sobol", "sample.method is missing");
  if (count) hd_grammar_count(g, count, "sample.count", 1, &g->spec->sample_count);
  else hd_grammar_error(g, node->key_place, "count: 64", "sample.count is missing");
  HD_TRY(hd_grammar_varies(g, node, "sample", "method|count", HD_VARY_SAMPLE, &g->spec->sample));
  if (!g->spec->sample.count)
    hd_grammar_error(g, node->key_place, "KEY: {uniform: [a, b]}", "sample names no parameter");
  return HD_OK;
}

static void check_zip(hd_grammar *g) {
  const hd_varies *z = &g->spec->zip;
  for (int64_t i = 1; i < z->count; i++)
    if (z->at[i].count != z->at[0].count)
      hd_grammar_error(g, z->at[i].node->key_place, "what advances together has equal lengths",
                       "zip: %s has %lld values, %s has %lld", z->at[i].path, (long long)z->at[i].count, z->at[0].path,
                       (long long)z->at[0].count);
}

static void check_twice(hd_grammar *g) {
  const hd_varies *sets[] = {&g->spec->grid, &g->spec->zip, &g->spec->sample};
  for (int a = 0; a < 3; a++)
    for (int b = a + 1; b < 3; b++)
      for (int64_t i = 0; i < sets[a]->count; i++)
        for (int64_t j = 0; j < sets[b]->count; j++)
          if (!strcmp(sets[a]->at[i].path, sets[b]->at[j].path))
            hd_grammar_error(g, sets[b]->at[j].node->key_place, "remove one of them", "%s varies twice",
                             sets[b]->at[j].path);
}

static void count_members(hd_grammar *g, const hd_node *node) {
  hd_study_spec *s = g->spec;
  double members = 1;
  for (int64_t i = 0; i < s->grid.count; i++) members *= (double)s->grid.at[i].count;
  if (s->zip.count) members *= (double)s->zip.at[0].count;
  if (s->sample_count) members *= (double)s->sample_count;
  if (s->repeat) members *= (double)s->repeat;
  if (members > HD_GRAMMAR_MEMBERS)
    hd_grammar_error(g, node->key_place, NULL, "the sweep has %.0f members; at most %d are possible", members,
                     HD_GRAMMAR_MEMBERS);
  s->member_count = s->members ? -1 : members > HD_GRAMMAR_MEMBERS ? 0 : (int64_t)members;
}

/* A file beside the one that names it. */
static hd_status read_file(hd_grammar *g, const hd_node *node, const char **out) {
  const hd_param path = {.kind = HD_PATH, .doc = "a file"};
  char whole[HD_PATH_ROOM], *kept;
  bool good;
  HD_TRY(hd_decode_leaf(g->arena, g->tables, g->count, g->root, &path, node, node->key, g->notes, NULL, &good));
  if (!good) return HD_OK;
  HD_TRY(hd_path_join(g->arena->ctx, node->place.source ? node->place.source->folder : NULL, node->text, whole,
                      sizeof whole));
  HD_TRY(hd_arena_text(g->arena, whole, strlen(whole), &kept));
  *out = kept;
  return HD_OK;
}

/* Texts for keys that vary, whose own text says too little in this study. */
static void read_labels(hd_grammar *g, const hd_node *node) {
  const hd_varies *sets[] = {&g->spec->grid, &g->spec->zip, &g->spec->sample};
  if (node->kind != HD_NODE_MAP) {
    hd_grammar_error(g, node->place, "{road.quality: kind of road}", "labels is a map of keys to texts");
    return;
  }
  g->spec->labels = node;
  for (const hd_node *c = node->child; c; c = c->next) {
    bool varies = g->spec->members != NULL;
    for (int s = 0; s < 3; s++)
      for (int64_t i = 0; i < sets[s]->count; i++) varies |= !strcmp(sets[s]->at[i].path, c->key);
    if (c->kind != HD_NODE_SCALAR) hd_grammar_error(g, c->place, NULL, "the label of %s is not a text", c->key);
    if (!varies) hd_grammar_error(g, c->key_place, "labels name keys that vary", "%s does not vary", c->key);
  }
}

/* Names of the solver's fields. */
static hd_status read_fields(hd_grammar *g, const hd_node *node) {
  void *memory;
  int64_t count = node->kind == HD_NODE_LIST ? node->count : 1;
  HD_TRY(hd_arena_take(g->arena, (size_t)(count + 1) * sizeof(char *), &memory));
  const char **names = memory;
  const hd_node *first = node->kind == HD_NODE_LIST ? node->child : node;
  for (const hd_node *c = first; c; c = node->kind == HD_NODE_LIST ? c->next : NULL) {
    hd_nearest near;
    char hint[HD_GRAMMAR_WORDS];
    bool known = false;
    if (c->kind != HD_NODE_SCALAR) {
      hd_grammar_error(g, c->place, NULL, "the name of a field is expected");
      continue;
    }
    size_t length = strcspn(c->text, "@");
    hd_nearest_begin(&near, c->text, length);
    for (const hd_field *f = g->solver ? g->solver->fields : NULL; f && f->name; f++) {
      known |= strlen(f->name) == length && !memcmp(f->name, c->text, length);
      hd_nearest_try(&near, f->name, strlen(f->name));
    }
    if (near.best) snprintf(hint, sizeof hint, "did you mean '%s'?", near.best);
    if (!known) hd_grammar_error(g, c->place, near.best ? hint : NULL, "the solver has no field '%.60s'", c->text);
    else names[g->spec->field_count++] = c->text;
  }
  g->spec->fields = names;
  return HD_OK;
}

static hd_status read_sweep(hd_grammar *g, const hd_node *node) {
  const hd_node *c;
  if (!hd_grammar_keys(g, node, "sweep", "grid|zip|sample|repeat|members|labels|fields")) return HD_OK;
  if ((c = hd_node_get(node, "grid"))) HD_TRY(hd_grammar_varies(g, c, "grid", NULL, HD_VARY_GRID, &g->spec->grid));
  if ((c = hd_node_get(node, "zip"))) HD_TRY(hd_grammar_varies(g, c, "zip", NULL, HD_VARY_GRID, &g->spec->zip));
  if ((c = hd_node_get(node, "sample"))) HD_TRY(read_sample(g, c));
  if ((c = hd_node_get(node, "repeat"))) hd_grammar_count(g, c, "repeat", 1, &g->spec->repeat);
  if ((c = hd_node_get(node, "members"))) HD_TRY(read_file(g, c, &g->spec->members));
  if ((c = hd_node_get(node, "labels")) && c->kind != HD_NODE_NULL) read_labels(g, c);
  if ((c = hd_node_get(node, "fields")) && c->kind != HD_NODE_NULL) HD_TRY(read_fields(g, c));
  if (!node->count) hd_grammar_error(g, node->key_place, "grid, zip, sample, repeat or members", "the sweep is empty");
  check_zip(g);
  check_twice(g);
  count_members(g, node);
  return HD_OK;
}

/* NAME or NAME@ARGUMENT of the solver. */
static bool check_measure(hd_grammar *g, const hd_node *node) {
  hd_nearest near;
  char hint[HD_GRAMMAR_WORDS];
  if (node->kind != HD_NODE_SCALAR) {
    hd_grammar_error(g, node->place, NULL, "the name of a measure is expected");
    return false;
  }
  size_t length = strcspn(node->text, "@");
  hd_nearest_begin(&near, node->text, length);
  for (const hd_measure *m = g->solver ? g->solver->measures : NULL; m && m->name; m++) {
    if (!strcmp(m->name, "*") || (strlen(m->name) == length && !memcmp(m->name, node->text, length))) return true;
    hd_nearest_try(&near, m->name, strlen(m->name));
  }
  if (near.best) snprintf(hint, sizeof hint, "did you mean '%s'?", near.best);
  hd_grammar_error(g, node->place, near.best ? hint : "`heddle check --json` and the reference list them",
                   "%s has no measure '%.60s'", g->solver ? g->solver->name : "the solver", node->text);
  return false;
}

static hd_status read_measures(hd_grammar *g, const hd_node *node) {
  void *memory;
  int64_t count = node->kind == HD_NODE_LIST ? node->count : 1;
  HD_TRY(hd_arena_take(g->arena, (size_t)(count + 1) * sizeof(char *), &memory));
  const char **names = memory;
  if (node->kind == HD_NODE_LIST) {
    for (const hd_node *c = node->child; c; c = c->next)
      if (check_measure(g, c)) names[g->spec->measure_count++] = c->text;
  } else if (node->kind == HD_NODE_SCALAR && check_measure(g, node)) names[g->spec->measure_count++] = node->text;
  g->spec->measures = names;
  return HD_OK;
}

/* A number in the unit of the measure that it is for; false: the text is no number at all. */
static bool read_reference_value(hd_grammar *g, const hd_node *node, const hd_measure *measure) {
  hd_unit unit = {.num = 1, .den = 1}, found;
  const char *at, *name = measure && measure->unit ? measure->unit : "1";
  char hint[HD_GRAMMAR_WORDS];
  if (!hd_unit_read(name, &unit, &at)) unit = (hd_unit){.num = 1, .den = 1};
  hd_quantity_fault fault = hd_quantity_read(node->text, &unit, false, &g->spec->reference_value, &found, &at);
  if (fault == HD_QUANTITY_NO_NUMBER || fault == HD_QUANTITY_BAD_UNIT) return false;
  g->spec->reference = HD_REFERENCE_VALUE;
  if (!measure) {
    hd_grammar_error(g, node->place, "measure: NAME, or a reference such as finest",
                     "a value is a reference for a measure, not for fields");
  } else if (fault) {
    snprintf(hint, sizeof hint, "give it in %s", name);
    hd_grammar_error(g, node->place, hint, "reference is '%.60s'; %s is in %s", node->text, g->spec->norm_measure,
                     name);
  }
  return true;
}

static hd_status read_reference(hd_grammar *g, const hd_node *node, const hd_measure *measure) {
  static const char *const words = "successive|finest|exact|initial";
  hd_study_spec *s = g->spec;
  if (node->kind != HD_NODE_SCALAR) {
    hd_grammar_error(g, node->place, "reference: finest, or reference: fine.out/result.h5",
                     "reference is one of successive, finest, exact, initial, a file or a number");
    return HD_OK;
  }
  int which = find_word(node->text, words);
  if (which >= 0) s->reference = (hd_study_reference)which;
  else if (read_reference_value(g, node, measure)) return HD_OK;
  else if (strpbrk(node->text, "./")) {
    s->reference = HD_REFERENCE_FILE;
    return read_file(g, node, &s->reference_file);
  } else hd_grammar_word(g, node->place, "reference", node->text, words);
  return HD_OK;
}

/* Whether the reference makes sense for what is compared. */
static void check_reference(hd_grammar *g, const hd_node *node, const hd_measure *measure) {
  const hd_study_spec *s = g->spec;
  const hd_node *compare = hd_node_find(g->root, "output.compare");
  hd_found found;
  bool exact = s->reference == HD_REFERENCE_EXACT, start = s->reference == HD_REFERENCE_INITIAL;
  if (measure && (measure->flags & HD_ERROR)) {
    if (!exact && s->reference != HD_REFERENCE_SUCCESSIVE)
      hd_grammar_error(g, node->place, "leave reference out", "%s is an error already: no reference is due",
                       s->norm_measure);
  } else if (measure && exact) {
    hd_grammar_error(g, node->place, "give the value with its unit, or a measure that is an error",
                     "the exact value of %s is not known", s->norm_measure);
  } else if (measure && start) {
    hd_grammar_error(g, node->place, "finest, successive, a result or a value",
                     "%s has no start to compare with: it is a number of the whole run", s->norm_measure);
  } else if (exact && hd_params_find(g->tables, g->count, "output.compare", &found) &&
             !(compare && compare->kind == HD_NODE_SCALAR && !strcmp(compare->text, "exact"))) {
    hd_grammar_error(g, node->place, "output: {compare: exact}, or --set output.compare=exact",
                     "reference: exact needs the exact solution beside each level: output.compare: exact");
  }
}

static hd_status read_converge(hd_grammar *g, const hd_node *node) {
  const hd_node *over = hd_node_get(node, "over"), *reference = hd_node_get(node, "reference");
  const hd_node *norm = hd_node_get(node, "norm"), *measure = hd_node_get(node, "measure");
  const hd_measure *compared = NULL;
  hd_study_spec *s = g->spec;
  if (!hd_grammar_keys(g, node, "converge", "over|reference|norm|measure")) return HD_OK;
  if (!over) hd_grammar_error(g, node->key_place, "over: {road.cells: [100, 200, 400]}", "converge.over is missing");
  else HD_TRY(hd_grammar_varies(g, over, "over", NULL, HD_VARY_OVER, &s->over));
  for (int64_t i = 0; i < s->over.count; i++) {
    const hd_vary *v = &s->over.at[i];
    if (v->param && v->count < 2)
      hd_grammar_error(g, v->node->place, "orders come from neighbours", "%s: convergence needs at least two values",
                       v->path);
    if (i && v->count != s->over.at[0].count)
      hd_grammar_error(g, v->node->key_place, "what advances together has equal lengths",
                       "over: %s has %lld values, %s has %lld", v->path, (long long)v->count, s->over.at[0].path,
                       (long long)s->over.at[0].count);
  }
  s->reference = HD_REFERENCE_SUCCESSIVE;
  if (norm && measure)
    hd_grammar_error(g, measure->key_place, "norms are of fields, a measure is a number",
                     "give norm or measure, not both");
  if (norm && norm->kind == HD_NODE_SCALAR) {
    int which = hd_grammar_word(g, norm->place, "norm", norm->text, "l1|l2|max");
    s->norm = which < 0 ? HD_NORM_L1 : (hd_study_norm)which;
  } else if (norm)
    hd_grammar_error(g, norm->place, "norm: l1; --norm l2 compares the same levels otherwise", "norm is l1, l2 or max");
  if (measure && check_measure(g, measure)) {
    s->norm = HD_NORM_MEASURE;
    s->norm_measure = measure->text;
    compared = hd_measure_find(g->solver, measure->text);
  }
  if (measure && !compared) return HD_OK; /* no measure of the solver: noted */
  if (reference) HD_TRY(read_reference(g, reference, compared));
  if (reference) check_reference(g, reference, compared);
  return HD_OK;
}

static hd_status read_optimise(hd_grammar *g, const hd_node *node) {
  const hd_node *objective = hd_node_get(node, "objective"), *variables = hd_node_get(node, "variables");
  hd_varies varied = {0};
  g->spec->optimise = node;
  if (!hd_grammar_keys(g, node, "optimise", "variables|objective|method|evaluations")) return HD_OK;
  if (!objective || !variables)
    hd_grammar_error(g, node->key_place, NULL, "optimise.%s is missing", objective ? "variables" : "objective");
  if (objective) check_measure(g, objective);
  if (variables) HD_TRY(hd_grammar_varies(g, variables, "variables", NULL, HD_VARY_SAMPLE, &varied));
  return HD_OK;
}

static const hd_node *given(const hd_node *root, const char *key) {
  const hd_node *node = hd_node_get(root, key);
  return node && node->kind != HD_NODE_NULL ? node : NULL;
}

hd_status hd_study_read(hd_arena *arena, const hd_node *root, const hd_solver *solver, const hd_table *tables,
                        int count, hd_notes *notes, hd_study_spec *spec) {
  hd_grammar g = {arena, root, solver, tables, count, notes, spec};
  const hd_node *sweep = given(root, "sweep"), *converge = given(root, "converge"), *optimise = given(root, "optimise");
  const hd_node *measure = given(root, "measure");
  *spec = (hd_study_spec){.limit_time_s = NAN, .limit_memory_bytes = NAN, .reference_value = NAN, .limit_failures = -1};
  hd_params_real(tables, count, "limits.time", &spec->limit_time_s);
  hd_params_real(tables, count, "limits.memory", &spec->limit_memory_bytes);
  if (!hd_params_int(tables, count, "limits.failures", &spec->limit_failures)) spec->limit_failures = -1;
  if (sweep) HD_TRY(read_sweep(&g, sweep));
  if (converge) HD_TRY(read_converge(&g, converge));
  if (optimise) HD_TRY(read_optimise(&g, optimise));
  if (measure) HD_TRY(read_measures(&g, measure));
  if (sweep && converge)
    hd_grammar_error(&g, converge->key_place, "put one of them in a file of its own that inherits this one",
                     "a file describes one study: sweep or converge");
  return HD_OK;
}
