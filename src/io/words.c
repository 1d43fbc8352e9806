#include "io/words.h"

#include <string.h>

void hd_words_add_choices(hd_text *out, const char *of, bool all) {
  hd_choice c;
  bool any = false;
  for (int i = 0; hd_choice_at(of, i, &c); i++) {
    if (c.later && !all) continue;
    hd_print(out, "%s%.*s", any ? ", " : "", (int)c.length, c.name);
    any = true;
  }
}

static void add_quantity(hd_text *out, const hd_param *p) {
  hd_unit unit;
  const char *at, *kind = NULL;
  bool none = !p->unit || !strcmp(p->unit, "1");
  if (!none && hd_unit_read(p->unit, &unit, &at)) kind = hd_unit_kind(&unit);
  if (p->count > 1) hd_print(out, "%d numbers", p->count);
  else hd_print(out, "%s", none ? "number" : kind ? kind : "quantity");
  if (!none) hd_print(out, " [%s]", p->unit);
}

void hd_words_type(hd_text *out, const hd_param *p) {
  switch (p->kind) {
    case HD_BOOL: hd_print(out, "true or false"); break;
    case HD_INT: hd_print(out, "whole number"); break;
    case HD_REAL: add_quantity(out, p); break;
    case HD_TEXT: hd_print(out, "text"); break;
    case HD_PATH: hd_print(out, "file"); break;
    case HD_CHOICE: hd_words_add_choices(out, p->of, false); break;
    case HD_REF: hd_print(out, "name of `%s`", p->of); break;
    case HD_GROUP: hd_print(out, "map"); break;
    case HD_NAMED:
      if (p->of) hd_print(out, "map of names of `%s`, each ", p->of);
      else hd_print(out, "map of names, each ");
      hd_words_type(out, p->sub);
      break;
    case HD_LIST:
      hd_print(out, "list, each ");
      hd_words_type(out, p->sub);
      break;
    case HD_EITHER:
      for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
        if (s->flags & HD_LATER) continue;
        if (s != p->sub) hd_print(out, ", or ");
        hd_words_type(out, s);
      }
      break;
    case HD_VARIANT: hd_print(out, "map with `%s`", p->of); break;
    case HD_SCHEDULE: hd_print(out, "count, {every: ...}, {every_steps: ...} or list [%s]", p->unit); break;
    case HD_ANY: hd_print(out, "map"); break;
  }
  if (p->range) hd_print(out, ", %s", p->range);
}
