/* The predecessor's scenario files: a base and a scenario, deep-merged, in YAML (README.md has the table of keys).
 *
 * arz_read.c reads the two files into one tree and finds keys that nobody knows; arz_write.c writes a heddle scenario from
 * the tree. Errors carry the file, line and column of the predecessor's value.
 */
#ifndef TRAFFIC_ARZ_H
#define TRAFFIC_ARZ_H

#include "io/node.h"
#include "io/notes.h"
#include "solvers/traffic/traffic.h"

typedef enum arz_units { ARZ_SI, ARZ_VEH_KM } arz_units;

/* `import: {arz: FILE}` or `{arz: {base, scenario, section, inflow_units, ignore}}` */
typedef struct arz_options {
  const char *base, *scenario, *section; /* base, section: NULL if not given */
  int         inflow_units;              /* arz_units */
  hd_items    ignore;                    /* const char *: dotted paths of keys */
  int         compat;                    /* traffic_compat, of the scenario that imports */
} arz_options;
extern const hd_param arz_params[];

hd_status arz_import(const void *options, hd_text *yaml, hd_notes *notes); /* hd_format.read */

/* ---- between the two files ------------------------------------------------------------------------------------------- */

typedef struct arz {
  hd_ctx            *ctx;
  hd_arena          *arena; /* of the notes: errors keep pointing into the files */
  hd_notes          *notes;
  const arz_options *options;
  hd_node           *root; /* merged */
  bool               based; /* there was a base file */
  bool               compat;
  hd_status         *status; /* the first failure of memory or files; HD_OK */
  const char        *folder; /* of the scenario */
} arz;

/* Reads, merges, looks for unknown keys. */
hd_status arz_read(arz *a);

/* Remembers a failure of memory or files; true: there was none. What is wrong in the input is noted instead. */
bool arz_right(const arz *a, hd_status status);

/* Notes at a node of the merged tree. */
void arz_wrong(const arz *a, const hd_node *at, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);
void arz_warn(const arz *a, const hd_node *at, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);

/* A value by its dotted path; NULL if it is not there, null, or in import.arz.ignore. */
const hd_node *arz_find(const arz *a, const char *path);

/* Numbers by the YAML 1.2 core schema; false after a note. */
bool arz_number(const arz *a, const hd_node *node, double *value);
bool arz_whole(const arz *a, const hd_node *node, int64_t *value);
/* A text that is one whole number. */
bool arz_whole_text(const char *first, const char *last, int64_t *value);
/* A scalar's text, "" if it is none. Names of kinds do not mind capitals. */
const char *arz_text(const hd_node *node);
bool        arz_is(const char *text, const char *name);

/* ---- writing: arz_write.c, arz_road.c, arz_states.c ------------------------------------------------------------------- */

typedef struct arz_writer {
  arz      a;
  hd_text *out;
  double   jam;        /* veh/m; NaN: not known */
  double   start, end; /* of the road, m */
  int64_t  cells;
  int64_t  category; /* of the whole road; 0: it varies */
} arz_writer;

void arz_put_number(arz_writer *w, double value, const char *unit); /* unit NULL: none */
/* "key: VALUE unit" behind `before`, from a number that may be absent; false: it is. */
bool arz_put_key(arz_writer *w, const char *before, const char *path, const char *key, const char *unit);
/* The first of two places that is there; both with different numbers are a conflict. */
const hd_node *arz_either(arz_writer *w, const char *first, const char *second);
void           arz_required(arz_writer *w, const hd_node *node, const char *what); /* an error if it is not there */

void arz_road(arz_writer *w);
void arz_initial(arz_writer *w);
void arz_boundary(arz_writer *w);

#endif
