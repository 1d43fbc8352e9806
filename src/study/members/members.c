/* Members as columns: each varied key has its values and says how its index follows from the member's number. */
#include "study/members/members.h"

#include "base/number.h"
#include "heddle/math.h"
#include "io/decode.h"
#include "study/members/columns.h"
#include "study/members/sample.h"

#include <math.h>
#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_MOST = 10000000, COLUMNS_MOST = 64 };

struct hd_members {
  hd_ctx *ctx;
  hd_arena arena;
  const hd_case *base;
  const hd_study_spec *spec;
  hd_column column[COLUMNS_MOST];
  const char *key[COLUMNS_MOST], *unit[COLUMNS_MOST];
  int64_t keys, count;
};

/* -- values ------------------------------------------------------------------------------------------------------------ */

static bool is_number(const hd_param *p) { return (p->kind == HD_REAL && p->count <= 1) || p->kind == HD_INT; }

static hd_status number_node(hd_arena *arena, const hd_param *p, double number, hd_node **out) {
  char text[HD_NUMBER_ROOM + 64], digits[HD_NUMBER_ROOM];
  bool unit = p->kind == HD_REAL && p->unit && strcmp(p->unit, "1");
  if (p->kind == HD_INT) snprintf(digits, sizeof digits, "%lld", (long long)number);
  else hd_number_print(number, digits);
  snprintf(text, sizeof text, "%s%s%s", digits, unit ? " " : "", unit ? p->unit : "");
  return hd_node_scalar(arena, text, (hd_place){0}, out);
}

/* Value k of a key that runs through numbers. The ends of a range are exact. */
static double spaced(const hd_vary *v, int64_t k) {
  bool whole = v->param->kind == HD_INT;
  double a = v->a, b = v->b, last = (double)(v->count - 1), x;
  if (v->form == HD_VARY_BY) {
    x = a;
    for (int64_t i = 0; i < k; i++) x *= b;
  } else if (k == 0) return a;
  else if (k == v->count - 1) return b;
  else if (v->log) x = hd_exp(hd_log(a) + (hd_log(b) - hd_log(a)) * ((double)k / last));
  else x = a + (b - a) * ((double)k / last);
  return whole ? hd_round(x) : hd_short_number(x);
}

/* The number that a value of a list stands for; not-a-number where it stands for none. */
static hd_status read_number(hd_members *m, const hd_column *column, const hd_node *node, double *number) {
  hd_table tables[2];
  bool good = false;
  *number = NAN;
  if (!is_number(column->param) || node->kind != HD_NODE_SCALAR) return HD_OK;
  hd_case_tables(m->base, tables);
  return hd_decode_leaf(&m->arena, tables, 2, m->base->tree, column->param, node, column->path, m->base->notes, number,
                        &good);
}

/* Nodes of a range are made where one is asked for: there may be a million of them. */
static hd_status fill(hd_members *m, hd_column *column, const hd_node *list) {
  void *nodes, *numbers;
  HD_TRY(hd_arena_take(&m->arena, (size_t)column->count * sizeof(hd_node *), &nodes));
  HD_TRY(hd_arena_take(&m->arena, (size_t)column->count * sizeof(double), &numbers));
  column->node = nodes;
  column->number = numbers;
  const hd_node *item = list ? list->child : NULL;
  for (int64_t k = 0; k < column->count; k++) {
    if (item) {
      column->node[k] = item;
      HD_TRY(read_number(m, column, item, &column->number[k]));
      item = item->next;
    } else {
      column->number[k] = spaced(column->vary, k);
    }
  }
  return HD_OK;
}

/* -- columns ----------------------------------------------------------------------------------------------------------- */

static hd_status add_column(hd_members *m, hd_column column) {
  static const hd_unit none = {.num = 1, .den = 1};
  hd_unit unit = none;
  const char *at;
  if (m->keys == COLUMNS_MOST) return hd_raise(m->ctx, HD_ERR_INPUT, "more than %d parameters vary", COLUMNS_MOST);
  if (column.param->kind == HD_REAL && !hd_unit_read(column.param->unit ? column.param->unit : "1", &unit, &at))
    unit = none;
  column.plain = is_number(column.param) && hd_case_plain(m->base, column.path) &&
                 hd_range_read(column.param->range, &unit, &column.range);
  if (column.plain) column.slot = hd_case_slot_of(m->base, column.path);
  bool shows = column.param->kind == HD_REAL && is_number(column.param) && column.param->unit;
  m->key[m->keys] = column.path;
  m->unit[m->keys] = shows && strcmp(column.param->unit, "1") ? column.param->unit : "";
  m->column[m->keys++] = column;
  return HD_OK;
}

