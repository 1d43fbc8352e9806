/* The parameters of a program's run. */
#include "solvers/command/command.h"

/* clang-format off */
#define AT(member) .at = offsetof(command, member)
#define VALUE(member) .at = offsetof(command_value, member)

static const hd_param text_item[] = {{.kind = HD_TEXT, .doc = "a text"}, {0}};
static const hd_param file_item[] = {{.kind = HD_PATH, .doc = "a file, relative to the scenario"}, {0}};

static const hd_param run_forms[] = {
  {.kind = HD_LIST, .sub = text_item, .size = sizeof(const char *), AT(run), .doc = "the program and its arguments"},
  {.kind = HD_TEXT, AT(run_line), .doc = "the same in one line; no shell reads it"}, {0}};

static const hd_param value_forms[] = {   /* in the order of command_form: a text in quotes stays one */
  {.kind = HD_TEXT, VALUE(text), .doc = "a text"},
  {.kind = HD_INT, VALUE(whole), .doc = "a whole number"},
  {.kind = HD_REAL, .unit = "1", VALUE(real), .doc = "a number"},
  {.kind = HD_BOOL, VALUE(truth), .doc = "true or false"}, {0}};
static const hd_param value[] = {
  {.kind = HD_EITHER, .sub = value_forms, VALUE(form), .doc = "a number, a text, true or false"}, {0}};

#define TEMPLATE(member) .at = offsetof(command_template, member)
static const hd_param template_keys[] = {
  {"from", HD_PATH, TEMPLATE(from), .doc = "a text file in which {{name}} stands for a parameter"},
  {"to", HD_TEXT, TEMPLATE(to), .doc = "the file that is made of it where the program runs"}, {0}};
static const hd_param template_item[] = {{.kind = HD_GROUP, .sub = template_keys, .doc = "one template"}, {0}};
#define ONE(member) .at = offsetof(command, template_one) + offsetof(command_template, member)
static const hd_param template_one[] = {
  {"from", HD_PATH, ONE(from), .doc = "a text file in which {{name}} stands for a parameter"},
  {"to", HD_TEXT, ONE(to), .doc = "the file that is made of it where the program runs"}, {0}};
static const hd_param template_forms[] = {
  {.kind = HD_LIST, .sub = template_item, .size = sizeof(command_template), AT(templates), .doc = "templates"},
  {.kind = HD_GROUP, .sub = template_one, .doc = "one template"}, {0}};

static const hd_param measures[] = {
  {"json", HD_TEXT, AT(json), .flags = HD_OPTIONAL,
   .doc = "stdout or a FILE of the program: numbers of the JSON object in it, a.b for those inside others"},
  {"csv", HD_TEXT, AT(csv), .flags = HD_OPTIONAL, .doc = "stdout or a FILE: numbers of one row, named by the header"},
  {"row", HD_TEXT, .value = "last", AT(row), .doc = "of csv: first, last, or a number from 1 on"},
  {"pattern", HD_NAMED, .sub = text_item, .size = sizeof(const char *), AT(patterns), .flags = HD_OPTIONAL,
   .doc = "NAME: extended regular expression (POSIX); the number in its first ( ), of the last line that matches"},
  {"from", HD_TEXT, .value = "stdout", AT(from), .doc = "of pattern: stdout or a FILE"},
  {"names", HD_LIST, .sub = text_item, .size = sizeof(const char *), AT(names), .flags = HD_OPTIONAL,
   .doc = "of json and csv: keep these and no others; one that is not there fails the run"}, {0}};

const hd_param command_params[] = {
  {"run", HD_EITHER, .sub = run_forms, AT(run_is_line),
   .doc = "the program and its arguments, without a shell; {name} stands for a parameter, {seed} for the seed"},
  {"parameters", HD_NAMED, .sub = value, .size = sizeof(command_value), AT(parameters), .flags = HD_OPTIONAL,
   .doc = "names of your choosing and their values"},
  {"environment", HD_NAMED, .sub = text_item, .size = sizeof(const char *), AT(environment), .flags = HD_OPTIONAL,
   .doc = "environment variables that are added or replaced; {name} as in run"},
  {"template", HD_EITHER, .sub = template_forms, AT(templates_are_one), .flags = HD_OPTIONAL,
   .doc = "input files made from a template before the program starts: {from, to} or a list of them"},
  {"stdin", HD_CHOICE, .of = "none|json", .value = "none", AT(input),
   .doc = "json: the parameters as one JSON object on standard input"},
  {"files", HD_LIST, .sub = file_item, .size = sizeof(const char *), AT(files), .flags = HD_OPTIONAL,
   .doc = "files it needs: copied to the fresh folder it runs in; their contents are part of the run's identity"},
  {"measures", HD_GROUP, .sub = measures, .doc = "where its results are read: one of json, csv, pattern"},
  {"deterministic", HD_BOOL, .value = "false", AT(deterministic), .flags = HD_SHOW,
   .doc = "it promises equal results for equal input, and a study may hold it to that"},
  {"folder", HD_TEXT, AT(folder), .flags = HD_OPTIONAL,
   .doc = "where it runs, relative to the scenario, {name} as in run; a fresh temporary folder unless given"}, {0}};
/* clang-format on */
