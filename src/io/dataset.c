/* A dataset is a plan of the result writer without a store: variables of arrays and texts alone. */
#include "io/dataset.h"

#include "base/text.h"
#include "io/result_writer.h"

#include <string.h>

typedef struct attribute {
  hd_variable_group group;
  const char *name, *text; /* text NULL: a number */
  double number;
} attribute;

struct hd_dataset {
  hd_ctx *ctx;
  hd_arena arena;
  hd_variable *variable;
  hd_scale *scale;
  attribute *attribute;
  size_t variables, scales, attributes, variable_room, scale_room, attribute_room;
};

static const struct {
  const char *name;
  hd_variable_group group;
} groups[] = {{"", HD_IN_ROOT},
              {"grid", HD_IN_GRID},
              {"aggregates", HD_IN_AGGREGATES},
              {"convergence", HD_IN_CONVERGENCE},
              {"provenance", HD_IN_PROVENANCE}};

static hd_status find_group(hd_dataset *d, const char *name, hd_variable_group *out) {
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    if (!strcmp(groups[i].name, name ? name : "")) {
      *out = groups[i].group;
      return HD_OK;
    }
  return hd_raise(d->ctx, HD_ERR_BUG, "a dataset has no group '%s'", name);
}

static hd_status keep(hd_dataset *d, const char **text) {
  char *kept;
  if (!*text) return HD_OK;
  HD_TRY(hd_arena_text(&d->arena, *text, strlen(*text), &kept));
  *text = kept;
  return HD_OK;
}

hd_status hd_dataset_new(hd_ctx *ctx, hd_dataset **out) {
  void *memory;
  *out = NULL;
  HD_TRY(hd_memory_take(ctx, sizeof(hd_dataset), &memory));
  hd_dataset *d = *out = memory;
  d->ctx = ctx;
  hd_arena_init(&d->arena, ctx);
  return HD_OK;
}

void hd_dataset_free(hd_dataset *d) {
  if (!d) return;
  hd_memory_give(d->ctx, d->variable, d->variable_room * sizeof *d->variable);
  hd_memory_give(d->ctx, d->scale, d->scale_room * sizeof *d->scale);
  hd_memory_give(d->ctx, d->attribute, d->attribute_room * sizeof *d->attribute);
  hd_arena_free(&d->arena);
  hd_memory_give(d->ctx, d, sizeof *d);
}

static int find_scale(const hd_dataset *d, hd_variable_group group, const char *name) {
  for (size_t i = 0; i < d->scales; i++)
    if (d->scale[i].group == group && !strcmp(d->scale[i].name, name)) return (int)i;
  return -1;
}

hd_status hd_dataset_dim(hd_dataset *d, const char *group, const char *name, int64_t size) {
  hd_scale scale = {.name = name, .size = size, .variable = -1};
  void *list = d->scale;
  HD_TRY(find_group(d, group, &scale.group));
  if (find_scale(d, scale.group, name) >= 0) return HD_OK;
  HD_TRY(keep(d, &scale.name));
  hd_status status = hd_memory_grow(d->ctx, &list, &d->scale_room, d->scales + 1, sizeof scale);
  d->scale = list;
  if (status == HD_OK) d->scale[d->scales++] = scale;
  return status;
}

static size_t width(hd_type type) {
  return type == HD_U8 ? 1 : type == HD_I32 || type == HD_F32 || type == HD_FLOAT ? 4 : 8;
}

hd_status hd_dataset_add(hd_dataset *d, hd_dataset_variable in) {
  hd_variable v = {.name = in.name,
                   .unit = in.unit,
                   .doc = in.doc,
                   .type = in.type,
                   .source = in.texts ? HD_FROM_TEXTS : HD_FROM_ARRAY,
                   .rank = in.rank,
                   .own = -1,
                   .coordinate = in.coordinate,
                   .at = in.at,
                   .bytes = in.texts ? 64 : width(in.type)};
  void *list = d->variable;
  HD_TRY(find_group(d, in.group, &v.group));
  for (int i = 0; i < in.rank; i++) {
    v.scale[i] = find_scale(d, v.group, in.dim[i]);
    if (v.scale[i] < 0) return hd_raise(d->ctx, HD_ERR_BUG, "%s: there is no dimension '%s'", in.name, in.dim[i]);
    v.bytes *= (size_t)d->scale[v.scale[i]].size;
  }
  if (v.rank == 1 && !strcmp(d->scale[v.scale[0]].name, v.name)) {
    v.own = v.scale[0];
    d->scale[v.own].variable = (int)d->variables;
  }
  HD_TRY(keep(d, &v.name));
  HD_TRY(keep(d, &v.unit));
  HD_TRY(keep(d, &v.doc));
  hd_status status = hd_memory_grow(d->ctx, &list, &d->variable_room, d->variables + 1, sizeof v);
  d->variable = list;
  if (status == HD_OK) d->variable[d->variables++] = v;
  return status;
}

