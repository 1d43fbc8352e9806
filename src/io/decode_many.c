/* Lists, maps of names, alternatives, variants and schedules. */
#include "io/decoder.h"

#include "base/nearest.h"
#include "base/number.h"
#include "io/merge.h"
#include "io/yaml.h"

#include <stdio.h>
#include <string.h>

static void note_shape(hd_decoder *d, const hd_param *p, const hd_node *node) {
  char label[HD_WORDS], words[HD_WORDS], expected[HD_WORDS];
  hd_words_label(d, label);
  hd_words_given(node, words);
  hd_words_expected(d, p, expected);
  hd_decode_error(d, node->place, NULL, "%s is %s; %s is expected", label, words, expected);
}

static hd_status take_items(hd_decoder *d, const hd_param *p, int64_t count, hd_items *items) {
  void *memory;
  *items = (hd_items){.count = count};
  HD_TRY(hd_arena_take(d->arena, (size_t)(count ? count : 1) * p->size, &memory));
  items->item = memory;
  return HD_OK;
}

hd_status hd_decode_list(hd_decoder *d, const hd_param *p, void *base, const hd_node *node) {
  hd_items *items = (void *)((char *)base + p->at);
  int64_t i = 0;
  if (node->kind != HD_NODE_LIST) return note_shape(d, p, node), HD_OK;
  HD_TRY(take_items(d, p, node->count, items));
  for (const hd_node *c = node->child; c; c = c->next, i++) {
    size_t before = hd_decode_enter_item(d, i);
    hd_status status = HD_OK;
    if (c->kind == HD_NODE_NULL) note_shape(d, p->sub, c);
    else status = hd_decode_value(d, p->sub, (char *)items->item + (size_t)i * p->size, c);
    hd_decode_leave(d, before);
    HD_TRY(status);
  }
  return HD_OK;
}

/* -- names ------------------------------------------------------------------------------------------------------------- */

/* The map at a path: in the file, or the default of its entry. */
static hd_status base_map(hd_decoder *d, const char *path, const hd_param **param, const hd_node **map) {
  hd_found found;
  hd_node *made = NULL;
  *map = d->root ? hd_node_find(d->root, path) : NULL;
  *param = hd_params_find(d->tables, d->count, path, &found) ? found.param : NULL;
  if (*map || !*param || !found.param->value) return HD_OK;
  HD_TRY(hd_decode_default(d, found.param, &made));
  *map = made;
  return HD_OK;
}

hd_status hd_decode_names(hd_decoder *d, const char *path, const hd_name_set **names) {
  void *memory;
  const hd_node *map;
  const hd_param *param;
  for (hd_base_names *b = d->names; b; b = b->next)
    if (!strcmp(b->path, path)) return *names = &b->names, HD_OK;
  HD_TRY(hd_arena_take(d->arena, sizeof(hd_base_names), &memory));
  hd_base_names *base = memory;
  *base = (hd_base_names){.path = path, .next = d->names};
  hd_name_set_init(&base->names, d->arena);
  d->names = base; /* before the recursion: a circle of tables ends here */
  *names = &base->names;
  HD_TRY(base_map(d, path, &param, &map));
  base->missing = !map && param && !param->value && !(param->flags & (HD_OPTIONAL | HD_AUTO));
  if (param && param->kind == HD_NAMED && param->of) return hd_decode_names(d, param->of, names);
  for (const hd_node *c = map && map->kind == HD_NODE_MAP ? map->child : NULL; c; c = c->next) {
    bool fresh;
    if (c->kind != HD_NODE_NULL) HD_TRY(hd_name_set_add(&base->names, c->key, NULL, NULL, &fresh));
  }
  return HD_OK;
}

bool hd_decode_names_missing(const hd_decoder *d, const char *path) {
  for (const hd_base_names *b = d->names; b; b = b->next)
    if (!strcmp(b->path, path)) return b->missing;
  return false;
}

static bool is_name(const char *text) {
  return *text && !strpbrk(text, ".[]{}@,:\"'\\/ \t\n") && *text != '-' && strlen(text) <= 100;
}