/* The keys of a grid, the last one fastest; *stride grows by their product. */
static hd_status add_grid(hd_members *m, const hd_varies *varies, int64_t *stride) {
  int64_t first = m->keys;
  for (int64_t i = 0; i < varies->count; i++) {
    hd_vary *v = &varies->at[i];
    hd_column column = {.path = v->path, .param = v->param, .vary = v, .from = HD_COLUMN_VALUES, .count = v->count};
    HD_TRY(fill(m, &column, v->form == HD_VARY_LIST ? v->node : NULL));
    HD_TRY(add_column(m, column));
  }
  for (int64_t i = m->keys - 1; i >= first; i--) {
    m->column[i].stride = *stride;
    *stride *= m->column[i].count;
  }
  return HD_OK;
}

static hd_status add_together(hd_members *m, const hd_varies *varies, int64_t *stride) {
  for (int64_t i = 0; i < varies->count; i++) {
    hd_vary *v = &varies->at[i];
    hd_column column = {
        .path = v->path, .param = v->param, .vary = v, .from = HD_COLUMN_VALUES, .count = v->count, .stride = *stride};
    HD_TRY(fill(m, &column, v->form == HD_VARY_LIST ? v->node : NULL));
    HD_TRY(add_column(m, column));
  }
  if (varies->count) *stride *= varies->at[0].count;
  return HD_OK;
}

static hd_status add_samples(hd_members *m, int64_t *stride) {
  const hd_study_spec *spec = m->spec;
  if (spec->sample_method == HD_SAMPLE_SOBOL && spec->sample.count > HD_SOBOL_KEYS)
    return hd_raise(m->ctx, HD_ERR_INPUT, "sample: sobol has %d dimensions, %lld parameters vary; use latin",
                    HD_SOBOL_KEYS, (long long)spec->sample.count);
  for (int64_t i = 0; i < spec->sample.count; i++) {
    hd_vary *v = &spec->sample.at[i];
    HD_TRY(add_column(m, (hd_column){.path = v->path,
                                     .param = v->param,
                                     .vary = v,
                                     .from = HD_COLUMN_SAMPLE,
                                     .count = spec->sample_count,
                                     .stride = *stride,
                                     .place = (int)i}));
  }
  if (spec->sample_count) *stride *= spec->sample_count;
  return HD_OK;
}

static hd_status add_repeats(hd_members *m, int64_t *stride) {
  hd_table tables[2];
  hd_found found;
  if (!m->spec->repeat) return HD_OK;
  hd_case_tables(m->base, tables);
  hd_params_find(tables, 2, "seed", &found);
  HD_TRY(add_column(m, (hd_column){.path = "seed",
                                   .param = found.param,
                                   .from = HD_COLUMN_REPEAT,
                                   .count = m->spec->repeat,
                                   .stride = *stride}));
  *stride *= m->spec->repeat;
  return HD_OK;
}

