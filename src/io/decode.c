/* Groups: every key of the tables is looked for, every key of the file is known, what excludes itself is not given twice. */
#include "io/decoder.h"

#include "base/nearest.h"
#include "io/yaml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 60, MANY_KEYS = 14 };

/* -- path -------------------------------------------------------------------------------------------------------------- */

size_t hd_decode_enter(hd_decoder *d, const char *key) {
  size_t before = d->length, n = key ? strlen(key) : 0;
  if (!n || d->length + n + 2 > sizeof d->path) return before;
  if (d->length) d->path[d->length++] = '.';
  memcpy(d->path + d->length, key, n + 1);
  d->length += n;
  return before;
}

size_t hd_decode_enter_item(hd_decoder *d, int64_t index) {
  size_t before = d->length;
  if (d->length + 24 > sizeof d->path) return before;
  d->length += hd_words(d->path + d->length, 24, "[%lld]", (long long)index);
  return before;
}

void hd_decode_leave(hd_decoder *d, size_t length) {
  d->length = length;
  d->path[length] = 0;
}

/* -- what is not there ------------------------------------------------------------------------------------------------- */

const hd_param *hd_param_bare(const hd_param *group) {
  for (const hd_param *p = group->sub; p && !hd_param_end(p); p++)
    if (p->flags & HD_BARE) return p;
  return NULL;
}

void hd_decode_absent(const hd_param *p, void *base) {
  if (p->flags & (HD_REFUSED | HD_LATER)) return;
  char *at = (char *)base + p->at;
  switch (p->kind) {
    case HD_BOOL: *(bool *)at = false; break;
    case HD_INT:
      for (int i = 0; i < (p->count > 1 ? p->count : 1); i++) ((int64_t *)at)[i] = INT64_MIN;
      break;
    case HD_REAL:
      for (int i = 0; i < (p->count > 1 ? p->count : 1); i++) ((double *)at)[i] = NAN;
      break;
    case HD_TEXT:
    case HD_PATH: *(const char **)at = NULL; break;
    case HD_CHOICE:
    case HD_REF: *(int *)at = -1; break;
    case HD_GROUP:
      for (const hd_param *s = p->sub; !hd_param_end(s); s++) hd_decode_absent(s, base);
      break;
    case HD_NAMED:
    case HD_LIST: *(hd_items *)at = (hd_items){0}; break;
    case HD_EITHER:
    case HD_VARIANT:
      for (const hd_param *s = p->sub; !hd_param_end(s); s++) hd_decode_absent(s, base);
      *(int *)at = -1;
      break;
    case HD_SCHEDULE: *(hd_schedule *)at = (hd_schedule){0}; break;
    case HD_ANY:
      if (p->size) *(const hd_node **)at = NULL;
      break;
  }
}

/* Does the text need no YAML reader: one plain scalar? */
static bool is_plain(const char *text) {
  return *text && !strpbrk(text, "[]{}\"'#&*!|>@`:\n") && *text != '?' && *text != ' ' &&
         !(*text == '-' && text[1] == ' ') && strcmp(text, "~") && strcmp(text, "null");
}

hd_status hd_decode_default(hd_decoder *d, const hd_param *p, hd_node **node) {
  const hd_place nowhere = {0};
  if (is_plain(p->value)) {
    HD_TRY(hd_node_new(d->arena, HD_NODE_SCALAR, nowhere, node));
    (*node)->text = p->value;
    return HD_OK;
  }
  bool list = !strcmp(p->value, "[]");
  if (list || !strcmp(p->value, "{}")) return hd_node_new(d->arena, list ? HD_NODE_LIST : HD_NODE_MAP, nowhere, node);
  return hd_yaml_text(d->arena, "default", p->value, d->notes, node);
}

/* "cells or cell" is said once, at the first of them. */
static bool is_sibling_before(const hd_param *list, const hd_param *p) {
  for (const hd_param *q = list; q < p; q++)
    if (q->key && hd_text_lists(p->instead, ' ', q->key)) return true;
  return false;
}