/* The node with what `like: NAME` copies. */
static hd_status expand_like(hd_decoder *d, const hd_param *p, const hd_node *map, const hd_node *item, int steps,
                             hd_node **out) {
  const hd_node *like = hd_node_get(item, "like");
  hd_node *own, *sibling;
  HD_TRY(hd_node_clone(d->arena, item, out));
  if (!like || (p->sub->kind == HD_GROUP && p->sub->sub == NULL)) return HD_OK;
  const hd_node *other = like->kind == HD_NODE_SCALAR ? hd_node_get(map, like->text) : NULL;
  if (!other || other == item || steps <= 0) {
    const char *name = like->kind == HD_NODE_SCALAR ? like->text : "a map";
    hd_nearest near;
    char hint[HD_WORDS] = "it copies another of these names";
    hd_nearest_begin(&near, name, strlen(name));
    for (const hd_node *c = map->child; c; c = c->next)
      if (c != item) hd_nearest_try(&near, c->key, strlen(c->key));
    if (near.best) hd_words_suggest(near.best, hint);
    if (other)
      hd_decode_error(d, like->place, "one of them must stand without `like`", "like: %s goes round in a circle", name);
    else hd_decode_error(d, like->place, hint, "like: there is no '%s' beside it", name);
    return HD_OK;
  }
  HD_TRY(hd_node_clone(d->arena, item, &own));
  own->child = own->last = NULL;
  own->count = 0;
  for (const hd_node *c = item->child; c; c = c->next) {
    hd_node *copy;
    if (c == like) continue;
    HD_TRY(hd_node_clone(d->arena, c, &copy));
    hd_node_add(own, copy);
  }
  HD_TRY(expand_like(d, p, map, other, steps - 1, &sibling));
  HD_TRY(hd_node_merge_value(d->arena, p->sub, sibling, own, out));
  (*out)->key = item->key;
  (*out)->key_place = item->key_place;
  return HD_OK;
}

static hd_status decode_item(hd_decoder *d, const hd_param *p, const hd_node *map, const hd_node *item, void *at) {
  if (hd_node_get(item, "like")) {
    hd_node *expanded;
    int64_t before = d->errors;
    HD_TRY(expand_like(d, p, map, item, (int)(map->count < 100 ? map->count : 100), &expanded));
    if (d->errors > before) return HD_OK;
    return hd_decode_value(d, p->sub, at, expanded);
  }
  return hd_decode_value(d, p->sub, at, item);
}

static hd_status decode_free_names(hd_decoder *d, const hd_param *p, hd_items *items, const hd_node *node) {
  void *memory;
  int64_t i = 0;
  HD_TRY(take_items(d, p, node->count, items));
  HD_TRY(hd_arena_take(d->arena, (size_t)(node->count + 1) * sizeof(char *), &memory));
  const char **name = memory;
  items->name = name;
  for (const hd_node *c = node->child; c; c = c->next) {
    if (c->kind == HD_NODE_NULL) continue;
    size_t before = hd_decode_enter(d, c->key);
    if (!is_name(c->key))
      hd_decode_error(d, c->key_place, "use letters, digits, _ and -", "'%s' cannot be a name: it is part of paths",
                      c->key);
    name[i] = c->key;
    hd_status status = decode_item(d, p, node, c, (char *)items->item + (size_t)i * p->size);
    hd_decode_leave(d, before);
    HD_TRY(status);
    i++;
  }
  items->count = i;
  return HD_OK;
}

static const hd_node misspelt; /* stands for a name about which there is an error already */

/* Which nodes belong to which names of the base map; a name that it does not have is an error. */
static hd_status match_names(hd_decoder *d, const hd_param *p, const hd_node *node, const hd_name_set *names,
                             const hd_node **of_name) {
  const hd_param ref = {.kind = HD_REF, .of = p->of, .doc = ""};
  for (const hd_node *c = node->child; c; c = c->next) {
    int64_t i = hd_name_set_find(names, c->key, strlen(c->key));
    const hd_node key = {.kind = HD_NODE_SCALAR, .text = c->key, .place = c->key_place};
    int index;
    if (i >= 0) of_name[i] = c->kind == HD_NODE_NULL ? NULL : c;
    else {
      hd_nearest near;
      HD_TRY(hd_decode_scalar(d, &ref, &index, &key)); /* says which name is unknown, and the nearest */
      hd_nearest_begin(&near, c->key, strlen(c->key));
      for (int64_t k = 0; k < names->count && k < 10000; k++)
        hd_nearest_try(&near, names->name[k], strlen(names->name[k]));
      i = near.best ? hd_name_set_find(names, near.best, strlen(near.best)) : -1;
      if (i >= 0 && !of_name[i]) of_name[i] = &misspelt;
    }
  }
  return HD_OK;
}

