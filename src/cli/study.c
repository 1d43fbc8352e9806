#include "cli/study.h"

#include "io/yaml.h"

#include <stdlib.h>
#include <string.h>

/* -- the grammar from the command line ----------------------------------------------------------------------------------- */

typedef struct adding {
  hd_case *kase;
  hd_node *sweep;
} adding;

/* The group of the sweep with this key, made or copied so that it can be added to. */
static hd_status group_of(adding *a, const char *key, hd_node **out) {
  hd_arena *arena = &a->kase->arena;
  if ((*out = hd_node_get(a->sweep, key)) && (*out)->kind == HD_NODE_MAP) return HD_OK;
  hd_place place = {0};
  HD_TRY(hd_node_new(arena, HD_NODE_MAP, place, out));
  (*out)->key = key;
  hd_node_add(a->sweep, *out);
  return HD_OK;
}

/* A key of a map is taken out. */
static void drop(hd_node *map, const char *key) {
  hd_node *old = map->child;
  map->child = map->last = NULL;
  map->count = 0;
  for (hd_node *next; old; old = next) {
    next = old->next;
    old->next = NULL;
    if (strcmp(old->key, key)) hd_node_add(map, old);
  }
}

/* A key of a map, in place of one that is there. */
static void put(hd_node *map, hd_node *child) {
  drop(map, child->key);
  hd_node_add(map, child);
}

static hd_status parse(adding *a, const char *option, const char *text, hd_node **out) {
  hd_arena *arena = &a->kase->arena;
  void *memory;
  char *kept;
  HD_TRY(hd_arena_text(arena, text, strlen(text), &kept));
  HD_TRY(hd_arena_take(arena, sizeof(hd_source), &memory));
  hd_source *source = memory;
  *source = (hd_source){.name = option, .folder = "", .text = kept, .size = strlen(kept)};
  return hd_yaml_parse(arena, source, a->kase->notes, out);
}

/* KEY=VALUES into a group; values: "1, 2, 3", or YAML in brackets or braces; a law: "uniform(1 m, 2 m)". */
static hd_status add_key(adding *a, const char *option, const char *group, const char *word) {
  hd_node *map, *node;
  hd_text yaml;
  char *key;
  const char *equals = strchr(word, '='), *value = equals ? equals + 1 : NULL;
  if (!equals || equals == word || !*value)
    return hd_raise(a->kase->ctx, HD_ERR_INPUT, "%s %s: KEY=VALUES is expected", option, word);
  hd_text_init(&yaml, a->kase->ctx);
  const char *open = strchr(value, '(');
  size_t length = strlen(value);
  if (*value == '[' || *value == '{') hd_print(&yaml, "%s", value);
  else if (!strcmp(group, "sample") && open && value[length - 1] == ')')
    hd_print(&yaml, "{%.*s: [%.*s]}", (int)(open - value), value, (int)(value + length - 1 - open - 1), open + 1);
  else hd_print(&yaml, "[%s]", value);
  hd_status status = hd_text_status(&yaml);
  if (status == HD_OK) status = parse(a, option, hd_text_of(&yaml), &node);
  hd_text_free(&yaml);
  HD_TRY(status);
  if (!node) return HD_OK;
  HD_TRY(hd_arena_text(&a->kase->arena, word, (size_t)(equals - word), &key));
  node->key = key;
  node->key_place = node->place;
  HD_TRY(group_of(a, group, &map));
  put(map, node);
  return HD_OK;
}

static hd_status add_word(adding *a, const char *option, hd_node *map, const char *key, const char *text) {
  hd_node *node = NULL;
  hd_text yaml;
  hd_text_init(&yaml, a->kase->ctx);
  hd_print(&yaml, "{%s: %s}", key, text);
  hd_status status = hd_text_status(&yaml);
  if (status == HD_OK) status = parse(a, option, hd_text_of(&yaml), &node);
  hd_text_free(&yaml);
  HD_TRY(status);
  hd_node *child = node ? node->child : NULL;
  if (!child) return HD_OK;
  node->child = node->last = NULL;
  child->next = NULL;
  put(map, child);
  return HD_OK;
}