/* The slowest factor is made last: strides grow from the fastest on. Columns are then put in the order of the grammar. */
static hd_status expand(hd_members *m) {
  const hd_study_spec *spec = m->spec;
  int64_t stride = 1, place[5];
  hd_column file[COLUMNS_MOST];
  int64_t files = 0, rows = 1;
  if (spec->over.count) {
    HD_TRY(add_together(m, &spec->over, &stride));
    m->count = stride;
    return HD_OK;
  }
  place[0] = 0;
  HD_TRY(add_repeats(m, &stride));
  place[1] = m->keys;
  HD_TRY(add_samples(m, &stride));
  place[2] = m->keys;
  HD_TRY(add_together(m, &spec->zip, &stride));
  place[3] = m->keys;
  HD_TRY(add_grid(m, &spec->grid, &stride));
  place[4] = m->keys;
  hd_column all[COLUMNS_MOST];
  int64_t keys = 0;
  if (spec->members) HD_TRY(hd_columns_of_file(m->base, &m->arena, spec->members, file, COLUMNS_MOST, &files, &rows));
  for (int64_t i = 0; i < files; i++) {
    for (int64_t k = 0; k < m->keys; k++)
      if (!strcmp(m->key[k], file[i].path))
        return hd_raise(m->ctx, HD_ERR_INPUT, "%s varies twice: in %s and in the sweep", file[i].path, spec->members);
    file[i].stride = stride;
    for (int64_t r = 0; r < rows; r++) HD_TRY(read_number(m, &file[i], file[i].node[r], &file[i].number[r]));
    HD_TRY(add_column(m, file[i]));
    all[keys++] = m->column[m->keys - 1];
  }
  for (int group = 3; group >= 0; group--)
    for (int64_t k = place[group]; k < place[group + 1]; k++) all[keys++] = m->column[k];
  m->keys = 0;
  for (int64_t k = 0; k < keys; k++) {
    if (spec->repeat && all[k].from != HD_COLUMN_REPEAT && !strcmp(all[k].path, "seed"))
      return hd_raise(m->ctx, HD_ERR_INPUT, "sweep: repeat derives the seed, which varies already; use one of the two");
    HD_TRY(add_column(m, all[k]));
  }
  m->count = stride * rows;
  return HD_OK;
}

hd_status hd_members_new(const hd_case *base, const hd_study_spec *spec, hd_members **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(base->ctx, sizeof(hd_members), &memory));
  hd_members *m = memory;
  m->ctx = base->ctx;
  m->base = base;
  m->spec = spec;
  hd_arena_init(&m->arena, base->ctx);
  hd_status status = expand(m);
  if (status == HD_OK) status = hd_notes_status(base->notes);
  if (status == HD_OK && !m->keys)
    status = hd_raise(base->ctx, HD_ERR_INPUT, "%s describes no study: it has neither sweep nor converge", base->file);
  if (status == HD_OK && (m->count < 1 || m->count > MEMBERS_MOST))
    status = hd_raise(base->ctx, HD_ERR_INPUT, "the study has %lld members; from 1 to %d are possible",
                      (long long)m->count, MEMBERS_MOST);
  if (status == HD_OK) *out = m;
  else hd_members_free(m);
  return status;
}

void hd_members_free(hd_members *m) {
  if (!m) return;
  hd_arena_free(&m->arena);
  hd_memory_give(m->ctx, m, sizeof *m);
}

int64_t hd_members_count(const hd_members *m) { return m->count; }

int64_t hd_members_keys(const hd_members *m, const char *const **keys, const char *const **units) {
  if (keys) *keys = m->key;
  if (units) *units = m->unit;
  return m->keys;
}

hd_member_key hd_members_key(const hd_members *m, int64_t key) {
  const hd_column *c = &m->column[key];
  bool written = c->from == HD_COLUMN_VALUES;
  return (hd_member_key){.path = c->path,
                         .unit = m->unit[key],
                         .param = c->param,
                         .vary = c->vary,
                         .node = written ? c->node : NULL,
                         .number = written ? c->number : NULL,
                         .sampled = c->from == HD_COLUMN_SAMPLE,
                         .repeated = c->from == HD_COLUMN_REPEAT,
                         .stride = c->stride,
                         .count = c->count};
}

/* -- one member -------------------------------------------------------------------------------------------------------- */

static double number_of(const hd_members *m, const hd_column *c, int64_t i) {
  int64_t k = i / c->stride % c->count;
  uint64_t seed = (uint64_t)m->base->common.seed;
  switch (c->from) {
    case HD_COLUMN_SAMPLE:
      return hd_sample_value(c->vary, hd_sample_at(m->spec->sample_method, seed, c->path, c->place, k, c->count));
    case HD_COLUMN_REPEAT: return (double)(hd_derive_seed(seed, (uint64_t)k) >> 11); /* exact as a number: 53 bits */
    case HD_COLUMN_VALUES: break;
  }
  return c->number[k];
}