static hd_status add_attribute(hd_dataset *d, const char *group, attribute a) {
  void *list = d->attribute;
  HD_TRY(find_group(d, group, &a.group));
  HD_TRY(keep(d, &a.name));
  HD_TRY(keep(d, &a.text));
  hd_status status = hd_memory_grow(d->ctx, &list, &d->attribute_room, d->attributes + 1, sizeof a);
  d->attribute = list;
  if (status == HD_OK) d->attribute[d->attributes++] = a;
  return status;
}

hd_status hd_dataset_text(hd_dataset *d, const char *group, const char *name, const char *text) {
  return text ? add_attribute(d, group, (attribute){.name = name, .text = text}) : HD_OK;
}

hd_status hd_dataset_number(hd_dataset *d, const char *group, const char *name, double number) {
  return add_attribute(d, group, (attribute){.name = name, .number = number});
}

/* -- the file ---------------------------------------------------------------------------------------------------------- */

/* A dimension without coordinate still is a dataset, marked as netCDF-4 marks it. */
static hd_status add_bare_scales(hd_dataset *d) {
  for (size_t i = 0; i < d->scales; i++) {
    if (d->scale[i].variable >= 0) continue;
    void *list = d->variable;
    hd_status status = hd_memory_grow(d->ctx, &list, &d->variable_room, d->variables + 1, sizeof *d->variable);
    d->variable = list;
    HD_TRY(status);
    d->scale[i].variable = (int)d->variables;
    d->variable[d->variables++] = (hd_variable){.name = d->scale[i].name,
                                                .group = d->scale[i].group,
                                                .source = HD_FROM_NOTHING,
                                                .type = HD_F32,
                                                .rank = 1,
                                                .own = (int)i,
                                                .scale = {(int)i}};
  }
  return HD_OK;
}

static hd_status put_coordinates(hd_writer *w, hd_variable_group group) {
  hd_text names;
  hd_text_init(&names, w->h5.ctx);
  for (int i = 0; i < w->plan.variables; i++) {
    const hd_variable *v = &w->plan.variable[i];
    if (v->coordinate && v->own < 0 && v->group == group) hd_print(&names, "%s%s", names.length ? " " : "", v->name);
  }
  hd_status status = hd_text_status(&names);
  if (status == HD_OK && names.length)
    hd_h5_put_text(&w->h5, hd_writer_group(w, group), "coordinates", hd_text_of(&names));
  hd_text_free(&names);
  return status;
}

static hd_status fill(hd_writer *w) {
  const hd_dataset *d = w->content;
  HD_TRY(hd_writer_begin(w));
  for (size_t i = 0; i < d->attributes; i++) {
    const attribute *a = &d->attribute[i];
    hid_t at = hd_writer_group(w, a->group);
    if (a->text) hd_h5_put_text(&w->h5, at, a->name, a->text);
    else hd_h5_put_number(&w->h5, at, a->name, a->number);
  }
  for (int g = 0; g < HD_GROUPS; g++) HD_TRY(put_coordinates(w, (hd_variable_group)g));
  hd_writer_variables(w);
  return w->h5.status;
}

hd_status hd_dataset_write(hd_dataset *d, const char *path) {
  hd_writer w = {.fill = fill, .content = d};
  hd_status status = add_bare_scales(d);
  hd_arena_init(&w.plan.arena, d->ctx);
  w.plan.variable = d->variable;
  w.plan.scale = d->scale;
  w.plan.variables = (int)d->variables;
  w.plan.scales = (int)d->scales;
  for (size_t i = 0; i < d->variables; i++) w.plan.bytes += d->variable[i].bytes;
  if (status == HD_OK) status = hd_writer_write(&w, path, (size_t)256 << 20);
  hd_arena_free(&w.plan.arena);
  return hd_while(d->ctx, status, "writing %s", path);
}