/* Which keys below a group must be given: "length, cells". */
static bool add_required(const hd_param *list, char *out, size_t room) {
  bool any = false;
  for (const hd_param *p = list; p && !hd_param_end(p); p++) {
    if (p->value || (p->flags & (HD_OPTIONAL | HD_AUTO | HD_REFUSED | HD_LATER)) || p->kind == HD_ANY) continue;
    char below[HD_WORDS] = "";
    if (p->kind == HD_GROUP && !add_required(p->sub, below, sizeof below)) continue;
    any = true;
    size_t n = strlen(out);
    if (!p->key || (p->instead && is_sibling_before(list, p))) continue;
    hd_words(out + n, room - n, "%s%s%s%s", n ? ", " : "", p->key, p->instead ? " or " : "",
             p->instead ? p->instead : "");
  }
  return any;
}

/* A key that an error about a misspelt one suggests: its absence is told with that. */
static void suggest(hd_decoder *d, const char *key) {
  void *memory;
  char *path;
  size_t before = hd_decode_enter(d, key);
  if (hd_arena_take(d->arena, sizeof(hd_suggested), &memory) == HD_OK &&
      hd_arena_text(d->arena, d->path, d->length, &path) == HD_OK) {
    hd_suggested *s = memory;
    *s = (hd_suggested){path, d->suggested};
    d->suggested = s;
  }
  hd_decode_leave(d, before);
}

static bool is_suggested(const hd_decoder *d) {
  for (const hd_suggested *s = d->suggested; s; s = s->next)
    if (!strcmp(s->path, d->path)) return true;
  return false;
}

static void note_missing(hd_decoder *d, const hd_param *p, hd_place place) {
  char keys[HD_WORDS] = "", others[HD_WORDS] = "", hint[2 * HD_WORDS];
  if (is_suggested(d)) return;
  const char *dot = strrchr(d->path, '.'), *key = p->key ? p->key : dot ? dot + 1 : d->path;
  if (p->kind == HD_GROUP) add_required(p->sub, keys, sizeof keys);
  if (p->instead) hd_words(others, sizeof others, " (or %s)", p->instead);
  if (p->kind == HD_NAMED && !p->of && p->sub->kind == HD_VARIANT) {
    hd_words_expected(d, p->sub, keys);
    hd_words(hint, sizeof hint, "%s: %s, each %s", key, p->doc, keys);
  } else if (*keys) hd_words(hint, sizeof hint, "%s: %s; it needs %s", key, p->doc, keys);
  else hd_words(hint, sizeof hint, "%s: %s", key, p->doc);
  hd_decode_error(d, place, hint, "%s is missing%s", d->path, others);
}

hd_status hd_decode_missing(hd_decoder *d, const hd_param *p, void *base, hd_place place, bool excluded) {
  if (p->flags & (HD_REFUSED | HD_LATER)) return HD_OK;
  hd_decode_absent(p, base);
  if (excluded) return HD_OK;
  if (p->value && strcmp(p->value, "auto")) {
    hd_node *node;
    HD_TRY(hd_decode_default(d, p, &node));
    if (!node || node->kind == HD_NODE_NULL) return HD_OK;
    return hd_decode_value(d, p, base, node);
  }
  if (p->value || (p->flags & (HD_OPTIONAL | HD_AUTO)) || p->kind == HD_ANY) return HD_OK;
  char keys[HD_WORDS] = "";
  if (p->kind == HD_GROUP && !add_required(p->sub, keys, sizeof keys)) {
    hd_table part = {p->sub, base};
    return hd_decode_groups(d, &part, 1, NULL, place, NULL);
  }
  note_missing(d, p, place);
  return HD_OK;
}

/* -- keys -------------------------------------------------------------------------------------------------------------- */

static const hd_param *find_key(const hd_param *list, const char *key) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++)
    if (p->key && !strcmp(p->key, key)) return p;
  return NULL;
}

/* Full paths in the tables that end with `key`: the only one, or NULL. */
typedef struct suffix {
  const char *key;
  int found;
  char path[HD_WORDS];
  char at[HD_WORDS];
} suffix;

static void find_suffix(const hd_param *list, suffix *s, int depth) {
  for (const hd_param *p = list; p && depth < 6 && !hd_param_end(p); p++) {
    size_t before = strlen(s->at);
    if (!p->key) continue;
    if (p->flags & (HD_REFUSED | HD_LATER)) continue;
    hd_words(s->at + before, sizeof s->at - before, "%s%s", before ? "." : "", p->key);
    if (!strcmp(p->key, s->key) && strcmp(s->path, s->at)) {
      s->found++;
      memcpy(s->path, s->at, sizeof s->path);
    }
    if (p->kind == HD_GROUP) find_suffix(p->sub, s, depth + 1);
    s->at[before] = 0;
  }
}