static hd_status decode_given_names(hd_decoder *d, const hd_param *p, hd_items *items, const hd_node *node,
                                    hd_place place) {
  const hd_name_set *names;
  void *memory;
  HD_TRY(hd_decode_names(d, p->of, &names));
  size_t n = (size_t)names->count + 1;
  HD_TRY(take_items(d, p, names->count, items));
  HD_TRY(hd_arena_take(d->arena, n * sizeof(char *), &memory));
  const char **name = memory;
  HD_TRY(hd_arena_take(d->arena, n * sizeof(hd_node *), &memory));
  const hd_node **of_name = memory;
  HD_TRY(match_names(d, p, node, names, of_name));
  items->name = name;
  items->count = 0;
  for (int64_t i = 0; i < names->count; i++) {
    if (of_name[i] == &misspelt) continue;
    if (!of_name[i] && !p->sub->value && ((p->flags | p->sub->flags) & HD_OPTIONAL)) continue;
    size_t before = hd_decode_enter(d, names->name[i]);
    void *at = (char *)items->item + (size_t)items->count * p->size;
    name[items->count++] = names->name[i];
    hd_status status =
        of_name[i] ? decode_item(d, p, node, of_name[i], at) : hd_decode_missing(d, p->sub, at, place, false);
    hd_decode_leave(d, before);
    HD_TRY(status);
  }
  return HD_OK;
}

hd_status hd_decode_named(hd_decoder *d, const hd_param *p, void *base, const hd_node *node, hd_place place) {
  hd_items *items = (void *)((char *)base + p->at);
  if (node->kind != HD_NODE_MAP) return note_shape(d, p, node), HD_OK;
  return p->of ? decode_given_names(d, p, items, node, place) : decode_free_names(d, p, items, node);
}

/* -- alternatives ------------------------------------------------------------------------------------------------------ */

static int fit_group(hd_decoder *d, const hd_param *p, const hd_node *node, const char *skip) {
  int known = 0, unknown = 0;
  if (node->kind != HD_NODE_MAP) {
    const hd_param *bare = hd_param_bare(p);
    return bare ? hd_decode_fit(d, bare, node) : 0;
  }
  for (const hd_node *c = node->child; c; c = c->next) {
    bool found = skip && !strcmp(c->key, skip);
    for (const hd_param *s = p->sub; s && !hd_param_end(s) && !found; s++) found = s->key && !strcmp(s->key, c->key);
    known += found;
    unknown += !found;
  }
  return !unknown ? 3 : known ? 2 : 1;
}

static int fit_named(hd_decoder *d, const hd_param *p, const hd_node *node) {
  const hd_name_set *names;
  if (node->kind != HD_NODE_MAP) return 0;
  if (!p->of || hd_decode_names(d, p->of, &names) != HD_OK) return 2;
  for (const hd_node *c = node->child; c; c = c->next)
    if (hd_name_set_find(names, c->key, strlen(c->key)) < 0) return 1;
  return 3;
}

static int fit_variant(hd_decoder *d, const hd_param *p, const hd_node *node) {
  const hd_node *kind = node->kind == HD_NODE_SCALAR ? node : hd_node_get(node, p->of);
  if (!kind) return node->kind == HD_NODE_MAP ? 1 : 0;
  if (kind->kind != HD_NODE_SCALAR) return 1;
  for (const hd_param *s = p->sub; !hd_param_end(s); s++)
    if (!strcmp(s->key, kind->text))
      return node->kind == HD_NODE_SCALAR ? 3 : fit_group(d, s, node, p->of) >= 2 ? 3 : 2;
  return 1;
}

static int fit_real(hd_decoder *d, const hd_param *p, const hd_node *node) {
  hd_unit found;
  const char *at;
  double few[4];
  int count;
  if (node->kind == HD_NODE_LIST) return p->count > 1 ? (node->count == p->count ? 3 : 1) : 0;
  if (node->kind != HD_NODE_SCALAR) return 0;
  hd_quantity_fault fault = hd_quantities_read(node->text, hd_decode_unit(d, p), d->bare, few, 4, &count, &found, &at);
  return fault == HD_QUANTITY_OK && count == (p->count > 1 ? p->count : 1) ? 3 : fault == HD_QUANTITY_NO_UNIT ? 2 : 1;
}