/* "latin:64", "64" */
static hd_status add_sampling(adding *a, const char *text) {
  const char *colon = text ? strchr(text, ':') : NULL;
  char method[32] = "latin";
  hd_node *map;
  HD_TRY(group_of(a, "sample", &map));
  if (colon) snprintf(method, sizeof method, "%.*s", (int)(colon - text), text);
  if (colon || !hd_node_get(map, "method")) HD_TRY(add_word(a, "--samples", map, "method", method));
  return text ? add_word(a, "--samples", map, "count", colon ? colon + 1 : text) : HD_OK;
}

/* A group of the file, copied to be changed, or a new one. */
static hd_status begin_group(adding *a, const char *key) {
  hd_arena *arena = &a->kase->arena;
  const hd_node *there = hd_node_get(a->kase->tree, key);
  if (there && there->kind == HD_NODE_MAP) HD_TRY(hd_node_copy(arena, there, &a->sweep));
  else HD_TRY(hd_node_new(arena, HD_NODE_MAP, a->kase->tree->place, &a->sweep));
  a->sweep->key = key;
  return HD_OK;
}

static hd_status add_sweep(adding *a, const cli_args *args) {
  HD_TRY(begin_group(a, "sweep"));
  for (int i = 0; i < args->grids; i++) HD_TRY(add_key(a, "--grid", "grid", args->grid[i]));
  for (int i = 0; i < args->zips; i++) HD_TRY(add_key(a, "--zip", "zip", args->zip[i]));
  for (int i = 0; i < args->samples; i++) HD_TRY(add_key(a, "--sample", "sample", args->sample[i]));
  if (args->samples || args->sampling) HD_TRY(add_sampling(a, args->sampling));
  if (args->repeat) HD_TRY(add_word(a, "--repeat", a->sweep, "repeat", args->repeat));
  return args->members ? add_word(a, "--members", a->sweep, "members", args->members) : HD_OK;
}

/* What --over says stands in place of the file's levels; a norm and a measure of the file exclude each other. */
static hd_status add_convergence(adding *a, const cli_args *args) {
  HD_TRY(begin_group(a, "converge"));
  if (args->overs) drop(a->sweep, "over");
  for (int i = 0; i < args->overs; i++) HD_TRY(add_key(a, "--over", "over", args->over[i]));
  if (args->norm && !args->measures) drop(a->sweep, "measure");
  if (args->measures && !args->norm) drop(a->sweep, "norm");
  if (args->norm) HD_TRY(add_word(a, "--norm", a->sweep, "norm", args->norm));
  if (args->truth) HD_TRY(add_word(a, "--reference", a->sweep, "reference", args->truth));
  if (args->measures > 1)
    return hd_raise(a->kase->ctx, HD_ERR_INPUT, "--measure is given %d times; converge compares one", args->measures);
  return args->measures ? add_word(a, "--measure", a->sweep, "measure", args->measure[0]) : HD_OK;
}

/* The names to tabulate, in place of those of the file. */
static hd_status add_measures(adding *a, const cli_args *args, hd_node *root) {
  hd_text list;
  hd_text_init(&list, a->kase->ctx);
  for (int i = 0; i < args->measures; i++) hd_print(&list, "%s%s", i ? ", " : "[", args->measure[i]);
  hd_print(&list, "]");
  hd_status status = hd_text_status(&list);
  if (status == HD_OK) status = add_word(a, "--measure", root, "measure", hd_text_of(&list));
  hd_text_free(&list);
  return status;
}

static hd_status add_all(hd_case *kase, const cli_args *args) {
  adding a = {.kase = kase};
  hd_node *root;
  bool sweeps = args->grids || args->zips || args->samples || args->sampling || args->repeat || args->members;
  bool converges =
      args->overs || args->norm || args->truth || (args->measures && hd_node_get(kase->tree, "converge") && !sweeps);
  if (sweeps && converges)
    return hd_raise(kase->ctx, HD_ERR_INPUT, "--over, --norm and --reference are of converge, not of a sweep");
  if (!sweeps && !converges && !args->measures) return HD_OK;
  HD_TRY(hd_node_copy(&kase->arena, kase->tree, &root));
  if (sweeps) HD_TRY(add_sweep(&a, args));
  if (converges) HD_TRY(add_convergence(&a, args));
  if (sweeps || converges) {
    drop(root, sweeps ? "converge" : "sweep"); /* of the file: another study */
    put(root, a.sweep);
  }
  if (args->measures && !converges) HD_TRY(add_measures(&a, args, root));
  kase->tree = root;
  hd_notes_root(kase->notes, root);
  return HD_OK;
}

