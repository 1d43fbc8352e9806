/* The grammar of studies: sweep, repeat, converge, measure, limits, optimise (design 6.1), read and checked against the
 * parameter tables. Members are expanded elsewhere from the struct that is left here.
 */
#ifndef HD_STUDY_GRAMMAR_H
#define HD_STUDY_GRAMMAR_H

#include "io/node.h"
#include "io/notes.h"
#include "io/params.h"

typedef enum hd_vary_form {
  HD_VARY_LIST,       /* `node`: the list */
  HD_VARY_SPACED,     /* from, to, count, log: ends included */
  HD_VARY_BY,         /* from, by, count: each the one before times `by` (refinement) */
  HD_VARY_UNIFORM, HD_VARY_LOG_UNIFORM, HD_VARY_NORMAL   /* samples: [a, b] or [mean, sd] */
} hd_vary_form;

typedef struct hd_vary {
  const char    *path;
  const hd_param *param;
  const hd_node *node;          /* what was written */
  hd_vary_form   form;
  double         a, b;          /* from, to; from, by; low, high; mean, sd: in the parameter's unit */
  int64_t        count;         /* of values; samples: 0 */
  bool           log;
} hd_vary;

typedef struct hd_varies { hd_vary *at; int64_t count; } hd_varies;

typedef enum hd_sample_method { HD_SAMPLE_RANDOM, HD_SAMPLE_LATIN, HD_SAMPLE_SOBOL } hd_sample_method;
typedef enum hd_study_reference {
  HD_REFERENCE_SUCCESSIVE, HD_REFERENCE_FINEST, HD_REFERENCE_EXACT, HD_REFERENCE_INITIAL, HD_REFERENCE_FILE,
  HD_REFERENCE_VALUE
} hd_study_reference;
typedef enum hd_study_norm { HD_NORM_L1, HD_NORM_L2, HD_NORM_MAX, HD_NORM_MEASURE } hd_study_norm;

typedef struct hd_study_spec {
  hd_varies         grid, zip;
  hd_varies         sample;
  hd_sample_method  sample_method;
  int64_t           sample_count;
  int64_t           repeat;              /* 0: not asked for */
  const char       *members;             /* a CSV file, or NULL */
  const hd_node    *labels;              /* KEY: text for axes and tables; NULL: none */
  const char *const *fields;             /* kept of every member, with a leading axis in study.h5 */
  int64_t           field_count;
  hd_varies         over;                /* converge: advance together */
  hd_study_reference reference;
  const char       *reference_file;
  double            reference_value;
  hd_study_norm     norm;
  const char       *norm_measure;        /* of HD_NORM_MEASURE */
  const char *const *measures;           /* names to tabulate; NULL: all without argument */
  int64_t           measure_count;
  double            limit_time_s, limit_memory_bytes; /* NaN: none */
  int64_t           limit_failures;      /* -1: none */
  const hd_node    *optimise;            /* checked for its keys only */
  int64_t           member_count;        /* of the sweep: grid x zip x sample x repeat; 0: no sweep; -1: the file says */
} hd_study_spec;

/* Checks the study keys of `root` and fills *spec from the arena; errors are noted. The solver gives the names of measures
 * and fields. */
hd_status hd_study_read(hd_arena *arena, const hd_node *root, const hd_solver *solver, const hd_table *tables, int count,
                        hd_notes *notes, hd_study_spec *spec);

#endif
