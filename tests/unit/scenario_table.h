/* A table with every kind of parameter, for the tests of io/: what a solver's table looks like. */
#ifndef SCENARIO_TABLE_H
#define SCENARIO_TABLE_H

#include "base/ctx.h"
#include "io/decode.h"
#include "io/merge.h"
#include "io/yaml.h"

#include <stdlib.h>
#include <string.h>

typedef struct load { double rho, v, w; } load;
typedef struct kind_of_car { double pressure, exponent; } kind_of_car;
typedef struct stretch { double from; int64_t category; } stretch;

typedef struct all_kinds {
  const char *preset;
  hd_items    classes; /* kind_of_car */
  double      length, start, cell;
  int64_t     cells;
  int         quality_form;
  int64_t     quality;
  hd_items    stretches;
  const char *quality_file;
  int         initial;
  hd_items    state, left, right; /* load */
  double      split, width;
  double      position[3];
  int         boundary;
  int         left_kind, right_kind;
  int         scheme;
  double      courant;
  bool        source;
  int         watch;
  const char *title;
  double      end;
  int64_t     steps;
  hd_schedule snapshots;
  const hd_node *sweep;
  int64_t     threads;
  double      limit, limit_exponent;
  hd_items    figures; /* const char * */
} all_kinds;

#define AT(member) .at = offsetof(all_kinds, member)

static const hd_param one_class[] = {
  {"pressure", HD_REAL, "m/s", .range = ">= 0", .at = offsetof(kind_of_car, pressure), .doc = "pressure"},
  {"exponent", HD_REAL, "1", .value = "1", .range = "(0, 10]", .at = offsetof(kind_of_car, exponent), .doc = "exponent"},
  {0}};
static const hd_param class_item[] = {{.kind = HD_GROUP, .sub = one_class, .doc = "one class"}, {0}};

static const hd_param one_load[] = {
  {"density", HD_REAL, "veh/m", .range = ">= 0", .at = offsetof(load, rho), .flags = HD_BARE, .doc = "vehicles per length"},
  {"speed", HD_REAL, "m/s", .instead = "marker", .at = offsetof(load, v), .flags = HD_OPTIONAL, .doc = "else equilibrium"},
  {"marker", HD_REAL, "m/s", .instead = "speed", .at = offsetof(load, w), .flags = HD_OPTIONAL, .doc = "else equilibrium"},
  {0}};
static const hd_param load_item[] = {{.kind = HD_GROUP, .sub = one_load, .flags = HD_OPTIONAL, .doc = "load of a class"}, {0}};

static const hd_param uniform[] = {
  {"state", HD_NAMED, .of = "classes", .sub = load_item, AT(state), .size = sizeof(load), .doc = "everywhere"}, {0}};
static const hd_param riemann[] = {
  {"left", HD_NAMED, .of = "classes", .sub = load_item, AT(left), .size = sizeof(load), .doc = "left state"},
  {"right", HD_NAMED, .of = "classes", .sub = load_item, AT(right), .size = sizeof(load), .doc = "right state"},
  {"split", HD_REAL, "m", AT(split), .doc = "where they meet"},
  {0}};
static const hd_param initial_kinds[] = {{"uniform", HD_GROUP, .sub = uniform, .doc = "one state"},
                                         {"riemann", HD_GROUP, .sub = riemann, .doc = "two states"},
                                         {"mode", HD_GROUP, .flags = HD_LATER, .doc = "an eigenmode"},
                                         {0}};

static const hd_param one_stretch[] = {
  {"from", HD_REAL, "m", .at = offsetof(stretch, from), .doc = "begin"},
  {"category", HD_INT, .range = "[1, 9]", .at = offsetof(stretch, category), .doc = "quality"},
  {0}};
static const hd_param stretch_item[] = {{.kind = HD_GROUP, .sub = one_stretch, .doc = "one stretch"}, {0}};
static const hd_param quality_file[] = {{"file", HD_PATH, AT(quality_file), .doc = "one integer per line"}, {0}};
static const hd_param quality_forms[] = {
  {.kind = HD_INT, .range = "[1, 9]", AT(quality), .doc = "one category"},
  {.kind = HD_LIST, .sub = stretch_item, AT(stretches), .size = sizeof(stretch), .doc = "stretches"},
  {.kind = HD_GROUP, .sub = quality_file, .doc = "from a file"},
  {0}};
static const hd_param road[] = {
  {"length", HD_REAL, "m", .range = "> 0", AT(length), .doc = "length of the road"},
  {"start", HD_REAL, "m", .value = "0 m", AT(start), .doc = "its first point"},
  {"cells", HD_INT, .range = "[1, 2147483648]", .instead = "cell", AT(cells), .doc = "number of cells"},
  {"cell", HD_REAL, "m", .range = "> 0", .instead = "cells", AT(cell), .doc = "length of a cell"},
  {"quality", HD_EITHER, .sub = quality_forms, .value = "1", AT(quality_form), .doc = "surface category"},
  {0}};

static const hd_param ends[] = {
  {"left", HD_CHOICE, .of = "ring|wall|open", AT(left_kind), .doc = "left end"},
  {"right", HD_CHOICE, .of = "ring|wall|open", AT(right_kind), .doc = "right end"},
  {0}};
static const hd_param boundary_forms[] = {{.kind = HD_CHOICE, .of = "ring", AT(left_kind), .doc = "both ends"},
                                          {.kind = HD_GROUP, .sub = ends, .doc = "each end"},
                                          {0}};
static const hd_param numerics[] = {
  {"scheme", HD_CHOICE, .of = "first_order|muscl|weno5!", .value = "first_order", AT(scheme), .doc = "in space"},
  {"courant", HD_REAL, "1", .range = "(0, 1]", .flags = HD_AUTO, AT(courant), .doc = "Courant number"},
  {0}};