hd_status cli_read_study(hd_case *kase, const cli_args *args, hd_study_spec *spec) {
  hd_table tables[2];
  hd_case_tables(kase, tables);
  HD_TRY(add_all(kase, args));
  HD_TRY(hd_study_read(&kase->arena, kase->tree, kase->solver, tables, 2, kase->notes, spec));
  return hd_notes_status(kase->notes);
}

hd_case *cli_load_study(hd_ctx *ctx, const char *file, const cli_args *args, hd_study_spec *spec, int *exit_code) {
  hd_case_options options = cli_case_options(args);
  hd_case *kase = cli_load(ctx, file, &options, args->json, exit_code);
  if (!kase) return NULL;
  hd_status status = cli_read_study(kase, args, spec);
  if (status == HD_OK) return kase;
  bool noted = hd_notes_count(kase->notes, HD_NOTE_ERROR) > 0;
  *exit_code = hd_status_exit_code(status);
  if (noted && args->json) cli_json_of_case(ctx, kase, NULL);
  else if (noted) fprintf(stderr, "%s\n", hd_ctx_message(ctx));
  else cli_fail(ctx, status);
  hd_case_free(kase);
  return NULL;
}

hd_isolation cli_isolation(const cli_args *args) {
  const char *how = args->isolate ? args->isolate : "process";
  return !strcmp(how, "none") ? HD_ISOLATE_NONE : !strcmp(how, "thread") ? HD_ISOLATE_THREAD : HD_ISOLATE_PROCESS;
}

/* -- words ------------------------------------------------------------------------------------------------------------- */

static hd_status keep(hd_arena *arena, const char **list, int64_t *count, const char *name, const char *value) {
  char *kept;
  hd_text text;
  hd_text_init(&text, arena->ctx);
  hd_print(&text, "%s=%s", name, value);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = hd_arena_text(arena, hd_text_of(&text), text.length, &kept);
  if (status == HD_OK) list[(*count)++] = kept;
  hd_text_free(&text);
  return status;
}

/* A file by its absolute path; what is no file as it is. */
static hd_status keep_path(hd_arena *arena, const char **list, int64_t *count, const char *name, const char *value) {
  char *absolute = realpath(value, NULL);
  hd_status status = keep(arena, list, count, name, absolute ? absolute : value);
  free(absolute);
  return status;
}

hd_status cli_study_words(hd_arena *arena, const cli_args *args, bool converges, const char *const **words,
                          int64_t *count) {
  void *memory;
  HD_TRY(hd_arena_take(arena, sizeof(char *) * (7 * CLI_MANY + 8), &memory));
  const char **list = memory;
  *count = 0;
  for (int i = 0; i < args->sets; i++) HD_TRY(keep(arena, list, count, "set", args->set[i]));
  for (int i = 0; i < args->plugins; i++) HD_TRY(keep_path(arena, list, count, "plugin", args->plugin[i]));
  for (int i = 0; i < args->grids; i++) HD_TRY(keep(arena, list, count, "grid", args->grid[i]));
  for (int i = 0; i < args->zips; i++) HD_TRY(keep(arena, list, count, "zip", args->zip[i]));
  for (int i = 0; i < args->samples; i++) HD_TRY(keep(arena, list, count, "sample", args->sample[i]));
  if (args->sampling) HD_TRY(keep(arena, list, count, "samples", args->sampling));
  if (args->repeat) HD_TRY(keep(arena, list, count, "repeat", args->repeat));
  if (args->members) HD_TRY(keep_path(arena, list, count, "members", args->members));
  for (int i = 0; i < args->overs; i++) HD_TRY(keep(arena, list, count, "over", args->over[i]));
  if (args->norm) HD_TRY(keep(arena, list, count, "norm", args->norm));
  if (args->truth) HD_TRY(keep_path(arena, list, count, "reference", args->truth));
  for (int i = 0; i < args->measures; i++) HD_TRY(keep(arena, list, count, "measure", args->measure[i]));
  if (converges) list[(*count)++] = HD_CONVERGE_WORD;
  *words = list;
  return HD_OK;
}

