/* The text of `heddle new`: a scenario with everything that must be given, and every default as a comment. */
#include "io/reference.h"
#include "io/words.h"

#include <string.h>

enum { COMMENT_AT = 34 };

static bool is_required(const hd_param *p) {
  return !p->value && !(p->flags & (HD_OPTIONAL | HD_AUTO | HD_REFUSED | HD_LATER)) && p->kind != HD_ANY;
}

/* Is there something below that must be given? */
static bool asks(const hd_param *p) {
  if (!is_required(p)) return false;
  if (p->kind != HD_GROUP) return true;
  for (const hd_param *s = p->sub; !hd_param_end(s); s++)
    if (asks(s)) return true;
  return false;
}

static bool is_hidden(const hd_param *p) { return !p->key || (p->flags & (HD_REFUSED | HD_LATER)); }

/* What stands behind the colon: the default, or the word for what is due. */
static void add_value(hd_text *out, const hd_param *p) {
  if (p->value) hd_print(out, " %s", p->value);
  else if (p->flags & HD_AUTO) hd_print(out, " auto");
}

static void add_comment(hd_text *out, size_t begin, const hd_param *p) {
  size_t used = out->length - begin;
  hd_print(out, "%*s# ", used < COMMENT_AT ? (int)(COMMENT_AT - used) : 1, "");
  hd_words_type(out, p);
  hd_print(out, "; %s\n", p->doc);
}

static void add_entries(hd_text *out, const hd_param *list, int depth, bool commented);

static void add_entry(hd_text *out, const hd_param *p, int depth, bool commented) {
  size_t begin = out->length;
  bool off = commented || !asks(p);
  hd_print(out, "%s%*s%s:", off ? "# " : "", 2 * depth, "", p->key);
  if (p->kind == HD_GROUP) {
    hd_print(out, "%*s# %s\n", COMMENT_AT > (int)(out->length - begin) ? COMMENT_AT - (int)(out->length - begin) : 1, "", p->doc);
    add_entries(out, p->sub, depth + 1, off);
    return;
  }
  add_value(out, p);
  add_comment(out, begin, p);
  if (p->kind == HD_VARIANT) {
    for (const hd_param *s = p->sub; !hd_param_end(s); s++) {
      if (is_hidden(s)) continue;
      hd_print(out, "# %*s# %s: %s -- %s\n", 2 * depth + 2, "", p->of, s->key, s->doc);
      add_entries(out, s->sub, depth + 1, true);
    }
  } else if ((p->kind == HD_NAMED || p->kind == HD_LIST) && p->sub->kind == HD_GROUP) {
    hd_print(out, "# %*s%s\n", 2 * depth + 2, "", p->kind == HD_NAMED ? "NAME:" : "- # each:");
    add_entries(out, p->sub->sub, depth + 2, true);
  }
}

/* What must be given comes first. */
static void add_entries(hd_text *out, const hd_param *list, int depth, bool commented) {
  for (int pass = 0; pass < 2; pass++)
    for (const hd_param *p = list; p && !hd_param_end(p); p++)
      if (!is_hidden(p) && asks(p) == (pass == 0)) add_entry(out, p, depth, commented);
}

void hd_template_write(hd_text *out, const hd_solver *solver, const hd_param *common) {
  hd_print(out, "# A scenario for the solver %s: %s.\n", solver->name, solver->doc);
  hd_print(out, "# Fill in what stands without #; take the # away from what you want to change. `heddle check` tells what is missing.\n");
  hd_print(out, "solver: %s\n", solver->name);
  for (const hd_preset *s = solver->presets; s && s->name; s++)
    hd_print(out, "%s# preset: %s%*s# %s\n", s == solver->presets ? "\n" : "", s->name, (int)(20 - strlen(s->name) % 20), "", s->doc);
  hd_print(out, "\n");
  for (const hd_param *p = common; p && !hd_param_end(p); p++)
    if (p->key && !strcmp(p->key, "title")) hd_print(out, "title:%*s# %s\n", COMMENT_AT - 6, "", p->doc);
  add_entries(out, solver->params, 0, false);
  hd_print(out, "\n# -- keys of every scenario --\n");
  for (const hd_param *p = common; p && !hd_param_end(p); p++)
    if (!is_hidden(p) && strcmp(p->key, "solver") && strcmp(p->key, "title")) add_entry(out, p, 0, true);
}
