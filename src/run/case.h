/* A case: a scenario after presets, inheritance, import, overrides, defaults and units are resolved, and checked.
 *
 * hd_case_load does all of `heddle check`: it reports every error of the file through notes, and computes nothing.
 */
#ifndef HD_RUN_CASE_H
#define HD_RUN_CASE_H

#include "base/ctx.h"
#include "base/hash.h"
#include "heddle/solver.h"
#include "io/node.h"
#include "io/notes.h"
#include "io/params.h"
#include "run/common.h"
#include "run/solvers.h"

/* What a caller adds to the file. */
typedef struct hd_case_options {
  const char *const *set; /* "a.b[2].c=VALUE" */
  int set_count;
  const char *const *plugin;
  int plugin_count;
} hd_case_options;

typedef struct hd_case {
  hd_ctx *ctx;
  hd_arena arena;
  hd_notes *notes;
  hd_solver_set *solvers;
  const hd_solver *solver; /* NULL: the file names none that is known */
  hd_node *tree;           /* merged, before defaults */
  hd_node *preset; /* values of the preset in force, or NULL */
  hd_common common;
  void *params;     /* solver->params_size bytes */
  const char *file; /* of the scenario */
  hd_hash identity;
  /* for cases that differ in a few parameters */
  hd_case_options options;     /* as given to the load; borrowed */
  hd_common unchecked_common;  /* as decoded, before the check: what a plain change starts from */
  void *unchecked;
  bool shares_solvers; /* with the case it was made from */
  bool only_struct;    /* nothing but the copied struct is in the arena */
} hd_case;

/* Where a plain parameter stands in the struct of a case; found once for many cases. */
typedef struct hd_case_slot {
  const hd_param *param; /* NULL: nowhere fixed, it is found by its path in each case */
  int             table;
  size_t          at;
} hd_case_slot;

/* One parameter that a case has otherwise than the case it is made from. */
typedef struct hd_case_change {
  const char *path;
  const hd_node *value; /* as it would stand in the file */
  double number;        /* the same in the unit of the parameter; only where plain */
  bool plain;           /* hd_case_plain, and in range: may be put straight into the struct */
  const hd_case_slot *slot; /* where; NULL: found by the path */
} hd_case_change;

/* Reads and checks `file`. The case exists also when this fails with HD_ERR_INPUT, so that notes can be shown; free it
 * always. HD_ERR_INPUT leaves all errors, rendered, as the message of the context too. */
hd_status hd_case_load(hd_ctx *ctx, const char *file, const hd_case_options *options, hd_case **out);

/* The same for text in memory; `file` names it in messages and is where relative paths begin. */
hd_status hd_case_load_text(hd_ctx *ctx, const char *file, const char *text, size_t length,
                            const hd_case_options *options, hd_case **out);
void hd_case_free(hd_case *kase);

/* Whether nothing else in the scenario depends on the form of this parameter: a number that stands in the struct already. */
bool hd_case_plain(const hd_case *kase, const char *path);
hd_case_slot hd_case_slot_of(const hd_case *kase, const char *path);

/* The case that `base` is with `changes`: checked, with its identity. Shares the solvers, the tree and the texts of `base`,
 * which must live longer and may serve several threads at once, each with a ctx of its own. HD_ERR_INPUT: the values are
 * impossible, and what the notes of the case say is the message of the context; *out is there then too. */
hd_status hd_case_vary(const hd_case *base, hd_ctx *ctx, const hd_case_change *changes, int64_t count, hd_case **out);

/* The same in place of *kase (NULL: none yet), a case that was made from `base` in `ctx` before: its memory is used again. */
hd_status hd_case_vary_again(const hd_case *base, hd_ctx *ctx, const hd_case_change *changes, int64_t count,
                             hd_case **kase);

/* What follows decoding: the solver's check and the identity. Errors of the input are notes. */
hd_status hd_case_settle(hd_case *kase);

/* The two tables of a case, the common keys and the solver's, with their structs. */
void hd_case_tables(const hd_case *kase, hd_table tables[2]);

/* The case stands in a declared dimensionless system: results have unit "1". */
bool hd_case_dimensionless(const hd_case *kase);

/* The unit of the solver's axis with a space before it, " Gyr"; "" in a dimensionless system. */
const char *hd_case_axis_unit(const hd_case *kase, char out[32]);

/* The unit of a measure's numbers in this case; NULL where it has none. */
const char *hd_case_measure_unit(const hd_case *kase, const hd_measure *measure);

/* A parameter of the solver by path ("time.end"): the address of its decoded value; NULL if the solver has none of this
 * kind there. */
const void *hd_case_value(const hd_case *kase, const char *path, hd_kind kind);

/* The resolved case as YAML; reading it gives the same identity. */
hd_status hd_case_print(const hd_case *kase, hd_text *out);

/* The key of a stage: hash of the solver, its bits and the parameters and earlier stages that the stage needs. */
hd_status hd_case_stage_key(const hd_case *kase, int stage, hd_hash *out);

#endif
