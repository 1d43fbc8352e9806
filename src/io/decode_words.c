/* The words of errors: what was found, what was expected, and the way out. */
#include "io/decoder.h"

#include "base/nearest.h"

#include <stdio.h>
#include <string.h>

void hd_decode_error(hd_decoder *d, hd_place place, const char *hint, const char *fmt, ...) {
  va_list args;
  d->errors++;
  if (!d->notes) return;
  va_start(args, fmt);
  hd_note_at_v(d->notes, HD_NOTE_ERROR, place, d->length ? d->path : NULL, hint, fmt, args);
  va_end(args);
}

size_t hd_words(char *out, size_t room, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(out, room, fmt, args);
  va_end(args);
  return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* Is the piece of the path before `parent` a map of names, so that the piece at `parent` is the user's? The structs are
 * half filled: only the tables are asked. */
static bool parent_is_named(const hd_decoder *d, const char *parent) {
  char path[HD_PATH_LENGTH];
  hd_found found;
  hd_table tables[HD_DECODE_TABLES];
  int count = d->count < HD_DECODE_TABLES ? d->count : HD_DECODE_TABLES;
  for (int t = 0; t < count; t++) tables[t] = (hd_table){d->tables[t].params, NULL};
  if (parent <= d->path) return false;
  size_t length = (size_t)(parent - d->path) - 1;
  memcpy(path, d->path, length);
  path[length] = 0;
  return hd_params_find(tables, count, path, &found) && found.param->kind == HD_NAMED;
}

void hd_words_label(const hd_decoder *d, char out[HD_WORDS]) {
  const char *last = strrchr(d->path, '.');
  if (!last) {
    hd_words(out, HD_WORDS, "%s", d->path);
    return;
  }
  const char *parent = last;
  while (parent > d->path && parent[-1] != '.') parent--;
  int length = (int)(last - parent);
  if (parent_is_named(d, parent)) hd_words(out, HD_WORDS, "%s of %.*s", last + 1, length, parent);
  else hd_words(out, HD_WORDS, "%s", last + 1);
}

void hd_words_given(const hd_node *node, char out[HD_WORDS]) {
  switch (node->kind) {
    case HD_NODE_NULL: hd_words(out, HD_WORDS, "empty"); break;
    case HD_NODE_LIST: hd_words(out, HD_WORDS, "a list"); break;
    case HD_NODE_MAP: hd_words(out, HD_WORDS, "a map"); break;
    case HD_NODE_SCALAR: {
      bool number = strchr("0123456789+-.", *node->text) && *node->text;
      size_t length = strcspn(node->text, "\n");
      bool cut = length > 60 || node->text[length];
      while (length > 60 || (length && ((unsigned char)node->text[length] & 0xc0) == 0x80)) length--;
      hd_words(out, HD_WORDS, "%s%.*s%s%s", number ? "" : "'", (int)length, node->text, cut ? "..." : "",
               number ? "" : "'");
      break;
    }
  }
}

void hd_words_choices(const char *of, char out[HD_WORDS]) {
  hd_choice choice;
  size_t used = 0;
  out[0] = 0;
  for (int i = 0; hd_choice_at(of, i, &choice) && used + choice.length + 8 < HD_WORDS; i++)
    if (!choice.later)
      used += hd_words(out + used, HD_WORDS - used, "%s%.*s", used ? ", " : "", (int)choice.length, choice.name);
}

void hd_words_suggest(const char *name, char out[HD_WORDS]) { hd_words(out, HD_WORDS, "did you mean '%s'?", name); }

const char *hd_words_nearest_choice(const char *of, const char *word, char out[HD_WORDS]) {
  hd_choice choice;
  hd_nearest near;
  hd_nearest_begin(&near, word, strlen(word));
  for (int i = 0; hd_choice_at(of, i, &choice); i++)
    if (!choice.later) hd_nearest_try(&near, choice.name, choice.length);
  if (!near.best) return NULL;
  hd_words(out, HD_WORDS, "did you mean '%.*s'?", (int)near.best_length, near.best);
  return out;
}

const char *hd_words_nearest_name(const hd_name_set *names, const char *word, char out[HD_WORDS]) {
  hd_nearest near;
  hd_nearest_begin(&near, word, strlen(word));
  for (int64_t i = 0; i < names->count && i < 10000; i++) hd_nearest_try(&near, names->name[i], strlen(names->name[i]));
  if (near.best) return hd_words_suggest(near.best, out), out;
  size_t used = hd_words(out, HD_WORDS, names->count ? "known are " : "there are none");
  for (int64_t i = 0; i < names->count && used + strlen(names->name[i]) + 8 < HD_WORDS; i++)
    used += hd_words(out + used, HD_WORDS - used, "%s%s", i ? ", " : "", names->name[i]);
  return out;
}

/* In the parameter's own unit where that is one name, else as people write such a quantity. */
void hd_words_example(const hd_unit *unit, const char *name, char out[HD_WORDS]) {
  const char *example = hd_unit_example(unit);
  if (example && name && strchr(name, '/')) hd_words(out, HD_WORDS, "%s", example);
  else hd_words(out, HD_WORDS, "5 %s", name);
}

static void expected_real(hd_decoder *d, const hd_param *p, char out[HD_WORDS]) {
  const hd_unit *unit = hd_decode_unit(d, p);
  const char *kind = hd_unit_kind(unit);
  char example[HD_WORDS];
  hd_words_example(unit, p->unit, example);
  if (p->count > 1) {
    bool none = hd_unit_is_none(unit);
    hd_words(out, HD_WORDS, "%d numbers%s%s", p->count, none ? "" : " and their unit, as in 1 2 3 ",
             none ? "" : p->unit);
  } else if (hd_unit_is_none(unit)) hd_words(out, HD_WORDS, "a number");
  else if (kind) hd_words(out, HD_WORDS, "%s %s such as %.100s", strchr("aeiou", *kind) ? "an" : "a", kind, example);
  else hd_words(out, HD_WORDS, "a number with a unit such as %s", p->unit);
}

static void expected_keys(const hd_param *list, const char *begin, char out[HD_WORDS]) {
  size_t used = hd_words(out, HD_WORDS, "%s", begin);
  int n = 0;
  for (const hd_param *p = list; p && !hd_param_end(p) && used < HD_WORDS - 60; p++) {
    if (!p->key || (p->flags & (HD_REFUSED | HD_LATER))) continue;
    used += hd_words(out + used, HD_WORDS - used, "%s%s", n++ ? ", " : "", p->key);
  }
}

/* One alternative after the other, with "or". */
static void expected_either(hd_decoder *d, const hd_param *p, char out[HD_WORDS]) {
  size_t used = 0;
  out[0] = 0;
  for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
    char words[HD_WORDS];
    if (s->flags & HD_LATER) continue;
    hd_words_expected(d, s, words);
    if (used + strlen(words) + 8 >= HD_WORDS) break;
    used += hd_words(out + used, HD_WORDS - used, "%s%s", used ? ", or " : "", words);
  }
}