static void note_unknown(hd_decoder *d, const hd_table *parts, int count, const hd_node *child) {
  char hint[2 * HD_WORDS];
  size_t used = 0, keys = 0;
  hd_nearest near;
  hd_nearest_begin(&near, child->key, strlen(child->key));
  suffix s = {.key = child->key};
  for (int t = 0; t < count; t++)
    for (const hd_param *p = parts[t].params; p && !hd_param_end(p); p++)
      if (p->key && !(p->flags & (HD_REFUSED | HD_LATER))) hd_nearest_try(&near, p->key, strlen(p->key)), keys++;
  for (int t = 0; t < d->count; t++) find_suffix(d->tables[t].params, &s, 0);
  if (s.found == 1) hd_words(hint, sizeof hint, "did you mean '%s'?", s.path);
  else if (near.best) hd_words(hint, sizeof hint, "did you mean '%s'?", near.best), suggest(d, near.best);
  else if (keys > MANY_KEYS) hd_words(hint, sizeof hint, "`heddle new SOLVER` shows all keys");
  else {
    used = hd_words(hint, sizeof hint, "known here: ");
    for (int t = 0; t < count; t++)
      for (const hd_param *p = parts[t].params; p && !hd_param_end(p) && used < sizeof hint - 60; p++)
        if (p->key && !(p->flags & (HD_REFUSED | HD_LATER)) && (t == 0 || !find_key(parts[0].params, p->key)))
          used += hd_words(hint + used, sizeof hint - used, "%s%s", used > 12 ? ", " : "", p->key);
  }
  if (d->length) hd_decode_error(d, child->key_place, hint, "unknown key '%s' in %s", child->key, d->path);
  else hd_decode_error(d, child->key_place, hint, "unknown key '%s'", child->key);
}

static void note_refused(hd_decoder *d, const hd_param *p, const hd_node *child) {
  if (p->flags & HD_LATER) hd_decode_error(d, child->key_place, NULL, "%s is not in this version", d->path);
  else hd_decode_error(d, child->key_place, p->doc, "%s is not used", d->path);
}

static void check_keys(hd_decoder *d, const hd_table *parts, int count, const hd_node *node, const char *skip) {
  for (const hd_node *c = node->child; c; c = c->next) {
    const hd_param *p = NULL;
    if (skip && !strcmp(c->key, skip)) continue;
    for (int t = 0; t < count && !p; t++) p = find_key(parts[t].params, c->key);
    if (!p) note_unknown(d, parts, count, c);
    else if (c->kind != HD_NODE_NULL && (p->flags & (HD_REFUSED | HD_LATER))) {
      size_t before = hd_decode_enter(d, c->key);
      note_refused(d, p, c);
      hd_decode_leave(d, before);
    }
  }
}

/* -- groups ------------------------------------------------------------------------------------------------------------ */

static const hd_node *given(const hd_node *node, const char *key, size_t length) {
  const hd_node *child = hd_node_get_n(node, key, length);
  return child && child->kind != HD_NODE_NULL ? child : NULL;
}

/* Is one of the siblings there that exclude this entry? The second of two given ones is an error. */
static bool is_excluded(hd_decoder *d, const hd_param *p, const hd_node *node, const hd_node *own) {
  for (const char *name = p->instead; name && *name;) {
    size_t n = strcspn(name, " ");
    const hd_node *other = given(node, name, n);
    if (other && own) {
      bool later = own->key_place.source != other->key_place.source || own->key_place.line > other->key_place.line ||
                   (own->key_place.line == other->key_place.line && own->key_place.column > other->key_place.column);
      if (later)
        hd_decode_error(d, own->key_place, "remove one of them", "give %s or %s, not both", other->key, own->key);
      return true;
    }
    if (other) return true;
    name += n;
    name += *name == ' ';
  }
  return false;
}

/* Of entries that exclude each other only the first is said to be missing, and none if one of them may be absent. */
static bool is_spoken_for(const hd_param *list, const hd_param *p) {
  for (const hd_param *q = list; !hd_param_end(q); q++) {
    if (q == p || !q->key || !hd_text_lists(p->instead, ' ', q->key) || (q->flags & (HD_REFUSED | HD_LATER))) continue;
    if (q < p || q->value || (q->flags & (HD_OPTIONAL | HD_AUTO))) return true;
  }
  return false;
}