void cli_study_args(const hd_study_record *record, cli_args *args) {
  struct {
    const char *name;
    const char **list;
    int *count;
  } lists[] = {{"set=", args->set, &args->sets},          {"plugin=", args->plugin, &args->plugins},
               {"grid=", args->grid, &args->grids},       {"zip=", args->zip, &args->zips},
               {"sample=", args->sample, &args->samples}, {"samples=", &args->sampling, NULL},
               {"repeat=", &args->repeat, NULL},          {"members=", &args->members, NULL},
               {"over=", args->over, &args->overs},       {"norm=", &args->norm, NULL},
               {"reference=", &args->truth, NULL},        {"measure=", args->measure, &args->measures}};
  for (int64_t i = 0; i < record->words; i++)
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
      size_t length = strlen(lists[k].name);
      if (strncmp(record->word[i], lists[k].name, length)) continue;
      const char *value = record->word[i] + length;
      if (!lists[k].list) continue;
      if (!lists[k].count) *lists[k].list = value;
      else if (*lists[k].count < CLI_MANY) lists[k].list[(*lists[k].count)++] = value;
    }
  if (record->shards > 1) {
    args->shard = record->shard;
    args->shards = record->shards;
  }
}

/* -- one member -------------------------------------------------------------------------------------------------------- */

static hd_status add_sets(hd_arena *arena, const hd_members *members, cli_args *args) {
  int64_t keys = hd_members_keys(members, NULL, NULL);
  if (args->member >= hd_members_count(members))
    return hd_raise(arena->ctx, HD_ERR_INPUT, "there is no member %lld: the study has %lld, counted from 0",
                    (long long)args->member, (long long)hd_members_count(members));
  if (args->sets + keys > CLI_MANY) return hd_raise(arena->ctx, HD_ERR_INPUT, "more than %d times --set", CLI_MANY);
  for (int64_t k = 0; k < keys; k++) {
    char *kept;
    hd_text text;
    hd_text_init(&text, arena->ctx);
    hd_status status = hd_members_set(members, args->member, k, &text);
    if (status == HD_OK) status = hd_arena_text(arena, hd_text_of(&text), text.length, &kept);
    if (status == HD_OK) args->set[args->sets++] = kept;
    hd_text_free(&text);
    HD_TRY(status);
  }
  return HD_OK;
}

hd_status cli_member_sets(hd_arena *arena, const hd_case *base, const hd_study_spec *spec, cli_args *args) {
  hd_members *members;
  HD_TRY(hd_members_new(base, spec, &members));
  hd_status status = add_sets(arena, members, args);
  hd_members_free(members);
  return status;
}

static void print_words(hd_text *out, const char *option, const char *const *words, int count) {
  for (int i = 0; i < count; i++) hd_print(out, " --%s '%s'", option, words[i]);
}

void cli_study_command(hd_text *out, const char *verb, const char *file, const cli_args *args) {
  hd_print(out, "heddle %s %s", verb, file);
  print_words(out, "set", args->set, args->sets);
  print_words(out, "plugin", args->plugin, args->plugins);
  print_words(out, "grid", args->grid, args->grids);
  print_words(out, "zip", args->zip, args->zips);
  print_words(out, "sample", args->sample, args->samples);
  if (args->sampling) print_words(out, "samples", &args->sampling, 1);
  if (args->repeat) print_words(out, "repeat", &args->repeat, 1);
  if (args->members) print_words(out, "members", &args->members, 1);
  print_words(out, "over", args->over, args->overs);
  if (!strcmp(verb, "run")) return; /* a run has all measures */
  print_words(out, "measure", args->measure, args->measures);
  if (args->norm) print_words(out, "norm", &args->norm, 1);
  if (args->truth) print_words(out, "reference", &args->truth, 1);
}

void cli_member_command(hd_text *out, const char *file, const cli_args *args, int64_t member) {
  cli_study_command(out, "run", file, args);
  hd_print(out, " --member %lld", (long long)member);
}
