/* Choices, ranges and finding entries by path. Verification of whole tables is in params_verify.c. */
#include "io/params.h"

#include "io/node.h"

#include <math.h>
#include <string.h>

/* -- choices ----------------------------------------------------------------------------------------------------------- */

bool hd_choice_at(const char *of, int index, hd_choice *choice) {
  for (; of && index > 0; index--) {
    of = strchr(of, '|');
    if (of) of++;
  }
  if (!of || index < 0) return false;
  *choice = (hd_choice){.name = of, .length = strcspn(of, "|")};
  for (; choice->length; choice->length--) {
    char last = of[choice->length - 1];
    if (last == '!') choice->later = true;
    else if (last == '~') choice->bare = true;
    else break;
  }
  return true;
}

int hd_choice_count(const char *of) {
  int n = of ? 1 : 0;
  for (; of && *of; of++) n += *of == '|';
  return n;
}

int hd_choice_find(const char *of, const char *name, hd_choice *choice) {
  for (int i = 0; hd_choice_at(of, i, choice); i++)
    if (strlen(name) == choice->length && !memcmp(name, choice->name, choice->length)) return i;
  return -1;
}

/* -- ranges ------------------------------------------------------------------------------------------------------------ */

static bool read_bound(const char *text, size_t length, const hd_unit *unit, double *bound) {
  char copy[64];
  hd_unit found;
  const char *at;
  while (length && *text == ' ') text++, length--;
  while (length && text[length - 1] == ' ') length--;
  if (!length || length >= sizeof copy) return false;
  memcpy(copy, text, length);
  copy[length] = 0;
  if (!strcmp(copy, "inf")) return *bound = INFINITY, true;
  if (!strcmp(copy, "-inf")) return *bound = -INFINITY, true;
  return hd_quantity_read(copy, unit, true, bound, &found, &at) == HD_QUANTITY_OK;
}

bool hd_range_read(const char *text, const hd_unit *unit, hd_range *range) {
  *range = (hd_range){.low = -INFINITY, .high = INFINITY};
  if (!text) return true;
  size_t length = strlen(text);
  if (*text == '<' || *text == '>') {
    bool open = text[1] != '=', below = *text == '<';
    size_t skip = open ? 1 : 2;
    if (below) range->high_open = open;
    else range->low_open = open;
    return read_bound(text + skip, length - skip, unit, below ? &range->high : &range->low);
  }
  const char *comma = strchr(text, ',');
  if ((*text != '[' && *text != '(') || !comma || (text[length - 1] != ']' && text[length - 1] != ')')) return false;
  range->low_open = *text == '(';
  range->high_open = text[length - 1] == ')';
  return read_bound(text + 1, (size_t)(comma - text) - 1, unit, &range->low) &&
         read_bound(comma + 1, (size_t)(text + length - 1 - comma) - 1, unit, &range->high) &&
         range->low <= range->high;
}

bool hd_range_holds(const hd_range *range, double value) {
  return (range->low_open ? value > range->low : value >= range->low) &&
         (range->high_open ? value < range->high : value <= range->high);
}

/* -- finding ----------------------------------------------------------------------------------------------------------- */

static bool find_in(const hd_param *list, void *base, const char *path, hd_found *found);

static void *item_of(const hd_param *p, void *base, const hd_step_of_path *step) {
  const hd_items *items = base ? (const void *)((char *)base + p->at) : NULL;
  if (!items) return NULL;
  int64_t index = step->index;
  for (int64_t i = 0; index < 0 && i < items->count; i++)
    if (items->name && !strncmp(items->name[i], step->key, step->length) && !items->name[i][step->length]) index = i;
  return index >= 0 && index < items->count ? (char *)items->item + (size_t)index * p->size : NULL;
}

/* Of a decoded struct only the chosen alternative counts. */
static bool chosen(const hd_param *p, const void *base, int index) {
  return !base || *(const int *)((const char *)base + p->at) == index;
}