int hd_decode_fit(hd_decoder *d, const hd_param *p, const hd_node *node) {
  bool scalar = node->kind == HD_NODE_SCALAR, truth, fits;
  int64_t whole;
  hd_choice choice;
  const hd_name_set *names;
  if (scalar && (p->flags & HD_AUTO) && !strcmp(node->text, "auto")) return 3;
  switch (p->kind) {
    case HD_BOOL: return scalar ? (hd_decode_bool_word(node->text, &truth) ? 3 : 1) : 0;
    case HD_INT: return scalar ? (hd_integer_read(node->text, &whole, &fits) ? 3 : 1) : 0;
    case HD_REAL: return fit_real(d, p, node);
    case HD_TEXT:
    case HD_PATH: return scalar ? (node->quoted ? 3 : 2) : 0;
    case HD_CHOICE: return scalar ? (hd_choice_find(p->of, node->text, &choice) >= 0 ? 3 : 1) : 0;
    case HD_REF:
      if (!scalar || hd_decode_names(d, p->of, &names) != HD_OK) return 0;
      return hd_name_set_find(names, node->text, strlen(node->text)) >= 0 ? 3 : 1;
    case HD_GROUP: return fit_group(d, p, node, NULL);
    case HD_NAMED: return fit_named(d, p, node);
    case HD_LIST: {
      if (node->kind != HD_NODE_LIST) return 0;
      if (!node->count) return 3;
      int first = hd_decode_fit(d, p->sub, node->child);
      return first ? first : 1;
    }
    case HD_EITHER: {
      int best = 0;
      for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
        int fit = hd_decode_fit(d, s, node);
        if (fit > best) best = fit;
      }
      return best;
    }
    case HD_VARIANT: return fit_variant(d, p, node);
    case HD_SCHEDULE:
      if (scalar) return hd_integer_read(node->text, &whole, &fits) ? 3 : 1;
      return node->kind == HD_NODE_LIST || hd_node_get(node, "every") || hd_node_get(node, "every_steps") ? 3 : 0;
    case HD_ANY: return 1;
  }
  return 0;
}

hd_status hd_decode_either(hd_decoder *d, const hd_param *p, void *base, const hd_node *node) {
  int best = -1, best_fit = 0, equal = 0;
  for (int i = 0; !hd_param_end(&p->sub[i]); i++) {
    int fit = hd_decode_fit(d, &p->sub[i], node);
    equal = fit > best_fit ? 1 : equal + (fit == best_fit);
    if (fit > best_fit) best = i, best_fit = fit;
  }
  hd_decode_absent(p, base);
  bool vague = best_fit == 1 && (equal > 1 || (p->sub[best].kind != HD_REAL && p->sub[best].kind < HD_GROUP));
  if (best < 0 || vague) return note_shape(d, p, node), HD_OK;
  if (p->sub[best].flags & HD_LATER) {
    hd_decode_error(d, node->place, NULL, "%s is not in this version", p->sub[best].doc);
    return HD_OK;
  }
  *(int *)((char *)base + p->at) = best;
  return hd_decode_value(d, &p->sub[best], base, node);
}

static void note_kind(hd_decoder *d, const hd_param *p, const hd_node *kind) {
  char kinds[HD_WORDS] = "", label[HD_WORDS], hint[HD_WORDS];
  size_t used = 0;
  hd_nearest near;
  hd_nearest_begin(&near, kind->text, strlen(kind->text));
  for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
    if (s->flags & (HD_LATER | HD_REFUSED)) continue;
    hd_nearest_try(&near, s->key, strlen(s->key));
    if (used < HD_WORDS - 60) used += hd_words(kinds + used, HD_WORDS - used, "%s%s", used ? ", " : "", s->key);
  }
  hd_words_label(d, label);
  if (near.best) hd_words_suggest(near.best, hint);
  hd_decode_error(d, kind->place, near.best ? hint : NULL, "%s.%s is '%.60s'; one of %s is expected", label, p->of,
                  kind->text, kinds);
}