static hd_status decode_entry(hd_decoder *d, const hd_param *list, const hd_param *p, void *base, const hd_node *node,
                              hd_place place) {
  const hd_node *own = node ? given(node, p->key, strlen(p->key)) : NULL;
  bool excluded =
      p->instead && ((node && is_excluded(d, p, node, own)) || (!own && !p->value && is_spoken_for(list, p)));
  if (own && (p->flags & (HD_REFUSED | HD_LATER))) return HD_OK; /* noted with the keys */
  if (own && !excluded) return hd_decode_value(d, p, base, own);
  const hd_node *empty = own ? NULL : hd_node_get(node, p->key);
  if (empty) place = empty->key_place; /* a key without a value */
  return hd_decode_missing(d, p, base, place, excluded);
}

/* One group that several tables describe, with the entry at `first` of table `t`. */
static hd_status decode_shared(hd_decoder *d, const hd_table *parts, int count, int t, const hd_param *p,
                               const hd_node *node, hd_place place) {
  hd_table below[HD_DECODE_TABLES];
  int n = 0;
  bool required = false, optional = true;
  char keys[HD_WORDS] = "";
  for (int i = 0; i < t; i++) {
    const hd_param *earlier = find_key(parts[i].params, p->key);
    if (earlier && earlier->kind == HD_GROUP) return HD_OK; /* done with that table */
  }
  for (int i = t; i < count; i++) {
    const hd_param *q = find_key(parts[i].params, p->key);
    if (!q || q->kind != HD_GROUP) continue;
    below[n++] = (hd_table){q->sub, parts[i].into};
    optional = optional && (q->flags & HD_OPTIONAL);
    required = required || (!(q->flags & HD_OPTIONAL) && !q->value && add_required(q->sub, keys, sizeof keys));
  }
  const hd_node *own = node ? given(node, p->key, strlen(p->key)) : NULL;
  if (!own && hd_node_get(node, p->key)) place = hd_node_get(node, p->key)->key_place;
  if (n == 1 || (p->flags & (HD_REFUSED | HD_LATER)))
    return decode_entry(d, parts[t].params, p, parts[t].into, node, place);
  if (own) return hd_decode_groups(d, below, n, own, own->key_place, NULL);
  if (required) return note_missing(d, p, place), HD_OK;
  if (!optional) return hd_decode_groups(d, below, n, NULL, place, NULL);
  for (int i = 0; i < n; i++)
    for (const hd_param *q = below[i].params; !hd_param_end(q); q++) hd_decode_absent(q, below[i].into);
  return HD_OK;
}

hd_status hd_decode_groups(hd_decoder *d, const hd_table *parts, int count, const hd_node *node, hd_place place,
                           const char *skip) {
  if (node && node->kind == HD_NODE_MAP) check_keys(d, parts, count, node, skip);
  for (int t = 0; t < count; t++) {
    for (const hd_param *p = parts[t].params; p && !hd_param_end(p); p++) {
      if (!p->key) continue;
      size_t before = hd_decode_enter(d, p->key);
      hd_status status = p->kind == HD_GROUP ? decode_shared(d, parts, count, t, p, node, place)
                                             : decode_entry(d, parts[t].params, p, parts[t].into, node, place);
      hd_decode_leave(d, before);
      HD_TRY(status);
    }
  }
  return HD_OK;
}

static hd_status decode_group(hd_decoder *d, const hd_param *p, void *base, const hd_node *node) {
  hd_table part = {p->sub, base};
  if (node->kind == HD_NODE_MAP) return hd_decode_groups(d, &part, 1, node, hd_decode_key_place(node), NULL);
  const hd_param *bare = hd_param_bare(p);
  if (!bare) {
    char expected[HD_WORDS], label[HD_WORDS], words[HD_WORDS];
    hd_words_expected(d, p, expected);
    hd_words_label(d, label);
    hd_words_given(node, words);
    hd_decode_error(d, node->place, NULL, "%s is %s; %s is expected", label, words, expected);
    return HD_OK;
  }
  hd_node *wrapped;
  HD_TRY(hd_node_wrap(d->arena, node, bare->key, &wrapped));
  return hd_decode_groups(d, &part, 1, wrapped, hd_decode_key_place(node), NULL);
}