/* The rest of a path below one entry; alternatives are tried in turn. */
static bool find_below(const hd_param *p, void *base, const char *rest, hd_found *found) {
  hd_step_of_path step;
  if (!*rest) {
    found->param = p;
    found->base = base;
    return true;
  }
  const char *after = hd_path_step(rest, &step);
  if (!after || !step.length) return false;
  switch (p->kind) {
    case HD_GROUP: return find_in(p->sub, base, rest, found);
    case HD_NAMED: return step.index < 0 && find_below(p->sub, item_of(p, base, &step), after, found);
    case HD_LIST: return step.index >= 0 && find_below(p->sub, item_of(p, base, &step), after, found);
    case HD_EITHER:
      for (int i = 0; !hd_param_end(&p->sub[i]); i++)
        if (chosen(p, base, i) && find_below(&p->sub[i], base, rest, found)) return true;
      return false;
    case HD_VARIANT:
      if (step.length == strlen(p->of) && !memcmp(step.key, p->of, step.length) && !*after) {
        found->param = p;
        found->base = base;
        return true;
      }
      for (int i = 0; !hd_param_end(&p->sub[i]); i++)
        if (chosen(p, base, i) && p->sub[i].sub && find_in(p->sub[i].sub, base, rest, found)) return true;
      return false;
    default: return false;
  }
}

static bool find_in(const hd_param *list, void *base, const char *path, hd_found *found) {
  hd_step_of_path step;
  const char *rest = hd_path_step(path, &step);
  if (!rest || !step.length || step.index >= 0 || !list) return false;
  for (const hd_param *p = list; !hd_param_end(p); p++)
    if (p->key && *p->key == *step.key && !strncmp(p->key, step.key, step.length) && !p->key[step.length] &&
        find_below(p, base, rest, found))
      return true;
  return false;
}

bool hd_params_find(const hd_table *tables, int count, const char *path, hd_found *found) {
  *found = (hd_found){0};
  for (int t = 0; t < count; t++) {
    found->table = t;
    if (find_in(tables[t].params, tables[t].into, path, found)) return true;
  }
  return false;
}

bool hd_params_real(const hd_table *tables, int count, const char *path, double *value) {
  hd_found found;
  if (!hd_params_find(tables, count, path, &found) || found.param->kind != HD_REAL || !found.base) return false;
  *value = *(const double *)hd_found_at(&found);
  return !isnan(*value);
}

bool hd_params_int(const hd_table *tables, int count, const char *path, int64_t *value) {
  hd_found found;
  if (!hd_params_find(tables, count, path, &found) || found.param->kind != HD_INT || !found.base) return false;
  *value = *(const int64_t *)hd_found_at(&found);
  return *value != INT64_MIN;
}

const char *hd_params_text(const hd_table *tables, int count, const char *path) {
  hd_found found;
  if (!hd_params_find(tables, count, path, &found) || !found.base) return NULL;
  bool text = found.param->kind == HD_TEXT || found.param->kind == HD_PATH;
  return text ? *(const char *const *)hd_found_at(&found) : NULL;
}

const hd_schedule *hd_params_schedule(const hd_table *tables, int count, const char *path) {
  hd_found found;
  if (!hd_params_find(tables, count, path, &found) || found.param->kind != HD_SCHEDULE) return NULL;
  return hd_found_at(&found);
}

/* -- dimensionless systems --------------------------------------------------------------------------------------------- */

static bool declares(const hd_param *list, const void *base) {
  for (const hd_param *p = list; p && !hd_param_end(p); p++) {
    hd_choice choice;
    if (p->kind == HD_GROUP && declares(p->sub, base)) return true;
    if (p->kind != HD_CHOICE || (p->flags & (HD_REFUSED | HD_LATER)) || !strchr(p->of, '~')) continue;
    if (hd_choice_at(p->of, *(const int *)((const char *)base + p->at), &choice) && choice.bare) return true;
  }
  return false;
}

bool hd_params_dimensionless(const hd_table *tables, int count) {
  for (int t = 0; t < count; t++)
    if (tables[t].into && declares(tables[t].params, tables[t].into)) return true;
  return false;
}
