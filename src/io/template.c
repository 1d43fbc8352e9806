/* The text of `heddle new`: a scenario with everything that must be given, and every default as a comment. */
#include "io/reference.h"
#include "io/words.h"
#include "io/yaml.h"

#include <string.h>

enum { COMMENT_AT = 34 };

static bool is_required(const hd_param *p) {
  return !p->value && !(p->flags & (HD_OPTIONAL | HD_AUTO | HD_REFUSED | HD_LATER)) && p->kind != HD_ANY;
}

/* Is there something in or below the entry that must be given? `map`: what the preset says there. */
static bool asks(const hd_param *p, const hd_node *map) {
  const hd_node *own = p->key ? hd_node_get(map, p->key) : NULL;
  if (!is_required(p)) return false;
  if (p->kind != HD_GROUP) return !own;
  for (const hd_param *s = p->sub; !hd_param_end(s); s++)
    if (asks(s, own)) return true;
  return false;
}

static bool is_hidden(const hd_param *p) { return !p->key || (p->flags & (HD_REFUSED | HD_LATER)); }

static void add_comment(hd_text *out, size_t begin, const hd_param *p) {
  size_t used = out->length - begin;
  hd_print(out, "%*s# ", used < COMMENT_AT ? (int)(COMMENT_AT - used) : 1, "");
  if (p->kind == HD_GROUP) return hd_print(out, "%s\n", p->doc);
  hd_words_type(out, p);
  hd_print(out, "; %s\n", p->doc);
}

static void add_entries(hd_text *out, const hd_param *list, const hd_node *map, int depth, bool commented);

/* Every kind of a variant with its keys; `item`: under a name of the user's or in a list. */
static void add_kinds(hd_text *out, const hd_param *variant, const char *item, int depth) {
  for (const hd_param *s = variant->sub; !hd_param_end(s); s++) {
    if (is_hidden(s)) continue;
    if (item) hd_print(out, "# %*s%s\n", 2 * depth, "", item);
    size_t begin = out->length;
    hd_print(out, "# %*s%s%s: %s", 2 * depth + (item ? 2 : 0), "", item ? "" : "# ", variant->of, s->key);
    size_t used = out->length - begin;
    if (item) hd_print(out, "%*s# %s\n", used < COMMENT_AT ? (int)(COMMENT_AT - used) : 1, "", s->doc);
    else hd_print(out, " -- %s\n", s->doc);
    add_entries(out, s->sub, NULL, depth + (item ? 1 : 0), true);
  }
}

static void add_entry(hd_text *out, const hd_param *p, const hd_node *map, int depth, bool commented) {
  size_t begin = out->length;
  bool off = commented || !asks(p, map);
  const hd_node *own = hd_node_get(map, p->key);
  hd_print(out, "%s%*s%s:", off ? "# " : "", 2 * depth, "", p->key);
  if (p->kind == HD_GROUP) {
    add_comment(out, begin, p);
    add_entries(out, p->sub, own, depth + 1, off);
    return;
  }
  if (p->value) hd_print(out, " %s", p->value);
  else if (p->flags & HD_AUTO) hd_print(out, " auto");
  add_comment(out, begin, p);
  bool many = p->kind == HD_NAMED || p->kind == HD_LIST;
  if (p->kind == HD_VARIANT) add_kinds(out, p, NULL, depth + 1);
  else if (many && p->sub->kind == HD_VARIANT) add_kinds(out, p->sub, p->kind == HD_NAMED ? "NAME:" : "-", depth + 1);
  else if (many && p->sub->kind == HD_GROUP) {
    hd_print(out, "# %*s%s\n", 2 * depth + 2, "", p->kind == HD_NAMED ? "NAME:" : "- # each:");
    add_entries(out, p->sub->sub, NULL, depth + 2, true);
  }
}

/* What must be given comes first. */
static void add_entries(hd_text *out, const hd_param *list, const hd_node *map, int depth, bool commented) {
  for (int pass = 0; pass < 2; pass++)
    for (const hd_param *p = list; p && !hd_param_end(p); p++)
      if (!is_hidden(p) && asks(p, map) == (pass == 0)) add_entry(out, p, map, depth, commented);
}

static const hd_param *find_key(const hd_param *list, const char *key) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++)
    if (p->key && !strcmp(p->key, key)) return p;
  return NULL;
}

/* The values of the preset that holds unless another is named. */
static void read_preset(hd_arena *arena, const hd_solver *solver, hd_node **root) {
  hd_notes *notes;
  const hd_param *choice = find_key(solver->params, "preset");
  *root = NULL;
  if (!choice || !choice->value || hd_notes_new(arena->ctx, &notes) != HD_OK) return;
  for (const hd_preset *s = solver->presets; s && s->name; s++)
    if (!strcmp(s->name, choice->value) && hd_yaml_text(arena, s->name, s->yaml, notes, root) != HD_OK) *root = NULL;
  hd_notes_free(notes);
}

void hd_template_write(hd_text *out, const hd_solver *solver, const hd_param *common) {
  hd_arena arena;
  hd_node *preset;
  const hd_param *title = find_key(common, "title");
  hd_arena_init(&arena, out->ctx);
  read_preset(&arena, solver, &preset);
  hd_print(out, "# A scenario for the solver %s: %s.\n", solver->name, solver->doc);
  hd_print(out, "# Fill in what stands without #; take the # away from what you want to change.\n");
  hd_print(out, "# `heddle check` tells what is missing.\n");
  hd_print(out, "solver: %s\n", solver->name);
  if (title) hd_print(out, "title:%*s# %s\n", COMMENT_AT - 6, "", title->doc);
  for (const hd_preset *s = solver->presets; s && s->name; s++) {
    size_t begin = out->length;
    hd_print(out, "# preset: %s", s->name);
    size_t used = out->length - begin;
    hd_print(out, "%*s# %s\n", used < COMMENT_AT ? (int)(COMMENT_AT - used) : 1, "", s->doc);
  }
  hd_print(out, "\n");
  for (int pass = 0; pass < 2; pass++)
    for (const hd_param *p = solver->params; p && !hd_param_end(p); p++)
      if (!is_hidden(p) && strcmp(p->key, "preset") && asks(p, preset) == (pass == 0))
        add_entry(out, p, preset, 0, false);
  hd_print(out, "\n# -- keys of every scenario --\n");
  for (const hd_param *p = common; p && !hd_param_end(p); p++)
    if (!is_hidden(p) && strcmp(p->key, "solver") && strcmp(p->key, "title")) add_entry(out, p, NULL, 0, true);
  hd_arena_free(&arena);
}