static const hd_param time_group[] = {
  {"end", HD_REAL, "s", AT(end), .doc = "end"},
  {"steps", HD_INT, .range = ">= 1", .flags = HD_OPTIONAL, AT(steps), .doc = "fixed steps"},
  {"step", HD_REAL, "s", .flags = HD_REFUSED, .doc = "give time.steps or numerics.max_step"},
  {0}};
static const hd_param figure_item[] = {{.kind = HD_TEXT, .doc = "a figure"}, {0}};
static const hd_param output[] = {
  {"snapshots", HD_SCHEDULE, "s", .value = "2", AT(snapshots), .doc = "states"},
  {"figures", HD_LIST, .sub = figure_item, .value = "[]", AT(figures), .size = sizeof(char *), .flags = HD_SHOW, .doc = "figures"},
  {0}};
static const hd_param pressure_group[] = {
  {"limit", HD_REAL, "m/s", AT(limit), .doc = "singular pressure"},
  {"exponent", HD_REAL, "1", .value = "1", AT(limit_exponent), .doc = "its exponent"},
  {0}};
static const hd_param cores[] = {{"steps", HD_INT, .flags = HD_OPTIONAL | HD_PLAN, AT(threads), .doc = "threads"}, {0}};

static const hd_param all_params[] = {
  {"classes", HD_NAMED, .sub = class_item, AT(classes), .size = sizeof(kind_of_car), .doc = "classes of vehicles"},
  {"road", HD_GROUP, .sub = road, .doc = "the road"},
  {"initial", HD_VARIANT, .of = "kind", .sub = initial_kinds, AT(initial), .doc = "state at the start"},
  {"boundary", HD_EITHER, .sub = boundary_forms, .value = "ring", AT(boundary), .doc = "ends"},
  {"numerics", HD_GROUP, .sub = numerics, .doc = "method"},
  {"source", HD_BOOL, .value = "true", AT(source), .doc = "relaxation"},
  {"watch", HD_REF, .of = "classes", .flags = HD_OPTIONAL, AT(watch), .doc = "class to follow"},
  {"position", HD_REAL, "kpc", .count = 3, .flags = HD_OPTIONAL, AT(position), .doc = "a place"},
  {"pressure", HD_GROUP, .sub = pressure_group, .flags = HD_OPTIONAL, .doc = "limit of pressure"},
  {"time", HD_GROUP, .sub = time_group, .doc = "time"},
  {"output", HD_GROUP, .sub = output, .doc = "what is kept"},
  {"cores", HD_GROUP, .sub = cores, .doc = "upper limits"},
  {"network", HD_GROUP, .flags = HD_LATER, .doc = "links and nodes"},
  {0}};

/* The keys of every scenario: `output` is shared. */
typedef struct common_keys { const char *solver, *title; int64_t seed; hd_items fields; const hd_node *sweep; } common_keys;
static const hd_param field_item[] = {{.kind = HD_TEXT, .doc = "a field"}, {0}};
static const hd_param common_output[] = {
  {"fields", HD_LIST, .sub = field_item, .flags = HD_OPTIONAL, .at = offsetof(common_keys, fields), .size = sizeof(char *),
   .doc = "fields to keep"},
  {0}};
static const hd_param common_params[] = {
  {"solver", HD_TEXT, .at = offsetof(common_keys, solver), .doc = "name of the solver"},
  {"title", HD_TEXT, .flags = HD_OPTIONAL | HD_SHOW, .at = offsetof(common_keys, title), .doc = "what it shows"},
  {"seed", HD_INT, .value = "0", .at = offsetof(common_keys, seed), .doc = "of random numbers"},
  {"output", HD_GROUP, .sub = common_output, .doc = "what is kept"},
  {"sweep", HD_ANY, .flags = HD_PLAN, .at = offsetof(common_keys, sweep), .size = sizeof(hd_node *), .doc = "a study"},
  {0}};

static hd_ctx *ctx;

static inline int set_up(void **state) {
  (void)state;
  return (int)hd_ctx_new(&ctx);
}

static inline int tear_down(void **state) {
  (void)state;
  hd_ctx_free(ctx);
  return 0;
}

typedef struct reading {
  hd_ctx     *ctx;
  hd_arena    arena;
  hd_notes   *notes;
  hd_node    *root;
  common_keys common;
  all_kinds   all;
  hd_table    tables[2];
  hd_text     text;
} reading;

static inline void reading_begin(reading *r) {
  memset(r, 0, sizeof *r);
  r->ctx = ctx;
  hd_arena_init(&r->arena, ctx);
  hd_text_init(&r->text, ctx);
  if (hd_notes_new(ctx, &r->notes) != HD_OK) abort();
  r->tables[0] = (hd_table){common_params, &r->common};
  r->tables[1] = (hd_table){all_params, &r->all};
}

static inline void reading_end(reading *r) {
  hd_notes_free(r->notes);
  hd_text_free(&r->text);
  hd_arena_free(&r->arena);
}

static inline hd_node *reading_parse(reading *r, const char *name, const char *yaml) {
  hd_node *root;
  if (hd_yaml_text(&r->arena, name, yaml, r->notes, &root) != HD_OK) abort();
  return root;
}

/* Decodes a text; the errors as people see them are in r->text. */
static inline const char *reading_decode(reading *r, const char *yaml) {
  r->root = reading_parse(r, "case.yaml", yaml);
  hd_notes_root(r->notes, r->root);
  if (r->root && hd_decode(&r->arena, r->tables, 2, r->root, r->notes) != HD_OK) abort();
  hd_notes_print(&r->text, r->notes, HD_NOTE_ERROR);
  return hd_text_of(&r->text);
}

#endif
