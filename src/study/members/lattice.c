/* Members as keys and axes. A key's unit is the one that the scenario writes its first value in. */
#include "study/members/lattice.h"

#include "base/number.h"
#include "heddle/math.h"
#include "io/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* -- texts ------------------------------------------------------------------------------------------------------------- */

void hd_lattice_words(const char *doc, char *out, size_t room) {
  size_t length = strcspn(doc, ":;(");
  const char *comma = strstr(doc, ", ");
  if (comma && (size_t)(comma - doc) < length) length = (size_t)(comma - doc);
  while (length && doc[length - 1] == ' ') length--;
  snprintf(out, room, "%.*s", (int)length, doc);
}

static hd_status first_words(hd_arena *arena, const char *doc, const char **out) {
  char words[HD_LATTICE_LABEL], *kept;
  hd_lattice_words(doc, words, sizeof words);
  HD_TRY(hd_arena_text(arena, words, strlen(words), &kept));
  *out = kept;
  return HD_OK;
}

/* The scalar that shows how the values of a key are written: the first one, `from`, or the first number of a law. */
static const hd_node *sample_node(const hd_member_key *key) {
  if (key->node) {
    const hd_node *from = key->vary && key->vary->node ? hd_node_get(key->vary->node, "from") : NULL;
    return from ? from : key->node[0];
  }
  const hd_node *law = key->vary && key->vary->node ? key->vary->node->child : NULL;
  return law && law->kind == HD_NODE_LIST ? law->child : NULL;
}

/* The unit behind a number: "80 veh/km"; NULL: the text is no quantity. */
static const char *unit_behind(const char *text) {
  double value;
  size_t used = text ? hd_number_read(text, 0, &value) : 0;
  if (!used) return NULL;
  while (text[used] == ' ') used++;
  return text + used;
}

static bool is_number_kind(const hd_param *p) { return (p->kind == HD_REAL && p->count <= 1) || p->kind == HD_INT; }

/* Finds key->unit, from and to. */
static hd_status choose_unit(hd_arena *arena, const hd_member_key *of, hd_lattice_key *key) {
  const hd_node *node = sample_node(of);
  const char *written = node && node->kind == HD_NODE_SCALAR ? unit_behind(node->text) : NULL, *at;
  const char *own = of->param->kind == HD_REAL && of->param->unit ? of->param->unit : "1";
  char *kept;
  if (!hd_unit_read(own, &key->from, &at)) key->from = (hd_unit){.num = 1, .den = 1};
  bool fits = written && *written && hd_unit_read(written, &key->to, &at);
  if (fits && is_number_kind(of->param)) fits = hd_unit_same_kind(&key->from, &key->to);
  if (!fits) key->to = key->from;
  const char *unit = fits ? written : own;
  HD_TRY(hd_arena_text(arena, unit, strlen(unit), &kept));
  key->unit = kept;
  return HD_OK;
}

/* -- values ------------------------------------------------------------------------------------------------------------ */

/* A range has no texts: it may have a million values. */
static hd_status print_texts(hd_arena *arena, const hd_members *members, int64_t k, const hd_member_key *of,
                             hd_lattice_key *key) {
  void *memory;
  HD_TRY(hd_arena_take(arena, sizeof(char *) * (size_t)key->count, &memory));
  const char **text = memory;
  for (int64_t i = 0; i < key->count; i++) {
    char *kept;
    hd_text out;
    if (!of->node[i]) continue;
    hd_text_init(&out, arena->ctx);
    hd_status status = hd_members_value(members, i * key->stride, k, NULL, &out);
    if (status == HD_OK) status = hd_arena_text(arena, hd_text_of(&out), out.length, &kept);
    if (status == HD_OK) text[i] = kept;
    hd_text_free(&out);
    HD_TRY(status);
  }
  key->text = text;
  return HD_OK;
}

/* Numbers as they are written, without a detour over the parameter's unit where that is possible. */
static double number_of(const hd_lattice_key *key, const hd_member_key *of, int64_t i) {
  hd_unit found;
  const char *at;
  double value;
  const hd_node *node = of->node[i];
  bool scalar = node && node->kind == HD_NODE_SCALAR && !node->quoted;
  if (scalar && hd_quantity_read(key->text[i], &key->to, false, &value, &found, &at) == HD_QUANTITY_OK)
    return hd_short_number(value);
  return isnan(of->number[i]) ? HD_NAN : hd_short_number(hd_unit_convert(of->number[i], &key->from, &key->to));
}

static hd_status read_values(hd_arena *arena, const hd_member_key *of, hd_lattice_key *key) {
  void *memory;
  HD_TRY(hd_arena_take(arena, sizeof(double) * (size_t)key->count, &memory));
  double *value = memory;
  key->number = key->whole = true;
  for (int64_t i = 0; i < key->count; i++) {
    value[i] = number_of(key, of, i);
    key->number &= !isnan(value[i]);
    key->whole &= value[i] == hd_floor(value[i]) && hd_abs(value[i]) < 0x1p53;
  }
  key->whole &= key->number && (of->param->kind == HD_INT || !strcmp(key->unit, "1"));
  key->value = value;
  return HD_OK;
}