/* On one line, as YAML. */
static void print_flow(hd_text *out, const hd_node *node) {
  bool list = node->kind == HD_NODE_LIST;
  if (node->kind == HD_NODE_SCALAR) hd_node_print_scalar(out, node->text, node->quoted);
  else if (node->kind == HD_NODE_NULL) hd_print(out, "null");
  else {
    hd_print(out, list ? "[" : "{");
    for (const hd_node *c = node->child; c; c = c->next) {
      if (!list) {
        hd_node_print_scalar(out, c->key, false);
        hd_print(out, ": ");
      }
      print_flow(out, c);
      if (c->next) hd_print(out, ", ");
    }
    hd_print(out, list ? "]" : "}");
  }
}

static hd_status print_value(const hd_members *m, int64_t i, int64_t key, bool yaml, hd_text *text) {
  const hd_column *c = &m->column[key];
  const hd_node *node = c->from == HD_COLUMN_VALUES ? c->node[i / c->stride % c->count] : NULL;
  hd_arena arena;
  hd_node *made;
  hd_status status = HD_OK;
  hd_arena_init(&arena, text->ctx);
  if (!node) {
    status = number_node(&arena, c->param, number_of(m, c, i), &made);
    node = made;
  }
  if (status == HD_OK && node->kind == HD_NODE_SCALAR && yaml && c->param->kind == HD_PATH) {
    char path[HD_PATH_ROOM], resolved[PATH_MAX];
    const char *absolute = NULL;
    status =
        hd_path_join(text->ctx, node->place.source ? node->place.source->folder : NULL, node->text, path, sizeof path);
    if (status == HD_OK) absolute = realpath(path, resolved);
    if (status == HD_OK) hd_node_print_scalar(text, absolute ? absolute : path, true);
  } else if (status == HD_OK && node->kind == HD_NODE_SCALAR && !yaml) hd_print(text, "%s", node->text);
  else if (status == HD_OK) print_flow(text, node);
  hd_arena_free(&arena);
  return status == HD_OK ? hd_text_status(text) : status;
}

hd_status hd_members_value(const hd_members *m, int64_t i, int64_t key, double *number, hd_text *text) {
  if (number) *number = number_of(m, &m->column[key], i);
  return text ? print_value(m, i, key, false, text) : HD_OK;
}

hd_status hd_members_set(const hd_members *m, int64_t i, int64_t key, hd_text *text) {
  hd_print(text, "%s=", m->column[key].path);
  return print_value(m, i, key, true, text);
}

/* Nodes of sampled values are only needed where a change is not plain. */
static hd_status changes_of(const hd_members *m, hd_arena *arena, int64_t i, hd_case_change *change) {
  bool plain = true;
  for (int64_t k = 0; k < m->keys; k++) {
    const hd_column *c = &m->column[k];
    double number = number_of(m, c, i);
    change[k] = (hd_case_change){.path = c->path, .number = number, .slot = &c->slot};
    if (c->from == HD_COLUMN_VALUES) change[k].value = c->node[i / c->stride % c->count];
    change[k].plain = c->plain && !isnan(number) && hd_range_holds(&c->range, number);
    plain &= change[k].plain;
  }
  for (int64_t k = 0; k < m->keys; k++) {
    hd_node *made;
    if (change[k].value || plain) continue;
    HD_TRY(number_node(arena, m->column[k].param, change[k].number, &made));
    change[k].value = made;
  }
  return HD_OK;
}

hd_status hd_members_case(const hd_members *m, hd_ctx *ctx, int64_t i, hd_case **out) {
  *out = NULL;
  return hd_members_case_again(m, ctx, i, out);
}

hd_status hd_members_case_again(const hd_members *m, hd_ctx *ctx, int64_t i, hd_case **out) {
  hd_case_change change[COLUMNS_MOST];
  hd_arena arena;
  if (i < 0 || i >= m->count)
    return hd_raise(ctx, HD_ERR_INPUT, "there is no member %lld; the study has %lld, counted from 0", (long long)i,
                    (long long)m->count);
  hd_arena_init(&arena, ctx);
  hd_status status = changes_of(m, &arena, i, change);
  if (status == HD_OK) status = hd_case_vary_again(m->base, ctx, change, m->keys, out);
  hd_arena_free(&arena);
  return status;
}
