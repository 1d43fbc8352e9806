/* The Markdown reference of a solver, from its tables alone. */
#include "io/reference.h"

#include "io/words.h"

#include <string.h>

/* A cell of a table: | and line feeds would end it. */
static void add_cell(hd_text *out, const char *text) {
  for (const char *c = text ? text : ""; *c; c++) {
    if (*c == '|') hd_text_add(out, "\\|", 2);
    else hd_text_add(out, *c == '\n' ? " " : c, 1);
  }
}

static void add_type(hd_text *out, const hd_param *p) {
  hd_text type;
  hd_text_init(&type, out->ctx);
  hd_words_type(&type, p);
  add_cell(out, hd_text_of(&type));
  hd_text_free(&type);
}

static void add_params(hd_text *out, const hd_param *list, const char *prefix);

static void add_below(hd_text *out, const hd_param *p, const char *path) {
  char below[400];
  hd_text name;
  hd_text_init(&name, out->ctx);
  switch (p->kind) {
    case HD_GROUP: add_params(out, p->sub, path); break;
    case HD_NAMED:
    case HD_LIST:
      hd_print(&name, "%s%s", path, p->kind == HD_NAMED ? ".NAME" : "[i]");
      if (strlen(hd_text_of(&name)) < sizeof below) {
        strcpy(below, hd_text_of(&name));
        add_below(out, p->sub, below);
      }
      break;
    case HD_EITHER:
      for (const hd_param *s = p->sub; !hd_param_end(s); s++)
        if (!(s->flags & HD_LATER)) add_below(out, s, path);
      break;
    case HD_VARIANT:
      for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
        if (s->flags & (HD_REFUSED | HD_LATER)) continue;
        hd_print(out, "| `%s.%s: %s` | | | ", path, p->of, s->key);
        add_cell(out, s->doc);
        hd_print(out, " |\n");
        add_params(out, s->sub, path);
      }
      break;
    default: break;
  }
  hd_text_free(&name);
}

static void add_params(hd_text *out, const hd_param *list, const char *prefix) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++) {
    hd_text path;
    if (!p->key || (p->flags & (HD_REFUSED | HD_LATER))) continue;
    hd_text_init(&path, out->ctx);
    hd_print(&path, "%s%s%s", prefix, *prefix ? "." : "", p->key);
    if (p->kind != HD_GROUP) {
      hd_print(out, "| `%s` | ", hd_text_of(&path));
      add_type(out, p);
      hd_print(out, " | ");
      if (p->value) add_cell(out, p->value);
      else if (p->flags & HD_AUTO) hd_print(out, "auto");
      else hd_print(out, p->flags & HD_OPTIONAL || p->kind == HD_ANY ? "none" : "**required**");
      hd_print(out, " | ");
      add_cell(out, p->doc);
      if (p->instead) hd_print(out, "; excludes `%s`", p->instead);
      if (p->flags & HD_BARE) hd_print(out, "; may stand for the whole map");
      hd_print(out, " |\n");
    }
    add_below(out, p, hd_text_of(&path));
    hd_text_free(&path);
  }
}

static void add_later(hd_text *out, const hd_param *list, const char *prefix, bool *any) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++) {
    if (!p->key) continue;
    if (p->flags & HD_LATER) {
      hd_print(out, "%s`%s%s%s`", *any ? ", " : "\nKnown, but not in this version: ", prefix, *prefix ? "." : "",
               p->key);
      *any = true;
    }
    bool plain = !*prefix && (p->kind == HD_GROUP || p->kind == HD_VARIANT);
    if (plain) add_later(out, p->sub, p->key, any);
  }
}

static void add_row(hd_text *out, const char *a, const char *b, const char *c, const char *d) {
  const char *cells[] = {b, c, d};
  hd_print(out, "| `%s` | ", a);
  for (int i = 0; i < 3; i++) {
    if (!cells[i]) continue;
    add_cell(out, cells[i]);
    hd_print(out, " | ");
  }
  hd_print(out, "\n");
}

static void add_results(hd_text *out, const hd_solver *s) {
  hd_print(out, "\n## Dimensions\n\n| name | rows come | meaning |\n|---|---|---|\n");
  for (const hd_dim *d = s->dims; d && d->name; d++)
    add_row(out, d->name, d->when ? d->when : d->flags & HD_ROWS ? "as they occur" : "", d->doc, NULL);
  hd_print(out, "\n## Fields\n\n| name | dimensions | unit | meaning |\n|---|---|---|---|\n");
  for (const hd_field *f = s->fields; f && f->name; f++) {
    hd_text dims;
    if (!(f->flags & HD_OUT)) continue;
    hd_text_init(&dims, out->ctx);
    hd_print(&dims, "%s%s%s", f->rows ? f->rows : "", f->rows && *f->dims ? ", " : "", f->dims);
    add_row(out, f->name, hd_text_of(&dims), f->unit, f->doc);
    hd_text_free(&dims);
  }
  hd_print(out, "\n## Measures\n\n| name | unit | meaning |\n|---|---|---|\n");
  for (const hd_measure *m = s->measures; m && m->name; m++) add_row(out, m->name, m->unit, m->doc, NULL);
  hd_print(out, "\n## Figures\n\n| name | title | meaning |\n|---|---|---|\n");
  for (const hd_drawing *d = s->figures; d && d->name; d++) add_row(out, d->name, d->title, d->doc, NULL);
  hd_print(out, "\n## Formats\n\n| name | file | can | meaning |\n|---|---|---|---|\n");
  for (const hd_format *f = s->formats; f && f->name; f++)
    add_row(out, f->name, f->suffix ? f->suffix : "",
            f->write ? (f->read ? "be read and written" : "be written") : "be read", f->doc);
}

void hd_reference_write(hd_text *out, const hd_solver *s, const hd_param *common) {
  bool any = false;
  hd_print(out, "# %s\n\nSolver `%s`: %s.\n", s->title, s->name, s->doc);
  hd_print(out, "\n## Parameters\n\nA number with a unit is read in any unit of its kind.\n\n");
  hd_print(out, "| key | type | default | meaning |\n|---|---|---|---|\n");
  add_params(out, s->params, "");
  add_later(out, s->params, "", &any);
  if (any) hd_print(out, ".\n");
  if (s->presets && s->presets->name) hd_print(out, "\n## Presets\n\n| name | meaning |\n|---|---|\n");
  for (const hd_preset *p = s->presets; p && p->name; p++) add_row(out, p->name, p->doc, NULL, NULL);
  add_results(out, s);
  hd_print(out, "\n## Keys of every scenario\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
  add_params(out, common, "");
}