/* The values of a short range as texts, too: they may name what stands side by side. */
static hd_status name_values(hd_arena *arena, hd_lattice_key *key) {
  enum { SHORT = 1000 };
  void *memory;
  if (!key->number || key->count > SHORT || key->text[0]) return HD_OK;
  HD_TRY(hd_arena_take(arena, sizeof(char *) * (size_t)key->count, &memory));
  const char **text = memory;
  bool unit = key->unit[0] && strcmp(key->unit, "1");
  for (int64_t i = 0; i < key->count; i++) {
    char digits[HD_NUMBER_ROOM], line[HD_NUMBER_ROOM + 64], *kept;
    hd_number_print(key->value[i], digits);
    int n = snprintf(line, sizeof line, "%s%s%.60s", digits, unit ? " " : "", unit ? key->unit : "");
    HD_TRY(hd_arena_text(arena, line, (size_t)n, &kept));
    text[i] = kept;
  }
  key->text = text;
  return HD_OK;
}

static hd_status read_key(hd_arena *arena, const hd_members *members, int64_t k, hd_lattice_key *key) {
  hd_member_key of = hd_members_key(members, k);
  *key = (hd_lattice_key){
      .path = of.path,
      .sampled = of.sampled,
      .repeated = of.repeated,
      .stride = of.stride,
      .count = of.count,
      .log = of.vary && (of.vary->log || of.vary->form == HD_VARY_BY || of.vary->form == HD_VARY_LOG_UNIFORM)};
  key->text_of = of.param->doc;
  HD_TRY(first_words(arena, of.param->doc, &key->doc));
  HD_TRY(choose_unit(arena, &of, key));
  if (of.node) {
    HD_TRY(print_texts(arena, members, k, &of, key));
    HD_TRY(read_values(arena, &of, key));
    return name_values(arena, key);
  }
  key->number = true;
  key->whole = of.param->kind == HD_INT;
  return HD_OK;
}

/* -- axes -------------------------------------------------------------------------------------------------------------- */

/* Keys of one stride advance together; those with one value belong to no axis. */
static void find_axes(hd_lattice *lattice) {
  for (int64_t k = 0; k < lattice->keys; k++) {
    const hd_lattice_key *key = &lattice->key[k];
    if (key->sampled) lattice->samples = key->count;
    if (key->repeated) lattice->repeats = key->count;
    if (key->sampled || key->repeated || key->count < 2) continue;
    int64_t a = 0;
    while (a < lattice->axes && lattice->key[lattice->axis[a].key[0]].stride != key->stride) a++;
    if (a == lattice->axes) lattice->axis[lattice->axes++] = (hd_lattice_axis){.count = key->count};
    lattice->axis[a].key[lattice->axis[a].keys++] = k;
  }
  lattice->each = lattice->samples * lattice->repeats;
  lattice->points = 1;
  for (int64_t a = lattice->axes - 1; a >= 0; a--) {
    lattice->axis[a].stride = lattice->points;
    lattice->points *= lattice->axis[a].count;
  }
}

hd_status hd_lattice_read(hd_arena *arena, const hd_members *members, const hd_study_spec *spec, hd_lattice *out) {
  *out = (hd_lattice){.members = members, .samples = 1, .repeats = 1};
  out->keys = hd_members_keys(members, NULL, NULL);
  if (out->keys > HD_LATTICE_KEYS) return hd_raise(arena->ctx, HD_ERR_INPUT, "more than %d keys vary", HD_LATTICE_KEYS);
  for (int64_t k = 0; k < out->keys; k++) {
    HD_TRY(read_key(arena, members, k, &out->key[k]));
    const hd_node *label = spec->labels ? hd_node_get(spec->labels, out->key[k].path) : NULL;
    if (!label) continue;
    out->key[k].doc = label->text;
    out->key[k].labelled = true;
  }
  find_axes(out);
  if (out->points * out->each != hd_members_count(members))
    return hd_raise(arena->ctx, HD_ERR_BUG, "%lld points of %lld members are not the %lld of the study",
                    (long long)out->points, (long long)out->each, (long long)hd_members_count(members));
  return HD_OK;
}

double hd_lattice_number(const hd_lattice *lattice, int64_t k, int64_t member) {
  const hd_lattice_key *key = &lattice->key[k];
  double number;
  if (key->value) return key->number ? key->value[member / key->stride % key->count] : HD_NAN;
  hd_members_value(lattice->members, member, k, &number, NULL);
  return hd_short_number(hd_unit_convert(number, &key->from, &key->to));
}

void hd_lattice_print(const hd_lattice *lattice, int64_t k, int64_t member, hd_text *out) {
  const hd_lattice_key *key = &lattice->key[k];
  char digits[HD_NUMBER_ROOM];
  bool unit = strcmp(key->unit, "1") && key->unit[0];
  if (!key->number) {
    hd_print(out, "%s", key->text[member / key->stride % key->count]);
    return;
  }
  double number = hd_lattice_number(lattice, k, member);
  if (key->sampled && !key->whole) hd_plot_number(out, number, 6);
  else if (hd_number_print(number, digits)) hd_print(out, "%s", digits);
  if (unit) hd_print(out, " %s", key->unit);
}

void hd_lattice_label(const hd_lattice_key *key, char label[HD_LATTICE_LABEL]) {
  enum { WIDEST = 56 };
  if (key->labelled) snprintf(label, HD_LATTICE_LABEL, "%.90s", key->doc);
  else if (key->doc[0] && strlen(key->doc) + strlen(key->path) + 3 <= WIDEST)
    snprintf(label, HD_LATTICE_LABEL, "%.60s (%.60s)", key->doc, key->path);
  else snprintf(label, HD_LATTICE_LABEL, "%.90s", key->path);
}

const char *hd_lattice_title(const hd_lattice_key *key) {
  enum { LONG = 30 };
  return key->labelled || (key->doc[0] && strlen(key->doc) <= LONG) ? key->doc : key->path;
}