void hd_words_expected(hd_decoder *d, const hd_param *p, char out[HD_WORDS]) {
  switch (p->kind) {
    case HD_BOOL: hd_words(out, HD_WORDS, "true or false"); break;
    case HD_INT: hd_words(out, HD_WORDS, "a whole number"); break;
    case HD_REAL: expected_real(d, p, out); break;
    case HD_TEXT: hd_words(out, HD_WORDS, "a text"); break;
    case HD_PATH: hd_words(out, HD_WORDS, "the name of a file"); break;
    case HD_CHOICE: {
      char choices[HD_WORDS];
      hd_words_choices(p->of, choices);
      hd_words(out, HD_WORDS, "%s%.300s", strchr(choices, ',') ? "one of " : "", choices);
      break;
    }
    case HD_REF: hd_words(out, HD_WORDS, "a name of %s", p->of); break;
    case HD_GROUP: expected_keys(p->sub, "a map with ", out); break;
    case HD_NAMED: hd_words(out, HD_WORDS, p->of ? "a map with the names of %s" : "a map of names", p->of); break;
    case HD_LIST: {
      char item[HD_WORDS];
      if (p->sub->kind >= HD_GROUP) hd_words_expected(d, p->sub, item);
      if (p->sub->kind >= HD_GROUP) hd_words(out, HD_WORDS, "a list in [ ], each item %.280s", item);
      else hd_words(out, HD_WORDS, "a list in [ ]");
      break;
    }
    case HD_EITHER: expected_either(d, p, out); break;
    case HD_VARIANT: {
      char kinds[HD_WORDS];
      expected_keys(p->sub, "", kinds);
      hd_words(out, HD_WORDS, "a map with %s: one of %.260s", p->of, kinds);
      break;
    }
    case HD_SCHEDULE: hd_words(out, HD_WORDS, "a count, {every: ...}, {every_steps: ...} or a list"); break;
    case HD_ANY: hd_words(out, HD_WORDS, "a value"); break;
  }
}
