/* What a parameter runs through: a list, {from, to, count, spacing}, {from, by, count}, or a distribution. */
#include "base/ctx.h"
#include "io/decode.h"
#include "study/members/grammar_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_leaf(const hd_param *p) { return p->kind <= HD_REF; }
static bool is_number(const hd_param *p) { return (p->kind == HD_REAL && p->count <= 1) || p->kind == HD_INT; }

static hd_status number(hd_grammar *g, const hd_vary *v, const hd_node *node, double *value, bool *good) {
  return hd_decode_leaf(g->arena, g->tables, g->count, g->root, v->param, node, v->path, g->notes, value, good);
}

static hd_status read_list(hd_grammar *g, hd_vary *v, const hd_node *node) {
  bool good;
  v->form = HD_VARY_LIST;
  v->count = node->count;
  if (!node->count) hd_grammar_error(g, node->place, "at least one value", "%s: an empty list", v->path);
  for (const hd_node *c = node->child; c && is_leaf(v->param); c = c->next) {
    if (c->kind == HD_NODE_NULL) hd_grammar_error(g, c->place, NULL, "%s: an empty value", v->path);
    else HD_TRY(number(g, v, c, NULL, &good));
  }
  return HD_OK;
}

static const hd_node *needed(hd_grammar *g, const hd_vary *v, const hd_node *node, const char *key) {
  const hd_node *child = hd_node_get(node, key);
  if (child && child->kind != HD_NODE_NULL) return child;
  hd_grammar_error(g, node->key ? node->key_place : node->place,
                   "{from: .., to: .., count: ..}, in converge also {from: .., by: .., count: ..}",
                   "%s: `%s` is missing", v->path, key);
  return NULL;
}

/* from, to, count, spacing: ends included. */
static hd_status read_spaced(hd_grammar *g, hd_vary *v, const hd_node *node) {
  const hd_node *from, *to, *count, *spacing = hd_node_get(node, "spacing");
  bool good[2] = {false, false};
  v->form = HD_VARY_SPACED;
  if (!hd_grammar_keys(g, node, v->path, "from|to|count|spacing")) return HD_OK;
  if ((from = needed(g, v, node, "from"))) HD_TRY(number(g, v, from, &v->a, &good[0]));
  if ((to = needed(g, v, node, "to"))) HD_TRY(number(g, v, to, &v->b, &good[1]));
  if ((count = needed(g, v, node, "count"))) hd_grammar_count(g, count, v->path, 2, &v->count);
  if (spacing && spacing->kind == HD_NODE_SCALAR)
    v->log = hd_grammar_word(g, spacing->place, "spacing", spacing->text, "linear|log") == 1;
  else if (spacing) hd_grammar_error(g, spacing->place, NULL, "spacing is linear or log");
  if (!good[0] || !good[1]) return HD_OK;
  if (v->log && spacing && !(v->a > 0 && v->b > 0))
    hd_grammar_error(g, spacing->place, "use spacing: linear", "%s: logarithmic spacing needs ends above 0", v->path);
  if (v->param->kind == HD_INT && !v->log && v->count > 1 && fmod(v->b - v->a, (double)(v->count - 1)) != 0)
    hd_grammar_error(g, node->place, "choose another count, or give a list",
                     "%s: %lld values from %.0f to %.0f are not whole numbers", v->path, (long long)v->count, v->a,
                     v->b);
  return HD_OK;
}

/* from, by, count: refinement, each `by` times the one before. */
static hd_status read_refined(hd_grammar *g, hd_vary *v, const hd_node *node) {
  const hd_node *from, *by, *count;
  bool good;
  hd_quantity_fault fault = HD_QUANTITY_NO_NUMBER;
  hd_unit none = {.num = 1, .den = 1}, found;
  const char *at;
  v->form = HD_VARY_BY;
  if (!hd_grammar_keys(g, node, v->path, "from|by|count")) return HD_OK;
  if ((from = needed(g, v, node, "from"))) HD_TRY(number(g, v, from, &v->a, &good));
  if ((count = needed(g, v, node, "count"))) hd_grammar_count(g, count, v->path, 2, &v->count);
  if (!(by = needed(g, v, node, "by"))) return HD_OK;
  if (by->kind == HD_NODE_SCALAR) fault = hd_quantity_read(by->text, &none, true, &v->b, &found, &at);
  if (fault || !(v->b > 0) || v->b == 1)
    hd_grammar_error(g, by->place, "by: 2 doubles from level to level, by: 0.5 halves",
                     "%s: `by` is a factor above 0 and not 1", v->path);
  return HD_OK;
}

