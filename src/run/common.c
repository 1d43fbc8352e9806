/* heddle's own parameter table. What a solver can honour of `time`, `output` and `numerics` stands in the solver's. */
#include "run/common.h"

#define AT(member) offsetof(hd_common, member)

static const hd_param name_item[] = {{.kind = HD_TEXT, .doc = "a name"}, {0}};

static const hd_param figures_either[] = {
    {.kind = HD_CHOICE, .of = "standard", .doc = "the solver's standard figures", .at = AT(figures_kind)},
    {.kind = HD_LIST, .sub = name_item, .size = sizeof(const char *), .at = AT(figures), .doc = "names; [] for none"},
    {0}};

static const hd_param output[] = {
    {"fields", HD_LIST, .sub = name_item, .size = sizeof(const char *), .at = AT(fields), .flags = HD_OPTIONAL,
     .doc = "fields stored besides the standard ones"},
    {"formats", HD_LIST, .sub = name_item, .size = sizeof(const char *), .at = AT(formats),
     .flags = HD_OPTIONAL | HD_SHOW, .doc = "files of the field written besides result.h5"},
    {"figures", HD_EITHER, .sub = figures_either, .value = "standard", .at = AT(figures_kind), .flags = HD_SHOW,
     .doc = "which figures are drawn"},
    {0}};

static const hd_param core_limit[] = {
    {.kind = HD_INT, .range = "[1, 1024]", .at = offsetof(hd_core_limit, threads), .doc = "at most so many threads"},
    {0}};

static const hd_param limits[] = {{"time", HD_REAL, "s", .range = "> 0", .flags = HD_OPTIONAL | HD_PLAN,
                                   .at = AT(limit_time_s), .doc = "stop at the next safe point after so much time"},
                                  {"memory", HD_REAL, "B", .range = "> 0", .flags = HD_OPTIONAL | HD_PLAN,
                                   .at = AT(limit_memory_bytes), .doc = "refuse to start what needs more"},
                                  {"failures", HD_INT, .range = ">= 0", .flags = HD_OPTIONAL | HD_PLAN,
                                   .at = AT(limit_failures), .doc = "stop a study after so many failed members"},
                                  {0}};

const hd_param hd_common_params[] = {
    {"solver", HD_TEXT, .at = AT(solver), .doc = "which solver computes it"},
    {"title", HD_TEXT, .at = AT(title), .flags = HD_OPTIONAL | HD_SHOW, .doc = "one line for figures and reports"},
    {"seed", HD_INT, .value = "1", .range = ">= 0", .at = AT(seed), .doc = "of all random numbers of the run"},
    {"inherits", HD_TEXT, .at = AT(inherits), .flags = HD_OPTIONAL | HD_SHOW, .doc = "a scenario file to inherit from"},
    {"import", HD_ANY, .at = AT(import), .flags = HD_OPTIONAL | HD_SHOW,
     .doc = "groups read from a file of another program: {FORMAT: FILE}"},
    {"replay", HD_PATH, .at = AT(replay), .flags = HD_OPTIONAL, .doc = "a result whose inputs are played back"},
    {"output", HD_GROUP, .sub = output, .doc = "what is stored and drawn"},
    {"measure", HD_LIST, .sub = name_item, .size = sizeof(const char *), .at = AT(measure),
     .flags = HD_OPTIONAL | HD_SHOW, .doc = "measures to tabulate: NAME or NAME@ARGUMENT"},
    {"cores", HD_NAMED, .sub = core_limit, .size = sizeof(hd_core_limit), .at = AT(cores),
     .flags = HD_OPTIONAL | HD_PLAN,
     .doc = "upper limits of threads beside the automatic plan: cores.steps, cores.finish, cores.<stage>"},
    {"limits", HD_GROUP, .sub = limits, .flags = HD_PLAN, .doc = "of a run, or of each member of a study"},
    {"sweep", HD_ANY, .at = AT(sweep), .flags = HD_OPTIONAL | HD_SHOW,
     .doc = "many cases: grid, zip, sample, repeat, members; labels, fields"},
    {"converge", HD_ANY, .at = AT(converge), .flags = HD_OPTIONAL | HD_SHOW,
     .doc = "the same case on finer and finer grids or steps"},
    {"optimise", HD_ANY, .at = AT(optimise), .flags = HD_OPTIONAL | HD_SHOW,
     .doc = "the case that makes an objective smallest"},
    {0}};
