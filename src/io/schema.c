/* JSON Schema of a scenario. Editors complete and check with it; heddle itself does not use it. */
#include "base/number.h"
#include "io/notes.h"
#include "io/reference.h"
#include "io/words.h"

#include <math.h>
#include <string.h>

static void add_schema(hd_text *out, const hd_param *p);

static void begin(hd_text *out, const hd_param *p) {
  hd_text doc;
  hd_text_init(&doc, out->ctx);
  if (p->kind == HD_REAL || p->kind == HD_SCHEDULE) {
    hd_words_type(&doc, p);
    hd_print(&doc, "; ");
  }
  hd_print(&doc, "%s", p->doc);
  hd_print(out, "{\"description\": ");
  hd_json_text(out, hd_text_of(&doc));
  hd_text_free(&doc);
}

/* `kind` NULL, or the key and the value of a variant that the map must have. */
static void add_map(hd_text *out, const hd_param *const *lists, int count, const char *of, const char *kind) {
  bool any = false;
  hd_print(out, ", \"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
  if (of) {
    hd_json_text(out, of);
    hd_print(out, ": {\"const\": ");
    hd_json_text(out, kind);
    hd_print(out, "}");
    any = true;
  }
  for (int t = 0; t < count; t++) {
    for (const hd_param *p = lists[t]; p && !hd_param_end(p); p++) {
      const hd_param *group[2] = {p->sub, NULL};
      bool shared = false;
      if (!p->key || (p->flags & (HD_REFUSED | HD_LATER))) continue;
      for (int u = 0; u < count; u++)
        for (const hd_param *q = u == t ? NULL : lists[u]; q && !hd_param_end(q); q++) {
          if (!q->key || strcmp(p->key, q->key)) continue;
          if (u < t) shared = true; /* written with that table */
          else group[1] = q->sub;
        }
      if (shared) continue;
      if (any) hd_print(out, ", ");
      any = true;
      hd_json_text(out, p->key);
      hd_print(out, ": ");
      if (p->kind == HD_GROUP && group[1]) {
        begin(out, p);
        add_map(out, group, 2, NULL, NULL);
        hd_print(out, "}");
      } else add_schema(out, p);
    }
  }
  hd_print(out, "}");
}

static void add_bounds(hd_text *out, const hd_param *p) {
  static const hd_unit none = {.num = 1, .den = 1};
  hd_range r;
  if (!hd_range_read(p->range, &none, &r)) return;
  if (isfinite(r.low))
    hd_print(out, ", \"%s\": ", r.low_open ? "exclusiveMinimum" : "minimum"), hd_json_number(out, r.low);
  if (isfinite(r.high))
    hd_print(out, ", \"%s\": ", r.high_open ? "exclusiveMaximum" : "maximum"), hd_json_number(out, r.high);
}

static void add_words(hd_text *out, const hd_param *p) {
  hd_choice c;
  bool any = false;
  hd_print(out, ", \"enum\": [");
  for (int i = 0; hd_choice_at(p->of, i, &c); i++) {
    if (c.later) continue;
    hd_print(out, "%s\"%.*s\"", any ? ", " : "", (int)c.length, c.name);
    any = true;
  }
  if (p->flags & HD_AUTO) hd_print(out, ", \"auto\"");
  hd_print(out, "]");
}

static void add_alternatives(hd_text *out, const hd_param *p) {
  hd_print(out, ", \"anyOf\": [");
  for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
    if (s->flags & HD_LATER) continue;
    if (s != p->sub) hd_print(out, ", ");
    add_schema(out, s);
  }
  hd_print(out, "]");
}

static void add_variants(hd_text *out, const hd_param *p) {
  bool any = false;
  hd_print(out, ", \"anyOf\": [");
  for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
    if (s->flags & (HD_REFUSED | HD_LATER)) continue;
    if (any) hd_print(out, ", ");
    any = true;
    begin(out, s);
    add_map(out, &s->sub, 1, p->of, s->key);
    hd_print(out, ", \"required\": [\"%s\"]}", p->of);
  }
  hd_print(out, ", {\"type\": \"string\"}]");
}

static void add_group(hd_text *out, const hd_param *p) {
  const hd_param *bare = NULL;
  for (const hd_param *s = p->sub; !hd_param_end(s); s++)
    if (s->flags & HD_BARE) bare = s;
  if (!bare) return add_map(out, &p->sub, 1, NULL, NULL);
  hd_print(out, ", \"anyOf\": [");
  add_schema(out, bare);
  hd_print(out, ", {\"description\": \"\"");
  add_map(out, &p->sub, 1, NULL, NULL);
  hd_print(out, "}]");
}

static void add_schema(hd_text *out, const hd_param *p) {
  static const char *const quantity = ", \"type\": [\"string\", \"number\"]";
  begin(out, p);
  switch (p->kind) {
    case HD_BOOL: hd_print(out, ", \"type\": \"boolean\""); break;
    case HD_INT:
      if (p->flags & HD_AUTO) hd_print(out, ", \"type\": [\"integer\", \"string\"]");
      else hd_print(out, ", \"type\": \"integer\""), add_bounds(out, p);
      break;
    case HD_REAL: hd_print(out, "%s", p->count > 1 ? ", \"type\": [\"string\", \"array\"]" : quantity); break;
    case HD_TEXT: hd_print(out, "%s", quantity); break;
    case HD_PATH:
    case HD_REF: hd_print(out, ", \"type\": \"string\""); break;
    case HD_CHOICE: add_words(out, p); break;
    case HD_GROUP: add_group(out, p); break;
    case HD_NAMED:
    case HD_LIST: {
      bool named = p->kind == HD_NAMED;
      hd_print(out, ", \"type\": \"%s\", \"%s\": ", named ? "object" : "array",
               named ? "additionalProperties" : "items");
      add_schema(out, p->sub);
      break;
    }
    case HD_EITHER: add_alternatives(out, p); break;
    case HD_VARIANT: add_variants(out, p); break;
    case HD_SCHEDULE: hd_print(out, ", \"type\": [\"integer\", \"object\", \"array\"]"); break;
    case HD_ANY: break;
  }
  if (p->value && *p->value != '[' && *p->value != '{') {
    hd_print(out, ", \"default\": ");
    hd_json_text(out, p->value);
  }
  hd_print(out, "}");
}

void hd_schema_write(hd_text *out, const hd_solver *solver, const hd_param *common) {
  const hd_param *lists[2] = {common, solver->params};
  hd_print(out, "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": ");
  hd_json_text(out, solver->title);
  hd_print(out, ", \"description\": ");
  hd_json_text(out, solver->doc);
  add_map(out, lists, 2, NULL, NULL);
  hd_print(out, "}\n");
}
