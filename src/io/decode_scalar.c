/* Single values: truth, numbers with units, texts, files, choices, references to names. */
#include "io/decoder.h"

#include "base/ctx.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const hd_unit *hd_decode_unit(hd_decoder *d, const hd_param *p) {
  const char *at;
  if (d->unit_of == p) return &d->unit;
  if (!hd_unit_read(p->unit ? p->unit : "1", &d->unit, &at)) d->unit = (hd_unit){.num = 1, .den = 1};
  d->unit_of = p;
  return &d->unit;
}

bool hd_decode_bool_word(const char *text, bool *value) {
  *value = !strcmp(text, "true") || !strcmp(text, "True") || !strcmp(text, "TRUE");
  return *value || !strcmp(text, "false") || !strcmp(text, "False") || !strcmp(text, "FALSE");
}

/* "cells is 'many'; a whole number is expected" */
static void note_expected(hd_decoder *d, const hd_param *p, const hd_node *node, const char *hint) {
  char label[HD_WORDS], words[HD_WORDS], expected[HD_WORDS];
  hd_words_label(d, label);
  hd_words_given(node, words);
  hd_words_expected(d, p, expected);
  hd_decode_error(d, node->place, hint, "%s is %s; %s is expected", label, words, expected);
}

static bool check_range(hd_decoder *d, const hd_param *p, const hd_node *node, double value) {
  static const hd_unit none = {.num = 1, .den = 1};
  hd_range range;
  char label[HD_WORDS], words[HD_WORDS];
  if (!p->range || !hd_range_read(p->range, p->kind == HD_REAL ? hd_decode_unit(d, p) : &none, &range)) return true;
  if (hd_range_holds(&range, value)) return true;
  hd_words_label(d, label);
  hd_words_given(node, words);
  bool interval = *p->range == '[' || *p->range == '(';
  bool unit =
      p->kind == HD_REAL && p->unit && strcmp(p->unit, "1") && !strpbrk(p->range, "abcdefghijklmnopqrstuvwxyz%");
  bool zero_only = !interval && strspn(p->range, "<>= 0") == strlen(p->range);
  hd_decode_error(d, node->place, NULL, "%s is %s; it must be %s%s%s%s", label, words, interval ? "in " : "", p->range,
                  unit && !zero_only ? " " : "", unit && !zero_only ? p->unit : "");
  return false;
}

/* What stands behind the numbers of "5 km/h". */
static const char *unit_text(const hd_node *node) {
  const char *at = node->text;
  double number;
  for (size_t n; (n = hd_number_read(at, 0, &number)) > 0;) at += n + strspn(at + n, " ");
  return at;
}

static void note_quantity(hd_decoder *d, const hd_param *p, const hd_node *node, hd_quantity_fault fault,
                          const hd_unit *found, const char *at) {
  char label[HD_WORDS], words[HD_WORDS], expected[HD_WORDS], hint[2 * HD_WORDS] = "";
  const hd_unit *unit = hd_decode_unit(d, p);
  hd_words_label(d, label);
  hd_words_given(node, words);
  hd_words_expected(d, p, expected);
  char example[HD_WORDS], names[HD_WORDS];
  hd_words_example(unit, p->unit, example);
  const char *space = strchr(example, ' '), *name = space ? space + 1 : p->unit, *kind = hd_unit_kind(unit);
  switch (fault) {
    case HD_QUANTITY_NO_UNIT:
      hd_words(hint, sizeof hint, "write %s %s", node->text, name);
      if (kind) hd_decode_error(d, node->place, hint, "%s needs a unit of %s", d->path, kind);
      else hd_decode_error(d, node->place, hint, "%s needs a unit", d->path);
      break;
    case HD_QUANTITY_BAD_UNIT: {
      const char *near = *at ? hd_unit_nearest(at, strcspn(at, " /*^0123456789"), unit) : NULL;
      hd_unit_names(unit, names, sizeof names);
      if (near) hd_words(hint, sizeof hint, "did you mean '%s'? %s is expected", near, expected);
      else hd_words(hint, sizeof hint, "%s is expected%s%s", expected, *names ? "; units are " : "", names);
      if (*at) hd_decode_error(d, node->place, hint, "%s is %s: there is no unit '%.40s'", label, words, at);
      else hd_decode_error(d, node->place, hint, "%s is %s: its unit ends too early", label, words);
      break;
    }
    case HD_QUANTITY_KIND: {
      const char *other = hd_unit_kind(found), *article = kind && strchr("aeiou", *kind) ? "an" : "a";
      hd_words(hint, sizeof hint, "%s is expected", expected);
      if (other && kind && !hd_unit_is_none(found) && !hd_unit_is_none(unit))
        hd_decode_error(d, node->place, hint, "%s is %s %s, %s is a unit of %s", d->path, article, kind,
                        unit_text(node), other);
      else hd_decode_error(d, node->place, NULL, "%s is %s; %s is expected", label, words, expected);
      break;
    }
    default: note_expected(d, p, node, NULL);
  }
}