static hd_status decode_variant_of(hd_decoder *d, const hd_param *p, void *base, const hd_node *node,
                                   const hd_node *kind) {
  int i = 0;
  while (!hd_param_end(&p->sub[i]) && strcmp(p->sub[i].key, kind->text)) i++;
  const hd_param *s = &p->sub[i];
  if (hd_param_end(s)) return note_kind(d, p, kind), HD_OK;
  if (s->flags & (HD_LATER | HD_REFUSED)) {
    bool later = s->flags & HD_LATER;
    hd_decode_error(d, kind->place, later ? NULL : s->doc, "%s: %s is not %s", p->of, kind->text,
                    later ? "in this version" : "used");
    return HD_OK;
  }
  *(int *)((char *)base + p->at) = i;
  if (s->kind != HD_GROUP) return HD_OK;
  hd_table part = {s->sub, base};
  return hd_decode_groups(d, &part, 1, node->kind == HD_NODE_MAP ? node : NULL, hd_decode_key_place(node), p->of);
}

hd_status hd_decode_variant(hd_decoder *d, const hd_param *p, void *base, const hd_node *node) {
  hd_decode_absent(p, base);
  const hd_node *kind = node->kind == HD_NODE_SCALAR ? node : hd_node_get(node, p->of);
  if (node->kind == HD_NODE_LIST || (node->kind == HD_NODE_MAP && (!kind || kind->kind != HD_NODE_SCALAR))) {
    char expected[HD_WORDS];
    hd_words_expected(d, p, expected);
    if (node->kind == HD_NODE_MAP && !kind)
      hd_decode_error(d, hd_decode_key_place(node), expected, "%s.%s is missing", d->path, p->of);
    else note_shape(d, p, kind ? kind : node);
    return HD_OK;
  }
  return decode_variant_of(d, p, base, node, kind);
}

/* -- schedules --------------------------------------------------------------------------------------------------------- */

static hd_status decode_times(hd_decoder *d, const hd_param *time, hd_schedule *into, const hd_node *node) {
  void *memory;
  int64_t i = 0;
  HD_TRY(hd_arena_take(d->arena, (size_t)(node->count + 1) * sizeof(double), &memory));
  double *at = memory;
  for (const hd_node *c = node->child; c; c = c->next, i++) {
    size_t before = hd_decode_enter_item(d, i);
    bool good = hd_decode_real(d, time, c, &at[i]);
    if (good && i && at[i] <= at[i - 1])
      hd_decode_error(d, c->place, NULL, "the list must ascend: %s does not come after the one before it", c->text);
    hd_decode_leave(d, before);
    if (!good) at[i] = i ? at[i - 1] : 0;
  }
  if (!node->count) hd_decode_error(d, node->place, "leave the key out for the default", "an empty list of times");
  into->at = at;
  into->at_count = node->count;
  return HD_OK;
}

static hd_status decode_every(hd_decoder *d, const hd_param *p, hd_schedule *into, const hd_node *node) {
  static const char *const doc = "the time between two";
  struct every {
    double time;
    int64_t steps;
  } read = {0};
  const hd_param keys[] = {{.key = "every",
                            .kind = HD_REAL,
                            .unit = p->unit,
                            .range = "> 0",
                            .instead = "every_steps",
                            .at = offsetof(struct every, time),
                            .doc = doc},
                           {.key = "every_steps",
                            .kind = HD_INT,
                            .range = ">= 1",
                            .instead = "every",
                            .at = offsetof(struct every, steps),
                            .doc = doc},
                           {0}};
  hd_table part = {keys, &read};
  int64_t before = d->errors;
  HD_TRY(hd_decode_groups(d, &part, 1, node, hd_decode_key_place(node), NULL));
  d->unit_of = NULL; /* of a table on the stack */
  if (d->errors > before) return HD_OK;
  if (read.time > 0) into->every = read.time;
  if (read.steps > 0) into->every_steps = read.steps;
  return HD_OK;
}

hd_status hd_decode_schedule(hd_decoder *d, const hd_param *p, hd_schedule *into, const hd_node *node) {
  bool fits;
  *into = (hd_schedule){0};
  if (node->kind == HD_NODE_LIST) {
    const hd_param time = {.kind = HD_REAL, .unit = p->unit, .doc = p->doc};
    d->unit_of = NULL;
    hd_status status = decode_times(d, &time, into, node);
    d->unit_of = NULL;
    return status;
  }
  if (node->kind == HD_NODE_MAP) return decode_every(d, p, into, node);
  if (!hd_integer_read(node->text, &into->count, &fits)) return note_shape(d, p, node), HD_OK;
  if (into->count < 1 || into->count > 1000000000) {
    hd_decode_error(d, node->place, NULL, "a count of %s; it must be in [1, 1000000000]", node->text);
    into->count = 1;
  }
  return HD_OK;
}