hd_status hd_decode_value(hd_decoder *d, const hd_param *p, void *base, const hd_node *node) {
  hd_status status = HD_OK;
  void *at = (char *)base + p->at;
  if (node->kind == HD_NODE_SCALAR && (p->flags & HD_AUTO) && !strcmp(node->text, "auto"))
    return hd_decode_absent(p, base), HD_OK;
  if (++d->depth > DEEPEST) {
    d->depth--;
    hd_decode_error(d, node->place, NULL, "nested too deep");
    return HD_OK;
  }
  switch (p->kind) {
    case HD_GROUP: status = decode_group(d, p, base, node); break;
    case HD_NAMED: status = hd_decode_named(d, p, base, node, hd_decode_key_place(node)); break;
    case HD_LIST: status = hd_decode_list(d, p, base, node); break;
    case HD_EITHER: status = hd_decode_either(d, p, base, node); break;
    case HD_VARIANT: status = hd_decode_variant(d, p, base, node); break;
    case HD_SCHEDULE: status = hd_decode_schedule(d, p, at, node); break;
    case HD_ANY:
      if (p->size) *(const hd_node **)at = node;
      break;
    default: status = hd_decode_scalar(d, p, at, node);
  }
  d->depth--;
  return status;
}

/* A choice that declares a dimensionless system: bare numbers are right. */
static bool declares_bare(const hd_param *list, const hd_node *node, int depth) {
  for (const hd_param *p = list; p && depth < 4 && !hd_param_end(p); p++) {
    hd_choice choice;
    const hd_node *own = p->key ? hd_node_get(node, p->key) : NULL;
    if (p->kind == HD_GROUP && declares_bare(p->sub, own, depth + 1)) return true;
    if (p->kind != HD_CHOICE || !strchr(p->of, '~')) continue;
    const char *word = own && own->kind == HD_NODE_SCALAR ? own->text : p->value;
    if (word && hd_choice_find(p->of, word, &choice) >= 0 && choice.bare) return true;
  }
  return false;
}

hd_status hd_decode(hd_arena *arena, const hd_table *tables, int count, const hd_node *root, hd_notes *notes) {
  void *memory;
  HD_TRY(hd_arena_take(arena, sizeof(hd_decoder), &memory));
  hd_decoder *d = memory;
  *d = (hd_decoder){.arena = arena, .tables = tables, .count = count, .root = root, .notes = notes};
  if (root && root->kind != HD_NODE_MAP) {
    hd_decode_error(d, root->place, NULL, "a scenario is a map of keys and values, such as `solver: traffic`");
    return HD_OK;
  }
  for (int t = 0; t < count; t++) d->bare = d->bare || declares_bare(tables[t].params, root, 0);
  if (d->bare) hd_decode_find_scale(d);
  return hd_decode_groups(d, tables, count, root, hd_root_place(root), NULL);
}

hd_status hd_decode_group(hd_arena *arena, const hd_param *params, void *into, const hd_node *node, const char *path,
                          hd_notes *notes) {
  void *memory;
  HD_TRY(hd_arena_take(arena, sizeof(hd_decoder), &memory));
  hd_decoder *d = memory;
  const hd_table table = {params, into};
  *d = (hd_decoder){.arena = arena, .tables = &table, .count = 1, .root = node, .notes = notes};
  hd_decode_enter(d, path);
  const hd_param group = {.kind = HD_GROUP, .sub = params, .doc = ""};
  return decode_group(d, &group, into, node);
}

hd_status hd_decode_leaf(hd_arena *arena, const hd_table *tables, int count, const hd_node *root, const hd_param *p,
                         const hd_node *node, const char *path, hd_notes *notes, double *value, bool *good) {
  void *memory;
  hd_param leaf = *p;
  size_t numbers = p->count > 1 ? (size_t)p->count : 1;
  leaf.at = 0;
  hd_decoder d = {.arena = arena, .tables = tables, .count = count, .root = root, .notes = notes};
  for (int t = 0; t < count; t++) d.bare = d.bare || declares_bare(tables[t].params, root, 0);
  if (d.bare) hd_decode_find_scale(&d);
  HD_TRY(hd_arena_take(arena, numbers * sizeof(double), &memory));
  hd_decode_enter(&d, path);
  HD_TRY(hd_decode_value(&d, &leaf, memory, node));
  *good = !d.errors;
  if (value && p->kind == HD_REAL) *value = *(const double *)memory;
  if (value && p->kind == HD_INT) *value = (double)*(const int64_t *)memory;
  return HD_OK;
}