/* In a dimensionless system a unit says something only where the scale is given: defaults of the table keep theirs then,
 * numbers of a file have none. */
static bool is_bare(hd_decoder *d, const hd_param *p, const hd_node *node, const hd_unit *found, double *value) {
  char label[HD_WORDS], words[HD_WORDS], scale[HD_WORDS], hint[2 * HD_WORDS] = "write the number alone";
  if (hd_unit_is_none(found)) return true;
  if (hd_decode_scaled(d, hd_decode_unit(d, p), p->count > 1 ? p->count : 1, value)) return true;
  if (!node->place.source || !strcmp(node->place.source->name, "default")) return true;
  hd_words_label(d, label);
  hd_words_given(node, words);
  hd_words_scale(d, scale);
  if (*scale) hd_words(hint, sizeof hint, "write the number alone, or give %s", scale);
  hd_decode_error(d, node->place, hint, "%s is %s; numbers of a dimensionless system have no unit", label, words);
  return false;
}

bool hd_decode_real(hd_decoder *d, const hd_param *p, const hd_node *node, double *value) {
  hd_unit found;
  const char *at;
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL), false;
  bool bare = d->bare && !(p->flags & HD_SCALE);
  hd_quantity_fault fault = hd_quantity_read(node->text, hd_decode_unit(d, p), bare, value, &found, &at);
  if (fault) return note_quantity(d, p, node, fault, &found, at), false;
  if (bare && !is_bare(d, p, node, &found, value)) return false;
  if (!isfinite(*value)) {
    note_expected(d, p, node, "the number is too large");
    return false;
  }
  return check_range(d, p, node, *value);
}

static void decode_vector(hd_decoder *d, const hd_param *p, double *at, const hd_node *node) {
  char label[HD_WORDS], expected[HD_WORDS];
  hd_words_label(d, label);
  hd_words_expected(d, p, expected);
  if (node->kind == HD_NODE_LIST) {
    int i = 0;
    if (node->count != p->count) {
      hd_decode_error(d, node->place, NULL, "%s has %lld numbers; %s are expected", label, (long long)node->count,
                      expected);
      return;
    }
    hd_param one = *p;
    one.count = 0;
    for (const hd_node *c = node->child; c; c = c->next, i++) {
      size_t before = hd_decode_enter_item(d, i);
      d->unit_of = NULL;
      hd_decode_real(d, &one, c, &at[i]);
      d->unit_of = NULL;
      hd_decode_leave(d, before);
    }
    return;
  }
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL);
  hd_unit found;
  const char *text;
  int count;
  hd_quantity_fault fault =
      hd_quantities_read(node->text, hd_decode_unit(d, p), d->bare, at, p->count, &count, &found, &text);
  if (fault) return note_quantity(d, p, node, fault, &found, text);
  if (count != p->count) {
    hd_decode_error(d, node->place, NULL, "%s has %d number%s; %s are expected", label, count, count == 1 ? "" : "s",
                    expected);
    return;
  }
  if (d->bare && !is_bare(d, p, node, &found, at)) return;
  for (int i = 0; i < count; i++)
    if (!check_range(d, p, node, at[i])) break;
}

static void decode_int(hd_decoder *d, const hd_param *p, int64_t *at, const hd_node *node) {
  bool fits;
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL);
  if (hd_integer_read(node->text, at, &fits)) return (void)check_range(d, p, node, (double)*at);
  note_expected(d, p, node, fits ? NULL : "the number is too large");
}

