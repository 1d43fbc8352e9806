/* Cases that differ from another one in a few parameters: the members of a study.
 *
 * Three ways, each as exact as the one before is fast: a number put into a copy of the decoded struct; a value put into the
 * merged tree and decoded; the file read again, where the value decides what is merged (a preset).
 */
#include "io/decode.h"
#include "io/merge.h"
#include "run/case.h"
#include "run/params_copy.h"

#include <string.h>

static void unchecked_tables(const hd_case *kase, hd_table tables[2]) {
  hd_case *writable = (hd_case *)(uintptr_t)kase; /* only read */
  tables[0] = (hd_table){hd_common_params, &writable->unchecked_common};
  tables[1] = (hd_table){kase->solver->params, kase->unchecked};
}

/* -- which way --------------------------------------------------------------------------------------------------------- */

static bool copies_siblings(const hd_node *map) {
  for (const hd_node *c = map ? map->child : NULL; c; c = c->next)
    if (hd_node_get(c, "like")) return true;
  return false;
}

bool hd_case_plain(const hd_case *kase, const char *path) {
  char above[512] = "";
  hd_table tables[2];
  hd_found found, way;
  hd_step_of_path step;
  if (!kase->unchecked || strlen(path) >= sizeof above) return false;
  unchecked_tables(kase, tables);
  if (!hd_params_find(tables, 2, path, &found) || !found.base) return false;
  bool number = (found.param->kind == HD_REAL && found.param->count <= 1) || found.param->kind == HD_INT;
  const hd_node *node = hd_node_find(kase->tree, path);
  if (!number || (node && node->kind != HD_NODE_SCALAR)) return false;
  const hd_node *map;
  for (const char *rest = path; (rest = hd_path_step(rest, &step)) && *rest;) {
    size_t length = (size_t)(rest - path);
    while (length && path[length - 1] == '.') length--;
    memcpy(above, path, length);
    above[length] = 0;
    map = hd_node_find(kase->tree, above);
    if (!map || (map->kind != HD_NODE_MAP && map->kind != HD_NODE_LIST)) return false;
    if (!hd_params_find(tables, 2, above, &way)) continue; /* an item of a list or a map of names */
    if (way.param->kind == HD_EITHER || (way.param->kind == HD_NAMED && copies_siblings(map))) return false;
  }
  return node || (!found.param->instead && !(found.param->flags & HD_OPTIONAL));
}

/* The layers below the file depend on it: presets, options that an import takes from the scenario. */
static bool shapes_layers(const hd_case *base, const char *path) {
  return !strcmp(path, "preset") || (hd_node_get(base->tree, "import") && !strpbrk(path, ".["));
}

/* -- the three ways ---------------------------------------------------------------------------------------------------- */

static hd_status new_case(const hd_case *base, hd_ctx *ctx, hd_case **out) {
  void *memory;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_case), &memory));
  hd_case *kase = *out = memory;
  kase->ctx = ctx;
  hd_arena_init(&kase->arena, ctx);
  kase->solvers = base->solvers;
  kase->shares_solvers = true;
  kase->solver = base->solver;
  kase->tree = base->tree;
  kase->file = base->file;
  kase->options = base->options;
  HD_TRY(hd_arena_take(&kase->arena, base->solver->params_size, &kase->params));
  return hd_notes_new(ctx, &kase->notes);
}

hd_case_slot hd_case_slot_of(const hd_case *kase, const char *path) {
  static const hd_case_slot none = {0};
  hd_table tables[2];
  hd_found found;
  unchecked_tables(kase, tables);
  if (!kase->unchecked || !hd_params_find(tables, 2, path, &found) || !found.base) return none;
  size_t size = found.table ? kase->solver->params_size : sizeof kase->unchecked_common;
  uintptr_t at = (uintptr_t)hd_found_at(&found), from = (uintptr_t)tables[found.table].into;
  bool inside = at >= from && at - from < size; /* not in an item of a list */
  return inside ? (hd_case_slot){found.param, found.table, at - from} : none;
}

static void *place_of(const hd_table *tables, const hd_case_change *change, const hd_param **param) {
  hd_found found;
  if (change->slot && change->slot->param) {
    *param = change->slot->param;
    return (char *)tables[change->slot->table].into + change->slot->at;
  }
  if (!hd_params_find(tables, 2, change->path, &found) || !found.base) return NULL;
  *param = found.param;
  return hd_found_at(&found);
}