static hd_status read_distribution(hd_grammar *g, hd_vary *v, const hd_node *node) {
  const hd_node *law = node->kind == HD_NODE_MAP ? node->child : NULL;
  bool good[2] = {false, false};
  if (!law || node->count != 1) {
    hd_grammar_error(g, node->place, "{uniform: [1 m, 2 m]}, {log_uniform: [..]}, {normal: [mean, sd]}",
                     "%s: one distribution is expected", v->path);
    return HD_OK;
  }
  int which = hd_grammar_word(g, law->key_place, "distribution", law->key, "uniform|log_uniform|normal");
  if (which < 0) return HD_OK;
  v->form = HD_VARY_UNIFORM + (hd_vary_form)which;
  if (law->kind != HD_NODE_LIST || law->count != 2) {
    hd_grammar_error(g, law->place, NULL, "%s: %s takes two numbers, [%s]", v->path, law->key,
                     v->form == HD_VARY_NORMAL ? "mean, sd" : "low, high");
    return HD_OK;
  }
  HD_TRY(number(g, v, law->child, &v->a, &good[0]));
  if (v->form == HD_VARY_NORMAL) { /* a spread is no value of the parameter: only its unit counts */
    hd_vary spread = *v;
    hd_param plain = *v->param;
    plain.range = NULL;
    spread.param = &plain;
    HD_TRY(number(g, &spread, law->last, &v->b, &good[1]));
  } else HD_TRY(number(g, v, law->last, &v->b, &good[1]));
  if (!good[0] || !good[1]) return HD_OK;
  bool right = v->form == HD_VARY_NORMAL ? v->b > 0 : v->b > v->a && (v->form == HD_VARY_UNIFORM || v->a > 0);
  if (!right)
    hd_grammar_error(g, law->place, NULL, "%s: %s", v->path,
                     v->form == HD_VARY_NORMAL    ? "the standard deviation must be above 0"
                     : v->form == HD_VARY_UNIFORM ? "the second number must be above the first"
                                                  : "0 < low < high is expected");
  return HD_OK;
}

/* An alternative that may be a number (parameters of a program) runs through numbers. */
static const hd_param *as_number(const hd_param *p) {
  if (p->kind != HD_EITHER) return p;
  for (const hd_param *s = p->sub; s->doc; s++)
    if (s->kind == HD_REAL && is_number(s)) return s;
  return p;
}

static hd_status read_vary(hd_grammar *g, const hd_node *node, hd_vary_group group, hd_vary *v) {
  *v = (hd_vary){.path = node->key, .node = node, .a = NAN, .b = NAN};
  v->param = hd_grammar_param(g, node->key, node->key_place);
  if (!v->param) return HD_OK;
  if (group != HD_VARY_SAMPLE && node->kind == HD_NODE_LIST) return read_list(g, v, node);
  v->param = as_number(v->param);
  if (!is_number(v->param)) {
    hd_grammar_error(g, node->place, group == HD_VARY_SAMPLE ? NULL : "give a list of values", "%s is not a number",
                     v->path);
    return HD_OK;
  }
  if (group == HD_VARY_SAMPLE) return read_distribution(g, v, node);
  if (node->kind != HD_NODE_MAP) {
    hd_grammar_error(g, node->place, NULL, "%s: a list or %s is expected", v->path,
                     group == HD_VARY_OVER ? "{from, by, count}" : "{from, to, count, spacing}");
    return HD_OK;
  }
  return group == HD_VARY_OVER ? read_refined(g, v, node) : read_spaced(g, v, node);
}

hd_status hd_grammar_varies(hd_grammar *g, const hd_node *map, const char *what, const char *skip, hd_vary_group group,
                            hd_varies *out) {
  void *memory;
  if (map->kind != HD_NODE_MAP) {
    hd_grammar_error(g, map->place, "write parameter paths and values, such as road.cells: [100, 200]", "%s is a map",
                     what);
    return HD_OK;
  }
  HD_TRY(hd_arena_take(g->arena, (size_t)(map->count + 1) * sizeof(hd_vary), &memory));
  out->at = memory;
  for (const hd_node *c = map->child; c; c = c->next)
    if (!hd_text_lists(skip, '|', c->key)) HD_TRY(read_vary(g, c, group, &out->at[out->count++]));
  return HD_OK;
}