static void decode_choice(hd_decoder *d, const hd_param *p, int *at, const hd_node *node) {
  hd_choice choice;
  char hint[HD_WORDS];
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL);
  *at = hd_choice_find(p->of, node->text, &choice);
  if (*at < 0) return note_expected(d, p, node, hd_words_nearest_choice(p->of, node->text, hint));
  if (!choice.later) return;
  char here[HD_WORDS], known[HD_WORDS + 16];
  hd_words_choices(p->of, here);
  hd_words(known, sizeof known, "known are %s", here);
  hd_decode_error(d, node->place, known, "%s is not in this version", node->text);
}

/* "classes" names classes, "links" links: one of them is a class, a link. */
static void singular(const char *path, char out[HD_WORDS]) {
  const char *dot = strrchr(path, '.');
  hd_words(out, HD_WORDS, "%s", dot ? dot + 1 : path);
  size_t n = strlen(out);
  if (n > 4 && !strcmp(out + n - 4, "sses")) out[n - 2] = 0;
  else if (n > 3 && !strcmp(out + n - 3, "ies")) memcpy(out + n - 3, "y", 2);
  else if (n > 1 && out[n - 1] == 's') out[n - 1] = 0;
}

static hd_status decode_reference(hd_decoder *d, const hd_param *p, int *at, const hd_node *node) {
  const hd_name_set *names;
  char what[HD_WORDS], hint[HD_WORDS];
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL), HD_OK;
  HD_TRY(hd_decode_names(d, p->of, &names));
  *at = (int)hd_name_set_find(names, node->text, strlen(node->text));
  if (*at >= 0) return HD_OK;
  if (hd_decode_names_missing(d, p->of)) return d->errors++, HD_OK;
  singular(p->of, what);
  hd_decode_error(d, node->place, hd_words_nearest_name(names, node->text, hint), "unknown %s '%s'", what, node->text);
  return HD_OK;
}

static hd_status decode_text(hd_decoder *d, const hd_param *p, const char **at, const hd_node *node) {
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL), HD_OK;
  *at = node->text;
  return HD_OK;
}

/* Relative to the file that the value stands in. */
static hd_status decode_path(hd_decoder *d, const hd_param *p, const char **at, const hd_node *node) {
  char whole[HD_PATH_ROOM], *copy;
  const char *folder = node->place.source ? node->place.source->folder : NULL;
  if (node->kind != HD_NODE_SCALAR) return note_expected(d, p, node, NULL), HD_OK;
  if (folder && !strcmp(folder, ".")) folder = NULL;
  if (!*node->text || strlen(node->text) + (folder ? strlen(folder) : 0) + 2 > sizeof whole)
    return note_expected(d, p, node, NULL), HD_OK;
  HD_TRY(hd_path_join(d->arena->ctx, folder, node->text, whole, sizeof whole));
  hd_file_info info = {0};
  hd_ctx *ctx = d->arena->ctx;
  int failed = ctx->files.info(ctx->files.self, whole, &info);
  if (!failed && info.folder && p->of) { /* stands for this file in it */
    char folder_itself[HD_PATH_ROOM];
    memcpy(folder_itself, whole, strlen(whole) + 1);
    HD_TRY(hd_path_join(ctx, folder_itself, p->of, whole, sizeof whole));
    info = (hd_file_info){0};
    failed = ctx->files.info(ctx->files.self, whole, &info);
  }
  if (failed || !info.exists || info.folder) {
    const char *hint = "a path is relative to the file that it stands in";
    if (info.folder) hd_decode_error(d, node->place, NULL, "%s is a folder; a file is expected", whole);
    else hd_decode_error(d, node->place, hint, "there is no file %s", whole);
    return HD_OK;
  }
  HD_TRY(hd_arena_text(d->arena, whole, strlen(whole), &copy));
  *at = copy;
  return HD_OK;
}

hd_status hd_decode_scalar(hd_decoder *d, const hd_param *p, void *at, const hd_node *node) {
  switch (p->kind) {
    case HD_BOOL:
      if (node->kind != HD_NODE_SCALAR || !hd_decode_bool_word(node->text, at)) note_expected(d, p, node, NULL);
      break;
    case HD_INT: decode_int(d, p, at, node); break;
    case HD_REAL:
      if (p->count > 1) decode_vector(d, p, at, node);
      else hd_decode_real(d, p, node, at);
      break;
    case HD_TEXT: return decode_text(d, p, at, node);
    case HD_PATH: return decode_path(d, p, at, node);
    case HD_CHOICE: decode_choice(d, p, at, node); break;
    case HD_REF: return decode_reference(d, p, at, node);
    default: break;
  }
  return HD_OK;
}