static hd_status by_struct(const hd_case *base, const hd_case_change *changes, int64_t count, hd_case *kase) {
  hd_table tables[2];
  const hd_param *param;
  kase->common = base->unchecked_common;
  HD_TRY(hd_params_copy(&kase->arena, base->solver->params, base->unchecked, base->solver->params_size, kase->params));
  hd_case_tables(kase, tables);
  for (int64_t c = 0; c < count; c++) {
    void *at = place_of(tables, &changes[c], &param);
    if (!at) return hd_raise(kase->ctx, HD_ERR_BUG, "%s is not in the struct", changes[c].path);
    if (param->kind == HD_INT) *(int64_t *)at = (int64_t)changes[c].number;
    else *(double *)at = changes[c].number;
  }
  hd_notes_root(kase->notes, kase->tree);
  return hd_case_settle(kase);
}

static hd_status by_tree(const hd_case_change *changes, int64_t count, hd_case *kase) {
  hd_table tables[2];
  hd_case_tables(kase, tables);
  for (int64_t c = 0; c < count; c++)
    HD_TRY(
        hd_node_put(&kase->arena, tables, 2, kase->notes, kase->tree, changes[c].path, changes[c].value, &kase->tree));
  hd_notes_root(kase->notes, kase->tree);
  if (hd_notes_count(kase->notes, HD_NOTE_ERROR)) return HD_OK;
  HD_TRY(hd_decode(&kase->arena, tables, 2, kase->tree, kase->notes));
  if (hd_notes_count(kase->notes, HD_NOTE_ERROR)) return HD_OK;
  return hd_case_settle(kase);
}

static hd_status by_file(const hd_case *base, hd_ctx *ctx, const hd_case_change *changes, int64_t count,
                         hd_case **out) {
  hd_arena arena;
  void *memory;
  hd_case_options options = base->options;
  hd_arena_init(&arena, ctx);
  hd_status status = hd_arena_take(&arena, sizeof(char *) * (size_t)(options.set_count + count + 1), &memory);
  const char **set = memory;
  for (int i = 0; status == HD_OK && i < options.set_count; i++) set[i] = options.set[i];
  for (int64_t c = 0; status == HD_OK && c < count; c++) {
    hd_text text;
    char *kept = NULL;
    hd_text_init(&text, ctx);
    hd_print(&text, "%s=", changes[c].path);
    if (changes[c].value->kind == HD_NODE_SCALAR)
      hd_node_print_scalar(&text, changes[c].value->text, changes[c].value->quoted);
    else
      status = hd_raise(ctx, HD_ERR_INPUT, "%s varies together with preset or import: one word is expected",
                        changes[c].path);
    if (status == HD_OK) status = hd_text_status(&text);
    if (status == HD_OK) status = hd_arena_text(&arena, hd_text_of(&text), text.length, &kept);
    if (status == HD_OK) set[options.set_count++] = kept;
    hd_text_free(&text);
  }
  options.set = set;
  if (status == HD_OK) status = hd_case_load(ctx, base->file, &options, out);
  if (*out) (*out)->options = base->options;
  hd_arena_free(&arena);
  return status;
}

static void drop(hd_case **kase) {
  hd_case_free(*kase);
  *kase = NULL;
}

/* An empty case in *out; that of by_struct before is used again. */
static hd_status empty_case(const hd_case *base, hd_ctx *ctx, hd_case **out) {
  hd_case *kase = *out;
  if (!kase || !kase->only_struct) {
    drop(out);
    return new_case(base, ctx, out);
  }
  hd_arena_reset(&kase->arena);
  hd_notes_clear(kase->notes);
  kase->identity = (hd_hash){0};
  return hd_arena_take(&kase->arena, base->solver->params_size, &kase->params);
}

hd_status hd_case_vary(const hd_case *base, hd_ctx *ctx, const hd_case_change *changes, int64_t count, hd_case **out) {
  *out = NULL;
  return hd_case_vary_again(base, ctx, changes, count, out);
}

hd_status hd_case_vary_again(const hd_case *base, hd_ctx *ctx, const hd_case_change *changes, int64_t count,
                             hd_case **out) {
  bool plain = base->unchecked;
  for (int64_t c = 0; c < count; c++) {
    if (shapes_layers(base, changes[c].path)) {
      drop(out);
      return by_file(base, ctx, changes, count, out);
    }
    plain &= changes[c].plain;
  }
  if (plain) {
    hd_status status = empty_case(base, ctx, out);
    if (status == HD_OK) (*out)->only_struct = true;
    if (status == HD_OK) status = by_struct(base, changes, count, *out);
    bool wrong = *out && (*out)->notes && hd_notes_count((*out)->notes, HD_NOTE_ERROR);
    if (!wrong || (status != HD_OK && status != HD_ERR_INPUT)) return status;
  }
  drop(out); /* the slower way says where */
  HD_TRY(new_case(base, ctx, out));
  hd_status status = by_tree(changes, count, *out);
  return status == HD_OK ? hd_notes_status((*out)->notes) : status;
}
