/* Is a table itself right? Every unit, range, choice and default is tried, for the unit test of every solver. */
#include "base/ctx.h"
#include "io/decode.h"
#include "io/yaml.h"

#include <string.h>

enum { PATH = 400 };

typedef struct verifier {
  hd_ctx *ctx;
  const hd_table *tables;
  int count;
  char path[PATH];
  size_t length;
  int depth;
} verifier;

static hd_status verify_list(verifier *v, const hd_param *list);

static hd_status wrong(const verifier *v, const char *what, const char *text) {
  return hd_raise(v->ctx, HD_ERR_BUG, "parameter table, %s: %s '%s'", v->path, what, text ? text : "");
}

static bool needs_sub(hd_kind kind) {
  return kind == HD_GROUP || kind == HD_NAMED || kind == HD_LIST || kind == HD_EITHER || kind == HD_VARIANT;
}

static hd_status verify_names(verifier *v, const hd_param *p, const hd_param *list) {
  hd_found found;
  for (const char *at = p->instead; at && *at; at += strspn(at, " ")) {
    size_t n = strcspn(at, " ");
    bool there = false;
    for (const hd_param *q = list; !hd_param_end(q); q++)
      there = there || (q->key && strlen(q->key) == n && !memcmp(q->key, at, n));
    if (!there) return wrong(v, "excludes what is not beside it:", at);
    at += n;
  }
  bool names = p->kind == HD_REF || (p->kind == HD_NAMED && p->of);
  if (names && (!hd_params_find(v->tables, v->count, p->of, &found) || found.param->kind != HD_NAMED))
    return wrong(v, "there is no map of names", p->of);
  return HD_OK;
}

static hd_status verify_entry(verifier *v, const hd_param *p, const hd_param *list) {
  hd_unit unit = {.num = 1, .den = 1};
  hd_range range;
  const char *at;
  bool off = p->flags & (HD_REFUSED | HD_LATER);
  bool quantity = p->kind == HD_REAL || p->kind == HD_SCHEDULE;
  if (off) return HD_OK;
  if (quantity && (!p->unit || !hd_unit_read(p->unit, &unit, &at))) return wrong(v, "is no unit", p->unit);
  if (p->range && !hd_range_read(p->range, &unit, &range)) return wrong(v, "is no range", p->range);
  if ((p->kind == HD_CHOICE || p->kind == HD_REF || p->kind == HD_VARIANT) && !p->of) return wrong(v, "lacks `of`", "");
  if (needs_sub(p->kind) && !p->sub) return wrong(v, "lacks `sub`", "");
  if ((p->kind == HD_NAMED || p->kind == HD_LIST) && !p->size) return wrong(v, "lacks the size of an item", "");
  HD_TRY(verify_names(v, p, list));
  if (!needs_sub(p->kind) || v->depth > 12) return HD_OK;
  v->depth++;
  hd_status status = verify_list(v, p->sub);
  v->depth--;
  return status;
}

static hd_status verify_list(verifier *v, const hd_param *list) {
  for (const hd_param *p = list; !hd_param_end(p); p++) {
    size_t before = v->length, n = p->key ? strlen(p->key) : 0;
    if (n && v->length + n + 2 < PATH) {
      if (v->length) v->path[v->length++] = '.';
      memcpy(v->path + v->length, p->key, n + 1);
      v->length += n;
    }
    hd_status status = verify_entry(v, p, list);
    v->path[v->length = before] = 0;
    HD_TRY(status);
  }
  return HD_OK;
}

/* Decodes an empty map in every group that could be there, into memory nobody looks at: the defaults must decode. */
hd_status hd_params_verify(hd_ctx *ctx, const hd_table *tables, int count) {
  verifier v = {.ctx = ctx, .tables = tables, .count = count};
  for (int t = 0; t < count; t++) HD_TRY(verify_list(&v, tables[t].params));
  hd_arena arena;
  hd_notes *notes;
  hd_arena_init(&arena, ctx);
  HD_TRY(hd_notes_new(ctx, &notes));
  hd_status status = hd_decode(&arena, tables, count, NULL, notes);
  const hd_note *note;
  for (int64_t i = 0; status == HD_OK && (note = hd_notes_get(notes, HD_NOTE_ERROR, i)); i++)
    if (!strstr(note->message, " is missing")) status = hd_raise(ctx, HD_ERR_BUG, "a default: %s", note->message);
  hd_notes_free(notes);
  hd_arena_free(&arena);
  return status;
}
